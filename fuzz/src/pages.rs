//! Every form of every page as everybody who can see it: good answers now and then, so that records move on, and bad
//! ones in every field. No fault, nothing unescaped, and nothing written by what was refused.

use anyhow::Context;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

use crate::browser::{Answer, Browser, Post, encode};
use crate::finding::{Findings, last_panic};
use crate::form::{self, Form};
use crate::nasty;
use crate::reach::Reach;
use crate::region::{Region, look_around, shape};
use crate::upload;

/// How many one-time links are written.
const LINKS: usize = 20;

/// How often each field was looked at: the next is the one looked at least.
type Looked = BTreeMap<(String, String), usize>;

/// What each visitor finds by following links: the same in every copy of the region.
pub struct Grounds {
    /// The visitor's place in the list, and the page.
    pages: Vec<(usize, String)>,
    /// The fields of every form, by the shape of its address.
    fields: BTreeSet<(String, String)>,
}

/// Looks around as everybody, at once.
pub async fn look(region: &Region, findings: &mut Findings) -> anyhow::Result<Grounds> {
    let mut looking = JoinSet::new();
    for (at, visitor) in region.visitors.iter().cloned().enumerate() {
        looking.spawn(async move { (at, look_around(&visitor).await) });
    }
    let mut grounds = Grounds { pages: Vec::new(), fields: BTreeSet::new() };
    for (at, found) in looking.join_all().await {
        let found = found?;
        for (from, path, status) in found.faults {
            let who = region.visitors.get(at).map_or("nobody", |visitor| &visitor.who);
            let panic = if status < 500 { String::new() } else { format!(": {}", last_panic()) };
            let kind = format!("GET {}, a link of {}, answers {status}{panic}", shape(&path), shape(&from));
            findings.add(&kind, format!("{who}: GET {path} from {from}").as_bytes());
        }
        grounds.fields.extend(found.fields);
        grounds.pages.extend(found.pages.into_iter().map(|path| (at, path)));
    }
    grounds.pages.sort();
    Ok(grounds)
}

/// Sends the forms of these pages for the time.
pub async fn run(
    region: &mut Region,
    grounds: &Grounds,
    chance: &mut StdRng,
    time: Duration,
    findings: &mut Findings,
    reach: &mut Reach,
) -> anyhow::Result<()> {
    let fields = &grounds.fields;
    let known = |(at, path): &(usize, String)| Some((region.visitors.get(*at)?.clone(), path.clone()));
    let mut places: Vec<(Browser, String)> = grounds.pages.iter().filter_map(known).collect();
    for link in mailed(region, &places).await? {
        let nobody = region.visitors.first().cloned().context("there are no visitors")?;
        for act in ["answer", "offer", "decline", "question"] {
            places.push((nobody.clone(), link.replace("/answer", &format!("/{act}"))));
        }
    }
    region.watch.look().await?;
    let mut looked = Looked::new();
    let start = Instant::now();
    while start.elapsed() < time {
        let (visitor, path) = places.choose(chance).context("there are no pages")?;
        if chance.random_bool(0.1) {
            stray(visitor, path, chance, findings).await?;
        }
        let shown = visitor.get(path).await?;
        let forms: Vec<Form> = form::forms(&shown.body, path).into_iter().filter(keeps_session).collect();
        let Some(form) = forms.choose(chance) else { continue };
        let field = least_looked(form, &mut looked, chance);
        send(region, visitor, form, &field, chance, findings).await?;
    }
    let count = |fields: &mut dyn Iterator<Item = &(String, String)>| {
        fields.map(|(form, _)| form).collect::<BTreeSet<_>>().len()
    };
    (reach.pages, reach.forms, reach.fields) = (places.len(), count(&mut fields.iter()), fields.len());
    println!("{} pages, {} forms and {} fields found", reach.pages, reach.forms, reach.fields);
    println!("{} forms and {} fields looked at", count(&mut looked.keys()), looked.len());
    reach.sent.extend(looked.into_iter().filter(|(_, times)| *times > 0).map(|(field, _)| field));
    Ok(())
}

/// One-time links, each written into a mail by the form that a page links to.
async fn mailed(region: &Region, places: &[(Browser, String)]) -> anyhow::Result<Vec<String>> {
    let forms = places.iter().filter(|(_, path)| path.ends_with("/link"));
    for (visitor, path) in forms.take(LINKS) {
        let shown = visitor.get(path).await?;
        for form in form::forms(&shown.body, path).into_iter().filter(|form| form.action == *path) {
            let pair = |input: &form::Input| {
                let value = if input.name == "email" { "manager@home.example" } else { &input.value };
                format!("{}={}", encode(&input.name), encode(value))
            };
            let body = form.inputs.iter().map(pair).collect::<Vec<_>>().join("&").into_bytes();
            let kind = "application/x-www-form-urlencoded";
            visitor.post(&Post::form(path.clone(), kind, body)).await?;
        }
    }
    region.mailed_links().await
}

/// Signing out or moving the clock would end the run for everybody else.
fn keeps_session(form: &Form) -> bool {
    !["/sign-out", "/demo/calendar", "/sign-ins", "/preferences/sign-out"]
        .iter()
        .any(|path| form.action.starts_with(path))
}

