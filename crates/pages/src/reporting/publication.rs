//! The contract register for everybody, with yearly totals per provider; one contract; open data; and the page on which
//! the regional team publishes a year. No type here can hold a child, a home or an address.

use jiff::civil::Date;
use placewell_domain::reporting::publication::{AT_LEAST, ContractKind, Measure, PublicContract, Share};

use crate::components::{Column, Details, Inset, Link, Row, SummaryList, Table, Warning};
use crate::form::{Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

mod samples;

pub use samples::samples;

/// A figure with what it is of, in words.
#[derive(Debug, Clone)]
pub struct NamedFigure {
    /// What it is of.
    pub name: String,
    /// The figure.
    pub measure: Measure,
    /// Its parts by authority; empty where they would tell of small numbers.
    pub parts: Vec<(String, Measure)>,
}

/// The share of placements through the arrangement in a year.
#[derive(Debug, Clone)]
pub struct ShareView {
    /// All authorities together.
    pub all: Share,
    /// By authority, the others together last; empty where no authority can be told.
    pub by_authority: Vec<(String, Share)>,
}

/// A year's totals.
#[derive(Debug, Clone)]
pub struct YearView {
    /// The calendar year in which it starts.
    pub starts_in: i16,
    /// Its days, such as "15 December 2019 to 14 December 2020".
    pub days: String,
    /// When it was published; none before.
    pub published_on: Option<Date>,
    /// All providers together; none where even that is too small.
    pub all: Option<Measure>,
    /// By provider, the others together last.
    pub figures: Vec<NamedFigure>,
    /// The share through the arrangement; none where too few went one of the ways, or it was published without.
    pub share: Option<ShareView>,
}

/// The register.
#[derive(Debug, Clone)]
pub struct ContractsView {
    /// The contracts.
    pub contracts: Vec<PublicContract>,
    /// The years that are published, the latest first.
    pub years: Vec<YearView>,
    /// Whether the reader is of the team that publishes a year.
    pub publishes: bool,
    /// Whether the register is published as Open Contracting data too.
    pub open_contracting: bool,
}

fn value(contract: &PublicContract) -> String {
    contract.value.map_or_else(|| "Nothing promised".to_owned(), words::money)
}

fn register(caption: &str, contracts: &[&PublicContract], empty: &str) -> Table {
    Table::new(caption)
        .columns(["Reference", "Supplier", "Title", "Term"])
        .column(Column::number("Value"))
        .rows(contracts.iter().map(|one| {
            Row::new(Link::new(one.reference.as_str(), format!("/contracts/{}", one.reference)))
                .cell(one.supplier.as_str())
                .cell(one.title.as_str())
                .cell(words::date_range(one.starts, one.ends))
                .cell(value(one))
        }))
        .empty(empty)
}

fn measured(row: Row, measure: Measure) -> Row {
    row.cell(words::number(measure.children)).cell(words::money(measure.paid))
}

fn measures(caption: String, first: &str, rows: Vec<Row>) -> Table {
    Table::new(caption)
        .column(Column::text(first))
        .column(Column::number("Children"))
        .column(Column::number("Paid"))
        .rows(rows)
}

fn shares(year: &YearView) -> Html {
    let Some(view) = &year.share else {
        return Html::paragraph(format!("{}: the share of placements through the FCA is not told.", year.days));
    };
    let row = |name: &str, share: Share| {
        Row::new(name)
            .cell(words::number(share.all()))
            .cell(words::number(share.through))
            .cell(words::number(share.otherwise))
            .cell(format!("{}%", share.percent()))
    };
    let rows = view.by_authority.iter().map(|(name, share)| row(name, *share));
    let rows = rows.chain([row("All authorities", view.all).total()]);
    Table::new(format!("Placements that began, {}", year.days))
        .column(Column::text("Authority"))
        .column(Column::number("Placements"))
        .column(Column::number("Through the FCA"))
        .column(Column::number("Other ways"))
        .column(Column::number("Share through the FCA"))
        .rows(rows)
        .into()
}

fn figures(year: &YearView) -> Html {
    Html::join([totals(year), shares(year)])
}

fn totals(year: &YearView) -> Html {
    let Some(all) = year.all else {
        return Html::paragraph(format!(
            "{}: fewer than {AT_LEAST} children, or at fewer than {AT_LEAST} homes.",
            year.days
        ));
    };
    let rows = year.figures.iter().map(|one| measured(Row::new(one.name.as_str()), one.measure));
    let rows = rows.chain([measured(Row::new("All providers"), all).total()]).collect();
    let table = measures(format!("Placements by provider, {}", year.days), "Provider", rows);
    let by_authority = year.figures.iter().filter(|one| !one.parts.is_empty()).map(|one| {
        let rows = one.parts.iter().map(|(name, measure)| measured(Row::new(name.as_str()), *measure)).collect();
        Html::from(measures(format!("{}: by authority", one.name), "Authority", rows))
    });
    let by_authority = Html::join(by_authority);
    let summary = format!("By authority, {}", year.days);
    let parts = (!by_authority.is_empty()).then(|| Html::from(Details::new(summary, by_authority)));
    Html::join([Html::from(table), parts.unwrap_or_default()])
}

/// How the figures are made, in full.
fn rule() -> Details {
    let words = [
        format!("A figure stands for at least {AT_LEAST} children at {AT_LEAST} homes. Smaller ones stand together."),
        "Where what is left over would be smaller, the smallest provider that could be named joins it.".to_owned(),
        "Providers with one home stand among the others always.".to_owned(),
        "A child counts once in a year, at the provider where it slept most nights.".to_owned(),
        "Amounts are to the nearest £1,000. The shortest period is a year.".to_owned(),
        "A year is published once. Late corrections do not change it: two versions would give small numbers away."
            .to_owned(),
        format!(
            "A share is told where at least {AT_LEAST} children at {AT_LEAST} homes began through the FCA, and as many other ways."
        ),
        "Other ways are spot purchases, beds of mini-blocks and an authority's own homes.".to_owned(),
        "Mini-blocks have their own value in the register, and their beds are not in these totals.".to_owned(),
        "Totals of one authority over all providers are left out: beside these they would give small numbers away."
            .to_owned(),
        "An authority's monthly spending file names no provider of a placement: it has one sum for all of a year."
            .to_owned(),
    ];
    Details::new("How small numbers are kept out", Html::bullets(words))
}

/// The register (P-05).
pub fn contracts_page(shell: Shell, view: &ContractsView) -> Page {
    let of = |kind: ContractKind| view.contracts.iter().filter(|one| one.kind == kind).collect::<Vec<_>>();
    let (blocks, places) = (of(ContractKind::MiniBlock), of(ContractKind::Arrangement));
    let files = [
        Some(Link::download("Contract register (CSV)", "/contracts.csv")),
        view.open_contracting.then(|| Link::download("Contract register (Open Contracting JSON)", "/contracts.json")),
        Some(Link::download("Yearly spending by provider (CSV)", "/contracts/spending.csv")),
        Some(Link::download("Yearly share of placements through the FCA (CSV)", "/contracts/share.csv")),
        Some(Link::new("Follow mini-block awards (Atom feed)", "/contracts.atom")),
    ];
    let publish = view.publishes.then(|| Html::paragraph(Link::new("Publish a year's totals", "/region/publication")));
    let years = if view.years.is_empty() {
        Html::paragraph("No year's totals are published yet.")
    } else {
        Html::join(view.years.iter().map(figures))
    };
    let found = words::count(u64::try_from(places.len()).unwrap_or(u64::MAX), "provider", "providers");
    Page::new(shell.titled("Contracts"))
        .text("What the participating authorities and trusts buy in children's homes, and from whom.")
        .maybe(publish)
        .with(register("Mini-blocks", &blocks, "No mini-block has been awarded yet."))
        .heading("Placements of children, by year")
        .text("Each placement is a contract for one child. They are not published one by one, only as yearly totals.")
        .with(rule())
        .with(years)
        .with(register(&format!("Places on the arrangement: {found}"), &places, "No provider is admitted yet."))
        .heading("The same as data")
        .with(Html::bullets(files.into_iter().flatten()))
}

/// One contract.
pub fn contract_page(shell: Shell, contract: &PublicContract) -> Page {
    let shell = shell
        .titled(contract.title.as_str())
        .caption(contract.supplier.as_str())
        .record(contract.reference.as_str())
        .crumb("Contracts", "/contracts");
    let extension = contract
        .extension_months
        .map_or_else(|| "None".to_owned(), |months| format!("Up to {} more months", words::number(months.into())));
    let decisions = Html::lines(
        contract.decisions.iter().map(|one| Html::from(Link::new(one.as_str(), format!("/decisions/{one}")))),
    );
    let list = SummaryList::new()
        .row("Supplier", contract.supplier.as_str())
        .row("Kind", contract.kind.label())
        .row("Buyers", Html::lines(contract.buyers.iter().map(String::as_str)))
        .row("Start", words::date(contract.starts))
        .row("End", words::date(contract.ends))
        .row("Extension", extension)
        .row("Value over the term, to the nearest £1,000", value(contract))
        .row("Procedure", contract.kind.procedure())
        .maybe("Reasons for the award", contract.reasons.as_deref())
        .maybe("Alternatives considered and rejected", contract.alternatives.as_deref())
        .maybe("Conflicts of interest", contract.conflicts.as_deref())
        .maybe("Decisions that it rests on", (!contract.decisions.is_empty()).then_some(decisions));
    let none = (contract.kind == ContractKind::Arrangement).then(|| {
        Inset::new(
            "A place on the arrangement fixes terms and prices and promises no purchase. What was bought stands in the \
             yearly totals, where the numbers are large enough.",
        )
    });
    Page::new(shell).maybe(none).with(list)
}

/// Open data: every file and feed with what is in it; the Open Contracting package where the region has a prefix for it.
pub fn data_page(shell: Shell, open_contracting: bool) -> Page {
    let row = |name: &str, href: &str, what: &str| Row::new(Link::new(name, href)).cell(what);
    let package = open_contracting.then(|| {
        row("Contracts, Open Contracting JSON", "/contracts.json", "The same by the Open Contracting Data Standard 1.1")
    });
    let rows = [
        row("Decisions, Atom feed", "/decisions.atom", "Formal decisions, the latest 50, each with its PDF and JSON"),
        row("Decisions, JSON", "/decisions.json", "Every published decision with its fields and where it stands"),
        row("Forward plan, CSV", "/forward-plan.csv", "Key decisions to come, with their notices"),
        row("Contracts, CSV", "/contracts.csv", "Supplier, title, dates, extension, value, procedure"),
    ];
    let rest = [
        row("Spending by provider, CSV", "/contracts/spending.csv", "Yearly, in the columns of the Transparency Code"),
        row("Share through the FCA, CSV", "/contracts/share.csv", "Yearly: placements that began, by authority"),
        row("Mini-block awards, Atom feed", "/contracts.atom", "Each award with its reasons"),
    ];
    let table = Table::new("Files and feeds")
        .caption_hidden()
        .columns(["File", "What is in it"])
        .rows(rows.into_iter().chain(package).chain(rest));
    Page::new(shell.titled("Open data"))
        .text("Free to use under the Open Government Licence 3.0. Small numbers are left out of all of it in the same way.")
        .with(table)
        .with(rule())
}

/// A year that the regional team may publish.
#[derive(Debug, Clone)]
pub struct YearToPublish {
    /// The year with its totals as everybody reads or would read them.
    pub year: YearView,
    /// Why it is not published today; none where it can be.
    pub refused: Option<String>,
    /// A fresh idempotency key for its form.
    pub key: String,
}

/// The page on which the regional team publishes a year.
pub fn publish_page(shell: Shell, years: &[YearToPublish]) -> Page {
    let csrf = shell.csrf.clone();
    let parts = years.iter().map(|one| {
        let act = match (&one.refused, one.year.published_on) {
            (_, Some(on)) => Html::paragraph(format!("Published {}.", words::date(on))),
            (Some(why), None) => Inset::new(why.as_str()).into(),
            (None, None) => {
                let form = Form::post("/region/publication", csrf.as_str(), one.key.as_str())
                    .field(Field::hidden("year", one.year.starts_in.to_string()))
                    .submit(format!("Publish {}", one.year.days));
                let once = Warning::new("A year is published once. Look at the figures first: they cannot be changed.");
                Html::join([figures(&one.year), once.into(), form.into()])
            }
        };
        Html::join([Html::heading(&one.year.days), act])
    });
    let none = years.is_empty().then(|| Inset::new("No arrangement is recorded yet."));
    Page::new(shell.titled("Publish yearly totals").back("/contracts"))
        .text("Totals per provider of all authorities, with every small number out of them.")
        .with(rule())
        .maybe(none)
        .with(Html::join(parts))
}
