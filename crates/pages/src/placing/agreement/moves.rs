//! Live agreements at the end of the term and at its successor: which run past it with what becomes of each, and which are
//! offered, consented to, or declined to be moved.

use jiff::civil::Date;
use placewell_domain::power::arrangement::{BlockSurvival, Survival};

use crate::components::{Inset, Link, Row, Table};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::power::arrangement::{Forms, block_survivals, survivals};
use crate::shell::Shell;
use crate::words;

/// The page that answers for every live agreement whether it survives the end date.
pub fn outliving_page(shell: Shell, last: Date, agreements: &[Survival], blocks: &[BlockSurvival]) -> Page {
    let after = agreements.iter().filter(|one| one.nights_after > 0).count();
    let longer = blocks.iter().filter(|one| one.nights_after > 0).count();
    let count = |rows: usize| words::number(u64::try_from(rows).unwrap_or(u64::MAX));
    let table = Html::from(survivals("Live agreements by what becomes of each", agreements));
    let page = Page::new(shell.titled("Agreements past the end of the term"))
        .text(format!(
            "The last day of your authority's term is {}. {} of {} live agreements and {} of {} mini-blocks run past it.",
            words::date(last),
            count(after),
            count(agreements.len()),
            count(longer),
            count(blocks.len())
        ))
        .with(Inset::new(
            "An agreement made within the term runs under its own terms to its own end. Its nights after the term stand in \
             the annual value under \u{201c}after the term\u{201d}. Anything new after the term needs a decision that says that the \
             powers go on.",
        ))
        .with(table)
        .with(block_survivals("Mini-blocks by what becomes of your share", blocks))
        .text(Link::new("The annual value, with what stands after the term", "/finance/annual-value"))
        .text(Link::new("Move agreements to a successor", "/agreements/moves"));
    if agreements.is_empty() && blocks.is_empty() {
        return page;
    }
    page.text(Link::download(
        format!("Download {} lines (CSV)", count(agreements.len() + blocks.len())),
        "/agreements/past-the-term.csv",
    ))
}

/// One agreement that can be moved.
#[derive(Debug, Clone)]
pub struct MoveRow {
    /// Its reference.
    pub reference: String,
    /// Its version.
    pub version: i64,
    /// The home.
    pub home: String,
    /// The day after its last planned night.
    pub planned_end: Date,
    /// What was offered and answered, in words; empty where nothing was.
    pub status: String,
    /// Whether an offer waits for an answer.
    pub open: bool,
    /// Whether it can be offered.
    pub can_offer: bool,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct MovesView {
    /// The successor: slug, title, first and last day.
    pub successor: Option<(String, String, Date, Date)>,
    /// Where the authority stands to the successor, where it cannot move to it.
    pub stands: Option<String>,
    /// Whether the reader offers for the authority, or answers for the provider.
    pub side: MoveSide,
    /// The agreements.
    pub rows: Vec<MoveRow>,
    /// Reasons for declining: code and words.
    pub reasons: Vec<(String, String)>,
}

/// What the reader can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveSide {
    /// Offers and takes back, for the authority.
    Offers,
    /// Consents or declines, for the provider.
    Answers,
    /// Reads.
    Reads,
}

/// The page.
pub fn moves_page(shell: Shell, view: &MovesView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let page = Page::new(shell.titled("Move agreements to the successor").with_errors(forms.errors));
    let Some((slug, title, from, to)) = &view.successor else {
        return page.text("The region has recorded no arrangement that follows this one.");
    };
    let table = Table::new("Live agreements")
        .columns(["Agreement", "Home", "Planned end", "Move"])
        .rows(view.rows.iter().map(|row| {
            Row::new(Html::from(Link::new(row.reference.as_str(), format!("/agreements/{}", row.reference))))
                .cell(row.home.as_str())
                .cell(words::date(row.planned_end))
                .cell(if row.status.is_empty() { "Not offered" } else { row.status.as_str() })
        }))
        .empty("No live agreement.");
    let page = page
        .text(format!("{title}: {}.", words::date_range(*from, *to)))
        .with(Inset::new(
            "An agreement moves only with the consent of both sides, once. It keeps its reference and its history; the \
             successor's terms bind from the first night under it.",
        ))
        .with(table);
    match view.side {
        MoveSide::Reads => page,
        MoveSide::Answers => answers(page, view, forms, &csrf),
        MoveSide::Offers => offers(page, view, slug, forms, &csrf),
    }
}

