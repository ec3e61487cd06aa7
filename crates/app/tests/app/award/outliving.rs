//! The arrangement's end and its successor, on both databases: which terms an award cites, an authority that leaves, live
//! agreements past the end, and moving them with the consent of both sides, once (rules 1.2, 2.4 and 3.4).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::{Date, date};
use placewell_app::placing::agreement::{
    ConsentMove, Decided, DeclineMove, LeaveArrangement, OfferMoves, ReviewPlannedEnd, StartStay, TakeBackMove,
};
use placewell_app::power::arrangement::{
    AcceptTermsAsProvider, DecideOwn, ExtendTerm, OpenSuccessor, ProposeExtension, RecordSuccessor, WithdrawExtension,
};
use placewell_app::power::delegation::PowerFact;
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::calendar::WorkingDays;
use placewell_domain::id::{DecisionId, HomeId, PostId};
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{Agreement, MoveDecline, UnsignedReason};
use placewell_domain::power::arrangement::{AfterEnd, Arrangement, Instrument, OwnDecision, Participant, TermsVersion};
use placewell_domain::power::decision::{
    CallInRule, DecidedTerm, Decision, DecisionPage, InExtension, Limb, LimbEffect, Says,
};
use placewell_domain::power::delegation::LimbPost;
use placewell_testkit::databases::TestDatabase;
use tokio::task::JoinSet;

use super::world::{
    DIRECTOR, END, HEF, MANAGER, OFFICER, PROVIDER, REGION, START, World, actor, admitted, arrangement, both_made,
    director, done, officer,
};
use super::{code, committed, last};

const SUCCESSOR: &str = "fca-next";
const MOVE: Date = date(2021, 10, 18);

pub(super) fn lead() -> Actor {
    Actor {
        kind: OrganisationKind::RegionalTeam,
        code: "region".into(),
        ..actor(OFFICER, REGION, Role::CommissioningLead)
    }
}

pub(super) fn manager() -> Actor {
    actor(MANAGER, PROVIDER, Role::ProviderManager)
}

pub(super) fn terms(version: &str, from: Date) -> TermsVersion {
    TermsVersion { version: version.into(), from, summary: "Invented".into() }
}

/// The ceiling of the world with the arrangement.
pub(super) const AMPLE: Pence = Pence::pounds(3_000_000);

/// The world with the arrangement recorded, its second terms newer than every adoption, and its home on the lot.
pub(super) async fn with_arrangement(database: &TestDatabase) -> World {
    let world = World::opened(database).await;
    let mut work = world.work(REGION).await;
    let arrangement = Arrangement {
        terms: vec![terms("1.0", date(2018, 12, 15)), terms("1.1", date(2021, 9, 1))],
        participants: vec![Participant { organisation: HEF, code: "HEF".into(), name: "HEF Council".into() }],
        ..arrangement()
    };
    work.apply(Arrangement::record(arrangement)).await.unwrap();
    admitted(&mut work, HomeId(1)).await;
    done(work).await;
    world
}

pub(super) async fn awarded(world: &World, number: u32) -> Agreement {
    let referral = world.referral(number, &[4_150], false, HEF).await;
    let asked = last(&world.recommend(&referral, &format!("r{number}")).await.unwrap().location);
    world.approve(&director(), &asked, &format!("a{number}"), false).await.unwrap();
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    session.agreement_of(HEF, placewell_domain::id::ReferralId(i64::from(number) * 1_000)).await.unwrap().unwrap()
}

