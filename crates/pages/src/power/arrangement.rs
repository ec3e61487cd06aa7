//! The arrangement for everybody (P-02): the term as a bar, what is left of the option, lots, terms, opening windows,
//! and the participants with what each may do and why not.

mod extend;
mod lots;
mod own;
mod provider;
mod region;
mod variation;

pub use extend::{Answer, AnswerRow, ExtendView, extend_page};
pub(crate) use extend::{block_survivals, survivals};
pub use lots::{LotView, lot_page};
pub use own::{OwnArrangementView, OwnUseView, PastView, WarningView, own_page};
pub use provider::{Accepted, ProviderView, ToAccept, provider_page};
pub use region::{AcceptanceView, Worklist, change_page, region_page, successor_page, terms_page};
pub use variation::{AcceptedRow, VariationView, variation_page};

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::{Arrangement, Instrument, Participation, Term, TermBar, TermsVersion};

use crate::components::{Colour, Column, Inset, Link, Row, SummaryList, Table, Tag, TermBar as TermDrawing};
use crate::form::Typed;
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// What the forms of a page need: a key for each, what is wrong, what was typed.
#[derive(Debug, Clone, Copy)]
pub struct Forms<'a> {
    /// A key for each form, in their order.
    pub keys: &'a [String],
    /// What is wrong.
    pub errors: &'a Invalid,
    /// What was typed.
    pub typed: &'a Typed,
}

impl Forms<'_> {
    pub(crate) fn key(&self, at: usize) -> String {
        self.keys.get(at).cloned().unwrap_or_default()
    }
}

/// The end of a term that is warned of, for the home of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermEndView {
    /// The last day.
    pub ends_on: Date,
    /// Fewer than so many months are left.
    pub months: u8,
    /// Days left.
    pub days: i64,
    /// Where the reader can do something about it; none where they cannot.
    pub path: Option<&'static str>,
}

/// The warning on the home of a role.
pub fn term_notice(view: &TermEndView) -> Inset {
    let words = format!(
        "The term of the arrangement ends on {}, in {}: fewer than {} months are left. ",
        words::date(view.ends_on),
        words::count(view.days.unsigned_abs(), "day", "days"),
        view.months
    );
    Inset::new(match view.path {
        Some(path) => Html::join([Html::from(words), Link::new("What your authority has decided", path).into()]),
        None => Html::from(words),
    })
}

/// A participant's row.
#[derive(Debug, Clone)]
pub struct ParticipantView {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub participation: Participation,
    /// The decision's reference.
    pub reference: Option<String>,
    /// Its annual value.
    pub annual_value: Option<Pence>,
    /// The posts that may award, in the decision's words.
    pub delegates: Vec<String>,
    /// What its decisions say of the extended term, and what it decided for itself.
    pub extension: String,
}

/// The arrangement as everybody sees it.
#[derive(Debug, Clone)]
pub struct ArrangementView {
    /// The arrangement.
    pub arrangement: Arrangement,
    /// Where today stands.
    pub bar: TermBar,
    /// Its participants.
    pub participants: Vec<ParticipantView>,
    /// Today.
    pub today: Date,
}

/// The page.
pub fn arrangement_page(shell: Shell, view: &ArrangementView) -> Page {
    let arrangement = &view.arrangement;
    let able =
        view.participants.iter().filter(|row| matches!(row.participation, Participation::CanAward { .. })).count();
    let (able, all) = (count(able), count(view.participants.len()));
    Page::new(shell.titled(arrangement.title.as_str()).caption("Arrangement"))
        .text(format!("Lead authority: {}. {able} of {all} participants can award today.", arrangement.lead))
        .with(Html::heading("Term"))
        .with(drawing(arrangement, view.today))
        .maybe(arrangement.ahead.proposal.map(|proposal| {
            Inset::new(format!(
                "An extension to {} is proposed. Each authority decides for itself by {}.",
                words::date(proposal.until),
                words::date(proposal.answer_by)
            ))
        }))
        .maybe((view.bar.months_left == 0).then(|| Html::paragraph("No extension is left.")))
        .maybe(warning(&view.bar))
        .with(participants(view))
        .with(lots(arrangement))
        .with(terms(arrangement, view.today))
        .heading("How providers join")
        .with(windows(arrangement))
        .with(Html::bullets([
            Link::new("Contracts, and what was bought by year", "/contracts"),
            Link::new("Decisions of the authorities and trusts", "/decisions"),
        ]))
}

