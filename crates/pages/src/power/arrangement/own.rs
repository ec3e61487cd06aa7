//! What one authority decides for itself about the arrangement: what its decisions say of the extended term, the use of the
//! extension, the terms it accepts, that it leaves; each with the power that it cites.

use jiff::civil::Date;
use placewell_domain::power::arrangement::{Arrangement, BlockSurvival, Participation, Survival, TermBar};
use placewell_domain::power::decision::{InExtension, Says};

use super::{Forms, block_survivals, drawing, survivals, term_words, warning};
use crate::components::{Inset, Link, Row, SummaryList, Table};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// What was decided.
#[derive(Debug, Clone)]
pub struct OwnUseView {
    /// In words.
    pub what: String,
    /// On which day.
    pub on: Date,
    /// The power, by post title.
    pub power: String,
}

/// A warning before the end of the term.
#[derive(Debug, Clone, Copy)]
pub struct WarningView {
    /// Fewer than so many months are left.
    pub months: u8,
    /// From which day on.
    pub from: Date,
    /// Where it stands, in words.
    pub state: &'static str,
}

/// What runs past the last day of the authority's term.
#[derive(Debug, Clone)]
pub struct PastView {
    /// The last day.
    pub last: Date,
    /// How many agreements, and their planned nights after it; how many shares of mini-blocks.
    pub counted: (usize, i64, usize),
    /// Each of them, for those who read agreements; none for others.
    pub listed: Option<(Vec<Survival>, Vec<BlockSurvival>)>,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct OwnArrangementView {
    /// The arrangement.
    pub arrangement: Arrangement,
    /// Where today stands.
    pub bar: TermBar,
    /// Today.
    pub today: Date,
    /// Where the authority's participation stands.
    pub participation: Participation,
    /// The last day of the authority's powers, and of the extended term that its decision uses.
    pub term: (Option<Date>, Option<Date>),
    /// What its decisions say goes on.
    pub says: InExtension,
    /// Where it has not decided: the last days to publish the 28 days' notice, and to decide and publish.
    pub in_time: Option<(Option<Date>, Date)>,
    /// What was decided.
    pub uses: Vec<OwnUseView>,
    /// Versions of the terms and of the specification that are not accepted yet: key and words.
    pub terms: Vec<(String, String)>,
    /// The warnings before the end of the authority's term, the earliest first; none where it leaves.
    pub warnings: Vec<WarningView>,
    /// What runs past that end; none where no arrangement of the authority has one.
    pub past: Option<PastView>,
    /// The arrangement that follows, where one is recorded: its title and first day.
    pub successor: Option<(String, Date)>,
    /// The decision to leave: from when, why, what becomes of the live agreements.
    pub leaving: Option<(Date, String, Vec<Survival>)>,
    /// By which power the reader can decide, or why not.
    pub power: Result<String, String>,
    /// Whether the reader decides at all.
    pub decides: bool,
}

const PATH: &str = "/arrangement/own";

/// The page.
pub fn own_page(shell: Shell, view: &OwnArrangementView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let arrangement = &view.arrangement;
    let uses = Table::new("Decided by this authority")
        .columns(["What", "On", "Power"])
        .rows(
            view.uses.iter().map(|one| Row::new(one.what.as_str()).cell(words::date(one.on)).cell(one.power.as_str())),
        )
        .empty("Nothing is decided yet.");
    let page = Page::new(shell.titled("Own decisions").caption(arrangement.title.as_str()).with_errors(forms.errors))
        .text(Link::new("The public page of the arrangement", "/arrangement"))
        .text(term_words(&view.bar))
        .with(drawing(arrangement, view.today))
        .maybe(warning(&view.bar))
        .heading("The extended term")
        .with(extended(view))
        .maybe((!view.warnings.is_empty()).then(|| warnings(view)))
        .with(uses);
    let page = match &view.past {
        Some(past) => page.heading("What runs past the end").with(past_the_end(past)),
        None => page,
    };
    let lists = view.past.as_ref().is_some_and(|past| past.listed.is_some());
    let page = page.maybe(view.successor.as_ref().map(|(title, start)| {
        let words = format!("{title} follows from {}. ", words::date(*start));
        let moves = lists.then(|| Html::from(Link::new("Move agreements to it", "/agreements/moves")));
        Html::paragraph(Html::join([Html::from(words), moves.unwrap_or_default()]))
    }));
    let page = match &view.leaving {
        Some((from, reason, agreements)) => page
            .heading("Your authority leaves")
            .text(format!("From {}. {reason}", words::date(*from)))
            .with(survivals("Live agreements, and what becomes of each", agreements)),
        None => page,
    };
    let page = page.with(Inset::new(match &view.power {
        Ok(power) => format!("You can decide this. {power}"),
        Err(why) => format!("You cannot decide this. {why}"),
    }));
    if !view.decides || view.power.is_err() {
        return page;
    }
    forms_of(page, view, forms, &csrf)
}

fn warnings(view: &OwnArrangementView) -> Table {
    Table::new("Warnings before the end of your term").columns(["Months left", "From", "State"]).rows(
        view.warnings
            .iter()
            .map(|one| Row::new(format!("Fewer than {}", one.months)).cell(words::date(one.from)).cell(one.state)),
    )
}

fn past_the_end(past: &PastView) -> Html {
    let (agreements, nights, blocks) = past.counted;
    let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
    let sentence = format!(
        "After {}: {} with {}, and {}.",
        words::date(past.last),
        words::count(count(agreements), "live agreement", "live agreements"),
        words::count(nights.unsigned_abs(), "planned night", "planned nights"),
        words::count(count(blocks), "share of a mini-block", "shares of mini-blocks"),
    );
    let Some((agreements, blocks)) = &past.listed else { return Html::paragraph(sentence) };
    let mut parts = vec![Html::paragraph(sentence)];
    if !agreements.is_empty() {
        parts.push(survivals("Live agreements past that day", agreements).into());
    }
    if !blocks.is_empty() {
        parts.push(block_survivals("Shares of mini-blocks past that day", blocks).into());
    }
    parts.push(Html::paragraph(Link::new("Agreements that run past the end", "/agreements/past-the-term")));
    Html::join(parts)
}

fn says(said: Says) -> &'static str {
    match said {
        Says::Yes => "Yes",
        Says::No => "No",
        Says::Unknown => "The decision does not say: ask",
    }
}

