//! From pasted text to the public page, and a call-in, through the real forms.

mod exempt;
mod limbs;
mod saved;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::both;
use placewell_testkit::lint::lint;
use scraper::{Html, Selector};

use super::{Given, TEXT, given};

const LIST: &str = "/democratic/decisions";
const ONE: &str = "/democratic/decisions/HEF-2019-0114";

/// Every field of a shown form as a browser would send it.
fn filled(page: &Page, action: &str) -> Vec<(String, String)> {
    let document = Html::parse_document(&page.body);
    let form = document.select(&Selector::parse(&format!("form[action=\"{action}\"]")).unwrap()).next().unwrap();
    let mut fields = Vec::new();
    for control in form.select(&Selector::parse("input, textarea").unwrap()) {
        let name = control.attr("name").unwrap_or_default().to_owned();
        let ticked = !matches!(control.attr("type"), Some("checkbox" | "radio")) || control.attr("checked").is_some();
        let value = if control.value().name() == "textarea" {
            control.text().collect::<String>()
        } else {
            control.attr("value").unwrap_or_default().to_owned()
        };
        if ticked && !name.is_empty() {
            fields.push((name, value));
        }
    }
    fields
}

async fn send(client: &Client, action: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post(action, &fields).await
}

async fn publish(given: &Given) {
    let client = &given.democratic;
    let checked = client.submit(&format!("{LIST}/new"), &format!("{LIST}/check"), &[("text", TEXT)]).await;
    assert_eq!((checked.status, lint(&checked.body)), (StatusCode::OK, vec![]));
    assert!(checked.body.contains("In the text:"), "each field stands beside its source");
    assert!(checked.body.contains("reasons"), "what the text lacks is asked for");
    let mut fields = filled(&checked, LIST);
    for (name, value) in [("reference", "HEF-2019-0114"), ("governing_body", "council_executive")] {
        fields.retain(|(known, _)| known != name);
        fields.push((name.into(), value.into()));
    }
    let recorded = send(client, LIST, &fields).await;
    assert_eq!(recorded.location.as_deref(), Some(ONE), "{}", recorded.body);
    let draft = client.get(ONE).await;
    assert_eq!(lint(&draft.body), Vec::<String>::new());
    assert_eq!(given.visitor.get("/decisions/HEF-2019-0114").await.status, StatusCode::NOT_FOUND);
    let published = send(client, &format!("{ONE}/publish"), &filled(&draft, &format!("{ONE}/publish"))).await;
    assert_eq!(published.location.as_deref(), Some(ONE), "{}", published.body);
}

#[tokio::test]
async fn a_pasted_decision_is_checked_recorded_published_and_read_by_the_public() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        publish(&given).await;
        let public = given.visitor.get("/decisions/HEF-2019-0114").await;
        assert_eq!((public.status, lint(&public.body)), (StatusCode::OK, vec![]));
        assert_eq!(
            public.h1().replace("Herefordshire Council ", ""),
            "Adoption of the Flexible Contracting Arrangement"
        );
        assert!(public.body.contains("Decided and published 14 January 2019."));
        assert!(public.body.contains("Effective from 19 January 2019."));
        assert!(public.body.contains("£5,500,000 a year"));
        assert!(public.body.contains("Commissioning officer") && !public.body.contains("A. Person"));
        let list = given.visitor.get("/decisions?authority=HEF&year=2019").await;
        assert!(list.body.contains("HEF-2019-0114") && lint(&list.body).is_empty());
        assert!(!given.visitor.get("/decisions?called_in=yes").await.body.contains("/decisions/HEF-2019-0114"));
        let data = given.visitor.get("/decisions/HEF-2019-0114.json").await;
        for part in ["\"annual_value_pence\":550000000", "\"option_months\":36", "\"act\":\"award_mini_block\""] {
            assert!(data.body.contains(part), "{part} in {}", data.body);
        }
    })
    .await;
}

