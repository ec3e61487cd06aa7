//! The whole road over the API: from a child's needs to a signed agreement and the annual value that it moves; and what
//! nobody may see on the way. Every word about the child is a canary, and so is every price that is a rival's or sealed.

use jiff::civil::date;
use placewell_domain::placing::referral::LegalBasis;
use placewell_domain::placing::referral::legal::{AmountBand, SearchApprover};
use placewell_domain::placing::referral::profile::{Education, Health, Papers};
use placewell_domain::placing::referral::standard::{
    Communication, CulturalNeeds, LivingCompanions, NeededBy, Pets, Presence, Risk, RiskLevel, Suitability,
};
use serde_json::{Value, json};

use super::caller::{Caller, Reply};
use super::world::{World, both_made};

/// What must stand in no answer to a provider: who the child is, and what only the authority writes.
const CHILD: &[&str] = &[
    "Zelenka",
    "Quillon",
    "CASECANARY",
    "Harfangel",
    "HR9",
    "2008-05-01",
    "WISHCANARY",
    "CHRONCANARY",
    "PANELCANARY",
    "PANELCHAIR",
];
pub const REFERRAL: &str = "/api/v1/referrals/HEF-R-0001";
/// The prices of the two offers, as JSON would have them.
const ELM_PRICE: &str = "432100";
const ASH_PRICE: &str = "398700";

fn child() -> Value {
    json!({
        "which": "new", "given_names": "Quillon", "family_name": "Zelenka", "born": "2008-05-01", "sex": "female",
        "case_number": "CASECANARY", "home_postcode": "HR9 5AB", "school": "Harfangel Community"
    })
}

/// The risks of one side: none known but that she goes missing.
fn risks(all: &[Risk]) -> Vec<Value> {
    let one = |risk: &Risk| match risk {
        Risk::Missing => json!({"risk": risk.code(), "level": RiskLevel::RiskPresent.code(), "words": "Comes back."}),
        _ => json!({"risk": risk.code(), "level": RiskLevel::NoKnownRisk.code()}),
    };
    all.iter().map(one).collect()
}

/// Every task of the draft with its answers.
pub(super) fn tasks() -> Vec<(&'static str, Value)> {
    let basis = LegalBasis::FullCareOrder.code();
    let needs = json!({
        "what_helps": "Football helps.", "wishes": "WISHCANARY", "lot": "planned", "need_band": "standard",
        "communication_needs": Presence::No.code(), "communication": [Communication::None.code()],
        "cultural_needs": CulturalNeeds::NotRequired.code(), "foster_care": Suitability::Unsuitable.code(),
        "residential_care": Suitability::Preferred.code(),
        "supported_accommodation": Suitability::Unsuitable.code(), "must_haves": ["going_missing"]
    });
    let companions = LivingCompanions::WithOtherChildren.code();
    let when = json!({
        "needed_by": NeededBy::MoreThanFiveDays.code(), "start": "2021-09-27", "planned_end": "2022-09-26",
        "approved_by": SearchApprover::Panel.code(), "approved_who": "PANELCHAIR",
        "approved_band": AmountBand::UpTo4500.code(), "approved_on": "2021-09-10", "approval_reference": "PANELCANARY"
    });
    vec![
        ("about", json!({"age": 13, "sex": "female", "legal_basis": basis, "complex_needs": false})),
        ("needs", needs),
        ("alongside", json!({"living_companions": companions, "pets": Pets::YesCan.code(), "sibling_count": 0})),
        ("when", when),
        ("where", json!({"from": "HR4", "within_miles": 60, "preferred_location_local": true})),
        ("education", json!({"education": Education::KeepSchool.code()})),
        ("health", json!({"health": Health::Universal.code()})),
        ("risks-to-child", json!({"risks": risks(Risk::TO_CHILD)})),
        ("risks-to-others", json!({"risks": risks(Risk::TO_OTHERS), "risk_chronology": "CHRONCANARY"})),
        ("liberty", json!({"deprivation_of_liberty": false})),
        ("documents", json!({"papers": Papers::None.code()})),
    ]
}

