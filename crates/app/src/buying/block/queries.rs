//! What the pages of mini-blocks show: the list, one contract with its way to the award, and a provider's own side.

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::buying::block::{
    Block, BlockApproval, BlockBid, BlockChange, BlockFile, BlockOpinion, BlockShare, BlockWarning, KeyGround, Met,
    Scored, TooEmpty, met, power_to_decide,
};
use placewell_domain::homes::home::{Bed, Home};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::power::delegation::{HoldingKind, PostGrade, Scheme};
use placewell_store::Session;

use super::competing::{bid_of, who_may_bid};
use super::deciding::{asked_commitment, beyond, gates, key_ground, whole};
use super::following::waiting;
use super::nights::seen;
use super::signing::{Signing, signing};
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::power::annual_value::{Effect, effect_of};

/// A mini-block in the list.
#[derive(Debug, Clone)]
pub struct BlockLine {
    /// The mini-block.
    pub block: Block,
    /// The provider, once there is one.
    pub provider: Option<String>,
    /// The paying authorities' names, in their order.
    pub authorities: Vec<String>,
    /// The reader's authority pays a share.
    pub mine: bool,
    /// The reader's authority is asked to decide and has not.
    pub waits: bool,
    /// What is near.
    pub warning: Option<BlockWarning>,
    /// It stands too empty, for those who know its nights.
    pub too_empty: Option<TooEmpty>,
}

/// What one authority's record showed of the need.
#[derive(Debug, Clone)]
pub struct NeedLine {
    /// The authority's name.
    pub name: String,
    /// Searches for such a child.
    pub searches: u32,
    /// No home was found.
    pub unmet: u32,
    /// Of those, the search reached where the beds may be.
    pub in_reach: u32,
    /// No home made an offer.
    pub no_offer: u32,
    /// Placed by spot purchase.
    pub spot: u32,
    /// The middle stay in nights.
    pub stay: i64,
}

/// One paying authority.
#[derive(Debug, Clone)]
pub struct PayingLine {
    /// The authority.
    pub authority: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its share, such as `25%`.
    pub share: String,
    /// Its share with a change that is proposed, and from when; none where shares stay.
    pub proposed: Option<(String, Date)>,
    /// What its share guarantees over the whole term; none before a bid is recommended.
    pub guaranteed: Option<Pence>,
    /// What its share is worth at most.
    pub worth: Option<Pence>,
    /// What it decided on what is asked now; on the award, where nothing is asked.
    pub approval: Option<ApprovalLine>,
}

/// A decision of an authority, by post.
#[derive(Debug, Clone)]
pub struct ApprovalLine {
    /// The decision.
    pub approval: BlockApproval,
    /// It is about what is asked now, or about the contract as it runs.
    pub current: bool,
}

/// A bid as the lead sees it; its prices are open after the deadline.
#[derive(Debug, Clone)]
pub struct BidLine {
    /// The provider's name.
    pub provider: String,
    /// The bid; before the deadline without its offer.
    pub bid: BlockBid,
    /// Its homes' names.
    pub homes: Vec<String>,
}

/// What the reader can decide for their own authority.
#[derive(Debug, Clone)]
pub struct Deciding {
    /// What is asked, in words.
    pub asked: String,
    /// By which power, as a sentence, or why not.
    pub power: Result<String, Refusal>,
    /// Why the award is beyond the ordinary; none where limb (b) alone carries it.
    pub beyond: Option<String>,
    /// What it rests on beside the limb, or what is missing.
    pub key: Result<Option<KeyGround>, Refusal>,
    /// Whether term and homes allow it.
    pub gates: Result<(), Refusal>,
    /// The annual value before and after.
    pub effects: Vec<Effect>,
    /// What the share commits over the whole time.
    pub committed: Pence,
    /// The monitoring officer's opinion, where one is recorded.
    pub opinion: Option<BlockOpinion>,
    /// The reader is the monitoring officer.
    pub monitoring: bool,
}

