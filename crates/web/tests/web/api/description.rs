//! The description: complete, the committed copy the same, and the page for people.

use placewell_testkit::databases::both;
use placewell_testkit::lint::lint;
use placewell_web::api::document::{JSON, VALUE};
use serde_json::Value;

use super::Region;

/// Every operation: method, path, description.
fn operations() -> impl Iterator<Item = (&'static str, &'static str, &'static Value)> {
    VALUE["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    })
}

#[test]
fn the_committed_description_is_the_one_that_is_served() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == *JSON,
        "docs/api/openapi.json differs: run `cargo run -p placewell-web --example openapi > docs/api/openapi.json`"
    );
}

#[test]
fn every_operation_says_what_it_does_for_whom_and_how_it_can_fail() {
    assert_eq!(VALUE["openapi"], "3.1.0");
    for (method, path, operation) in operations() {
        let what = format!("{method} {path}");
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(!summary.is_empty() && !summary.ends_with('.'), "{what}: {summary:?}");
        assert!(!operation["operationId"].as_str().unwrap_or_default().is_empty(), "{what}");
        let room = operation["tags"][0].as_str().unwrap_or_default();
        assert!(VALUE["tags"].as_array().unwrap().iter().any(|tag| tag["name"] == room), "{what}: {room}");
        for status in ["401", "403", "422"] {
            assert!(operation["responses"].get(status).is_some(), "{what} lacks {status}");
        }
        if method == "post" {
            assert!(operation["responses"].get("415").is_some(), "{what} lacks 415");
            assert!(operation.get("requestBody").is_some(), "{what} lacks a body");
        }
    }
    let ids: std::collections::BTreeSet<_> = operations().map(|(_, _, one)| one["operationId"].to_string()).collect();
    assert_eq!(ids.len(), operations().count(), "two operations have one id");
}

#[test]
fn every_reference_of_the_description_leads_somewhere() {
    fn walk(value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(VALUE.pointer(pointer).is_some(), "{reference}");
                }
                members.values().for_each(walk);
            }
            Value::Array(items) => items.iter().for_each(walk),
            _ => {}
        }
    }
    walk(&VALUE);
}

/// What a program with JavaScript's numbers would round is never a number.
#[test]
fn every_id_is_text_in_bodies_and_in_paths() {
    fn ids(value: &Value, wrong: &mut Vec<String>) {
        for (name, property) in value["properties"].as_object().into_iter().flatten() {
            let text = property.to_string();
            let about = property["description"].as_str().unwrap_or_default();
            let is_id = name == "id" || about.starts_with("Its id") || about.contains("'s id");
            if is_id && text.contains("\"integer\"") {
                wrong.push(format!("{name}: {about}"));
            }
        }
        match value {
            Value::Object(members) => members.values().for_each(|below| ids(below, wrong)),
            Value::Array(items) => items.iter().for_each(|below| ids(below, wrong)),
            _ => {}
        }
    }
    let mut wrong = Vec::new();
    ids(&VALUE["components"]["schemas"], &mut wrong);
    for (method, path, operation) in operations() {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        for parameter in parameters.filter(|one| one["in"] == "path" && one["schema"]["format"] == "int64") {
            wrong.push(format!("{method} {path}: {}", parameter["name"]));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    let id = &VALUE["components"]["schemas"]["Id"];
    assert_eq!((&id["type"], &id["examples"][0]), (&"string".into(), &"550668494442593381".into()));
}

#[tokio::test]
async fn the_description_and_the_page_about_it_are_public() {
    both(async |database| {
        let region = Region::make(&database).await;
        let served = region.stranger().get("/api/openapi.json").await.is(200);
        assert_eq!(served.header("content-type"), "application/json");
        assert_eq!(served.json, *VALUE);
        let page = placewell_testkit::client::Client::new(region.router.clone()).get("/api").await;
        assert_eq!(lint(&page.body), Vec::<String>::new());
        for (_, path, _) in operations() {
            assert!(page.body.contains(path), "{path}");
        }
        for (code, ..) in placewell_web::api::problem::KINDS {
            assert!(page.body.contains(&format!("id=\"{code}\"")), "{code}");
        }
    })
    .await;
}

/// Two types of one name would describe each other's answers.
#[test]
fn no_two_types_of_the_description_share_a_name() {
    let (mut names, mut twice) = (std::collections::BTreeSet::new(), Vec::new());
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            // The lists of codes are made by a macro, a line each; some types describe themselves.
            let listed =
                source.split("\ncodes! {").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap_or_default();
            let codes = listed.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.trim());
            let own = source.split("\nimpl ToSchema for ").skip(1).filter_map(|rest| rest.split([' ', '<']).next());
            for name in codes.chain(own) {
                if !names.insert(name.to_owned()) {
                    twice.push(name.to_owned());
                }
            }
            for item in
                source.split("#[derive(").skip(1).filter(|item| item.split(')').next().unwrap().contains("ToSchema"))
            {
                let head = item.split(['{', ';']).next().unwrap();
                let named = head.split("#[schema(as = ").nth(1).map(|rest| rest.split([')', ',']).next().unwrap());
                let own = head.split_once("struct ").or_else(|| head.split_once("enum ")).map(|(_, rest)| rest.trim());
                let name = named.or(own).unwrap_or_default().split(['<', '(']).next().unwrap().to_owned();
                if !name.is_empty() && !names.insert(name.clone()) {
                    twice.push(name);
                }
            }
        }
    }
    assert!(names.contains("VoidCause"), "the lists of codes were not read");
    assert!(names.len() > 100 && twice.is_empty(), "{} names, of which twice: {twice:?}", names.len());
}
