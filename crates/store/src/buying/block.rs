//! Mini-blocks: the lead's record and file, each authority's need, opinion and decision, providers' bids, tied beds, and
//! what is published. One bed in one mini-block a night: the database itself refuses a second.

pub mod nights;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::authority::AreaCode;
use placewell_domain::buying::block::{
    AuthorityNeed, Block, BlockApproval, BlockApprovalState, BlockBed, BlockBeds, BlockBid, BlockFile, BlockOpinion,
    BlockSignature, Search, Wants,
};
use placewell_domain::homes::home::Sex;
use placewell_domain::id::{BedId, BlockBidId, BlockId, HomeId, OrganisationId};
use placewell_domain::nights::Nights;
use placewell_domain::placing::invitation::Trace;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

/// What a referral's record says of a child, as far as a need is counted by it.
#[derive(Deserialize)]
struct Counted {
    profile: CountedProfile,
}

#[derive(Deserialize)]
struct CountedProfile {
    #[serde(default)]
    age: Option<u8>,
    #[serde(default)]
    sex: Option<Sex>,
}

/// Why a home was asked, as an invitation keeps it.
#[derive(Deserialize)]
struct Traced {
    trace: Trace,
}

fn organisation(session: &Session) -> Result<OrganisationId, StoreError> {
    session.organisation().ok_or(StoreError::NotFound)
}

fn moved(rows: u64) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::Conflict) } else { Ok(()) }
}

impl Record for Block {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let provider = self.contract.as_ref().map(|contract| contract.provider);
        let provider = provider.filter(|_| self.runs() || self.state.name() == "ended");
        let until = self.nights().map_or(self.spec.until, Nights::to);
        if self.version == 1 {
            let sql = "INSERT INTO block (id, org_id, provider_id, version, reference, state, lot, from_night, until_night, \
                       body) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9)";
            let values = values![
                self.id,
                self.lead,
                provider,
                self.reference,
                self.state.name(),
                self.wants.lot,
                self.spec.from,
                until,
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE block SET version = $1, provider_id = $2, state = $3, lot = $4, from_night = $5, \
                   until_night = $6, body = $7 WHERE org_id = $8 AND id = $9 AND version = $1 - 1";
        let values = values![
            self.version,
            provider,
            self.state.name(),
            self.wants.lot,
            self.spec.from,
            until,
            body,
            self.lead,
            self.id
        ];
        moved(session.execute(sql, values).await?)
    }
}

impl Record for BlockFile {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO block_file (id, org_id, version, body) VALUES ($1, $2, 1, $3)";
            session.execute(sql, values![self.block, self.lead, body]).await?;
            return Ok(());
        }
        let sql = "UPDATE block_file SET version = $1, body = $2 WHERE org_id = $3 AND id = $4 AND version = $1 - 1";
        moved(session.execute(sql, values![self.version, body, self.lead, self.block]).await?)
    }
}

impl Record for BlockBid {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, state) = (serde_json::to_string(self)?, self.state.name());
        if self.version == 1 {
            let sql = "INSERT INTO block_bid (id, org_id, provider_id, version, block_id, state, deadline, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6, $7)";
            let values = values![self.id, self.lead, self.provider, self.block, state, self.deadline.to_string(), body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE block_bid SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        moved(session.execute(sql, values![self.version, state, body, self.lead, self.id]).await?)
    }
}

impl Record for BlockApproval {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let decided = match self.state {
            BlockApprovalState::Given { .. } => "given",
            BlockApprovalState::Refused { .. } => "refused",
        };
        let sql = "INSERT INTO block_approval (id, org_id, version, block_id, step, decided, body) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let body = serde_json::to_string(self)?;
        let values = values![self.id, self.authority, self.version, self.block, self.step, decided, body];
        session.execute(sql, values).await?;
        Ok(())
    }
}

