//! Signing, starting, reviewing, giving notice, ending and cancelling: each confirms what it is about to do.

use placewell_domain::outcome::Invalid;

use super::{asks, changes};
use crate::components::{Column, Row, SummaryList, Table};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;

/// Which act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acting {
    /// Sign for the reader's own side.
    Sign,
    /// Record the child's start.
    Start,
    /// Review the planned end.
    Review,
    /// Give notice.
    Notice,
    /// Record the end.
    End,
    /// Cancel before the start.
    Cancel,
    /// Complete what it says about the child's care.
    Particulars,
    /// Agree extra support.
    Support,
    /// Change a price.
    Price,
    /// Record the legal ground and the award notice.
    Ground,
    /// Record how a start without recorded power was put right.
    PutRight,
    /// Confirm in writing what one decided by word of mouth.
    Confirm,
    /// Record who pays a line.
    Share,
    /// Record how a step-down review ended.
    StepDown,
    /// The provider reports an end or asks for a change.
    Ask,
    /// Decline what the provider asks for.
    Decline,
    /// Record that a condition of an approval was met.
    Condition,
}

impl Acting {
    /// Every act.
    pub const ALL: [Self; 17] = [
        Self::Sign,
        Self::Start,
        Self::Review,
        Self::Notice,
        Self::End,
        Self::Cancel,
        Self::Particulars,
        Self::Support,
        Self::Price,
        Self::Ground,
        Self::PutRight,
        Self::Confirm,
        Self::Share,
        Self::StepDown,
        Self::Ask,
        Self::Decline,
        Self::Condition,
    ];

    /// The last part of the path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Start => "start",
            Self::Review => "review",
            Self::Notice => "notice",
            Self::End => "end",
            Self::Cancel => "cancel",
            Self::Particulars => "particulars",
            Self::Support => "support",
            Self::Price => "price",
            Self::Ground => "ground",
            Self::PutRight => "put-right",
            Self::Confirm => "confirm",
            Self::Share => "funders",
            Self::StepDown => "step-down",
            Self::Ask => "ask",
            Self::Decline => "decline",
            Self::Condition => "condition",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Sign => "Sign this agreement",
            Self::Start => "Record the start",
            Self::Review => "Review the planned end",
            Self::Notice => "Give notice",
            Self::End => "Record the end",
            Self::Cancel => "Cancel before the start",
            Self::Particulars => "What the agreement says about care",
            Self::Support => "Agree extra support",
            Self::Price => "Change a price",
            Self::Ground => "Legal ground and award notice",
            Self::PutRight => "Put right a start without recorded power",
            Self::Confirm => "Confirm what you decided",
            Self::Share => "Who pays a line",
            Self::StepDown => "Step-down review",
            Self::Ask => "Report an end or ask for a change",
            Self::Decline => "Decline what the provider asks for",
            Self::Condition => "Record that a condition was met",
        }
    }
}

