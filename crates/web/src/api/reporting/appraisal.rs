//! The alternatives tested again: drawn under the assumptions that are sent, saved with what they rest on, and read again.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::{Uri, header};
use axum::response::IntoResponse as _;
use jiff::civil::Date;
use placewell_app::reporting::appraisal::{Listed as SavedRow, SaveAppraisal, typed_of};
use placewell_domain::reporting::appraisal::{
    Appraised, Assumption, OptionFigures, Origin, Paid, Range, YearAhead, thousands,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::Answered;
use crate::api::reply::{Done, made, plain};
use crate::api::request::{Api, Sent};
use crate::fields::Fields;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(appraise))
        .routes(routes!(list))
        .routes(routes!(save))
        .routes(routes!(saved))
        .routes(routes!(pdf))
}

/// Whose alternatives. Every assumption can be sent beside it by its name, as on the page: `&spot_price=12.5&years=2`.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct Asked {
    /// The authority's code; one's own where it is left out.
    #[param(required = false, value_type = Option<String>, example = "HEF")]
    authority: String,
}

/// A number's middle with the range that holds 90 of 100 futures.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CountRange)]
struct Counted {
    /// 5 of 100 futures lie below.
    low: i64,
    /// Half of the futures lie below.
    middle: i64,
    /// 5 of 100 futures lie above.
    high: i64,
}

impl From<Range> for Counted {
    fn from(range: Range) -> Self {
        Self { low: range.low, middle: range.middle, high: range.high }
    }
}

/// An amount's middle with the range that holds 90 of 100 futures, each to the nearest £1,000: it is no finer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PenceRange)]
#[allow(clippy::struct_field_names)] // amounts end in _pence throughout the API
struct Amount {
    /// 5 of 100 futures lie below.
    low_pence: i64,
    /// Half of the futures lie below.
    middle_pence: i64,
    /// 5 of 100 futures lie above.
    high_pence: i64,
}

impl From<Range> for Amount {
    fn from(range: Range) -> Self {
        let [low_pence, middle_pence, high_pence] =
            [range.low, range.middle, range.high].map(|pence| thousands(pence).0);
        Self { low_pence, middle_pence, high_pence }
    }
}

/// One alternative.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DrawnAlternative)]
struct AlternativeShown {
    /// Which.
    alternative: code::Alternative,
    /// All that is paid over the years looked ahead, set-up included.
    cost: Amount,
    /// How much more than the arrangement, future by future.
    above: Amount,
    /// In how many of a thousand futures it costs less than the arrangement.
    cheaper_thousandths: u32,
    /// Paid once for setting up.
    set_up_pence: i64,
    /// Searches that find no home at first.
    not_found: Counted,
    /// Minutes of administration.
    minutes: Counted,
    /// Children placed in the authority's own area.
    own_area: Counted,
    /// Children placed at a distance.
    at_a_distance: Counted,
    /// Placements through its framework.
    framework: Counted,
    /// Placements by spot purchase.
    spot: Counted,
    /// Placements in beds of the block or in house.
    beds: Counted,
    /// Children who would still need the arrangement; nothing where the alternative does without it.
    still_need_arrangement: Counted,
}

impl From<OptionFigures> for AlternativeShown {
    fn from(one: OptionFigures) -> Self {
        Self {
            alternative: one.alternative.into(),
            cost: one.cost.into(),
            above: one.above.into(),
            cheaper_thousandths: one.cheaper,
            set_up_pence: one.set_up,
            not_found: one.not_found.into(),
            minutes: one.minutes.into(),
            own_area: one.near.into(),
            at_a_distance: one.far.into(),
            framework: one.framework.into(),
            spot: one.spot.into(),
            beds: one.beds.into(),
            still_need_arrangement: one.still.into(),
        }
    }
}

/// The placements through the arrangement in a contract year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = YearAhead)]
struct YearShown {
    /// The year's first day.
    from: Date,
    /// What its nights cost in all.
    cost: Amount,
    /// The ceiling.
    ceiling_pence: Option<i64>,
    /// Whether a decision set the ceiling for this year; else it is that of the present one.
    ceiling_set: bool,
    /// In how many of a thousand futures the cost lies above it.
    above_thousandths: u32,
}

