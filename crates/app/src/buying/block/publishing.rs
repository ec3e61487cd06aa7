//! What is published of an award: reasons, alternatives, conflicts, and each authority's decision, limb and post (rule 9).

use placewell_domain::buying::block::{Block, BlockApprovalState, KeyGround};
use placewell_domain::money::Pence;
use placewell_store::Work;
use placewell_store::buying::block::{PublishedBlock, PublishedShare};

use crate::answer::{Answer, Outcome};

/// Amounts are published to £1,000.
const TO: i64 = 100_000;

/// Publishes an award, or what has changed of it.
pub(super) async fn publish(work: &mut Work, block: &Block) -> Answer<()> {
    let (Some(contract), Some(terms)) = (block.contract.as_ref(), block.latest_terms()) else {
        return Err(Outcome::NotFound);
    };
    let file = work.block_file(block.id).await?;
    let bids = work.block_bids(block.id).await?;
    let approvals = work.block_approvals(block.id).await?;
    let mut shares = Vec::new();
    for share in &block.shares {
        // The award is the first set of approvals that this authority gave.
        let Some((given, power, key)) = approvals.iter().find_map(|one| match &one.state {
            BlockApprovalState::Given { power, key, .. } if one.authority == share.authority => Some((one, power, key)),
            BlockApprovalState::Given { .. } | BlockApprovalState::Refused { .. } => None,
        }) else {
            continue;
        };
        shares.push(PublishedShare {
            authority: share.authority,
            name: work.organisation_by_id(share.authority).await?.name,
            share: share.words(),
            decision: power.reference.clone(),
            limb: power.letter.to_string(),
            post: power.title.clone(),
            on: given.on,
            key: key.as_ref().map(|key| match key {
                KeyGround::KeyDecision { reference, .. } => format!("key decision {reference}"),
                KeyGround::Opinion(opinion) => {
                    format!("opinion of the {} that it implements {}", opinion.title, opinion.implements)
                }
            }),
        });
    }
    let case = file.case;
    let said = |part: fn(&placewell_domain::buying::block::BusinessCase) -> &String| {
        case.as_ref().map(part).cloned().unwrap_or_default()
    };
    let Pence(whole) = terms.whole_value();
    let published = PublishedBlock {
        reference: block.reference.clone(),
        title: block.title.clone(),
        state: block.state.label().to_owned(),
        provider: work.organisation_by_id(contract.provider).await?.name,
        provider_id: contract.provider,
        lot: block.wants.lot.clone(),
        beds: terms.beds.count(),
        from: block.spec.from,
        until: contract.until,
        extendable_until: block.spec.extendable_until,
        value: (whole + TO / 2) / TO * TO,
        awarded_on: approvals
            .iter()
            .filter(|one| one.given())
            .map(|one| one.on)
            .max()
            .unwrap_or(contract.recommended_on),
        shares,
        asked: bids.len(),
        bids: bids.iter().filter(|bid| bid.state.offer().is_some()).count(),
        reasons: said(|case| &case.reasons),
        alternatives: said(|case| &case.alternatives),
        conflicts: said(|case| &case.conflicts),
    };
    Ok(work.publish_block(block, &published).await?)
}