impl Record for BlockSignature {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql = "INSERT INTO block_signature (id, org_id, provider_id, version, block_id, side, content, body) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let body = serde_json::to_string(self)?;
        let values = values![
            self.id,
            self.organisation,
            self.provider,
            self.version,
            self.block,
            self.side.code(),
            self.signature.content,
            body
        ];
        session.execute(sql, values).await?;
        Ok(())
    }
}

/// A bed that a live contract ties, for nights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TiedBed {
    /// The mini-block.
    pub block: BlockId,
    /// The home.
    pub home: HomeId,
    /// The bed.
    pub bed: BedId,
    /// The first night.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

/// What an authority's approval of an award claims before the contract is live: a bed, or floating ones at a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockClaim {
    /// The mini-block.
    pub block: BlockId,
    /// The home.
    pub home: HomeId,
    /// The bed; none where the beds float.
    pub bed: Option<BedId>,
    /// How many beds: of floating ones, at this and the block's other homes together.
    pub beds: u8,
}

/// A paying authority as it is published with an award: with decision, limb and post, never a person (rule 9.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedShare {
    /// The authority.
    pub authority: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its share, such as `25%`.
    pub share: String,
    /// The reference of the decision that gives the power.
    pub decision: String,
    /// The limb.
    pub limb: String,
    /// The post through which it was used.
    pub post: String,
    /// On which day.
    pub on: Date,
    /// The key decision or the monitoring officer's opinion that it rests on beside, in words.
    pub key: Option<String>,
}

/// What is published of an award: reasons, alternatives, conflicts (rule 9.1). Nothing about a child, no address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedBlock {
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// Where it stands, in words.
    pub state: String,
    /// The provider's name.
    pub provider: String,
    /// The provider.
    pub provider_id: OrganisationId,
    /// The lot's code.
    pub lot: String,
    /// How many beds.
    pub beds: u8,
    /// The first night.
    pub from: Date,
    /// The day after the last night.
    pub until: Date,
    /// Until when it may be extended.
    pub extendable_until: Option<Date>,
    /// What the contract is worth at most over its term, to the nearest £1,000, in pence.
    pub value: i64,
    /// When it was awarded.
    pub awarded_on: Date,
    /// Who pays.
    pub shares: Vec<PublishedShare>,
    /// How many homes' providers were asked, and how many bid.
    pub asked: usize,
    /// How many bid.
    pub bids: usize,
    /// Why.
    pub reasons: String,
    /// What else was considered.
    pub alternatives: String,
    /// Conflicts of interest.
    pub conflicts: String,
}

fn tied_bed(row: &Row) -> Result<TiedBed, StoreError> {
    Ok(TiedBed {
        block: BlockId(row.int("block_id")?),
        home: HomeId(row.int("home_id")?),
        bed: BedId(row.int("bed_id")?),
        from: row.date("from_night")?,
        to: row.date("to_night")?,
    })
}

fn read<T: serde::de::DeserializeOwned>(rows: &[Row]) -> Result<Vec<T>, StoreError> {
    rows.iter().map(|row| row.json("body")).collect()
}

impl Session {
    /// Every mini-block that the reader may read, the latest first: all for authorities and the region, a provider's own.
    pub async fn blocks(&self) -> Result<Vec<Block>, StoreError> {
        read(&self.all("SELECT body FROM block ORDER BY id DESC", vec![]).await?)
    }

    /// The mini-blocks that run on a day or will run after it: live or under notice.
    pub async fn running_blocks(&self, day: Date) -> Result<Vec<Block>, StoreError> {
        let sql = "SELECT body FROM block WHERE state IN ('live', 'notice_given') AND until_night > $1 ORDER BY id";
        read(&self.all(sql, values![day]).await?)
    }