async fn reread(world: &World, reference: &str) -> Agreement {
    world.app.store.read(Some(HEF)).await.unwrap().agreement(HEF, reference).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_2_an_award_cites_the_terms_that_authority_and_provider_accepted_and_not_the_regions_latest() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        assert_eq!(awarded(&world, 1).await.terms.terms_version, "1.0", "nobody has accepted 1.1");
        let accept = DecideOwn { slug: "fca".into(), decision: OwnDecision::AcceptTerms { version: "1.1".into() } };
        world.app.perform(&director(), "accept", accept).await.unwrap();
        assert_eq!(awarded(&world, 2).await.terms.terms_version, "1.0", "the provider has not accepted 1.1");
        let accept = |has_authority: bool, terms: &str| AcceptTermsAsProvider {
            of: Instrument::Terms,
            slug: "fca".into(),
            terms: terms.into(),
            name: "Jo Smith".into(),
            role: "Director".into(),
            has_authority,
        };
        let unsigned = world.app.perform(&manager(), "no", accept(false, "1.1")).await;
        assert!(matches!(unsigned, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "authority"));
        assert_eq!(code(world.app.perform(&manager(), "none", accept(true, "7.7")).await), "no_such_terms");
        let officers = world.app.perform(&officer(), "officer", accept(true, "1.1")).await;
        assert!(matches!(officers, Err(Outcome::Forbidden(_))), "an authority does not accept for a provider");
        world.app.perform(&manager(), "yes", accept(true, "1.1")).await.unwrap();
        assert_eq!(code(world.app.perform(&manager(), "again", accept(true, "1.1")).await), "accepted_already");
        assert_eq!(awarded(&world, 3).await.terms.terms_version, "1.1");
        let page = world.app.provider_arrangement(&manager()).await.unwrap();
        assert_eq!((page.accepted.len(), page.to_accept.len()), (1, 0), "the history is kept");
        assert_eq!(reread(&world, "HEF-A-0001").await.terms.terms_version, "1.0", "what was awarded stays");
    })
    .await;
}

fn leave(from: Date) -> LeaveArrangement {
    LeaveArrangement { slug: "fca".into(), from, reason: "It buys by itself.".into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_4_an_authority_leaves_from_a_date_its_live_agreements_are_listed_and_it_awards_nothing_after() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        awarded(&world, 1).await;
        let go = async |key: &str, from: Date| world.app.perform(&director(), key, leave(from)).await;
        assert_eq!(code(go("before adoption", date(2019, 1, 15)).await), "leaves_before_adoption");
        assert_eq!(code(go("before an award", date(2021, 9, 13)).await), "awards_after_leaving");
        assert_eq!(code(go("late", date(2022, 1, 1)).await), "leaves_after_term");
        let officers = world.app.perform(&officer(), "officer", leave(date(2021, 10, 1))).await;
        assert!(matches!(officers, Err(Outcome::Forbidden(_))));
        go("leave", date(2021, 10, 1)).await.unwrap();
        assert_eq!(code(go("again", date(2021, 11, 1)).await), "left_already");
        let seen = world.app.store.read(Some(REGION)).await.unwrap().leavings().await.unwrap();
        let listed: Vec<(&str, AfterEnd, i64)> =
            seen[0].agreements.iter().map(|one| (one.reference.as_str(), one.then, one.nights_after)).collect();
        assert_eq!(listed, [("HEF-A-0001", AfterEnd::GoesOn, 59)]);
        assert_eq!((seen[0].power.letter.to_string(), seen[0].power.person), ("b".to_owned(), DIRECTOR));
        let hidden = world.app.store.read(Some(PROVIDER)).await.unwrap().leavings().await.unwrap();
        assert!(hidden.is_empty(), "the list of agreements is no provider's to read");
        let told = world.app.provider_arrangement(&manager()).await.unwrap().leaving;
        assert_eq!(
            told,
            [("Organisation HEF".to_owned(), date(2021, 10, 1))],
            "and the provider is told that it leaves"
        );
        let (last_day, lines) = world.app.outliving_agreements(&officer()).await.unwrap();
        assert_eq!((last_day, lines.len()), (date(2021, 9, 30), 1));
        let before = world.referral(2, &[4_150], false, HEF).await;
        world.recommend(&before, "r2").await.unwrap();
        world.at(date(2021, 10, 1), 10);
        let page = world.app.arrangement_page().await.unwrap().unwrap();
        assert_eq!(page.participants[0].participation.label(), "Left");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let after = placewell_app::power::arrangement::may_award(&session, HEF, (date(2021, 10, 1), START)).await;
        assert_eq!(code(after), "authority_left");
        let ahead = placewell_app::power::arrangement::may_award(&session, HEF, (date(2021, 9, 13), MOVE)).await;
        assert_eq!(code(ahead), "authority_left", "an award before it that starts after it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_4_a_proposed_extension_is_told_to_authorities_and_gives_no_power_by_itself() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        let propose = |months, from: Option<Date>| ProposeExtension {
            slug: "fca".into(),
            version: 1,
            from,
            months,
            answer_by: date(2021, 11, 1),
        };
        assert_eq!(code(world.app.perform(&lead(), "far", propose(37, None)).await), "option_exhausted");
        let overlapping = propose(12, Some(date(2021, 12, 1)));
        assert_eq!(code(world.app.perform(&lead(), "over", overlapping).await), "step_overlaps");
        world.app.perform(&lead(), "propose", propose(12, None)).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        let mails = world.app.store.read(Some(REGION)).await.unwrap().mails(REGION, 100).await.unwrap();
        assert!(mails.iter().any(|mail| mail.subject == "Arrangement: an extension is proposed"
            && mail.recipient == format!("p{DIRECTOR}@example.com")));
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let may = |start| placewell_app::power::arrangement::may_award(&session, HEF, (date(2021, 9, 13), start));
        assert_eq!(code(may(date(2021, 12, 20)).await), "starts_after_term", "proposed is not decided");
        assert!(may(date(2021, 12, 14)).await.is_ok());
        let until = OwnDecision::UseExtension { until: date(2022, 12, 14) };
        let own = DecideOwn { slug: "fca".into(), decision: until };
        assert_eq!(code(world.app.perform(&director(), "use", own).await), "extension_not_decided");
    })
    .await;
}

