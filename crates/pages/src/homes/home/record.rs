//! One home as an authority sees it: registration, whom it is for, inspections, standing, lots, beds.

use jiff::civil::{Date, DateTime};
use placewell_domain::homes::home::Grade;
use placewell_domain::homes::standing::Standing;
use placewell_domain::money::Pence;

use super::{grade_words, next_free, standing_tag};
use crate::components::{Cell, Column, Inset, Link, Row, SummaryCard, SummaryList, Table, Warning};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// One visit of the regulator.
#[derive(Debug, Clone)]
pub struct VisitRow {
    /// What kind of visit.
    pub kind: String,
    /// Its first day.
    pub on: Date,
    /// When the report came out.
    pub published: Option<Date>,
    /// The judgement, or what was found.
    pub found: String,
    /// Where the report is published, where that is recorded.
    pub link: Option<String>,
}

/// Where the registration stood from a day on.
#[derive(Debug, Clone)]
pub struct RegistrationRow {
    /// The first day, where it is known.
    pub from: Option<Date>,
    /// Where it stood, in words.
    pub state: String,
    /// Since when that is known, where it was recorded.
    pub known: Option<DateTime>,
    /// From where it is known, in words.
    pub source: String,
}

/// One lot.
#[derive(Debug, Clone)]
pub struct LotRow {
    /// The lot's name.
    pub lot: String,
    /// The first day.
    pub from: Date,
    /// The day after the last, where it has one.
    pub until: Option<Date>,
    /// What the home tendered for it, with the first night at that price, where a price holds today.
    pub tendered: Option<(Pence, Date)>,
}

/// A tendered price, for nights and as it was known.
#[derive(Debug, Clone)]
pub struct PriceRow {
    /// The lot's name.
    pub lot: String,
    /// What it pays for, in words.
    pub line: String,
    /// The price of a week.
    pub weekly: Pence,
    /// The first night.
    pub from: Date,
    /// The night after the last, where it has one.
    pub until: Option<Date>,
    /// Whether it is what is known now; else it was believed once and corrected.
    pub known_now: bool,
}

/// A home for an authority's eyes: no postcode, nothing about who lives there.
#[derive(Debug, Clone)]
pub struct HomeView {
    /// Ofsted's number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Its provider.
    pub provider: String,
    /// The authority in whose area it is.
    pub area: String,
    /// How the register groups its owner.
    pub sector: String,
    /// The words of its registration's state: "Registered".
    pub registration: String,
    /// Since when, or by when, in words.
    pub registration_dates: String,
    /// Where its registration stood and stands, the latest first.
    pub registered: Vec<RegistrationRow>,
    /// Registered places.
    pub places: u8,
    /// Beds that the provider keeps.
    pub beds: u8,
    /// Children living there today.
    pub residents: u8,
    /// From when a bed is free.
    pub free_from: Option<Date>,
    /// Registered ages in words, where known.
    pub ages: Option<String>,
    /// Registered sex in words, where known.
    pub sex: Option<String>,
    /// Needs that it meets, in words.
    pub meets: Vec<String>,
    /// Needs that it says it does not meet.
    pub does_not: Vec<String>,
    /// The date of its statement of purpose.
    pub purpose_as_of: Option<Date>,
    /// When the provider last confirmed the beds.
    pub confirmed_on: Option<Date>,
    /// Its grade.
    pub grade: Grade,
    /// When it was inspected for it.
    pub graded_on: Option<Date>,
    /// Since when Ofsted restricts new admissions.
    pub restricted_since: Option<Date>,
    /// How the region sees it.
    pub standing: Standing,
    /// Since when and why, in words.
    pub standing_because: Option<String>,
    /// A proposed suspension that holds new referrals: on which lots, and why.
    pub held: Option<String>,
    /// Inspections, the latest first.
    pub visits: Vec<VisitRow>,
    /// Lots.
    pub lots: Vec<LotRow>,
    /// Beds out of service tonight.
    pub out_of_service: u64,
    /// Beds kept empty tonight because a child lives there alone.
    pub kept_empty: u64,
    /// Whether distances to it can be told.
    pub located: bool,
    /// Changes of standing that lie ahead, in words.
    pub ahead: Vec<String>,
    /// Tendered prices, lot by lot.
    pub prices: Vec<PriceRow>,
    /// Whether the reader keeps the home: the link to where that is done.
    pub keeps: bool,
    /// Today.
    pub today: Date,
}

