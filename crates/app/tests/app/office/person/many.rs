//! Many people invited by one file, on both databases: each once, through the checks of inviting one, by whoever keeps the
//! people of the organisation and by nobody else.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::date;
use placewell_app::clock::{Calendar, Machine};
use placewell_app::office::import::{ConfirmFile, SendFile, UploadView};
use placewell_app::office::organisation::{NewOrganisation, NewPerson};
use placewell_app::office::person::people::EndRole;
use placewell_app::office::person::random_text;
use placewell_app::{Answer, App, Outcome, Receipt};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::import::{FileKind, Tally, UploadState};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_store::verify::DEPLOYMENT;
use placewell_testkit::databases::{TestDatabase, both};
use sha2::{Digest, Sha256};

use crate::award::files::workbook;

const FILE: &str = "email,name,role,title,until\n\
                    A.Khan@hef.example,Amir Khan,placement_officer; analyst,Placement officer,2022-03-31\n\
                    b.lee@hef.example,Bo Lee,Finance officer,Accountant,\n";

/// Two authorities with an administrator each, the first with a second one, an officer, an approver and somebody of finance.
pub(super) async fn given(database: &TestDatabase) -> Arc<App> {
    let app = database.app(Calendar::standing(date(2021, 9, 13).at(10, 20, 0, 0))).await;
    let person = |name: &str, role: Role| NewPerson {
        email: format!("{name}@authority.example"),
        name: name.to_owned(),
        password: None,
        role,
        title: role.label().to_owned(),
        from: date(2019, 1, 1),
    };
    let first = vec![
        person("keeper", Role::Administrator),
        person("second", Role::Administrator),
        person("officer", Role::PlacementOfficer),
        person("finance", Role::FinanceOfficer),
        person("director", Role::Approver),
    ];
    for (code, area, people) in
        [("HEF", "E06000019", first), ("TEF", "E06000020", vec![person("elsewhere", Role::Administrator)])]
    {
        let new = NewOrganisation {
            code: code.to_owned(),
            name: format!("Council {code}"),
            kind: OrganisationKind::Authority,
            area: Some(area.to_owned()),
            placing_body: None,
            people,
        };
        app.make_organisation(&new).await.unwrap();
    }
    app
}

pub(super) async fn who(app: &Arc<App>, name: &str) -> Actor {
    app.actor_by_email(&format!("{name}@authority.example")).await.unwrap()
}

async fn send(app: &Arc<App>, by: &Actor, content: impl AsRef<[u8]>) -> Answer<Receipt> {
    let command = SendFile::read(FileKind::People, "people.csv", content.as_ref())?;
    app.perform(by, &random_text::<16>(), command).await
}

/// Goes on with a file until a person or nobody is asked.
async fn through(app: &Arc<App>, by: &Actor, number: u32) -> UploadView {
    let id = app.upload(by, number).await.unwrap().upload.id;
    app.advance(by.organisation, id, None).await.unwrap();
    app.upload(by, number).await.unwrap()
}

async fn checked(app: &Arc<App>, by: &Actor, content: impl AsRef<[u8]>) -> (UploadView, Tally) {
    let receipt = send(app, by, content).await.unwrap();
    let view = through(app, by, receipt.location.rsplit('/').next().unwrap().parse().unwrap()).await;
    let UploadState::Checked { found } = view.upload.state else { panic!("{:?}", view.upload.state) };
    (view, found)
}

fn confirm(view: &UploadView, leave_out: bool) -> ConfirmFile {
    ConfirmFile { number: view.upload.number, version: view.upload.version, leave_out }
}

/// The addresses and roles of those who are invited, and how many mails went to them.
async fn invited(app: &Arc<App>, by: &Actor) -> (Vec<(String, Role)>, usize) {
    let waiting = app.people(by).await.unwrap().invited;
    let mut all: Vec<(String, Role)> = waiting.into_iter().map(|one| (one.email, one.role)).collect();
    all.sort();
    let session = app.store.read(Some(by.organisation)).await.unwrap();
    (all, session.mails(by.organisation, 50).await.unwrap().len())
}

