//! The description of the API, OpenAPI 3.1: what the operations say of themselves, and what holds for all of them
//! (the token, the idempotency key, the problems), added once here.

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use serde_json::{Map, Serializer, Value, json};
use utoipa::openapi::{Info, License, OpenApi};
use utoipa::{PartialSchema, ToSchema};

use super::problem::{FieldProblem, KINDS, ProblemDetails};
use super::value::Id;
use super::{V1, operations};

/// What stands at the top of the description.
const ABOUT: &str = "From a published decision to a signed placement agreement, for programs. Every operation asks the same \
commands, under the same permissions, as the pages do.\n\n\
Send the token of a person (`placewell token create`) as `Authorization: Bearer`. Money is whole pence in fields that end in \
`_pence`; dates are `2021-09-13`; ids are text; a record's version is its `ETag`, sent back in `If-Match` by whoever changes it. Each POST \
takes an `Idempotency-Key`: the same key with the same request is done once, and answered alike for 7 days. Lists come in \
pages: `?after=` the `next` of the page before, `&limit=` at most 100. What does not end well is a problem of RFC 9457.";

/// The rooms, in the order in which they are described.
const ROOMS: &[(&str, &str)] = &[
    ("person", "Who you are, and what your role includes."),
    ("message", "Jobs that are not done yet, for administrators."),
    ("record", "What happened, in the order of its commit, and the checkpoints that others hold."),
    ("import", "Files of rows: sent, checked, confirmed, brought in."),
    ("setting", "What an authority or the region has settled for itself, with dates."),
    ("decision", "Formal decisions: what they say, where they stand, call-in."),
    ("delegation", "Who holds which power: posts, people, instruments."),
    ("arrangement", "The regional arrangement: term, lots, terms, participants."),
    ("annual_value", "The annual value: the ceiling, and what is spent, bound and planned."),
    ("comparison", "Prices by route like for like, the share through the arrangement, and what each route takes."),
    ("appraisal", "The alternatives to the arrangement, drawn under stated assumptions, and what was saved of them."),
    ("admission", "What the regional team keeps: admission, tendered prices, standing."),
    (
        "standing",
        "Measures about providers and homes with what follows, reviews, alerts of the register, facts that differ.",
    ),
    ("price", "Price schedules in two times, rises in price, and the agreements that they touch."),
    (
        "monitoring",
        "How homes are watched: returns, visits, concerns and plans, hours delivered, placements under strain.",
    ),
    ("home", "Homes: registration, grade, places, lots, price bands, standing."),
    ("child", "How long a child's record is kept, its erasure, and all that is held about a child."),
    ("referral", "A child's needs, sent to homes; who the child is stands behind an operation of its own."),
    ("disclosure", "What a home reads on the shortlist and when it is chosen."),
    ("invitation", "What homes were asked, and their questions."),
    ("offer", "Homes' answers with prices."),
    ("approval", "Comparing, recommending, approving."),
    ("agreement", "Placement agreements, signed by both sides."),
    ("occupancy", "Beds and nights; a provider's own homes."),
    ("block", "Mini-blocks: beds bought together, their competition, contract, nights and recharges."),
    ("spot", "Spot purchases outside the arrangement, and children in unregistered settings."),
    ("check", "Pre-placement checks, and the minutes that each route takes."),
    ("publication", "What everybody may know: the contract register, yearly totals without small numbers."),
];

/// The description as it is served and committed.
pub static JSON: LazyLock<String> = LazyLock::new(|| {
    let mut text = Vec::new();
    // One space a level: a line each to compare, and half the bytes.
    let layout = PrettyFormatter::with_indent(b" ");
    let written = VALUE.serialize(&mut Serializer::with_formatter(&mut text, layout));
    text.push(b'\n');
    written.ok().and_then(|()| String::from_utf8(text).ok()).unwrap_or_default()
});

/// The description as a value.
pub static VALUE: LazyLock<Value> = LazyLock::new(|| {
    let (_, found) = operations().split_for_parts();
    complete(found)
});

