//! The homes that could meet a child's needs (S-08), and why one home, and why not. The order is stated and chosen;
//! no home is left out silently.

use jiff::civil::Date;
use placewell_domain::office::access::Action;

use crate::components::{Colour, Details, Filters, Inset, Link, Row, SummaryCard, SummaryList, Table, Tag};
use crate::form::{Choice, Field};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::{ContextStrip, Shell};
use crate::words;

/// A line of a home's trace.
#[derive(Debug, Clone)]
pub struct WhyLine {
    /// What it is about.
    pub criterion: String,
    /// Meets, does not meet, not known, left out.
    pub verdict: String,
    /// What was found.
    pub evidence: String,
    /// Where that is known from.
    pub source: String,
    /// As of when.
    pub as_of: Option<Date>,
}

/// One home that could meet the needs.
#[derive(Debug, Clone)]
pub struct HomeCard {
    /// Ofsted's number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Its provider.
    pub provider: String,
    /// The tier's tag: In-house, Mini-block, FCA, Spot.
    pub tier: String,
    /// From when a bed is free.
    pub free: String,
    /// How far, in words.
    pub distance: String,
    /// Own area, adjoining or at a distance, in words.
    pub area: String,
    /// The band of the tendered price, in words.
    pub price: String,
    /// The grade in words, with its date.
    pub grade: String,
    /// Who lives there now: a count in words.
    pub residents: String,
    /// How many needs of how many it meets.
    pub meets: (u32, u32),
    /// Needs that it says it does not meet.
    pub does_not: Vec<String>,
    /// Needs that are not known of it.
    pub unknown: Vec<String>,
    /// How old the provider's word on its beds is.
    pub confirmed: String,
}