/// One mini-block with everything that its page shows.
#[allow(clippy::struct_excessive_bools, reason = "each is its own fact about the reader")]
#[derive(Debug, Clone)]
pub struct BlockPage {
    /// The mini-block.
    pub block: Block,
    /// Its file.
    pub file: BlockFile,
    /// Who keeps it.
    pub lead: String,
    /// The provider's name, once a bid is recommended.
    pub provider: Option<String>,
    /// The contract's homes by name and number, with the labels of tied beds.
    pub homes: Vec<(String, String, Vec<String>)>,
    /// Who pays.
    pub paying: Vec<PayingLine>,
    /// To whom an empty bed is offered, one after another; none where the contract has no order.
    pub turns: Vec<String>,
    /// What each authority's record showed of the need.
    pub needs: Vec<NeedLine>,
    /// How much of it so many beds would have met; none before anybody's record was counted.
    pub met: Option<Met>,
    /// Bids as the lead sees them; none for others.
    pub bids: Vec<BidLine>,
    /// How each bid was scored, with the provider's name, the best first.
    pub scored: Vec<(String, Scored)>,
    /// How many providers could be asked, while it is being prepared.
    pub could_bid: Option<usize>,
    /// What the reader can decide; none where nothing is asked of their authority, or they do not decide.
    pub deciding: Option<Deciding>,
    /// The reader's authority has decided on what is asked now.
    pub decided: bool,
    /// The reader's authority pays a share.
    pub mine: bool,
    /// The reader runs mini-blocks.
    pub runs: bool,
    /// Who has signed the contract; none before it is live.
    pub signing: Option<Signing>,
    /// What keeps back what every paying authority has approved; none where nothing does.
    pub kept_back: Option<Refusal>,
    /// What is near.
    pub warning: Option<BlockWarning>,
    /// It stands too empty, for those who know its nights.
    pub too_empty: Option<TooEmpty>,
    /// Today.
    pub today: Date,
    /// Prices are open.
    pub open: bool,
}

/// A provider's own bids and contracts.
#[derive(Debug, Clone)]
pub struct OwnBidLine {
    /// The bid.
    pub bid: BlockBid,
    /// Bids can still be sent.
    pub open: bool,
    /// The contract, once it is live.
    pub contract: Option<Block>,
}

/// A provider's bid with the homes and beds that it can offer.
#[derive(Debug, Clone)]
pub struct OwnBid {
    /// The bid.
    pub bid: BlockBid,
    /// Bids can still be sent.
    pub open: bool,
    /// The admitted homes with their beds.
    pub homes: Vec<(Home, Vec<Bed>)>,
    /// The contract, once it is live.
    pub contract: Option<OwnContract>,
}

/// A live contract as its provider sees it.
#[derive(Debug, Clone)]
pub struct OwnContract {
    /// The contract.
    pub block: Block,
    /// The paying authorities' names with their shares.
    pub paying: Vec<(String, String)>,
    /// Those that would pay with a change that is proposed.
    pub proposed: Vec<(String, String)>,
    /// Who has signed.
    pub signing: Option<Signing>,
}

/// What a proposal can choose from.
#[derive(Debug, Clone)]
pub struct BlockChoices {
    /// The lots: code and name.
    pub lots: Vec<(String, String)>,
    /// The authorities that can pay.
    pub authorities: Vec<Organisation>,
}

async fn names(session: &Session) -> Answer<BTreeMap<OrganisationId, String>> {
    Ok(session.organisations().await?.into_iter().map(|one| (one.id, one.name)).collect())
}

fn name_of(names: &BTreeMap<OrganisationId, String>, id: OrganisationId) -> String {
    names.get(&id).cloned().unwrap_or_default()
}

impl App {
    /// Every mini-block, the latest first. Proposals of others are read too: authorities arrange them together.
    pub async fn blocks(&self, actor: &Actor) -> Answer<Vec<BlockLine>> {
        let session = self.see(actor, Action::SeeBlocks).await?;
        let today = self.calendar.now().today();
        let names = names(&session).await?;
        let mut lines = Vec::new();
        for block in session.blocks().await? {
            let mine = block.share_of(actor.organisation).is_some();
            let waits = block.deciders().contains(&actor.organisation)
                && block.asks().is_some()
                && !session
                    .block_approvals(block.id)
                    .await?
                    .iter()
                    .any(|one| one.step == block.step && one.authority == actor.organisation);
            lines.push(BlockLine {
                provider: block.contract.as_ref().map(|contract| name_of(&names, contract.provider)),
                authorities: block.shares.iter().map(|share| name_of(&names, share.authority)).collect(),
                mine,
                waits,
                warning: block.warning(today),
                too_empty: seen(&session, actor, &block, today).await?,
                block,
            });
        }
        Ok(lines)
    }

    /// What a proposal can choose from.
    pub async fn block_choices(&self, actor: &Actor) -> Answer<BlockChoices> {
        let session = self.see(actor, Action::RunBlocks).await?;
        let kept = session.current_arrangement().await?.ok_or(Outcome::NotFound)?;
        let mut authorities = session.organisations().await?;
        authorities.retain(|one| one.kind == OrganisationKind::Authority);
        let open = kept.arrangement.open_lots(self.calendar.now().today());
        let lots = open.map(|lot| (lot.code.clone(), lot.name.clone())).collect();
        Ok(BlockChoices { lots, authorities })
    }

