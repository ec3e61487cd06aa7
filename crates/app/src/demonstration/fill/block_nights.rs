//! The nights of the demonstration's mini-blocks: who lived in their beds, what stood empty and why, one void re-sold, and
//! every month settled but the last, which waits for the lead. Written in bulk from the plan; the ledger tells the rest.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_domain::buying::block::month::{BlockMonth, Figures, MonthSide, MonthState};
use placewell_domain::buying::block::nights::{NightRow, VoidCause, month_of, months_of};
use placewell_domain::buying::block::nomination::{Nomination, NominationState, RefusalReason};
use placewell_domain::buying::block::void::{RecordedCause, Resale, ResaleState};
use placewell_domain::buying::block::{Block, BlockBed};
use placewell_domain::calendar::quarter_of;
use placewell_domain::change::Event;
use placewell_domain::homes::home::Sex;
use placewell_domain::id::{AgreementId, BedId, NominationId, OrganisationId, PersonId, Reference, ReferenceKind};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::placing::agreement::{EndReason, Origin};
use placewell_domain::placing::referral::Referral;
use placewell_domain::power::annual_value::Route;
use placewell_exchange::placing::agreement::HistoryRow;
use placewell_store::Work;
use placewell_store::work::Record;
use sha2::{Digest, Sha256};

use super::history::number_of;
use super::{World, Written};
use crate::answer::{Answer, Outcome};
use crate::buying::block::nights::{Known, settle};
use crate::clock::Machine;
use crate::command::App;
use crate::demonstration::TODAY;
use crate::demonstration::authorities::{PARTS, Part};
use crate::demonstration::history::{Ended, SearchPlan};
use crate::demonstration::people::{LEAD, TEAM, officers};
use crate::placing::agreement::history::bring_in_at;

/// The first month that is not settled: the provider has agreed it, the lead has not.
const OPEN: Date = date(2021, 8, 1);
/// Who bought a void of the block that is used least.
const BUYER: &str = "TEL";

/// Writes the nights of every block that is live.
pub async fn write(app: &Arc<App>, world: &World, written: &Written) -> Answer<()> {
    app.calendar.move_to(date(2021, 9, 10).at(18, 0, 0, 0));
    let region = written.organisation(TEAM)?;
    let mut blocks = app.store.read(Some(region)).await?.running_blocks(TODAY).await?;
    blocks.sort_by(|a, b| a.reference.cmp(&b.reference));
    for (at, block) in blocks.iter().enumerate() {
        let desk = Desk { app, world, written, block, region };
        for share in &block.shares {
            desk.stays(share.authority).await?;
        }
        if at + 1 == blocks.len() {
            desk.under_used().await?;
        }
        desk.settled(app.actor_by_email(LEAD).await?.person).await?;
        settle(app, region, block.id).await?;
    }
    Ok(())
}

struct Desk<'a> {
    app: &'a Arc<App>,
    world: &'a World,
    written: &'a Written,
    block: &'a Block,
    region: OrganisationId,
}

