//! Rule 1.3 and 1.5 end to end: urgency recorded and unrecorded, at night, by word of mouth, and put right afterwards.

use jiff::civil::{Date, date};
use placewell_app::placing::agreement::{CancelAgreement, Decided, EndAgreement, PutRight, StartStay};
use placewell_app::placing::approval::{ConfirmNight, ConfirmVerbal, Recommend, RecordVerbal, emergency_sheet};
use placewell_app::power::delegation::PowerFact;
use placewell_domain::id::{PersonId, PostId};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::placing::agreement::{CancelReason, EndReason, UnsignedReason};
use placewell_domain::power::decision::{DecisionPage, InExtension, Limb, LimbEffect, Says};
use placewell_domain::power::delegation::{OnCall, PostGrade, Ratification, UrgencyPower};
use placewell_testkit::databases::both;

use super::world::{
    DEPUTY, DIRECTOR, HEF, MONITORING, TOMORROW, World, actor, both_made, director, officer, page, recommendation,
};
use super::{HEREFORDSHIRE, code, last, one_agreement};

const CLAUSE: &str = "Constitution, part 3, section 7.4";

fn recorded() -> PowerFact {
    let (from, to) = (date(2018, 1, 1), OPEN_END);
    PowerFact::UrgencyPower(UrgencyPower { authority: HEF, clause: CLAUSE.into(), posts: vec![PostId(1)], from, to })
}

fn on_call(person: PersonId) -> PowerFact {
    let (from, to) = (date(2021, 9, 12).at(17, 0, 0, 0), date(2021, 9, 13).at(9, 0, 0, 0));
    PowerFact::OnCall(OnCall { person, from, to })
}

