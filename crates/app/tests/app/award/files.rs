//! Files brought in by an authority that goes live: preview, rows left out, once however often it is asked, a ledger beside
//! the finance ledger (rule 2.5).

use jiff::civil::{Date, date};
use placewell_app::office::import::{CancelFile, ConfirmFile, SendFile, UploadView};
use placewell_app::placing::agreement::opening::{OpeningLedger, RecordLedgerTotal, UnpaidRow};
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::money::Pence;
use placewell_domain::nights::ChargedDays;
use placewell_domain::office::access::Role;
use placewell_domain::office::import::{FileKind, Tally, UploadState};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::opening::LedgerCause;
use placewell_exchange::sheet::{Cell, Sheet, xlsx};

use super::history::world;
use super::world::{BIR, HEF, MANAGER, OFFICER, PROVIDER, World, actor, both_made, officer};

const HEAD: &str = "source_reference,origin,child_reference,family_name,given_names,date_of_birth,sex,home_urn,start,\
                    planned_end,lot,weekly_price,education_weekly_price,health_share,notice_days,paid_from,paid_to,paid_amount\n";

fn row(source: &str, start: &str, rest: &str) -> String {
    format!("{source},spot,C{source},Canary,Wren,2007-03-01,female,SC392492,{start},2021-11-29,,{rest}\n")
}

/// The same rows as a workbook, whose days are days.
pub fn workbook(file: &str) -> Vec<u8> {
    let mut lines = file.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let mut sheet = Sheet::new("Rows", lines.next().unwrap());
    let cell = |text: String| text.parse::<Date>().map_or_else(|_| Cell::from(text.as_str()), Cell::Day);
    sheet.rows = lines.map(|cells| cells.into_iter().map(cell).collect()).collect();
    xlsx(&[sheet], date(2021, 9, 10).at(9, 0, 0, 0)).unwrap()
}

async fn send(world: &World, key: &str, content: impl AsRef<[u8]>) -> Answer<Receipt> {
    let command = SendFile::read(FileKind::Placements, "C:\\files\\stays.csv", content.as_ref())?;
    world.app.perform(&officer(), key, command).await
}

/// Goes on with the one file until a person or nobody is asked.
async fn through(world: &World, number: u32) -> UploadView {
    let id = world.app.upload(&officer(), number).await.unwrap().upload.id;
    world.app.advance(HEF, id, None).await.unwrap();
    world.app.upload(&officer(), number).await.unwrap()
}

#[tokio::test]
async fn rule_2_5_a_live_placement_comes_with_its_funders_its_notice_and_what_was_paid() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        // 14 nights at £4,100.50 are £8,201; the second ledger has one night more, £500 at £3,500 a week.
        let file = format!(
            "{HEAD}{}{}",
            row("1", "2021-02-01", "4100.50,,40,42,2021-02-01,2021-02-15,8201"),
            row("2", "2021-03-01", "3500,,,,2021-03-01,2021-03-15,7500"),
        );
        send(&world, "k1", &file).await.unwrap();
        let checked = through(&world, 1).await;
        let UploadState::Checked { found } = checked.upload.state else { panic!("{:?}", checked.upload.state) };
        assert_eq!((found.changes, found.unchanged, found.wrong), (2, 0, 0), "{:?}", checked.wrong);
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert!(session.agreement(HEF, "HEF-A-0001").await.is_err(), "a check changes nothing");
        drop(session);
        let confirm = ConfirmFile { number: 1, version: checked.upload.version, leave_out: false };
        world.app.perform(&officer(), "k2", confirm).await.unwrap();
        let done = through(&world, 1).await;
        assert_eq!(done.upload.state.name(), "brought_in");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let agreement = session.agreement(HEF, "HEF-A-0001").await.unwrap();
        let core = &agreement.terms.lines[0];
        assert_eq!((core.shares.authority, core.shares.health), (60, 40));
        assert_eq!(agreement.terms.notice.iter().map(|band| band.days).collect::<Vec<_>>(), [42]);
        drop(session);
        let finance = actor(OFFICER, HEF, Role::FinanceOfficer);
        let ledger = world.app.opening_ledger(&finance).await.unwrap();
        assert_eq!((ledger.rows.len(), ledger.ours(), ledger.ledger()), (2, Pence(1_520_100), Pence(1_570_100)));
        let differing: Vec<_> = ledger.differing().collect();
        assert_eq!((differing.len(), differing[0].reference.as_str()), (1, "HEF-A-0002"));
        assert_eq!((differing[0].line.difference(), differing[0].line.cause), (Pence(50_000), LedgerCause::OneNight));
        assert_eq!(differing[0].paid_to, date(2021, 3, 15));
        send(&world, "k3", workbook(&file)).await.unwrap();
        let again = through(&world, 2).await;
        let UploadState::Checked { found } = again.upload.state else { panic!("{:?}", again.upload.state) };
        assert_eq!((found.changes, found.unchanged), (0, 2), "the same as a workbook: {:?}", again.wrong);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test]
