//! Every operation of the API that changes something, from its own description: bodies that fit it and bodies that do
//! not, on records that were read before and with their versions.

use anyhow::Context;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::browser::Post;
use crate::finding::Findings;
use crate::nasty;
use crate::pages::deliver;
use crate::reach::Reach;
use crate::records::{Aimed, Records};
use crate::region::Region;

/// Deeper schemas are cut off.
const DEEPEST: usize = 8;

struct Operation {
    method: &'static str,
    path: String,
    schema: Value,
    versioned: bool,
}

/// Sends bodies until the time is over.
pub async fn run(
    region: &mut Region,
    chance: &mut StdRng,
    time: Duration,
    findings: &mut Findings,
    reach: &mut Reach,
) -> anyhow::Result<()> {
    let start = Instant::now();
    let description = region.programs.first().context("nobody has a token")?.get("/api/openapi.json").await?;
    let description: Value = serde_json::from_str(&description.body).context("there is no API")?;
    let operations = operations(&description);
    let mut known = Vec::new();
    for program in region.programs.clone() {
        known.push((Records::read(&description, &program).await?, program));
    }
    // Who was told that an operation is not theirs asks for it seldom.
    let mut refused = BTreeSet::new();
    while start.elapsed() < time {
        let Some((at, operation)) = operations.iter().enumerate().collect::<Vec<_>>().choose(chance).copied() else {
            break;
        };
        let often: Vec<usize> = (0..known.len()).filter(|who| !refused.contains(&(at, *who))).collect();
        let who = if chance.random_bool(0.97) { often.choose(chance).copied() } else { None };
        let who = who.unwrap_or_else(|| chance.random_range(0..known.len()));
        let Some((records, program)) = known.get(who) else { break };
        let aimed = records.aim(program, &operation.path, chance).await?;
        let spoilt = chance.random_bool(0.7);
        let mut body = value(&description, &operation.schema, chance, if spoilt { 0.15 } else { 0.0 }, 0).to_string();
        if spoilt && chance.random_bool(0.1) {
            body = String::from_utf8_lossy(&nasty::damaged(body.as_bytes(), b"[[[[{\"a\":1e999}]]]]", chance))
                .into_owned();
        }
        let kind = if chance.random_bool(0.97) { "application/json" } else { "text/plain" };
        let tag = if operation.versioned { tag(&aimed, chance) } else { None };
        let post = Post { method: operation.method, path: aimed.path, kind, body: body.into_bytes(), tag };
        let answered = deliver(region, program, &post, "", findings).await?;
        match answered {
            Some(401 | 403) => drop(refused.insert((at, who))),
            Some(200..300 | 409) if post.tag.is_some() => drop(reach.answered.insert(operation.path.clone())),
            _ => {}
        }
    }
    (reach.operations, reach.versioned) =
        (operations.len(), operations.iter().filter(|operation| operation.versioned).count());
    println!(
        "{} operations, {} of them on a version, {} of these done or refused by a rule so far",
        reach.operations,
        reach.versioned,
        reach.answered.len()
    );
    Ok(())
}

/// The version to send: mostly one that was read, now and then another thing or none.
fn tag(aimed: &Aimed, chance: &mut StdRng) -> Option<String> {
    match chance.random_range(0..20) {
        0..12 => aimed.tags.first().cloned(),
        12..16 => aimed.tags.choose(chance).cloned(),
        16..18 => {
            // A header takes what can be seen and nothing else.
            let text: String = nasty::text(chance).chars().filter(char::is_ascii_graphic).take(200).collect();
            Some(text)
        }
        _ => None,
    }
}

fn operations(description: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in description["paths"].as_object().into_iter().flatten() {
        for (name, method) in [("post", "POST"), ("put", "PUT"), ("patch", "PATCH"), ("delete", "DELETE")] {
            if let Some(operation) = item.get(name) {
                let schema = operation["requestBody"]["content"]["application/json"]["schema"].clone();
                let mut parameters = operation["parameters"].as_array().into_iter().flatten();
                let versioned = parameters.any(|parameter| parameter["name"] == "If-Match");
                found.push(Operation { method, path: path.clone(), schema, versioned });
            }
        }
    }
    found
}

/// A value of a schema; with this likelihood, at each place, something else.
fn value(description: &Value, schema: &Value, chance: &mut StdRng, spoil: f64, depth: usize) -> Value {
    if depth > DEEPEST || chance.random_bool(spoil) {
        return anything(chance);
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/")) {
        return value(
            description,
            &description[name.split('/').next().unwrap_or("")][name.split('/').nth(1).unwrap_or("")]
                [name.split('/').nth(2).unwrap_or("")],
            chance,
            spoil,
            depth + 1,
        );
    }
    if let Some(one) = schema["enum"].as_array().and_then(|all| all.choose(chance)) {
        return one.clone();
    }
    if !schema["example"].is_null() && chance.random_bool(0.5) {
        return schema["example"].clone();
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(one) = schema[several].as_array().and_then(|all| all.choose(chance)) {
            return value(description, one, chance, spoil, depth + 1);
        }
    }
    let kind = schema["type"].as_array().and_then(|kinds| kinds.choose(chance)).unwrap_or(&schema["type"]);
    match kind.as_str().unwrap_or("") {
        "object" => {
            let mut object = Map::new();
            for (name, field) in schema["properties"].as_object().into_iter().flatten() {
                if chance.random_bool(0.95) {
                    object.insert(name.clone(), value(description, field, chance, spoil, depth + 1));
                }
            }
            Value::Object(object)
        }
        "array" => (0..chance.random_range(0..3))
            .map(|_| value(description, &schema["items"], chance, spoil, depth + 1))
            .collect(),
        "integer" | "number" => json!(chance.random_range(0..500_000)),
        "boolean" => json!(chance.random_bool(0.5)),
        "string" if schema["format"] == "date" => json!("2021-09-20"),
        "string" => json!("As agreed with the home."),
        _ => Value::Null,
    }
}

fn anything(chance: &mut StdRng) -> Value {
    match chance.random_range(0..10) {
        0 => Value::Null,
        1 => json!(chance.random::<i64>()),
        2 => json!(chance.random::<u64>()),
        3 => json!(1e300),
        4 => json!([]),
        5 => json!({ nasty::text(chance): nasty::text(chance) }),
        6 => json!([[[[[[nasty::text(chance)]]]]]]),
        7 => json!(true),
        _ => json!(nasty::text(chance)),
    }
}
