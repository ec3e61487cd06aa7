//! The comparison on the demonstration's own record, on both databases: who reads it, what it rests on, and that what is
//! done later changes it.

use std::sync::Arc;

use jiff::civil::date;
use placewell_app::demonstration::calendar;
use placewell_app::placing::agreement::{CancelAgreement, Decided};
use placewell_app::placing::referral::NotPlaced;
use placewell_app::reporting::comparison::{
    AskedPrices, ChecksPage, Division, PartRow, PricePage, ToldBurden, price_sheet, share_sheet,
};
use placewell_app::{App, Outcome};
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{Agreement, BuyingRoute, CancelReason, PricePoint};
use placewell_domain::placing::referral::{LostBy, LostSearches, NotPlacedReason, ReferralState};
use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::comparison::{Expectation, Pair};
use placewell_domain::reporting::publication::AT_LEAST;
use placewell_insight::reporting::comparison::Side;
use placewell_store::placing::agreement::AgreementTab;
use placewell_testkit::databases::both_filled;

const GRACE: &str = "grace.marchment@west-midlands-team.example";
const MARCUS: &str = "marcus.inkberrow@west-midlands-team.example";
const DAVID: &str = "david.oakden@herefordshire.example";
const PRIYA: &str = "priya.shah@herefordshire.example";
const LEROY: &str = "leroy.whitbourne@operator.example";

async fn actor(app: &App, email: &str) -> Actor {
    app.actor_by_email(email).await.unwrap()
}

async fn points(app: &App, reader: Option<&Actor>) -> Vec<PricePoint> {
    let session = app.store.read(reader.map(|actor| actor.organisation)).await.unwrap();
    session.price_points().await.unwrap()
}

async fn lost(app: &App, reader: &Actor) -> Vec<LostSearches> {
    app.store.read(Some(reader.organisation)).await.unwrap().lost_searches().await.unwrap()
}

async fn agreements(app: &App, of: &Actor) -> Vec<Agreement> {
    let session = app.store.read(Some(of.organisation)).await.unwrap();
    let mut all = Vec::new();
    for tab in [AgreementTab::Coming, AgreementTab::Live, AgreementTab::Past] {
        all.extend(session.agreements(of.organisation, tab, (0, 5_000)).await.unwrap().0);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_1_the_comparison_rests_on_every_agreement_and_names_nobody() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let (grace, priya) = (actor(&app, GRACE).await, actor(&app, PRIYA).await);
        who_reads(&app, &grace, &priya).await;
        every_agreement(&app, &priya).await;
        the_pages(&app, &grace).await;
        few_are_not_told(&app, &grace, &priya).await;
        few_are_not_counted(&app, &grace, &priya).await;
        what_is_done_later(&app, &priya).await;
        brought_forward(&app, &priya).await;
        let hef = app.store.read(Some(priya.organisation)).await.unwrap();
        assert!(hef.verify_chain(priya.organisation).await.unwrap().faults.is_empty());
    })
    .await;
}

/// Members of the arrangement read all; providers and visitors read nothing; no reader finds a home behind its number.
async fn who_reads(app: &Arc<App>, grace: &Actor, priya: &Actor) {
    let all = points(app, Some(grace)).await;
    assert!(all.len() > 200, "{}", all.len());
    assert_eq!(points(app, Some(priya)).await, all);
    assert!(points(app, None).await.is_empty());
    let manager = app.demonstration_people().await.unwrap();
    let manager = manager.iter().find(|person| person.email.starts_with("placements@")).unwrap().email.clone();
    let manager = actor(app, &manager).await;
    assert!(points(app, Some(&manager)).await.is_empty() && lost(app, &manager).await.is_empty());
    assert!(matches!(app.price_comparison(&manager, AskedPrices::default()).await, Err(Outcome::Forbidden(_))));
    assert!(matches!(app.route_share(&manager, None).await, Err(Outcome::Forbidden(_))));
    assert!(matches!(app.checks_by_route(&actor(app, LEROY).await).await, Err(Outcome::Forbidden(_))));
    let homes = app.visit().await.unwrap().homes().await.unwrap();
    assert!(all.iter().all(|point| homes.iter().all(|home| home.id.0 != point.home)));
    let bought_at: std::collections::BTreeSet<i64> = all.iter().map(|point| point.home).collect();
    assert!(bought_at.len() > 30 && bought_at.len() <= homes.len(), "{}", bought_at.len());
}

