//! S1: writes that succeed. Each road is taken by those who may take it, with complete bodies and forms; the very same was sent
//! just before by a role of theirs that may not, by the same role of every other organisation, and by nobody, who are each
//! refused and change no row. A further write is a line of `steps.rs` or of a room's file beside it, or a road below.

mod admission;
mod agreements;
mod approvals;
mod blocks;
mod children;
pub mod decisions;
mod forms;
mod homes;
mod monitoring;
mod open;
mod outside;
mod people;
mod recalling;
mod region;
mod searching;
mod steps;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::date;
use placewell_domain::office::access::Role;
use placewell_store::Backend;
use placewell_testkit::databases::{both, discard, fresh};
use placewell_web::api::operations::OPERATIONS;
use placewell_web::routes::ROUTES;
use serde_json::json;

use super::canary::offer;
use super::fields::planted;
use super::matrix::rows;
use super::watch::{ITS_OWN, NAMED_WITHIN, Told, Watch, listed};
use super::world::World;
use super::{Region, block, decision, delegation, inviting, rising, road, setting, spot};
use steps::{AGREEMENT, ARRANGEMENT, CHILD, DISCLOSURE, ERASURE, PAGES, SEARCH, STANDING, take, take_knowing};

/// A new region for each road, with all that a search needs.
async fn on(backend: Backend, told: &Arc<Told>, road: impl AsyncFn(&World)) {
    let database = Arc::new(fresh(backend).await);
    let world = Box::pin(World::watched(&database, told)).await;
    Box::pin(road(&world)).await;
    discard(&database).await;
}

/// The same with nothing but its people.
async fn among(backend: Backend, told: &Arc<Told>, road: impl AsyncFn(&Region)) {
    let database = Arc::new(fresh(backend).await);
    let region = Box::pin(Region::watched(&database, told)).await;
    Box::pin(road(&region)).await;
    discard(&database).await;
}

/// The child's whole road and the recall at its end, a mini-block, and what is done with each.
async fn placed_and_recalled(world: &World) {
    let mut known = planted::asked(world).await;
    planted::closed_early(world, &mut known).await;
    planted::shortlisted(world, &known).await;
    planted::placed(world, &mut known).await;
    let child = format!("/provider/invitations/{}/child", known.invitations[0]);
    let watch = world.region.watch.as_ref().unwrap();
    watch.see(steps::HOME, &child, &[]).await;
    watch.see(steps::HOME, &child.replace("/provider", "/api/v1"), &[]).await;
    take(world, AGREEMENT).await;
    take(world, monitoring::STRAIN).await;
    planted::recalled(world, &mut known).await;
    take(world, DISCLOSURE).await;
    block::live(world, date(2021, 9, 27)).await;
}

/// What a region, a provider and an authority keep beside the searches.
async fn kept(world: &World) {
    take(world, ARRANGEMENT).await;
    take(world, STANDING).await;
}

/// The same and more, on their pages.
async fn kept_on_pages(world: &World) {
    take(world, PAGES).await;
}

/// Decisions and what officers decide under them.
async fn decided(world: &World) {
    let (page, mut planned) = (decision::page(), decision::page());
    planned["purpose"] = json!("To give children homes near their schools.");
    let known = || vec![("page", page.to_string()), ("planned", planned.to_string())];
    take_knowing(world, known(), decisions::BY_PROGRAM).await;
    take_knowing(world, known(), decisions::ON_PAGES).await;
}

/// What the region and a provider keep of homes, what is watched at them, and a register that differs.
async fn at_homes(world: &World) {
    take(world, homes::KEEPING).await;
    take(world, homes::OWNED).await;
    take(world, monitoring::WATCHED).await;
    take(world, monitoring::RETURNS).await;
    take(world, homes::BROUGHT).await;
}

/// A search that is out, until it ends without a placement.
async fn searched(world: &World) {
    road::sent(world).await;
    take(world, searching::SEARCHED).await;
}

/// A search that is out, and a home judged Inadequate: its exemption is asked for, declined, asked for anew and recorded.
async fn exempted(world: &World) {
    road::sent(world).await;
    planted::judged(&world.region).await;
    take(world, searching::EXEMPTED).await;
}

