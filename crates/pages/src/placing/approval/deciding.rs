//! Each decision on a page of its own: what is about to happen, the reason where one is needed, and the act.

use placewell_domain::outcome::Invalid;

use crate::components::{Inset, SummaryList};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;

/// Which decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deciding {
    /// Approve, with or without conditions.
    Approve,
    /// Refuse.
    Refuse,
    /// Ask the officer.
    Ask,
    /// The officer answers.
    Answer,
    /// Pass to another.
    PassOn,
    /// The officer records what was said.
    Verbal,
    /// Confirm in writing what was said.
    Confirm,
    /// The Director confirms what somebody on call did at night.
    Night,
    /// The officer records that a consultation was done that an emergency let follow.
    FollowUp,
    /// The officer takes the recommendation back.
    TakeBack,
}

impl Deciding {
    const fn path(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Refuse => "refuse",
            Self::Ask => "ask",
            Self::Answer => "answer",
            Self::PassOn => "reassign",
            Self::Verbal => "verbal",
            Self::Confirm => "confirm",
            Self::Night => "director",
            Self::FollowUp => "follow-up",
            Self::TakeBack => "take-back",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Approve => "Approve this placement",
            Self::Refuse => "Refuse this placement",
            Self::Ask => "Ask a question",
            Self::Answer => "Answer the question",
            Self::PassOn => "Pass this request to somebody else",
            Self::Verbal => "Record a verbal approval",
            Self::Confirm => "Confirm what you said",
            Self::Night => "Confirm what was done at night",
            Self::FollowUp => "Record that a consultation was done",
            Self::TakeBack => "Take the recommendation back",
        }
    }
}

/// Somebody who may decide: id, name, right.
#[derive(Debug, Clone, Default)]
pub struct DeciderView {
    /// The person's id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// By what right.
    pub basis: String,
}