    /// An authority's own searches of a time that were for such a child and have been decided: placed, agreed or not
    /// placed. Nothing in the answer tells one child from another.
    pub async fn block_searches(
        &self,
        org: OrganisationId,
        wants: &Wants,
        (from, until): (Date, Date),
    ) -> Result<Vec<Search>, StoreError> {
        let reached = self.traced_searches(org, wants, (from, until)).await?;
        let sql = "SELECT r.id, r.body, r.needed_on, a.start_on, a.planned_end, a.route, (SELECT count(*) FROM offer o \
                   WHERE o.org_id = r.org_id AND o.referral_id = r.id AND o.state <> 'draft') AS offers \
                   FROM referral r LEFT JOIN agreement a ON a.org_id = r.org_id AND a.referral_id = r.id \
                   WHERE r.org_id = $1 AND r.lot = $2 AND r.needed_on >= $3 AND r.needed_on < $4 \
                   AND r.state IN ('agreed', 'placed', 'not_placed') ORDER BY r.needed_on, r.id";
        let mut found = Vec::new();
        for row in self.all(sql, values![org, wants.lot, from, until]).await? {
            let Counted { profile } = row.json("body")?;
            if !wants.cover(Some(&wants.lot), profile.age, profile.sex) {
                continue;
            }
            let stay = row.opt_date("start_on")?.zip(row.opt_date("planned_end")?);
            found.push(Search {
                needed: row.date("needed_on")?,
                placed: stay.and_then(|(from, to)| Nights::new(from, to)),
                spot: row.opt_text("route")?.as_deref() == Some("spot"),
                no_offer: row.int("offers")? == 0,
                in_reach: reached.contains(&row.int("id")?) || wants.reached([]),
            });
        }
        Ok(found)
    }

    /// The authority's searches of a time for which no home was found and which reached where the beds may be, by the traces
    /// that were frozen when homes were asked.
    async fn traced_searches(
        &self,
        org: OrganisationId,
        wants: &Wants,
        (from, until): (Date, Date),
    ) -> Result<BTreeSet<i64>, StoreError> {
        let sql = "SELECT i.referral_id, i.body, h.area FROM referral r \
                   JOIN invitation i ON i.org_id = r.org_id AND i.referral_id = r.id JOIN home h ON h.id = i.home_id \
                   WHERE r.org_id = $1 AND r.lot = $2 AND r.needed_on >= $3 AND r.needed_on < $4 \
                   AND r.state = 'not_placed'";
        let mut reached = BTreeSet::new();
        for row in self.all(sql, values![org, wants.lot, from, until]).await? {
            let Traced { trace } = row.json("body")?;
            let area = AreaCode::parse(&row.text("area")?).map_err(StoreError::fault)?;
            if wants.reached([(area, &trace)]) {
                reached.insert(row.int("referral_id")?);
            }
        }
        Ok(reached)
    }

    /// One mini-block.
    pub async fn block(&self, id: BlockId) -> Result<Block, StoreError> {
        self.one("SELECT body FROM block WHERE id = $1", values![id]).await?.json("body")
    }

    /// One mini-block by its reference.
    pub async fn block_by_reference(&self, reference: &str) -> Result<Block, StoreError> {
        self.one("SELECT body FROM block WHERE reference = $1", values![reference]).await?.json("body")
    }

    /// The file of a mini-block.
    pub async fn block_file(&self, block: BlockId) -> Result<BlockFile, StoreError> {
        self.one("SELECT body FROM block_file WHERE id = $1", values![block]).await?.json("body")
    }

    /// What authorities' records show of the need, with the day on which they were counted.
    pub async fn block_needs(&self, block: BlockId) -> Result<Vec<AuthorityNeed>, StoreError> {
        read(&self.all("SELECT body FROM block_need WHERE block_id = $1 ORDER BY org_id", values![block]).await?)
    }

    /// The bids for a mini-block that the reader may read: all for the lead, a provider's own.
    pub async fn block_bids(&self, block: BlockId) -> Result<Vec<BlockBid>, StoreError> {
        read(&self.all("SELECT body FROM block_bid WHERE block_id = $1 ORDER BY id", values![block]).await?)
    }

