//! Recalls: the form, the list, the report for the authority with what is still to do, and what the provider confirms.

use jiff::civil::{DateTime, date};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::recall::{RecallCause, Risk};

use crate::components::{Button, Inset, Link, Row, SummaryList, Table, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// The form that takes back what a home was told.
#[derive(Debug, Clone)]
pub struct RecallForm {
    /// The referral.
    pub reference: String,
    /// The number of the invitation and its offers.
    pub number: u32,
    /// The home.
    pub home: String,
    /// What was typed.
    pub typed: Typed,
}

/// The form's page.
pub fn recall_form(shell: Shell, view: &RecallForm, errors: &Invalid, key: &str) -> Page {
    let path = format!("/referrals/{}/offers/{}", view.reference, view.number);
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("Recall what this home was told")
        .record(&view.reference)
        .caption(format!("{}, {}", view.reference, view.home))
        .back(path.as_str())
        .with_errors(errors);
    let causes = RecallCause::ALL.iter().map(|cause| Choice::new(cause.code(), cause.label()));
    let from = [
        Choice::new(Stage::Chosen.code(), "Who the child is"),
        Choice::new(Stage::Shortlisted.code(), "The risk chronology, and who the child is"),
    ];
    let typed = &view.typed;
    let form = Form::post(format!("{path}/recall"), csrf, key)
        .field(Field::radios("from", "What is taken back?", from).value(typed.get("from")).errors(errors))
        .field(Field::radios("cause", "Why?", causes).value(typed.get("cause")).errors(errors))
        .field(
            Field::date("aware", "When did somebody of the authority notice it?")
                .hint("The 72 hours to tell the Information Commissioner run from then.")
                .parts(typed.date("aware"))
                .errors(errors),
        )
        .field(Field::time("aware_time", "At what time?").value(typed.get("aware_time")).errors(errors))
        .button(Button::submit("End access now").warning())
        .cancel(path);
    Page::new(shell)
        .narrow()
        .with(Inset::new(
            "The home cannot open it any more from this moment. The provider is asked to delete its copies.",
        ))
        .with(form)
}

/// A recall as its authority reads it.
#[derive(Debug, Clone)]
pub struct RecallView {
    /// The row's id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// The referral.
    pub reference: String,
    /// The number of the invitation.
    pub number: u32,
    /// The home.
    pub home: String,
    /// Its provider.
    pub provider: String,
    /// What was taken back, by its lowest stage.
    pub from: Stage,
    /// Why.
    pub cause: &'static str,
    /// Where it stands.
    pub status: &'static str,
    /// When somebody noticed.
    pub aware: DateTime,
    /// When access ended, and who ended it.
    pub recalled: (DateTime, String),
    /// Who had read what, when: each until access ended.
    pub seen: Vec<(Stage, String, DateTime)>,
    /// Who confirmed that copies are deleted, and when.
    pub deleted: Option<(String, DateTime)>,
    /// The risk.
    pub risk: Option<Risk>,
    /// The reasons, for those who see the child.
    pub words: Option<String>,
    /// The child's record was erased, and the reasons with it.
    pub erased: bool,
    /// By when the Information Commissioner is told.
    pub due: DateTime,
    /// When they were, and their reference.
    pub told: Option<(DateTime, String)>,
    /// The time to tell them has passed and they were not told.
    pub overdue: bool,
    /// Access was given back.
    pub lifted: bool,
    /// What the reader may do now.
    pub may: MayDo,
}

/// What a reader may do with a recall.
#[derive(Debug, Clone, Copy, Default)]
pub struct MayDo {
    /// Assess the risk.
    pub assess: bool,
    /// Record that the Information Commissioner was told.
    pub tell: bool,
    /// Give access back.
    pub lift: bool,
}

const fn what(stage: Stage) -> &'static str {
    match stage {
        Stage::Anonymous => "Anonymous profile",
        Stage::Shortlisted => "Risk chronology",
        Stage::Chosen => "Who the child is",
    }
}

