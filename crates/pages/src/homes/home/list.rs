//! The list of homes with its filters, and the public list of providers.

use jiff::civil::Date;
use placewell_domain::homes::home::Grade;
use placewell_domain::homes::standing::Standing;

use super::{grade_words, home_link, next_free, standing_tag};
use crate::components::{Cell, Column, Filters, Inset, Link, Pagination, Row, Table};
use crate::form::{Choice, Field};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// One home of the list.
#[derive(Debug, Clone)]
pub struct ListRow {
    /// Ofsted's number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Its provider.
    pub provider: String,
    /// The authority in whose area it is.
    pub area: String,
    /// Registered places.
    pub places: u8,
    /// From when a bed is free.
    pub free_from: Option<Date>,
    /// Its grade.
    pub grade: Grade,
    /// When it was inspected for that grade.
    pub graded_on: Option<Date>,
    /// The words of its registration.
    pub registration: String,
    /// Whether Ofsted restricts new admissions.
    pub restricted: bool,
    /// How the region sees it.
    pub standing: Standing,
}

/// The list of homes, one page of it.
#[derive(Debug, Clone)]
pub struct ListView {
    /// The homes of this page.
    pub rows: Vec<ListRow>,
    /// How many the filters leave in all.
    pub total: u64,
    /// Which page, from 1.
    pub page: u64,
    /// How many pages.
    pub pages: u64,
    /// Today.
    pub today: Date,
    /// Code and name of each area.
    pub areas: Vec<(String, String)>,
    /// The area chosen; empty for all.
    pub area: String,
    /// The words looked for; empty for all.
    pub looked_for: String,
    /// Only homes whose registration admits a child of this sex, by its code; empty for all.
    pub sex: String,
    /// Only homes with a bed free now.
    pub free_only: bool,
    /// Only homes with a bed free by this day.
    pub free_by: Option<Date>,
    /// The filters as an address, without the page.
    pub query: String,
    /// Whether the reader's authority may have children or searches in them.
    pub own: bool,
}

/// The page of the list.
pub fn list(shell: Shell, view: &ListView) -> Page {
    let areas = std::iter::once(Choice::new("", "All areas"))
        .chain(view.areas.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str())));
    let free_by = Field::date("free_by", "Bed free by");
    let free_by = match view.free_by {
        Some(day) => free_by.on(day),
        None => free_by,
    };
    let sexes = [Choice::new("", "Girls and boys"), Choice::new("female", "Girls"), Choice::new("male", "Boys")];
    let filters = Filters::new("/homes")
        .field(Field::text("q", "Home, provider or Ofsted number").value(view.looked_for.as_str()))
        .field(Field::select("area", "Area authority", areas).value(view.area.as_str()))
        .field(Field::select("sex", "Registered for", sexes).value(view.sex.as_str()))
        .field(free_by)
        .field(
            Field::checkboxes("free", "Beds", [Choice::new("now", "Only homes with a bed free now")])
                .small()
                .values(view.free_only.then_some("now")),
        )
        .clear("/homes")
        .bar();
    let rows = view.rows.iter().map(|home| {
        Row::new(Cell::new(home_link(&home.name, &home.urn)))
            .cell(home.provider.as_str())
            .cell(home.area.as_str())
            .cell(Cell::number(u64::from(home.places)))
            .cell(next_free(home.free_from, view.today))
            .cell(grade_words(home.grade, home.graded_on))
            .cell(Cell::new(standing_tag(&home.registration, home.restricted, home.standing)))
    });
    let table = Table::new(format!("{}, by Ofsted number", words::count(view.total, "home", "homes")))
        .column(Column::text("Home"))
        .column(Column::text("Provider"))
        .column(Column::text("Area authority"))
        .column(Column::number("Places"))
        .column(Column::text("Bed free"))
        .column(Column::text("Ofsted"))
        .column(Column::text("Standing"))
        .rows(rows)
        .empty("No home fits these filters. Clear them to see all homes.");
    let count = words::count(view.total, "home", "homes");
    let file = |kind: &str| match view.query.trim_end_matches('&') {
        "" => format!("/homes.{kind}"),
        query => format!("/homes.{kind}?{query}"),
    };
    let files = (view.total > 0).then(|| {
        Html::bullets([
            Html::from(Link::download(format!("Download {count} (CSV)"), file("csv"))),
            Link::download(format!("Download {count} (XLSX)"), file("xlsx")).into(),
        ])
    });
    let query = view.query.clone();
    let address = move |page: u64| format!("/homes?{query}page={page}");
    Page::new(shell.titled("Homes").page_of(view.page, view.pages))
        .maybe(view.own.then(|| {
            Html::bullets([
                Html::from(Link::new("Homes that lost their standing: your reviews", "/standing")),
                Html::from(Link::new("Alerts from Ofsted's register that touch you", "/alerts")),
                Html::from(Link::new("Monitoring: visits, concerns, themes", "/monitoring")),
            ])
        }))
        .with(filters)
        .with(table)
        .with(Pagination::new(view.page, view.pages, address))
        .maybe(files)
}

