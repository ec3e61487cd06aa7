//! Mini-blocks: need, competition, each authority's approval, the contract's life.

mod acts;
mod body;
mod nights;
mod own;
mod papers;
mod reading;

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::buying::block::{BlockPage, PayingLine};
use placewell_domain::buying::block::BlockApprovalState;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::problem::Answered;
use crate::api::reply::{plain, versioned};
use crate::api::request::Api;
use crate::server::Web;

use reading::{CaseRead, DecidingRead, NeedRead, ScoringRead, UnmetRead};

use body::{BedBody, PricesBody, ProposalBody, SigningBody, bed_bodies};

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .merge(acts::routes())
        .merge(own::routes())
        .merge(nights::routes())
        .merge(papers::routes())
}

/// A mini-block in the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockLine)]
struct Line {
    /// Its reference.
    #[schema(example = "MB-002")]
    reference: String,
    /// What it is called.
    title: String,
    /// Where it stands.
    state: &'static str,
    /// The provider.
    provider: Option<String>,
    /// How many beds.
    beds: u8,
    /// The first night.
    from: Date,
    /// The day after the last night.
    until: Date,
    /// The reader's authority pays a share.
    pays: bool,
    /// It waits for the reader's authority's decision.
    waits: bool,
    /// How much of the last 28 nights stood empty, in percent, where that is more than is told; else null.
    too_empty_percent: Option<i64>,
}

/// List mini-blocks
#[utoipa::path(get, path = "/mini-blocks", tag = "block", operation_id = "list_mini_blocks", responses((status = 200, body = Vec<Line>)))]
async fn list(api: Api) -> Answered {
    let found = api.app().blocks(&api.actor).await?;
    let lines: Vec<Line> = found
        .into_iter()
        .map(|line| {
            let nights = line.block.nights();
            Line {
                state: line.block.state.name(),
                beds: line.block.spec.beds,
                from: line.block.spec.from,
                until: nights.map_or(line.block.spec.until, placewell_domain::nights::Nights::to),
                reference: line.block.reference,
                title: line.block.title,
                provider: line.provider,
                pays: line.mine,
                waits: line.waits,
                too_empty_percent: line.too_empty.map(placewell_domain::buying::block::TooEmpty::percent),
            }
        })
        .collect();
    Ok(plain(&lines))
}

/// A paying authority.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockPaying)]
struct Paying {
    /// Its name.
    authority: String,
    /// Its share in words.
    share: String,
    /// What its share guarantees over the whole term, in pence.
    guaranteed_pence: Option<i64>,
    /// How it decided on what is asked now, or on the contract as it runs: `given` or `refused`.
    decided: Option<&'static str>,
    /// The decision that gave the power.
    decision: Option<String>,
    /// The limb.
    limb: Option<String>,
    /// The post.
    post: Option<String>,
}

impl From<PayingLine> for Paying {
    fn from(line: PayingLine) -> Self {
        let state = line.approval.filter(|known| known.current).map(|known| known.approval.state);
        let (decided, power) = match state {
            None => (None, None),
            Some(BlockApprovalState::Given { power, .. }) => (Some("given"), Some(power)),
            Some(BlockApprovalState::Refused { power, .. }) => (Some("refused"), Some(power)),
        };
        Self {
            authority: line.name,
            share: line.share,
            guaranteed_pence: line.guaranteed.map(|pence| pence.0),
            decided,
            decision: power.as_ref().map(|power| power.reference.clone()),
            limb: power.as_ref().map(|power| power.letter.to_string()),
            post: power.map(|power| power.title),
        }
    }
}

/// A bid as it was scored.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockScored)]
struct ScoredLine {
    /// The provider.
    provider: String,
    /// Quality in hundredths of a percent.
    quality: i64,
    /// Price in hundredths of a percent.
    price: i64,
    /// Why.
    reasons: String,
}

/// A bid that the lead can score.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockBidLine)]
struct BidLine {
    /// Its id.
    id: String,
    /// The provider.
    provider: String,
    /// Where it stands.
    state: &'static str,
    /// Its prices; null before the deadline.
    prices: Option<PricesBody>,
    /// Its answers to the quality criteria; none before the deadline.
    answers: Vec<String>,
}

