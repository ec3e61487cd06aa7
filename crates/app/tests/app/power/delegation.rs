//! From a limb to a person: recorded link by link, and refused where one is missing.

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::power::delegation::{EndPower, PowerFact, RecordPower, power_of, statutory_of, urgency_of};
use placewell_domain::id::{DecisionId, PostId};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::approval::GivenBasis;
use placewell_domain::power::delegation::{
    Act, Holding, HoldingKind, LimbPost, OnCall, Post, PostGrade, Power, PowerQuestion, Remit, RemitArea,
    StatutoryAppointment, StatutoryBasis, StatutoryOffice, SubDelegation, Through, UrgencyPower, UrgencyUse,
};
use placewell_testkit::databases::both;

use super::{Given, given};
use crate::award::world::{HEF, MONITORING, World, actor, both_made, officer};

pub async fn record(given: &Given, key: &str, fact: PowerFact) {
    given.app.perform(&given.democratic, key, RecordPower { replaces: None, fact }).await.unwrap();
}

/// A post for limb (b), found again by its title.
async fn post(given: &Given, title: &str, grade: PostGrade, remit: Remit, relevant: bool) -> PostId {
    let organisation = given.democratic.organisation;
    let new =
        Post { id: PostId(0), organisation, title: title.into(), grade, remit, from: date(2018, 1, 1), to: OPEN_END };
    record(given, title, PowerFact::Post(new)).await;
    let found = given.app.delegations(&given.democratic).await.unwrap();
    let id = found.posts.iter().find(|held| held.post.title == title).unwrap().post.id;
    let decision = found.limbs[0].decision;
    let link = LimbPost { decision, letter: 'b'.into(), post: id, relevant };
    record(given, &format!("{title} limb"), PowerFact::LimbPost(link)).await;
    id
}

fn hold(post: PostId, actor: &Actor, kind: HoldingKind) -> PowerFact {
    PowerFact::Holding(Holding { post, person: actor.person, kind, from: date(2019, 1, 1), to: OPEN_END })
}

async fn may_award(given: &Given, actor: &Actor) -> Result<String, String> {
    let session = given.app.store.read(Some(actor.organisation)).await.unwrap();
    let question = PowerQuestion {
        act: Act::AwardPlacement,
        about_spot: false,
        case: RemitArea::ChildrenLookedAfter,
        person: actor.person,
        asked_by: Some(given.officer.person),
    };
    match power_of(&session, actor.organisation, &question, given.app.calendar.now()).await {
        Ok(power) => Ok(format!("{} {}", power.letter, power.through.name())),
        Err(Outcome::Refused(refusal)) => Err(refusal.code),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn x_01_whoever_keeps_people_reads_their_posts_and_remits_and_gives_none() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        given.go_to(date(2019, 2, 4));
        let remit = Remit::Stated(vec![RemitArea::Education]);
        let assistant = post(&given, "Assistant Director, Education", PostGrade::AssistantDirector, remit, true).await;
        record(&given, "held", hold(assistant, &given.approver, HoldingKind::Holder)).await;
        let keeper = Actor { role: Role::Administrator, ..given.finance.clone() };
        let read = given.app.posts_of(&keeper, given.approver.person).await.unwrap();
        let [(post, held)] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!((post.remit.words(), held.kind.words()), ("Education".to_owned(), "Holder".to_owned()));
        assert_eq!(given.app.posts_of(&keeper, given.officer.person).await.unwrap(), []);
        let officer = given.app.posts_of(&given.officer, given.approver.person).await;
        assert!(matches!(officer, Err(Outcome::Forbidden(Action::KeepPeople))), "{officer:?}");
        let command = RecordPower { replaces: None, fact: hold(assistant, &keeper, HoldingKind::Holder) };
        let own = given.app.perform(&keeper, "own", command).await;
        assert!(matches!(own, Err(Outcome::Forbidden(Action::RecordDelegation))), "{own:?}");
    })
    .await;
}

#[tokio::test]
async fn rule_1_1_the_chain_from_limb_to_person_is_recorded_link_by_link() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        assert_eq!(may_award(&given, &given.approver).await, Err("decision_not_effective".into()));
        given.go_to(date(2019, 2, 4));
        assert_eq!(may_award(&given, &given.approver).await, Err("not_a_named_post".into()));
        let director =
            post(&given, "Director of Children and Families", PostGrade::Director, Remit::Whole, false).await;
        record(&given, "cover", hold(director, &given.approver, HoldingKind::Cover)).await;
        assert_eq!(may_award(&given, &given.approver).await, Err("cover_moves_tasks".into()));
        record(&given, "hold", hold(director, &given.approver, HoldingKind::Holder)).await;
        assert_eq!(may_award(&given, &given.approver).await, Ok("b holder".into()));
        assert_eq!(may_award(&given, &given.officer).await, Err("requester_cannot_approve".into()));
        let acting = HoldingKind::Acting { instrument: "Letter of 1 February 2019".into() };
        record(&given, "acting", hold(director, &given.finance, acting)).await;
        assert_eq!(may_award(&given, &given.finance).await, Ok("b acting".into()));
        let mine = given.app.my_powers(&given.approver, RemitArea::ChildrenLookedAfter).await.unwrap();
        let spot = mine.iter().find(|(act, _)| *act == Act::SpotPurchase).unwrap();
        assert!(spot.1.is_err(), "limb (c) is not linked to the post");
    })
    .await;
}

