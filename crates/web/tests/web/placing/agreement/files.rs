//! Files by page: what is no table, rows told by row and column, left out or corrected, brought in; and who may not ask.

use axum::http::StatusCode;
use placewell_testkit::databases::both;

use crate::placing::referral::{given, goes_live};

const PAGE: &str = "/imports";
const HEAD: &str = "source_reference,origin,child_reference,family_name,given_names,date_of_birth,sex,home_urn,start,\
                    planned_end,weekly_price,paid_from,paid_to,paid_amount\n";
const GOOD: &str =
    "IPA/1,spot,C1,Zelenka,Ottilie,2008-03-01,female,SC400001,2021-02-01,2022-01-31,3500,2021-02-01,2021-02-15,7500\n";
const BAD: &str = "IPA/2,spot,C2,Zelenka,Marek,2007-03-01,male,SC400002,soon,2022-01-31,=1+1,,,\n";

#[tokio::test]
async fn rule_2_5_a_file_is_seen_before_it_is_brought_in_and_its_ledger_shows_what_differs() {
    both(async |database| {
        let given = given(&database).await;
        let asked = given
            .officer
            .submit_file(PAGE, PAGE, &[("kind", "placements")], Some(("stays.csv", format!("{HEAD}{GOOD}").as_bytes())))
            .await;
        assert!(asked.body.contains("the day on which your authority goes live is not recorded"), "{}", asked.body);
        goes_live(&given).await;
        let send = async |file: &str| {
            given.officer.submit_file(PAGE, PAGE, &[("kind", "placements")], Some(("stays.csv", file.as_bytes()))).await
        };
        let none = send("urn\nSC400001\n").await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.body.contains("The first row lacks source_reference"), "{}", none.body);
        let sent = send(&format!("{HEAD}{GOOD}{BAD}")).await;
        assert_eq!((sent.status, sent.location.as_deref()), (StatusCode::SEE_OTHER, Some("/imports/1")));
        let page = given.officer.get("/imports/1").await;
        for said in ["Has errors", "Row 3", "The cell is a formula", "Bring in 1 row", "Not shown"] {
            assert!(page.body.contains(said), "{said}: {}", page.body);
        }
        assert!(!page.body.contains("Ottilie") && !page.body.contains("Zelenka"), "who the child is does not show");
        let csv = given.officer.get("/imports/1/errors.csv").await;
        assert!(csv.body.contains("validation_result,errors") && csv.body.contains("'=1+1"), "{}", csv.body);
        let done = given.officer.submit("/imports/1", "/imports/1/confirm", &[("leave_out", "yes")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert!(given.officer.get("/imports/1").await.body.contains("Brought in"));
        let ledger = given.officer.get("/finance/opening-ledger").await;
        assert!(ledger.body.contains("1 agreement differs") && ledger.body.contains("One night"), "{}", ledger.body);
        assert_eq!(given.elm.get("/imports/1").await.status, StatusCode::NOT_FOUND, "it is the authority's own");
        let unpaid = GOOD.replace("IPA/1,spot,C1", "IPA/3,spot,C3").replace("2021-02-01,2021-02-15,7500", ",,");
        send(&format!("{HEAD}{unpaid}")).await;
        given.officer.submit("/imports/2", "/imports/2/confirm", &[]).await;
        let ledger = given.officer.get("/finance/opening-ledger").await;
        for said in ["1 live placement has no paid amount", "No paid amount given", "own total is not recorded"] {
            assert!(ledger.body.contains(said), "{said}: {}", ledger.body);
        }
        assert!(!ledger.body.contains("Record this total"), "finance records it");
        let sheet = given.officer.get("/finance/opening-ledger.csv").await;
        assert!(sheet.body.contains("No paid amount given"), "{}", sheet.body);
    })
    .await;
}
