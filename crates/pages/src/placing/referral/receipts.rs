//! What the authority sees of disclosure: what a home may read, when it read it, and what it asks about associates.

use jiff::civil::DateTime;
use placewell_domain::placing::disclosure::AssociateAnswer;

use crate::components::{Link, Row, SummaryList, Table};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::placing::child::said;
use crate::words;

/// A question about a known associate.
#[derive(Debug, Clone)]
pub struct AssociateView {
    /// The question's row.
    pub id: i64,
    /// The version that a form is made from.
    pub version: i64,
    /// Whom it is about.
    pub about: String,
    /// When it was asked.
    pub asked: DateTime,
    /// The answer.
    pub answer: Option<AssociateAnswer>,
}

/// What the authority sees on the page of an offer.
#[derive(Debug, Clone)]
pub struct ReceiptsView {
    /// What the home may read now, in words.
    pub stage: String,
    /// Each reading: what, who, when.
    pub readings: Vec<(String, String, DateTime)>,
    /// The questions about known associates.
    pub associates: Vec<AssociateView>,
    /// Where what the home was told is recalled, for those who may.
    pub recall: Option<String>,
    /// The referral's ground for telling who the child is.
    pub ground: String,
}

/// The part of an offer's page about disclosure: what the home may read, its readings, and the questions to answer.
#[must_use]
pub fn receipts_part(reference: &str, view: &ReceiptsView, csrf: &str, key: &str) -> Html {
    let readings = Table::new("What the home has read")
        .columns(["What", "Who", "When"])
        .rows(
            view.readings
                .iter()
                .map(|(what, who, at)| Row::new(what.as_str()).cell(who.as_str()).cell(words::moment(*at))),
        )
        .empty("The home has read nothing beyond the profile.");
    let mut parts = vec![
        Html::heading("What the home may read"),
        SummaryList::new()
            .row("Stage of disclosure", view.stage.as_str())
            .row(
                "Ground for telling who the child is",
                Link::new(view.ground.as_str(), format!("/referrals/{reference}/ground")),
            )
            .into(),
        readings.into(),
    ];
    if let Some(path) = &view.recall {
        let recall = Link::new("Recall what this home was told", path.as_str());
        parts.push(Html::paragraph(Html::from(recall)));
    }
    for one in &view.associates {
        // Nothing is said of whom, where the child's record is sealed to the reader or was erased.
        let asked = SummaryList::new()
            .row("Is the child known to associate with", said(&one.about))
            .row("Asked", words::moment(one.asked))
            .optional("Answer", one.answer.map(AssociateAnswer::label));
        parts.push(asked.into());
        if one.answer.is_none() && !one.about.is_empty() {
            let choices = AssociateAnswer::ALL.iter().map(|answer| Choice::new(answer.code(), answer.label()));
            let name = format!("known_{}", one.id);
            let form =
                Form::post(format!("/referrals/{reference}/associates/{}", one.id), csrf, format!("{key}-{}", one.id))
                    .version(one.version)
                    .field(Field::radios(name.as_str(), "Known to associate?", choices).inline())
                    .submit("Answer the home");
            parts.push(form.into());
        }
    }
    Html::join(parts)
}