/// The report.
pub fn recall_report(shell: Shell, view: &RecallView, typed: &Typed, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("Recalled disclosure")
        .record(&view.reference)
        .caption(view.reference.as_str())
        .back("/recalls")
        .with_errors(errors);
    let mut page = Page::new(shell).maybe(view.erased.then(|| Inset::new(words::ERASED)));
    if view.overdue {
        page = page.with(Warning::new(
            "72 hours have passed. Tell the Information Commissioner now, with the reason for the delay.",
        ));
    }
    let deleted = view.deleted.as_ref().map(|(who, at)| format!("{who}, {}", words::moment(*at)));
    let told = view.told.as_ref().map(|(at, reference)| format!("{}, {reference}", words::moment(*at)));
    page = page.with(
        SummaryList::new()
            .row("Status", view.status)
            .row("Home", Link::new(view.home.as_str(), format!("/referrals/{}/offers/{}", view.reference, view.number)))
            .row("Provider", view.provider.as_str())
            .row("Taken back", what(view.from))
            .row("Why", view.cause)
            .row("Noticed", words::moment(view.aware))
            .row("Access ended", format!("{}, {}", words::moment(view.recalled.0), view.recalled.1))
            .row("Copies deleted", deleted.unwrap_or_else(|| "Not confirmed by the provider yet".to_owned()))
            .maybe("Risk", view.risk.map(Risk::label))
            .maybe("Reasons", view.words.clone())
            .row("Information Commissioner", commissioner(view, told))
            .maybe("The child, or who speaks for the child", family(view)),
    );
    let seen = Table::new("What was seen, by whom, until access ended")
        .columns(["What", "Who", "When"])
        .rows(
            view.seen.iter().map(|(stage, who, at)| Row::new(what(*stage)).cell(who.as_str()).cell(words::moment(*at))),
        )
        .empty("Nobody had opened it.");
    acts(page.with(seen), view, &csrf, typed, errors, key)
}

fn commissioner(view: &RecallView, told: Option<String>) -> String {
    match (told, view.risk) {
        (Some(told), _) => format!("Told {told}"),
        (None, Some(risk)) if risk.tell_commissioner() => format!("To be told by {}", words::moment(view.due)),
        (None, Some(_)) => "Need not be told: a risk is unlikely. This report is kept.".to_owned(),
        (None, None) if view.lifted => "What was judged and told was not kept when access was given back".to_owned(),
        (None, None) => format!("Assess the risk first. If there is one, tell them by {}", words::moment(view.due)),
    }
}

fn family(view: &RecallView) -> Option<&'static str> {
    view.risk.is_some_and(Risk::tell_family).then_some("To be told without delay: the risk is high")
}

fn acts(mut page: Page, view: &RecallView, csrf: &str, typed: &Typed, errors: &Invalid, key: &str) -> Page {
    let path = format!("/recalls/{}", view.id);
    if view.may.assess {
        let risks = Risk::ALL.iter().map(|risk| Choice::new(risk.code(), risk.label()));
        let form = Form::post(format!("{path}/assess"), csrf, key)
            .version(view.version)
            .field(Field::radios("risk", "How likely is it that somebody is harmed?", risks).value(typed.get("risk")).errors(errors))
            .field(
                Field::textarea("words", "Why")
                    .hint("What was told, to whom, what it could lead to, what was done. Kept sealed with the child's record.")
                    .limit(4_000)
                    .value(typed.get("words"))
                    .errors(errors),
            )
            .submit("Record the assessment");
        page = page.heading("Assess the risk").with(form);
    }
    if view.may.tell {
        let form = Form::post(format!("{path}/tell"), csrf, format!("{key}-t"))
            .version(view.version)
            .field(
                Field::date("told", "When was the Information Commissioner told?")
                    .parts(typed.date("told"))
                    .errors(errors),
            )
            .field(Field::time("told_time", "At what time?").value(typed.get("told_time")).errors(errors))
            .field(Field::text("reference", "Their reference").value(typed.get("reference")).width(20).errors(errors))
            .submit("Record that they were told");
        page = page.heading("Information Commissioner").with(form);
    }
    if view.may.lift {
        let form = Form::post(format!("{path}/lift"), csrf, format!("{key}-l"))
            .version(view.version)
            .button(Button::submit("Give access back").secondary());
        page = page.heading("Give access back").with(form);
    }
    page
}

/// The authority's recalls.
pub fn recalls_page(shell: Shell, views: &[RecallView]) -> Page {
    let table = Table::new("Recalled disclosures")
        .columns(["Referral", "Home", "Taken back", "Readings", "Status", "Commissioner by"])
        .rows(views.iter().map(|view| {
            let link =
                Link::new(view.reference.as_str(), format!("/recalls/{}", view.id)).hidden(format!("to {}", view.home));
            Row::new(Html::from(link))
                .cell(view.home.as_str())
                .cell(what(view.from))
                .cell(view.seen.len().to_string())
                .cell(view.status)
                .cell(if view.may.assess || view.may.tell { words::moment(view.due) } else { String::new() })
        }))
        .empty("Nothing that a home was told has been recalled.");
    Page::new(shell.titled("Recalled disclosures").back("/referrals")).with(table)
}

/// A recall as its provider reads it.
#[derive(Debug, Clone)]
pub struct OwnRecallView {
    /// The row's id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// The referral.
    pub reference: String,
    /// What was taken back, by its lowest stage.
    pub from: Stage,
    /// When.
    pub recalled: DateTime,
    /// When it was confirmed that copies are deleted.
    pub deleted: Option<DateTime>,
    /// Access was given back.
    pub lifted: bool,
}