/// Every agreement of an authority through the arrangement, imported or made here, has its own price, and no other has.
async fn every_agreement(app: &Arc<App>, priya: &Actor) {
    let through = |agreement: &&Agreement| agreement.terms.route == Route::Arrangement;
    let mut expected: Vec<_> = agreements(app, priya)
        .await
        .iter()
        .filter(through)
        .map(|agreement| (placewell_domain::calendar::quarter_of(agreement.terms.start), agreement.weekly()))
        .collect();
    let own = |point: &&PricePoint| point.authority == priya.organisation && point.route == BuyingRoute::Arrangement;
    let mut kept: Vec<_> =
        points(app, Some(priya)).await.iter().filter(own).map(|point| (point.quarter, point.weekly)).collect();
    expected.sort_unstable();
    kept.sort_unstable();
    assert_eq!(kept, expected);
}

async fn the_pages(app: &Arc<App>, grace: &Actor) {
    let page = app.price_comparison(grace, AskedPrices::default()).await.unwrap();
    assert_eq!(page.parts.len(), 14);
    let hereford = page.parts.iter().find(|part| part.code == "HEF").unwrap();
    assert_eq!((hereford.name.as_str(), hereford.expected), ("Herefordshire", Expectation::BroadlySimilar));
    assert_eq!(hereford.decision.as_deref(), Some("HEF-2019-0114"));
    let telford = page.parts.iter().find(|part| part.code == "TEL").unwrap();
    assert_eq!(telford.pair(Pair::SpotFca).unwrap().verdict.words(), "too few to say");
    let many = |side: &Side| side.count.map(|count| count.placements);
    let counted: Option<usize> = page.region.sides.iter().map(many).sum();
    assert_eq!(counted, page.placements);
    let parts: usize = page.parts.iter().flat_map(|part| &part.sides).filter_map(many).sum();
    assert!(parts > 0 && page.placements.is_none_or(|all| parts <= all), "{parts} of {:?}", page.placements);
    assert_eq!(price_sheet(&page).rows.len(), 15 * 3);

    assert_eq!(page.by_need.len(), page.need_bands.len());
    for column in &page.by_need {
        let need_band = Some(column.need_band.clone());
        let alone = AskedPrices { need_band, ..AskedPrices::default() };
        let alone = app.price_comparison(grace, alone).await.unwrap();
        assert!(alone.by_need.is_empty(), "it is the one that is asked for");
        let rows: Vec<_> = std::iter::once(&alone.region).chain(&alone.parts).collect();
        assert_eq!(column.cells.len(), rows.len());
        for (cell, row) in column.cells.iter().zip(rows) {
            assert_eq!(Some(&cell.compared), row.pair(Pair::SpotFca), "{}, {}", row.name, column.need_band);
            assert_eq!([cell.fca, cell.spot], [0, 1].map(|at| row.sides[at]), "{}, {}", row.name, column.need_band);
        }
    }
    let whole: Option<usize> = page.by_need.iter().map(|column| many(&column.cells[0].fca)).sum();
    let without = points(app, Some(grace)).await.into_iter().filter(|point| point.need_band.is_empty()).count();
    if let (Some(whole), Some(region)) = (whole, many(&page.region.sides[0])) {
        assert!(whole <= region && region <= whole + without, "every placement with a band stands in its column");
    }

    let asked = AskedPrices { by: Division::Area, lot: Some("planned".to_owned()), ..AskedPrices::default() };
    let fewer = app.price_comparison(grace, asked).await.unwrap();
    let fca = |of: &PricePage| many(&of.region.sides[0]).unwrap_or_default();
    assert!(fca(&fewer) > 0 && fca(&fewer) < fca(&page), "{} of {}", fca(&fewer), fca(&page));
    assert!(fewer.by_need.iter().all(|column| column.cells.len() == fewer.parts.len() + 1));
    assert!(fewer.parts.len() >= 14 && fewer.parts.iter().all(|part| part.expected == Expectation::NotSaid));

    let share = app.route_share(grace, None).await.unwrap();
    assert_eq!(share.quarters.first().map(|one| one.quarter), Some(date(2019, 1, 1)), "the first whole quarter");
    assert!(
        share.reasons.iter().any(|one| one.by == LostBy::Spot)
            && share.reasons.iter().any(|one| one.by == LostBy::NotPlaced)
    );
    assert!(share.reasons.iter().all(|one| one.words != one.code), "{:?}", share.reasons);
    assert_eq!(share_sheet(&share).rows.len(), share.quarters.len() + 14);
    let one = app.route_share(grace, Some("HEF")).await.unwrap();
    assert_eq!(one.of.as_ref().map(|(code, _)| code.as_str()), Some("HEF"));
    assert_eq!(one.quarters.len(), share.quarters.len(), "beside the region's own");
    assert!(matches!(app.route_share(grace, Some("XYZ")).await, Err(Outcome::NotFound)));
    let regional = app.checks_by_route(&actor(app, MARCUS).await).await.unwrap();
    assert!(!regional.places && regional.own.is_empty());
    let own = app.checks_by_route(&actor(app, DAVID).await).await.unwrap();
    let placed = |one: &ToldBurden| one.figures.is_some_and(|told| told.placements > 0);
    assert!(own.places && own.own.iter().any(|one| one.route == Route::Arrangement && placed(one)), "{own:?}");
    let counted = |page: &ChecksPage, own: bool| -> Vec<(String, ToldBurden)> {
        let lines = page.region.iter().filter(|(code, ..)| (code == "HEF") == own);
        lines.map(|(code, _, one)| (code.clone(), *one)).collect()
    };
    let hereford: Vec<ToldBurden> = counted(&own, true).into_iter().map(|(_, one)| one).collect();
    assert_eq!(hereford, own.own, "each authority is counted once a day, for all");
    assert_eq!(counted(&regional, false), counted(&own, false));
}