fn complete(mut found: OpenApi) -> Value {
    let mut info = Info::new("Placewell", env!("CARGO_PKG_VERSION"));
    info.description = Some(ABOUT.to_owned());
    let mut license = License::new("MIT");
    license.identifier = Some("MIT".to_owned());
    info.license = Some(license);
    found.info = info;
    let mut document = serde_json::to_value(&found).unwrap_or_default();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).map(std::mem::take).unwrap_or_default();
    let paths: Map<String, Value> = paths
        .into_iter()
        .map(|(path, mut item)| {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                common(method, operation);
            }
            (format!("{V1}{path}"), item)
        })
        .collect();
    document["paths"] = Value::Object(paths);
    document["tags"] =
        ROOMS.iter().map(|(name, description)| json!({"name": name, "description": description})).collect();
    document["security"] = json!([{"token": []}]);
    let components = &mut document["components"];
    components["schemas"]["Problem"] = serde_json::to_value(ProblemDetails::schema()).unwrap_or_default();
    components["schemas"][&*FieldProblem::name()] = serde_json::to_value(FieldProblem::schema()).unwrap_or_default();
    components["securitySchemes"]["token"] = json!({
        "type": "http", "scheme": "bearer", "description": "A token of a person: `placewell token create --email ADDRESS`."
    });
    components["parameters"]["IdempotencyKey"] = json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "Makes a repeated request safe: the same key and request are done once. Left out, each request is its own.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
        "example": "8e03978e-40d5-43e8-bc93-6894a57f9324"
    });
    components["responses"] = problems();
    document
}

/// Each status of a problem once, with the kinds that have it.
fn problems() -> Value {
    let mut responses = Map::new();
    for (code, status, title, advice) in KINDS {
        let description = format!("{title}: {advice}");
        if let Some(earlier) = responses.get_mut(&format!("Problem{status}")) {
            let both = format!("{} {description}", earlier["description"].as_str().unwrap_or_default());
            earlier["description"] = both.into();
        } else {
            let example = json!({
                "type": format!("https://placewell.example/api#{code}"), "title": title, "status": status, "detail": advice,
                "instance": "/api/v1/decisions/HEF-2021-0913", "code": code, "request": "7f3a90c1d2e4"
            });
            let content = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}});
            responses.insert(format!("Problem{status}"), json!({"description": description, "content": content}));
        }
    }
    Value::Object(responses)
}

/// What holds for every operation of a method.
fn common(method: &str, operation: &mut Value) {
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        // An id in a path is the same text as in a body.
        if parameter["in"] == "path" && parameter["schema"]["format"] == "int64" {
            parameter["schema"] = serde_json::to_value(Id::schema()).unwrap_or_default();
        }
    }
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let conditional = parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "If-Match"));
    // A query names a record too, such as an authority's code; and a rule may say no before anything is shown.
    let mut statuses = vec![400, 401, 403, 404, 409, 421, 422, 429, 500, 503];
    if method == "post" {
        statuses.extend([413, 415]);
        let key = json!({"$ref": "#/components/parameters/IdempotencyKey"});
        match operation.get_mut("parameters").and_then(Value::as_array_mut) {
            Some(parameters) => parameters.push(key),
            None => operation["parameters"] = json!([key]),
        }
    }
    if conditional {
        statuses.extend([412, 428]);
    }
    for status in statuses {
        let name = status.to_string();
        if operation["responses"].get(&name).is_none() {
            operation["responses"][name] = json!({"$ref": format!("#/components/responses/Problem{status}")});
        }
    }
}

/// One operation, for the page about the API.
pub struct Operation {
    /// The room that it belongs to.
    pub room: String,
    /// `GET` or `POST`.
    pub method: String,
    /// The path with its parameters.
    pub path: String,
    /// What it does.
    pub summary: String,
}

/// Every operation, by room.
#[must_use]
pub fn listed() -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in VALUE["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            all.push(Operation {
                room: text(&operation["tags"][0]),
                method: method.to_uppercase(),
                path: path.clone(),
                summary: text(&operation["summary"]),
            });
        }
    }
    all
}

/// The rooms that have operations, each with what it is.
#[must_use]
pub const fn rooms() -> &'static [(&'static str, &'static str)] {
    ROOMS
}
