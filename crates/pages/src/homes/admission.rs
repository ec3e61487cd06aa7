//! What the regional team keeps: providers with their admission, and of each home its lots, tendered prices, standing and
//! visits, with a form for each act.

use jiff::civil::Date;
use placewell_domain::homes::standing::Standing;

use super::home::record::{lots, prices, visits};
use super::home::{HomeView, standing_tag};
use crate::components::{Cell, Colour, Column, Inset, Link, Pagination, Row, SummaryList, Table, Tag};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

mod act;
pub mod applying;
pub mod carried;
mod condition;
pub mod evaluation;
pub mod evidence;
mod insured;
pub mod opening;
pub mod registered;
pub mod registering;
mod samples;
pub mod scoring;

pub(crate) use act::elsewhere;
pub use act::{ActView, HomeAct, ProviderAct, home_act, provider_act};

/// One provider of the list.
#[derive(Debug, Clone)]
pub struct ProviderLine {
    /// Its code in addresses.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its homes on the register.
    pub homes: u64,
    /// Since when it is in the arrangement, where it is.
    pub admitted: Option<Date>,
    /// How it stands, where the region has said so.
    pub standing: Option<Standing>,
}

/// The list of providers, one page of it.
#[derive(Debug, Clone)]
pub struct RegionProvidersView {
    /// The providers of this page.
    pub rows: Vec<ProviderLine>,
    /// How many in all.
    pub total: u64,
    /// Which page, from 1.
    pub page: u64,
    /// How many pages.
    pub pages: u64,
}

fn tag(standing: Option<Standing>) -> Tag {
    match standing {
        Some(standing) => standing_tag("Registered", false, standing),
        None => Tag::new("Not admitted", Colour::Grey),
    }
}

/// The page of the providers.
pub fn region_providers(shell: Shell, view: &RegionProvidersView) -> Page {
    let rows = view.rows.iter().map(|one| {
        let link = Link::new(one.name.as_str(), format!("/region/providers/{}", one.code));
        Row::new(Cell::new(Html::from(link)))
            .cell(Cell::number(one.homes))
            .cell(Cell::new(tag(one.standing)))
            .cell(one.admitted.map_or("Not admitted".to_owned(), words::date))
    });
    let table = Table::new(format!("{}, by name", words::count(view.total, "provider", "providers")))
        .column(Column::text("Provider"))
        .column(Column::number("Homes"))
        .column(Column::text("Standing"))
        .column(Column::text("Since"))
        .rows(rows)
        .empty("No provider is known. Homes and their owners come in from Ofsted's register.");
    Page::new(shell.titled("Providers").page_of(view.page, view.pages))
        .text("A provider is admitted to the arrangement first, then each of its homes, lot by lot.")
        .with(Html::bullets([
            Html::from(Link::new("Standing: measures that are proposed or in force", "/region/standing")),
            Html::from(Link::new("Alerts from Ofsted's register", "/region/alerts")),
            Html::from(Link::new("Homes whose facts differ", "/homes/differ")),
        ]))
        .with(Html::bullets([
            Link::new("Openings and applications", "/region/admission"),
            Link::new("Evaluation records", "/region/evaluations"),
        ]))
        .with(table)
        .with(Pagination::new(view.page, view.pages, |page| format!("/region/providers?page={page}")))
}

/// What the region or Ofsted has said, for some days.
#[derive(Debug, Clone)]
pub struct StandingRow {
    /// How it stands, in words.
    pub standing: String,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub source: String,
    /// The first day.
    pub from: Date,
    /// The day after the last, where it has one.
    pub until: Option<Date>,
    /// Where it can be read, where it was entered by hand.
    pub read_at: Option<String>,
}

/// One provider.
#[derive(Debug, Clone)]
pub struct RegionProviderView {
    /// Its code in addresses.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it is in the arrangement today, on a ground and not removed.
    pub admitted: bool,
    /// How it stands today, where the region has said so.
    pub standing: Option<Standing>,
    /// Since when.
    pub since: Option<Date>,
    /// Everything that holds, held or will hold, the earliest first.
    pub facts: Vec<StandingRow>,
    /// Its homes: number, name, the words of the registration.
    pub homes: Vec<(String, String, String)>,
    /// On what its admissions rest.
    pub grounds: Vec<GroundRow>,
}

/// On what an admission of a provider rests.
#[derive(Debug, Clone)]
pub struct GroundRow {
    /// The first day that it carries.
    pub from: Date,
    /// In words.
    pub what: String,
    /// The evaluation record, where it is one.
    pub evaluation: Option<i64>,
}