/// The provider's page.
pub fn own_recall(shell: Shell, view: &OwnRecallView, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("What you were told is recalled")
        .record(&view.reference)
        .caption(view.reference.as_str())
        .back(format!("/provider/referrals/{}", view.reference));
    let page = Page::new(shell).narrow().with(
        SummaryList::new()
            .row("Recalled", what(view.from))
            .row("Since", words::moment(view.recalled))
            .maybe("Copies deleted", view.deleted.map(words::moment)),
    );
    if view.lifted {
        return page.with(Inset::new("The authority has given access back."));
    }
    if view.deleted.is_some() {
        return page.with(Inset::new("You have confirmed it. The authority knows that every copy is deleted."));
    }
    page.text("Delete every copy, on paper and in mails too. Tell nobody what you read.").with(
        Form::post(format!("/provider/recalls/{}", view.id), csrf, key)
            .version(view.version)
            .submit("I confirm that every copy is deleted"),
    )
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let shell = kit::signed_in_shell;
    let (fine, typed) = (Invalid::default(), Typed::default());
    let at = date(2021, 9, 13).at(9, 0, 0, 0);
    let form =
        RecallForm { reference: "HEF-R-0042".into(), number: 1, home: "Elm House".into(), typed: Typed::default() };
    let open = RecallView {
        id: 5,
        version: 1,
        reference: "HEF-R-0042".into(),
        number: 1,
        home: "Elm House".into(),
        provider: "Brightwater Homes".into(),
        from: Stage::Chosen,
        cause: RecallCause::WrongHome.label(),
        status: "Access ended; risk to assess",
        aware: at,
        recalled: (at, "Priya Shah".into()),
        seen: vec![(Stage::Chosen, "Sam Lee".into(), at)],
        deleted: None,
        risk: None,
        words: None,
        erased: false,
        due: date(2021, 9, 16).at(9, 0, 0, 0),
        told: None,
        overdue: false,
        lifted: false,
        may: MayDo { assess: true, ..MayDo::default() },
    };
    let late = RecallView {
        risk: Some(Risk::High),
        words: Some("An invented reason.".into()),
        overdue: true,
        may: MayDo { tell: true, ..MayDo::default() },
        ..open.clone()
    };
    let told = RecallView {
        told: Some((at, "IC-123".into())),
        deleted: Some(("Sam Lee".into(), at)),
        overdue: false,
        may: MayDo { lift: true, ..MayDo::default() },
        ..late.clone()
    };
    let lifted = RecallView { status: "Access given back", lifted: true, may: MayDo::default(), ..told.clone() };
    let unkept = RecallView { risk: None, words: None, told: None, ..lifted.clone() };
    let erased = RecallView { words: None, erased: true, ..told.clone() };
    let own = OwnRecallView {
        id: 5,
        version: 1,
        reference: "HEF-R-0042".into(),
        from: Stage::Chosen,
        recalled: at,
        deleted: None,
        lifted: false,
    };
    let wrong = Invalid::one("from", "Choose what is taken back");
    vec![
        ("recall form", recall_form(shell(), &form, &wrong, "key").to_string()),
        ("recall to assess", recall_report(shell(), &open, &typed, &fine, "key").to_string()),
        ("recall overdue", recall_report(shell(), &late, &typed, &fine, "key").to_string()),
        ("recall told", recall_report(shell(), &told, &typed, &fine, "key").to_string()),
        ("recall given back", recall_report(shell(), &lifted, &typed, &fine, "key").to_string()),
        ("recall given back, not kept", recall_report(shell(), &unkept, &typed, &fine, "key").to_string()),
        ("recall about an erased child", recall_report(shell(), &erased, &typed, &fine, "key").to_string()),
        ("recalls", recalls_page(shell(), &[open, told]).to_string()),
        ("no recalls", recalls_page(shell(), &[]).to_string()),
        ("own recall", own_recall(shell(), &own, "key").to_string()),
        ("own recall confirmed", own_recall(shell(), &OwnRecallView { deleted: Some(at), ..own }, "key").to_string()),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn gdpr_33_a_report_of_access_that_was_given_back_asks_for_nothing_and_says_what_was_told() {
        let samples = samples();
        let page = |wanted: &str| &samples.iter().find(|(name, _)| *name == wanted).unwrap().1;
        assert!(page("recall given back").contains("IC-123"));
        for name in ["recall given back", "recall given back, not kept"] {
            assert!(!page(name).contains("Assess the risk"), "{name}");
        }
    }
}
