//! An adopted child's record is sealed wherever its words stand: on every page, in every operation and file, to everybody of
//! its authority, while its search is out and while it lives at the home. Whoever opens the record reads all of it again, for
//! an hour and alone; the home that cares for the child reads on.

use placewell_domain::office::access::Role;
use placewell_domain::placing::disclosure::TABLE;
use placewell_domain::sealed::FieldKind;
use placewell_store::Backend;
use placewell_testkit::databases::discard;
use serde_json::json;

use super::super::canary::REFERRAL;
use super::super::world::{World, made};
use super::planted::{self, Known, PLANTED};
use super::{Asked, ELM, Found, everything, field_and_home, found};

type Who = Option<(&'static str, Role)>;

const OFFICER: Who = Some(("HEF", Role::PlacementOfficer));
const DIRECTOR: Who = Some(("HEF", Role::Approver));
/// Everybody of the authority who reads anything in words while a record is not sealed.
const READERS: &[Who] = &[OFFICER, DIRECTOR, Some(("HEF", Role::Guest))];

const CHILD: &str = "/api/v1/children/1";
const AGREEMENT: &str = "/api/v1/agreements/HEF-A-0001";

/// What stays open while a record is sealed, by decision, each kind with its reason.
const STAYS_OPEN: &[(FieldKind, &str)] = &[
    (FieldKind::Profile, "codes and days: by them the search and the placement go on"),
    (FieldKind::Plain, "prices: who pays, pays on"),
];
/// What is not about this child.
const OF_OTHERS: &[&str] = &["brought_rows"];

fn is_sealed(field: &str) -> bool {
    let name = field_and_home(field).0;
    let open = |kind: FieldKind| STAYS_OPEN.iter().any(|(one, _)| *one == kind);
    !OF_OTHERS.contains(&name) && TABLE.iter().any(|line| line.field == name && !open(line.kind))
}

/// What somebody finds of what a sealed record keeps, and where.
async fn told(world: &World, who: Who, all: &Asked) -> Found {
    let mut told = found(world, who, all).await;
    told.retain(|(field, _)| is_sealed(field));
    told
}

async fn mark(world: &World, kind: &str) {
    world.officer.post(&format!("{CHILD}/mark"), &[], &json!({"kind": kind})).await.is(200);
}

/// The record is marked as an adopted child's; a hold on it ends for that, and is put on again.
async fn adopted(world: &World, held: bool) {
    if held {
        world.director.post(&format!("{CHILD}/release"), &[], &json!({})).await.is(200);
    }
    mark(world, "adoption").await;
    if held {
        world.officer.post(&format!("{CHILD}/hold"), &[], &json!({"words": "qzholdwords"})).await.is(200);
    }
}

/// What the officer read, nobody of the authority reads while the record is sealed, and the officer alone once they opened it.
async fn sealed_and_opened(world: &World, known: &Known, held: bool) -> Found {
    let all = everything(world, known).await;
    let (before, home) = (told(world, OFFICER, &all).await, told(world, ELM, &all).await);
    adopted(world, held).await;
    for who in READERS {
        let read = told(world, *who, &all).await;
        assert!(read.is_empty(), "{who:?} reads of a sealed record: {read:#?}");
    }
    let cares = told(world, ELM, &all).await;
    assert!(home.is_subset(&cares), "the home reads no more: {:#?}", home.difference(&cares));

    if held {
        refused(world, known).await;
    }
    world.officer.post(&format!("{CHILD}/open"), &[], &json!({"words": "The home rings"})).await.is(200);
    let after = told(world, OFFICER, &all).await;
    assert!(before.is_subset(&after), "kept back once it is open: {:#?}", before.difference(&after));
    let other = told(world, DIRECTOR, &all).await;
    assert!(other.is_empty(), "it is open to one alone: {other:#?}");
    before
}

/// Of a running placement it is said that the record is sealed, and nothing is done over it.
async fn refused(world: &World, known: &Known) {
    let officer = &world.officer;
    let sealed = (409, "record_sealed");
    let alert = format!("/api/v1/stability-alerts/{}", known.alert.unwrap());
    assert_eq!(officer.get(&alert).await.problem(), sealed);
    let listed = officer.get("/api/v1/stability-alerts").await.is(200).json;
    assert_eq!((&listed[0]["signs"], &listed[0]["support"]), (&json!([]), &json!([])), "{listed:#}");
    for path in ["HEF-D-0001", "HEF-D-0001/pack"] {
        assert_eq!(officer.get(&format!("/api/v1/approvals/{path}")).await.problem(), sealed, "{path}");
    }
    let papers = officer.get(&format!("{AGREEMENT}/papers")).await.is(200).json;
    let paper = papers[0]["id"].as_str().unwrap();
    assert_eq!(officer.get(&format!("{AGREEMENT}/papers/{paper}")).await.problem(), sealed);
    let give = json!({"documents": [known.documents[0].to_string()]});
    assert_eq!(officer.post(&format!("{AGREEMENT}/papers/give"), &[], &give).await.problem(), sealed);
    let care = json!({"outcomes": ["other"], "staffing": [], "included": [], "education": [], "health": []});
    assert_eq!(officer.change(AGREEMENT, "particulars", &care).await.problem(), sealed);
}

/// Every planted text that a sealed record keeps was read before it was sealed.
fn not_in_vain(read: &Found) {
    for (field, canary) in PLANTED.iter().filter(|(field, _)| is_sealed(field)) {
        assert!(read.iter().any(|(found, _)| found == field), "{field} was read nowhere before: {canary}");
    }
}

async fn nothing_is_read_before_the_record_is_opened_and_all_of_it_is_after(backend: Backend) {
    let database = made(backend).await;
    let world = World::opened(&database).await;
    let mut known = planted::asked(&world).await;
    planted::closed_early(&world, &mut known).await;
    planted::shortlisted(&world, &known).await;
    let mut read = sealed_and_opened(&world, &known, false).await;

    mark(&world, "looked_after").await;
    planted::placed(&world, &mut known).await;
    planted::recalled(&world, &mut known).await;
    read.extend(sealed_and_opened(&world, &known, true).await);
    not_in_vain(&read);

    // Whoever opened it works on: the strain of the placement is seen to its end, and documents are given.
    let alert = format!("/api/v1/stability-alerts/{}", known.alert.unwrap());
    world.officer.change(&alert, "close", &json!({"outcome": "settled"})).await.is(200);
    let of_referral = world.officer.get(&format!("{REFERRAL}/documents")).await.is(200).json;
    let give = json!({"documents": [of_referral[0]["id"]]});
    world.officer.post(&format!("{AGREEMENT}/papers/give"), &[], &give).await.is(200);
    discard(&database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_said_of_an_adopted_child_in_words_is_read_anywhere_before_its_record_is_opened_on_sqlite() {
    nothing_is_read_before_the_record_is_opened_and_all_of_it_is_after(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_said_of_an_adopted_child_in_words_is_read_anywhere_before_its_record_is_opened_on_postgresql() {
    nothing_is_read_before_the_record_is_opened_and_all_of_it_is_after(Backend::Postgres).await;
}
