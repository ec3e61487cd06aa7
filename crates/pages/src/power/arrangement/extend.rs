//! The regional team's page that extends the term: what is left of the option, the proposal, each authority's own decision,
//! who leaves with which agreements, and the decision of the region.

use jiff::civil::Date;
use placewell_domain::power::arrangement::{Arrangement, BlockSurvival, Survival, TermBar};
use placewell_domain::power::decision::{InExtension, Says};

use super::{Forms, drawing, term_words, warning};
use crate::components::{Details, Link, Row, Table, Tag, Task, TaskList, TaskStatus, tag::Colour};
use crate::form::{Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// Where an authority stands to the extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Its decision uses the extended term until this day.
    Uses {
        /// The last day.
        until: Date,
        /// The record of its use, with the power that it cites, where somebody with the power made one.
        recorded: Option<String>,
    },
    /// It has not decided; the last days for notice and decision, by its own call-in rule.
    Ask {
        /// For the 28 days' notice; none where the body has no forward plan.
        notice_by: Option<Date>,
        /// For deciding and publishing.
        decide_by: Date,
    },
    /// It leaves.
    Leaves {
        /// The first day without it.
        from: Date,
        /// Why.
        reason: String,
        /// What becomes of its live agreements.
        agreements: Vec<Survival>,
        /// What becomes of its shares of mini-blocks.
        blocks: Vec<BlockSurvival>,
    },
    /// It cannot award at all, so there is nothing to extend yet.
    NotAdopted {
        /// Why.
        reason: String,
    },
}

/// One authority's row.
#[derive(Debug, Clone)]
pub struct AnswerRow {
    /// Its name.
    pub name: String,
    /// What its decisions say goes on.
    pub says: InExtension,
    /// Where it stands.
    pub answer: Answer,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct ExtendView {
    /// The arrangement.
    pub arrangement: Arrangement,
    /// Where today stands.
    pub bar: TermBar,
    /// Today.
    pub today: Date,
    /// The authorities.
    pub rows: Vec<AnswerRow>,
    /// How many providers have not accepted the latest terms.
    pub providers_open: u64,
}

const PATH: &str = "/region/arrangement/extend";

/// The page.
pub fn extend_page(shell: Shell, view: &ExtendView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let arrangement = &view.arrangement;
    let page = Page::new(shell.titled("Extend the term").caption(arrangement.title.as_str()).with_errors(forms.errors))
        .text(term_words(&view.bar))
        .with(drawing(arrangement, view.today))
        .maybe(warning(&view.bar))
        .with(tasks(view));
    let page = page.with(answers(view)).with(leaving(view));
    if view.bar.months_left == 0 {
        return page.heading("Extend the term").text(format!(
            "The term cannot be extended beyond {}: no extension is left.",
            words::date(view.bar.longest_end)
        ));
    }
    let page = page.heading("Propose a step").with(propose(view, forms, &csrf));
    let page = page.maybe(arrangement.ahead.proposal.map(|_| {
        Form::post(format!("{PATH}/withdraw"), csrf.as_str(), forms.key(1))
            .version(arrangement.version)
            .field(Field::hidden("slug", arrangement.slug.as_str()))
            .submit("Take the proposal back")
    }));
    page.heading("Record the region's decision").with(decide(view, forms, &csrf))
}

fn tasks(view: &ExtendView) -> TaskList {
    let count = |wanted: fn(&Answer) -> bool| view.rows.iter().filter(|row| wanted(&row.answer)).count();
    let uses = count(|answer| matches!(answer, Answer::Uses { .. }));
    let asked = count(|answer| matches!(answer, Answer::Ask { .. }));
    let leaves = count(|answer| matches!(answer, Answer::Leaves { .. }));
    let done = |done: bool| if done { TaskStatus::Completed } else { TaskStatus::NotStarted };
    let proposal = view.arrangement.ahead.proposal.map_or_else(
        || "No step is proposed.".to_owned(),
        |proposal| {
            format!(
                "{} months, {}. Answers are asked for by {}.",
                proposal.step.months,
                words::date_range(proposal.step.from, proposal.until),
                words::date(proposal.answer_by)
            )
        },
    );
    let months = view.bar.months_left;
    TaskList::new(
        "extend",
        [
            Task::new("Confirm what is left of the option", "#term", done(true))
                .hint(format!("{months} months, to {} at the longest.", words::date(view.bar.longest_end))),
            Task::new("Ask the participants", "#from-1", done(view.arrangement.ahead.proposal.is_some()))
                .hint(proposal),
            Task::new("Read each authority's own decision", "#answers", done(asked == 0))
                .hint(format!("{uses} of {} go on, {asked} have not decided, {leaves} leave.", view.rows.len())),
            Task::new("Record the region's decision", "#decided_on-day", done(view.bar.months_used > 0))
                .hint("Authorities and providers are then told by mail."),
            Task::new("Issue the variation of the terms", "/region/arrangement/terms", done(view.providers_open == 0))
                .hint(format!("{} providers have not accepted the latest version.", view.providers_open)),
            Task::new("See what the public reads", "/arrangement", done(true))
                .hint("The page is always as it is recorded."),
        ],
    )
}

fn says(said: Says) -> &'static str {
    match said {
        Says::Yes => "Yes",
        Says::No => "No",
        Says::Unknown => "Ask",
    }
}

