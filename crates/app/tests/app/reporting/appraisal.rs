//! The alternatives re-tested on the demonstration's own record, saved, and read by those who may.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_app::demonstration::calendar;
use placewell_app::reporting::appraisal::appraisal_sheets;
use placewell_app::{App, Outcome};
use placewell_domain::id::{AgreementId, BedUseId};
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{BuyingRoute, PricePoint, Staffing};
use placewell_domain::placing::child::AgeBand;
use placewell_domain::placing::occupancy::{BedUse, Sleeper};
use placewell_domain::reporting::appraisal::{Alternative, Appraised, Assumption, Origin, Range};
use placewell_store::placing::agreement::AgreementTab;
use placewell_store::reporting::appraisal::LooseStay;
use placewell_testkit::databases::both_filled;

const HELEN: &str = "helen.garraway@herefordshire.example";
const PRIYA: &str = "priya.shah@herefordshire.example";
const GRACE: &str = "grace.marchment@west-midlands-team.example";

fn typed(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn middle(found: &Appraised, one: Alternative) -> i64 {
    found.figures.of(one).unwrap().cost.middle
}

async fn live(app: &App, actor: &Actor) -> usize {
    let session = app.store.read(Some(actor.organisation)).await.unwrap();
    let mut count = 0;
    for tab in [AgreementTab::Live, AgreementTab::Coming] {
        count += session.agreements(actor.organisation, tab, (0, 1)).await.unwrap().1;
    }
    usize::try_from(count).unwrap()
}

/// Children who live in homes by spot purchase or another block and have no agreement here, with a known price.
async fn loose(app: &App, actor: &Actor) -> usize {
    let session = app.store.read(Some(actor.organisation)).await.unwrap();
    let all = session.loose_stays(actor.organisation, date(2021, 9, 13)).await.unwrap();
    let bought = |stay: &&LooseStay| stay.bought.is_some_and(|(route, _)| route != BuyingRoute::InHouse);
    all.iter().filter(bought).count()
}

/// A child whom the authority placed by spot purchase before this system: a bed, nights and a price, and no agreement.
async fn placed_before(app: &App, actor: &Actor) {
    let (org, nights) = (actor.organisation, Nights::open(date(2021, 9, 12)));
    let mut work = app.store.begin(org, app.calendar.now()).await.unwrap();
    let mut found = None;
    for home in work.homes().await.unwrap() {
        let uses = work.bed_uses(home.id, nights.from()).await.unwrap();
        let held: Vec<_> = uses.into_iter().filter(|used| used.nights.overlap(nights).is_some()).collect();
        let beds = work.beds(home.id).await.unwrap();
        let free = beds.into_iter().find(|bed| held.iter().all(|used| used.bed != bed.id && !used.solo));
        if let (Some(bed), Ok(())) = (free, home.may_admit()) {
            found = Some((home, bed));
            break;
        }
    }
    let (home, bed) = found.expect("a bed that nobody has from yesterday on");
    let price = PricePoint {
        authority: org,
        route: BuyingRoute::Spot,
        lot: "planned".to_owned(),
        need_band: "standard".to_owned(),
        age: AgeBand::From13To15,
        education: false,
        staffing: Staffing::Usual,
        notice: None,
        area: home.area,
        home: home.id.0,
        quarter: date(2021, 7, 1),
        weekly: Pence::pounds(4_321),
    };
    work.keep_price_points(&[(987_654_321, price)]).await.unwrap();
    let sleeper = Sleeper { agreement: AgreementId(987_654_321), nights, solo: false };
    let stay = BedUse::stay(BedUseId(work.new_id()), &home, bed.id, sleeper).unwrap();
    work.apply(stay).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_regional_team_reads_what_an_authority_tells_and_never_its_record() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let (helen, grace) = (app.actor_by_email(HELEN).await.unwrap(), app.actor_by_email(GRACE).await.unwrap());
        let before = app.appraise(&grace, Some("HEF"), &[]).await.unwrap();
        // The record moves on: the team reads what was told until the authority tells anew, the authority its own at once.
        app.calendar.move_to(date(2021, 11, 8).at(9, 0, 0, 0));
        assert_eq!(app.appraise(&grace, Some("HEF"), &[]).await.unwrap(), before);
        let own = app.appraise(&helen, None, &[]).await.unwrap();
        assert_ne!(own.figures, before.figures);
        app.count_for_region().await.unwrap();
        assert_eq!(app.appraise(&grace, Some("HEF"), &[]).await.unwrap(), own);
        // What was told is for the team and the authority alone; the record is the authority's alone.
        let team = app.store.read(Some(grace.organisation)).await.unwrap();
        assert!(team.appraisal_start(helen.organisation).await.unwrap().is_some());
        assert!(team.stay_facts(helen.organisation).await.unwrap().is_empty());
        let shropshire = app.actor_by_email("assistant.director@shropshire.example").await.unwrap();
        let other = app.store.read(Some(shropshire.organisation)).await.unwrap();
        assert!(other.appraisal_start(helen.organisation).await.unwrap().is_none());
        let told = serde_json::to_string(&team.appraisal_start(helen.organisation).await.unwrap()).unwrap();
        for canary in ["HEF-A-", "HEF-R-", "child_id", "home_id", "\"reference\""] {
            assert!(!told.contains(canary), "{canary}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_alternatives_options_appraisal_re_tested_on_live_data_with_uncertainty() {
    both_filled(async |db| {
        let app = db.app(calendar()).await;
        let helen = app.actor_by_email(HELEN).await.unwrap();
        let before = (loose(&app, &helen).await, app.appraise(&helen, None, &[]).await.unwrap().inputs.living.len());
        placed_before(&app, &helen).await;
        app.count_for_region().await.unwrap();
        let found = app.appraise(&helen, None, &[]).await.unwrap();
        assert_eq!((found.code.as_str(), found.futures), ("HEF", 10_000));
        let without = loose(&app, &helen).await;
        assert_eq!(
            (without, found.inputs.living.len()),
            (before.0 + 1, before.1 + 1),
            "a stay without agreement counts"
        );
        assert_eq!(found.inputs.living.len(), live(&app, &helen).await + without);
        reconciles(&found);

        // Its own record again, and the same to the penny.
        assert_eq!(app.appraise(&helen, Some("hef"), &[]).await.unwrap(), found);
        // Other assumptions: what is dearer by spot makes doing nothing dearer, and more beds leave fewer for the FCA.
        let typed_in = typed(&[("placements", "60"), ("spot_price", "40"), ("house_beds", "20"), ("years", "2")]);
        let other = app.appraise(&helen, None, &typed_in).await.unwrap();
        let cheap = app
            .appraise(&helen, None, &typed(&[("placements", "60"), ("spot_price", "-10"), ("years", "2")]))
            .await
            .unwrap();
        assert!(middle(&other, Alternative::DoNothing) > middle(&cheap, Alternative::DoNothing));
        let still = |of: &Appraised| of.figures.of(Alternative::InHouse).unwrap().still.middle;
        assert!(still(&other) < still(&cheap), "{} {}", still(&other), still(&cheap));
        assert!(matches!(other.assumptions.of(Assumption::SpotPrice).origin, Origin::Typed { .. }));
        // What is out of bounds is named with what to enter.
        match app.appraise(&helen, None, &typed(&[("spot_price", "4000"), ("partners", "none")])).await {
            Err(Outcome::Invalid(invalid)) => {
                let fields: Vec<&str> = invalid.errors.iter().map(|error| error.field.as_str()).collect();
                assert_eq!(fields, ["spot_price", "partners"]);
            }
            other => panic!("{other:?}"),
        }
        whose(&app, &helen, &found).await;
        saved(&app, &helen).await;
    })
    .await;
}

/// What each alternative says adds up, and rests on the record.
fn reconciles(found: &Appraised) {
    assert_eq!(found.figures.options.len(), 6);
    for one in &found.figures.options {
        assert!(one.cost.low < one.cost.middle && one.cost.middle < one.cost.high, "{one:?}");
        let placed = one.framework.middle + one.spot.middle + one.beds.middle;
        // Middles of parts need not add up exactly; each future's do, as its own test proves.
        assert!((placed - found.figures.children.middle).abs() <= 3, "{one:?} {:?}", found.figures.children);
        assert!(one.near.middle + one.far.middle <= found.figures.children.high);
        assert!(one.minutes.middle > 0, "{one:?}");
    }
    let of = |one| found.figures.of(one).unwrap();
    assert_eq!(of(Alternative::DoNothing).framework, Range::default());
    assert_eq!(of(Alternative::Arrangement).still, found.figures.children);
    assert_eq!(of(Alternative::Arrangement).above, Range::default());
    assert!(of(Alternative::Block).still.middle < found.figures.children.middle);
    assert!(of(Alternative::OwnFramework).set_up > 0);
    // More minutes by spot than through the arrangement, unless every placement is by spot already.
    let minutes = |one| of(one).minutes.middle;
    let region = found.assumptions.get(Assumption::MinutesRegion) * found.assumptions.get(Assumption::Years);
    assert!(minutes(Alternative::DoNothing) + region >= minutes(Alternative::Arrangement));
    for one in [Assumption::Placements, Assumption::MinutesFca, Assumption::MinutesSpot] {
        let assumed = found.assumptions.of(one);
        assert!(matches!(assumed.origin, Origin::Record(_)) && assumed.value > 0, "{one:?} {assumed:?}");
    }
    assert!(found.inputs.begun > 0);
    let year = found.figures.years.first().unwrap();
    assert_eq!((year.start, year.ceiling, year.set), (date(2020, 12, 15), Some(550_000_000), true));
    assert!(year.cost.low >= found.inputs.years[0].spent && found.inputs.years[0].spent > 0);
    let sheets = appraisal_sheets(found);
    assert!(sheets.iter().all(|sheet| sheet.rows.iter().all(|row| row.len() == sheet.columns.len())));
    assert_eq!(sheets[0].rows.len(), 6);
}

/// An authority's own people see its own alone; the regional team chooses.
async fn whose(app: &Arc<App>, helen: &Actor, found: &Appraised) {
    let grace = app.actor_by_email(GRACE).await.unwrap();
    assert!(matches!(app.appraise(helen, Some("BIR"), &[]).await, Err(Outcome::NotFound)));
    let page = app.appraisal_page(&grace, None, &[]).await.unwrap();
    assert!(page.appraised.is_none() && page.keeps);
    assert_eq!(page.authorities.len(), 14);
    let chosen = app.appraisal_page(&grace, Some("HEF"), &[]).await.unwrap().appraised.unwrap();
    assert_eq!(&chosen, found);
    let own = app.appraisal_page(helen, None, &[]).await.unwrap();
    assert_eq!(own.authorities.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["HEF"]);
    assert_eq!(app.appraise_here("HEF", &[]).await.unwrap(), *found);
    assert!(matches!(app.appraise_here("west-midlands-team", &[]).await, Err(Outcome::NotFound)));
}

/// The demonstration's own, one more, and that neither changes when the record moves on.
async fn saved(app: &Arc<App>, helen: &Actor) {
    let grace = app.actor_by_email(GRACE).await.unwrap();
    let shown = app.saved_appraisal(helen, "hef-ra-001").await.unwrap();
    assert!(shown.same_again && shown.appraisal.title.starts_with("Cabinet"));
    assert_eq!(shown.by, "Grace Marchment");
    let command = app.appraisal_to_save(helen, None, &typed(&[("share", "62.5")]), " Committee ").await.unwrap();
    let receipt = app.perform(helen, "save once", command.clone()).await.unwrap();
    assert_eq!(receipt.location, "/reports/alternatives/HEF-OA-001");
    assert!(app.perform(helen, "save once", command).await.unwrap().repeated);
    let before = app.saved_appraisal(helen, "HEF-OA-001").await.unwrap();
    assert_eq!(before.appraisal.title, "Committee");
    assert_eq!(before.appraisal.appraised.assumptions.typed(), [Assumption::Share]);

    app.calendar.move_to(date(2021, 11, 8).at(9, 0, 0, 0));
    let after = app.saved_appraisal(helen, "HEF-OA-001").await.unwrap();
    assert!(after.same_again);
    assert_eq!(after.appraisal, before.appraisal);
    let now = app.appraise(helen, None, &typed(&[("share", "62.5")])).await.unwrap();
    assert_ne!(now.figures, after.appraisal.appraised.figures);
    app.calendar.move_to(date(2021, 9, 13).at(10, 20, 0, 0));

    let references = |page: Vec<placewell_app::reporting::appraisal::Listed>| -> BTreeSet<String> {
        page.into_iter().map(|one| one.reference).collect()
    };
    let both: BTreeSet<String> = ["HEF-OA-001", "HEF-RA-001"].map(str::to_owned).into();
    assert_eq!(references(app.saved_appraisals(helen).await.unwrap()), both);
    // The regional team reads what it keeps, not what an authority keeps for itself; nor does another authority.
    assert_eq!(references(app.saved_appraisals(&grace).await.unwrap()), ["HEF-RA-001".to_owned()].into());
    assert!(matches!(app.saved_appraisal(&grace, "HEF-OA-001").await, Err(Outcome::NotFound)));
    let elsewhere = app.actor_by_email("assistant.director@shropshire.example").await.unwrap();
    assert_eq!(references(app.saved_appraisals(&elsewhere).await.unwrap()), BTreeSet::new());
    assert!(matches!(app.saved_appraisal(&elsewhere, "HEF-RA-001").await, Err(Outcome::NotFound)));

    let priya = app.actor_by_email(PRIYA).await.unwrap();
    assert!(matches!(app.appraisal_to_save(&priya, None, &[], "Mine").await, Err(Outcome::Forbidden(_))));
    let untitled = app.appraisal_to_save(helen, None, &[], "  ").await.unwrap();
    assert!(matches!(app.perform(helen, "untitled", untitled).await, Err(Outcome::Invalid(_))));
    let pdf = app.saved_appraisal_pdf(helen, "HEF-OA-001").await.unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    assert_eq!(app.saved_appraisal_pdf(helen, "HEF-OA-001").await.unwrap(), pdf);
    let session = app.store.read(Some(helen.organisation)).await.unwrap();
    assert!(session.verify_chain(helen.organisation).await.unwrap().faults.is_empty());
}