/// The form of a decision.
#[derive(Debug, Clone, Default)]
pub struct DecideForm {
    /// The approval.
    pub reference: String,
    /// The version that the page shows.
    pub version: i64,
    /// The idempotency key.
    pub key: String,
    /// The hash of the facts shown.
    pub hash: String,
    /// Repeated: what is about to happen.
    pub facts: Vec<(String, String)>,
    /// The coded reasons of a refusal.
    pub reasons: Vec<(String, String)>,
    /// Who may decide.
    pub people: Vec<DeciderView>,
    /// What is still to follow: code, words, by when.
    pub follows: Vec<(String, String, String)>,
    /// The annual value does not hold it, or no power is in force: urgency can be used, with these words.
    pub urgency: Option<String>,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page of a decision.
pub fn decide(shell: Shell, form: &DecideForm, deciding: Deciding) -> Page {
    let back = format!("/approvals/{}", form.reference);
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled(deciding.title())
        .caption(form.reference.as_str())
        .record(form.reference.as_str())
        .back(back.as_str())
        .with_errors(&form.errors);
    let facts =
        form.facts.iter().fold(SummaryList::new(), |list, (name, value)| list.row(name.as_str(), value.as_str()));
    if matches!(deciding, Deciding::FollowUp) && form.follows.is_empty() {
        return Page::new(shell).narrow().with(facts).with(Inset::new("Nothing is still to follow here."));
    }
    let action = format!("/approvals/{}/{}", form.reference, deciding.path());
    let sent = Form::post(action, csrf, form.key.as_str()).version(form.version);
    let sent = fields(sent, form, deciding).cancel(back);
    Page::new(shell).narrow().with(facts).with(sent)
}

fn fields(sent: Form, form: &DecideForm, deciding: Deciding) -> Form {
    let words = |label: &str| {
        Field::textarea("words", label)
            .hint("Do not write the child's name. This is kept sealed with the child's record.")
            .limit(4_000)
            .errors(&form.errors)
            .value(form.typed.get("words"))
    };
    match deciding {
        Deciding::Approve => {
            let mut sent = sent
                .field(Field::hidden("seen", form.hash.as_str()))
                .field(
                    words("Conditions, if there are any (optional)")
                        .hint("One a line. They stand in the agreement, which the provider reads. Name no child."),
                );
            sent = urgency(sent, form).confirming_names("approval.approve", &form.typed, &form.errors);
            sent.submit("Approve this placement")
        }
        Deciding::Refuse => {
            let choices = form.reasons.iter().map(|(code, label)| Choice::new(code.as_str(), label.as_str()));
            sent.field(
                Field::radios("reason", "Why do you refuse it?", choices)
                    .errors(&form.errors)
                    .value(form.typed.get("reason")),
            )
            .field(words("In your own words (optional)"))
            .submit("Refuse this placement")
        }
        Deciding::Ask => sent.field(words("Your question")).submit("Ask the officer"),
        Deciding::Answer => sent.field(words("Your answer")).submit("Answer the approver"),
        Deciding::PassOn => sent.field(people(form, "Who should decide?")).submit("Pass this request on"),
        Deciding::Verbal => urgency(sent.field(Field::hidden("seen", form.hash.as_str())), form)
            .part(Inset::new("Read these facts out. The record holds that the approval rests on them."))
            .field(people(form, "Who approved it?"))
            .field(Field::date("said_on", "On which day?").parts(form.typed.date("said_on")).errors(&form.errors))
            .field(
                Field::time("said_on_time", "At what time?").value(form.typed.get("said_on_time")).errors(&form.errors),
            )
            .submit("Record the verbal approval"),
        Deciding::Confirm => sent
            .part(Html::paragraph("By confirming you approve in writing what you approved by word of mouth."))
            .submit("Confirm in writing"),
        Deciding::Night => sent
            .part(Html::paragraph("By confirming you take on what somebody on call approved under the urgency power."))
            .submit("Confirm as Director"),
        Deciding::FollowUp => follow_up(sent, form),
        Deciding::TakeBack => sent
            .part(Html::paragraph(
                "Every approval of this recommendation becomes void, and the approvers are told. The offer stays on the \
                 shortlist and can be recommended again.",
            ))
            .submit("Take the recommendation back"),
    }
}

/// The choice to use urgency, where only urgency can carry the award.
fn urgency(sent: Form, form: &DecideForm) -> Form {
    let Some(urgency) = &form.urgency else { return sent };
    let choice = Choice::new("yes", "Use the urgency power instead of the limb");
    sent.part(Inset::new(urgency.as_str())).field(
        Field::checkboxes("urgent", "Urgency", [choice])
            .values(form.typed.all("urgent").map(str::to_owned).collect::<Vec<_>>())
            .errors(&form.errors),
    )
}

fn follow_up(sent: Form, form: &DecideForm) -> Form {
    let choices = form
        .follows
        .iter()
        .map(|(code, what, by)| Choice::new(code.as_str(), what.as_str()).hint(format!("By the end of {by}")));
    sent.field(Field::radios("what", "What was done?", choices).errors(&form.errors).value(form.typed.get("what")))
        .field(Field::date("done_on", "On which day?").parts(form.typed.date("done_on")).errors(&form.errors))
        .submit("Record that it was done")
}

fn people(form: &DecideForm, legend: &str) -> Field {
    let choices = form
        .people
        .iter()
        .map(|person| Choice::new(person.id.as_str(), person.name.as_str()).hint(person.basis.as_str()));
    Field::radios("person", legend, choices).errors(&form.errors).value(form.typed.get("person"))
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let form = DecideForm {
        reference: "HEF-D-0088".to_owned(),
        version: 1,
        key: "k".to_owned(),
        hash: "9f2c".to_owned(),
        facts: vec![("Price".to_owned(), "£4,150 a week".to_owned())],
        reasons: vec![("price".to_owned(), "The price is not justified".to_owned())],
        people: vec![DeciderView {
            id: "7".to_owned(),
            name: "Morwenna Achterberg".to_owned(),
            basis: "Limb (b) of decision HEF-2019-0114.".to_owned(),
        }],
        follows: vec![(
            "relatives".to_owned(),
            "Consulting the child's relatives".to_owned(),
            "20 September 2021".to_owned(),
        )],
        urgency: Some("The annual value does not hold this award.".to_owned()),
        ..DecideForm::default()
    };
    let wrong = DecideForm { errors: Invalid::one("reason", "Choose why you refuse it"), ..form.clone() };
    let page = |form: &DecideForm, deciding| decide(samples::signed_in_shell(), form, deciding).to_string();
    vec![
        ("approve", page(&form, Deciding::Approve)),
        ("refuse with an error", page(&wrong, Deciding::Refuse)),
        ("ask", page(&form, Deciding::Ask)),
        ("answer", page(&form, Deciding::Answer)),
        ("pass on", page(&form, Deciding::PassOn)),
        ("verbal", page(&form, Deciding::Verbal)),
        ("confirm", page(&form, Deciding::Confirm)),
        ("confirm as Director", page(&form, Deciding::Night)),
        ("record a follow-up", page(&form, Deciding::FollowUp)),
        ("nothing to follow", page(&DecideForm { follows: Vec::new(), ..form.clone() }, Deciding::FollowUp)),
        ("take back", page(&form, Deciding::TakeBack)),
    ]
}
