//! Versions of the terms and of the specification with their text, on both databases: what an award cites, that a text is
//! kept once, who is reminded.

use jiff::civil::{Date, date};
use placewell_app::homes::home::paper::KeepPaper;
use placewell_app::office::document::Brought;
use placewell_app::power::arrangement::{
    AcceptTermsAsProvider, DecideOwn, IssueTerms, KeepTermsText, RemindTerms, TermsText,
};
use placewell_app::{Answer, Outcome};
use placewell_domain::homes::home::paper::{Audience, PaperKind, PaperTerms};
use placewell_domain::nights::plus_days;
use placewell_domain::power::arrangement::{Instrument, OwnDecision};

use super::code;
use super::outliving::{AMPLE, awarded, lead, manager, terms, with_arrangement};
use super::world::{REGION, World, both_made, director, officer};

const TEXT: &[u8] = b"%PDF-1.7 invented specification";

fn issue(version: i64, number: &str, from: Date) -> IssueTerms {
    IssueTerms {
        slug: "fca".into(),
        version,
        of: Instrument::Specification,
        terms: terms(number, from),
        text: Brought::checked("specification.pdf", TEXT.to_vec()).unwrap(),
    }
}

fn accept(of: Instrument, number: &str) -> AcceptTermsAsProvider {
    AcceptTermsAsProvider {
        slug: "fca".into(),
        of,
        terms: number.into(),
        name: "Jo Smith".into(),
        role: "Director".into(),
        has_authority: true,
    }
}

async fn cited(world: &World, number: u32) -> (String, String) {
    let terms = awarded(world, number).await.terms;
    (terms.terms_version, terms.specification_version)
}

fn pair(terms: &str, specification: &str) -> (String, String) {
    (terms.to_owned(), specification.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_2_an_award_cites_the_terms_and_the_specification_that_both_sides_accepted() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        let slash = world.app.perform(&lead(), "slash", issue(1, "1/0", date(2021, 9, 2))).await;
        assert!(matches!(slash, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "terms"));
        let officers = world.app.perform(&officer(), "officer", issue(1, "1.0", date(2021, 9, 2))).await;
        assert!(matches!(officers, Err(Outcome::Forbidden(_))));
        world.app.perform(&lead(), "issue", issue(1, "1.0", date(2021, 9, 2))).await.unwrap();
        assert_eq!(cited(&world, 1).await, pair("1.0", ""), "nobody has accepted the specification");

        let decision = OwnDecision::accept(Instrument::Specification, "1.0".into());
        let own = DecideOwn { slug: "fca".into(), decision: decision.clone() };
        world.app.perform(&director(), "own", own).await.unwrap();
        assert_eq!(cited(&world, 2).await, pair("1.0", ""), "the provider has not accepted it");
        let unknown = world.app.perform(&manager(), "none", accept(Instrument::Specification, "1.1")).await;
        assert_eq!(code(unknown), "no_such_terms", "1.1 is a version of the terms");
        world.app.perform(&manager(), "yes", accept(Instrument::Specification, "1.0")).await.unwrap();
        let again = world.app.perform(&manager(), "again", accept(Instrument::Specification, "1.0")).await;
        assert_eq!(code(again), "accepted_already");
        assert_eq!(cited(&world, 3).await, pair("1.0", "1.0"));

        world.app.perform(&lead(), "newer", issue(2, "1.1", date(2021, 9, 3))).await.unwrap();
        assert_eq!(cited(&world, 4).await, pair("1.0", "1.0"), "a later issue changes nothing until both accept it");
        let found = world.app.variation(Some(&lead()), "fca", (Instrument::Specification, "1.0")).await.unwrap();
        let (lines, waiting) = found.acceptance.unwrap();
        assert_eq!((lines.len(), waiting.authorities.len(), waiting.providers.len()), (2, 0, 0));
        let own = world.app.variation(Some(&manager()), "fca", (Instrument::Specification, "1.1")).await.unwrap();
        assert_eq!((own.bound, own.acceptance), (Some(false), None), "who has not signed is the region's to read");
        assert!(world.app.store.verify().await.unwrap().faults.is_empty());
    })
    .await;
}