/// The term as a bar: initial term, extension used, extension left.
fn drawing(arrangement: &Arrangement, today: Date) -> TermDrawing {
    term_drawing(&arrangement.term, today)
}

/// The same of a term alone, for the home of a role.
pub(crate) fn term_drawing(term: &Term, today: Date) -> TermDrawing {
    TermDrawing::new("term", term.start, term.end, term.current_end(), term.longest_end(), today)
}

fn count(rows: usize) -> String {
    words::number(u64::try_from(rows).unwrap_or(u64::MAX))
}

/// "Day 1,004 of 1,096; 92 days to 14 December 2021; extension left: 36 months, to 14 December 2024 at the longest."
pub(crate) fn term_words(bar: &TermBar) -> String {
    let number = |days: i64| words::number(days.unsigned_abs());
    let left = match bar.months_left {
        0 => "no extension left".to_owned(),
        months => format!("extension left: {months} months, to {} at the longest", words::date(bar.longest_end)),
    };
    format!(
        "Day {} of {}; {} days to {}; {left}.",
        number(bar.day),
        number(bar.of),
        number(bar.days_left),
        words::date(bar.end)
    )
}

fn warning(bar: &TermBar) -> Option<Inset> {
    let months = bar.warning?;
    Some(Inset::new(format!(
        "Fewer than {months} months are left. An option to extend gives no power to use it: each authority decides for \
         itself whether its ceiling and its powers go on."
    )))
}

fn participants(view: &ArrangementView) -> Table {
    Table::new("Participants")
        .columns(["Authority or trust", "Decision", "Status"])
        .column(Column::number("Annual value"))
        .columns(["Who may award", "In an extended term"])
        .rows(view.participants.iter().map(|row| {
            let decision = row.reference.as_ref().map_or_else(
                || Html::from("None recorded"),
                |reference| Link::new(reference.as_str(), format!("/decisions/{reference}")).into(),
            );
            let colour = match row.participation {
                Participation::CanAward { .. } => Colour::Green,
                Participation::DecidedNotYetEffective { .. } => Colour::Yellow,
                Participation::CalledIn { .. } => Colour::Red,
                Participation::NoDecision
                | Participation::Ended { .. }
                | Participation::NotExtended { .. }
                | Participation::Left { .. } => Colour::Grey,
            };
            let status = Html::lines([
                Html::from(Tag::new(row.participation.label(), colour)),
                row.participation.reason().into(),
            ]);
            Row::new(row.name.as_str())
                .cell(decision)
                .cell(status)
                .cell(row.annual_value.map_or_else(String::new, words::money))
                .cell(row.delegates.join("; "))
                .cell(row.extension.as_str())
        }))
        .empty("No participant is recorded yet.")
}

fn lots(arrangement: &Arrangement) -> Table {
    Table::new("Lots")
        .columns(["Lot", "What it is for"])
        .rows(arrangement.lots.iter().map(|lot| Row::new(lot.name.as_str()).cell(lot.description.as_str())))
        .empty("No lot is recorded yet.")
}

/// The versions of the terms and of the specification, each leading to its own page.
fn terms(arrangement: &Arrangement, today: Date) -> Html {
    let table = |of: Instrument| {
        let now = arrangement.version_on(of, today).map(|terms| terms.version.as_str());
        Table::new(format!("Versions of the {}", of.code()))
            .columns(["Version", "From", "What changed"])
            .rows(arrangement.versions(of).iter().rev().map(|terms| {
                let mark = if now == Some(terms.version.as_str()) { " (in force)" } else { "" };
                let name = Link::new(format!("{}{mark}", terms.version), variation_path(arrangement, of, terms));
                Row::new(name.hidden(format!("of the {}", of.code())))
                    .cell(words::date(terms.from))
                    .cell(terms.summary.as_str())
            }))
            .empty(format!("No version of the {} is recorded yet.", of.code()))
    };
    Html::join(Instrument::ALL.map(|of| Html::from(table(of))))
}

