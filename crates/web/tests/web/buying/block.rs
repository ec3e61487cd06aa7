//! The nights of a mini-block through the browser's eyes: signed by both sides, a child nominated and refused, a bed not
//! staffed, nights offered to another authority, a month settled, each authority's recharge.

mod refused;
mod turns;

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_domain::buying::block::BlockSpec;
use placewell_domain::id::PersonId;
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::TestDatabase;
use placewell_web::{Web, router};

use super::child::referral;
use super::world::{HEF, SHR, World, both_made, director, done, proposal, shares, spec};

const BLOCK: &str = "/mini-blocks/MB-001";
const NIGHTS: &str = "/mini-blocks/MB-001/nights";

/// The ceiling of each authority.
const CEILING: Pence = Pence::pounds(1_000_000);

struct Given {
    world: World,
    lead: Client,
    officer: Client,
    approver: Client,
    finance: Client,
    neighbour: Client,
    provider: Client,
}

/// A contract of two beds that both authorities have approved and nobody has signed, in a copy of their world.
async fn given(database: &TestDatabase) -> Given {
    given_of(database, spec(2)).await
}

/// The same of a contract that says this.
async fn given_of(database: &TestDatabase, asked: BlockSpec) -> Given {
    let world = World::opened(database).await;
    for (person, org) in [(25, HEF), (35, SHR)] {
        let mut work = world.work(org).await;
        let id = PersonId(person);
        work.add_person(id, &format!("p{person}@example.com"), &format!("Person {person}"), None).await.unwrap();
        work.add_membership(id, Role::PlacementOfficer, "Officer", date(2018, 1, 1), OPEN_END).await.unwrap();
        work.record(placewell_domain::change::Event::new("world.officer", "person", person, 1));
        done(work).await;
    }
    let reference = world.recommended("a", proposal(asked, shares(6_000)), 1).await;
    for org in [HEF, SHR] {
        world.approve(&director(org), &format!("{org}"), &reference).await.unwrap();
    }
    world.jobs().await;
    let router = router(Web::new(Arc::clone(&world.app), "http://localhost").await.unwrap());
    let mut clients = Vec::new();
    for person in [11, 25, 21, 23, 35, 51] {
        let actor = world.app.actor_by_email(&format!("p{person}@example.com")).await.unwrap();
        clients.push(Client::with_session(router.clone(), &world.app.start_session(&actor).await.unwrap()));
    }
    let mut clients = clients.into_iter();
    let mut next = || clients.next().unwrap();
    let (lead, officer, approver, finance) = (next(), next(), next(), next());
    Given { lead, officer, approver, finance, neighbour: next(), provider: next(), world }
}

async fn signed(given: &Given) {
    let sign = [("name", "Rashid Harescombe"), ("role", "Manager"), ("authority", "yes")];
    let theirs = format!("/provider{BLOCK}");
    assert!(given.provider.get(&theirs).await.body.contains("Until it is, its beds cannot be used"));
    let path = format!("{theirs}/sign");
    let unsure = given.provider.submit(&path, &path, &sign[..2]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsure.body.contains("Confirm that you have authority to sign"), "{}", unsure.body);
    let done = given.provider.submit(&path, &path, &sign).await;
    assert_eq!(done.location.as_deref(), Some(theirs.as_str()), "{}", done.body);
    assert!(given.lead.get(BLOCK).await.body.contains("Sign for the authorities"));
    let path = format!("{BLOCK}/sign");
    let done = given.lead.submit(&path, &path, &sign).await;
    assert_eq!(done.location.as_deref(), Some(BLOCK), "{}", done.body);
    let shown = given.lead.get(BLOCK).await;
    assert!(!shown.body.contains("not signed by both") && shown.body.contains("Rashid Harescombe, Manager"));
}

/// The id that the one open form to an action carries.
fn id_of(page: &Page, action: &str) -> String {
    page.form(action).into_iter().find(|(name, _)| name == "id").unwrap().1
}

