//! A check that the regional evaluation had satisfied and that has lapsed: every authority has to do it itself from then on,
//! so the regional team is told, once for each lapse.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::homes::standing::{StandingFact, StandingReason, StandingSubject};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Role;
use placewell_store::{Session, Work};

use crate::answer::Answer;
use crate::command::{App, ended};
use crate::office::message::{Notice, deliver};

/// A provider's insurance that the region knew of and that has lapsed.
struct Lapse {
    provider: OrganisationId,
    since: Date,
}

/// The lapses that hold today and of which nobody was told yet.
async fn lapses(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Lapse>> {
    let kept = session.current_arrangement().await?;
    if kept.is_none_or(|kept| kept.region != org) {
        return Ok(Vec::new());
    }
    let holds = |fact: &StandingFact| {
        fact.reason == StandingReason::InsuranceLapsed && fact.from <= today && today < fact.until
    };
    let mut found = Vec::new();
    for fact in session.standing_facts().await?.into_iter().filter(holds) {
        let StandingSubject::Provider(provider) = fact.subject else { continue };
        if !session.is_chased(org, "check", provider.0, &named(fact.from)).await? {
            found.push(Lapse { provider, since: fact.from });
        }
    }
    Ok(found)
}

fn named(since: Date) -> String {
    format!("insurance {since}")
}

/// Whether the regional team is to be told of a lapse today.
pub async fn due(session: &Session, org: OrganisationId, today: Date) -> Answer<bool> {
    Ok(!lapses(session, org, today).await?.is_empty())
}

/// Tells it, each lapse in a transaction of its own.
pub async fn tell_due(app: &Arc<App>, org: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let session = app.store.read(Some(org)).await?;
    let found = lapses(&session, org, moment.today()).await?;
    drop(session);
    let mut result = Ok(());
    for lapse in found {
        let mut work = app.store.begin(org, moment).await?;
        let done = tell(&mut work, &lapse).await;
        result = result.and(ended(work, done).await);
    }
    result
}

async fn tell(work: &mut Work, lapse: &Lapse) -> Answer<()> {
    let provider = work.organisation_by_id(lapse.provider).await?;
    let today = work.moment().today();
    let mut homes = 0_u64;
    for home in work.homes().await?.into_iter().filter(|home| home.provider == lapse.provider) {
        if work.admissions_of(home.id).await?.iter().any(|one| one.holds_on(today)) {
            homes += 1;
        }
    }
    let notice = Notice {
        to: work.org().0,
        role: Role::CommissioningLead,
        subject: format!("{}: a check done regionally has lapsed", provider.name),
        lines: vec![
            format!("Insurance, since {}. It stood for {homes} homes.", lapse.since.strftime("%-d %B %Y")),
            "Until it is renewed, every authority has to check it for each child itself.".to_owned(),
        ],
        path: format!("/region/providers/{}", provider.code),
    };
    let key = named(lapse.since);
    deliver(work, &notice, &format!("lapsed/{}/{key}", lapse.provider)).await?;
    work.chased("check", lapse.provider.0, &key).await?;
    Ok(())
}
