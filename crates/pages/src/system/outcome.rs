//! Pages for what did not go as asked: not found, "You cannot …", someone else changed it, a fault of ours.

use askama::Template;
use placewell_domain::outcome::Refusal;

use crate::components::{Link, SummaryList};
use crate::html::Html;
use crate::samples;
use crate::shell::Shell;

/// A rule says no: what, which rule, what was found, who can change it.
#[derive(Debug, Template)]
#[template(path = "system/refused.html")]
pub struct Refused {
    shell: Shell,
    sentence: String,
    facts: SummaryList,
    next: Option<Link>,
}

impl Refused {
    /// `heading` begins with "You cannot", names the act and ends without a full stop.
    pub fn new(shell: Shell, heading: &str, refusal: &Refusal, next: Option<Link>) -> Self {
        let mut facts = SummaryList::new().row("Rule", refusal.rule.as_str());
        if !refusal.value.is_empty() {
            facts = facts.row("What was found", refusal.value.as_str());
        }
        facts = facts.row("Who can change this", refusal.who_can_change.as_str());
        Self { shell: shell.titled(heading), sentence: refusal.sentence.clone(), facts, next }
    }
}

/// Someone changed the record while the reader worked on it: what they see now, and what the reader had written.
#[derive(Debug, Template)]
#[template(path = "system/conflict.html")]
pub struct Conflict {
    shell: Shell,
    changed: String,
    yours: Option<SummaryList>,
    record: Link,
}

impl Conflict {
    /// `changed` says who and when: "Amir Khan changed HEF-R-0042 at 10:17am." `yours` keeps what was typed.
    pub fn new(shell: Shell, changed: impl Into<String>, yours: Option<SummaryList>, record: Link) -> Self {
        Self {
            shell: shell.titled("Someone changed this while you were working"),
            changed: changed.into(),
            yours,
            record,
        }
    }
}

/// A page of a heading and a few paragraphs, for every other outcome.
#[derive(Debug, Template)]
#[template(path = "system/plain.html")]
pub struct Plain {
    shell: Shell,
    paragraphs: Vec<Html>,
}

impl Plain {
    fn new<const N: usize>(shell: Shell, heading: &str, paragraphs: [Html; N]) -> Self {
        Self { shell: shell.titled(heading), paragraphs: paragraphs.into() }
    }

    /// 404: no such page, or a record of another organisation; which of the two is never told.
    pub fn not_found(shell: Shell) -> Self {
        Self::new(
            shell,
            "Page not found",
            [
                "If you typed the address, check that it is correct.".into(),
                "If you followed a link, the record may belong to another organisation, or your role may not show it."
                    .into(),
                Html::join([
                    Html::from("You can "),
                    Link::new("go to the start page", "/").into(),
                    " or use the navigation above.".into(),
                ]),
            ],
        )
    }

    /// 410: it was published and has been withdrawn.
    pub fn withdrawn(shell: Shell, reason: &str) -> Self {
        Self::new(shell, "This page has been withdrawn", [reason.into()])
    }

    /// 405: the address exists, but not for this kind of request.
    pub fn wrong_method(shell: Shell) -> Self {
        Self::new(
            shell,
            "This address cannot be used that way",
            ["The page was opened by a link, but it only takes a form. Go back and use the button on the page.".into()],
        )
    }

    /// 413: more was sent than is taken.
    pub fn too_large(shell: Shell, limit: &str) -> Self {
        Self::new(
            shell,
            "The file is too large",
            [format!("Send a file of {limit} or less. Nothing has been saved.").into()],
        )
    }

    /// 415: a file of another kind than is taken.
    pub fn wrong_kind(shell: Shell, kinds: &str) -> Self {
        Self::new(
            shell,
            "This kind of file cannot be used",
            [format!("Send one of these kinds of file: {kinds}. Nothing has been saved.").into()],
        )
    }

    /// 429: too many requests; `wait` says how long: "1 minute".
    pub fn too_many(shell: Shell, wait: &str) -> Self {
        Self::new(
            shell,
            "You have tried too many times",
            [format!("Wait {wait}, then try again. Nothing has been saved.").into()],
        )
    }