/// What the provider's manager reads in mails with this subject.
async fn told_manager(world: &World, subject: &str) -> Vec<String> {
    world.app.do_due_jobs().await.unwrap();
    let mut bodies = Vec::new();
    for org in [HEF, REGION] {
        let session = world.app.store.read(Some(org)).await.unwrap();
        let mut mails = session.mails(org, 200).await.unwrap();
        mails.retain(|mail| mail.recipient == format!("p{MANAGER}@example.com") && mail.subject == subject);
        bodies.extend(mails.into_iter().map(|mail| mail.body));
    }
    bodies
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_4_providers_are_told_of_every_step_of_the_term_of_a_successor_and_of_an_authority_that_leaves() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        awarded(&world, 1).await;
        let propose =
            ProposeExtension { slug: "fca".into(), version: 1, from: None, months: 12, answer_by: date(2021, 11, 1) };
        world.app.perform(&lead(), "propose", propose).await.unwrap();
        let back = WithdrawExtension { slug: "fca".into(), version: 2 };
        world.app.perform(&lead(), "back", back).await.unwrap();
        let decided_on = date(2021, 9, 13);
        let extend = ExtendTerm { slug: "fca".into(), version: 3, from: None, months: 12, decided_on };
        world.app.perform(&lead(), "extend", extend).await.unwrap();
        succeeded(&world).await;
        world.app.perform(&director(), "leave", leave(date(2021, 10, 1))).await.unwrap();
        world.at(date(2021, 10, 1), 10);
        let open = OpenSuccessor { slug: SUCCESSOR.into(), version: 1 };
        world.app.perform(&lead(), "open", open).await.unwrap();
        for (subject, words) in [
            ("Arrangement: an extension is proposed", "extend the arrangement to 14 December 2022"),
            ("Arrangement: the proposal to extend is taken back", "took its proposal to extend the arrangement back"),
            ("Arrangement: the term is extended", "extended the arrangement to 14 December 2022"),
            ("Arrangement: a successor is recorded", "The next arrangement begins on 1 October 2021"),
            ("Arrangement: HEF leaves on 1 October 2021", "go on under their own terms"),
            ("Arrangement: the successor is open", "bought through The next arrangement"),
        ] {
            let told = told_manager(&world, subject).await;
            assert!(matches!(told.as_slice(), [one] if one.contains(words)), "{subject}: {told:?}");
        }
    })
    .await;
}

