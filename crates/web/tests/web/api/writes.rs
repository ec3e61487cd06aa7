//! S1: writes that succeed. Each road is taken by those who may take it, with complete bodies and forms; the very same was sent
//! just before by a role of theirs that may not, by the same role of every other organisation, and by nobody, who are each
//! refused and change no row. A further write is a line of `steps.rs` or of a room's file beside it, or a road below. Roads are
//! taken in groups, each a test of its own; what all of them must prove together is read from what was reviewed of each.

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

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::date;
use placewell_domain::office::access::Role;
use placewell_store::Backend;
use placewell_testkit::databases::{discard, fresh};
use placewell_web::api::operations::OPERATIONS;
use placewell_web::routes::ROUTES;
use serde_json::json;

use super::canary::offer;
use super::fields::planted;
use super::matrix::rows;
use super::watch::{ITS_OWN, NAMED_WITHIN, Told, Watch, listed};
use super::world::{World, both_made, made};
use super::{Region, block, decision, delegation, inviting, rising, road, setting, spot};
use steps::{AGREEMENT, ARRANGEMENT, CHILD, DISCLOSURE, ERASURE, PAGES, SEARCH, STANDING, take, take_knowing};

/// A region of each road's own with all that a search needs: a copy, which is watched from there on.
async fn on(backend: Backend, told: &Arc<Told>, road: impl AsyncFn(&World)) {
    let database = made(backend).await;
    let world = Box::pin(World::copied(&database, told)).await;
    Box::pin(road(&world)).await;
    discard(&database).await;
}

/// The same made anew, so that its making is watched too.
async fn anew(backend: Backend, told: &Arc<Told>, road: impl AsyncFn(&World)) {
    let database = fresh(backend).await;
    let world = Box::pin(World::watched(&database, told)).await;
    Box::pin(road(&world)).await;
    discard(&database).await;
}

/// The same with nothing but its people.
async fn among(backend: Backend, told: &Arc<Told>, road: impl AsyncFn(&Region)) {
    let database = fresh(backend).await;
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

/// Roads that are proven together, on each database by a test of its own, and reviewed as one snapshot; each says in what it
/// begins. A write that roads of several groups take is proven in each of these.
macro_rules! groups {
    ($($group:ident { $($begins:ident $road:path,)+ })+) => {
        const GROUPS: &[&str] = &[$(stringify!($group)),+];

        $(
            async fn $group(backend: Backend) {
                let told = Arc::new(Told::default());
                $($begins(backend, &told, $road).await;)+
                reviewed(stringify!($group), &told);
            }

            mod $group {
                use placewell_store::Backend;

                #[tokio::test(flavor = "multi_thread")]
                async fn s1_a_write_that_succeeds_is_refused_to_everybody_else_with_the_same_body_on_sqlite() {
                    super::$group(Backend::Sqlite).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn s1_a_write_that_succeeds_is_refused_to_everybody_else_with_the_same_body_on_postgresql() {
                    super::$group(Backend::Postgres).await;
                }
            }
        )+
    };
}

groups! {
    keeping {
        anew kept,
        on kept_on_pages,
        on decided,
        on people::kept,
        on people::decided,
        among begun,
        on delegation::instruments,
        on open::whole,
    }
    regional {
        on region::by_program,
        on region::on_pages,
        on region::at_homes,
        on at_homes,
        on applied,
        on outside::the_arrangement,
    }
    searches {
        on searched_and_erased,
        on searched,
        on exempted,
        on road::withdrawn,
        on forms::searched,
        on forms::by_links,
        on children::given_out_and_erased,
    }
    awards {
        on placed_and_recalled,
        on approvals::decided,
        on approvals::at_night,
        on approvals::in_an_emergency,
        on recalling::recalled,
    }
    stays {
        on ended_with_its_hours,
        on rising::granted,
        on risen,
        on agreements::lived_in,
        on agreements::repriced,
    }
    purchases {
        on blocks_of_beds,
        on blocks::asked,
        on blocks::in_turn,
        on spot::bought,
    }
}

/// Nothing was seen that may never be, and all that was proven is as it was reviewed.
fn reviewed(group: &str, told: &Told) {
    let wrong = told.wrong();
    assert!(wrong.is_empty(), "{} answers that may never be:\n{}", wrong.len(), wrong.join("\n"));
    let mut text = String::new();
    for (heading, row) in told.rows() {
        writeln!(text, "{heading}\n    {row}").unwrap();
    }
    for heading in told.reads() {
        writeln!(text, "{heading}\n    read by nobody else").unwrap();
    }
    insta::assert_snapshot!(group, text);
}

/// What was reviewed of all groups together: the headings of reads, and the rows of writes.
fn of_all_groups() -> (BTreeSet<String>, BTreeMap<String, String>) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/web/api/snapshots");
    let (mut reads, mut rows) = (BTreeSet::new(), BTreeMap::new());
    for group in GROUPS {
        let path = format!("{folder}/web__api__writes__{group}.snap");
        let file = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let text: Vec<&str> = file.splitn(3, "---\n").nth(2).unwrap().lines().collect();
        for pair in text.chunks_exact(2) {
            let (heading, row) = (pair[0].to_owned(), pair[1].trim_start().to_owned());
            if heading.starts_with("GET ") {
                reads.insert(heading);
            } else {
                rows.entry(heading).or_insert(row);
            }
        }
    }
    (reads, rows)
}

/// The groups' own tests hold that each is as it was reviewed.
#[test]
fn s1_the_roads_of_all_groups_take_every_write_but_what_is_excused() {
    let (reads, rows) = of_all_groups();
    let untold = open::untold(&rows);
    assert!(untold.is_empty(), "neither proven nor excused, or both: {untold:#?}");
    let untaken = rows::untaken(&reads, &rows);
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
    let gone: Vec<&String> = taken.difference(&headings).collect();
    assert!(gone.is_empty(), "rows of what is no write any more: {gone:#?}");
    let left: Vec<&String> = headings.difference(&taken).filter(|one| !open::excused(one)).collect();
    assert!(left.is_empty(), "writes that no road takes: {left:#?}");
}

/// Who is watched as whom they are not: an offer that its own home sends as a rival's is let in, and so is one that writes.
#[tokio::test(flavor = "multi_thread")]
async fn s1_somebody_who_is_let_in_where_they_must_not_be_is_found_and_so_is_what_they_wrote() {
    both_made(async |database| {
        let told = Arc::new(Told::default());
        let world = World::opened(&database).await;
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
    both_made(async |database| {
        let told = Arc::new(Told::default());
        let world = World::opened(&database).await;
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