async fn rule_2_5_a_live_placement_without_a_paid_amount_and_the_rest_of_the_finance_ledger_are_differences() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let file = format!(
            "{HEAD}{}{}",
            row("1", "2021-02-01", "4100.50,,,,2021-02-01,2021-02-15,8201"),
            row("2", "2021-08-30", "3500,,,,,,"),
        );
        send(&world, "k1", &file).await.unwrap();
        let version = through(&world, 1).await.upload.version;
        let confirm = ConfirmFile { number: 1, version, leave_out: false };
        world.app.perform(&officer(), "k2", confirm).await.unwrap();
        through(&world, 1).await;
        let finance = actor(OFFICER, HEF, Role::FinanceOfficer);
        let ledger = world.app.opening_ledger(&finance).await.unwrap();
        assert_eq!((ledger.rows.len(), ledger.differing().count(), ledger.rest()), (1, 0, None));
        // Two weeks until it was brought in, at £3,500.
        let (reference, from, until) = ("HEF-A-0002".to_owned(), date(2021, 8, 30), date(2021, 9, 13));
        assert_eq!(ledger.unpaid, [UnpaidRow { reference, from, until, ours: Pence(700_000) }]);
        let total = |as_at, total| RecordLedgerTotal { as_at, total: Pence(total) };
        let officers = world.app.perform(&officer(), "t0", total(until, 1_520_101)).await;
        assert!(matches!(officers, Err(Outcome::Forbidden(_))));
        let ahead = world.app.perform(&finance, "t1", total(date(2021, 9, 14), 1_520_101)).await;
        assert!(matches!(ahead, Err(Outcome::Invalid(said)) if said.errors[0].field == "as_at"));
        world.app.perform(&finance, "t2", total(until, 1_520_101)).await.unwrap();
        let ledger = world.app.opening_ledger(&finance).await.unwrap();
        assert_eq!((ledger.total, ledger.rest()), (Some((until, Pence(1_520_101))), Some(Pence(700_001))));
        world.app.perform(&finance, "t3", total(until, 820_100)).await.unwrap();
        let ledger = world.app.opening_ledger(&finance).await.unwrap();
        assert_eq!((ledger.rest(), ledger.unpaid.len()), (Some(Pence::ZERO), 1), "what is recorded last counts");
        let birmingham = actor(OFFICER, BIR, Role::FinanceOfficer);
        assert_eq!(world.app.opening_ledger(&birmingham).await.unwrap(), OpeningLedger::default());
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_cannot_be_used_is_left_out_only_on_purpose_and_comes_back_with_what_is_wrong() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let file = format!(
            "{HEAD}{}{}{}",
            row("1", "2021-02-01", "4100,,,,,,"),
            row("2", "soon", "=1+1,,,,,,"),
            row("1", "2021-02-01", "4100,,,,,,"),
        );
        send(&world, "k1", &file).await.unwrap();
        let checked = through(&world, 1).await;
        let told: Vec<(u32, &str)> = checked
            .wrong
            .iter()
            .flat_map(|row| row.errors.iter().map(|(column, _)| (row.row, column.as_str())))
            .collect();
        assert_eq!(told, [(3, "weekly_price"), (4, "source_reference")]);
        let confirm = |leave_out| ConfirmFile { number: 1, version: checked.upload.version, leave_out };
        let refused = world.app.perform(&officer(), "k2", confirm(false)).await;
        assert!(matches!(refused, Err(Outcome::Refused(refusal)) if refusal.code == "import_has_errors"));
        let sheet = world.app.upload_errors(&officer(), 1).await.unwrap();
        let csv = String::from_utf8(sheet.csv().unwrap()).unwrap();
        assert!(csv.lines().next().unwrap().ends_with("validation_result,errors"), "{csv}");
        assert!(csv.contains(",'=1+1,") && csv.contains("row 3 cannot be used"), "{csv}");
        world.app.perform(&officer(), "k3", confirm(true)).await.unwrap();
        let done = through(&world, 1).await;
        let UploadState::BroughtIn { done: tally, .. } = done.upload.state else { panic!("{:?}", done.upload.state) };
        assert_eq!((tally.changes, tally.wrong), (1, 2));
        // Corrected in the list of errors itself, the row goes in; what is in is told as held.
        let fixed = csv.replace("'=1+1", "3900").replace("soon", "2021-04-01");
        send(&world, "k4", &fixed).await.unwrap();
        let again = through(&world, 2).await;
        let UploadState::Checked { found } = again.upload.state else { panic!("{:?}", again.upload.state) };
        assert_eq!((found.changes, found.unchanged, found.wrong), (1, 1, 0), "{:?}", again.wrong);
        assert_eq!(again.upload.unread, 0, "the two columns of ours are no strangers");
    })
    .await;
}

