//! A child's record: seen through broken glass, found by the authority's own number, given out, and erased on its page; beside
//! it what an authority counts as its annual value, and the alternatives that it saves.

use jiff::civil::date;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::session::TokenScope;
use serde_json::json;

use super::steps::{ADMINISTRATOR, DIRECTOR, FINANCE, OFFICER, SEARCH, Step, Typed, take};
use crate::api::caller::Caller;
use crate::api::watch::Watched;
use crate::api::world::World;
use crate::api::{email, road};
use Step::{Fill, Find, Move, See, Send};

const GLASS: &str = "/broken-glass";
const BROKEN: Typed = &[("reference", "HEF-R-0001"), ("reason", "child_at_risk"), ("ticket", "T-1"), ("minutes", "15")];

/// Glass that an administrator breaks and mends on their pages; what is found and given out by program.
const LOOKED_AT: &[Step] = &[
    Fill(ADMINISTRATOR, GLASS, GLASS, BROKEN),
    Find(DIRECTOR, GLASS, "/items", ("ticket", "T-1"), "id", "glass"),
    Fill(ADMINISTRATOR, "/broken-glass/$glass", "/broken-glass/$glass/mend", &[]),
    Send(OFFICER, "/children/find", "", r#"{"case_number": "CASECANARY"}"#, 200),
    Send(OFFICER, "/children/1/export", "", r#"{"documents_read": false}"#, 200),
];

/// A program breaks it by a token whose scope names the act.
async fn broken_by_program(world: &World) {
    let (region, (code, role)) = (&world.region, ADMINISTRATOR);
    let actor = region.app.actor_by_email(&email(code, role)).await.unwrap();
    let scope = TokenScope::Actions(vec![Action::BreakGlass]);
    let token = region.app.create_token(&actor, "glass", 1, &scope).await.unwrap();
    let watched = region.watch.clone().map(|watch| Watched { watch, code: code.to_owned(), role });
    let named = Caller::new(region.router.clone(), &token).watched(watched);
    let wanted = json!({"reference": "HEF-R-0001", "reason": "court_order", "ticket": "T-2", "minutes": 15});
    named.post("/api/v1/broken-glass", &[], &wanted).await.is(201);
    let all = world.director.get("/api/v1/broken-glass").await.is(200).json["items"].clone();
    let glass = all.as_array().unwrap().iter().find(|one| one["ticket"] == "T-2").unwrap();
    let mend = format!("/api/v1/broken-glass/{}/mend", glass["id"].as_str().unwrap());
    named.post(&mend, &[], &json!({})).await.is(200);
}

/// Fills in a form that answers with what was asked for, and leads nowhere.
async fn answered_with(world: &World, who: (&str, Role), at: (&str, &str), fields: &[(&str, &str)]) {
    let watch = world.region.watch.as_ref().unwrap();
    let said = match Box::pin(watch.submit(who, at, fields, None)).await {
        Ok(page) if page.status.as_u16() == 200 => return,
        Ok(page) => format!("{} answers {}: {}", at.1, page.status, page.h1()),
        Err(said) => said,
    };
    watch.note(said);
}

const READING: &str = "/finance/annual-value/reading";
const READ_AS: Typed = &[
    ("spot", "out"),
    ("net", "gross"),
    ("education", "out"),
    ("vat", "out"),
    ("block_voids", "in"),
    ("successor", "out"),
    ("year", "contract year"),
    ("adviser", "Section 151 officer"),
];
const READ_BY_PROGRAM: &str = r#"{"spot": false, "net": false, "education": true, "vat": false, "block_voids": true, "successor": false, "financial_year": false, "adviser": "Section 151 officer"}"#;
const OPENING: &str = "/finance/opening-ledger";
const LEDGER_TOTAL: &str = r#"{"as_at": "2021-09-13", "total_pence": 12500050}"#;
const LEDGER_TYPED: Typed =
    &[("as_at_day", "6"), ("as_at_month", "9"), ("as_at_year", "2021"), ("total", "125,000.50")];
const BUDGET: &str = r#"{"approved_pence": 520000000, "from": "2021-04-01", "source": "Full council"}"#;

/// What counts, the budget beside it, and the alternatives.
const COUNTED: &[Step] = &[
    Send(FINANCE, "/annual-value/budget", "", BUDGET, 200),
    Send(FINANCE, "/opening-ledger/total", "", LEDGER_TOTAL, 200),
    Fill(FINANCE, OPENING, OPENING, LEDGER_TYPED),
    Fill(FINANCE, READING, READING, READ_AS),
    Move(date(2021, 9, 14), 10),
    Send(FINANCE, "/annual-value/reading", "", READ_BY_PROGRAM, 200),
    Send(FINANCE, "/appraisals", "", r#"{"title": "Scrutiny"}"#, 201),
    Find(FINANCE, "/appraisals", "/items", ("title", "Scrutiny"), "reference", "saved"),
    See(FINANCE, "/reports/alternatives/$saved", &["HEF"]),
    See(FINANCE, "/api/v1/appraisals/$saved", &["HEF"]),
    See(FINANCE, "/api/v1/appraisals/$saved/pdf", &["HEF"]),
    Fill(FINANCE, "/reports/alternatives", "/reports/alternatives/save", &[("title", "Cabinet")]),
];

/// The years after the day of the death are over: one person proposes by program, another confirms on the page.
const ERASED: &[Step] = &[
    Send(OFFICER, "/children/1/mark", "", r#"{"kind": "died", "died": "2021-09-10"}"#, 200),
    Move(date(2036, 9, 11), 10),
    Send(OFFICER, "/children/1/propose", "", "{}", 200),
    Fill(DIRECTOR, "/children/1", "/children/1/erase", &[]),
];

/// A search that came to nothing, and what is kept of it until it is erased.
pub async fn given_out_and_erased(world: &World) {
    road::sent(world).await;
    take(world, LOOKED_AT).await;
    broken_by_program(world).await;
    answered_with(world, OFFICER, ("/children", "/children/find"), &[("case_number", "CASECANARY")]).await;
    answered_with(world, OFFICER, ("/children/1", "/children/1/export"), &[("as", "json")]).await;
    take(world, SEARCH).await;
    take(world, COUNTED).await;
    take(world, ERASED).await;
}
