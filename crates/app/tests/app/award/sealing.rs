//! An adopted child's placement, on both databases: what is said of the child on its approval, its agreement, their papers, its
//! ground, recall and strain is sealed with the record, and the work goes on for whoever opened it. Once a record was erased,
//! the same pages open without those words.

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::homes::monitoring::{CloseAlert, FlagStrain, RaiseConcern};
use placewell_app::office::document::Brought;
use placewell_app::placing::agreement::papers::{AddAgreementDocument, GiveDocuments};
use placewell_app::placing::agreement::{AddSupport, AgreementTab, ChangePrice, CompleteParticulars, StartStay};
use placewell_app::placing::approval::ApprovalTab;
use placewell_app::placing::child::retention::{EraseChild, MarkRecord, ProposeErasure};
use placewell_app::placing::child::sealing::OpenRecord;
use placewell_app::placing::disclosure::AskAssociate;
use placewell_app::placing::disclosure::ground::{RecordGround, SaidOfConsent};
use placewell_app::placing::disclosure::recall::{AssessRecall, RecallDisclosure};
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::concern::Severity;
use placewell_domain::homes::monitoring::stability::{StabilityOutcome, Strain};
use placewell_domain::id::{DocumentId, InvitationId};
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{Particulars, PriceCause, UnsignedReason};
use placewell_domain::placing::child::retention::RecordKind;
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::ground::OverrideReason;
use placewell_domain::placing::disclosure::recall::{RecallCause, Risk};
use placewell_testkit::databases::TestDatabase;

use super::disclosing::ground;
use super::running::{AGREEMENT, complete, price, started, support};
use super::said::stopped;
use super::world::{DIRECTOR, HEF, MANAGER, PROVIDER, START, World, actor, both_made, director, officer};
use super::{code, last};

const NUMBER: u32 = 42;

/// A placement that runs, and what was recorded about it.
struct Placed {
    world: World,
    referral: String,
    approval: String,
    paper: DocumentId,
    alert: i64,
    recall: i64,
}

fn manager() -> Actor {
    actor(MANAGER, PROVIDER, Role::ProviderManager)
}

/// The child lives at the home, which flags strain; what the home was told is recalled.
async fn placed(database: &TestDatabase) -> Placed {
    let world = World::opened(database).await;
    let app = &world.app;
    let referral = world.referral(NUMBER, &[4_150], false, HEF).await;
    let consent = SaidOfConsent::Overridden {
        reason: OverrideReason::Refused,
        decided_by: DIRECTOR.0,
        words: "CANARYGROUND".to_owned(),
    };
    app.perform(&officer(), "ground", RecordGround { consent, ..ground(&referral) }).await.unwrap();
    let approval = last(&world.recommend(&referral, "r").await.unwrap().location);
    world.approve(&director(), &approval, "a", false).await.unwrap();
    app.perform(&officer(), "care", complete(1)).await.unwrap();
    let brought = Brought::checked("CANARY plan.pdf", b"%PDF-1.7 CANARY".to_vec()).unwrap();
    app.perform(&officer(), "paper", AddAgreementDocument { reference: AGREEMENT.into(), brought }).await.unwrap();
    app.do_due_jobs().await.unwrap();
    world.at(START, 9);
    let unsigned = Some(UnsignedReason::SignerAway);
    let start = StartStay { reference: AGREEMENT.into(), version: 2, on: START, unsigned };
    app.perform(&officer(), "start", start).await.unwrap();
    let strain = FlagStrain { reference: AGREEMENT.into(), signs: vec![Strain::School], words: "CANARYSTRAIN".into() };
    let alert = last(&app.perform(&manager(), "flag", strain).await.unwrap().location).parse().unwrap();
    let recall = RecallDisclosure {
        reference: referral.clone(),
        number: 1,
        from: Stage::Chosen,
        cause: RecallCause::WrongHome,
        aware: app.calendar.now().local,
    };
    let recall = last(&app.perform(&officer(), "recall", recall).await.unwrap().location).parse().unwrap();
    let assess = AssessRecall { recall, version: 1, risk: Risk::Unlikely, words: "CANARYRECALL".to_owned() };
    app.perform(&officer(), "assess", assess).await.unwrap();
    let paper = app.agreement_papers(&officer(), AGREEMENT).await.unwrap().documents[0].0.id;
    Placed { world, referral, approval, paper, alert, recall }
}