/// Rule 9.1: no number of fewer than five children is told of another authority, nor to an analyst; whoever reads the children
/// of their own authority anyway reads its numbers.
async fn few_are_not_counted(app: &Arc<App>, grace: &Actor, priya: &Actor) {
    let analyst = Actor { role: Role::Analyst, ..priya.clone() };
    let (all, lost) = (points(app, Some(priya)).await, lost(app, priya).await);
    let hereford: Vec<&PricePoint> = all.iter().filter(|point| point.authority == priya.organisation).collect();
    for reader in [grace, &analyst] {
        for of in [None, Some("HEF"), Some("BIR"), Some("TEL")] {
            let page = app.route_share(reader, of).await.unwrap();
            let began = page.quarters.iter().map(|one| one.began);
            let rows = page.authorities.iter().flat_map(|one| [one.all, one.year]);
            for told in began.chain(rows) {
                let numbers = told.placements.into_iter().chain([told.all]).flatten();
                assert!(numbers.clone().all(|number| number == 0 || number >= 5), "{of:?}: {told:?}");
            }
            let in_quarters = page.reasons.iter().flat_map(|one| one.by_quarter.iter().flatten());
            let in_all = page.reasons.iter().flat_map(|one| [one.told.all, one.told.year].into_iter().flatten());
            assert!(in_quarters.copied().chain(in_all).all(|number| number == 0 || number >= 5), "{of:?}");
        }
        let checks = app.checks_by_route(reader).await.unwrap();
        let lines = checks.own.iter().chain(checks.region.iter().map(|(.., one)| one));
        assert!(lines.filter_map(|one| one.figures).all(|told| told.placements == 0 || told.placements >= 5));
    }
    let own = app.route_share(priya, Some("HEF")).await.unwrap();
    let began: u32 = own.quarters.iter().map(|one| one.began.all.unwrap()).sum();
    let first = own.quarters[0].quarter;
    let expected = hereford.iter().filter(|point| point.quarter >= first).count();
    assert_eq!(usize::try_from(began).unwrap(), expected, "one's own is told whole");
    let lost: u32 = lost
        .iter()
        .filter(|one| one.authority == priya.organisation && one.quarter >= first)
        .map(|one| one.count)
        .sum();
    assert_eq!(own.reasons.iter().map(|one| one.told.all.unwrap()).sum::<u32>(), lost);
    let row = own.authorities.iter().find(|one| one.code == "HEF").unwrap();
    assert_eq!(row.all.all, Some(began));
}