/// The region records a successor and the authority adopts it.
async fn succeeded(world: &World) {
    let successor = RecordSuccessor {
        follows: "fca".into(),
        slug: SUCCESSOR.into(),
        title: "The next arrangement".into(),
        start: date(2021, 10, 1),
        end: date(2025, 9, 30),
        option_months: 0,
        lots: vec![],
        terms: terms("2.0", date(2021, 10, 1)),
    };
    world.app.perform(&lead(), "successor", successor).await.unwrap();
}

async fn adopt_successor(world: &World) {
    adopt(world, (date(2021, 10, 1), date(2025, 9, 30)), vec![LimbEffect::Adopts]).await;
}

/// The authority's own decision to adopt the successor, with what its limb does.
async fn adopt(world: &World, (start, end): (Date, Date), effects: Vec<LimbEffect>) {
    let mut work = world.work(HEF).await;
    let days = WorkingDays::default();
    let rule = CallInRule { working_days: 4, calendar: days.clone() };
    let adopts = Limb { letter: 'a'.into(), text: String::new(), effects };
    let page = DecisionPage {
        title: "Adopt the next arrangement".into(),
        subject_to_call_in: Some(false),
        limbs: vec![adopts],
        term: Some(DecidedTerm { start, end, option_months: None }),
        ..super::world::page(Pence::pounds(1))
    };
    let draft = Decision::record(DecisionId(70), HEF, "HEF-2021-0901".into(), None, page);
    let decision = work.apply(draft).await.unwrap();
    let decision = work.apply(decision.decide(date(2021, 9, 1), &days).unwrap()).await.unwrap();
    let decision = work.apply(decision.publish(date(2021, 9, 1), false, None, &rule).unwrap()).await.unwrap();
    work.keep_decision_text(&decision).await.unwrap();
    done(work).await;
}

fn offer(references: &[&str]) -> OfferMoves {
    let references = references.iter().map(|reference| (*reference).to_owned()).collect();
    OfferMoves { references, to: SUCCESSOR.into(), on: MOVE }
}

fn consent(reference: &str, version: i64) -> ConsentMove {
    let (name, role) = ("Jo Smith".to_owned(), "Director".to_owned());
    ConsentMove { reference: reference.into(), version, name, role, has_authority: true }
}

async fn consents(world: &World, key: &str, agreement: &Agreement) -> Answer<Receipt> {
    world.app.perform(&manager(), key, consent(&agreement.reference.to_string(), agreement.version)).await
}

