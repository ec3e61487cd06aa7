//! What an agreement says about the child's care, the same for its page and its paper, and the form that completes it.

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{Agreement, Included, NoticeBand, Particulars, review_days};
use placewell_store::placing::agreement::paper_job;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::{current, page_of};
use crate::answer::Answer;
use crate::command::{Command, Receipt};
use crate::naming::LookedThrough;
use crate::placing::child::sealing;
use crate::placing::disclosure::names::names_nobody;

/// What an agreement says about the child's care, in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CareTerms {
    /// As written.
    pub words: Particulars,
    /// Whether an officer completed them; else only what referral and offer said.
    pub complete: bool,
    /// Days on which the placement, or a line of support, is reviewed.
    pub reviews: Vec<Date>,
    /// The conditions of its approvals, each with the day on which it was met.
    pub conditions: Vec<(String, Option<Date>)>,
    /// Whether the words went with the child's record, which was erased.
    pub erased: bool,
}

impl CareTerms {
    /// Days, and what the price includes, which is coded and belongs to the price; nothing in anybody's words.
    #[must_use]
    pub fn without_words(self) -> Self {
        let words = Particulars { included: self.words.included, ..Particulars::default() };
        Self { words, conditions: Vec::new(), ..self }
    }

    /// What the price includes, one thing each.
    #[must_use]
    pub fn included(&self) -> Vec<String> {
        self.words.included.iter().map(|thing| thing.label().to_owned()).collect()
    }

    /// What it leaves out; nothing is said while the list is not complete, nor once it was erased.
    #[must_use]
    pub fn excluded(&self) -> Vec<String> {
        let out = if self.complete && !self.erased { self.words.excluded() } else { Vec::new() };
        out.iter().map(|thing| thing.label().to_owned()).collect()
    }
}

/// Reads them in a session of either side; the key is that of the invitation, which both share.
pub(super) async fn care_terms(session: &Session, org: OrganisationId, agreement: &Agreement) -> Answer<CareTerms> {
    let offer = session.offer(org, agreement.offer).await?;
    let key = session.invitation_key_left(org, offer.invitation).await?;
    let erased = key.is_none();
    let Some(kept) = &agreement.added.particulars else { return Ok(CareTerms { erased, ..CareTerms::default() }) };
    let words = key.as_ref().map(|key| key.open(&kept.words)).transpose()?.unwrap_or_default();
    let mut conditions = Vec::new();
    for one in &agreement.added.conditions {
        let text = key.as_ref().map(|key| key.open(&one.words)).transpose()?.unwrap_or_default();
        conditions.push((text, one.met.as_ref().map(|met| met.on)));
    }
    let (from, to) = agreement.nights();
    let mut reviews = if kept.reviewed { review_days(from, to, &kept.days()) } else { Vec::new() };
    let step_downs = agreement.terms.lines.iter().filter_map(|line| line.support.as_ref());
    reviews.extend(step_downs.map(|support| support.review_on));
    reviews.sort_unstable();
    reviews.dedup();
    Ok(CareTerms { words, complete: kept.complete, reviews, conditions, erased })
}

/// The bands of notice in words: when each holds, and how long it is.
#[must_use]
pub fn notice_terms(bands: &[NoticeBand]) -> Vec<(String, String)> {
    let days = |count: u16| if count == 1 { "1 day".to_owned() } else { format!("{count} days") };
    let when = |band: &NoticeBand| match band.from_day {
        0 => "From the first day".to_owned(),
        from => format!("From day {} on", from + 1),
    };
    bands.iter().map(|band| (when(band), format!("{}, either side", days(band.days)))).collect()
}

/// Completes what the agreement says about the child's care.
#[derive(Debug, Clone, Serialize)]
pub struct CompleteParticulars {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// What it is to achieve, one outcome a line.
    pub outcomes: String,
    /// Staffing, one arrangement a line.
    pub staffing: String,
    /// What the price includes.
    pub included: Vec<Included>,
    /// Education, one arrangement a line.
    pub education: String,
    /// Health and therapy, one arrangement a line.
    pub health: String,
}

fn by_line(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

impl Command for CompleteParticulars {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "agreement.particulars";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.confirmed(&[], actor, work).await
    }
}

impl LookedThrough for CompleteParticulars {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        // The form of somebody to whom the record is sealed comes empty: it would write over words that they were not shown.
        sealing::readable(work, actor, agreement.child, work.moment()).await?;
        let mut included = self.included.clone();
        included.sort_unstable();
        included.dedup();
        let words = Particulars {
            outcomes: by_line(&self.outcomes),
            staffing: by_line(&self.staffing),
            included,
            education: by_line(&self.education),
            health: by_line(&self.health),
        };
        words.check()?;
        let texts = [
            ("outcomes", self.outcomes.trim()),
            ("staffing", self.staffing.trim()),
            ("education", self.education.trim()),
            ("health", self.health.trim()),
        ];
        names_nobody(work, (Self::NAME, actor), agreement.child, &texts, keys).await?;
        let offer = work.offer(work.org(), agreement.offer).await?;
        let sealed = work.invitation_key(work.org(), offer.invitation).await?.seal(&words)?;
        let change = agreement.complete_particulars(sealed, work.moment())?;
        let agreement = work.apply(change).await?;
        work.enqueue(paper_job(&agreement)?);
        Ok(page_of(&agreement))
    }
}