fn answers(view: &ExtendView) -> Html {
    let table = Table::new("Each authority's own decision")
        .columns(["Authority or trust", "Decision", "Ceiling goes on", "Powers go on", "Blocks beyond it"])
        .rows(view.rows.iter().map(|row| {
            let decision = match &row.answer {
                Answer::Uses { until, recorded } => Html::lines([
                    Html::from(Tag::new("Goes on", Colour::Green)),
                    format!("Until {}.", words::date(*until)).into(),
                    recorded
                        .clone()
                        .unwrap_or_else(|| "Nobody with its power has recorded the use yet.".to_owned())
                        .into(),
                ]),
                Answer::Ask { notice_by, decide_by } => {
                    let notice = notice_by
                        .map(|day| format!("Last day to publish the 28 days' notice: {}.", words::date(day)).into());
                    let decide = format!("Last day to decide and publish: {}.", words::date(*decide_by));
                    let tag = Html::from(Tag::new("Ask", Colour::Yellow));
                    Html::lines(std::iter::once(tag).chain(notice).chain([Html::from(decide)]))
                }
                Answer::Leaves { from, .. } => Html::lines([
                    Html::from(Tag::new("Leaves", Colour::Red)),
                    format!("On {}.", words::date(*from)).into(),
                ]),
                Answer::NotAdopted { reason } => {
                    Html::lines([Html::from(Tag::new("Cannot award yet", Colour::Grey)), reason.as_str().into()])
                }
            };
            Row::new(row.name.as_str())
                .cell(decision)
                .cell(says(row.says.ceiling))
                .cell(says(row.says.limbs))
                .cell(says(row.says.blocks))
        }));
    Html::join([Html::heading("Decisions of the authorities"), table.into()])
}

fn leaving(view: &ExtendView) -> Html {
    Html::join(view.rows.iter().filter_map(|row| {
        match &row.answer {
            Answer::Leaves { from, reason, agreements, blocks } => Some(Html::join([
                Html::heading(&format!("{} leaves on {}", row.name, words::date(*from))),
                Html::paragraph(reason.as_str()),
                Details::new("Its live agreements, and what becomes of each", survivals("Live agreements", agreements))
                    .open()
                    .into(),
                Details::new(
                    "Its shares of mini-blocks",
                    block_survivals("Mini-blocks of which it pays a share", blocks),
                )
                .open()
                .into(),
            ])),
            Answer::Uses { .. } | Answer::Ask { .. } | Answer::NotAdopted { .. } => None,
        }
    }))
}

/// Agreements with what becomes of each at an end.
pub(crate) fn survivals(caption: &str, agreements: &[Survival]) -> Table {
    Table::new(caption)
        .columns(["Agreement", "Planned end", "What becomes of it"])
        .rows(
            agreements
                .iter()
                .map(|one| Row::new(one.reference.as_str()).cell(words::date(one.planned_end)).cell(one.sentence())),
        )
        .empty("No live agreement.")
}

/// Shares of mini-blocks with what becomes of each at an end.
pub(crate) fn block_survivals(caption: &str, blocks: &[BlockSurvival]) -> Table {
    Table::new(caption)
        .columns(["Mini-block", "Share", "Until", "What becomes of it"])
        .rows(blocks.iter().map(|one| {
            Row::new(Link::new(one.reference.as_str(), format!("/mini-blocks/{}", one.reference)))
                .cell(one.share.as_str())
                .cell(words::date(one.until))
                .cell(one.sentence())
        }))
        .empty("No share of a running mini-block.")
}

