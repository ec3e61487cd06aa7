//! The arrangement's life, by program and on its pages: the extension, its terms, what an authority and a provider decide for
//! themselves, a year's totals, the arrangement that follows. And new homes of the register, whose providers are invited.

use super::steps::{CLERK, DIRECTOR, File, HOME, LEAD, OFFICER, Step, Typed, take};
use crate::api::world::World;
use Step::{Attach, Bring, Fill, Find, Jobs, See, Send};

const AT: &str = "/arrangement";
const STEP: &str = r#"{"months": 12, "answer_by": "2021-10-15"}"#;
/// An authority's own decision to go on, beside the one that adopts.
const GOES_ON: &str = r#"{
    "reference": "HEF-2021-0701",
    "page": {
        "title": "Use the option to extend", "decision_maker": "Cabinet member children and families",
        "governing_body": "council_executive", "key_decision": false, "subject_to_call_in": true,
        "limbs": [
            {"letter": "a", "text": "The option is used", "effects": [
                {"effect": "uses_extension", "until": "2022-12-14"}
            ]}
        ],
        "no_alternatives": "None considered.", "reasons": "Children go on needing homes.",
        "conflicts_of_interest": "None", "dispensations": "None", "urgency": "No",
        "term": {"start": "2018-12-15", "end": "2021-12-14", "option_months": 36},
        "in_extension": {"ceiling": "yes", "limbs": "yes", "blocks": "yes"}
    }
}"#;
const PUBLISHED: &str = r#"{"decided_on": "2021-08-26", "published_on": "2021-08-26"}"#;

/// The step that the region proposes, and the decision that uses it.
const OFFERED: &[Step] = &[
    Send(LEAD, "/arrangement/fca/propose-extension", AT, STEP, 200),
    Send(CLERK, "/decisions", "", GOES_ON, 201),
    Send(CLERK, "/decisions/HEF-2021-0701/publish", "/decisions/HEF-2021-0701", PUBLISHED, 200),
];

/// The terms' text is for whoever is signed in.
const EVERYBODY: &[&str] = &["HEF", "WOR", "oak-lane-care", "ash-care", "beech-care", "region", "operator"];
const TEXT: File = ("terms.pdf", b"%PDF-1.7 invented terms");
const ISSUED: Typed = &[("of", "terms"), ("version", "1.1"), ("from", "2021-10-01"), ("summary", "Notice of 28 days")];
const SIGNED: &str = r#"{"version": "1.1", "name": "Jo Smith", "role": "Director", "has_authority": true}"#;
const LEFT: &str = r#"{"from": "2021-12-15", "reason": "It buys by itself."}"#;
const NEXT: &str = r#"{
    "slug": "fca-2021", "title": "The next one", "start": "2021-09-13", "end": "2025-09-12", "option_months": 0,
    "terms": {"version": "2.0", "from": "2021-09-13", "summary": "New terms"}
}"#;

