//! The acts on a referral, each a page of its own: start, copy, extend, close early, withdraw, not placed, approval.

use jiff::civil::date;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::referral::copying::Carried;
use placewell_domain::placing::referral::ends::what_follows;
use placewell_domain::placing::referral::legal::{AmountBand, SearchApprover};
use placewell_domain::placing::referral::{DeadlineChoice, EarlyReason, NotPlacedReason, OpenWork, WithdrawReason};

use crate::components::{Inset, Link, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// What every act's page needs.
#[derive(Debug, Clone)]
pub struct ActView {
    /// The reference.
    pub reference: String,
    /// The version that the act is done on.
    pub version: i64,
    /// What was typed.
    pub typed: Typed,
}

fn titled(shell: Shell, title: &str, reference: &str, errors: &Invalid) -> Shell {
    shell.titled(title).record(reference).caption(reference).back(format!("/referrals/{reference}")).with_errors(errors)
}

/// What the form that begins a referral shows.
#[derive(Debug, Clone, Copy)]
pub struct StartView<'a> {
    /// What was typed.
    pub typed: &'a Typed,
    /// The child's open referral, where there is one.
    pub open: Option<&'a str>,
    /// The authorities of which one is responsible, by code and name; empty where it is the reader's own.
    pub authorities: &'a [(String, String)],
}

/// Start a referral (S-03).
pub fn start_page(shell: Shell, view: StartView<'_>, errors: &Invalid, key: &str) -> Page {
    let StartView { typed, open, authorities } = view;
    let csrf = shell.csrf.clone();
    let emergency = typed.get("emergency_form") == "yes";
    let title = if emergency { "Emergency referral" } else { "Start a referral" };
    let shell = shell.titled(title).back("/referrals").with_errors(errors);
    let mut page = Page::new(shell).narrow();
    if let Some(open) = open {
        page = page.with(Warning::new(Html::join([
            Html::from("This child already has an open referral: "),
            Link::new(open, format!("/referrals/{open}")).into(),
            ". Open it, withdraw it, say below that you want a second one, or ".into(),
            Link::new("start a sibling's referral", format!("/referrals/new?sibling_of={open}")).into(),
            ".".into(),
        ])));
    }
    let text = |name: &str, label: &str| Field::text(name, label).value(typed.get(name)).errors(errors).plain();
    let kinds = [Choice::new("new", "A child not on record here"), Choice::new("known", "A child already here")];
    let mut form = Form::post("/referrals/new", csrf, key)
        .field(Field::hidden("emergency_form", typed.get("emergency_form")))
        .field(Field::radios("which", "Which child is it?", kinds).value(typed.get("which")).errors(errors))
        .field(text("number", "The child's number here").hint("For a child already here, for example 7").width(5))
        .part(Html::heading("For a child not on record here"));
    if !authorities.is_empty() {
        let choices = authorities.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str()));
        let field = Field::select(
            "responsible",
            "Responsible authority",
            [Choice::new("", "Choose one")].into_iter().chain(choices),
        );
        let hint = "Whose child it is in law. Its director and nominated officers decide.";
        form = form.field(field.hint(hint).value(typed.get("responsible")).errors(errors));
    }
    form = identity_fields(form, typed, errors).field(
        text("sibling_of", "A sibling's referral")
            .hint("To link brothers and sisters, for example HEF-R-0042")
            .width(20),
    );
    if emergency {
        let causes = placewell_domain::placing::referral::EmergencyCause::ALL
            .iter()
            .map(|cause| Choice::new(cause.code(), cause.label()));
        form = form.field(
            Field::radios("emergency", "Why is it an emergency?", causes).value(typed.get("emergency")).errors(errors),
        );
    }
    if open.is_some() {
        form = form.field(Field::checkboxes(
            "beside_open",
            "A second referral",
            [Choice::new("yes", "Start one beside the open one")],
        ));
    }
    page.with(form.submit("Start").cancel("/referrals"))
}