fn extended(view: &OwnArrangementView) -> SummaryList {
    let proposal = view.arrangement.ahead.proposal.map(|proposal| {
        format!(
            "To {}; the region asks for your decision by {}",
            words::date(proposal.until),
            words::date(proposal.answer_by)
        )
    });
    let (ends_on, until) = view.term;
    let list = SummaryList::new()
        .row("Status", view.participation.reason())
        .optional("Proposed by the region", proposal)
        .optional("Your powers hold to", ends_on.map(words::date))
        .row(
            "Your decision uses the extension",
            until.map_or("Not decided".to_owned(), |day| format!("To {}", words::date(day))),
        )
        .row("The ceiling goes on", says(view.says.ceiling))
        .row("Limbs (b) and (c) go on", says(view.says.limbs))
        .row("They hold for blocks that outlive it", says(view.says.blocks));
    let Some((notice_by, decide_by)) = view.in_time else { return list };
    list.optional("Last day to publish the 28 days' notice", notice_by.map(words::date))
        .row("Last day to decide and publish", words::date(decide_by))
}

fn forms_of(page: Page, view: &OwnArrangementView, forms: &Forms<'_>, csrf: &str) -> Page {
    let form = |to: &str, key: usize| {
        Form::post(format!("{PATH}/{to}"), csrf, forms.key(key))
            .field(Field::hidden("slug", view.arrangement.slug.as_str()))
    };
    let date = |name: &'static str, label: &'static str| {
        Field::date(name, label).parts(forms.typed.date(name)).errors(forms.errors)
    };
    let end = view.arrangement.term.end;
    let offered = view.arrangement.offered_until();
    let page = if offered > end {
        page.heading("Use the extension").with(
            form("extension", 0)
                .field(date("until", "Until which day is the extended term used?").hint(format!(
                    "The initial term ends on {}; proposed or extended to {}.",
                    words::date(end),
                    words::date(offered)
                )))
                .submit("Use the extended term"),
        )
    } else {
        page
    };
    let page = if view.terms.is_empty() {
        page
    } else {
        let choices = view.terms.iter().map(|(version, words)| Choice::new(version.as_str(), words.as_str()));
        page.heading("Accept a version of the terms or of the specification").with(
            form("terms", 1)
                .field(Field::radios("terms", "Which version is accepted?", choices).errors(forms.errors))
                .submit("Accept this version"),
        )
    };
    if view.leaving.is_some() {
        return page;
    }
    page.heading("Leave the arrangement")
        .text(
            "From that day your authority awards nothing through the arrangement. Its live agreements go on under their own \
             terms to their own end, and are listed with the decision.",
        )
        .with(
            form("leave", 2)
                .field(date("leaves", "First day without the arrangement"))
                .field(
                    Field::textarea("reason", "Why does the authority leave?")
                        .limit(500)
                        .value(forms.typed.get("reason"))
                        .errors(forms.errors),
                )
                .submit("Leave the arrangement"),
        )
}

