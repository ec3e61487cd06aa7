//! Spot purchases: asked for from a referral, never to get round the ceiling; given up; the provider invited to join; and
//! what timers watch. The placement itself goes through the rooms of offers, approvals and agreements.

pub mod chasing;
mod exemption;
pub mod request;
pub mod unregistered;
pub mod view;

pub use chasing::{chase_due, due};
pub use exemption::Exempted;
pub(in crate::buying) use exemption::ask_director;
pub(crate) use exemption::judged_inadequate;
pub use placewell_store::buying::spot::SpotRow;
pub use request::RequestSpot;
pub use view::{SpotLine, SpotList, SpotPage, SpotStart, label};

use jiff::civil::Date;
use placewell_domain::buying::spot::{DropReason, Spot};
use placewell_domain::homes::price::KNOWN_OPEN;
use placewell_domain::id::{HomeId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::power::delegation::{PostGrade, to_alert};
use placewell_store::homes::price::CORE;
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::office::message::{Notice, deliver_to};

/// Where a referral's spot purchase is shown.
pub(crate) fn page_of(spot: &Spot) -> Receipt {
    Receipt::at(format!("/referrals/{}/spot", spot.reference))
}

/// A spot purchase at the version that the page showed.
async fn current(work: &Work, id: i64, version: i64) -> Answer<Spot> {
    let spot = work.spot(work.org(), id).await?;
    if spot.version == version { Ok(spot) } else { Err(Outcome::Conflict) }
}

/// The holders of these posts, each told once.
pub(crate) async fn tell_posts(work: &mut Work, grades: &[PostGrade], notice: &Notice, dedupe: &str) -> Answer<()> {
    let scheme = work.scheme(work.org()).await?;
    let mut people: Vec<PersonId> = to_alert(grades, &scheme.posts, &scheme.holdings, work.moment().today());
    people.sort_unstable();
    people.dedup();
    for person in people {
        deliver_to(work, person, notice, dedupe).await?;
    }
    Ok(())
}

/// The tendered core price of a home for a lot on a day: the lot's, else the latest of any lot, so that a home which left
/// the arrangement is held against what it asked there.
pub async fn tendered(session: &Session, home: HomeId, lot: &str, day: Date) -> Answer<Option<Pence>> {
    let known = session.price_history(home).await?;
    let core =
        || known.iter().filter(|fact| fact.line == CORE && fact.price.known_to == KNOWN_OPEN && fact.price.from <= day);
    let latest = |of: &str| core().filter(|fact| of.is_empty() || fact.lot == of).max_by_key(|fact| fact.price.from);
    Ok(latest(lot).or_else(|| latest("")).map(|fact| fact.price.value))
}

/// Invites the provider of a spot purchase to join the arrangement at its next opening.
#[derive(Debug, Clone, Serialize)]
pub struct InviteToJoin {
    /// The spot purchase.
    pub spot: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for InviteToJoin {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "spot.invite";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let spot = current(work, self.spot, self.version).await?;
        let today = work.moment().today();
        let kept = work.current_arrangement().await?;
        let windows = kept.iter().flat_map(|kept| &kept.arrangement.windows);
        let opening = windows.filter(|window| window.to >= today).map(|window| window.from).min();
        let spot = work.apply(spot.invite(actor.person, opening, work.moment())?).await?;
        let when = opening.map_or_else(
            || "The regional team tells you when the next opening is.".to_owned(),
            |day| format!("The next opening is from {}.", day.max(today).strftime("%-d %B %Y")),
        );
        let lines = |first: &str| vec![first.to_owned(), when.clone()];
        let notice = |to: i64, role, line: &str| Notice {
            to,
            role,
            subject: "An invitation to join the regional arrangement".to_owned(),
            lines: lines(line),
            path: "/arrangement".to_owned(),
        };
        let theirs =
            "An authority of the region buys a placement from you outside the arrangement, and invites you to apply.";
        work.enqueue(notice(spot.provider.0, Role::ProviderManager, theirs).job()?);
        if let Some(kept) = &kept {
            let name = work.organisation_by_id(spot.provider).await?.name;
            let ours = format!("{} invites {name} to apply at the next opening.", actor.organisation_name);
            work.enqueue(notice(kept.region.0, Role::CommissioningLead, &ours).job()?);
        }
        Ok(page_of(&spot))
    }
}

/// Gives a spot purchase up before the award.
#[derive(Debug, Clone, Serialize)]
pub struct DropSpot {
    /// The spot purchase.
    pub spot: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: DropReason,
}

impl Command for DropSpot {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "spot.drop";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let spot = current(work, self.spot, self.version).await?;
        if let Some(agreement) = work.agreement_of(work.org(), spot.referral).await?
            && agreement.terms.home == spot.home
        {
            return Err(Refusal::new(
                "already_awarded",
                "A spot purchase is given up before the award, never after it",
                "The placement is awarded, so its spot purchase cannot be given up.",
                "You, by cancelling or ending the agreement",
            )
            .found(agreement.reference.to_string())
            .into());
        }
        let spot = work.apply(spot.drop_it(actor.person, self.reason, work.moment())?).await?;
        Ok(page_of(&spot))
    }
}
