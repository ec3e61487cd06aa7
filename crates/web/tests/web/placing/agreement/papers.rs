//! Documents through the browser's eyes and over the API: added without a script, refused by content with what was typed
//! kept, handed over as a file to keep.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::placing::referral::{ForChild, StartReferral};
use placewell_domain::homes::home::Sex;
use placewell_domain::placing::child::ChildIdentity;
use placewell_testkit::client::Client;
use placewell_testkit::databases::both;
use placewell_web::{Web, router};

use crate::placing::referral::{Given, given};

const PDF: &[u8] = b"%PDF-1.7 about a child";

/// A draft beside the referral that has gone out.
async fn draft(given: &Given) -> String {
    let identity = ChildIdentity {
        family_name: "Zelenka".to_owned(),
        given_names: "Ottilie".to_owned(),
        known_as: None,
        born: date(2009, 5, 1),
        sex: Sex::Female,
        case_number: "CASECANARY2".to_owned(),
        home_postcode: None,
        school: None,
        other_names: Vec::new(),
    };
    let start = StartReferral { child: ForChild::New(identity), sibling_of: None, emergency: None, beside_open: false };
    let receipt = given.app.perform(&given.people[0], "draft", start).await.unwrap();
    receipt.location.split('/').nth(2).unwrap().to_owned()
}

#[tokio::test]
async fn a_document_goes_with_a_draft_and_what_was_typed_is_kept_where_it_is_refused() {
    both(async |database| {
        let given = given(&database).await;
        let page = format!("/referrals/{}/documents", draft(&given).await);
        let held = [("papers", "held")];
        let send = async |fields: &[(&str, &str)], file| given.officer.submit_file(&page, &page, fields, file).await;
        let mut large = PDF.to_vec();
        large.resize(25 * 1024 * 1024 + 1, b'x');
        for (content, status, says) in [
            (b"<html>".as_slice(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "of no kind that can be taken"),
            (b"%PDF-1.7 /JavaScript", StatusCode::UNSUPPORTED_MEDIA_TYPE, "macros or scripts"),
            (large.as_slice(), StatusCode::PAYLOAD_TOO_LARGE, "larger than 25 MB"),
        ] {
            let refused = send(&held, Some(("Ottilie's plan.pdf", content))).await;
            assert_eq!(refused.status, status, "{}", refused.h1());
            assert!(refused.words("#file-error").contains(says), "{}", refused.body);
            assert!(refused.body.contains("value=\"held\" checked"), "what was chosen is kept");
        }
        let unsaid = send(&[("papers", "none")], Some(("plan.pdf", PDF))).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!unsaid.words("#papers-error").is_empty());
        let added = send(&held, Some(("Ottilie's plan.pdf", PDF))).await;
        assert_eq!((added.status, added.location.as_deref()), (StatusCode::SEE_OTHER, Some(page.as_str())));
        let shown = given.officer.get(&page).await;
        assert!(shown.body.contains("Ottilie&#39;s plan.pdf (PDF, 1 KB)"), "{}", shown.body);
        assert!(shown.body.contains("value=\"held\" checked"));
        let on = send(&held, None).await;
        assert!(on.location.unwrap().ends_with("/recipients"), "without a file the task goes on");
    })
    .await;
}

#[tokio::test]
async fn a_document_is_handed_over_as_a_file_to_keep_under_a_number() {
    both(async |database| {
        let given = given(&database).await;
        let page = format!("/referrals/{}/documents", given.reference);
        let nothing = given.officer.submit_file(&page, &page, &[], None).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let added = given.officer.submit_file(&page, &page, &[], Some(("Quillon Zelenka.pdf", PDF))).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.h1());
        let session = given.app.store.read(Some(given.people[0].organisation)).await.unwrap();
        let referral = session.referral_by_reference(given.people[0].organisation, &given.reference).await.unwrap();
        let known = session.documents(given.people[0].organisation, "referral", referral.id.0).await.unwrap();
        drop(session);
        let path = format!("{page}/{}", known[0].id);
        let read = given.officer.get(&path).await;
        assert_eq!((read.status, read.bytes.as_slice()), (StatusCode::OK, PDF));
        let header = |name: &str| read.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/pdf");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(
            header("content-disposition"),
            format!("attachment; filename=\"{}-document-1.pdf\"", given.reference)
        );
        for other in [&given.elm, &given.visitor] {
            assert_ne!(other.get(&path).await.status, StatusCode::OK);
        }
        let take = format!("{path}/take-away");
        assert_eq!(given.officer.submit(&take, &take, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(given.officer.get(&path).await.status, StatusCode::NOT_FOUND);
        let list = given.officer.get(&page).await;
        assert!(list.body.contains("document-1.pdf (taken away)") && !list.body.contains("Zelenka"));
    })
    .await;
}

#[tokio::test]
async fn a_form_with_a_file_is_guarded_like_every_other() {
    both(async |database| {
        let given = given(&database).await;
        let page = format!("/referrals/{}/documents", given.reference);
        let shown = given.officer.get(&page).await;
        let (csrf, files) = (shown.csrf(), Some(("plan.pdf", PDF)));
        for (fields, status) in [
            (vec![("_key", "k")], StatusCode::FORBIDDEN),
            (vec![("_csrf", csrf.as_str())], StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let body = placewell_testkit::client::multipart(fields.into_iter(), files);
            let body = String::from_utf8(body).unwrap();
            let page = given.officer.post_as(&page, placewell_testkit::client::MULTIPART, &body).await;
            assert_eq!(page.status, status, "{}", page.h1());
        }
        let torn = given.officer.post_as(&page, "multipart/form-data", "no boundary").await;
        assert_eq!(torn.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let elm = Client::with_session(
            router(Web::new(Arc::clone(&given.app), "http://localhost").await.unwrap()),
            &given.app.start_session(&given.people[1]).await.unwrap(),
        );
        let body = placewell_testkit::client::multipart([("_csrf", "x"), ("_key", "y")].into_iter(), files);
        let refused = elm.post_as(&page, placewell_testkit::client::MULTIPART, &String::from_utf8(body).unwrap()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.h1());
    })
    .await;
}
