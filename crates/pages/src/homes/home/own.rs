//! A provider's own homes, with what each still needs from the provider.

use jiff::civil::Date;

use super::next_free;
use crate::components::{Cell, Column, Link, Row, Table};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// One home of the provider's own.
#[derive(Debug, Clone)]
pub struct OwnHome {
    /// Ofsted's number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Registered places.
    pub places: u8,
    /// Children living there today.
    pub residents: u8,
    /// From when a bed is free.
    pub free_from: Option<Date>,
    /// When the beds were last confirmed.
    pub confirmed_on: Option<Date>,
    /// Whether its postcode is known.
    pub located: bool,
    /// Whether its statement of purpose has been given.
    pub described: bool,
}

/// The provider's homes.
#[derive(Debug, Clone)]
pub struct OwnHomesView {
    /// By Ofsted number.
    pub homes: Vec<OwnHome>,
    /// Today.
    pub today: Date,
}

fn missing(home: &OwnHome) -> String {
    let postcode = (!home.located).then_some("postcode");
    let purpose = (!home.described).then_some("statement of purpose");
    let missing: Vec<&str> = postcode.into_iter().chain(purpose).collect();
    if missing.is_empty() { "Nothing".to_owned() } else { words::list(&missing) }
}

/// The page of the provider's homes.
pub fn own_homes(shell: Shell, view: &OwnHomesView) -> Page {
    let rows = view.homes.iter().map(|home| {
        let link = Link::new(home.name.as_str(), format!("/provider/homes/{}/beds", home.urn));
        Row::new(Cell::new(Html::from(link)))
            .cell(Cell::number(u64::from(home.places)))
            .cell(Cell::number(u64::from(home.residents)))
            .cell(next_free(home.free_from, view.today))
            .cell(home.confirmed_on.map_or("Not yet".to_owned(), words::date))
            .cell(missing(home))
    });
    let table = Table::new("Your homes and their beds today")
        .column(Column::text("Home"))
        .column(Column::number("Places"))
        .column(Column::number("Children"))
        .column(Column::text("Bed free"))
        .column(Column::text("Beds confirmed"))
        .column(Column::text("Still needed from you"))
        .rows(rows)
        .empty("None of your homes is on the register of the region. Homes come in from Ofsted's register.");
    let rises = Link::new("Rises in price: ask, follow, appeal", "/provider/uplifts");
    let standing = Link::new("How your homes stand in the arrangement", "/provider/standing");
    let documents = Link::new("Your documents, and when they lapse", "/provider/documents");
    let nights = Link::new("What was agreed, for which nights", "/agreements/by-month");
    let files = Link::new("Bring in homes, beds and documents from a file", "/imports");
    let monitoring = Link::new("Monitoring: returns, concerns, hours of support", "/provider/monitoring");
    let number = Link::new("Your company number, as agreements name you", "/provider/company");
    let links = [standing, rises, documents, monitoring, nights, files, number].map(Html::from);
    Page::new(shell.titled("Homes and beds")).with(Html::bullets(links)).with(table)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let today = jiff::civil::date(2021, 9, 13);
    let home = OwnHome {
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        places: 4,
        residents: 3,
        free_from: Some(today),
        confirmed_on: None,
        located: false,
        described: true,
    };
    let view = OwnHomesView { homes: vec![home], today };
    vec![("a provider's homes", own_homes(samples::signed_in_shell(), &view).to_string())]
}
