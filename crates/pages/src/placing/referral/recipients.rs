//! Who to ask: the homes that could meet the needs, in the order of approach, and until when they can answer.

use placewell_domain::outcome::Invalid;
use placewell_domain::placing::referral::{ScoreBy, Scoring, SkipReason, Tier};

use crate::components::{Inset, Link};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// One home that could be asked.
#[derive(Debug, Clone)]
pub struct HomeChoice {
    /// Its id.
    pub home: i64,
    /// In which tier it would be asked.
    pub tier: Tier,
    /// Its name.
    pub name: String,
    /// Provider, distance, grade in words.
    pub facts: String,
    /// Why it cannot be asked, where it cannot: asked before, hidden.
    pub disabled: Option<String>,
}

/// The page.
#[derive(Debug, Clone)]
pub struct RecipientsView {
    /// The reference.
    pub reference: String,
    /// The version.
    pub version: i64,
    /// Whether it is out already: further homes then, and the deadline stays.
    pub more: bool,
    /// The homes, tier by tier in the order of approach.
    pub homes: Vec<HomeChoice>,
    /// Who holds the power to leave a route out: id, and name and post.
    pub may_skip: Vec<(i64, String)>,
    /// Homes left out by the checks.
    pub left_out: u64,
    /// Homes found beyond those shown.
    pub beyond: u64,
    /// What stands in the form.
    pub typed: Typed,
    /// How offers are scored, a criterion with its weight each; of a referral that is out, as it was fixed.
    pub fixed: Vec<String>,
    /// The time of the deadline chosen before, and working days to it.
    pub resolved: Option<(String, u32)>,
}

/// The page (S-07).
pub fn recipients_page(shell: Shell, view: &RecipientsView, errors: &Invalid, key: &str) -> Page {
    let reference = view.reference.as_str();
    let csrf = shell.csrf.clone();
    let back = if view.more { format!("/referrals/{reference}") } else { format!("/referrals/{reference}/tasks") };
    let title = if view.more { "Ask more homes" } else { "Who to ask" };
    let shell = shell.titled(title).record(reference).caption(reference).back(back.as_str()).with_errors(errors);
    let mut form = Form::post(format!("/referrals/{reference}/recipients"), csrf, key).version(view.version);
    for tier in Tier::ALL {
        let homes: Vec<&HomeChoice> = view.homes.iter().filter(|home| home.tier == *tier).collect();
        if homes.is_empty() {
            continue;
        }
        let boxes = homes.iter().map(|home| {
            let choice = Choice::new(format!("{}:{}", tier.code(), home.home), home.name.as_str());
            match &home.disabled {
                Some(why) => choice.hint(why.as_str()).disabled(),
                None => choice.hint(home.facts.as_str()),
            }
        });
        let name = format!("homes_{}", tier.code());
        let legend =
            format!("{}: {}", tier.tag(), words::count(u64::try_from(homes.len()).unwrap_or(0), "home", "homes"));
        form = form.field(Field::checkboxes(name.as_str(), legend, boxes).values(view.typed.all(&name)).errors(errors));
        if tier.invited() && *tier != Tier::Spot {
            let reasons = SkipReason::ALL.iter().map(|reason| Choice::new(reason.code(), reason.label()));
            let skip = format!("skip_{}", tier.code());
            form = form.field(
                Field::select(
                    skip.as_str(),
                    format!("If you leave out {}, why?", tier.label()),
                    core::iter::once(Choice::new("", "Not left out")).chain(reasons),
                )
                .value(view.typed.get(&skip))
                .errors(errors),
            );
        }
    }
    if !view.homes.is_empty() {
        form = form.field(decided_by(view, errors));
    }
    if !view.more {
        form = form.field(
            Field::textarea("hidden_from", "Homes to hide this referral from")
                .rows(3)
                .hint(
                    "One on each line, by Ofsted number or full name: where the child lived before, or family is near.",
                )
                .value(view.typed.get("hidden_from"))
                .errors(errors),
        );
        form = super::acts::deadline_fields(form, &view.typed, errors);
        form = scoring_fields(form, &view.typed, errors);
    }
    let page = said_before(Page::new(shell), view);
    page.with(form.submit(if view.more { "Ask these homes" } else { "Save and continue" }).cancel(back))
}

