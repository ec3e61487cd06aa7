//! What an application carries over from an earlier one: each section with its answer, which of them are still true, and what
//! was not carried because it has run out.

use placewell_domain::homes::admission::carried::{Review, Section};

use crate::components::{Cell, Colour, Inset, Link, Row, Table, Tag};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::power::arrangement::Forms;
use crate::words;

/// So many characters of an answer are shown beside the others.
const SHOWN: usize = 160;

/// One section that was carried over.
#[derive(Debug, Clone)]
pub struct CarriedRow {
    /// The section.
    pub section: Section,
    /// What it is called.
    pub name: String,
    /// What it says now.
    pub says: String,
    /// Where its review stands.
    pub review: Review,
}

impl CarriedRow {
    /// The part of the application where it is changed, as its address ends.
    fn part(&self) -> String {
        match &self.section {
            Section::Gate(_) => "selection".to_owned(),
            Section::Quality(_) => "quality".to_owned(),
            Section::Lot(lot) => format!("lots/{lot}"),
        }
    }
}

/// What was carried over.
#[derive(Debug, Clone)]
pub struct CarriedView {
    /// "your application of AR-004, 6 August 2021".
    pub origin: String,
    /// Section by section.
    pub rows: Vec<CarriedRow>,
    /// What was not carried: the section and why.
    pub left: Vec<(String, String)>,
}

impl CarriedView {
    fn waiting(&self) -> impl Iterator<Item = &CarriedRow> {
        self.rows.iter().filter(|row| row.review == Review::Waits)
    }

    /// Whether something of this part of the application waits for its review.
    pub(super) fn waits_at(&self, part: &str) -> bool {
        self.waiting().any(|row| row.part() == part)
    }

    /// What the form of this part says of it; nothing where nothing of it waits.
    pub(super) fn inset(&self, part: &str) -> Option<Inset> {
        let names: Vec<Html> =
            self.waiting().filter(|row| row.part() == part).map(|row| row.name.as_str().into()).collect();
        if names.is_empty() {
            return None;
        }
        Some(Inset::new(Html::join([
            Html::paragraph(format!("These answers are carried from {}, and not yet reviewed:", self.origin)),
            Html::bullets(names),
            Html::paragraph("Change here what is no longer true. What is still true, you confirm on the page before."),
        ])))
    }
}

fn shortened(says: &str) -> String {
    match says.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", says.get(..at).unwrap_or_default()),
        None => says.to_owned(),
    }
}

fn stands(review: &Review) -> Html {
    match review {
        Review::Waits => Tag::new("To review", Colour::Red).into(),
        Review::Confirmed { at, .. } => format!("Still true, {}", words::moment(*at)).into(),
        Review::Changed { at } => format!("Changed, {}", words::moment(*at)).into(),
    }
}

/// What was carried over, and the form that confirms what waits; `at` is the address of the application.
pub(super) fn carried(
    page: Page,
    view: &CarriedView,
    (at, version): (&str, i64),
    forms: &Forms<'_>,
    csrf: &str,
) -> Page {
    let rows = view.rows.iter().map(|row| {
        let link = Link::new(row.name.as_str(), format!("{at}/{}", row.part()));
        Row::new(Cell::new(Html::from(link))).cell(shortened(&row.says)).cell(stands(&row.review))
    });
    let table = Table::new("Answers that were carried over")
        .columns(["Section", "What it says", "Stands"])
        .rows(rows)
        .empty("No answer could be carried over.");
    let left = view.left.iter().map(|(name, why)| Html::from(format!("{name}: {why}")));
    let page = page
        .heading(&format!("Carried from {}", view.origin))
        .text("Each answer is confirmed as still true, or changed, before you send the application.")
        .with(table)
        .maybe((!view.left.is_empty()).then(|| {
            let said =
                Html::paragraph("Not carried over: no longer true, or not asked any more. Answer anew what is asked:");
            Inset::new(Html::join([said, Html::bullets(left)]))
        }))
        .text("Documents are not carried over: add the certificates and policies of today.");
    if view.waiting().next().is_none() {
        return page;
    }
    let choices = view.waiting().map(|row| Choice::new(row.section.code(), row.name.as_str()));
    let form = Form::post(format!("{at}/carried"), csrf, forms.key(5))
        .version(version)
        .field(
            Field::checkboxes("sections", "Which of these answers are still true?", choices)
                .hint("Read each answer first. Change it where it is not.")
                .values(forms.typed.all("sections"))
                .errors(forms.errors),
        )
        .submit("Confirm what is still true");
    page.with(form)
}
