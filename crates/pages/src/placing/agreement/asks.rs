//! The forms of who pays a line, of a step-down review, and of what a provider asks for.

use super::acts::{ActForm, decided};
use crate::form::{Choice, Field, Form};

fn choices(pairs: &[(String, String)]) -> Vec<Choice> {
    pairs.iter().map(|(code, words)| Choice::new(code.as_str(), words.as_str())).collect()
}

fn radios(form: &ActForm, name: &'static str, legend: &str, pairs: &[(String, String)]) -> Field {
    Field::radios(name, legend, choices(pairs)).value(form.typed.get(name)).errors(&form.errors)
}

fn day(form: &ActForm, name: &'static str, legend: &str) -> Field {
    Field::date(name, legend).parts(form.typed.date(name)).errors(&form.errors)
}

fn number(form: &ActForm, name: &'static str, label: &str, hint: &str) -> Field {
    Field::text(name, label).hint(hint.to_owned()).width(5).value(form.typed.get(name)).errors(&form.errors)
}

fn yes_or_no(form: &ActForm, name: &'static str, legend: &str, (yes, no): (&str, &str)) -> Field {
    let choices = [Choice::new("yes", yes), Choice::new("no", no)];
    Field::radios(name, legend, choices).value(form.typed.get(name)).errors(&form.errors)
}

pub(super) fn share(sent: Form, form: &ActForm) -> Form {
    let hint = "In hundredths; the three make 100";
    sent.field(radios(form, "line", "Which line?", &form.lines))
        .field(number(form, "authority_share", "The authority pays", hint))
        .field(number(form, "education_share", "Education pays", hint))
        .field(number(form, "health_share", "Health pays", hint))
        .field(yes_or_no(form, "agreed", "Is the split agreed?", ("Agreed", "Disputed")))
        .submit("Record who pays")
}

pub(super) fn step_down(sent: Form, form: &ActForm) -> Form {
    let sent = sent
        .field(radios(form, "line", "Which support?", &form.lines))
        .field(radios(form, "outcome", "How does the review end?", &form.kinds))
        .field(day(form, "from", "From which night does it step down or stop? (optional)"))
        .field(number(form, "hours", "Hours a week after a step down (optional)", "In quarters, such as 14 or 10.5"))
        .field(day(form, "to", "Until which day is it approved again? (optional)"))
        .field(day(form, "review_on", "When is the next step-down review? (optional)"));
    decided(sent, form).submit("Record the review")
}

pub(super) fn ask(sent: Form, form: &ActForm) -> Form {
    sent.field(radios(form, "asked", "What do you report or ask for?", &form.kinds))
        .field(day(form, "on", "The day on which the child left, the planned end, or the night of the new price"))
        .field(yes_or_no(
            form,
            "planned",
            "If the child has left: was it planned? (optional)",
            ("Planned", "Unplanned"),
        ))
        .field(
            Field::select("reason", "If the child has left: why? (optional)", choices(&form.reasons))
                .value(form.typed.get("reason"))
                .errors(&form.errors),
        )
        .field(radios(form, "line", "If you ask for another price: of which line? (optional)", &form.lines))
        .field(
            Field::money("weekly", "If you ask for another price: of a week (optional)")
                .value(form.typed.get("weekly"))
                .errors(&form.errors),
        )
        .submit("Send this to the authority")
}

pub(super) fn confirm(sent: Form, form: &ActForm) -> Form {
    sent.field(radios(form, "made", "Which decision do you confirm?", &form.lines)).submit("Confirm in writing")
}

pub(super) fn decline(sent: Form, form: &ActForm) -> Form {
    sent.field(radios(form, "number", "What do you decline?", &form.lines))
        .field(radios(form, "reason", "Why?", &form.reasons))
        .submit("Decline this")
}