/// Whoever has not opened the record reads that all of it is there, and none of its words.
async fn sealed_to(placed: &Placed, who: &Actor) {
    let app = &placed.world.app;
    assert_eq!(code(app.approval_view(who, &placed.approval).await), "record_sealed");
    assert_eq!(code(Box::pin(app.approval_pack(who, &placed.approval, "")).await), "record_sealed");
    assert_eq!(app.approval_list(who, ApprovalTab::Decided).await.unwrap().len(), 1);
    let grounds = app.grounds(who, &placed.referral).await.unwrap();
    assert_eq!(grounds.override_words, Some(("Person 12".to_owned(), String::new())));
    let report = app.recall_report(who, placed.recall).await.unwrap();
    assert_eq!((report.words, report.recall.cause), (None, RecallCause::WrongHome));
    let alert = app.stability_alert(who, placed.alert).await;
    let Err(Outcome::Refused(refusal)) = &alert else { panic!("{alert:?}") };
    assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("record_sealed", "Child 42: /children/42"));
    for listed in
        [app.stability_alerts(who).await.unwrap(), app.agreement_stability(who, AGREEMENT).await.unwrap().alerts]
    {
        assert_eq!(listed.iter().map(|one| (one.id, one.signs.len())).collect::<Vec<_>>(), [(placed.alert, 0)]);
    }
    let care = app.agreement_view(who, AGREEMENT).await.unwrap().care;
    assert!(care.words.outcomes.is_empty() && care.words.included.len() == 2, "{care:?}");
    let papers = app.agreement_papers(who, AGREEMENT).await.unwrap();
    assert!(papers.to_give.is_empty());
    let listed: Vec<(DocumentId, &str)> =
        papers.documents.iter().map(|(entry, name)| (entry.id, name.as_str())).collect();
    assert_eq!(listed, [(placed.paper, "")]);
    assert_eq!(code(app.agreement_document(who, AGREEMENT, placed.paper).await), "record_sealed");
}

