//! What an organisation keeps of its own on its pages and by program: its people and how they sign in, cover, jobs, decisions,
//! duties and settings.

use axum::http::Method;
use placewell_app::clock::Machine;
use placewell_domain::change::Event;
use placewell_domain::office::access::Role;
use placewell_store::outbox::Job;
use serde_json::json;

use super::steps::{ADMINISTRATOR, CLERK, Step, Typed, take};
use crate::api::email;
use crate::api::world::World;
use crate::power::TEXT;
use Step::{Fill, Find, Look, Put, See, Send};

const OPERATOR: (&str, Role) = ("operator", Role::Administrator);
const INVITED: &str = r#"{"name": "A Khan", "email": "a.khan@hef.example", "role": "analyst", "title": "Analyst"}"#;
const COVERED: Typed = &[
    ("absent", "$officer:placement_officer"),
    ("covering", "$analyst"),
    ("from", "2021-09-14"),
    ("last", "2021-09-20"),
    ("reason", "leave"),
];
const LAST_DAY: Typed = &[("until_day", "30"), ("until_month", "11"), ("until_year", "2021")];
const PROVIDER: &str = r#"{"issuer": "https://id.hef.example", "client_id": "placewell", "secret": "between the two", "claim": "roles", "rules": "", "admits": "invited", "only_way": false, "version": 0}"#;

/// Invitations, cover, last days, and the provider by program.
const BY_PROGRAM: &[Step] = &[
    Send(ADMINISTRATOR, "/people/invitations", "", INVITED, 201),
    Look(ADMINISTRATOR, "/admin/people", "/admin/people/withdraw", "invitation", "invitation"),
    Send(ADMINISTRATOR, "/people/invitations/$invitation/withdraw", "", "{}", 200),
    Find(ADMINISTRATOR, "/people", "/items", ("role", "placement_officer"), "person", "officer"),
    Find(ADMINISTRATOR, "/people", "/items", ("role", "analyst"), "person", "analyst"),
    Fill(ADMINISTRATOR, "/cover", "/cover", COVERED),
    Find(ADMINISTRATOR, "/covers", "", ("role", "placement_officer"), "id", "lent"),
    Fill(ADMINISTRATOR, "/cover", "/cover/$lent/end", &[]),
    Send(ADMINISTRATOR, "/people/$analyst/last-day", "", r#"{"role": "analyst", "until": "2021-12-31"}"#, 200),
    See(ADMINISTRATOR, "/admin/people/$analyst/last-day?role=analyst", &[]),
    Fill(ADMINISTRATOR, "/admin/people/$analyst/last-day?role=analyst", "/admin/people/$analyst/last-day", LAST_DAY),
    Put(ADMINISTRATOR, "/people/provider", "", PROVIDER, 200),
];

const SIGN_IN: &str = "/admin/people/provider";
const NAMED: Typed =
    &[("issuer", "https://id.hef.example"), ("client_id", "placewell"), ("claim", "roles"), ("admits", "invited")];

/// The provider on its page; and a job that nobody can do is tried again.
const ON_PAGES: &[Step] = &[
    Fill(ADMINISTRATOR, SIGN_IN, SIGN_IN, NAMED),
    Fill(ADMINISTRATOR, SIGN_IN, "/admin/people/provider/end", &[]),
    Find(OPERATOR, "/jobs", "/items", ("kind", "no.such.kind"), "id", "job"),
    Send(OPERATOR, "/jobs/$job/retry", "", "{}", 200),
    Fill(OPERATOR, "/admin/jobs", "/admin/jobs", &[]),
];

/// What administrators keep.
pub async fn kept(world: &World) {
    take(world, BY_PROGRAM).await;
    let administrator = world.region.caller(ADMINISTRATOR.0, ADMINISTRATOR.1).await;
    let headers = [("content-type", "application/json")];
    administrator.send(Method::DELETE, "/api/v1/people/provider", &headers, "{}").await.is(200);
    undoable(world).await;
    take(world, ON_PAGES).await;
}

/// A job of the operator's that fails.
async fn undoable(world: &World) {
    let app = &world.region.app;
    let operator = app.actor_by_email(&email(OPERATOR.0, OPERATOR.1)).await.unwrap().organisation;
    let mut work = app.store.begin(operator, app.calendar.now()).await.unwrap();
    work.record(Event::new("test.happened", "message", 1, 0));
    work.enqueue(Job::new("no.such.kind", &json!({})));
    work.commit(Machine::now()).await.unwrap();
    app.do_due_jobs().await.unwrap();
}

const NEW: &str = "/democratic/decisions/new";
const CHECK: &str = "/democratic/decisions/check";
const LIST: &str = "/democratic/decisions";
const EDIT: &str = "/democratic/decisions/HEF-2021-0921/edit";
const IN_FORCE: &str = "/democratic/decisions/HEF-2019-0114";
const RECORDED: Typed = &[
    ("reference", "HEF-2021-0921"),
    ("title", "Raise the annual value"),
    ("governing_body", "council_executive"),
    ("limb_0_letter", "a"),
    ("limb_0_text", "The annual value is raised"),
    ("limb_0_adopts", "yes"),
    ("limb_0_ceiling", "6,000,000"),
];
const DUTY: &str = r#"{"person": "$approver", "from": "2021-09-13T17:00:00", "to": "2021-09-14T09:00:00"}"#;
const ENDED: &str = "/democratic/delegations/on_call/$duty/end";
const SETTING: &str = "/settings/call_in.working_days";
const SIX_DAYS: Typed =
    &[("value", "6"), ("confirmed", "yes"), ("from_day", "1"), ("from_month", "10"), ("from_year", "2021")];

const BY_CLERK: &[Step] = &[
    Fill(CLERK, EDIT, EDIT, RECORDED),
    Fill(CLERK, IN_FORCE, "/democratic/decisions/HEF-2019-0114/ceiling", &[]),
    Find(ADMINISTRATOR, "/people", "/items", ("role", "approver"), "person", "approver"),
    Send(CLERK, "/delegations/on-call", "", DUTY, 201),
    Find(CLERK, "/delegations", "/on_call", ("", ""), "id", "duty"),
    Fill(CLERK, ENDED, ENDED, &[("last_day", "13"), ("last_month", "9"), ("last_year", "2021")]),
    Fill(CLERK, SETTING, SETTING, SIX_DAYS),
];

/// What democratic services keep: a published text is read, checked and recorded.
pub async fn decided(world: &World) {
    let clerk = world.region.caller(CLERK.0, CLERK.1).await;
    clerk.raw("/api/v1/decisions/read", &[], "text/plain; charset=utf-8", TEXT).await.is(200);
    let watch = world.region.watch.as_ref().unwrap();
    let new = watch.look(CLERK, NEW).await;
    let checked = watch.press(CLERK, (&new, CHECK), &[("text", TEXT)], 200).await;
    watch.press(CLERK, (&checked, LIST), RECORDED, 303).await;
    take(world, BY_CLERK).await;
}
