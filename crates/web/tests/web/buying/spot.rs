//! Spot purchases, checks and unregistered settings through the browser's eyes: what each page asks and refuses, that a
//! home nobody has registered leads to whom to call, and that nothing about the child stands in an address.

use std::sync::Arc;

use axum::http::StatusCode;
use placewell_domain::money::Pence;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::TestDatabase;
use placewell_web::{Web, router};

use crate::placing::world::{DIRECTOR, HEF, OFFICER, STATUTORY, World, both_made};

mod exempted;

const REFERRAL: &str = "HEF-R-0042";
const OUTSIDE: &str = "SC392493";

struct Given {
    world: World,
    officer: Client,
    director: Client,
    statutory: Client,
    /// The officer's name.
    name: String,
}

async fn given(database: &TestDatabase) -> Given {
    let world = World::opened(database).await;
    world.home(2, "E06000019", 3).await;
    world.referral(42, &[], true, HEF).await;
    let router = router(Web::new(Arc::clone(&world.app), "http://localhost").await.unwrap());
    let mut clients = Vec::new();
    for person in [OFFICER, DIRECTOR, STATUTORY] {
        let actor = world.app.actor_by_email(&format!("p{person}@example.com")).await.unwrap();
        clients.push(Client::with_session(router.clone(), &world.app.start_session(&actor).await.unwrap()));
    }
    let name = world.app.actor_by_email(&format!("p{OFFICER}@example.com")).await.unwrap().name;
    let mut clients = clients.into_iter();
    let mut next = || clients.next().unwrap();
    Given { officer: next(), director: next(), statutory: next(), name, world }
}

fn path(act: &str) -> String {
    format!("/referrals/{REFERRAL}/{act}")
}

