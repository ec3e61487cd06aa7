//! Beds night by night: a month for an authority (counts only), and a provider's own month with its forms.

use jiff::civil::Date;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::occupancy::{ClosedReason, NightCount, NightState};

use crate::components::{Cell, Column, Inset, Link, Row, SummaryCard, SummaryList, Table};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// A month of a home.
#[derive(Debug, Clone)]
pub struct MonthView {
    /// The home's name.
    pub name: String,
    /// Ofsted's number.
    pub urn: String,
    /// The first night.
    pub first: Date,
    /// The month in one sentence.
    pub sentence: String,
    /// The counts of each night.
    pub counts: Vec<NightCount>,
    /// The months before and after, as `2021-08`.
    pub before: String,
    /// The month after.
    pub after: String,
}

fn title(name: &str, first: Date) -> String {
    format!("Beds at {name}, {} {}", words::month(first), first.year())
}

fn months(path: &str, before: &str, after: &str) -> Html {
    Html::paragraph(Html::join([
        Html::from(Link::new("Month before", format!("{path}?month={before}"))),
        " ".into(),
        Html::from(Link::new("Month after", format!("{path}?month={after}"))),
    ]))
}

fn night(first: Date, at: usize) -> Date {
    placewell_domain::nights::plus_days(first, i64::try_from(at).unwrap_or(0))
}

fn short_day(day: Date) -> String {
    format!("{} {} {}", words::weekday(day).get(..3).unwrap_or_default(), day.day(), words::month(day))
}

const KEY: &str = "Kept empty: a bed with no use, in a home where a child lives alone. Held: kept for a child whose \
                   agreement is being prepared. A night belongs to its evening.";

/// The month for an authority: how many beds are how, nothing about who lives there.
pub fn month(shell: Shell, view: &MonthView) -> Page {
    let path = format!("/homes/{}/beds", view.urn);
    let rows = view.counts.iter().enumerate().map(|(at, count)| {
        let day = night(view.first, at);
        let row = Row::new(Link::new(short_day(day), format!("{path}/{day}")));
        [count.free, count.blocked, count.held, count.taken, count.closed]
            .into_iter()
            .fold(row, |row, count| row.cell(Cell::number(u64::from(count))))
    });
    let table = Table::new("Beds on each night")
        .column(Column::text("Night"))
        .column(Column::number("Free"))
        .column(Column::number("Kept empty"))
        .column(Column::number("Held"))
        .column(Column::number("Taken"))
        .column(Column::number("Out of service"))
        .rows(rows)
        .empty("The home has no beds entered yet. Its provider enters them.");
    let home = format!("/homes/{}", view.urn);
    Page::new(shell.titled(title(&view.name, view.first)).record(view.urn.as_str()).back(home))
        .text(view.sentence.as_str())
        .with(Inset::new(KEY))
        .with(months(&path, &view.before, &view.after))
        .with(table)
}

/// One night of a home.
#[derive(Debug, Clone)]
pub struct NightView {
    /// The home's name.
    pub name: String,
    /// Ofsted's number.
    pub urn: String,
    /// The evening.
    pub night: Date,
    /// How many beds are how.
    pub count: NightCount,
    /// The reader's own agreements: reference, what the bed is used for, nights.
    pub own: Vec<(String, String, String)>,
}

/// One night for an authority: how many beds are how, and which are its own children's.
pub fn one_night(shell: Shell, view: &NightView) -> Page {
    let path = format!("/homes/{}/beds", view.urn);
    let count = view.count;
    let facts = [
        ("Free", count.free),
        ("Kept empty", count.blocked),
        ("Held", count.held),
        ("Taken", count.taken),
        ("Out of service", count.closed),
    ]
    .into_iter()
    .fold(SummaryList::new(), |list, (name, count)| list.row(name, count.to_string()));
    let rows = view.own.iter().map(|(reference, state, nights)| {
        Row::new(Link::new(reference.as_str(), format!("/agreements/{reference}")))
            .cell(state.as_str())
            .cell(nights.as_str())
    });
    let own = Table::new("Your agreements on this night")
        .columns(["Agreement", "The bed", "Nights"])
        .rows(rows)
        .empty("None of your children sleeps here on this night.");
    let day = |by: i64| format!("{path}/{}", placewell_domain::nights::plus_days(view.night, by));
    let links = Html::paragraph(Html::join([
        Html::from(Link::new("Night before", day(-1))),
        " ".into(),
        Html::from(Link::new("Night after", day(1))),
    ]));
    let shell = shell
        .titled(format!("Beds at {}, {}", view.name, words::date(view.night)))
        .record(view.urn.as_str())
        .back(format!("{path}?month={}", view.night.strftime("%Y-%m")));
    Page::new(shell).with(links).with(facts).with(Inset::new(KEY)).with(own)
}

