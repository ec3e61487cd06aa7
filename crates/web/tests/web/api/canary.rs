//! Who a child is, and every free text about a child, stands in no log, no mail, no job, no row of the database in the
//! clear, no address and no title. Each is a canary; the road is walked over the API and looked at through the pages.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_domain::placing::referral::LegalBasis;
use placewell_domain::placing::referral::legal::{AmountBand, SearchApprover};
use placewell_domain::placing::referral::profile::{AvoidReason, Education, Health};
use placewell_domain::placing::referral::standard::{
    Communication, CulturalNeeds, LivingCompanions, NeededBy, OutOfAreaReason, Pets, Presence, Risk, RiskLevel,
    Suitability, Support,
};
use placewell_testkit::client::{Client, MULTIPART, multipart};
use placewell_testkit::databases::TestDatabase;
use placewell_testkit::logs;
use placewell_testkit::needles::Needles;
use serde_json::{Value, json};

use super::caller::Caller;
use super::email;
use super::world::{World, both_made};
use placewell_domain::office::access::Role;

pub(super) const REFERRAL: &str = "/api/v1/referrals/HEF-R-0001";

/// Who the child is.
const IDENTITY: &[&str] = &[
    "Qzfamilyname",
    "Qzgivenname",
    "Qzknownas",
    "QZCASE77",
    "QzSchool",
    "Qzbrother",
    "SY8 4QJ",
    "SY84QJ",
    "2008-05-17",
];
/// Free text about the child, by whomever.
const WORDS: &[&str] = &[
    "qzhelps",
    "qzwishes",
    "qzcommunication",
    "qzculture",
    "qzsupport",
    "qzoutofarea",
    "qzeducation",
    "qzhealth",
    "qzmissing",
    "qzothersrisk",
    "qzchronology",
    "qzquestion",
    "qzanswer",
    "qzhow",
    "qzimpact",
    "qzconditions",
    "qzevidence",
    "qzforit",
    "qzagainst",
    "qzotherfor",
    "qzotheragainst",
    "qzwisheswords",
    "qzsocialworker",
    "qzrelatives",
    "qzcircumstances",
    "qzaskapprover",
    "qzanswerapprover",
    "qzoutcome",
    "qzstaffing",
    "qzeducationcare",
    "qzhealthcare",
    "qzfilename",
    "qzfilecontent",
    "qzrefusal",
];

fn child() -> Value {
    json!({
        "which": "new", "given_names": "Qzgivenname", "family_name": "Qzfamilyname",
        "born": "2008-05-17", "sex": "female", "case_number": "QZCASE77", "home_postcode": "SY8 4QJ",
        "school": "QzSchool Academy", "other_names": "Qzbrother"
    })
}

fn risks(all: &[Risk], words: &str) -> Vec<Value> {
    let one = |risk: &Risk| json!({"risk": risk.code(), "level": RiskLevel::RiskPresent.code(), "words": words});
    all.iter().map(one).collect()
}

fn tasks() -> Vec<(&'static str, Value)> {
    // The basis that fewest children have: its words stand nowhere by chance.
    let basis = LegalBasis::YouthRehabilitationOrder;
    let needs = json!({
        "what_helps": "qzhelps", "wishes": "qzwishes", "lot": "planned", "need_band": "standard",
        "communication_needs": Presence::Yes.code(), "communication": [Communication::Other.code()],
        "communication_other": "qzcommunication", "cultural_needs": CulturalNeeds::Other.code(),
        "culture_other": "qzculture", "additional_support": [Support::Other.code()], "support_other": "qzsupport",
        "foster_care": Suitability::Unsuitable.code(), "residential_care": Suitability::Preferred.code(),
        "supported_accommodation": Suitability::Unsuitable.code(), "must_haves": ["going_missing"]
    });
    let when = json!({
        "needed_by": NeededBy::MoreThanFiveDays.code(), "start": "2021-09-27", "planned_end": "2022-09-26",
        "approved_by": SearchApprover::Panel.code(), "approved_who": "Chair of the panel",
        "approved_band": AmountBand::UpTo4500.code(), "approved_on": "2021-09-10", "approval_reference": "P-12"
    });
    let place = json!({
        "from": "HR2", "within_miles": 60, "preferred_location_local": false,
        "out_of_area_reason": OutOfAreaReason::OutOfLAReasonOther.code(), "out_of_area_other": "qzoutofarea",
        "avoid": [{"kind": "district", "place": "TF11", "reason": AvoidReason::EarlierHome.code()}]
    });
    vec![
        ("about", json!({"age": 13, "sex": "female", "legal_basis": basis.code(), "complex_needs": false})),
        ("needs", needs),
        (
            "alongside",
            json!({"living_companions": LivingCompanions::WithOtherChildren.code(), "pets": Pets::YesCan.code(), "sibling_count": 0}),
        ),
        ("when", when),
        ("where", place),
        ("education", json!({"education": Education::KeepSchool.code(), "education_words": "qzeducation"})),
        ("health", json!({"health": Health::Universal.code(), "health_words": "qzhealth"})),
        ("risks-to-child", json!({"risks": risks(Risk::TO_CHILD, "qzmissing")})),
        (
            "risks-to-others",
            json!({"risks": risks(Risk::TO_OTHERS, "qzothersrisk"), "risk_chronology": "qzchronology"}),
        ),
        ("liberty", json!({"deprivation_of_liberty": false})),
        ("documents", json!({"papers": "held"})),
    ]
}

