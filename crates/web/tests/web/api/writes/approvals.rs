//! Requests for approval: refused, taken back, passed on, given by word of mouth and confirmed; at night somebody on call gives
//! one that the annual value does not hold, and the Director confirms it; an emergency that no recorded power carries, what
//! follows it, and how it is put right.

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_app::power::annual_value::{Allowed, commit};
use placewell_domain::change::Event;
use placewell_domain::id::AgreementId;
use placewell_domain::money::Pence;
use placewell_domain::nights::ChargedDays;
use placewell_domain::placing::referral::EmergencyCause;
use placewell_domain::placing::referral::standard::NeededBy;
use placewell_domain::power::annual_value::{Commitment, Route, Share, ValueKind, ValueLine};
use serde_json::{Value, json};

use super::agreements;
use super::steps::{ADMINISTRATOR, CLERK, DIRECTOR, OFFICER, Step, Typed, take, take_knowing};
use crate::api::world::World;
use crate::api::{canary, delegation, email, road};
use Step::{Fill, Find, Move, Send};

pub const REFERRAL: &str = "/referrals/HEF-R-0001";
/// The first of both offers, to the planned end that is known as `until`.
pub const RECOMMEND: &str = r#"{
    "offer": 1, "planned_end": "$until", "case": "children_looked_after",
    "reasons": [
        {"offer": 1, "for_it": "Keeps the school", "against": "Further from the family"},
        {"offer": 2, "for_it": "Nearer to the family", "against": "Another school", "not_chosen": "better_match"}
    ],
    "wishes": "ascertained", "wishes_words": "To stay near school", "most_appropriate": true, "in_care_plan": true,
    "relatives": "consulted", "reviewing_officer": "2021-09-10", "area_authority": "2021-09-10", "care_plan_sent": true,
    "circumstances": "The school weighs more for her than the way"
}"#;

const SECOND: &str = "/approvals/HEF-D-0002";
const THIRD: &str = "/approvals/HEF-D-0003";
const FOURTH: &str = "/approvals/HEF-D-0004";
const REFUSE: &str = "/approvals/HEF-D-0003/refuse";
const SAID: &str = r#"{"person": "$approver", "said_at": "2021-09-16T17:00:00", "facts_hash": "$seen"}"#;

