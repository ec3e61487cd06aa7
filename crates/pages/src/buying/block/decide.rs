//! An authority decides on a mini-block for itself: what is asked, by which power, what the key-decision test says, what it
//! does to the annual value; approve, or refuse with a reason. The monitoring officer records an opinion here.

use placewell_domain::money::Pence;
use placewell_domain::outcome::{Invalid, Refusal};

use crate::components::{Column, Inset, Link, Row, SummaryList, Table, Warning};
use crate::form::{Field, Form, Typed};
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// One contract year of the annual value, before and after.
#[derive(Debug, Clone)]
pub struct EffectView {
    /// The year.
    pub year: String,
    /// What is committed now.
    pub before: Option<Pence>,
    /// What is added.
    pub delta: Pence,
    /// What can still be awarded after it, or why it cannot be committed.
    pub after: Result<Pence, String>,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct DecidingView {
    /// The reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// The version.
    pub version: i64,
    /// What is asked.
    pub asked: String,
    /// The authority's share.
    pub share: String,
    /// What it commits over the whole time.
    pub committed: Pence,
    /// By which power, or why not.
    pub power: Result<String, Refusal>,
    /// Why limb (b) alone does not carry it.
    pub beyond: Option<String>,
    /// What it rests on beside the limb, or what is missing.
    pub key: Result<Option<String>, Refusal>,
    /// Whether term and homes allow it.
    pub gates: Result<(), Refusal>,
    /// The annual value.
    pub effects: Vec<EffectView>,
    /// The reader is the monitoring officer, and no opinion is recorded yet.
    pub records_opinion: bool,
    /// What was typed.
    pub typed: Typed,
}

impl DecidingView {
    fn stops(&self) -> Vec<&Refusal> {
        let key = self.key.as_ref().err();
        [self.power.as_ref().err(), key, self.gates.as_ref().err()].into_iter().flatten().collect()
    }
}

fn stopped(refusal: &Refusal) -> Warning {
    let value = if refusal.value.is_empty() { String::new() } else { format!(" ({})", refusal.value) };
    Warning::new(format!(
        "{}{value} Rule: {}. Who can change it: {}.",
        refusal.sentence, refusal.rule, refusal.who_can_change
    ))
}

/// The page.
pub fn decide_page(shell: Shell, view: &DecidingView, keys: [&str; 3], errors: &Invalid) -> Page {
    let path = format!("/mini-blocks/{}", view.reference);
    let csrf = shell.csrf.clone();
    let list = SummaryList::new()
        .row("Asked", view.asked.as_str())
        .row("Share of your authority", view.share.as_str())
        .row("Committed over the whole time", words::money(view.committed))
        .optional("Beyond the ordinary", view.beyond.as_deref())
        .optional("Rests beside the limb on", view.key.as_ref().ok().and_then(|key| key.as_deref()));
    let mut page = Page::new(
        shell
            .titled("Decide for your authority")
            .caption(format!("{}: {}", view.reference, view.title))
            .with_errors(errors),
    )
    .text(Link::new("The whole record", path.as_str()))
    .with(list)
    .with(effects(view));
    if let Ok(power) = &view.power {
        page = page.with(Inset::new(power.as_str()));
    }
    for refusal in view.stops() {
        page = page.with(stopped(refusal));
    }
    if view.power.is_ok() {
        let approve = Form::post(format!("{path}/decide"), csrf.as_str(), keys[0])
            .version(view.version)
            .field(Field::hidden("decision", "approve"))
            .submit("Approve");
        let refuse = Form::post(format!("{path}/decide"), csrf.as_str(), keys[1])
            .version(view.version)
            .field(Field::hidden("decision", "refuse"))
            .field(
                Field::textarea("reason", "Why it is refused")
                    .hint("Nothing about a child. The other authorities read it.")
                    .value(view.typed.get("reason"))
                    .limit(1_000)
                    .errors(errors),
            )
            .submit("Refuse");
        if view.stops().is_empty() {
            page = page.heading("Approve").with(approve);
        }
        page = page.heading("Refuse").with(refuse);
    }
    if view.records_opinion {
        let opinion = Form::post(format!("{path}/opinion"), csrf, keys[2])
            .version(view.version)
            .field(
                Field::text("implements", "Key decision that this award implements")
                    .hint("Its reference, like HEF-2019-0114")
                    .value(view.typed.get("implements"))
                    .errors(errors),
            )
            .field(
                Field::textarea("words", "Why it implements that decision")
                    .value(view.typed.get("words"))
                    .limit(1_000)
                    .errors(errors),
            )
            .submit("Record the opinion");
        page = page.heading("Opinion of the monitoring officer").with(opinion);
    }
    page
}

fn effects(view: &DecidingView) -> Table {
    Table::new("Annual value of your authority")
        .columns(["Year"])
        .column(Column::number("Planned now"))
        .column(Column::number("This adds"))
        .columns(["After it"])
        .rows(view.effects.iter().map(|effect| {
            let after = match &effect.after {
                Ok(left) => format!("{} can still be awarded", words::money(*left)),
                Err(why) => why.clone(),
            };
            Row::new(effect.year.as_str())
                .cell(effect.before.map_or_else(String::new, words::money))
                .cell(words::money(effect.delta))
                .cell(after)
        }))
        .empty("It adds nothing to any year.")
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let view = DecidingView {
        reference: "MB-004".into(),
        title: "Two beds near Hereford".into(),
        version: 4,
        asked: "Award a mini-block contract".into(),
        share: "60%".into(),
        committed: Pence::pounds(187_000),
        power: Ok("Limb (b) of decision HEF-2019-0114, used by the Director.".into()),
        beyond: None,
        key: Ok(None),
        gates: Ok(()),
        effects: vec![EffectView {
            year: "contract year 15 December 2020 to 14 December 2021".into(),
            before: Some(Pence::pounds(4_620_000)),
            delta: Pence::pounds(32_000),
            after: Ok(Pence::pounds(848_000)),
        }],
        records_opinion: false,
        typed: Typed::default(),
    };
    let no = |code: &str, sentence: &str| Refusal::new(code, "Rule 6.1", sentence, "The decision maker");
    let seven = DecidingView {
        beyond: Some("7 beds, more than 6".into()),
        key: Err(no("needs_key_decision", "Limb (b) alone does not carry this award.")),
        records_opinion: true,
        ..view.clone()
    };
    let nobody =
        DecidingView { power: Err(no("not_a_named_post", "You hold no post that the limb names.")), ..view.clone() };
    let page = |view: &DecidingView, errors: &Invalid| {
        decide_page(kit::signed_in_shell(), view, ["k1", "k2", "k3"], errors).to_string()
    };
    vec![
        ("deciding on a mini-block", page(&view, &Invalid::default())),
        ("deciding on seven beds", page(&seven, &Invalid::one("reason", "Enter why it is refused"))),
        ("deciding on a mini-block without a power", page(&nobody, &Invalid::default())),
    ]
}