/// The fields of who a child is, filled.
fn identity_fields(form: Form, typed: &Typed, errors: &Invalid) -> Form {
    let text = |name: &str, label: &str| Field::text(name, label).value(typed.get(name)).errors(errors).plain();
    form.field(text("given_names", "Given names"))
        .field(text("family_name", "Family name"))
        .field(text("known_as", "The name the child goes by, if another"))
        .field(Field::date("born", "Date of birth").parts(typed.date("born")).errors(errors))
        .field(
            Field::radios("sex", "Sex", [Choice::new("female", "Girl"), Choice::new("male", "Boy")])
                .inline()
                .value(typed.get("sex"))
                .errors(errors),
        )
        .field(text("case_number", "Number in your case system").width(20))
        .field(
            text("home_postcode", "Postcode of the family home")
                .hint("Distances are measured from it, unless the referral names a district. Homes never see it.")
                .width(10),
        )
        .field(text("school", "School").hint("Used only to check that the referral does not name it."))
        .field(
            text("other_names", "Other names that homes must not read")
                .hint("Relatives and others, separated by commas."),
        )
}

/// Correct who a child is.
pub fn correct_child_page(shell: Shell, view: &ActView, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let reference = view.reference.as_str();
    let shell = titled(shell, "Correct the child's details", reference, errors);
    let form = Form::post(format!("/referrals/{reference}/child/correct"), csrf, key).version(view.version);
    let form = identity_fields(form, &view.typed, errors);
    Page::new(shell)
        .narrow()
        .with(Inset::new(
            "It is recorded that you have seen this page. Homes that were asked keep what they were asked with; a draft takes \
             the age anew when it is saved.",
        ))
        .with(form.submit("Save the correction").cancel(format!("/referrals/{reference}")))
}

/// Copy a referral: what is carried and what is not.
pub fn copy_page(shell: Shell, view: &ActView, carried: &Carried, open: Option<&str>, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = titled(shell, "Copy this referral", &view.reference, &Invalid::default());
    let mut page = Page::new(shell).narrow();
    let mut form = Form::post(format!("/referrals/{}/copy", view.reference), csrf, key);
    if let Some(open) = open {
        page = page.with(Warning::new(format!("This child already has an open referral, {open}.")));
        form = form.field(Field::checkboxes(
            "beside_open",
            "A second referral",
            [Choice::new("yes", "Start one beside the open one")],
        ));
    }
    page.heading("Carried over")
        .with(Html::bullets(carried.tasks.iter().map(|task| task.label())))
        .heading("Carried over, with questions to answer again")
        .text("Say again the legal basis and whether needs are complex, and the lot and the band of need.")
        .with(Html::bullets(carried.again.iter().map(|task| task.label())))
        .heading("Not carried over")
        .with(Html::bullets(carried.empty.iter().map(|task| task.label())))
        .heading("To confirm one by one")
        .with(Html::bullets(
            carried
                .to_confirm
                .iter()
                .map(|(risk, on)| format!("{}: last confirmed {}", risk.label(), words::date(*on))),
        ))
        .with(form.submit("Copy into a new draft").cancel(format!("/referrals/{}", view.reference)))
}

/// The choices of a deadline.
#[must_use]
pub fn deadline_fields(form: Form, typed: &Typed, errors: &Invalid) -> Form {
    let choices = DeadlineChoice::CHOICES.iter().map(|(code, label)| Choice::new(*code, *label));
    form.field(
        Field::radios("deadline", "Until when can homes answer?", choices).value(typed.get("deadline")).errors(errors),
    )
    .field(Field::date("deadline_at", "The date, if you choose one").parts(typed.date("deadline_at")).errors(errors))
    .field(Field::time("deadline_at_time", "The time").value(typed.get("deadline_at_time")).errors(errors))
}

/// Extend the deadline.
pub fn extend_page(shell: Shell, view: &ActView, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = titled(shell, "Extend the deadline", &view.reference, errors);
    let form = Form::post(format!("/referrals/{}/extend", view.reference), csrf, key).version(view.version);
    let form = deadline_fields(form, &view.typed, errors);
    Page::new(shell)
        .narrow()
        .text("Every home that has not declined is told the new time.")
        .with(form.submit("Extend the deadline").cancel(format!("/referrals/{}", view.reference)))
}