#[tokio::test]
async fn a_call_in_is_recorded_and_everybody_sees_that_nothing_is_approved_under_it() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        publish(&given).await;
        let form = format!("{ONE}/call-in");
        let day = |fields: &[(&'static str, &'static str)]| {
            let mut all = vec![("on_day", "14"), ("on_month", "1"), ("on_year", "2019")];
            all.extend_from_slice(fields);
            all
        };
        let empty = given.democratic.submit(&form, &form, &day(&[("by", ""), ("grounds", "")])).await;
        assert_eq!((empty.status, lint(&empty.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
        let fields = day(&[("by", "Three members"), ("grounds", "Consultation")]);
        let done = given.democratic.submit(&form, &form, &fields).await;
        assert_eq!(done.location.as_deref(), Some(ONE), "{}", done.body);
        let officer = given.democratic.get(ONE).await;
        assert!(officer.body.contains("Nothing can be approved under it") && lint(&officer.body).is_empty());
        let public = given.visitor.get("/decisions/HEF-2019-0114").await;
        assert!(public.body.contains("This decision is called in"));
        let worklist = given.democratic.get(LIST).await;
        assert_eq!(lint(&worklist.body), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn rule_9_2_grounds_that_name_somebody_are_shown_with_a_box_for_each_and_kept_once_all_are_ticked() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        publish(&given).await;
        let form = format!("{ONE}/call-in");
        let grounds = "Ask at 12 Old Mill Lane about HEF-R-0042.";
        let mut fields = vec![("on_day", "14"), ("on_month", "1"), ("on_year", "2019")];
        fields.extend([("by", "Three members"), ("grounds", grounds)]);
        let shown = given.democratic.submit(&form, &form, &fields).await;
        assert_eq!((shown.status, lint(&shown.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
        let keys = ["grounds:address:12 Old Mill Lane", "grounds:reference:HEF-R-0042"];
        for key in keys {
            assert!(shown.body.contains(&format!("value=\"{key}\"")), "{key} in {}", shown.body);
        }
        assert!(shown.body.contains(grounds), "what was typed is kept");
        assert!(!given.visitor.get("/decisions/HEF-2019-0114").await.body.contains("called in"));
        let mut sent = filled(&shown, &form);
        sent.push(("confirmed".into(), keys[0].into()));
        let one = send(&given.democratic, &form, &sent).await;
        assert_eq!(one.status, StatusCode::UNPROCESSABLE_ENTITY);
        sent.push(("confirmed".into(), keys[1].into()));
        let done = send(&given.democratic, &form, &sent).await;
        assert_eq!(done.location.as_deref(), Some(ONE), "{}", done.body);
        assert!(given.visitor.get("/decisions/HEF-2019-0114").await.body.contains("This decision is called in"));
    })
    .await;
}

#[tokio::test]
async fn rule_9_2_the_preview_lists_what_may_name_somebody_before_it_is_published_each_with_what_to_do() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        let client = &given.democratic;
        let checked = client.submit(&format!("{LIST}/new"), &format!("{LIST}/check"), &[("text", TEXT)]).await;
        let mut fields = filled(&checked, LIST);
        let planted = "Three children live at 12 Old Mill Lane; see HEF-R-0042.";
        for (name, value) in
            [("reference", "HEF-2019-0114"), ("governing_body", "council_executive"), ("reasons", planted)]
        {
            fields.retain(|(known, _)| known != name);
            fields.push((name.into(), value.into()));
        }
        assert_eq!(send(client, LIST, &fields).await.location.as_deref(), Some(ONE));
        let preview = client.get(&format!("{ONE}/preview")).await;
        assert_eq!((preview.status, lint(&preview.body)), (StatusCode::OK, vec![]));
        for words in [
            "Words that may name a home, a child or a person",
            "12 Old Mill Lane",
            "no address of a home or a person is published",
            "HEF-R-0042",
            "no child&#39;s search, approval or placement is published",
            "or confirm it when you publish",
        ] {
            assert!(preview.body.contains(words), "{words} in {}", preview.body);
        }
        let draft = client.get(ONE).await;
        let action = format!("{ONE}/publish");
        let stopped = send(client, &action, &filled(&draft, &action)).await;
        assert_eq!(stopped.status, StatusCode::UNPROCESSABLE_ENTITY, "what the preview lists stops the publication");
        assert_eq!(given.visitor.get("/decisions/HEF-2019-0114").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_dates_helper_shows_its_arithmetic_and_tells_a_date_that_is_none() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        let path = format!("{LIST}/dates");
        let good =
            given.democratic.get(&format!("{path}?published_day=14&published_month=1&published_year=2019")).await;
        assert!(good.body.contains("Saturday 19 January 2019"), "{}", good.body);
        let bad = given.democratic.get(&format!("{path}?published_day=30&published_month=2&published_year=2019")).await;
        assert_eq!((bad.status, lint(&bad.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
    })
    .await;
}

#[tokio::test]
async fn other_roles_are_told_that_they_cannot_record_a_decision() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        let page = given.finance.get(&format!("{LIST}/new")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        let sent = given.visitor.get(LIST).await;
        assert_eq!(sent.location.as_deref(), Some("/sign-in?return_to=%2Fdemocratic%2Fdecisions"));
        assert_eq!(given.approver.get(LIST).await.status, StatusCode::OK, "an approver reads them");
    })
    .await;
}

#[tokio::test]
async fn a_published_decision_is_printed_fed_and_spoken_of_in_the_past_tense() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        publish(&given).await;
        let public = given.visitor.get("/decisions/HEF-2019-0114").await;
        assert!(public.body.contains("Call-in closes at the end of 18 January 2019."));
        assert!(public.body.contains("What the published page does not say"), "the law asks for what it lacks");
        let own = given.democratic.get(ONE).await;
        assert!(own.body.contains("To be asked for") && own.body.contains("conflict of interest"));
        given.app.calendar.move_to(date(2021, 9, 13).at(10, 20, 0, 0));
        let public = given.visitor.get("/decisions/HEF-2019-0114").await;
        assert!(public.body.contains("Call-in closed at the end of 18 January 2019."));
        let pdf = given.visitor.get("/decisions/HEF-2019-0114.pdf").await;
        assert_eq!(pdf.status, StatusCode::OK);
        assert!(pdf.bytes.starts_with(b"%PDF-"));
        let holds = |words: &[u8]| pdf.bytes.windows(words.len()).any(|part| part == words);
        assert!(holds(b"/StructTreeRoot") && holds(b"/Lang"), "tagged, with its language");
        assert_eq!(given.visitor.get("/decisions/HEF-2019-0115.pdf").await.status, StatusCode::NOT_FOUND);
        let feed = given.visitor.get("/decisions.atom").await;
        assert_eq!(feed.status, StatusCode::OK);
        for part in ["<id>http://localhost/decisions/HEF-2019-0114</id>", "Call-in closed", "£5,500,000"] {
            assert!(feed.body.contains(part), "{part} in {}", feed.body);
        }
    })
    .await;
}

#[tokio::test]
async fn a_returned_decision_leads_to_the_one_that_amends_it() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        publish(&given).await;
        let form = given.democratic.get("/democratic/decisions/new?amends=HEF-2019-0114").await;
        assert_eq!((form.status, lint(&form.body)), (StatusCode::OK, vec![]));
        assert!(form.body.contains("This decision amends HEF-2019-0114"));
        let odd = given.democratic.get("/democratic/decisions/new?amends=%3Cscript%3E").await;
        assert!(!odd.body.contains("This decision amends"));
        let new = format!("{LIST}/new?amends=HEF-2019-0114");
        let checked = given.democratic.submit(&new, &format!("{LIST}/check"), &[("text", TEXT)]).await;
        assert!(filled(&checked, LIST).contains(&("amends".to_owned(), "HEF-2019-0114".to_owned())));
    })
    .await;
}