/// Rule 9.1: no price of fewer than five placements or homes is told, nor one that would tell them by subtraction, but to
/// those who read their own authority's prices anyway.
async fn few_are_not_told(app: &Arc<App>, grace: &Actor, priya: &Actor) {
    let analyst = Actor { role: Role::Analyst, ..priya.clone() };
    let (mut told, mut hidden) = (0, 0);
    for (by, lot) in
        [Division::Authority, Division::Area].into_iter().flat_map(|by| [(by, None), (by, Some("planned"))])
    {
        let asked = AskedPrices { by, lot: lot.map(str::to_owned), ..AskedPrices::default() };
        let page = app.price_comparison(grace, asked.clone()).await.unwrap();
        for side in std::iter::once(&page.region).chain(&page.parts).flat_map(|part| &part.sides) {
            let none = side.count.is_some_and(|count| count.placements == 0);
            let few = side.count.is_none_or(|count| count.placements < AT_LEAST || count.homes < AT_LEAST);
            assert!(none || side.quartiles.is_some() != few, "{by:?} {lot:?} {side:?}");
            assert_eq!(side.untold.is_some(), side.count.is_none(), "{side:?}");
            told += usize::from(side.quartiles.is_some());
            hidden += usize::from(side.untold.is_some());
        }
        for at in 0..3 {
            let Some(all) = page.region.sides[at].count else { continue };
            let told: usize = page.parts.iter().filter_map(|part| part.sides[at].count).map(|of| of.placements).sum();
            let left = all.placements - told;
            assert!(left == 0 || left >= AT_LEAST, "{by:?} {lot:?}: {left} are left when what is told is taken away");
        }
        let cells = page.by_need.iter().flat_map(|column| &column.cells).flat_map(|cell| [cell.fca, cell.spot]);
        let counts = cells.filter_map(|side| side.count).map(|count| count.placements);
        assert!(counts.into_iter().all(|count| count == 0 || count >= AT_LEAST), "{by:?} {lot:?}");
        assert!(page.placements.is_none_or(|count| count == 0 || count >= AT_LEAST));
        if by == Division::Authority {
            let own = app.price_comparison(priya, asked.clone()).await.unwrap();
            let whole = |part: &PartRow| part.sides.iter().all(|side| side.untold.is_none());
            assert!(own.parts.iter().filter(|part| part.code == "HEF").all(whole), "one's own is told");
            let others = |part: &&PartRow| part.code != "HEF";
            let many = |side: &Side| side.count.is_none_or(|of| of.placements == 0 || of.homes >= AT_LEAST);
            let few = |part: &PartRow| part.sides.iter().all(many);
            assert!(own.parts.iter().filter(others).all(few), "another's few are not");
            // An analyst reads no child's price, of no authority: nothing of few.
            let analysed = app.price_comparison(&analyst, asked).await.unwrap();
            assert!(analysed.parts.iter().all(few));
        }
    }
    assert!(told > 5 && hidden > 5, "{told} told, {hidden} hidden");
}

