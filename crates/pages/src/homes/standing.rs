//! Measures of the region: the list, one measure with all that follows from it, and the form to propose one.

use jiff::civil::{Date, DateTime};
use placewell_domain::homes::home::link::Elsewhere;
use placewell_domain::homes::standing::hours::Countdown;
use placewell_domain::homes::standing::measure::{DropReason, Reinstatement};
use placewell_domain::homes::standing::{Standing, StandingReason};
use placewell_domain::outcome::Invalid;

use crate::components::{Cell, Colour, Column, Inset, Link, Row, SummaryList, Table, Tag, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::homes::admission::elsewhere;
use crate::html::Html;
use crate::office::access::cover::LENT;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

mod own;

use own::{confirm_by, meanwhile};

pub use own::{
    EligibilityView, MeasureTold, OwnView, ProviderView, ReviewRow, ReviewView, ScoreRow, ScoreView, WaitingRow,
    own_standing, provider_standing, review, scorecard,
};

/// One measure of the list.
#[derive(Debug, Clone)]
pub struct MeasureRow {
    /// Its id.
    pub id: i64,
    /// Whom it is about.
    pub name: String,
    /// The lot's name, where only one.
    pub lot: Option<String>,
    /// How it stands, in words.
    pub standing: String,
    /// Why, in words.
    pub reason: String,
    /// Where it stands: its stored name and its words.
    pub state: (String, String),
    /// When it was proposed.
    pub proposed: DateTime,
    /// Whether new referrals wait meanwhile.
    pub holds: bool,
    /// By when it is confirmed or dropped, and how the working time until then stands, where it waits.
    pub waits: Option<(DateTime, Countdown)>,
}

impl MeasureRow {
    fn state(&self) -> Tag {
        state_tag(&self.state.0, &self.state.1, self.overdue())
    }

    fn overdue(&self) -> bool {
        self.waits.is_some_and(|(_, left)| left.is_late())
    }
}

/// A provider or a home that takes no new placements.
#[derive(Debug, Clone)]
pub struct StoppedRow {
    /// Its name.
    pub name: String,
    /// Its page.
    pub path: String,
    /// How it stands, in words.
    pub standing: String,
    /// Why, in words.
    pub reason: String,
    /// The first day.
    pub since: Date,
    /// Children placed there, by authority.
    pub children: Vec<(String, u64)>,
}

/// The list of measures.
#[derive(Debug, Clone)]
pub struct MeasuresView {
    /// The measures: those that wait, the one whose time ends first at the top; then the latest of the rest.
    pub rows: Vec<MeasureRow>,
    /// Who takes no new placements today, those with most children first.
    pub stopped: Vec<StoppedRow>,
}

pub(crate) fn state_tag(name: &str, label: &str, overdue: bool) -> Tag {
    let colour = match name {
        "proposed" if overdue => Colour::Red,
        "proposed" => Colour::Yellow,
        "confirmed" => Colour::Orange,
        "reinstated" => Colour::Green,
        _ => Colour::Grey,
    };
    Tag::new(label, colour)
}

/// Who takes no new placements today, with the children who stay there.
fn stopped(rows: &[StoppedRow]) -> Table {
    let rows = rows.iter().map(|one| {
        let placed = one.children.iter().map(|(_, count)| count).sum();
        let by: Vec<Html> = one
            .children
            .iter()
            .map(|(authority, count)| format!("{authority}: {}", words::number(*count)).into())
            .collect();
        let children = [Html::from(words::count(placed, "child placed", "children placed"))];
        Row::new(Cell::new(Html::from(Link::new(one.name.as_str(), one.path.as_str()))))
            .cell(one.standing.as_str())
            .cell(words::capital(&one.reason))
            .cell(words::date(one.since))
            .cell(Cell::new(Html::lines(children.into_iter().chain(by))))
    });
    Table::new("No new placements today")
        .columns(["Provider or home", "Standing", "Why", "Since", "Children who stay"])
        .rows(rows)
        .empty("Every provider and home on record takes new placements.")
}

/// What every table of measures says of one, up to its state.
fn about(one: &MeasureRow) -> Row {
    let link = Link::new(one.name.as_str(), format!("/region/standing/{}", one.id));
    Row::new(Cell::new(Html::from(link)))
        .cell(one.standing.as_str())
        .cell(words::capital(&one.reason))
        .cell(Cell::new(one.state()))
}

/// The measures that a person has still to confirm or drop, each with how long is left or how late it is.
fn to_confirm(rows: &[MeasureRow]) -> Table {
    let rows = rows.iter().filter_map(|one| {
        let (by, left) = one.waits?;
        Some(about(one).cell(Cell::new(confirm_by(by, left))).cell(meanwhile(one.holds)))
    });
    Table::new("To confirm or drop, the one whose time ends first at the top")
        .columns(["Provider or home", "Would stand", "Why", "State", "To be confirmed by", "Until then"])
        .rows(rows)
        .empty("No measure waits to be confirmed.")
}

/// The page of the measures.
pub fn measures(shell: Shell, view: &MeasuresView) -> Page {
    let rest = view.rows.iter().filter(|one| one.waits.is_none());
    let table = Table::new("Measures that no longer wait, the latest first")
        .columns(["Provider or home", "Standing", "Why", "State", "Proposed"])
        .rows(rest.map(|one| about(one).cell(words::moment(one.proposed))))
        .empty("None yet. Rules propose measures from Ofsted's register; you can propose one by hand.");
    Page::new(shell.titled("Standing: measures").back("/region/providers"))
        .text("A suspension is proposed, holds new referrals, and is confirmed by a person within 4 working hours.")
        .with(Html::bullets([
            Html::from(Link::new("Propose a measure", "/region/standing/new")),
            Html::from(Link::new("Alerts from Ofsted's register", "/region/alerts")),
            Html::from(Link::new("Homes whose facts differ", "/homes/differ")),
            Html::from(Link::new("Monitoring: returns, visits, concerns, themes", "/monitoring")),
            Html::from(Link::new("Rises in price", "/region/uplifts")),
            Html::from(Link::new("Bring in prices from a file", "/imports?kind=prices")),
            Html::from(Link::new("These measures as CSV", "/region/standing.csv")),
            Html::from(Link::new("These measures as a workbook", "/region/standing.xlsx")),
        ]))
        .with(to_confirm(&view.rows))
        .with(stopped(&view.stopped))
        .with(table)
}

/// What stands open, or was done, in one authority.
#[derive(Debug, Clone)]
pub struct AffectedRow {
    /// The authority.
    pub authority: String,
    /// Open referrals.
    pub referrals: u64,
    /// Offers.
    pub offers: u64,
    /// Approvals.
    pub approvals: u64,
    /// Nominated beds.
    pub beds: u64,
    /// Live placements.
    pub placements: u64,
    /// Of them reviewed, once it was confirmed.
    pub reviewed: Option<u64>,
}

/// One measure.
#[derive(Debug, Clone)]
pub struct MeasureView {
    /// As in the list.
    pub row: MeasureRow,
    /// The version for its forms.
    pub version: i64,
    /// Whether it stops new placements.
    pub stops: bool,
    /// Of which day the source is.
    pub dated: Date,
    /// Where it can be read.
    pub link: Option<String>,
    /// Why it is read there, where that is no site of Ofsted's, of government or of a court.
    pub elsewhere: Option<String>,
    /// Whether a rule proposed it.
    pub by_rule: bool,
    /// The file of Ofsted's that says so, by its day.
    pub in_register: Option<Date>,
    /// Whether a cover alone lends the reader their role, so that another confirms, drops or ends it.
    pub lent: bool,
    /// Homes it is about: number and name.
    pub homes: Vec<(String, String)>,
    /// What stands open now, while it is proposed.
    pub open: Vec<AffectedRow>,
    /// How many authorities still count what stands open there.
    pub untold: usize,
    /// When it was counted.
    pub counted: Option<DateTime>,
    /// What was listed when it was confirmed, in one sentence.
    pub listed: Option<String>,
    /// What was done.
    pub done: Vec<AffectedRow>,
    /// How it ended, in one sentence, where it did.
    pub ended: Option<String>,
    /// What the page listed, for the form.
    pub seen: String,
    /// Keys of its forms.
    pub keys: [String; 2],
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
    /// Evidence that could end it: code and words.
    pub evidence: Vec<(String, String)>,
    /// Other measures that stop the same homes: id, and why in words.
    pub beside: Vec<(i64, String)>,
}

fn affected(title: &str, rows: &[AffectedRow], reviewed: bool) -> Table {
    let mut table = Table::new(title)
        .column(Column::text("Authority"))
        .column(Column::number("Open referrals"))
        .column(Column::number("Open offers"))
        .column(Column::number("Approvals"))
        .column(Column::number("Nominated beds"))
        .column(Column::number("Live placements"));
    if reviewed {
        table = table.column(Column::number("Reviewed"));
    }
    let rows = rows.iter().map(|one| {
        let row = Row::new(one.authority.as_str())
            .cell(Cell::number(one.referrals))
            .cell(Cell::number(one.offers))
            .cell(Cell::number(one.approvals))
            .cell(Cell::number(one.beds))
            .cell(Cell::number(one.placements));
        if reviewed { row.cell(Cell::number(one.reviewed.unwrap_or_default())) } else { row }
    });
    table.rows(rows).empty("Nothing in any authority.")
}

/// "3 open referrals, 7 live placements; placements continue".
#[must_use]
pub fn effect_words(rows: &[AffectedRow]) -> String {
    let sum = |count: fn(&AffectedRow) -> u64| rows.iter().map(count).sum::<u64>();
    format!(
        "{}, {}, {}, {}, {}; placements continue",
        words::count(sum(|one| one.referrals), "open referral", "open referrals"),
        words::count(sum(|one| one.offers), "open offer", "open offers"),
        words::count(sum(|one| one.approvals), "approval", "approvals"),
        words::count(sum(|one| one.beds), "nominated bed", "nominated beds"),
        words::count(sum(|one| one.placements), "live placement", "live placements"),
    )
}

fn follows(view: &MeasureView) -> Html {
    if !view.stops {
        return Html::bullets([Html::text("Nothing is closed. Authorities with a child there are told.")]);
    }
    Html::bullets([
        Html::text("Referrals that asked these homes through the arrangement ask them no longer; the homes are told."),
        Html::text("Offers are not chosen. Approvals that rest on them are void. Nominations for beds are taken back."),
        Html::text("Placements continue. Each has a review to record within 5 working days, the child seen for it."),
        Html::text("An agreement that has not begun cannot start until the homes are reinstated."),
        Html::text("Every authority with a child there is told the same day."),
    ])
}

/// The page of one measure.
pub fn measure(shell: Shell, view: &MeasureView) -> Page {
    let row = &view.row;
    let scope = row.lot.as_ref().map_or("All lots".to_owned(), |lot| format!("Lot {lot}"));
    let source = if view.by_rule { "Found by a rule" } else { "Entered by hand" };
    let register = view.in_register.map_or("Not yet in a file of Ofsted's".to_owned(), words::date);
    let mut facts = SummaryList::new()
        .row("State", row.state())
        .row("Standing", row.standing.as_str())
        .row("Why", words::capital(&row.reason))
        .row("Scope", scope)
        .row("Source", format!("{source}, of {}", words::date(view.dated)))
        .row("In the register of", register)
        .row("Proposed", words::moment(row.proposed));
    if let Some(link) = &view.link {
        facts = facts.row("Read at", Link::new(link.as_str(), link.as_str()).external());
        facts = facts.optional("Why it is read there", view.elsewhere.as_deref());
    }
    let homes = view
        .homes
        .iter()
        .map(|(urn, name)| Html::from(Link::new(format!("{name}, {urn}"), format!("/homes/{urn}/standing"))));
    let csrf = shell.csrf.clone();
    let shell = shell.titled(row.name.as_str()).caption("Measure").back("/region/standing").with_errors(&view.errors);
    let mut page = Page::new(shell).maybe(row.overdue().then(|| {
        Warning::new("This was to be confirmed or dropped within 4 working hours. New referrals still wait.")
    }));
    page = page.with(facts).heading("Homes").with(Html::bullets(homes));
    if !view.beside.is_empty() {
        let others = view
            .beside
            .iter()
            .map(|(id, reason)| Html::from(Link::new(words::capital(reason), format!("/region/standing/{id}"))));
        page = page
            .heading("Other measures about the same homes")
            .text("Each ends on its own evidence. The worst of those in force holds.")
            .with(Html::bullets(others));
    }
    match row.state.0.as_str() {
        "proposed" => proposed(page, view, &csrf),
        "confirmed" => {
            let page = page
                .maybe(view.listed.clone().map(Inset::new))
                .with(affected("What was done", &view.done, true))
                .heading("End it");
            if view.lent { page.with(Inset::new(LENT)) } else { page.with(back_form(view, &csrf)) }
        }
        _ => page
            .maybe(view.ended.clone().map(Inset::new))
            .maybe((!view.done.is_empty()).then(|| affected("What was done", &view.done, true))),
    }
}

/// What stands in place of what is not told yet.
const STILL_COUNTED: &str = "Authorities still count what stands open there. Open this page again in a moment; the measure \
                             can be confirmed once all have told.";

/// What stands beside the time of the count.
const COUNTED_AGAIN: &str = "It is counted again when you confirm: where it has changed by then, nothing is done and you \
                             are told what has changed.";

fn proposed(page: Page, view: &MeasureView, csrf: &str) -> Page {
    let address = |act: &str| format!("/region/standing/{}/{act}", view.row.id);
    let confirm = Form::post(address("confirm"), csrf, view.keys[0].as_str())
        .version(view.version)
        .field(Field::hidden("seen", view.seen.as_str()))
        .submit("Confirm the measure");
    let reasons = DropReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let dropped = Form::post(address("drop"), csrf, view.keys[1].as_str())
        .version(view.version)
        .field(
            Field::radios("reason", "Why is it dropped?", reasons).value(view.typed.get("reason")).errors(&view.errors),
        )
        .submit("Drop it");
    let by = view.row.waits.map(|(by, left)| {
        let by = format!("Confirm or drop it by {}.", words::moment(by));
        Inset::new(Html::lines([Html::from(by), own::time_left(left)]))
    });
    let page = page
        .maybe(by)
        .maybe((view.untold > 0).then(|| Inset::new(STILL_COUNTED)))
        .heading("What follows")
        .text(format!("{}.", effect_words(&view.open)))
        .maybe(view.counted.map(|at| Html::paragraph(format!("Counted {}. {COUNTED_AGAIN}", words::moment(at)))))
        .with(affected("What stands open now, by authority", &view.open, false))
        .with(follows(view));
    if view.lent {
        return page.with(Inset::new(LENT));
    }
    page.with(confirm).heading("Or drop it").with(dropped)
}

fn back_form(view: &MeasureView, csrf: &str) -> Form {
    let choices = view.evidence.iter().map(|(code, label)| Choice::new(code.as_str(), label.as_str()));
    Form::post(format!("/region/standing/{}/reinstate", view.row.id), csrf, view.keys[0].as_str())
        .version(view.version)
        .field(
            Field::radios("evidence", "What shows that it can end?", choices)
                .value(view.typed.get("evidence"))
                .errors(&view.errors),
        )
        .field(
            Field::text("link", "Where the evidence can be read")
                .hint("For example, https://reports.ofsted.gov.uk/provider/4/SC400001")
                .value(view.typed.get("link"))
                .errors(&view.errors),
        )
        .submit("Reinstate")
}

/// The form to propose a measure.
#[derive(Debug, Clone)]
pub struct ProposeView {
    /// The form's key.
    pub key: String,
    /// Lots: code and name.
    pub lots: Vec<(String, String)>,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page to propose a measure by hand.
pub fn propose(shell: Shell, view: &ProposeView) -> Page {
    let text = |name: &str, label: &str, hint: &str| {
        Field::text(name, label).hint(hint).value(view.typed.get(name)).errors(&view.errors)
    };
    let abouts = [Choice::new("home", "One home"), Choice::new("provider", "All homes of a provider")];
    let stops = Standing::ALL.iter().filter(|one| **one != Standing::Good);
    let standings = stops.map(|one| Choice::new(one.code(), one.label()));
    let reasons = StandingReason::ALL.iter().filter(|one| **one != StandingReason::Evaluated);
    let reasons = std::iter::once(Choice::new("", "Select a reason"))
        .chain(reasons.map(|one| Choice::new(one.code(), words::capital(one.label()))));
    let lots = std::iter::once(Choice::new("", "All lots"))
        .chain(view.lots.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str())));
    let form = Form::post("/region/standing/new", shell.csrf.clone(), view.key.as_str())
        .field(Field::radios("about", "Whom is it about?", abouts).value(view.typed.get("about")).errors(&view.errors))
        .field(text("code", "The home's Ofsted number, or the provider's code", "For example, SC400001"))
        .field(Field::select("lot", "On which lot?", lots).value(view.typed.get("lot")).errors(&view.errors))
        .field(
            Field::radios("standing", "How would it stand?", standings)
                .value(view.typed.get("standing"))
                .errors(&view.errors),
        )
        .field(Field::select("reason", "Why?", reasons).value(view.typed.get("reason")).errors(&view.errors))
        .field(text("link", "Where it can be read", "The judgement or notice. Ofsted's always has an address"))
        .field(elsewhere(&view.typed, &view.errors))
        .field(
            Field::date("dated", "Day of the judgement or notice")
                .hint("For example, 13 9 2021")
                .parts(view.typed.date("dated"))
                .errors(&view.errors),
        );
    let shell = shell.titled("Propose a measure").back("/region/standing").with_errors(&view.errors);
    Page::new(shell)
        .text("The next page lists all that would follow. New referrals wait until you confirm it or drop it.")
        .with(form.submit("Propose it").cancel("/region/standing"))
}