const DECIDED: &[Step] = &[
    Send(DIRECTOR, "/arrangement/fca/use-extension", "", r#"{"until": "2022-12-14"}"#, 200),
    Bring(LEAD, "/arrangement/fca/issue-terms", AT, ISSUED, TEXT, 200),
    Send(LEAD, "/arrangement/fca/terms/terms/1.1/remind", "", "{}", 200),
    Bring(LEAD, "/arrangement/fca/terms/terms/1.0/text", "", &[], TEXT, 201),
    See(LEAD, "/api/v1/arrangement/fca/terms/terms/1.0/text", EVERYBODY),
    Send(DIRECTOR, "/arrangement/fca/accept-terms", "", r#"{"version": "1.1"}"#, 200),
    Send(HOME, "/arrangement/fca/accept-terms-as-provider", "", SIGNED, 200),
    Send(DIRECTOR, "/arrangement/fca/leave", "", LEFT, 200),
    Send(LEAD, "/published-years", "", r#"{"year": 2018}"#, 201),
    Send(LEAD, "/arrangement/fca/successor", "", NEXT, 201),
    See(LEAD, "/api/v1/arrangement/successor", &[]),
    Send(LEAD, "/arrangement/fca-2021/open", "/arrangement/successor", "{}", 200),
];

/// By program.
pub async fn by_program(world: &World) {
    take(world, OFFERED).await;
    world.region.app.count_for_region().await.unwrap();
    take(world, DECIDED).await;
}

const OWN: &str = "/arrangement/own";
const EXTEND: &str = "/region/arrangement/extend";
const EXTENDED: Typed =
    &[("decided_months", "12"), ("decided_on_day", "13"), ("decided_on_month", "9"), ("decided_on_year", "2021")];
const TERMS: &str = "/region/arrangement/terms";
const ISSUED_TYPED: Typed =
    &[("of", "terms"), ("terms", "1.2"), ("summary", "Notice of 28 days"), ("from", "2021-10-01")];
const FIRST: &str = "/region/arrangement/terms/fca/terms/1.0";
const SECOND: &str = "/region/arrangement/terms/fca/terms/1.2";
const PROVIDER: &str = "/provider/arrangement";
const ACCEPTED: Typed = &[("terms", "fca 1.2"), ("name", "Jo Smith"), ("role", "Director"), ("authority", "yes")];
const YEARS: &str = "/region/publication";
const SUCCESSOR: &str = "/region/arrangement/successor";
const NEXT_TYPED: Typed = &[
    ("slug", "fca-2021"),
    ("title", "The next one"),
    ("option_months", "0"),
    ("terms", "2.0"),
    ("summary", "New terms"),
    ("start", "2021-09-13"),
    ("end", "2025-09-12"),
];

const DECIDED_ON_PAGES: &[Step] = &[
    Fill(DIRECTOR, OWN, "/arrangement/own/extension", &[("until", "2022-12-14")]),
    Fill(LEAD, EXTEND, "/region/arrangement/extend/withdraw", &[]),
    Fill(LEAD, EXTEND, EXTEND, EXTENDED),
    Attach(LEAD, TERMS, TERMS, ISSUED_TYPED, TEXT),
    Fill(LEAD, SECOND, "/region/arrangement/terms/fca/terms/1.2/remind", &[]),
    Attach(LEAD, FIRST, "/region/arrangement/terms/fca/terms/1.0/text", &[], TEXT),
    Fill(DIRECTOR, OWN, "/arrangement/own/terms", &[("terms", "1.2")]),
    Fill(HOME, PROVIDER, PROVIDER, ACCEPTED),
    Fill(DIRECTOR, OWN, "/arrangement/own/leave", &[("leaves", "2021-12-15"), ("reason", "It buys by itself.")]),
    Fill(LEAD, YEARS, YEARS, &[]),
    Fill(LEAD, SUCCESSOR, SUCCESSOR, NEXT_TYPED),
    Fill(LEAD, SUCCESSOR, "/region/arrangement/successor/open", &[]),
];

/// On its pages.
pub async fn on_pages(world: &World) {
    take(world, OFFERED).await;
    world.region.app.count_for_region().await.unwrap();
    take(world, DECIDED_ON_PAGES).await;
}

const REGION: Typed = &[("region", "West Midlands"), ("as_at", "2021-06-30")];
/// Ofsted's register a quarter later: a provider whose people are known here has two new homes.
const REGISTER: File = (
    "register.csv",
    b"URN,Provision type,Registration date,Registration status,Government Office Region,Local authority,Sector,Places,\
      Organisation\n\
      SC400001,Children's home,01/04/2019,Active,West Midlands,Herefordshire,Private,2,oak-lane-care (invented)\n\
      SC400002,Children's home,01/04/2019,Active,West Midlands,Herefordshire,Private,2,ash-care (invented)\n\
      SC400003,Children's home,01/06/2021,Active,West Midlands,Herefordshire,Private,2,beech-care (invented)\n\
      SC400004,Children's home,01/06/2021,Active,West Midlands,Herefordshire,Private,2,beech-care (invented)\n",
);
const CONCERN: &str =
    r#"{"urn": "SC400001", "theme": "leadership", "severity": "medium", "words": "Returns come late."}"#;
const RAISED: &str = "/monitoring/concerns/$concern";

/// New homes, and a concern that gives cause for a measure.
const AT_HOMES: &[Step] = &[
    Bring(LEAD, "/imports/of/register", "", REGION, REGISTER, 201),
    Send(LEAD, "/imports/2/confirm", "/imports/2", "{}", 200),
    Jobs,
    Find(LEAD, "/region/alerts", "/alerts", ("urn", "SC400003"), "id", "new"),
    Find(LEAD, "/region/alerts", "/alerts", ("urn", "SC400003"), "version", "version"),
    Send(LEAD, "/region/alerts/$new/invite", "$version", "{}", 200),
    Find(LEAD, "/region/alerts", "/alerts", ("urn", "SC400004"), "id", "other"),
    Fill(LEAD, "/region/alerts/$other", "/region/alerts/$other/invite", &[]),
    Send(OFFICER, "/home-concerns", "", CONCERN, 201),
    Find(OFFICER, "/monitoring", "/concerns", ("state", "open"), "id", "concern"),
    Fill(LEAD, RAISED, "/region/monitoring/concerns/$concern/measure", &[("standing", "on_watch")]),
];

const STAYS: File = (
    "stays.csv",
    b"source_reference,origin,child_reference,family_name,given_names,date_of_birth,sex,home_urn,start,planned_end,\
      ended_on,end_reason,weekly_price\n\
      IPA/1,spot,C1,Zelenka,Ottilie,2008-03-01,female,SC400002,2021-05-01,2022-01-31,,,4100.50\n\
      IPA/2,in_house,C2,Zelenka,Marek,2007-03-01,male,SC400002,2021-05-03,2022-01-31,,,3000\n",
);
const HISTORY: &str = "/imports/history";
const MEASURE: &str = r#"{"about": "home", "code": "SC400002", "standing": "suspended", "reason": "inadequate", "link": "https://reports.ofsted.gov.uk/provider/4/SC400002", "dated": "2021-09-10"}"#;
const REVIEWED: &str = r#"{"on": "2021-09-13", "seen": "visit", "outcome": "stays", "again": "2021-09-27"}"#;
const REVIEWED_TYPED: Typed = &[("on", "2021-09-13"), ("seen", "visit"), ("outcome", "stays"), ("again", "2021-09-27")];

/// Placements that began before this system, and their reviews once their home is suspended.
const PLACED: &[Step] = &[
    Bring(OFFICER, "/history/check", "", &[], STAYS, 200),
    Bring(OFFICER, "/history", "", &[], STAYS, 200),
    Attach(OFFICER, HISTORY, HISTORY, &[("act", "bring_in")], STAYS),
    Send(LEAD, "/measures", "", MEASURE, 201),
    Jobs,
    Find(LEAD, "/measures", "/items", ("name", "Ash Court"), "id", "measure"),
    Find(LEAD, "/measures/$measure", "", ("", ""), "seen", "seen"),
    Send(LEAD, "/measures/$measure/confirm", "/measures/$measure", r#"{"seen": "$seen"}"#, 200),
    Jobs,
    Find(OFFICER, "/placement-reviews", "/items", ("agreement", "HEF-A-0001"), "id", "first"),
    Find(OFFICER, "/placement-reviews", "/items", ("agreement", "HEF-A-0001"), "version", "due"),
    Send(OFFICER, "/placement-reviews/$first", "$due", REVIEWED, 200),
    Find(OFFICER, "/placement-reviews", "/items", ("agreement", "HEF-A-0002"), "id", "second"),
    Fill(OFFICER, "/standing/reviews/$second", "/standing/reviews/$second", REVIEWED_TYPED),
];

/// What the region and an authority do about homes.
pub async fn at_homes(world: &World) {
    take(world, AT_HOMES).await;
    take(world, PLACED).await;
}
