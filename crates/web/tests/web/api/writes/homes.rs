//! Homes: providers and homes admitted, priced and judged by the regional team; beds, names, documents and prices by their
//! provider; a register that is brought in, and what differs in it.

use super::steps::{File, HOME, LEAD, MEMBERS, OFFICER, RIVAL, Step, Typed};
use Step::{Attach, Bring, Fill, Find, Jobs, See, Send};

const REPORT: (&str, &str) = ("link", "https://reports.ofsted.gov.uk/provider/4/SC400001");
const CRISIS: &str = r#"{"code": "crisis", "name": "Crisis", "description": "At once"}"#;
const FIRST_DAY: (&str, &str) = ("from", "2021-09-13");

const JOIN: &str = "/region/providers/beech-care/admit";
const JOINED: Typed = &[("exception", "before_record"), ("record", "file FCA/2018/014"), ("from", "2018-12-15")];
const WATCH_BEECH: &str = "/region/providers/beech-care/standing";
const WATCHED: Typed =
    &[("source", "region"), ("standing", "on_watch"), ("reason", "serious_concerns"), ("from", "2021-09-01"), REPORT];
const ADMIT: &str = "/region/homes/SC400001/admit";
const PRICE: &str = "/region/homes/SC400001/price";
const VISIT: &str = "/region/homes/SC400001/visit";
const LEAVE: &str = "/region/homes/SC400001/leave";
const PRICED: Typed = &[("lot", "crisis"), ("line", "core"), ("weekly", "4,150"), FIRST_DAY];
const SEEN: Typed = &[("kind", "assurance"), ("serious_concerns", "yes"), ("inspected_on", "2021-09-06"), REPORT];
const LEFT: Typed = &[("lot", "crisis"), ("why", "withdrawn"), ("until", "2021-10-01")];
const NEW_MEASURE: &str = "/region/standing/new";
const INADEQUATE: Typed = &[
    ("about", "home"),
    ("code", "SC400002"),
    ("standing", "suspended"),
    ("reason", "inadequate"),
    ("dated", "2021-09-10"),
    ("link", "https://reports.ofsted.gov.uk/provider/4/SC400002"),
];
const ON_WATCH: &str = r#"{"source": "region", "standing": "on_watch", "reason": "serious_concerns", "from": "2021-09-01", "until": null, "link": "https://reports.ofsted.gov.uk/provider/4/SC400002"}"#;
const VISITED: &str = r#"{"kind": "assurance", "inspected_on": "2021-09-06", "published_on": null, "grade": null, "serious_concerns": false, "link": "https://reports.ofsted.gov.uk/provider/4/SC400002"}"#;

/// What the regional team keeps of providers and homes.
pub const KEEPING: &[Step] = &[
    Send(LEAD, "/arrangement/fca/keep-lot", "/arrangement", CRISIS, 200),
    Fill(LEAD, JOIN, JOIN, JOINED),
    Fill(LEAD, WATCH_BEECH, WATCH_BEECH, WATCHED),
    Send(LEAD, "/providers/ash-care/standing", "", ON_WATCH, 200),
    Fill(LEAD, ADMIT, ADMIT, &[("lot", "crisis"), FIRST_DAY]),
    Fill(LEAD, PRICE, PRICE, PRICED),
    Fill(LEAD, VISIT, VISIT, SEEN),
    Jobs,
    Find(LEAD, "/measures", "/items", ("name", "Oak Lane"), "id", "watch"),
    Fill(LEAD, "/region/standing/$watch", "/region/standing/$watch/confirm", &[]),
    Jobs,
    Fill(LEAD, "/region/standing/$watch", "/region/standing/$watch/reinstate", &[("evidence", "reinspected"), REPORT]),
    Fill(LEAD, NEW_MEASURE, NEW_MEASURE, INADEQUATE),
    Find(LEAD, "/measures", "/items", ("name", "Ash Court"), "id", "proposed"),
    Fill(LEAD, "/region/standing/$proposed", "/region/standing/$proposed/drop", &[("reason", "mistaken")]),
    Send(LEAD, "/homes/SC400002/standing", "", ON_WATCH, 200),
    Send(LEAD, "/homes/SC400002/visits", "", VISITED, 201),
    Fill(LEAD, LEAVE, LEAVE, LEFT),
    Send(
        LEAD,
        "/homes/SC400002/leave-lot",
        "",
        r#"{"lot": "planned", "until": "2021-10-01", "why": "withdrawn"}"#,
        200,
    ),
];

