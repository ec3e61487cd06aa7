//! P-01, the start page: what the service is for in one sentence, four facts counted from the records, and the ways in.

use jiff::civil::{Date, date};

use crate::components::{Button, ButtonGroup, Number, Numbers};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::{SERVICE_NAME, Shell};
use crate::words;

/// What the service is for.
const MAIN_JOB: &str = "A child needs a home by Friday. See which regionally evaluated homes can meet the child's needs, \
    compare the offers on one page, get the decision from someone with the power to make it, and leave with a signed \
    placement agreement and a public record of what the arrangement costs.";

/// What the start page shows.
#[derive(Debug, Clone)]
pub struct Start {
    /// Authorities and trusts that take part, and how many of them can award today.
    pub participants: (usize, usize),
    /// Homes on the arrangement, and homes in the register, and the day on which a published year counted them.
    pub homes: Option<(u64, u64, Date)>,
    /// Today's number in the term and the term's days; none before there is an arrangement.
    pub term: Option<(i64, i64)>,
    /// Days left and the last day in words.
    pub left: Option<(i64, String)>,
    /// The share of placements through the arrangement in percent, of how many, and the days of the year that was published;
    /// none before a year is.
    pub share: Option<(u64, u64, String)>,
    /// Whether there is a tour.
    pub demonstration: bool,
    /// Whether the reader is signed in.
    pub signed_in: bool,
}

/// The page.
pub fn show(shell: Shell, view: &Start) -> Page {
    let mut numbers = vec![
        Number::new(view.participants.0.to_string(), "Authorities, trusts")
            .note(format!("{} can award today", view.participants.1))
            .to("/arrangement"),
    ];
    if let Some((evaluated, registered, on)) = view.homes {
        let note = format!("of {} in the region on {}", words::number(registered), words::date(on));
        numbers.push(Number::new(words::number(evaluated), "Homes evaluated").note(note).to("/providers"));
    }
    if let Some((percent, of, year)) = &view.share {
        let note = format!("of {} placements that began {year}", words::number(*of));
        numbers.push(Number::new(format!("{percent}%"), "Through the FCA").note(note).to("/contracts"));
    }
    if let (Some((day, of)), Some((left, end))) = (view.term, &view.left) {
        let note = format!("to {end}: day {} of {}", thousands(day), thousands(of));
        numbers.push(Number::new(thousands(*left), "Days left").note(note).to("/arrangement"));
    }
    let mut ways = ButtonGroup::new();
    if view.demonstration {
        ways = ways.with(Button::start("Take the 2-minute tour", "/tour"));
    }
    let (text, href) = if view.signed_in { ("Go to your work", "/home") } else { ("Sign in", "/sign-in") };
    let sign_in = Button::link(text, href);
    ways = ways.with(if view.demonstration { sign_in.secondary() } else { sign_in });
    Page::new(shell.titled(SERVICE_NAME))
        .with(Html::paragraph(MAIN_JOB))
        .with(ways)
        .heading("The arrangement today")
        .with(Numbers::new(numbers))
}

/// "1,004".
fn thousands(number: i64) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let view = Start {
        participants: (14, 13),
        homes: Some((247, 450, date(2021, 1, 14))),
        term: Some((1_004, 1_096)),
        left: Some((92, "14 December 2021".to_owned())),
        share: Some((61, 1_234, "15 December 2019 to 14 December 2020".to_owned())),
        demonstration: true,
        signed_in: false,
    };
    let empty = Start {
        participants: (0, 0),
        homes: None,
        term: None,
        left: None,
        share: None,
        demonstration: false,
        ..view.clone()
    };
    vec![
        ("a demonstration", show(samples::public_shell(), &view).to_string()),
        ("a region without an arrangement", show(samples::public_shell(), &empty).to_string()),
    ]
}