/// Two openings from their plan to the admission.
async fn applied(world: &World) {
    take(world, admission::BY_PROGRAM).await;
    take(world, admission::ON_PAGES).await;
}

/// Mini-blocks: one that is live, one that is given up, one that is bought on its pages.
async fn blocks_of_beds(world: &World) {
    block::live(world, date(2021, 9, 13)).await;
    take_knowing(world, vec![("proposal", block::proposal().to_string())], blocks::GIVEN_UP).await;
    take(world, blocks::BOUGHT).await;
    take(world, blocks::CHANGED).await;
    take(world, blocks::FILLED).await;
}

/// A rise that rivals do not read, then taken back, refused and appealed.
async fn risen(world: &World) {
    rising::kept_apart(world).await;
    take(world, homes::RISES).await;
}

/// An agreement that ends early, and the hours of one of its weeks.
async fn ended_with_its_hours(world: &World) {
    road::reviewed_and_ended(world).await;
    take(world, monitoring::WEEK).await;
}

/// A search from its sending to its end without a placement, then the child's record until its years are over.
async fn searched_and_erased(world: &World) {
    road::sent(world).await;
    take(world, SEARCH).await;
    take(world, CHILD).await;
    world.move_to(date(2036, 9, 11), 10);
    take(world, ERASURE).await;
}

/// Decisions, a setting and an invitation, of a region that has nothing yet.
async fn begun(region: &Region) {
    decision::called_in_and_confirmed(region).await;
    let clerk = region.caller("HEF", Role::DemocraticServices).await;
    let body = json!({"reference": "HEF-2021-0904", "page": decision::page()});
    let record = clerk.post("/api/v1/decisions", &[], &body).await.is(201).header("location").to_owned();
    clerk.change(&record, "revise", &json!({"page": decision::page()})).await.is(200);
    setting::changed(region).await;
    inviting::invited(region).await;
}

