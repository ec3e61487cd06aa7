//! Search: what a role may open, found by reference, number or name. Children are never searched by name.

use placewell_domain::authority::lookup;
use placewell_domain::homes::home::Home;
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::{Actor, Role};
use placewell_store::{Session, StoreError};

use crate::answer::Answer;
use crate::command::App;

pub mod cover;
pub mod glass;
pub(crate) mod granting;

/// The most results of one search.
pub const MOST: usize = 50;

/// Something found, and where its page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// Its reference or name.
    pub name: String,
    /// The path of its page.
    pub path: String,
    /// One fact that tells it from others.
    pub fact: String,
}

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundKind {
    /// A referral, by its reference.
    Referral,
    /// An agreement, by its reference.
    Agreement,
    /// A request for approval, by its reference.
    Approval,
    /// A published decision, by its reference.
    Decision,
    /// A home, by its number or a part of its name.
    Home,
    /// A provider, by a part of its name.
    Provider,
}

impl FoundKind {
    /// The word on a page.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Referral => "Referral",
            Self::Agreement => "Agreement",
            Self::Approval => "Approval",
            Self::Decision => "Decision",
            Self::Home => "Home",
            Self::Provider => "Provider",
        }
    }
}

impl App {
    /// What the person may open whose reference is `asked`, or whose name holds it: exact references first, then
    /// homes, then providers. One more than [`MOST`] at the most, so that a page can tell that there is more.
    pub async fn search(&self, actor: &Actor, asked: &str) -> Answer<Vec<Found>> {
        let asked = asked.trim();
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let session = self.store.read(Some(actor.organisation)).await?;
        let mut found = by_reference(&session, actor, asked).await?;
        found.extend(by_name(&session, actor, &asked.to_lowercase()).await?);
        found.truncate(MOST + 1);
        Ok(found)
    }
}

async fn by_reference(session: &Session, actor: &Actor, asked: &str) -> Answer<Vec<Found>> {
    let mut found = Vec::new();
    let name = asked.to_uppercase();
    let own = "Of your organisation".to_owned();
    if may(actor.role, Action::SeeReferrals)
        && there(session.referral_by_reference(actor.organisation, &name).await)?.is_some()
    {
        found.push(Found {
            kind: FoundKind::Referral,
            path: format!("/referrals/{name}"),
            name: name.clone(),
            fact: own.clone(),
        });
    }
    if may(actor.role, Action::SeeInvitations)
        && !session.received_by_reference(actor.organisation, &name).await?.is_empty()
    {
        let path = format!("/provider/referrals/{name}");
        found.push(Found {
            kind: FoundKind::Referral,
            path,
            name: name.clone(),
            fact: "Sent to your homes".to_owned(),
        });
    }
    if may(actor.role, Action::SeeAgreements) && there(session.agreement(actor.organisation, &name).await)?.is_some() {
        let path = format!("/agreements/{name}");
        found.push(Found { kind: FoundKind::Agreement, path, name: name.clone(), fact: own.clone() });
    }
    if may(actor.role, Action::SeeApprovals) && there(session.approval(actor.organisation, &name).await)?.is_some() {
        let path = format!("/approvals/{name}");
        found.push(Found { kind: FoundKind::Approval, path, name: name.clone(), fact: own });
    }
    if let Some(published) = there(session.published_decision(&name).await)? {
        let path = format!("/decisions/{name}");
        found.push(Found { kind: FoundKind::Decision, path, name, fact: published.decision.page.title });
    }
    Ok(found)
}

/// `None` where the store found nothing that this session may see.
fn there<T>(found: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn by_name(session: &Session, actor: &Actor, asked: &str) -> Answer<Vec<Found>> {
    let homes = match actor.role {
        role if may(role, Action::SeeHomes) => session.homes().await?,
        Role::ProviderManager => session.homes_of(actor.organisation).await?,
        _ => Vec::new(),
    };
    let fits = |home: &&Home| home.urn.as_str().eq_ignore_ascii_case(asked) || home.name.to_lowercase().contains(asked);
    let mut found: Vec<Found> = homes.iter().filter(fits).map(|home| found_home(actor, home)).collect();
    let providers = session
        .organisations()
        .await?
        .into_iter()
        .filter(|one| one.kind == OrganisationKind::Provider && one.name.to_lowercase().contains(asked));
    found.extend(providers.map(|one| Found {
        kind: FoundKind::Provider,
        path: provider_path(actor.role, &one.code),
        name: one.name,
        fact: "Provider in the arrangement's register".to_owned(),
    }));
    Ok(found)
}

/// Where a role reads of a provider: as it is kept, as it is watched, or in the public list.
fn provider_path(role: Role, code: &str) -> String {
    if may(role, Action::KeepHomes) {
        format!("/region/providers/{code}")
    } else if may(role, Action::SeeMonitoring) {
        format!("/monitoring/providers/{code}")
    } else {
        "/providers".to_owned()
    }
}

fn found_home(actor: &Actor, home: &Home) -> Found {
    let urn = home.urn.as_str();
    let own = actor.role == Role::ProviderManager;
    let path = if own { format!("/provider/homes/{urn}/beds") } else { format!("/homes/{urn}") };
    let place = lookup(home.area).map_or("area not known", |authority| authority.name);
    Found { kind: FoundKind::Home, path, name: home.name.clone(), fact: format!("{urn}, {place}") }
}