#[tokio::test]
async fn rule_1_1_a_relevant_assistant_directors_remit_must_cover_the_case() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        given.go_to(date(2019, 2, 4));
        let remit = Remit::Stated(vec![RemitArea::Education]);
        let assistant = post(&given, "Assistant Director, Education", PostGrade::AssistantDirector, remit, true).await;
        record(&given, "hold", hold(assistant, &given.approver, HoldingKind::Holder)).await;
        assert_eq!(may_award(&given, &given.approver).await, Err("outside_remit".into()));
    })
    .await;
}

#[tokio::test]
async fn an_acting_appointment_without_instrument_or_of_a_stranger_is_told_by_field() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        given.go_to(date(2019, 2, 4));
        let stranger = super::authority(&given.app, "SHR").await.remove(1);
        let director =
            post(&given, "Director of Children and Families", PostGrade::Director, Remit::Whole, false).await;
        let wrong = async |fact| {
            let command = RecordPower { replaces: None, fact };
            match given.app.perform(&given.democratic, &format!("{command:?}"), command).await {
                Err(Outcome::Invalid(invalid)) => invalid.errors[0].field.clone(),
                other => panic!("{other:?}"),
            }
        };
        let acting = HoldingKind::Acting { instrument: String::new() };
        assert_eq!(wrong(hold(director, &given.approver, acting)).await, "instrument");
        assert_eq!(wrong(hold(director, &stranger, HoldingKind::Holder)).await, "person");
        assert_eq!(wrong(hold(PostId(7), &given.approver, HoldingKind::Holder)).await, "post");
    })
    .await;
}

#[tokio::test]
async fn rule_1_3_urgency_is_recorded_as_it_was_with_and_without_a_recorded_power() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        given.go_to(date(2019, 2, 4));
        let org = given.approver.organisation;
        let used = async || {
            let session = given.app.store.read(Some(org)).await.unwrap();
            urgency_of(&session, org, given.approver.person, given.app.calendar.now()).await.unwrap()
        };
        assert_eq!(used().await.words(), "Made without recorded power");
        let director =
            post(&given, "Director of Children and Families", PostGrade::Director, Remit::Whole, false).await;
        record(&given, "hold", hold(director, &given.approver, HoldingKind::Holder)).await;
        let clause = UrgencyPower {
            authority: org,
            clause: "Constitution 3.7".into(),
            posts: vec![director],
            from: date(2019, 1, 1),
            to: OPEN_END,
        };
        record(&given, "urgency", PowerFact::UrgencyPower(clause)).await;
        assert!(matches!(used().await, UrgencyUse::Recorded { post: Some(_), .. }));
    })
    .await;
}

#[tokio::test]
async fn rule_1_4_a_trusts_director_answers_for_the_responsible_authority_across_organisations() {
    both(async |database| {
        let given = given(&database).await;
        let trust = super::authority(&given.app, "BCT").await.remove(1);
        let org = given.democratic.organisation;
        let held = StatutoryAppointment {
            authority: org,
            office: StatutoryOffice::DirectorOfChildrensServices,
            person: given.approver.person,
            basis: StatutoryBasis::Appointed,
            from: date(2018, 1, 1),
            to: OPEN_END,
        };
        record(&given, "statutory", PowerFact::Statutory(held)).await;
        let office = StatutoryOffice::DirectorOfChildrensServices;
        let now = given.app.calendar.now();
        let session = given.app.store.read(Some(trust.organisation)).await.unwrap();
        let director = statutory_of(&session, org, office, given.approver.person, now).await;
        assert!(director.is_ok(), "the trust's record knows the responsible authority's director");
        let deputy = statutory_of(&session, org, office, trust.person, now).await;
        assert!(matches!(deputy, Err(Outcome::Refused(refusal)) if refusal.code == "not_the_statutory_director"));
    })
    .await;
}