#[tokio::test]
async fn rows_far_apart_that_want_one_bed_or_tell_of_one_child_are_told_at_the_check() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let well = |source: &str| row(source, "2021-02-01", "4100,,,,,,");
        let bad: String = (0..1_000).map(|number| row(&format!("B{number}"), "soon", "4100,,,,,,")).collect();
        // The home has three beds; the fifth row is about the first row's child.
        let other = well("5").replace("C5,", "C1,").replace("2007-03-01", "2008-03-01");
        let file = [HEAD, &well("1"), &well("2"), &bad, &other, &well("3"), &well("4")].concat();
        send(&world, "k1", &file).await.unwrap();
        let checked = through(&world, 1).await;
        let UploadState::Checked { found } = checked.upload.state else { panic!("{:?}", checked.upload.state) };
        assert_eq!((found.changes, found.unchanged, found.wrong), (3, 0, 1_002));
        let sheet = world.app.upload_errors(&officer(), 1).await.unwrap();
        let csv = String::from_utf8(sheet.csv().unwrap()).unwrap();
        let of = |row: u32| csv.lines().find(|line| line.contains(&format!("row {row} cannot be used")));
        let child = of(1_004).unwrap();
        assert!(child.contains("date_of_birth: Another row of this child has another date of birth"), "{child}");
        let bed = of(1_006).unwrap();
        assert!(bed.contains("start: No bed of the home takes these nights"), "{bed}");
        assert_eq!(of(1_005), None);
    })
    .await;
}

#[tokio::test]
async fn without_leaving_rows_out_one_that_cannot_be_used_any_more_stops_the_file_and_nothing_of_it_is_kept() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let of = |one: &str, two: &str| {
            format!("{HEAD}{}{}", row(one, "2021-02-01", "4100,,,,,,"), row(two, "2021-02-01", "4200,,,,,,"))
        };
        let confirm = |view: &UploadView, leave_out| {
            let upload = &view.upload;
            ConfirmFile { number: upload.number, version: upload.version, leave_out }
        };
        send(&world, "k1", of("1", "2")).await.unwrap();
        let checked = through(&world, 1).await;
        assert!(matches!(checked.upload.state, UploadState::Checked { found } if found.wrong == 0));
        // Meanwhile another file takes two of the home's three beds.
        send(&world, "k2", of("8", "9")).await.unwrap();
        let other = through(&world, 2).await;
        world.app.perform(&officer(), "c2", confirm(&other, false)).await.unwrap();
        through(&world, 2).await;
        world.app.perform(&officer(), "c1", confirm(&checked, false)).await.unwrap();
        let stopped = through(&world, 1).await;
        let UploadState::Stopped { found, done, .. } = stopped.upload.state else { panic!("{:?}", stopped.upload) };
        assert_eq!((found.changes, found.wrong, done), (1, 1, Tally::default()));
        let told: Vec<_> = stopped.wrong.iter().map(|row| (row.row, row.errors[0].0.as_str())).collect();
        assert_eq!(told, [(3, "start")]);
        assert!(stopped.wrong[0].errors[0].1.contains("No bed of the home takes these nights"));
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert!(session.agreement(HEF, "HEF-A-0003").await.is_err(), "nothing of the file was kept");
        assert!(session.child_by_number(HEF, 3).await.is_err());
        drop(session);
        let again = world.app.perform(&officer(), "c3", confirm(&stopped, false)).await;
        assert!(matches!(again, Err(Outcome::Refused(refusal)) if refusal.code == "import_has_errors"));
        world.app.perform(&officer(), "c4", confirm(&stopped, true)).await.unwrap();
        let after = through(&world, 1).await;
        let UploadState::BroughtIn { done, .. } = after.upload.state else { panic!("{:?}", after.upload) };
        assert_eq!((done.changes, done.wrong), (1, 1));
        assert!(world.app.store.read(Some(HEF)).await.unwrap().agreement(HEF, "HEF-A-0003").await.is_ok());
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[test]
fn a_file_of_more_placements_than_go_in_together_is_refused_before_anything_is_kept() {
    let rows: String = (0..=5_000).map(|number| row(&number.to_string(), "2021-02-01", "4100,,,,,,")).collect();
    let refused = SendFile::read(FileKind::Placements, "stays.csv", format!("{HEAD}{rows}").as_bytes());
    assert!(matches!(refused, Err(Outcome::Invalid(said)) if said.errors[0].message.contains("at most 5000 rows")));
}

