//! Not yours against not there: whoever may ask for a kind of record hears of another organisation's what they hear of one that
//! nobody has, word for word and header for header, or the answer would tell what exists.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, Method, StatusCode};
use placewell_domain::office::access::{Role, may};
use placewell_web::api::operations::OPERATIONS;
use placewell_web::routes::{ROUTES, Route, Who};

use super::super::email;
use super::super::world::World;
use super::{Asker, Records, needed};

/// The places of a path that name a record.
const NAMES: &[&str] =
    &["{reference}", "{referral}", "{number}", "{urn}", "{code}", "{id}", "{document}", "{question}", "{person}"];

/// Kinds of record of which another's must have been asked for, by how a path names them.
const KINDS: &[&str] = &[
    "/referrals/{reference}",
    "/offers/{number}",
    "/documents/{document}",
    "/approvals/{reference}",
    "/agreements/{reference}",
    "/papers/{document}",
    "/invitations/{id}",
    "/children/{number}",
    "/recalls/{id}",
    "/stability",
    "/unregistered/{id}",
    "/broken-glass/{id}",
    "/checks/{urn}",
    "/spot",
    "/own-homes/{urn}",
    "/provider/mini-blocks/{reference}",
    "/decisions/{reference}/exempt",
    "/admin/people/{person}",
    "/people/{id}",
];

/// So many hexadecimal digits in a row are drawn for each answer: its reference, its nonce, the token and key of its form.
const DRAWN: usize = 12;

/// A name of the same kind that nobody's record has.
fn of_nothing(name: &str) -> String {
    let kept = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    match name.len() - kept.len() {
        0 => format!("{}x", &name[..name.len() - 1]),
        _ if kept.is_empty() && name.len() < 5 => format!("8888{name}"),
        _ if kept.is_empty() => format!("{}{}", if name.starts_with('8') { '7' } else { '8' }, &name[1..]),
        digits => format!("{kept}{}", "9".repeat(digits)),
    }
}

/// A path with the first record that it names, and the same path with one that is not there; none where it names none.
pub fn asked(template: &str, path: String) -> Option<[(String, String); 2]> {
    let at = template.split('/').position(|part| NAMES.contains(&part))?;
    let mut parts: Vec<&str> = path.split('/').collect();
    let name = parts[at].to_owned();
    let nothing = of_nothing(&name);
    parts[at] = &nothing;
    let absent = parts.join("/");
    Some([(path, name), (absent, nothing)])
}

/// A text without what was asked for, and without what is drawn for each answer.
fn same_each_time(text: &str, (path, name): (&str, &str)) -> String {
    let text = text.replace(path, "(asked)");
    // A page that refuses leads back to the page of the record that was asked for.
    let text = match path.rmatch_indices('/').map(|(at, _)| &path[..at]).find(|above| above.ends_with(name)) {
        Some(record) => text.replace(&format!("\"{record}\""), "(asked)"),
        None => text,
    };
    // A name of a digit or two stands in other words too, and in none of these without its path.
    let text = if name.len() > 3 { text.replace(name, "(asked)") } else { text };
    let (mut out, mut run) = (String::with_capacity(text.len()), String::new());
    for letter in text.chars().map(Some).chain([None]) {
        match letter {
            Some(digit) if digit.is_ascii_digit() || ('a'..='f').contains(&digit) => run.push(digit),
            other => {
                out.push_str(if run.len() < DRAWN { run.as_str() } else { "(drawn)" });
                run.clear();
                out.extend(other);
            }
        }
    }
    out
}

/// An answer as it is compared: its status, its headers and its body.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    pub status: StatusCode,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// An answer to somebody who asked for this path, with this name in it.
pub fn said(status: StatusCode, headers: &HeaderMap, bytes: &[u8], asked: (&str, &str)) -> Said {
    let told = headers.iter().filter(|(name, _)| !["content-length", "date"].contains(&name.as_str()));
    let told =
        told.map(|(name, value)| (name.to_string(), same_each_time(&String::from_utf8_lossy(value.as_bytes()), asked)));
    let mut headers: Vec<(String, String)> = told.collect();
    headers.sort();
    Said { status, headers, body: same_each_time(&String::from_utf8_lossy(bytes), asked) }
}

