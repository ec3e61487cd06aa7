//! The forms of the annual value: what counts, and the approved budget.

use jiff::civil::Date;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::annual_value::{Aspect, Holds, Reading};

use super::PATH;
use crate::form::{Choice, Field, Form};
use crate::page::Page;
use crate::shell::Shell;

/// The form by which the authority's reading is recorded.
pub fn reading_page(shell: Shell, key: &str, reading: &Reading, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("Record what counts").back(PATH).with_errors(errors);
    let form = Aspect::ALL.iter().fold(Form::post(format!("{PATH}/reading"), csrf, key), |form, aspect| {
        let choices = match aspect {
            Aspect::Net => [Choice::new("gross", "Gross"), Choice::new("net", "Net")],
            Aspect::Year => [
                Choice::new("contract year", "Contract year, 15 December to 14 December"),
                Choice::new("financial year", "Financial year, 1 April to 31 March"),
            ],
            Aspect::Spot | Aspect::Education | Aspect::Vat | Aspect::BlockVoids | Aspect::Successor => {
                [Choice::new("in", "Counted"), Choice::new("out", "Not counted")]
            }
        };
        form.field(Field::radios(aspect.code(), aspect.label(), choices).value(reading.answer(*aspect)).errors(errors))
    });
    let holds = Holds::ALL.iter().map(|holds| {
        let until = match holds {
            Holds::Planned => "Planned: to the planned end",
            Holds::Bound => "Bound: to the earliest date that notice allows",
            Holds::RunRate => "Run-rate: to the end of the year",
        };
        Choice::new(holds.code(), until)
    });
    let form = form
        .field(
            Field::radios("holds", "Which figure does the ceiling hold?", holds)
                .value(reading.holds.code())
                .errors(errors),
        )
        .field(
            Field::text("adviser", "Who advised on this reading?")
                .hint("By post, such as the section 151 officer")
                .value(reading.adviser.clone().unwrap_or_default())
                .errors(errors),
        )
        .submit("Record this reading")
        .cancel(PATH);
    Page::new(shell)
        .narrow()
        .text("The decision seldom says what its annual value holds. The authority records its own reading, with who advised on it. Every live agreement is counted anew.")
        .with(form)
}

/// The form by which the approved budget is recorded, with what was typed.
pub fn budget_page(shell: Shell, key: &str, typed: &[(String, String)], errors: &Invalid, today: Date) -> Page {
    let csrf = shell.csrf.clone();
    let get = |name: &str| typed.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let from = Field::date("from", "From which day does it stand?").errors(errors);
    let from = if typed.is_empty() {
        from.on(today)
    } else {
        from.parts([get("from_day"), get("from_month"), get("from_year")])
    };
    let shell = shell.titled("Record the approved budget").back(PATH).with_errors(errors);
    let form = Form::post(format!("{PATH}/budget"), csrf, key)
        .field(
            Field::money("approved", "Approved budget of a year for these placements")
                .value(get("approved"))
                .errors(errors),
        )
        .field(from)
        .field(
            Field::text("source", "Where and when was it approved?")
                .hint("Such as full council, 26 February 2021")
                .value(get("source"))
                .errors(errors),
        )
        .submit("Record this budget")
        .cancel(PATH);
    Page::new(shell)
        .narrow()
        .text("The ceiling is what the decision allows; the budget is what the council has set aside. Both are shown, and only the ceiling is held.")
        .with(form)
}
