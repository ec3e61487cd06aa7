//! The bad input of mini-blocks, each refused with its rule on the pages and over the API: beds that two blocks want, shares
//! that do not sum, a break before the start, a reduction below what was used, a decision whose limb is missing, a home that
//! was suspended since.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::buying::block::nights::{AcceptNomination, NominateChild};
use placewell_domain::calendar::WorkingDays;
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::{DecisionId, HomeId};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::TokenScope;
use placewell_domain::power::decision::{CallInRule, Decision};
use placewell_testkit::client::Client;
use placewell_testkit::databases::both;
use placewell_web::{Web, router};
use serde_json::{Value, json};

use super::super::child::{award, officer, referral};
use super::super::world::{
    HEF, REGION, SHR, World, actor, both_made, director, done, lead, page, proposal, shares, spec,
};
use super::{BLOCK, CEILING, given, signed};
use crate::api::caller::Caller;

/// A caller with a token, and the same person with a session.
async fn both_ways(world: &World, who: &Actor) -> (Caller, Client) {
    let router = router(Web::new(Arc::clone(&world.app), "http://localhost").await.unwrap());
    let email = format!("p{}@example.com", who.person);
    let known = world.app.actor_by_email(&email).await.unwrap();
    let token = world.app.create_token(&known, "test", 1, &TokenScope::EverythingWithProof).await.unwrap();
    let session = world.app.start_session(&known).await.unwrap();
    (Caller::new(router.clone(), &token), Client::with_session(router, &session))
}