/// Close a sealed search early.
pub fn close_early_page(
    shell: Shell,
    view: &ActView,
    offers: &[(u32, String, bool)],
    errors: &Invalid,
    key: &str,
) -> Page {
    let csrf = shell.csrf.clone();
    let shell = titled(shell, "Close early and open all prices", &view.reference, errors);
    let choices = offers.iter().map(|(number, home, meets)| {
        let choice = Choice::new(number.to_string(), format!("Offer {number}, {home}"));
        if *meets {
            choice.hint("Meets every must-have")
        } else {
            choice.hint("Does not meet every must-have").disabled()
        }
    });
    let form = Form::post(format!("/referrals/{}/close-early", view.reference), csrf, key)
        .version(view.version)
        .field(
            Field::radios("number", "Which offer meets every must-have?", choices)
                .value(view.typed.get("number"))
                .errors(errors),
        )
        .field(
            Field::radios(
                "reason",
                "Why can it not wait for the deadline?",
                EarlyReason::ALL.iter().map(|reason| Choice::new(reason.code(), reason.label())),
            )
            .value(view.typed.get("reason"))
            .errors(errors),
        )
        .field(
            Field::textarea("words", "Say more for the record")
                .rows(3)
                .limit(1_000)
                .hint("Only your authority reads it.")
                .value(view.typed.get("words"))
                .errors(errors),
        );
    Page::new(shell)
        .narrow()
        .with(Warning::new(
            "All prices open together, and no home can change its price after that. Homes are told, and an offer that comes \
             later is late.",
        ))
        .with(form.submit("Close early").cancel(format!("/referrals/{}/offers", view.reference)))
}

/// Withdraw, with what follows.
pub fn withdraw_page(shell: Shell, view: &ActView, open: OpenWork, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = titled(shell, "Withdraw this referral", &view.reference, errors);
    let reasons = WithdrawReason::ALL.iter().map(|reason| Choice::new(reason.code(), reason.label()));
    let form = Form::post(format!("/referrals/{}/withdraw", view.reference), csrf, key)
        .version(view.version)
        .field(Field::radios("reason", "Why is it withdrawn?", reasons).value(view.typed.get("reason")).errors(errors));
    Page::new(shell)
        .narrow()
        .heading("What follows")
        .with(Html::bullets(what_follows(open)))
        .with(form.submit("Withdraw the referral").cancel(format!("/referrals/{}", view.reference)))
}

/// Record that no placement was made.
pub fn not_placed_page(shell: Shell, view: &ActView, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = titled(shell, "Record as not placed", &view.reference, errors);
    let reasons = NotPlacedReason::ALL.iter().map(|reason| Choice::new(reason.code(), reason.label()));
    let form = Form::post(format!("/referrals/{}/not-placed", view.reference), csrf, key).version(view.version).field(
        Field::radios("reason", "Why was no placement made?", reasons).value(view.typed.get("reason")).errors(errors),
    );
    Page::new(shell)
        .narrow()
        .text("The reasons are counted in the report on sufficiency. They are never used to rank officers.")
        .with(form.submit("Record as not placed").cancel(format!("/referrals/{}", view.reference)))
}

/// Link a referral with a sibling's, or take it out of its group.
pub fn siblings_page(shell: Shell, view: &ActView, siblings: &[String], errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = titled(shell, "Link a sibling's referral", &view.reference, errors);
    let form = Form::post(format!("/referrals/{}/siblings", view.reference), csrf, key).version(view.version).field(
        Field::text("sibling", "The sibling's referral")
            .plain()
            .width(20)
            .hint("For example HEF-R-0043. Leave it empty to take this referral out of its group.")
            .value(view.typed.get("sibling"))
            .errors(errors),
    );
    let linked = if siblings.is_empty() {
        "It is not linked with any sibling's referral.".to_owned()
    } else {
        format!("Linked now: {}.", siblings.join(", "))
    };
    Page::new(shell)
        .narrow()
        .text("One referral is one child. Linked referrals are shown beside each other; homes do not see the link.")
        .with(Inset::new(linked))
        .with(form.submit("Save").cancel(format!("/referrals/{}", view.reference)))
}