async fn request(given: &Given, answers: &[(&str, &str)]) -> Page {
    given.officer.submit(&path("spot/new"), &path("spot/new"), answers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spot_purchase_is_asked_for_checked_and_shown_with_both_totals() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let given = given(&database).await;
        let start = given.officer.get(&path("spot/new")).await;
        assert!(start.body.contains("That the ceiling is reached is never a reason."), "{}", start.body);
        let empty = request(&given, &[]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        for ask in ["Choose why the arrangement is not used", "Enter the home", "for this child only"] {
            assert!(empty.body.contains(ask), "{ask}");
        }
        let ceiling = request(&given, &[("reason", "ceiling_reached"), ("urn", OUTSIDE), ("this_child", "yes")]).await;
        assert_eq!(ceiling.status, StatusCode::CONFLICT);
        assert!(ceiling.body.contains("Spot purchase is no way round the ceiling"), "{}", ceiling.body);
        let unknown = request(&given, &[("reason", "emergency"), ("urn", "SC999999"), ("this_child", "yes")]).await;
        assert_eq!(unknown.status, StatusCode::CONFLICT);
        assert_eq!(unknown.h1(), "You cannot buy a placement at an unregistered home");
        assert!(unknown.body.contains("Whom to call now"), "{}", unknown.body);
        let made = request(&given, &[("reason", "emergency"), ("urn", OUTSIDE), ("this_child", "yes")]).await;
        assert_eq!(made.location.as_deref(), Some(&*path("spot")), "{}", made.body);
        let shown = given.director.get(&path("spot")).await;
        for said in ["Checks to do", "Emergency: the child needs a home", "beside the ceiling, never inside it"] {
            assert!(shown.body.contains(said), "{said}: {}", shown.body);
        }
        assert!(!shown.body.contains("Canary"), "nothing of who the child is");
        assert!(!shown.body.contains("Give it up"), "an approver reads it");
        let table = given.officer.get(&format!("{}?home={OUTSIDE}", path("checks"))).await;
        assert!(table.body.contains("15 checks to do"), "{}", table.body);
        let one = path(&format!("checks/{OUTSIDE}/insurance"));
        let act = [("act", "do"), ("evidence_kind", "certificate"), ("evidence_on", "2021-09-06")];
        let wrong = given.officer.submit(&one, &one, &act).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("Enter the day on which it expires"), "{}", wrong.body);
        let done = [&act[..], &[("evidence_until", "2022-03-31"), ("minutes", "4")]].concat();
        let done = given.officer.submit(&one, &one, &done).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let table = given.officer.get(&format!("{}?home={OUTSIDE}", path("checks"))).await;
        assert!(table.body.contains("14 checks to do") && table.body.contains("valid to 31 March 2022"));
        // Beside what a home of the arrangement has: the evidence, who has it, and what it took.
        for said in ["Done regionally", "Certificate, 6 September 2021", &given.name, "4 said; standard 20"] {
            assert!(table.body.contains(said), "{said}: {}", table.body);
        }
        assert_eq!(placewell_testkit::lint::lint(&table.body), Vec::<String>::new());
        let list = given.officer.get("/spot").await;
        assert!(list.body.contains(REFERRAL) && list.body.contains("Checks"), "{}", list.body);
        let file = given.officer.get("/spot.csv").await;
        assert!(file.body.contains(REFERRAL), "{}", file.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_3_an_unregistered_setting_is_recorded_confirmed_and_reviewed_by_page() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let given = given(&database).await;
        let form = path("unregistered");
        let wrong = given.officer.submit(&form, &form, &[("from", "2021-09-13")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let answers = [
            ("from", "2021-09-12"),
            ("setting", "Canary Cottage"),
            ("why", "No home answered"),
            ("court", "none"),
            ("application", "not_made"),
            ("weekly", "9800"),
        ];
        let made = given.officer.submit(&form, &form, &answers).await;
        let record = made.location.clone().unwrap();
        assert!(record.starts_with("/unregistered/"), "{}", made.body);
        let shown = given.officer.get(&record).await;
        for said in ["Canary Cottage", "Ofsted has not been told", "The review of 12 September 2021 is missing"] {
            assert!(shown.body.contains(said), "{said}: {}", shown.body);
        }
        let title = shown.body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert!(!title.contains("Canary"));
        let confirm = format!("{record}/confirm");
        let confirmed = given.statutory.submit(&record, &confirm, &[]).await;
        assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.body);
        let review = [("on", "2021-09-12"), ("search", "goes_on"), ("seen", "yes")];
        let reviewed = given.officer.submit(&record, &format!("{record}/review"), &review).await;
        assert_eq!(reviewed.status, StatusCode::SEE_OTHER, "{}", reviewed.body);
        let day = given.officer.get("/home").await;
        assert!(day.body.contains("the daily review is due"), "today's: {}", day.body);
        let list = given.director.get("/unregistered").await;
        assert!(list.body.contains(REFERRAL) && !list.body.contains("Canary"));
        assert!(given.world.app.store.row_faults(HEF).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_2_a_check_has_its_files_which_an_approver_opens_from_the_table() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let given = given(&database).await;
        request(&given, &[("reason", "emergency"), ("urn", OUTSIDE), ("this_child", "yes")]).await;
        let one = path(&format!("checks/{OUTSIDE}/insurance"));
        let (documents, table) = (format!("{one}/documents"), format!("{}?home={OUTSIDE}", path("checks")));
        let fresh = given.officer.get(&one).await;
        assert!(fresh.body.contains("Save the check first") && !fresh.body.contains(&documents), "{}", fresh.body);
        let act = [
            ("act", "do"),
            ("evidence_kind", "certificate"),
            ("evidence_on", "2021-09-06"),
            ("evidence_until", "2022-03-31"),
        ];
        let done = given.officer.submit(&one, &one, &act).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let none = given.officer.submit_file(&one, &documents, &[], None).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.body.contains("Choose the document to add"), "{}", none.body);
        let wrong = given.officer.submit_file(&one, &documents, &[], Some(("Policy.pdf", b"insured"))).await;
        assert_eq!(wrong.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "by its content, whatever its name");
        let pdf: &[u8] = b"%PDF-1.4\n%%EOF\n";
        let added = given.officer.submit_file(&one, &documents, &[], Some(("Canary policy.pdf", pdf))).await;
        assert_eq!(added.location.as_deref(), Some(&*one), "{}", added.body);
        let shown = given.officer.get(&one).await;
        assert!(shown.body.contains("Canary policy.pdf"), "{}", shown.body);
        assert_eq!(placewell_testkit::lint::lint(&shown.body), Vec::<String>::new());
        let seen = given.director.get(&table).await;
        assert!(seen.body.contains("document-1.pdf") && !seen.body.contains("Canary"), "{}", seen.body);
        assert_eq!(placewell_testkit::lint::lint(&seen.body), Vec::<String>::new());
        let href = seen.body.split(&format!("{documents}/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let file = given.director.get(&format!("{documents}/{href}")).await;
        assert_eq!((file.status, file.bytes.as_slice()), (StatusCode::OK, pdf));
        let name = file.headers.get("content-disposition").unwrap().to_str().unwrap();
        assert_eq!(name, "attachment; filename=\"HEF-R-0042-insurance-document-1.pdf\"");
        let away = format!("{documents}/{href}/take-away");
        let taken = given.officer.submit(&away, &away, &[]).await;
        assert_eq!(taken.location.as_deref(), Some(&*one), "{}", taken.body);
        assert!(!given.director.get(&table).await.body.contains("document-1.pdf"));
    })
    .await;
}