/// "Provider last confirmed beds 12 days ago".
#[must_use]
pub fn confirmed_words(confirmed_on: Option<Date>, today: Date) -> String {
    match confirmed_on.map(|day| placewell_domain::nights::days_between(day, today)) {
        None => "Provider has not confirmed its beds yet".to_owned(),
        Some(0) => "Provider confirmed beds today".to_owned(),
        Some(1) => "Provider last confirmed beds yesterday".to_owned(),
        Some(days) => format!("Provider last confirmed beds {days} days ago"),
    }
}

const NOT_LOCATED: &str = "Distance not known: no postcode says where the home is, or it is one that cannot be placed. \
                           Its provider supplies the postcode under Homes and beds; it is never published.";

fn facts(view: &HomeView) -> SummaryList {
    let standing = standing_tag(&view.registration, view.restricted_since.is_some(), view.standing);
    SummaryList::new()
        .row("Registration", view.registration_dates.as_str())
        .row("Ofsted number", view.urn.as_str())
        .row("Provider", view.provider.as_str())
        .row("Kind of owner", view.sector.as_str())
        .row("Area authority", view.area.as_str())
        .row("Registered places", words::number(u64::from(view.places)))
        .optional("Registered ages", view.ages.clone())
        .optional("Registered for", view.sex.clone())
        .row("Ofsted", grade_words(view.grade, view.graded_on))
        .row("Standing", standing)
}

fn purpose(view: &HomeView) -> Html {
    let Some(as_of) = view.purpose_as_of else {
        return Html::paragraph(
            "The provider has not stated yet what the home can meet. Unknown does not mean no: ask.",
        );
    };
    let list = |heading: &str, needs: &[String]| {
        if needs.is_empty() {
            return Html::default();
        }
        Html::join([Html::paragraph(heading), Html::bullets(needs.iter().map(String::as_str))])
    };
    Html::join([
        Html::paragraph(format!("As stated on {}.", words::date(as_of))),
        list("Meets:", &view.meets),
        list("Says that it does not meet:", &view.does_not),
    ])
}

fn registered(view: &HomeView) -> Table {
    let rows = view.registered.iter().map(|one| {
        Row::new(one.from.map_or("Not known".to_owned(), words::date))
            .cell(one.state.as_str())
            .cell(one.known.map_or("Not recorded".to_owned(), words::moment))
            .cell(one.source.as_str())
    });
    Table::new("Registration over time, the latest first")
        .columns(["From", "Registration", "Known since", "Source"])
        .rows(rows)
        .empty("Nothing is recorded of its registration.")
}

pub(crate) fn visits(view: &HomeView) -> Table {
    let rows = view.visits.iter().map(|visit| {
        let published = visit.published.map_or("Not known".to_owned(), words::date);
        let row = Row::new(words::date(visit.on)).cell(visit.kind.as_str()).cell(visit.found.as_str());
        match &visit.link {
            Some(link) => row.cell(Cell::new(Html::from(Link::new(format!("Report, {published}"), link.as_str())))),
            None => row.cell(published),
        }
    });
    Table::new("Inspections, the latest first")
        .columns(["Date", "Kind", "Judgement", "Report published"])
        .rows(rows)
        .empty("No inspection is known. A new home is inspected within its first year.")
}

