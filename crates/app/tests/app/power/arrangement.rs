//! Rule 1.2: an authority's own use of the extension and its acceptance of terms cite limb, post and person.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::clock::Machine;
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_app::power::arrangement::{DecideOwn, KeepAct, KeepArrangement};
use placewell_app::power::decision::{Publish, Record};
use placewell_app::power::delegation::PowerFact;
use placewell_domain::id::{ArrangementId, PostId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::{
    Arrangement, ExtensionStep, Lot, OpeningWindow, OwnDecision, Term, TermsVersion,
};
use placewell_domain::power::decision::{DecisionPage, InExtension, Limb, LimbEffect, Says};
use placewell_domain::power::delegation::{Holding, HoldingKind, LimbPost, Post, PostGrade, Remit, RemitArea};
use placewell_testkit::databases::both;

use super::delegation::record;
use super::{Given, given, page};

const TODAY: Date = date(2021, 9, 13);

async fn region(given: &Given) {
    region_of(given, vec![]).await;
}

async fn region_of(given: &Given, people: Vec<NewPerson>) {
    let new = NewOrganisation {
        code: "region".into(),
        name: "Regional team".into(),
        kind: OrganisationKind::RegionalTeam,
        area: None,
        placing_body: None,
        people,
    };
    let (made, _) = given.app.make_organisation(&new).await.unwrap();
    let mut work = given.app.store.begin(made, given.app.calendar.now()).await.unwrap();
    let terms = |version: &str, from| TermsVersion { version: version.into(), from, summary: "Invented".into() };
    let step = ExtensionStep { months: 12, decided_on: date(2021, 8, 2) };
    work.apply(Arrangement::record(Arrangement {
        id: ArrangementId(1),
        version: 1,
        slug: "fca".into(),
        title: "Flexible Contracting Arrangement".into(),
        lead: "Coventry City Council".into(),
        term: Term { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: 36, steps: vec![step] },
        lots: vec![],
        terms: vec![terms("1.0", date(2018, 12, 15)), terms("1.1", date(2021, 4, 1))],
        specification: vec![],
        windows: vec![],
        participants: vec![],
        ahead: placewell_domain::power::arrangement::Ahead::default(),
    }))
    .await
    .unwrap();
    work.commit(Machine::now()).await.unwrap();
}

/// A decision in force whose limb (b) the approver's post holds, and what it says of the extended term.
async fn decided(given: &Given, reference: &str, in_extension: InExtension, remit: Remit) {
    given.go_to(TODAY);
    let mut page = DecisionPage { in_extension, subject_to_call_in: Some(false), ..page() };
    let uses = LimbEffect::UsesExtension { until: date(2024, 12, 14) };
    page.limbs.push(Limb { letter: 'd'.into(), text: "The term be extended".into(), effects: vec![uses] });
    let page = DecisionPage { published_on: None, decided_on: None, effective_from: None, key_decision: None, ..page };
    let command = Record { reference: reference.into(), amends: None, page };
    given.app.perform(&given.democratic, reference, command).await.unwrap();
    let publish = Publish {
        reference: reference.into(),
        version: 1,
        decided_on: TODAY,
        published_on: TODAY,
        urgent: false,
        effective_from: None,
        effective_reason: None,
    };
    given.app.perform(&given.democratic, &format!("p{reference}"), publish).await.unwrap();
    let post = Post {
        id: PostId(0),
        organisation: given.democratic.organisation,
        title: "Assistant Director".into(),
        grade: PostGrade::AssistantDirector,
        remit,
        from: date(2018, 1, 1),
        to: OPEN_END,
    };
    record(given, "post", PowerFact::Post(post)).await;
    let post = given.app.delegations(&given.democratic).await.unwrap().posts[0].post.id;
    let decision = given.app.own_decision(&given.democratic, reference).await.unwrap().decision.id;
    record(given, "limb", PowerFact::LimbPost(LimbPost { decision, letter: 'b'.into(), post, relevant: true })).await;
    let (person, from) = (given.approver.person, date(2019, 1, 1));
    let held = Holding { post, person, kind: HoldingKind::Holder, from, to: OPEN_END };
    record(given, "holding", PowerFact::Holding(held)).await;
}

async fn decide(given: &Given, key: &str, decision: OwnDecision) -> Result<(), String> {
    match given.app.perform(&given.approver, key, DecideOwn { slug: "fca".into(), decision }).await {
        Ok(_) => Ok(()),
        Err(Outcome::Refused(refusal)) => Err(refusal.code),
        Err(other) => panic!("{other:?}"),
    }
}

fn terms(version: &str) -> OwnDecision {
    OwnDecision::AcceptTerms { version: version.into() }
}

fn until(until: Date) -> OwnDecision {
    OwnDecision::UseExtension { until }
}

#[tokio::test]
async fn rule_1_2_accepting_terms_and_using_the_extension_cite_limb_post_and_person() {
    both(async |database| {
        let given = given(&database).await;
        region(&given).await;
        assert_eq!(decide(&given, "none", terms("1.1")).await, Err("no_decision".to_owned()));
        let yes = InExtension { ceiling: Says::Unknown, limbs: Says::Yes, blocks: Says::Unknown };
        let remit = Remit::Stated(vec![RemitArea::Commissioning]);
        decided(&given, "HEF-2021-0913", yes, remit).await;
        let officer = DecideOwn { slug: "fca".into(), decision: terms("1.1") };
        let forbidden = given.app.perform(&given.officer, "officer", officer).await;
        assert!(matches!(forbidden, Err(Outcome::Forbidden(_))));
        assert_eq!(decide(&given, "unknown", terms("9.9")).await, Err("no_such_terms".to_owned()));
        decide(&given, "accept", terms("1.1")).await.unwrap();
        assert_eq!(decide(&given, "again", terms("1.1")).await, Err("decided_already".to_owned()));
        assert_eq!(decide(&given, "far", until(date(2023, 12, 14))).await, Err("term_not_extended".to_owned()));
        decide(&given, "use", until(date(2022, 12, 14))).await.unwrap();
        let own = given.app.own_arrangement(&given.approver).await.unwrap();
        assert!(own.power.unwrap().starts_with("Limb (b) of decision HEF-2021-0913"));
        let cited: Vec<(String, i64)> =
            own.uses.iter().map(|one| (one.power.letter.to_string(), one.power.person.0)).collect();
        assert_eq!(cited, [("b".to_owned(), given.approver.person.0), ("b".to_owned(), given.approver.person.0)]);
        let session = given.app.store.read(Some(given.approver.organisation)).await.unwrap();
        let told = session.timeline(given.approver.organisation, "arrangement_use", own.uses[1].id).await.unwrap();
        for fact in ["act", "decision", "limb", "post", "decided_by"] {
            assert!(told[0].event.facts.iter().any(|(name, value)| name == fact && !value.is_empty()), "{fact}");
        }
    })
    .await;
}

#[tokio::test]
async fn rule_2_4_the_option_gives_no_power_to_use_it_where_the_decision_does_not_say_so() {
    both(async |database| {
        let given = given(&database).await;
        region(&given).await;
        decided(&given, "HEF-2021-0913", InExtension::default(), Remit::Whole).await;
        assert_eq!(decide(&given, "use", until(date(2022, 12, 14))).await, Err("extension_not_decided".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn rule_1_1_a_relevant_assistant_director_accepts_terms_only_with_commissioning_in_their_remit() {
    both(async |database| {
        let given = given(&database).await;
        region(&given).await;
        let remit = Remit::Stated(vec![RemitArea::DisabledChildren]);
        decided(&given, "HEF-2021-0913", InExtension::default(), remit).await;
        let refused = decide(&given, "accept", terms("1.1")).await.unwrap_err();
        assert_eq!(refused, "outside_remit");
        let own = given.app.own_arrangement(&given.approver).await.unwrap();
        assert!(own.power.is_err() && own.uses.is_empty());
    })
    .await;
}

/// Mails with this in their subject that anybody of the authority and of the regional team was sent.
async fn mails(given: &Given, words: &str) -> usize {
    let session = given.app.store.read(None).await.unwrap();
    let mut count = 0;
    for organisation in session.organisations().await.unwrap() {
        let own = given.app.store.read(Some(organisation.id)).await.unwrap();
        let found = own.mails(organisation.id, 1_000).await.unwrap();
        count += found.iter().filter(|mail| mail.subject.contains(words)).count();
    }
    count
}

#[tokio::test]
async fn rule_2_4_the_end_of_the_term_is_warned_of_at_12_9_6_and_3_months_by_one_mail_each() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        region(&given).await;
        let warn = async |day: Date| {
            given.go_to(day);
            given.app.do_due_jobs().await.unwrap();
            given.app.do_due_jobs().await.unwrap();
            let end = given.app.term_end(&given.approver).await.unwrap();
            (end.map(|end| (end.months, end.ends_on)), mails(&given, "to the end of the term").await)
        };
        let ends = date(2021, 12, 14);
        // The region's term runs a year longer; the authority's own decision does not go on.
        assert_eq!(warn(date(2020, 12, 13)).await, (None, 0));
        assert_eq!(warn(date(2020, 12, 14)).await, (Some((12, ends)), 2), "the approver and democratic services");
        assert_eq!(warn(date(2020, 12, 20)).await, (Some((12, ends)), 2), "once");
        assert_eq!(warn(date(2021, 3, 14)).await, (Some((9, ends)), 4));
        assert_eq!(warn(date(2021, 6, 14)).await, (Some((6, ends)), 6));
        let all = given.app.term_warnings(&given.approver).await.unwrap();
        let states: Vec<_> = all.iter().map(|one| (one.months, one.from, one.passed, one.now, one.told)).collect();
        let expected = [
            (12, date(2020, 12, 14), true, false, true),
            (9, date(2021, 3, 14), true, false, true),
            (6, date(2021, 6, 14), true, true, true),
            (3, date(2021, 9, 14), false, false, false),
        ];
        assert_eq!(states, expected, "each stands on the authority's own page");
        assert_eq!(warn(date(2021, 9, 14)).await, (Some((3, ends)), 8));
        assert_eq!(warn(date(2021, 12, 14)).await, (Some((3, ends)), 8));
    })
    .await;
}

#[tokio::test]
async fn rule_2_4_the_regional_team_is_warned_of_the_end_of_its_own_term_at_12_9_6_and_3_months() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        let lead = super::person("The lead", "region", Role::CommissioningLead);
        let address = lead.email.clone();
        region_of(&given, vec![lead]).await;
        let region = given.app.store.read(None).await.unwrap().organisation_by_code("region").await.unwrap().id;
        let told = async |day: Date| {
            given.go_to(day);
            given.app.do_due_jobs().await.unwrap();
            given.app.do_due_jobs().await.unwrap();
            let session = given.app.store.read(Some(region)).await.unwrap();
            let mut mails = session.mails(region, 100).await.unwrap();
            mails.retain(|mail| mail.recipient == address && mail.subject.contains("to the end of the term"));
            mails
        };
        // The region extended its term by a year; the authority's own ends on 14 December 2021.
        assert_eq!(told(date(2021, 12, 13)).await.len(), 0);
        for (count, (day, months)) in (1..).zip([
            (date(2021, 12, 14), 12),
            (date(2022, 3, 14), 9),
            (date(2022, 6, 14), 6),
            (date(2022, 9, 14), 3),
        ]) {
            let mails = told(day).await;
            assert_eq!(mails.len(), count, "one mail each, the region's own term only: {mails:?}");
            let subject = format!("Arrangement: fewer than {months} months to the end of the term");
            let mail = mails.iter().find(|mail| mail.subject == subject).unwrap();
            assert!(mail.body.contains("The term ends on 14 December 2022"), "{}", mail.body);
        }
        assert_eq!(told(date(2022, 12, 14)).await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn participants_lots_and_windows_are_changed_by_the_regional_team_and_by_nobody_else() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        region(&given).await;
        let found = given.app.store.read(None).await.unwrap().organisation_by_code("region").await.unwrap();
        let lead = Actor {
            organisation: found.id,
            kind: OrganisationKind::RegionalTeam,
            role: Role::CommissioningLead,
            ..given.officer.clone()
        };
        let keep = |version, act| KeepArrangement { slug: "fca".into(), version, act };
        let add = |code: &str| KeepAct::AddParticipant(code.into());
        let officers = given.app.perform(&given.officer, "officer", keep(1, add("HEF"))).await;
        assert!(matches!(officers, Err(Outcome::Forbidden(_))));
        let unknown = given.app.perform(&lead, "unknown", keep(1, add("XXX"))).await;
        assert!(matches!(unknown, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "participant"));
        given.app.perform(&lead, "add", keep(1, add("HEF"))).await.unwrap();
        assert!(matches!(given.app.perform(&lead, "stale", keep(1, add("HEF"))).await, Err(Outcome::Conflict)));
        let remove = given.app.perform(&lead, "remove", keep(2, KeepAct::RemoveParticipant("HEF".into()))).await;
        assert!(matches!(remove, Err(Outcome::Refused(refusal)) if refusal.code == "participant_has_adopted"));
        let lot = Lot { code: "crisis".into(), name: "Crisis".into(), description: "A home at once".into() };
        given.app.perform(&lead, "lot", keep(2, KeepAct::KeepLot(lot))).await.unwrap();
        let window = OpeningWindow { from: date(2021, 10, 1), to: date(2021, 10, 31) };
        given.app.perform(&lead, "window", keep(3, KeepAct::AddWindow(window))).await.unwrap();
        given.app.perform(&lead, "gone", keep(4, KeepAct::RemoveLot("crisis".into()))).await.unwrap();
        let page = given.app.arrangement_page().await.unwrap().unwrap();
        assert_eq!((page.participants.len(), page.arrangement.lots.len()), (1, 0));
        assert_eq!(page.arrangement.windows, [window]);
        let session = given.app.store.read(Some(found.id)).await.unwrap();
        let told = session.timeline(found.id, "arrangement", 1).await.unwrap();
        let kinds: Vec<&str> = told.iter().map(|event| event.event.kind.as_str()).collect();
        for kind in ["participant_added", "lot_added", "window_added", "lot_removed"] {
            assert!(kinds.contains(&format!("arrangement.{kind}").as_str()), "{kind} is not in {kinds:?}");
        }
        assert!(given.app.store.verify().await.unwrap().faults.is_empty());
    })
    .await;
}
