//! Homes: the list, one home as an authority sees it, a provider's own, and the public list of providers. No view here
//! can hold a postcode or anything about a child.

use jiff::civil::Date;
use placewell_domain::homes::home::Grade;
use placewell_domain::homes::standing::Standing;

use crate::components::{Colour, Link, Tag};
use crate::html::Html;
use crate::words;

mod alerts;
mod list;
mod named;
mod own;
mod papers;
mod purpose;
pub(crate) mod record;
mod voices;
mod why;

pub use alerts::{AlertRow, AlertView, AlertsView, InviteView, alert, alerts, register_banner};
pub use list::{ListRow, ListView, ProviderRow, ProvidersView, list, providers};
pub use named::{CompanyView, ManagerLine, ManagerView, NumberLine, company, manager};
pub use own::{OwnHome, OwnHomesView, own_homes};
pub use papers::{PaperLine, PapersView, papers_page, seen_papers_page, standing_tag as paper_tag};
pub use purpose::{PurposeView, purpose};
pub use record::{HomeView, LotRow, PriceRow, RegistrationRow, VisitRow, confirmed_words, record};
pub use voices::{DifferRow, DifferView, FactRow, FactsView, VoiceLine, differ, facts};
pub use why::{GateEffect, GateLine, WhyAskedView, why_asked};

/// A home's grade in the inspection framework's own words, with the inspection's date.
#[must_use]
pub fn grade_words(grade: Grade, on: Option<Date>) -> String {
    match on {
        Some(on) => format!("{}, full inspection {}", grade.label(), words::date(on)),
        None => grade.label().to_owned(),
    }
}

/// How a home stands, worst first: not on the register, a notice, the region's view.
#[must_use]
pub fn standing_tag(registration: &str, restricted: bool, standing: Standing) -> Tag {
    if registration != "Registered" {
        return Tag::new(registration, Colour::Red);
    }
    if restricted {
        return Tag::new("Ofsted restricts new admissions", Colour::Red);
    }
    let colour = match standing {
        Standing::Good => Colour::Green,
        Standing::OnWatch => Colour::Orange,
        Standing::Suspended | Standing::Removed => Colour::Red,
    };
    Tag::new(standing.label(), colour)
}

/// When a bed is next free, from today.
#[must_use]
pub fn next_free(free_from: Option<Date>, today: Date) -> String {
    match free_from {
        Some(day) if day <= today => "Now".to_owned(),
        Some(day) => format!("From {}", words::date(day)),
        None => "No date known".to_owned(),
    }
}

fn home_link(name: &str, urn: &str) -> Html {
    Link::new(name, format!("/homes/{urn}")).into()
}

/// Samples of every page of this room.
pub fn samples() -> Vec<(&'static str, String)> {
    let mut all = list::samples();
    all.extend(record::samples());
    all.extend(own::samples());
    all.extend(papers::samples());
    all.extend(purpose::samples());
    all.extend(named::named_samples());
    all.extend(alerts::samples());
    all.extend(voices::samples());
    all.extend(why::samples());
    all
}
