//! Outside the arrangement: homes that decline, spot purchases with their checks, the exemptions of the director of children's
//! services, and a child in an unregistered setting.

use placewell_domain::office::access::Role;

use super::steps::{ADMINISTRATOR, CLERK, DIRECTOR, File, HOME, LEAD, OFFICER, Step, Typed, take};
use crate::api::world::World;
use crate::api::{road, spot};
use Step::{Attach, Bring, Fill, Find, See, Send};

const SEARCH: &str = "/referrals/HEF-R-0001";
const SPOT: &str = "/referrals/HEF-R-0001/spot";
const NEW: &str = "/referrals/HEF-R-0001/spot/new";
const WANTED: Typed = &[("reason", "none_available"), ("urn", "SC400003"), ("this_child", "yes")];
const OWN_DECLINE: &str = "/provider/invitations/$own/decline";
const DECLINE: &str = "/referrals/HEF-R-0001/asked/2/decline";
const SPOKEN: Typed = &[
    ("reason", "no_staffed_bed"),
    ("channel", "phone"),
    ("said_at", "2021-09-13"),
    ("said_at_time", "10am"),
    ("said_by", "The manager"),
    ("evidence", "No staffed bed until October."),
];

const ONE: &str = "/referrals/HEF-R-0001/checks/SC400003/insurance";
const FILES: &str = "/referrals/HEF-R-0001/checks/SC400003/insurance/documents";
const AWAY: &str = "/referrals/HEF-R-0001/checks/SC400003/insurance/documents/$paper/take-away";
const INSURED: Typed = &[
    ("act", "do"),
    ("evidence_kind", "certificate"),
    ("evidence_on", "2021-09-06"),
    ("evidence_until", "2022-03-31"),
    ("minutes", "4"),
];
const PDF: File = ("Policy.pdf", b"%PDF-1.7 a policy");
const TABLE: &str = "/referrals/HEF-R-0001/checks?home=SC400003";