impl From<YearAhead> for YearShown {
    fn from(year: YearAhead) -> Self {
        Self {
            from: year.start,
            cost: year.cost.into(),
            ceiling_pence: year.ceiling,
            ceiling_set: year.set,
            above_thousandths: year.above,
        }
    }
}

/// What buyers of one size paid for a lot in two years.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaidBy)]
struct PaidBy {
    /// Placements; null where the price is.
    placements: Option<u32>,
    /// The middle weekly price; null where fewer than eight, or fewer than five homes, say too little, and where it would
    /// tell what another leaves out.
    middle_weekly_pence: Option<i64>,
}

impl From<(u32, Option<i64>)> for PaidBy {
    fn from((placements, middle_weekly_pence): (u32, Option<i64>)) -> Self {
        Self { placements: middle_weekly_pence.map(|_| placements), middle_weekly_pence }
    }
}

/// What buyers of each size pay for one lot.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaidForLot)]
struct PaidShown {
    /// The lot's code.
    lot: String,
    /// This authority.
    own: PaidBy,
    /// Authorities of half to twice its size.
    like: PaidBy,
    /// Larger ones.
    larger: PaidBy,
    /// The region.
    region: PaidBy,
}

impl From<Paid> for PaidShown {
    fn from(paid: Paid) -> Self {
        Self {
            lot: paid.lot,
            own: paid.own.into(),
            like: paid.like.into(),
            larger: paid.larger.into(),
            region: paid.region.into(),
        }
    }
}

/// One assumption.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Assumption)]
struct AssumptionShown {
    /// Its name, to send another value by.
    name: &'static str,
    /// In words.
    label: &'static str,
    /// Its value, as it is sent.
    value: String,
    /// In what it is counted.
    unit: &'static str,
    /// The least that it may be.
    lowest: String,
    /// The most that it may be.
    highest: String,
    /// `record`, `estimate` or `typed`.
    origin: &'static str,
    /// How it was counted, on what it rests, or what it replaces.
    how: String,
}

/// The alternatives of an authority.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Appraisal)]
pub(crate) struct AppraisalShown {
    /// The authority's code.
    authority: String,
    /// Its name.
    name: String,
    /// The day of the data.
    as_of: Date,
    /// The last event of the authority's record that the data holds.
    last_event: i64,
    /// By which number the futures were drawn.
    seed: u64,
    /// How many futures.
    futures: u32,
    /// What the figures say.
    finding: String,
    /// Children who need a home over the years looked ahead.
    children: Counted,
    /// The alternatives, the arrangement first.
    alternatives: Vec<AlternativeShown>,
    /// The contract years against the ceiling.
    years: Vec<YearShown>,
    /// What buyers of each size pay.
    paid: Vec<PaidShown>,
    /// Every assumption.
    assumptions: Vec<AssumptionShown>,
    /// On what it rests.
    grounds: Vec<String>,
}

impl From<Appraised> for AppraisalShown {
    fn from(found: Appraised) -> Self {
        let assumption = |one: &Assumption| {
            let (unit, (low, high)) = (one.unit(), one.bounds());
            let assumed = found.assumptions.of(*one);
            let (origin, how) = match assumed.origin {
                Origin::Record(how) => ("record", how),
                Origin::Estimate(why) => ("estimate", why),
                Origin::Typed { instead_of } => ("typed", format!("in place of {}", unit.write(instead_of))),
            };
            AssumptionShown {
                name: one.code(),
                label: one.label(),
                value: unit.write(assumed.value),
                unit: unit.words(),
                lowest: unit.write(low),
                highest: unit.write(high),
                origin,
                how,
            }
        };
        Self {
            finding: found.finding(),
            assumptions: Assumption::ALL.iter().map(assumption).collect(),
            authority: found.code,
            name: found.name,
            as_of: found.data.day,
            last_event: found.data.event,
            seed: found.seed,
            futures: found.futures,
            children: found.figures.children.into(),
            alternatives: found.figures.options.into_iter().map(Into::into).collect(),
            years: found.figures.years.into_iter().map(Into::into).collect(),
            paid: found.paid.into_iter().map(Into::into).collect(),
            grounds: found.inputs.grounds,
        }
    }
}

