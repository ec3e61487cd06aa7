//! Starting a spot purchase (S-13), and the page of what cannot be bought because it is not registered.

use jiff::civil::Date;
use placewell_domain::buying::spot::{DocumentKind, SpotReason};
use placewell_domain::money::Pence;
use placewell_domain::outcome::{Invalid, Refusal};

use super::Totals;
use crate::components::{Details, Link, Row, SummaryList, Table, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// What the form shows.
#[derive(Debug, Clone, Default)]
pub struct StartView {
    /// The referral.
    pub reference: String,
    /// The version that the page shows.
    pub version: i64,
    /// The idempotency key.
    pub key: String,
    /// Homes that were asked: name, route, what they said.
    pub asked: Vec<(String, String, String)>,
    /// The search in one sentence.
    pub searched: String,
    /// Homes outside the arrangement that were asked: Ofsted number and name.
    pub outside: Vec<(String, String)>,
    /// A refusal at the ceiling within 28 days before, with both totals.
    pub after: Option<(Date, Totals)>,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The form.
pub fn start_page(shell: Shell, view: &StartView) -> Page {
    let csrf = shell.csrf.clone();
    let reference = view.reference.as_str();
    let shell = shell
        .titled("Buy outside the arrangement")
        .caption(reference)
        .record(reference)
        .back(format!("/referrals/{reference}"))
        .with_errors(&view.errors);
    let asked = Table::new("Homes that were asked")
        .columns(["Home", "Route", "What it said"])
        .rows(
            view.asked
                .iter()
                .map(|(home, route, said)| Row::new(home.as_str()).cell(route.as_str()).cell(said.as_str())),
        )
        .empty("No home was asked yet.");
    Page::new(shell)
        .maybe(view.after.map(|(on, totals)| after_refusal(on, totals)))
        .text(
            "A spot purchase is for one child, with a reason that the record bears out. It uses the limb of your \
             authority's decision for spot purchase.",
        )
        .text("That the ceiling is reached is never a reason.")
        .with(asked)
        .maybe((!view.searched.is_empty()).then(|| Html::paragraph(view.searched.as_str())))
        .with(form(view, csrf))
}

fn form(view: &StartView, csrf: String) -> Form {
    let reference = view.reference.as_str();
    let (typed, errors) = (&view.typed, &view.errors);
    let reasons = SpotReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()).hint(one.rests_on()));
    let kinds = std::iter::once(Choice::new("", "No document"))
        .chain(DocumentKind::ALL.iter().map(|kind| Choice::new(kind.code(), kind.label())));
    let known: Vec<String> = view.outside.iter().map(|(urn, name)| format!("{name}: {urn}")).collect();
    let hint = if known.is_empty() {
        "The register is looked up first. A home that was not asked yet is asked now.".to_owned()
    } else {
        format!("Asked already outside the arrangement: {}.", known.join("; "))
    };
    let text = |name: &str, label: &str| Field::text(name, label).plain().value(typed.get(name)).errors(errors);
    let this_child = [Choice::new("yes", "This placement is for the child of this referral only")];
    Form::post(format!("/referrals/{reference}/spot/new"), csrf, view.key.as_str())
        .version(view.version)
        .field(
            Field::radios("reason", "Why is the arrangement not used?", reasons)
                .value(typed.get("reason"))
                .errors(errors),
        )
        .field(text("urn", "The home's Ofsted number").hint(hint).width(10))
        .field(
            Field::select("document_kind", "A document that supports the reason", kinds)
                .hint("Needed where the search itself does not show the reason.")
                .value(typed.get("document_kind"))
                .errors(errors),
        )
        .field(Field::date("document_on", "Date of the document").parts(typed.date("document_on")).errors(errors))
        .field(
            text("document_number", "Number of the document")
                .hint("In your files, for example CO-2021-118. Do not write a name.")
                .width(20),
        )
        .field(Field::checkboxes("this_child", "For whom", this_child).values(typed.all("this_child")).errors(errors))
        .submit("Start the spot purchase")
        .cancel(format!("/referrals/{reference}"))
}

