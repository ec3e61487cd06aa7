//! Publication over the API: the contract register and yearly totals for everybody who is signed in, the publishing of a year.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::reporting::publication::{PublishYear, YearPage};
use placewell_domain::reporting::publication::{Figure, Measure, PublicContract, Share};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::paging::{Listed, Paging};
use crate::api::problem::Answered;
use crate::api::reply::{Done, made, plain};
use crate::api::request::{Api, Sent};
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(contracts))
        .routes(routes!(contract))
        .routes(routes!(years))
        .routes(routes!(publish))
}

/// A contract of the register.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Contract)]
struct ContractShown {
    /// Its reference.
    #[schema(example = "MB-001")]
    reference: String,
    /// `arrangement` or `mini_block`.
    kind: String,
    /// What it is about.
    title: String,
    /// The supplier.
    supplier: String,
    /// The buyers.
    buyers: Vec<String>,
    /// The first day.
    starts: Date,
    /// The last day.
    ends: Date,
    /// By how many months it may be extended.
    extension_months: Option<u16>,
    /// Its value over its term in pence, to the nearest £1,000; null where nothing is promised.
    value_pence: Option<i64>,
    /// By which procedure.
    procedure: String,
    /// Why it was awarded.
    reasons: Option<String>,
    /// The alternatives considered and rejected.
    alternatives: Option<String>,
    /// Conflicts of interest declared.
    conflicts: Option<String>,
    /// The references of the decisions that it rests on.
    decisions: Vec<String>,
    /// Whether it goes on.
    live: bool,
}

impl From<PublicContract> for ContractShown {
    fn from(one: PublicContract) -> Self {
        Self {
            reference: one.reference,
            kind: one.kind.code().to_owned(),
            title: one.title,
            supplier: one.supplier,
            buyers: one.buyers,
            starts: one.starts,
            ends: one.ends,
            extension_months: one.extension_months,
            value_pence: one.value.map(|value| value.0),
            procedure: one.kind.procedure().to_owned(),
            reasons: one.reasons,
            alternatives: one.alternatives,
            conflicts: one.conflicts,
            decisions: one.decisions,
            live: one.live,
        }
    }
}

/// List the contracts of the register
#[utoipa::path(get, path = "/contracts", tag = "publication", params(Paging), responses((status = 200, body = Listed<ContractShown>)))]
async fn contracts(api: Api, paging: Paging) -> Answered {
    let found = api.app().contract_register().await?;
    let lines: Vec<ContractShown> = found.contracts.into_iter().map(ContractShown::from).collect();
    Ok(plain(&paging.page(lines, |line| line.reference.clone())))
}

/// Read a contract of the register
#[utoipa::path(get, path = "/contracts/{reference}", tag = "publication", responses((status = 200, body = ContractShown)))]
async fn contract(api: Api, Path(reference): Path<String>) -> Answered {
    Ok(plain(&ContractShown::from(api.app().public_contract(&reference).await?)))
}

/// A figure of a published year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublishedFigure)]
struct FigureShown {
    /// What it is of.
    of: String,
    /// Children, each counted once in the year.
    children: u64,
    /// What was paid in pence, to the nearest £1,000.
    paid_pence: i64,
}

/// A provider's total of a published year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublishedTotal)]
struct TotalShown {
    #[serde(flatten)]
    total: FigureShown,
    /// Its parts by authority; empty where they would tell of fewer than five.
    by_authority: Vec<FigureShown>,
}

/// Placements that began in a published year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublishedShare)]
struct ShareShown {
    /// Whose they are.
    of: String,
    /// How many began.
    placements: u64,
    /// Of them: through the arrangement.
    through: u64,
    /// Of them: by spot purchase, in a block's bed or in an own home.
    otherwise: u64,
    /// The share through the arrangement in whole percent.
    percent: u64,
}

/// A published year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublishedYear)]
struct YearShown {
    /// The calendar year in which it starts.
    #[schema(example = 2019)]
    year: i16,
    /// Its first day.
    from: Date,
    /// Its last day.
    to: Date,
    /// By provider, the others together last; nothing below five children at five homes is in it.
    providers: Vec<TotalShown>,
    /// All providers together.
    all: Option<FigureShown>,
    /// The share through the arrangement by authority, the others together and then all last; empty where it is not told.
    shares: Vec<ShareShown>,
}

fn figure(of: String, measure: Measure) -> FigureShown {
    FigureShown { of, children: measure.children, paid_pence: measure.paid.0 }
}

fn share(of: String, share: Share) -> ShareShown {
    let (placements, percent) = (share.all(), share.percent());
    ShareShown { of, placements, through: share.through, otherwise: share.otherwise, percent }
}

fn shown(year: &YearPage) -> YearShown {
    let providers = year.totals.providers.iter().map(|one| {
        let part = |part: &Figure| figure(year.name(part.of, "Other authorities"), part.measure);
        TotalShown {
            total: figure(year.name(one.provider, "Other providers"), one.total),
            by_authority: one.by_authority.iter().map(part).collect(),
        }
    });
    YearShown {
        year: year.year.starts_in(),
        from: year.year.first(),
        to: year.year.last(),
        providers: providers.collect(),
        all: year.totals.all.map(|all| figure("All providers".to_owned(), all)),
        shares: year
            .totals
            .share
            .iter()
            .flat_map(|told| {
                let parts =
                    told.by_authority.iter().map(|one| share(year.name(one.of, "Other authorities"), one.share));
                parts.chain([share("All authorities".to_owned(), told.all)])
            })
            .collect(),
    }
}

/// List the published years with their totals by provider
#[utoipa::path(get, path = "/published-years", tag = "publication", operation_id = "published_years", params(Paging), responses((status = 200, body = Listed<YearShown>)))]
async fn years(api: Api, paging: Paging) -> Answered {
    let found = api.app().contract_register().await?;
    let years: Vec<YearShown> = found.years.iter().map(shown).collect();
    Ok(plain(&paging.page(years, |year| year.year.to_string())))
}

/// A year to publish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct YearOfTotals {
    /// The calendar year in which it starts.
    #[schema(example = 2019)]
    year: i16,
}

/// Publish the totals of a year, once
#[utoipa::path(post, path = "/published-years", tag = "publication", operation_id = "publish_year", request_body = YearOfTotals, responses((status = 201, body = Done)))]
async fn publish(sent: Sent<YearOfTotals>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(made(api.perform(&key, PublishYear::starting_in(body.year)).await?))
}
