//! Recording why beds stood empty. The provider records what it bears itself; the lead records any cause. A cause about
//! nights of a settled month stands as an adjustment in the next (rule 6.2).

use jiff::civil::Date;
use placewell_domain::buying::block::nights::{Bearer, VoidCause};
use placewell_domain::buying::block::void::RecordedCause;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::Work;
use serde::Serialize;

use super::{Known, follow_job, must_run, own_block, page_of, provider_of};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};

/// Records why a bed, or all of them, stood or stand empty on some nights.
#[derive(Debug, Clone, Serialize)]
pub struct RecordVoid {
    /// The mini-block.
    pub block: String,
    /// Which bed; all of them where none is named.
    pub slot: Option<u8>,
    /// The first night.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
    /// Why.
    pub cause: VoidCause,
    /// The code of the placing authority at whose request a bed is kept empty for a resident.
    pub request: Option<String>,
}

impl Command for RecordVoid {
    const ACTION: Action = Action::KeepBlockNights;
    const NAME: &'static str = "block.record_void";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = own_block(work, actor, &self.block).await?;
        if block.state.name() != "ended" {
            must_run(&block)?;
        }
        work.lock_block(block.id).await?;
        let known = Known::read(work, block.id).await?;
        let nights = known.within(self.from, self.to)?;
        let beds = block.latest_terms().map_or(0, |terms| terms.beds.count());
        if self.slot.is_some_and(|slot| slot == 0 || slot > beds) {
            return Err(Invalid::one("slot", "Select one of the contract's beds").into());
        }
        let request = self.asked_by(work, actor).await?;
        if actor.kind == OrganisationKind::Provider && self.cause.borne_by(request) != Bearer::Provider {
            return Err(Refusal::new(
                "not_yours_to_record",
                "The provider records what it bears itself; the lead records what authorities pay",
                "An empty night that the authorities pay is recorded by the lead.",
                "The commissioning lead",
            )
            .found(self.cause.label())
            .into());
        }
        let cause = RecordedCause {
            id: work.new_id(),
            block: block.id,
            provider: provider_of(&block).ok_or(Outcome::NotFound)?,
            slot: self.slot,
            nights,
            cause: self.cause,
            request,
            by: actor.person,
            at: work.moment().local,
        }
        .checked()?;
        work.add_block_void(&cause).await?;
        work.record(cause.event());
        work.enqueue(follow_job(block.id)?);
        Ok(Receipt::at(format!("{}?month={}", page_of(&block), nights.from().strftime("%Y-%m"))))
    }
}

impl RecordVoid {
    async fn asked_by(&self, work: &Work, actor: &Actor) -> Answer<Option<OrganisationId>> {
        let Some(code) = &self.request else { return Ok(None) };
        if actor.kind == OrganisationKind::Provider {
            return Err(Invalid::one("request", "The lead records at whose request a bed is kept empty").into());
        }
        let all = work.organisations().await?;
        let found = all.into_iter().find(|one| one.code == *code && one.kind == OrganisationKind::Authority);
        found.map(|one| Some(one.id)).ok_or_else(|| Invalid::one("request", "Select an authority").into())
    }
}