/// A closure of a bed that its provider can take back.
#[derive(Debug, Clone)]
pub struct Closure {
    /// Its id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// The bed's name.
    pub bed: String,
    /// Why.
    pub reason: ClosedReason,
    /// The first night.
    pub from: Date,
    /// The first night back, where known.
    pub until: Option<Date>,
}

/// A provider's own month with everything its forms need.
#[derive(Debug, Clone)]
pub struct OwnMonthView {
    /// The month.
    pub month: MonthView,
    /// The beds: id and name.
    pub beds: Vec<(i64, String)>,
    /// Each bed's state on each night.
    pub nights: Vec<Vec<NightState>>,
    /// Closures that hold or lie ahead.
    pub closures: Vec<Closure>,
    /// When the beds were last confirmed.
    pub confirmed_on: Option<Date>,
    /// The home's postcode as it is held, for its own provider only.
    pub postcode: Option<String>,
    /// The version of the home that the postcode's form is filled from.
    pub version: i64,
    /// Today.
    pub today: Date,
    /// The forms' idempotency keys: confirm, close, postcode, one for each closure after that.
    pub keys: Vec<String>,
    /// What was typed into the form that is shown again.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// What was typed into the form to take a bed out of service, or into the postcode's.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The bed chosen.
    pub bed: String,
    /// The reason chosen.
    pub reason: String,
    /// The first night.
    pub from: [String; 3],
    /// The first night back.
    pub until: [String; 3],
    /// The postcode.
    pub postcode: Option<String>,
}

impl OwnMonthView {
    fn key(&self, at: usize) -> &str {
        self.keys.get(at).map_or("", String::as_str)
    }

    fn path(&self, act: &str) -> String {
        format!("/provider/homes/{}/beds{act}", self.month.urn)
    }
}

fn parts(typed: &[String; 3]) -> [&str; 3] {
    [typed[0].as_str(), typed[1].as_str(), typed[2].as_str()]
}

fn bed_table(view: &OwnMonthView) -> Table {
    let table = view
        .beds
        .iter()
        .fold(Table::new("Each bed on each night").column(Column::text("Night")), |table, (_, name)| {
            table.column(Column::text(name.as_str()))
        });
    let nights = view.nights.first().map_or(0, Vec::len);
    let rows = (0..nights).map(|at| {
        view.nights.iter().fold(Row::new(short_day(night(view.month.first, at))), |row, bed| {
            row.cell(bed.get(at).map_or("", |state| state.label()))
        })
    });
    table.rows(rows).empty("The home has no beds entered yet. They come in with Ofsted's register.").scrolls()
}