pub(crate) fn lots(view: &HomeView) -> Table {
    let rows = view.lots.iter().map(|lot| {
        let until = lot.until.map_or("Goes on".to_owned(), |day| {
            let words = if day > view.today { "Ends" } else { "Ended" };
            format!("{words} {}", words::date(day))
        });
        let price = lot.tendered.map_or("None tendered".to_owned(), |(weekly, from)| {
            format!("{} a week since {}", words::money(weekly), words::date(from))
        });
        Row::new(lot.lot.as_str()).cell(words::date(lot.from)).cell(until).cell(price)
    });
    Table::new("Lots of the arrangement")
        .columns(["Lot", "Admitted from", "Until", "Core price today"])
        .rows(rows)
        .empty("The home is on no lot of the arrangement. A child could only be placed there by a spot purchase.")
}

pub(crate) fn prices(view: &HomeView) -> Table {
    let rows = view.prices.iter().map(|price| {
        let until = price.until.map_or("Goes on".to_owned(), |day| format!("Until {}", words::date(day)));
        Row::new(price.lot.as_str())
            .cell(price.line.as_str())
            .cell(Cell::money(price.weekly))
            .cell(words::date(price.from))
            .cell(until)
            .cell(if price.known_now { "Known now" } else { "Believed once, corrected since" })
    });
    Table::new("Tendered prices")
        .column(Column::text("Lot"))
        .column(Column::text("For"))
        .column(Column::number("A week"))
        .column(Column::text("From"))
        .column(Column::text("Until"))
        .column(Column::text("As known"))
        .rows(rows)
        .empty("No tendered price is recorded.")
}

fn warning(view: &HomeView) -> Option<String> {
    if view.registration != "Registered" {
        return Some(format!("No child can be placed here: {}.", view.registration.to_lowercase()));
    }
    if let Some(since) = view.restricted_since {
        let since = words::date(since);
        return Some(format!("No child can be placed here: Ofsted has restricted new admissions since {since}."));
    }
    if matches!(view.standing, Standing::Suspended | Standing::Removed) {
        return Some("No child can be placed here through the arrangement.".to_owned());
    }
    let held = view.held.as_ref();
    held.map(|held| {
        format!("New referrals wait: a suspension is proposed for {held}, and not confirmed or dropped yet.")
    })
}

/// The page of one home.
pub fn record(shell: Shell, view: &HomeView) -> Page {
    let beds = SummaryList::new()
        .row("Beds", words::number(u64::from(view.beds)))
        .row("Children living there today", words::number(u64::from(view.residents)))
        .row("Out of service tonight", words::number(view.out_of_service))
        .row("Kept empty tonight, a child lives alone", words::number(view.kept_empty))
        .row("Bed free", next_free(view.free_from, view.today))
        .row("Confirmed", confirmed_words(view.confirmed_on, view.today));
    let month = Link::new("See beds night by night", format!("/homes/{}/beds", view.urn));
    let shell = shell
        .titled(view.name.as_str())
        .caption(format!("Children's home {}", view.urn))
        .record(view.urn.as_str())
        .back("/homes");
    Page::new(shell)
        .maybe(warning(view).map(Warning::new))
        .with(facts(view))
        .maybe(view.standing_because.clone().map(Inset::new))
        .maybe((!view.ahead.is_empty()).then(|| Inset::new(view.ahead.join(" "))))
        .maybe((!view.located).then(|| Inset::new(NOT_LOCATED)))
        .maybe(view.keeps.then(|| {
            let keep = format!("/region/homes/{}", view.urn);
            Html::paragraph(Link::new("Keep this home: lots, prices, standing, visits", keep))
        }))
        .with(Html::bullets([
            Html::from(Link::new(
                "Standing: scorecard, flags, and any past day",
                format!("/homes/{}/standing", view.urn),
            )),
            Html::from(Link::new("Monitoring over time", format!("/monitoring/homes/{}", view.urn))),
            Html::from(Link::new("Price schedule with its history", format!("/homes/{}/prices", view.urn))),
            Html::from(Link::new("Documents and until when they hold", format!("/homes/{}/documents", view.urn))),
            Html::from(Link::new("Three voices on its facts", format!("/homes/{}/facts", view.urn))),
        ]))
        .with(SummaryCard::new("Beds", beds).action(month))
        .heading("Statement of purpose")
        .with(purpose(view))
        .with(lots(view))
        .with(prices(view))
        .with(visits(view))
        .with(registered(view))
}