    /// One mini-block.
    pub async fn block_page(&self, actor: &Actor, reference: &str) -> Answer<BlockPage> {
        let session = self.see(actor, Action::SeeBlocks).await?;
        let now = self.calendar.now();
        let (org, today) = (actor.organisation, now.today());
        let block = session.block_by_reference(reference).await?;
        let file = session.block_file(block.id).await?;
        let names = names(&session).await?;
        let approvals = session.block_approvals(block.id).await?;
        let needs = session.block_needs(block.id).await?;
        let open = file.competition.as_ref().is_some_and(|fixed| fixed.prices_open(now.local));
        let decided = approvals.iter().any(|one| one.step == block.step && one.authority == org);
        let mine = block.share_of(org).is_some() || block.deciders().contains(&org);
        let deciding = if mine && may(actor.role, Action::Decide) && !decided {
            self.deciding(&session, &block, actor).await?
        } else {
            None
        };
        let could_bid = match block.state.name() {
            "proposed" => Some(who_may_bid(&session, &block).await?.len()),
            _ => None,
        };
        Ok(BlockPage {
            lead: name_of(&names, block.lead),
            provider: block.contract.as_ref().map(|contract| name_of(&names, contract.provider)),
            homes: contract_homes(&session, &block).await?,
            paying: paying(&block, &approvals, &names),
            turns: block.turns_on(today).into_iter().flatten().map(|one| name_of(&names, one)).collect(),
            met: (!needs.is_empty()).then(|| met(&needs, block.spec.beds)),
            needs: needs
                .iter()
                .map(|need| NeedLine {
                    name: name_of(&names, need.authority),
                    searches: need.searches,
                    unmet: need.unmet,
                    in_reach: need.in_reach,
                    no_offer: need.no_offer,
                    spot: need.spot,
                    stay: need.stay,
                })
                .collect(),
            bids: bids(&session, &block, (org, open), &names).await?,
            scored: file
                .evaluation
                .iter()
                .flat_map(|evaluation| &evaluation.scored)
                .map(|scored| (name_of(&names, scored.provider), scored.clone()))
                .collect(),
            could_bid,
            deciding,
            decided,
            mine,
            runs: may(actor.role, Action::RunBlocks) && block.lead == org,
            signing: signing(&session, &block).await?,
            kept_back: waiting(&session, &block, &approvals, now).await?.and_then(Result::err),
            warning: block.warning(today),
            too_empty: seen(&session, actor, &block, today).await?,
            today,
            open,
            file,
            block,
        })
    }

    async fn deciding(&self, session: &Session, block: &Block, actor: &Actor) -> Answer<Option<Deciding>> {
        let (now, org) = (self.calendar.now(), actor.organisation);
        let Some((asked, commitment)) = block.asks().zip(asked_commitment(block, org)) else { return Ok(None) };
        let scheme = session.scheme(org).await?;
        let words = block.pending.as_ref().map(|pending| pending.change.words());
        Ok(Some(Deciding {
            asked: words.unwrap_or_else(|| asked.act.label().to_owned()),
            power: power_to_decide(asked, actor.person, &scheme, now).map(|power| power.sentence()),
            beyond: beyond(session, block, org, now.today()).await?,
            key: refused(key_ground(session, block, org, now.today()).await)?,
            gates: refused(gates(session, block, org, now.today()).await)?,
            effects: effect_of(session, org, &commitment, now.today()).await?,
            committed: whole(&commitment),
            opinion: session.block_opinion(org, block.id, block.step).await?,
            monitoring: is_monitoring_officer(&scheme, actor, now.today()),
        }))
    }

    /// A provider's own bids and contracts, the latest first.
    pub async fn own_blocks(&self, actor: &Actor) -> Answer<Vec<OwnBidLine>> {
        let session = self.see(actor, Action::SeeOwnBlocks).await?;
        let now = self.calendar.now().local;
        let contracts = session.blocks().await?;
        let bids = session.block_bids_of(actor.organisation).await?;
        Ok(bids
            .into_iter()
            .map(|bid| OwnBidLine {
                open: bid.open(now),
                contract: contracts.iter().find(|block| block.id == bid.block).cloned(),
                bid,
            })
            .collect())
    }

    /// A provider's own bid, with the homes and beds that it can offer, and the contract that came of it.
    pub async fn own_block(&self, actor: &Actor, reference: &str) -> Answer<OwnBid> {
        let session = self.see(actor, Action::SeeOwnBlocks).await?;
        let now = self.calendar.now().local;
        let bid = bid_of(&session, actor.organisation, reference).await?;
        let mut homes = Vec::new();
        for home in &bid.homes {
            homes.push((session.home(*home).await?, session.beds(*home).await?));
        }
        let found = session.blocks().await?.into_iter().find(|block| block.id == bid.block);
        let contract = match found {
            Some(block) => {
                let names = names(&session).await?;
                let named = |shares: &[BlockShare]| {
                    shares.iter().map(|share| (name_of(&names, share.authority), share.words())).collect()
                };
                let (paying, proposed) = (named(&block.shares), named(block.proposed_shares()));
                Some(OwnContract { paying, proposed, signing: signing(&session, &block).await?, block })
            }
            None => None,
        };
        Ok(OwnBid { open: bid.open(now), homes, contract, bid })
    }
}

