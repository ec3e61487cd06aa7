//! A provider's own: what waits for it, the form of a return, its figures over time. Works on a phone: one column, one act.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::concern::Concern;
use placewell_domain::homes::monitoring::quality_return::{CorrectionReason, QualityReturn, ReturnState};
use placewell_domain::homes::monitoring::template::Figures;
use placewell_domain::homes::monitoring::visit::Visit;
use placewell_domain::outcome::Invalid;

use super::round::tag;
use super::{TrendView, charts, kit, quarter};
use crate::components::{Button, Cell, Colour, Inset, Link, Number, Numbers, Row, Table, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples, words};

/// The form of one return.
#[derive(Debug, Clone)]
pub struct FillView {
    /// The return.
    pub of: QualityReturn,
    /// What is known here of the figures.
    pub known: Figures,
    /// The form's key.
    pub key: String,
    /// What was typed, or what is saved.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page on which a home's manager fills a return.
pub fn fill(shell: Shell, view: &FillView) -> Page {
    let of = &view.of;
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled(format!("Quality return, {}", quarter(of.quarter)))
        .caption(format!("{}, {}", of.name, of.urn))
        .back("/provider/monitoring")
        .with_errors(&view.errors);
    let mut page = Page::new(shell).narrow();
    if let ReturnState::AskedAgain { figures, words: asked, .. } = &of.state {
        let about: Vec<&str> = figures.iter().map(|one| one.label()).collect();
        page = page.with(Inset::new(format!("You are asked about {}: {asked}", words::list(&about).to_lowercase())));
    }
    if let Some(sent) = of.latest() {
        page = page.text(format!("Sent {}. {} now.", words::moment(sent.at), of.state.label()));
    }
    let mut form =
        Form::post(format!("/provider/monitoring/returns/{}", of.id), csrf, view.key.as_str()).version(of.version);
    for figure in of.figures() {
        let field = Field::number(figure.code(), figure.label()).width(5);
        let field = match view.known.get(figure) {
            Some(known) => {
                field.hint(format!("Known here: {}. Enter what you know", words::number(known.unsigned_abs())))
            }
            None => field,
        };
        form = form.field(field.value(view.typed.get(figure.code())).errors(&view.errors));
    }
    form = form.field(
        Field::textarea("note", "What should the officer know?")
            .hint("About the home. Do not name a child")
            .value(view.typed.get("note"))
            .errors(&view.errors),
    );
    if !of.sent.is_empty() {
        let reasons = CorrectionReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
        form = form.field(
            Field::radios("reason", "Why does it change?", reasons)
                .value(view.typed.get("reason"))
                .errors(&view.errors),
        );
    }
    form = form.confirming_names("monitoring.send_return", &view.typed, &view.errors);
    let send = if of.sent.is_empty() { "Send the return" } else { "Send the correction" };
    let form = form
        .button(Button::submit(send).sends("act", "send"))
        .button(Button::submit("Save and go on later").sends("act", "save").secondary());
    page.with(form)
}

/// A provider's own.
#[derive(Debug, Clone)]
pub struct OwnView {
    /// Its returns, those that wait first.
    pub returns: Vec<QualityReturn>,
    /// Concerns about its homes, the open ones first.
    pub concerns: Vec<Concern>,
    /// Visits that it may read of, with who comes.
    pub visits: Vec<(Visit, String)>,
    /// Figures over the quarters.
    pub trends: Vec<TrendView>,
    /// Weeks of hours to confirm.
    pub weeks: u64,
    /// Placements under strain that are open.
    pub alerts: u64,
    /// Today.
    pub today: Date,
}

/// The provider's page.
pub fn own(shell: Shell, view: &OwnView) -> Page {
    let waiting = u64::try_from(view.returns.iter().filter(|one| one.waits_for_home()).count()).unwrap_or_default();
    let open = u64::try_from(view.concerns.iter().filter(|one| one.open()).count()).unwrap_or_default();
    let number = |value: u64, label: &str| Number::new(words::number(value), label);
    let numbers = Numbers::new([
        number(waiting, "Returns to send"),
        number(view.weeks, "Weeks of hours to confirm").to("/provider/monitoring/hours"),
        number(open, "Open concerns"),
        number(view.alerts, "Placements under strain").to("/stability"),
    ]);
    let returns = view.returns.iter().map(|one| {
        Row::new(Link::new(
            format!("{}, {}", one.name, quarter(one.quarter)),
            format!("/provider/monitoring/returns/{}", one.id),
        ))
        .cell(words::date(one.due))
        .cell(Cell::new(tag((one.state.name(), one.state.label()), one.overdue(view.today))))
    });
    let returns = Table::new("Quality returns")
        .columns(["Home and quarter", "Due", "State"])
        .rows(returns)
        .empty("No return is asked of you. They are asked after each quarter.");
    let concerns = view.concerns.iter().map(|one| {
        let overdue = one.overdue(view.today) > 0;
        let tag = match (one.state.name(), overdue) {
            (_, true) => Tag::new("Action overdue", Colour::Red),
            ("closed", _) => Tag::new("Closed", Colour::Green),
            ("open", _) => Tag::new("Write a plan", Colour::Yellow),
            _ => Tag::new("Plan under way", Colour::Blue),
        };
        Row::new(Link::new(
            format!("{}: {}", one.name, one.theme.label()),
            format!("/provider/monitoring/concerns/{}", one.id),
        ))
        .cell(words::moment(one.raised))
        .cell(Cell::new(tag))
    });
    let concerns = Table::new("Concerns about your homes")
        .columns(["Home and theme", "Raised", "State"])
        .rows(concerns)
        .empty("No concern was raised about your homes.");
    let visits = view.visits.iter().map(|(visit, who)| {
        let found = match visit.findings().len() {
            0 => visit.state.label().to_owned(),
            some => words::count(u64::try_from(some).unwrap_or_default(), "finding", "findings"),
        };
        Row::new(visit.name.as_str()).cell(words::date(visit.planned)).cell(who.as_str()).cell(found)
    });
    let visits = Table::new("Visits")
        .columns(["Home", "Day", "Who comes", "State"])
        .rows(visits)
        .empty("No visit is announced, and none was made.");
    let mut page = Page::new(shell.titled("Monitoring of your homes").back("/provider/homes"))
        .with(numbers)
        .text(Link::new("Confirm hours of extra support", "/provider/monitoring/hours"))
        .text(Link::new("Placements under strain", "/stability"))
        .with(returns)
        .with(concerns)
        .with(visits);
    if !view.trends.is_empty() {
        page = page.heading("Your figures over time");
        for chart in charts(&view.trends) {
            page = page.with(chart);
        }
    }
    page
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let shell = samples::signed_in_shell;
    let none = OwnView {
        returns: vec![],
        concerns: vec![],
        visits: vec![],
        trends: vec![],
        weeks: 0,
        alerts: 0,
        today: kit::TODAY,
    };
    let full = OwnView {
        returns: super::round::sample().into_iter().chain(super::round::sent()).collect(),
        concerns: kit::raised().into_iter().chain(kit::with_plan()).collect(),
        visits: kit::visited().map(|one| (one, "Herefordshire Council".to_owned())).into_iter().collect(),
        trends: kit::trends(),
        weeks: 2,
        alerts: 1,
        today: kit::TODAY,
    };
    let mut all = vec![
        ("a provider's monitoring, nothing there", own(shell(), &none).to_string()),
        ("a provider's monitoring", own(shell(), &full).to_string()),
    ];
    for (name, of) in [("a return to fill", super::round::sample()), ("a return to correct", super::round::sent())] {
        let Some(of) = of else { continue };
        let known = Figures::from([(placewell_domain::homes::monitoring::template::Figure::Asked, 4)]);
        let mut errors = Invalid::default();
        if name == "a return to correct" {
            errors.add("reason", "Select why it changed");
        }
        let view = FillView { of, known, key: "k1".to_owned(), typed: Typed::default(), errors };
        all.push((name, fill(shell(), &view).to_string()));
    }
    all
}
