//! Documents that lapse soon: their provider is told by mail 60, 30 and 7 days before, once each. A job of the regional team
//! that keeps the arrangement, since no provider has a calendar of its own here.

use jiff::civil::Date;
use placewell_domain::homes::home::paper::{Paper, TOLD_BEFORE};
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;
use placewell_store::{Session, Work};

use crate::answer::Answer;
use crate::command::{App, ended};
use crate::office::message::{Notice, deliver};

/// The documents of which nobody was told at the step that was reached, with the step's key.
async fn to_tell(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<(Paper, String)>> {
    let mut found = Vec::new();
    if session.current_arrangement().await?.is_none_or(|kept| kept.region != org) {
        return Ok(found);
    }
    for paper in session.papers_lapsing((today, plus_days(today, TOLD_BEFORE[0]))).await? {
        let (Some(step), Some(until)) = (paper.told_before(today), paper.expires_on) else { continue };
        let key = format!("{until} in {step}");
        if !session.is_chased(org, "paper", paper.id.0, &key).await? {
            found.push((paper, key));
        }
    }
    Ok(found)
}

/// Whether a provider is to be told today.
pub(crate) async fn due(session: &Session, org: OrganisationId, today: Date) -> Answer<bool> {
    Ok(!to_tell(session, org, today).await?.is_empty())
}

/// Tells of each, in a transaction of its own.
pub(crate) async fn run_due(app: &App, org: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let session = app.store.read(Some(org)).await?;
    let all = to_tell(&session, org, moment.today()).await?;
    drop(session);
    let mut result = Ok(());
    for (paper, key) in all {
        let mut work = app.store.begin(org, moment).await?;
        let done = tell(&mut work, &paper, &key).await;
        result = result.and(ended(work, done).await);
    }
    result
}

async fn tell(work: &mut Work, paper: &Paper, key: &str) -> Answer<()> {
    let until = paper.expires_on.map_or_else(String::new, |day| day.strftime("%-d %B %Y").to_string());
    let notice = Notice {
        to: paper.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: a document lapses soon", paper.kind.label()),
        lines: vec![format!("Its last day is {until}. Renew it under the same number, or withdraw it.")],
        path: "/provider/documents".to_owned(),
    };
    deliver(work, &notice, &format!("paper/{}/{key}", paper.id)).await?;
    Ok(work.chased("paper", paper.id.0, key).await?)
}
