//! Writing what the comparison reads: every placement's price without whom it was for, why spot purchases were made, and
//! what each authority's decision expected of prices.

use placewell_domain::calendar::quarter_of;
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::placing::agreement::PricePoint;
use placewell_domain::placing::referral::{LostBy, LostSearches};
use placewell_domain::reporting::comparison::{EXPECTED_PRICES, Expectation};
use placewell_domain::setting::SettingValue as _;
use placewell_store::Work;

use super::{World, Written};
use crate::answer::Answer;
use crate::demonstration::comparison::points;
use crate::demonstration::stays::effective;

/// Writes one authority's, in its own transaction.
pub(super) async fn write(work: &mut Work, world: &World, written: &Written, part: usize) -> Answer<()> {
    let org = work.org();
    let own = |stay: usize| world.stays.stays[stay].part == Some(part);
    let number = |stay: usize| i64::try_from(stay).unwrap_or_default();
    let bought: Vec<(i64, PricePoint)> = points(world)
        .into_iter()
        .filter(|(stay, _)| own(*stay))
        .map(|(stay, point)| {
            let home = written.homes[world.stays.stays[stay].home].id.0;
            (number(stay), PricePoint { authority: org, home, ..point })
        })
        .collect();
    work.keep_price_points(&bought).await?;
    for plan in world.bought.iter().filter(|plan| own(plan.stay)) {
        let Some(reason) = plan.reason else { continue };
        let stay = &world.stays.stays[plan.stay];
        let lost = LostSearches {
            authority: org,
            quarter: quarter_of(stay.from),
            lot: stay.lot.to_owned(),
            by: LostBy::Spot,
            reason: reason.code().to_owned(),
            count: 1,
        };
        work.lose_search(number(plan.stay), &lost).await?;
    }
    work.record(Event::new("price_point.imported", "comparison", org.0, 1).with("placements", bought.len()));
    expect(work, part, org).await
}

/// Every adoption carries the sentence "the FCA and spot prices expected to be paid are broadly similar".
async fn expect(work: &mut Work, part: usize, org: OrganisationId) -> Answer<()> {
    let from = effective(part);
    work.set(EXPECTED_PRICES.name, from, &Expectation::BroadlySimilar.write()).await?;
    let event = Event::new("setting.changed", "setting", org.0, 1);
    work.record(event.with("key", EXPECTED_PRICES.name).with("from", from));
    Ok(())
}