/// Draw an authority's alternatives
#[utoipa::path(get, path = "/alternatives", tag = "appraisal", operation_id = "get_alternatives", params(Asked), responses((status = 200, body = AppraisalShown)))]
async fn appraise(api: Api, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let typed = typed_of(query.pairs());
    let found = api.app().appraise(&api.actor, query.filled("authority"), &typed).await?;
    Ok(plain(&AppraisalShown::from(found)))
}

/// A saved appraisal in the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SavedAppraisalLine)]
struct SavedLine {
    /// Its reference.
    #[schema(example = "HEF-OA-001")]
    reference: String,
    /// What it is for.
    title: String,
    /// The name of the authority that it is about.
    authority: String,
    /// When it was saved, by the clock in London.
    #[schema(example = "2021-09-13T10:20:00")]
    saved_at: String,
}

/// List the saved appraisals
#[utoipa::path(get, path = "/appraisals", tag = "appraisal", operation_id = "list_appraisals", params(Paging), responses((status = 200, body = Listed<SavedLine>)))]
async fn list(api: Api, paging: Paging) -> Answered {
    let all = api.app().saved_appraisals(&api.actor).await?;
    let page = paging.page(all, |one: &SavedRow| one.reference.clone()).map(|one| SavedLine {
        reference: one.reference,
        title: one.title,
        authority: one.authority,
        saved_at: one.saved_at.to_string(),
    });
    Ok(plain(&page))
}

/// An appraisal to draw and save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAppraisal {
    /// The authority's code; one's own where it is left out.
    #[schema(example = "HEF")]
    authority: Option<String>,
    /// What it is for.
    #[schema(example = "Cabinet, 23 September 2021")]
    title: String,
    /// Assumptions to change, by their names, as they are typed on the page.
    #[serde(default)]
    #[schema(example = json!({"spot_price": "12.5", "years": "2"}))]
    assumptions: BTreeMap<String, String>,
}

/// Draw an authority's alternatives and save them
#[utoipa::path(post, path = "/appraisals", tag = "appraisal", operation_id = "save_appraisal", request_body = NewAppraisal, responses((status = 201, body = Done)))]
async fn save(sent: Sent<NewAppraisal>) -> Answered {
    let NewAppraisal { authority, title, assumptions } = sent.body;
    let typed: Vec<(String, String)> = assumptions.into_iter().collect();
    let (api, code) = (sent.api, authority.as_deref());
    let command: SaveAppraisal = api.app().appraisal_to_save(&api.actor, code, &typed, &title).await?;
    Ok(made(api.perform(&sent.key, command).await?))
}

/// A saved appraisal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SavedAppraisal)]
struct SavedShown {
    /// Its reference.
    reference: String,
    /// What it is for.
    title: String,
    /// When it was saved, by the clock in London.
    #[schema(example = "2021-09-13T10:20:00")]
    saved_at: String,
    /// Who saved it; empty where the reader may not know.
    by: String,
    /// Whether its figures come out the same when they are drawn again from what was kept.
    same_again: bool,
    /// What was saved.
    appraisal: AppraisalShown,
}

/// Read a saved appraisal
#[utoipa::path(get, path = "/appraisals/{reference}", tag = "appraisal", operation_id = "get_appraisal", responses((status = 200, body = SavedShown)))]
async fn saved(Path(reference): Path<String>, api: Api) -> Answered {
    let found = api.app().saved_appraisal(&api.actor, &reference).await?;
    Ok(plain(&SavedShown {
        reference: found.appraisal.reference,
        title: found.appraisal.title,
        saved_at: found.appraisal.saved_at.to_string(),
        by: found.by,
        same_again: found.same_again,
        appraisal: found.appraisal.appraised.into(),
    }))
}

/// Read a saved appraisal as PDF
#[utoipa::path(get, path = "/appraisals/{reference}/pdf", tag = "appraisal", operation_id = "get_appraisal_pdf", responses((status = 200, body = String, content_type = "application/pdf")))]
async fn pdf(Path(reference): Path<String>, api: Api) -> Answered {
    let found = api.app().saved_appraisal_pdf(&api.actor, &reference).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], found).into_response())
}
