//! Questions of standing at a past day, a single lot, and what a file of Ofsted's raises: alerts, folded duplicates,
//! measures by rule.

mod again;
mod coming;
mod hours;
mod lapsed;
mod milder;
mod order;
mod past;
mod three_years;

use jiff::civil::{Date, date};
use placewell_app::clock::{Machine, moment_of};
use placewell_app::homes::admission::AdmitHome;
use placewell_app::homes::home::alert::{AcknowledgeAlert, FinishAlert};
use placewell_app::homes::home::voice::SayOfHome;
use placewell_app::homes::standing::register::{Accounted, bring_in};
use placewell_app::homes::standing::{About, AdmitProvider, DropMeasure, ProposeMeasure, Reinstate};
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::homes::home::alert::AlertKind;
use placewell_domain::homes::home::named::{Manager, ToldBy};
use placewell_domain::homes::home::paper::{Audience, Paper, PaperKind, PaperState};
use placewell_domain::homes::home::voice::{HomeFact, Said, Speaker};
use placewell_domain::homes::standing::measure::{DropReason, Reinstatement};
use placewell_domain::homes::standing::scorecard::{Criterion, Effect};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason};
use placewell_domain::id::{OrganisationId, PaperId, PersonId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_exchange::homes::home::read;
use placewell_testkit::databases::both;

use super::admission::{BEGAN, Given, before_record, given};

pub const LATER: &str = "URN,Provision type,Registration status,Government Office Region,Local authority,Sector,Places,Organisation,Event type,Inspection date,Publication date,Overall experiences and progress of children and young people\n\
    SC400001,Children's home,Active,West Midlands,Herefordshire,Private,2,Elm Care,Full inspection,02/08/2021,01/09/2021,Inadequate\n\
    SC400003,Children's home,Active,West Midlands,Shropshire,Private,4,Beech Care,,,,\n\
    SC400004,Children's home,Active,West Midlands,Dudley,Private,4,Ash Care,,,,\n";

pub async fn file(given: &Given, text: &str, as_at: Date) -> Accounted {
    let mut work = given.app.store.begin(given.lead.organisation, given.app.calendar.now()).await.unwrap();
    let mut read = read(text.as_bytes(), "West Midlands");
    let accounted = bring_in(&mut work, &mut read, as_at).await.unwrap();
    assert_eq!(read.summary.errors, []);
    let changes = read.summary.changes.as_ref().map_or(0, |changes| changes.each.len());
    assert_eq!(accounted.alerts, changes, "every change is an alert");
    work.commit(Machine::now()).await.unwrap();
    accounted
}

pub fn suspension(about: About, lot: Option<&str>) -> ProposeMeasure {
    ProposeMeasure {
        about,
        lot: lot.map(str::to_owned),
        standing: Standing::Suspended,
        reason: StandingReason::Safeguarding,
        link: Some("https://reports.ofsted.gov.uk/provider/4/SC400001".into()),
        elsewhere: None,
        dated: date(2021, 9, 13),
    }
}

fn wrong(answer: Answer<Receipt>) -> Vec<String> {
    match answer {
        Err(Outcome::Invalid(invalid)) => invalid.errors.into_iter().map(|one| one.field).collect(),
        other => panic!("not invalid: {other:?}"),
    }
}

pub async fn confirm(given: &Given, location: &str) -> i64 {
    let id = location.rsplit('/').next().unwrap().parse().unwrap();
    given.app.do_due_jobs().await.unwrap();
    let page = given.app.region_measure(&given.lead, id).await.unwrap();
    let with = (id, page.measure.version, page.seen());
    given.app.confirm_measure(&given.lead, &format!("confirm {id}"), with).await.unwrap();
    given.app.homes.forget().await;
    id
}

#[tokio::test]
async fn rule_4_4_was_this_home_eligible_when_the_award_was_made_is_answered_from_two_times() {
    both(async |database| {
        let given = given(&database).await;
        given
            .perform(AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) })
            .await
            .unwrap();
        given.perform(AdmitHome { urn: "SC400001".into(), lot: "planned".into(), from: BEGAN }).await.unwrap();
        let award = date(2021, 9, 13).at(11, 0, 0, 0);
        given.app.calendar.move_to(date(2021, 9, 13).at(12, 0, 0, 0));
        let receipt = given.perform(suspension(About::Home("SC400001".into()), None)).await.unwrap();
        confirm(&given, &receipt.location).await;
        let asked = async |known| {
            let day = (date(2021, 9, 13), known);
            given.app.eligibility(&given.lead, "SC400001", day).await.unwrap().1
        };
        let then = asked(Some(award)).await;
        assert!(then.eligible, "{:?}", then.against);
        let now = asked(None).await;
        assert!(!now.eligible && now.flags.suspension.is_some(), "{:?}", now.against);
        let after = asked(Some(date(2021, 9, 13).at(12, 0, 0, 0))).await;
        assert!(!after.eligible, "what was recorded at noon was known at noon");
        let ahead =
            given.app.eligibility(&given.lead, "SC400001", (date(2021, 9, 13), Some(date(2022, 1, 1).at(0, 0, 0, 0))));
        assert!(ahead.await.is_err());
    })
    .await;
}

