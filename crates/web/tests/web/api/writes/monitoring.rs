//! Monitoring: visits, concerns and their plans, quarterly returns; a placement under strain, and the hours that one buys.

use super::steps::{File, HOME, LEAD, MEMBERS, OFFICER, Step, Typed};
use Step::{Attach, Bring, Fill, Find, Link, See, Send};

const PROOF: File = ("rota.pdf", b"%PDF-1.7 a rota");
const NEW_VISIT: &str = "/monitoring/visits/new";
const PLANNED: Typed = &[("urn", "SC400001"), ("on", "2021-09-13"), ("announced", "yes")];
const VISITED: Typed = &[("on", "2021-09-13"), ("level_staffing", "good"), ("words_staffing", "The rota is full.")];
const RECORDED: &str =
    r#"{"on": "2021-09-13", "findings": [{"theme": "staffing", "level": "good", "words": "The rota is full."}]}"#;
const VISIT: &str = r#"{"urn": "SC400001", "on": "2021-09-13", "announced": true}"#;

const NEW_CONCERN: &str = "/monitoring/concerns/new";
const RAISED: Typed =
    &[("urn", "SC400001"), ("theme", "staffing"), ("severity", "low"), ("words", "Agency staff every night.")];
const CONCERN: &str =
    r#"{"urn": "SC400001", "theme": "leadership", "severity": "medium", "words": "Returns come late."}"#;
const SHOWN: &str = "/monitoring/concerns/$raised";
const OWN: &str = "/provider/monitoring/concerns/$raised";

/// All members, and the provider.
const BOTH_SIDES: &[&str] = &["HEF", "WOR", "region", "oak-lane-care"];

