//! Offers side by side (S-12): one sentence of facts, then groups of criteria, each saying where the offers differ.

use placewell_domain::money::Pence;

use crate::components::{Button, Comparison, Criterion, Inset, Link, Value, Warning};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::system::border;
use crate::words;

/// One offer's column. Prices are `None` while they are sealed.
#[derive(Debug, Clone, Default)]
pub struct ColumnView {
    /// The offer's number.
    pub number: u32,
    /// The home's name.
    pub home: String,
    /// The provider's name.
    pub provider: String,
    /// "all 10", "9 of 10".
    pub met: String,
    /// Each must-have that is not met.
    pub gaps: Vec<String>,
    /// What the home expects for its residents.
    pub residents: String,
    /// "Yes", "No", "Not said".
    pub keeps_school: String,
    /// Grade and its date.
    pub grade: String,
    /// Concerns, standing, notices.
    pub concerns: String,
    /// "9 miles (straight line)".
    pub miles: String,
    /// The area authority and the class.
    pub area: String,
    /// In the area, adjoining, at a distance.
    pub class: String,
    /// Core price.
    pub core: Option<Pence>,
    /// The tendered core price.
    pub tendered: Option<Pence>,
    /// Other lines.
    pub extras: Vec<(String, Pence)>,
    /// The whole of a week.
    pub total: Option<Pence>,
    /// More than the cheapest.
    pub above_cheapest: Option<Pence>,
    /// To the planned end.
    pub whole: Option<Pence>,
    /// Education's and health's part of a week.
    pub joint: Option<Pence>,
    /// Bands of notice.
    pub notice: String,
    /// Which of the first and last day are charged.
    pub charged: String,
    /// The start.
    pub start: String,
    /// Lives alone, conditions.
    pub conditions: String,
    /// What stops the home, or that nothing does.
    pub checks: String,
    /// Role and why, one line each.
    pub needed: Vec<String>,
    /// "Late", "Price changed 9:58am, was £4,480", "No longer valid".
    pub flags: Vec<String>,
    /// Points in hundredths, one for each criterion of the scoring; none for a price that is sealed.
    pub points: Vec<Option<i64>>,
}

/// The comparison's page.
#[derive(Debug, Clone, Default)]
pub struct CompareView {
    /// The referral.
    pub reference: String,
    /// One sentence of facts.
    pub sentence: String,
    /// When sealed prices open; none where they are open.
    pub sealed_until: Option<String>,
    /// Every offer that can be compared: number, home, whether it is shown.
    pub all: Vec<(u32, String, bool)>,
    /// The columns.
    pub columns: Vec<ColumnView>,
    /// Only the rows that differ.
    pub only_differs: bool,
    /// The reader can recommend.
    pub may_recommend: bool,
    /// The scoring that was fixed by sending: each criterion with its weight in percent; empty where none was kept.
    pub scoring: Vec<(String, u8)>,
    /// The child's record was erased, and the words of the offers with it.
    pub erased: bool,
}

impl CompareView {
    fn query(&self, only: bool) -> String {
        let mut parts: Vec<String> = self.columns.iter().map(|column| format!("o={}", column.number)).collect();
        if only {
            parts.push("rows=differ".to_owned());
        }
        format!("/referrals/{}/offers/compare?{}", self.reference, parts.join("&"))
    }
}

/// A criterion in words, with "differs" where the offers do; `None` where only rows that differ are wanted.
fn row(
    view: &CompareView,
    name: &str,
    numeric: bool,
    value: impl Fn(&ColumnView) -> (String, Option<Html>),
) -> Option<Criterion> {
    let values: Vec<(String, Option<Html>)> = view.columns.iter().map(value).collect();
    let differs = values.windows(2).any(|pair| matches!(pair, [a, b] if a != b));
    if view.only_differs && !differs {
        return None;
    }
    let cells = values.into_iter().map(|(main, note)| {
        let value = Value::new(main);
        match note {
            Some(note) => value.note(note),
            None => value,
        }
    });
    let criterion = if numeric { Criterion::number(name, cells) } else { Criterion::new(name, cells) };
    Some(criterion.differs(differs))
}

