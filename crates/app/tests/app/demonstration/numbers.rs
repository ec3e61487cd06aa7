//! Every number that the rules state of the demonstration (rules 10.1 to 10.5), held against the whole region: what was
//! planned, and what one fill of a database came to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::App;
use placewell_app::demonstration::authorities::{PARTS, place};
use placewell_app::demonstration::stays::Contract;
use placewell_app::demonstration::{Scale, TODAY, World, calendar, fill_at};
use placewell_domain::homes::home::inspection::{InspectionKind, grade_on};
use placewell_domain::homes::home::{Grade, Home, HomeState};
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, days_between, plus_days};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::occupancy::{bed_nights, count_nights};
use placewell_domain::placing::referral::Prices;
use placewell_store::homes::price::PriceFact;
use placewell_store::placing::referral::{ReferralFilter, ReferralLine, ReferralTab};
use placewell_store::{Backend, Session};
use placewell_testkit::databases::fresh;

/// What was held against its bounds, so that one run tells of everything that is amiss.
#[derive(Default)]
struct Held {
    amiss: Vec<String>,
}

impl Held {
    fn within(&mut self, what: &str, found: i64, (least, most): (i64, i64)) {
        eprintln!("{what}: {found} ({least} to {most})");
        if !(least..=most).contains(&found) {
            self.amiss.push(format!("{what}: {found}, not {least} to {most}"));
        }
    }

    fn near(&mut self, what: &str, found: i64, stated: i64, percent: i64) {
        self.within(what, found, (stated * (100 - percent) / 100, stated * (100 + percent) / 100));
    }
}

fn count<T>(items: impl IntoIterator<Item = T>) -> i64 {
    i64::try_from(items.into_iter().count()).unwrap()
}

/// The value below which so many of a hundred lie.
fn percentile(sorted: &[i64], percent: usize) -> i64 {
    sorted[(sorted.len() - 1) * percent / 100]
}

