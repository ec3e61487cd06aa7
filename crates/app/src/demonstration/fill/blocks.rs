//! Writing the mini-blocks by the commands of their room, each on its own day: proposed, competed for, approved by each
//! paying authority, live; and one competition under way.

use std::sync::Arc;

use jiff::civil::date;
use placewell_domain::authority::AreaCode;
use placewell_domain::buying::block::{
    BidOffer, BidState, Block, BlockBed, BlockBeds, BlockPrices, BlockShare, BlockSpec, Criterion, Marks, Proposal,
    RefusalLimit, RefusalPeriod, VoidOrder, Wants,
};
use placewell_domain::homes::home::{Ages, RegisteredSex};
use placewell_domain::id::{BedId, BlockId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::person::Actor;
use placewell_domain::power::annual_value::Reading;

use super::{World, Written};
use crate::answer::{Answer, Outcome};
use crate::buying::block::{
    DecideBlock, DeclineBid, Evaluate, ProposeBlock, ReleaseCompetition, SendBid, SignContract, SignForAuthorities,
    TypedSignature, WriteCase, count_need_of, follow_of, who_may_bid,
};
use crate::command::App;
use crate::demonstration::authorities::{PARTS, Part, place};
use crate::demonstration::blocks::{BLOCKS, BlockPlan, anywhere, choose};
use crate::demonstration::people::{DIRECTOR, FINANCE, LEAD, TEAM, address, manager};
use crate::power::annual_value::RecordReading;

/// Writes them all. A region too small to have such homes has fewer.
pub async fn write(app: &Arc<App>, world: &World, written: &Written) -> Answer<()> {
    let lead = app.actor_by_email(LEAD).await?;
    let mut taken = Vec::new();
    for (at, plan) in BLOCKS.iter().enumerate() {
        let teller = Teller { app, world, written, lead: &lead, plan, anywhere: anywhere(&world.homes) };
        let may_bid = teller.may_bid(&taken).await?;
        let found = if plan.approved.is_some() {
            world.blocks[at].clone()
        } else {
            choose((&world.homes, &world.cast, &world.stays), plan, &may_bid)
        };
        let Some((home, beds)) = found else { continue };
        if !may_bid.contains(&home) {
            return Err(Outcome::Fault(format!("{}: the planned home may not bid", plan.title)));
        }
        taken.push(home);
        Box::pin(teller.tell(home, &beds)).await?;
    }
    Ok(())
}

/// Herefordshire's recorded reading, before its first block: the ceiling holds placements, and shares of empty block
/// beds stand beside it (rule 3.4).
pub async fn reading(app: &Arc<App>) -> Answer<()> {
    app.calendar.move_to(date(2020, 2, 24).at(10, 0, 0, 0));
    let finance = app.actor_by_email(FINANCE).await?;
    let adviser = Some("Section 151 officer, with the monitoring officer".to_owned());
    let reading = Reading { block_voids: false, adviser, ..Reading::default() };
    app.perform(&finance, "demonstration reading", RecordReading { reading, holds: None }).await.map(|_| ())
}

struct Teller<'a> {
    app: &'a Arc<App>,
    world: &'a World,
    written: &'a Written,
    lead: &'a Actor,
    plan: &'a BlockPlan,
    /// A small region has too few homes in the areas named.
    anywhere: bool,
}

fn director(part: &Part) -> String {
    if part.code == "HEF" { DIRECTOR.to_owned() } else { address(part, "director") }
}

