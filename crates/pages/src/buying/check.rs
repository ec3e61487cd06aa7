//! Pre-placement checks (S-14): the table of eighteen for a home and a child, with minutes; the form of one check.

use jiff::civil::Date;
use placewell_domain::buying::check::{CheckLine, Inherits, LineState, MinutesOf};
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;

use crate::components::{Colour, Details, Link, Row, SummaryList, Table, Tag, Warning};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::office::document::DocumentLine;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

mod examples;
pub mod one;

pub(crate) use examples::samples;
pub use one::{OneView, one_page};

/// One line with what the state cannot say.
#[derive(Debug, Clone)]
pub struct LineView {
    /// Which check, and where it stands.
    pub line: CheckLine,
    /// The evidence: its kind, number and date.
    pub evidence: String,
    /// The officer who has it.
    pub officer: String,
    /// Its files, for those who may read them.
    pub files: Vec<DocumentLine>,
    /// Minutes measured by the system, and minutes said beside them.
    pub minutes: (u32, u32),
    /// Minutes that it takes as a rule.
    pub standard: u32,
}

/// The regional evaluation that a home of the arrangement relies on.
#[derive(Debug, Clone)]
pub struct RegionalView {
    /// Since when.
    pub since: Date,
    /// The last day on which it holds, where it is recorded here.
    pub last: Option<Date>,
    /// Its record, where one is kept here.
    pub path: Option<String>,
}