fn plain(text: &str) -> (String, Option<Html>) {
    (text.to_owned(), None)
}

fn money(amount: Option<Pence>) -> (String, Option<Html>) {
    (amount.map_or_else(|| "Sealed".to_owned(), words::money), None)
}

/// The page.
pub fn compare(shell: Shell, view: &CompareView) -> Page {
    let title = match view.columns.len() {
        0 => "Compare offers".to_owned(),
        1 => "1 offer".to_owned(),
        count => format!("Compare {count} offers"),
    };
    let shell = shell
        .titled(title)
        .record(view.reference.as_str())
        .caption(view.reference.as_str())
        .back(format!("/referrals/{}/offers", view.reference));
    let erased = view.erased.then(|| Inset::new(words::ERASED));
    let mut page = Page::new(shell).with(Inset::new(view.sentence.as_str())).maybe(erased);
    if let Some(until) = &view.sealed_until {
        page = page.with(Warning::new(format!("Prices are sealed until {until}. All of them open together.")));
    }
    if view.columns.is_empty() {
        return page.text("No offer is open to compare. Offers show here when homes send them.");
    }
    if view.columns.len() == 1 {
        page = page.text("There is one offer. Your recommendation will ask why there is only one.");
    }
    if view.all.len() > view.columns.len() || view.all.len() > 4 {
        page = page.with(picks(view));
    }
    let toggle = if view.only_differs {
        Link::new("Show all rows", view.query(false))
    } else {
        Link::new("Only rows that differ", view.query(true))
    };
    page.text(toggle).with(table(view)).with(border::see())
}

/// Links that add an offer to the view or take it out.
fn picks(view: &CompareView) -> Html {
    let shown: Vec<u32> = view.columns.iter().map(|column| column.number).collect();
    let links = view.all.iter().map(|(number, home, on)| {
        let kept: Vec<String> = if *on {
            shown.iter().filter(|other| *other != number).map(|other| format!("o={other}")).collect()
        } else {
            shown.iter().take(3).chain([number]).map(|other| format!("o={other}")).collect()
        };
        let text = if *on { format!("Take out {home}") } else { format!("Compare {home}") };
        Html::from(Link::new(text, format!("/referrals/{}/offers/compare?{}", view.reference, kept.join("&"))))
    });
    Html::bullets(links)
}

fn table(view: &CompareView) -> Comparison {
    let caption = format!("Offers for {} side by side", view.reference);
    let mut table = Comparison::new(caption);
    for column in &view.columns {
        let href = format!("/referrals/{}/offers/{}", view.reference, column.number);
        table = table
            .offer(Html::lines([Html::from(Link::new(column.home.as_str(), href)), column.provider.as_str().into()]));
        if view.may_recommend {
            let to = format!("/referrals/{}/recommend?offer={}", view.reference, column.number);
            table = table.action(Button::link(format!("Recommend {}", column.home), to).secondary());
        }
    }
    table = group(table, "Fit", fit(view));
    table = group(table, "Home", home(view));
    table = group(table, "Place", place(view));
    table = group(table, "Money", prices(view));
    table = group(table, "Start", start(view));
    table = group(table, "Checks", [row(view, "Registration, standing, age", false, |column| plain(&column.checks))]);
    table = group(table, "Who must approve", [row(view, "Approvals", false, approvals)]);
    let rows: Vec<Criterion> = points(view).into_iter().flatten().collect();
    if rows.is_empty() { table } else { table.group("Points, by the scoring fixed before homes were asked", rows) }
}

