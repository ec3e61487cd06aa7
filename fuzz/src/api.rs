//! Every operation of the API that changes something, from its own description: bodies that fit it, and bodies that
//! do not.

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

use crate::browser::{Post, encode};
use crate::finding::Findings;
use crate::nasty;
use crate::pages::deliver;
use crate::region::Region;

/// Deeper schemas are cut off.
const DEEPEST: usize = 8;

struct Operation {
    method: &'static str,
    path: String,
    schema: Value,
}

/// Sends bodies until the time is over; `paths` are pages whose parts name records.
pub async fn run(
    region: &mut Region,
    chance: &mut StdRng,
    time: Duration,
    paths: &[String],
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let start = Instant::now();
    let description = region.programs[0].get("/api/openapi.json").await?;
    let Ok(description) = serde_json::from_str::<Value>(&description.body) else {
        println!("SKIPPED: there is no API");
        return Ok(());
    };
    let operations = operations(&description);
    let names: Vec<&str> = paths.iter().flat_map(|path| path.split(['/', '?'])).filter(|part| is_name(part)).collect();
    println!("{} operations", operations.len());
    while start.elapsed() < time {
        let Some(operation) = operations.choose(chance) else { break };
        let spoilt = chance.random_bool(0.8);
        let mut body = value(&description, &operation.schema, chance, if spoilt { 0.15 } else { 0.0 }, 0).to_string();
        if spoilt && chance.random_bool(0.1) {
            body = String::from_utf8_lossy(&nasty::damaged(body.as_bytes(), b"[[[[{\"a\":1e999}]]]]", chance))
                .into_owned();
        }
        let kind = if chance.random_bool(0.97) { "application/json" } else { "text/plain" };
        let path = filled(&operation.path, &names, chance);
        let post = Post { method: operation.method, path, kind, body: body.into_bytes() };
        let Some(program) = region.programs.choose(chance).cloned() else { break };
        deliver(region, &program, &post, "", findings).await?;
    }
    Ok(())
}

fn is_name(part: &str) -> bool {
    part.chars().any(|c| c.is_ascii_digit()) && part.len() < 40
}

fn operations(description: &Value) -> Vec<Operation> {
    let server = description["servers"][0]["url"].as_str().unwrap_or("").trim_end_matches('/').to_owned();
    let mut found = Vec::new();
    for (path, item) in description["paths"].as_object().into_iter().flatten() {
        for (name, method) in [("post", "POST"), ("put", "PUT"), ("patch", "PATCH"), ("delete", "DELETE")] {
            if let Some(operation) = item.get(name) {
                let schema = operation["requestBody"]["content"]["application/json"]["schema"].clone();
                found.push(Operation { method, path: format!("{server}{path}"), schema });
            }
        }
    }
    found
}

/// The path with names in place of its parameters.
fn filled(path: &str, names: &[&str], chance: &mut StdRng) -> String {
    let part = |part: &str, chance: &mut StdRng| {
        if !part.starts_with('{') {
            return part.to_owned();
        }
        match names.choose(chance) {
            Some(name) if chance.random_bool(0.85) => (*name).to_owned(),
            _ => encode(&nasty::text(chance).chars().take(2_000).collect::<String>()),
        }
    };
    path.split('/').map(|one| part(one, chance)).collect::<Vec<_>>().join("/")
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