/// The page of a version that everybody reads.
fn variation_path(arrangement: &Arrangement, of: Instrument, terms: &TermsVersion) -> String {
    format!("/arrangement/terms/{}/{}/{}", arrangement.slug, of.code(), terms.version)
}

fn windows(arrangement: &Arrangement) -> Html {
    let list = arrangement.windows.iter().fold(SummaryList::new(), |list, window| {
        list.row(format!("Window of {}", window.from.year()), words::date_range(window.from, window.to))
    });
    let list = if arrangement.windows.is_empty() { Html::default() } else { list.into() };
    Html::join([
        Html::paragraph(
            "Providers and their homes may join in the yearly window, and at any other time by the lead authority's invitation. Each home is admitted by itself, lot by lot.",
        ),
        list,
    ])
}

/// The page before the region has recorded an arrangement.
pub fn none_page(shell: Shell) -> Page {
    Page::new(shell.titled("Arrangement"))
        .text("No arrangement is recorded yet. The regional team records it, and each authority its own decision to adopt it.")
}

/// An arrangement for samples.
fn sample() -> Arrangement {
    use placewell_domain::id::ArrangementId;
    use placewell_domain::power::arrangement::{Lot, OpeningWindow, Term};
    let day = Date::constant;
    Arrangement {
        id: ArrangementId(1),
        version: 1,
        slug: "fca".into(),
        title: "Flexible Contracting Arrangement".into(),
        lead: "Coventry City Council".into(),
        term: Term { start: day(2018, 12, 15), end: day(2021, 12, 14), option_months: 36, steps: vec![] },
        lots: vec![Lot { code: "planned".into(), name: "Planned".into(), description: "Planned placements".into() }],
        terms: vec![TermsVersion { version: "1.0".into(), from: day(2018, 12, 15), summary: "First".into() }],
        specification: vec![],
        windows: vec![OpeningWindow { from: day(2021, 10, 1), to: day(2021, 10, 31) }],
        participants: vec![placewell_domain::power::arrangement::Participant {
            organisation: placewell_domain::id::OrganisationId(8),
            code: "HEF".into(),
            name: "Herefordshire Council".into(),
        }],
        ahead: placewell_domain::power::arrangement::Ahead::default(),
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    use placewell_domain::id::DecisionId;
    let day = Date::constant;
    let arrangement = sample();
    let today = day(2021, 9, 13);
    let participant = |name: &str, participation: Participation| ParticipantView {
        name: name.into(),
        participation,
        reference: Some("HEF-2019-0114".into()),
        annual_value: Some(Pence::pounds(5_500_000)),
        delegates: vec!["Director for Children and Families".into()],
        extension: "Not decided".into(),
    };
    let able =
        Participation::CanAward { since: day(2019, 1, 19), decision: DecisionId(1), reference: "HEF-2019-0114".into() };
    let view = ArrangementView {
        bar: arrangement.term.bar(today),
        participants: vec![
            participant("Herefordshire Council", able),
            participant("Telford and Wrekin Council", Participation::CalledIn { reference: "TFW-2021-0901".into() }),
        ],
        today,
        arrangement,
    };
    let notice = TermEndView { ends_on: day(2021, 12, 14), months: 6, days: 92, path: Some("/arrangement/own") };
    let notice = Page::new(kit::signed_in_shell().titled("Home")).with(term_notice(&notice));
    let mut pages = vec![
        ("arrangement", arrangement_page(kit::public_shell(), &view).to_string()),
        ("no arrangement", none_page(kit::public_shell()).to_string()),
        ("the end of the term on a home", notice.to_string()),
    ];
    pages.extend(region::samples(&view));
    pages.extend(lots::samples(&view.arrangement, view.today));
    pages.extend(extend::samples());
    pages.extend(provider::samples());
    pages.extend(own::samples());
    pages.extend(variation::samples());
    pages
}
