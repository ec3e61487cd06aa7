//! Where a file stands: the moves that are allowed, and those that are not.

#![allow(clippy::unwrap_used)]

use jiff::civil::date;

use super::*;
use crate::office::access::{Role, may};

fn moment() -> Moment {
    crate::clock::Moment { at: jiff::Timestamp::UNIX_EPOCH, local: date(2021, 9, 13).at(10, 20, 0, 0) }
}

const FOUND: Tally = Tally { changes: 8, unchanged: 1, wrong: 2 };

fn upload(state: UploadState) -> Upload {
    Upload {
        id: UploadId(7),
        version: 4,
        organisation: OrganisationId(1),
        number: 3,
        kind: FileKind::Prices,
        by: PersonId(5),
        at: moment().local,
        digest: "ab".to_owned(),
        rows: 11,
        unread: 0,
        bared: 0,
        state,
    }
}

fn every_state() -> Vec<UploadState> {
    let (by, at) = (PersonId(5), moment().local);
    vec![
        UploadState::Checking,
        UploadState::Checked { found: FOUND },
        UploadState::BringingIn { found: FOUND, by, at, leave_out: false },
        UploadState::Stopped { found: FOUND, done: Tally::default(), at },
        UploadState::BroughtIn { done: FOUND, at },
        UploadState::Cancelled { by, at, done: Tally::default() },
    ]
}

#[test]
fn a_file_moves_as_its_table_says_and_in_no_other_way() {
    for state in every_state() {
        let name = state.name();
        assert!(UploadState::NAMES.contains(&name));
        let made = [
            ("checked", upload(state.clone()).checked(FOUND)),
            ("confirm", upload(state.clone()).confirm(true, PersonId(5), moment())),
            ("finish", upload(state.clone()).finish(FOUND, moment())),
            ("stop", upload(state.clone()).stop(FOUND, Tally::default(), moment())),
            ("cancel", upload(state.clone()).cancel(PersonId(5), moment())),
        ];
        for (act, made) in made {
            let listed = MOVES.iter().find(|step| step.from == name && step.act == act).map(|step| step.to);
            assert_eq!(made.ok().map(|change| change.next().state.name()), listed, "{act} from {name}");
        }
    }
}

#[test]
fn a_file_with_wrong_rows_goes_in_only_where_they_are_left_out_on_purpose() {
    let refused = upload(UploadState::Checked { found: FOUND }).confirm(false, PersonId(5), moment()).unwrap_err();
    assert_eq!((refused.code.as_str(), refused.value.as_str()), ("import_has_errors", "2 of 11 rows"));
    let nothing = Tally { changes: 0, unchanged: 9, wrong: 0 };
    let refused = upload(UploadState::Checked { found: nothing }).confirm(true, PersonId(5), moment()).unwrap_err();
    assert_eq!(refused.code, "import_changes_nothing");
    let well = Tally { wrong: 0, ..FOUND };
    assert!(upload(UploadState::Checked { found: well }).confirm(false, PersonId(5), moment()).is_ok());
}

#[test]
fn a_file_that_stopped_says_what_went_in_before_and_goes_on_only_without_the_rows_that_cannot_be_used() {
    let at = moment().local;
    let stopped = |done| upload(UploadState::Stopped { found: FOUND, done, at });
    let some = Tally { changes: 3, unchanged: 1, wrong: 0 };
    let refused = stopped(some).confirm(false, PersonId(5), moment()).unwrap_err();
    assert_eq!(refused.code, "import_has_errors");
    assert!(refused.sentence.ends_with("3 rows were brought in before; they stay."), "{}", refused.sentence);
    let refused = stopped(Tally::default()).confirm(false, PersonId(5), moment()).unwrap_err();
    assert!(refused.sentence.ends_with("Nothing was brought in."), "{}", refused.sentence);
    let on = stopped(some).confirm(true, PersonId(5), moment()).unwrap();
    assert!(matches!(on.next().state, UploadState::BringingIn { leave_out: true, .. }));
    let all = Tally { changes: 8, unchanged: 1, wrong: 0 };
    let refused = stopped(all).confirm(true, PersonId(5), moment()).unwrap_err();
    assert_eq!(refused.code, "import_changes_nothing", "all that can be used is in");
    let given_up = stopped(some).cancel(PersonId(5), moment()).unwrap();
    assert_eq!(given_up.next().state.label(), "Cancelled, partly brought in");
    let before = r#"{"bringing_in":{"found":{"changes":1,"unchanged":0,"wrong":0},"by":5,"at":"2021-09-13T10:20:00"}}"#;
    let read: UploadState = serde_json::from_str(before).unwrap();
    assert!(matches!(read, UploadState::BringingIn { leave_out: false, .. }), "one confirmed before it was kept");
}

#[test]
fn who_brings_a_file_may_do_by_hand_what_its_rows_do() {
    for kind in FileKind::ALL {
        let roles: Vec<&Role> = Role::ALL.iter().filter(|role| may(**role, kind.action())).collect();
        assert!(!roles.is_empty(), "{}", kind.code());
        for role in roles {
            assert!(may(*role, Action::BringInFiles), "{} brings in {}", role.code(), kind.code());
        }
    }
}
