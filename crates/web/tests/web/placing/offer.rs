//! The impact assessment, held against the children who live at the home on the first night, of whatever authority: each is
//! considered, nobody is known, and an assessment of others goes no further.

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::clock::{Machine, moment_of};
use placewell_app::placing::referral::{AnswerTask, ForChild, SendReferral, StartReferral};
use placewell_domain::homes::home::Sex;
use placewell_domain::id::{AgreementId, BedId, BedUseId, HomeId};
use placewell_domain::nights::Nights;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::placing::child::ChildIdentity;
use placewell_domain::placing::occupancy::{BedUse, Sleeper};
use placewell_domain::placing::referral::{Ask, DeadlineChoice, Plan, Task, Tier};
use placewell_testkit::client::Page;
use placewell_testkit::databases::both;

use super::referral::{Given, TODAY, given, invitation_of, narrative, offer_fields, organisation, profile, send_offer};

const AGREEMENT: i64 = 770_077_001;

/// A child of another authority lives in this bed of the first home, under this agreement.
async fn moves_in(given: &Given, bed: i64, agreement: i64) {
    let other = match given.app.actor_by_email("BIR@example.org").await {
        Ok(actor) => actor,
        Err(_) => organisation(&given.app, "BIR", OrganisationKind::Authority, Role::PlacementOfficer).await,
    };
    let mut work = given.app.store.begin(other.organisation, moment_of(TODAY.at(10, 20, 0, 0))).await.unwrap();
    let home = work.home(HomeId(1)).await.unwrap();
    let nights = Nights::new(date(2021, 9, 1), date(2022, 3, 1)).unwrap();
    let sleeper = Sleeper { agreement: AgreementId(agreement), nights, solo: false };
    let change = BedUse::stay(BedUseId(agreement), &home, BedId(10 + bed), sleeper).unwrap();
    work.apply(change).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

fn of_residents(count: usize) -> Vec<(String, String)> {
    let line = |at| {
        [(format!("resident{at}_band"), "13_to_15".to_owned()), (format!("resident{at}_effect"), "neutral".to_owned())]
    };
    (1..=count).flat_map(line).collect()
}

async fn send_with(given: &Given, path: &str, residents: usize, more: &[(&str, &str)]) -> Page {
    let lines = of_residents(residents);
    let mut fields = offer_fields("4,321");
    fields.extend(lines.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    fields.extend(more);
    given.elm.submit(path, path, &fields).await
}

#[tokio::test]
async fn rule_5_6_an_offer_considers_each_child_who_lives_at_the_home_and_says_of_none_who_it_is() {
    both(async |database| {
        let given = given(&database).await;
        moves_in(&given, 1, AGREEMENT).await;
        moves_in(&given, 2, AGREEMENT + 1).await;
        let elm = invitation_of(&given, 1).await;
        let path = format!("/provider/invitations/{elm}/offer");
        let form = given.elm.get(&path).await;
        assert!(form.body.contains("beds show 2 children on the first night"), "{}", form.body);
        assert!(form.body.contains("resident2_effect") && !form.body.contains("resident3_effect"));
        let none = send_offer(&given.elm, elm, "4,321").await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.body.contains("not 0: give one line for each"), "{}", none.body);
        assert_eq!(send_with(&given, &path, 1, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let half = send_with(&given, &path, 1, &[("resident2_band", "10_to_12")]).await;
        assert!(half.body.contains("Choose what it means for the resident"), "{}", half.body);
        let sent = send_with(&given, &path, 2, &[]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.h1());
        let offer = given.officer.get(&format!("/referrals/{}/offers/1", given.reference)).await;
        assert!(offer.body.contains("show 2 children on the first night. Each is considered."), "{}", offer.body);
        for secret in [&AGREEMENT.to_string(), "Organisation BIR"] {
            assert!(!offer.body.contains(secret) && !form.body.contains(secret), "{secret}");
        }
    })
    .await;
}

#[tokio::test]
async fn rule_5_6_an_assessment_from_before_somebody_moved_in_is_not_recommended_until_the_home_looks_again() {
    both(async |database| {
        let given = given(&database).await;
        let elm = invitation_of(&given, 1).await;
        assert_eq!(send_offer(&given.elm, elm, "4,321").await.status, StatusCode::SEE_OTHER);
        moves_in(&given, 1, AGREEMENT).await;
        let shown = format!("/referrals/{}/offers/1", given.reference);
        assert!(given.officer.get(&shown).await.body.contains("Somebody has moved in or out since"));
        let own = format!("/provider/referrals/{}", given.reference);
        assert!(given.elm.get(&own).await.body.contains("Somebody has moved in or out since"));
        let out = date(2021, 9, 16).at(17, 0, 0, 0);
        let change = format!("/provider/invitations/{elm}/change");
        let again = send_with(&given, &change, 0, &[("amend_reason", "mistake")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a change looks at them again");
        let recommend = format!("/referrals/{}/recommend?offer=1", given.reference);
        given.app.calendar.move_to(out);
        let refused = given.officer.get(&recommend).await;
        assert!(refused.body.contains("does not consider who lives there now"), "{}", refused.body);
        assert!(!refused.body.contains(&AGREEMENT.to_string()));
        let again = send_with(&given, &change, 1, &[("amend_reason", "mistake")]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.h1());
        assert!(!given.officer.get(&shown).await.body.contains("Somebody has moved in or out since"));
        let shown = given.officer.get(&recommend).await;
        assert!(!shown.body.contains("does not consider who lives there now"), "{}", shown.body);
    })
    .await;
}

/// What somebody fills in of an offer, with this sentence on how the home meets the must-have.
fn with_how(how: &str) -> Vec<(&str, &str)> {
    let mut fields = offer_fields("4,321");
    for (name, value) in &mut fields {
        if *name == "how_going_missing" {
            *value = how;
        }
    }
    fields
}

#[tokio::test]
async fn v_04_saved_wording_is_inserted_where_no_sentence_stands_and_nothing_is_sent_by_it() {
    both(async |database| {
        let given = given(&database).await;
        let elm = invitation_of(&given, 1).await;
        let (form, saved) = (format!("/provider/invitations/{elm}/offer"), "/provider/homes/SC400001/wording");
        assert!(!given.elm.get(&form).await.body.contains("Insert saved wording"), "nothing is saved");
        let words = "Staff look for the child within the hour";
        let wrong = given.elm.submit(saved, saved, &[("need", "going_missing"), ("words", words)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("confirm that it tells of no child") && wrong.body.contains(words));
        let other = given.ash.get(saved).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "another provider's");
        let save = [("need", "going_missing"), ("words", words), ("confirmed", "yes")];
        assert_eq!(given.elm.submit(saved, saved, &save).await.status, StatusCode::SEE_OTHER);
        assert!(given.elm.get(saved).await.body.contains(words));

        assert!(given.elm.get(&form).await.body.contains("Insert saved wording"));
        let mut empty = with_how("");
        empty.push(("act", "insert"));
        let shown = given.elm.submit(&form, &form, &empty).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.h1());
        assert!(shown.body.contains(words) && shown.body.contains("it must be true for this child"));
        assert!(shown.body.contains("A good match") && shown.body.contains("4,321"), "what was typed is kept");
        let mut own = with_how("We go out ourselves");
        own.push(("act", "insert"));
        let kept = given.elm.submit(&form, &form, &own).await;
        assert!(
            kept.body.contains("We go out ourselves") && !kept.body.contains(words),
            "a sentence that stands stays"
        );
        let list = given.officer.get(&format!("/referrals/{}/offers/1", given.reference)).await;
        assert_eq!(list.status, StatusCode::NOT_FOUND, "nothing was sent: {}", list.h1());
        let ash = invitation_of(&given, 2).await;
        let rival = given.ash.get(&format!("/provider/invitations/{ash}/offer")).await;
        assert!(!rival.body.contains("Insert saved wording") && !rival.body.contains(words));
    })
    .await;
}

/// Another authority asks the first home for another child: the search's reference, and the invitation's id.
async fn asked_by_another(given: &Given) -> (String, i64) {
    let other = organisation(&given.app, "WOR", OrganisationKind::Authority, Role::PlacementOfficer).await;
    let identity = ChildIdentity {
        family_name: "Other".to_owned(),
        given_names: "Child".to_owned(),
        known_as: None,
        born: date(2008, 6, 1),
        sex: Sex::Female,
        case_number: "2".to_owned(),
        home_postcode: None,
        school: None,
        other_names: Vec::new(),
    };
    let start = StartReferral { child: ForChild::New(identity), sibling_of: None, emergency: None, beside_open: false };
    let receipt = given.app.perform(&other, "start-2", start).await.unwrap();
    let reference = receipt.location.split('/').nth(2).unwrap().to_owned();
    let homes = vec![Ask { home: HomeId(1), tier: Tier::Fca }];
    let answers = AnswerTask {
        reference: reference.clone(),
        version: 1,
        task: Task::Recipients,
        profile: profile(),
        narrative: narrative(),
        plan: Plan { homes, deadline: Some(DeadlineChoice::ThreeWorkingDays), ..Plan::default() },
    };
    given.app.perform(&other, "answers-2", answers).await.unwrap();
    let send = SendReferral { reference: reference.clone(), version: 2, confirmed: Vec::new(), accept_few: true };
    given.app.perform(&other, "send-2", send).await.unwrap();
    let elm = given.people[1].organisation;
    let session = given.app.store.read(Some(elm)).await.unwrap();
    let asked = session.received_by_reference(elm, &reference).await.unwrap();
    (reference, asked[0].id.0)
}

fn with_bed(bed: &str) -> Vec<(&str, &str)> {
    let mut fields = offer_fields("4,321");
    fields.push(("bed", bed));
    fields
}

#[tokio::test]
async fn v_04_a_bed_that_is_offered_twice_is_warned_of_with_the_other_reference_and_the_authority_learns_that_alone() {
    both(async |database| {
        let given = given(&database).await;
        let (reference, second) = asked_by_another(&given).await;
        let first = format!("/provider/invitations/{}/offer", invitation_of(&given, 1).await);
        let second = format!("/provider/invitations/{second}/offer");
        let form = given.elm.get(&first).await;
        for shown in ["Which bed?", "Not decided yet", "Room 1", "Room 3"] {
            assert!(form.body.contains(shown), "{shown}: {}", form.body);
        }
        assert!(!form.body.contains("offered in"), "nothing is offered yet");
        for wrong in ["21", "none"] {
            let refused = given.elm.submit(&first, &first, &with_bed(wrong)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "bed {wrong}");
            assert!(refused.body.contains("or leave it undecided"), "{}", refused.body);
        }
        assert_eq!(given.elm.submit(&second, &second, &with_bed("11")).await.status, StatusCode::SEE_OTHER);

        let form = given.elm.get(&first).await;
        assert!(form.body.contains(&format!("Room 1, offered in {reference}")), "{}", form.body);
        let mut draft = with_bed("11");
        draft.push(("act", "save"));
        assert_eq!(given.elm.submit(&first, &first, &draft).await.status, StatusCode::SEE_OTHER);
        let form = given.elm.get(&first).await;
        assert!(form.body.contains(&format!("Room 1 is also offered in {reference}")), "{}", form.body);
        assert_eq!(given.elm.submit(&first, &first, &with_bed("11")).await.status, StatusCode::SEE_OTHER);
        let day = given.elm.get("/home").await;
        assert!(day.body.contains(&format!("the same bed is offered in {reference}")), "{}", day.body);
        let change = given.elm.get(&first.replace("/offer", "/change")).await;
        assert!(change.body.contains(&format!("Room 1 is also offered in {reference}")), "{}", change.body);
        let rival = given.ash.get(&format!("/provider/invitations/{}/offer", invitation_of(&given, 2).await)).await;
        assert!(!rival.body.contains(&reference), "another provider's");

        given.app.calendar.move_to(date(2021, 9, 16).at(17, 0, 0, 0));
        let compared = given.officer.get(&format!("/referrals/{}/offers/compare", given.reference)).await;
        assert!(compared.body.contains("The home offers this bed to another search, too"), "{}", compared.body);
        assert!(!compared.body.contains(&reference), "whose search the other is, stays with the provider");
    })
    .await;
}

#[tokio::test]
async fn v_04_a_bed_that_somebody_has_on_the_nights_is_neither_shown_nor_taken() {
    both(async |database| {
        let given = given(&database).await;
        moves_in(&given, 1, AGREEMENT).await;
        let path = format!("/provider/invitations/{}/offer", invitation_of(&given, 1).await);
        let form = given.elm.get(&path).await;
        assert!(!form.body.contains("Room 1") && form.body.contains("Room 2"), "{}", form.body);
        let refused = send_with(&given, &path, 1, &[("bed", "11")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Choose a bed of the home that is free"), "{}", refused.body);
        assert_eq!(send_with(&given, &path, 1, &[("bed", "12")]).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn v_04_an_officer_who_enters_an_offer_names_the_bed_and_the_offers_page_shows_it() {
    both(async |database| {
        let given = given(&database).await;
        moves_in(&given, 1, AGREEMENT).await;
        // Another search has a bed of the home offered: whose it is, stays with the provider.
        let (elsewhere, second) = asked_by_another(&given).await;
        let second = format!("/provider/invitations/{second}/offer");
        assert_eq!(send_with(&given, &second, 1, &[("bed", "12")]).await.status, StatusCode::SEE_OTHER);
        let path = format!("/referrals/{}/asked/1/offer", given.reference);
        let form = given.officer.get(&path).await;
        for shown in ["Which bed?", "Not decided yet", "Room 2", "Room 3"] {
            assert!(form.body.contains(shown), "{shown}: {}", form.body);
        }
        assert!(!form.body.contains("Room 1") && !form.body.contains(&elsewhere), "{}", form.body);

        let (spoken, residents) = (offer_fields("4,321"), of_residents(1));
        let enter = async |bed: &'static str| {
            let mut fields = spoken.clone();
            fields.extend(residents.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            fields.extend([("channel", "phone"), ("said_at", "2021-09-13"), ("said_at_time", "10am")]);
            fields.extend([("said_by", "The manager"), ("evidence", "Offers a bed."), ("bed", bed)]);
            given.officer.submit(&path, &path, &fields).await
        };
        for taken in ["11", "21", "none"] {
            let refused = enter(taken).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "bed {taken}");
            assert!(refused.body.contains("or leave it undecided"), "{}", refused.body);
        }
        let entered = enter("13").await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
        let page = format!("/referrals/{}/offers/1", given.reference);
        let shown = given.officer.get(&page).await;
        assert!(shown.body.contains("Room 3") && !shown.body.contains("Not decided yet"), "{}", shown.body);
        let close = format!("{page}/not-chosen");
        let unsaid = given.officer.submit(&page, &close, &[]).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unsaid.body.contains("Room 3"), "the page with its error still says which bed");
    })
    .await;
}

#[tokio::test]
async fn v_04_an_offer_that_names_no_bed_says_that_it_is_not_decided() {
    both(async |database| {
        let given = given(&database).await;
        let elm = invitation_of(&given, 1).await;
        assert_eq!(send_offer(&given.elm, elm, "4,321").await.status, StatusCode::SEE_OTHER);
        let shown = given.officer.get(&format!("/referrals/{}/offers/1", given.reference)).await;
        assert!(shown.body.contains("Not decided yet"), "{}", shown.body);
    })
    .await;
}
