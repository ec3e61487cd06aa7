//! S4 on a child who was placed: offered to, decided, agreed, told to its home, signed for, paid for, and gone again. Once its
//! record was erased, no page, operation or file says who it is or anything about it in words to whoever could read it before;
//! none of it stands in the database or in the log, none of its keys is left, and the chains still verify.

use jiff::civil::date;
use placewell_domain::office::access::Role;
use placewell_domain::placing::disclosure::TABLE;
use placewell_domain::sealed::FieldKind;
use placewell_pages::words::ERASED;
use placewell_testkit::client::Client;
use placewell_testkit::databases::TestDatabase;
use placewell_testkit::logs;
use placewell_testkit::needles::Needles;
use serde_json::json;

use super::super::email;
use super::super::world::{World, both_made};
use super::planted::{self, PLANTED};
use super::{ASH, Asked, ELM, Found, everything, field_and_home, found, words_of_pdf};

const OFFICER: Option<(&str, Role)> = Some(("HEF", Role::PlacementOfficer));
const DIRECTOR: Option<(&str, Role)> = Some(("HEF", Role::Approver));

/// The keys under which anything about the only child of this world is sealed.
const KEYS: &str = "SELECT wrapped FROM child_key UNION ALL SELECT wrapped FROM invitation_key \
                    UNION ALL SELECT wrapped FROM document_key WHERE child_id IS NOT NULL";

/// Whether a planted text says who the child is, or something about it in words; the file of earlier placements is of others.
fn of_the_child(field: &str) -> bool {
    let name = field_and_home(field).0;
    let sealed = |kind| matches!(kind, FieldKind::Identity | FieldKind::Narrative);
    name != "brought_rows" && TABLE.iter().any(|line| line.field == name && sealed(line.kind))
}

fn of_the_child_alone() -> Needles<'static> {
    Needles::new(PLANTED.iter().filter(|(field, _)| of_the_child(field)).map(|(_, canary)| *canary))
}

/// What these people find of the child, and where.
async fn told(world: &World, readers: &[Option<(&str, Role)>], all: &Asked) -> Found {
    let mut told = Found::new();
    for who in readers {
        told.extend(found(world, *who, all).await);
    }
    told.retain(|(field, _)| of_the_child(field));
    told
}

/// The child lived at the home, and left it.
async fn lived(world: &World) -> planted::Known {
    let mut known = planted::asked(world).await;
    planted::closed_early(world, &mut known).await;
    planted::shortlisted(world, &known).await;
    planted::placed(world, &mut known).await;
    planted::recalled(world, &mut known).await;
    world.move_to(date(2021, 10, 11), 12);
    let end = json!({"on": "2021-10-11", "planned": true, "reason": "CARPL"});
    world.director.change("/api/v1/agreements/HEF-A-0001", "end", &end).await.is(200);
    world.region.app.do_due_jobs().await.unwrap();
    known
}

/// After the seventy-fifth birthday one person proposes it, and another confirms.
async fn erased(world: &World) {
    let child = "/api/v1/children/1";
    world.director.post(&format!("{child}/release"), &[], &json!({})).await.is(200);
    world.move_to(date(2083, 5, 18), 9);
    world.officer.post(&format!("{child}/propose"), &[], &json!({})).await.is(200);
    world.director.post(&format!("{child}/erase"), &[], &json!({})).await.is(200);
    world.region.app.do_due_jobs().await.unwrap();
}

/// The planted texts of the child that stand unsealed in what the database stores.
async fn stored(database: &TestDatabase) -> Vec<String> {
    let (needles, mut standing) = (of_the_child_alone(), Vec::new());
    for (place, bytes) in database.everything().await {
        standing.extend(needles.standing_in(&bytes).into_iter().map(|text| format!("{text} in {place}")));
    }
    standing
}

