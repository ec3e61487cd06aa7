//! Two more searches of Herefordshire: an emergency bought outside the arrangement on Thursday, whose other checks are due
//! on this Thursday; and a child for whom no registered home was found on Friday, in an unregistered setting since.

use jiff::civil::{Date, DateTime, date};
use placewell_domain::buying::check::CheckItem;
use placewell_domain::buying::spot::unregistered::{Application, Court, CourtOrder, SearchStands};
use placewell_domain::homes::home::NeedSet;
use placewell_domain::money::Pence;
use placewell_domain::placing::agreement::UnsignedReason;
use placewell_domain::placing::invitation::DeclineReason;
use placewell_domain::placing::referral::redaction::Finding;
use placewell_domain::placing::referral::standard::LivingCompanions;
use placewell_domain::placing::referral::{Ask, DeadlineChoice, EmergencyCause, Plan, Tier};

use super::{Bid, Teller, at, core};
use crate::answer::Answer;
use crate::buying::check::{RecordCheck, TypedAct, TypedEvidence};
use crate::buying::spot::RequestSpot;
use crate::buying::spot::unregistered::{ConfirmUnregistered, RecordUnregistered, ReviewUnregistered};
use crate::demonstration::chance::Chance;
use crate::demonstration::needs::{self, Wish};
use crate::demonstration::people::DIRECTOR;
use crate::placing::referral::sending::SendReferral;

/// The lots that the emergency could be sought on, the usual one first.
const LOTS: [&str; 5] = ["crisis", "therapeutic", "planned", "disabilities", "with_education"];

/// Tells both.
pub(super) async fn tell(teller: &Teller<'_>) -> Answer<()> {
    emergency(teller).await?;
    unregistered(teller).await
}

/// A search that one home of the arrangement was asked for; its reference and that home's place in the list.
async fn asked_one(
    teller: &Teller<'_>,
    wish: &Wish,
    (sent, deadline): (DateTime, DateTime),
) -> Answer<Option<(String, usize)>> {
    let mut profile = needs::profile(wish, &mut Chance::of(&format!("story {}", wish.child)));
    profile.must_haves = NeedSet::default();
    profile.within_miles = None;
    profile.avoid = Vec::new();
    profile.standard.living_companions = Some(LivingCompanions::WithOtherChildren);
    let started = sent.saturating_sub(jiff::Span::new().minutes(11));
    let reference = teller.begin(wish, Some(&profile), started).await?;
    let narrative = needs::narrative(&profile, wish.child);
    teller.answer(&reference, 1, (profile.clone(), narrative.clone(), Plan::default()), started).await?;
    let officer = teller.app.actor_by_email(&teller.officer()).await?;
    let found = teller.app.candidates(&officer, &reference).await?;
    let Some(home) = found.homes.iter().find(|home| home.tier == Tier::Fca).map(|home| home.home) else {
        return Ok(None);
    };
    let Some(place) = teller.written.homes.iter().position(|known| known.id == home) else { return Ok(None) };
    let homes = vec![Ask { home, tier: Tier::Fca }];
    let plan = Plan { homes, deadline: Some(DeadlineChoice::At(deadline)), ..Plan::default() };
    teller.answer(&reference, 2, (profile, narrative, plan), started).await?;
    let checked = teller.app.checked_referral(&officer, &reference).await?;
    let confirmed = checked.findings.iter().map(Finding::key).collect();
    let send = SendReferral { reference: reference.clone(), version: 3, confirmed, accept_few: true };
    teller.act(&teller.officer(), sent, send).await?;
    Ok(Some((reference, place)))
}

async fn version(teller: &Teller<'_>, reference: &str) -> Answer<i64> {
    let org = teller.written.organisation(teller.part.code)?;
    let session = teller.app.store.read(Some(org)).await?;
    Ok(session.referral_by_reference(org, reference).await?.version)
}

/// A home of the area that stands outside the arrangement for this lot, suits the child and has a bed free.
fn outside(teller: &Teller<'_>, wish: &Wish) -> Option<usize> {
    let world = teller.world;
    let day = wish.start;
    let free = |home: usize| {
        let mut stays = world.by_home[home].iter().map(|at| &world.stays.stays[*at]);
        !stays.any(|stay| stay.live() && stay.solo) && teller.free_bed(home, day).is_some()
    };
    let no_concern = |home: usize| {
        use placewell_domain::homes::home::Grade;
        let visits = &world.homes.homes[home].inspections;
        world.homes.homes[home].grade != Grade::Inadequate
            && visits.iter().all(|seen| seen.grade != Some(Grade::Inadequate))
    };
    // The story's own homes keep their rooms for the story.
    let kept = world.cast.free();
    (0..world.homes.homes.len()).find(|at| {
        let home = &world.homes.homes[*at];
        kept.iter().all(|(cast, _)| cast != at)
            && teller.written.homes[*at].area == teller.part.area()
            && home.lots.iter().all(|(lot, _)| *lot != wish.lot)
            && home.sector == placewell_domain::homes::home::Sector::Private
            && home.ages.admit(wish.age)
            && home.sex.admits(wish.sex)
            && home.registered < wish.sent
            && no_concern(*at)
            && free(*at)
    })
}

