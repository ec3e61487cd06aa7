//! The list of referrals, and the placement officer's home page: the next act in five seconds.

use jiff::civil::{Date, DateTime, date};
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::placing::referral::ReferralLabel;

use super::label_tag;
use crate::components::{
    Button, ButtonGroup, Cell, ContextualDate, Filters, Link, Number, Numbers, Pagination, Row, SubNav, Table,
};
use crate::form::{Choice, Field};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// What stands in the price column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BestPrice {
    /// No offer yet.
    None,
    /// Sealed until then.
    Sealed(DateTime),
    /// The lowest of the open offers.
    Pence(Pence),
}

/// One line: a reference, an age band, and no name.
#[derive(Debug, Clone)]
pub struct LineView {
    /// The reference.
    pub reference: String,
    /// Age band and lot in words.
    pub need: String,
    /// The day the home is needed.
    pub needed_on: Option<Date>,
    /// Until when homes can answer.
    pub closes: Option<DateTime>,
    /// Homes asked.
    pub asked: u64,
    /// Homes that answered.
    pub replied: u64,
    /// The best price.
    pub best: BestPrice,
    /// The officer.
    pub officer: String,
    /// The computed label.
    pub label: ReferralLabel,
    /// The deadline has passed.
    pub passed: bool,
}

/// The list.
#[derive(Debug, Clone)]
pub struct ListView {
    /// Tabs: words, address, count, current.
    pub tabs: Vec<(String, String, u64, bool)>,
    /// The current tab's code.
    pub tab: String,
    /// What is searched for.
    pub text: String,
    /// Whose: `mine` or `all`.
    pub whose: String,
    /// Needed within so many days: "", "1", "5", "28".
    pub within: String,
    /// Filters that are on: words, and the address without it.
    pub selected: Vec<(String, String)>,
    /// The lines.
    pub lines: Vec<LineView>,
    /// How many there are.
    pub total: u64,
    /// This page and how many there are.
    pub page: (u64, u64),
    /// The addresses of the pages, from 1.
    pub pages: Vec<String>,
    /// Today.
    pub today: Date,
    /// The addresses of the same list as CSV and as a spreadsheet.
    pub files: [String; 2],
    /// Whether the reader may start one.
    pub may_start: bool,
}

/// The list (S-02).
pub fn list_page(shell: Shell, view: &ListView) -> Page {
    let shell = shell.titled("Referrals").page_of(view.page.0, view.page.1);
    let tabs = view.tabs.iter().fold(SubNav::new("Referrals by status"), |nav, (text, href, count, here)| {
        nav.counted(text, href, *count, *here)
    });
    let within = [("", "Any time"), ("1", "1 day"), ("5", "5 days"), ("28", "28 days")];
    let filters = view
        .selected
        .iter()
        .fold(Filters::new("/referrals").keep("tab", &view.tab), |filters, (text, href)| filters.selected(text, href))
        .clear(format!("/referrals?tab={}&whose=all", view.tab))
        .field(Field::text("q", "Reference").value(view.text.as_str()).plain().width(20))
        .field(
            Field::select("whose", "Officer", [Choice::new("mine", "Mine"), Choice::new("all", "All officers")])
                .value(view.whose.as_str()),
        )
        .field(
            Field::select("needed", "Needed within", within.map(|(code, text)| Choice::new(code, text)))
                .value(view.within.as_str()),
        )
        .bar();
    let table = Table::new(words::count(view.total, "referral", "referrals"))
        .columns(["Reference", "Age band and need", "Needed by", "Asked / replied", "Best price", "Officer", "Status"])
        .rows(view.lines.iter().map(|line| row(line, view.today)))
        .empty("No referral here under these filters. Remove a filter, or look under another tab.");
    let (page_now, pages) = view.page;
    let addresses = view.pages.clone();
    let paging = Pagination::new(page_now, pages, |page| {
        usize::try_from(page).ok().and_then(|at| addresses.get(at.saturating_sub(1)).cloned()).unwrap_or_default()
    });
    Page::new(shell)
        .maybe(view.may_start.then(start))
        .with(filters)
        .with(tabs)
        .text("Ordered by the deadline that comes first.")
        .with(table)
        .with(paging)
        .maybe(files(view))
}

/// The list as files, and the address that keeps its filters; nothing where nothing is listed.
fn files(view: &ListView) -> Option<Html> {
    let [csv, xlsx] = &view.files;
    let count = words::count(view.total, "referral", "referrals");
    (view.total > 0).then(|| {
        Html::join([
            Html::from(
                ButtonGroup::new()
                    .with(Button::link(format!("Download {count} (CSV)"), csv.as_str()).secondary())
                    .with(Link::new(format!("Download {count} (XLSX)"), xlsx.as_str())),
            ),
            Html::paragraph("The address of this page keeps its tab and its filters: save it as a bookmark."),
        ])
    })
}

fn row(line: &LineView, today: Date) -> Row {
    let best = match line.best {
        BestPrice::None => Cell::from("None yet"),
        BestPrice::Sealed(until) => Cell::from(format!("Sealed until {}", words::moment(until))),
        BestPrice::Pence(pence) => Cell::from(words::a_week(pence)),
    };
    let needed: Cell = match line.needed_on {
        Some(day)
            if matches!(line.label, ReferralLabel::Placed | ReferralLabel::Withdrawn | ReferralLabel::NotPlaced) =>
        {
            words::date(day).into()
        }
        Some(day) => ContextualDate::due(day, today).into(),
        None => "Not yet said".into(),
    };
    let status = if line.passed && matches!(line.label, ReferralLabel::WithProviders | ReferralLabel::OffersIn) {
        Html::join([Html::from(label_tag(line.label)), " Deadline passed".into()])
    } else {
        label_tag(line.label).into()
    };
    Row::new(Link::new(line.reference.as_str(), format!("/referrals/{}", line.reference)))
        .cell(line.need.as_str())
        .cell(needed)
        .cell(format!("{} / {}", line.asked, line.replied))
        .cell(best)
        .cell(line.officer.as_str())
        .cell(status)
}