/// Four requests for one offer, each from the one before that came to nothing; the last gives an agreement.
const DECIDED: &[Step] = &[
    Find(ADMINISTRATOR, "/people", "/items", ("role", "approver"), "person", "approver"),
    Find(ADMINISTRATOR, "/people", "/items", ("role", "finance_officer"), "person", "finance"),
    Move(date(2021, 9, 16), 17),
    Send(OFFICER, "/referrals/HEF-R-0001/recommend", REFERRAL, RECOMMEND, 201),
    Send(
        DIRECTOR,
        "/approvals/HEF-D-0001/refuse",
        "/approvals/HEF-D-0001",
        r#"{"reason": "price", "words": "It is dearer than others."}"#,
        200,
    ),
    Send(OFFICER, "/referrals/HEF-R-0001/recommend", REFERRAL, RECOMMEND, 201),
    Send(OFFICER, "/approvals/HEF-D-0002/take-back", SECOND, "{}", 200),
    Send(OFFICER, "/referrals/HEF-R-0001/recommend", REFERRAL, RECOMMEND, 201),
    Send(DIRECTOR, "/approvals/HEF-D-0003/pass-on", THIRD, r#"{"person": "$finance"}"#, 200),
    Fill(DIRECTOR, REFUSE, REFUSE, &[("reason", "price")]),
    Send(OFFICER, "/referrals/HEF-R-0001/recommend", REFERRAL, RECOMMEND, 201),
    Find(OFFICER, FOURTH, "", ("", ""), "facts_hash", "seen"),
    Send(OFFICER, "/approvals/HEF-D-0004/verbal", FOURTH, SAID, 200),
    Send(DIRECTOR, "/approvals/HEF-D-0004/confirm", FOURTH, "{}", 200),
];

/// Requests that come to nothing and one by word of mouth, passed on to whom the power was passed on; then what stands beside
/// its agreement, which is cancelled.
pub async fn decided(world: &World) {
    delegation::instruments(world).await;
    canary::asked(world).await;
    take_knowing(world, vec![("until", "2022-09-26".to_owned())], DECIDED).await;
    take(world, agreements::PAPERS).await;
}

const DUTY_FORM: &str = "/democratic/delegations/on-call";
const DUTY: Typed = &[
    ("person", "$finance"),
    ("from_day", "16"),
    ("from_month", "9"),
    ("from_year", "2021"),
    ("from_time", "5pm"),
    ("to_day", "17"),
    ("to_month", "9"),
    ("to_year", "2021"),
    ("to_time", "9am"),
];
const FIRST: &str = "/approvals/HEF-D-0001";
const SAID_AT_NIGHT: &str =
    r#"{"person": "$finance", "said_at": "2021-09-16T18:00:00", "facts_hash": "$seen", "urgent": true}"#;

/// Somebody is on call, approves after five o'clock, and the Director confirms.
const NIGHT: &[Step] = &[
    Find(ADMINISTRATOR, "/people", "/items", ("role", "finance_officer"), "person", "finance"),
    Fill(CLERK, DUTY_FORM, DUTY_FORM, DUTY),
    Move(date(2021, 9, 16), 18),
    Send(OFFICER, "/referrals/HEF-R-0001/recommend", REFERRAL, RECOMMEND, 201),
    Find(OFFICER, FIRST, "", ("", ""), "facts_hash", "seen"),
    Send(OFFICER, "/approvals/HEF-D-0001/verbal", FIRST, SAID_AT_NIGHT, 200),
    Send(DIRECTOR, "/approvals/HEF-D-0001/confirm-night", FIRST, "{}", 200),
];

/// Another stay leaves £20,000 of the year's £5.5 million, which is less than this one needs.
async fn nearly_all_is_planned(world: &World) {
    let app = &world.region.app;
    let org = app.actor_by_email(&email(OFFICER.0, OFFICER.1)).await.unwrap().organisation;
    let start = date(2021, 9, 13);
    let line = ValueLine {
        kind: ValueKind::Care,
        weekly: Pence::pounds(1_370_000),
        origin: start,
        from: start,
        ends: None,
        authority: Share { part: 1, whole: 1 },
    };
    let one = Commitment {
        agreement: AgreementId(100),
        reference: "HEF-A-0100".to_owned(),
        route: Route::Arrangement,
        lines: vec![line],
        start,
        planned_end: date(2021, 10, 11),
        notice_days: 28,
        goes_on: true,
        moved_on: None,
        charged: ChargedDays::default(),
    };
    let mut work = app.store.begin(org, app.calendar.now()).await.unwrap();
    work.record(Event::new("world.committed", "agreement", one.agreement.0, 1));
    commit(&mut work, &one, Allowed::Nothing).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

/// What the annual value does not hold goes on under the recorded urgency power alone.
pub async fn at_night(world: &World) {
    delegation::instruments(world).await;
    canary::asked(world).await;
    nearly_all_is_planned(world).await;
    take_knowing(world, vec![("until", "2022-09-26".to_owned())], NIGHT).await;
}

/// A child who must start tomorrow: begun as an emergency, sent to both homes, and one offers.
async fn begun_in_an_emergency(world: &World, (reference, name, case_number): (&str, &str, &str)) {
    let (officer, referral) = (&world.officer, format!("/api/v1/referrals/{reference}"));
    let cause = EmergencyCause::PlacementEnded.code();
    let child = json!({
        "which": "new", "given_names": name, "family_name": "Fairweather", "born": "2008-05-01", "sex": "female",
        "case_number": case_number, "emergency": cause
    });
    officer.post("/api/v1/referrals", &[], &child).await.is(201);
    for (task, mut answers) in road::tasks() {
        if task == "when" {
            answers["needed_by"] = json!(NeededBy::WithinFiveDays.code());
            answers["start"] = json!("2021-09-14");
            answers["emergency"] = json!(cause);
        }
        officer.change(&referral, &format!("tasks/{task}"), &answers).await.is(200);
    }
    let found = officer.get(&format!("{referral}/homes?order=needs")).await.is(200).json;
    let homes: Vec<&Value> = found["homes"]["items"].as_array().unwrap().iter().map(|home| &home["ask"]).collect();
    let plan = json!({"homes": homes, "deadline": {"choice": "two_hours"}});
    officer.change(&referral, "plan", &plan).await.is(200);
    officer.change(&referral, "send", &json!({"accept_few": true})).await.is(200);
    let asked = world.elm.get(&format!("/api/v1/invitations?reference={reference}")).await.is(200).json;
    let offer_at = format!("/api/v1/invitations/{}/offer", asked["items"][0]["id"].as_str().unwrap());
    let mut offer = road::offer(432_100);
    offer["start"] = json!("2021-09-14");
    world.elm.post(&offer_at, &[], &json!({"offer": offer, "send": true})).await.is(201);
}

const ONE_OFFER: &str = r#"{
    "offer": 1, "planned_end": "2022-09-26", "case": "children_looked_after",
    "reasons": [{"offer": 1, "for_it": "Keeps the school", "against": "Further from the family"}],
    "wishes": "ascertained", "wishes_words": "To stay near school", "most_appropriate": true, "in_care_plan": true,
    "relatives": "not_yet", "relatives_words": "They are at sea", "reviewing_officer": "2021-09-10",
    "area_authority": "2021-09-10", "care_plan_sent": true, "circumstances": "One home could take her tomorrow"
}"#;

/// The Director approves what the annual value does not hold where no urgency power is recorded; what may follow is done, and
/// the child stays where she is.
const URGENT: &[Step] = &[
    Send(OFFICER, "/referrals/$referral/recommend", "/referrals/$referral", ONE_OFFER, 201),
    Find(DIRECTOR, "/approvals/$approval", "", ("", ""), "facts_hash", "seen"),
    Send(
        DIRECTOR,
        "/approvals/$approval/approve",
        "/approvals/$approval",
        r#"{"facts_hash": "$seen", "urgent": true}"#,
        200,
    ),
    Send(
        OFFICER,
        "/approvals/$approval/follow-up",
        "/approvals/$approval",
        r#"{"what": "relatives", "done_on": "2021-09-13"}"#,
        200,
    ),
    Send(DIRECTOR, "/agreements/$agreement/cancel", "/agreements/$agreement", r#"{"reason": "stays_home"}"#, 200),
];

const RIGHT: &str = "/agreements/HEF-A-0002/put-right";
/// The end of each puts it right, by program and on the page.
const PUT_RIGHT: &[Step] = &[
    Send(OFFICER, "/agreements/HEF-A-0001/put-right", "/agreements/HEF-A-0001", r#"{"how": "end"}"#, 200),
    Fill(OFFICER, RIGHT, RIGHT, &[("reason", "end")]),
];

/// Two emergencies of one day, approved in the evening without recorded power.
pub async fn in_an_emergency(world: &World) {
    nearly_all_is_planned(world).await;
    begun_in_an_emergency(world, ("HEF-R-0001", "Imogen", "C-81")).await;
    begun_in_an_emergency(world, ("HEF-R-0002", "Beatrix", "C-82")).await;
    world.move_to(date(2021, 9, 13), 18);
    for number in ["0001", "0002"] {
        let named = [("referral", "R"), ("approval", "D"), ("agreement", "A")];
        let known = named.map(|(name, kind)| (name, format!("HEF-{kind}-{number}")));
        take_knowing(world, known.into(), URGENT).await;
    }
    take(world, PUT_RIGHT).await;
}