/// Record an emergency's search approval.
pub fn search_approval_page(shell: Shell, view: &ActView, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = titled(shell, "Record the search approval", &view.reference, errors);
    let approvers = SearchApprover::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let typed = &view.typed;
    let form = Form::post(format!("/referrals/{}/search-approval", view.reference), csrf, key)
        .version(view.version)
        .field(
            Field::radios("approved_by", "Who approved the search and its money?", approvers)
                .value(typed.get("approved_by"))
                .errors(errors),
        )
        .field(
            Field::text("approved_who", "Who spoke for it?")
                .hint("The name of the chair or the manager.")
                .value(typed.get("approved_who"))
                .errors(errors),
        )
        .field(Field::date("approved_on", "Approved on").parts(typed.date("approved_on")).errors(errors))
        .field(
            Field::radios(
                "approved_band",
                "Up to which price is it approved?",
                AmountBand::ALL.iter().map(|band| Choice::new(band.code(), band.label())),
            )
            .value(typed.get("approved_band"))
            .errors(errors),
        )
        .field(
            Field::text("approval_reference", "Reference in your papers")
                .plain()
                .width(20)
                .value(typed.get("approval_reference"))
                .errors(errors),
        );
    Page::new(shell).narrow().with(form.submit("Record the approval").cancel(format!("/referrals/{}", view.reference)))
}

/// Send a one-time link to a home without an account.
pub fn link_page(shell: Shell, view: &ActView, number: u32, home: &str, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = titled(shell, &format!("Send a one-time link to {home}"), &view.reference, errors);
    let form = Form::post(format!("/referrals/{}/asked/{number}/link", view.reference), csrf, key)
        .field(Field::text("email", "The home's e-mail address").plain().value(view.typed.get("email")).errors(errors));
    Page::new(shell)
        .narrow()
        .with(Inset::new(
            "The link opens what this home was asked. It serves for questions and for one answer, until a day after the \
             deadline.",
        ))
        .with(form.submit("Send the link").cancel(format!("/referrals/{}", view.reference)))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let view = ActView { reference: "HEF-R-0042".into(), version: 3, typed: Typed::default() };
    let shell = kit::signed_in_shell;
    let none = Invalid::default();
    let open = OpenWork { invitations: 6, providers: 4, offers: 1, questions: 1, approvals: 0 };
    let carried = Carried {
        tasks: vec![placewell_domain::placing::referral::Task::Education],
        again: vec![placewell_domain::placing::referral::Task::Needs],
        empty: vec![placewell_domain::placing::referral::Task::When],
        to_confirm: vec![(placewell_domain::placing::referral::standard::Risk::Missing, date(2020, 6, 3))],
    };
    let errors = Invalid::one("which", "Choose which child it is");
    let emergency = Typed::new(vec![("emergency_form".into(), "yes".into())]);
    let blank = Typed::default();
    let authorities = [("BIR".to_owned(), "Birmingham City Council".to_owned())];
    let start = |typed, open| StartView { typed, open, authorities: &authorities };
    vec![
        ("start a referral", start_page(shell(), start(&blank, None), &errors, "key").to_string()),
        ("emergency referral", start_page(shell(), start(&emergency, Some("HEF-R-0042")), &none, "key").to_string()),
        ("copy a referral", copy_page(shell(), &view, &carried, Some("HEF-R-0050"), "key").to_string()),
        ("extend", extend_page(shell(), &view, &none, "key").to_string()),
        (
            "close early",
            close_early_page(
                shell(),
                &view,
                &[(1, "Elm House".into(), true), (2, "Ash Lodge".into(), false)],
                &none,
                "key",
            )
            .to_string(),
        ),
        ("withdraw", withdraw_page(shell(), &view, open, &none, "key").to_string()),
        (
            "not placed",
            not_placed_page(shell(), &view, &Invalid::one("reason", "Choose why no placement was made"), "key")
                .to_string(),
        ),
        ("correct a child's details", correct_child_page(shell(), &view, &none, "key").to_string()),
        ("siblings", siblings_page(shell(), &view, &["HEF-R-0043".into()], &none, "key").to_string()),
        ("search approval", search_approval_page(shell(), &view, &none, "key").to_string()),
        ("one-time link", link_page(shell(), &view, 1, "Elm House", &none, "key").to_string()),
    ]
}