    /// A provider's bids, the latest first.
    pub async fn block_bids_of(&self, provider: OrganisationId) -> Result<Vec<BlockBid>, StoreError> {
        let sql = "SELECT body FROM block_bid WHERE provider_id = $1 ORDER BY id DESC";
        read(&self.all(sql, values![provider]).await?)
    }

    /// One bid.
    pub async fn block_bid(&self, id: BlockBidId) -> Result<BlockBid, StoreError> {
        self.one("SELECT body FROM block_bid WHERE id = $1", values![id]).await?.json("body")
    }

    /// What authorities decided about a mini-block, oldest first.
    pub async fn block_approvals(&self, block: BlockId) -> Result<Vec<BlockApproval>, StoreError> {
        read(&self.all("SELECT body FROM block_approval WHERE block_id = $1 ORDER BY id", values![block]).await?)
    }

    /// The signatures of a contract, oldest first: all for authorities and the lead, a provider's contract's for it.
    pub async fn block_signatures(&self, block: BlockId) -> Result<Vec<BlockSignature>, StoreError> {
        read(&self.all("SELECT body FROM block_signature WHERE block_id = $1 ORDER BY id", values![block]).await?)
    }

    /// The monitoring officer's opinion for an authority's decision.
    pub async fn block_opinion(
        &self,
        authority: OrganisationId,
        block: BlockId,
        step: u32,
    ) -> Result<Option<BlockOpinion>, StoreError> {
        let sql = "SELECT body FROM block_opinion WHERE org_id = $1 AND block_id = $2 AND step = $3";
        self.maybe(sql, values![authority, block, step]).await?.map(|row| row.json("body")).transpose()
    }

    /// The beds that live contracts tie on some of these nights.
    pub async fn tied_beds(&self, (from, to): (Date, Date)) -> Result<Vec<TiedBed>, StoreError> {
        let sql = "SELECT block_id, home_id, bed_id, from_night, to_night FROM block_bed \
                   WHERE to_night > $1 AND from_night < $2 ORDER BY home_id, bed_id, from_night";
        self.all(sql, values![from, to]).await?.iter().map(tied_bed).collect()
    }

    /// The beds of one home that live contracts tie on some of these nights.
    pub async fn tied_beds_at(&self, home: HomeId, (from, to): (Date, Date)) -> Result<Vec<TiedBed>, StoreError> {
        let sql = "SELECT block_id, home_id, bed_id, from_night, to_night FROM block_bed \
                   WHERE home_id = $1 AND to_night > $2 AND from_night < $3 ORDER BY bed_id, from_night";
        self.all(sql, values![home, from, to]).await?.iter().map(tied_bed).collect()
    }

    /// What approvals of awards that are not live yet claim on some of these nights; each once, whoever approved.
    pub async fn block_claims(&self, (from, to): (Date, Date)) -> Result<Vec<BlockClaim>, StoreError> {
        let sql = "SELECT DISTINCT block_id, home_id, bed_id, beds FROM block_claim \
                   WHERE to_night > $1 AND from_night < $2 ORDER BY block_id, home_id, bed_id";
        let rows = self.all(sql, values![from, to]).await?;
        rows.iter()
            .map(|row| {
                Ok(BlockClaim {
                    block: BlockId(row.int("block_id")?),
                    home: HomeId(row.int("home_id")?),
                    bed: row.opt_int("bed_id")?.map(BedId),
                    beds: u8::try_from(row.int("beds")?).unwrap_or(u8::MAX),
                })
            })
            .collect()
    }

    /// The mini-blocks of a lead whose last night has passed and that have not ended.
    pub async fn blocks_to_end(&self, lead: OrganisationId, today: Date) -> Result<Vec<BlockId>, StoreError> {
        let sql = "SELECT id FROM block WHERE org_id = $1 AND state IN ('live', 'notice_given') AND until_night <= $2";
        let rows = self.all(sql, values![lead, today]).await?;
        rows.iter().map(|row| Ok(BlockId(row.int("id")?))).collect()
    }