fn grounds(rows: &[GroundRow], admitted: bool) -> Table {
    let rows = rows.iter().map(|one| {
        let what = match one.evaluation {
            Some(id) => Cell::new(Html::from(Link::new(one.what.as_str(), format!("/region/evaluations/{id}")))),
            None => Cell::from(one.what.as_str()),
        };
        Row::new(words::date(one.from)).cell(what)
    });
    Table::new(if admitted { "On what its admission rests" } else { "What an admission can rest on" })
        .columns(["From", "Record"])
        .rows(rows)
        .empty("It was not admitted to the arrangement.")
}

fn facts(rows: &[StandingRow]) -> Table {
    let rows = rows.iter().map(|fact| {
        let until = fact.until.map_or("Goes on".to_owned(), |day| format!("Until {}", words::date(day)));
        Row::new(fact.standing.as_str())
            .cell(words::capital(&fact.reason))
            .cell(words::capital(&fact.source))
            .cell(words::date(fact.from))
            .cell(until)
            .cell(match &fact.read_at {
                Some(link) => Cell::new(Html::from(Link::new("Read it", link.as_str()).external())),
                None => Cell::new(""),
            })
    });
    Table::new("Standing, day by day")
        .columns(["Standing", "Why", "Who says so", "From", "Until", "Where"])
        .rows(rows)
        .empty("No standing is recorded.")
}

/// The page of one provider.
pub fn region_provider(shell: Shell, view: &RegionProviderView) -> Page {
    let address = |act: ProviderAct| format!("/region/providers/{}/{}", view.code, act.code());
    let link = |act: ProviderAct| Html::from(Link::new(act.title(), address(act)));
    let act = if view.admitted { ProviderAct::Standing } else { ProviderAct::Admit };
    let homes = view.homes.iter().map(|(urn, name, registration)| {
        let link = Link::new(name.as_str(), format!("/region/homes/{urn}"));
        Row::new(Cell::new(Html::from(link))).cell(urn.as_str()).cell(registration.as_str())
    });
    let homes = Table::new("Homes")
        .columns(["Home", "Ofsted number", "Registration"])
        .rows(homes)
        .empty("None of its homes is on the register of the region.");
    Page::new(shell.titled(view.name.as_str()).caption("Provider").back("/region/providers"))
        .with(SummaryList::new().row("Standing", tag(view.standing)).maybe("Since", view.since.map(words::date)))
        .with(Html::bullets([
            link(act),
            Html::from(Link::new(
                "Its homes over time: figures, concerns, measures",
                format!("/monitoring/providers/{}", view.code),
            )),
        ]))
        .with(homes)
        .with(grounds(&view.grounds, view.admitted))
        .with(facts(&view.facts))
}

/// One home as the regional team keeps it.
#[derive(Debug, Clone)]
pub struct RegionHomeView {
    /// The home as everybody reads it.
    pub home: HomeView,
    /// Its provider's code in addresses.
    pub provider_code: String,
    /// Whether its provider is admitted today.
    pub provider_admitted: bool,
    /// What is recorded of the home itself, the earliest first.
    pub facts: Vec<StandingRow>,
}

/// The page of one home.
pub fn region_home(shell: Shell, view: &RegionHomeView) -> Page {
    let home = &view.home;
    let offered = |act: &&HomeAct| match act {
        HomeAct::Admit => view.provider_admitted,
        HomeAct::Leave => home.lots.iter().any(|lot| lot.until.is_none()),
        HomeAct::Price | HomeAct::Standing | HomeAct::Visit => true,
    };
    let acts = HomeAct::ALL
        .iter()
        .filter(offered)
        .map(|act| Html::from(Link::new(act.title(), format!("/region/homes/{}/{}", home.urn, act.code()))));
    let provider = Link::new(home.provider.as_str(), format!("/region/providers/{}", view.provider_code));
    let standing = standing_tag(&home.registration, home.restricted_since.is_some(), home.standing);
    let facts_of_home = SummaryList::new()
        .row("Provider", provider)
        .row("Registration", home.registration_dates.as_str())
        .row("Standing", standing);
    let public = Link::new("The home as officers read it", format!("/homes/{}", home.urn));
    let shell = shell
        .titled(home.name.as_str())
        .caption(format!("Children's home {}", home.urn))
        .record(home.urn.as_str())
        .back(format!("/region/providers/{}", view.provider_code));
    Page::new(shell)
        .with(facts_of_home)
        .maybe((!view.provider_admitted).then(|| {
            Inset::new("Its provider is not admitted to the arrangement. Admit the provider first, then the home.")
        }))
        .text(public)
        .with(Html::bullets(acts))
        .with(lots(home))
        .with(prices(home))
        .with(facts(&view.facts))
        .with(visits(home))
}

