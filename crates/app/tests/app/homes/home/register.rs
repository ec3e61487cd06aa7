//! Ofsted's register as the regional team sends it by page and by API: told before it changes anything, brought in once with
//! the alerts that follow, and nothing of it where it is older, of another region, or our own list of errors.

use jiff::civil::{Date, date};
use placewell_app::office::import::{CancelFile, ConfirmFile, UploadView};
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::office::access::Role;
use placewell_domain::office::import::{Tally, UploadState};
use placewell_exchange::homes::home::ChangeKind;
use placewell_exchange::sheet::{Sheet, xlsx};
use placewell_testkit::databases::both;

use crate::homes::admission::{Given, given};
use crate::homes::standing::LATER;

/// The same with a row of which the places do not read.
fn with_a_bad_row() -> String {
    format!("{LATER}SC400002,Children's home,Active,West Midlands,Shropshire,Private,three,Elm Care,,,,\n")
}

async fn send(given: &Given, content: &[u8], region: Option<&str>, day: Option<Date>) -> Answer<Receipt> {
    let file = given.app.register_file(&given.lead, ("C:\\ofsted\\register.csv", content), region, day).await?;
    given.perform(file).await
}

async fn go_on(given: &Given, receipt: &Receipt) -> UploadView {
    let number = receipt.location.rsplit('/').next().unwrap().parse().unwrap();
    let id = given.app.upload(&given.lead, number).await.unwrap().upload.id;
    given.app.advance(given.lead.organisation, id, None).await.unwrap();
    given.app.upload(&given.lead, number).await.unwrap()
}

async fn checked(given: &Given, content: &str, day: Date) -> (UploadView, Tally) {
    let receipt = send(given, content.as_bytes(), None, Some(day)).await.unwrap();
    let view = go_on(given, &receipt).await;
    let UploadState::Checked { found } = view.upload.state else { panic!("{:?}", view.upload.state) };
    (view, found)
}

async fn confirm(given: &Given, view: &UploadView, leave_out: bool) -> Answer<Receipt> {
    given.perform(ConfirmFile { number: view.upload.number, version: view.upload.version, leave_out }).await
}

fn kinds(view: &UploadView) -> Vec<(String, ChangeKind)> {
    let mut kinds: Vec<_> =
        view.register.as_ref().unwrap().changes.iter().map(|one| (one.urn.clone(), one.kind)).collect();
    kinds.sort_by_key(|(urn, kind)| (urn.clone(), kind.code()));
    kinds
}

fn refused(answer: Answer<Receipt>) -> (String, String) {
    match answer.unwrap_err() {
        Outcome::Invalid(invalid) => (invalid.errors[0].field.clone(), invalid.errors[0].message.clone()),
        Outcome::Refused(refusal) => (refusal.code, refusal.sentence),
        other => (format!("{other:?}"), String::new()),
    }
}

async fn alerts(given: &Given) -> usize {
    given.app.region_alerts(&given.lead, (0, 50)).await.unwrap().lines.len()
}