/// The points by criterion and in all; no row where no scoring was kept.
fn points(view: &CompareView) -> Vec<Option<Criterion>> {
    let said = |hundredths: Option<i64>| match hundredths {
        Some(hundredths) => format!("{}.{:02}", hundredths / 100, hundredths % 100),
        None => "Sealed".to_owned(),
    };
    let mut rows: Vec<Option<Criterion>> = view
        .scoring
        .iter()
        .enumerate()
        .map(|(at, (name, weight))| {
            let name = format!("{name}, of {weight}");
            row(view, &name, true, |column| plain(&said(column.points.get(at).copied().flatten())))
        })
        .collect();
    if !rows.is_empty() {
        let all = |column: &ColumnView| plain(&said(column.points.iter().copied().sum()));
        rows.push(row(view, "All points, of 100", true, all));
    }
    rows
}

fn fit(view: &CompareView) -> [Option<Criterion>; 4] {
    let row = |name: &str, value: &dyn Fn(&ColumnView) -> (String, Option<Html>)| row(view, name, false, value);
    [
        row("Must-haves met", &|column| {
            let gaps = (!column.gaps.is_empty()).then(|| Html::lines(column.gaps.iter().map(String::as_str)));
            (column.met.clone(), gaps)
        }),
        row("Children who live there", &|column| plain(&column.residents)),
        row("Keeps the child's school", &|column| plain(&column.keeps_school)),
        row("To note", &|column| plain(&words_or(&column.flags.join(". "), "Nothing"))),
    ]
}

fn home(view: &CompareView) -> [Option<Criterion>; 2] {
    let row = |name: &str, value: &dyn Fn(&ColumnView) -> (String, Option<Html>)| row(view, name, false, value);
    [row("Ofsted", &|column| plain(&column.grade)), row("Standing and concerns", &|column| plain(&column.concerns))]
}

fn place(view: &CompareView) -> [Option<Criterion>; 3] {
    let row = |name: &str, value: &dyn Fn(&ColumnView) -> (String, Option<Html>)| row(view, name, false, value);
    [
        row("Distance", &|column| plain(&column.miles)),
        row("Area authority", &|column| plain(&column.area)),
        row("Own, adjoining or at a distance", &|column| plain(&column.class)),
    ]
}

fn prices(view: &CompareView) -> [Option<Criterion>; 9] {
    let row = |name: &str, value: &dyn Fn(&ColumnView) -> (String, Option<Html>)| row(view, name, false, value);
    let pounds = |name: &str, value: &dyn Fn(&ColumnView) -> Option<Pence>| {
        self::row(view, name, true, |column| money(value(column)))
    };
    [
        pounds("Core price a week", &|column| column.core),
        row("Additional services a week", &|column| {
            let lines = column.extras.iter().map(|(label, weekly)| format!("{label} {}", words::money(*weekly)));
            plain(&words_or(
                &lines.collect::<Vec<_>>().join("; "),
                if column.total.is_some() { "None" } else { "Sealed" },
            ))
        }),
        pounds("Total a week", &|column| column.total),
        self::row(view, "To the planned end", true, |column| {
            let year = column.total.map(|total| Html::from(words::about_a_year(total)));
            (money(column.whole).0, year)
        }),
        row("First and last day", &|column| plain(&column.charged)),
        pounds("More than the lowest", &|column| column.above_cheapest),
        self::row(view, "Tendered core price", true, |column| {
            plain(&column.tendered.map_or_else(|| "None: outside the arrangement".to_owned(), words::money))
        }),
        pounds("Paid by education and health", &|column| column.joint),
        row("Notice", &|column| plain(&column.notice)),
    ]
}

fn start(view: &CompareView) -> [Option<Criterion>; 2] {
    let row = |name: &str, value: &dyn Fn(&ColumnView) -> (String, Option<Html>)| row(view, name, false, value);
    [row("First night", &|column| plain(&column.start)), row("Conditions", &|column| plain(&column.conditions))]
}

fn approvals(column: &ColumnView) -> (String, Option<Html>) {
    let first = column.needed.first().cloned().unwrap_or_default();
    let rest = column.needed.get(1..).unwrap_or_default();
    (first, (!rest.is_empty()).then(|| Html::lines(rest.iter().map(String::as_str))))
}