fn sample_grounds() -> Vec<GroundRow> {
    let before = "It was evaluated before this record began: file FCA/2018/014".to_owned();
    let day = jiff::civil::date;
    vec![
        GroundRow { from: day(2018, 12, 15), what: before, evaluation: None },
        GroundRow { from: day(2021, 9, 8), what: "Its evaluation record".to_owned(), evaluation: Some(9) },
    ]
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let day = jiff::civil::date;
    let line = ProviderLine {
        code: "elm-care-limited".to_owned(),
        name: "Elm Care Limited".to_owned(),
        homes: 3,
        admitted: Some(day(2018, 12, 15)),
        standing: Some(Standing::Good),
    };
    let new = ProviderLine {
        code: "ash".to_owned(),
        name: "Ash & Łódź Care".to_owned(),
        homes: 1,
        admitted: None,
        standing: None,
    };
    let list = RegionProvidersView { rows: vec![line, new], total: 62, page: 2, pages: 3 };
    let fact = StandingRow {
        standing: "On watch".to_owned(),
        reason: "serious concerns at an inspection".to_owned(),
        source: "regional team".to_owned(),
        from: day(2021, 9, 8),
        until: None,
        read_at: Some("https://reports.ofsted.gov.uk/provider/4/SC400001".to_owned()),
    };
    let provider = RegionProviderView {
        code: "elm-care-limited".to_owned(),
        name: "Elm Care Limited".to_owned(),
        admitted: true,
        standing: Some(Standing::OnWatch),
        since: Some(day(2021, 9, 8)),
        facts: vec![fact.clone()],
        homes: vec![("SC400001".to_owned(), "Elm House".to_owned(), "Registered".to_owned())],
        grounds: sample_grounds(),
    };
    let outside = RegionProviderView {
        admitted: false,
        standing: None,
        since: None,
        facts: vec![],
        homes: vec![],
        grounds: vec![],
        ..provider.clone()
    };
    let home = RegionHomeView {
        home: super::home::record::sample(),
        provider_code: "elm-care-limited".to_owned(),
        provider_admitted: false,
        facts: vec![fact],
    };
    let shell = kit::signed_in_shell;
    let mut all = vec![
        ("the regional team's providers", region_providers(shell(), &list).to_string()),
        ("a provider", region_provider(shell(), &provider).to_string()),
        ("a provider that is not admitted", region_provider(shell(), &outside).to_string()),
        ("a home as the regional team keeps it", region_home(shell(), &home).to_string()),
    ];
    all.extend(act::samples());
    all.extend(samples::samples());
    all.extend(evidence::samples());
    all.extend(registering::samples());
    all.extend(registered::samples());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_admitted_where_its_provider_is_and_taken_off_a_lot_where_it_is_on_one() {
        for (provider_admitted, on_a_lot) in [(true, true), (true, false), (false, true), (false, false)] {
            let mut home = crate::homes::home::record::sample();
            if !on_a_lot {
                home.lots.clear();
            }
            let provider_code = "elm-care-limited".to_owned();
            let view = RegionHomeView { home, provider_code, provider_admitted, facts: vec![] };
            let page = region_home(kit::signed_in_shell(), &view).to_string();
            assert_eq!(page.contains("/region/homes/SC400001/admit"), provider_admitted, "{page}");
            assert_eq!(page.contains("/region/homes/SC400001/leave"), on_a_lot, "{page}");
        }
    }

    #[test]
    fn a_provider_that_is_not_admitted_has_no_first_day_and_no_admission_that_rests_on_anything() {
        let all = samples();
        for (wanted, admitted) in [("a provider", true), ("a provider that is not admitted", false)] {
            let page = all.iter().find(|(name, _)| *name == wanted).map_or("", |(_, page)| page.as_str());
            assert_eq!(page.contains("No standing is recorded."), !admitted, "{page}");
            assert!(!page.contains("Not provided"), "{page}");
            let rests = Page::new(kit::signed_in_shell()).with(grounds(&sample_grounds(), admitted)).to_string();
            assert_eq!(rests.contains("On what its admission rests"), admitted, "{rests}");
            assert_eq!(rests.contains("What an admission can rest on"), !admitted, "{rests}");
        }
    }
}