fn least_looked(form: &Form, looked: &mut Looked, chance: &mut StdRng) -> String {
    let action = shape(&form.action);
    let of = |name: &str| (action.clone(), name.to_owned());
    for input in &form.inputs {
        looked.entry(of(&input.name)).or_default();
    }
    let least = form.inputs.iter().map(|input| looked.get(&of(&input.name)).copied().unwrap_or(0)).min().unwrap_or(0);
    let names: Vec<&str> = form.inputs.iter().map(|input| input.name.as_str()).collect();
    let fresh: Vec<&str> = names.iter().copied().filter(|name| looked.get(&of(name)).copied() == Some(least)).collect();
    let field = fresh.choose(chance).copied().unwrap_or("").to_owned();
    *looked.entry(of(&field)).or_default() += 1;
    field
}

async fn send(
    region: &mut Region,
    visitor: &Browser,
    form: &Form,
    field: &str,
    chance: &mut StdRng,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let mut pairs = form.filled(chance);
    let good = chance.random_bool(0.15);
    if !good {
        form::spoil(&mut pairs, field, chance);
    }
    for (name, value) in &mut pairs {
        if name == "_key" && field != "_key" {
            *value = format!("{:032x}", chance.random::<u128>());
        }
    }
    let encoded = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    let mut body = encoded.collect::<Vec<_>>().join("&").into_bytes();
    if !form.post {
        let path = format!("{}?{}", form.action.split('?').next().unwrap_or("/"), String::from_utf8_lossy(&body));
        return ask(visitor, &path, findings).await;
    }
    let kind =
        if form.multipart { "multipart/form-data; boundary=fuzzfuzz" } else { "application/x-www-form-urlencoded" };
    if form.multipart {
        body = upload::body(&pairs, &form.inputs, (!good).then_some(field), chance);
    } else if !good && chance.random_bool(0.05) {
        body = nasty::damaged(&body, &body, chance);
    }
    deliver(region, visitor, &Post::form(form.action.clone(), kind, body), field, findings).await?;
    Ok(())
}

/// Where somebody says who they are: a wrong answer is counted, so that guessing ends, and is an event of the deployment's
/// record where it names an account.
const PROOFS: &[&str] = &[
    "POST /sign-in",
    "POST /sign-in/code",
    "POST /sign-in/passkey",
    "POST /confirm",
    "POST /preferences/password",
    "POST /preferences/second-step/end",
    "POST /emails/{}/register",
    "POST /emails/{}/welcome",
];
const A_FAILURE_IS_RECORDED: &[&str] =
    &["chain_head changed", "event added", "sign_in_attempt added", "sign_in_attempt changed"];

/// Sends one post and looks at what came of it; the status, where it could be sent.
pub async fn deliver(
    region: &mut Region,
    visitor: &Browser,
    post: &Post,
    field: &str,
    findings: &mut Findings,
) -> anyhow::Result<Option<u16>> {
    findings.tried += 1;
    region.watch.look().await?; // showing the form may have been recorded
    let Ok(answer) = visitor.post(post).await else { return Ok(None) };
    let changed = region.watch.look().await?;
    let name = format!("{} {}", post.method, shape(&post.path));
    let input = || {
        let body = String::from_utf8_lossy(&post.body);
        let tag = post.tag.as_deref().unwrap_or("none");
        format!("{}: {} {}\n{}\nIf-Match: {tag}\n\n{body}\n", visitor.who, post.method, post.path, post.kind)
    };
    for kind in faults(&name, field, &answer) {
        findings.add(&kind, input().as_bytes());
    }
    let failed_proof =
        PROOFS.contains(&name.as_str()) && changed.split(", ").all(|what| A_FAILURE_IS_RECORDED.contains(&what));
    if answer.status >= 400 && !changed.is_empty() && !failed_proof {
        findings.add(&format!("{name} is refused with {} and writes: {changed}", answer.status), input().as_bytes());
    }
    Ok(Some(answer.status))
}

async fn ask(visitor: &Browser, path: &str, findings: &mut Findings) -> anyhow::Result<()> {
    findings.tried += 1;
    if path.len() > 60_000 {
        return Ok(()); // longer than a request's address may be
    }
    let Ok(answer) = visitor.get(path).await else { return Ok(()) };
    for kind in faults(&format!("GET {}", shape(path)), "", &answer) {
        findings.add(&kind, format!("{}: GET {path}", visitor.who).as_bytes());
    }
    Ok(())
}

/// A path with one part replaced by something else.
async fn stray(visitor: &Browser, path: &str, chance: &mut StdRng, findings: &mut Findings) -> anyhow::Result<()> {
    let mut parts: Vec<String> = path.split(['/', '?']).map(str::to_owned).collect();
    let at = chance.random_range(0..parts.len());
    if let Some(part) = parts.get_mut(at) {
        *part = encode(&nasty::text(chance));
    }
    let path = format!("/{}", parts.join("/").trim_start_matches('/'));
    ask(visitor, &path, findings).await
}

/// What is wrong with an answer whatever was sent.
fn faults(name: &str, field: &str, answer: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    if answer.status >= 500 {
        found.push(format!("{name} answers {} on {field:?}: {}", answer.status, last_panic()));
    }
    if answer.html && answer.body.contains(nasty::CANARY) {
        found.push(format!("{name} shows what was typed in {field:?} unescaped"));
    }
    found
}
