//! An empty bed goes to the block's own authorities in the contract's order before it is sold to others (journey C-09): the
//! lead's timer asks one after another; the authority takes the bed or passes, and nominates while it is its turn.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::buying::block::nights::{SlotNight, VoidCause};
use placewell_domain::buying::block::{
    self, Block, VoidOffer, VoidOfferState, VoidTurn, may_nominate_in_turn, must_be_signed, void_turn,
};
use placewell_domain::calendar::long_date;
use placewell_domain::clock::Moment;
use placewell_domain::id::{BlockId, OrganisationId};
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::super::notice;
use super::{Known, must_run, page_of, provider_of};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt, ended};

/// Where it is noted what was looked at, and that all have been told.
const ROOM: &str = "block_turns";

/// Since which evening a bed stands empty, or will, after everybody who is known to come.
fn void_since(known: &Known, slot: u8) -> Date {
    block::void_since(known.span.from(), &known.nominations, &known.resales, slot)
}

/// Whose turn it is at a bed from a night on; none where the contract has no order, or where somebody comes later: such a
/// gap is for whoever is first.
pub(super) fn turn(known: &Known, slot: u8, night: Date, today: Date) -> Option<VoidTurn<'_>> {
    let since = void_since(known, slot);
    if night < since {
        return None;
    }
    let turns = known.block.turns_on(since.max(today))?;
    Some(void_turn(&turns, &known.void_offers, (slot, since)))
}

/// Refuses a nomination out of turn; where the bed is offered to this authority, nominating takes it.
pub(super) async fn nominate_in_turn(work: &mut Work, known: &Known, slot: u8, first: Date) -> Answer<()> {
    let moment = work.moment();
    let Some(turn) = turn(known, slot, first, moment.today()) else { return Ok(()) };
    may_nominate_in_turn(turn, work.org(), slot)?;
    if let VoidTurn::Standing(offer) = turn
        && matches!(offer.state, VoidOfferState::Offered { .. })
    {
        let change = offer.clone().take(known.block.spec.nomination_hours, moment)?;
        work.apply(change).await?;
    }
    Ok(())
}

/// What somebody has looked at: the day, what is known of the nights, who has signed, and how the offers stand.
async fn looked(session: &Session, block: &Block, moment: Moment) -> Answer<String> {
    let (moves, late) = session.void_offers_moved(block.id, moment.local).await?;
    let (stand, signed) = (session.block_stand(block.id).await?, session.block_signatures(block.id).await?.len());
    Ok(format!("{} {stand} {signed} {moves} {late}", moment.today()))
}

/// Whether the turns of a block have not been looked at as they are now.
pub(crate) async fn turns_due(session: &Session, org: OrganisationId, block: &Block, moment: Moment) -> Answer<bool> {
    if block.spec.void_order.is_none() {
        return Ok(false);
    }
    Ok(!session.is_chased(org, ROOM, block.id.0, &looked(session, block, moment).await?).await?)
}

/// Moves the turns of a block of this lead on, where something has changed since they were looked at.
pub(crate) async fn move_turns(app: &Arc<App>, org: OrganisationId, block: &Block) -> Answer<()> {
    let moment = app.calendar.now();
    let session = app.store.read(Some(org)).await?;
    if !turns_due(&session, org, block, moment).await? {
        return Ok(());
    }
    drop(session);
    let mut work = app.store.begin(org, moment).await?;
    let done = look_again(&mut work, block).await;
    ended(work, done).await
}

async fn look_again(work: &mut Work, block: &Block) -> Answer<()> {
    work.lock_block(block.id).await?;
    let seen = looked(work, block, work.moment()).await?;
    work.chased(ROOM, block.id.0, &seen).await?;
    end_turns(work, block.id).await?;
    begin_turns(work, block.id).await
}

/// Ends the turns whose time is over, and those at beds that are empty no more. The caller holds the block's lock.
pub(crate) async fn end_turns(work: &mut Work, id: BlockId) -> Answer<()> {
    let known = Known::read(work, id).await?;
    let (block, moment) = (&known.block, work.moment());
    let beds = block.latest_terms().map_or(0, |terms| terms.beds.count());
    for offer in known.void_offers.iter().filter(|offer| offer.stands()) {
        let as_offered = block.runs() && offer.slot <= beds && void_since(&known, offer.slot) == offer.since;
        let pays = block.pays_on(offer.authority, offer.since.max(moment.today()));
        let late = offer.state.until().is_some_and(|until| until <= moment.local) && !known.nominated(offer.slot);
        if !as_offered || !pays {
            let change = offer.clone().close(moment)?;
            work.apply(change).await?;
        } else if late {
            let change = offer.clone().lapse(moment)?;
            work.apply(change).await?;
        }
    }
    Ok(())
}

/// Offers each empty bed to the authority whose turn it is.
async fn begin_turns(work: &mut Work, id: BlockId) -> Answer<()> {
    let known = Known::read(work, id).await?;
    let (block, today) = (&known.block, work.moment().today());
    if must_be_signed(block, &work.block_signatures(id).await?).is_err() {
        return Ok(());
    }
    for slot in 1..=block.latest_terms().map_or(0, |terms| terms.beds.count()) {
        let since = void_since(&known, slot);
        if !block.offers_void(since, today) || known.nominated(slot) || !usable(&known, slot, since.max(today)) {
            continue;
        }
        match turn(&known, slot, since, today) {
            Some(VoidTurn::Next(authority, place)) => ask(work, block, (slot, since), (authority, place)).await?,
            Some(VoidTurn::Over) => tell_over(work, block, (slot, since)).await?,
            Some(VoidTurn::Standing(_)) | None => {}
        }
    }
    Ok(())
}

