//! The page of a child's ground for disclosure: the one in force, what went before, and the form.

use jiff::civil::{DateTime, date};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::disclosure::ground::{AgreedBy, LawfulBasis, OverrideReason, SpecialCondition};

use crate::components::{Button, Inset, Row, SummaryList, Table, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// One ground.
#[derive(Debug, Clone)]
pub struct GroundLine {
    /// The lawful basis, in words.
    pub basis: &'static str,
    /// The condition for special category data.
    pub condition: &'static str,
    /// Who agreed, or why it went on without.
    pub consent: String,
    /// Who recorded it.
    pub by: String,
    /// When.
    pub at: DateTime,
    /// When it was withdrawn.
    pub withdrawn: Option<DateTime>,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct GroundView {
    /// The referral.
    pub reference: String,
    /// The one in force with its version.
    pub in_force: Option<(GroundLine, i64)>,
    /// Who decided to go on without consent, and why, for those who see the child.
    pub override_words: Option<(String, String)>,
    /// Grounds that were withdrawn, oldest first.
    pub earlier: Vec<GroundLine>,
    /// A home is chosen, and waits to be told.
    pub waiting: bool,
    /// The child's record was erased, and the reasons with it: nothing more is recorded.
    pub erased: bool,
    /// Who can decide to go on without consent: id and name.
    pub deciders: Vec<(i64, String)>,
    /// Whether the reader records grounds.
    pub may_record: bool,
    /// What was typed.
    pub typed: Typed,
}

/// The page.
pub fn ground_page(shell: Shell, view: &GroundView, errors: &Invalid, key: &str) -> Page {
    let reference = view.reference.as_str();
    let (csrf, path) = (shell.csrf.clone(), format!("/referrals/{reference}/ground"));
    let shell = shell
        .titled("Ground for disclosure")
        .record(reference)
        .caption(reference)
        .back(format!("/referrals/{reference}"))
        .with_errors(errors);
    let mut page = Page::new(shell).narrow().with(Inset::new(
        "No home is told who the child is before a lawful basis stands here, with consent or who decided without.",
    ));
    page = page.maybe(view.erased.then(|| Inset::new(words::ERASED)));
    if view.waiting {
        page =
            page.with(Warning::new("A home is chosen. It cannot read who the child is until the ground is recorded."));
    }
    if let Some((line, version)) = &view.in_force {
        let (decided, why) = view.override_words.clone().unzip();
        let facts = SummaryList::new()
            .row("Lawful basis", line.basis)
            .row("Condition", line.condition)
            .row("Consent", line.consent.as_str())
            .maybe("Decided by", decided)
            .maybe("Reasons", why.filter(|why| !why.is_empty()))
            .row("Recorded", format!("{}, {}", line.by, words::moment(line.at)));
        page = page.heading("In force").with(facts);
        if view.may_record {
            let withdraw = Form::post(format!("{path}/withdraw"), csrf.as_str(), format!("{key}-w"))
                .version(*version)
                .part(Inset::new("Who the child is, is recalled at once from every home that was told on this ground."))
                .button(Button::submit("Withdraw this ground").warning());
            page = page.heading("Consent was withdrawn, or the basis fell away").with(withdraw);
        }
    } else if view.may_record && !view.erased {
        page = page.with(record_form(view, &path, &csrf, errors, key));
    }
    if view.earlier.is_empty() {
        return page;
    }
    let earlier = Table::new("Withdrawn").columns(["Basis", "Consent", "Recorded", "Withdrawn"]).rows(
        view.earlier.iter().map(|line| {
            Row::new(line.basis)
                .cell(line.consent.as_str())
                .cell(format!("{}, {}", line.by, words::moment(line.at)))
                .cell(line.withdrawn.map(words::moment).unwrap_or_default())
        }),
    );
    page.with(earlier)
}

fn record_form(view: &GroundView, path: &str, csrf: &str, errors: &Invalid, key: &str) -> Form {
    let typed = &view.typed;
    let choices =
        |codes: Vec<(&'static str, &'static str)>| codes.into_iter().map(|(code, label)| Choice::new(code, label));
    let deciders = core::iter::once(Choice::new("", "Choose who decided"))
        .chain(view.deciders.iter().map(|(id, name)| Choice::new(id.to_string(), name.as_str())));
    let agreed = AgreedBy::ALL.iter().map(|one| (one.code(), one.label()));
    let without = OverrideReason::ALL.iter().map(|one| (one.code(), one.label()));
    let reasons = core::iter::once(("", "Nobody needs to be overridden")).chain(without);
    Form::post(path, csrf, key)
        .field(
            Field::radios(
                "basis",
                "Lawful basis",
                choices(LawfulBasis::ALL.iter().map(|one| (one.code(), one.label())).collect()),
            )
            .value(typed.get("basis"))
            .errors(errors),
        )
        .field(
            Field::radios(
                "condition",
                "Condition for health and other special category data",
                choices(SpecialCondition::ALL.iter().map(|one| (one.code(), one.label())).collect()),
            )
            .value(typed.get("condition"))
            .errors(errors),
        )
        .field(
            Field::radios(
                "consent",
                "Did somebody agree that the home is told?",
                [Choice::new("agreed", "Yes"), Choice::new("overridden", "No, it was decided to go on without")],
            )
            .value(typed.get("consent"))
            .errors(errors),
        )
        .field(
            Field::select("agreed_by", "If yes: who agreed?", {
                let first = core::iter::once(("", "Choose who agreed"));
                choices(first.chain(agreed).collect())
            })
            .value(typed.get("agreed_by"))
            .errors(errors),
        )
        .field(Field::date("agreed_on", "If yes: on which day?").parts(typed.date("agreed_on")).errors(errors))
        .field(
            Field::select("override", "If no: why does it go on without?", choices(reasons.collect()))
                .value(typed.get("override"))
                .errors(errors),
        )
        .field(
            Field::select("decided_by", "If no: who decided it?", deciders)
                .hint("A director or assistant director, and not you. They are told.")
                .value(typed.get("decided_by"))
                .errors(errors),
        )
        .field(
            Field::textarea("words", "If no: the reasons")
                .hint("Kept sealed with the child's record.")
                .limit(2_000)
                .value(typed.get("words"))
                .errors(errors),
        )
        .submit("Record the ground")
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let shell = kit::signed_in_shell;
    let line = GroundLine {
        basis: LawfulBasis::PublicTask.label(),
        condition: SpecialCondition::SocialCare.label(),
        consent: "A parent or another person with parental responsibility, 10 September 2021".into(),
        by: "Priya Shah".into(),
        at: date(2021, 9, 13).at(10, 5, 0, 0),
        withdrawn: None,
    };
    let stands = GroundView {
        reference: "HEF-R-0042".into(),
        in_force: Some((line.clone(), 1)),
        override_words: Some(("Helen Garraway".into(), "An invented reason.".into())),
        earlier: vec![GroundLine { withdrawn: Some(date(2021, 9, 12).at(9, 0, 0, 0)), ..line }],
        waiting: false,
        erased: false,
        deciders: vec![(7, "Helen Garraway, Assistant Director".into())],
        may_record: true,
        typed: Typed::default(),
    };
    let none = GroundView { in_force: None, override_words: None, waiting: true, ..stands.clone() };
    let decided = Some(("Helen Garraway".into(), String::new()));
    let erased = GroundView { override_words: decided, erased: true, ..stands.clone() };
    let wrong = Invalid::one("basis", "Choose the lawful basis");
    vec![
        ("ground in force", ground_page(shell(), &stands, &Invalid::default(), "key").to_string()),
        ("ground for an erased child", ground_page(shell(), &erased, &Invalid::default(), "key").to_string()),
        ("ground to record", ground_page(shell(), &none, &wrong, "key").to_string()),
    ]
}