/// Whoever has opened it reads the words.
async fn open_to(placed: &Placed, who: &Actor) {
    let app = &placed.world.app;
    assert_eq!(app.approval_view(who, &placed.approval).await.unwrap().words.wishes, "Wants to stay near her brother");
    assert_eq!(app.grounds(who, &placed.referral).await.unwrap().override_words.unwrap().1, "CANARYGROUND");
    assert_eq!(app.recall_report(who, placed.recall).await.unwrap().words.as_deref(), Some("CANARYRECALL"));
    assert_eq!(app.stability_alert(who, placed.alert).await.unwrap().words, "CANARYSTRAIN");
    assert_eq!(app.stability_alerts(who).await.unwrap()[0].signs, [Strain::School]);
    assert_eq!(app.agreement_view(who, AGREEMENT).await.unwrap().care.words.outcomes.len(), 2);
    assert_eq!(app.agreement_papers(who, AGREEMENT).await.unwrap().documents[0].1, "CANARY plan.pdf");
    app.agreement_document(who, AGREEMENT, placed.paper).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_an_adopted_child_about_its_placement_is_read_by_whoever_opened_its_record() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let placed = placed(&database).await;
        let app = &placed.world.app;
        open_to(&placed, &officer()).await;
        let stored = app.agreement_copy(&officer(), AGREEMENT, None).await.unwrap().1;
        let theirs = app.agreement_view(&manager(), AGREEMENT).await.unwrap().care;
        let mark = MarkRecord { number: NUMBER, kind: RecordKind::Adoption, died: None };
        app.perform(&officer(), "adopted", mark).await.unwrap();
        for who in [officer(), director()] {
            sealed_to(&placed, &who).await;
        }
        let copy = app.agreement_copy(&officer(), AGREEMENT, None).await.unwrap().1;
        assert!(copy.starts_with(b"%PDF") && copy != stored, "printed anew without the words");
        assert_eq!(
            app.agreement_view(&manager(), AGREEMENT).await.unwrap().care,
            theirs,
            "the home cares for the child"
        );
        assert_eq!(app.stability_alert(&manager(), placed.alert).await.unwrap().words, "CANARYSTRAIN");

        // Nobody writes over words that they were not shown, nor gives out a document that they could not read.
        let version = app.agreement_view(&officer(), AGREEMENT).await.unwrap().agreement.version;
        let over = CompleteParticulars { outcomes: "Other".into(), ..complete(version) };
        assert_eq!(code(app.perform(&officer(), "over", over).await), "record_sealed");
        let give = GiveDocuments { reference: AGREEMENT.into(), documents: vec![placed.paper.0] };
        assert_eq!(code(app.perform(&officer(), "give", give.clone()).await), "record_sealed");

        let open = OpenRecord { number: NUMBER, words: "The home rings".to_owned() };
        app.perform(&officer(), "open", open).await.unwrap();
        open_to(&placed, &officer()).await;
        sealed_to(&placed, &director()).await;
        let copy = app.agreement_copy(&officer(), AGREEMENT, None).await.unwrap().1;
        assert_eq!(copy, stored);
        let given = app.perform(&officer(), "give now", give).await;
        assert!(matches!(given, Err(Outcome::NotFound)), "it is none of the referral's: {given:?}");
        let close = CloseAlert { id: placed.alert, version: 1, outcome: StabilityOutcome::Settled };
        app.perform(&officer(), "close", close).await.unwrap();
        let running = app.agreement_list(&officer(), AgreementTab::Live, (0, 10)).await.unwrap();
        assert_eq!(running.total, 1);
        assert!(app.store.row_faults(HEF).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_agreed_asked_and_flagged_about_an_erased_child_stays_open_without_its_words() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let placed = placed(&database).await;
        let (app, invitation) = (&placed.world.app, InvitationId(42_010));
        let about = AskAssociate { invitation: invitation.0, about: "CANARYASSOCIATE".to_owned() };
        app.perform(&manager(), "about", about).await.unwrap();
        let offer = app.referral_offer(&officer(), &placed.referral, 1).await.unwrap().1;
        let abouts = async || {
            let asked = app.disclosure_receipts(&officer(), &offer).await.unwrap().associates;
            let own = app.may_read(&manager(), invitation).await.unwrap().associates;
            asked.into_iter().chain(own).map(|one| one.about).collect::<Vec<_>>()
        };
        let cared = async |who: &Actor| app.agreement_view(who, AGREEMENT).await.unwrap().care;
        open_to(&placed, &officer()).await;
        assert_eq!(abouts().await, ["CANARYASSOCIATE", "CANARYASSOCIATE"]);
        let (before, stored) =
            (cared(&officer()).await, app.agreement_copy(&officer(), AGREEMENT, None).await.unwrap().1);
        assert!(!before.excluded().is_empty() && !before.reviews.is_empty(), "{before:?}");

        placed.world.at(date(2083, 3, 2), 9);
        app.perform(&officer(), "propose", ProposeErasure { number: NUMBER }).await.unwrap();
        app.perform(&director(), "erase", EraseChild { number: NUMBER }).await.unwrap();
        placed.world.at(START, 15);
        assert_eq!(abouts().await, ["", ""]);
        for who in [officer(), manager()] {
            let alert = app.stability_alert(&who, placed.alert).await.unwrap();
            assert_eq!(
                (alert.words.as_str(), alert.erased, alert.of.signs.as_slice()),
                ("", true, &[Strain::School][..])
            );
            let care = cared(&who).await;
            assert!(care.erased && care.words == Particulars::default() && care.excluded().is_empty(), "{care:?}");
            assert_eq!((care.complete, care.reviews), (true, before.reviews.clone()));
            let copy = app.agreement_copy(&who, AGREEMENT, None).await.unwrap().1;
            assert!(copy.starts_with(b"%PDF") && copy != stored, "printed anew without the words");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_tells_whether_a_word_is_the_name_of_a_child_whose_record_is_sealed() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let (world, version) = started(&database).await;
        let app = &world.app;
        let extra = |version: i64, name: &str| AddSupport {
            label: format!("Evenings with {name}"),
            ..support(version, DIRECTOR, date(2021, 10, 4))
        };
        let raise = |name: &str| RaiseConcern {
            urn: "SC392492".into(),
            theme: Theme::Safety,
            severity: Severity::Low,
            words: format!("{name} was out late."),
        };
        let mark = MarkRecord { number: NUMBER, kind: RecordKind::Adoption, died: None };
        app.perform(&officer(), "adopted", mark).await.unwrap();
        // The child's own name, and a name that is nobody's.
        for name in ["Wren", "Anna"] {
            let added = app.perform(&officer(), &format!("extra {name}"), extra(version, name)).await;
            assert_eq!(code(added), "record_sealed");
            let reason = format!("{name} needs less");
            let cheaper = ChangePrice { reason, ..price(version, 4_100, PriceCause::Agreed) };
            assert_eq!(code(app.perform(&officer(), &format!("price {name}"), cheaper).await), "record_sealed");
            let keys = stopped(&world, &officer(), &format!("raise {name}"), raise(name)).await;
            assert_eq!(keys, ["words:child:all-18"], "{name}");
        }
        let wordless = price(version, 4_100, PriceCause::Agreed);
        app.perform(&officer(), "wordless", wordless).await.expect("what says nothing goes on");

        let open = OpenRecord { number: NUMBER, words: "The home rings".to_owned() };
        app.perform(&officer(), "open", open).await.unwrap();
        assert_eq!(stopped(&world, &officer(), "extra", extra(version + 1, "Wren")).await, ["label:name:14-18"]);
        assert_eq!(stopped(&world, &officer(), "raise", raise("Wren")).await, ["words:name:0-4"]);
        app.perform(&officer(), "plain", raise("Anna")).await.unwrap();
    })
    .await;
}
