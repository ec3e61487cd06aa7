//! Recording an exemption from a grade of Inadequate: by the director of children's services in person, counted with the
//! checks at once. Where a trust holds the child's record, the director of the responsible authority decides on it (rule
//! 1.4), and a job records it in the trust's own transaction.

use std::sync::{Arc, OnceLock};

use placewell_domain::buying::spot::Spot;
use placewell_domain::buying::spot::exemption::{ExemptionReason, GradeExemption, check_words};
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::power::delegation::{StatutoryOffice, find_statutory};
use placewell_domain::sealed::Sealed;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::{StoreError, Work};
use serde::{Deserialize, Serialize};

use super::asked::grant_asked;
use super::table::keep_clearance;
use crate::answer::{Answer, Outcome};
use crate::buying::spot::{judged_inadequate, page_of};
use crate::command::{App, Command, Receipt, ended};
use crate::office::message::Notice;

/// The job that records an exemption in the transaction of the body that places for the director's authority.
pub const EXEMPT: &str = "spot.exempt";

const OFFICE: StatutoryOffice = StatutoryOffice::DirectorOfChildrensServices;

/// Records the exemption.
#[derive(Debug, Clone, Serialize)]
pub struct ExemptGrade {
    /// The spot purchase.
    pub spot: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: ExemptionReason,
    /// What keeps the child safe there; sealed.
    pub words: String,
    /// Where the record is, where another body holds it; found before the transaction.
    #[serde(skip)]
    held: OnceLock<Held>,
}

/// A spot purchase in the record of the body that places for the director's authority.
#[derive(Debug, Clone)]
struct Held {
    authority: OrganisationId,
    reference: String,
    words: Sealed<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ToExempt {
    authority: i64,
    spot: i64,
    reason: ExemptionReason,
    /// Sealed under the child's key.
    words: String,
    by: i64,
}

impl ExemptGrade {
    /// An exemption that is asked for.
    #[must_use]
    pub const fn new((spot, version): (i64, i64), reason: ExemptionReason, words: String) -> Self {
        Self { spot, version, reason, words, held: OnceLock::new() }
    }

    /// Finds the purchase in another body's record, for the director of the authority that is responsible for the child; to
    /// anybody else it does not exist.
    async fn find(&self, app: &App, actor: &Actor) -> Answer<Option<Held>> {
        let session = app.store.read(Some(actor.organisation)).await?;
        match session.spot(actor.organisation, self.spot).await {
            Err(StoreError::NotFound) => {}
            found => return Ok(found.map(|_| None)?),
        }
        let appointments = session.statutory_appointments(actor.organisation).await?;
        let moment = app.calendar.now();
        find_statutory(OFFICE, actor.person, actor.organisation, &appointments, moment)
            .map_err(|_| Outcome::NotFound)?;
        let others = session.organisations().await?;
        drop(session);
        let places = |one: &&Organisation| one.kind == OrganisationKind::Authority && one.id != actor.organisation;
        for authority in others.iter().filter(places).map(|one| one.id) {
            let session = app.store.read(Some(authority)).await?;
            let Ok(spot) = session.spot(authority, self.spot).await else { continue };
            let child = session.child(authority, spot.child).await?;
            if child.responsible != actor.organisation {
                return Err(Outcome::NotFound);
            }
            if spot.version != self.version {
                return Err(Outcome::Conflict);
            }
            let words = session.child_key(authority, child.id).await?.seal(&self.words.trim().to_owned())?;
            return Ok(Some(Held { authority, reference: spot.reference.to_string(), words }));
        }
        Err(Outcome::NotFound)
    }

    /// Leaves it to the other body's own transaction.
    async fn hand_over(&self, actor: &Actor, work: &mut Work, held: &Held) -> Answer<Receipt> {
        let appointments = work.statutory_appointments(work.org()).await?;
        find_statutory(OFFICE, actor.person, work.org(), &appointments, work.moment())?;
        let to = ToExempt {
            authority: held.authority.0,
            spot: self.spot,
            reason: self.reason,
            words: hex::encode(held.words.bytes()),
            by: actor.person.0,
        };
        work.enqueue(Job::new(EXEMPT, &serde_json::to_value(to)?).about("spot", self.spot));
        Ok(Receipt::at(format!("/referrals/{}/spot", held.reference)))
    }
}

impl Command for ExemptGrade {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "spot.exempt_grade";

    async fn before(&self, app: &App, actor: &Actor) -> Answer<()> {
        check_words(&self.words)?;
        if let Some(held) = self.find(app, actor).await? {
            let _found_before = self.held.set(held);
        }
        Ok(())
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if let Some(held) = self.held.get() {
            return self.hand_over(actor, work, held).await;
        }
        let spot = work.spot(work.org(), self.spot).await?;
        if spot.version != self.version {
            return Err(Outcome::Conflict);
        }
        let key = work.child_key(work.org(), spot.child).await?;
        let words = key.seal(&self.words.trim().to_owned())?;
        record(work, &spot, (self.reason, words), actor.person).await?;
        Ok(page_of(&spot))
    }
}

/// Records what a director decided elsewhere, in the transaction of the body that holds the record.
pub async fn exempt_later(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToExempt = serde_json::from_str(&job.payload)?;
    let words = hex::decode(&to.words).map_err(|error| Outcome::Fault(error.to_string()))?;
    let mut work = app.store.begin(OrganisationId(to.authority), app.calendar.now()).await?;
    work.by(PersonId(to.by));
    let done = async {
        let spot = work.spot(work.org(), to.spot).await?;
        record(&mut work, &spot, (to.reason, Sealed::from_bytes(words)), PersonId(to.by)).await
    }
    .await;
    ended_or_refused(work, done).await
}

/// Ends what was decided in another authority: what a rule refuses since is not recorded, and the page shows what stands.
pub(super) async fn ended_or_refused(work: Work, done: Answer<()>) -> Answer<()> {
    match done {
        Err(Outcome::Refused(_)) => Ok(work.roll_back().await?),
        done => ended(work, done).await,
    }
}

async fn record(
    work: &mut Work,
    spot: &Spot,
    (reason, words): (ExemptionReason, Sealed<String>),
    by: PersonId,
) -> Answer<()> {
    let moment = work.moment();
    let child = work.child(work.org(), spot.child).await?;
    let appointments = work.statutory_appointments(child.responsible).await?;
    find_statutory(OFFICE, by, child.responsible, &appointments, moment)?;
    let home = work.home(spot.home).await?;
    let judged_on = judged_inadequate(work, &home, moment.today()).await?;
    let of = (spot, child.responsible);
    let change = GradeExemption::exempt(work.new_id(), of, judged_on, (reason, words), by, moment)?;
    let exemption = work.apply(change).await?;
    grant_asked(work, &exemption).await?;
    let referral = work.referral(work.org(), spot.referral).await?;
    keep_clearance(work, &referral, &home).await?;
    let notice = Notice {
        to: work.org().0,
        role: Role::PlacementOfficer,
        subject: format!("{}: the exemption is recorded", spot.reference),
        lines: vec![format!("The spot purchase at {} can go on.", home.name)],
        path: format!("/referrals/{}/spot", spot.reference),
    };
    work.enqueue(notice.job()?);
    Ok(())
}
