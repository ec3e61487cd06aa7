//! Whatever is sent to whichever operation: an answer, a problem at worst, never a fault of ours.

use std::sync::OnceLock;

use placewell_domain::office::access::Role;
use placewell_store::Backend;
use placewell_testkit::databases::{both, fresh};
use placewell_web::api::document::VALUE;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use super::Region;
use super::caller::Caller;

/// Bodies of each operation per run.
const BODIES: usize = 24;

fn posts() -> &'static [(String, Value)] {
    static POSTS: OnceLock<Vec<(String, Value)>> = OnceLock::new();
    POSTS.get_or_init(|| {
        let paths = VALUE["paths"].as_object().unwrap().iter();
        paths.filter_map(|(path, item)| Some((path.clone(), item.get("post")?.clone()))).collect()
    })
}

/// Anything that is JSON.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3..400_i64).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(json!("2021-09-13")),
        Just(json!("-000001-01-01")),
        Just(json!("HEF-R-0001")),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,12}", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A value near what a schema asks for: mostly of its type, now and then anything.
fn near(schema: &Value, runner: &mut TestRunner) -> Value {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => VALUE.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    let dice = |runner: &mut TestRunner, sides: u32| (0..sides).new_tree(runner).unwrap().current();
    if dice(runner, 12) == 0 {
        return any_json().new_tree(runner).unwrap().current();
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(options) = schema[several].as_array() {
            let chosen = dice(runner, u32::try_from(options.len()).unwrap()) as usize;
            return near(&options[chosen], runner);
        }
    }
    if let Some(codes) = schema["enum"].as_array() {
        return codes[dice(runner, u32::try_from(codes.len()).unwrap()) as usize].clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) if dice(runner, 3) == 0 => kinds.last().unwrap(),
        Value::Array(kinds) => &kinds[0],
        kind => kind,
    };
    match kind.as_str() {
        Some("object") => {
            let members = schema["properties"].as_object().into_iter().flatten();
            members.map(|(name, below)| (name.clone(), near(below, runner))).collect()
        }
        Some("array") => (0..dice(runner, 3)).map(|_| near(&schema["items"], runner)).collect(),
        Some("integer") => [json!(1), json!(-1), json!(0), json!(415_000), json!(i64::MAX), json!(999_999_999_999_i64)]
            [dice(runner, 6) as usize]
            .clone(),
        Some("boolean") => json!(dice(runner, 2) == 0),
        Some("string") if schema["format"] == "date" => {
            let days = ["2021-09-13", "2199-12-31", "1900-01-01", "2021-02-29", "2020-02-29", "2018-12-15"];
            json!(days[dice(runner, 6) as usize])
        }
        Some("string") => match dice(runner, 4) {
            0 => schema.get("example").filter(|example| example.is_string()).cloned().unwrap_or_else(|| json!("HEF-1")),
            1 => json!(""),
            2 => json!("£4,150 'quoted\" <b>\u{202e}%_\\"),
            _ => Value::from(".{0,60}".new_tree(runner).unwrap().current()),
        },
        _ => Value::Null,
    }
}

/// A path of the description with its parameters filled.
fn filled(path: &str, runner: &mut TestRunner) -> String {
    let names = ["HEF-2021-0901", "HEF-R-0001", "1", "SC400001", "-", "%E2%82%AC", "9223372036854775808", "0x%27--"];
    path.split('/')
        .map(|part| {
            let pick = (0..names.len()).new_tree(runner).unwrap().current();
            if part.starts_with('{') { names[pick] } else { part }
        })
        .collect::<Vec<_>>()
        .join("/")
}

async fn no_fault(callers: &[Caller], runner: &mut TestRunner, path: &str, operation: &Value) {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    for round in 0..BODIES {
        let caller = &callers[round % callers.len()];
        let target = filled(path, runner);
        let tag = ["\"1\"", "\"0\"", "\"9223372036854775807\""][round % 3];
        let body: Vec<u8> = match round % 4 {
            0 => prop::collection::vec(any::<u8>(), 0..200).new_tree(runner).unwrap().current(),
            1 => any_json().new_tree(runner).unwrap().current().to_string().into_bytes(),
            _ => near(schema, runner).to_string().into_bytes(),
        };
        let kind = if schema.is_null() { "text/plain" } else { "application/json" };
        let reply = caller.raw(&target, &[("if-match", tag)], kind, body.clone()).await;
        let sent = String::from_utf8_lossy(&body).into_owned();
        assert!(reply.status.as_u16() < 500, "{target} answers {} to {sent}: {}", reply.status, reply.json);
        if reply.status.as_u16() >= 400 {
            reply.problem();
        }
    }
}

#[tokio::test]
async fn no_body_on_any_operation_is_a_fault_of_ours() {
    both(async |database| {
        let region = Region::make(&database).await;
        let mut callers = Vec::new();
        for (code, role) in [
            ("HEF", Role::DemocraticServices),
            ("HEF", Role::PlacementOfficer),
            ("HEF", Role::Approver),
            ("HEF", Role::FinanceOfficer),
            ("oak-lane-care", Role::ProviderManager),
            ("region", Role::CommissioningLead),
        ] {
            callers.push(region.caller(code, role).await);
        }
        let mut runner = TestRunner::deterministic();
        for (path, operation) in posts() {
            no_fault(&callers, &mut runner, path, operation).await;
        }
    })
    .await;
}

#[tokio::test]
async fn no_address_or_query_of_a_reading_is_a_fault_of_ours() {
    let database = fresh(Backend::Sqlite).await;
    let region = Region::make(&database).await;
    let callers =
        [region.caller("HEF", Role::PlacementOfficer).await, region.caller("region", Role::CommissioningLead).await];
    let mut runner = TestRunner::deterministic();
    for (path, _) in VALUE["paths"].as_object().unwrap().iter().filter(|(_, item)| item.get("get").is_some()) {
        for round in 0..8 {
            let query = ["", "?limit=0", "?limit=x&after=%FF", "?after=zzz&limit=1", "?of=%27"][round % 5];
            let target = format!("{}{query}", filled(path, &mut runner));
            let reply = callers[round % 2].get(&target).await;
            assert!(reply.status.as_u16() < 500, "{target} answers {}: {}", reply.status, reply.json);
        }
    }
}