/// An offer of a home, meeting what must be met.
pub fn offer(core_weekly_pence: i64) -> Value {
    json!({
        "start": "2021-09-27", "core_weekly_pence": core_weekly_pence, "valid_until": "2021-09-24T17:00:00",
        "must_haves": [{"need": "going_missing", "met": "yes", "how": "Staff who know how"}],
        "residents": [], "keeps_school": true, "impact": "A good match for the one who lives there"
    })
}

#[track_caller]
fn holds_none(reply: &Reply, what: &str, canaries: &[&str]) {
    let text = reply.json.to_string();
    for canary in canaries {
        assert!(!text.contains(canary), "{canary} in {what}: {text}");
    }
}

/// A referral that is out to both homes, taken from nothing; it is made, filled, checked and sent by the API alone.
pub async fn sent(world: &World) {
    let officer = &world.officer;
    let key = [("idempotency-key", "begin-1")];
    let begun = officer.post("/api/v1/referrals", &key, &child()).await.is(201);
    assert_eq!(begun.header("location"), REFERRAL);
    let again = officer.post("/api/v1/referrals", &key, &child()).await.is(201);
    assert_eq!(again.json["repeated"], true, "the same key begins one referral");
    let second = officer.post("/api/v1/referrals", &[], &json!({"which": "known", "number": 1})).await;
    assert_eq!(second.problem(), (409, "open_referral"));
    let unfinished = officer.change(REFERRAL, "send", &json!({})).await;
    assert_eq!(unfinished.problem().0, 422, "{}", unfinished.json);
    for (task, answers) in tasks() {
        officer.change(REFERRAL, &format!("tasks/{task}"), &answers).await.is(200);
    }
    let foreign = officer.change(REFERRAL, "tasks/liberty", &json!({"pets": Pets::YesCan.code()})).await;
    assert_eq!((foreign.problem(), &foreign.json["errors"][0]["field"]), ((422, "invalid"), &json!("pets")));
    let found = officer.get(&format!("{REFERRAL}/homes?order=needs")).await.is(200);
    let all = found.json["homes"]["items"].as_array().unwrap();
    let homes: Vec<&Value> = all.iter().filter(|home| home["tier"] == "fca").collect();
    assert_eq!(homes.len(), 2, "{:#}", found.json);
    assert_eq!(homes[0]["core_weekly"], json!({"from_pence": 450_000, "below_pence": 500_000}));
    assert_eq!((&homes[0]["tier"], &homes[0]["meets"]), (&json!("fca"), &json!(["going_missing"])));
    assert_eq!(officer.get(&format!("{REFERRAL}/homes?order=cheapest")).await.problem(), (422, "invalid"));
    let why = officer.get(&format!("{REFERRAL}/homes/SC400001")).await.is(200);
    let lines = why.json["lines"].as_array().unwrap();
    assert!(lines.iter().any(|line| line["criterion"] == "bed" && line["verdict"] == "meets"), "{:#}", why.json);
    let ask: Vec<&Value> = homes.iter().map(|home| &home["ask"]).collect();
    let plan = json!({"homes": ask, "deadline": {"choice": "three_working_days"}});
    let nowhere = json!({"homes": ["fca:99"], "deadline": {"choice": "three_working_days"}});
    assert_eq!(officer.change(REFERRAL, "plan", &nowhere).await.problem(), (422, "invalid"));
    officer.change(REFERRAL, "plan", &plan).await.is(200);
    let check = officer.get(&format!("{REFERRAL}/check")).await.is(200);
    assert!(check.json["tasks"].as_array().unwrap().iter().all(|task| task["complete"] == true), "{:#}", check.json);
    officer.change(REFERRAL, "send", &json!({"accept_few": true})).await.is(200);
}

