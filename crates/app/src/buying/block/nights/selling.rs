//! Re-selling empty nights: the lead offers them to an authority once the block's own had their hours; the buyer's agreement
//! takes them, and only then are the shares released (rule 6.2).

use jiff::civil::Date;
use placewell_domain::buying::block::nomination::{Nomination, may_resell};
use placewell_domain::buying::block::void::{Resale, ResaleState};
use placewell_domain::buying::block::{may_sell_after, must_be_signed};
use placewell_domain::money::Pence;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::Work;
use serde::Serialize;

use super::turns::turn;
use super::{Known, must_run, own_block, page_of, provider_of};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::office::message::Notice;

/// Offers empty nights of a bed to an authority.
#[derive(Debug, Clone, Serialize)]
pub struct OfferNights {
    /// The mini-block.
    pub block: String,
    /// Which bed.
    pub slot: u8,
    /// The first night.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
    /// The buyer's code.
    pub buyer: String,
    /// What a night costs it.
    pub night: Pence,
}

impl Command for OfferNights {
    const ACTION: Action = Action::SellBlockNights;
    const NAME: &'static str = "block.offer_nights";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = own_block(work, actor, &self.block).await?;
        must_run(&block)?;
        must_be_signed(&block, &work.block_signatures(block.id).await?)?;
        work.lock_block(block.id).await?;
        let known = Known::read(work, block.id).await?;
        let nights = known.within(self.from, self.to)?;
        if self.from < work.moment().today() {
            return Err(Invalid::one("from", "Enter tonight or a later night").into());
        }
        let terms = block.terms_on(nights.from()).ok_or(Outcome::NotFound)?;
        if self.slot == 0 || self.slot > terms.beds.count() {
            return Err(Invalid::one("slot", "Select one of the contract's beds").into());
        }
        let organisations = work.organisations().await?;
        let buyer = organisations
            .iter()
            .find(|one| one.code == self.buyer && one.kind == OrganisationKind::Authority)
            .ok_or_else(|| Outcome::from(Invalid::one("buyer", "Select an authority")))?;
        if let Some(turn) = turn(&known, self.slot, nights.from(), work.moment().today()) {
            may_sell_after(turn, self.slot)?;
        }
        let mut stays = known.nominations.iter().filter_map(Nomination::stay);
        let used = stays.any(|stay| stay.slot == self.slot && stay.nights.overlap(nights).is_some());
        let since = known.empty_since(self.slot, nights.from()).filter(|_| !used);
        let prices = (terms.prices.empty, self.night);
        may_resell(&terms.spec, prices, (known.nominated(self.slot), since), nights, work.moment())?;
        let resale = Resale {
            id: work.new_id(),
            version: 0,
            block: block.id,
            provider: provider_of(&block).ok_or(Outcome::NotFound)?,
            buyer: buyer.id,
            slot: self.slot,
            nights,
            night: self.night,
            offered: work.moment().local,
            state: ResaleState::Offered,
        };
        let resale = work.apply(Resale::offer(resale, work.moment())).await?;
        let notice = Notice {
            to: resale.buyer.0,
            role: Role::PlacementOfficer,
            subject: format!("{}: nights are offered", block.reference),
            lines: vec![format!(
                "Offered at {} a night: {}. Ask its home as a mini-block vacancy.",
                resale.night,
                nights.words()
            )],
            path: page_of(&block),
        };
        work.enqueue(notice.job()?);
        Ok(Receipt::at(page_of(&block)))
    }
}

/// Takes an offer of nights back, as long as no agreement has taken them.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawNights {
    /// The re-sale.
    pub id: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for WithdrawNights {
    const ACTION: Action = Action::SellBlockNights;
    const NAME: &'static str = "block.withdraw_nights";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let resale = work.resale(self.id).await?;
        let block = work.block(resale.block).await?;
        own_block(work, actor, &block.reference).await?;
        work.lock_block(block.id).await?;
        let resale = work.resale(self.id).await?;
        if resale.version != self.version {
            return Err(Outcome::Conflict);
        }
        let change = resale.withdraw()?;
        work.apply(change).await?;
        Ok(Receipt::at(page_of(&block)))
    }
}