    /// What is published of awards, the latest first, with when it last changed: public.
    pub async fn published_blocks(&self) -> Result<Vec<(PublishedBlock, Timestamp)>, StoreError> {
        let sql = "SELECT body, changed_at FROM block_published ORDER BY published_on DESC, block_id DESC";
        let rows = self.all(sql, vec![]).await?;
        rows.iter().map(|row| Ok((row.json("body")?, row.moment("changed_at")?))).collect()
    }
}

impl Work {
    /// Keeps what this organisation's record shows of the need. The caller records the event.
    pub async fn keep_block_need(&self, need: &AuthorityNeed) -> Result<(), StoreError> {
        let sql = "INSERT INTO block_need (org_id, block_id, counted_on, body) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (org_id, block_id) DO UPDATE SET counted_on = excluded.counted_on, body = excluded.body";
        let body = serde_json::to_string(need)?;
        self.execute(sql, values![self.org(), need.block, self.moment().today(), body]).await?;
        Ok(())
    }

    /// Keeps the monitoring officer's opinion. The caller records the event.
    pub async fn keep_block_opinion(&self, opinion: &BlockOpinion) -> Result<(), StoreError> {
        let sql = "INSERT INTO block_opinion (org_id, block_id, step, body) VALUES ($1, $2, $3, $4)";
        let body = serde_json::to_string(opinion)?;
        self.execute(sql, values![opinion.authority, opinion.block, opinion.step, body]).await?;
        Ok(())
    }

    /// Ties these beds to a contract for its nights, and no others. The caller has taken the homes' lock, so that two
    /// contracts at once wait for each other in one order. The constraint has the last word.
    pub async fn tie_beds(&self, block: &Block, beds: &[BlockBed]) -> Result<(), StoreError> {
        let sql = "DELETE FROM block_bed WHERE org_id = $1 AND block_id = $2";
        self.execute(sql, values![organisation(self)?, block.id]).await?;
        let Some(nights) = block.nights() else { return Ok(()) };
        let sql = "INSERT INTO block_bed (id, org_id, block_id, home_id, bed_id, from_night, to_night) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        for bed in beds {
            let values = values![self.new_id(), block.lead, block.id, bed.home, bed.bed, nights.from(), nights.to()];
            self.execute(sql, values).await?;
        }
        Ok(())
    }

    /// Claims these beds for an award that this organisation approves. The caller has taken the homes' lock; the constraint
    /// has the last word.
    pub async fn claim_beds(&self, block: BlockId, beds: &BlockBeds, nights: Nights) -> Result<(), StoreError> {
        let own = match beds {
            BlockBeds::Fixed { beds } => beds.iter().map(|one| (one.home, Some(one.bed), 1)).collect::<Vec<_>>(),
            BlockBeds::Floating { count, homes } => homes.iter().map(|home| (*home, None, *count)).collect(),
        };
        let sql = "INSERT INTO block_claim (id, org_id, block_id, home_id, bed_id, beds, from_night, to_night) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        for (home, bed, count) in own {
            let values = values![self.new_id(), self.org(), block, home, bed, count, nights.from(), nights.to()];
            self.execute(sql, values).await?;
        }
        Ok(())
    }

    /// Lets go of what this organisation's approvals claimed for a block; whether there was anything.
    pub async fn release_claims(&self, block: BlockId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM block_claim WHERE org_id = $1 AND block_id = $2";
        Ok(self.execute(sql, values![self.org(), block]).await? > 0)
    }

    /// Publishes an award, or what has changed of it.
    pub async fn publish_block(&self, block: &Block, published: &PublishedBlock) -> Result<(), StoreError> {
        let sql = "INSERT INTO block_published (org_id, block_id, reference, published_on, changed_at, body) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org_id, block_id) DO UPDATE SET \
                   changed_at = excluded.changed_at, body = excluded.body";
        let (on, at) = (self.moment().today(), self.moment().at);
        let body = serde_json::to_string(published)?;
        self.execute(sql, values![block.lead, block.id, block.reference, on, at, body]).await?;
        Ok(())
    }
}