fn group<const N: usize>(table: Comparison, name: &str, rows: [Option<Criterion>; N]) -> Comparison {
    let rows: Vec<Criterion> = rows.into_iter().flatten().collect();
    if rows.is_empty() { table } else { table.group(name, rows) }
}

fn words_or(text: &str, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
}

fn sample_column(number: u32, home: &str, pounds: i64, class: &str) -> ColumnView {
    ColumnView {
        number,
        home: home.to_owned(),
        provider: "Larkrise Care Limited".to_owned(),
        met: "9 of 10".to_owned(),
        gaps: vec!["Education with the home: partly".to_owned()],
        residents: "2 children; no effect expected".to_owned(),
        keeps_school: "Yes".to_owned(),
        grade: "Good, 4 May 2021".to_owned(),
        concerns: "In good standing".to_owned(),
        miles: "9 miles (straight line)".to_owned(),
        area: "Herefordshire".to_owned(),
        class: class.to_owned(),
        core: Some(Pence::pounds(pounds)),
        tendered: Some(Pence::pounds(pounds)),
        extras: vec![("Waking night".to_owned(), Pence::pounds(300))],
        total: Some(Pence::pounds(pounds + 300)),
        above_cheapest: Some(Pence::ZERO),
        whole: Some(Pence::pounds(pounds * 52)),
        joint: Some(Pence::ZERO),
        notice: "1 day at first, 28 days from the third month".to_owned(),
        charged: "The first day is charged, the last is not".to_owned(),
        start: "27 September 2021".to_owned(),
        conditions: "None".to_owned(),
        checks: "Nothing stops it".to_owned(),
        needed: vec!["Holder of a post that the limb names: limb (b)".to_owned()],
        points: vec![Some(5_400), Some(i64::from(number) * 1_000)],
        flags: Vec::new(),
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let view = CompareView {
        reference: "HEF-R-0042".to_owned(),
        sentence: "Elm House meets all 10 must-haves and costs £330 a week less than Ash Lodge.".to_owned(),
        columns: vec![
            sample_column(1, "Elm House", 4_150, "in the area"),
            sample_column(3, "Ash Lodge", 4_480, "in an adjoining authority"),
            sample_column(4, "Oak Farm", 5_020, "at a distance"),
        ],
        all: vec![
            (1, "Elm House".to_owned(), true),
            (3, "Ash Lodge".to_owned(), true),
            (4, "Oak Farm".to_owned(), true),
        ],
        may_recommend: true,
        scoring: vec![("Must-haves that the home meets".to_owned(), 60), ("Price of a week".to_owned(), 40)],
        ..CompareView::default()
    };
    let sealed = CompareView {
        sealed_until: Some("4pm on Monday 13 September 2021".to_owned()),
        may_recommend: false,
        columns: view
            .columns
            .iter()
            .map(|column| ColumnView {
                total: None,
                core: None,
                whole: None,
                extras: Vec::new(),
                points: vec![Some(5_400), None],
                ..column.clone()
            })
            .collect(),
        ..view.clone()
    };
    let shell = samples::signed_in_shell;
    vec![
        ("three offers", compare(shell(), &view).to_string()),
        ("for an erased child", compare(shell(), &CompareView { erased: true, ..view.clone() }).to_string()),
        ("only rows that differ", compare(shell(), &CompareView { only_differs: true, ..view.clone() }).to_string()),
        ("sealed", compare(shell(), &sealed).to_string()),
        (
            "one offer",
            compare(
                shell(),
                &CompareView { columns: vec![sample_column(1, "Elm House", 4_150, "in the area")], ..view.clone() },
            )
            .to_string(),
        ),
        (
            "none",
            compare(
                shell(),
                &CompareView { columns: Vec::new(), sentence: "No offer is open to compare.".to_owned(), ..view },
            )
            .to_string(),
        ),
    ]
}
