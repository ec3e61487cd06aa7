//! Ending a record about powers: a holding, an acting appointment, a sub-delegation, an urgency power, a duty. What was
//! done under it before stays as it was done (rules 1.1 and 1.8).

use jiff::civil::Date;

use crate::calendar::long_date;
use crate::nights::plus_days;
use crate::outcome::Refusal;

/// The day after the last day of a record that held from one day to another and is now ended on `last`. Nothing is
/// prolonged by ending it, nothing ends before it began, and what is over cannot be ended again.
pub fn ended((from, to): (Date, Date), last: Date, today: Date) -> Result<Date, Refusal> {
    let refuse = |code: &str, sentence: &str, found: String| {
        Err(Refusal::new(
            code,
            "A power holds from its first day to its last, by a recorded instrument",
            sentence,
            "A democratic services officer of the authority, by recording a new instrument",
        )
        .found(found))
    };
    let until = plus_days(last, 1);
    if to <= today {
        let found = format!("its last day was {}", long_date(plus_days(to, -1)));
        return refuse("already_ended", "This record has ended already, so it cannot be ended again.", found);
    }
    if last < from {
        let found = format!("first day {}, last day {}", long_date(from), long_date(last));
        return refuse("ends_before_it_begins", "The last day is before the first day of this record.", found);
    }
    if until > to {
        let found = format!("it ends on {} as recorded", long_date(plus_days(to, -1)));
        return refuse(
            "ending_prolongs",
            "Ending a record cannot prolong it. Somebody who stays longer needs a new appointment.",
            found,
        );
    }
    Ok(until)
}