fn propose(view: &ExtendView, forms: &Forms<'_>, csrf: &str) -> Form {
    let next = view.arrangement.next_step();
    Form::post(format!("{PATH}/propose"), csrf, forms.key(0))
        .version(view.arrangement.version)
        .field(Field::hidden("slug", view.arrangement.slug.as_str()))
        .field(
            Field::date("from", "First day of the step")
                .hint(format!("The day after the term as it stands: {}.", words::date(next)))
                .on(next)
                .errors(forms.errors),
        )
        .field(
            Field::number("months", "By how many months?")
                .hint(format!("{} months of the option are left.", view.bar.months_left))
                .value(forms.typed.get("months"))
                .errors(forms.errors),
        )
        .field(
            Field::date("answer_by", "By when does each authority decide?")
                .hint("Before the term as it stands is over.")
                .parts(forms.typed.date("answer_by"))
                .errors(forms.errors),
        )
        .submit("Propose this step to the authorities")
}

fn decide(view: &ExtendView, forms: &Forms<'_>, csrf: &str) -> Form {
    let proposed = view.arrangement.ahead.proposal.map(|proposal| proposal.step.months.to_string());
    Form::post(PATH, csrf, forms.key(2))
        .version(view.arrangement.version)
        .field(Field::hidden("slug", view.arrangement.slug.as_str()))
        .field(
            Field::number("decided_months", "By how many months is the term extended?")
                .hint(format!("{} months of the option are left.", view.bar.months_left))
                .value(match forms.typed.get("decided_months") {
                    "" => proposed.unwrap_or_default(),
                    typed => typed.to_owned(),
                })
                .errors(forms.errors),
        )
        .field(Field::date("decided_on", "When did the region decide it?").on(view.today).errors(forms.errors))
        .submit("Extend the term")
}

/// A link back to the regional team's page of the arrangement.
pub(super) fn back() -> Html {
    Html::paragraph(Link::new("The arrangement", "/region/arrangement"))
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    use placewell_domain::power::arrangement::{AfterEnd, Proposal, Step};

    use crate::samples as kit;
    let day = Date::constant;
    let mut arrangement = super::sample();
    let bar = arrangement.term.bar(day(2021, 9, 13));
    let step = Step { from: day(2021, 12, 15), months: 12 };
    arrangement.ahead.proposal =
        Some(Proposal { step, until: day(2022, 12, 14), proposed_on: day(2021, 6, 1), answer_by: day(2021, 11, 1) });
    let yes = InExtension { ceiling: Says::Yes, limbs: Says::Yes, blocks: Says::Unknown };
    let row = |name: &str, says: InExtension, answer: Answer| AnswerRow { name: name.into(), says, answer };
    let agreement = Survival {
        reference: "SOL-A-0012".into(),
        planned_end: day(2022, 3, 1),
        nights_after: 76,
        then: AfterEnd::GoesOn,
    };
    let uses = Answer::Uses {
        until: day(2022, 12, 14),
        recorded: Some("Limb (b) of decision COV-2021-0720, used by the Director.".into()),
    };
    let block = BlockSurvival {
        reference: "MB-001".into(),
        share: "40%".into(),
        until: day(2022, 4, 1),
        nights_after: 107,
        then: placewell_domain::power::arrangement::BlockAfter::ToShareAnew,
    };
    let (reason, agreements, blocks) = ("Buys by itself.".to_owned(), vec![agreement], vec![block]);
    let leaves = Answer::Leaves { from: day(2021, 12, 15), reason, agreements, blocks };
    let ask = Answer::Ask { notice_by: Some(day(2021, 11, 9)), decide_by: day(2021, 12, 8) };
    let view = ExtendView {
        bar,
        today: day(2021, 9, 13),
        rows: vec![
            row("Coventry City Council", yes, uses),
            row("Herefordshire Council", InExtension::default(), ask),
            row("Solihull Metropolitan Borough Council", InExtension::default(), leaves),
            row(
                "Telford and Wrekin Council",
                InExtension::default(),
                Answer::NotAdopted { reason: "Cannot award yet.".into() },
            ),
        ],
        providers_open: 12,
        arrangement,
    };
    let keys = ["k1".to_owned(), "k2".to_owned(), "k3".to_owned()];
    let errors = placewell_domain::outcome::Invalid::one("months", "Enter the months, like 12");
    let forms = Forms { keys: &keys, errors: &errors, typed: &crate::form::Typed::default() };
    let none = placewell_domain::outcome::Invalid::default();
    let plain = Forms { errors: &none, ..forms };
    let mut used_up = view.clone();
    used_up.bar.months_left = 0;
    vec![
        ("extending the term", extend_page(kit::signed_in_shell(), &view, &forms).to_string()),
        ("no extension left", extend_page(kit::signed_in_shell(), &used_up, &plain).to_string()),
    ]
}
