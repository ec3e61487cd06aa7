//! Writes, a line each, in the order in which they can be done: who sends what to which record from which version, and the
//! answer. `$name` stands for what a line before it found.

use axum::http::Method;
use jiff::civil::Date;
use placewell_domain::office::access::Role;
use placewell_testkit::client::{MULTIPART, Page, multipart};
use serde_json::Value;

use crate::api::world::World;

/// An organisation's code and a role in it.
type Who = (&'static str, Role);
/// What is typed into a form.
pub type Typed = &'static [(&'static str, &'static str)];
/// A file's name and content.
pub type File = (&'static str, &'static [u8]);

pub const OFFICER: Who = ("HEF", Role::PlacementOfficer);
pub const DIRECTOR: Who = ("HEF", Role::Approver);
pub const ADMINISTRATOR: Who = ("HEF", Role::Administrator);
pub const HOME: Who = ("oak-lane-care", Role::ProviderManager);
pub const RIVAL: Who = ("ash-care", Role::ProviderManager);
pub const FINANCE: Who = ("HEF", Role::FinanceOfficer);
pub const CLERK: Who = ("HEF", Role::DemocraticServices);
pub const LEAD: Who = ("region", Role::CommissioningLead);

/// Every authority and the regional team: who reads what all members rely on, as far as their roles go.
pub const MEMBERS: &[&str] = &["HEF", "WOR", "region"];

/// One line.
pub enum Step {
    /// A body that is sent to an operation; the version is a record's as it now is, one that was found, or none.
    Send(Who, &'static str, &'static str, &'static str, u16),
    /// The same to what a body replaces.
    Put(Who, &'static str, &'static str, &'static str, u16),
    /// A file that is sent to an operation, with the parts before it.
    Bring(Who, &'static str, &'static str, Typed, File, u16),
    /// A form that is shown at one address and sent to another, and leads on.
    Fill(Who, &'static str, &'static str, Typed),
    /// The same with a file.
    Attach(Who, &'static str, &'static str, Typed, File),
    /// A form that is shown and sent at one address and answers with what is read once.
    Read(Who, &'static str, Typed),
    /// From a list of a record: of the one whose member has this value, another member, by a name.
    Find(Who, &'static str, &'static str, (&'static str, &'static str), &'static str, &'static str),
    /// What a hidden field of the form holds that is shown at one address and sent to another, by a name.
    Look(Who, &'static str, &'static str, &'static str, &'static str),
    /// What somebody reads, and who else may: organisations by their codes, or people of theirs by their roles too.
    See(Who, &'static str, &'static [&'static str]),
    /// What somebody reads of their own under an address that others have too, and words that stand in nobody else's answer.
    Own(Who, &'static str, &'static str),
    /// What follows in the first address of a page that begins so, by a name.
    Link(Who, &'static str, &'static str, &'static str),
    /// What follows in the background.
    Jobs,
    /// The business calendar goes to a day and an hour.
    Move(Date, i8),
}

use Step::{Attach, Bring, Fill, Find, Jobs, Link, Look, Move, Own, Put, Read, See, Send};

const MEASURE: &str = r#"{"about": "home", "code": "SC400002", "standing": "suspended", "reason": "inadequate", "link": "https://reports.ofsted.gov.uk/provider/4/SC400002", "dated": "2021-09-10"}"#;
const MISTAKEN: &str = r#"{"about": "home", "code": "SC400001", "standing": "suspended", "reason": "inadequate", "link": "https://reports.ofsted.gov.uk/provider/4/SC400001", "dated": "2021-09-10"}"#;
const REINSTATED: &str = r#"{"evidence": "reinspected", "link": "https://reports.ofsted.gov.uk/provider/4/SC400002"}"#;
const COVER: &str = r#"{"absent": "$officer", "covering": "$analyst", "role": "placement_officer", "from": "2021-09-14", "last": "2021-09-20", "reason": "leave"}"#;
const SHARES: &[(&str, &str)] =
    &[("line", "0"), ("authority_share", "60"), ("education_share", "25"), ("health_share", "15"), ("agreed", "no")];
const ASKED: &[(&str, &str)] = &[("asked", "planned_end"), ("on_day", "1"), ("on_month", "11"), ("on_year", "2021")];
const AT: &str = "/arrangement";

/// Participants, lots, windows and the extension.
pub const ARRANGEMENT: &[Step] = &[
    Send(LEAD, "/arrangement/fca/add-participant", AT, r#"{"code": "WOR"}"#, 200),
    Send(LEAD, "/arrangement/fca/remove-participant", AT, r#"{"code": "WOR"}"#, 200),
    Send(
        LEAD,
        "/arrangement/fca/keep-lot",
        AT,
        r#"{"code": "crisis", "name": "Crisis", "description": "At once"}"#,
        200,
    ),
    Send(LEAD, "/arrangement/fca/close-lot", AT, r#"{"code": "crisis", "from": "2021-10-01"}"#, 200),
    Send(LEAD, "/arrangement/fca/reopen-lot", AT, r#"{"code": "crisis"}"#, 200),
    Send(LEAD, "/arrangement/fca/remove-lot", AT, r#"{"code": "crisis"}"#, 200),
    Send(LEAD, "/arrangement/fca/add-window", AT, r#"{"from": "2021-10-04", "to": "2021-10-29"}"#, 200),
    Send(LEAD, "/arrangement/fca/remove-window", AT, r#"{"from": "2021-10-04"}"#, 200),
    Send(LEAD, "/arrangement/fca/propose-extension", AT, r#"{"months": 12, "answer_by": "2021-10-15"}"#, 200),
    Send(LEAD, "/arrangement/fca/withdraw-extension", AT, "{}", 200),
    Send(LEAD, "/arrangement/fca/extend", AT, r#"{"months": 12, "decided_on": "2021-09-13"}"#, 200),
];

/// A suspension and its end, a measure that is dropped, beds; who works in which role, and who covers for them.
pub const STANDING: &[Step] = &[
    Send(LEAD, "/measures", "", MEASURE, 201),
    Jobs,
    Find(LEAD, "/measures", "/items", ("state", "proposed"), "id", "measure"),
    Find(LEAD, "/measures/$measure", "", ("", ""), "seen", "seen"),
    Send(LEAD, "/measures/$measure/confirm", "/measures/$measure", r#"{"seen": "$seen"}"#, 200),
    Jobs,
    Send(LEAD, "/measures/$measure/reinstate", "/measures/$measure", REINSTATED, 200),
    Send(LEAD, "/measures", "", MISTAKEN, 201),
    Find(LEAD, "/measures", "/items", ("state", "proposed"), "id", "mistaken"),
    Send(LEAD, "/measures/$mistaken/drop", "/measures/$mistaken", r#"{"reason": "mistaken"}"#, 200),
    Send(HOME, "/own-homes/SC400001/confirm-beds", "", "{}", 200),
    Find(HOME, "/own-homes/SC400001/beds", "/beds", ("", ""), "id", "bed"),
    Send(
        HOME,
        "/own-homes/SC400001/close-bed",
        "",
        r#"{"bed": "$bed", "from": "2021-10-01", "reason": "repair"}"#,
        201,
    ),
    Find(HOME, "/own-homes/SC400001/beds?month=2021-10", "/closures", ("bed", "$bed"), "id", "closure"),
    Find(HOME, "/own-homes/SC400001/beds?month=2021-10", "/closures", ("bed", "$bed"), "version", "closed"),
    Send(HOME, "/own-homes/SC400001/closures/$closure/reopen", "$closed", r#"{"on": "2021-10-08"}"#, 200),
    Find(ADMINISTRATOR, "/people", "/items", ("role", "placement_officer"), "person", "officer"),
    Find(ADMINISTRATOR, "/people", "/items", ("role", "analyst"), "person", "analyst"),
    Find(ADMINISTRATOR, "/people", "/items", ("role", "guest"), "person", "guest"),
    Send(ADMINISTRATOR, "/covers", "", COVER, 201),
    Find(ADMINISTRATOR, "/covers", "", ("role", "placement_officer"), "id", "cover"),
    Find(ADMINISTRATOR, "/covers", "", ("role", "placement_officer"), "version", "covered"),
    Send(ADMINISTRATOR, "/covers/$cover/end", "$covered", "{}", 200),
    Send(ADMINISTRATOR, "/people/$guest/end-sign-ins", "", "{}", 200),
    Send(ADMINISTRATOR, "/people/$guest/reset", "", "{}", 200),
    Send(ADMINISTRATOR, "/people/$guest/end-role", "", r#"{"role": "guest"}"#, 200),
];

const REFERRAL: &str = "/referrals/HEF-R-0001";

/// Longer to answer, a sending that is undone, and the end of a search.
pub const SEARCH: &[Step] = &[
    Send(OFFICER, "/referrals/HEF-R-0001/undo-sending", REFERRAL, "{}", 200),
    Send(OFFICER, "/referrals/HEF-R-0001/send", REFERRAL, r#"{"accept_few": true}"#, 200),
    Send(
        OFFICER,
        "/referrals/HEF-R-0001/extend",
        REFERRAL,
        r#"{"deadline": {"choice": "at", "at": "2021-09-20T16:00:00"}}"#,
        200,
    ),
    Send(OFFICER, "/referrals/HEF-R-0001/not-placed", REFERRAL, r#"{"reason": "no_offers"}"#, 200),
];

/// What a child's record is kept as.
pub const CHILD: &[Step] = &[
    Fill(OFFICER, "/children/1", "/children/1/mark", &[]),
    Fill(OFFICER, "/children/1", "/children/1/open", &[("words", "The agency asks")]),
    Send(OFFICER, "/children/1/open", "", r#"{"words": "A court asks"}"#, 200),
    Send(OFFICER, "/children/1/mark", "", r#"{"kind": "died", "died": "2021-09-10"}"#, 200),
    Fill(OFFICER, "/children/1", "/children/1/hold", &[("words", "An inquiry")]),
    Fill(DIRECTOR, "/children/1", "/children/1/release", &[]),
    Send(OFFICER, "/children/1/hold", "", r#"{"words": "A claim"}"#, 200),
    Send(DIRECTOR, "/children/1/release", "", "{}", 200),
];

/// Its end, when its years are over: one person proposes, another confirms.
pub const ERASURE: &[Step] = &[
    Fill(OFFICER, "/children/1", "/children/1/propose", &[]),
    Fill(OFFICER, "/children/1", "/children/1/take-back", &[]),
    Send(OFFICER, "/children/1/propose", "", "{}", 200),
    Send(OFFICER, "/children/1/take-back", "", "{}", 200),
    Send(OFFICER, "/children/1/propose", "", "{}", 200),
    Send(DIRECTOR, "/children/1/erase", "", "{}", 200),
];

/// An agreement in force, by its pages.
pub const AGREEMENT: &[Step] = &[
    Fill(OFFICER, FUNDERS, FUNDERS, SHARES),
    Fill(HOME, ASK, ASK, ASKED),
    Fill(OFFICER, DECLINE, DECLINE, &[("number", "1"), ("reason", "not_agreed")]),
];

const FUNDERS: &str = "/agreements/HEF-A-0001/funders";
const ASK: &str = "/agreements/HEF-A-0001/ask";
const DECLINE: &str = "/agreements/HEF-A-0001/decline";

const CHANGE: &str = "/region/arrangement/change";
const CRISIS: &str = "/region/arrangement/lots/crisis";
const EXTEND: &str = "/region/arrangement/extend";
const ON_CALL: &str = "/democratic/delegations/on-call";
const BUDGET: &str = "/finance/annual-value/budget";
const INVITE: &str = "/admin/people/invite";
const LOT: &[(&str, &str)] = &[("code", "crisis"), ("name", "Crisis care"), ("description", "A home at once")];
const CLOSES: &[(&str, &str)] = &[("closes_on_day", "1"), ("closes_on_month", "10"), ("closes_on_year", "2021")];
const WINDOW: &[(&str, &str)] = &[
    ("opens_day", "1"),
    ("opens_month", "10"),
    ("opens_year", "2021"),
    ("closes_day", "31"),
    ("closes_month", "10"),
    ("closes_year", "2021"),
];
const STEP: &[(&str, &str)] =
    &[("months", "12"), ("answer_by_day", "1"), ("answer_by_month", "11"), ("answer_by_year", "2021")];
const DUTY: &[(&str, &str)] = &[
    ("person", "$approver"),
    ("from_day", "13"),
    ("from_month", "9"),
    ("from_year", "2021"),
    ("from_time", "5pm"),
    ("to_day", "14"),
    ("to_month", "9"),
    ("to_year", "2021"),
    ("to_time", "9am"),
];
const APPROVED: &[(&str, &str)] = &[
    ("approved", "5,200,000"),
    ("from_day", "1"),
    ("from_month", "4"),
    ("from_year", "2021"),
    ("source", "Full council"),
];
const INVITED: &[(&str, &str)] =
    &[("name", "A Khan"), ("email", "a.khan@hef.example"), ("role", "analyst"), ("title", "Analyst")];

/// What the region, an authority's officers and its administrator do on their pages.
pub const PAGES: &[Step] = &[
    Fill(LEAD, CHANGE, "/region/arrangement/lots", LOT),
    Fill(LEAD, CRISIS, "/region/arrangement/lots/close", CLOSES),
    Fill(LEAD, CRISIS, "/region/arrangement/lots/reopen", &[]),
    Fill(LEAD, CHANGE, "/region/arrangement/lots/remove", &[("lot", "crisis")]),
    Fill(LEAD, CHANGE, "/region/arrangement/windows", WINDOW),
    Fill(LEAD, CHANGE, "/region/arrangement/windows/remove", &[("window", "2021-10-01")]),
    Fill(LEAD, CHANGE, "/region/arrangement/participants/add", &[("participant", "WOR")]),
    Fill(LEAD, CHANGE, "/region/arrangement/participants/remove", &[("leaves", "WOR")]),
    Fill(LEAD, EXTEND, "/region/arrangement/extend/propose", STEP),
    Find(ADMINISTRATOR, "/people", "/items", ("role", "approver"), "person", "approver"),
    Find(ADMINISTRATOR, "/people", "/items", ("role", "guest"), "person", "guest"),
    Fill(CLERK, ON_CALL, ON_CALL, DUTY),
    Find(CLERK, "/delegations", "/posts/0/holders", ("", ""), "id", "holder"),
    Send(CLERK, "/delegations/holding/$holder/end", "", r#"{"last": "2021-09-30"}"#, 200),
    Fill(FINANCE, BUDGET, BUDGET, APPROVED),
    Fill(ADMINISTRATOR, INVITE, INVITE, INVITED),
    Fill(ADMINISTRATOR, "/admin/people", "/admin/people/withdraw", &[]),
    See(ADMINISTRATOR, "/admin/people/$guest", &[]),
    Fill(ADMINISTRATOR, "/admin/people/$guest", "/admin/people/$guest/sign-ins", &[]),
    Fill(ADMINISTRATOR, "/admin/people/$guest", "/admin/people/$guest/reset", &[]),
    Fill(ADMINISTRATOR, "/admin/people/$guest", "/admin/people/$guest/end-role", &[]),
    Read(OFFICER, "/preferences/tokens/new", &[("name", "Export"), ("days", "30"), ("scope", "reading")]),
];

/// A recall after its risk was judged: the Commissioner is told, the home confirms, access is given back.
pub const DISCLOSURE: &[Step] = &[
    Find(OFFICER, "/recalls", "", ("state", "assessed"), "id", "recall"),
    Send(
        OFFICER,
        "/recalls/$recall/tell",
        "/recalls/$recall",
        r#"{"at": "2021-09-27T15:30:00", "reference": "IC-1"}"#,
        200,
    ),
    Send(HOME, "/recalls/$recall/confirm-deleted", "/provider/recalls/$recall", "{}", 200),
    Send(OFFICER, "/recalls/$recall/lift", "/recalls/$recall", "{}", 200),
    Find(OFFICER, "/recalls", "", ("told_at", "2021-09-27T15:30:00"), "risk", "risk"),
    Send(DIRECTOR, "/children/1/release", "", "{}", 200),
];

/// What was found, by its name.
type Found = [(&'static str, String)];

/// A text with what was found in the places of its names; the longest names first, so that none is part of another.
fn filled(text: &str, found: &Found) -> String {
    let mut found: Vec<_> = found.iter().collect();
    found.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    found.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${name}"), value))
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Takes the lines in order; each must have its answer.
pub async fn take(world: &World, steps: &[Step]) {
    take_knowing(world, Vec::new(), steps).await;
}

/// The same where something is known before. One that has another answer than its own is told with all that may never be, and
/// those after it are taken all the same, so that one run tells of all.
pub async fn take_knowing(world: &World, known: Vec<(&'static str, String)>, steps: &[Step]) {
    let mut found = known;
    for step in steps {
        if let Err(said) = Box::pin(taken(world, step, &mut found)).await {
            world.region.watch.as_ref().unwrap().note(said);
        }
    }
}

async fn taken(world: &World, step: &Step, found: &mut Vec<(&'static str, String)>) -> Result<(), String> {
    match step {
        Send(who, path, version, body, answer) => {
            let body = ("application/json", filled(body, found).into_bytes());
            sent(world, *who, (Method::POST, &filled(path, found), &filled(version, found)), body, *answer).await
        }
        Put(who, path, version, body, answer) => {
            let body = ("application/json", filled(body, found).into_bytes());
            sent(world, *who, (Method::PUT, &filled(path, found), &filled(version, found)), body, *answer).await
        }
        Bring(who, path, version, fields, file, answer) => {
            let body = (MULTIPART, multipart(fields.iter().copied(), Some(*file)));
            sent(world, *who, (Method::POST, &filled(path, found), &filled(version, found)), body, *answer).await
        }
        Fill(who, shown_at, action, fields) => {
            answered(fill(world, *who, (shown_at, action), (*fields, None), found).await, action, 303)
        }
        Attach(who, shown_at, action, fields, file) => {
            answered(fill(world, *who, (shown_at, action), (*fields, Some(*file)), found).await, action, 303)
        }
        Read(who, at, fields) => answered(fill(world, *who, (at, at), (*fields, None), found).await, at, 200),
        Find(who, path, list, of, wanted, name) => {
            let value = looked_up(world, *who, &filled(path, found), (list, *of, wanted), found).await?;
            found.push((*name, value));
            Ok(())
        }
        Look(who, shown_at, action, field, name) => {
            let (shown_at, action) = (filled(shown_at, found), filled(action, found));
            let watch = world.region.watch.as_ref().unwrap();
            let value = watch.hidden(*who, (&shown_at, &action), field).await;
            let none = value.is_empty();
            found.push((*name, value));
            if none { Err(format!("no {field} in the form of {shown_at} to {action}")) } else { Ok(()) }
        }
        See(who, path, readers) => {
            let watch = world.region.watch.as_ref().unwrap();
            Box::pin(watch.see(*who, &filled(path, found), readers)).await;
            Ok(())
        }
        Own(who, path, words) => {
            let watch = world.region.watch.as_ref().unwrap();
            Box::pin(watch.see_own(*who, &filled(path, found), words)).await;
            Ok(())
        }
        Link(who, shown_at, start, name) => {
            let (shown_at, start) = (filled(shown_at, found), filled(start, found));
            let watch = world.region.watch.as_ref().unwrap();
            let value = watch.linked(*who, &shown_at, &start).await;
            let none = value.is_empty();
            found.push((*name, value));
            if none { Err(format!("no address in {shown_at} begins with {start}")) } else { Ok(()) }
        }
        Jobs => {
            world.region.app.do_due_jobs().await.unwrap();
            Ok(())
        }
        Move(day, hour) => {
            world.move_to(*day, *hour);
            Ok(())
        }
    }
}

/// Where a page says what is wrong with a form.
const WRONG: &str = ".govuk-error-summary";

/// A form's page must have this answer.
fn answered(page: Result<Page, String>, action: &str, wanted: u16) -> Result<(), String> {
    let page = page?;
    if page.status.as_u16() == wanted {
        return Ok(());
    }
    Err(format!("{action} answers {}: {} {}", page.status, page.h1(), page.words(WRONG)))
}

async fn fill(
    world: &World,
    who: Who,
    (shown_at, action): (&str, &str),
    (fields, file): (Typed, Option<File>),
    found: &Found,
) -> Result<Page, String> {
    let fields: Vec<(String, String)> =
        fields.iter().map(|(name, value)| (filled(name, found), filled(value, found))).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (shown_at, action) = (filled(shown_at, found), filled(action, found));
    world.region.watch.as_ref().unwrap().submit(who, (&shown_at, &action), &fields, file).await
}

/// From a list of a record, of the one whose member has a value, another member.
async fn looked_up(
    world: &World,
    who: Who,
    path: &str,
    (list, (key, value), wanted): (&str, (&str, &str), &str),
    found: &Found,
) -> Result<String, String> {
    let caller = world.region.caller(who.0, who.1).await;
    let reply = caller.get(&format!("/api/v1{path}")).await;
    let (read, value) = (reply.json, filled(value, found));
    let all = read.pointer(list).ok_or_else(|| format!("no {list} in {path}: {} {read:#}", reply.status))?;
    let all = all.as_array().map_or_else(|| std::slice::from_ref(all), Vec::as_slice);
    let one = all.iter().find(|one| key.is_empty() || text_of(&one[key]) == value);
    let one = one.ok_or_else(|| format!("none in {path} whose {key} is {value}: {read:#}"))?;
    Ok(text_of(&one[wanted]))
}

/// Sends a body to an operation, from a record's version as it now is, from one that was found, or from none; it must have
/// this answer.
async fn sent(
    world: &World,
    who: Who,
    (method, path, version): (Method, &str, &str),
    (kind, body): (&str, Vec<u8>),
    answer: u16,
) -> Result<(), String> {
    let caller = world.region.caller(who.0, who.1).await;
    let tag = if version.starts_with('/') {
        caller.get(&format!("/api/v1{version}")).await.header("etag").to_owned()
    } else {
        format!("\"{version}\"")
    };
    let headers = [("content-type", kind), ("if-match", tag.as_str())];
    let headers = if version.is_empty() { &headers[..1] } else { &headers[..] };
    let reply = caller.send(method, &format!("/api/v1{path}"), headers, body).await;
    if reply.status.as_u16() == answer {
        return Ok(());
    }
    Err(format!("{path} of {version} answers {}: {:#}", reply.status, reply.json))
}
