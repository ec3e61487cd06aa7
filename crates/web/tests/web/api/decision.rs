//! Decisions over the API: from a published text to a decision in force, called in and confirmed.

use placewell_app::clock::Machine;
use placewell_domain::id::DecisionId;
use placewell_domain::office::access::Role;
use placewell_domain::power::decision::{Decision, DecisionPage};
use placewell_testkit::databases::both;
use serde_json::{Value, json};

use super::Region;

/// A page with what the law requires.
pub fn page() -> Value {
    json!({
        "title": "Raise the annual value of the arrangement",
        "decision_maker": "Cabinet member children and families",
        "governing_body": "council_executive",
        "key_decision": false,
        "subject_to_call_in": true,
        "limbs": [
            {"letter": "a", "text": "the annual value is raised to £6.0m;", "effects": [
                {"effect": "adopts"}, {"effect": "ceiling", "annual_pence": 600_000_000}
            ]}
        ],
        "alternatives": [{"number": 1, "text": "Do nothing."}],
        "reasons": "More children need homes.",
        "conflicts_of_interest": "None",
        "dispensations": "None",
        "urgency": "No",
        "term": {"start": "2018-12-15", "end": "2021-12-14", "option_months": 36},
        "source_url": "https://authority.example/decisions/1"
    })
}

/// A decision from its draft to its confirmation.
pub(super) async fn called_in_and_confirmed(region: &Region) {
    let officer = region.caller("HEF", Role::DemocraticServices).await;
    let body = json!({"reference": "HEF-2021-0901", "page": page()});
    let made = officer.post("/api/v1/decisions", &[], &body).await.is(201);
    let record = made.header("location").to_owned();
    let other = region.caller("WOR", Role::DemocraticServices).await;
    assert_eq!(other.get(&record).await.problem(), (404, "not_found"), "a draft is its authority's alone");

    let publish = json!({"decided_on": "2021-09-10", "published_on": "2021-09-13"});
    officer.change(&record, "publish", &publish).await.is(200);
    let shown = other.get(&record).await.is(200);
    assert_eq!(shown.json["standing"], "In call-in window");
    assert_eq!(
        (&shown.json["call_in_closes"], &shown.json["effective_from"]),
        (&json!("2021-09-17"), &json!("2021-09-18"))
    );
    assert_eq!(shown.json["page"]["limbs"][0]["effects"][1]["annual_pence"], 600_000_000);
    let listed = other.get("/api/v1/decisions").await.is(200);
    assert_eq!(listed.json["items"][0]["reference"], "HEF-2021-0901");

    let early = officer.change(&record, "confirm", &json!({"on": "2021-09-13"})).await;
    assert_eq!(early.status, 409);
    assert!(early.json["rule"].is_string() && early.json["who_can_change"].is_string(), "{}", early.json);
    assert!(early.json["type"].as_str().unwrap().ends_with("/api#refused"));

    let call_in = json!({"on": "2021-09-13", "by": "Three members of scrutiny", "grounds": "Cost"});
    officer.change(&record, "call-in", &call_in).await.is(200);
    let shown = officer.get(&record).await.is(200);
    let depends = shown.json["dependants"].as_array().unwrap().clone();
    let limb = depends.iter().find(|one| one["what"].as_str().unwrap().starts_with("Limb (a)")).unwrap();
    assert_eq!(limb["held"], true, "{depends:?}");
    assert_eq!(other.get(&record).await.is(200).json["dependants"], Value::Null, "no other authority reads them");
    let end = json!({"outcome": "no_further_action", "on": "2021-09-13"});
    officer.change(&record, "close-call-in", &end).await.is(200);
    officer.change(&record, "confirm", &json!({"on": "2021-09-13"})).await.is(200);
    let shown = officer.get(&record).await.is(200);
    assert_eq!((&shown.json["state"], &shown.json["in_force"]), (&json!("confirmed"), &json!(true)));
}

#[tokio::test]
async fn a_decision_is_recorded_published_called_in_and_confirmed() {
    both(async |database| called_in_and_confirmed(&Region::make(&database).await).await).await;
}

#[tokio::test]
async fn rule_9_2_words_that_name_somebody_are_published_once_each_finding_is_sent_back() {
    both(async |database| {
        let region = Region::make(&database).await;
        let officer = region.caller("HEF", Role::DemocraticServices).await;
        let mut planted = page();
        planted["reasons"] = json!("More children need homes, such as HEF-R-0042.");
        let body = json!({"reference": "HEF-2021-0901", "page": planted});
        let record = officer.post("/api/v1/decisions", &[], &body).await.is(201).header("location").to_owned();
        let mut publish = json!({"decided_on": "2021-09-10", "published_on": "2021-09-13"});
        let stopped = officer.change(&record, "publish", &publish).await;
        assert_eq!(stopped.status, 422);
        assert!(stopped.json.to_string().contains("decision.publish/reasons:reference:HEF-R-0042"), "{}", stopped.json);
        publish["confirmed"] = json!(["reasons:reference:HEF-R-0042"]);
        officer.change(&record, "publish", &publish).await.is(200);
    })
    .await;
}

