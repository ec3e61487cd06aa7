//! The arrangement, the delegations and the annual value through their pages.

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_testkit::databases::both;
use placewell_testkit::lint::lint;

use super::given;

const PATH: &str = "/finance/annual-value";
const DELEGATIONS: &str = "/democratic/delegations";

#[tokio::test]
async fn a_post_is_recorded_and_every_form_of_a_power_is_shown_to_who_records_them_only() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        let form = format!("{DELEGATIONS}/post");
        let wrong = given.democratic.submit(&form, &form, &[("title", "Director")]).await;
        assert_eq!((wrong.status, lint(&wrong.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
        let fields = [
            ("title", "Director of Children and Families"),
            ("grade", "director"),
            ("whole", "yes"),
            ("from_day", "1"),
            ("from_month", "1"),
            ("from_year", "2019"),
        ];
        let done = given.democratic.submit(&form, &form, &fields).await;
        assert_eq!(done.location.as_deref(), Some(DELEGATIONS), "{}", done.body);
        let page = given.democratic.get(DELEGATIONS).await;
        assert!(page.body.contains("Director of Children and Families") && lint(&page.body).is_empty());
        for slug in ["limb-post", "holding", "sub-delegation", "urgency-power", "statutory", "on-call"] {
            let form = given.democratic.get(&format!("{DELEGATIONS}/{slug}")).await;
            assert_eq!((form.status, lint(&form.body)), (StatusCode::OK, vec![]), "{slug}");
        }
        assert_eq!(given.democratic.get(&format!("{DELEGATIONS}/else")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(given.finance.get(&form).await.status, StatusCode::FORBIDDEN);
        let seen = given.approver.get(DELEGATIONS).await;
        assert!(seen.body.contains("What you can do today, and why"));
    })
    .await;
}

#[tokio::test]
async fn the_annual_value_page_stands_before_any_decision_and_its_reading_needs_an_adviser() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        for path in
            ["/finance/annual-value", "/finance/annual-value?year=2019", "/finance/annual-value?reading=education"]
        {
            let page = given.finance.get(path).await;
            assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, vec![]), "{path}");
        }
        let form = "/finance/annual-value/reading";
        let answers = [
            ("spot", "out"),
            ("net", "gross"),
            ("education", "out"),
            ("vat", "out"),
            ("block_voids", "in"),
            ("successor", "out"),
            ("year", "contract year"),
        ];
        let bare = given.finance.submit(form, form, &answers).await;
        assert_eq!((bare.status, lint(&bare.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
        let mut advised = answers.to_vec();
        advised.push(("adviser", "Section 151 officer"));
        let done = given.finance.submit(form, form, &advised).await;
        assert_eq!(done.location.as_deref(), Some("/finance/annual-value"), "{}", done.body);
        assert_eq!(given.approver.get(form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(given.visitor.get(form).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn the_arrangements_page_is_public_and_says_when_there_is_none() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        let page = given.visitor.get("/arrangement").await;
        assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, vec![]));
        assert!(page.body.contains("No arrangement is recorded yet"));
    })
    .await;
}

#[tokio::test]
async fn the_annual_value_is_taken_home_as_files_and_a_budget_needs_a_ceiling() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        let csv = given.finance.get(&format!("{PATH}.csv?year=2020")).await;
        assert_eq!(csv.status, StatusCode::OK);
        assert!(csv.body.starts_with("Agreement,Spent (£),Bound (£),Planned (£)"), "{}", csv.body);
        for path in [format!("{PATH}.xlsx"), format!("{PATH}/movements.xlsx?year=2020")] {
            let book = given.finance.get(&path).await;
            assert!(book.status == StatusCode::OK && book.bytes.starts_with(b"PK"), "{path}");
        }
        let steps = given.approver.get(&format!("{PATH}/movements.csv")).await;
        assert!(steps.body.starts_with("Number in the record,Recorded on,"), "{}", steps.body);
        assert_eq!(given.visitor.get(&format!("{PATH}.csv")).await.status, StatusCode::SEE_OTHER);
        let form = format!("{PATH}/budget");
        let bare = given.finance.submit(&form, &form, &[("approved", "nothing")]).await;
        assert_eq!((bare.status, lint(&bare.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
        let fields = [
            ("approved", "5,200,000"),
            ("from_day", "1"),
            ("from_month", "4"),
            ("from_year", "2021"),
            ("source", "Full council"),
        ];
        let refused = given.finance.submit(&form, &form, &fields).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "no decision gave an annual value");
        assert!(refused.body.contains("so there is nothing for a budget to stand beside"));
        assert_eq!(given.approver.get(&form).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn somebody_is_put_on_call_and_the_duty_is_ended_through_their_forms() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        let form = format!("{DELEGATIONS}/on-call");
        let person = given.app.actor_by_email("approver@hef.example").await.unwrap().person.to_string();
        let fields = [
            ("person", person.as_str()),
            ("from_day", "13"),
            ("from_month", "9"),
            ("from_year", "2021"),
            ("from_time", "5pm"),
            ("to_day", "14"),
            ("to_month", "9"),
            ("to_year", "2021"),
            ("to_time", "9am"),
        ];
        let bare = given.democratic.submit(&form, &form, &fields[..4]).await;
        assert_eq!((bare.status, lint(&bare.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
        let done = given.democratic.submit(&form, &form, &fields).await;
        assert_eq!(done.location.as_deref(), Some(DELEGATIONS), "{}", done.body);
        let page = given.democratic.get(DELEGATIONS).await;
        assert!(page.body.contains("Rota: 17:00 to 09:00") && lint(&page.body).is_empty());
        let at = page.body.find("/democratic/delegations/on_call/").unwrap();
        let end = page.body[at..].split('"').next().unwrap().to_owned();
        let shown = given.democratic.get(&end).await;
        assert_eq!((shown.status, lint(&shown.body)), (StatusCode::OK, vec![]));
        let ended = given
            .democratic
            .submit(&end, &end, &[("last_day", "13"), ("last_month", "9"), ("last_year", "2021")])
            .await;
        assert_eq!(ended.location.as_deref(), Some(DELEGATIONS), "{}", ended.body);
        assert_eq!(given.democratic.get(&format!("{DELEGATIONS}/post/1/end")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(given.finance.get(&end).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn rule_1_3_the_share_of_emergencies_is_a_page_with_its_months_and_a_file() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        for path in ["/approvals/emergencies", "/approvals/emergencies?month=2021-02", "/approvals/emergencies?month=x"]
        {
            let page = given.approver.get(path).await;
            assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, vec![]), "{path}");
        }
        let page = given.approver.get("/approvals/emergencies?month=2021-02").await;
        assert!(page.body.contains("February 2021") && page.body.contains("?month=2021-03"), "{}", page.body);
        let file = given.approver.get("/approvals/emergencies.csv?month=2021-02").await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.body.contains("Counted by"), "{}", file.body);
        assert_eq!(given.finance.get("/approvals/emergencies").await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn rule_1_2_an_authoritys_own_decisions_stand_on_a_page_and_need_an_approver() {
    both(async |database| {
        let given = given(&database, date(2021, 9, 13)).await;
        let page = given.approver.get("/arrangement/own").await;
        assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, vec![]), "before the region has recorded one");
        assert_eq!(given.visitor.get("/arrangement/own").await.status, StatusCode::SEE_OTHER);
    })
    .await;
}