/// A cancelled agreement was no purchase; a search that ends without one is counted with its reason, unless no home was
/// needed in the end.
async fn what_is_done_later(app: &Arc<App>, priya: &Actor) {
    let david = actor(app, DAVID).await;
    let own = |all: Vec<PricePoint>| all.into_iter().filter(|point| point.authority == priya.organisation).count();
    let before = own(points(app, Some(priya)).await);
    let coming = agreements(app, priya).await.into_iter().find(|one| one.terms.start == date(2021, 9, 14)).unwrap();
    let cancel = CancelAgreement {
        reference: coming.reference.to_string(),
        version: coming.version,
        reason: CancelReason::OtherHome,
        decided_by: Decided::SignedIn,
    };
    let count = |all: Vec<LostSearches>, reason: &str| -> u32 {
        let wanted = |one: &&LostSearches| one.authority == priya.organisation && one.reason == reason;
        all.iter().filter(wanted).map(|one| one.count).sum()
    };
    let cancelled = count(lost(app, priya).await, "agreement_cancelled");
    app.perform(&david, "cancel", cancel).await.unwrap();
    assert_eq!(own(points(app, Some(priya)).await), before - 1);
    assert_eq!(count(lost(app, priya).await, "agreement_cancelled"), cancelled + 1);

    let session = app.store.read(Some(priya.organisation)).await.unwrap();
    let open = |number: &str| format!("HEF-R-{number}");
    let mut ended = Vec::new();
    for number in ["0039", "0040", "0041", "0043", "0044", "0045", "0046", "0047"] {
        if let Ok(referral) = session.referral_by_reference(priya.organisation, &open(number)).await
            && referral.state.out().is_some()
            && session.referral_line(priya.organisation, referral.id).await.unwrap().recommended == 0
        {
            ended.push(referral);
        }
    }
    drop(session);
    assert!(ended.len() >= 2, "two searches go on");
    for (referral, reason, more) in
        [(&ended[0], NotPlacedReason::NoneSuitable, 1), (&ended[1], NotPlacedReason::FamilyFound, 0)]
    {
        let known = count(lost(app, priya).await, reason.code());
        let command = NotPlaced { reference: referral.reference.to_string(), version: referral.version, reason };
        app.perform(priya, reason.code(), command).await.unwrap();
        assert_eq!(count(lost(app, priya).await, reason.code()), known + more);
    }
}

/// Searches that were lost before the region counted them are brought forward once, and again without harm.
async fn brought_forward(app: &Arc<App>, priya: &Actor) {
    assert_eq!(app.bring_lost_searches_forward().await.unwrap(), 0, "the demonstration was filled with them");
    let session = app.store.read(Some(priya.organisation)).await.unwrap();
    let ended = session.referrals_not_placed(priya.organisation).await.unwrap();
    drop(session);
    let loses = |one: &&placewell_domain::placing::referral::Referral| match &one.state {
        ReferralState::NotPlaced { reason, .. } => reason.loses_the_arrangement(),
        _ => false,
    };
    let expected = u32::try_from(ended.iter().filter(loses).count()).unwrap();
    let counted = |lost: &[LostSearches]| -> u32 {
        let own = lost.iter().filter(|one| one.authority == priya.organisation && one.by == LostBy::NotPlaced);
        own.map(|one| one.count).sum()
    };
    let anew = async || {
        let work = app.store.begin(priya.organisation, app.calendar.now()).await.unwrap();
        work.set_mark("lost_searches_brought_forward", "").await.unwrap();
        work.commit(placewell_app::clock::Machine::now()).await.unwrap();
        assert_eq!(app.bring_lost_searches_forward().await.unwrap(), 14);
        lost(app, priya).await
    };
    let after = anew().await;
    assert!(expected > 0 && counted(&after) >= expected, "{} of {expected}", counted(&after));
    assert_eq!(app.bring_lost_searches_forward().await.unwrap(), 0, "once for a database");
    assert_eq!(anew().await, after, "and again without harm");
}