fn sample_price(pounds: i64, year: i16, known_now: bool) -> PriceRow {
    PriceRow {
        lot: "Planned".to_owned(),
        line: "Core price".to_owned(),
        weekly: Pence::pounds(pounds),
        from: jiff::civil::date(year, 1, 1),
        until: (!known_now).then(|| jiff::civil::date(year + 1, 1, 1)),
        known_now,
    }
}

fn sample_registration(state: &str, (year, month): (i16, i8), known: Option<(i16, i8, i8)>) -> RegistrationRow {
    let source = if known.is_some() { "Ofsted's register" } else { "Held before its history was kept" };
    RegistrationRow {
        from: Some(jiff::civil::date(year, month, 1)),
        state: state.to_owned(),
        known: known.map(|(year, month, day)| jiff::civil::date(year, month, day).at(9, 30, 0, 0)),
        source: source.to_owned(),
    }
}

/// A home to show in samples.
pub(crate) fn sample() -> HomeView {
    HomeView {
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        provider: "Elm Care Limited".to_owned(),
        area: "Herefordshire, County of".to_owned(),
        sector: "Private".to_owned(),
        registration: "Registered".to_owned(),
        registration_dates: "Registered since 1 April 2019".to_owned(),
        registered: vec![
            sample_registration("Registered", (2021, 7), Some((2021, 7, 12))),
            sample_registration("Registration not active", (2021, 6), Some((2021, 6, 14))),
            sample_registration("Registered", (2019, 4), None),
        ],
        places: 4,
        beds: 4,
        residents: 3,
        free_from: Some(jiff::civil::date(2021, 9, 20)),
        ages: Some("10 to 17".to_owned()),
        sex: Some("Girls and boys".to_owned()),
        meets: vec!["therapy in the home".to_owned(), "staff awake at night".to_owned()],
        does_not: vec!["pets".to_owned()],
        purpose_as_of: Some(jiff::civil::date(2021, 6, 1)),
        confirmed_on: Some(jiff::civil::date(2021, 9, 1)),
        grade: Grade::Good,
        graded_on: Some(jiff::civil::date(2019, 10, 21)),
        restricted_since: None,
        held: None,
        standing: Standing::OnWatch,
        standing_because: Some("On watch since 8 September 2021: serious concerns at an inspection".to_owned()),
        visits: vec![VisitRow {
            kind: "Full inspection".to_owned(),
            on: jiff::civil::date(2019, 10, 21),
            published: Some(jiff::civil::date(2019, 11, 29)),
            found: "Good".to_owned(),
            link: Some("https://reports.ofsted.gov.uk/provider/4/SC400001".to_owned()),
        }],
        lots: vec![LotRow {
            lot: "Planned".to_owned(),
            from: jiff::civil::date(2018, 12, 15),
            until: None,
            tendered: Some((Pence::pounds(4_150), jiff::civil::date(2021, 1, 1))),
        }],
        out_of_service: 0,
        kept_empty: 1,
        located: true,
        ahead: vec!["Suspended for new placements from 30 September 2021: insurance has lapsed.".to_owned()],
        prices: vec![sample_price(3_950, 2020, false), sample_price(4_150, 2021, true)],
        keeps: false,
        today: jiff::civil::date(2021, 9, 13),
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let view = sample();
    let closed = HomeView {
        registration: "Not registered".to_owned(),
        registration_dates: "Not on the register by 31 March 2021".to_owned(),
        registered: vec![],
        ages: None,
        sex: None,
        purpose_as_of: None,
        standing_because: None,
        visits: vec![],
        lots: vec![],
        located: false,
        ahead: vec![],
        prices: vec![],
        ..view.clone()
    };
    vec![
        ("home", record(samples::signed_in_shell(), &view).to_string()),
        ("home that has left the register", record(samples::signed_in_shell(), &closed).to_string()),
    ]
}
