//! Notice of a key decision on its officer's page: the form that gives it, and what was given with the way to take it back.

use placewell_domain::power::decision::{Notice, NoticeKind};

use super::officer::OfficerView;
use crate::components::{Button, Details, Link, SummaryList};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::words;

/// The form of a notice: 28 clear days, or the facts for a sooner one.
pub(super) fn to_give(view: &OfficerView, form: Form) -> Html {
    let errors = &view.errors;
    let first = Notice::of_28_days(view.today).expected;
    let hints = [
        "The decision is taken 29 days after the notice or later.",
        "28 days are impracticable: the scrutiny chair is told in writing, then five clear working days pass.",
        "Not even that: the scrutiny chair agrees that the decision cannot reasonably wait.",
    ];
    let kinds = NoticeKind::ALL.iter().zip(hints).map(|(kind, hint)| Choice::new(kind.code(), kind.label()).hint(hint));
    let form = form
        .field(Field::radios("kind", "Kind of notice", kinds).errors(errors))
        .field(Field::date("on", "When was it published?").on(view.today).errors(errors))
        .field(
            Field::date("expected", "From which day is the decision to be taken?")
                .hint(format!("With 28 clear days from today: {} or later.", words::date(first)))
                .errors(errors),
        )
        .field(
            Field::textarea("notice_why", "Why sooner than after 28 clear days?")
                .hint("Only for the general exception and special urgency. Everybody reads it.")
                .rows(2)
                .limit(1_000)
                .errors(errors),
        )
        .field(
            Field::date("chair_on", "When was the scrutiny chair told, or when did the chair agree?")
                .hint("Only for the general exception and special urgency.")
                .errors(errors),
        )
        .confirming("decision.give_notice", errors)
        .button(Button::submit("Record that notice was published").secondary());
    Html::join([Html::heading("Notice of a decision to come"), form.into()])
}

/// What was given, and the way to take it off the plan.
pub(super) fn given(view: &OfficerView, notice: &Notice, form: Form) -> Html {
    let facts = SummaryList::new()
        .row("Notice published", words::long_date(notice.on))
        .row("Kind", notice.kind.label())
        .row("May be taken from", words::long_date(notice.expected))
        .maybe("Why sooner", notice.why.as_deref())
        .maybe("Scrutiny chair", notice.chair_on.map(words::long_date));
    let form = form
        .field(Field::textarea("reason", "Why is it not decided on this notice?").rows(2).errors(&view.errors))
        .field(Field::date("withdrawn_on", "When was it taken off?").on(view.today).errors(&view.errors))
        .confirming("decision.withdraw_notice", &view.errors)
        .button(Button::submit("Take it off the forward plan").warning());
    Html::join([
        Html::heading("On the forward plan"),
        facts.into(),
        Html::paragraph(Link::new("The forward plan, as everybody sees it", "/forward-plan")),
        Details::new("It is not going to be decided on this notice", form).into(),
    ])
}