/// The placement officer's day.
#[derive(Debug, Clone)]
pub struct DayView {
    /// Referrals that close today.
    pub closing_today: u64,
    /// Offers to read.
    pub offers: u64,
    /// Referrals that wait for approval.
    pub waiting: u64,
    /// What needs the officer now, the gravest first: the line, what, when due, the act and its address.
    pub needs: Vec<NeedView>,
    /// Referrals with homes, for the quiet day's sentence.
    pub with_homes: u64,
    /// When the next one closes.
    pub next_closes: Option<DateTime>,
}

/// One row of what needs the officer.
#[derive(Debug, Clone)]
pub struct NeedView {
    /// The reference.
    pub reference: String,
    /// What it is about.
    pub what: String,
    /// When it is due, in words.
    pub due: String,
    /// The act's words and address.
    pub act: (String, String),
}

/// The placement officer's home (S-01).
pub fn day_page(shell: Shell, view: &DayView) -> Page {
    let numbers = Numbers::new([
        Number::new(words::number(view.closing_today), "Closing today").to("/referrals?tab=all&whose=all"),
        Number::new(words::number(view.offers), "Offers to read").to("/referrals?tab=offers_in&whose=all"),
        Number::new(words::number(view.waiting), "Waiting for approval").to("/referrals?tab=waiting&whose=all"),
    ]);
    let quiet = match view.next_closes {
        Some(at) => format!(
            "Nothing needs you now. {} with providers; the next closes {}.",
            words::count(view.with_homes, "referral is", "referrals are"),
            words::moment(at)
        ),
        None => "Nothing needs you now.".to_owned(),
    };
    let table = Table::new("Needs you now")
        .columns(["Reference", "What", "When", "Next"])
        .rows(view.needs.iter().map(|need| {
            // What is no referral's is led to where it is dealt with.
            let of_referral = need.reference.split('-').nth(1) == Some("R");
            let about = if of_referral { format!("/referrals/{}", need.reference) } else { need.act.1.clone() };
            Row::new(Link::new(need.reference.as_str(), about))
                .cell(need.what.as_str())
                .cell(need.due.as_str())
                .cell(Link::new(need.act.0.as_str(), need.act.1.as_str()).hidden(need.reference.as_str()))
        }))
        .empty(quiet);
    let may_start = shell.may(Action::MakeReferral);
    Page::new(shell.titled("Your work today")).with(numbers).with(table).maybe(may_start.then(start))
}

fn start() -> ButtonGroup {
    ButtonGroup::new()
        .with(Button::link("Start a referral", "/referrals/new"))
        .with(Button::link("Emergency referral", "/referrals/new?emergency=yes").secondary())
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let line = LineView {
        reference: "HEF-R-0042".to_owned(),
        need: "13 to 15, planned".to_owned(),
        needed_on: Some(date(2021, 9, 27)),
        closes: Some(date(2021, 9, 13).at(16, 0, 0, 0)),
        asked: 6,
        replied: 4,
        best: BestPrice::Pence(Pence::pounds(4_150)),
        officer: "Priya Shah".to_owned(),
        label: ReferralLabel::OffersIn,
        passed: true,
    };
    let list = ListView {
        tabs: vec![
            ("Draft".into(), "/referrals?tab=draft".into(), 2, false),
            ("All".into(), "/referrals?tab=all".into(), 44, true),
        ],
        tab: "all".into(),
        text: String::new(),
        whose: "mine".into(),
        within: String::new(),
        selected: vec![("Officer: mine".into(), "/referrals?tab=all&whose=all".into())],
        lines: vec![
            line.clone(),
            LineView {
                best: BestPrice::Sealed(date(2021, 9, 16).at(17, 0, 0, 0)),
                label: ReferralLabel::WithProviders,
                passed: false,
                reference: "HEF-R-0043".into(),
                ..line
            },
        ],
        total: 44,
        page: (1, 2),
        pages: vec!["/referrals?page=1".into(), "/referrals?page=2".into()],
        today: date(2021, 9, 13),
        files: ["/referrals.csv?tab=all".into(), "/referrals.xlsx?tab=all".into()],
        may_start: true,
    };
    let empty = ListView { lines: Vec::new(), total: 0, page: (1, 1), ..list.clone() };
    let need = NeedView {
        reference: "HEF-R-0042".into(),
        what: "3 offers to compare".into(),
        due: "Closed at 9am today".into(),
        act: ("Compare".into(), "/referrals/HEF-R-0042/offers".into()),
    };
    let day = DayView {
        closing_today: 1,
        offers: 3,
        waiting: 2,
        needs: vec![need],
        with_homes: 4,
        next_closes: Some(date(2021, 9, 16).at(12, 0, 0, 0)),
    };
    let quiet = DayView { needs: Vec::new(), ..day.clone() };
    let shell = kit::signed_in_shell;
    vec![
        ("list of referrals", list_page(shell(), &list).to_string()),
        ("list with nothing in it", list_page(shell(), &empty).to_string()),
        ("officer's day", day_page(shell(), &day).to_string()),
        ("officer's quiet day", day_page(shell(), &quiet).to_string()),
    ]
}
