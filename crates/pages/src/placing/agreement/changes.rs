//! The forms of an agreement's variations and of what is recorded with it: extra support, a price, the child's care,
//! the legal ground, and how a start without recorded power was put right.

use super::acts::{ActForm, decided};
use crate::form::{Choice, Field, Form};

fn text(form: &ActForm, name: &'static str, label: &str) -> Field {
    Field::text(name, label).value(form.typed.get(name)).errors(&form.errors)
}

fn day(form: &ActForm, name: &'static str, legend: &str) -> Field {
    Field::date(name, legend).parts(form.typed.date(name)).errors(&form.errors)
}

fn lines(form: &ActForm, name: &'static str, label: &str, hint: &str) -> Field {
    Field::textarea(name, label).hint(hint.to_owned()).rows(4).value(form.typed.get(name)).errors(&form.errors)
}

fn reasons(form: &ActForm, legend: &str) -> Field {
    let choices = form.reasons.iter().map(|(code, words)| Choice::new(code.as_str(), words.as_str()));
    Field::radios("reason", legend, choices).value(form.typed.get("reason")).errors(&form.errors)
}

/// What in the words may tell who the child is, to be confirmed one by one.
fn named(sent: Form, form: &ActForm, act: &str) -> Form {
    sent.confirming_names(act, &form.typed, &form.errors)
}

pub(super) fn support(sent: Form, form: &ActForm) -> Form {
    let sent = sent
        .field(text(form, "label", "What is the support?").hint("Such as evenings and weekends. Name no child."))
        .field(text(form, "hours", "Hours a week").hint("In quarters, such as 28 or 10.5").width(5))
        .field(Field::money("rate", "Rate of an hour").value(form.typed.get("rate")).errors(&form.errors))
        .field(text(form, "staff", "How many staff to the child?").width(2))
        .field(day(form, "from", "From which night?"))
        .field(day(form, "to", "Until which day? This night is not charged"))
        .field(day(form, "review_on", "When is a step-down looked at?"))
        .field(lines(form, "why", "Reason, where the rate is not a scheduled one (optional)", "Name no child."));
    named(decided(sent, form), form, "agreement.support").submit("Agree this support")
}

pub(super) fn price(sent: Form, form: &ActForm) -> Form {
    let choices = form.lines.iter().map(|(number, words)| Choice::new(number.as_str(), words.as_str()));
    let sent = sent
        .field(Field::radios("line", "Which line?", choices).value(form.typed.get("line")).errors(&form.errors))
        .field(
            Field::money("weekly", "New price of a week")
                .hint("Enter 0 where the line stops")
                .value(form.typed.get("weekly"))
                .errors(&form.errors),
        )
        .field(day(form, "from", "From which night?"))
        .field(reasons(form, "Why does it change?"))
        .field(
            text(form, "decided", "What decided the rise? (only for a rise that was already decided)")
                .hint("The decision, minute or letter, such as Uplift letter of the region, 1 April 2021"),
        )
        .field(lines(form, "why", "Reason, where the price is not a scheduled one (optional)", "Name no child."));
    named(decided(sent, form), form, "agreement.price").submit("Change this price")
}

pub(super) fn particulars(sent: Form, form: &ActForm) -> Form {
    let included = form.reasons.iter().map(|(code, words)| Choice::new(code.as_str(), words.as_str()));
    let hint = "One a line. Do not write the child's name. This is kept sealed, and both sides read it.";
    let sent = sent
        .field(lines(form, "outcomes", "What is the placement to achieve?", hint))
        .field(lines(form, "staffing", "How is the home staffed for this child?", "One arrangement a line"))
        .field(
            Field::checkboxes("included", "What does the price include?", included)
                .values(form.typed.all("included").map(str::to_owned).collect::<Vec<_>>())
                .errors(&form.errors),
        )
        .field(lines(form, "education", "How is the child educated?", "One arrangement a line"))
        .field(lines(form, "health", "How is the child's health looked after?", "One arrangement a line"));
    named(sent, form, "agreement.particulars").submit("Save what the agreement says")
}

pub(super) fn condition(sent: Form, form: &ActForm) -> Form {
    let choices = form.lines.iter().map(|(number, words)| Choice::new(number.as_str(), words.as_str()));
    sent.field(
        Field::radios("number", "Which condition was met?", choices)
            .value(form.typed.get("number"))
            .errors(&form.errors),
    )
    .field(day(form, "on", "On which day?"))
    .submit("Record that it was met")
}

pub(super) fn ground(sent: Form, form: &ActForm) -> Form {
    sent.field(reasons(form, "On which ground does the award rest?"))
        .field(day(form, "notice_on", "When was the award notice sent? (optional)"))
        .field(text(form, "notice", "The award notice's number (optional)"))
        .submit("Record the ground")
}

pub(super) fn put_right(sent: Form, form: &ActForm) -> Form {
    sent.field(reasons(form, "How was it put right?"))
        .field(text(form, "decision", "The decision's reference").hint("Leave this empty where the placement ended"))
        .submit("Record how it was put right")
}