/// The id of the one invitation that a provider has.
async fn invitation(provider: &Caller) -> String {
    let list = provider.get("/api/v1/invitations?reference=HEF-R-0001").await.is(200);
    assert_eq!(list.json["items"].as_array().unwrap().len(), 1, "{}", list.json);
    let id = list.json["items"][0]["id"].as_str().unwrap();
    format!("/api/v1/invitations/{id}")
}

/// Both homes offer; neither sees the child or the other.
async fn offered(world: &World) {
    let (elm, ash) = (invitation(&world.elm).await, invitation(&world.ash).await);
    let read = world.elm.get(&elm).await.is(200);
    assert_eq!(
        (&read.json["state"], &read.json["profile"]["what_helps"]),
        (&json!("opened"), &json!("Football helps."))
    );
    assert_eq!(world.ash.get(&elm).await.problem(), (404, "not_found"), "a rival's invitation");
    let question = json!({"question": "ELMQUESTION, can she swim?"});
    world.elm.post(&format!("{elm}/question"), &[], &question).await.is(201);
    let asked = world.officer.get(&format!("{REFERRAL}/questions")).await.is(200);
    let (id, version) = (asked.json[0]["id"].as_str().unwrap(), asked.json[0]["version"].as_i64().unwrap());
    let tag = format!("\"{version}\"");
    let answer = json!({"answer": "Yes, she can.", "to_everyone": true});
    world.officer.post(&format!("{REFERRAL}/questions/{id}/answer"), &[("if-match", &tag)], &answer).await.is(200);
    let path = format!("{elm}/offer");
    let above = world.elm.post(&path, &[], &json!({"offer": offer(450_100), "send": true})).await;
    assert_eq!(above.problem().0, 409, "{}", above.json);
    for name in ["rule", "value", "who_can_change"] {
        assert!(above.json[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {:#}", above.json);
    }
    for bed in ["none", "1"] {
        let mut strange = offer(432_100);
        strange["bed"] = json!(bed);
        let refused = world.elm.post(&path, &[], &json!({"offer": strange, "send": true})).await;
        assert_eq!(refused.problem().0, 422, "bed {bed}: {}", refused.json);
    }
    let key = [("idempotency-key", "offer-1")];
    let body = json!({"offer": offer(432_100), "send": true});
    world.elm.post(&path, &key, &body).await.is(201);
    assert_eq!(world.elm.post(&path, &key, &body).await.is(201).json["repeated"], true);
    world.ash.post(&format!("{ash}/offer"), &[], &json!({"offer": offer(398_700), "send": true})).await.is(201);
    for (provider, path, rival) in [(&world.elm, &elm, ASH_PRICE), (&world.ash, &ash, ELM_PRICE)] {
        for path in [path.as_str(), "/api/v1/invitations", "/api/v1/own-homes", "/api/v1/agreements"] {
            let reply = provider.get(path).await.is(200);
            holds_none(&reply, path, CHILD);
            holds_none(&reply, path, &[rival]);
        }
        let own = provider.get(path).await.is(200);
        let (asked, shared) = (own.json["questions"].as_array().unwrap(), own.json["shared"].as_array().unwrap());
        assert_eq!(asked.len() + shared.len(), 1, "who asked reads it as its own, the other as shared");
    }
    let own = world.elm.get(&elm).await.is(200);
    assert_eq!(own.json["offers"][0]["total_weekly_pence"], 432_100);
    for path in [REFERRAL, "/api/v1/referrals", "/api/v1/homes", "/api/v1/annual-value"] {
        assert_eq!(world.elm.get(path).await.problem(), (403, "forbidden"), "{path}");
    }
}

/// While prices are sealed no answer to the authority holds one, nor a place for one.
async fn sealed(world: &World) {
    let paths = ["", "/compare", "/offers/1", "/offers/2", "/homes", "/questions", "/withdrawal"];
    for path in paths.iter().map(|path| format!("{REFERRAL}{path}")).chain(["/api/v1/referrals".to_owned()]) {
        let reply = world.officer.get(&path).await.is(200);
        holds_none(&reply, &path, &[ELM_PRICE, ASH_PRICE, "weekly_pence", "whole_pence"]);
        holds_none(&reply, &path, &["Zelenka", "Quillon", "CASECANARY"]);
    }
    let compared = world.officer.get(&format!("{REFERRAL}/compare")).await.is(200);
    assert_eq!((&compared.json["prices"], compared.json["offers"].as_array().unwrap().len()), (&json!("sealed"), 2));
    let early = world.officer.get(&format!("{REFERRAL}/offers/1/recommendation")).await;
    assert_eq!(early.problem(), (409, "prices_sealed"));
}

fn recommendation() -> Value {
    json!({
        "offer": 1, "planned_end": "2022-09-26", "case": "children_looked_after",
        "reasons": [
            {"offer": 1, "for_it": "Keeps the school", "against": "Dearer"},
            {"offer": 2, "for_it": "Cheaper", "against": "Further from the school", "not_chosen": "better_match"}
        ],
        "wishes": "ascertained", "wishes_words": "WISHCANARY", "most_appropriate": true, "in_care_plan": true,
        "relatives": "consulted", "reviewing_officer": "2021-09-10", "area_authority": "2021-09-10",
        "care_plan_sent": true, "circumstances": "The school weighs more for her than the price"
    })
}

/// Rule 5.7: the preview of the dearer first offer says that the other has more points, and that of the other does not; a
/// recommendation that the first one says needs a reason is refused without it.
async fn more_points(world: &World, first: &Value) {
    let totals = |preview: &Value| -> Vec<i64> {
        let points = preview["points"].as_array().unwrap().iter();
        points.map(|one| one["total_points_hundredths"].as_i64().unwrap()).collect()
    };
    let second = world.officer.get(&format!("{REFERRAL}/offers/2/recommendation")).await.is(200).json;
    let (of_first, of_second) = (totals(first), totals(&second));
    assert_eq!((of_first.len(), &of_first), (2, &of_second), "the same offers have the same points");
    let most = of_first.iter().max().copied();
    let numbers = first["open_offers"].as_array().unwrap();
    for (preview, number) in [(first, 1), (&second, 2)] {
        let own = numbers.iter().position(|one| *one == json!(number)).map(|at| of_first[at]);
        assert_eq!(preview["another_has_more_points"], json!(own < most), "offer {number}: {preview:#}");
    }
    let mut silent = recommendation();
    silent.as_object_mut().unwrap().remove("circumstances");
    let refused = world.officer.change(REFERRAL, "recommend", &silent).await;
    let said =
        refused.json["errors"].as_array().is_some_and(|all| all.iter().any(|one| one["field"] == "circumstances"));
    assert_eq!(json!(said), first["another_has_more_points"], "{:#}", refused.json);
    assert!(said, "the cheaper offer has more points: {first:#}");
}

/// The officer recommends and the director approves; the agreement's address.
async fn awarded(world: &World) -> String {
    let compared = world.officer.get(&format!("{REFERRAL}/compare")).await.is(200);
    assert_eq!(compared.json["prices"], "open", "{:#}", compared.json);
    let totals = compared.json["offers"].as_array().unwrap().iter().map(|one| one["total_weekly_pence"].as_i64());
    assert_eq!(totals.collect::<Vec<_>>(), [Some(432_100), Some(398_700)]);
    let preview = world.officer.get(&format!("{REFERRAL}/offers/1/recommendation")).await.is(200);
    assert_eq!(preview.json["whole_pence"], 22_469_200, "52 weeks: {:#}", preview.json);
    more_points(world, &preview.json).await;
    let mut without = recommendation();
    without["reasons"][1].as_object_mut().unwrap().remove("not_chosen");
    let refused = world.officer.change(REFERRAL, "recommend", &without).await;
    assert_eq!(
        (refused.problem(), &refused.json["errors"][0]["field"]),
        ((422, "invalid"), &json!("reasons[1].not_chosen"))
    );
    let asked = world.officer.change(REFERRAL, "recommend", &recommendation()).await.is(201);
    let approval = asked.header("location").to_owned();
    assert!(approval.starts_with("/api/v1/approvals/HEF-D-"), "{approval}");
    assert_eq!(world.stranger.get(&approval).await.problem(), (404, "not_found"));
    let seen = world.director.get(&approval).await.is(200);
    assert_eq!(
        (&seen.json["may_decide"], &seen.json["weekly_pence"]),
        (&json!(true), &json!(432_100)),
        "{:#}",
        seen.json
    );
    let scored = seen.json["points"].as_array().unwrap();
    assert_eq!(scored.len(), 2, "each offer as it stood when it was recommended: {:#}", seen.json);
    assert!(scored.iter().all(|one| one["total_points_hundredths"].is_i64() && !one["points"][0]["by"].is_null()));
    let own = world.officer.get(&approval).await.is(200);
    assert_eq!(own.json["may_decide"], false, "who asks does not decide");
    assert!(!own.json["who_can_change"].as_str().unwrap().is_empty());
    let deciders = world.officer.get(&format!("{approval}/deciders")).await.is(200);
    assert_eq!(deciders.json.as_array().unwrap().len(), 1, "{}", deciders.json);
    let (hash, tag) = (seen.json["facts_hash"].clone(), seen.header("etag").to_owned());
    let path = format!("{approval}/approve");
    let body = json!({"facts_hash": hash});
    assert_eq!(world.officer.post(&path, &[("if-match", &tag)], &body).await.problem(), (403, "forbidden"));
    assert_eq!(world.director.post(&path, &[], &body).await.problem(), (428, "version_needed"));
    world.director.change(&approval, "ask", &json!({"words": "Is the school certain?"})).await.is(200);
    assert_eq!(world.director.post(&path, &[("if-match", &tag)], &body).await.problem(), (412, "stale"));
    world.officer.change(&approval, "answer", &json!({"words": "Yes."})).await.is(200);
    world.director.change(&approval, "approve", &body).await.is(200);
    let agreement = world.director.get(&approval).await.is(200).json["agreement"].as_str().unwrap().to_owned();
    format!("/api/v1/agreements/{agreement}")
}

/// Both sides sign, the child starts; the provider's agreement holds its own price and nothing of the child.
async fn signed(world: &World, agreement: &str) {
    let signing = |name: &str| json!({"name": name, "role": "Manager", "has_authority": true});
    let early = world.elm.change(agreement, "sign", &signing("J Hughes")).await;
    assert_eq!(early.problem(), (409, "particulars_incomplete"));
    let care = json!({
        "outcomes": ["Joins a club"], "staffing": ["One adult to two children"], "included": ["pocket_money"],
        "education": ["Stays at school"], "health": ["A dentist nearby"]
    });
    world.officer.change(agreement, "particulars", &care).await.is(200);
    for (caller, name) in [(&world.officer, "P Shah"), (&world.elm, "J Hughes")] {
        caller.change(agreement, "sign", &signing(name)).await.is(200);
    }
    assert_eq!(world.ash.get(agreement).await.problem(), (404, "not_found"), "a rival's agreement");
    assert_eq!(world.stranger.get(agreement).await.problem(), (404, "not_found"));
    let seen = world.elm.get(agreement).await.is(200);
    holds_none(&seen, agreement, CHILD);
    holds_none(&seen, agreement, &[ASH_PRICE, "HEF-R-0001\",\"child"]);
    assert_eq!((&seen.json["weekly_pence"], &seen.json["committed"]), (&json!(432_100), &json!([])));
    assert_eq!(seen.json["signed_by_authority"], "P Shah");
    world.region.app.do_due_jobs().await.unwrap();
    let pdf = world.elm.get(&format!("{agreement}/pdf")).await.is(200);
    assert_eq!(pdf.header("content-type"), "application/pdf");
    let kept = world.elm.get(&format!("{agreement}/documents")).await.is(200);
    let one = kept.json[0]["id"].as_str().unwrap();
    let copy = world.elm.get(&format!("{agreement}/documents/{one}")).await.is(200);
    assert_eq!(copy.header("content-type"), "application/pdf");
    assert_eq!(world.stranger.get(&format!("{agreement}/documents")).await.problem(), (404, "not_found"));
    world.move_to(date(2021, 9, 27), 16);
    assert_eq!(world.elm.change(agreement, "start", &json!({"on": "2021-09-27"})).await.problem(), (403, "forbidden"));
    world.officer.change(agreement, "start", &json!({"on": "2021-09-27"})).await.is(200);
    assert_eq!(world.officer.get(REFERRAL).await.is(200).json["state"], "placed");
}

/// From the needs to the annual value.
pub(super) async fn whole(world: &World) {
    let before = world.officer.get("/api/v1/annual-value").await.is(200);
    assert_eq!(before.json["planned_pence"], 0, "{:#}", before.json);
    sent(world).await;
    assert_eq!(world.stranger.get(REFERRAL).await.problem(), (404, "not_found"), "another authority's referral");
    offered(world).await;
    sealed(world).await;
    world.move_to(date(2021, 9, 16), 17);
    let agreement = awarded(world).await;
    signed(world, &agreement).await;
    let after = world.officer.get("/api/v1/annual-value").await.is(200);
    // 79 nights from 27 September to 14 December 2021, at £4,321 a week
    assert_eq!(after.json["planned_pence"], 4_876_557, "{:#}", after.json);
    let can_award = after.json["can_award_pence"].as_i64().unwrap();
    assert_eq!(can_award, super::world::CEILING - 4_876_557);
    let committed = world.officer.get(&agreement).await.is(200).json["committed"].clone();
    assert_eq!(committed[0]["pence"], 4_876_557, "{committed}");
    let beds = world.elm.get("/api/v1/own-homes/SC400001/beds?month=2021-10").await.is(200);
    assert_eq!((&beds.json["nights"][0]["taken"], &beds.json["nights"][0]["free"]), (&json!(1), &json!(1)));
    let losing = world.ash.get("/api/v1/invitations").await.is(200);
    holds_none(&losing, "the losing provider's list", &[ELM_PRICE]);
    let path = invitation(&world.ash).await;
    let outcome = world.ash.get(&path).await.is(200);
    assert_eq!(outcome.json["offers"][0]["not_chosen"], "better_match");
    assert_eq!(outcome.json["profile"], Value::Null, "nothing of the child's needs is left");
    holds_none(&outcome, "the losing provider's invitation", CHILD);
    let who = world.officer.get(&format!("{REFERRAL}/child")).await.is(200);
    assert_eq!(who.json["family_name"], "Zelenka", "only this operation tells who the child is");
}

#[tokio::test]
async fn the_whole_road_from_a_childs_needs_to_the_annual_value_is_taken_over_json() {
    both_made(async |database| whole(&World::opened(&database).await).await).await;
}

#[tokio::test]
async fn a_child_is_corrected_from_the_version_that_was_read_and_a_refusal_writes_nothing() {
    both_made(async |database| {
        let world = World::opened(&database).await;
        sent(&world).await;
        let path = format!("{REFERRAL}/child");
        let corrected = json!({
            "given_names": "Quillon", "family_name": "Zelenka", "born": "2008-05-01", "sex": "female",
            "case_number": "C-77", "school": "Fernhollow School"
        });
        let happened = async || {
            let timeline = world.officer.get(&format!("{REFERRAL}/timeline")).await.is(200);
            (timeline.json.as_array().unwrap().len(), world.region.app.store.verify().await.unwrap().events)
        };
        let before = happened().await;
        let correct = format!("{path}/correct");
        assert_eq!(world.officer.post(&correct, &[], &corrected).await.problem(), (428, "version_needed"));
        let tag = [("if-match", "\"1\"")];
        assert_eq!(world.director.post(&correct, &tag, &corrected).await.problem(), (403, "forbidden"));
        let old = [("if-match", "\"7\"")];
        assert_eq!(world.officer.post(&correct, &old, &corrected).await.problem(), (412, "stale"));
        assert_eq!(happened().await, before, "who the child is was neither read nor changed");
        world.officer.change(&path, "correct", &corrected).await.is(200);
        assert_eq!(world.officer.get(&path).await.is(200).json["school"], "Fernhollow School");
    })
    .await;
}

/// An agreement that goes on, is changed, and ends early.
pub(super) async fn reviewed_and_ended(world: &World) {
    sent(world).await;
    offered(world).await;
    world.move_to(date(2021, 9, 16), 17);
    let agreement = awarded(world).await;
    signed(world, &agreement).await;
    let planned =
        async || world.officer.get("/api/v1/annual-value").await.is(200).json["planned_pence"].as_i64().unwrap();
    let full = planned().await;
    let deciders = world.officer.get(&format!("{agreement}/deciders?act=vary_agreement")).await.is(200);
    let director = deciders.json[0]["person"].as_str().unwrap().to_owned();
    let said = "2021-09-27T15:00:00";
    let review = json!({"planned_end": "2021-11-08", "decided_by": director, "said_at": said});
    let nobody = json!({"planned_end": "2021-11-08", "decided_by": "1", "said_at": said});
    let own = json!({"planned_end": "2021-11-08"});
    assert_eq!(world.officer.change(&agreement, "review", &own).await.problem(), (409, "decided_by_the_holder"));
    let refused = world.officer.change(&agreement, "review", &nobody).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.json);
    world.officer.change(&agreement, "review", &review).await.is(200);
    assert_eq!((full - planned().await, planned().await), (4_876_557 - 2_592_600, 2_592_600), "six weeks");
    let seen = world.officer.get(&agreement).await.is(200);
    assert_eq!(seen.json["said"][0]["act"], "vary_agreement", "{:#}", seen.json);
    let made = json!({"made": seen.json["said"][0]["made"]});
    world.director.change(&agreement, "confirm", &made).await.is(200);
    let support = json!({
        "label": "Evenings", "quarter_hours": 112, "rate_pence": 1_850, "staff": 1, "from": "2021-10-04",
        "to": "2021-10-11", "review_on": "2021-10-08"
    });
    world.director.change(&agreement, "support", &support).await.is(200);
    let price = json!({"line": 1, "from": "2021-10-04", "weekly_pence": 0, "cause": "step_down"});
    world.director.change(&agreement, "price", &price).await.is(200);
    let funders = json!({"line": 0, "authority": 60, "education": 25, "health": 15, "agreed": false});
    world.officer.change(&agreement, "funders", &funders).await.is(200);
    let seen = world.officer.get(&agreement).await.is(200);
    assert_eq!(seen.json["lines"][0]["funders"]["health_pence"], 64_815, "{:#}", seen.json["lines"]);
    let none = json!({"line": 0, "review": {"outcome": "stop", "from": "2021-10-06"}});
    assert_eq!(world.director.change(&agreement, "step-down", &none).await.problem(), (409, "no_step_down"));
    let asked = json!({"asked": "planned_end", "to": "2021-11-01"});
    world.elm.change(&agreement, "ask", &asked).await.is(200);
    let list = world.officer.get("/api/v1/agreements-to-do").await.is(200);
    assert_eq!(list.json[0]["what"], "asked", "{:#}", list.json);
    assert_eq!(world.elm.get("/api/v1/agreements-to-do").await.problem(), (403, "forbidden"));
    let declined = json!({"number": 1, "reason": "not_agreed"});
    world.officer.change(&agreement, "decline", &declined).await.is(200);
    let skip = world.director.change(REFERRAL, "confirm-skip", &json!({})).await;
    assert_eq!(skip.problem(), (409, "referral_state"), "no route was left out");
    let ground = json!({"ground": "call_off"});
    assert_eq!(world.officer.change(&agreement, "ground", &ground).await.problem(), (409, "below_threshold"));
    let right = json!({"how": "ratify", "decision": "HEF-2019-0114"});
    assert_eq!(world.officer.change(&agreement, "put-right", &right).await.problem().0, 409);
    let end = json!({"on": "2021-10-11", "planned": true, "reason": "CARPL"});
    world.move_to(date(2021, 10, 11), 12);
    let ended = world.director.change(&agreement, "end", &end).await;
    assert_eq!(ended.status.as_u16(), 200, "{}", ended.json);
    assert_eq!(planned().await, 864_200, "two weeks");
    assert_eq!(world.elm.get(&agreement).await.is(200).json["state"], "ended");
}

#[tokio::test]
async fn an_agreement_is_reviewed_and_ended_by_who_holds_the_power_and_releases_its_money() {
    both_made(async |database| reviewed_and_ended(&World::opened(&database).await).await).await;
}

/// Answers by telephone, and a search that is withdrawn.
pub(super) async fn withdrawn(world: &World) {
    sent(world).await;
    let said = json!({"reason": "no_staffed_bed", "channel": "phone", "said_at": "2021-09-13T10:00:00",
        "said_by": "The manager", "evidence": "No staffed bed until October."});
    world.officer.post(&format!("{REFERRAL}/invitations/2/decline"), &[], &said).await.is(200);
    with_its_bed(world).await;
    let link = json!({"email": "manager@home.example"});
    let mailed = world.officer.post(&format!("{REFERRAL}/invitations/1/link"), &[], &link).await.is(201);
    assert!(!mailed.json.to_string().contains("/emails/"), "the link stands in the mail only");
    let preview = world.officer.get(&format!("{REFERRAL}/withdrawal")).await.is(200);
    assert_eq!((&preview.json["offers"], &preview.json["invitations"]), (&json!(1), &json!(1)), "{}", preview.json);
    world.officer.change(REFERRAL, "withdraw", &json!({"reason": "plan_changed"})).await.is(200);
    let copied = world.officer.post(&format!("{REFERRAL}/copy"), &[], &json!({})).await.is(201);
    assert_eq!(copied.header("location"), "/api/v1/referrals/HEF-R-0002");
}

/// An officer reads which beds the home's offer can name, and records it with one of them, which its authority reads again.
async fn with_its_bed(world: &World) {
    let path = format!("{REFERRAL}/invitations/1/beds");
    let beds = world.officer.get(&path).await.is(200).json;
    let own = world.elm.get("/api/v1/own-homes/SC400001/beds").await.is(200).json["beds"].clone();
    let named = |beds: &Value| -> Vec<[Value; 2]> {
        beds.as_array().unwrap().iter().map(|bed| [bed["id"].clone(), bed["label"].clone()]).collect()
    };
    assert_eq!((named(&beds).len(), named(&beds)), (2, named(&own)), "both beds are free");
    assert_eq!(world.officer.get(&format!("{path}?from=2021-02-30")).await.problem(), (422, "invalid"));
    world.stranger.get(&path).await.is(404);
    world.elm.get(&path).await.is(403);
    let record = async |bed: &Value| {
        let mut spoken = offer(432_100);
        spoken["bed"] = bed.clone();
        let by_phone = json!({"offer": spoken, "channel": "phone", "said_at": "2021-09-13T10:10:00",
            "said_by": "The manager", "evidence": "Offers a bed."});
        world.officer.post(&format!("{REFERRAL}/invitations/1/offer"), &[], &by_phone).await
    };
    assert_eq!(record(&json!("1")).await.problem(), (422, "invalid"), "no bed of the home's");
    record(&beds[1]["id"]).await.is(201);
    let read = world.officer.get(&format!("{REFERRAL}/offers/1")).await.is(200).json;
    assert_eq!([&read["bed"], &read["bed_label"]], [&beds[1]["id"], &beds[1]["label"]], "{read:#}");
}

#[tokio::test]
async fn a_withdrawal_is_previewed_and_an_answer_got_by_phone_is_recorded() {
    both_made(async |database| withdrawn(&World::opened(&database).await).await).await;
}