fn deputy() -> placewell_domain::office::person::Actor {
    actor(DEPUTY, HEF, Role::Approver)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_3_above_the_ceiling_an_award_goes_on_only_under_the_recorded_urgency_power() {
    both_made(3, Pence::pounds(1_000), async |database| {
        let world = World::opened(&database).await;
        world.power(&[recorded()]).await;
        let referral = world.referral(1, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        assert_eq!(code(world.approve(&director(), &asked, "n", false).await), "ceiling_reached");
        assert_eq!(code(world.approve(&deputy(), &asked, "d", true).await), "not_the_urgency_holder");
        world.approve(&director(), &asked, "y", true).await.unwrap();
        let agreement = one_agreement(&world).await;
        assert_eq!(agreement.rests_on[0].basis.sentence(), format!("Made under urgency power: {CLAUSE}."));
        assert!(!agreement.without_recorded_power());
        world.app.do_due_jobs().await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let grants = session.over_grants(HEF).await.unwrap();
        assert_eq!((grants.len(), grants[0].reason.code(), grants[0].words.as_str()), (1, "urgency", CLAUSE));
        let totals = session.ledger_year(HEF, date(2020, 12, 15)).await.unwrap().unwrap().totals;
        assert_eq!(totals.over, Pence::pounds(40_500), "all that is above the ceiling is excepted");
        assert!(session.ledger_faults(HEF).await.unwrap().is_empty());
        assert_eq!(session.decisions(HEF).await.unwrap().len(), 1, "no decision is opened");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_3_urgency_is_no_way_round_the_post_where_the_annual_value_holds_the_award() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(1, &[4_150], true, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        assert_eq!(code(world.approve(&deputy(), &asked, "d", false).await), "cover_moves_tasks");
        assert_eq!(code(world.approve(&deputy(), &asked, "u", true).await), "urgency_not_called_for");
        let (said_at, seen) = (date(2021, 9, 13).at(10, 20, 0, 0), world.seen(&asked).await);
        let verbal = RecordVerbal { reference: asked.clone(), version: 1, by: DEPUTY, said_at, seen, urgent: true };
        assert_eq!(code(world.app.perform(&officer(), "v", verbal).await), "urgency_not_called_for");
        let view = world.app.approval_view(&deputy(), &asked).await.unwrap();
        assert!(!view.urgency && view.mine.is_err(), "the page offers no urgency");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_3_at_night_anybody_on_call_and_the_director_confirms_by_noon_of_the_next_working_day() {
    both_made(3, Pence::pounds(1_000), async |database| {
        let world = World::opened(&database).await;
        world.power(&[recorded(), on_call(DEPUTY)]).await;
        world.at(date(2021, 9, 13), 8);
        let referral = world.referral(1, &[4_150], true, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.at(date(2021, 9, 13), 10);
        let seen = world.seen(&asked).await;
        let verbal = |hour| RecordVerbal {
            seen: seen.clone(),
            reference: asked.clone(),
            version: 1,
            by: DEPUTY,
            said_at: date(2021, 9, 13).at(hour, 30, 0, 0),
            urgent: true,
        };
        assert_eq!(code(world.app.perform(&officer(), "day", verbal(9)).await), "not_the_urgency_holder");
        world.app.perform(&officer(), "night", verbal(8)).await.unwrap();
        let due = world.app.confirmations(&director()).await.unwrap();
        let found: Vec<(&str, bool, bool)> = due.iter().map(|d| (d.due.kind.code(), d.mine, d.overdue)).collect();
        assert_eq!(found, [("verbal", false, false), ("night", true, false)]);
        assert!(due.iter().all(|due| due.due.by == date(2021, 9, 14).at(12, 0, 0, 0)));
        world.at(date(2021, 9, 14), 13);
        let late = world.app.confirmations(&officer()).await.unwrap();
        assert!(late.len() == 2 && late.iter().all(|due| due.overdue), "counted until confirmed, also when late");
        let night = |version| ConfirmNight { reference: asked.clone(), version };
        assert_eq!(code(world.app.perform(&deputy(), "own", night(2)).await), "not_the_director");
        world.app.perform(&director(), "confirm", night(2)).await.unwrap();
        assert_eq!(code(world.app.perform(&director(), "again", night(3)).await), "nothing_to_confirm");
        let say = ConfirmVerbal { reference: asked.clone(), version: 3 };
        world.app.perform(&deputy(), "said", say).await.unwrap();
        assert!(world.app.confirmations(&officer()).await.unwrap().is_empty());
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let given = session.approval(HEF, &asked).await.unwrap().state.given().cloned().unwrap();
        assert_eq!(given.director.unwrap().0, DIRECTOR);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_3_with_no_decision_in_force_a_start_is_recorded_and_never_shown_under_a_limb() {
    both(async |database| {
        let world = World::before_adoption(&database, HEREFORDSHIRE, 3).await;
        let treasurer = PowerFact::Post(placewell_domain::power::delegation::Post {
            id: PostId(3),
            organisation: HEF,
            title: "Section 151 officer".into(),
            grade: PostGrade::Section151Officer,
            remit: placewell_domain::power::delegation::Remit::Whole,
            from: date(2018, 1, 1),
            to: OPEN_END,
        });
        world.power(&[treasurer]).await;
        let planned = world.referral(1, &[900], false, HEF).await;
        assert_eq!(code(world.recommend(&planned, "p").await), "no_annual_value");
        let referral = world.referral(2, &[4_150], true, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        assert_eq!(code(world.approve(&director(), &asked, "n", false).await), "no_decision");
        world.approve(&director(), &asked, "y", true).await.unwrap();
        let agreement = one_agreement(&world).await;
        assert!(agreement.to_put_right());
        assert_eq!(agreement.added.opened.as_deref(), Some("HEF-2021-U001"));
        assert_eq!(agreement.rests_on[0].basis.code(), "without_recorded_power");
        world.app.do_due_jobs().await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert!(session.ledger_years(HEF).await.unwrap().is_empty(), "no decision adopts a year");
        assert_eq!(session.over_grants(HEF).await.unwrap()[0].reason.code(), "without_recorded_power");
        let address = session.person_email(MONITORING).await.unwrap();
        let mails = session.mails(HEF, 50).await.unwrap();
        assert!(mails.iter().any(|mail| mail.recipient == address && mail.subject.contains("without recorded power")));
        let events = session.timeline(HEF, "agreement", agreement.id.0).await.unwrap();
        assert!(events.iter().all(|event| event.event.facts.iter().all(|(name, _)| name != "limb")));
        drop(session);
        let reference = agreement.reference.to_string();
        world.at(TOMORROW, 9);
        let start = StartStay {
            reference: reference.clone(),
            version: 1,
            on: TOMORROW,
            unsigned: Some(UnsignedReason::Emergency),
        };
        world.app.perform(&officer(), "s", start).await.unwrap();
        let right = |version, how, decision: &str| PutRight {
            reference: reference.clone(),
            version,
            how,
            decision: decision.into(),
        };
        let early = right(2, Ratification::End, "");
        assert_eq!(code(world.app.perform(&officer(), "early", early).await), "not_put_right");
        let unknown = right(2, Ratification::Ratify, "HEF-2021-0999");
        assert_eq!(code(world.app.perform(&officer(), "unknown", unknown).await), "no_such_decision");
        world.at(date(2021, 9, 20), 9);
        let end = EndAgreement {
            reference: reference.clone(),
            version: 2,
            on: date(2021, 9, 18),
            planned: false,
            reason: EndReason::CarePlan,
            decided_by: Decided::SignedIn,
        };
        world.app.perform(&director(), "end", end).await.unwrap();
        world.app.perform(&officer(), "right", right(3, Ratification::End, "")).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement(HEF, &reference).await.unwrap();
        assert!(agreement.without_recorded_power() && !agreement.to_put_right(), "it stays what it was");
        assert!(world.app.store.row_faults(HEF).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_3_a_start_without_power_that_never_began_is_put_right_by_its_end() {
    both_made(3, Pence::pounds(1_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(1, &[4_150], true, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "y", true).await.unwrap();
        let reference = one_agreement(&world).await.reference.to_string();
        let cancel = CancelAgreement {
            reference: reference.clone(),
            version: 1,
            reason: CancelReason::StaysHome,
            decided_by: Decided::SignedIn,
        };
        world.app.perform(&director(), "c", cancel).await.unwrap();
        let right =
            PutRight { reference: reference.clone(), version: 2, how: Ratification::End, decision: String::new() };
        world.app.perform(&officer(), "p", right).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let totals = session.ledger_year(HEF, date(2020, 12, 15)).await.unwrap().unwrap().totals;
        assert_eq!((totals.committed, totals.over), (Pence::ZERO, Pence::ZERO), "the excess is paid back first");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_3_a_start_in_more_than_a_working_day_is_no_emergency() {
    both_made(3, Pence::pounds(1_000), async |database| {
        let world = World::opened(&database).await;
        world.at(date(2021, 9, 10), 9);
        let referral = world.referral(1, &[4_150], true, HEF).await;
        assert_eq!(code(world.recommend(&referral, "r").await), "ceiling_reached", "Friday to Tuesday");
    })
    .await;
}

/// The extended term: its limbs go on, and of the ceiling the decision says this.
fn extended(ceiling: Pence, says: Says) -> DecisionPage {
    let mut page = page(ceiling);
    let uses = LimbEffect::UsesExtension { until: date(2024, 12, 14) };
    page.limbs.push(Limb { letter: 'd'.into(), text: "The term be extended".into(), effects: vec![uses] });
    page.in_extension = InExtension { ceiling: says, limbs: Says::Yes, blocks: Says::Unknown };
    page
}

/// Recommends to a planned end of its own.
async fn recommend_to(world: &World, referral: &str, planned_end: Date) -> String {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let version = session.referral_by_reference(HEF, referral).await.unwrap().version;
    let command = Recommend { planned_end, ..recommendation(referral, version) };
    last(&world.app.perform(&officer(), "r", command).await.unwrap().location)
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_3_under_a_recorded_power_adopted_years_are_committed_and_the_rest_is_an_exception() {
    both(async |database| {
        let world = World::before_adoption(&database, HEREFORDSHIRE, 3).await;
        world.decide(1, extended(Pence::pounds(100_000), Says::Unknown), date(2019, 1, 14)).await;
        world.timers().await;
        world.power(&[recorded()]).await;
        let referral = world.referral(1, &[4_150], true, HEF).await;
        let asked = recommend_to(&world, &referral, date(2022, 2, 7)).await;
        assert_eq!(code(world.approve(&director(), &asked, "n", false).await), "no_annual_value");
        world.approve(&director(), &asked, "y", true).await.unwrap();
        let (whole, adopted) = (Pence(8_655_714), Pence(5_454_286));
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let stands = async |year| session.ledger_year(HEF, year).await.unwrap().map(|row| row.totals.committed);
        assert_eq!(stands(date(2020, 12, 15)).await, Some(adopted), "92 nights until the year's end");
        assert_eq!(stands(date(2021, 12, 15)).await, None);
        let grants = session.over_grants(HEF).await.unwrap();
        let mut years: Vec<(Date, Pence)> = grants.iter().flat_map(|grant| grant.years.clone()).collect();
        years.sort_unstable();
        assert_eq!(years, [(date(2020, 12, 15), adopted), (date(2021, 12, 15), whole - adopted)]);
        assert!(grants.iter().all(|grant| grant.reason.code() == "urgency" && grant.person == DIRECTOR));
        assert!(session.ledger_faults(HEF).await.unwrap().is_empty());
        world.decide(2, extended(Pence::pounds(100_000), Says::Yes), date(2021, 9, 13)).await;
        assert_eq!(world.timers().await, 1);
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let next = session.ledger_year(HEF, date(2021, 12, 15)).await.unwrap().unwrap().totals;
        assert_eq!((next.committed, next.over), (whole - adopted, Pence::ZERO), "adopted later, it takes the stay in");
        assert!(session.ledger_faults(HEF).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_3_a_start_without_power_is_committed_when_a_decision_puts_it_right() {
    both(async |database| {
        let world = World::before_adoption(&database, HEREFORDSHIRE, 3).await;
        let referral = world.referral(1, &[4_150], true, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "y", true).await.unwrap();
        let agreement = one_agreement(&world).await;
        assert!(agreement.without_recorded_power());
        world.decide(1, page(Pence::pounds(40_000)), date(2021, 9, 13)).await;
        world.at(TOMORROW, 9);
        let right = PutRight {
            reference: agreement.reference.to_string(),
            version: agreement.version,
            how: Ratification::Ratify,
            decision: "HEF-2021-0913".into(),
        };
        world.app.perform(&officer(), "p", right).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let totals = session.ledger_year(HEF, date(2020, 12, 15)).await.unwrap().unwrap().totals;
        // 76 nights from 14 September to 29 November.
        assert_eq!(totals.committed, Pence(4_505_714));
        assert_eq!(totals.over, Pence(505_714), "above the ceiling it stands in red, with its reason");
        assert!(session.ledger_faults(HEF).await.unwrap().is_empty());
        let steps = session.ceiling_steps(HEF).await.unwrap();
        drop(session);
        world.timers().await;
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.ceiling_steps(HEF).await.unwrap(), steps, "the decision's ceilings were set with it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_3_the_director_sees_the_share_of_emergencies_by_authority_officer_provider_and_cause() {
    both_made(3, Pence::pounds(200_000), async |database| {
        let world = World::opened(&database).await;
        for (number, emergency) in [(1, true), (2, false)] {
            let referral = world.referral(number, &[4_150], emergency, HEF).await;
            let asked = last(&world.recommend(&referral, &format!("r{number}")).await.unwrap().location);
            world.approve(&director(), &asked, &format!("a{number}"), false).await.unwrap();
        }
        let before = world.app.emergencies(&director(), None).await.unwrap();
        assert_eq!((before.all.emergencies, before.all.starts), (0, 0), "nobody has started yet");
        for (number, on) in [(1, TOMORROW), (2, date(2021, 9, 20))] {
            world.at(on, 9);
            let reference = format!("HEF-A-{number:04}");
            let start = StartStay { reference, version: 1, on, unsigned: Some(UnsignedReason::Emergency) };
            world.app.perform(&officer(), &format!("s{number}"), start).await.unwrap();
        }
        let found = world.app.emergencies(&director(), None).await.unwrap();
        assert_eq!((found.all.emergencies, found.all.starts, found.all.per_cent()), (1, 2, 50));
        for lines in [&found.authorities, &found.officers, &found.providers] {
            let shares: Vec<(usize, usize)> = lines.iter().map(|line| (line.emergencies, line.starts)).collect();
            assert_eq!(shares, [(1, 2)], "{lines:?}");
            assert!(!lines[0].by.is_empty());
        }
        assert_eq!((found.causes.len(), found.causes[0].emergencies), (1, 1));
        let csv = String::from_utf8(emergency_sheet(&found).csv().unwrap()).unwrap();
        assert!(csv.contains("2021-09-01,Provider,Organisation larkrise,1,2,50"), "{csv}");
        let other = world.app.emergencies(&director(), Some(date(2021, 8, 9))).await.unwrap();
        assert_eq!(other.all.starts, 0);
    })
    .await;
}
