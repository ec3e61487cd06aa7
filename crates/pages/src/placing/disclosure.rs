//! What a home may read at its stage, and what an authority sees of the readings. Each page's view holds its own stage
//! and no other.

use jiff::civil::{Date, date};
use placewell_domain::office::person::screen::HidesAfter;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::disclosure::AssociateAnswer;
use placewell_domain::placing::invitation::question::LONGEST;

use crate::components::{Inset, Row, SummaryList, Table};
use crate::form::{Field, Form};
use crate::html::Html;
use crate::office::person::own::hiding_note;
use crate::page::Page;
use crate::placing::child::said;
use crate::placing::referral::receipts::{AssociateView, ReceiptsView, receipts_part};
use crate::shell::Shell;
use crate::{samples as kit, words};

pub mod ground;
pub mod recall;

const RECORDED: &str = "It is recorded that you have seen this page, and the authority sees when.";

/// The risk chronology, for a shortlisted home.
#[derive(Debug, Clone)]
pub struct ChronologyView {
    /// The reference.
    pub reference: String,
    /// The history, without names.
    pub text: String,
}

fn titled(shell: Shell, title: &str, reference: &str) -> Shell {
    shell.titled(title).record(reference).caption(reference).back(format!("/provider/referrals/{reference}"))
}

/// The page of the risk chronology.
pub fn chronology_page(shell: Shell, view: &ChronologyView, hides: HidesAfter) -> Page {
    let text = if view.text.trim().is_empty() {
        Html::paragraph("The authority has written no chronology.")
    } else {
        Html::paragraph(Html::lines(view.text.lines().map(str::to_owned).collect::<Vec<_>>()))
    };
    let shell = hidden(titled(shell, "Risk chronology", &view.reference), &view.reference, hides);
    Page::new(shell).narrow().with(Inset::new(RECORDED)).with(hiding_note(hides)).with(text)
}

fn hidden(shell: Shell, reference: &str, hides: HidesAfter) -> Shell {
    shell.hiding(hides.minutes(), format!("/provider/referrals/{reference}"))
}

/// Who the child is, for the chosen provider.
#[derive(Debug, Clone)]
pub struct IdentityView {
    /// The reference.
    pub reference: String,
    /// Given and family name.
    pub name: String,
    /// The name the child goes by.
    pub known_as: Option<String>,
    /// Date of birth.
    pub born: Date,
    /// The school.
    pub school: Option<String>,
    /// The number in the authority's case system.
    pub case_number: String,
}

/// The page of the identity.
pub fn identity_page(shell: Shell, view: &IdentityView, hides: HidesAfter) -> Page {
    let shell = hidden(titled(shell, "The child's details", &view.reference), &view.reference, hides);
    Page::new(shell).narrow().with(Inset::new(RECORDED)).with(hiding_note(hides)).with(
        SummaryList::new()
            .row("Name", view.name.as_str())
            .optional("Known as", view.known_as.clone())
            .row("Date of birth", words::date(view.born))
            .optional("School", view.school.clone())
            .row("Case number", view.case_number.as_str()),
    )
}

/// The home's page: what it asked, and the form.
pub fn associates_page(
    shell: Shell,
    reference: &str,
    path: &str,
    questions: &[AssociateView],
    errors: &Invalid,
    key: &str,
) -> Page {
    let csrf = shell.csrf.clone();
    let back = format!("/provider/referrals/{reference}");
    let shell = titled(shell, "Known associates", reference).with_errors(errors);
    let table = Table::new("What you asked")
        .columns(["About", "Asked", "Answer"])
        .rows(questions.iter().map(|one| {
            Row::new(said(&one.about))
                .cell(words::moment(one.asked))
                .cell(one.answer.map_or("Not answered yet", AssociateAnswer::label))
        }))
        .empty("You have asked nothing yet.");
    let form = Form::post(path, csrf, key).field(
        Field::textarea("about", "Who is it about?")
            .limit(LONGEST)
            .hint("Only the authority reads this. It answers yes or no, and nothing else.")
            .errors(errors),
    );
    Page::new(shell).with(table).with(form.submit("Ask the authority").cancel(back))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let shell = kit::signed_in_shell;
    let chronology =
        ChronologyView { reference: "HEF-R-0042".into(), text: "Spring: went to friends twice.\nSummer: none.".into() };
    let empty = ChronologyView { text: String::new(), ..chronology.clone() };
    let identity = IdentityView {
        reference: "HEF-R-0042".into(),
        name: "An invented name".into(),
        known_as: None,
        born: date(2008, 5, 1),
        school: Some("An invented school".into()),
        case_number: "C-1".into(),
    };
    let open = AssociateView {
        id: 1,
        version: 1,
        about: "A young person who lives next door".into(),
        asked: date(2021, 9, 13).at(9, 30, 0, 0),
        answer: None,
    };
    let answered = AssociateView { id: 2, answer: Some(AssociateAnswer::No), ..open.clone() };
    let path = "/provider/invitations/7/associates";
    let (fine, wrong) = (Invalid::default(), Invalid::one("about", "Enter your message"));
    let asked = [answered.clone(), open.clone()];
    let receipts = ReceiptsView {
        stage: "Shortlisted: risk chronology without names".into(),
        readings: vec![("Risk chronology".into(), "Sam Lee".into(), date(2021, 9, 13).at(10, 0, 0, 0))],
        associates: asked.to_vec(),
        recall: Some("/referrals/HEF-R-0042/offers/1/recall".into()),
        ground: "Public task".into(),
    };
    let part =
        Page::new(shell().titled("Offer 1: Elm House")).with(receipts_part("HEF-R-0042", &receipts, "csrf", "key"));
    vec![
        ("risk chronology", chronology_page(shell(), &chronology, HidesAfter::Two).to_string()),
        ("no chronology", chronology_page(shell(), &empty, HidesAfter::Two).to_string()),
        ("the child's details", identity_page(shell(), &identity, HidesAfter::Twenty).to_string()),
        ("known associates", associates_page(shell(), "HEF-R-0042", path, &asked, &wrong, "key").to_string()),
        ("no question about associates", associates_page(shell(), "HEF-R-0042", path, &[], &fine, "key").to_string()),
        ("what a home has read", part.to_string()),
    ]
}