const BEDS: &str = "/provider/homes/SC400001/beds";
const PURPOSE: &str = "/provider/homes/SC400001/purpose";
const COMPANY: &str = "/provider/company";
const MANAGER: &str = "/provider/homes/SC400001/manager";
const WORDING: &str = "/provider/homes/SC400001/wording";
const FACTS: &str = "/provider/homes/SC400001/facts";
const FOUND: &str = "/homes/SC400001/facts";
const STATED: Typed = &[
    ("name", "Oak Lane"),
    ("age_from", "10"),
    ("age_to", "17"),
    ("sex", "any"),
    ("as_of", "2021-06-01"),
    ("need_going_missing", "meets"),
];
const MANAGED: Typed = &[("registered_manager", "A Manager"), ("manager_from", "2021-06-01")];
const SAID: Typed = &[("fact", "night_staff"), ("value", "yes"), ("seen_on", "2021-09-06")];
const SAID_OF: &str = r#"{"fact": "education", "value": "no", "seen_on": "2021-09-06", "link": null}"#;
const CLOSED: Typed = &[("bed", "$bed"), ("reason", "repair"), ("from", "2021-09-20")];

const LIST: &str = "/provider/documents";
const PAPER: &str = r#"{"urn": "SC400001", "document": "fire_safety", "reference": "PL-1", "from": "2021-04-01", "expires_on": "2022-03-31", "seen_by": "members"}"#;
const HELD: Typed =
    &[("document", "other"), ("urn", "SC400001"), ("reference", "D-2"), ("from", "2021-04-01"), ("seen_by", "members")];
const PDF: File = ("Certificate.pdf", b"%PDF-1.7 a certificate");

