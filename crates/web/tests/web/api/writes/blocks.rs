//! Mini-blocks: one that is given up, one that is bought on its pages, and the nights, changes and months of one that is live;
//! children who are nominated, a route that is left out, beds that are offered in turn, the monitoring officer's opinion.

use jiff::civil::date;
use serde_json::json;

use super::steps::{ADMINISTRATOR, CLERK, DIRECTOR, HOME, LEAD, OFFICER, RIVAL, Step, Typed, take, take_knowing};
use crate::api::world::World;
use crate::api::{block, decision, road};
use Step::{Fill, Find, Jobs, Look, Move, Own, Send};

const CASE: &str = r#"{"reasons": "Too few homes near.", "alternatives": "Single placements.", "conflicts": "None"}"#;
const COMPETITION: &str = r#"{"quality": [{"title": "Care", "weight": 60}], "price_weight": 40, "occupancy": 80, "deadline": "2021-09-15T10:20:00"}"#;

/// Proposed, counted, asked about, declined and given up, by program; `$proposal` is what is proposed.
pub const GIVEN_UP: &[Step] = &[
    Send(LEAD, "/mini-blocks", "", "$proposal", 201),
    Send(LEAD, "/mini-blocks/MB-002/revise", "/mini-blocks/MB-002", "$proposal", 200),
    Send(LEAD, "/mini-blocks/MB-002/need", "/mini-blocks/MB-002", "{}", 200),
    Jobs,
    Find(LEAD, "/mini-blocks/MB-002", "", ("", ""), "file_version", "file"),
    Send(LEAD, "/mini-blocks/MB-002/case", "$file", CASE, 200),
    Send(LEAD, "/mini-blocks/MB-002/compete", "/mini-blocks/MB-002", COMPETITION, 200),
    Send(HOME, "/provider/mini-blocks/MB-002/decline", "/provider/mini-blocks/MB-002", r#"{"reason": "no_beds"}"#, 200),
    Send(LEAD, "/mini-blocks/MB-002/withdraw", "/mini-blocks/MB-002", r#"{"reason": "Not needed now."}"#, 200),
];

const NEW: &str = "/mini-blocks/new";
const PROPOSED: Typed = &[
    ("title", "Beds for the east"),
    ("lot", "planned"),
    ("age_from", "10"),
    ("age_to", "15"),
    ("sex", "any"),
    ("beds", "2"),
    ("floating", "no"),
    ("from", "2021-10-01"),
    ("until", "2021-11-30"),
    ("guaranteed_beds", "2"),
    ("guaranteed_percent", "100"),
    ("nomination_hours", "72"),
    ("refusals", "2"),
    ("refusal_period", "quarter"),
    ("resale_percent", "50"),
    ("credit_suspended", "100"),
    ("credit_unstaffed", "100"),
    ("break_notice_days", "30"),
    ("share_HEF", "100"),
];
const BLOCK: &str = "/mini-blocks/MB-003";
const THEIRS: &str = "/provider/mini-blocks/MB-003";
const CASE_PAGE: &str = "/mini-blocks/MB-003/case";
const WRITTEN: Typed =
    &[("reasons", "Too few homes near."), ("alternatives", "Single placements."), ("conflicts", "None")];
const COMPETE: &str = "/mini-blocks/MB-003/compete";
const SCORING: Typed = &[
    ("quality_1", "Care"),
    ("weight_1", "60"),
    ("price_weight", "40"),
    ("occupancy", "80"),
    ("deadline", "2021-09-15"),
    ("deadline_time", "10:20"),
];
const BID: &str = "/provider/mini-blocks/MB-003/bid";
const OFFERED: Typed = &[
    ("beds", "$home.$bed"),
    ("beds", "$home.$next"),
    ("occupied", "500"),
    ("empty", "400"),
    ("answer_0", "We keep the school."),
    ("conflicts", "None"),
];
const EVALUATE: &str = "/mini-blocks/MB-003/evaluate";
const SCORED: Typed = &[("score_0_0", "4"), ("reasons_0", "As the answers show.")];
const DECIDE: &str = "/mini-blocks/MB-003/decide";
const SIGN: &str = "/mini-blocks/MB-003/sign";
const SIGN_THEIRS: &str = "/provider/mini-blocks/MB-003/sign";
const SIGNER: Typed = &[("name", "J Hughes"), ("role", "Manager"), ("authority", "yes")];

/// From the proposal to both signatures, on its pages.
pub const BOUGHT: &[Step] = &[
    Fill(LEAD, NEW, NEW, PROPOSED),
    Jobs,
    Fill(LEAD, "/mini-blocks/MB-003/edit", "/mini-blocks/MB-003/edit", PROPOSED),
    Fill(LEAD, BLOCK, "/mini-blocks/MB-003/need", &[]),
    Jobs,
    Fill(LEAD, CASE_PAGE, CASE_PAGE, WRITTEN),
    Fill(LEAD, COMPETE, COMPETE, SCORING),
    Fill(HOME, THEIRS, "/provider/mini-blocks/MB-003/decline", &[("reason", "no_beds")]),
    Find(RIVAL, THEIRS, "/homes/0", ("", ""), "home", "home"),
    Find(RIVAL, THEIRS, "/homes/0/beds/0", ("", ""), "bed", "bed"),
    Find(RIVAL, THEIRS, "/homes/0/beds/1", ("", ""), "bed", "next"),
    Fill(RIVAL, THEIRS, BID, OFFERED),
    Move(date(2021, 9, 15), 12),
    Fill(LEAD, EVALUATE, EVALUATE, SCORED),
    Own(DIRECTOR, DECIDE, "action=\"/mini-blocks/MB-003/decide\""),
    Fill(DIRECTOR, DECIDE, DECIDE, &[("decision", "approve")]),
    Jobs,
    Fill(RIVAL, SIGN_THEIRS, SIGN_THEIRS, SIGNER),
    Fill(LEAD, SIGN, SIGN, SIGNER),
    Fill(LEAD, NEW, NEW, PROPOSED),
    Jobs,
    Fill(LEAD, "/mini-blocks/MB-004/withdraw", "/mini-blocks/MB-004/withdraw", &[("reason", "Not needed now.")]),
];

const NONE: &str =
    r#"{"change": "reduce", "from": "2021-11-01", "guaranteed_beds": 0, "reason": "It was little used."}"#;
const ONE: &str =
    r#"{"change": "reduce", "from": "2021-11-01", "guaranteed_beds": 1, "reason": "It was little used."}"#;

/// Changes of contracts: taken back, and agreed by both sides.
pub const CHANGED: &[Step] = &[
    Send(LEAD, "/mini-blocks/MB-001/changes", "/mini-blocks/MB-001", NONE, 200),
    Send(LEAD, "/mini-blocks/MB-001/drop-change", "/mini-blocks/MB-001", "{}", 200),
    Send(LEAD, "/mini-blocks/MB-003/changes", BLOCK, ONE, 200),
    Send(DIRECTOR, "/mini-blocks/MB-003/decide", BLOCK, "{}", 200),
    Jobs,
    Find(LEAD, BLOCK, "", ("", ""), "version", "contract"),
    Send(RIVAL, "/provider/mini-blocks/MB-003/agree", "$contract", "{}", 200),
];

const NIGHTS: &str = "/mini-blocks/MB-001/nights";
const VOID: &str = "/mini-blocks/MB-001/nights/void";
const OFFER: &str = "/mini-blocks/MB-001/nights/offer";
const OCTOBER: &str = "/mini-blocks/MB-001/nights?month=2021-10";
const NOVEMBER: &str = "/mini-blocks/MB-001/nights?month=2021-11";
const SOLD: &str = r#"{"bed": 1, "from": "2021-10-10", "to": "2021-10-24", "buyer": "WOR", "night_pence": 45000}"#;
const SELL: Typed = &[("slot", "1"), ("from", "2021-10-10"), ("to", "2021-10-24"), ("buyer", "WOR"), ("night", "450")];

/// Why a bed stood empty, nights that are offered to another authority, and months that both sides agree or dispute.
pub const FILLED: &[Step] = &[
    Move(date(2021, 10, 6), 12),
    Send(
        HOME,
        "/mini-blocks/MB-001/voids",
        "",
        r#"{"bed": 1, "from": "2021-10-01", "to": "2021-10-03", "cause": "unstaffed", "request": null}"#,
        201,
    ),
    Fill(HOME, VOID, VOID, &[("slot", "1"), ("from", "2021-10-03"), ("to", "2021-10-06"), ("cause", "unstaffed")]),
    Send(LEAD, "/mini-blocks/MB-001/resales", "", SOLD, 201),
    Find(LEAD, OCTOBER, "/resales", ("state", "offered"), "id", "resale"),
    Find(LEAD, OCTOBER, "/resales", ("state", "offered"), "version", "resold"),
    Send(LEAD, "/block-resales/$resale/withdraw", "$resold", "{}", 200),
    Fill(LEAD, OFFER, OFFER, SELL),
    Fill(LEAD, NIGHTS, "/mini-blocks/MB-001/nights/offer/withdraw", &[]),
    Jobs,
    Move(date(2021, 11, 3), 10),
    Jobs,
    Find(HOME, OCTOBER, "", ("", ""), "digest", "digest"),
    Find(HOME, OCTOBER, "", ("", ""), "version", "settling"),
    Send(HOME, "/mini-blocks/MB-001/agree-month", "$settling", r#"{"month": "2021-10-01", "digest": "$digest"}"#, 200),
    Fill(LEAD, OCTOBER, "/mini-blocks/MB-001/nights/settle", &[]),
    Move(date(2021, 12, 2), 10),
    Jobs,
    Find(HOME, NOVEMBER, "", ("", ""), "version", "open"),
    Send(HOME, "/mini-blocks/MB-001/dispute-month", "$open", r#"{"month": "2021-11-01", "reason": "cause"}"#, 200),
];

const HOMES: &str = "/referrals/HEF-R-0001/homes?order=needs";
const LEFT_OUT: &str = r#"{"homes": ["$court"], "left_out": [{"tier": "mini_block", "reason": "not_most_appropriate"}], "decided_by": "$decider", "deadline": {"choice": "three_working_days"}}"#;
const SENT: &str = r#"{"accept_few": true}"#;
const CONFIRM: &str = "/referrals/HEF-R-0001/confirm-skip";

/// Two searches leave the mini-block out, as the director decided and confirms: on the page, and by program. A third asks it,
/// and its sending is undone once.
const ROUTES: &[Step] = &[
    Find(OFFICER, HOMES, "/homes/items", ("urn", "SC400001"), "ask", "oak"),
    Find(OFFICER, HOMES, "/homes/items", ("urn", "SC400002"), "ask", "court"),
    Find(OFFICER, "/referrals/HEF-R-0001/plan/deciders", "", ("", ""), "person", "decider"),
    Send(OFFICER, "/referrals/HEF-R-0001/plan", "/referrals/HEF-R-0001", LEFT_OUT, 200),
    Send(OFFICER, "/referrals/HEF-R-0001/send", "/referrals/HEF-R-0001", SENT, 200),
    Fill(DIRECTOR, CONFIRM, CONFIRM, &[]),
    Send(OFFICER, "/referrals/HEF-R-0002/plan", "/referrals/HEF-R-0002", LEFT_OUT, 200),
    Send(OFFICER, "/referrals/HEF-R-0002/send", "/referrals/HEF-R-0002", SENT, 200),
    Send(DIRECTOR, "/referrals/HEF-R-0002/confirm-skip", "/referrals/HEF-R-0002", "{}", 200),
    Send(
        OFFICER,
        "/referrals/HEF-R-0003/plan",
        "/referrals/HEF-R-0003",
        r#"{"homes": ["$oak"], "deadline": {"choice": "three_working_days"}}"#,
        200,
    ),
    Send(OFFICER, "/referrals/HEF-R-0003/send", "/referrals/HEF-R-0003", SENT, 200),
    Fill(OFFICER, "/referrals/HEF-R-0003", "/referrals/HEF-R-0003/undo-sending", &[]),
    Send(OFFICER, "/referrals/HEF-R-0003/send", "/referrals/HEF-R-0003", SENT, 200),
];

const NOMINATE: &str = "/mini-blocks/MB-001/nights/nominate";
const CHILD: &str = r#"{"bed": 1, "referral": "HEF-R-0003"}"#;
const CHOSEN: Typed = &[("referral", "HEF-R-0003"), ("slot", "1")];
const WITHDRAW: &str = "/mini-blocks/MB-001/nights/withdraw";
const ANSWER: &str = "/mini-blocks/MB-001/nights/answer";
const TO_ANSWER: &str = "/nominations-to-answer";

/// The child of the third search is nominated time and again: taken back, refused and conceded by program and on the pages, and
/// accepted.
const NOMINATED: &[Step] = &[
    Send(OFFICER, "/mini-blocks/MB-001/nominate", "", CHILD, 201),
    Find(OFFICER, OCTOBER, "/nominations", ("state", "open"), "id", "first"),
    Find(OFFICER, OCTOBER, "/nominations", ("state", "open"), "version", "made"),
    Send(OFFICER, "/nominations/$first/withdraw", "$made", r#"{"reason": "other_home"}"#, 200),
    Fill(OFFICER, NOMINATE, NOMINATE, CHOSEN),
    Look(OFFICER, NIGHTS, WITHDRAW, "id", "second"),
    Fill(OFFICER, NIGHTS, WITHDRAW, &[("reason_$second", "other_home")]),
    Send(OFFICER, "/mini-blocks/MB-001/nominate", "", CHILD, 201),
    Find(HOME, TO_ANSWER, "", ("bed", "1"), "id", "third"),
    Find(HOME, TO_ANSWER, "", ("bed", "1"), "version", "asked"),
    Send(HOME, "/nominations/$third/refuse", "$asked", r#"{"reason": "residents"}"#, 200),
    Find(OFFICER, OCTOBER, "/nominations", ("id", "$third"), "version", "refused"),
    Send(DIRECTOR, "/nominations/$third/concede", "$refused", "{}", 200),
    Fill(OFFICER, NOMINATE, NOMINATE, CHOSEN),
    Look(HOME, NIGHTS, ANSWER, "id", "fourth"),
    Fill(HOME, NIGHTS, ANSWER, &[("answer_$fourth", "refuse"), ("reason_$fourth", "residents")]),
    Fill(DIRECTOR, NIGHTS, "/mini-blocks/MB-001/nights/concede", &[]),
    Send(OFFICER, "/mini-blocks/MB-001/nominate", "", CHILD, 201),
    Find(HOME, TO_ANSWER, "", ("bed", "1"), "id", "last"),
    Find(HOME, TO_ANSWER, "", ("bed", "1"), "version", "waiting"),
    Send(HOME, "/nominations/$last/accept", "$waiting", "{}", 200),
];

/// A draft of a child with this name, who needs a home for eight weeks of the autumn, with all but whom to ask.
async fn drafted(world: &World, name: &str) {
    let child = json!({
        "which": "new", "given_names": name, "family_name": "Zelenka", "born": "2008-05-01", "sex": "female",
        "case_number": name
    });
    let record = world.officer.post("/api/v1/referrals", &[], &child).await.is(201).header("location").to_owned();
    for (task, mut answers) in road::tasks() {
        if task == "when" {
            (answers["start"], answers["planned_end"]) = (json!("2021-10-04"), json!("2021-11-29"));
        }
        world.officer.change(&record, &format!("tasks/{task}"), &answers).await.is(200);
    }
}

/// A mini-block that is live, and three searches that could ask it.
pub async fn asked(world: &World) {
    block::live(world, date(2021, 9, 13)).await;
    world.region.app.homes.forget().await;
    for name in ["Wren", "Tarn", "Fern"] {
        drafted(world, name).await;
    }
    take(world, ROUTES).await;
    take(world, NOMINATED).await;
}

const POST: &str =
    r#"{"title": "Monitoring officer", "grade": "monitoring_officer", "whole": true, "from": "2018-12-15"}"#;
const HOLDER: &str = r#"{"post": "$post", "person": "$approver", "kind": "holder", "from": "2018-12-15"}"#;
const KEY: &str = "/decisions/HEF-2019-0603";
const FIRST: &str = "/mini-blocks/MB-001";
const WITHIN: &str = r#"{"implements": "HEF-2019-0603", "words": "It is within what was decided."}"#;

/// The monitoring officer says by program that what is recommended implements a key decision. `$key` is its page.
const OPINION: &[Step] = &[
    Find(ADMINISTRATOR, "/people", "/items", ("role", "approver"), "person", "approver"),
    Send(CLERK, "/delegations/post", "", POST, 201),
    Find(CLERK, "/delegations", "/posts", ("grade", "monitoring_officer"), "id", "post"),
    Send(CLERK, "/delegations/holding", "", HOLDER, 201),
    Send(CLERK, "/decisions", "", r#"{"reference": "HEF-2019-0603", "page": $key}"#, 201),
    Send(
        CLERK,
        "/decisions/HEF-2019-0603/publish",
        KEY,
        r#"{"decided_on": "2019-06-03", "published_on": "2019-06-03"}"#,
        200,
    ),
    Send(DIRECTOR, "/mini-blocks/MB-001/opinion", FIRST, WITHIN, 200),
];

const OFFERS: &str = "/filling/void_offers";
const REDUCE: &str = "/mini-blocks/MB-001/change";
const REDUCED: Typed =
    &[("change", "reduce"), ("on", "2021-11-01"), ("guaranteed_beds", "1"), ("reason", "It was little used.")];
const IMPLEMENTS: Typed = &[("implements", "HEF-2019-0603"), ("words", "It is within what was decided.")];
const OWN: &str = "/provider/mini-blocks/MB-001";

/// Two empty beds are offered in turn, taken and given back; a change is proposed, agreed to and dropped on its pages.
const IN_TURN: &[Step] = &[
    Move(date(2021, 10, 1), 9),
    Jobs,
    Find(OFFICER, OCTOBER, OFFERS, ("state", "offered"), "id", "bed"),
    Find(OFFICER, OCTOBER, OFFERS, ("state", "offered"), "version", "offered"),
    Send(OFFICER, "/void-offers/$bed/take", "$offered", "{}", 200),
    Fill(OFFICER, NIGHTS, "/mini-blocks/MB-001/nights/take", &[]),
    Fill(OFFICER, NIGHTS, "/mini-blocks/MB-001/nights/pass", &[]),
    Find(OFFICER, OCTOBER, OFFERS, ("state", "taken"), "id", "kept"),
    Find(OFFICER, OCTOBER, OFFERS, ("state", "taken"), "version", "taken"),
    Send(OFFICER, "/void-offers/$kept/pass", "$taken", "{}", 200),
    Fill(LEAD, REDUCE, REDUCE, REDUCED),
    Fill(DIRECTOR, "/mini-blocks/MB-001/decide", "/mini-blocks/MB-001/opinion", IMPLEMENTS),
    Fill(HOME, OWN, "/provider/mini-blocks/MB-001/agree", &[]),
    Fill(LEAD, FIRST, "/mini-blocks/MB-001/drop-change", &[]),
];

/// A mini-block of two beds that one authority is offered first, and whose award rests on an opinion too.
pub async fn in_turn(world: &World) {
    let mut proposal = block::proposal();
    (proposal["spec"]["beds"], proposal["spec"]["guaranteed_beds"]) = (json!(2), json!(2));
    proposal["void_order"] = json!({"authorities": ["HEF"], "hours": 24});
    let block = block::recommended(world, date(2021, 9, 13), &proposal).await;
    let mut key = decision::page();
    (key["title"], key["key_decision"], key["reason_key"]) =
        (json!("Buy beds for children"), json!(true), json!("It is significant in two wards or more."));
    (key["limbs"][0]["text"], key["limbs"][0]["effects"]) = (json!("beds are bought together;"), json!([]));
    key["published_on"] = json!("2019-06-03");
    take_knowing(world, vec![("key", key.to_string())], OPINION).await;
    block::awarded(world, &block, 2).await;
    take(world, IN_TURN).await;
}
