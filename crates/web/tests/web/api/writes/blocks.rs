//! Mini-blocks: one that is given up, one that is bought on its pages, and the nights, changes and months of one that is live.

use jiff::civil::date;

use super::steps::{DIRECTOR, HOME, LEAD, RIVAL, Step, Typed};
use Step::{Fill, Find, Jobs, Move, Send};

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
