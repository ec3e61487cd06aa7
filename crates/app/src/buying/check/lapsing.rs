//! A check that the regional evaluation had satisfied and that has lapsed: every authority has to do it itself from then on,
//! so the regional team is told, once for each lapse; and before, of what runs out.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Role;
use placewell_store::{Session, Work};

use super::expiring::{self, expiries};
use crate::answer::Answer;
use crate::command::{App, ended};
use crate::homes::standing::{Ending, ending_by};
use crate::office::message::{Notice, deliver};

/// Insurance of providers that has ended and of which nobody was told yet.
async fn lapses(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Ending>> {
    let kept = session.current_arrangement().await?;
    if kept.is_none_or(|kept| kept.region != org) {
        return Ok(Vec::new());
    }
    let mut found = ending_by(session, today, today).await?;
    let providers: Vec<i64> = found.iter().map(|ending| ending.provider.0).collect();
    let told = session.chased_among(org, &providers).await?;
    found.retain(|ending| !told.contains(&("check".to_owned(), ending.provider.0, named(ending.from))));
    Ok(found)
}

fn named(since: Date) -> String {
    format!("insurance {since}")
}

/// Whether somebody is to be told today of what has lapsed or runs out.
pub async fn due(session: &Session, org: OrganisationId, today: Date) -> Answer<bool> {
    Ok(!lapses(session, org, today).await?.is_empty() || !expiries(session, org, today).await?.is_empty())
}

/// Tells it, each in a transaction of its own.
pub async fn tell_due(app: &Arc<App>, org: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let session = app.store.read(Some(org)).await?;
    let found = lapses(&session, org, moment.today()).await?;
    let ahead = expiries(&session, org, moment.today()).await?;
    drop(session);
    let mut result = Ok(());
    for expiry in ahead {
        let mut work = app.store.begin(org, moment).await?;
        let done = expiring::tell(&mut work, &expiry).await;
        result = result.and(ended(work, done).await);
    }
    for lapse in found {
        let mut work = app.store.begin(org, moment).await?;
        let done = tell(&mut work, &lapse).await;
        result = result.and(ended(work, done).await);
    }
    result
}

async fn tell(work: &mut Work, lapse: &Ending) -> Answer<()> {
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
            format!("Insurance, since {}. It stood for {homes} homes.", lapse.from.strftime("%-d %B %Y")),
            "Until it is renewed, every authority has to check it for each child itself.".to_owned(),
        ],
        path: format!("/region/providers/{}", provider.code),
    };
    let key = named(lapse.from);
    deliver(work, &notice, &format!("lapsed/{}/{key}", lapse.provider)).await?;
    work.chased("check", lapse.provider.0, &key).await?;
    Ok(())
}