/// What the record stood in among others still opens.
async fn still_listed(world: &World, known: &planted::Known) {
    for path in ["children", "referrals", "agreements", "recalls"] {
        world.officer.get(&format!("/api/v1/{path}")).await.is(200);
    }
    let (stay, alert) =
        (format!("unregistered/{}", known.stay.unwrap()), format!("stability-alerts/{}", known.alert.unwrap()));
    let referral = ["", "/grounds", "/offers/1", "/offers/1/associates", "/questions"];
    let referral = referral.map(|part| format!("referrals/HEF-R-0001{part}"));
    let others = ["approvals/HEF-D-0001", "agreements/HEF-A-0001", stay.as_str(), alert.as_str()];
    for of_one in referral.iter().map(String::as_str).chain(others) {
        world.officer.get(&format!("/api/v1/{of_one}")).await.is(200);
    }
    let own = known.invitations[0];
    for path in ["invitations".to_owned(), format!("invitations/{own}"), alert] {
        world.elm.get(&format!("/api/v1/{path}")).await.is(200);
    }
    let agreement = world.elm.get("/api/v1/agreements/HEF-A-0001").await.is(200).json;
    assert_eq!(agreement["particulars_complete"], true);
}

/// The pages of these records say that the child's details were erased.
async fn pages_say_so(world: &World, known: &planted::Known) {
    let alert = format!("/stability/{}", known.alert.unwrap());
    let check = format!("/checks/SC400001/{}", known.check);
    let referral = ["", "/offers/1", "/messages", "/offers/compare", "/ground", "/exemptions", check.as_str()];
    let referral = referral.map(|part| format!("/referrals/HEF-R-0001{part}"));
    let (own, approval) = (["/agreements/HEF-A-0001".to_owned(), alert], "/approvals/HEF-D-0001");
    let recall = [format!("/recalls/{}", known.recall.unwrap())];
    let decided = [approval.to_owned(), format!("/unregistered/{}", known.stay.unwrap())];
    for (who, pages) in [
        (OFFICER, [&referral[..], &own[..], &decided[..], &recall[..]].concat()),
        (DIRECTOR, decided.to_vec()),
        (ELM, [&["/provider/referrals/HEF-R-0001".to_owned()][..], &own[..]].concat()),
    ] {
        let (code, role) = who.unwrap();
        let app = &world.region.app;
        let actor = app.actor_by_email(&email(code, role)).await.unwrap();
        let session = app.start_session(&actor).await.unwrap();
        let client = Client::with_session(world.region.router.clone(), &session);
        for path in pages {
            let page = client.get(&path).await;
            assert!(page.status.is_success(), "{path}: {}", page.status);
            assert!(page.body.contains(ERASED), "{path} does not say so");
            let offered = path.ends_with(&check) && page.body.contains("name=\"act\"");
            assert!(!offered, "{path} offers a form that is refused");
        }
        if who == DIRECTOR {
            let pack = client.get(&format!("{approval}/pack.pdf")).await;
            let pack: String = words_of_pdf(&pack.bytes).split_whitespace().collect();
            assert!(pack.contains("detailswereerased") && pack.contains("Notshown"), "{pack}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_nothing_of_a_child_who_was_placed_outlives_its_erasure_and_the_chains_still_verify() {
    let log = logs::kept();
    both_made(async |database| {
        let world = World::opened(&database).await;
        let known = lived(&world).await;
        let all = everything(&world, &known).await;

        // The control: what is looked for afterwards is really read before.
        let before = told(&world, &[OFFICER], &all).await;
        for field in ["given_names", "what_helps", "recommendation_words", "agreement_words", "document_contents"] {
            assert!(before.iter().any(|(found, _)| *found == field), "{field} was read nowhere before");
        }
        assert!(!told(&world, &[ELM], &all).await.is_empty(), "the home read nothing before");
        assert!(database.bytes(KEYS).await.len() > 4, "the child's, two invitations' and the documents' keys");

        erased(&world).await;
        assert_eq!(database.bytes(KEYS).await.len(), 0, "keys that outlive the erasure");
        let verified = world.region.app.store.verify().await.unwrap();
        assert_eq!(verified.faults, Vec::new());
        assert_eq!(stored(&database).await, Vec::<String>::new());
        // On the day after the end all of them might read it still: it is the key that is missing.
        world.move_to(date(2021, 10, 12), 9);
        let after = told(&world, &[OFFICER, DIRECTOR, ELM, ASH], &all).await;
        assert!(after.is_empty(), "read after the erasure: {after:#?}");
        still_listed(&world, &known).await;
        pages_say_so(&world, &known).await;
    })
    .await;
    let text = log.text();
    assert!(text.contains("/api/v1/children"), "the log was not kept");
    let needles = of_the_child_alone();
    let logged = needles.standing_in(text.as_bytes());
    assert!(logged.is_empty(), "the service's log holds {logged:?}");
}