#[test]
fn rule_10_2_live_placements_and_rule_10_3_prices_are_as_stated_in_the_plan() {
    let world = World::plan(Scale::WHOLE);
    let mut held = Held::default();
    let live = || world.stays.stays.iter().filter(|stay| stay.live());
    let by = |wanted: &[Contract]| count(live().filter(|stay| wanted.contains(&stay.contract)));
    held.near("live through the arrangement", by(&[Contract::Arrangement]), 420, 5);
    held.near("live by spot purchase", by(&[Contract::Spot]), 450, 5);
    held.near("live by block and in-house", by(&[Contract::Block, Contract::InHouse]), 250, 5);
    held.within("children above £10,000 a week", count(live().filter(|stay| stay.price > 10_000)), (25, 60));
    let mut block: Vec<i64> = live()
        .filter(|stay| stay.contract == Contract::Block && stay.from >= date(2021, 1, 1))
        .map(|stay| stay.price)
        .collect();
    block.sort_unstable();
    held.near("block, median", percentile(&block, 50), 3_400, 10);
    let searches = &world.history.searches;
    held.within("searches", count(searches), (4_750, 4_850));
    let weeks = 1_004;
    for (code, tenths) in [("BIR", 80), ("HEF", 15)] {
        let own = count(searches.iter().filter(|one| one.part == place(code)));
        held.near(&format!("{code}, tenths of a search a week"), own * 70 / weeks, tenths, 7);
    }
    let share = |wanted: usize| i64::try_from(wanted * 100 / searches.len()).unwrap();
    held.within("same day", share(searches.iter().filter(|one| one.wish.sent == one.wish.start).count()), (17, 23));
    held.within("no offer", share(searches.iter().filter(|one| one.offers == 0).count()), (33, 38));
    assert!(held.amiss.is_empty(), "{:#?}", held.amiss);
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_10_every_stated_number_of_the_region_holds_in_a_filled_database() {
    let database = fresh(Backend::Sqlite).await;
    let app = database.app(calendar()).await;
    fill_at(&app, Scale::WHOLE, &mut |_| {}).await.unwrap();
    let mut held = Held::default();
    homes(&app, &mut held).await;
    places(&app, &mut held).await;
    prices(&app, &mut held).await;
    searches(&app, &mut held).await;
    money(&app, &mut held).await;
    records(&app, &mut held).await;
    super::spot::holds(&app).await;
    super::admission::holds(&app).await;
    assert!(held.amiss.is_empty(), "{:#?}", held.amiss);
}

async fn homes(app: &Arc<App>, held: &mut Held) {
    let session = app.store.read(None).await.unwrap();
    let homes = session.homes().await.unwrap();
    let open: Vec<_> = homes.iter().filter(|home| home.may_admit().is_ok()).collect();
    held.within("homes", count(&open), (450, 450));
    held.within("places", open.iter().map(|home| i64::from(home.places)).sum(), (1_630, 1_630));
    let mut owners: BTreeMap<_, i64> = BTreeMap::new();
    for home in &open {
        *owners.entry(home.provider).or_default() += 1;
    }
    held.within("owners", count(&owners), (130, 130));
    held.within("owners of one home", count(owners.values().filter(|homes| **homes == 1)), (59, 59));
    held.within("the largest owner", owners.values().copied().max().unwrap(), (43, 43));
    for (code, stated) in [("STA", 134), ("SHR", 77), ("BIR", 63), ("HEF", 19), ("COV", 12), ("SOL", 1)] {
        let area = PARTS[place(code)].area();
        held.within(code, count(open.iter().filter(|home| home.area == area)), (stated, stated));
    }
    let facts = app.start_facts().await.unwrap();
    let (on, registered, _) = facts.homes.unwrap();
    let on = i64::try_from(on * 1_000 / registered).unwrap();
    held.within("thousandths on the arrangement", on, (535, 565));
    grades(&session, &open, held).await;
    let closed = homes.iter().filter(|home| matches!(home.state, HomeState::Closed { .. }));
    held.within("cancelled registrations", count(closed), (1, 1));
    let standing = session.standing_facts().await.unwrap();
    let notices = standing.iter().filter(|fact| fact.source == StandingSource::Regulator && fact.from <= TODAY);
    held.within("restriction notices", count(notices), (1, 1));
    let suspended =
        |fact: &&StandingFact| fact.source == StandingSource::Region && fact.standing == Standing::Suspended;
    let now = || standing.iter().filter(suspended).filter(|fact| fact.from <= TODAY);
    let by_home = |fact: &&StandingFact| matches!(fact.subject, StandingSubject::Home(_));
    held.within("suspended homes", count(now().filter(by_home)), (1, 9));
    let gone = |one: &StandingSubject| {
        standing.iter().any(|fact| fact.subject == *one && fact.standing == Standing::Removed && fact.from <= TODAY)
    };
    let providers: Vec<_> = now()
        .filter_map(|fact| match fact.subject {
            StandingSubject::Provider(provider) if !gone(&fact.subject) => Some(provider),
            StandingSubject::Provider(_) | StandingSubject::Home(_) => None,
        })
        .collect();
    held.within("suspended providers", count(&providers), (1, 1));
    let own = app.store.read(providers.first().copied()).await.unwrap();
    let mut children = 0;
    for home in homes.iter().filter(|home| providers.contains(&home.provider)) {
        let uses = own.bed_uses(home.id, TODAY).await.unwrap();
        children += count(uses.iter().filter(|one| one.agreement.is_some() && one.nights.from() <= TODAY));
    }
    held.within("children who live with the suspended provider", children, (2, 20));
    let mut ends: Vec<i64> = standing
        .iter()
        .filter(|fact| fact.from > TODAY && fact.reason == StandingReason::InsuranceLapsed)
        .map(|fact| days_between(TODAY, fact.from))
        .collect();
    ends.sort_unstable();
    assert_eq!(ends, [5, 28, 55], "days until insurance runs out");
    let lately = session.all_inspections().await.unwrap();
    let last_week = || lately.iter().filter(|(_, seen)| seen.inspected_on >= date(2021, 9, 6)).map(|(_, seen)| seen);
    held.within("visits of last week", count(last_week()), (5, 7));
    let grave: Vec<_> = last_week().filter(|seen| seen.serious_concerns).map(|seen| seen.kind).collect();
    assert_eq!(grave, [InspectionKind::Assurance; 2], "visits of last week with serious concerns");
}

/// How the homes that are open were judged.
async fn grades(session: &Session, open: &[&Home], held: &mut Held) {
    let mut judged: BTreeMap<Grade, i64> = BTreeMap::new();
    for home in open {
        let seen = session.inspections(home.id).await.unwrap();
        *judged.entry(grade_on(&seen, TODAY).0).or_default() += 1;
    }
    let stated = [
        (Grade::Outstanding, 10),
        (Grade::Good, 54),
        (Grade::RequiresImprovement, 17),
        (Grade::Inadequate, 2),
        (Grade::NotYetInspected, 18),
    ];
    for (grade, percent) in stated {
        let found = judged.get(&grade).copied().unwrap_or_default() * 1_000 / 450;
        held.within(grade.label(), found, (percent * 10 - 12, percent * 10 + 12));
    }
}

/// What a member of the arrangement reads: beds and prices are for nobody else.
async fn member(app: &Arc<App>) -> (Actor, Session) {
    let actor = app.actor_by_email("priya.shah@herefordshire.example").await.unwrap();
    let session = app.store.read(Some(actor.organisation)).await.unwrap();
    (actor, session)
}

async fn places(app: &Arc<App>, held: &mut Held) {
    let (actor, session) = member(app).await;
    let index = app.homes(&actor).await.unwrap();
    let night = Nights::new(TODAY, plus_days(TODAY, 1)).unwrap();
    let (mut beds, mut taken, mut shut, mut matchable) = (0, 0, 0, 0);
    for facts in (0..index.len()).filter_map(|at| index.home(at)) {
        let own = session.beds(facts.home.id).await.unwrap();
        let uses = session.bed_uses(facts.home.id, TODAY).await.unwrap();
        let Some(counts) = count_nights(&bed_nights(&own, &uses, night)).first().copied() else { continue };
        beds += count(&own);
        taken += i64::from(counts.taken + counts.held);
        shut += i64::from(counts.closed + counts.blocked);
        let usable = facts.home.may_admit().is_ok()
            && facts.restricted_since.is_none()
            && facts.grade != Grade::Inadequate
            && facts.standing < Standing::Suspended;
        matchable += if usable { i64::from(counts.free) } else { 0 };
    }
    held.within("beds", beds, (1_630, 1_630));
    held.within("thousandths taken", taken * 1_000 / beds, (785, 815));
    held.within("thousandths out of service or blocked", shut * 1_000 / beds, (120, 140));
    held.within("thousandths truly matchable", matchable * 1_000 / beds, (50, 70));
}

async fn prices(app: &Arc<App>, held: &mut Held) {
    let (_, session) = member(app).await;
    let mut by_lot: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let core = |fact: &&PriceFact| fact.line == LineKind::Core.code() && fact.price.from <= TODAY;
    for fact in session.prices_from(TODAY).await.unwrap().iter().filter(core) {
        by_lot.entry(fact.lot.clone()).or_default().push(fact.price.value.0 / 100);
    }
    let stated = [
        ("planned", 3_100, 3_950, 5_300),
        ("therapeutic", 3_700, 4_500, 6_000),
        ("disabilities", 3_400, 4_400, 6_500),
        ("crisis", 5_200, 7_000, 12_000),
    ];
    for (lot, p10, median, p90) in stated {
        let found = by_lot.get_mut(lot).unwrap();
        found.sort_unstable();
        eprintln!("{lot}: {} homes", found.len());
        // Few homes stand on the smaller lots: their tails are what a few draws make them.
        let (middle, tails) = if found.len() < 100 { (15, 22) } else { (7, 10) };
        held.near(&format!("{lot}, tenth"), percentile(found, 10), p10, tails);
        held.near(&format!("{lot}, median"), percentile(found, 50), median, middle);
        held.near(&format!("{lot}, ninetieth"), percentile(found, 90), p90, tails);
    }
}

async fn lines(app: &Arc<App>, code: &str, tab: ReferralTab) -> (Vec<ReferralLine>, i64) {
    let session = app.store.read(None).await.unwrap();
    let org = session.organisation_by_code(code).await.unwrap().id;
    let own = app.store.read(Some(org)).await.unwrap();
    let (lines, total) = own.referral_lines(org, tab, &ReferralFilter::default(), 0, 500).await.unwrap();
    (lines, total)
}

async fn searches(app: &Arc<App>, held: &mut Held) {
    let mut all = 0;
    let mut tabs: BTreeSet<&str> = BTreeSet::new();
    let (mut today, mut sealed) = (0, 0);
    for part in &PARTS {
        all += lines(app, part.code, ReferralTab::All).await.1;
        if part.code == "HEF" {
            continue;
        }
        let mut open = 0;
        for (name, tab) in [
            ("draft", ReferralTab::Draft),
            ("with homes", ReferralTab::WithProviders),
            ("offers in", ReferralTab::OffersIn),
            ("waiting", ReferralTab::Waiting),
            ("agreed", ReferralTab::Agreed),
        ] {
            let (found, total) = lines(app, part.code, tab).await;
            if total > 0 && (name != "agreed" || found.iter().any(|line| line.state == "agreed")) {
                tabs.insert(name);
            }
            // The tab of agreed placements holds those that have begun as well.
            let goes_on = |line: &&ReferralLine| ["draft", "out", "agreed"].contains(&line.state.as_str());
            open += count(found.iter().filter(goes_on));
            for line in found.iter().filter(|line| line.state == "out") {
                let closes_today = line.closes.is_some_and(|closes| closes.date() == TODAY);
                today += i64::from(closes_today);
                sealed += i64::from(closes_today && line.prices == Some(Prices::Sealed) && line.offers > 0);
            }
        }
        held.within(&format!("{} searches that go on", part.code), open, (4, 12));
    }
    held.within("searches in all", all, (4_750, 4_860));
    held.within(&format!("states among the other authorities' searches ({tabs:?})"), count(&tabs), (5, 5));
    held.within("closing today elsewhere", today, (5, 40));
    held.within("closing today with sealed offers elsewhere", sealed, (4, 30));
    let (found, _) = lines(app, "HEF", ReferralTab::OffersIn).await;
    let at_four = found.iter().filter(|line| {
        line.closes == Some(TODAY.at(16, 0, 0, 0)) && line.prices == Some(Prices::Sealed) && line.offers == 3
    });
    held.within("closing at 4pm with three sealed", count(at_four), (1, 1));
}

async fn money(app: &Arc<App>, held: &mut Held) {
    let session = app.store.read(None).await.unwrap();
    let millions = |part: usize| PARTS[part].ceiling * 100_000;
    let year: Date = date(2020, 12, 15);
    for (at, part) in PARTS.iter().enumerate() {
        let org = session.organisation_by_code(part.code).await.unwrap().id;
        let own = app.store.read(Some(org)).await.unwrap();
        assert!(own.ledger_faults(org).await.unwrap().is_empty(), "{}", part.code);
        let Some(found) = own.ledger_year(org, year).await.unwrap() else { continue };
        held.within(&format!("{} ceiling", part.code), found.totals.ceiling.0, (millions(at), millions(at)));
        let share = found.totals.committed.0 * 1_000 / found.totals.ceiling.0;
        match part.code {
            "WAL" => held.within("the authority at 99%", share, (985, 995)),
            // The award of £4,150 a week from 27 September leaves £412,600.
            "HEF" => {
                let award = placewell_domain::money::weekly_charge(Pence::pounds(4_150), 79);
                let left = found.totals.ceiling - found.totals.committed - award;
                held.within("Herefordshire after the award, in pence", left.0, (41_260_000, 41_260_000));
            }
            _ => held.within(&format!("{} thousandths planned", part.code), share, (600, 960)),
        }
    }
    let page = app.arrangement_page().await.unwrap().unwrap();
    let awards = |row: &&placewell_app::power::arrangement::ParticipantRow| {
        matches!(row.participation, placewell_domain::power::arrangement::Participation::CanAward { .. })
    };
    held.within("authorities that can award", count(page.participants.iter().filter(awards)), (13, 13));
    for (code, reference, state) in [("WAL", "WAL-2021-0901", "called_in"), ("TEL", "TEL-2021-0907", "published")] {
        let org = session.organisation_by_code(code).await.unwrap().id;
        let own = app.store.read(Some(org)).await.unwrap();
        let found = own.decision_by_reference(org, reference).await.unwrap();
        assert_eq!(found.state.name(), state, "{reference}");
    }
}

/// Signatures bear the names of accounts; searches of this system say why each home was asked.
async fn records(app: &Arc<App>, held: &mut Held) {
    let session = app.store.read(None).await.unwrap();
    for code in ["HEF", "BIR"] {
        let org = session.organisation_by_code(code).await.unwrap().id;
        let own = app.store.read(Some(org)).await.unwrap();
        let agreement = own.agreement(org, &format!("{code}-A-0003")).await.unwrap();
        let signed = [agreement.signatures.authority.clone().unwrap(), agreement.signatures.provider.clone().unwrap()];
        for one in signed {
            assert_eq!(own.person_name(one.person).await.unwrap(), one.name, "{code}");
        }
        let recent = own.referral_by_reference(org, &format!("{code}-R-0020")).await.unwrap();
        let asked = own.invitations_of(org, recent.id).await.unwrap();
        let lines = asked.iter().map(|one| count(&one.trace.lines)).min().unwrap_or_default();
        held.within(&format!("{code}: lines of the shortest trace"), lines, (9, 60));
        let earlier = own.referral_by_reference(org, &format!("{code}-R-9010")).await.unwrap();
        let asked = own.invitations_of(org, earlier.id).await.unwrap();
        assert!(asked.iter().all(|one| one.trace.lines.len() == 1), "{code}");
    }
}