/// One line of the public list.
#[derive(Debug, Clone)]
pub struct ProviderRow {
    /// The provider, or the words for all small ones together.
    pub name: String,
    /// Its homes on the register.
    pub homes: u64,
}

/// The public list of providers.
#[derive(Debug, Clone)]
pub struct ProvidersView {
    /// On which day the homes were counted; none before a year is published.
    pub counted_on: Option<Date>,
    /// Providers, the largest first, all small ones together last.
    pub rows: Vec<ProviderRow>,
}

/// The page of the public list of providers.
pub fn providers(shell: Shell, view: &ProvidersView) -> Page {
    let rows = view.rows.iter().map(|one| Row::new(one.name.as_str()).cell(Cell::number(one.homes)));
    let table = Table::new("Providers of children's homes on Ofsted's register")
        .column(Column::text("Provider"))
        .column(Column::number("Homes"))
        .rows(rows)
        .empty("No list has been published yet. The first comes with the first published year.");
    Page::new(shell.titled("Providers"))
        .text("Registered providers with homes in the region. Addresses of children's homes are never published.")
        .maybe(view.counted_on.map(|on| Html::paragraph(format!("Counted on {}.", words::date(on)))))
        .with(table)
        .with(Inset::new(
            "Providers with fewer than 5 homes are counted together, so that no home can be told from its provider. \
             The list is counted once a year: two lists a day apart would tell what a single home has changed.",
        ))
        .text(Link::new("Suppliers with a contract: the contract register", "/contracts"))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let today = jiff::civil::date(2021, 9, 13);
    let row = ListRow {
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        provider: "Elm Care Limited".to_owned(),
        area: "Herefordshire, County of".to_owned(),
        places: 4,
        free_from: Some(today),
        grade: Grade::Good,
        graded_on: Some(jiff::civil::date(2019, 10, 21)),
        registration: "Registered".to_owned(),
        restricted: false,
        standing: Standing::Good,
    };
    let gone = ListRow {
        urn: "1155768".to_owned(),
        name: "Ash Lodge & Łódź Cottage".to_owned(),
        registration: "Not registered".to_owned(),
        free_from: None,
        grade: Grade::NotYetInspected,
        graded_on: None,
        ..row.clone()
    };
    let view = ListView {
        rows: vec![row, gone],
        total: 62,
        page: 2,
        pages: 3,
        today,
        areas: vec![("E06000019".to_owned(), "Herefordshire, County of".to_owned())],
        area: "E06000019".to_owned(),
        looked_for: String::new(),
        sex: "female".to_owned(),
        free_only: true,
        free_by: Some(jiff::civil::date(2021, 9, 20)),
        query: "area=E06000019&".to_owned(),
        own: true,
    };
    let empty = ListView { rows: vec![], total: 0, page: 1, pages: 1, ..view.clone() };
    let public = ProvidersView {
        counted_on: Some(jiff::civil::date(2021, 1, 14)),
        rows: vec![
            ProviderRow { name: "Elm Care Limited".to_owned(), homes: 43 },
            ProviderRow { name: "87 other providers".to_owned(), homes: 140 },
        ],
    };
    let unpublished = ProvidersView { counted_on: None, rows: vec![] };
    vec![
        ("list", list(samples::signed_in_shell(), &view).to_string()),
        ("list, nothing fits", list(samples::signed_in_shell(), &empty).to_string()),
        ("providers, public", providers(samples::public_shell(), &public).to_string()),
        ("providers, before a year is published", providers(samples::public_shell(), &unpublished).to_string()),
    ]
}