#[tokio::test]
async fn a_register_file_tells_what_it_changes_and_goes_in_once_with_the_alerts_that_follow() {
    both(async |database| {
        let given = given(&database).await;
        let (view, found) = checked(&given, &with_a_bad_row(), date(2021, 9, 10)).await;
        let expected = [
            ("SC400001", ChangeKind::Judgement),
            ("SC400003", ChangeKind::Judgement),
            ("SC400003", ChangeKind::Organisation),
            ("SC400003", ChangeKind::Places),
            ("SC400004", ChangeKind::New),
        ]
        .map(|(urn, kind)| (urn.to_owned(), kind));
        assert_eq!(kinds(&view), expected);
        assert_eq!(found, Tally { changes: 3, unchanged: 0, wrong: 1 });
        let told: Vec<(u32, &str)> =
            view.wrong.iter().flat_map(|row| row.errors.iter().map(|(column, _)| (row.row, column.as_str()))).collect();
        assert_eq!(told, [(5, "places")]);
        let file = view.register.as_ref().unwrap();
        assert_eq!((file.region(), file.as_at, file.followed.alerts, file.followed.measures), {
            ("west midlands", date(2021, 9, 10), 5, 1)
        });
        assert_eq!((view.name.as_deref(), alerts(&given).await), (Some("register.csv"), 0), "a check leaves no trace");
        assert!(given.app.home_page(&given.lead, "SC400004").await.is_err());

        assert_eq!(refused(confirm(&given, &view, false).await).0, "import_has_errors");
        let receipt = confirm(&given, &view, true).await.unwrap();
        let done = go_on(&given, &receipt).await;
        assert!(matches!(done.upload.state, UploadState::BroughtIn { done, .. } if done == found));
        assert_eq!((kinds(&done), alerts(&given).await), (expected.to_vec(), 5));
        let held = given.app.home_page(&given.lead, "SC400003").await.unwrap().facts.home;
        assert_eq!((held.places, held.state.name()), (4, "registered"));
        let session = given.app.store.read(Some(given.lead.organisation)).await.unwrap();
        let unread = session.home_by_urn(&"SC400002".parse().unwrap()).await.unwrap();
        assert_eq!(unread.state.name(), "registered", "a home on a row that does not read is not closed");
        let events = session.events_after(given.lead.organisation, 0, 1_000).await.unwrap();
        let raised: Vec<_> = events.iter().filter(|one| one.event.kind.starts_with("alert.")).collect();
        assert!(!raised.is_empty() && raised.iter().all(|one| one.person == Some(given.lead.person)), "{raised:?}");
        drop(session);

        let (again, found) = checked(&given, &with_a_bad_row(), date(2021, 9, 10)).await;
        assert_eq!((found.changes, found.unchanged, kinds(&again)), (0, 3, vec![]));
        assert_eq!(refused(confirm(&given, &again, true).await).0, "import_changes_nothing");
        assert_eq!(alerts(&given).await, 5);
        assert_eq!(given.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test]
async fn a_later_register_that_says_what_is_held_is_brought_in_and_holds_an_older_one_off() {
    both(async |database| {
        let given = given(&database).await;
        let (first, _) = checked(&given, LATER, date(2021, 9, 10)).await;
        go_on(&given, &confirm(&given, &first, false).await.unwrap()).await;
        let before = alerts(&given).await;
        let (same, found) = checked(&given, LATER, date(2021, 9, 12)).await;
        assert_eq!((found, kinds(&same)), (Tally { changes: 3, unchanged: 0, wrong: 0 }, vec![]));
        let done = go_on(&given, &confirm(&given, &same, false).await.unwrap()).await;
        assert!(matches!(done.upload.state, UploadState::BroughtIn { done, .. } if done == found));
        assert_eq!(alerts(&given).await, before, "nothing follows");
        let (older, found) = checked(&given, LATER, date(2021, 9, 11)).await;
        assert_eq!(found, Tally { changes: 0, unchanged: 0, wrong: 1 });
        assert!(older.wrong[0].errors[0].1.contains("held as at 2021-09-12"), "{:?}", older.wrong);
    })
    .await;
}

#[tokio::test]
async fn an_older_register_another_region_s_and_our_list_of_errors_are_told_and_change_nothing() {
    both(async |database| {
        let given = given(&database).await;
        let (view, found) = checked(&given, LATER, date(2021, 1, 31)).await;
        assert_eq!(found, Tally { changes: 0, unchanged: 0, wrong: 1 });
        assert!(view.wrong[0].errors[0].1.contains("held as at 2021-03-31"), "{:?}", view.wrong);
        assert_eq!(refused(confirm(&given, &view, true).await).0, "import_changes_nothing");

        let sheet = given.app.upload_errors(&given.lead, view.upload.number).await.unwrap();
        let list = sheet.csv().unwrap();
        let told = async |content: &[u8], region, day| refused(send(&given, content, region, day).await);
        let (field, words) = told(&list, None, None).await;
        assert_eq!(field, "file");
        assert!(words.contains("send the whole of it"), "{words}");
        let (field, words) = told(LATER.as_bytes(), Some("East Midlands"), None).await;
        assert!(field == "file" && words.contains("the file has: West Midlands"), "{words}");
        assert_eq!(told(b"%PDF-1.7", None, None).await.0, "file");
        assert_eq!(told(LATER.as_bytes(), None, Some(date(2021, 9, 14))).await.0, "as_at");

        let held = given.app.register_file(&given.other, ("r.csv", LATER.as_bytes()), None, None).await;
        assert!(matches!(&held, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "region"), "{held:?}");
        let mut officer = given.lead.clone();
        officer.role = Role::PlacementOfficer;
        let officers = given.app.register_file(&officer, ("r.csv", LATER.as_bytes()), None, None).await;
        assert!(matches!(officers, Err(Outcome::Forbidden(_))), "{officers:?}");
        assert_eq!(alerts(&given).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_register_overtaken_between_its_check_and_its_confirmation_stops_and_changes_nothing() {
    both(async |database| {
        let given = given(&database).await;
        let (first, _) = checked(&given, LATER, date(2021, 9, 1)).await;
        let (second, _) = checked(&given, LATER, date(2021, 9, 2)).await;
        let (later, _) = checked(&given, LATER, date(2021, 9, 10)).await;
        let receipt = confirm(&given, &later, false).await.unwrap();
        go_on(&given, &receipt).await;
        let before = alerts(&given).await;
        for (overtaken, leave_out) in [(&first, false), (&second, true)] {
            let receipt = confirm(&given, overtaken, leave_out).await.unwrap();
            let stopped = go_on(&given, &receipt).await;
            let UploadState::Stopped { found, done, .. } = stopped.upload.state else { panic!("{:?}", stopped.upload) };
            assert_eq!((found, done), (Tally { changes: 0, unchanged: 0, wrong: 1 }, Tally::default()));
            assert_eq!((stopped.progress.done, kinds(&stopped)), (0, vec![]));
            assert!(stopped.wrong[0].errors[0].1.contains("an older file"), "{:?}", stopped.wrong);
            assert_eq!(refused(confirm(&given, &stopped, true).await).0, "import_changes_nothing");
            let cancel = CancelFile { number: stopped.upload.number, version: stopped.upload.version };
            given.perform(cancel).await.unwrap();
        }
        assert_eq!(alerts(&given).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_workbook_reads_as_the_file_it_was_saved_from() {
    both(async |database| {
        let given = given(&database).await;
        let text = with_a_bad_row();
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let mut sheet = Sheet::new("Register", lines.next().unwrap());
        sheet.rows = lines.map(|cells| cells.into_iter().map(Into::into).collect()).collect();
        let book = xlsx(&[sheet], date(2021, 9, 10).at(9, 0, 0, 0)).unwrap();
        let day = Some(date(2021, 9, 10));
        let of_csv = go_on(&given, &send(&given, text.as_bytes(), None, day).await.unwrap()).await;
        let of_book = go_on(&given, &send(&given, &book, Some("west midlands"), day).await.unwrap()).await;
        assert_eq!(kinds(&of_book), kinds(&of_csv));
        assert_eq!(of_book.wrong, of_csv.wrong);
    })
    .await;
}