#[tokio::test]
async fn only_democratic_services_records_and_the_refused_role_is_told_so() {
    both(async |database| {
        let region = Region::make(&database).await;
        let body = json!({"reference": "HEF-2021-0901", "page": page()});
        for role in [Role::PlacementOfficer, Role::Approver, Role::FinanceOfficer, Role::Guest] {
            let reply = region.caller("HEF", role).await.post("/api/v1/decisions", &[], &body).await;
            assert_eq!(reply.problem(), (403, "forbidden"), "{role:?}");
            assert!(reply.json["detail"].as_str().unwrap().contains("RecordDecision"));
        }
        let elsewhere = region.caller("WOR", Role::DemocraticServices).await;
        let reply = elsewhere.post("/api/v1/decisions", &[], &body).await;
        assert_eq!(reply.problem(), (422, "invalid"), "another authority's reference");
        assert_eq!(reply.json["errors"][0]["field"], "reference");
    })
    .await;
}

#[tokio::test]
async fn a_published_text_is_read_into_fields_and_nothing_is_kept() {
    both(async |database| {
        let region = Region::make(&database).await;
        let officer = region.caller("HEF", Role::DemocraticServices).await;
        let text = "Decision reference: HEF-2021-0777\nTitle: Residential placements\n\
            Decision maker: Cabinet member children and families\nPublished: 13 September 2021\n\
            Decision:\n(a) adopt the arrangement up to an annual value of £1.3m;\n";
        let read = officer.raw("/api/v1/decisions/read", &[], "text/plain; charset=utf-8", text).await.is(200);
        assert!(read.json["missing"].as_array().unwrap().contains(&json!("reasons")), "{}", read.json);
        assert_eq!(officer.raw("/api/v1/decisions/read", &[], "application/json", "{}").await.problem().0, 415);
        let windows: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
        let saved = officer.raw("/api/v1/decisions/read", &[], "text/plain", windows).await.is(200);
        assert_eq!(saved.json["page"], read.json["page"], "a file saved as Windows-1252 reads the same");
        let archive = "MIME-Version: 1.0\nContent-Type: multipart/related;\n";
        assert_eq!(officer.raw("/api/v1/decisions/read", &[], "text/plain", archive).await.problem(), (422, "invalid"));
        let none = officer.get("/api/v1/decisions?of=own").await.is(200);
        assert_eq!(none.json["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn the_dates_of_a_decision_are_worked_out_and_a_printed_date_is_the_default() {
    both(async |database| {
        let region = Region::make(&database).await;
        let officer = region.caller("HEF", Role::DemocraticServices).await;
        let dates = officer.get("/api/v1/decision-dates?published=2019-01-14").await.is(200);
        assert_eq!(
            (&dates.json["call_in_closes"], &dates.json["effective_from"]),
            (&json!("2019-01-18"), &json!("2019-01-19"))
        );
        assert_eq!(officer.get("/api/v1/decision-dates?published=30+February").await.problem(), (422, "invalid"));

        let mut printed = page();
        printed["effective_from"] = json!("2021-09-20");
        printed["limbs"][0]["letter"] = json!("1.1");
        let body = json!({"reference": "HEF-2021-0902", "page": printed});
        let made = officer.post("/api/v1/decisions", &[], &body).await.is(201);
        let record = made.header("location").to_owned();
        let publish = json!({"decided_on": "2021-09-10", "published_on": "2021-09-13"});
        let bare = officer.change(&record, "publish", &publish).await;
        assert_eq!(bare.problem(), (422, "invalid"));
        assert_eq!(bare.json["errors"][0]["field"], "effective_reason");
        let publish = json!({
            "decided_on": "2021-09-10", "published_on": "2021-09-13", "effective_reason": "The page prints it."
        });
        officer.change(&record, "publish", &publish).await.is(200);
        let shown = officer.get(&record).await.is(200);
        assert_eq!(
            (&shown.json["effective_from"], &shown.json["call_in_closes"]),
            (&json!("2021-09-20"), &json!("2021-09-17")),
            "the printed date holds, and the computed window stays beside it"
        );
        assert_eq!(shown.json["page"]["limbs"][0]["letter"], "1.1");
        let mut twice = page();
        let limb = twice["limbs"][0].clone();
        twice["limbs"].as_array_mut().unwrap().push(limb);
        let body = json!({"reference": "HEF-2021-0903", "page": twice});
        assert_eq!(
            officer.post("/api/v1/decisions", &[], &body).await.problem(),
            (422, "invalid"),
            "one label, one limb"
        );
    })
    .await;
}

#[tokio::test]
async fn rule_1_3_the_decision_that_urgency_opens_is_completed_over_the_api() {
    both(async |database| {
        let region = Region::make(&database).await;
        let officer = region.caller("HEF", Role::DemocraticServices).await;
        let app = &region.app;
        let actor = app.actor_by_email(&super::email("HEF", Role::DemocraticServices)).await.unwrap();
        let mut work = app.store.begin(actor.organisation, app.calendar.now()).await.unwrap();
        let empty = DecisionPage { title: "HEF-A-0001: ratify, raise or end".into(), ..DecisionPage::default() };
        let id = DecisionId(work.new_id());
        let opened = Decision::record(id, actor.organisation, "HEF-2021-U001".into(), None, empty);
        work.apply(opened).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let record = "/api/v1/decisions/HEF-2021-U001";
        let shown = officer.get(record).await.is(200);
        assert_eq!(shown.json["page"]["limbs"], json!([]));
        officer.change(record, "revise", &json!({"page": page()})).await.is(200);
        let publish = json!({"decided_on": "2021-09-10", "published_on": "2021-09-13"});
        officer.change(record, "publish", &publish).await.is(200);
        let shown = officer.get(record).await.is(200);
        assert_eq!(shown.json["page"]["limbs"][0]["effects"][1]["annual_pence"], 600_000_000);
    })
    .await;
}
