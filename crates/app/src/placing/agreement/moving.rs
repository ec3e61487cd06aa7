//! Moving live agreements to the arrangement that follows: offered by the holder of the power, consented to by the provider,
//! once each. The ledger follows in the authority's own transaction.

use jiff::civil::Date;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::agreement::{Agreement, MoveDecline, MoveOffer, Side, Signature};
use placewell_domain::power::annual_value::Commitment;
use placewell_domain::power::arrangement::{Arrangement, Participation};
use placewell_domain::power::delegation::Act;
use placewell_store::placing::agreement::paper_job;
use placewell_store::{Session, Work};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::deciding::{Decided, decide};
use super::running::{moved_job, other_side};
use super::{current, page_of};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::message::Notice;
use crate::power::annual_value::effect_of;
use crate::power::arrangement::{participation_in, takes_part_with, terms_between};

/// The arrangement that follows the one in use, or the one in use where it follows another.
async fn successor(session: &Session) -> Answer<Option<Arrangement>> {
    let all = session.arrangements().await?;
    Ok(all.into_iter().map(|kept| kept.arrangement).find(|one| one.ahead.follows.is_some()))
}

/// Offers to move agreements to the successor, all or none.
#[derive(Debug, Clone, Serialize)]
pub struct OfferMoves {
    /// The agreements' references.
    pub references: Vec<String>,
    /// The successor's slug.
    pub to: String,
    /// The first night under it.
    pub on: Date,
}

impl Command for OfferMoves {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "agreement.offer_moves";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if self.references.is_empty() {
            return Err(Invalid::one("agreements", "Choose at least one agreement").into());
        }
        let (org, moment) = (work.org(), work.moment());
        let next = work.arrangement(&self.to).await?.arrangement;
        let stands = participation_in(work, &next, org, self.on.max(moment.today())).await?;
        if !matches!(stands, Participation::CanAward { .. }) {
            return Err(not_adopted(&next, &stands).into());
        }
        for reference in &self.references {
            let agreement = work.agreement(org, reference).await?;
            if agreement.authority != org {
                return Err(Outcome::NotFound);
            }
            let (agreement, power) = decide(work, actor, agreement, Act::MoveAgreement, Decided::SignedIn).await?;
            fits_ceiling(work, &agreement, self.on).await?;
            let joined = takes_part_with(work, next.id, (agreement.terms.home, agreement.provider)).await?;
            let sides = (org, agreement.provider);
            let terms = terms_between(work, &next, sides, (joined, self.on)).await?;
            let agreement = work.apply(agreement.offer_move(&next, (self.on, terms), power, moment)?).await?;
            work.enqueue(offered(&agreement).job()?);
        }
        Ok(Receipt::at("/agreements/moves"))
    }
}

/// An offer to move is the authority's own act: what the successor's ceiling does not hold is not offered.
async fn fits_ceiling(work: &Work, agreement: &Agreement, on: Date) -> Answer<()> {
    let today = work.moment().today();
    let moved = Commitment { moved_on: Some(on), ..agreement.commitment(today) };
    for effect in effect_of(work, work.org(), &moved, today).await? {
        match effect.after {
            Err(refusal) if refusal.code == "ceiling_reached" => return Err(refusal.into()),
            _ => {}
        }
    }
    Ok(())
}

fn not_adopted(next: &Arrangement, stands: &Participation) -> Refusal {
    Refusal::new(
        "successor_not_adopted",
        "An agreement is moved to an arrangement that the authority has adopted",
        format!("Your authority has not adopted {} for that day.", next.title),
        "The decision maker, by a decision to adopt it",
    )
    .found(stands.reason())
}

fn offered(agreement: &Agreement) -> Notice {
    Notice {
        to: agreement.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: an offer to move it to the successor", agreement.reference),
        lines: vec!["It moves only with your consent, and keeps its reference and its history.".to_owned()],
        path: "/agreements/moves".to_owned(),
    }
}

/// The provider consents to a move.
#[derive(Debug, Clone, Serialize)]
pub struct ConsentMove {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The name as typed.
    pub name: String,
    /// The role as typed.
    pub role: String,
    /// "I have authority to sign".
    pub has_authority: bool,
}

