//! The tour of the demonstration: numbered stops, each a link to the real page as the guest sees it.

use crate::components::{Button, ButtonGroup, Inset, Link, SummaryCard};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;

/// What each stop shows, and what a newcomer may think there. In the order of the tour.
pub const STOPS: [(&str, &str, &str); 6] = [
    (
        "Where the power comes from",
        "A public decision: Herefordshire adopts the arrangement, up to £5.5m a year, with call-in, effective from \
         19 January 2019.",
        "So this is where the power comes from.",
    ),
    (
        "What needs doing today",
        "A placement officer's home: one search closes at 4pm with three offers in.",
        "I know what to do next.",
    ),
    (
        "Three offers on one page",
        "£4,150, £4,480 and £5,020 a week, 9, 22 and 61 miles away; one needs the director because it is at a distance.",
        "That normally takes me a morning of emails.",
    ),
    (
        "The decision",
        "One screen for the Assistant Director: limb (b), and what can still be awarded after this.",
        "I can decide this on my phone.",
    ),
    (
        "The agreement",
        "Issued the moment the approval was given, as a page and as a PDF, signed by both sides.",
        "It wrote the paperwork.",
    ),
    (
        "Is it worth it?",
        "Spot purchase against the arrangement, like for like, by part of the region; beside it the share through the \
         arrangement, and the checks that are done once for all.",
        "Broadly similar here, cheaper there, and it says how sure it is.",
    ),
];

/// The page with the stops; `other` says that somebody else than the guest is signed in.
pub fn show(shell: Shell, other: bool) -> Page {
    let page = Page::new(shell.titled("The 2-minute tour")).narrow().text(
        "Six pages of the service as it is, seen by a guest who can change nothing. The bar at the top leads on.",
    );
    let page = if other {
        page.with(Inset::new(
            "You are signed in as somebody else. Sign out at the top of the page, then start the tour.",
        ))
    } else {
        page
    };
    let page = page.with(
        ButtonGroup::new().with(Button::start("Start the tour", "/tour/1")).with(Link::new("Try it yourself", "/demo")),
    );
    let page = STOPS.iter().enumerate().fold(page, |page, (at, (title, words, thought))| {
        let number = at + 1;
        let link = Link::new(format!("Open stop {number}: {}", lower_first(title)), format!("/tour/{number}"));
        let body = Html::join([
            Html::paragraph(*words),
            Html::paragraph(format!("“{thought}”")),
            Html::paragraph(Html::from(link)),
        ]);
        page.with(SummaryCard::new(format!("{number}. {title}"), body))
    });
    page.heading("Try it yourself")
        .text("Sign in as one of its invented people and do their work.")
        .with(Button::link("Choose a person", "/demo").secondary())
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    vec![
        ("the six stops", show(samples::public_shell(), false).to_string()),
        ("the six stops for somebody who is signed in", show(samples::signed_in_shell(), true).to_string()),
    ]
}