/// Visits and concerns, by program and on their pages.
pub const WATCHED: &[Step] = &[
    Send(OFFICER, "/home-visits", "", VISIT, 201),
    Find(OFFICER, "/monitoring", "/visits", ("state", "planned"), "id", "visit"),
    See(OFFICER, "/monitoring/visits/$visit", MEMBERS),
    See(OFFICER, "/api/v1/home-visits/$visit", MEMBERS),
    Send(OFFICER, "/home-visits/$visit/record", "/home-visits/$visit", RECORDED, 200),
    Send(OFFICER, "/home-visits", "", VISIT, 201),
    Find(OFFICER, "/monitoring", "/visits", ("state", "planned"), "id", "off"),
    Send(OFFICER, "/home-visits/$off/call-off", "/home-visits/$off", r#"{"reason": "officer_away"}"#, 200),
    Fill(OFFICER, NEW_VISIT, NEW_VISIT, PLANNED),
    Find(OFFICER, "/monitoring", "/visits", ("state", "planned"), "id", "third"),
    Fill(OFFICER, "/monitoring/visits/$third", "/monitoring/visits/$third/record", VISITED),
    Fill(OFFICER, NEW_VISIT, NEW_VISIT, PLANNED),
    Find(OFFICER, "/monitoring", "/visits", ("state", "planned"), "id", "fourth"),
    Fill(OFFICER, "/monitoring/visits/$fourth", "/monitoring/visits/$fourth/call-off", &[("reason", "officer_away")]),
    Send(OFFICER, "/home-concerns", "", CONCERN, 201),
    Find(OFFICER, "/monitoring", "/concerns", ("state", "open"), "id", "concern"),
    Send(
        HOME,
        "/home-concerns/$concern/actions",
        "/home-concerns/$concern",
        r#"{"what": "A deputy keeps the dates.", "owner": "manager", "due": "2021-09-27"}"#,
        200,
    ),
    Send(
        HOME,
        "/home-concerns/$concern/done",
        "/home-concerns/$concern",
        r#"{"number": 1, "on": "2021-09-13", "words": "The deputy has a calendar."}"#,
        200,
    ),
    Bring(HOME, "/home-concerns/$concern/documents", "", &[], PROOF, 201),
    Send(
        OFFICER,
        "/home-concerns/$concern/send-back",
        "/home-concerns/$concern",
        r#"{"number": 1, "why": "Send the calendar."}"#,
        200,
    ),
    Send(LEAD, "/home-concerns/$concern/measure", "", r#"{"standing": "on_watch"}"#, 201),
    Send(OFFICER, "/home-concerns/$concern/close", "/home-concerns/$concern", r#"{"outcome": "unfounded"}"#, 200),
    Fill(OFFICER, NEW_CONCERN, NEW_CONCERN, RAISED),
    Find(OFFICER, "/monitoring", "/concerns", ("state", "open"), "id", "raised"),
    Fill(
        HOME,
        OWN,
        "/provider/monitoring/concerns/$raised/plan",
        &[("what", "Hire two night staff."), ("owner", "manager"), ("due", "2021-09-27")],
    ),
    Attach(
        HOME,
        OWN,
        "/provider/monitoring/concerns/$raised/done",
        &[("number", "1"), ("on", "2021-09-13"), ("words", "Both have begun.")],
        PROOF,
    ),
    Link(HOME, OWN, "/provider/monitoring/concerns/$raised/documents/", "proof"),
    See(OFFICER, SHOWN, MEMBERS),
    See(HOME, OWN, &[]),
    See(OFFICER, "/api/v1/home-concerns/$raised", BOTH_SIDES),
    See(OFFICER, "/monitoring/concerns/$raised/documents/$proof", &["HEF"]),
    See(HOME, "/provider/monitoring/concerns/$raised/documents/$proof", &[]),
    See(OFFICER, "/api/v1/home-concerns/$raised/documents/$proof", &["HEF", "oak-lane-care"]),
    Fill(OFFICER, SHOWN, "/monitoring/concerns/$raised/send-back", &[("number", "1"), ("why", "Send the rota.")]),
    Fill(OFFICER, SHOWN, "/monitoring/concerns/$raised/close", &[("outcome", "unfounded")]),
];

/// Every figure of a return; none is more than that of which it is a part.
const FIGURES: &str = r#"{"figures": {"child_nights": 1, "asked": 1, "answered_in_time": 1, "hours_to_answer": 1, "moved_in": 1, "moved_out": 1, "unplanned_ends": 1, "missing": 1, "restraint": 1, "school_days": 1, "posts": 1, "vacant_posts": 1, "agency_shifts": 1, "complaints": 1, "safeguarding": 1, "regulation_44": 1, "regulation_45": 1}, "note": null, "reason": null}"#;
const CORRECTED: &str = r#"{"figures": {"child_nights": 1, "asked": 0, "answered_in_time": 0, "hours_to_answer": 1, "moved_in": 1, "moved_out": 1, "unplanned_ends": 1, "missing": 1, "restraint": 1, "school_days": 1, "posts": 1, "vacant_posts": 1, "agency_shifts": 1, "complaints": 1, "safeguarding": 1, "regulation_44": 1, "regulation_45": 1}, "note": null, "reason": "asked"}"#;
const TYPED: Typed = &[
    ("child_nights", "1"),
    ("asked", "1"),
    ("answered_in_time", "1"),
    ("hours_to_answer", "1"),
    ("moved_in", "1"),
    ("moved_out", "1"),
    ("unplanned_ends", "1"),
    ("missing", "1"),
    ("restraint", "1"),
    ("school_days", "1"),
    ("posts", "1"),
    ("vacant_posts", "1"),
    ("agency_shifts", "1"),
    ("complaints", "1"),
    ("safeguarding", "1"),
    ("regulation_44", "1"),
    ("regulation_45", "1"),
];
const ASKED: &str = r#"{"figures": ["asked"], "words": "None was sent."}"#;
const AGAIN: Typed = &[("figures", "asked"), ("words", "None was sent.")];

/// Two quarters' returns of one home: the first by program, the second on its pages.
pub const RETURNS: &[Step] = &[
    Send(LEAD, "/quality-returns", "", r#"{"quarter": "2021-01-01"}"#, 201),
    Find(HOME, "/provider/quality-returns", "", ("quarter", "2021-01-01"), "id", "first"),
    Send(
        HOME,
        "/quality-returns/$first/save",
        "/quality-returns/$first",
        r#"{"figures": {"child_nights": 100}, "note": null, "reason": null}"#,
        200,
    ),
    See(HOME, "/provider/monitoring/returns/$first", &[]),
    See(HOME, "/api/v1/quality-returns/$first", &["region"]),
    Send(HOME, "/quality-returns/$first/send", "/quality-returns/$first", FIGURES, 200),
    See(LEAD, "/monitoring/returns/$first", MEMBERS),
    Send(LEAD, "/quality-returns/$first/ask", "/quality-returns/$first", ASKED, 200),
    Send(HOME, "/quality-returns/$first/send", "/quality-returns/$first", CORRECTED, 200),
    Send(LEAD, "/quality-returns/$first/accept", "/quality-returns/$first", "{}", 200),
    Fill(LEAD, "/region/monitoring", "/region/monitoring/round", &[]),
    Find(HOME, "/provider/quality-returns", "", ("quarter", "2021-04-01"), "id", "second"),
    Fill(HOME, "/provider/monitoring/returns/$second", "/provider/monitoring/returns/$second", TYPED),
    Fill(LEAD, "/monitoring/returns/$second", "/region/monitoring/returns/$second/ask", AGAIN),
    Send(HOME, "/quality-returns/$second/send", "/quality-returns/$second", CORRECTED, 200),
    Fill(LEAD, "/monitoring/returns/$second", "/region/monitoring/returns/$second/accept", &[]),
];

const MEETING: Typed =
    &[("on", "2021-09-27"), ("support", "therapy"), ("words", "A therapist comes."), ("review_on", "2021-10-11")];
const STRAINED: Typed = &[("signs", "staff"), ("words", "The staff doubt that they can go on.")];

/// An alert whose support is agreed: a search is held beside it and released; another one on its pages.
pub const STRAIN: &[Step] = &[
    Find(OFFICER, "/stability-alerts", "", ("state", "supported"), "id", "alert"),
    Send(OFFICER, "/stability-alerts/$alert/hold", "/stability-alerts/$alert", "{}", 200),
    Send(OFFICER, "/stability-alerts/$alert/release", "/stability-alerts/$alert", r#"{"reason": "not_settled"}"#, 200),
    Send(OFFICER, "/stability-alerts/$alert/close", "/stability-alerts/$alert", r#"{"outcome": "settled"}"#, 200),
    Fill(HOME, "/agreements/HEF-A-0001/stability", "/agreements/HEF-A-0001/stability", STRAINED),
    Find(OFFICER, "/stability-alerts", "", ("state", "flagged"), "id", "second"),
    Fill(OFFICER, "/stability/$second", "/stability/$second/meet", MEETING),
    Fill(OFFICER, "/stability/$second", "/stability/$second/close", &[("outcome", "settled")]),
];

const HOURS: &str = "/agreements/HEF-A-0001/hours";
const DELIVERED: &str = r#"{"reference": "HEF-A-0001", "label": "Evenings", "line_from": "2021-10-04", "week": "2021-10-04", "hours": "27", "reason": "sickness"}"#;

/// A week of hours: confirmed, corrected, agreed.
pub const WEEK: &[Step] = &[
    Send(HOME, "/provider/hours", "", DELIVERED, 201),
    Find(HOME, "/provider/hours", "", ("state", "confirmed"), "id", "week"),
    Find(HOME, "/provider/hours", "", ("state", "confirmed"), "version", "confirmed"),
    Send(HOME, "/provider/hours/$week", "$confirmed", r#"{"hours": "26", "reason": "sickness"}"#, 200),
    Find(OFFICER, HOURS, "", ("state", "confirmed"), "version", "corrected"),
    Send(OFFICER, "/support-weeks/$week/agree", "$corrected", "{}", 200),
];
