//! What Ofsted's register changed, and what is said of a home's facts by whom.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::homes::admission::inviting::InviteProvider;
use placewell_app::homes::home::alert::{AcknowledgeAlert, AlertLine, FinishAlert};
use placewell_app::homes::home::voice::SayOfHome;
use placewell_domain::homes::home::alert::AlertState;
use placewell_domain::homes::home::voice::Said;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::form::fields;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, IfMatch};
use crate::homes::home::{acknowledged, finished, said};
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(region_alerts))
        .routes(routes!(acknowledge_alert))
        .routes(routes!(finish_alert))
        .routes(routes!(invite_provider))
        .routes(routes!(own_alerts))
        .routes(routes!(home_facts))
        .routes(routes!(say_of_home))
        .routes(routes!(differing_homes))
}

/// Whom an alert touches.
#[derive(Debug, Serialize, ToSchema)]
struct Touched {
    /// The authority's name.
    authority: String,
    /// Its children placed there.
    children: u32,
    /// Its open searches that asked there.
    searches: u32,
    /// Its nominated beds.
    beds: u32,
}

/// An alert.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Alert)]
struct AlertShown {
    /// Its id.
    id: Id,
    /// Its version.
    version: i64,
    /// The home's number.
    urn: String,
    /// What changed.
    kind: code::AlertKind,
    /// What was held.
    before: Option<String>,
    /// What the source says.
    after: Option<String>,
    /// Where it stands.
    source: String,
    /// The day that the source speaks of.
    as_at: Date,
    /// When it was raised first.
    #[schema(value_type = String, example = "2021-09-13T10:20:00")]
    raised: DateTime,
    /// How often it was found.
    times: u32,
    /// `waiting`, `acknowledged` or `done`.
    state: &'static str,
    /// By when something is done, where it was acknowledged.
    due: Option<Date>,
    /// How the provider of the new home was invited, where it was.
    invited: Option<code::InvitedBy>,
    /// Whom it touches.
    touches: Vec<Touched>,
    /// Mini-blocks with beds there.
    blocks: Vec<String>,
}

impl From<&AlertLine> for AlertShown {
    fn from(line: &AlertLine) -> Self {
        let (of, found) = (&line.alert, &line.alert.found);
        let touches = line.touches.iter().map(|(authority, one)| Touched {
            authority: authority.clone(),
            children: one.placements,
            searches: one.referrals,
            beds: one.beds,
        });
        Self {
            id: Id(of.id.0),
            version: of.version,
            urn: found.urn.clone(),
            kind: found.kind.into(),
            before: found.before.clone(),
            after: found.after.clone(),
            source: found.source.clone(),
            as_at: found.as_at,
            raised: of.raised,
            times: of.times,
            state: of.state.name(),
            due: match of.state {
                AlertState::Waiting => None,
                AlertState::Acknowledged { due, .. } | AlertState::Done { due, .. } => Some(due),
            },
            invited: of.invited.as_ref().map(|invited| invited.road.into()),
            touches: touches.collect(),
            blocks: line.blocks.clone(),
        }
    }
}

/// Alerts.
#[derive(Debug, Serialize, ToSchema)]
struct AlertList {
    /// Those that wait first, then the latest; the first hundred.
    alerts: Vec<AlertShown>,
    /// How many there are.
    total: usize,
    /// How many wait.
    waiting: usize,
    /// The day of the latest file.
    as_at: Option<Date>,
}

fn list(found: &placewell_app::homes::home::alert::Alerts) -> AlertList {
    AlertList {
        alerts: found.lines.iter().map(Into::into).collect(),
        total: found.total,
        waiting: found.waiting,
        as_at: found.as_at,
    }
}

/// List the region's alerts
#[utoipa::path(get, path = "/region/alerts", tag = "standing", responses((status = 200, body = AlertList)))]
async fn region_alerts(api: Api) -> Answered {
    Ok(plain(&list(&api.app().region_alerts(&api.actor, (0, 100)).await?)))
}

/// List the alerts that touch the own authority, with its own numbers
#[utoipa::path(get, path = "/alerts", tag = "standing", responses((status = 200, body = AlertList)))]
async fn own_alerts(api: Api) -> Answered {
    Ok(plain(&list(&api.app().own_alerts(&api.actor).await?)))
}

/// What is done about an alert.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acknowledgement {
    /// What is done; about the home, never about a child.
    note: String,
    /// By when.
    due: Date,
}