#[tokio::test]
async fn a_file_goes_in_once_however_often_and_by_how_many_it_is_asked() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let file = format!("{HEAD}{}{}", row("1", "2021-02-01", "4100,,,,,,"), row("2", "2021-03-01", "4200,,,,,,"));
        let first = send(&world, "k1", &file).await.unwrap();
        let again = send(&world, "k1", &file).await.unwrap();
        assert_eq!((again.repeated, again.location), (true, first.location));
        let checked = through(&world, 1).await;
        let confirm = ConfirmFile { number: 1, version: checked.upload.version, leave_out: false };
        world.app.perform(&officer(), "k2", confirm.clone()).await.unwrap();
        let second = world.app.perform(&officer(), "k3", confirm).await;
        assert!(matches!(second, Err(Outcome::Conflict)), "{second:?}");
        let id = checked.upload.id;
        let both_ways = tokio::join!(world.app.advance(HEF, id, None), world.app.advance(HEF, id, None));
        assert!(both_ways.0.is_ok() && both_ways.1.is_ok(), "{both_ways:?}");
        world.app.do_due_jobs().await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert!(session.agreement(HEF, "HEF-A-0002").await.is_ok());
        assert!(session.agreement(HEF, "HEF-A-0003").await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_file_is_forgotten_and_nobody_else_finds_it() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let file = format!("{HEAD}{}", row("1", "2021-02-01", "4100,,,,,,"));
        send(&world, "k1", &file).await.unwrap();
        let checked = through(&world, 1).await;
        assert_eq!(checked.name.as_deref(), Some("stays.csv"));
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        assert!(matches!(world.app.upload(&manager, 1).await, Err(Outcome::NotFound)));
        let finance = actor(OFFICER, HEF, Role::FinanceOfficer);
        assert!(matches!(world.app.upload(&finance, 1).await, Err(Outcome::Forbidden(_))));
        let cancel = CancelFile { number: 1, version: checked.upload.version };
        world.app.perform(&officer(), "k2", cancel).await.unwrap();
        let after = world.app.upload(&officer(), 1).await.unwrap();
        assert_eq!((after.upload.state.name(), after.name, after.first.len()), ("cancelled", None, 0));
    })
    .await;
}

/// Another person of the authority brings a file of people to invite.
async fn send_people(world: &World, key: &str) {
    let file = "email,name,role,title,until,organisation\nbo@hef.example,Bo Lee,analyst,Analyst,,\n";
    let command = SendFile::read(FileKind::People, "people.csv", file.as_bytes()).unwrap();
    world.app.perform(&keeper(), key, command).await.unwrap();
}

fn keeper() -> Actor {
    actor(OFFICER, HEF, Role::Administrator)
}