/// The weights by which offers will be scored.
fn scoring_fields(form: Form, typed: &Typed, errors: &Invalid) -> Form {
    let said = "How offers will be scored, in percent. Homes read it. Once the referral is sent, nobody can change it.";
    ScoreBy::ALL.iter().fold(
        form.part(Html::heading("How offers will be scored")).part(Inset::new(said)),
        |form, by| {
            let name = format!("scoring_{}", by.code());
            form.field(Field::number(name.as_str(), by.label()).suffix("%").value(typed.get(&name)).errors(errors))
        },
    )
}

fn decided_by(view: &RecipientsView, errors: &Invalid) -> Field {
    let holders = view.may_skip.iter().map(|(id, name)| Choice::new(id.to_string(), name.as_str()));
    let choices = core::iter::once(Choice::new("", "No route is left out")).chain(holders);
    Field::select("decided_by", "If you leave a route out, who decided it?", choices)
        .hint("Leaving a route out uses a power: the record cites the limb, the post and the person.")
        .value(view.typed.get("decided_by"))
        .errors(errors)
}

/// What stands before the form: the order of routes, who was left out, and what was chosen before.
fn said_before(page: Page, view: &RecipientsView) -> Page {
    let mut page = page.text(Html::join([
        Html::from(
            "Own homes first, without an invitation; then mini-block vacancies, homes on the arrangement, and spot. ",
        ),
        Link::new(
            format!("{} left out, see why", words::count(view.left_out, "home", "homes")),
            format!("/referrals/{}/homes", view.reference),
        )
        .into(),
    ]));
    if view.beyond > 0 {
        page = page.with(Inset::new(format!(
            "{} more could meet the needs. Narrow the distance to see them here.",
            words::number(view.beyond)
        )));
    }
    if let Some((until, days)) = &view.resolved {
        page = page.with(Inset::new(format!(
            "Chosen: until {until}, {} from today.",
            words::count(u64::from(*days), "working day", "working days")
        )));
    }
    if view.more && !view.fixed.is_empty() {
        page = page.text("Offers are scored as it was fixed when the referral was sent:");
        page = page.with(Html::bullets(view.fixed.iter().map(String::as_str)));
    }
    if view.homes.is_empty() {
        page = page.with(Inset::new(
            "No home could meet these needs as they are asked. Look at why, and change the distance or the must-haves.",
        ));
    }
    page
}

/// Samples: a draft's choice, further homes, and no home at all.
pub fn samples() -> Vec<(&'static str, String)> {
    let home = |id: i64, tier, disabled: Option<&str>| HomeChoice {
        home: id,
        tier,
        name: format!("Home {id}"),
        facts: "Brightwater Homes, 9.1 miles (straight line), Good".into(),
        disabled: disabled.map(str::to_owned),
    };
    let view = RecipientsView {
        reference: "HEF-R-0042".into(),
        version: 2,
        more: false,
        homes: vec![
            home(1, Tier::MiniBlock, None),
            home(2, Tier::Fca, None),
            home(3, Tier::Fca, Some("Already asked")),
        ],
        may_skip: vec![(4, "Helen Price, Director".into())],
        left_out: 12,
        beyond: 3,
        typed: Typed::new(vec![("homes_fca".into(), "fca:2".into()), ("deadline".into(), "at".into())]),
        fixed: Scoring::starting().lines(),
        resolved: Some(("5pm, Thursday 16 September 2021".into(), 3)),
    };
    let more = RecipientsView { more: true, resolved: None, ..view.clone() };
    let none = RecipientsView { homes: Vec::new(), beyond: 0, ..view.clone() };
    let shell = crate::samples::signed_in_shell;
    let (errors, fine) =
        (Invalid::one("skip_mini_block", "Say why mini-block vacancies are left out"), Invalid::default());
    vec![
        ("who to ask", recipients_page(shell(), &view, &errors, "key").to_string()),
        ("ask more homes", recipients_page(shell(), &more, &fine, "key").to_string()),
        ("no home to ask", recipients_page(shell(), &none, &fine, "key").to_string()),
    ]
}