/// One mini-block.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Block)]
struct Shown {
    /// Its reference.
    reference: String,
    /// Its version, also in the `ETag`.
    version: i64,
    /// The version of its file, which the business case is written against.
    file_version: i64,
    /// Where it stands.
    state: &'static str,
    /// What is asked for, and who pays.
    proposal: ProposalBody,
    /// The provider, once a bid is recommended.
    provider: Option<String>,
    /// The beds of the contract.
    beds: Vec<BedBody>,
    /// The prices of the contract.
    prices: Option<PricesBody>,
    /// Who pays, and who has approved.
    paying: Vec<Paying>,
    /// The business case, once it is written.
    business_case: Option<CaseRead>,
    /// What each authority's own record shows of the need.
    needs: Vec<NeedRead>,
    /// How bids are scored, once homes are asked.
    scoring: Option<ScoringRead>,
    /// Nights that were wanted over two years, by the authorities' own records.
    nights_wanted: Option<i64>,
    /// Nights of those that the beds would have met.
    nights_met: Option<i64>,
    /// What of it was for children for whom no home was found; null before the need is counted.
    unmet: Option<UnmetRead>,
    /// A change that waits, in words.
    pending: Option<String>,
    /// What keeps back what every paying authority has approved; null where nothing does.
    kept_back: Option<String>,
    /// How much of the last 28 nights stood empty, in percent, where that is more than is told; else null.
    too_empty_percent: Option<i64>,
    /// Who has signed the contract; null before it is live.
    signing: Option<SigningBody>,
    /// Bids, for the lead.
    bids: Vec<BidLine>,
    /// Bids as they were scored, the best first.
    scored: Vec<ScoredLine>,
    /// By which power the reader can decide now, or why not; null where nothing is asked of their authority.
    power: Option<String>,
    /// What the reader's approval would rest on and commit; null where nothing is asked of their authority.
    deciding: Option<DecidingRead>,
}

fn shown(found: BlockPage, codes: &[(placewell_domain::id::OrganisationId, String)]) -> Shown {
    let code_of = |id| codes.iter().find(|(known, _)| *known == id).map(|(_, code)| code.clone()).unwrap_or_default();
    let terms = found.block.latest_terms();
    let open = found.open;
    Shown {
        reference: found.block.reference.clone(),
        version: found.block.version,
        file_version: found.file.version,
        state: found.block.state.name(),
        proposal: ProposalBody::of(&found.block, code_of),
        provider: found.provider,
        too_empty_percent: found.too_empty.map(placewell_domain::buying::block::TooEmpty::percent),
        beds: terms.map(|terms| bed_bodies(&terms.beds)).unwrap_or_default(),
        prices: terms.map(|terms| terms.prices.into()),
        paying: found.paying.into_iter().map(Paying::from).collect(),
        business_case: found.file.case.as_ref().map(CaseRead::from),
        needs: found.needs.iter().map(NeedRead::from).collect(),
        scoring: found.file.competition.as_ref().map(ScoringRead::from),
        deciding: found.deciding.as_ref().map(DecidingRead::from),
        nights_wanted: found.met.as_ref().map(|met| met.wanted),
        nights_met: found.met.as_ref().map(|met| met.met),
        unmet: found.met.as_ref().map(|met| UnmetRead::from(met.unmet)),
        pending: found.block.pending.as_ref().map(|pending| pending.change.words()),
        kept_back: found.kept_back.map(|refusal| refusal.sentence),
        signing: found.signing.as_ref().map(SigningBody::from),
        bids: found
            .bids
            .into_iter()
            .map(|line| {
                let offer = line.bid.state.offer().filter(|_| open);
                BidLine {
                    id: line.bid.id.0.to_string(),
                    provider: line.provider,
                    state: line.bid.state.name(),
                    prices: offer.map(|offer| offer.prices.into()),
                    answers: offer.map(|offer| offer.answers.clone()).unwrap_or_default(),
                }
            })
            .collect(),
        scored: found
            .scored
            .into_iter()
            .map(|(provider, scored)| ScoredLine {
                provider,
                quality: scored.quality_points,
                price: scored.price_points,
                reasons: scored.reasons,
            })
            .collect(),
        power: found.deciding.map(|deciding| deciding.power.unwrap_or_else(|refusal| refusal.sentence)),
    }
}

/// Read a mini-block
#[utoipa::path(get, path = "/mini-blocks/{reference}", tag = "block", operation_id = "get_mini_block", responses((status = 200, body = Shown)))]
async fn show(Path(reference): Path<String>, api: Api) -> Answered {
    let found = api.app().block_page(&api.actor, &reference).await?;
    let all = api.app().visit().await?.organisations().await.map_err(placewell_app::Outcome::from)?;
    let codes: Vec<_> = all.into_iter().map(|one| (one.id, one.code)).collect();
    Ok(versioned(found.block.version, &shown(found, &codes)))
}