/// An agreement and a share of a mini-block that run past the end, for samples.
fn past_sample() -> (Survival, BlockSurvival) {
    use placewell_domain::power::arrangement::{AfterEnd, BlockAfter};
    let survival = Survival {
        reference: "SOL-A-0012".into(),
        planned_end: Date::constant(2022, 3, 1),
        nights_after: 76,
        then: AfterEnd::GoesOn,
    };
    let share = BlockSurvival {
        reference: "MB-002".into(),
        share: "25%".into(),
        until: Date::constant(2022, 4, 1),
        nights_after: 107,
        then: BlockAfter::ToDecide,
    };
    (survival, share)
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    use placewell_domain::outcome::Invalid;
    use placewell_domain::power::arrangement::{Proposal, Step};

    use crate::samples as kit;
    let day = Date::constant;
    let mut arrangement = super::sample();
    arrangement.ahead.proposal = Some(Proposal {
        step: Step { from: day(2021, 12, 15), months: 12 },
        until: day(2022, 12, 14),
        proposed_on: day(2021, 6, 1),
        answer_by: day(2021, 11, 1),
    });
    let survival = past_sample().0;
    let view = OwnArrangementView {
        bar: arrangement.term.bar(day(2021, 9, 13)),
        today: day(2021, 9, 13),
        participation: Participation::CanAward {
            since: day(2019, 1, 19),
            decision: placewell_domain::id::DecisionId(1),
            reference: "HEF-2019-0114".into(),
        },
        term: (Some(day(2021, 12, 14)), None),
        says: InExtension::default(),
        in_time: Some((Some(day(2021, 11, 9)), day(2021, 12, 8))),
        uses: vec![OwnUseView {
            what: "Accepts version 1.0 of the terms".into(),
            on: day(2019, 2, 4),
            power: "Limb (b) of decision HEF-2019-0114, used by the Director.".into(),
        }],
        terms: vec![("1.1".into(), "1.1, from 1 April 2020".into())],
        warnings: vec![
            WarningView { months: 12, from: day(2020, 12, 14), state: "Told by mail" },
            WarningView { months: 3, from: day(2021, 9, 14), state: "To come" },
        ],
        successor: Some(("Flexible Contracting Arrangement 2022".into(), day(2022, 4, 1))),
        past: Some(PastView {
            last: day(2021, 12, 14),
            counted: (1, 76, 1),
            listed: Some((vec![survival.clone()], vec![past_sample().1])),
        }),
        leaving: None,
        power: Ok("Limb (b) of decision HEF-2019-0114, used by the Director.".into()),
        decides: true,
        arrangement,
    };
    let leaves = OwnArrangementView {
        leaving: Some((day(2021, 12, 15), "It buys by itself.".into(), vec![survival])),
        terms: vec![],
        warnings: vec![],
        ..view.clone()
    };
    let cannot = OwnArrangementView {
        power: Err("No decision in force gives anybody the power to accept a terms version.".into()),
        uses: vec![],
        past: Some(PastView { last: day(2021, 12, 14), counted: (1, 76, 0), listed: None }),
        ..view.clone()
    };
    let keys = ["k1".to_owned(), "k2".to_owned(), "k3".to_owned()];
    let page = |view: &OwnArrangementView, errors: &Invalid| {
        let forms = Forms { keys: &keys, errors, typed: &crate::form::Typed::default() };
        own_page(kit::signed_in_shell(), view, &forms).to_string()
    };
    vec![
        ("an authority's own decisions on the arrangement", page(&view, &Invalid::default())),
        ("own decisions, wrong", page(&view, &Invalid::one("until", "Enter the last day, like 14 12 2022"))),
        ("own decisions of an authority that leaves", page(&leaves, &Invalid::default())),
        ("own decisions without a power", page(&cannot, &Invalid::default())),
    ]
}
