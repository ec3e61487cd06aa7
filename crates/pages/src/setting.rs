//! Settings: what holds today, what was recorded and when, and the form that gives one another value from a date on.

use jiff::civil::{Date, DateTime};
use placewell_domain::outcome::Invalid;

use crate::components::{Button, Link, Row, SummaryCard, SummaryList, Table};
use crate::form::{Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// A setting as it stands.
#[derive(Debug, Clone)]
pub struct SettingView {
    /// Its stable name, as its path has it.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// Its value today, in words.
    pub today: String,
    /// Whether today's value is the default.
    pub by_default: bool,
    /// Where the default comes from.
    pub source: &'static str,
    /// Whose it is, in words.
    pub scope: &'static str,
    /// The roles that keep it, in words.
    pub keepers: String,
    /// What a change does.
    pub effect: &'static str,
    /// What is asked for.
    pub ask: &'static str,
    /// Where the reader changes it; none where they do not keep it.
    pub change: Option<String>,
    /// What was recorded, the latest first.
    pub facts: Vec<FactView>,
}

/// A value that was recorded.
#[derive(Debug, Clone)]
pub struct FactView {
    /// The value in words.
    pub words: String,
    /// From when it holds.
    pub from: Date,
    /// When it was recorded; none where the reader may not see that organisation's record.
    pub recorded: Option<DateTime>,
}

fn value(setting: &SettingView) -> String {
    if setting.by_default { format!("{} (the default)", setting.today) } else { setting.today.clone() }
}

/// Every setting.
pub fn settings(shell: Shell, settings: &[SettingView]) -> Page {
    let intro = "A setting is a dated fact: a calculation about the past reads the value that was in force then.";
    let page = Page::new(shell.titled("Settings")).text(intro);
    settings.iter().fold(page, |page, setting| {
        let mut list = SummaryList::new()
            .row("Today", value(setting))
            .row("Default from", setting.source)
            .row("Set by", format!("{}: {}", setting.scope, setting.keepers))
            .row("What a change does", setting.effect);
        if let Some(latest) = setting.facts.first() {
            list = list.row("Last recorded", format!("{} from {}", latest.words, words::date(latest.from)));
        }
        let mut card = SummaryCard::new(setting.title, list);
        if let Some(change) = &setting.change {
            card = card.action(Link::new("Change", change.as_str()).hidden(setting.title));
        }
        page.with(card)
    })
}

fn history(setting: &SettingView) -> Table {
    let rows = setting.facts.iter().map(|fact| {
        Row::new(fact.words.as_str())
            .cell(words::date(fact.from))
            .cell(fact.recorded.map_or_else(|| "Not shown".to_owned(), words::moment))
    });
    Table::new("What was recorded")
        .columns(["Value", "From", "Recorded"])
        .rows(rows)
        .empty("Nothing was recorded yet: the default holds.")
}

/// The form that changes one, with what was typed and what is wrong with it.
pub fn change(shell: Shell, key: &str, setting: &SettingView, typed: &Typed, errors: &Invalid) -> Page {
    let csrf = shell.csrf.clone();
    let path = format!("/settings/{}", setting.name);
    let form = Form::post(path, csrf, key)
        .field(Field::text("value", "New value").hint(setting.ask).value(typed.get("value")).errors(errors))
        .field(
            Field::date("from", "From which day it holds")
                .hint("Today or later")
                .parts(typed.date("from"))
                .errors(errors),
        )
        .field(Field::hidden("recorded", setting.facts.len().to_string()))
        .submit("Continue")
        .cancel("/settings");
    let facts = SummaryList::new().row("Today", value(setting)).row("What a change does", setting.effect);
    Page::new(shell.titled(setting.title).caption("Settings").back("/settings").with_errors(errors))
        .with(facts)
        .with(form)
        .with(history(setting))
}

/// What a change would do, to be confirmed.
pub fn confirm(shell: Shell, key: &str, setting: &SettingView, new: (&str, Date), typed: &Typed) -> Page {
    let (csrf, (words, from)) = (shell.csrf.clone(), new);
    let path = format!("/settings/{}", setting.name);
    let [day, month, year] = typed.date("from");
    let form = Form::post(path.as_str(), csrf, key)
        .field(Field::hidden("value", typed.get("value")))
        .field(Field::hidden("from_day", day))
        .field(Field::hidden("from_month", month))
        .field(Field::hidden("from_year", year))
        .field(Field::hidden("recorded", typed.get("recorded")))
        .field(Field::hidden("confirmed", "yes"))
        .button(Button::submit("Record the change"))
        .cancel(path.as_str());
    let list = SummaryList::new()
        .row("Until then", value(setting))
        .row(format!("From {}", words::date(from)), words)
        .row("What this does", setting.effect);
    Page::new(shell.titled("Check the change").caption(setting.title).back(path.as_str()))
        .with(list)
        .with(Html::paragraph(
            "The change is recorded with your name and cannot be taken back; a later value can follow it.",
        ))
        .with(form)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let call_in = SettingView {
        name: "call_in.working_days",
        title: "Call-in",
        today: "4 working days".to_owned(),
        by_default: false,
        source: "Herefordshire's constitution",
        scope: "Each authority",
        keepers: "Democratic services officer".to_owned(),
        effect: "Decisions published from that day on are open to call-in for this long.",
        ask: "Enter a number of working days from 0 to 20, like 4",
        change: Some("/settings/call_in.working_days".to_owned()),
        facts: vec![FactView {
            words: "4 working days".to_owned(),
            from: jiff::civil::date(2018, 9, 1),
            recorded: Some(jiff::civil::date(2018, 9, 1).at(9, 0, 0, 0)),
        }],
    };
    let untouched = SettingView { by_default: true, change: None, facts: Vec::new(), ..call_in.clone() };
    let shell = samples::signed_in_shell;
    let mut typed = Typed::default();
    typed.set("value", "5");
    typed.day("from", Some(jiff::civil::date(2021, 10, 1)));
    let wrong = Invalid::one("value", call_in.ask);
    vec![
        ("settings", settings(shell(), &[call_in.clone(), untouched.clone()]).to_string()),
        ("change a setting", change(shell(), "k1", &call_in, &typed, &Invalid::default()).to_string()),
        ("change a setting, wrong", change(shell(), "k1", &untouched, &typed, &wrong).to_string()),
        (
            "check the change",
            confirm(shell(), "k1", &call_in, ("5 working days", jiff::civil::date(2021, 10, 1)), &typed).to_string(),
        ),
    ]
}
