//! Check and send: what homes will read, what must not stand in it, and what is still missing.

use placewell_domain::clock::Moment;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::FieldError;
use placewell_domain::placing::referral::redaction::Finding;
use placewell_domain::placing::referral::small_number::{TooIdentifying, Traits, too_identifying};
use placewell_domain::placing::referral::task::{Answers, Progress, missing, progress};
use placewell_domain::placing::referral::{Narrative, Referral, SharedProfile, SharedWords, Task};
use placewell_store::Session;

use super::age_at_start;
use crate::answer::Answer;
use crate::command::App;
use crate::placing::child::sealing;
use crate::placing::child::siblings::found_by;

/// How many other children's referrals the small-number warning looks at.
const LOOK_AT: u32 = 400;

/// A draft as it would go out, and what stands in the way.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The referral.
    pub referral: Referral,
    /// Its words.
    pub narrative: Narrative,
    /// Each task and how far it has come.
    pub progress: Vec<(Task, Progress)>,
    /// What each task still asks for.
    pub missing: Vec<(Task, Vec<FieldError>)>,
    /// The profile that homes will read.
    pub profile: SharedProfile,
    /// The words that homes will read.
    pub words: SharedWords,
    /// What must not stand in them.
    pub findings: Vec<Finding>,
    /// Whether the profile fits too few children.
    pub too_identifying: Option<TooIdentifying>,
    /// The child's age on the start, or on the day it was begun where no start is said, by the sealed date of birth.
    pub age: u8,
}

/// Checks a draft for whoever would send it, inside a reading or a writing transaction.
pub async fn check(session: &Session, (actor, now): (&Actor, Moment), referral: Referral) -> Answer<Checked> {
    let child = session.child(referral.authority, referral.child).await?;
    child.kept()?;
    let identity = session.open_identity(&child).await?;
    let narrative = session.open_narrative(&referral).await?;
    let answers = Answers { profile: &referral.profile, narrative: &narrative, plan: &referral.plan };
    let age = age_at_start(&identity, &referral.profile, referral.started.date());
    let others = session.other_childrens_referrals(referral.authority, referral.child, LOOK_AT).await?;
    let others: Vec<Traits> = others.iter().map(|other| Traits::of(&other.profile)).collect();
    let words = narrative.shared(&referral.profile.standard);
    let texts =
        words.texts().into_iter().chain([("risk_chronology".to_owned(), narrative.risk_chronology.as_str())]).collect();
    let findings = found_by(session, (actor, now), &child, texts).await?;
    Ok(Checked {
        age,
        progress: progress(answers),
        missing: Task::ALL
            .iter()
            .map(|task| (*task, missing(*task, answers)))
            .filter(|(_, open)| !open.is_empty())
            .collect(),
        profile: referral.profile.for_homes(),
        findings,
        too_identifying: too_identifying(&Traits::of(&referral.profile), &others),
        words,
        narrative,
        referral,
    })
}

impl App {
    /// A draft as it would go out.
    pub async fn checked_referral(&self, actor: &Actor, reference: &str) -> Answer<Checked> {
        let session = self.see(actor, Action::MakeReferral).await?;
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let now = self.calendar.now();
        let reader = sealing::reader(&session, actor, referral.child, now).await?;
        let found = check(&session, (actor, now), referral).await?;
        let (words, narrative) = (reader.shared(found.words), reader.narrative(found.narrative));
        // What is found is the name itself.
        let findings = reader.given("given_names", found.findings).unwrap_or_default();
        Ok(Checked { narrative, words, findings, ..found })
    }
}
