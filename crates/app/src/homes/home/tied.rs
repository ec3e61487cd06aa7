//! The beds that running mini-blocks tie, with whose areas they are free to. Where a contract has an order, an empty bed is a
//! vacancy of the authority whose turn it is and of nobody else (rule 5.5, journey C-09).

use jiff::civil::{Date, DateTime};
use placewell_domain::authority::AreaCode;
use placewell_domain::buying::block::void::Resale;
use placewell_domain::buying::block::{Block, BlockTerms, may_nominate_in_turn, turn_comes, void_since, void_turn};
use placewell_domain::id::{BedId, HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::organisation::Organisation;
use placewell_insight::placing::referral::Tied;
use placewell_store::Session;

use crate::answer::Answer;

/// Whose turn it is at one bed of a contract with an order, from the evening since which it stands empty, or will.
struct Turn {
    since: Date,
    /// Who may nominate for it.
    open: Vec<OrganisationId>,
    /// To whom it comes later, and by when.
    later: Vec<(OrganisationId, DateTime)>,
}

/// The turns at the beds of a contract, the first bed first; none where all may nominate at once.
async fn turns(session: &Session, block: &Block, resales: &[Resale], day: Date) -> Answer<Option<Vec<Turn>>> {
    let (Some(terms), Some(nights)) = (block.latest_terms(), block.nights()) else { return Ok(None) };
    let Some(order) = &terms.spec.void_order else { return Ok(None) };
    let nominations = session.nominations_of(block.id).await?;
    let offers = session.void_offers_of(block.id).await?;
    let of = |slot: u8| {
        let since = void_since(nights.from(), &nominations, resales, slot);
        let all = block.turns_on(since.max(day)).unwrap_or_default();
        let turn = void_turn(&all, &offers, (slot, since));
        let later = all.iter().filter_map(|one| Some((*one, turn_comes(&all, turn, order.hours, *one)?)));
        Turn {
            since,
            later: later.collect(),
            open: all.iter().copied().filter(|one| may_nominate_in_turn(turn, *one, slot).is_ok()).collect(),
        }
    };
    Ok(Some((1..=terms.beds.count()).map(of).collect()))
}

/// The turns of floating beds as one: any of the homes' beds is any of the contract's, so that whoever has a turn at one can
/// place in it; to the others the first of the beds that come to them counts.
fn any_turn(turns: &[Turn], since: Date) -> Turn {
    let mut open: Vec<OrganisationId> = turns.iter().flat_map(|turn| turn.open.iter().copied()).collect();
    open.sort_unstable();
    open.dedup();
    let coming = turns.iter().flat_map(|turn| turn.later.iter().copied());
    let mut later: Vec<(OrganisationId, DateTime)> = coming.filter(|(one, _)| !open.contains(one)).collect();
    later.sort_unstable();
    later.dedup_by_key(|(one, _)| *one);
    Turn { since, open, later }
}

/// One contract with what is needed to say to whom its beds are free.
struct Contract<'a> {
    block: &'a Block,
    terms: &'a BlockTerms,
    nights: Nights,
    organisations: &'a [Organisation],
}

impl Contract<'_> {
    fn area(&self, id: OrganisationId) -> Option<AreaCode> {
        let code = self.organisations.iter().find(|one| one.id == id)?.area.as_deref()?;
        AreaCode::parse(code).ok()
    }

    fn tied(&self, beds: Vec<BedId>, nights: Nights, to: &[OrganisationId], night: Pence) -> Tied {
        Tied {
            reference: self.block.reference.clone(),
            beds,
            nights,
            areas: to.iter().filter_map(|one| self.area(*one)).collect(),
            later: Vec::new(),
            lot: self.block.wants.lot.clone(),
            weekly: Pence(night.0.saturating_mul(7)),
        }
    }

    /// The beds of one home, free to all that pay.
    fn shared(&self, beds: Vec<BedId>, nights: Nights) -> Tied {
        let pay: Vec<OrganisationId> = self.block.shares.iter().map(|share| share.authority).collect();
        self.tied(beds, nights, &pay, self.terms.prices.occupied)
    }

    /// The same to those whose turn it is.
    fn in_turn(&self, beds: Vec<BedId>, nights: Nights, turn: &Turn) -> Tied {
        let later = turn.later.iter().filter_map(|(one, at)| Some((self.area(*one)?, *at)));
        Tied { later: later.collect(), ..self.tied(beds, nights, &turn.open, self.terms.prices.occupied) }
    }

    /// The beds of one home in a contract with an order.
    fn ordered(&self, home: HomeId, own: Vec<BedId>, turns: &[Turn], day: Date) -> Vec<Tied> {
        if self.terms.beds.fixed().is_empty() {
            return vec![self.in_turn(own, self.nights, &any_turn(turns, self.nights.from()))];
        }
        let mut found = Vec::new();
        // What stands in no place of the order is tied as ever.
        let placed = |bed: &BedId| self.terms.beds.fixed().iter().any(|one| one.bed == *bed);
        let rest: Vec<BedId> = own.iter().copied().filter(|bed| !placed(bed)).collect();
        if !rest.is_empty() {
            found.push(self.shared(rest, self.nights));
        }
        let fixed = self.terms.beds.fixed().iter().zip(turns).filter(|(bed, _)| bed.home == home);
        for (bed, turn) in fixed.filter(|(bed, _)| own.contains(&bed.bed)) {
            let since = turn.since.min(self.nights.to());
            // Before somebody who is known to come, a gap is for whoever is first.
            let gap = Nights::new(self.nights.from(), since).filter(|_| since > day);
            found.extend(gap.map(|gap| self.shared(vec![bed.bed], gap)));
            found.extend(Nights::new(since, self.nights.to()).map(|rest| self.in_turn(vec![bed.bed], rest, turn)));
        }
        found
    }
}

/// The beds that running mini-blocks tie, home by home, with whose areas they are free to: those of the authorities that
/// pay, and of one to which nights were offered. Where one home is asked about, other contracts are not read.
pub(crate) async fn tied_beds(session: &Session, day: Date, only: Option<HomeId>) -> Answer<Vec<(HomeId, Tied)>> {
    let organisations = session.organisations().await?;
    let held = session.tied_beds((day, OPEN_END)).await?;
    let mut found = Vec::new();
    for block in session.running_blocks(day).await? {
        let (Some(terms), Some(nights)) = (block.latest_terms(), block.nights()) else { continue };
        let homes = terms.beds.homes();
        if only.is_some_and(|home| !homes.contains(&home)) {
            continue;
        }
        let contract = Contract { block: &block, terms, nights, organisations: &organisations };
        let resales = session.resales_of(block.id).await?;
        let turns = turns(session, &block, &resales, day).await?;
        for home in homes {
            let own: Vec<BedId> =
                held.iter().filter(|bed| bed.block == block.id && bed.home == home).map(|bed| bed.bed).collect();
            let beds = match &turns {
                None => vec![contract.shared(own, nights)],
                Some(turns) => contract.ordered(home, own, turns, day),
            };
            found.extend(beds.into_iter().map(|tied| (home, tied)));
        }
        for resale in resales {
            let bed = terms.beds.fixed().get(usize::from(resale.slot.saturating_sub(1)));
            if let Some(bed) = bed.filter(|_| resale.state.name() == "offered") {
                found.push((bed.home, contract.tied(vec![bed.bed], resale.nights, &[resale.buyer], resale.night)));
            }
        }
    }
    Ok(found)
}
