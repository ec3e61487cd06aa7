//! A saved page of a decision, sent beside the paste (D-02): read like pasted text, and refused with what to do.

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_testkit::client::Page;
use placewell_testkit::databases::both;
use placewell_testkit::lint::lint;

use super::super::{Given, TEXT, given};
use super::{LIST, filled};

async fn send(given: &Given, file: Option<(&str, &[u8])>) -> Page {
    let (shown, action) = (format!("{LIST}/new"), format!("{LIST}/check"));
    given.democratic.submit_file(&shown, &action, &[], file).await
}

/// The fields of the form that follows, but for the token and the key of the form itself.
fn read(page: &Page) -> Vec<(String, String)> {
    assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, vec![]), "{}", page.body);
    filled(page, LIST).into_iter().filter(|(name, _)| !name.starts_with('_')).collect()
}

#[tokio::test]
async fn d_02_a_saved_page_in_utf_8_or_windows_1252_is_read_like_the_pasted_text() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        let (new, check) = (format!("{LIST}/new"), format!("{LIST}/check"));
        let pasted = read(&given.democratic.submit(&new, &check, &[("text", TEXT)]).await);
        let windows: Vec<u8> = TEXT.chars().map(|sign| u8::try_from(sign).unwrap()).collect();
        assert!(std::str::from_utf8(&windows).is_err(), "the pound sign is one byte");
        for content in [TEXT.as_bytes(), &windows] {
            assert_eq!(read(&send(&given, Some(("decision.txt", content))).await), pasted);
        }
        let html = "<html><body><h1>Decision details</h1><h2>Homes for children</h2><table><tr><th>Decision Maker:</th>\
            <td>Cabinet</td></tr></table><h3>Decision</h3>\
            <p>(a) the framework be adopted at up to £1.3m a year;</p></body></html>";
        let shown = read(&send(&given, Some(("Decision.htm", html.as_bytes()))).await);
        for (name, value) in [("title", "Homes for children"), ("decision_maker", "Cabinet")] {
            assert!(shown.contains(&(name.to_owned(), value.to_owned())), "{name} in {shown:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn d_02_a_file_that_is_no_saved_page_is_refused_at_its_field_with_what_to_do() {
    both(async |database| {
        let given = given(&database, date(2019, 1, 14)).await;
        let large = vec![b'a'; 1024 * 1024 + 1];
        let files: [(Option<&[u8]>, &str); 6] = [
            (None, "Choose the saved page of the decision"),
            (Some(b""), "The file is empty."),
            (Some(b"%PDF-1.7 content"), "This is a document, not the text of a page."),
            (Some(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "This is not text"),
            (Some(b"MIME-Version: 1.0\nContent-Type: multipart/related;\n"), "This is a web archive"),
            (Some(&large), "The file has 2 MB. Choose a saved page of 1 MB at most"),
        ];
        for (content, message) in files {
            let page = send(&given, content.map(|content| ("decision.html", content))).await;
            assert_eq!((page.status, lint(&page.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]), "{message}");
            assert!(page.body.contains(message) && page.body.contains("href=\"#file\""), "{message}: {}", page.body);
        }
        let list = given.democratic.get(LIST).await;
        assert!(!list.body.contains("Homes for children"), "nothing is kept");
    })
    .await;
}