fn close_form(view: &OwnMonthView, csrf: &str) -> Form {
    let beds = view.beds.iter().map(|(id, name)| Choice::new(id.to_string(), name.as_str()));
    let reasons = ClosedReason::ALL.iter().map(|reason| Choice::new(reason.code(), capital(reason.label())));
    let typed = &view.typed;
    Form::post(view.path("/close"), csrf, view.key(1))
        .field(Field::radios("bed", "Which bed", beds).value(typed.bed.as_str()).errors(&view.errors))
        .field(Field::radios("reason", "Why", reasons).value(typed.reason.as_str()).errors(&view.errors))
        .field(Field::date("from", "First night out of service").parts(parts(&typed.from)).errors(&view.errors))
        .field(
            Field::date("until", "First night back in service (optional)")
                .hint("Leave this empty where no date is known")
                .parts(parts(&typed.until))
                .errors(&view.errors),
        )
        .submit("Take this bed out of service")
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn closure_card(view: &OwnMonthView, csrf: &str, at: usize, closure: &Closure) -> SummaryCard {
    let until = closure.until.map_or("No date known".to_owned(), words::date);
    let facts = SummaryList::new()
        .row("Why", capital(closure.reason.label()))
        .row("First night", words::date(closure.from))
        .row("First night back", until)
        .borderless();
    let id = closure.id;
    let form = Form::post(view.path(&format!("/{id}/reopen")), csrf, view.key(3 + at))
        .version(closure.version)
        .field(
            Field::date(format!("on_{id}"), format!("First night that {} is back in service", closure.bed))
                .on(view.today)
                .errors(&view.errors),
        )
        .submit(format!("Bring {} back into service", closure.bed));
    SummaryCard::new(format!("{} is out of service", closure.bed), Html::join([Html::from(facts), form.into()]))
}

/// The provider's own page of a home's beds.
pub fn own_month(shell: Shell, view: &OwnMonthView) -> Page {
    let csrf = shell.csrf.clone();
    let month = &view.month;
    let confirmed = view.confirmed_on.map_or("You have not confirmed these beds yet.".to_owned(), |day| {
        format!("You last confirmed these beds on {}.", words::date(day))
    });
    let confirm =
        Form::post(view.path("/confirm"), csrf.as_str(), view.key(0)).submit("Confirm all as right for today");
    let held = view.typed.postcode.clone().or_else(|| view.postcode.clone()).unwrap_or_default();
    let postcode = Form::post(view.path("/postcode"), csrf.as_str(), view.key(2))
        .version(view.version)
        .field(
            Field::text("postcode", "The home's postcode")
                .hint("For distances only. It is never published, and no page shows it but this one.")
                .width(10)
                .value(held)
                .errors(&view.errors),
        )
        .submit("Save the postcode");
    let shell = shell.titled(title(&month.name, month.first)).record(month.urn.as_str()).back("/provider/homes");
    let page = Page::new(shell.with_errors(&view.errors))
        .text(month.sentence.as_str())
        .text(confirmed)
        .with(confirm)
        .with(Html::bullets([
            Link::new("State what the home is for", format!("/provider/homes/{}/purpose", month.urn)),
            Link::new("Record its registered manager", format!("/provider/homes/{}/manager", month.urn)),
            Link::new("Save wording for its offers", format!("/provider/homes/{}/wording", month.urn)),
        ]))
        .with(months(&view.path(""), &month.before, &month.after))
        .with(bed_table(view))
        .heading("Beds out of service");
    let closures = view.closures.iter().enumerate();
    let page = closures.fold(page, |page, (at, closure)| page.with(closure_card(view, &csrf, at, closure)));
    let page = if view.closures.is_empty() { page.text("None of these beds is out of service.") } else { page };
    page.heading("Take a bed out of service").with(close_form(view, &csrf)).heading("Where the home is").with(postcode)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let first = jiff::civil::date(2021, 9, 1);
    let count = NightCount { free: 1, blocked: 0, held: 0, taken: 1, closed: 0 };
    let month_view = MonthView {
        name: "Elm House".to_owned(),
        urn: "SC400001".to_owned(),
        first,
        sentence: "Beds free 1 to 30 September (30 nights).".to_owned(),
        counts: vec![count; 30],
        before: "2021-08".to_owned(),
        after: "2021-10".to_owned(),
    };
    let closure =
        Closure { id: 7, version: 1, bed: "Bed 2".to_owned(), reason: ClosedReason::Repair, from: first, until: None };
    let own = OwnMonthView {
        month: month_view.clone(),
        beds: vec![(1, "Bed 1".to_owned()), (2, "Bed 2".to_owned())],
        nights: vec![vec![NightState::Taken(false); 30], vec![NightState::Closed(ClosedReason::Repair); 30]],
        closures: vec![closure],
        confirmed_on: None,
        postcode: None,
        version: 3,
        today: jiff::civil::date(2021, 9, 13),
        keys: vec!["k0".to_owned(), "k1".to_owned(), "k2".to_owned(), "k3".to_owned()],
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let wrong = OwnMonthView {
        errors: Invalid::one("from", "Enter the first night out of service, like 20 9 2021"),
        typed: Typed { from: ["31".to_owned(), "2".to_owned(), "2021".to_owned()], ..Typed::default() },
        closures: vec![],
        ..own.clone()
    };
    let one = NightView {
        name: "Elm House".to_owned(),
        urn: "SC400001".to_owned(),
        night: first,
        count,
        own: vec![("HEF-A-0137".to_owned(), "Taken".to_owned(), "1 September 2021 to 1 March 2022".to_owned())],
    };
    let nobody = NightView { own: Vec::new(), ..one.clone() };
    let empty = MonthView { counts: vec![], sentence: String::new(), ..month_view.clone() };
    vec![
        ("a night", one_night(samples::signed_in_shell(), &one).to_string()),
        ("a night with nobody of ours", one_night(samples::signed_in_shell(), &nobody).to_string()),
        ("month", month(samples::signed_in_shell(), &month_view).to_string()),
        ("month of a home without beds", month(samples::signed_in_shell(), &empty).to_string()),
        ("a provider's own month", own_month(samples::signed_in_shell(), &own).to_string()),
        ("a provider's own month, with an error", own_month(samples::signed_in_shell(), &wrong).to_string()),
    ]
}