#[tokio::test]
async fn rule_1_1_a_holding_is_ended_once_and_its_power_ends_with_it() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        given.go_to(date(2019, 2, 4));
        let director = post(&given, "Director", PostGrade::Director, Remit::Whole, false).await;
        record(&given, "hold", hold(director, &given.approver, HoldingKind::Holder)).await;
        let id = given.app.delegations(&given.democratic).await.unwrap().posts[0].holders[0].id;
        let end = |kind: &str, last| EndPower { kind: kind.into(), id, last };
        let other = given.app.perform(&given.democratic, "other", end("post", date(2019, 2, 8))).await;
        assert!(matches!(other, Err(Outcome::NotFound)), "a post is not ended this way");
        let role = given.app.perform(&given.finance, "role", end("holding", date(2019, 2, 8))).await;
        assert!(matches!(role, Err(Outcome::Forbidden(_))));
        given.app.perform(&given.democratic, "end", end("holding", date(2019, 2, 8))).await.unwrap();
        assert_eq!(may_award(&given, &given.approver).await, Ok("b holder".into()), "until its last day");
        given.go_to(date(2019, 2, 9));
        assert!(may_award(&given, &given.approver).await.is_err());
        let again = given.app.perform(&given.democratic, "again", end("holding", date(2019, 2, 20))).await;
        assert!(matches!(again, Err(Outcome::Refused(refusal)) if refusal.code == "already_ended"));
    })
    .await;
}

#[tokio::test]
async fn rule_1_3_nobody_is_put_on_call_after_the_duty_is_over() {
    both(async |database| {
        let given = given(&database).await;
        let duty = |from: jiff::civil::DateTime, to| RecordPower {
            replaces: None,
            fact: PowerFact::OnCall(OnCall { person: given.approver.person, from, to }),
        };
        let (noon, five) = (date(2019, 1, 13).at(12, 0, 0, 0), date(2019, 1, 13).at(17, 0, 0, 0));
        let over = given.app.perform(&given.democratic, "over", duty(noon, five)).await;
        assert!(matches!(over, Err(Outcome::Refused(refusal)) if refusal.code == "duty_over"));
        let turned = given.app.perform(&given.democratic, "turned", duty(five, noon)).await;
        assert!(matches!(turned, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "to"));
        let night = duty(date(2019, 1, 14).at(17, 0, 0, 0), date(2019, 1, 15).at(9, 0, 0, 0));
        given.app.perform(&given.democratic, "night", night).await.unwrap();
        assert_eq!(given.app.delegations(&given.democratic).await.unwrap().on_call.len(), 1);
    })
    .await;
}

/// A power to award passed on to somebody in no post of the limb, by an instrument that the parent scheme permits.
fn passed_on() -> SubDelegation {
    SubDelegation {
        decision: DecisionId(1),
        letter: 'b'.into(),
        by_post: PostId(1),
        title: "Head of Placements".into(),
        person: MONITORING,
        acts: vec![Act::AwardPlacement],
        instrument: "Scheme of 1 April 2021".into(),
        permitted_by: Some("Constitution 3.4".into()),
        from: date(2021, 4, 1),
        to: date(2022, 4, 1),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_1_an_officer_awards_under_a_recorded_sub_delegation_and_the_award_cites_the_whole_chain() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = world.recommend(&referral, "r").await.unwrap().location.rsplit('/').next().unwrap().to_owned();
        let head = actor(MONITORING, HEF, Role::Approver);
        let before = world.approve(&head, &asked, "before", false).await;
        assert!(matches!(before, Err(Outcome::Refused(refusal)) if refusal.code == "not_a_named_post"));
        world.power(&[PowerFact::SubDelegation(passed_on())]).await;
        world.approve(&head, &asked, "under", false).await.unwrap();
        let chain = Power {
            act: Act::AwardPlacement,
            decision: DecisionId(1),
            reference: "HEF-2019-0114".into(),
            letter: 'b'.into(),
            effective_from: date(2019, 1, 19),
            post: PostId(1),
            title: "Director".into(),
            person: MONITORING,
            through: Through::SubDelegated {
                instrument: "Scheme of 1 April 2021".into(),
                clause: "Constitution 3.4".into(),
                from: Some(date(2021, 4, 1)),
                to: Some(date(2022, 4, 1)),
            },
        };
        let view = world.app.approval_view(&head, &asked).await.unwrap();
        let given = view.approval.state.given().unwrap();
        assert_eq!((given.by, &given.basis), (MONITORING, &GivenBasis::Limb { power: chain.clone() }));
        let agreed = world.app.agreement_view(&officer(), "HEF-A-0001").await.unwrap().agreement;
        let [rests] = agreed.rests_on.as_slice() else { panic!("{:?}", agreed.rests_on) };
        assert_eq!((rests.by, &rests.basis), (MONITORING, &GivenBasis::Limb { power: chain }));
    })
    .await;
}