/// Both totals, where the same child's award was refused at the ceiling.
pub(super) fn after_refusal(on: Date, totals: Totals) -> Html {
    let warning = format!(
        "An award for this child was refused at the ceiling on {}. This request goes to the Director, finance and the \
         monitoring officer.",
        words::date(on)
    );
    Html::join([Html::from(Warning::new(warning)), totals.numbers().into()])
}

/// What the page of what cannot be bought says.
#[derive(Debug, Clone)]
pub struct CannotBuyView {
    /// The referral.
    pub reference: String,
    /// The refusal.
    pub refusal: Refusal,
    /// Whom to call: post or office, and who holds it.
    pub call: Vec<(String, String)>,
}

/// The page of a home that is not registered: it cannot be bought, and whom to call.
pub fn cannot_buy_page(shell: Shell, view: &CannotBuyView) -> Page {
    let reference = view.reference.as_str();
    let shell = shell
        .titled("You cannot buy a placement at an unregistered home")
        .caption(reference)
        .record(reference)
        .back(format!("/referrals/{reference}"));
    let facts = SummaryList::new()
        .row("Rule", view.refusal.rule.as_str())
        .row("What was found", view.refusal.value.as_str())
        .row("Who can change this", view.refusal.who_can_change.as_str());
    let call = Table::new("Whom to call now")
        .columns(["Office", "Who"])
        .rows(view.call.iter().map(|(office, who)| Row::new(office.as_str()).cell(who.as_str())))
        .empty("No holder of these offices is recorded: call your head of service.");
    Page::new(shell)
        .text(view.refusal.sentence.as_str())
        .with(facts)
        .with(call)
        .text("That you asked is recorded. Nothing was bought.")
        .with(Html::bullets([
            Link::new("Ask more homes", format!("/referrals/{reference}/recipients")),
            Link::new(
                "The child is there already: record the unregistered setting",
                format!("/referrals/{reference}/unregistered"),
            ),
        ]))
        .with(Details::new(
            "What counts as unregistered",
            "A place that cares for a child and is not on Ofsted's register. A court's order does not make it registered.",
        ))
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let view = StartView {
        reference: "HEF-R-0042".to_owned(),
        version: 3,
        key: "k".to_owned(),
        asked: vec![("Elm House".to_owned(), "FCA".to_owned(), "No staffed bed free at that time".to_owned())],
        searched: "450 homes looked at, none on the arrangement could meet the needs.".to_owned(),
        outside: vec![("SC392491".to_owned(), "Ash Lodge".to_owned())],
        after: Some((
            jiff::civil::date(2021, 9, 2),
            Totals {
                committed: Pence::pounds(5_480_000),
                ceiling: Pence::pounds(5_500_000),
                spot: Pence::pounds(1_210_400),
            },
        )),
        ..StartView::default()
    };
    let errors = Invalid::one("reason", "Choose why the arrangement is not used");
    let refusal = Refusal::new(
        "not_on_register",
        "Regulation 27A, Care Planning Regulations 2010: no child under 16 in an unregistered setting, since 9 September 2021",
        "You cannot buy a placement at an unregistered home: no home of this number is on Ofsted's register.",
        "Ofsted, on the provider's application",
    )
    .found("SC999999");
    let cannot = CannotBuyView {
        reference: "HEF-R-0042".to_owned(),
        refusal,
        call: vec![("Director of children's services".to_owned(), "David Oakden".to_owned())],
    };
    let none = StartView { asked: Vec::new(), outside: Vec::new(), after: None, ..view.clone() };
    vec![
        ("start a spot purchase", start_page(kit::signed_in_shell(), &none).to_string()),
        ("start after a refusal at the ceiling", start_page(kit::signed_in_shell(), &view).to_string()),
        ("start with errors", start_page(kit::signed_in_shell(), &StartView { errors, ..none }).to_string()),
        ("cannot be bought", cannot_buy_page(kit::signed_in_shell(), &cannot).to_string()),
    ]
}