/// The text of a version as a visitor reads it.
async fn read(world: &World, of: Instrument, version: &str) -> Answer<(TermsText, Vec<u8>)> {
    world.app.variation_text("fca", (of, version)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_of_a_version_is_kept_once_and_read_by_everybody() {
    both_made(1, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        world.app.perform(&lead(), "issue", issue(1, "1.0", date(2021, 9, 2))).await.unwrap();
        assert_eq!(read(&world, Instrument::Specification, "1.0").await.unwrap().1, TEXT);
        assert!(matches!(read(&world, Instrument::Terms, "1.0").await, Err(Outcome::NotFound)), "another document");
        let keep = |of, text: &[u8]| KeepTermsText {
            slug: "fca".into(),
            of,
            terms: "1.0".into(),
            text: Brought::checked("terms.pdf", text.to_vec()).unwrap(),
        };
        let other = keep(Instrument::Specification, b"%PDF-1.7 other words");
        assert_eq!(code(world.app.perform(&lead(), "other", other).await), "terms_text_kept");
        assert_eq!(read(&world, Instrument::Specification, "1.0").await.unwrap().1, TEXT);
        let provider = world.app.perform(&manager(), "provider", keep(Instrument::Terms, TEXT)).await;
        assert!(matches!(provider, Err(Outcome::Forbidden(_))));
        world.app.perform(&lead(), "first", keep(Instrument::Terms, TEXT)).await.unwrap();
        assert_eq!(read(&world, Instrument::Terms, "1.0").await.unwrap().0.bytes, 31);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_accepted_a_version_is_reminded_once_a_day_and_who_has_is_not() {
    both_made(1, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        world.app.perform(&lead(), "issue", issue(1, "1.0", date(2021, 9, 2))).await.unwrap();
        world.app.perform(&manager(), "yes", accept(Instrument::Specification, "1.0")).await.unwrap();
        let remind = || RemindTerms { slug: "fca".into(), of: Instrument::Specification, terms: "1.0".into() };
        world.app.perform(&lead(), "remind", remind()).await.unwrap();
        let mails = world.app.store.read(Some(REGION)).await.unwrap().mails(REGION, 100).await.unwrap();
        let about = |path: &str| {
            let waits = |mail: &&placewell_store::office::message::Mail| {
                mail.subject.contains("waits for your acceptance") && mail.body.ends_with(path)
            };
            mails.iter().filter(waits).count()
        };
        assert_eq!(about("/provider/arrangement"), 0, "the provider has accepted it");
        assert!(about("/arrangement/own") > 0, "the authority has not: {mails:?}");
        assert_eq!(code(world.app.perform(&lead(), "twice", remind()).await), "reminded_today");
        let own =
            DecideOwn { slug: "fca".into(), decision: OwnDecision::accept(Instrument::Specification, "1.0".into()) };
        world.app.perform(&director(), "own", own).await.unwrap();
        assert_eq!(code(world.app.perform(&lead(), "nobody", remind()).await), "nobody_to_remind");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_is_told_of_a_document_that_lapses_60_30_and_7_days_before_once_each() {
    both_made(1, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        let until = plus_days(world.app.calendar.now().today(), 60);
        let keep = |reference: &str, until: Date| KeepPaper {
            urn: None,
            kind: PaperKind::FireSafety,
            reference: reference.into(),
            terms: PaperTerms { from: date(2021, 4, 1), expires_on: Some(until), audience: Audience::Region },
            brought: None,
        };
        world.app.perform(&manager(), "soon", keep("F-1", until)).await.unwrap();
        world.app.perform(&manager(), "later", keep("F-2", plus_days(until, 60))).await.unwrap();
        let told = async || {
            world.app.leave_timers().await.unwrap();
            world.app.do_due_jobs().await.unwrap();
            let mails = world.app.store.read(Some(REGION)).await.unwrap().mails(REGION, 100).await.unwrap();
            mails.iter().filter(|mail| mail.subject == "Fire risk assessment: a document lapses soon").count()
        };
        for (days, mails) in [(0, 1), (1, 1), (30, 2), (52, 2), (53, 3), (59, 3), (60, 4)] {
            world.app.calendar.move_to(plus_days(plus_days(until, -60), days).at(9, 0, 0, 0));
            assert_eq!((told().await, told().await), (mails, mails), "{days} days later");
        }
    })
    .await;
}
