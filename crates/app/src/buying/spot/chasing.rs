//! What timers watch of spot purchases: an emergency's checks that are overdue, a home that is dearer as spot than its
//! tendered price (rule 4.3), and the daily review of a child in an unregistered setting (rule 7.3). Each is told once.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::buying::spot::unregistered::Unregistered;
use placewell_domain::buying::spot::{Spot, dearer_than_tendered};
use placewell_domain::homes::home::alert::AlertKind;
use placewell_domain::homes::price::LineKind;
use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;
use placewell_domain::power::delegation::StatutoryOffice;
use placewell_store::buying::spot::SpotRow;
use placewell_store::{Session, Work};

use super::tendered;
use crate::answer::Answer;
use crate::command::{App, ended};
use crate::homes::home::alert::raise_later;
use crate::office::message::{Notice, deliver, deliver_to};

/// Whether something of an authority is to be told today.
pub async fn due(session: &Session, org: OrganisationId, today: Date) -> Answer<bool> {
    Ok(!session.spot_checks_to_chase(org, today).await?.is_empty()
        || !session.spots_to_price(org).await?.is_empty()
        || !unreviewed(session, org, today).await?.is_empty())
}

/// Children in unregistered settings of whom yesterday has no review, and nobody was told yet.
async fn unreviewed(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Unregistered>> {
    let yesterday = plus_days(today, -1);
    let open = session.unregistered_to_chase(org, yesterday).await?;
    Ok(open.into_iter().filter(|one| one.review_due(yesterday).is_some()).collect())
}

/// Tells each of it once, in a transaction of its own.
pub async fn chase_due(app: &Arc<App>, org: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let session = app.store.read(Some(org)).await?;
    let late = session.spot_checks_to_chase(org, moment.today()).await?;
    let priced = session.spots_to_price(org).await?;
    let unreviewed = unreviewed(&session, org, moment.today()).await?;
    drop(session);
    let mut result = Ok(());
    for row in &late {
        let mut work = app.store.begin(org, moment).await?;
        let done = chase_checks(&mut work, row).await;
        result = result.and(ended(work, done).await);
    }
    for (spot, weekly) in &priced {
        let mut work = app.store.begin(org, moment).await?;
        let done = hold_price(&mut work, spot, *weekly).await;
        result = result.and(ended(work, done).await);
    }
    for record in &unreviewed {
        let mut work = app.store.begin(org, moment).await?;
        let done = chase_review(&mut work, record).await;
        result = result.and(ended(work, done).await);
    }
    result
}

async fn chase_checks(work: &mut Work, row: &SpotRow) -> Answer<()> {
    let (open, due) = row.checks.map_or((0, None), |(_, open, due)| (open, due));
    let by = due.map_or_else(String::new, |due| due.strftime("%-d %B %Y").to_string());
    let spot = &row.spot;
    for role in [Role::PlacementOfficer, Role::Approver] {
        let notice = Notice {
            to: work.org().0,
            role,
            subject: format!("{}: checks of a spot purchase are overdue", spot.reference),
            lines: vec![format!("{open} checks were to be done by {by}, 5 working days after the start.")],
            path: format!("/referrals/{}/spot", spot.reference),
        };
        deliver(work, &notice, &format!("overdue/spot/{}/{}", spot.id, role.code())).await?;
    }
    work.chased("spot", spot.id, "checks").await?;
    Ok(())
}

/// Holds what a home asks as spot against its tendered price, once for each price that it asks.
async fn hold_price(work: &mut Work, spot: &Spot, weekly: Pence) -> Answer<()> {
    let offers = work.offers_of(work.org(), spot.referral).await?;
    let offer = offers.iter().rev().find(|offer| offer.home == spot.home && offer.total() == weekly);
    if let Some(offer) = offer {
        let core = offer.terms.of_kind(LineKind::Core);
        let known = tendered(work, spot.home, &spot.lot, offer.terms.start).await?;
        if let Some(more) = dearer_than_tendered(core, known) {
            tell_dearer(work, spot, more).await?;
        }
    }
    work.chased("spot", spot.id, &format!("price {}", weekly.0)).await?;
    Ok(())
}

/// The officers learn by how much; the region learns that it is so, of which home, and not for whom.
async fn tell_dearer(work: &mut Work, spot: &Spot, more: Pence) -> Answer<()> {
    let home = work.home(spot.home).await?;
    let notice = Notice {
        to: work.org().0,
        role: Role::PlacementOfficer,
        subject: format!("{}: dearer as spot than its tendered price", spot.reference),
        lines: vec![format!("{} asks more than its tendered price on the arrangement.", home.name)],
        path: format!("/referrals/{}/spot", spot.reference),
    };
    deliver(work, &notice, &format!("dearer/{}/{}", spot.id, more.0)).await?;
    if let Some(kept) = work.current_arrangement().await? {
        let region = Notice {
            to: kept.region.0,
            role: Role::CommissioningLead,
            subject: format!("{}: dearer as spot than its tendered price", home.urn),
            lines: vec![format!("{} asks more as spot purchase.", home.name)],
            path: format!("/homes/{}", home.urn),
        };
        work.enqueue(region.job()?);
        // Folded within a month, and without the amount: authorities with a child there read it, too.
        let month = work.moment().today().strftime("in %B %Y").to_string();
        let source = "A spot offer beside the price schedule";
        raise_later(work, (kept.region, home.id), AlertKind::AbovePrice, (&month, source))?;
    }
    Ok(())
}

/// A day without a review is told to the officers and to the director of children's services.
async fn chase_review(work: &mut Work, record: &Unregistered) -> Answer<()> {
    let yesterday = plus_days(work.moment().today(), -1);
    let notice = Notice {
        to: work.org().0,
        role: Role::PlacementOfficer,
        subject: format!("{}: a daily review is missing", record.reference),
        lines: vec![format!("No review is recorded for {}.", yesterday.strftime("%-d %B %Y"))],
        path: format!("/unregistered/{}", record.id),
    };
    let dedupe = format!("review/{}/{yesterday}", record.id);
    deliver(work, &notice, &dedupe).await?;
    tell_director(work, record.responsible, &notice, &dedupe).await?;
    work.chased("unregistered", record.id, &yesterday.to_string()).await?;
    Ok(())
}

/// Tells the director of children's services of the responsible authority, where the appointment is recorded.
pub(super) async fn tell_director(
    work: &mut Work,
    responsible: OrganisationId,
    notice: &Notice,
    dedupe: &str,
) -> Answer<()> {
    let today = work.moment().today();
    let appointments = work.statutory_appointments(responsible).await?;
    let held = appointments.into_iter().filter(|one| {
        one.office == StatutoryOffice::DirectorOfChildrensServices && one.from <= today && today < one.to
    });
    for one in held {
        deliver_to(work, one.person, notice, dedupe).await?;
    }
    Ok(())
}
