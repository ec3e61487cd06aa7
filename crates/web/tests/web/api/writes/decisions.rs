//! Decisions and what officers decide under them: notice, exempt parts, corrections, an amendment and its end, a call-in on its
//! pages. `$page` is a page with what the law requires, `$planned` the same with the purpose that a notice tells.

use jiff::civil::date;

use super::steps::{CLERK, Step, Typed};
use Step::{Fill, Move, See, Send};

const PUBLISHED: &str = r#"{"decided_on": "2021-09-10", "published_on": "2021-09-13"}"#;
const NOTICE: &str = r#"{"kind": "twenty_eight_days", "on": "2021-09-13", "expected": "2021-10-20"}"#;
const NOTICE_BACK: &str = r#"{"on": "2021-09-13", "reason": "It is planned anew."}"#;
const EXEMPT: &str = r#"{"part": {"paragraph": "3", "what": "Appendix B: tendered prices", "public_interest": "Rivals would learn them."}}"#;
const OFFICERS: &str = r#"{"under": "HEF-2019-0114", "limb": "b", "page": {"title": "Visits", "kind": "other", "decided": "To visit homes together.", "post": "Assistant Director", "taken_on": "2021-09-06", "reasons": "Fewer days.", "alternatives": "None.", "conflicts": "None declared."}}"#;
const REVISED: &str = r#"{"page": {"title": "Visits", "kind": "other", "decided": "To visit homes together.", "post": "Assistant Director", "taken_on": "2021-09-06", "reasons": "Fewer days of travel.", "alternatives": "None.", "conflicts": "None declared."}}"#;
const FIRST: &str = "/officer-decisions/HEF-OD-0001";