/// The form of an act.
#[derive(Debug, Clone, Default)]
pub struct ActForm {
    /// The agreement.
    pub reference: String,
    /// The version that the page shows.
    pub version: i64,
    /// The idempotency key.
    pub key: String,
    /// Repeated: what it is about.
    pub facts: Vec<(String, String)>,
    /// Who holds the power: id, name, post.
    pub people: Vec<(String, String, String)>,
    /// The provider acts, who cites no power.
    pub provider: bool,
    /// The reader decides: by which right, in a sentence. None where the reader records what somebody else said.
    pub decides: Option<String>,
    /// Why nobody holds a power for it today, where it is recorded all the same as something that has happened.
    pub without_power: Option<String>,
    /// Coded reasons: code and words.
    pub reasons: Vec<(String, String)>,
    /// What can be asked for, or how a review can end: code and words.
    pub kinds: Vec<(String, String)>,
    /// Both sides have not signed: a start asks why.
    pub unsigned: bool,
    /// The price lines to choose from: number and words.
    pub lines: Vec<(String, String)>,
    /// What the act releases of the annual value today, by year.
    pub released: Vec<(String, String)>,
    /// What follows, in a sentence.
    pub follows: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page of an act.
pub fn act(shell: Shell, form: &ActForm, acting: Acting) -> Page {
    let back = format!("/agreements/{}", form.reference);
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled(acting.title())
        .caption(form.reference.as_str())
        .record(form.reference.as_str())
        .back(back.as_str())
        .with_errors(&form.errors);
    let facts =
        form.facts.iter().fold(SummaryList::new(), |list, (name, value)| list.row(name.as_str(), value.as_str()));
    let action = format!("/agreements/{}/{}", form.reference, acting.path());
    let sent = fields(Form::post(action, csrf, form.key.as_str()).version(form.version), form, acting);
    let follows = (!form.follows.is_empty()).then(|| Html::paragraph(form.follows.as_str()));
    let rows = form.released.iter().map(|(year, money)| Row::new(year.as_str()).cell(money.as_str()));
    let released = (!form.released.is_empty()).then(|| {
        Table::new("Released of the annual value today")
            .column(Column::text("Year"))
            .column(Column::number("Released"))
            .rows(rows)
    });
    Page::new(shell).narrow().with(facts).maybe(follows).maybe(released).with(sent.cancel(back))
}

fn fields(sent: Form, form: &ActForm, acting: Acting) -> Form {
    let day = |name: &str, legend: &str| Field::date(name, legend).parts(form.typed.date(name)).errors(&form.errors);
    let reasons = |name: &str, legend: &str| {
        let choices = form.reasons.iter().map(|(code, words)| Choice::new(code.as_str(), words.as_str()));
        Field::radios(name, legend, choices).value(form.typed.get(name)).errors(&form.errors)
    };
    let decided = |sent: Form| decided(sent, form);
    match acting {
        Acting::Sign => sent
            .field(
                Field::text("name", "Your full name")
                    .autocomplete("name")
                    .value(form.typed.get("name"))
                    .errors(&form.errors),
            )
            .field(
                Field::text("role", "Your role")
                    .autocomplete("organization-title")
                    .value(form.typed.get("role"))
                    .errors(&form.errors),
            )
            .field(
                Field::checkboxes("authority", "Authority", [Choice::new("yes", "I have authority to sign")])
                    .values(form.typed.all("authority").map(str::to_owned).collect::<Vec<_>>())
                    .errors(&form.errors),
            )
            .submit("Sign this agreement"),
        Acting::Start => {
            let sent = sent.field(day("on", "On which day did the child start?"));
            let sent = if form.unsigned {
                sent.field(reasons("unsigned", "Both sides have not signed. Why does the child start before?"))
            } else {
                sent
            };
            sent.submit("Record the start")
        }
        Acting::Review => decided(sent.field(day("planned_end", "When is the placement planned to end now?")))
            .submit("Save the planned end"),
        Acting::Notice => decided(sent).submit("Give notice"),
        Acting::End => decided(
            sent.field(day("on", "On which day did the child leave?"))
                .field(
                    Field::radios(
                        "planned",
                        "Was the end planned?",
                        [Choice::new("yes", "Planned"), Choice::new("no", "Unplanned")],
                    )
                    .value(form.typed.get("planned"))
                    .errors(&form.errors),
                )
                .field(reasons("reason", "Why did it end?")),
        )
        .submit("Record the end"),
        Acting::Cancel => {
            decided(sent.field(reasons("reason", "Why does it not begin?"))).submit("Cancel this agreement")
        }
        Acting::Particulars => changes::particulars(sent, form),
        Acting::Support => changes::support(sent, form),
        Acting::Price => changes::price(sent, form),
        Acting::Ground => changes::ground(sent, form),
        Acting::PutRight => changes::put_right(sent, form),
        Acting::Condition => changes::condition(sent, form),
        Acting::Confirm => asks::confirm(sent, form),
        Acting::Share => asks::share(sent, form),
        Acting::StepDown => asks::step_down(sent, form),
        Acting::Ask => asks::ask(sent, form),
        Acting::Decline => asks::decline(sent, form),
    }
}

/// Who decides: the reader, by their own right; or somebody whose word the reader records. The provider cites no power.
pub(super) fn decided(sent: Form, form: &ActForm) -> Form {
    if form.provider {
        return sent;
    }
    if let Some(why) = &form.without_power {
        let recorded = "You record what has happened. It shows as recorded without a power in force.";
        return sent.part(Html::paragraph(format!("{why} {recorded}"))).field(Field::hidden("decided_by", NOBODY));
    }
    if let Some(right) = &form.decides {
        return sent.part(Html::paragraph(right.as_str()));
    }
    sent.field(people(form))
        .field(
            Field::date("said_on", "On which day did they say so?")
                .parts(form.typed.date("said_on"))
                .errors(&form.errors),
        )
        .field(Field::time("said_on_time", "At what time?").value(form.typed.get("said_on_time")).errors(&form.errors))
}

/// What a form sends where nobody holds a power.
pub const NOBODY: &str = "nobody";

fn people(form: &ActForm) -> Field {
    let choices =
        form.people.iter().map(|(id, name, title)| Choice::new(id.as_str(), name.as_str()).hint(title.as_str()));
    Field::radios("decided_by", "Who decided it?", choices)
        .hint("You record a decision by word of mouth. Whoever made it confirms it by noon of the next working day.")
        .value(form.typed.get("decided_by"))
        .errors(&form.errors)
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let form = ActForm {
        reference: "HEF-A-0137".to_owned(),
        version: 2,
        key: "k".to_owned(),
        facts: vec![("Home".to_owned(), "Elm House".to_owned())],
        people: vec![("7".to_owned(), "Morwenna Achterberg".to_owned(), "Director".to_owned())],
        reasons: vec![("CARPL".to_owned(), "Change to, or carrying out of, the care plan".to_owned())],
        kinds: vec![("end".to_owned(), "Report that the child has left".to_owned())],
        unsigned: true,
        lines: vec![("0".to_owned(), "Core price, £4,150 a week".to_owned())],
        released: vec![("15 December 2020 to 14 December 2021".to_owned(), "£46,836".to_owned())],
        follows: "The bed is free again and the money is released today.".to_owned(),
        ..ActForm::default()
    };
    let right = "You decide this yourself, as Director.".to_owned();
    let holder = ActForm { decides: Some(right), ..form.clone() };
    let why = "The term of HEF-2019-0114 is over.".to_owned();
    let nobody = ActForm { without_power: Some(why), people: Vec::new(), ..form.clone() };
    let wrong =
        ActForm { errors: Invalid::one("authority", "Confirm that you have authority to sign"), ..form.clone() };
    let page = |form: &ActForm, acting| act(samples::signed_in_shell(), form, acting).to_string();
    vec![
        ("sign", page(&form, Acting::Sign)),
        ("sign with an error", page(&wrong, Acting::Sign)),
        ("start", page(&form, Acting::Start)),
        ("review", page(&form, Acting::Review)),
        ("notice", page(&form, Acting::Notice)),
        ("end", page(&form, Acting::End)),
        ("cancel", page(&form, Acting::Cancel)),
        ("care", page(&form, Acting::Particulars)),
        ("extra support", page(&form, Acting::Support)),
        ("a price", page(&form, Acting::Price)),
        ("legal ground", page(&form, Acting::Ground)),
        ("put right", page(&form, Acting::PutRight)),
        ("confirm", page(&form, Acting::Confirm)),
        ("who pays", page(&form, Acting::Share)),
        ("step-down", page(&form, Acting::StepDown)),
        ("ask", page(&form, Acting::Ask)),
        ("decline", page(&form, Acting::Decline)),
        ("a condition", page(&form, Acting::Condition)),
        ("review by the holder", page(&holder, Acting::Review)),
        ("end without a power", page(&nobody, Acting::End)),
    ]
}