/// The register of a day, in which SC400001 has this status.
fn register_with(status: &str) -> String {
    format!(
        "URN,Provision type,Registration status,Government Office Region,Local authority,Sector,Places,Organisation\n\
         SC400001,Children's home,{status},West Midlands,Herefordshire,Private,2,Elm Care\n\
         SC400002,Children's home,Active,West Midlands,Shropshire,Private,3,Elm Care\n\
         SC400003,Children's home,Active,West Midlands,Shropshire,Private,3,Ash Care\n"
    )
}

#[tokio::test]
async fn rule_4_4_a_registration_that_was_suspended_and_is_active_again_is_answered_from_two_times() {
    both(async |database| {
        let given = given(&database).await;
        given
            .perform(AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) })
            .await
            .unwrap();
        given.perform(AdmitHome { urn: "SC400001".into(), lot: "planned".into(), from: BEGAN }).await.unwrap();
        let bring = async |status: &str, as_at: Date| {
            let mut work = given.app.store.begin(given.lead.organisation, given.app.calendar.now()).await.unwrap();
            let mut read = read(register_with(status).as_bytes(), "West Midlands");
            bring_in(&mut work, &mut read, as_at).await.unwrap();
            assert_eq!(read.summary.errors, []);
            work.commit(Machine::now()).await.unwrap();
        };
        // The files of 1 October and 1 November come in on the 10th of their months.
        for (status, month) in [("Suspended", 10), ("Active", 11)] {
            given.app.calendar.move_to(date(2021, month, 10).at(12, 0, 0, 0));
            bring(status, date(2021, month, 1)).await;
        }
        let asked = async |day, known: Option<Date>| {
            let known = known.map(|day| day.at(9, 0, 0, 0));
            given.app.eligibility(&given.lead, "SC400001", (day, known)).await.unwrap().1.against
        };
        let day = date(2021, 10, 15);
        let held = "Hold: new referrals waited since 2021-10-10 12:00 for a person to confirm or drop what was proposed: \
                    registration cancelled or suspended.";
        let suspended = ["Registration: Suspended by Ofsted, seen 2021-10-01.", held];
        assert_eq!(asked(day, None).await, suspended, "by all that is known now");
        assert_eq!(asked(day, Some(date(2021, 11, 9))).await, suspended, "by the first file alone");
        assert_eq!(asked(date(2021, 11, 5), Some(date(2021, 11, 9))).await, suspended, "the second had not come yet");
        assert_eq!(asked(day, Some(date(2021, 10, 9))).await, [] as [&str; 0], "before the file that told it");
        assert_eq!(asked(date(2021, 9, 30), None).await, [] as [&str; 0]);
        assert_eq!(asked(date(2021, 11, 10), None).await, [held], "today it is active again, and what was proposed waits");
        let unheard = asked(day, Some(date(2021, 9, 1))).await;
        assert!(unheard.contains(&"Registration: nothing was known of it then.".to_owned()), "{unheard:?}");
        // The same file again says nothing new.
        bring("Active", date(2021, 11, 1)).await;
        let page = given.app.home_page(&given.lead, "SC400001").await.unwrap();
        let lines: Vec<_> = page.registration.iter().map(|one| (one.fact.state.code(), one.fact.since())).collect();
        let (october, november) = (date(2021, 10, 1), date(2021, 11, 1));
        assert_eq!(lines, [("registered", Some(november)), ("suspended", Some(october)), ("registered", None)]);
        let told = page.registration[1].told_at;
        assert_eq!(told, Some(moment_of(date(2021, 10, 10).at(12, 0, 0, 0)).at), "known since the file came in");
    })
    .await;
}

#[tokio::test]
async fn a_proposed_suspension_holds_searches_and_one_of_a_lot_stops_only_that_lot() {
    both(async |database| {
        let given = given(&database).await;
        given
            .perform(AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) })
            .await
            .unwrap();
        for lot in ["planned", "crisis"] {
            given.perform(AdmitHome { urn: "SC400001".into(), lot: lot.into(), from: BEGAN }).await.unwrap();
        }
        let index = async || given.app.homes(&given.lead).await.unwrap();
        let lots = async || {
            let index = index().await;
            let id = given.app.home_page(&given.lead, "SC400001").await.unwrap().facts.home.id;
            let facts = index.home(index.row(id).unwrap()).unwrap().clone();
            (facts.standing, facts.lots.iter().map(|one| one.lot.clone()).collect::<Vec<_>>())
        };
        let receipt = given.perform(suspension(About::Home("SC400001".into()), Some("crisis"))).await.unwrap();
        assert_eq!(lots().await, (Standing::Good, vec!["planned".to_owned()]), "held on the one lot");
        let provider = given.app.home_page(&given.lead, "SC400001").await.unwrap().facts.home.provider;
        let own = Actor { organisation: provider, role: Role::ProviderManager, ..given.lead.clone() };
        let gates = given.app.own_gates(&own, "SC400001").await.unwrap().1;
        assert!(gates[0].found.contains(" on lot Lot crisis: "), "as the arrangement says: {}", gates[0].found);
        confirm(&given, &receipt.location).await;
        assert_eq!(lots().await, (Standing::Good, vec!["planned".to_owned()]));
        given.perform(suspension(About::Provider("elm-care".into()), None)).await.unwrap();
        assert_eq!(lots().await.0, Standing::Suspended, "held as if suspended");
        let page = given.app.home_page(&given.lead, "SC400001").await.unwrap();
        assert_eq!(page.facts.standing, Standing::Good, "nothing is recorded of it yet");
        let lots: Vec<_> = page.facts.lots.iter().map(|one| one.lot.as_str()).collect();
        assert_eq!(lots, ["planned"], "the page leaves the lot out as searches do");
        assert_eq!(page.held.iter().map(|one| one.lot.clone()).collect::<Vec<_>>(), [None], "and says what holds it");
    })
    .await;
}

