//! A return's moves, its due day and its corrections.
#![allow(clippy::unwrap_used)]

use super::*;
use jiff::civil::date;

fn moment(day: Date) -> Moment {
    Moment { at: jiff::Timestamp::UNIX_EPOCH, local: day.at(10, 20, 0, 0) }
}

const TODAY: Date = date(2021, 9, 13);
const BY: PersonId = PersonId(3);

fn scheduled(quarter: Date) -> Scheduled {
    Scheduled {
        region: OrganisationId(1),
        provider: OrganisationId(2),
        home: HomeId(5),
        urn: "SC400001".into(),
        name: "Elm House".into(),
        places: 4,
        quarter,
    }
}

fn due() -> QualityReturn {
    let of = scheduled(date(2021, 4, 1));
    QualityReturn::schedule(7, of, &WorkingDays::default(), moment(TODAY)).unwrap().into_parts().0
}

fn whole(value: i64) -> Filled {
    let figures = Figure::ALL.iter().map(|one| (*one, if *one == Figure::Restraint { value } else { 0 })).collect();
    Filled { figures, note: String::new() }
}

fn sent() -> QualityReturn {
    let known = Figures::from([(Figure::Asked, 2), (Figure::ChildNights, 0)]);
    due().send((whole(1), known), None, (BY, moment(TODAY))).unwrap().into_parts().0
}

fn fields(invalid: &Invalid) -> Vec<&str> {
    invalid.errors.iter().map(|one| one.field.as_str()).collect()
}

#[test]
fn a_return_is_due_fifteen_working_days_after_its_quarter() {
    assert_eq!(due().due, date(2021, 7, 21));
    assert!(due().overdue(TODAY) && !due().overdue(date(2021, 7, 21)));
    let late = sent();
    assert!(late.was_late() && !late.overdue(TODAY));
    let after_christmas = scheduled(date(2020, 10, 1));
    let one = QualityReturn::schedule(7, after_christmas, &WorkingDays::default(), moment(TODAY)).unwrap();
    assert_eq!(one.next().due, date(2021, 1, 22), "New Year's Day does not count");
}

#[test]
fn a_return_for_a_quarter_to_come_or_before_all_templates_is_refused() {
    let asked = |quarter| {
        let made = QualityReturn::schedule(7, scheduled(quarter), &WorkingDays::default(), moment(TODAY));
        made.map(|one| one.next().template.clone()).map_err(|invalid| invalid.errors[0].field.clone())
    };
    assert_eq!(asked(date(2021, 7, 1)), Err("quarter".to_owned()), "it is not over");
    assert_eq!(asked(date(2022, 1, 1)), Err("quarter".to_owned()));
    assert_eq!(asked(date(2021, 4, 2)), Err("quarter".to_owned()), "no quarter begins then");
    assert_eq!(asked(date(2018, 7, 1)), Err("quarter".to_owned()));
    assert_eq!(asked(date(2020, 10, 1)), Ok("2018".to_owned()));
}

#[test]
fn a_correction_says_why_and_what_was_sent_before_stays() {
    let again = sent().send((whole(2), Figures::new()), None, (BY, moment(TODAY))).unwrap_err();
    assert_eq!(fields(&again), ["reason"]);
    let why = Some(CorrectionReason::Miscounted);
    let same = sent().send((whole(1), Figures::new()), why, (BY, moment(TODAY))).unwrap_err();
    assert_eq!(fields(&same), ["note"]);
    let accepted = sent().accept(PersonId(9), moment(TODAY)).unwrap().into_parts().0;
    let corrected = accepted.send((whole(2), Figures::new()), why, (BY, moment(TODAY))).unwrap().into_parts().0;
    assert_eq!(corrected.state.name(), "sent", "a correction is read again");
    let said: Vec<i64> = corrected.sent.iter().map(|one| one.filled.figures[&Figure::Restraint]).collect();
    assert_eq!(said, [1, 2]);
}

#[test]
fn what_the_home_says_stands_beside_what_is_known_here() {
    assert_eq!(sent().differs(), [(Figure::Asked, 0, 2)], "the nights are the same");
}

#[test]
fn an_officer_asks_about_figures_that_the_return_has() {
    let nothing = sent().ask_again((vec![], String::new()), (BY, moment(TODAY))).unwrap().unwrap_err();
    assert_eq!(fields(&nothing), ["figures", "words"]);
    let asked = sent().ask_again((vec![Figure::Asked], "Two were sent.".into()), (BY, moment(TODAY)));
    let asked = asked.unwrap().unwrap().into_parts().0;
    assert!(asked.waits_for_home() && !asked.overdue(TODAY));
}

#[test]
fn a_return_moves_as_its_table_says() {
    for state in ReturnState::NAMES {
        let at = || match *state {
            "due" => due(),
            "sent" => sent(),
            "asked_again" => {
                let asked = sent().ask_again((vec![Figure::Asked], "Why?".into()), (BY, moment(TODAY)));
                asked.unwrap().unwrap().into_parts().0
            }
            _ => sent().accept(BY, moment(TODAY)).unwrap().into_parts().0,
        };
        let to = |act: &str| MOVES.iter().find(|step| step.from == *state && step.act == act).map(|step| step.to);
        let why = Some(CorrectionReason::Asked);
        let name = |change: Change<QualityReturn>| change.next().state.name();
        let found = [
            ("save", at().save(whole(3)).ok().map(name)),
            ("send", at().send((whole(3), Figures::new()), why, (BY, moment(TODAY))).ok().map(name)),
            ("accept", at().accept(BY, moment(TODAY)).ok().map(name)),
            ("follow_home", at().follow_home(OrganisationId(8)).ok().map(name)),
            (
                "ask_again",
                at().ask_again((vec![Figure::Asked], "Why?".into()), (BY, moment(TODAY)))
                    .ok()
                    .and_then(Result::ok)
                    .map(name),
            ),
        ];
        for (act, found) in found {
            assert_eq!(found, to(act), "{act} from {state}");
        }
    }
}