fn body(breaks: &str, hundredths: u32) -> Value {
    json!({
        "title": "Beds for the west", "lot": "planned", "age_from": 10, "age_to": 15, "sex": "any",
        "spec": {
            "beds": 2, "floating": false, "from": "2022-01-01", "until": "2022-07-01", "guaranteed_beds": 2,
            "guaranteed_percent": 100, "nomination_hours": 72, "permitted_refusals": 2, "refusal_period": "quarter",
            "resale_percent": 50, "credit_suspended_percent": 100, "credit_unstaffed_percent": 100,
            "break_notice_days": 30, "breaks": [breaks]
        },
        "shares": [{"authority": "HEF", "hundredths": hundredths}]
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_that_do_not_sum_a_break_before_the_start_and_an_order_without_a_payer_are_refused_with_their_fields() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let (api, pages) = both_ways(&world, &lead()).await;
        let form = [
            ("title", "Beds for the west"),
            ("lot", "planned"),
            ("age_from", "8"),
            ("age_to", "15"),
            ("sex", "any"),
            ("beds", "2"),
            ("floating", "no"),
            ("from", "2022-01-01"),
            ("until", "2022-06-30"),
            ("guaranteed_beds", "2"),
            ("guaranteed_percent", "100"),
            ("nomination_hours", "72"),
            ("refusals", "2"),
            ("refusal_period", "quarter"),
            ("credit_suspended", "100"),
            ("credit_unstaffed", "100"),
            ("break_1", "2021-12-31"),
            ("break_notice_days", "30"),
            ("void_order", "SHR"),
            ("void_hours", "24"),
            ("share_HEF", "90"),
        ];
        let new = "/mini-blocks/new";
        let shown = pages.submit(new, new, &form).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        for said in [
            "Shares must sum to 100%; these sum to 90.00%",
            "A break comes after the first night",
            "Name every authority that pays a share once",
        ] {
            assert!(shown.body.contains(said), "{said}: {}", shown.body);
        }
        for (sent, field) in [(body("2022-04-01", 9_999), "shares"), (body("2021-12-31", 10_000), "breaks")] {
            let refused = api.post("/api/v1/mini-blocks", &[], &sent).await;
            assert_eq!(refused.problem(), (422, "invalid"));
            assert!(refused.json.to_string().contains(field), "{field}: {:#}", refused.json);
        }
        let mut sent = body("2022-04-01", 10_000);
        sent["void_order"] = json!({"authorities": ["SHR"], "hours": 24});
        let refused = api.post("/api/v1/mini-blocks", &[], &sent).await;
        assert_eq!(refused.problem(), (422, "invalid"));
        sent["void_order"] = json!({"authorities": ["HEF"], "hours": 24});
        let made = api.post("/api/v1/mini-blocks", &[], &sent).await.is(201).header("location").to_owned();
        assert_eq!(api.get(&made).await.is(200).json["proposal"]["void_order"], sent["void_order"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retrospective_reduction_below_what_was_used_is_refused_on_the_page_and_over_the_api() {
    both_made(CEILING, async |database| {
        let given = given(&database).await;
        signed(&given).await;
        let world = &given.world;
        let nights = (date(2022, 1, 10), date(2022, 3, 21));
        let child = referral(world, HEF, 1, nights.0, nights.1).await;
        let command = NominateChild { block: "MB-001".into(), slot: 1, referral: child };
        world.perform(&officer(HEF), "nominate", command).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let id = session.nominations_of(world.block("MB-001").await.id).await.unwrap()[0].id.0;
        drop(session);
        world.perform(&actor(51), "accept", AcceptNomination { id, version: 1 }).await.unwrap();
        award(world, HEF, 1, 1, nights).await;
        world.jobs().await;
        world.at(date(2022, 4, 1), 9);
        let change = format!("{BLOCK}/change");
        let asked =
            [("change", "reduce"), ("on", "2022-01-02"), ("guaranteed_beds", "0"), ("reason", "It was little used")];
        let shown = given.lead.submit(&change, &change, &asked).await;
        assert_eq!(shown.status, StatusCode::CONFLICT);
        assert!(shown.body.contains("below the beds that were used on them"), "{}", shown.body);
        let (api, _) = both_ways(world, &lead()).await;
        let sent =
            json!({"change": "reduce", "from": "2022-01-02", "guaranteed_beds": 0, "reason": "It was little used"});
        let refused = api.change(&format!("/api/v1{BLOCK}"), "changes", &sent).await;
        assert_eq!(refused.problem(), (409, "reduction_below_used"));
        assert!(world.block("MB-001").await.pending.is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn beds_that_another_block_has_are_refused_with_the_decision_before_and_after_that_block_is_live() {
    both(async |database| {
        let world = World::new(&database, Pence::pounds(2_000_000)).await;
        let first = world.compete("first", proposal(spec(2), shares(6_000)), &[(51, 1, 50_000)]).await;
        let second = world.compete("second", proposal(spec(2), shares(6_000)), &[(51, 2, 50_000)]).await;
        world.evaluate("first", &first).await.unwrap();
        world.evaluate("second", &second).await.unwrap();
        let (hef, _) = both_ways(&world, &director(HEF)).await;
        let (shr, pages) = both_ways(&world, &director(SHR)).await;
        let decide = format!("/mini-blocks/{second}/decide");
        hef.change(&format!("/api/v1/mini-blocks/{first}"), "decide", &json!({})).await.is(200);
        let shown = pages.get(&decide).await;
        assert!(shown.body.contains("approved another mini-block"), "{}", shown.body);
        let refused = shr.change(&format!("/api/v1/mini-blocks/{second}"), "decide", &json!({})).await;
        assert_eq!(refused.problem(), (409, "block_bed_claimed"));
        shr.change(&format!("/api/v1/mini-blocks/{first}"), "decide", &json!({})).await.is(200);
        world.jobs().await;
        let shown = pages.get(&decide).await;
        assert!(shown.body.contains(&format!("belongs to {first}")), "{}", shown.body);
        let refused = shr.change(&format!("/api/v1/mini-blocks/{second}"), "decide", &json!({})).await;
        assert_eq!(refused.problem(), (409, "block_bed_taken"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_whose_limb_is_missing_carries_no_award_on_the_page_or_over_the_api() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.recommended("a", proposal(spec(2), shares(6_000)), 1).await;
        // A later decision replaces SHR's and gives no power to award mini-blocks.
        let mut work = world.work(SHR).await;
        let days = WorkingDays::default();
        let rule = CallInRule { working_days: 4, calendar: days.clone() };
        let replaces = Some(DecisionId(2));
        let page = page(Pence::pounds(1_000_000), false);
        let decision =
            work.apply(Decision::record(DecisionId(8), SHR, "SHR-2021-0914".into(), replaces, page)).await.unwrap();
        let decision = work.apply(decision.decide(date(2021, 9, 14), &days).unwrap()).await.unwrap();
        let decision = work.apply(decision.publish(date(2021, 9, 14), false, None, &rule).unwrap()).await.unwrap();
        work.keep_decision_text(&decision).await.unwrap();
        done(work).await;
        let (api, pages) = both_ways(&world, &director(SHR)).await;
        let shown = pages.get(&format!("/mini-blocks/{block}/decide")).await;
        let seen = api.get(&format!("/api/v1/mini-blocks/{block}")).await.is(200).json["deciding"]["no_power"].clone();
        let said = seen.as_str().unwrap().to_owned();
        let why = "No decision in force gives anybody the power to";
        assert!(said.contains(why), "{said}");
        assert!(shown.body.contains(why), "{}", shown.body);
        let refused = api.change(&format!("/api/v1/mini-blocks/{block}"), "decide", &json!({})).await;
        assert_eq!(refused.problem(), (409, "no_limb"));
        assert_eq!(world.committed(SHR).await, Pence::ZERO);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_award_that_all_have_approved_says_on_its_page_and_over_the_api_that_its_home_is_suspended() {
    both_made(Pence::pounds(1_000_000), async |database| {
        let world = World::opened(&database).await;
        let block = world.recommended("a", proposal(spec(2), shares(6_000)), 1).await;
        for org in [HEF, SHR] {
            world.approve(&director(org), &format!("{org}"), &block).await.unwrap();
        }
        let mut work = world.work(REGION).await;
        let (subject, source) = (StandingSubject::Home(HomeId(1)), StandingSource::Region);
        let (standing, reason) = (Standing::Suspended, StandingReason::Safeguarding);
        let (from, until) = (date(2021, 9, 14), OPEN_END);
        work.record_standing(&StandingFact { subject, source, standing, from, until, reason }).await.unwrap();
        done(work).await;
        world.jobs().await;
        let (api, pages) = both_ways(&world, &lead()).await;
        let shown = pages.get(BLOCK).await;
        assert!(shown.body.contains("Every paying authority has approved, and it does not go on"), "{}", shown.body);
        assert_eq!(placewell_testkit::lint::lint(&shown.body), Vec::<String>::new());
        let read = api.get(&format!("/api/v1{BLOCK}")).await.is(200).json;
        assert_eq!(read["state"], "recommended");
        assert!(read["kept_back"].as_str().unwrap().contains("through the arrangement"), "{read}");
    })
    .await;
}