#[tokio::test]
async fn each_of_two_measures_ends_on_its_own_evidence_and_the_worst_that_remains_is_what_stands() {
    both(async |database| {
        let given = given(&database).await;
        given
            .perform(AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) })
            .await
            .unwrap();
        let about = |reason, standing, lot: Option<&str>| ProposeMeasure {
            reason,
            standing,
            ..suspension(About::Home("SC400001".into()), lot)
        };
        let end = async |id: i64, evidence| {
            let link = Some("https://reports.ofsted.gov.uk/again".to_owned());
            given.perform(Reinstate { measure: id, version: 2, evidence, link }).await.unwrap();
        };
        let stands = async || given.app.home_page(&given.lead, "SC400001").await.unwrap().facts.standing;
        let mut ids = Vec::new();
        for (reason, standing) in [
            (StandingReason::Inadequate, Standing::Suspended),
            (StandingReason::Safeguarding, Standing::Removed),
            (StandingReason::Responses, Standing::OnWatch),
        ] {
            let receipt = given.perform(about(reason, standing, None)).await.unwrap();
            ids.push(confirm(&given, &receipt.location).await);
        }
        assert_eq!(stands().await, Standing::Removed, "the milder watch, confirmed last, lifts nothing");
        let page = given.app.region_measure(&given.lead, ids[0]).await.unwrap();
        assert_eq!(page.beside.iter().map(|one| one.id.0).collect::<Vec<_>>(), [ids[1]]);
        end(ids[1], Reinstatement::EnquiryClosed).await;
        assert_eq!(stands().await, Standing::Suspended);
        end(ids[0], Reinstatement::Reinspected).await;
        assert_eq!(stands().await, Standing::OnWatch);
        end(ids[2], Reinstatement::AnswersInTime).await;
        assert_eq!(stands().await, Standing::Good);
        // The same of one lot, where the home's own measure and its provider's meet.
        let own = given.perform(about(StandingReason::Inadequate, Standing::Suspended, Some("crisis"))).await.unwrap();
        let own = confirm(&given, &own.location).await;
        let all = ProposeMeasure {
            standing: Standing::OnWatch,
            ..suspension(About::Provider("elm-care".into()), Some("crisis"))
        };
        let receipt = given.perform(all).await.unwrap();
        confirm(&given, &receipt.location).await;
        let on_lot = async || {
            let session = given.app.store.read(Some(given.lead.organisation)).await.unwrap();
            let home = session.home_by_urn(&"SC400001".parse().unwrap()).await.unwrap();
            let facts = session.lot_facts().await.unwrap();
            facts.into_iter().find(|one| one.home == home.id && one.until > date(2021, 9, 14)).unwrap().standing
        };
        assert_eq!(on_lot().await, Standing::Suspended);
        end(own, Reinstatement::Reinspected).await;
        assert_eq!(on_lot().await, Standing::OnWatch);
    })
    .await;
}

/// Insurance of a provider with this last day, as the provider keeps it.
async fn insured(given: &Given, provider: OrganisationId, expires_on: Date) {
    insured_from(given, provider, (date(2020, 9, 13), expires_on)).await;
}