/// Both homes of the arrangement decline; a third is wanted, and one of its checks is done with its files.
const CHECKED: &[Step] = &[
    Find(HOME, "/invitations?reference=HEF-R-0001", "/items", ("", ""), "id", "own"),
    Fill(HOME, OWN_DECLINE, OWN_DECLINE, &[("reason", "no_staffed_bed")]),
    Fill(OFFICER, DECLINE, DECLINE, SPOKEN),
    Fill(OFFICER, NEW, NEW, WANTED),
    Fill(OFFICER, ONE, ONE, INSURED),
    Attach(OFFICER, ONE, FILES, &[], PDF),
    Find(OFFICER, FILES, "", ("", ""), "id", "paper"),
    See(OFFICER, "/referrals/HEF-R-0001/checks/SC400003/insurance/documents/$paper", &["HEF"]),
    See(OFFICER, "/api/v1/referrals/HEF-R-0001/checks/SC400003/insurance/documents/$paper", &["HEF"]),
    See(OFFICER, AWAY, &[]),
    Fill(OFFICER, AWAY, AWAY, &[]),
    Bring(OFFICER, FILES, "", &[], PDF, 201),
    Find(OFFICER, FILES, "", ("", ""), "id", "second"),
    Send(OFFICER, "/referrals/HEF-R-0001/checks/SC400003/insurance/documents/$second/take-away", "", "{}", 200),
    Fill(OFFICER, TABLE, "/referrals/HEF-R-0001/checks/SC400003/minutes", &[("of", "negotiation"), ("minutes", "5")]),
    Send(OFFICER, "/referrals/HEF-R-0001/minutes/SC400003", "", r#"{"of": "drafting", "minutes": 5}"#, 200),
];

const APPOINTED: &str = r#"{"office": "director_of_childrens_services", "basis": "interim", "instrument": "Full council, 3 September 2021", "person": "$approver", "from": "2021-09-03"}"#;
const JUDGED: &str = r#"{"kind": "full", "inspected_on": "2021-09-06", "published_on": "2021-09-08", "grade": "inadequate", "serious_concerns": true, "link": "https://reports.ofsted.gov.uk/provider/4/SC400003"}"#;
const JUDGED_AGAIN: &str = r#"{"kind": "full", "inspected_on": "2021-09-09", "published_on": "2021-09-10", "grade": "inadequate", "serious_concerns": true, "link": "https://reports.ofsted.gov.uk/provider/4/SC400003"}"#;
const EXEMPT: &str =
    r#"{"reason": "only_home", "words": "Nights are staffed again, and her sister lives in the next street."}"#;
const EXEMPTED: Typed = &[
    ("exempt_$spot", "only_home"),
    ("words_$spot", "Nights are staffed again, and her sister lives in the next street."),
];
const AGAIN: &str = r#"{"urn": "SC400003", "reason": "none_available", "this_child": true}"#;
const EXEMPTIONS: &str = "/referrals/HEF-R-0001/exemptions";
const UNTIL: Typed = &[
    ("urn", "SC400003"),
    ("reason", "improving"),
    ("words", "Nights are staffed again, and her sister lives in the next street."),
    ("until", "2021-09-27"),
];
const LATER: &str = r#"{"urn": "SC400003", "reason": "improving", "words": "Nights are staffed again, and her sister lives in the next street.", "until": "2021-09-28"}"#;

/// The home is judged Inadequate: exempted on the page and, after a later judgement, by program; two purchases of it are given
/// up.
const EXEMPTING: &[Step] = &[
    Find(ADMINISTRATOR, "/people", "/items", ("role", "approver"), "person", "approver"),
    Send(CLERK, "/delegations/statutory", "", APPOINTED, 201),
    Send(LEAD, "/homes/SC400003/visits", "", JUDGED, 201),
    Find(OFFICER, "/referrals/HEF-R-0001/spot-purchases", "/purchases/0/purchase", ("", ""), "id", "spot"),
    Find(OFFICER, "/referrals/HEF-R-0001/spot-purchases", "/purchases/0/purchase", ("", ""), "version", "bought"),
    Fill(DIRECTOR, SPOT, "/referrals/HEF-R-0001/spot/exempt", EXEMPTED),
    Send(LEAD, "/homes/SC400003/visits", "", JUDGED_AGAIN, 201),
    Send(DIRECTOR, "/spot-purchases/$spot/exempt", "$bought", EXEMPT, 200),
    Send(OFFICER, "/spot-purchases/$spot/invite", "$bought", "{}", 200),
    Fill(OFFICER, SPOT, "/referrals/HEF-R-0001/spot/drop", &[("reason_$spot", "other_home")]),
    Send(OFFICER, "/referrals/HEF-R-0001/spot-purchases", SEARCH, AGAIN, 201),
    Fill(OFFICER, SPOT, "/referrals/HEF-R-0001/spot/invite", &[]),
    Find(OFFICER, "/referrals/HEF-R-0001/spot-purchases", "/purchases/0/purchase", ("", ""), "id", "latest"),
    Find(OFFICER, "/referrals/HEF-R-0001/spot-purchases", "/purchases/0/purchase", ("", ""), "version", "invited"),
    Send(OFFICER, "/spot-purchases/$latest/drop", "$invited", r#"{"reason": "other_home"}"#, 200),
    Fill(DIRECTOR, EXEMPTIONS, EXEMPTIONS, UNTIL),
    Send(DIRECTOR, EXEMPTIONS, "", LATER, 201),
];

const SETTING: &str = "/referrals/HEF-R-0001/unregistered";
const MOVED_IN: Typed = &[
    ("from", "2021-09-12"),
    ("setting", "A flat with two staff"),
    ("why", "No home answered"),
    ("court", "none"),
    ("application", "not_made"),
    ("weekly", "9,800"),
];
const STAY: &str = "/unregistered/$stay";
const UPDATE: &str = "/unregistered/$stay/update";
const KNOWN: Typed =
    &[("court", "applied"), ("ofsted_told", "2021-09-13"), ("application", "made"), ("weekly", "9,800")];
const KNOWN_TOO: &str =
    r#"{"court": "applied", "ofsted_told": "2021-09-13", "application": "made", "weekly_pence": 970000}"#;
const MOVED_ON: &str = r#"{"from": "2021-09-13", "setting": "A cottage with two staff", "why": "No home answered", "known": {"court": "applied", "ofsted_told": "2021-09-13", "application": "not_made", "weekly_pence": 900000}}"#;

/// Two stays, one after another: the first on its pages, the second by program.
const STAYED: &[Step] = &[
    Fill(OFFICER, SETTING, SETTING, MOVED_IN),
    Find(OFFICER, "/unregistered", "", ("there", "true"), "id", "stay"),
    Fill(OFFICER, UPDATE, UPDATE, KNOWN),
    Fill(OFFICER, STAY, "/unregistered/$stay/review", &[("on", "2021-09-12"), ("search", "goes_on"), ("seen", "yes")]),
    Send(
        OFFICER,
        "/unregistered/$stay/review",
        STAY,
        r#"{"on": "2021-09-13", "search": "goes_on", "seen": true}"#,
        200,
    ),
    Send(OFFICER, UPDATE, STAY, KNOWN_TOO, 200),
    Fill(DIRECTOR, STAY, "/unregistered/$stay/confirm", &[]),
    Fill(OFFICER, STAY, "/unregistered/$stay/end", &[("ended_on", "2021-09-13"), ("how", "other")]),
    Send(OFFICER, SETTING, SEARCH, MOVED_ON, 201),
    Find(OFFICER, "/unregistered", "", ("there", "true"), "id", "next"),
    Send(DIRECTOR, "/unregistered/$next/confirm", "/unregistered/$next", "{}", 200),
];

/// A search for which nobody on the arrangement has a bed.
pub async fn the_arrangement(world: &World) {
    spot::third_home(&world.region.caller("region", Role::CommissioningLead).await).await;
    road::sent(world).await;
    take(world, CHECKED).await;
    take(world, EXEMPTING).await;
    take(world, STAYED).await;
}
