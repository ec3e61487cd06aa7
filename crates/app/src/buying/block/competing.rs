//! The mini-competition: released among admitted homes with its scoring fixed, bid for until the deadline with prices
//! sealed, and evaluated so that every bid keeps its reasons (rules 5.3 and 5.7).

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use placewell_domain::buying::block::{
    BidDecline, BidOffer, Block, BlockBid, Competition, Criterion, EvaluationRefusal, Marks, grade_gate,
};
use placewell_domain::homes::home::Inspection;
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::homes::standing::standing_on;
use placewell_domain::id::{BlockBidId, HomeId, OrganisationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::tying::beds_may_be_tied;
use super::{first_use, homes_may_be_used, notice, own, page_of};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::office::message::Notice;

/// Releases the competition: its scoring is fixed, and every provider with an admitted home that takes such children is
/// asked.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseCompetition {
    /// The mini-block.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// What quality is scored by.
    pub quality: Vec<Criterion>,
    /// The weight of the price, in percent.
    pub price_weight: u8,
    /// The occupancy at which prices are compared, in percent.
    pub occupancy: u8,
    /// Until when bids come in.
    pub deadline: DateTime,
}

/// The homes that may bid, by provider: registered, in standing as a whole and on the lot, not judged Inadequate, admitted on
/// the lot on the first night, in the areas named, and taking such children.
pub(crate) async fn who_may_bid(session: &Session, block: &Block) -> Answer<BTreeMap<OrganisationId, Vec<HomeId>>> {
    let day = block.spec.from;
    let (homes, facts) = (session.homes().await?, session.standing_facts().await?);
    let (admissions, lots) = (session.all_admissions().await?, session.lot_facts().await?);
    let mut seen: BTreeMap<HomeId, Vec<Inspection>> = BTreeMap::new();
    for (home, one) in session.all_inspections().await? {
        seen.entry(home).or_default().push(one);
    }
    let mut found: BTreeMap<OrganisationId, Vec<HomeId>> = BTreeMap::new();
    for home in homes {
        let wants = &block.wants;
        let takes = home.ages.is_none_or(|ages| ages.from <= wants.ages.to && wants.ages.from <= ages.to);
        let admitted = admissions.iter().any(|one| one.home == home.id && one.lot == wants.lot && one.holds_on(day));
        let there = wants.areas.is_empty() || wants.areas.contains(&home.area);
        let stopped = lots.iter().any(|fact| fact.stops(home.id, &wants.lot, day));
        let (grade, _) = grade_on(seen.get(&home.id).map_or(&[][..], Vec::as_slice), day);
        let stands = standing_on(&facts, home.id, home.provider, day).may_admit(&home.name).is_ok() && !stopped;
        let used = home.may_admit().is_ok() && stands && grade_gate(grade, &home.name).is_ok();
        if takes && admitted && there && used && !home.short_breaks_only {
            found.entry(home.provider).or_default().push(home.id);
        }
    }
    Ok(found)
}

impl Command for ReleaseCompetition {
    const ACTION: Action = Action::RunBlocks;
    const NAME: &'static str = "block.release_competition";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        Competition::check(&self.quality, self.price_weight, self.occupancy)?;
        let block = own(work, &self.reference, self.version).await?;
        let file = work.block_file(block.id).await?;
        let needs = work.block_needs(block.id).await?;
        let known: Vec<OrganisationId> = needs.iter().map(|need| need.authority).collect();
        let asked = who_may_bid(work, &block).await?;
        let competition = Competition {
            quality: self.quality.clone(),
            price_weight: self.price_weight,
            occupancy: self.occupancy,
            released: work.moment().local,
            deadline: self.deadline,
        };
        let change = file.release(competition.clone())?;
        work.apply(change).await?;
        let change = block.compete(&known, asked.len(), self.deadline, work.moment())?;
        let block = work.apply(change).await?;
        for (provider, homes) in asked {
            let id = BlockBidId(work.new_id());
            let bid = work.apply(BlockBid::ask(id, &block, &competition, (provider, homes))).await?;
            work.enqueue(provider_notice(&bid, "asked to bid for a mini-block").job()?);
        }
        Ok(page_of(&block))
    }
}

pub(super) fn provider_notice(bid: &BlockBid, what: &str) -> Notice {
    Notice {
        to: bid.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: {what}", bid.reference),
        lines: vec![format!("Bids come in until {}.", bid.deadline.strftime("%-d %B %Y, %H:%M"))],
        path: format!("/provider/mini-blocks/{}", bid.reference),
    }
}