/// What a provider keeps of its own homes.
pub const OWNED: &[Step] = &[
    Fill(HOME, "/home", "/provider/homes/confirm-beds", &[]),
    Send(HOME, "/provider/confirm-beds", "", "{}", 200),
    Fill(HOME, PURPOSE, PURPOSE, STATED),
    Send(HOME, "/own-company-numbers", "", r#"{"company_number": "01234567", "recorded": 0}"#, 200),
    Fill(HOME, COMPANY, COMPANY, &[("company_number", "OC123456")]),
    Send(
        HOME,
        "/own-homes/SC400001/managers",
        "",
        r#"{"registered_manager": "A Manager", "manager_from": "2021-05-01", "recorded": 0}"#,
        200,
    ),
    Fill(HOME, MANAGER, MANAGER, MANAGED),
    Send(
        HOME,
        "/own-homes/SC400001/wording",
        "",
        r#"{"need": "going_missing", "words": "Staff who know how", "confirmed": true}"#,
        200,
    ),
    Fill(
        HOME,
        WORDING,
        WORDING,
        &[("need", "going_missing"), ("words", "Staff who know what to do"), ("confirmed", "yes")],
    ),
    Fill(HOME, FACTS, FACTS, SAID),
    Fill(OFFICER, FOUND, FOUND, SAID),
    Send(OFFICER, "/homes/SC400001/facts", "", SAID_OF, 201),
    Fill(HOME, BEDS, "/provider/homes/SC400001/beds/confirm", &[]),
    Fill(HOME, BEDS, "/provider/homes/SC400001/beds/postcode", &[("postcode", "HR1 2PX")]),
    Find(HOME, "/own-homes/SC400001/beds", "/beds", ("", ""), "id", "bed"),
    Fill(HOME, BEDS, "/provider/homes/SC400001/beds/close", CLOSED),
    Find(HOME, "/own-homes/SC400001/beds?month=2021-09", "/closures", ("bed", "$bed"), "id", "closure"),
    Fill(HOME, BEDS, "/provider/homes/SC400001/beds/$closure/reopen", &[("on_$closure", "2021-09-27")]),
    Send(HOME, "/provider/documents", "", PAPER, 201),
    Find(HOME, "/provider/documents", "/documents", ("reference", "PL-1"), "id", "paper"),
    Bring(HOME, "/provider/documents/$paper/files", "", &[], PDF, 201),
    Find(HOME, "/provider/documents/$paper/files", "", ("", ""), "id", "copy"),
    See(HOME, "/provider/documents/$paper/files", &[]),
    See(HOME, "/provider/documents/$paper/files/$copy", &[]),
    See(HOME, "/api/v1/provider/documents/$paper/files", &[]),
    See(HOME, "/api/v1/provider/documents/$paper/files/$copy", &[]),
    See(OFFICER, "/homes/SC400001/documents/$paper/files/$copy", MEMBERS),
    See(OFFICER, "/api/v1/homes/SC400001/documents/$paper/files/$copy", MEMBERS),
    Find(HOME, "/provider/documents", "/documents", ("reference", "PL-1"), "version", "shown"),
    Send(HOME, "/provider/documents/$paper/withdraw", "$shown", "{}", 200),
    Attach(HOME, LIST, LIST, HELD, PDF),
    Find(HOME, "/provider/documents", "/documents", ("reference", "D-2"), "id", "other"),
    Attach(HOME, "/provider/documents/$other/files", "/provider/documents/$other/files", &[], PDF),
    Fill(HOME, LIST, "/provider/documents/$other/withdraw", &[]),
];

const NEW_RISE: &str = "/provider/uplifts/new";
const RISE: Typed =
    &[("price", "SC400001 planned core"), ("basis", "formula"), ("percent", "1.5"), ("from", "2021-11-01")];
const RIVALS: &str = r#"{"home": "SC400002", "lot": "planned", "line": "core", "basis": "formula", "percent": "1.5", "from": "2021-11-01"}"#;
const NOT_GRANTED: Typed = &[("outcome", "refused"), ("reasons", "The price was set in April.")];
const COSTS: File = ("costs.pdf", b"%PDF-1.4 costs");
const GRANTED: &str = r#"{"outcome": "granted"}"#;
const MEANT_FOR_ANOTHER: &str = r#"{"reasons": "It was meant for another home."}"#;

/// A rise that was asked for: evidence, taken back, granted and revoked, refused and appealed.
pub const RISES: &[Step] = &[
    Find(HOME, "/uplifts", "/items", ("state", "asked"), "id", "rise"),
    Attach(HOME, "/provider/uplifts/$rise", "/provider/uplifts/$rise/documents", &[], COSTS),
    Send(HOME, "/uplifts/$rise/withdraw", "/uplifts/$rise", "{}", 200),
    Fill(HOME, NEW_RISE, NEW_RISE, RISE),
    Find(HOME, "/uplifts", "/items", ("state", "asked"), "id", "second"),
    Fill(HOME, "/provider/uplifts/$second", "/provider/uplifts/$second/withdraw", &[]),
    Fill(HOME, NEW_RISE, NEW_RISE, RISE),
    Find(HOME, "/uplifts", "/items", ("state", "asked"), "id", "mistaken"),
    Send(LEAD, "/uplifts/$mistaken/decide", "/uplifts/$mistaken", GRANTED, 200),
    Fill(
        LEAD,
        "/region/uplifts/$mistaken",
        "/region/uplifts/$mistaken/revoke",
        &[("reasons", "It was meant for another home.")],
    ),
    Fill(HOME, NEW_RISE, NEW_RISE, RISE),
    Find(HOME, "/uplifts", "/items", ("state", "asked"), "id", "third"),
    Fill(LEAD, "/region/uplifts/$third", "/region/uplifts/$third/decide", NOT_GRANTED),
    Send(HOME, "/uplifts/$third/appeal", "/uplifts/$third", r#"{"words": "Wages have risen since."}"#, 200),
    Send(RIVAL, "/uplifts", "", RIVALS, 201),
    Find(RIVAL, "/uplifts", "/items", ("state", "asked"), "id", "wrong"),
    Send(LEAD, "/uplifts/$wrong/decide", "/uplifts/$wrong", GRANTED, 200),
    Send(LEAD, "/uplifts/$wrong/revoke", "/uplifts/$wrong", MEANT_FOR_ANOTHER, 200),
    Send(RIVAL, "/uplifts", "", RIVALS, 201),
    Find(RIVAL, "/uplifts", "/items", ("state", "asked"), "id", "theirs"),
    Send(
        LEAD,
        "/uplifts/$theirs/decide",
        "/uplifts/$theirs",
        r#"{"outcome": "refused", "reasons": "The price was set in April."}"#,
        200,
    ),
    Fill(
        RIVAL,
        "/provider/uplifts/$theirs",
        "/provider/uplifts/$theirs/appeal",
        &[("words", "Wages have risen since.")],
    ),
];

const IMPORTS: &str = "/imports";
const OF_REGISTER: Typed = &[("kind", "register"), ("region", "West Midlands"), ("as_at", "2021-06-30")];
const REGION: Typed = &[("region", "West Midlands"), ("as_at", "2021-06-30")];
/// Ofsted's register a quarter later: each home has a place more.
const REGISTER: File = (
    "register.csv",
    b"URN,Provision type,Registration date,Registration status,Government Office Region,Local authority,Sector,Places,\
      Organisation\n\
      SC400001,Children's home,01/04/2019,Active,West Midlands,Herefordshire,Private,3,oak-lane-care (invented)\n\
      SC400002,Children's home,01/04/2019,Active,West Midlands,Herefordshire,Private,3,ash-care (invented)\n",
);

/// A file that is taken back, once by program and once on its page, and one that is brought in: what it changes is an alert.
pub const BROUGHT: &[Step] = &[
    Bring(LEAD, "/imports/of/register", "", REGION, REGISTER, 201),
    Send(LEAD, "/imports/2/cancel", "/imports/2", "{}", 200),
    Attach(LEAD, IMPORTS, IMPORTS, OF_REGISTER, REGISTER),
    Fill(LEAD, "/imports/3", "/imports/3/cancel", &[]),
    Attach(LEAD, IMPORTS, IMPORTS, OF_REGISTER, REGISTER),
    Fill(LEAD, "/imports/4", "/imports/4/confirm", &[]),
    Jobs,
    Find(LEAD, "/region/alerts", "/alerts", ("state", "waiting"), "id", "alert"),
    Send(
        LEAD,
        "/region/alerts/$alert/acknowledge",
        "1",
        r#"{"note": "Ask the home about its places.", "due": "2021-09-20"}"#,
        200,
    ),
    Send(LEAD, "/region/alerts/$alert/done", "2", r#"{"result": "The home has a new wing."}"#, 200),
    Find(LEAD, "/region/alerts", "/alerts", ("state", "waiting"), "id", "next"),
    See(LEAD, "/region/alerts/$next", &[]),
    Fill(
        LEAD,
        "/region/alerts/$next",
        "/region/alerts/$next",
        &[("note", "Ask the home about its places."), ("due", "2021-09-20")],
    ),
    Fill(LEAD, "/region/alerts/$next", "/region/alerts/$next/done", &[("result", "The home has a new wing.")]),
];