/// What both sides' records say happened to an agreement.
async fn happened(world: &World, agreement: &Agreement) -> Vec<String> {
    let mut kinds = Vec::new();
    for side in [HEF, PROVIDER] {
        let session = world.app.store.read(Some(side)).await.unwrap();
        let told = session.timeline(side, "agreement", agreement.id.0).await.unwrap();
        kinds.extend(told.into_iter().map(|event| event.event.kind));
    }
    kinds
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_4_an_agreement_moves_with_the_consent_of_both_sides_keeps_its_history_and_leaves_the_ledger() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        awarded(&world, 1).await;
        let whole = committed(&world).await;
        succeeded(&world).await;
        let early = world.app.perform(&director(), "early", offer(&["HEF-A-0001"])).await;
        assert_eq!(code(early), "successor_not_adopted");
        adopt_successor(&world).await;
        let current = world.app.store.read(None).await.unwrap().current_arrangement().await.unwrap().unwrap();
        assert_eq!(current.arrangement.slug, "fca", "nothing is awarded through it before it is opened");
        let open = OpenSuccessor { slug: SUCCESSOR.into(), version: 1 };
        assert_eq!(code(world.app.perform(&lead(), "open", open).await), "successor_not_begun");

        world.app.perform(&director(), "offer", offer(&["HEF-A-0001"])).await.unwrap();
        assert_eq!(code(world.app.perform(&director(), "twice", offer(&["HEF-A-0001"])).await), "move_offered");
        assert_eq!(committed(&world).await, whole, "an offer moves nothing");
        let offered = reread(&world, "HEF-A-0001").await;
        let decline =
            DeclineMove { reference: "HEF-A-0001".into(), version: offered.version, reason: MoveDecline::Date };
        world.app.perform(&manager(), "decline", decline).await.unwrap();
        world.app.perform(&director(), "anew", offer(&["HEF-A-0001"])).await.unwrap();
        let offered = reread(&world, "HEF-A-0001").await;
        let officers = world.app.perform(&officer(), "officer", consent("HEF-A-0001", offered.version)).await;
        assert!(matches!(officers, Err(Outcome::Forbidden(_))), "an authority does not consent for the provider");
        consents(&world, "consent", &offered).await.unwrap();
        world.app.do_due_jobs().await.unwrap();

        let moved = reread(&world, "HEF-A-0001").await;
        assert_eq!((moved.id, moved.added.moves.len()), (offered.id, 2), "the declined offer stays in its history");
        let to = moved.moved().unwrap();
        assert_eq!((to.slug.as_str(), to.terms_version.as_str(), to.on), (SUCCESSOR, "2.0", MOVE));
        let kept = moved.terms.lines[0].charge(Nights::new(START, MOVE).unwrap());
        assert_eq!(committed(&world).await, kept, "nights after the move are out by the default reading");
        assert!(kept < whole);
        let kinds = happened(&world, &moved).await;
        for kind in ["agreement.prepared", "agreement.move_offered", "agreement.move_declined", "agreement.moved"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind} is not in {kinds:?}");
        }
        assert_eq!(code(consents(&world, "once more", &moved).await), "moved_already");
        let (_, lines) = world.app.outliving_agreements(&officer()).await.unwrap();
        assert_eq!(lines[0].survival.then, AfterEnd::Moved);
        assert!(world.app.store.row_faults(HEF).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_4_a_moved_agreement_counts_towards_the_successors_own_ceiling_and_an_offer_above_it_is_refused() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        awarded(&world, 1).await;
        awarded(&world, 2).await;
        let whole = committed(&world).await;
        let successor = RecordSuccessor {
            follows: "fca".into(),
            slug: SUCCESSOR.into(),
            title: "The next arrangement".into(),
            start: date(2021, 12, 15),
            end: date(2025, 12, 14),
            option_months: 0,
            lots: vec![],
            terms: terms("2.0", date(2021, 12, 15)),
        };
        world.app.perform(&lead(), "successor", successor).await.unwrap();
        // Both stay beyond the term; the successor's ceiling holds one of them.
        for reference in ["HEF-A-0001", "HEF-A-0002"] {
            let agreement = reread(&world, reference).await;
            let start = StartStay {
                reference: reference.into(),
                version: agreement.version,
                on: START,
                unsigned: Some(UnsignedReason::SignerAway),
            };
            world.at(START, 10);
            world.app.perform(&officer(), &format!("start {reference}"), start).await.unwrap();
            let agreement = reread(&world, reference).await;
            let review = ReviewPlannedEnd {
                reference: reference.into(),
                version: agreement.version,
                planned_end: date(2022, 1, 26),
                decided_by: Decided::SignedIn,
            };
            world.app.perform(&director(), &format!("review {reference}"), review).await.unwrap();
        }
        assert!(committed(&world).await > whole);
        let effects = vec![LimbEffect::Adopts, LimbEffect::Ceiling { annual: Pence::pounds(25_000) }];
        adopt(&world, (date(2021, 12, 15), date(2025, 12, 14)), effects).await;
        world.app.do_due_jobs().await.unwrap();
        let on = date(2021, 12, 15);
        let move_it = |reference: &str| OfferMoves { on, ..offer(&[reference]) };
        world.app.perform(&director(), "offer", move_it("HEF-A-0001")).await.unwrap();
        let offered = reread(&world, "HEF-A-0001").await;
        consents(&world, "consent", &offered).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let next = session.ledger_year(HEF, on).await.unwrap().unwrap().totals;
        let moved = reread(&world, "HEF-A-0001").await;
        let after = moved.terms.lines[0].charge(Nights::new(on, date(2022, 1, 26)).unwrap());
        assert_eq!((next.ceiling, next.committed), (Pence::pounds(25_000), after), "six weeks at £4,150");
        assert!(session.ledger_faults(HEF).await.unwrap().is_empty());
        let above = world.app.perform(&director(), "above", move_it("HEF-A-0002")).await;
        assert_eq!(code(above), "ceiling_reached", "the successor's ceiling holds one of them");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_to_move_is_taken_back_by_the_holder_of_the_power_and_all_or_none_are_offered() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        awarded(&world, 1).await;
        awarded(&world, 2).await;
        succeeded(&world).await;
        adopt_successor(&world).await;
        world.app.perform(&director(), "one", offer(&["HEF-A-0001"])).await.unwrap();
        let both = offer(&["HEF-A-0002", "HEF-A-0001"]);
        assert_eq!(code(world.app.perform(&director(), "both", both).await), "move_offered");
        assert!(reread(&world, "HEF-A-0002").await.added.moves.is_empty(), "none is offered where one cannot be");
        let offered = reread(&world, "HEF-A-0001").await;
        let back = TakeBackMove { reference: "HEF-A-0001".into(), version: offered.version };
        world.app.perform(&director(), "back", back).await.unwrap();
        let now = reread(&world, "HEF-A-0001").await;
        assert_eq!(code(consents(&world, "late", &now).await), "no_move");
        let late = OfferMoves { on: END, ..offer(&["HEF-A-0002"]) };
        assert_eq!(code(world.app.perform(&director(), "late offer", late).await), "move_day");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_agreement_is_moved_once_under_64_clients_and_20_rounds() {
    const ROUNDS: u32 = 20;
    const CLIENTS: usize = 64;
    both_made(40, AMPLE, async |database| {
        let world = Arc::new(with_arrangement(&database).await);
        succeeded(&world).await;
        adopt_successor(&world).await;
        for round in 1..=ROUNDS {
            let agreement = awarded(&world, round).await;
            let reference = agreement.reference.to_string();
            world.app.perform(&director(), &format!("o{round}"), offer(&[&reference])).await.unwrap();
            let version = reread(&world, &reference).await.version;
            let (moved, mut clients) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
            for client in 0..CLIENTS {
                let (world, moved, reference) = (Arc::clone(&world), Arc::clone(&moved), reference.clone());
                clients.spawn(async move {
                    let key = format!("{round}-{}", client / 8);
                    match world.app.perform(&manager(), &key, consent(&reference, version)).await {
                        Ok(receipt) if receipt.repeated => {}
                        Ok(_) => {
                            moved.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(Outcome::Conflict | Outcome::Busy | Outcome::Retry) => {}
                        Err(Outcome::Refused(refusal)) => assert_eq!(refusal.code, "moved_already"),
                        Err(other) => panic!("{other:?}"),
                    }
                });
            }
            clients.join_all().await;
            assert_eq!(moved.load(Ordering::Relaxed), 1, "round {round}");
            let kinds = happened(&world, &agreement).await;
            assert_eq!(kinds.iter().filter(|kind| *kind == "agreement.moved").count(), 1);
        }
        world.app.do_due_jobs().await.unwrap();
        assert!(world.app.store.read(Some(HEF)).await.unwrap().ledger_faults(HEF).await.unwrap().is_empty());
    })
    .await;
}

/// A decision of the authority that uses the extension, with the post that its limb (b) means.
async fn go_on(world: &World, until: Date) {
    let mut page = super::world::page(Pence::pounds(3_000_000));
    let effects = vec![LimbEffect::UsesExtension { until }];
    page.limbs.push(Limb { letter: 'd'.into(), text: "The option be used".into(), effects });
    page.in_extension = InExtension { ceiling: Says::Yes, limbs: Says::Yes, blocks: Says::Unknown };
    world.decide(2, page, date(2021, 9, 13)).await;
    let link = |letter: char| {
        let letter = letter.into();
        PowerFact::LimbPost(LimbPost { decision: DecisionId(2), letter, post: PostId(1), relevant: false })
    };
    world.power(&[link('b'), link('c')]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_regional_arrangement_with_term_extension_in_steps_own_use_live_agreements_past_the_end_and_a_successor() {
    both_made(5, AMPLE, async |database| {
        let world = with_arrangement(&database).await;
        let agreement = awarded(&world, 1).await;
        world.at(START, 10);
        let unsigned = Some(UnsignedReason::SignerAway);
        let (reference, version) = (agreement.reference.to_string(), agreement.version);
        let start = StartStay { reference, version, on: START, unsigned };
        world.app.perform(&officer(), "start", start).await.unwrap();
        let longer = ReviewPlannedEnd {
            reference: agreement.reference.to_string(),
            version: version + 1,
            planned_end: date(2022, 3, 1),
            decided_by: Decided::SignedIn,
        };
        world.app.perform(&director(), "longer", longer).await.unwrap();
        let (last_day, lines) = world.app.outliving_agreements(&officer()).await.unwrap();
        assert_eq!((last_day, lines[0].survival.nights_after), (date(2021, 12, 14), 76));
        assert!(lines[0].survival.sentence().starts_with("Survives the end date"));

        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let start = date(2022, 1, 10);
        let may = async || {
            let session = world.app.store.read(Some(HEF)).await.unwrap();
            placewell_app::power::arrangement::may_award(&session, HEF, (date(2021, 9, 13), start)).await
        };
        drop(session);
        let step = |version, months| ExtendTerm {
            slug: "fca".into(),
            version,
            from: None,
            months,
            decided_on: date(2021, 9, 13),
        };
        world.app.perform(&lead(), "first step", step(1, 12)).await.unwrap();
        assert_eq!(code(may().await), "extension_not_decided", "the region's step gives the authority no power");
        let own =
            || DecideOwn { slug: "fca".into(), decision: OwnDecision::UseExtension { until: date(2022, 12, 14) } };
        assert_eq!(code(world.app.perform(&director(), "early", own()).await), "extension_not_decided");
        go_on(&world, date(2022, 12, 14)).await;
        world.app.perform(&director(), "own", own()).await.unwrap();
        let used = world.app.own_arrangement(&director()).await.unwrap();
        let used = used.uses.last().unwrap();
        assert_eq!((used.power.reference.as_str(), used.power.person), ("HEF-2021-0913", DIRECTOR));
        assert_eq!(used.answers.map(|says| says.limbs), Some(Says::Yes));
        may().await.unwrap();
        world.app.perform(&lead(), "second step", step(2, 24)).await.unwrap();
        assert_eq!(code(world.app.perform(&lead(), "beyond", step(3, 1)).await), "option_exhausted");
        let page = world.app.arrangement_page().await.unwrap().unwrap();
        assert_eq!((page.bar.end, page.bar.months_left), (date(2024, 12, 14), 0));

        succeeded(&world).await;
        adopt_successor(&world).await;
        let reference = agreement.reference.to_string();
        world.app.perform(&director(), "offer", offer(&[&reference])).await.unwrap();
        let offered = reread(&world, &reference).await;
        consents(&world, "consent", &offered).await.unwrap();
        world.at(date(2021, 10, 1), 10);
        let open = OpenSuccessor { slug: SUCCESSOR.into(), version: 1 };
        world.app.perform(&lead(), "open", open).await.unwrap();
        let current = world.app.store.read(None).await.unwrap().current_arrangement().await.unwrap().unwrap();
        assert_eq!(current.arrangement.slug, SUCCESSOR);
        let moved = reread(&world, &reference).await;
        assert_eq!((moved.id, moved.moved().map(|to| to.slug.as_str())), (agreement.id, Some(SUCCESSOR)));
        assert!(world.app.store.verify().await.unwrap().faults.is_empty());
    })
    .await;
}