async fn nominated(given: &Given, number: u32, slot: &str) -> Page {
    let reference = referral(&given.world, HEF, number, date(2022, 1, 10), date(2022, 3, 21)).await;
    let path = format!("{NIGHTS}/nominate");
    given.officer.submit(&path, &path, &[("referral", &reference), ("slot", slot)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_is_nominated_refused_and_the_refusal_conceded_through_the_pages() {
    both_made(CEILING, async |database| {
        let given = given(&database).await;
        let path = format!("{NIGHTS}/nominate");
        let unsigned = given.officer.get(&path).await;
        assert_eq!(unsigned.status, StatusCode::CONFLICT);
        assert!(unsigned.body.contains("not signed by both sides yet"), "{}", unsigned.body);
        signed(&given).await;
        given.world.at(date(2022, 1, 2), 9);
        assert!(given.officer.get(&path).await.body.contains("None of your open referrals has asked"));
        let made = nominated(&given, 1, "1").await;
        assert_eq!(made.location.as_deref(), Some(NIGHTS), "{}", made.body);
        let nobody = given.officer.get(&path).await;
        assert!(!nobody.body.contains("HEF-R-0001"), "nominated once");
        let day = given.provider.get("/home").await;
        let first = day.body.find("Nominations to answer").unwrap();
        assert!(day.body.contains("MB-001, bed 1") && day.body.contains("HEF-R-0001"), "{}", day.body);
        let by = ["5 January 2022", "2022-01-05"].iter().any(|day_said| day.body[first..].contains(day_said));
        assert!(by, "the contract's 72 hours: {}", day.body);
        assert!(first < day.body.find("Offers waiting</caption>").unwrap(), "what is due stands first");
        let answer = format!("{NIGHTS}/answer");
        let id = id_of(&given.provider.get(NIGHTS).await, &answer);
        let (say, why) = (format!("answer_{id}"), format!("reason_{id}"));
        let unsaid = given.provider.submit(NIGHTS, &answer, &[(&say, "refuse")]).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unsaid.body);
        let refused = given.provider.submit(NIGHTS, &answer, &[(&say, "refuse"), (&why, "residents")]).await;
        assert_eq!(refused.location.as_deref(), Some(NIGHTS), "{}", refused.body);
        let seen = given.approver.get(NIGHTS).await;
        assert!(seen.body.contains("Refused"), "{}", seen.body);
        let conceded = given.approver.submit(NIGHTS, &format!("{NIGHTS}/concede"), &[]).await;
        assert_eq!(conceded.location.as_deref(), Some(NIGHTS), "{}", conceded.body);
        assert!(given.provider.get(NIGHTS).await.body.contains("Conceded"));
        let forbidden = given.provider.get(&path).await;
        assert_eq!(forbidden.status, StatusCode::FORBIDDEN, "a provider nominates nobody");
        let back = nominated(&given, 2, "1").await;
        assert_eq!(back.location.as_deref(), Some(NIGHTS), "{}", back.body);
        let withdraw = format!("{NIGHTS}/withdraw");
        let id = id_of(&given.officer.get(NIGHTS).await, &withdraw);
        let taken = given.officer.submit(NIGHTS, &withdraw, &[(&format!("reason_{id}"), "other_home")]).await;
        assert_eq!(taken.location.as_deref(), Some(NIGHTS), "{}", taken.body);
        assert!(!given.provider.get("/home").await.body.contains("Nominations to answer"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_nights_are_credited_sold_settled_and_recharged_through_the_pages() {
    both_made(CEILING, async |database| {
        let given = given(&database).await;
        signed(&given).await;
        given.world.at(date(2022, 1, 6), 12);
        let void = format!("{NIGHTS}/void");
        let empty = given.provider.submit(&void, &void, &[]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        for ask in ["Select the bed", "Enter the first night", "Select why it is empty"] {
            assert!(empty.body.contains(ask), "{ask}: {}", empty.body);
        }
        let cause = [("slot", "2"), ("from", "2022-01-03"), ("to", "2022-01-06"), ("cause", "unstaffed")];
        let recorded = given.provider.submit(&void, &void, &cause).await;
        assert_eq!(recorded.location.as_deref(), Some("/mini-blocks/MB-001/nights?month=2022-01"), "{}", recorded.body);
        let offer = format!("{NIGHTS}/offer");
        let nights = [("slot", "1"), ("from", "2022-01-10"), ("to", "2022-01-24"), ("buyer", "SHR")];
        let cheap = [&nights[..], &[("night", "399.99")]].concat();
        let cheap = given.lead.submit(&offer, &offer, &cheap).await;
        assert_eq!(cheap.status, StatusCode::CONFLICT);
        assert!(cheap.body.contains("below that of an empty one"), "{}", cheap.body);
        let sold = given.lead.submit(&offer, &offer, &[&nights[..], &[("night", "450")]].concat()).await;
        assert_eq!(sold.location.as_deref(), Some(NIGHTS), "{}", sold.body);
        assert!(given.neighbour.get(NIGHTS).await.body.contains("Offered"));
        let late = nominated(&given, 1, "1").await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
        assert!(late.body.contains("offered to another authority"), "{}", late.body);
        let back = given.lead.submit(NIGHTS, &format!("{NIGHTS}/offer/withdraw"), &[]).await;
        assert_eq!(back.location.as_deref(), Some(NIGHTS), "{}", back.body);
        given.world.jobs().await;
        given.world.at(date(2022, 2, 1), 9);
        let (month, settle) = (format!("{NIGHTS}?month=2022-01"), format!("{NIGHTS}/settle"));
        let shown = given.lead.get(&month).await;
        // 62 nights of two empty beds at £400, three of them credited whole.
        assert!(shown.body.contains("£23,600") && shown.body.contains("£1,200"), "{}", shown.body);
        for (side, after) in [(&given.provider, "Agreed by the provider"), (&given.lead, "Settled")] {
            let said = side.submit(&month, &settle, &[]).await;
            assert_eq!(said.location.as_deref(), Some(month.as_str()), "{}", said.body);
            assert!(given.lead.get(&month).await.body.contains(after), "{after}");
        }
        let recharge = "/mini-blocks/MB-001/recharge/HEF";
        let own = given.finance.get(&format!("{recharge}?month=2022-01")).await;
        assert!(own.body.contains("£14,160"), "60% of £23,600: {}", own.body);
        let csv = given.finance.get(&format!("{recharge}/statement.csv?month=2022-01")).await;
        assert!(csv.status == StatusCode::OK && csv.body.contains("14160"), "{}", csv.body);
        let pdf = given.finance.get(&format!("{recharge}/statement.pdf?month=2022-01")).await;
        assert!(pdf.bytes.starts_with(b"%PDF"));
        let theirs = given.finance.get("/mini-blocks/MB-001/recharge/SHR?month=2022-01").await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "an authority reads its own statement");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c_09_an_authority_leaves_by_a_change_that_the_lead_proposes_and_each_decides_on_its_page() {
    both_made(CEILING, async |database| {
        let given = given(&database).await;
        let change = format!("{BLOCK}/change");
        let asked = [("change", "reshare"), ("on", "2022-03-01"), ("reason", "Herefordshire leaves")];
        let wrong = given.lead.submit(&change, &change, &[&asked[..], &[("share_SHR", "90")]].concat()).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("Shares must sum to 100%; these sum to 90.00%"), "{}", wrong.body);
        let proposed = given.lead.submit(&change, &change, &[&asked[..], &[("share_SHR", "100")]].concat()).await;
        assert_eq!(proposed.location.as_deref(), Some(BLOCK), "{}", proposed.body);
        let shown = given.approver.get(BLOCK).await;
        assert!(shown.body.contains("Proposed: 0% from 1 March 2022"), "{}", shown.body);
        assert!(shown.body.contains("Proposed: 100% from 1 March 2022"), "{}", shown.body);
        let decide = format!("{BLOCK}/decide");
        let left = given.approver.submit(&decide, &decide, &[("decision", "approve")]).await;
        assert_eq!(left.location.as_deref(), Some(BLOCK), "{}", left.body);
        let own = given.provider.get(&format!("/provider{BLOCK}")).await;
        assert!(own.body.contains("It holds only if you agree"), "{}", own.body);
    })
    .await;
}
