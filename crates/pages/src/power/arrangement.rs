//! The arrangement for everybody (P-02): the term as a bar, what is left of the option, lots, terms, opening windows,
//! and the participants with what each may do and why not.

mod own;

pub use own::{OwnArrangementView, OwnUseView, own_page};

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::{Arrangement, Participation, TermBar};

use crate::components::{Colour, Column, Inset, Link, Row, SummaryList, Table, Tag, TermBar as TermDrawing};
use crate::form::{Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

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
    let term = &arrangement.term;
    let able =
        view.participants.iter().filter(|row| matches!(row.participation, Participation::CanAward { .. })).count();
    let (able, all) = (count(able), count(view.participants.len()));
    let drawing = TermDrawing::new("term", term.start, term.end, term.current_end(), term.longest_end(), view.today);
    Page::new(shell.titled(arrangement.title.as_str()).caption("Arrangement"))
        .text(format!("Lead authority: {}. {able} of {all} participants can award today.", arrangement.lead))
        .with(Html::heading("Term"))
        .with(drawing)
        .maybe((view.bar.months_left == 0).then(|| Html::paragraph("No extension is left.")))
        .maybe(warning(&view.bar))
        .with(participants(view))
        .with(lots(arrangement))
        .with(terms(arrangement, view.today))
        .heading("How providers join")
        .with(windows(arrangement))
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
                Participation::NoDecision | Participation::Ended { .. } => Colour::Grey,
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

fn terms(arrangement: &Arrangement, today: Date) -> Table {
    let now = arrangement.terms_on(today).map(|terms| terms.version.as_str());
    Table::new("Versions of the terms")
        .columns(["Version", "From", "What changed"])
        .rows(arrangement.terms.iter().rev().map(|terms| {
            let mark = if now == Some(terms.version.as_str()) { " (in force)" } else { "" };
            Row::new(format!("{}{mark}", terms.version)).cell(words::date(terms.from)).cell(terms.summary.as_str())
        }))
        .empty("No version of the terms is recorded yet.")
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

/// The regional team's page: the same arrangement, with the forms that extend its term and issue terms.
pub fn region_page(shell: Shell, view: &ArrangementView, keys: [&str; 2], errors: &Invalid) -> Page {
    const PATH: &str = "/region/arrangement";
    let arrangement = &view.arrangement;
    let csrf = shell.csrf.clone();
    let extend = Form::post(format!("{PATH}/extend"), csrf.as_str(), keys[0])
        .version(arrangement.version)
        .field(Field::hidden("slug", arrangement.slug.as_str()))
        .field(
            Field::number("months", "By how many months?")
                .hint(format!("{} months of the option are left.", view.bar.months_left))
                .errors(errors),
        )
        .field(Field::date("decided_on", "When did the region decide it?").on(view.today).errors(errors))
        .submit("Extend the term");
    let issue = Form::post(format!("{PATH}/terms"), csrf, keys[1])
        .version(arrangement.version)
        .field(Field::hidden("slug", arrangement.slug.as_str()))
        .field(Field::text("terms", "Number of the new version").width(5).plain().errors(errors))
        .field(Field::date("from", "First day on which it applies").errors(errors))
        .field(Field::textarea("summary", "What changed").limit(1_000).errors(errors))
        .submit("Issue this version of the terms");
    Page::new(shell.titled("Arrangement").caption(arrangement.title.as_str()).with_errors(errors))
        .text(term_words(&view.bar))
        .maybe(warning(&view.bar))
        .text(Link::new("The public page of the arrangement", "/arrangement"))
        .with(participants(view))
        .heading("Extend the term")
        .with(extend)
        .with(terms(arrangement, view.today))
        .heading("Issue a version of the terms")
        .with(issue)
}

/// The page before the region has recorded an arrangement.
pub fn none_page(shell: Shell) -> Page {
    Page::new(shell.titled("Arrangement"))
        .text("No arrangement is recorded yet. The regional team records it, and each authority its own decision to adopt it.")
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    use placewell_domain::id::{ArrangementId, DecisionId};
    use placewell_domain::power::arrangement::{Lot, OpeningWindow, Term, TermsVersion};
    let day = Date::constant;
    let term = Term { start: day(2018, 12, 15), end: day(2021, 12, 14), option_months: 36, steps: vec![] };
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
        bar: term.bar(today),
        arrangement: Arrangement {
            id: ArrangementId(1),
            version: 1,
            slug: "fca".into(),
            title: "Flexible Contracting Arrangement".into(),
            lead: "Coventry City Council".into(),
            term,
            lots: vec![Lot {
                code: "planned".into(),
                name: "Planned".into(),
                description: "Planned placements".into(),
            }],
            terms: vec![TermsVersion { version: "1.0".into(), from: day(2018, 12, 15), summary: "First".into() }],
            windows: vec![OpeningWindow { from: day(2021, 10, 1), to: day(2021, 10, 31) }],
            participants: vec![],
        },
        participants: vec![
            participant("Herefordshire Council", able),
            participant("Telford and Wrekin Council", Participation::CalledIn { reference: "TFW-2021-0901".into() }),
        ],
        today,
    };
    let mut pages = vec![
        (
            "the regional team's arrangement",
            region_page(kit::signed_in_shell(), &view, ["k1", "k2"], &Invalid::one("months", "Enter the months"))
                .to_string(),
        ),
        ("arrangement", arrangement_page(kit::public_shell(), &view).to_string()),
        ("no arrangement", none_page(kit::public_shell()).to_string()),
    ];
    pages.extend(own::samples());
    pages
}