/// The same from a day on.
async fn insured_from(given: &Given, provider: OrganisationId, (from, expires_on): (Date, Date)) {
    let mut work = given.app.store.begin(provider, given.app.calendar.now()).await.unwrap();
    let paper = Paper {
        id: PaperId(work.new_id()),
        version: 1,
        provider,
        home: None,
        kind: PaperKind::InsurancePublic,
        reference: format!("PL-{expires_on}"),
        from,
        since: None,
        expires_on: Some(expires_on),
        audience: Audience::Members,
        state: PaperState::Held,
    };
    work.apply(Paper::keep(paper)).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

#[tokio::test]
async fn insurance_that_ends_by_a_document_or_by_the_regions_record_is_told_ahead_alike_and_once() {
    both(async |database| {
        let given = given(&database).await;
        for provider in ["elm-care", "ash-care"] {
            let admit = AdmitProvider { provider: provider.into(), from: BEGAN, exception: Some(before_record()) };
            given.perform(admit).await.unwrap();
        }
        let region = given.lead.organisation;
        let session = given.app.store.read(Some(region)).await.unwrap();
        let elm = session.organisation_by_code("elm-care").await.unwrap().id;
        let ash = session.organisation_by_code("ash-care").await.unwrap().id;
        drop(session);
        let work = given.app.store.begin(ash, given.app.calendar.now()).await.unwrap();
        work.add_person(PersonId(801), "manager@ash.example", "Someone", None).await.unwrap();
        work.add_membership(PersonId(801), Role::ProviderManager, "Manager", BEGAN, OPEN_END).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        // The one keeps a document whose last day is 1 October; of the other the region recorded the same end by hand.
        insured(&given, elm, date(2021, 10, 1)).await;
        let mut work = given.app.store.begin(region, given.app.calendar.now()).await.unwrap();
        let by_hand = StandingFact {
            standing: Standing::Suspended,
            reason: StandingReason::InsuranceLapsed,
            ..StandingFact::admitted(ash, date(2021, 10, 2))
        };
        work.record_standing(&by_hand).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let told = async |day: Date| {
            given.app.calendar.move_to(day.at(9, 0, 0, 0));
            for _ in 0..2 {
                given.app.leave_timers().await.unwrap();
                given.app.do_due_jobs().await.unwrap();
            }
            let mails = given.app.store.read(Some(region)).await.unwrap().mails(region, 500).await.unwrap();
            let count = |what: &str| mails.iter().filter(|mail| mail.subject.contains(what)).count();
            [
                count("Elm Care: insurance runs out"),
                count("Ash Care: insurance runs out"),
                count("The regional team records an end"),
                count("a check done regionally has lapsed"),
            ]
        };
        assert_eq!(told(date(2021, 9, 14)).await, [1, 1, 1, 0], "within 30 days, once, and the provider of the record");
        insured(&given, elm, date(2022, 10, 1)).await;
        assert_eq!(told(date(2021, 9, 27)).await, [1, 2, 2, 0], "a renewed document runs out no more");
        assert_eq!(told(date(2021, 10, 2)).await, [1, 2, 2, 1], "and the one without is told to have lapsed");
    })
    .await;
}

#[tokio::test]
async fn the_region_is_told_60_30_and_7_days_before_insurance_runs_out_and_it_waits_until_it_is_renewed() {
    both(async |database| {
        let given = given(&database).await;
        let admit = AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(admit).await.unwrap();
        let elm = given.app.region_provider(&given.lead, "elm-care").await.unwrap().provider.id;
        let (region, last) = (given.lead.organisation, date(2021, 12, 1));
        insured(&given, elm, last).await;
        let on = async |day: Date| {
            given.app.calendar.move_to(day.at(9, 0, 0, 0));
            for _ in 0..2 {
                given.app.leave_timers().await.unwrap();
                given.app.do_due_jobs().await.unwrap();
            }
            let mails = given.app.store.read(Some(region)).await.unwrap().mails(region, 500).await.unwrap();
            let told = mails.iter().filter(|mail| mail.subject == "Elm Care: insurance runs out").count();
            let waits = given.app.owed(&given.lead).await.unwrap();
            let waits = waits.iter().any(|one| one.what == "Its insurance runs out" && one.due == last);
            (told, waits)
        };
        assert_eq!(on(date(2021, 10, 2)).await, (0, false), "61 days before the first day without it");
        assert_eq!(on(date(2021, 10, 3)).await, (1, true), "60 days");
        assert_eq!(on(date(2021, 11, 1)).await, (1, true), "once for the step");
        assert_eq!(on(date(2021, 11, 2)).await, (2, true), "30 days");
        assert_eq!(on(date(2021, 11, 25)).await, (3, true), "7 days");
        insured(&given, elm, date(2022, 12, 1)).await;
        assert_eq!(on(date(2021, 11, 26)).await, (3, false), "renewed");
    })
    .await;
}

#[tokio::test]
async fn insurance_of_each_of_two_providers_waits_for_the_lead_until_its_own_last_day() {
    both(async |database| {
        let given = given(&database).await;
        for (code, last) in [("elm-care", date(2021, 10, 20)), ("ash-care", date(2021, 10, 1))] {
            let admit = AdmitProvider { provider: code.into(), from: BEGAN, exception: Some(before_record()) };
            given.perform(admit).await.unwrap();
            let provider = given.app.region_provider(&given.lead, code).await.unwrap().provider.id;
            insured(&given, provider, last).await;
        }
        let waits = async || {
            let all = given.app.owed(&given.lead).await.unwrap();
            let ends = all.into_iter().filter(|one| one.what == "Its insurance runs out");
            ends.map(|one| (one.about, one.due, one.path)).collect::<Vec<_>>()
        };
        let line = |name: &str, code: &str, last| (name.to_owned(), last, format!("/region/providers/{code}"));
        let elm = line("Elm Care", "elm-care", date(2021, 10, 20));
        assert_eq!(waits().await, [line("Ash Care", "ash-care", date(2021, 10, 1)), elm.clone()]);
        given.app.calendar.move_to(date(2021, 10, 2).at(9, 0, 0, 0));
        assert_eq!(waits().await, [elm], "what has ended runs out no more: a measure follows");
    })
    .await;
}

#[tokio::test]
async fn the_calendar_proposes_once_where_insurance_has_lapsed_or_no_manager_is_in_post() {
    both(async |database| {
        let given = given(&database).await;
        let id = async |code: &str| given.app.region_provider(&given.lead, code).await.unwrap().provider.id;
        let (elm, ash) = (id("elm-care").await, id("ash-care").await);
        let proposed = async || {
            given.app.propose_by_calendar().await.unwrap();
            let all = given.app.region_measures(&given.lead).await.unwrap();
            all.into_iter().map(|one| (one.provider, one.reason, one.standing)).collect::<Vec<_>>()
        };
        insured(&given, elm, date(2021, 9, 12)).await;
        assert_eq!(proposed().await, [], "a provider outside the arrangement");
        for provider in ["elm-care", "ash-care"] {
            given
                .perform(AdmitProvider { provider: provider.into(), from: BEGAN, exception: Some(before_record()) })
                .await
                .unwrap();
        }
        insured(&given, ash, date(2021, 9, 13)).await;
        let lapsed = (elm, StandingReason::InsuranceLapsed, Standing::Suspended);
        assert_eq!(proposed().await, [lapsed], "the other holds on its last day");
        assert_eq!(proposed().await, [lapsed], "once");
        given.app.calendar.move_to(date(2021, 9, 16).at(10, 20, 0, 0));
        let of_ash = (ash, StandingReason::InsuranceLapsed, Standing::Suspended);
        assert_eq!(proposed().await, [of_ash, lapsed], "found as well when nobody looked for days");
        let say = |urn: &str, value: &str, day| SayOfHome {
            urn: urn.into(),
            fact: HomeFact::Manager,
            value: value.into(),
            seen_on: date(2021, 9, day),
            link: None,
        };
        for said in [say("SC400001", "no", 6), say("SC400003", "no", 6), say("SC400003", "yes", 8)] {
            given.perform(said).await.unwrap();
        }
        let vacant = (elm, StandingReason::ManagerVacancy, Standing::OnWatch);
        assert_eq!(proposed().await, [vacant, of_ash, lapsed], "one has a manager again");
        assert_eq!(proposed().await.len(), 3);
        for said in [say("SC400002", "no", 14), say("SC400003", "no", 15)] {
            given.perform(said).await.unwrap();
        }
        let of_ash_too = (ash, StandingReason::ManagerVacancy, Standing::OnWatch);
        assert_eq!(proposed().await, [of_ash_too, vacant, vacant, of_ash, lapsed], "of each home, whoever keeps it");
        assert_eq!(proposed().await.len(), 5, "once each");
    })
    .await;
}

#[tokio::test]
async fn a_scorecard_says_that_insurance_ended_and_nobody_is_in_post_though_the_measures_wait_or_were_dropped() {
    both(async |database| {
        let given = given(&database).await;
        let admit = AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(admit).await.unwrap();
        let elm = given.app.region_provider(&given.lead, "elm-care").await.unwrap().provider.id;
        let lines = async || {
            let lines = given.app.scorecard(&given.lead, "SC400001").await.unwrap().lines;
            let of = |criterion: Criterion| lines.iter().find(|one| one.criterion == criterion).unwrap().clone();
            let (insurance, manager) = (of(Criterion::Insurance), of(Criterion::Manager));
            ((insurance.effect, insurance.found), (manager.effect, manager.found))
        };
        let insured_well = (Effect::Nothing, "No lapse is recorded.".to_owned());
        assert_eq!(lines().await, (insured_well.clone(), (Effect::Nothing, "No vacancy is recorded.".to_owned())));
        insured(&given, elm, date(2021, 9, 12)).await;
        let (urn, value, seen_on) = ("SC400001".to_owned(), "no".to_owned(), date(2021, 9, 6));
        given.perform(SayOfHome { urn, fact: HomeFact::Manager, value, seen_on, link: None }).await.unwrap();
        given.app.propose_by_calendar().await.unwrap();
        let lapsed = (Effect::Warns, "Not insured since 2021-09-13.".to_owned());
        let vacant = (Effect::Warns, "Nobody is in post, seen 2021-09-06.".to_owned());
        assert_eq!(lines().await, (lapsed.clone(), vacant.clone()), "the measures wait");
        let waiting = given.app.region_measures(&given.lead).await.unwrap();
        assert_eq!(waiting.len(), 2);
        for one in waiting {
            let reason = DropReason::NotProportionate;
            given.perform(DropMeasure { measure: one.id.0, version: one.version, reason }).await.unwrap();
        }
        assert_eq!(lines().await, (lapsed, vacant.clone()), "they were dropped");
        insured(&given, elm, date(2022, 9, 12)).await;
        assert_eq!(lines().await, (insured_well, vacant), "renewed");
    })
    .await;
}

#[tokio::test]
async fn a_home_whose_provider_records_that_nobody_is_in_post_is_to_be_watched_unless_another_voice_says_somebody_is() {
    both(async |database| {
        let given = given(&database).await;
        let elm = given.app.region_provider(&given.lead, "elm-care").await.unwrap().provider.id;
        let recorded = async |name: Option<&str>, day: i8| {
            let work = given.app.store.begin(elm, given.app.calendar.now()).await.unwrap();
            let home = work.home_by_urn(&"SC400001".parse().unwrap()).await.unwrap().id;
            let day = date(2021, 9, day);
            let manager = Manager { name: name.map(str::to_owned), from: day, on: day, told: ToldBy::Provider };
            work.record_manager(home, &manager).await.unwrap();
            work.commit(Machine::now()).await.unwrap();
        };
        let found = async |value: &str, day: i8| {
            let (urn, value, seen_on) = ("SC400001".to_owned(), value.to_owned(), date(2021, 9, day));
            given.perform(SayOfHome { urn, fact: HomeFact::Manager, value, seen_on, link: None }).await.unwrap();
        };
        let proposed = async || {
            given.app.propose_by_calendar().await.unwrap();
            let all = given.app.region_measures(&given.lead).await.unwrap();
            all.into_iter().map(|one| (one.provider, one.reason, one.standing)).collect::<Vec<_>>()
        };
        recorded(Some("Asha Patel"), 1).await;
        assert_eq!(proposed().await, [], "somebody is in post");
        recorded(None, 6).await;
        found("yes", 7).await;
        assert_eq!(proposed().await, [], "the two differ: a person looks");
        let differing = async || given.app.differing_homes(&given.lead).await.unwrap().len();
        assert_eq!(differing().await, 1);
        found("no", 8).await;
        assert_eq!(differing().await, 0);
        let vacant = (elm, StandingReason::ManagerVacancy, Standing::OnWatch);
        assert_eq!(proposed().await, [vacant]);
        assert_eq!(proposed().await, [vacant], "once");
    })
    .await;
}

#[tokio::test]
async fn what_a_provider_recorded_of_its_manager_answers_nobody_who_has_looked_since() {
    both(async |database| {
        let given = given(&database).await;
        let elm = given.app.region_provider(&given.lead, "elm-care").await.unwrap().provider.id;
        let work = given.app.store.begin(elm, given.app.calendar.now()).await.unwrap();
        let home = work.home_by_urn(&"SC400001".parse().unwrap()).await.unwrap().id;
        let day = date(2021, 3, 1);
        let manager = Manager { name: Some("Asha Patel".to_owned()), from: day, on: day, told: ToldBy::Provider };
        work.record_manager(home, &manager).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let found = SayOfHome {
            urn: "SC400001".to_owned(),
            fact: HomeFact::Manager,
            value: "no".to_owned(),
            seen_on: date(2021, 9, 6),
            link: None,
        };
        given.perform(found).await.unwrap();
        given.app.propose_by_calendar().await.unwrap();
        let all = given.app.region_measures(&given.lead).await.unwrap();
        assert_eq!(all.iter().map(|one| one.reason).collect::<Vec<_>>(), [StandingReason::ManagerVacancy]);
    })
    .await;
}

#[tokio::test]
async fn a_register_file_raises_an_alert_for_every_change_and_proposes_what_a_rule_says() {
    both(async |database| {
        let given = given(&database).await;
        let found = file(&given, LATER, date(2021, 9, 10)).await;
        let alerts = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap();
        let mut kinds: Vec<AlertKind> = alerts.lines.iter().map(|one| one.alert.found.kind).collect();
        kinds.sort_unstable();
        // A home whose judgement the later file no longer has is a change as well.
        let (judgement, cancelled) = (AlertKind::Judgement, AlertKind::Cancelled);
        assert_eq!(kinds, [judgement, judgement, cancelled, AlertKind::Places, AlertKind::Owner, AlertKind::NewHome]);
        assert_eq!((found.measures, alerts.waiting, alerts.as_at), (2, 6, Some(date(2021, 9, 10))));
        let measures = given.app.region_measures(&given.lead).await.unwrap();
        let mut why: Vec<_> = measures.iter().map(|one| (one.reason, one.standing, one.holds())).collect();
        why.sort_unstable();
        assert_eq!(
            why,
            [
                (StandingReason::Inadequate, Standing::Suspended, true),
                (StandingReason::RegistrationCancelled, Standing::Removed, true)
            ]
        );
        assert_eq!(file(&given, LATER, date(2021, 9, 10)).await, Accounted::default(), "the same file again");
        let back = LATER.replace("Inadequate", "Good");
        file(&given, &back, date(2021, 9, 11)).await;
        file(&given, LATER, date(2021, 9, 12)).await;
        let alerts = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap();
        assert_eq!(alerts.total, 8, "each turn of the judgement is a change of its own");
        let one = &alerts.lines[0].alert;
        let command = |note: &str| AcknowledgeAlert {
            alert: one.id.0,
            version: one.version,
            note: note.into(),
            due: date(2021, 9, 20),
        };
        assert!(given.perform(command(" ")).await.is_err());
        given.perform(command("Visit booked")).await.unwrap();
        let alerts = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap();
        assert_eq!(alerts.waiting, 7);
    })
    .await;
}

#[tokio::test]
async fn a_full_report_that_leaves_the_judgement_as_it_was_raises_an_alert_of_its_own() {
    both(async |database| {
        let given = given(&database).await;
        file(&given, LATER, date(2021, 9, 10)).await;
        let with = |kind: &str, visited: &str, published: &str| {
            let line = "Full inspection,02/08/2021,01/09/2021,Inadequate";
            assert!(LATER.contains(line));
            LATER.replace(line, &format!("{kind},{visited},{published},Inadequate"))
        };
        let again = file(&given, &with("Full inspection", "13/09/2021", "30/09/2021"), date(2021, 10, 1)).await;
        assert_eq!((again.alerts, again.visits), (0, 1), "a new report, the same judgement");
        let same = file(&given, &with("Full inspection", "13/09/2021", "30/09/2021"), date(2021, 10, 2)).await;
        assert_eq!((same.alerts, same.visits), (0, 0), "found again it is nothing new");
        let alerts = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap();
        let report = alerts.lines.iter().find(|one| one.alert.found.kind == AlertKind::Report).unwrap();
        assert_eq!(report.alert.found.after.as_deref(), Some("Inadequate, 13 September 2021"));
    })
    .await;
}

#[tokio::test]
async fn the_same_change_found_again_folds_into_its_alert() {
    both(async |database| {
        let given = given(&database).await;
        file(&given, LATER, date(2021, 9, 10)).await;
        let gone = LATER.lines().filter(|line| !line.contains("SC400004")).collect::<Vec<_>>().join("\n") + "\n";
        for day in [11, 12] {
            file(&given, &gone, date(2021, 9, day)).await;
            file(&given, LATER, date(2021, 9, day)).await;
        }
        let alerts = given.app.region_alerts(&given.lead, (0, 50)).await.unwrap();
        let times: Vec<_> = alerts
            .lines
            .iter()
            .filter(|one| one.alert.found.urn == "SC400004")
            .map(|one| (one.alert.found.kind, one.alert.times))
            .collect();
        assert_eq!(times.len(), 2, "{times:?}");
        assert!(times.contains(&(AlertKind::NewHome, 3)) && times.contains(&(AlertKind::Cancelled, 2)), "{times:?}");
    })
    .await;
}

#[tokio::test]
async fn a_judgement_entered_by_hand_is_confirmed_by_a_later_file() {
    both(async |database| {
        let given = given(&database).await;
        let by_hand = ProposeMeasure {
            reason: StandingReason::Inadequate,
            dated: date(2021, 9, 1),
            ..suspension(About::Home("SC400001".into()), None)
        };
        let bare = ProposeMeasure { link: None, ..by_hand.clone() };
        assert_eq!(wrong(given.perform(bare).await), ["link"], "a judgement says where it is read");
        let blog = ProposeMeasure { link: Some("https://elm.example/blog".into()), ..by_hand.clone() };
        assert_eq!(wrong(given.perform(blog).await), ["elsewhere"], "or why it is read elsewhere");
        assert!(given.app.region_measures(&given.lead).await.unwrap().is_empty(), "nothing was written");
        given.perform(by_hand).await.unwrap();
        let inadequate = async || {
            let all = given.app.region_measures(&given.lead).await.unwrap();
            all.into_iter().filter(|one| one.reason == StandingReason::Inadequate).collect::<Vec<_>>()
        };
        assert_eq!(inadequate().await[0].in_register, None);
        file(&given, LATER, date(2021, 9, 10)).await;
        let all = inadequate().await;
        assert_eq!(all.len(), 1, "the file confirms it and proposes no second");
        assert_eq!(all[0].in_register, Some(date(2021, 9, 10)));
    })
    .await;
}

/// Somebody who signs in for an organisation.
async fn somebody(given: &Given, (number, org): (i64, OrganisationId), role: Role) -> Actor {
    let email = format!("p{number}@voices.example");
    let work = given.app.store.begin(org, given.app.calendar.now()).await.unwrap();
    work.add_person(PersonId(number), &email, "Someone", None).await.unwrap();
    work.add_membership(PersonId(number), role, "Post", BEGAN, OPEN_END).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    given.app.actor_by_email(&email).await.unwrap()
}

/// A council, the provider of SC400001 and another provider.
async fn speakers(given: &Given) -> (Actor, Actor, Actor) {
    let id = OrganisationId(701);
    let work = given.app.store.begin(id, given.app.calendar.now()).await.unwrap();
    let (code, name, kind) = ("DUD".to_owned(), "Dudley".to_owned(), OrganisationKind::Authority);
    work.add_organisation(&Organisation { id, code, name, kind, area: None, placing_body: None }).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    let provider = async |code: &str| given.app.region_provider(&given.lead, code).await.unwrap().provider.id;
    let (elm, ash) = (provider("elm-care").await, provider("ash-care").await);
    (
        somebody(given, (811, id), Role::PlacementOfficer).await,
        somebody(given, (812, elm), Role::ProviderManager).await,
        somebody(given, (813, ash), Role::ProviderManager).await,
    )
}

#[tokio::test]
async fn three_voices_stand_side_by_side_and_only_the_home_s_own_provider_speaks_for_it() {
    both(async |database| {
        let given = given(&database).await;
        let app = &given.app;
        let (officer, elm, ash) = speakers(&given).await;
        let say = |fact, value: &str, day| SayOfHome {
            urn: "SC400001".into(),
            fact,
            value: value.into(),
            seen_on: date(2021, 9, day),
            link: None,
        };
        let by = async |who: &Actor, words: SayOfHome| {
            let key = placewell_app::office::person::random_text::<16>();
            app.perform(who, &key, words).await
        };
        let differing = async || {
            let all = app.differing_homes(&given.lead).await.unwrap();
            let facts = |said: Vec<Said>| said.into_iter().map(|one| one.fact).collect::<Vec<_>>();
            all.into_iter().map(|(home, said)| (home.urn.to_string(), facts(said))).collect::<Vec<_>>()
        };
        let of = |said: Vec<Said>, fact: HomeFact| said.into_iter().find(|one| one.fact == fact).unwrap();

        given.perform(say(HomeFact::Places, "3", 6)).await.unwrap();
        assert_eq!(wrong(given.perform(say(HomeFact::Places, "three", 6)).await), ["value"]);
        assert!(differing().await.is_empty(), "only Ofsted speaks, and its latest word counts");
        let council = by(&officer, say(HomeFact::Places, "3", 7)).await.unwrap();
        let home = by(&elm, say(HomeFact::Places, "3", 8)).await.unwrap();
        assert_eq!(
            (council.location.as_str(), home.location.as_str()),
            ("/homes/SC400001/facts", "/provider/homes/SC400001/facts")
        );
        let another = by(&ash, say(HomeFact::Places, "9", 8)).await;
        assert!(matches!(another, Err(Outcome::NotFound)), "{another:?}");
        let places = of(app.home_voices(&officer, "SC400001").await.unwrap().1, HomeFact::Places);
        let said: Vec<_> = places.voices.iter().map(|one| (one.speaker, one.by.as_str(), one.value.as_str())).collect();
        assert_eq!(
            said,
            [
                (Speaker::Home, "Elm Care", "3"),
                (Speaker::Council, "Dudley", "3"),
                (Speaker::Regulator, "Ofsted", "3"),
                (Speaker::Regulator, "Ofsted", "2"),
            ],
            "none overwrites another, and the register's own line stays"
        );
        assert!(!places.differs && differing().await.is_empty(), "all three say 3");

        by(&officer, say(HomeFact::NightStaff, "no", 7)).await.unwrap();
        assert!(differing().await.is_empty(), "one voice differs from nobody");
        by(&elm, say(HomeFact::NightStaff, "Yes", 8)).await.unwrap();
        assert_eq!(differing().await, [("SC400001".to_owned(), vec![HomeFact::NightStaff])]);
        let own = of(app.own_home_voices(&elm, "SC400001").await.unwrap().1, HomeFact::NightStaff);
        assert!(own.differs && own.voices.len() == 2, "the home reads what a council found: {own:?}");
        assert!(matches!(app.own_home_voices(&ash, "SC400001").await, Err(Outcome::NotFound)));
        by(&officer, say(HomeFact::NightStaff, "yes", 9)).await.unwrap();
        assert!(differing().await.is_empty(), "the council looked again");
    })
    .await;
}

#[tokio::test]
async fn what_was_noted_of_an_alert_is_told_once_when_its_day_passed_and_is_done_with_what_came_of_it() {
    both(async |database| {
        let given = given(&database).await;
        let app = &given.app;
        file(&given, LATER, date(2021, 9, 10)).await;
        let one = app.region_alerts(&given.lead, (0, 50)).await.unwrap().lines.remove(0).alert;
        let (alert, due) = (one.id.0, date(2021, 9, 20));
        let finish = |version| FinishAlert { alert, version, result: "Visited: safe".into() };
        assert_eq!(refused(given.perform(finish(one.version)).await), "alert_not_noted");
        let note = AcknowledgeAlert { alert, version: one.version, note: "Visit booked".into(), due };
        given.perform(note).await.unwrap();
        let region = given.lead.organisation;
        let told = async || {
            app.leave_timers().await.unwrap();
            app.do_due_jobs().await.unwrap();
            let mails = app.store.read(Some(region)).await.unwrap().mails(region, 100).await.unwrap();
            mails.iter().filter(|mail| mail.subject.ends_with("what was noted of an alert is past its day")).count()
        };
        let owed = async || {
            let all = app.owed(&given.lead).await.unwrap();
            all.into_iter()
                .filter(|one| one.what == "What was noted of an alert")
                .map(|one| one.due)
                .collect::<Vec<_>>()
        };
        app.calendar.move_to(date(2021, 9, 20).at(9, 0, 0, 0));
        assert_eq!((told().await, owed().await), (0, vec![due]), "its day is not over");
        app.calendar.move_to(date(2021, 9, 21).at(9, 0, 0, 0));
        for day in 21..24 {
            app.calendar.move_to(date(2021, 9, day).at(9, 0, 0, 0));
            assert_eq!(told().await, 1, "once");
        }
        given.perform(finish(one.version + 1)).await.unwrap();
        assert_eq!(owed().await, []);
        assert_eq!(refused(given.perform(finish(one.version + 2)).await), "alert_not_noted", "it is done once");
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

fn refused(answer: Answer<Receipt>) -> String {
    match answer {
        Err(Outcome::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}
