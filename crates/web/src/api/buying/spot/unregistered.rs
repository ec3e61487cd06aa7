//! Children in unregistered settings: a record of its own, never an agreement (rule 7.3).

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::buying::spot::unregistered::{
    ConfirmUnregistered, EndUnregistered, RecordUnregistered, ReviewUnregistered, UnregisteredView, UpdateUnregistered,
};
use placewell_domain::buying::spot::unregistered::{Court, Known, Unregistered, UnregisteredState};
use placewell_domain::money::Pence;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(record))
        .routes(routes!(get))
        .routes(routes!(confirm))
        .routes(routes!(review))
        .routes(routes!(update))
        .routes(routes!(end))
}

/// A record in a list.
#[derive(Debug, Serialize, ToSchema)]
struct UnregisteredRow {
    /// Its id.
    id: String,
    /// The referral.
    referral: String,
    /// The first night.
    from: Date,
    /// The child's age on that night.
    age: u8,
    /// The rule in force on that night.
    rule: String,
    /// What a court has ordered.
    court: code::CourtOrder,
    /// When Ofsted was told.
    ofsted_told: Option<Date>,
    /// What the provider has applied for.
    application: code::RegistrationApplication,
    /// What is paid a week, apart from the annual value.
    weekly_pence: i64,
    /// What it has cost so far.
    cost_pence: i64,
    /// The earliest day without a review.
    review_due: Option<Date>,
    /// The child is there.
    there: bool,
}

fn row(record: &Unregistered, today: Date) -> UnregisteredRow {
    UnregisteredRow {
        id: record.id.to_string(),
        referral: record.reference.to_string(),
        from: record.from,
        age: record.age,
        rule: record.rule.clone(),
        court: record.court.order.into(),
        ofsted_told: record.ofsted_told,
        application: record.application.into(),
        weekly_pence: record.weekly.0,
        cost_pence: record.cost(today).0,
        review_due: record.review_due(today),
        there: record.state == UnregisteredState::There,
    }
}

/// List children in unregistered settings
#[utoipa::path(get, path = "/unregistered", tag = "spot", operation_id = "list_unregistered", responses((status = 200, body = Vec<UnregisteredRow>)))]
async fn list(api: Api) -> Answered {
    let today = api.now().today();
    let found = api.app().unregistered_list(&api.actor).await?;
    Ok(plain(&found.iter().map(|one| row(one, today)).collect::<Vec<_>>()))
}

/// One day's review.
#[derive(Debug, Serialize, ToSchema)]
struct DayReview {
    /// The day.
    on: Date,
    /// How the search stands.
    search: code::SearchStands,
    /// Somebody saw the child.
    seen: bool,
    /// Who recorded it.
    by: String,
}

/// A record.
#[derive(Debug, Serialize, ToSchema)]
struct UnregisteredShown {
    /// What the list shows.
    record: UnregisteredRow,
    /// The director of children's services who confirmed that they know of it.
    director: Option<String>,
    /// By when Ofsted should have been told.
    tell_ofsted_by: Date,
    /// Where it is and who runs it; null for whoever may not read it.
    setting: Option<String>,
    /// Why, and what keeps the child safe.
    why: Option<String>,
    /// The reviews, oldest first.
    reviews: Vec<DayReview>,
}

fn shown(found: UnregisteredView, today: Date) -> UnregisteredShown {
    let (setting, why) = found.words.map_or((None, None), |words| (Some(words.setting), Some(words.why)));
    let reviews = found.record.reviews.iter().zip(found.reviewers).map(|(review, by)| DayReview {
        on: review.on,
        search: review.search.into(),
        seen: review.seen,
        by,
    });
    UnregisteredShown {
        reviews: reviews.collect(),
        record: row(&found.record, today),
        director: found.director,
        tell_ofsted_by: found.tell_ofsted_by,
        setting,
        why,
    }
}