/// Whether a child could come to an empty bed: nothing of the home's or a resident's keeps it closed.
fn usable(known: &Known, slot: u8, night: Date) -> bool {
    let Some(one) = Nights::new(night, plus_days(night, 1)) else { return false };
    known.rows(one).iter().filter(|row| row.slot == slot).any(|row| match row.what {
        SlotNight::Void { cause, .. } => match cause {
            VoidCause::NoNomination | VoidCause::Unsuitable | VoidCause::RefusedWithin | VoidCause::RefusedBeyond => {
                true
            }
            VoidCause::Unstaffed | VoidCause::Suspended | VoidCause::NotRegistered | VoidCause::ResidentNeeds => false,
        },
        SlotNight::Used { .. } | SlotNight::Nominated { .. } | SlotNight::Resold { .. } => false,
    })
}

async fn ask(
    work: &mut Work,
    block: &Block,
    (slot, since): (u8, Date),
    (authority, turn): (OrganisationId, u8),
) -> Answer<()> {
    let moment = work.moment();
    let hours = block.spec.void_order.as_ref().map_or(0, |order| order.hours);
    let offer = VoidOffer {
        id: work.new_id(),
        version: 0,
        block: block.id,
        lead: block.lead,
        provider: provider_of(block).ok_or(Outcome::NotFound)?,
        authority,
        slot,
        since,
        turn,
        offered: moment.local,
        state: VoidOfferState::Closed { at: moment.local },
    };
    let offer = work.apply(VoidOffer::offer(offer, hours, moment)).await?;
    let until = offer.state.until().map(|until| until.strftime("%-d %B %Y, %H:%M").to_string()).unwrap_or_default();
    let line = format!("Bed {slot}, from {}. Take it or pass by {until}.", long_date(since));
    tell(work, block, (authority, Role::PlacementOfficer), ("an empty bed is offered to you", line))
}

/// Tells of a bed, with the way to the nights of the block.
fn tell(
    work: &mut Work,
    block: &Block,
    (to, role): (OrganisationId, Role),
    (what, line): (&str, String),
) -> Answer<()> {
    let mut told = notice(block, to, role, what);
    told.lines.push(line);
    told.path = page_of(block);
    work.enqueue(told.job()?);
    Ok(())
}

/// Tells once that all have been asked: whoever pays may nominate, and the lead may sell the nights.
async fn tell_over(work: &mut Work, block: &Block, (slot, since): (u8, Date)) -> Answer<()> {
    let once = format!("over {slot} {since}");
    if work.is_chased(work.org(), ROOM, block.id.0, &once).await? {
        return Ok(());
    }
    work.chased(ROOM, block.id.0, &once).await?;
    let pay = block.shares_on(since.max(work.moment().today())).iter();
    let officers = pay.map(|share| (share.authority, Role::PlacementOfficer));
    for to in officers.chain([(block.lead, Role::CommissioningLead)]) {
        let from = long_date(since);
        let line = format!("Bed {slot}, from {from}. Each that pays may nominate; its nights may be sold to others.");
        tell(work, block, to, ("no authority has taken an empty bed", line))?;
    }
    Ok(())
}

/// An offer at the version that the page showed, of this work's authority, with what is known under the block's lock.
async fn current(work: &Work, id: i64, version: i64) -> Answer<(VoidOffer, Known)> {
    let offer = work.void_offer(id).await?;
    work.lock_block(offer.block).await?;
    let offer = work.void_offer(id).await?;
    if offer.authority != work.org() {
        return Err(Outcome::NotFound);
    }
    if offer.version != version {
        return Err(Outcome::Conflict);
    }
    let known = Known::read(work, offer.block).await?;
    must_run(&known.block)?;
    Ok((offer, known))
}

/// Takes an empty bed for a child of one's own, who is nominated within the contract's hours. No money moves.
#[derive(Debug, Clone, Serialize)]
pub struct TakeVoid {
    /// The offer.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for TakeVoid {
    const ACTION: Action = Action::NominateToBlock;
    const NAME: &'static str = "block.take_void";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (offer, known) = current(work, self.id, self.version).await?;
        if void_since(&known, offer.slot) != offer.since {
            return Err(Outcome::Conflict);
        }
        let (block, slot) = (&known.block, offer.slot);
        let change = offer.take(block.spec.nomination_hours, work.moment())?;
        work.apply(change).await?;
        let lead = (block.lead, Role::CommissioningLead);
        tell(work, block, lead, ("an empty bed is taken", format!("Bed {slot}.")))?;
        Ok(Receipt::at(page_of(block)))
    }
}

/// Passes an empty bed on, or gives one back that was taken: the next in the order is asked.
#[derive(Debug, Clone, Serialize)]
pub struct PassVoid {
    /// The offer.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for PassVoid {
    const ACTION: Action = Action::NominateToBlock;
    const NAME: &'static str = "block.pass_void";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (offer, known) = current(work, self.id, self.version).await?;
        if known.nominated(offer.slot) {
            return Err(Refusal::new(
                "void_nominated",
                "A bed that was taken is given back once nobody is nominated for it",
                "A child of your authority is nominated for this bed.",
                "You, by taking the nomination back first",
            )
            .found(format!("bed {}", offer.slot))
            .into());
        }
        let change = offer.pass(work.moment())?;
        work.apply(change).await?;
        Ok(Receipt::at(page_of(&known.block)))
    }
}
