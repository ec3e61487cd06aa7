//! Files of homes, beds and documents that a provider brings in: its own, with the checks of the pages, each thing once.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::date;
use placewell_app::clock::{Machine, moment_of};
use placewell_app::homes::home::paper::{KeepPaper, WithdrawPaper};
use placewell_app::office::import::{CancelFile, ConfirmFile, SendFile, UploadView};
use placewell_app::{App, Outcome};
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::admission::ground::AdmissionGround;
use placewell_domain::homes::home::RegisterEntry;
use placewell_domain::homes::home::paper::{Audience, PaperKind, PaperTerms, Standing};
use placewell_domain::homes::price::{LineKind, ScheduleSource};
use placewell_domain::id::{ArrangementId, HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::import::{FileKind, Tally, UploadState};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::{Arrangement, Lot};
use placewell_testkit::databases::both;

use super::keep::{actor, given};
use crate::award::files::workbook;

const PROVIDER: OrganisationId = OrganisationId(2);

/// Brings a file and goes on with it until a person is asked.
async fn checked_by(app: &Arc<App>, by: &Actor, kind: FileKind, content: impl AsRef<[u8]>) -> (UploadView, Tally) {
    let command = SendFile::read(kind, "rows.csv", content.as_ref()).unwrap();
    let key = placewell_app::office::person::random_text::<16>();
    let receipt = app.perform(by, &key, command).await.unwrap();
    let number = receipt.location.rsplit('/').next().unwrap().parse().unwrap();
    let id = app.upload(by, number).await.unwrap().upload.id;
    app.advance(by.organisation, id, None).await.unwrap();
    let view = app.upload(by, number).await.unwrap();
    let UploadState::Checked { found } = view.upload.state else { panic!("{:?}", view.upload.state) };
    (view, found)
}

async fn bring_in_by(app: &Arc<App>, by: &Actor, kind: FileKind, content: &str) -> Tally {
    let (view, found) = checked_by(app, by, kind, content).await;
    assert_eq!(found.wrong, 0, "{:?}", view.wrong);
    let confirm = ConfirmFile { number: view.upload.number, version: view.upload.version, leave_out: false };
    let key = placewell_app::office::person::random_text::<16>();
    app.perform(by, &key, confirm).await.unwrap();
    app.advance(by.organisation, view.upload.id, None).await.unwrap();
    let UploadState::BroughtIn { done, .. } = app.upload(by, view.upload.number).await.unwrap().upload.state else {
        panic!("it was brought in")
    };
    done
}

async fn checked(app: &Arc<App>, kind: FileKind, content: &str) -> (UploadView, Tally) {
    checked_by(app, &actor(2, Role::ProviderManager), kind, content).await
}

pub(super) async fn bring_in(app: &Arc<App>, kind: FileKind, content: &str) -> Tally {
    bring_in_by(app, &actor(2, Role::ProviderManager), kind, content).await
}

#[tokio::test]
async fn a_file_describes_homes_closes_beds_and_keeps_documents_and_again_changes_nothing() {
    both(async |database| {
        let app = given(&database).await;
        let manager = actor(2, Role::ProviderManager);
        let homes = "urn,name,age_from,age_to,sex,statement_of_purpose_on,postcode\nSC400001,Elm House,10,17,any,1 June 2021,HR1 2PX\n";
        let beds = "urn,bed,out_from,back_on,reason\nSC400001,bed 1,2021-09-20,2021-10-04,repair\n";
        let papers = "urn,document,reference,from,expires_on,seen_by\n,insurance_public,PL-1,2021-04-01,2021-09-20,region\n\
                      SC400001,regulation_44,R44-8,2021-08-01,,\n";
        for (kind, file, rows) in
            [(FileKind::Homes, homes, 1), (FileKind::Beds, beds, 1), (FileKind::Documents, papers, 2)]
        {
            assert_eq!(bring_in(&app, kind, file).await, Tally { changes: rows, unchanged: 0, wrong: 0 });
            let (_, again) = checked(&app, kind, file).await;
            assert_eq!(again, Tally { changes: 0, unchanged: rows, wrong: 0 }, "{}", kind.code());
            let (view, book) = checked_by(&app, &manager, kind, workbook(file)).await;
            assert_eq!(book, again, "the same as a workbook: {} {:?}", kind.code(), view.wrong);
        }
        let home = app.own_home(&manager, "SC400001").await.unwrap();
        assert_eq!((home.name.as_str(), home.purpose_as_of), ("Elm House", Some(date(2021, 6, 1))));
        assert!(home.postcode.is_some());
        let (held, _) = app.own_papers(&manager).await.unwrap();
        let stands: Vec<(&str, Standing)> =
            held.iter().map(|paper| (paper.reference.as_str(), paper.stands(date(2021, 9, 13)))).collect();
        assert_eq!(stands, [("PL-1", Standing::Lapses(8)), ("R44-8", Standing::Holds)]);
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test]
async fn rows_that_a_rule_refuses_name_row_and_column_and_keep_no_other_out() {
    both(async |database| {
        let app = given(&database).await;
        let beds = "urn,bed,out_from,back_on,reason\n\
                    SC400001,Bed 1,2021-09-20,,repair\n\
                    SC400001,Attic,2021-09-20,,repair\n\
                    SC499999,Bed 1,2021-09-20,,repair\n\
                    SC400001,Bed 2,20/13/2021,,whim\n";
        let (view, found) = checked(&app, FileKind::Beds, beds).await;
        assert_eq!(found, Tally { changes: 1, unchanged: 0, wrong: 3 });
        let told: Vec<(u32, &str)> =
            view.wrong.iter().flat_map(|row| row.errors.iter().map(|(column, _)| (row.row, column.as_str()))).collect();
        assert_eq!(told, [(3, "bed"), (4, "urn"), (5, "out_from"), (5, "reason")]);
    })
    .await;
}

#[tokio::test]
async fn two_closures_of_one_bed_in_different_parts_of_a_file_are_told_at_the_check() {
    both(async |database| {
        let app = given(&database).await;
        let manager = actor(2, Role::ProviderManager);
        let mut file = "urn,bed,out_from,back_on,reason\nSC400001,Bed 1,2021-09-20,2021-10-04,repair\n".to_owned();
        for number in 0..999 {
            writeln!(file, "SC400001,Attic {number},2021-09-20,,repair").unwrap();
        }
        file.push_str(
            "SC400001,bed 1,2021-10-01,2021-10-20,repair\nSC400001,Bed 1,2021-10-04,2021-10-10,repair\n\
             SC400001,Bed 2,2021-10-01,,repair\n",
        );
        let (view, found) = checked(&app, FileKind::Beds, &file).await;
        assert_eq!(found, Tally { changes: 3, unchanged: 0, wrong: 1_000 });
        let sheet = app.upload_errors(&manager, view.upload.number).await.unwrap();
        let told = format!("{:?}", sheet.rows.last().unwrap());
        assert!(told.contains("row 1002 cannot be used") && told.contains("Row 2 takes this bed"), "{told}");
        // What was told at the check is all: nothing stops the file.
        let confirm = ConfirmFile { number: view.upload.number, version: view.upload.version, leave_out: true };
        app.perform(&manager, "confirm", confirm).await.unwrap();
        app.advance(PROVIDER, view.upload.id, None).await.unwrap();
        let after = app.upload(&manager, view.upload.number).await.unwrap();
        let UploadState::BroughtIn { done, .. } = after.upload.state else { panic!("{:?}", after.upload) };
        assert_eq!(done, Tally { changes: 3, unchanged: 0, wrong: 1_000 });
    })
    .await;
}

#[tokio::test]
async fn ten_thousand_bad_rows_are_each_told_and_the_good_ones_go_in() {
    both(async |database| {
        let app = given(&database).await;
        let manager = actor(2, Role::ProviderManager);
        let mut file = "urn,document,reference,from,expires_on,seen_by\n".to_owned();
        for number in 0..10_050 {
            let from = if number < 10_000 { "soon" } else { "2021-04-01" };
            writeln!(file, "SC400001,other,D-{number},{from},,").unwrap();
        }
        let (view, found) = checked(&app, FileKind::Documents, &file).await;
        assert_eq!(found, Tally { changes: 50, unchanged: 0, wrong: 10_000 });
        let sheet = app.upload_errors(&manager, view.upload.number).await.unwrap();
        assert_eq!(sheet.rows.len(), 10_000);
        assert_eq!(view.wrong.len(), 100, "the page shows the first of them");
        let confirm = ConfirmFile { number: view.upload.number, version: view.upload.version, leave_out: true };
        app.perform(&manager, "confirm", confirm).await.unwrap();
        app.advance(PROVIDER, view.upload.id, None).await.unwrap();
        assert_eq!(app.own_papers(&manager).await.unwrap().0.len(), 50);
    })
    .await;
}

/// Home 1 goes to another provider.
async fn sold(app: &Arc<App>) {
    let moment = app.calendar.now();
    let mut work = app.store.begin(OrganisationId(1), moment).await.unwrap();
    let home = work.home(HomeId(1)).await.unwrap();
    let entry = RegisterEntry {
        provider: OrganisationId(3),
        area: home.area,
        sector: home.sector,
        places: home.places,
        short_breaks_only: home.short_breaks_only,
        suspended: false,
        registered_on: None,
    };
    work.apply(home.follow_register(entry, moment).unwrap()).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

#[tokio::test]
async fn nothing_goes_in_once_a_file_stopped_however_many_are_at_it() {
    both(async |database| {
        let app = given(&database).await;
        let manager = actor(2, Role::ProviderManager);
        let file = "urn,document,reference,from,expires_on,seen_by\n,other,D-1,2021-04-01,,\n\
                    SC400001,other,H-1,2021-04-01,,\n,other,D-2,2021-04-01,,\n";
        let (view, found) = checked(&app, FileKind::Documents, file).await;
        assert_eq!((found.changes, found.wrong), (3, 0));
        sold(&app).await;
        let confirm = ConfirmFile { number: view.upload.number, version: view.upload.version, leave_out: false };
        app.perform(&manager, "confirm", confirm).await.unwrap();
        // The page and the job: each has read that the file goes in before the other stops it.
        let id = view.upload.id;
        let told = tokio::join!(app.advance(PROVIDER, id, None), app.advance(PROVIDER, id, None));
        assert!(told.0.is_ok() && told.1.is_ok(), "{told:?}");
        let stopped = app.upload(&manager, view.upload.number).await.unwrap();
        let UploadState::Stopped { found, done, .. } = stopped.upload.state else { panic!("{:?}", stopped.upload) };
        assert_eq!((done, found), (Tally::default(), Tally { changes: 2, unchanged: 0, wrong: 1 }));
        assert_eq!(stopped.progress.done, 0);
        assert!(app.own_papers(&manager).await.unwrap().0.is_empty(), "what is told is what went in");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_stops_midway_tells_what_went_in_and_goes_on_without_the_rows_that_cannot_be_used() {
    both(async |database| {
        let app = given(&database).await;
        let manager = actor(2, Role::ProviderManager);
        let mut file = "urn,document,reference,from,expires_on,seen_by\n".to_owned();
        for number in 0..1_000 {
            writeln!(file, ",other,D-{number},2021-04-01,,").unwrap();
        }
        file.push_str("SC400001,other,H-1,2021-04-01,,\n,other,D-1000,2021-04-01,,\n");
        let (view, found) = checked(&app, FileKind::Documents, &file).await;
        assert_eq!(found, Tally { changes: 1_002, unchanged: 0, wrong: 0 });
        // Between the check and the confirmation the home goes to another provider.
        sold(&app).await;
        let confirm = |version, leave_out| ConfirmFile { number: view.upload.number, version, leave_out };
        app.perform(&manager, "c1", confirm(view.upload.version, false)).await.unwrap();
        app.advance(PROVIDER, view.upload.id, None).await.unwrap();
        let stopped = app.upload(&manager, view.upload.number).await.unwrap();
        let UploadState::Stopped { found, done, .. } = stopped.upload.state else { panic!("{:?}", stopped.upload) };
        assert_eq!(done, Tally { changes: 1_000, unchanged: 0, wrong: 0 });
        assert_eq!(found, Tally { changes: 1_001, unchanged: 0, wrong: 1 });
        assert_eq!((stopped.wrong.len(), stopped.wrong[0].row), (1, 1_002));
        assert_eq!(stopped.wrong[0].errors[0].0, "urn");
        assert_eq!(app.own_papers(&manager).await.unwrap().0.len(), 1_000, "what is told is what went in");
        let version = stopped.upload.version;
        assert!(matches!(app.perform(&manager, "c2", confirm(version, false)).await, Err(Outcome::Refused(_))));
        app.perform(&manager, "c3", confirm(version, true)).await.unwrap();
        app.advance(PROVIDER, view.upload.id, None).await.unwrap();
        let after = app.upload(&manager, view.upload.number).await.unwrap();
        let UploadState::BroughtIn { done, .. } = after.upload.state else { panic!("{:?}", after.upload) };
        assert_eq!(done, Tally { changes: 1_001, unchanged: 0, wrong: 1 });
        assert_eq!(app.own_papers(&manager).await.unwrap().0.len(), 1_001);
    })
    .await;
}

#[tokio::test]
async fn a_file_whose_text_is_forgotten_is_not_confirmed_and_can_be_given_up() {
    both(async |database| {
        let app = given(&database).await;
        let manager = actor(2, Role::ProviderManager);
        let file = "urn,document,reference,from,expires_on,seen_by\n,other,D-1,2021-04-01,,\n";
        let (view, _) = checked(&app, FileKind::Documents, file).await;
        let work = app.store.begin(PROVIDER, app.calendar.now()).await.unwrap();
        assert_eq!(work.forget_uploads(date(2021, 10, 30)).await.unwrap(), 1);
        work.commit(Machine::now()).await.unwrap();
        let (number, version) = (view.upload.number, view.upload.version);
        let told = app.perform(&manager, "confirm", ConfirmFile { number, version, leave_out: false }).await;
        let Err(Outcome::Refused(refusal)) = told else { panic!("{told:?}") };
        assert_eq!(refusal.code, "import_forgotten");
        app.perform(&manager, "cancel", CancelFile { number, version }).await.unwrap();
        assert_eq!(app.upload(&manager, number).await.unwrap().upload.state.name(), "cancelled");
    })
    .await;
}

#[tokio::test]
async fn a_document_is_renewed_by_its_number_and_withdrawn_once() {
    both(async |database| {
        let app = given(&database).await;
        let manager = actor(2, Role::ProviderManager);
        let keep = |until| KeepPaper {
            urn: None,
            kind: PaperKind::InsurancePublic,
            reference: "PL-1".to_owned(),
            terms: PaperTerms { from: date(2021, 4, 1), expires_on: Some(until), audience: Audience::Members },
            brought: None,
        };
        app.perform(&manager, "k1", keep(date(2021, 9, 20))).await.unwrap();
        app.perform(&manager, "k2", keep(date(2022, 9, 20))).await.unwrap();
        let with = |from, expires_on| {
            let until = date(2022, 9, 20);
            KeepPaper { terms: PaperTerms { from, expires_on, audience: Audience::Members }, ..keep(until) }
        };
        let endless = app.perform(&manager, "endless", with(date(2021, 4, 1), None)).await;
        assert!(matches!(&endless, Err(Outcome::Invalid(no)) if no.errors[0].field == "expires_on"), "{endless:?}");
        let gap = app.perform(&manager, "gap", with(date(2022, 12, 1), Some(date(2023, 11, 30)))).await;
        assert!(matches!(&gap, Err(Outcome::Refused(no)) if no.code == "insurance_gap"), "{gap:?}");
        let (held, _) = app.own_papers(&manager).await.unwrap();
        assert_eq!((held.len(), held[0].version, held[0].expires_on), (1, 2, Some(date(2022, 9, 20))));
        let withdraw = |version| WithdrawPaper { paper: held[0].id.0, version };
        app.perform(&manager, "k3", withdraw(2)).await.unwrap();
        assert!(app.perform(&manager, "k4", withdraw(3)).await.is_err(), "it is withdrawn once");
        assert!(app.own_papers(&manager).await.unwrap().0.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_file_of_prices_is_the_schedule_s_own_source_counts_once_and_tells_the_rows_that_a_rule_refuses() {
    both(async |database| {
        let app = given(&database).await;
        let (region, day) = (OrganisationId(1), date(2021, 9, 13));
        let mut work = app.store.begin(region, moment_of(day.at(10, 20, 0, 0))).await.unwrap();
        let (home, arrangement, lot) = (HomeId(1), ArrangementId(1), "planned".to_owned());
        let from = date(2021, 4, 1);
        let admission = Admission { home, arrangement, lot, from, until: OPEN_END, ended: None };
        let other = Lot { code: "emergency".into(), name: "Emergency care".into(), description: String::new() };
        let with_other = Arrangement { lots: vec![other], ..crate::award::world::arrangement() };
        work.apply(Arrangement::record(with_other)).await.unwrap();
        let provider = work.home(admission.home).await.unwrap().provider;
        let ground = AdmissionGround::before_record(provider, admission.from, "file 1");
        work.keep_admission_ground(&ground).await.unwrap();
        work.record_admission(&admission).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let lead = actor(1, Role::CommissioningLead);
        let prices = "urn,lot,line,from,until,weekly_price\n\
                      SC400001,planned,core,2021-10-01,2022-04-01,4150.50\n\
                      SC400001,planned,education,2021-10-01,,900\n";
        assert_eq!(
            bring_in_by(&app, &lead, FileKind::Prices, prices).await,
            Tally { changes: 2, unchanged: 0, wrong: 0 }
        );
        let (view, book) = checked_by(&app, &lead, FileKind::Prices, workbook(prices)).await;
        assert_eq!((book.changes, book.wrong), (0, 0), "the same as a workbook: {:?}", view.wrong);
        let (_, again) = checked_by(&app, &lead, FileKind::Prices, prices).await;
        assert_eq!(again, Tally { changes: 0, unchanged: 2, wrong: 0 }, "the same file changes nothing");
        let session = app.store.read(Some(region)).await.unwrap();
        let held = session.price_entries(home).await.unwrap();
        let mut told: Vec<_> = held.iter().map(|one| (one.line.as_str(), one.weekly, one.to, one.by.source)).collect();
        told.sort_by_key(|one| one.0);
        assert_eq!(
            told,
            [
                (LineKind::Core.code(), Some(Pence(415_050)), date(2022, 4, 1), ScheduleSource::File),
                (LineKind::Education.code(), Some(Pence::pounds(900)), OPEN_END, ScheduleSource::File),
            ]
        );
        drop(session);
        let wrong = "urn,lot,line,from,until,weekly_price\n\
                     SC400001,planned,core,2022-04-01,,4200\n\
                     SC400001,emergency,core,2021-10-01,,4200\n\
                     SC499999,planned,core,2021-10-01,,4200\n\
                     SC400001,planned,support,2021-10-01,,4200\n\
                     SC400001,planned,core,2021-10-01,2021-10-01,dear\n";
        let (view, found) = checked_by(&app, &lead, FileKind::Prices, wrong).await;
        assert_eq!(found, Tally { changes: 1, unchanged: 0, wrong: 4 });
        let rows: Vec<(u32, &str)> =
            view.wrong.iter().flat_map(|row| row.errors.iter().map(|(column, _)| (row.row, column.as_str()))).collect();
        let not_on_lot = rows[0].1;
        assert_eq!(
            rows,
            [(3, not_on_lot), (4, "urn"), (5, "line"), (6, "until"), (6, "weekly_price")],
            "each row with its column, or with the rule that refuses it"
        );
        assert_eq!(not_on_lot, "not_on_lot");
        let said = &view.wrong[0].errors[0].1;
        assert!(said.ends_with(" is not on lot Emergency care. Found: Emergency care."), "{said}");
        let entries = app.store.read(Some(region)).await.unwrap().price_entries(home).await.unwrap();
        assert_eq!(entries.len(), 2, "a check writes nothing");
    })
    .await;
}

#[tokio::test]
async fn a_document_is_read_by_those_whom_its_provider_shows_it_to_and_by_nobody_else() {
    both(async |database| {
        let app = given(&database).await;
        let manager = actor(2, Role::ProviderManager);
        let keep = |reference: &str, audience| KeepPaper {
            urn: Some("SC400001".into()),
            kind: PaperKind::Regulation44,
            reference: reference.into(),
            terms: PaperTerms { from: date(2021, 4, 1), expires_on: Some(date(2021, 11, 12)), audience },
            brought: None,
        };
        app.perform(&manager, "all", keep("R44-1", Audience::Members)).await.unwrap();
        app.perform(&manager, "region", keep("R44-2", Audience::Region)).await.unwrap();
        app.perform(&manager, "back", keep("R44-3", Audience::Members)).await.unwrap();
        let (own, _) = app.own_papers(&manager).await.unwrap();
        let back = own.iter().find(|paper| paper.reference == "R44-3").unwrap();
        app.perform(&manager, "withdraw", WithdrawPaper { paper: back.id.0, version: 1 }).await.unwrap();
        // What each may read is the database's own answer, whatever a query asks for.
        let read = async |reader: i64| {
            let session = app.store.read(Some(OrganisationId(reader))).await.unwrap();
            let all = session.papers_numbered(PROVIDER, &["R44-1", "R44-2", "R44-3"]).await.unwrap();
            let hidden = session.paper(PROVIDER, back.id).await.is_ok();
            (all.into_iter().map(|paper| paper.reference).collect::<Vec<_>>(), hidden)
        };
        let everything = vec!["R44-1".to_owned(), "R44-2".to_owned()];
        let organisations = app.store.read(None).await.unwrap().organisations().await.unwrap();
        for organisation in organisations {
            let (seen, withdrawn) = read(organisation.id.0).await;
            match organisation.kind {
                OrganisationKind::RegionalTeam => assert_eq!((seen, withdrawn), (everything.clone(), true)),
                OrganisationKind::Authority => assert_eq!((seen, withdrawn), (vec!["R44-1".to_owned()], false)),
                _ if organisation.id == PROVIDER => assert_eq!((seen, withdrawn), (everything.clone(), true)),
                _ => assert_eq!((seen, withdrawn), (vec![], false), "{}", organisation.code),
            }
        }
        let visitor = app.store.read(None).await.unwrap();
        let visitor = visitor.papers_numbered(PROVIDER, &["R44-1", "R44-2"]).await.unwrap();
        assert_eq!(visitor, vec![]);
    })
    .await;
}
