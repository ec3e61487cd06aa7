//! Concerns: raised, answered with a plan, closed; for whoever reads them and for the provider that answers.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::concern::{Concern, ConcernOutcome, ConcernState, Owner, Severity};
use placewell_domain::homes::monitoring::{LONGEST_WORDS, Theme};
use placewell_domain::homes::standing::Standing;
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;

use super::{BeginView, kit};
use crate::components::{Cell, Colour, Inset, Link, Row, SummaryList, Table, Tag, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples, words};

/// The page to raise a concern.
pub fn raise(shell: Shell, view: &BeginView) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("Raise a concern about a home").back("/monitoring").with_errors(&view.errors);
    let themes = std::iter::once(Choice::new("", "Select a theme"))
        .chain(Theme::ALL.iter().map(|one| Choice::new(one.code(), one.label())));
    let severities = Severity::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let form = Form::post("/monitoring/concerns/new", csrf, view.key.as_str())
        .field(view.home())
        .field(Field::select("theme", "What is it about?", themes).value(view.typed.get("theme")).errors(&view.errors))
        .field(
            Field::radios("severity", "How grave is it?", severities)
                .value(view.typed.get("severity"))
                .errors(&view.errors),
        )
        .field(
            Field::textarea("words", "What are you concerned about?")
                .hint("About the home. Do not name a child: other authorities and the home read this")
                .limit(LONGEST_WORDS)
                .value(view.typed.get("words"))
                .errors(&view.errors),
        )
        .confirming_names("monitoring.raise_concern", &view.typed, &view.errors)
        .submit("Raise the concern")
        .cancel("/monitoring");
    Page::new(shell).with(form)
}

/// A document that shows an action done.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Where it is read.
    pub href: String,
    /// What it is called.
    pub name: String,
}

