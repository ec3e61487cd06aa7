//! The condition of an admission, as every authority and its provider read it; and the regional team's form for what came of it.

use jiff::civil::Date;
use placewell_domain::homes::admission::evaluation::{Condition, ConditionState};
use placewell_domain::nights::plus_days;

use super::evaluation::RecordView;
use crate::components::{Colour, Inset, SummaryList, Tag};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::power::arrangement::Forms;
use crate::words;

/// What is asked for, by when, and what came of it, after other facts; nothing where an admission is under no condition.
pub(super) fn facts(list: SummaryList, condition: Option<&Condition>, today: Date) -> SummaryList {
    let Some(condition) = condition else { return list };
    let stands = condition.state.label();
    let (tag, came) = match &condition.state {
        ConditionState::Open if condition.overdue(today) => (Tag::new("Past its day", Colour::Orange), None),
        ConditionState::Open => (Tag::new(stands, Colour::Blue), None),
        ConditionState::Met { on, evidence, missed, .. } => {
            let met = Html::from(format!("Met on {}: {evidence}", words::date(*on)));
            let missed = missed.as_ref().map(|why| Html::from(format!("Not met by its day: {why}")));
            (Tag::new(stands, Colour::Green), Some(Html::lines(std::iter::once(met).chain(missed))))
        }
        ConditionState::NotMet { reason, at, .. } => {
            let why = format!("Recorded on {}: {reason}", words::date(at.date()));
            (Tag::new(stands, Colour::Red), Some(Html::from(why)))
        }
    };
    list.row("Condition of the admission", condition.words.as_str())
        .row("To be met by", words::date(condition.by))
        .row("The condition stands", tag)
        .maybe("What came of it", came)
}

/// The regional team says what came of it: nothing more is asked once it is met.
pub(super) fn record(page: Page, view: &RecordView, form: Form, forms: &Forms<'_>) -> Page {
    let Some(condition) = view.evaluation.condition_in_force() else { return page };
    if matches!(condition.state, ConditionState::Met { .. }) {
        return page;
    }
    let overdue = condition.overdue(view.today);
    let (form, on, label) = if overdue {
        let choices = [
            Choice::new("met", "It was met"),
            Choice::new("not_met", "It was not met: a watch of the provider is proposed"),
        ];
        let came_of = Field::radios("came_of", "What came of the condition?", choices);
        let came_of = came_of.value(forms.typed.get("came_of")).errors(forms.errors);
        let on = Field::date("on", "On which day was it met?").hint("Leave this empty where it was not.");
        (form.field(came_of), on, "What shows it, or why it was not met")
    } else {
        let on = Field::date("on", "On which day was it met?");
        (form.field(Field::hidden("came_of", "met")), on, "What shows that it was met?")
    };
    let form = form.field(on.parts(forms.typed.date("on")).errors(forms.errors)).field(
        Field::textarea("words", label)
            .hint("The provider and every authority read this. Do not include names of children.")
            .rows(3)
            .limit(2_000)
            .value(forms.typed.get("words"))
            .errors(forms.errors),
    );
    let page = page.heading("The condition of the admission");
    let page = if condition.is_open() && !overdue {
        let from = words::date(plus_days(condition.by, 1));
        page.with(Inset::new(format!("That it was not met can be recorded from {from}.")))
    } else {
        page
    };
    page.with(form.submit("Record what came of it"))
}