    /// 403 for a form whose token has run out or came from elsewhere.
    pub fn stale_form(shell: Shell) -> Self {
        Self::new(
            shell,
            "This form is too old to send",
            [
                "You were signed out, or signed in again, after the page was opened. Nothing has been saved.".into(),
                "Go back, copy what you have typed, open the page again and send it.".into(),
            ],
        )
    }

    /// 421: asked for under another name than the service's own.
    pub fn other_host(shell: Shell, origin: &str) -> Self {
        Self::new(
            shell,
            "This is not the service's address",
            [
                format!("People use it at {origin}. Nothing has been saved.").into(),
                "If you run the service: its proxy passes on the name that people typed, in the header Host.".into(),
            ],
        )
    }

    /// 403: shown or loaded inside another site.
    pub fn embedded(shell: Shell) -> Self {
        Self::new(
            shell,
            "This page is not shown inside another site",
            ["Open it by itself, by its address or by a link.".into()],
        )
    }

    /// 500: a fault of ours. Says nothing of what went wrong; the reference finds it in the log.
    pub fn fault(shell: Shell) -> Self {
        let reference = format!("Give this reference when you tell us about it: {}.", shell.request_ref);
        Self::new(
            shell,
            "There is a problem with the service",
            [
                "Nothing you sent has been saved. Try again in a few minutes.".into(),
                reference.into(),
                Html::join([Html::from("See "), Link::new("how to contact us", "/contact").into(), ".".into()]),
            ],
        )
    }

    /// 503: planned work, or starting; `until` says when it ends: "6am on Tuesday 14 September 2021".
    pub fn unavailable(shell: Shell, until: &str) -> Self {
        Self::new(
            shell,
            "The service is not available",
            [format!("You can use it from {until}. What you saved before is kept.").into()],
        )
    }
}

/// Samples of every page here.
pub fn samples() -> Vec<(&'static str, String)> {
    let refusal = Refusal::new(
        "ceiling_reached",
        "Annual value: decision HEF-2019-0114, limb (a)",
        "This placement would take the year's planned spending past the annual value.",
        "The cabinet member for children's services, by a new decision",
    )
    .found("£5,511,200 of £5,500,000 planned for 15 December 2020 to 14 December 2021");
    let own = Refusal::new(
        "own_request",
        "Separation of duties",
        "You asked for this approval, so another person has to decide it.",
        "Any other approver with this remit",
    );
    let shell = || samples::signed_in_shell();
    let yours = SummaryList::new().row("Needed by", "19 March 2021");
    vec![
        (
            "refused with a value",
            Refused::new(
                shell(),
                "You cannot award this placement",
                &refusal,
                Some(Link::new("See the annual value", "/finance/annual-value")),
            )
            .to_string(),
        ),
        ("refused without a value", Refused::new(shell(), "You cannot approve this placement", &own, None).to_string()),
        (
            "conflict",
            Conflict::new(
                shell(),
                "Amir Khan changed HEF-R-0042 at 10:17am.",
                Some(yours),
                Link::new("Open HEF-R-0042 as it is now", "/referrals/HEF-R-0042"),
            )
            .to_string(),
        ),
        ("not found", Plain::not_found(samples::public_shell()).to_string()),
        (
            "withdrawn",
            Plain::withdrawn(samples::public_shell(), "It was published in error on 3 May 2021.").to_string(),
        ),
        ("wrong method", Plain::wrong_method(shell()).to_string()),
        ("too large", Plain::too_large(shell(), "25 MB").to_string()),
        ("wrong kind", Plain::wrong_kind(shell(), "PDF, PNG, JPEG, DOCX, XLSX").to_string()),
        ("too many", Plain::too_many(samples::public_shell(), "1 minute").to_string()),
        ("stale form", Plain::stale_form(samples::public_shell()).to_string()),
        ("other host", Plain::other_host(samples::public_shell(), "https://placewell.example").to_string()),
        ("embedded", Plain::embedded(samples::public_shell()).to_string()),
        ("fault", Plain::fault(shell()).to_string()),
        ("unavailable", Plain::unavailable(samples::public_shell(), "6am on Tuesday 14 September 2021").to_string()),
    ]
}
