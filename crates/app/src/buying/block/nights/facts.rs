//! The facts from which the nights of a block are told: what is recorded of it, and what the homes' own records say of
//! suspension, registration and closed beds.

use jiff::civil::Date;
use placewell_domain::buying::block::nights::{CauseFact, Facts, NightRow, VoidCause, ledger};
use placewell_domain::buying::block::nomination::{Nomination, nomination_facts};
use placewell_domain::buying::block::void::{RecordedCause, Resale};
use placewell_domain::buying::block::{Block, BlockBeds, VoidOffer};
use placewell_domain::homes::home::history::OnRegister;
use placewell_domain::homes::price::KNOWN_OPEN;
use placewell_domain::homes::standing::{Standing, StandingSource};
use placewell_domain::id::{BlockId, HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::occupancy::{ClosedReason, UseState};
use placewell_store::Session;

use crate::answer::{Answer, Outcome};

/// What is known of the nights of one block.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// The contract.
    pub block: Block,
    /// How many facts there are; it only rises.
    pub stand: i64,
    /// Its nights.
    pub span: Nights,
    /// Nominations, oldest first.
    pub nominations: Vec<Nomination>,
    /// Recorded causes, in their order.
    pub voids: Vec<RecordedCause>,
    /// Re-sales.
    pub resales: Vec<Resale>,
    /// Offers of empty beds to the block's own authorities.
    pub void_offers: Vec<VoidOffer>,
    /// Causes from the homes' own records, and after them those that were recorded.
    causes: Vec<CauseFact>,
}

impl Known {
    /// The nights of the contract among those that somebody asks for.
    pub(crate) fn within(&self, from: Date, to: Date) -> Result<Nights, Invalid> {
        let nights = Nights::new(from, to).and_then(|nights| nights.overlap(self.span));
        nights.ok_or_else(|| Invalid::one("to", "Enter nights of the contract, the end after the first night"))
    }

    /// Reads a block that has a contract.
    pub async fn read(session: &Session, block: BlockId) -> Answer<Self> {
        // The facts are counted before they are read: what comes between is counted by whoever reads it next.
        let stand = session.block_stand(block).await?;
        let block = session.block(block).await?;
        let span = block.nights().filter(|_| block.contract.is_some()).ok_or(Outcome::NotFound)?;
        let nominations = session.nominations_of(block.id).await?;
        let voids = session.block_voids(block.id).await?;
        let resales = session.resales_of(block.id).await?;
        let void_offers = session.void_offers_of(block.id).await?;
        let mut causes = home_causes(session, &block, span).await?;
        causes.extend(voids.iter().map(RecordedCause::fact));
        Ok(Self { block, stand, span, nominations, voids, resales, void_offers, causes })
    }

    /// The facts of the ledger.
    pub fn facts(&self) -> Facts<'_> {
        let terms = self.block.contract.as_ref().map_or(&[][..], |contract| contract.terms.as_slice());
        Facts {
            terms,
            shares: &self.block.shares,
            earlier: &self.block.earlier,
            span: self.span,
            stays: self.nominations.iter().filter_map(Nomination::stay).collect(),
            nominations: nomination_facts(&self.block.spec, &self.nominations),
            causes: self.causes.clone(),
            resales: self.resales.iter().filter_map(Resale::fact).collect(),
        }
    }

    /// The nights within these.
    pub fn rows(&self, within: Nights) -> Vec<NightRow> {
        ledger(&self.facts(), within)
    }

    /// Everybody whose ledger holds something of it: those that pay or have paid a share.
    pub fn parties(&self) -> Vec<OrganisationId> {
        self.block.parties()
    }

    /// Since which evening a bed has been empty on a day; none where it is used then.
    pub fn empty_since(&self, slot: u8, day: Date) -> Option<Date> {
        let stays = self.nominations.iter().filter_map(Nomination::stay).filter(|stay| stay.slot == slot);
        let mut since = self.span.from();
        for stay in stays {
            if stay.nights.contains(day) {
                return None;
            }
            if stay.nights.to() <= day {
                since = since.max(stay.nights.to());
            }
        }
        Some(since)
    }

    /// Whether a child stands nominated for a bed.
    pub fn nominated(&self, slot: u8) -> bool {
        self.nominations.iter().any(|one| one.slot == slot && one.stands())
    }
}