fn offers(page: Page, view: &MovesView, slug: &str, forms: &Forms<'_>, csrf: &str) -> Page {
    if let Some(why) = &view.stands {
        return page.with(Inset::new(format!("Nothing can be offered yet. {why}")));
    }
    let choices: Vec<Choice> = view
        .rows
        .iter()
        .filter(|row| row.can_offer)
        .map(|row| {
            Choice::new(
                row.reference.as_str(),
                format!("{} at {}, to {}", row.reference, row.home, words::date(row.planned_end)),
            )
        })
        .collect();
    let mut page = page;
    for (at, row) in view.rows.iter().filter(|row| row.open).enumerate() {
        page = page.with(
            Form::post(format!("/agreements/moves/{}/take-back", row.reference), csrf, forms.key(at + 1))
                .version(row.version)
                .submit(format!("Take back the offer for {}", row.reference)),
        );
    }
    if choices.is_empty() {
        return page;
    }
    page.heading("Offer to move").with(
        Form::post("/agreements/moves", csrf, forms.key(0))
            .field(Field::hidden("to", slug))
            .field(Field::checkboxes("agreements", "Which agreements?", choices).errors(forms.errors))
            .field(
                Field::date("on", "First night under the successor").parts(forms.typed.date("on")).errors(forms.errors),
            )
            .submit("Offer these to their providers"),
    )
}

fn answers(page: Page, view: &MovesView, forms: &Forms<'_>, csrf: &str) -> Page {
    let mut page = page;
    for (at, row) in view.rows.iter().filter(|row| row.open).enumerate() {
        let path = |act: &str| format!("/agreements/moves/{}/{act}", row.reference);
        let reasons = view.reasons.iter().map(|(code, words)| Choice::new(code.as_str(), words.as_str()));
        let field = |name: &str| format!("{name}-{at}");
        page = page
            .heading(&format!("Answer for {}", row.reference))
            .with(
                Form::post(path("consent"), csrf, forms.key(at * 2))
                    .version(row.version)
                    .field(Field::hidden("at", at.to_string()))
                    .field(Field::text(field("name"), "Your full name").autocomplete("name").errors(forms.errors))
                    .field(
                        Field::text(field("role"), "Your role").autocomplete("organization-title").errors(forms.errors),
                    )
                    .field(
                        Field::checkboxes(
                            field("authority"),
                            "Authority",
                            [Choice::new("yes", "I have authority to sign for this provider")],
                        )
                        .errors(forms.errors),
                    )
                    .submit(format!("Consent to move {}", row.reference)),
            )
            .with(
                Form::post(path("decline"), csrf, forms.key(at * 2 + 1))
                    .version(row.version)
                    .field(Field::hidden("at", at.to_string()))
                    .field(Field::radios(field("reason"), "Why is it not moved?", reasons).errors(forms.errors))
                    .submit(format!("Decline to move {}", row.reference)),
            );
    }
    page
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    use placewell_domain::outcome::Invalid;
    use placewell_domain::power::arrangement::AfterEnd;

    use crate::samples as kit;
    let day = Date::constant;
    let row = |reference: &str, status: &str, open: bool| MoveRow {
        reference: reference.into(),
        version: 4,
        home: "Elm House".into(),
        planned_end: day(2022, 3, 1),
        status: status.into(),
        open,
        can_offer: status.is_empty(),
    };
    let view = MovesView {
        successor: Some(("fca-2022".into(), "Arrangement 2022".into(), day(2022, 1, 1), day(2025, 12, 31))),
        stands: None,
        side: MoveSide::Offers,
        rows: vec![row("HEF-A-0137", "", false), row("HEF-A-0138", "Offered from 1 January 2022", true)],
        reasons: vec![("terms".into(), "We do not accept the successor's terms".into())],
    };
    let keys: Vec<String> = (1..=4).map(|number| format!("k{number}")).collect();
    let page = |view: &MovesView, errors: &Invalid| {
        let forms = Forms { keys: &keys, errors, typed: &crate::form::Typed::default() };
        moves_page(kit::signed_in_shell(), view, &forms).to_string()
    };
    let none = Invalid::default();
    let survival = Survival {
        reference: "HEF-A-0137".into(),
        planned_end: day(2022, 3, 1),
        nights_after: 77,
        then: AfterEnd::GoesOn,
    };
    let block = BlockSurvival {
        reference: "MB-001".into(),
        share: "60%".into(),
        until: day(2022, 4, 1),
        nights_after: 107,
        then: placewell_domain::power::arrangement::BlockAfter::GoesOn,
    };
    let read = |view: &MovesView| page(view, &none);
    vec![
        (
            "agreements past the end",
            outliving_page(kit::signed_in_shell(), day(2021, 12, 14), &[survival], &[block]).to_string(),
        ),
        ("moves to offer", page(&view, &Invalid::one("agreements", "Choose at least one agreement"))),
        ("moves to answer", read(&MovesView { side: MoveSide::Answers, ..view.clone() })),
        ("moves to read", read(&MovesView { side: MoveSide::Reads, ..view.clone() })),
        ("moves before adoption", read(&MovesView { stands: Some("Cannot award yet.".into()), ..view.clone() })),
        ("no successor to move to", read(&MovesView { successor: None, ..view })),
    ]
}