/// The table of a home for a child.
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own about the home or the reader")]
#[derive(Debug, Clone, Default)]
pub struct TableView {
    /// The referral.
    pub reference: String,
    /// The home: Ofsted number and name.
    pub home: (String, String),
    /// Every home that was asked: number, name, and whether it is a spot home.
    pub others: Vec<(String, String, bool)>,
    /// It is bought outside the arrangement.
    pub spot: bool,
    /// A spot purchase is recorded.
    pub recorded: bool,
    /// The eighteen lines.
    pub lines: Vec<LineView>,
    /// The regional evaluation, for a home of the arrangement while it holds.
    pub regional: Option<RegionalView>,
    /// What the checks of placements took here in the last year: the route's words, median minutes, and of how many.
    pub measured: Vec<(&'static str, u32, usize)>,
    /// How many are open.
    pub open: u32,
    /// By when an emergency's others are done, and the time left in words.
    pub due: Option<(Date, String)>,
    /// How many are spared, and their standard minutes.
    pub spared: (u32, u32),
    /// Minutes measured by the system, and minutes said beside them.
    pub minutes: (u32, u32),
    /// Contracting by the system's times: negotiation, drafting, signature.
    pub contracting: Option<(u32, u32, Option<u32>)>,
    /// The reader does checks.
    pub may_change: bool,
    /// The idempotency key of the form for minutes.
    pub key: String,
    /// What is wrong with minutes that were sent.
    pub errors: Invalid,
}

fn colour(state: &LineState) -> Colour {
    match state {
        LineState::Done { .. } | LineState::Read { .. } => Colour::Green,
        LineState::ReliedOnRegionally { .. } | LineState::ReliedOnEarlier { .. } | LineState::Exempted { .. } => {
            Colour::Teal
        }
        LineState::NotSatisfied { .. } | LineState::Expired { .. } => Colour::Red,
        LineState::WithProvider | LineState::EvidenceIn => Colour::Yellow,
        LineState::ToDo | LineState::DoesNotApply => Colour::Grey,
    }
}

/// What the tag cannot say: since when, until when, from where.
fn more(state: &LineState) -> String {
    let valid =
        |until: Option<Date>| until.map_or_else(String::new, |until| format!(", valid to {}", words::date(until)));
    match state {
        LineState::Done { on, until } => format!("{}{}", words::date(*on), valid(*until)),
        LineState::Read { on: Some(on) } => format!("Read by the system: {}", words::date(*on)),
        LineState::Read { on: None } => "Read by the system today".to_owned(),
        LineState::Exempted { on } => {
            format!("Inadequate; by the director of children's services, {}", words::date(*on))
        }
        LineState::ReliedOnRegionally { since } => format!("Regional evaluation, since {}", words::date(*since)),
        LineState::ReliedOnEarlier { reference, on, until } => {
            format!("Done for {reference} on {}{}", words::date(*on), valid(Some(*until)))
        }
        LineState::Expired { on } => format!("Expired {}", words::date(*on)),
        LineState::NotSatisfied { reason } => reason.label().to_owned(),
        LineState::ToDo | LineState::WithProvider | LineState::EvidenceIn | LineState::DoesNotApply => String::new(),
    }
}

/// What a home of the arrangement has of a check; of this home where it is one.
fn regionally(view: &TableView, line: &CheckLine) -> Html {
    match (line.item.inherits(), &view.regional) {
        (Inherits::DoesNotApply, _) => "Does not apply".into(),
        (Inherits::ThisChild, _) => "For each child".into(),
        (Inherits::Regionally, None) => "Done regionally".into(),
        // The evaluation holds and was not relied on, with nothing begun here: its evidence for this check has ended.
        (Inherits::Regionally, Some(_))
            if matches!(line.state, LineState::ToDo | LineState::ReliedOnEarlier { .. }) =>
        {
            "Done regionally; lapsed".into()
        }
        (Inherits::Regionally, Some(one)) => {
            let valid = one.last.map_or_else(String::new, |last| format!(", valid to {}", words::date(last)));
            let words = format!("Done regionally since {}{valid}", words::date(one.since));
            match &one.path {
                Some(path) => Link::new(words, path.as_str()).into(),
                None => words.into(),
            }
        }
    }
}

/// Minutes that a check took here; where it was spared or is open, what it takes as a rule.
fn took(line: &LineView) -> String {
    let (measured, said) = line.minutes;
    let standard = line.standard;
    match (measured, said, line.line.state.closed()) {
        (0, 0, true) => format!("None here; standard {standard}"),
        (0, 0, false) => format!("Standard {standard}"),
        (measured, 0, _) => format!("{measured} measured; standard {standard}"),
        (0, said, _) => format!("{said} said; standard {standard}"),
        (measured, said, _) => format!("{measured} measured, {said} said; standard {standard}"),
    }
}

/// The evidence and officer in words, and the files to open.
fn with_files(words: String, files: &[DocumentLine]) -> Html {
    if files.is_empty() {
        return words.into();
    }
    let link = |file: &DocumentLine| {
        let href = file.href.clone()?;
        Some(Html::from(Link::document(file.number.as_str(), &file.format, file.bytes, href)))
    };
    let said = (!words.is_empty()).then(|| Html::from(words));
    Html::lines(said.into_iter().chain(files.iter().filter_map(link)))
}

fn row(view: &TableView, one: &LineView) -> Row {
    let line = &one.line;
    let item = line.item;
    let path = format!("/referrals/{}/checks/{}/{}", view.reference, view.home.0, item.code());
    let name = format!("{}. {}", item.number(), item.label());
    let opens = view.may_change && !item.by_the_system() && line.state != LineState::DoesNotApply;
    let name: Html = if opens { Link::new(name, path).into() } else { name.into() };
    let when = if item.before_an_emergency() { "Before the start" } else { "In an emergency within 5 working days" };
    let said = more(&line.state);
    let tag: Html = Tag::new(line.state.label(), colour(&line.state)).into();
    let state: Html = if said.is_empty() { tag } else { Html::join([tag, " ".into(), said.into()]) };
    let parts: Vec<&str> =
        [one.evidence.as_str(), one.officer.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    Row::new(name)
        .cell(regionally(view, line))
        .cell(state)
        .cell(with_files(parts.join("; "), &one.files))
        .cell(took(one))
        .cell(item.validity().words())
        .cell(when)
}

/// The page.
pub fn table_page(shell: Shell, view: &TableView) -> Page {
    let csrf = shell.csrf.clone();
    let reference = view.reference.as_str();
    let back = if view.recorded { format!("/referrals/{reference}/spot") } else { format!("/referrals/{reference}") };
    let shell = shell
        .titled(format!("Pre-placement checks: {}", view.home.1))
        .caption(reference)
        .record(reference)
        .back(back)
        .with_errors(&view.errors);
    let start = shell
        .may(Action::Recommend)
        .then(|| Html::from(Link::new("Start the spot purchase", format!("/referrals/{reference}/spot/new"))));
    let mut page = Page::new(shell).text(summary(view));
    if view.spot && !view.recorded {
        page = page.with(Warning::new(Html::join([
            Html::from("This home is outside the arrangement and no spot purchase is recorded. "),
            start.unwrap_or_default(),
        ])));
    }
    if let Some((due, left)) = view.due.as_ref().filter(|_| view.open > 0) {
        let open = words::count(u64::from(view.open), "check is", "checks are");
        page = page.with(Warning::new(format!("{open} to be done by {}: {left}.", words::date(*due))));
    }
    let table = Table::new("The eighteen checks")
        .caption_hidden()
        .columns(["Check", "FCA home", "This placement", "Evidence and officer", "Minutes", "Holds for", "When"])
        .rows(view.lines.iter().map(|line| row(view, line)));
    page = page.with(table).heading("Minutes").with(minutes(view));
    if view.may_change {
        page = page.with(Details::new("Say minutes that the system did not see", said_form(view, csrf)));
    }
    others(page, view)
}

fn others(page: Page, view: &TableView) -> Page {
    let others = view.others.iter().filter(|(urn, ..)| *urn != view.home.0).map(|(urn, name, spot)| {
        let route = if *spot { "spot" } else { "FCA" };
        Link::new(format!("{name} ({route})"), format!("/referrals/{}/checks?home={urn}", view.reference))
    });
    let others: Vec<Link> = others.collect();
    if others.is_empty() { page } else { page.heading("Other homes that were asked").with(Html::bullets(others)) }
}

fn summary(view: &TableView) -> String {
    let (count, spared) = view.spared;
    let to_do = words::count(u64::from(view.open), "check to do", "checks to do");
    let from = if view.spot { "earlier purchases" } else { "the regional evaluation" };
    let saved = if count == 0 {
        format!("None is spared by {from}.")
    } else {
        format!(
            "{} spared by {from}: {} by standard times, which are estimates.",
            words::count(u64::from(count), "is", "are"),
            words::minutes(u64::from(spared))
        )
    };
    let measured: Vec<String> = view
        .measured
        .iter()
        .map(|(route, minutes, of)| {
            let of = words::count(u64::try_from(*of).unwrap_or(u64::MAX), "placement", "placements");
            format!("{route}, {} ({of})", words::minutes(u64::from(*minutes)))
        })
        .collect();
    if measured.is_empty() {
        return format!("{to_do}. {saved} Nothing is measured yet.");
    }
    format!(
        "{to_do}. {saved} Measured median of the last 12 months, for all checks of a placement: {}.",
        measured.join("; ")
    )
}

fn minutes(view: &TableView) -> SummaryList {
    let (measured, said) = view.minutes;
    let said_of = |minutes: u32| words::minutes(u64::from(minutes));
    let list = SummaryList::new()
        .row("Checks, by the system's times", said_of(measured))
        .row("Said by officers, apart", said_of(said));
    match view.contracting {
        None => list.row("Contracting", "Not known: no agreement with this home was made here"),
        Some((negotiation, drafting, signature)) => list
            .row("Negotiation, in office hours", said_of(negotiation))
            .row("Drafting, in office hours", said_of(drafting))
            .row("Signature, in office hours", signature.map_or_else(|| "Not signed by both yet".to_owned(), said_of)),
    }
}

fn said_form(view: &TableView, csrf: String) -> Form {
    let of = MinutesOf::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let path = format!("/referrals/{}/checks/{}/minutes", view.reference, view.home.0);
    Form::post(path, csrf, view.key.as_str())
        .field(Field::radios("of", "On what?", of).small().errors(&view.errors))
        .field(Field::number("minutes", "Minutes").width(5).errors(&view.errors))
        .submit("Save the minutes")
}