/// By program.
pub const BY_PROGRAM: &[Step] = &[
    Send(CLERK, "/decisions", "", r#"{"reference": "HEF-2021-0911", "page": $planned}"#, 201),
    Send(CLERK, "/decisions/HEF-2021-0911/give-notice", "/decisions/HEF-2021-0911", NOTICE, 200),
    Send(CLERK, "/decisions/HEF-2021-0911/withdraw-notice", "/decisions/HEF-2021-0911", NOTICE_BACK, 200),
    Send(CLERK, "/decisions", "", r#"{"reference": "HEF-2021-0912", "page": $page}"#, 201),
    Send(CLERK, "/decisions/HEF-2021-0912/publish", "/decisions/HEF-2021-0912", PUBLISHED, 200),
    Send(CLERK, "/decisions/HEF-2021-0912/exempt", "/decisions/HEF-2021-0912", EXEMPT, 200),
    Send(
        CLERK,
        "/decisions/HEF-2021-0912/correct",
        "/decisions/HEF-2021-0912",
        r#"{"page": $planned, "why": "The page had left out its purpose."}"#,
        200,
    ),
    Send(CLERK, "/decisions", "", r#"{"reference": "HEF-2021-0913", "amends": "HEF-2021-0912", "page": $page}"#, 201),
    Send(CLERK, "/decisions/HEF-2021-0913/publish", "/decisions/HEF-2021-0913", PUBLISHED, 200),
    Send(CLERK, "/officer-decisions", "", OFFICERS, 201),
    See(CLERK, "/democratic/officer-decisions/HEF-OD-0001", &["HEF"]),
    See(CLERK, "/api/v1/officer-decisions/HEF-OD-0001", &["HEF"]),
    Send(CLERK, "/officer-decisions/HEF-OD-0001/revise", FIRST, REVISED, 200),
    Send(CLERK, "/officer-decisions/HEF-OD-0001/publish", FIRST, r#"{"on": "2021-09-13"}"#, 200),
    Send(
        CLERK,
        "/officer-decisions/HEF-OD-0001/withdraw",
        FIRST,
        r#"{"on": "2021-09-13", "reason": "It was published twice."}"#,
        200,
    ),
];

const NEW: &str = "/democratic/officer-decisions/new";
const SECOND: &str = "/democratic/officer-decisions/HEF-OD-0002";
const EDIT: &str = "/democratic/officer-decisions/HEF-OD-0002/edit";
/// As the tests of publication type it too.
pub const OFFICERS_TYPED: Typed = &[
    ("under", "HEF-2019-0114 b"),
    ("title", "Visits"),
    ("kind", "other"),
    ("decided", "To visit homes together."),
    ("post", "Assistant Director"),
    ("taken_on_day", "6"),
    ("taken_on_month", "9"),
    ("taken_on_year", "2021"),
    ("reasons", "Fewer days."),
    ("alternatives", "None."),
    ("conflicts", "None declared."),
];
const TODAY: Typed = &[("on", "2021-09-13")];
const GIVE: Typed = &[("kind", "twenty_eight_days"), ("on", "2021-09-13"), ("expected", "2021-10-20")];
const TAKE_BACK: Typed = &[("withdrawn_on", "2021-09-13"), ("reason", "It is planned anew.")];
const NOTED: &str = "/democratic/decisions/HEF-2021-0911";
const ONE: &str = "/democratic/decisions/HEF-2021-0914";
const CALL_IN: &str = "/democratic/decisions/HEF-2021-0914/call-in";
const EXEMPTED: &str = "/democratic/decisions/HEF-2021-0914/exempt";
const GROUNDS: Typed = &[("on", "2021-09-13"), ("by", "Three members"), ("grounds", "Cost")];
const PART: Typed =
    &[("paragraph", "3"), ("what", "Appendix of prices"), ("public_interest", "Rivals would learn them.")];

/// On their pages.
pub const ON_PAGES: &[Step] = &[
    Fill(CLERK, NEW, NEW, OFFICERS_TYPED),
    See(CLERK, EDIT, &[]),
    Fill(CLERK, EDIT, EDIT, OFFICERS_TYPED),
    Fill(CLERK, SECOND, "/democratic/officer-decisions/HEF-OD-0002/publish", TODAY),
    Fill(
        CLERK,
        SECOND,
        "/democratic/officer-decisions/HEF-OD-0002/withdraw",
        &[("on", "2021-09-13"), ("reason", "It was published twice.")],
    ),
    Fill(CLERK, NOTED, "/democratic/decisions/HEF-2021-0911/notice", GIVE),
    Fill(CLERK, NOTED, "/democratic/decisions/HEF-2021-0911/withdraw-notice", TAKE_BACK),
    Send(CLERK, "/decisions", "", r#"{"reference": "HEF-2021-0914", "page": $page}"#, 201),
    Fill(
        CLERK,
        ONE,
        "/democratic/decisions/HEF-2021-0914/publish",
        &[("decided_on", "2021-09-10"), ("published_on", "2021-09-13")],
    ),
    Fill(CLERK, EXEMPTED, EXEMPTED, PART),
    Fill(CLERK, CALL_IN, CALL_IN, GROUNDS),
    Fill(
        CLERK,
        ONE,
        "/democratic/decisions/HEF-2021-0914/close-call-in",
        &[("outcome", "referred_back"), ("on", "2021-09-13")],
    ),
    Fill(CLERK, ONE, "/democratic/decisions/HEF-2021-0914/confirm", TODAY),
    Send(CLERK, "/decisions", "", r#"{"reference": "HEF-2021-0915", "amends": "HEF-2021-0914", "page": $page}"#, 201),
    Send(CLERK, "/decisions/HEF-2021-0915/publish", "/decisions/HEF-2021-0915", PUBLISHED, 200),
    Move(date(2021, 9, 20), 10),
    Send(CLERK, "/decisions/HEF-2021-0912/supersede", "/decisions/HEF-2021-0912", r#"{"by": "HEF-2021-0913"}"#, 200),
    Send(
        CLERK,
        "/decisions/HEF-2021-0913/rescind",
        "/decisions/HEF-2021-0913",
        r#"{"on": "2021-09-20", "reason": "Put on hold."}"#,
        200,
    ),
    Fill(CLERK, ONE, "/democratic/decisions/HEF-2021-0914/supersede", &[("by", "HEF-2021-0915")]),
    Fill(
        CLERK,
        "/democratic/decisions/HEF-2021-0915",
        "/democratic/decisions/HEF-2021-0915/rescind",
        &[("rescinded_on", "2021-09-20"), ("reason", "Put on hold.")],
    ),
];