/// What the homes' own records say: registration, standing, beds out of service. Floating beds have a cause by their home
/// only where they are all at one home.
async fn home_causes(session: &Session, block: &Block, span: Nights) -> Answer<Vec<CauseFact>> {
    let Some(terms) = block.latest_terms() else { return Ok(Vec::new()) };
    let mut causes = Vec::new();
    let homes = terms.beds.homes();
    for home in &homes {
        let slots: Vec<Option<u8>> = match &terms.beds {
            BlockBeds::Fixed { beds } => {
                let own = (1_u8..).zip(beds).filter(|(_, bed)| bed.home == *home);
                own.map(|(slot, _)| Some(slot)).collect()
            }
            BlockBeds::Floating { .. } if homes.len() == 1 => vec![None],
            BlockBeds::Floating { .. } => Vec::new(),
        };
        for (nights, cause) in of_home(session, *home, (block.wants.lot.as_str(), span)).await? {
            causes.extend(slots.iter().map(|slot| CauseFact { slot: *slot, nights, cause, request: None }));
        }
    }
    for (slot, bed) in (1_u8..).zip(terms.beds.fixed()) {
        for used in session.bed_uses(bed.home, span.from()).await?.iter().filter(|used| used.bed == bed.bed) {
            let UseState::OutOfService(reason) = used.state else { continue };
            let nights = used.nights.overlap(span);
            let cause = of_closure(reason);
            causes.extend(nights.map(|nights| CauseFact { slot: Some(slot), nights, cause, request: None }));
        }
    }
    Ok(causes)
}

/// A bed out of service is a night that its provider cannot give.
const fn of_closure(reason: ClosedReason) -> VoidCause {
    match reason {
        ClosedReason::NoStaff | ClosedReason::Repair | ClosedReason::Other => VoidCause::Unstaffed,
        ClosedReason::Regulator => VoidCause::Suspended,
        ClosedReason::ResidentNeeds => VoidCause::ResidentNeeds,
        ClosedReason::NotYetOpen => VoidCause::NotRegistered,
    }
}

async fn of_home(session: &Session, id: HomeId, (lot, span): (&str, Nights)) -> Answer<Vec<(Nights, VoidCause)>> {
    let home = session.home(id).await?;
    let mut found = Vec::new();
    let mut add = |nights: Option<Nights>, cause| {
        found.extend(nights.and_then(|nights| nights.overlap(span)).map(|nights| (nights, cause)));
    };
    let registration = session.registration_known(id, KNOWN_OPEN - 1).await?;
    if let Some(first) = registration.first().filter(|first| first.state == OnRegister::Active) {
        add(Nights::new(span.from(), first.from), VoidCause::NotRegistered);
    }
    for fact in registration {
        match fact.state {
            OnRegister::Active => {}
            OnRegister::Suspended => add(Nights::new(fact.from, fact.until), VoidCause::Suspended),
            OnRegister::Left => add(Nights::new(fact.from, fact.until), VoidCause::NotRegistered),
        }
    }
    for fact in session.standing_of(id, home.provider).await? {
        let stops = match fact.source {
            StandingSource::Region => matches!(fact.standing, Standing::Suspended | Standing::Removed),
            StandingSource::Regulator => fact.standing != Standing::Good,
        };
        if stops {
            add(Nights::new(fact.from, fact.until), VoidCause::Suspended);
        }
    }
    for fact in session.lot_facts_of(id).await?.iter().filter(|fact| fact.lot == lot) {
        if matches!(fact.standing, Standing::Suspended | Standing::Removed) {
            add(Nights::new(fact.from, fact.until), VoidCause::Suspended);
        }
    }
    Ok(found)
}

/// The most beds of a block that were used on any night since a day: what a reduction must not go below.
pub async fn used_since(session: &Session, block: BlockId, from: Date) -> Answer<u8> {
    let known = Known::read(session, block).await?;
    let Some(nights) = Nights::new(from.max(known.span.from()), known.span.to()) else { return Ok(0) };
    let mut most = 0_usize;
    let rows = known.rows(nights);
    for night in rows.chunk_by(|a, b| a.night == b.night) {
        most = most.max(night.iter().filter(|row| row.what.slept_in()).count());
    }
    Ok(u8::try_from(most).unwrap_or(u8::MAX))
}

/// The price of a week of a night's price: seven nights.
#[must_use]
pub const fn weekly_of(night: Pence) -> Pence {
    Pence(night.0.saturating_mul(7))
}