impl Desk<'_> {
    async fn work(&self, org: OrganisationId) -> Answer<Work> {
        Ok(self.app.store.begin(org, super::history::recorded(self.app)).await?)
    }

    fn provider(&self) -> Answer<OrganisationId> {
        let contract = self.block.contract.as_ref();
        contract.map(|contract| contract.provider).ok_or_else(|| Outcome::Fault("no contract".to_owned()))
    }

    fn span(&self) -> Answer<Nights> {
        self.block.nights().ok_or_else(|| Outcome::Fault("no nights".to_owned()))
    }

    fn nomination(
        &self,
        work: &Work,
        (slot, bed): (u8, BedId),
        (referral, made): (&Referral, Date),
        state: NominationState,
    ) -> Answer<Nomination> {
        let org = work.org();
        let home = self.block.latest_terms().and_then(|terms| terms.beds.fixed().first().map(|bed| bed.home));
        Ok(Nomination {
            id: NominationId(work.new_id()),
            version: 1,
            block: self.block.id,
            slot,
            home: home.ok_or_else(|| Outcome::Fault("no home".to_owned()))?,
            bed: Some(bed),
            authority: org,
            responsible: org,
            provider: self.provider()?,
            referral: referral.id,
            reference: referral.reference.clone(),
            made: made.at(10, 30, 0, 0),
            state,
        })
    }

    /// The children of one authority who have slept in the block's beds since it began.
    async fn stays(&self, org: OrganisationId) -> Answer<()> {
        let span = self.span()?;
        let mut work = self.work(org).await?;
        let beds = self.block.latest_terms().map(|terms| terms.beds.fixed().to_vec()).unwrap_or_default();
        for (slot, bed) in (1_u8..).zip(beds) {
            let Some(home) = self.written.homes.iter().position(|home| home.id == bed.home) else { continue };
            let uses = work.bed_uses(bed.home, span.from()).await?;
            for at in &self.world.by_home[home] {
                let stay = &self.world.stays.stays[*at];
                let own = stay.part.map(|part| self.written.organisation(PARTS[part].code)).transpose()? == Some(org);
                let here = self.written.beds[home].get(usize::from(stay.bed)) == Some(&bed.bed);
                let used = uses.iter().find(|used| used.bed == bed.bed && used.nights.from() == stay.from);
                let (true, true, Some(used)) = (own, here, used) else { continue };
                let Some(agreement) = used.agreement else { continue };
                let placed = work.agreement_by_id(org, agreement).await?;
                let (from, to) = placed.nights();
                let Some(nights) = Nights::new(from, to).and_then(|all| all.overlap(span)) else { continue };
                let referral = work.referral(org, placed.referral).await?;
                let state = NominationState::Placed { agreement, nights, second: false };
                let of = (&referral, plus_days(nights.from(), -2));
                let nomination = self.nomination(&work, (slot, bed.bed), of, state)?;
                nomination.write(&work).await?;
                work.record(Event::new("nomination.imported", "nomination", nomination.id.0, 1).with("bed", slot));
            }
        }
        Ok(work.commit(Machine::now()).await?)
    }

    /// The longest time, up to August, in which a bed stood empty.
    async fn gap(&self) -> Answer<Option<(u8, Nights)>> {
        let session = self.app.store.read(Some(self.region)).await?;
        let known = Known::read(&session, self.block.id).await?;
        let until = OPEN.min(known.span.to());
        let Some(past) = Nights::new(known.span.from(), until) else { return Ok(None) };
        let rows = known.rows(past);
        let mut longest: Option<(u8, Nights)> = None;
        for slot in 1..=self.block.spec.beds {
            let terms = self.block.latest_terms();
            let bed = terms.and_then(|terms| terms.beds.fixed().get(usize::from(slot) - 1).copied());
            let Some(bed) = bed else { continue };
            // A night that somebody else's child slept there is not to be sold.
            let uses = session.bed_uses(bed.home, past.from()).await?;
            let taken = |night: Date| uses.iter().any(|used| used.bed == bed.bed && used.nights.contains(night));
            let free = |row: &&NightRow| row.slot == slot && !row.what.slept_in() && !taken(row.night);
            let empty: Vec<&NightRow> = rows.iter().filter(free).collect();
            for run in empty.chunk_by(|a, b| plus_days(a.night, 1) == b.night) {
                let ends = run.last().map(|row| plus_days(row.night, 1));
                let Some(nights) = run.first().zip(ends).and_then(|(row, end)| Nights::new(row.night, end)) else {
                    continue;
                };
                if longest.is_none_or(|(_, found)| nights.count() > found.count()) {
                    longest = Some((slot, nights));
                }
            }
        }
        Ok(longest)
    }

    /// Of the block that is used least: a void sold to another authority, three refusals in one quarter, and weeks without
    /// staff.
    async fn under_used(&self) -> Answer<()> {
        let Some((slot, gap)) = self.gap().await?.filter(|(_, gap)| gap.count() > 60) else { return Ok(()) };
        let Some(bed) =
            self.block.latest_terms().and_then(|terms| terms.beds.fixed().get(usize::from(slot) - 1).copied())
        else {
            return Ok(());
        };
        let sold = Nights::new(plus_days(gap.to(), -42), plus_days(gap.to(), -7));
        let unstaffed = Nights::new(plus_days(gap.from(), 21), plus_days(gap.from(), 35));
        let (Some(sold), Some(unstaffed)) = (sold, unstaffed) else { return Ok(()) };
        let first = self.block.shares.first().map(|share| share.authority);
        let Some(first) = first else { return Ok(()) };
        self.refused((slot, bed.bed), first, gap).await?;
        let empty = self.block.latest_terms().map_or(Pence::ZERO, |terms| terms.prices.empty);
        let night = empty + Pence::pounds(60);
        let agreement = self.bought(bed, sold, night).await?;
        let provider = self.provider()?;
        let mut work = self.work(self.region).await?;
        let cause = RecordedCause {
            id: work.new_id(),
            block: self.block.id,
            provider,
            slot: Some(slot),
            nights: unstaffed,
            cause: VoidCause::Unstaffed,
            request: None,
            by: PersonId(0),
            at: plus_days(unstaffed.to(), 1).at(9, 30, 0, 0),
        };
        work.add_block_void(&cause).await?;
        work.record(cause.event());
        let resale = Resale {
            id: work.new_id(),
            version: 1,
            block: self.block.id,
            provider,
            buyer: self.written.organisation(BUYER)?,
            slot,
            nights: sold,
            night,
            offered: plus_days(sold.from(), -6).at(11, 0, 0, 0),
            state: ResaleState::Taken { agreement, nights: sold },
        };
        resale.write(&work).await?;
        work.record(Event::new("resale.imported", "resale", resale.id, 1).with("bed", slot));
        Ok(work.commit(Machine::now()).await?)
    }

    /// Children of an authority whom the provider would not take while the bed stood empty, all in one quarter.
    async fn refused(&self, bed: (u8, BedId), org: OrganisationId, gap: Nights) -> Answer<()> {
        let mut work = self.work(org).await?;
        let reasons = [RefusalReason::Residents, RefusalReason::Purpose, RefusalReason::Residents];
        for ((reference, sent), reason) in self.searched(org, gap).into_iter().zip(reasons) {
            let referral = work.referral_by_reference(org, &reference).await?;
            let made = plus_days(sent, 1);
            let state = NominationState::Refused { at: plus_days(made, 1).at(15, 0, 0, 0), reason };
            let nomination = self.nomination(&work, bed, (&referral, made), state)?;
            nomination.write(&work).await?;
            work.record(Event::new("nomination.imported", "nomination", nomination.id.0, 1).with("bed", bed.0));
        }
        Ok(work.commit(Machine::now()).await?)
    }

    /// Three searches of an authority on the block's lot that were sent within these nights, in one quarter where there are
    /// so many: reference and day.
    fn searched(&self, org: OrganisationId, within: Nights) -> Vec<(String, Date)> {
        let of = |part: &Part| self.written.organisation(part.code).ok() == Some(org);
        let Some(at) = PARTS.iter().position(of) else { return Vec::new() };
        let known = &PARTS[at];
        let own: Vec<_> = self.world.history.searches.iter().filter(|search| search.part == at).collect();
        let fits = |search: &SearchPlan| {
            let over = !matches!(search.ended, Ended::Open(_) | Ended::Withdrawn(_));
            over && search.wish.lot == self.block.wants.lot && within.contains(plus_days(search.wish.sent, 2))
        };
        let found = own.iter().enumerate().filter(|(_, search)| fits(search)).map(|(place, search)| {
            let number = number_of(known, place, own.len());
            let reference = Reference { authority: known.code.to_owned(), kind: ReferenceKind::Referral, number };
            (reference.to_string(), search.wish.sent)
        });
        let mut found: Vec<(String, Date)> = found.collect();
        found.sort_by_key(|(_, sent)| *sent);
        let together = |three: &&[(String, Date)]| quarter_of(three[0].1) == quarter_of(three[2].1);
        let three = found.windows(3).find(together).map(<[_]>::to_vec);
        three.unwrap_or(found)
    }

    /// The buyer's child in the bed, with the agreement at the price at which the nights were sold, over since.
    async fn bought(&self, bed: BlockBed, nights: Nights, night: Pence) -> Answer<AgreementId> {
        let part = PARTS.iter().find(|part| part.code == BUYER);
        let part = part.ok_or_else(|| Outcome::Fault("no buyer".to_owned()))?;
        let officer = self.written.person(&officers(part)[0])?;
        let mut work = self.work(self.written.organisation(BUYER)?).await?;
        let home_urn = work.home(bed.home).await?.urn.to_string();
        let row = HistoryRow {
            row: 1,
            source_reference: format!("{BUYER}-{}", self.block.reference),
            origin: Origin::Block,
            child_reference: "TW-20417".to_owned(),
            family_name: "Ashby".to_owned(),
            given_names: "Corin".to_owned(),
            born: date(2008, 11, 3),
            sex: Sex::Male,
            home_urn,
            start: nights.from(),
            planned_end: nights.to(),
            ended: Some((nights.to(), EndReason::CarePlan)),
            lot: self.block.wants.lot.clone(),
            solo: false,
            weekly: Pence(night.0.saturating_mul(7)),
            education: None,
            responsible: String::new(),
            shares: None,
            notice_days: None,
            support: None,
            paid: None,
            charged: None,
        };
        let agreement = bring_in_at(officer, &mut work, row, (bed.bed, Route::Block)).await?;
        work.commit(Machine::now()).await?;
        Ok(agreement.id)
    }

    /// Every month before the open one is settled; of that one, the provider has agreed the figures.
    async fn settled(&self, lead: PersonId) -> Answer<()> {
        let provider = self.provider()?;
        let mut work = self.work(self.region).await?;
        let known = Known::read(&work, self.block.id).await?;
        let Some(past) = Nights::new(known.span.from(), plus_days(OPEN, 31)) else { return Ok(()) };
        for month in months_of(past) {
            let rows = known.rows(month_of(month));
            let digest = hex::encode(Sha256::digest(serde_json::to_vec(&rows)?));
            let figures = Figures { digest, due: rows.iter().map(|row| row.due).sum(), adjusted: Pence::ZERO };
            let next = plus_days(month.last_of_month(), 6).at(14, 0, 0, 0);
            let state = if month < OPEN {
                work.freeze_nights((self.block.id, self.region, provider), month, &rows).await?;
                MonthState::Frozen { figures, at: next }
            } else {
                MonthState::AgreedByOne { side: MonthSide::Provider, figures }
            };
            let settling = BlockMonth {
                version: 1,
                state,
                ..BlockMonth::new(work.new_id(), (self.block.id, self.region, provider), month, lead)
            };
            settling.write(&work).await?;
            work.record(Event::new("block_month.imported", "block_month", settling.id, 1).with("month", month));
        }
        Ok(work.commit(Machine::now()).await?)
    }
}