/// One choice of a filter: value, words, whether it is chosen.
#[derive(Debug, Clone)]
pub struct FilterOption {
    /// The value in the address.
    pub value: String,
    /// The words.
    pub words: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The results of a search.
#[derive(Debug, Clone)]
pub struct SearchView {
    /// The referral.
    pub reference: String,
    /// What the strip repeats: name and words of each fact.
    pub context: Vec<(String, String)>,
    /// The homes of this page, in the stated order.
    pub homes: Vec<HomeCard>,
    /// How many match in all.
    pub matched: u64,
    /// How many homes are left out, and how many by each reason.
    pub left_out: u64,
    /// Reason in words, count.
    pub reasons: Vec<(String, u64)>,
    /// Ways to widen the search, in words with their counts.
    pub relaxations: Vec<String>,
    /// The order as it is stated.
    pub order: String,
    /// The orders to choose from.
    pub orders: Vec<FilterOption>,
    /// How far in the sense of regulation 11.
    pub areas: Vec<FilterOption>,
    /// Tiers.
    pub tiers: Vec<FilterOption>,
    /// Needs that can be made essential.
    pub essential: Vec<FilterOption>,
    /// Grades.
    pub grades: Vec<FilterOption>,
    /// Typed district and miles.
    pub from: String,
    /// Typed miles.
    pub within: String,
    /// The filters as an address, with an `&` or nothing at the end.
    pub query: String,
    /// The homes left out that are listed: number, name, reasons in words.
    pub out: Vec<(String, String, String)>,
    /// Whether all of them are listed.
    pub all_out: bool,
    /// Which page, from 1.
    pub page: u64,
    /// How many pages.
    pub pages: u64,
}

fn strip(facts: &[(String, String)]) -> ContextStrip {
    facts.iter().fold(ContextStrip::new("The referral you are working on"), |strip, (name, value)| {
        strip.fact(name.as_str(), value.as_str())
    })
}

fn choices(options: &[FilterOption]) -> Vec<Choice> {
    options.iter().map(|one| Choice::new(one.value.as_str(), one.words.as_str())).collect()
}

fn chosen(options: &[FilterOption]) -> Vec<&str> {
    options.iter().filter(|one| one.chosen).map(|one| one.value.as_str()).collect()
}

fn filters(view: &SearchView) -> Filters {
    let one = |options: &[FilterOption]| chosen(options).first().copied().unwrap_or_default().to_owned();
    let path = format!("/referrals/{}/homes", view.reference);
    Filters::new(path.as_str())
        .field(Field::select("order", "Order", choices(&view.orders)).value(one(&view.orders)))
        .field(
            Field::text("from", "Distance from postcode district").hint("Like B31").width(5).value(view.from.as_str()),
        )
        .field(Field::number("within", "Within how many miles").width(4).value(view.within.as_str()))
        .field(Field::radios("areas", "Area", choices(&view.areas)).small().value(one(&view.areas)))
        .field(Field::checkboxes("tier", "Route", choices(&view.tiers)).small().values(chosen(&view.tiers)))
        .field(Field::radios("grade", "Ofsted", choices(&view.grades)).small().value(one(&view.grades)))
        .field(
            Field::checkboxes("essential", "Only homes that do not say no to", choices(&view.essential))
                .small()
                .values(chosen(&view.essential)),
        )
        .clear(path)
}

fn card(view: &SearchView, home: &HomeCard) -> SummaryCard {
    let why = format!("/referrals/{}/homes/{}/why?{}", view.reference, home.urn, view.query);
    let facts = SummaryList::new()
        .row("Route", Tag::new(home.tier.as_str(), Colour::Teal))
        .row("Bed free", Html::lines([home.free.as_str(), home.confirmed.as_str()]))
        .row("Distance", home.distance.as_str())
        .row("Area", words::capital(&home.area))
        .row("Ofsted", home.grade.as_str())
        .row("Tendered price", home.price.as_str())
        .row("Children there now", home.residents.as_str())
        .borderless();
    let mut lines = vec![format!("Meets {} of {} needs", home.meets.0, home.meets.1)];
    if !home.does_not.is_empty() {
        lines.push(format!("Does not meet: {}", words::list(&home.does_not)));
    }
    if !home.unknown.is_empty() {
        lines.push(format!("Not known: {}", words::list(&home.unknown)));
    }
    let why_lines = Html::join([Html::paragraph("Why this home:"), Html::bullets(lines)]);
    SummaryCard::new(
        Html::lines([
            Html::from(Link::new(home.name.as_str(), format!("/homes/{}", home.urn))),
            home.provider.as_str().into(),
        ]),
        Html::join([Html::from(facts), why_lines]),
    )
    .action(Link::new("Every reason", why).hidden(format!("for {}", home.name)))
}

fn left_out(view: &SearchView) -> Html {
    let counts = view.reasons.iter().map(|(reason, count)| format!("{}: {reason}", words::number(*count)));
    let rows = view.out.iter().map(|(urn, name, reasons)| {
        let why = format!("/referrals/{}/homes/{urn}/why?{}", view.reference, view.query);
        Row::new(Html::from(Link::new(name.as_str(), why))).cell(reasons.as_str())
    });
    let table = Table::new("Homes left out and why").columns(["Home", "Why it is left out"]).rows(rows);
    let more = format!("/referrals/{}/homes?{}out=all", view.reference, view.query);
    let rest = if view.all_out {
        Html::default()
    } else {
        Html::paragraph(Link::new("Show every home that is left out", more))
    };
    let title = format!("{} left out, see why", words::count(view.left_out, "home", "homes"));
    let intro = Html::paragraph("A home can be left out for several reasons, so these can add up to more.");
    let content = Html::join([intro, Html::bullets(counts), table.into(), rest]);
    let details = Details::new(title, content);
    if view.all_out { details.open().into() } else { details.into() }
}

fn nothing(view: &SearchView) -> Html {
    let lead = Html::paragraph("No home fits as the search stands.");
    if view.relaxations.is_empty() {
        return Html::join([
            lead,
            Html::paragraph("No single change to the filters would bring one. See why each home is left out."),
        ]);
    }
    let ways = view.relaxations.iter().map(String::as_str);
    Html::join([
        lead,
        Html::paragraph("The nearest ways to widen it, with how many homes each would bring:"),
        Html::bullets(ways),
    ])
}

/// The page of the results.
pub fn search(shell: Shell, view: &SearchView) -> Page {
    let reference = view.reference.as_str();
    let shell = shell
        .titled("Homes that could meet this child's needs")
        .record(reference)
        .back(format!("/referrals/{reference}"))
        .page_of(view.page, view.pages)
        .with_context(strip(&view.context));
    let query = view.query.clone();
    let path = format!("/referrals/{reference}/homes");
    let mut list = vec![Html::paragraph(format!(
        "{} could meet the needs. Order: {}.",
        words::count(view.matched, "home", "homes"),
        view.order
    ))];
    if view.matched == 0 {
        list.push(nothing(view));
    }
    list.extend(view.homes.iter().map(|home| Html::from(card(view, home))));
    let pages =
        crate::components::Pagination::new(view.page, view.pages, move |number| format!("{path}?{query}page={number}"));
    list.extend([Html::from(pages), left_out(view)]);
    let all = words::count(view.matched + view.left_out, "home", "homes");
    let file = |form: &str, words: String| {
        Html::from(Link::download(words, format!("/referrals/{reference}/homes.{form}?{}", view.query)))
    };
    let files = [file("csv", format!("Download {all} (CSV)")), file("xlsx", format!("Download {all} (spreadsheet)"))];
    list.push(Html::bullets(files));
    if shell.may(Action::MakeReferral) {
        list.push(Inset::new(Link::new("Choose whom to ask", format!("/referrals/{reference}/recipients"))).into());
    }
    Page::new(shell).with(super::tabs(reference, "homes", 0, 0)).beside(filters(view), list)
}

/// Why one home, and why not.
#[derive(Debug, Clone)]
pub struct WhyView {
    /// The referral.
    pub reference: String,
    /// What the strip repeats.
    pub context: Vec<(String, String)>,
    /// The home's number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Whether it could meet the needs.
    pub matched: bool,
    /// Every line.
    pub lines: Vec<WhyLine>,
    /// The filters as an address.
    pub query: String,
}

/// The page of one home's lines.
pub fn why(shell: Shell, view: &WhyView) -> Page {
    let rows = view.lines.iter().map(|line| {
        let as_of = line.as_of.map_or("Not dated".to_owned(), words::date);
        Row::new(words::capital(&line.criterion))
            .cell(line.verdict.as_str())
            .cell(words::capital(&words::dated(&words::code(&line.evidence))))
            .cell(words::capital(&line.source))
            .cell(as_of)
    });
    let table = Table::new("Each criterion with what was found")
        .columns(["Criterion", "Answer", "What was found", "Source", "As of"])
        .rows(rows);
    let sentence =
        if view.matched { "This home could meet the child's needs." } else { "This home is left out of the search." };
    let shell = shell
        .titled(format!("Why {}, and why not", view.name))
        .record(view.reference.as_str())
        .back(format!("/referrals/{}/homes?{}", view.reference, view.query))
        .with_context(strip(&view.context));
    Page::new(shell)
        .text(sentence)
        .with(table)
        .text(Link::new(format!("See {}", view.name), format!("/homes/{}", view.urn)))
}

fn sample_home() -> HomeCard {
    HomeCard {
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        provider: "Elm Care Limited".to_owned(),
        tier: "FCA".to_owned(),
        free: "From 20 September 2021".to_owned(),
        distance: "9 miles (straight line)".to_owned(),
        area: "in your own area".to_owned(),
        price: "£3,500 to £3,999 a week".to_owned(),
        grade: "Good, full inspection 21 October 2019".to_owned(),
        residents: "2 children".to_owned(),
        meets: (9, 11),
        does_not: vec!["education on site".to_owned()],
        unknown: vec!["pets".to_owned()],
        confirmed: "Provider last confirmed beds 12 days ago".to_owned(),
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let option =
        |value: &str, words: &str, chosen| FilterOption { value: value.to_owned(), words: words.to_owned(), chosen };
    let context = vec![("Referral".to_owned(), "HEF-R-0042".to_owned()), ("Age".to_owned(), "14".to_owned())];
    let view = SearchView {
        reference: "HEF-R-0042".to_owned(),
        context: context.clone(),
        homes: vec![sample_home()],
        matched: 1,
        left_out: 12,
        reasons: vec![("no bed free in time".to_owned(), 8), ("too far".to_owned(), 6)],
        relaxations: vec![],
        order: "Nearest first, then most needs met, then Ofsted grade".to_owned(),
        orders: vec![option("distance", "Nearest first", true), option("grade", "Ofsted grade", false)],
        areas: vec![option("own", "Own area", false), option("any", "Any area", true)],
        tiers: vec![option("fca", "FCA", true)],
        essential: vec![option("therapy", "therapy in the home", false)],
        grades: vec![option("", "Any grade", true), option("good", "Good or better", false)],
        from: "HR1".to_owned(),
        within: "30".to_owned(),
        query: "within=30&".to_owned(),
        out: vec![("SC400002".to_owned(), "Ash Lodge".to_owned(), "no bed free in time".to_owned())],
        all_out: false,
        page: 1,
        pages: 1,
    };
    let none = SearchView {
        homes: vec![],
        matched: 0,
        relaxations: vec!["within 40 miles: 5".to_owned()],
        all_out: true,
        ..view.clone()
    };
    let line = WhyLine {
        criterion: "Ofsted grade".to_owned(),
        verdict: "Meets".to_owned(),
        evidence: "Good".to_owned(),
        source: "full inspection".to_owned(),
        as_of: Some(jiff::civil::date(2019, 10, 21)),
    };
    let why_view = WhyView {
        reference: "HEF-R-0042".to_owned(),
        context,
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        matched: true,
        lines: vec![line],
        query: "within=30&".to_owned(),
    };
    vec![
        ("homes that could meet the needs", search(samples::signed_in_shell(), &view).to_string()),
        ("no home fits", search(samples::signed_in_shell(), &none).to_string()),
        ("why a home", why(samples::signed_in_shell(), &why_view).to_string()),
    ]
}