/// The referral, its document and both homes' answers.
pub(super) async fn asked(world: &World) {
    sent_out(world).await;
    for (provider, name, pence) in [(&world.elm, "elm", 432_100), (&world.ash, "ash", 432_200)] {
        let path = opened(provider).await;
        let answer = json!({"offer": offer(name, pence), "send": true});
        provider.post(&format!("{path}/offer"), &[], &answer).await.is(201);
    }
    answered(world).await;
}

/// The referral and its document, with both homes.
pub(super) async fn sent_out(world: &World) {
    let officer = &world.officer;
    officer.post("/api/v1/referrals", &[], &child()).await.is(201);
    let mut whole = child();
    whole.as_object_mut().unwrap().remove("which");
    whole["known_as"] = json!("Qzknownas");
    officer.change(&format!("{REFERRAL}/child"), "correct", &whole).await.is(200);
    for (task, answers) in tasks() {
        let reply = officer.change(REFERRAL, &format!("tasks/{task}"), &answers).await;
        assert_eq!(reply.status, StatusCode::OK, "{task}: {:#}", reply.json);
    }
    let file =
        multipart(std::iter::empty(), Some(("Qzgivenname qzfilename.pdf", b"%PDF-1.7 qzfilecontent Qzfamilyname")));
    officer.raw(&format!("{REFERRAL}/documents"), &[], MULTIPART, file).await.is(201);
    let found = officer.get(&format!("{REFERRAL}/homes?order=needs")).await.is(200);
    let homes = found.json["homes"]["items"].as_array().unwrap();
    let asks: Vec<&Value> = homes.iter().map(|home| &home["ask"]).collect();
    let plan = json!({"homes": asks, "deadline": {"choice": "three_working_days"}});
    officer.change(REFERRAL, "plan", &plan).await.is(200);
    let check = officer.get(&format!("{REFERRAL}/check")).await.is(200);
    let confirmed: Vec<&Value> = check.json["findings"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    officer.change(REFERRAL, "send", &json!({"accept_few": true, "confirmed": confirmed})).await.is(200);
    world.region.app.do_due_jobs().await.unwrap();
}

/// A home opens what it was asked, and asks a question; gives the invitation's address.
pub(super) async fn opened(provider: &Caller) -> String {
    let list = provider.get("/api/v1/invitations?reference=HEF-R-0001").await.is(200);
    let path = format!("/api/v1/invitations/{}", list.json["items"][0]["id"].as_str().unwrap());
    provider.get(&path).await.is(200);
    provider.post(&format!("{path}/question"), &[], &json!({"question": "qzquestion"})).await.is(201);
    path
}

/// What a home offers.
pub(super) fn offer(name: &str, pence: i64) -> Value {
    json!({
        "start": "2021-09-27", "core_weekly_pence": pence, "valid_until": "2021-09-24T17:00:00",
        "must_haves": [{"need": "going_missing", "met": "yes", "how": format!("qzhow{name}")}],
        "residents": [], "keeps_school": true, "impact": format!("qzimpact{name}"), "conditions": format!("qzconditions{name}")
    })
}

/// The officer answers a question to every home that was asked.
pub(super) async fn answered(world: &World) {
    let officer = &world.officer;
    let questions = officer.get(&format!("{REFERRAL}/questions")).await.is(200);
    let (id, version) = (questions.json[0]["id"].as_str().unwrap(), questions.json[0]["version"].as_i64().unwrap());
    let tag = format!("\"{version}\"");
    let answer = json!({"answer": "qzanswer", "to_everyone": true});
    officer.post(&format!("{REFERRAL}/questions/{id}/answer"), &[("if-match", &tag)], &answer).await.is(200);
}

/// Recommended, asked about, approved, signed and started.
pub(super) async fn awarded(world: &World) -> String {
    let words = json!({
        "offer": 1, "planned_end": "2022-09-26", "case": "children_looked_after",
        "reasons": [
            {"offer": 1, "for_it": "qzforit", "against": "qzagainst"},
            {"offer": 2, "for_it": "qzotherfor", "against": "qzotheragainst", "not_chosen": "better_match"}
        ],
        "wishes": "ascertained", "wishes_words": "qzwisheswords", "social_worker": "qzsocialworker",
        "most_appropriate": true, "in_care_plan": true, "relatives": "consulted", "relatives_words": "qzrelatives",
        "circumstances": "qzcircumstances", "reviewing_officer": "2021-09-10", "area_authority": "2021-09-10",
        "care_plan_sent": true
    });
    let refused = world.officer.change(REFERRAL, "recommend", &words).await.is(201).header("location").to_owned();
    let refuse = json!({"reason": "more_needed", "words": "qzrefusal"});
    let refuse = world.director.change(&refused, "refuse", &refuse).await;
    assert!(refuse.status == StatusCode::OK || refuse.problem().0 == 422, "{:#}", refuse.json);
    let approval = if refuse.status == StatusCode::OK {
        world.officer.change(REFERRAL, "recommend", &words).await.is(201).header("location").to_owned()
    } else {
        refused
    };
    world.director.change(&approval, "ask", &json!({"words": "qzaskapprover"})).await.is(200);
    world.officer.change(&approval, "answer", &json!({"words": "qzanswerapprover"})).await.is(200);
    let seen = world.director.get(&approval).await.is(200);
    world.director.change(&approval, "approve", &json!({"facts_hash": seen.json["facts_hash"]})).await.is(200);
    let reference = world.director.get(&approval).await.is(200).json["agreement"].as_str().unwrap().to_owned();
    let agreement = format!("/api/v1/agreements/{reference}");
    let care = json!({
        "outcomes": ["qzoutcome"], "staffing": ["qzstaffing"], "included": ["pocket_money"],
        "education": ["qzeducationcare"], "health": ["qzhealthcare"]
    });
    world.officer.change(&agreement, "particulars", &care).await.is(200);
    for (caller, name) in [(&world.officer, "P Shah"), (&world.elm, "J Hughes")] {
        let signing = json!({"name": name, "role": "Manager", "has_authority": true});
        caller.change(&agreement, "sign", &signing).await.is(200);
    }
    world.move_to(date(2021, 9, 27), 16);
    world.officer.change(&agreement, "start", &json!({"on": "2021-09-27"})).await.is(200);
    world.region.app.do_due_jobs().await.unwrap();
    reference
}

/// Where a page leads, and what it is called.
fn addresses_and_title(body: &str) -> Vec<String> {
    let parts = ["href=\"", "action=\"", "src=\""].iter().flat_map(|name| body.split(name).skip(1));
    let addresses = parts.filter_map(|rest| rest.split('"').next()).map(str::to_owned);
    let title = body.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or_default();
    addresses.chain([title.to_owned()]).collect()
}

/// No page leads anywhere by it or is named after it, and who has no part in the child's care reads none of it.
async fn seen(world: &World, reference: &str) {
    let app = &world.region.app;
    for role in [Role::PlacementOfficer, Role::Approver, Role::FinanceOfficer, Role::Administrator] {
        let actor = app.actor_by_email(&email("HEF", role)).await.unwrap();
        let client = Client::with_session(world.region.router.clone(), &app.start_session(&actor).await.unwrap());
        for path in [
            "/home".to_owned(),
            "/referrals".to_owned(),
            "/referrals/HEF-R-0001".to_owned(),
            "/referrals/HEF-R-0001/child".to_owned(),
            "/referrals/HEF-R-0001/documents".to_owned(),
            "/referrals/HEF-R-0001/messages".to_owned(),
            "/referrals/HEF-R-0001/offers".to_owned(),
            "/referrals/HEF-R-0001/offers/compare".to_owned(),
            "/referrals/HEF-R-0001/statement".to_owned(),
            "/referrals/HEF-R-0001/timeline".to_owned(),
            "/approvals".to_owned(),
            "/approvals/HEF-D-0001".to_owned(),
            "/agreements".to_owned(),
            format!("/agreements/{reference}"),
            "/admin/jobs".to_owned(),
            "/admin/jobs/mail".to_owned(),
            "/admin/audit".to_owned(),
            "/search?q=Qzfamilyname".to_owned(),
        ] {
            let page = client.get(&path).await;
            for text in addresses_and_title(&page.body) {
                for canary in IDENTITY.iter().chain(WORDS) {
                    let own_search = path.starts_with("/search") && *canary == "Qzfamilyname";
                    assert!(own_search || !text.contains(canary), "{canary} leads from or names {path}: {text}");
                }
            }
            if role == Role::FinanceOfficer || role == Role::Administrator {
                for canary in IDENTITY.iter().chain(WORDS).filter(|_| !path.starts_with("/search")) {
                    assert!(!page.body.contains(canary), "{canary} on {path} for {}", role.label());
                }
            }
        }
    }
}

/// No row holds it in the clear.
async fn stored(database: &TestDatabase) {
    let mut stored = database.everything().await;
    for (_, bytes) in &mut stored {
        bytes.make_ascii_lowercase();
    }
    let holds = |texts: &[String]| -> Vec<(&str, BTreeSet<String>)> {
        let needles = Needles::new(texts.iter().map(String::as_str));
        let found = stored.iter().map(|(table, bytes)| (table.as_str(), needles.standing_in(bytes)));
        let found = found.filter(|(_, texts)| !texts.is_empty());
        found.map(|(table, texts)| (table, texts.into_iter().map(str::to_owned).collect())).collect()
    };
    assert!(!holds(&["hef-r-0001".to_owned()]).is_empty(), "what is stored was not read");
    let canaries: Vec<String> = IDENTITY.iter().chain(WORDS).map(|canary| canary.to_ascii_lowercase()).collect();
    let leaks = holds(&canaries);
    assert!(leaks.is_empty(), "stored in the clear: {leaks:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_of_a_child_stands_in_a_log_a_row_a_mail_an_address_or_a_title() {
    let log = logs::kept();
    both_made(async |database| {
        let world = World::opened(&database).await;
        asked(&world).await;
        world.move_to(date(2021, 9, 16), 17);
        let reference = awarded(&world).await;
        // What nobody may send: a fault of theirs is told to them and to nobody else.
        for (path, body) in [
            ("/api/v1/referrals", json!({"which": "Qzgivenname"})),
            ("/api/v1/referrals", json!({"which": "new", "given_names": ["Qzgivenname"]})),
            ("/api/v1/referrals", json!({"which": "known", "number": 9, "Qzfamilyname": "qzhelps"})),
        ] {
            assert!(world.officer.post(path, &[], &body).await.status.is_client_error());
        }
        seen(&world, &reference).await;
        stored(&database).await;
    })
    .await;
    let log = log.text().to_lowercase();
    assert!(log.contains("/api/v1/referrals"), "the log was not kept");
    for canary in IDENTITY.iter().chain(WORDS) {
        let lower = canary.to_lowercase();
        let at = log.find(&lower).map(|at| log[at.saturating_sub(200)..(at + 100).min(log.len())].to_owned());
        assert_eq!(at, None, "{canary} in the log");
    }
    for price in PRICES {
        let told = log.match_indices(price).find(|(at, figures)| alone(&log, (*at, *figures)));
        let words = told.map(|(at, _)| log[..at].lines().last().unwrap_or_default().to_owned());
        assert_eq!(words, None, "a home's price in the log: {price}");
    }
}

/// What the two homes ask, as a program and as a person would write it: a rival's to win by.
const PRICES: &[&str] = &["432100", "432200", "£4,321", "£4,322"];

/// Whether nothing goes on before or after some figures: ids and parts of a second hold any figures by chance.
fn alone(text: &str, (at, figures): (usize, &str)) -> bool {
    let goes_on = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    !goes_on(text[..at].chars().next_back()) && !goes_on(text[at + figures.len()..].chars().next())
}

#[test]
fn a_price_is_found_where_it_stands_alone_and_not_in_an_id_or_a_part_of_a_second() {
    let found = |text: &str| text.match_indices("432100").any(|(at, figures)| alone(text, (at, figures)));
    assert!(found("weekly_pence=432100") && found("Pence(432100)"));
    assert!(!found("id=98432100771") && !found("2021-09-13T10:20:00.432100z"));
}