fn sample_row(state: (&str, &str)) -> MeasureRow {
    let at = jiff::civil::date(2021, 9, 13).at(9, 40, 0, 0);
    MeasureRow {
        id: 7,
        name: "Elm House".to_owned(),
        lot: None,
        standing: Standing::Suspended.label().to_owned(),
        reason: StandingReason::Inadequate.label().to_owned(),
        state: (state.0.to_owned(), state.1.to_owned()),
        proposed: at,
        holds: state.0 == "proposed",
        waits: (state.0 == "proposed").then(|| (jiff::civil::date(2021, 9, 13).at(13, 40, 0, 0), Countdown::Left(200))),
    }
}

fn sample_stopped() -> StoppedRow {
    StoppedRow {
        name: "Elm Tree Care Limited".to_owned(),
        path: "/region/providers/elm-tree".to_owned(),
        standing: Standing::Suspended.label().to_owned(),
        reason: StandingReason::Safeguarding.label().to_owned(),
        since: Date::constant(2021, 9, 2),
        children: vec![("Shropshire Council".to_owned(), 2), ("Stoke-on-Trent City Council".to_owned(), 1)],
    }
}

fn sample_list() -> MeasuresView {
    let by = jiff::civil::date(2021, 9, 13).at(9, 20, 0, 0);
    let waits = sample_row(("proposed", "Proposed"));
    let late = MeasureRow { id: 5, holds: false, waits: Some((by, Countdown::Late(20))), ..waits.clone() };
    MeasuresView { rows: vec![late, waits, sample_row(("confirmed", "In force"))], stopped: vec![sample_stopped()] }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let open = AffectedRow {
        authority: "Herefordshire Council".to_owned(),
        referrals: 3,
        offers: 2,
        approvals: 1,
        beds: 1,
        placements: 7,
        reviewed: None,
    };
    let fits = Reinstatement::ALL.iter().filter(|one| one.answers(StandingReason::Inadequate));
    let view = MeasureView {
        row: sample_row(("proposed", "Proposed")),
        version: 1,
        stops: true,
        dated: jiff::civil::date(2021, 9, 13),
        link: Some("https://elm-care.example/letter.pdf".to_owned()),
        elsewhere: Some(Elsewhere::NotOutYet.label().to_owned()),
        by_rule: true,
        in_register: Some(jiff::civil::date(2021, 9, 13)),
        lent: false,
        homes: vec![("SC400001".to_owned(), "Elm House".to_owned())],
        open: vec![open.clone()],
        untold: 0,
        counted: Some(jiff::civil::date(2021, 9, 13).at(10, 20, 0, 0)),
        listed: None,
        done: vec![],
        ended: None,
        seen: "2:3-2-1-1-7".to_owned(),
        keys: ["k1".to_owned(), "k2".to_owned()],
        typed: Typed::default(),
        errors: Invalid::default(),
        evidence: fits.map(|one| (one.code().to_owned(), one.label().to_owned())).collect(),
        beside: vec![(8, StandingReason::Safeguarding.label().to_owned())],
    };
    let done = AffectedRow { reviewed: Some(2), ..open };
    let confirmed = MeasureView {
        row: sample_row(("confirmed", "In force")),
        listed: Some("Listed when it was confirmed: 3 open referrals, 7 live placements.".to_owned()),
        done: vec![done],
        open: vec![],
        ..view.clone()
    };
    let ended = MeasureView {
        row: sample_row(("reinstated", "Reinstated")),
        ended: Some("Reinstated from 20 September 2021: Ofsted inspected again.".to_owned()),
        ..confirmed.clone()
    };
    let mut wrong = view.clone();
    wrong.errors.add("reason", "Select why it is dropped");
    let form = ProposeView {
        key: "k1".to_owned(),
        lots: vec![("planned".to_owned(), "Planned residential care".to_owned())],
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let shell = kit::signed_in_shell;
    let mut all = vec![
        ("measures", measures(shell(), &sample_list()).to_string()),
        ("no measures", measures(shell(), &MeasuresView { rows: vec![], stopped: vec![] }).to_string()),
        ("a proposed measure", measure(shell(), &view).to_string()),
        ("a proposed measure, with an error", measure(shell(), &wrong).to_string()),
        ("a measure that a cover reads", measure(shell(), &MeasureView { lent: true, ..view.clone() }).to_string()),
        ("a measure in force", measure(shell(), &confirmed).to_string()),
        ("a measure that ended", measure(shell(), &ended).to_string()),
        ("propose a measure", propose(shell(), &form).to_string()),
    ];
    all.extend(own::samples());
    all
}