async fn proven(backend: Backend) {
    let told = Arc::new(Told::default());
    on(backend, &told, placed_and_recalled).await;
    on(backend, &told, kept).await;
    on(backend, &told, kept_on_pages).await;
    on(backend, &told, decided).await;
    on(backend, &told, people::kept).await;
    on(backend, &told, people::decided).await;
    on(backend, &told, region::by_program).await;
    on(backend, &told, region::on_pages).await;
    on(backend, &told, region::at_homes).await;
    on(backend, &told, open::whole).await;
    on(backend, &told, searched_and_erased).await;
    among(backend, &told, begun).await;
    on(backend, &told, at_homes).await;
    on(backend, &told, searched).await;
    on(backend, &told, exempted).await;
    on(backend, &told, applied).await;
    on(backend, &told, blocks_of_beds).await;
    on(backend, &told, ended_with_its_hours).await;
    on(backend, &told, road::withdrawn).await;
    on(backend, &told, spot::bought).await;
    on(backend, &told, delegation::instruments).await;
    on(backend, &told, rising::granted).await;
    on(backend, &told, risen).await;
    on(backend, &told, approvals::decided).await;
    on(backend, &told, approvals::at_night).await;
    on(backend, &told, approvals::in_an_emergency).await;
    on(backend, &told, agreements::lived_in).await;
    on(backend, &told, agreements::repriced).await;
    on(backend, &told, recalling::recalled).await;
    on(backend, &told, children::given_out_and_erased).await;
    on(backend, &told, forms::searched).await;
    on(backend, &told, forms::by_links).await;
    on(backend, &told, outside::the_arrangement).await;
    on(backend, &told, blocks::asked).await;
    on(backend, &told, blocks::in_turn).await;
    let (rows, wrong) = (told.rows(), told.wrong());
    assert!(wrong.is_empty(), "{} answers that may never be:\n{}", wrong.len(), wrong.join("\n"));
    let untold = open::untold(&rows);
    assert!(untold.is_empty(), "neither proven nor excused, or both: {untold:#?}");
    let untaken = rows::untaken(&told.reads(), &rows);
    assert!(
        untaken.is_empty(),
        "the matrix does not show these, and no road crosses organisations there: {untaken:#?}"
    );
    // A route of several acts is one.
    let taken: BTreeSet<String> =
        rows.keys().map(|heading| heading.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    let pages = ROUTES.iter().map(|route| (route, ""));
    let writes =
        pages.chain(OPERATIONS.iter().map(|route| (route, "/api/v1"))).filter(|(route, _)| route.method != "GET");
    let headings: BTreeSet<String> =
        writes.map(|(route, start)| format!("{} {start}{}", route.method, route.path)).collect();
    let left: Vec<&str> = headings.difference(&taken).map(String::as_str).filter(|one| !open::excused(one)).collect();
    assert!(left.is_empty(), "writes that no road takes: {left:#?}");
    let mut text = String::new();
    for (heading, row) in &rows {
        writeln!(text, "{heading}\n    {row}").unwrap();
    }
    insta::assert_snapshot!("writes", text);
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_write_that_succeeds_is_refused_to_everybody_else_with_the_same_body_on_sqlite() {
    proven(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_write_that_succeeds_is_refused_to_everybody_else_with_the_same_body_on_postgresql() {
    proven(Backend::Postgres).await;
}

/// Who is watched as whom they are not: an offer that its own home sends as a rival's is let in, and so is one that writes.
#[tokio::test(flavor = "multi_thread")]
async fn s1_somebody_who_is_let_in_where_they_must_not_be_is_found_and_so_is_what_they_wrote() {
    both(async |database| {
        let told = Arc::new(Told::default());
        let world = World::make(&database).await;
        planted_offer(&world, &Arc::new(Watch::of(&world.region, &database, &told).await)).await;
        let wrong = told.wrong();
        let let_in =
            "POST /api/v1/invitations/{id}/offer of ash-care provider_manager as oak-lane-care provider_manager";
        assert!(wrong.iter().any(|said| said.starts_with(let_in)), "{wrong:#?}");
        assert!(wrong.iter().any(|said| said.ends_with("whoever is refused wrote to offer")), "{wrong:#?}");
    })
    .await;
}

/// A search is read by its officer as if nobody else of the authority might: its director, who may, is found.
#[tokio::test(flavor = "multi_thread")]
async fn s1_somebody_who_reads_what_no_line_gives_them_is_found() {
    both(async |database| {
        let told = Arc::new(Told::default());
        let world = World::make(&database).await;
        super::canary::sent_out(&world).await;
        let watch = Watch::of(&world.region, &database, &told).await;
        watch.see(steps::OFFICER, "/referrals/HEF-R-0001", &["HEF"]).await;
        assert_eq!(told.wrong(), Vec::<String>::new());
        watch.see(steps::OFFICER, "/referrals/HEF-R-0001", &[]).await;
        let wrong = told.wrong();
        assert!(wrong.iter().any(|said| said.contains("as HEF approver: 200")), "{wrong:#?}");
        assert!(wrong.iter().all(|said| !said.contains("as WOR")), "{wrong:#?}");
    })
    .await;
}

/// The chosen home's own invitation is sent to as by a rival, so that among those who must be refused is who may.
async fn planted_offer(world: &World, watch: &Arc<Watch>) {
    super::canary::sent_out(world).await;
    let path = format!("{}/offer", super::canary::opened(&world.elm).await);
    let rival = world.ash.clone().watched(Some(super::watch::Watched {
        watch: Arc::clone(watch),
        code: "ash-care".to_owned(),
        role: Role::ProviderManager,
    }));
    let body = json!({"offer": offer("elm", 432_100), "send": true});
    rival.post(&path, &[], &body).await.is(404);
}

#[test]
fn a_request_is_read_as_the_route_that_answers_it_and_each_exception_is_one() {
    let heading = |method: &str, path: &str| listed(method, path).map(|(_, heading)| heading);
    let task = heading("POST", "/api/v1/referrals/HEF-R-0001/tasks/needs?x=1");
    assert_eq!(task.as_deref(), Some("POST /api/v1/referrals/{reference}/tasks/{task}"));
    let first = heading("POST", "/api/v1/referrals/HEF-R-0001/documents/first");
    assert_eq!(first.as_deref(), Some("POST /api/v1/referrals/{reference}/documents/first"));
    assert_eq!(heading("POST", "/api/v1/no-such-thing"), None);
    for own in ITS_OWN.iter().map(|(own, _)| own).chain(NAMED_WITHIN) {
        let (method, path) = own.split_once(' ').unwrap();
        assert_eq!(heading(method, path).as_deref(), Some(*own), "no such route");
    }
}