#[tokio::test]
async fn the_list_of_past_files_has_those_that_a_person_may_bring_the_latest_first_in_parts_that_join() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let file = |number: u32| format!("{HEAD}{}", row(&number.to_string(), "2021-02-01", "4100,,,,,,"));
        send(&world, "k1", file(1)).await.unwrap();
        let version = through(&world, 1).await.upload.version;
        world.app.perform(&officer(), "c1", ConfirmFile { number: 1, version, leave_out: false }).await.unwrap();
        through(&world, 1).await;
        send_people(&world, "k2").await;
        send(&world, "k3", file(3)).await.unwrap();
        let version = through(&world, 3).await.upload.version;
        world.app.perform(&officer(), "c3", CancelFile { number: 3, version }).await.unwrap();
        for key in ["k4", "k5", "k6"] {
            send_people(&world, key).await;
        }
        let listed = async |who: Actor, below: Option<u32>, limit: u32| {
            let found = world.app.uploads(&who, below, limit).await.unwrap();
            found.iter().map(|(upload, _)| (upload.number, upload.state.name())).collect::<Vec<_>>()
        };
        let (first, third) = ((1, "brought_in"), (3, "cancelled"));
        assert_eq!(listed(officer(), None, 10).await, [third, first], "whatever became of it");
        assert_eq!(listed(officer(), None, 1).await, [third], "files of another kind take no place in the list");
        assert_eq!(listed(officer(), Some(3), 1).await, [first]);
        assert_eq!(listed(officer(), Some(1), 1).await, []);
        let numbers = |found: Vec<(u32, &'static str)>| found.into_iter().map(|(number, _)| number).collect::<Vec<_>>();
        assert_eq!(numbers(listed(keeper(), None, 2).await), [6, 5]);
        assert_eq!(numbers(listed(keeper(), Some(5), 2).await), [4, 2]);
        assert_eq!(listed(actor(MANAGER, PROVIDER, Role::ProviderManager), None, 10).await, [], "nothing of another's");
        let finance = actor(OFFICER, HEF, Role::FinanceOfficer);
        assert!(matches!(world.app.uploads(&finance, None, 10).await, Err(Outcome::Forbidden(_))));
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_table_says_so_before_anything_is_kept() {
    let wrong = |kind: FileKind, content: &[u8]| match SendFile::read(kind, "file.csv", content) {
        Err(Outcome::Invalid(invalid)) => invalid.errors[0].message.clone(),
        other => panic!("{other:?}"),
    };
    assert!(wrong(FileKind::Prices, b"%PDF-1.7").contains("neither CSV nor an XLSX workbook"));
    assert!(wrong(FileKind::Prices, b"urn,lot\nSC1,planned\n").contains("lacks from, weekly_price"));
    assert!(wrong(FileKind::Prices, b"urn,lot,from,weekly_price\n").contains("no row below its heads"));
    assert!(wrong(FileKind::Prices, b"urn,urn,lot,from,weekly_price\nSC1,,,,\n").contains("Two columns are named urn"));
}

#[tokio::test]
async fn rule_4_1_a_live_placement_brings_which_of_its_first_and_last_day_are_charged() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let head = format!("{},charged_days\n", HEAD.trim_end());
        let wrong = format!("{head}{}", row("1", "2021-02-01", "4100.50,,,,,,,sometimes"));
        send(&world, "k1", &wrong).await.unwrap();
        let checked = through(&world, 1).await;
        assert_eq!(checked.wrong[0].errors[0].0, "charged_days");
        let file = format!(
            "{head}{}{}",
            row("1", "2021-02-01", "4100.50,,,,2021-02-01,2021-02-15,7615.21,last_not_first"),
            row("2", "2021-03-01", "3500,,,,,,,"),
        );
        send(&world, "k2", &file).await.unwrap();
        let checked = through(&world, 2).await;
        let confirm = ConfirmFile { number: 2, version: checked.upload.version, leave_out: false };
        world.app.perform(&officer(), "k3", confirm).await.unwrap();
        through(&world, 2).await;
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let charged = async |reference| session.agreement(HEF, reference).await.unwrap().terms.charged;
        assert_eq!(charged("HEF-A-0001").await, ChargedDays::LastNotFirst);
        assert_eq!(charged("HEF-A-0002").await, ChargedDays::FirstNotLast);
        let finance = actor(OFFICER, HEF, Role::FinanceOfficer);
        let ledger = world.app.opening_ledger(&finance).await.unwrap();
        assert_eq!(ledger.rows[0].line.ours, Pence(761_521), "13 nights: the first day is not charged");
        assert_eq!(ledger.differing().count(), 0);
        let unpaid: Vec<_> = ledger.unpaid.iter().map(|row| row.reference.as_str()).collect();
        assert_eq!(unpaid, ["HEF-A-0002"], "nobody said what was paid");
    })
    .await;
}