fn id_of(id: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

/// Read a record of a child in an unregistered setting
#[utoipa::path(get, path = "/unregistered/{id}", tag = "spot", operation_id = "get_unregistered", responses((status = 200, body = UnregisteredShown)))]
async fn get(api: Api, Path(id): Path<String>) -> Answered {
    let found = api.app().unregistered_view(&api.actor, id_of(&id)?).await?;
    Ok(versioned(found.record.version, &shown(found, api.now().today())))
}

/// What is known of the court, Ofsted, the provider's application and the cost.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettingKnown {
    /// What a court has ordered.
    court: code::CourtOrder,
    /// Of which day.
    court_on: Option<Date>,
    /// Until when.
    court_until: Option<Date>,
    /// When Ofsted was told.
    ofsted_told: Option<Date>,
    /// What the provider has applied for.
    application: code::RegistrationApplication,
    /// What is paid a week.
    #[schema(minimum = 0, maximum = 100_000_000)]
    weekly_pence: u32,
}

impl From<&SettingKnown> for Known {
    fn from(body: &SettingKnown) -> Self {
        Self {
            court: Court { order: body.court.0, on: body.court_on, until: body.court_until },
            ofsted_told: body.ofsted_told,
            application: body.application.0,
            weekly: Pence(i64::from(body.weekly_pence)),
        }
    }
}

/// A child in an unregistered setting, to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUnregistered {
    /// The first night.
    from: Date,
    /// What is known.
    known: SettingKnown,
    /// Where it is and who runs it; sealed.
    #[schema(max_length = 4000)]
    setting: String,
    /// Why no registered home was found, and what keeps the child safe; sealed.
    #[schema(max_length = 4000)]
    why: String,
}

/// Record that a child is in an unregistered setting
///
/// Never an agreement; cites no limb; its cost stands apart. `If-Match` takes the referral's version.
#[utoipa::path(post, path = "/referrals/{reference}/unregistered", tag = "spot", operation_id = "record_unregistered", params(IfMatch), request_body = NewUnregistered, responses((status = 201, body = Done)))]
async fn record(Path(reference): Path<String>, sent: Sent<NewUnregistered>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let Known { court, ofsted_told, application, weekly } = (&body.known).into();
    let NewUnregistered { from, setting, why, .. } = body;
    let command =
        RecordUnregistered { reference, version, from, weekly, court, ofsted_told, application, setting, why };
    Ok(made(api.perform(&key, command).await?))
}

/// Confirm, as director of children's services, that you know of it
#[utoipa::path(post, path = "/unregistered/{id}/confirm", tag = "spot", operation_id = "confirm_unregistered", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn confirm(Path(id): Path<String>, sent: Sent<Nothing>) -> Answered {
    let (record, version) = (id_of(&id)?, sent.version()?);
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, ConfirmUnregistered { record, version }).await?))
}

/// A day's review, to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewReview {
    /// The day.
    on: Date,
    /// How the search stands.
    search: code::SearchStands,
    /// Somebody saw the child that day.
    seen: bool,
}

/// Record a day's review
#[utoipa::path(post, path = "/unregistered/{id}/review", tag = "spot", operation_id = "review_unregistered", params(IfMatch), request_body = NewReview, responses((status = 200, body = Done)))]
async fn review(Path(id): Path<String>, sent: Sent<NewReview>) -> Answered {
    let (record, version) = (id_of(&id)?, sent.version()?);
    let Sent { api, body, key } = sent;
    let command = ReviewUnregistered { record, version, on: body.on, search: body.search.0, seen: body.seen };
    Ok(changed(api.perform(&key, command).await?))
}

/// Change what is known of the setting
#[utoipa::path(post, path = "/unregistered/{id}/update", tag = "spot", operation_id = "update_unregistered", params(IfMatch), request_body = SettingKnown, responses((status = 200, body = Done)))]
async fn update(Path(id): Path<String>, sent: Sent<SettingKnown>) -> Answered {
    let (record, version) = (id_of(&id)?, sent.version()?);
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, UpdateUnregistered { record, version, known: (&body).into() }).await?))
}

/// How it ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettingEnd {
    /// From which day on the child is not there.
    on: Date,
    /// How.
    how: code::UnregisteredEnd,
}

/// Record that the child has left
#[utoipa::path(post, path = "/unregistered/{id}/end", tag = "spot", operation_id = "end_unregistered", params(IfMatch), request_body = SettingEnd, responses((status = 200, body = Done)))]
async fn end(Path(id): Path<String>, sent: Sent<SettingEnd>) -> Answered {
    let (record, version) = (id_of(&id)?, sent.version()?);
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, EndUnregistered { record, version, on: body.on, how: body.how.0 }).await?))
}