/// A refusal as something to show; all else goes on.
pub(super) fn refused<T>(answer: Answer<T>) -> Answer<Result<T, Refusal>> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(Outcome::Refused(refusal)) => Ok(Err(*refusal)),
        Err(outcome) => Err(outcome),
    }
}

fn is_monitoring_officer(scheme: &Scheme, actor: &Actor, day: Date) -> bool {
    scheme.posts.iter().filter(|post| post.grade == PostGrade::MonitoringOfficer).any(|post| {
        scheme.holdings.iter().any(|held| {
            held.post == post.id
                && held.person == actor.person
                && held.kind != HoldingKind::Cover
                && held.from <= day
                && day < held.to
        })
    })
}

async fn contract_homes(session: &Session, block: &Block) -> Answer<Vec<(String, String, Vec<String>)>> {
    let Some(terms) = block.latest_terms() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for id in terms.beds.homes() {
        let home = session.home(id).await?;
        let labels = labels(session, id, terms.beds.fixed()).await?;
        found.push((home.name, home.urn.to_string(), labels));
    }
    Ok(found)
}

async fn labels(
    session: &Session,
    home: HomeId,
    fixed: &[placewell_domain::buying::block::BlockBed],
) -> Answer<Vec<String>> {
    let beds = session.beds(home).await?;
    let tied = beds.into_iter().filter(|bed| fixed.iter().any(|one| one.bed == bed.id));
    Ok(tied.map(|bed| bed.label).collect())
}

fn paying(block: &Block, approvals: &[BlockApproval], names: &BTreeMap<OrganisationId, String>) -> Vec<PayingLine> {
    let from = match block.pending.as_ref().map(|pending| &pending.change) {
        Some(BlockChange::Reshare { from, .. }) => Some(*from),
        _ => None,
    };
    let mut parties = block.parties();
    parties.extend(block.deciders());
    let mut seen = std::collections::BTreeSet::new();
    parties.retain(|party| seen.insert(*party));
    let line = |authority: OrganisationId| {
        let words = |shares: &[BlockShare]| {
            shares.iter().find(|share| share.authority == authority).map_or_else(|| "0%".to_owned(), BlockShare::words)
        };
        let own = approvals.iter().filter(|one| one.authority == authority);
        let latest = own.max_by_key(|one| one.step);
        let asked = block.asks().is_some();
        PayingLine {
            authority,
            name: name_of(names, authority),
            share: words(&block.shares),
            proposed: from.map(|from| (words(block.proposed_shares()), from)),
            guaranteed: block.commitment_of(authority).map(|held| whole(&held)),
            worth: block.whole_value_of(authority),
            approval: latest.map(|one| ApprovalLine {
                approval: one.clone(),
                current: if asked { one.step == block.step } else { one.given() },
            }),
        }
    };
    parties.into_iter().map(line).collect()
}

/// Bids as the lead sees them: who was asked and who has answered, and what was offered once prices are open.
async fn bids(
    session: &Session,
    block: &Block,
    (org, open): (OrganisationId, bool),
    names: &BTreeMap<OrganisationId, String>,
) -> Answer<Vec<BidLine>> {
    if block.lead != org {
        return Ok(Vec::new());
    }
    let homes: BTreeMap<HomeId, String> = session.homes().await?.into_iter().map(|home| (home.id, home.name)).collect();
    let mut lines = Vec::new();
    for mut bid in session.block_bids(block.id).await? {
        if !open && let placewell_domain::buying::block::BidState::Sent { offer, .. } = &mut bid.state {
            sealed(offer);
        }
        lines.push(BidLine {
            provider: name_of(names, bid.provider),
            homes: bid.homes.iter().filter_map(|home| homes.get(home)).cloned().collect(),
            bid,
        });
    }
    lines.sort_by(|a, b| a.provider.cmp(&b.provider));
    Ok(lines)
}

/// Nothing of an offer leaves the app before the deadline.
fn sealed(offer: &mut placewell_domain::buying::block::BidOffer) {
    offer.prices.occupied = Pence::ZERO;
    offer.prices.empty = Pence::ZERO;
    offer.prices.second_child = None;
    offer.answers.clear();
    offer.conflicts.clear();
}