/// The provider's own bid for a mini-block.
pub(super) async fn bid_of(session: &Session, provider: OrganisationId, reference: &str) -> Answer<BlockBid> {
    let bids = session.block_bids_of(provider).await?;
    bids.into_iter().find(|bid| bid.reference == reference).ok_or(Outcome::NotFound)
}

async fn shown_bid(work: &Work, reference: &str, version: i64) -> Answer<BlockBid> {
    let bid = bid_of(work, work.org(), reference).await?;
    if bid.version == version { Ok(bid) } else { Err(Outcome::Conflict) }
}

/// Bids, or changes the bid until the deadline.
#[derive(Debug, Clone, Serialize)]
pub struct SendBid {
    /// The mini-block.
    pub reference: String,
    /// The version of the bid that the page showed.
    pub version: i64,
    /// The bid.
    pub offer: BidOffer,
}

impl Command for SendBid {
    const ACTION: Action = Action::BidForBlocks;
    const NAME: &'static str = "block.send_bid";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let bid = shown_bid(work, &self.reference, self.version).await?;
        bid.check(&self.offer)?;
        for bed in self.offer.beds.fixed() {
            if !work.beds(bed.home).await?.iter().any(|known| known.id == bed.bed) {
                return Err(Outcome::NotFound);
            }
        }
        let first = (bid.wants.lot.as_str(), first_use(&bid.spec, work.moment().today()));
        let homes = self.offer.beds.homes();
        // A suspension that is being confirmed comes before, or waits and comes after.
        work.lock_standing(&homes, false).await?;
        homes_may_be_used(work, first, &homes).await?;
        if let Some(nights) = bid.spec.nights() {
            let who = "You, by bidding with other beds";
            beds_may_be_tied(work, (bid.block, &self.offer.beds), nights, who).await?;
        }
        let moment = work.moment();
        let change = bid.send(self.offer.clone(), actor.person, moment)?;
        let bid = work.apply(change).await?;
        Ok(Receipt::at(format!("/provider/mini-blocks/{}", bid.reference)))
    }
}

/// Declines to bid.
#[derive(Debug, Clone, Serialize)]
pub struct DeclineBid {
    /// The mini-block.
    pub reference: String,
    /// The version of the bid that the page showed.
    pub version: i64,
    /// Why.
    pub reason: BidDecline,
}

impl Command for DeclineBid {
    const ACTION: Action = Action::BidForBlocks;
    const NAME: &'static str = "block.decline_bid";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let bid = shown_bid(work, &self.reference, self.version).await?;
        let change = bid.decline(self.reason, work.moment())?;
        let bid = work.apply(change).await?;
        Ok(Receipt::at(format!("/provider/mini-blocks/{}", bid.reference)))
    }
}

impl From<EvaluationRefusal> for Outcome {
    fn from(refusal: EvaluationRefusal) -> Self {
        match refusal {
            EvaluationRefusal::Invalid(invalid) => Self::Invalid(invalid),
            EvaluationRefusal::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

/// Scores every bid by the rules that were fixed, and recommends the best: each paying authority is asked to approve.
#[derive(Debug, Clone, Serialize)]
pub struct Evaluate {
    /// The mini-block.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// What is said of each bid.
    pub marks: Vec<Marks>,
}

impl Command for Evaluate {
    const ACTION: Action = Action::RunBlocks;
    const NAME: &'static str = "block.evaluate";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = own(work, &self.reference, self.version).await?;
        let moment = work.moment();
        let bids = work.block_bids(block.id).await?;
        let change = work.block_file(block.id).await?.evaluate(&bids, &self.marks, actor.person, moment)?;
        let file = work.apply(change).await?;
        let change = block.recommend(&file, &bids, actor.person, moment)?;
        let block = work.apply(change).await?;
        let scored = file.evaluation.map(|evaluation| evaluation.scored).unwrap_or_default();
        for bid in bids {
            if let Some(change) = bid.settle(&scored) {
                let bid = work.apply(change).await?;
                work.enqueue(provider_notice(&bid, "the bids are evaluated").job()?);
            }
        }
        for share in &block.shares {
            let asked = notice(&block, share.authority, Role::Approver, "an award to approve");
            work.enqueue(asked.job()?);
        }
        Ok(page_of(&block))
    }
}