pub(super) fn refusal<T: std::fmt::Debug>(answer: Answer<T>) -> String {
    match answer {
        Err(Outcome::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_a_file_invites_each_person_once_and_the_same_file_again_nobody() {
    both(async |database| {
        let app = given(&database).await;
        let keeper = who(&app, "keeper").await;
        let (view, found) = checked(&app, &keeper, FILE).await;
        assert_eq!(found, Tally { changes: 2, unchanged: 0, wrong: 0 }, "{:?}", view.wrong);
        assert_eq!(invited(&app, &keeper).await, (Vec::new(), 0), "a check invites nobody");
        let key = random_text::<16>();
        assert!(!app.perform(&keeper, &key, confirm(&view, false)).await.unwrap().repeated);
        assert!(app.perform(&keeper, &key, confirm(&view, false)).await.unwrap().repeated, "a second click");
        let again = app.perform(&keeper, "other", confirm(&view, false)).await;
        assert!(matches!(again, Err(Outcome::Conflict)), "{again:?}");
        let done = through(&app, &keeper, view.upload.number).await;
        assert_eq!(done.upload.state.name(), "brought_in");
        let all = [
            ("a.khan@hef.example".to_owned(), Role::PlacementOfficer),
            ("a.khan@hef.example".to_owned(), Role::Analyst),
            ("b.lee@hef.example".to_owned(), Role::FinanceOfficer),
        ];
        assert_eq!(invited(&app, &keeper).await, (all.to_vec(), 3), "a mail for each role");
        let until = app.people(&keeper).await.unwrap().invited.into_iter().find(|one| one.role == Role::Analyst);
        assert_eq!(until.unwrap().until, date(2022, 4, 1), "the last day is the file's");

        for content in [FILE.as_bytes().to_vec(), workbook(FILE)] {
            let (view, found) = checked(&app, &keeper, content).await;
            assert_eq!(found, Tally { changes: 0, unchanged: 2, wrong: 0 }, "{:?}", view.wrong);
            let nothing = app.perform(&keeper, &random_text::<16>(), confirm(&view, false)).await;
            assert_eq!(refusal(nothing), "import_changes_nothing");
        }
        // Somebody who came already is invited to their other role alone.
        let mail = {
            let session = app.store.read(Some(keeper.organisation)).await.unwrap();
            let mails = session.whole_mails(keeper.organisation, 50).await.unwrap();
            mails.into_iter().find(|mail| mail.recipient == "b.lee@hef.example").unwrap()
        };
        let link = mail.body.lines().find_map(|line| line.strip_prefix("/emails/")).unwrap();
        app.accept_welcome(link.split('/').next().unwrap(), "three green doors and a lamp").await.unwrap();
        let (_, found) = checked(&app, &keeper, FILE).await;
        assert_eq!(found, Tally { changes: 0, unchanged: 2, wrong: 0 });
        let (_, more) = checked(&app, &keeper, FILE.replace("Finance officer", "Finance officer; analyst")).await;
        assert_eq!(more, Tally { changes: 1, unchanged: 1, wrong: 0 });
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_a_row_that_cannot_be_used_names_its_column_and_keeps_no_other_out() {
    both(async |database| {
        let app = given(&database).await;
        let keeper = who(&app, "keeper").await;
        let file = "email,name,role,title,until,organisation\n\
                    a.khan at hef,,king,Officer,,\n\
                    b@hef.example,Bo Lee,provider_manager,Manager,,\n\
                    c@hef.example,Cy Lee,guest,Guest,,\n\
                    d@hef.example,Di Lee,analyst,Analyst,2021-09-12,\n\
                    e@hef.example,Ed Lee,analyst,Analyst,,TEF\n\
                    f@hef.example,=1+1,analyst,Analyst,,\n\
                    g@hef.example,Gil Lee,analyst,Analyst,,hef\n\
                    G@hef.example,Gil Lee,Analyst,Analyst,,\n\
                    h@hef.example,Hal Lee,analyst; provider_manager,Analyst,,\n";
        let (view, found) = checked(&app, &keeper, file).await;
        assert_eq!(found, Tally { changes: 1, unchanged: 0, wrong: 8 }, "{:?}", view.wrong);
        let told: Vec<(u32, &str)> =
            view.wrong.iter().flat_map(|row| row.errors.iter().map(|(column, _)| (row.row, column.as_str()))).collect();
        let expected = [
            (2, "email"),
            (2, "name"),
            (2, "role"),
            (3, "role"),
            (4, "role"),
            (5, "until"),
            (6, "organisation"),
            (7, "name"),
            (9, "role"),
            (10, "role"),
        ];
        assert_eq!(told, expected);
        let sheet = app.upload_errors(&keeper, view.upload.number).await.unwrap();
        let csv = String::from_utf8(sheet.csv().unwrap()).unwrap();
        assert!(csv.contains("validation_result,errors") && csv.contains("'=1+1"), "{csv}");
        assert_eq!(sheet.rows.len(), 8);
        let whole = app.perform(&keeper, "whole", confirm(&view, false)).await;
        assert_eq!(refusal(whole), "import_has_errors");
        app.perform(&keeper, "good", confirm(&view, true)).await.unwrap();
        through(&app, &keeper, view.upload.number).await;
        let all = vec![("g@hef.example".to_owned(), Role::Analyst)];
        assert_eq!(invited(&app, &keeper).await, (all, 1), "of a row with one role that is not given, none is");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x_01_nobody_invites_by_a_file_who_could_not_by_hand() {
    both(async |database| {
        let app = given(&database).await;
        let (keeper, elsewhere) = (who(&app, "keeper").await, who(&app, "elsewhere").await);
        let officer = send(&app, &who(&app, "officer").await, FILE).await;
        assert!(matches!(officer, Err(Outcome::Forbidden(Action::KeepPeople))), "{officer:?}");
        let finance = send(&app, &who(&app, "finance").await, FILE).await;
        assert!(matches!(finance, Err(Outcome::Forbidden(Action::BringInFiles))), "{finance:?}");
        let (view, _) = checked(&app, &keeper, FILE).await;
        let number = view.upload.number;
        assert!(matches!(app.upload(&elsewhere, number).await, Err(Outcome::NotFound)), "it is the organisation's own");
        let theirs = app.perform(&elsewhere, "theirs", confirm(&view, false)).await;
        assert!(matches!(theirs, Err(Outcome::NotFound)), "{theirs:?}");
        assert!(matches!(app.upload(&who(&app, "officer").await, number).await, Err(Outcome::NotFound)));

        // Confirming it needs a recent proof, as inviting one does.
        let token = app.start_session(&keeper).await.unwrap();
        let work = app.store.begin(DEPLOYMENT, app.calendar.now()).await.unwrap();
        let digest = Sha256::digest(token.as_bytes()).to_vec();
        work.note_proof(&digest, Machine::now() - SignedDuration::from_secs(1)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let stale = app.signed_in(&token).await.unwrap().unwrap();
        let asked = app.perform(&stale, "stale", confirm(&view, false)).await;
        assert!(matches!(asked, Err(Outcome::ProveAgain)), "{asked:?}");

        // Whoever keeps people no longer when the rows go in, invites nobody.
        app.perform(&keeper, "confirm", confirm(&view, false)).await.unwrap();
        let second = who(&app, "second").await;
        let end = EndRole { person: keeper.person, role: Role::Administrator.code().to_owned() };
        app.perform(&second, "end", end).await.unwrap();
        let done = through(&app, &second, number).await;
        let UploadState::Stopped { found, done: tally, .. } = done.upload.state else {
            panic!("{:?}", done.upload.state)
        };
        assert_eq!((found.wrong, tally.changes), (2, 0), "it stopped, and nothing of it went in");
        assert_eq!(done.wrong[0].errors[0].0, "keeps_no_people");
        assert_eq!(invited(&app, &second).await, (Vec::new(), 0));
    })
    .await;
}

#[test]
fn a_file_of_people_has_fewer_rows_than_others() {
    let mut file = "email,name,role,title\n".to_owned();
    for number in 0..=1_000 {
        writeln!(file, "a{number}@hef.example,Amir Khan,analyst,Analyst").unwrap();
    }
    match SendFile::read(FileKind::People, "people.csv", file.as_bytes()) {
        Err(Outcome::Invalid(invalid)) => assert!(invalid.errors[0].message.contains("at most 1000 rows")),
        other => panic!("{other:?}"),
    }
}