impl Teller<'_> {
    /// The homes of the plan that may bid, but for those whose beds another mini-block has.
    async fn may_bid(&self, taken: &[usize]) -> Answer<Vec<usize>> {
        let team = self.written.organisation(TEAM)?;
        let session = self.app.store.read(Some(team)).await?;
        let kept = session.current_arrangement().await?.ok_or(Outcome::NotFound)?;
        let named = (BlockId(0), String::new());
        let asked = Block::propose(named, (team, kept.arrangement.id), self.proposal()?)?;
        let may: Vec<_> = who_may_bid(&session, asked.next()).await?.into_values().flatten().collect();
        let homes = self.written.homes.iter().enumerate();
        Ok(homes.filter(|(at, home)| !taken.contains(at) && may.contains(&home.id)).map(|(at, _)| at).collect())
    }

    async fn tell(&self, home: usize, beds: &[u8]) -> Answer<()> {
        let (proposed, deadline) = self.plan.proposed;
        self.app.calendar.move_to(proposed.at(10, 0, 0, 0));
        let receipt = self.app.perform(self.lead, self.plan.title, ProposeBlock { proposal: self.proposal()? }).await?;
        let reference = receipt.location.rsplit('/').next().unwrap_or_default().to_owned();
        let block = self.block(&reference).await?;
        for share in &block.shares {
            count_need_of(self.app, share.authority, block.id).await?;
        }
        self.case(&reference).await?;
        self.app.calendar.move_to(plus_days(proposed, 3).at(9, 30, 0, 0));
        let criterion = |title: &str, weight| Criterion { title: title.to_owned(), weight };
        let release = ReleaseCompetition {
            reference: reference.clone(),
            version: block.version,
            quality: vec![
                criterion("How will children stay at their school and near their families?", 35),
                criterion("How is the home staffed and led when two children need much?", 25),
            ],
            price_weight: 40,
            occupancy: 85,
            deadline: deadline.at(12, 0, 0, 0),
        };
        self.app.perform(self.lead, &self.key("competition"), release).await?;
        self.bids(&reference, home, beds).await?;
        let Some(approved) = self.plan.approved else { return Ok(()) };
        self.app.calendar.move_to(plus_days(deadline, 3).at(14, 0, 0, 0));
        self.evaluate(&reference).await?;
        self.app.calendar.move_to(approved.at(11, 0, 0, 0));
        self.approve(&reference).await
    }

    /// A key of its own for each request about this mini-block.
    fn key(&self, what: &str) -> String {
        format!("demonstration {}: {what}", self.plan.title)
    }

    async fn block(&self, reference: &str) -> Answer<Block> {
        let session = self.app.store.read(Some(self.written.organisation(TEAM)?)).await?;
        Ok(session.block_by_reference(reference).await?)
    }

    fn proposal(&self) -> Answer<Proposal> {
        let plan = self.plan;
        let named: &[&str] = if self.anywhere { &[] } else { plan.areas };
        let areas: Vec<AreaCode> = named.iter().map(|code| PARTS[place(code)].area()).collect();
        let mut shares = Vec::new();
        for (code, weight) in plan.shares {
            shares.push(BlockShare { authority: self.written.organisation(code)?, weight: *weight });
        }
        let (from, until) = plan.nights;
        // Where several pay, an empty bed goes round among them, the largest share first, a day each.
        let mut turns = shares.clone();
        turns.sort_by_key(|share: &BlockShare| std::cmp::Reverse(share.weight));
        let order: Vec<OrganisationId> = turns.iter().map(|share| share.authority).collect();
        let void_order = (order.len() > 1).then_some(VoidOrder { order, hours: 24 });
        let spec = BlockSpec {
            beds: plan.beds.0,
            floating: false,
            from,
            until,
            guaranteed_beds: plan.beds.1,
            guaranteed_percent: plan.percent,
            nomination_hours: 72,
            refusals: RefusalLimit { permitted: 2, period: RefusalPeriod::Quarter },
            resale_percent: Some(60),
            credit_suspended: 100,
            credit_unstaffed: 100,
            breaks: plan.breaks.to_vec(),
            break_notice_days: 42,
            notice_days: Some(182),
            extendable_until: plan.extendable,
            void_order,
        };
        let ages = Ages { from: plan.ages.0, to: plan.ages.1 };
        let wants = Wants { lot: plan.lot.to_owned(), ages, sex: RegisteredSex::Any, areas };
        Ok(Proposal { title: plan.title.to_owned(), wants, spec, shares })
    }

    async fn case(&self, reference: &str) -> Answer<()> {
        let (reasons, alternatives) = self.plan.words;
        let case = WriteCase {
            reference: reference.to_owned(),
            version: 1,
            reasons: reasons.to_owned(),
            alternatives: alternatives.to_owned(),
            conflicts: "None declared.".to_owned(),
        };
        self.app.perform(self.lead, &self.key("case"), case).await.map(|_| ())
    }

    /// The chosen home bids as planned; two others bid dearer where they have the beds; one declines.
    async fn bids(&self, reference: &str, home: usize, beds: &[u8]) -> Answer<()> {
        let block = self.block(reference).await?;
        let session = self.app.store.read(Some(block.lead)).await?;
        let asked = session.block_bids(block.id).await?;
        let tied = session.tied_beds((block.spec.from, block.spec.until)).await?;
        let claimed = session.block_claims((block.spec.from, block.spec.until)).await?;
        drop(session);
        let claimed = claimed.into_iter().filter_map(|one| one.bed);
        let tied: Vec<BedId> = tied.into_iter().map(|one| one.bed).chain(claimed).collect();
        let winner = self.written.homes[home].provider;
        let mut others = 0;
        for bid in asked {
            let Some(slug) = self.slug(bid.provider) else { continue };
            let actor = self.app.actor_by_email(&manager(&slug)).await?;
            let (reference, version) = (bid.reference.clone(), bid.version);
            if bid.provider == winner {
                let beds = self.beds(home, beds.iter().copied());
                let offer = self.offer(beds, 0, "Yes: the school bus stops at the door; two staff sleep in.");
                let command = SendBid { reference, version, offer };
                self.app.perform(&actor, &self.key("bid"), command).await?;
            } else if others < 2 {
                let Some(beds) = self.other(&bid.homes, home, &tied) else { continue };
                others += 1;
                let dearer = 1_800 * (others + 1);
                let offer = self.offer(beds, dearer, "Yes, where the school agrees; agency staff at weekends.");
                let command = SendBid { reference, version, offer };
                self.app.perform(&actor, &self.key("bid"), command).await?;
            } else if others == 2 {
                others += 1;
                let reason = placewell_domain::buying::block::BidDecline::NoBeds;
                let command = DeclineBid { reference, version, reason };
                self.app.perform(&actor, &self.key("decline"), command).await?;
            }
        }
        Ok(())
    }

    fn slug(&self, provider: OrganisationId) -> Option<String> {
        let found = self
            .world
            .homes
            .owners
            .iter()
            .find(|owner| self.written.made.organisations.get(&owner.slug).is_some_and(|known| *known == provider));
        found.map(|owner| owner.slug.clone())
    }

    fn beds(&self, home: usize, beds: impl Iterator<Item = u8>) -> Vec<BlockBed> {
        let id = self.written.homes[home].id;
        let known = &self.written.beds[home];
        beds.filter_map(|bed| known.get(usize::from(bed))).map(|bed| BlockBed { home: id, bed: *bed }).collect()
    }

    /// As many beds of another home of a provider that no other contract ties and no award claims.
    fn other(&self, homes: &[placewell_domain::id::HomeId], but: usize, tied: &[BedId]) -> Option<Vec<BlockBed>> {
        let wanted = usize::from(self.plan.beds.0);
        let mut found =
            self.written.homes.iter().enumerate().filter(|(at, home)| *at != but && homes.contains(&home.id));
        found.find_map(|(at, home)| {
            let free = self.written.beds[at].iter().filter(|bed| !tied.contains(bed)).take(wanted);
            let free: Vec<BlockBed> = free.map(|bed| BlockBed { home: home.id, bed: *bed }).collect();
            (free.len() == wanted).then_some(free)
        })
    }

    fn offer(&self, beds: Vec<BlockBed>, dearer: i64, answer: &str) -> BidOffer {
        let (occupied, empty, second) = self.plan.prices;
        BidOffer {
            beds: BlockBeds::Fixed { beds },
            prices: BlockPrices {
                occupied: Pence(occupied + dearer),
                empty: Pence(empty + dearer),
                second_child: second.map(|second| Pence(second + dearer)),
            },
            answers: vec![
                answer.to_owned(),
                "A deputy is on every shift; the manager has led the home since 2016.".into(),
            ],
            conflicts: "None".to_owned(),
        }
    }

    /// The planned home answers best; every bid has its reasons.
    async fn evaluate(&self, reference: &str) -> Answer<()> {
        let block = self.block(reference).await?;
        let session = self.app.store.read(Some(block.lead)).await?;
        let sent = session.block_bids(block.id).await?;
        drop(session);
        let price = Pence(self.plan.prices.0);
        let marks = sent.iter().filter_map(|bid| match &bid.state {
            BidState::Sent { offer, .. } => {
                let best = offer.prices.occupied == price;
                let (quality, reasons) = if best {
                    (vec![5, 4], "School and family stay near; staffing is settled and shown by the rota.")
                } else {
                    (vec![3, 3], "School only where it agrees; agency staff at weekends are a risk at this need.")
                };
                Some(Marks { bid: bid.id, quality, reasons: reasons.to_owned() })
            }
            _ => None,
        });
        let command = Evaluate { reference: reference.to_owned(), version: block.version, marks: marks.collect() };
        self.app.perform(self.lead, &self.key("evaluation"), command).await.map(|_| ())
    }

    async fn approve(&self, reference: &str) -> Answer<()> {
        let block = self.block(reference).await?;
        for (code, _) in self.plan.shares {
            let actor = self.app.actor_by_email(&director(&PARTS[place(code)])).await?;
            let command = DecideBlock { reference: reference.to_owned(), version: block.version, refuse: None };
            self.app.perform(&actor, &format!("demonstration {reference}"), command).await?;
        }
        for share in &block.shares {
            follow_of(self.app, share.authority, block.id).await?;
        }
        if !self.block(reference).await?.runs() {
            return Err(Outcome::Fault(format!("{reference} is not live")));
        }
        self.sign(reference).await
    }

    /// The provider signs first, as a rule; the lead signs the same day.
    async fn sign(&self, reference: &str) -> Answer<()> {
        let page = self.app.block_page(self.lead, reference).await?;
        let provider = page.block.contract.as_ref().map(|contract| contract.provider).ok_or(Outcome::NotFound)?;
        let slug = self.slug(provider).ok_or(Outcome::NotFound)?;
        let manager = self.app.actor_by_email(&manager(&slug)).await?;
        let content = page.signing.ok_or(Outcome::NotFound)?.content;
        let signature = |name: &str, role: &str| TypedSignature {
            reference: reference.to_owned(),
            content: content.clone(),
            name: name.to_owned(),
            role: role.to_owned(),
            has_authority: true,
        };
        let theirs = SignContract(signature(&manager.name, "Placements manager"));
        self.app.perform(&manager, &self.key("provider signs"), theirs).await?;
        let ours = SignForAuthorities(signature(&self.lead.name, "Commissioning lead"));
        self.app.perform(self.lead, &self.key("lead signs"), ours).await.map(|_| ())
    }
}