/// One concern.
#[derive(Debug, Clone)]
pub struct ConcernView {
    /// The concern.
    pub of: Concern,
    /// Who raised it.
    pub raised_by: String,
    /// What shows its actions done.
    pub documents: Vec<Evidence>,
    /// Measures about the home's standing that it gave cause for, by where they are read; for the regional team.
    pub measures: Vec<String>,
    /// Whether the reader's organisation raised it, and closes it.
    pub own: bool,
    /// Whether the reader proposes measures.
    pub proposes: bool,
    /// Keys of its forms.
    pub keys: [String; 3],
    /// Today.
    pub today: Date,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

fn facts(view: &ConcernView) -> SummaryList {
    let of = &view.of;
    SummaryList::new()
        .row("Theme", of.theme.label())
        .row("How grave", of.severity.label())
        .row("Raised", format!("{} by {}", words::moment(of.raised), view.raised_by))
        .row("State", of.state.label())
        .row("Concern", of.words.as_str())
}

fn actions(view: &ConcernView) -> Table {
    let rows = view.of.actions.iter().map(|one| {
        let overdue = one.done.is_none() && one.of.due < view.today && view.of.open();
        let tag = match (&one.done, overdue) {
            (Some(_), _) => Tag::new("Done", Colour::Green),
            (None, true) => Tag::new("Overdue", Colour::Red),
            (None, false) => Tag::new("To do", Colour::Blue),
        };
        let said = match (&one.done, &one.sent_back) {
            (Some(done), _) => format!("{}: {}", words::date(done.on), done.words),
            (None, Some(why)) => format!("Sent back: {why}"),
            (None, None) => "Nothing yet".to_owned(),
        };
        Row::new(format!("{}. {}", one.number, one.of.what))
            .cell(one.of.owner.label())
            .cell(words::date(one.of.due))
            .cell(Cell::new(tag))
            .cell(said)
    });
    Table::new("Improvement plan")
        .columns(["Action", "Who", "By", "State", "What was done"])
        .rows(rows)
        .empty("The home has not written a plan yet.")
}

fn body(shell: Shell, view: &ConcernView, back: &str) -> Page {
    let of = &view.of;
    let opens = shell.may(Action::SeeHomeFiles) || shell.may(Action::AnswerMonitoring);
    let shell = shell
        .titled("Concern about a home")
        .caption(format!("{}, {}", of.name, of.urn))
        .back(back)
        .with_errors(&view.errors);
    let mut page = Page::new(shell);
    let overdue = of.overdue(view.today);
    if overdue > 0 {
        let count = words::count(u64::try_from(overdue).unwrap_or_default(), "action is", "actions are");
        page = page.with(Warning::new(format!("{count} overdue.")));
    }
    page = page.with(facts(view)).with(actions(view));
    let links = view.documents.iter().map(|one| {
        if opens { Link::new(one.name.as_str(), one.href.as_str()).into() } else { Html::from(one.name.as_str()) }
    });
    page = page.maybe((!view.documents.is_empty()).then(|| Html::bullets(links)));
    if let ConcernState::Closed { outcome, at, .. } = &of.state {
        page = page.with(Inset::new(format!("Closed {}: {}.", words::moment(*at), outcome.label())));
    }
    page
}

/// The page of one concern, for the region's members.
pub fn concern(shell: Shell, view: &ConcernView) -> Page {
    let of = &view.of;
    let csrf = shell.csrf.clone();
    let mut page = body(shell, view, "/monitoring");
    let measures =
        view.measures.iter().map(|href| Html::from(Link::new("The measure about its standing", href.as_str())));
    page = page.maybe((!view.measures.is_empty()).then(|| Html::bullets(measures)));
    if !of.open() {
        return page;
    }
    let address = |act: &str| format!("/monitoring/concerns/{}/{act}", of.id);
    let done: Vec<Choice> = of
        .actions
        .iter()
        .filter(|one| one.done.is_some())
        .map(|one| Choice::new(one.number.to_string(), format!("{}. {}", one.number, one.of.what)))
        .collect();
    if view.own && !done.is_empty() {
        let back = Form::post(address("send-back"), csrf.clone(), view.keys[0].as_str())
            .version(of.version)
            .field(
                Field::radios("number", "Which action is not done?", done)
                    .value(view.typed.get("number"))
                    .errors(&view.errors),
            )
            .field(
                Field::textarea("why", "What is not enough?").rows(2).value(view.typed.get("why")).errors(&view.errors),
            )
            .confirming_names("monitoring.send_action_back", &view.typed, &view.errors)
            .submit("Send it back");
        page = page.heading("Send an action back").with(back);
    }
    if view.own {
        let outcomes = ConcernOutcome::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
        let close = Form::post(address("close"), csrf.clone(), view.keys[1].as_str())
            .version(of.version)
            .field(
                Field::radios("outcome", "How does it end?", outcomes)
                    .value(view.typed.get("outcome"))
                    .errors(&view.errors),
            )
            .submit("Close the concern");
        page = page.heading("Close it").with(close);
    }
    if view.proposes {
        let stops = Standing::ALL.iter().filter(|one| matches!(one, Standing::OnWatch | Standing::Suspended));
        let propose = Form::post(format!("/region/monitoring/concerns/{}/measure", of.id), csrf, view.keys[2].as_str())
            .field(
                Field::radios(
                    "standing",
                    "How would the home stand?",
                    stops.map(|one| Choice::new(one.code(), one.label())),
                )
                .value(view.typed.get("standing"))
                .errors(&view.errors),
            )
            .submit("Propose the measure");
        page = page.heading("Propose a measure about its standing").with(propose);
    }
    page
}

/// The page of one concern, for the provider that answers it.
pub fn own_concern(shell: Shell, view: &ConcernView) -> Page {
    let of = &view.of;
    let csrf = shell.csrf.clone();
    let page = body(shell, view, "/provider/monitoring");
    if !of.open() {
        return page;
    }
    let address = |act: &str| format!("/provider/monitoring/concerns/{}/{act}", of.id);
    let owners = Owner::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let add = Form::post(address("plan"), csrf.clone(), view.keys[0].as_str())
        .version(of.version)
        .field(
            Field::textarea("what", "What is done?")
                .rows(2)
                .limit(LONGEST_WORDS)
                .value(view.typed.get("what"))
                .errors(&view.errors),
        )
        .field(Field::radios("owner", "Who does it?", owners).value(view.typed.get("owner")).errors(&view.errors))
        .field(
            Field::date("due", "By when?")
                .hint("For example, 27 9 2021")
                .parts(view.typed.date("due"))
                .errors(&view.errors),
        )
        .confirming_names("monitoring.plan_action", &view.typed, &view.errors)
        .submit("Add the action");
    let undone: Vec<Choice> = of
        .undone()
        .iter()
        .map(|one| Choice::new(one.number.to_string(), format!("{}. {}", one.number, one.of.what)))
        .collect();
    let mut page = page;
    if !undone.is_empty() {
        let done = Form::post(address("done"), csrf, view.keys[1].as_str())
            .version(of.version)
            .field(
                Field::radios("number", "Which action is done?", undone)
                    .value(view.typed.get("number"))
                    .errors(&view.errors),
            )
            .field(
                Field::date("on", "On which day?")
                    .hint("For example, 20 9 2021")
                    .parts(view.typed.date("on"))
                    .errors(&view.errors),
            )
            .field(
                Field::textarea("words", "What was done?")
                    .hint("Do not name a child")
                    .rows(2)
                    .limit(LONGEST_WORDS)
                    .value(view.typed.get("words"))
                    .errors(&view.errors),
            )
            .field(
                Field::file(crate::office::document::FIELD, "A document that shows it, where there is one")
                    .errors(&view.errors),
            )
            .confirming_names("monitoring.complete_action", &view.typed, &view.errors)
            .submit("Say that it is done");
        page = page.heading("Say that an action is done").with(done);
    }
    page.heading("Add an action to the plan").with(add)
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let shell = samples::signed_in_shell;
    let form = BeginView { key: "k1".to_owned(), typed: Typed::default(), errors: Invalid::default() };
    let mut wrong = form.clone();
    wrong.errors.add("words", "Enter what you are concerned about");
    let mut named = form.clone();
    named.typed.set("words", "Rung on 01632 960 123 at night.");
    let found = "confirmed/monitoring.raise_concern/words:phone:8-21";
    named.errors.add(found, "A telephone number stands in words. Take it out, or confirm that it tells of no child");
    let mut all = vec![
        ("raise a concern, with a finding to confirm", raise(shell(), &named).to_string()),
        ("raise a concern", raise(shell(), &form).to_string()),
        ("raise a concern, with an error", raise(shell(), &wrong).to_string()),
    ];
    let view = |of: Concern| ConcernView {
        of,
        raised_by: "Herefordshire Council".to_owned(),
        documents: vec![Evidence {
            href: "/monitoring/concerns/6/documents/1".to_owned(),
            name: "rota.pdf".to_owned(),
        }],
        measures: vec!["/region/standing/7".to_owned()],
        own: true,
        proposes: true,
        keys: ["k1", "k2", "k3"].map(str::to_owned),
        today: jiff::civil::date(2021, 10, 1),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    if let Some(of) = kit::raised() {
        all.push(("a concern without a plan", concern(shell(), &view(of.clone())).to_string()));
        all.push(("a concern to plan for", own_concern(shell(), &view(of)).to_string()));
    }
    if let Some(of) = kit::with_plan() {
        let mut wrong = view(of.clone());
        wrong.errors.add("due", "Enter today or a day that is ahead");
        all.push(("a concern with an overdue action", concern(shell(), &view(of.clone())).to_string()));
        all.push(("a plan, with an error", own_concern(shell(), &wrong).to_string()));
    }
    all
}