async fn answer(asker: &Asker, route: &Route, page: bool, (path, name): &(String, String)) -> Said {
    if page {
        let page = if route.method == "GET" {
            asker.client.get(path).await
        } else {
            let key = format!("{} {} {path}", asker.column, route.method);
            asker.client.post(path, &[("_csrf", &asker.csrf), ("_key", &key), ("_version", "1")]).await
        };
        return said(page.status, &page.headers, &page.bytes, (path, name));
    }
    let (method, path): (Method, String) = (route.method.parse().unwrap(), format!("/api/v1{path}"));
    let reply = if method == Method::GET {
        asker.caller.get(&path).await
    } else {
        let headers = [("content-type", "application/json"), ("if-match", "\"1\"")];
        asker.caller.send(method, &path, &headers, needed(route).to_string()).await
    };
    said(reply.status, &reply.headers, &reply.bytes, (&path, name))
}

/// Whether the door lets a role ask for it at all: whom it turns away, it turns away before a record is looked for.
fn let_in(role: Role, who: Who) -> bool {
    match who {
        Who::SignedIn => true,
        Who::Role(action) => may(role, action),
        Who::Everybody | Who::Demonstration | Who::LinkHolder => false,
    }
}

/// Asks for every record of the parties, as everybody who is of neither and may ask for its kind, and for one that is not there.
pub(super) async fn compare(world: &World, records: &Records, askers: &[Asker], wrong: &mut Vec<String>) {
    let officer = world.region.app.actor_by_email(&email("HEF", Role::PlacementOfficer)).await.unwrap();
    let person = format!("/people/{}", officer.person);
    let mut compared = BTreeSet::new();
    for (asker, role) in askers.iter().filter(|asker| !asker.own).filter_map(|asker| Some((asker, asker.role?))) {
        let routes = ROUTES.iter().map(|route| (route, true)).chain(OPERATIONS.iter().map(|route| (route, false)));
        for (route, page) in routes.filter(|(route, _)| let_in(role, route.who)) {
            let path = records.path(route.path, !page).replace("/people/0", &person);
            let Some([theirs, nobodys]) = asked(route.path, path) else { continue };
            let there = answer(asker, route, page, &theirs).await;
            let refused = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&there.status);
            // What all members or the public read is no secret; what is the parties' own is one whatever was answered.
            if !refused && !Records::is_of_the_parties(route.path) {
                continue;
            }
            compared.insert(route.path);
            let absent = answer(asker, route, page, &nobodys).await;
            if there != absent {
                let (method, path) = (route.method, &theirs.0);
                wrong.push(format!(
                    "{method} {path} as {} is told from {}: {there:#?}\n{absent:#?}",
                    asker.column, nobodys.0
                ));
            }
        }
    }
    for kind in KINDS.iter().filter(|kind| !compared.iter().any(|path| path.contains(**kind))) {
        wrong.push(format!("{kind}: of this kind nobody asked for another's"));
    }
}

#[test]
fn what_is_not_there_is_named_as_what_is_and_a_difference_is_not_taken_out() {
    for (name, nothing) in [
        ("HEF-R-0001", "HEF-R-9999"),
        ("SC400001", "SC999999"),
        ("oak-care", "oak-carx"),
        ("1", "88881"),
        ("12345", "82345"),
    ] {
        assert_eq!(of_nothing(name), nothing);
    }
    let [theirs, nobodys] = asked("/a/{reference}/b/{number}", "/a/HEF-R-0001/b/1".to_owned()).unwrap();
    assert_eq!((theirs.1.as_str(), nobodys.0.as_str()), ("HEF-R-0001", "/a/HEF-R-9999/b/1"));
    assert!(asked("/a/b", "/a/b".to_owned()).is_none());
    let plain = |text: &str| same_each_time(text, (&theirs.0, &theirs.1));
    assert_eq!(plain("see /a/HEF-R-0001/b/1 0123456789ab"), "see (asked) (drawn)");
    assert_ne!(plain("Not found"), plain("Not yours"));
    assert_ne!(plain("0123456789a"), plain("0123456789b"));
}