impl Command for ConsentMove {
    const ACTION: Action = Action::SignAgreement;
    const NAME: &'static str = "agreement.consent_move";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = providers_own(work, actor, &self.reference, self.version).await?;
        let signature = Signature {
            person: actor.person,
            name: self.name.trim().to_owned(),
            role: self.role.trim().to_owned(),
            at: work.moment().local,
            content: hex::encode(Sha256::digest(agreement.content())),
        };
        let change = agreement.consent_move(signature.checked(self.has_authority)?, work.moment())?;
        let agreement = work.apply(change).await?;
        work.mark_moved(&agreement).await?;
        work.enqueue(moved_job(&agreement)?);
        work.enqueue(paper_job(&agreement)?);
        work.enqueue(other_side(&agreement, Side::Provider, "moved to the successor with both sides' consent").job()?);
        Ok(page_of(&agreement))
    }
}

/// The provider declines a move.
#[derive(Debug, Clone, Serialize)]
pub struct DeclineMove {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: MoveDecline,
}

impl Command for DeclineMove {
    const ACTION: Action = Action::SignAgreement;
    const NAME: &'static str = "agreement.decline_move";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = providers_own(work, actor, &self.reference, self.version).await?;
        let agreement = work.apply(agreement.decline_move(self.reason, actor.person, work.moment())?).await?;
        work.enqueue(other_side(&agreement, Side::Provider, "the provider declines to move it").job()?);
        Ok(Receipt::at("/agreements/moves"))
    }
}

/// The authority takes its offer to move back.
#[derive(Debug, Clone, Serialize)]
pub struct TakeBackMove {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for TakeBackMove {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "agreement.take_back_move";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let (agreement, _) = decide(work, actor, agreement, Act::MoveAgreement, Decided::SignedIn).await?;
        let agreement = work.apply(agreement.take_back_move(actor.person, work.moment())?).await?;
        work.enqueue(other_side(&agreement, Side::Authority, "the offer to move it is taken back").job()?);
        Ok(Receipt::at("/agreements/moves"))
    }
}

async fn providers_own(work: &Work, actor: &Actor, reference: &str, version: i64) -> Answer<Agreement> {
    if actor.kind != OrganisationKind::Provider {
        return Err(Outcome::Forbidden(Action::SignAgreement));
    }
    current(work, reference, version).await
}

/// A live agreement with the offer to move it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveLine {
    /// Its reference.
    pub reference: String,
    /// Its version.
    pub version: i64,
    /// The home's name.
    pub home: String,
    /// The day after its last planned night.
    pub planned_end: Date,
    /// The last offer, where there was one.
    pub last: Option<MoveOffer>,
}

/// Live agreements and the successor to which they can be moved.
#[derive(Debug, Clone)]
pub struct MovesPage {
    /// The successor; none while the region has recorded none.
    pub successor: Option<Arrangement>,
    /// Of the authority: where its participation in the successor stands on its first day or today.
    pub stands: Option<Participation>,
    /// Live agreements, by their planned end.
    pub lines: Vec<MoveLine>,
}

impl App {
    /// The actor's organisation's live agreements with what is offered and answered about moving them: an authority's all,
    /// a provider's those with an offer.
    pub async fn moves(&self, actor: &Actor) -> Answer<MovesPage> {
        let session = self.see(actor, Action::SeeAgreements).await?;
        let successor = successor(&session).await?;
        let authority = actor.kind == OrganisationKind::Authority;
        let stands = match &successor {
            Some(next) if authority => {
                let day = self.calendar.now().today().max(next.term.start);
                Some(participation_in(&session, next, actor.organisation, day).await?)
            }
            _ => None,
        };
        let mut lines = Vec::new();
        for agreement in session.living_agreements(actor.organisation).await? {
            let shown = agreement.terms.route.through_arrangement() && (authority || !agreement.added.moves.is_empty());
            if !shown {
                continue;
            }
            lines.push(MoveLine {
                reference: agreement.reference.to_string(),
                version: agreement.version,
                home: session.home(agreement.terms.home).await?.name,
                planned_end: agreement.nights().1,
                last: agreement.added.moves.last().cloned(),
            });
        }
        Ok(MovesPage { successor, stands, lines })
    }
}