/// Acknowledge an alert
#[utoipa::path(post, path = "/region/alerts/{id}/acknowledge", tag = "standing", params(IfMatch), request_body = Acknowledgement, responses((status = 200, body = Done)))]
async fn acknowledge_alert(Path(id): Path<i64>, sent: Sent<Acknowledgement>) -> Answered {
    let command: AcknowledgeAlert = acknowledged((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// What came of an alert.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AlertResult {
    /// What came of it; about the home, never about a child.
    result: String,
}

/// Say that what was noted of an alert is done
#[utoipa::path(post, path = "/region/alerts/{id}/done", tag = "standing", params(IfMatch), request_body = AlertResult, responses((status = 200, body = Done)))]
async fn finish_alert(Path(id): Path<i64>, sent: Sent<AlertResult>) -> Answered {
    let command: FinishAlert = finished((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// Whom to write to, where nobody works for the provider here; empty where somebody does.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct ProviderInvited {
    /// The person's name.
    #[schema(max_length = 100)]
    name: String,
    /// Their job title.
    #[schema(max_length = 100)]
    title: String,
    /// Their e-mail address.
    #[schema(max_length = 200)]
    email: String,
}

/// Invite the provider of an alert's new home to apply
#[utoipa::path(post, path = "/region/alerts/{id}/invite", tag = "standing", params(IfMatch), request_body = ProviderInvited, responses((status = 200, body = Done)))]
async fn invite_provider(Path(id): Path<i64>, sent: Sent<ProviderInvited>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = InviteProvider { alert: id, version, name: body.name, email: body.email, title: body.title };
    Ok(changed(api.perform(&key, command).await?))
}

/// One thing said.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Voice)]
struct VoiceShown {
    /// Which side speaks.
    speaker: code::Speaker,
    /// Who exactly.
    by: String,
    /// What is said.
    value: String,
    /// Of which day.
    seen_on: Date,
    /// Where it can be read.
    link: Option<String>,
}

/// One fact of a home.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FactOfHome)]
struct FactShown {
    /// The fact.
    fact: code::HomeFact,
    /// The latest words differ.
    differs: bool,
    /// What is said.
    voices: Vec<VoiceShown>,
}

impl From<&Said> for FactShown {
    fn from(said: &Said) -> Self {
        let voices = said.voices.iter().map(|one| VoiceShown {
            speaker: one.speaker.into(),
            by: one.by.clone(),
            value: one.value.clone(),
            seen_on: one.seen_on,
            link: one.link.clone(),
        });
        Self { fact: said.fact.into(), differs: said.differs, voices: voices.collect() }
    }
}

/// A home's facts.
#[derive(Debug, Serialize, ToSchema)]
struct FactsOfHome {
    /// The home's number.
    urn: String,
    /// Fact by fact.
    facts: Vec<FactShown>,
}

/// Read what home, councils and Ofsted say of a home
#[utoipa::path(get, path = "/homes/{urn}/facts", tag = "standing", responses((status = 200, body = FactsOfHome)))]
async fn home_facts(api: Api, Path(urn): Path<String>) -> Answered {
    let (home, said) = api.app().home_voices(&api.actor, &urn).await?;
    Ok(plain(&FactsOfHome { urn: home.urn.to_string(), facts: said.iter().map(Into::into).collect() }))
}

/// What one's own side says.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewVoice {
    /// The fact.
    fact: code::HomeFact,
    /// What was found or is published.
    value: String,
    /// Of which day.
    seen_on: Date,
    /// Where it can be read.
    link: Option<String>,
}

/// Say what one's own side knows of a home's fact
#[utoipa::path(post, path = "/homes/{urn}/facts", tag = "standing", request_body = NewVoice, responses((status = 201, body = Done)))]
async fn say_of_home(Path(urn): Path<String>, sent: Sent<NewVoice>) -> Answered {
    let command: SayOfHome = said(&urn, &fields(&sent.body)?)?;
    Ok(made(sent.api.perform(&sent.key, command).await?))
}

/// Homes of which voices differ.
#[derive(Debug, Serialize, ToSchema)]
struct DifferingHomes {
    /// By name, each with the facts that differ.
    homes: Vec<FactsOfHome>,
}

/// List the homes where voices differ
#[utoipa::path(get, path = "/differing-homes", tag = "standing", responses((status = 200, body = DifferingHomes)))]
async fn differing_homes(api: Api) -> Answered {
    let found = api.app().differing_homes(&api.actor).await?;
    let homes = found
        .iter()
        .map(|(home, said)| FactsOfHome { urn: home.urn.to_string(), facts: said.iter().map(Into::into).collect() });
    Ok(plain(&DifferingHomes { homes: homes.collect() }))
}
