//! The exempt part of a decision: recorded and read by the authority's own officers, and in nothing that is published.

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_testkit::databases::both;
use placewell_testkit::lint::lint;

use super::{ONE, given, publish};

const CANARIES: [&str; 2] = ["Canary appendix of prices", "Canary rivals would learn"];

#[tokio::test]
async fn an_exempt_part_has_its_paragraph_and_reason_and_stands_in_no_public_page_file_feed_or_answer() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        publish(&given).await;
        let path = format!("{ONE}/exempt");
        let page = given.democratic.get(&path).await;
        assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, vec![]));
        assert!(page.body.contains("No part of this decision is exempt"));
        let wrong = given.democratic.submit(&path, &path, &[("paragraph", "3"), ("what", "")]).await;
        assert_eq!((wrong.status, lint(&wrong.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
        let said = [("paragraph", "3"), ("what", CANARIES[0]), ("public_interest", CANARIES[1])];
        let done = given.democratic.submit(&path, &path, &said).await;
        assert_eq!(done.location.as_deref(), Some(path.as_str()), "{}", done.body);
        let own = given.democratic.get(&path).await;
        assert_eq!(lint(&own.body), Vec::<String>::new());
        assert!(
            CANARIES.iter().all(|canary| own.body.contains(canary))
                && own.body.contains("financial or business affairs")
        );
        // Those who decide read it; those who pay do not, nor does a visitor.
        assert!(given.approver.get(&path).await.body.contains(CANARIES[0]));
        assert!(!given.approver.get(&path).await.body.contains("<textarea"));
        assert_eq!(given.finance.get(&path).await.status, StatusCode::FORBIDDEN);
        assert!(!given.visitor.get(&path).await.body.contains(CANARIES[0]));
        let public = [
            "/decisions",
            "/decisions.atom",
            "/decisions.json",
            "/decisions/HEF-2019-0114",
            "/decisions/HEF-2019-0114.json",
            "/decisions/HEF-2019-0114.pdf",
            "/contracts",
            "/forward-plan",
            "/forward-plan.csv",
        ];
        for public in public {
            let read = given.visitor.get(public).await;
            assert_eq!(read.status, StatusCode::OK, "{public}");
            assert!(!CANARIES.iter().any(|canary| read.body.contains(canary)), "{public}");
        }
        let preview = given.democratic.get(&format!("{ONE}/preview")).await;
        assert!(!CANARIES.iter().any(|canary| preview.body.contains(canary)), "nor in what will be published");
        // Lifted, it stays known; the record names none of its words.
        let done = given.democratic.submit(&path, &path, &[("paragraph", "none")]).await;
        assert_eq!(done.location.as_deref(), Some(path.as_str()), "{}", done.body);
        let own = given.democratic.get(&path).await;
        assert!(own.body.contains("No part of this decision is exempt") && own.body.contains(CANARIES[0]));
        let session = given.app.store.read(Some(given.authority)).await.unwrap();
        assert!(session.verify_chain(given.authority).await.unwrap().faults.is_empty());
        let visit = given.app.visit().await.unwrap();
        let decision = visit.published_decision("HEF-2019-0114").await.unwrap().decision;
        assert!(
            visit.exempt_parts(given.authority, decision.id).await.unwrap().is_empty(),
            "a visitor's session reads none"
        );
        assert_eq!(session.exempt_parts(given.authority, decision.id).await.unwrap().len(), 2);
    })
    .await;
}
