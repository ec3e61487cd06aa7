//! Writing what came before of spot purchases: each child who lives outside the arrangement today, with the reason and the
//! agreement; and the checks of the last year's placements by either route, with their minutes.

use jiff::civil::{Date, date};
use placewell_domain::buying::check::{
    CheckItem, CheckState, Clearance, Evidence, PreCheck, StandardMinutes, Validity,
};
use placewell_domain::buying::spot::{EvidenceLine, Spot, SpotReason, SpotState};
use placewell_domain::homes::home::Home;
use placewell_domain::id::{AgreementId, OfferId};
use placewell_domain::nights::plus_days;
use placewell_domain::placing::agreement::{Agreement, AgreementTerms, Imported, Origin};
use placewell_domain::placing::referral::Referral;
use placewell_domain::power::annual_value::{Route, SpotGround};
use placewell_domain::power::delegation::Act;
use placewell_store::Work;
use placewell_store::work::Record;

use super::history::{Desk, bare, slept};
use crate::answer::Answer;
use crate::demonstration::stays::StayPlan;
use crate::placing::agreement::history;

/// Checks are brought in of placements that began from this day on: what a year's comparison of routes reads.
const SINCE: Date = date(2020, 9, 13);

/// The checks of a home of the arrangement that are for each child and not read by the system.
pub(super) const FOR_THIS_CHILD: &[CheckItem] = &[
    CheckItem::Manager,
    CheckItem::Purpose,
    CheckItem::Impact,
    CheckItem::References,
    CheckItem::AreaCheck,
    CheckItem::Visit,
    CheckItem::Exclusion,
    CheckItem::VisitorReports,
];

/// What a spot purchase adds to them.
const BESIDE: &[CheckItem] = &[
    CheckItem::LegalEntity,
    CheckItem::Insurance,
    CheckItem::Recruitment,
    CheckItem::Policies,
    CheckItem::Terms,
    CheckItem::DataProtection,
    CheckItem::Fees,
];

/// The agreement of a spot purchase with its record, its bed and its value, which stands beside the ceiling.
pub(super) async fn award(
    work: &mut Work,
    desk: &mut Desk<'_>,
    at: usize,
    referral: &Referral,
    (id, offer): (AgreementId, OfferId),
) -> Answer<()> {
    let world = desk.world;
    let stay = &world.stays.stays[at];
    let home = &desk.written.homes[stay.home];
    let reason = world.bought.iter().find(|plan| plan.stay == at).and_then(|plan| plan.reason);
    let spot = recorded(work, desk, (referral, home), stay, reason.unwrap_or(SpotReason::NoneAvailable));
    spot.write(work).await?;
    desk.brought.spots.push(spot.id);
    work.keep_clearance(spot.id, &Clearance { before_start: 0, open: 0, due_on: None, good_until: None }).await?;
    let agreement = agreement(desk, stay, (id, offer), referral)?;
    let imported = Imported { origin: Origin::Spot, at: work.moment().local, by: desk.officer };
    let slept = slept(work, desk.written, stay, id)?;
    desk.brought.stays.push(slept.id.0);
    let agreement = history::keep(work, agreement, imported, slept).await?;
    let commitment = agreement.commitment(work.moment().today());
    work.commit_value(&commitment, &desk.terms.reading, desk.terms.term_end, None).await?;
    checked(work, desk, (referral, home), stay.from, FOR_THIS_CHILD).await?;
    checked(work, desk, (referral, home), stay.from, BESIDE).await
}

fn recorded(
    work: &Work,
    desk: &Desk<'_>,
    (referral, home): (&Referral, &Home),
    stay: &StayPlan,
    reason: SpotReason,
) -> Spot {
    let lots = &desk.world.homes.homes[stay.home].lots;
    let on_lot = lots.iter().any(|(lot, _)| *lot == stay.lot);
    Spot {
        id: work.new_id(),
        version: 1,
        authority: desk.org,
        referral: referral.id,
        reference: referral.reference.clone(),
        child: referral.child,
        home: home.id,
        provider: home.provider,
        lot: stay.lot.to_owned(),
        reason,
        evidence: vec![EvidenceLine {
            what: format!("{}, as the authority's own record had it", reason.label()),
            source: "Brought in".to_owned(),
            on: Some(stay.from),
        }],
        ground: if on_lot { SpotGround::Left } else { SpotGround::NotOnLot },
        emergency: reason == SpotReason::Emergency,
        after_refusal: None,
        asked_by: desk.officer,
        asked_at: plus_days(stay.from, -3).at(10, 0, 0, 0),
        invited: None,
        state: SpotState::Open,
    }
}

fn agreement(
    desk: &mut Desk<'_>,
    stay: &StayPlan,
    (id, offer): (AgreementId, OfferId),
    referral: &Referral,
) -> Answer<Agreement> {
    desk.agreements += 1;
    let signed = plus_days(stay.from, -1).at(15, 0, 0, 0);
    let power = desk.power.clone().filter(|power| stay.from >= power.effective_from);
    let power = power.map(|power| placewell_domain::power::delegation::Power {
        act: Act::SpotPurchase,
        letter: 'c'.into(),
        ..power
    });
    let agreement = bare(desk, stay, referral, (id, offer), (power, signed))?;
    let terms = AgreementTerms { route: Route::Spot, ..agreement.terms };
    let planned_end = plus_days(date(2021, 9, 13), 60 + desk.chance.between(0, 300));
    Ok(Agreement { terms, planned_end, ..agreement })
}

/// The checks of a placement of the last year, done in the week before the start, with their minutes.
pub(super) async fn checked(
    work: &mut Work,
    desk: &mut Desk<'_>,
    (referral, home): (&Referral, &Home),
    start: Date,
    items: &[CheckItem],
) -> Answer<()> {
    if start < SINCE {
        return Ok(());
    }
    let standard = StandardMinutes::starting();
    for item in items {
        let usual = i64::from(standard.of(*item));
        let measured = desk.chance.between(usual / 2, usual * 3 / 2);
        let said = if desk.chance.percent(20) { desk.chance.between(5, 30) } else { 0 };
        let on = plus_days(start, -desk.chance.between(1, 6));
        let until = match item.validity() {
            Validity::Days(days) => Some(plus_days(on, days)),
            Validity::ToExpiry => Some(plus_days(on, desk.chance.between(30, 360))),
            Validity::Placement => None,
        };
        let kind = item.evidence()[0];
        let evidence = Evidence { kind, on, number: format!("E-{}", referral.reference.number), until, words: None };
        let at = on.at(11, 0, 0, 0);
        let minutes = |minutes: i64| u32::try_from(minutes).unwrap_or_default();
        let check = PreCheck {
            id: work.new_id(),
            version: 1,
            authority: desk.org,
            referral: referral.id,
            reference: referral.reference.clone(),
            home: home.id,
            provider: home.provider,
            item: *item,
            officer: desk.officer,
            begun: at,
            measured: minutes(measured),
            said: minutes(said),
            state: CheckState::Done { at, by: desk.officer, evidence },
        };
        check.write(work).await?;
        desk.brought.checks.push(check.id);
    }
    Ok(())
}