/// HEF-R-0045: bought outside the arrangement on Thursday under limb (c), with the checks that come before a start.
async fn emergency(teller: &Teller<'_>) -> Answer<()> {
    let start = date(2021, 9, 9);
    let mut wishes = LOTS.iter().flat_map(|lot| {
        (12..=16).map(move |age| {
            let mut wish = Teller::wish(45, age, lot, (start, start));
            wish.emergency = Some(EmergencyCause::PlacementEnded);
            wish
        })
    });
    let found = wishes.find_map(|wish| Some((outside(teller, &wish)?, wish)));
    let Some((home, wish)) = found else { return Ok(()) };
    let asked = asked_one(teller, &wish, (at(9, 9, 13, 10), at(9, 9, 15, 0))).await?;
    let Some((reference, first)) = asked else { return Ok(()) };
    teller.decline(&reference, first, DeclineReason::NoStaffedBed, at(9, 9, 13, 50)).await?;
    let urn = teller.written.homes[home].urn.to_string();
    let request = RequestSpot {
        reference: reference.clone(),
        version: version(teller, &reference).await?,
        urn: urn.clone(),
        reason: "emergency".to_owned(),
        document: None,
        this_child: true,
    };
    teller.act(&teller.officer(), at(9, 9, 14, 5), request).await?;
    let bid = Bid { home, at: at(9, 9, 14, 40), lines: vec![core(start, 6_900)], keeps_school: false, late: None };
    teller.offer(&reference, bid).await?;
    let before = CheckItem::ALL.iter().filter(|item| item.before_an_emergency() && !item.by_the_system());
    for (minute, item) in (0..).zip(before) {
        check(teller, (&reference, &urn), *item, at(9, 9, 15, 10 + 6 * minute)).await?;
    }
    let org = teller.written.organisation(teller.part.code)?;
    let session = teller.app.store.read(Some(org)).await?;
    let referral = session.referral_by_reference(org, &reference).await?.id;
    let number = session.offers_of(org, referral).await?.first().map_or(2, |offer| offer.number);
    drop(session);
    let approval = teller.recommend(&reference, number, 12, at(9, 9, 16, 0)).await?;
    let agreement = teller.approve(&approval, at(9, 9, 16, 30)).await?;
    teller.start(&agreement, start, Some(UnsignedReason::Emergency), at(9, 9, 19, 0)).await
}

async fn check(teller: &Teller<'_>, (reference, urn): (&str, &str), item: CheckItem, done: DateTime) -> Answer<()> {
    let evidence = TypedEvidence {
        kind: item.evidence()[0],
        on: done.date(),
        number: "E-2021-45".to_owned(),
        until: None,
        words: String::new(),
    };
    let command = RecordCheck {
        reference: reference.to_owned(),
        urn: urn.to_owned(),
        item,
        version: 0,
        act: TypedAct::Do(evidence),
        opened: Some(done.saturating_sub(jiff::Span::new().minutes(5))),
        said: 10,
    };
    teller.act(&teller.officer(), done, command).await?;
    Ok(())
}

/// HEF-R-0046: no home could take the child on Friday; an unregistered setting, reviewed every day, today's still to do.
async fn unregistered(teller: &Teller<'_>) -> Answer<()> {
    let first: Date = date(2021, 9, 10);
    let mut wish = Teller::wish(46, 15, "planned", (first, first));
    wish.emergency = Some(EmergencyCause::PlacementEnded);
    let asked = asked_one(teller, &wish, (at(9, 10, 11, 20), at(9, 10, 13, 0))).await?;
    let Some((reference, home)) = asked else { return Ok(()) };
    teller.decline(&reference, home, DeclineReason::Risk, at(9, 10, 12, 15)).await?;
    let record = RecordUnregistered {
        reference: reference.clone(),
        version: version(teller, &reference).await?,
        from: first,
        weekly: Pence::pounds(11_900),
        court: Court { order: CourtOrder::Applied, on: None, until: None },
        ofsted_told: None,
        application: Application::NotMade,
        setting: "A rented house with agency staff; the agency has run no home before.".to_owned(),
        why: "Every home that could meet the needs declined. Two adults at all times, day and night.".to_owned(),
    };
    let receipt = teller.act(&teller.officer(), at(9, 10, 18, 40), record).await?;
    let record = receipt.location.rsplit('/').next().and_then(|id| id.parse().ok()).unwrap_or_default();
    teller.act(DIRECTOR, at(9, 10, 19, 30), ConfirmUnregistered { record, version: 1 }).await?;
    for (version, (on, search)) in (2..).zip([
        (first, SearchStands::GoesOn),
        (date(2021, 9, 11), SearchStands::GoesOn),
        (date(2021, 9, 12), SearchStands::GoesOn),
    ]) {
        let review = ReviewUnregistered { record, version, on, search, seen: true };
        teller.act(&teller.officer(), on.at(20, 0, 0, 0), review).await?;
    }
    Ok(())
}
