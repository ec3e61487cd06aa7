//! What the regional team keeps: providers and homes admitted, prices tendered and corrected, standing, visits; by command
//! and by the region's own file. A real region has nothing else to begin with.

mod again;
mod blind;
mod carried;
mod condition;
mod covered;
mod evaluation;
mod evidence;
mod inviting;
mod lots;
mod racing;
mod registration;
mod removed;
mod reopened;
mod seat;
mod sending;

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::clock::{Calendar, Machine, moment_of};
use placewell_app::homes::admission::{AdmitHome, LeaveLot};
use placewell_app::homes::price::RecordPrice;
use placewell_app::homes::price::file::{PlanSummary, bring_in, plan};
use placewell_app::homes::standing::{About, AdmitProvider, RecordInspection, Reinstate, SetStanding};
use placewell_app::region::{ArrangementEntry, OrganisationEntry, PersonEntry, Region, make_region};
use placewell_app::{Answer, App, Outcome};
use placewell_domain::homes::admission::AdmissionEnd;
use placewell_domain::homes::admission::ground::{AdmissionException, GroundOn};
use placewell_domain::homes::home::link::{Elsewhere, ReadAt};
use placewell_domain::homes::home::{Grade, Inspection, InspectionKind};
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::standing::measure::{Measure, Reinstatement};
use placewell_domain::homes::standing::{Standing, StandingReason, StandingSource};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::Lot;
use placewell_exchange::homes::{admission, home};
use placewell_testkit::databases::{TestDatabase, both};

const TODAY: Date = date(2021, 9, 13);
pub const BEGAN: Date = date(2018, 12, 15);
const REGISTER: &str = "URN,Provision type,Registration status,Government Office Region,Local authority,Sector,Places,Organisation\n\
    SC400001,Children's home,Active,West Midlands,Herefordshire,Private,2,Elm Care\n\
    SC400002,Children's home,Active,West Midlands,Shropshire,Private,3,Elm Care\n\
    SC400003,Children's home,Active,West Midlands,Shropshire,Private,3,Ash Care\n";

fn person(email: &str, role: Role) -> PersonEntry {
    PersonEntry { email: email.into(), name: "Someone".into(), role, title: "Post".into(), password_hash: None }
}

fn organisation(code: &str, kind: OrganisationKind, person: PersonEntry) -> OrganisationEntry {
    OrganisationEntry {
        code: code.into(),
        name: code.into(),
        kind,
        area: None,
        placing_body: None,
        people: vec![person],
        posts: vec![],
        offices: vec![],
        urgency: None,
        settings: std::collections::BTreeMap::default(),
        from: date(2018, 1, 1),
    }
}

/// A region as `init` makes it, and Ofsted's register brought in: nobody is admitted to anything.
pub struct Given {
    pub app: Arc<App>,
    pub lead: Actor,
    pub other: Actor,
}

pub async fn given(database: &TestDatabase) -> Given {
    let app = database.app(Calendar::standing(TODAY.at(10, 20, 0, 0))).await;
    let lot = |code: &str| Lot { code: code.into(), name: format!("Lot {code}"), description: code.into() };
    let team = |code: &str, email: &str| {
        organisation(code, OrganisationKind::RegionalTeam, person(email, Role::CommissioningLead))
    };
    let region = Region {
        organisations: vec![team("region", "lead@region.example"), team("elsewhere", "lead@elsewhere.example")],
        arrangement: Some(ArrangementEntry {
            slug: "fca".into(),
            title: "FCA".into(),
            lead: "The region".into(),
            start: BEGAN,
            end: date(2021, 12, 14),
            option_months: 36,
            lots: vec![lot("planned"), lot("crisis")],
            terms: vec![],
            windows: vec![],
        }),
    };
    make_region(&app, &region).await.unwrap();
    let actor = async |email: &str| app.actor_by_email(email).await.unwrap();
    let (lead, other) = (actor("lead@region.example").await, actor("lead@elsewhere.example").await);
    let mut work = app.store.begin(lead.organisation, moment_of(TODAY.at(10, 20, 0, 0))).await.unwrap();
    let mut read = home::read(REGISTER.as_bytes(), "West Midlands");
    placewell_app::homes::home::import::bring_in(&mut work, &mut read, date(2021, 3, 31)).await.unwrap();
    assert_eq!(read.summary.errors, []);
    work.commit(Machine::now()).await.unwrap();
    Given { app, lead, other }
}

/// Evaluated before this record began.
pub fn before_record() -> (AdmissionException, String) {
    (AdmissionException::BeforeRecord, "file FCA/2018/014".to_owned())
}

impl Given {
    pub async fn perform<C: placewell_app::Command>(&self, command: C) -> Answer<placewell_app::Receipt> {
        let key = placewell_app::office::person::random_text::<16>();
        let answer = self.app.perform(&self.lead, &key, command).await;
        self.app.homes.forget().await;
        answer
    }

    async fn price_on(&self, urn: &str, line: &str, night: Date) -> Option<Pence> {
        let session = self.app.store.read(Some(self.lead.organisation)).await.unwrap();
        let home = session.home_by_urn(&urn.parse().unwrap()).await.unwrap();
        session.price_on(home.id, "planned", line, night).await.unwrap()
    }

    async fn bring(&self, file: &str, check: bool) -> PlanSummary {
        let mut work = self.app.store.begin(self.lead.organisation, self.app.calendar.now()).await.unwrap();
        let planned = plan(&work, admission::read(file.as_bytes())).await.unwrap();
        if check {
            work.roll_back().await.unwrap();
        } else {
            bring_in(&mut work, &planned).await.unwrap();
            work.commit(Machine::now()).await.unwrap();
        }
        planned.summary
    }
}

fn code<T: std::fmt::Debug>(answer: Answer<T>) -> String {
    match answer.unwrap_err() {
        Outcome::Refused(refusal) => refusal.code,
        Outcome::Invalid(invalid) => invalid.errors[0].field.clone(),
        other => format!("{other:?}"),
    }
}

fn admit(urn: &str, lot: &str, from: Date) -> AdmitHome {
    AdmitHome { urn: urn.into(), lot: lot.into(), from }
}

fn core(urn: &str, from: Date, until: Option<Date>, pounds: Option<i64>) -> RecordPrice {
    let (urn, lot) = (urn.into(), "planned".into());
    RecordPrice { urn, lot, line: LineKind::Core, from, until, weekly: pounds.map(Pence::pounds) }
}

#[tokio::test]
async fn a_home_of_a_real_region_joins_a_lot_after_its_provider_with_a_price() {
    both(async |database| {
        let given = given(&database).await;
        assert_eq!(code(given.perform(admit("SC400001", "planned", BEGAN)).await), "provider_not_admitted");
        let provider = AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(provider.clone()).await.unwrap();
        assert_eq!(code(given.perform(provider).await), "provider_admitted");
        let receipt = given.perform(admit("SC400001", "planned", BEGAN)).await.unwrap();
        assert_eq!(receipt.location, "/region/homes/SC400001");
        assert_eq!(code(given.perform(admit("SC400001", "planned", TODAY)).await), "one_admission");
        assert_eq!(code(given.perform(admit("SC400001", "therapeutic", TODAY)).await), "unknown_lot");
        assert_eq!(code(given.perform(core("SC400002", BEGAN, None, Some(4_150))).await), "not_on_lot");
        given.perform(core("SC400001", BEGAN, None, Some(4_150))).await.unwrap();
        let page = given.app.home_page(&given.lead, "SC400001").await.unwrap();
        let lot = &page.facts.lots[0];
        assert_eq!((lot.lot.as_str(), lot.from, lot.weekly), ("planned", BEGAN, Some(Pence::pounds(4_150))));
        let left = LeaveLot {
            urn: "SC400001".into(),
            lot: "planned".into(),
            until: date(2021, 10, 1),
            why: AdmissionEnd::Withdrawn,
        };
        let early = given.perform(LeaveLot { until: plus_days(BEGAN, -1), ..left.clone() }).await;
        assert!(format!("{early:?}").contains("Enter 15 December 2018, its first day on the lot"), "{early:?}");
        given.perform(left.clone()).await.unwrap();
        assert_eq!(code(given.perform(left).await), "not_on_lot");
        let page = given.app.home_page(&given.lead, "SC400001").await.unwrap();
        assert_eq!((page.admissions[0].from, page.admissions[0].until), (BEGAN, date(2021, 10, 1)));
    })
    .await;
}

#[tokio::test]
async fn rule_4_4_a_tendered_price_is_corrected_and_what_was_believed_stays() {
    both(async |database| {
        let given = given(&database).await;
        given
            .perform(AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) })
            .await
            .unwrap();
        given.perform(admit("SC400001", "planned", BEGAN)).await.unwrap();
        given.perform(core("SC400001", BEGAN, None, Some(4_000))).await.unwrap();
        let (april, may) = (date(2021, 4, 1), date(2021, 5, 1));
        given.perform(core("SC400001", april, Some(may), Some(4_100))).await.unwrap();
        let school = RecordPrice { line: LineKind::Education, ..core("SC400001", april, None, Some(900)) };
        given.perform(school).await.unwrap();
        let on = async |line: &str, night| given.price_on("SC400001", line, night).await.map(|weekly| weekly.0 / 100);
        let nights = [date(2021, 3, 31), april, may];
        let mut found = Vec::new();
        for night in nights {
            found.push((on("core", night).await, on("education", night).await));
        }
        assert_eq!(found, [(Some(4_000), None), (Some(4_100), Some(900)), (Some(4_000), Some(900))]);
        given.perform(core("SC400001", may, None, None)).await.unwrap();
        assert_eq!(on("core", may).await, None);
        let history = given.app.home_page(&given.lead, "SC400001").await.unwrap().prices;
        assert!(history.iter().any(|fact| fact.price.known_to != i64::MAX && fact.price.value == Pence::pounds(4_000)));
        assert_eq!(code(given.perform(core("SC400001", may, Some(april), Some(1))).await), "until");
        assert_eq!(code(given.perform(core("SC400001", may, None, Some(0))).await), "weekly");
        let support = RecordPrice { line: LineKind::AdditionalSupport, ..core("SC400001", may, None, Some(1)) };
        assert_eq!(code(given.perform(support).await), "line");
    })
    .await;
}

#[tokio::test]
async fn an_admission_rests_on_an_evaluation_record_or_a_stated_reason_and_never_on_a_measure_that_ended() {
    both(async |database| {
        let given = given(&database).await;
        let bare = AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: None };
        assert_eq!(code(given.perform(bare.clone()).await), "no_evaluation");
        let unsaid = Some((AdmissionException::TookOver, " ".to_owned()));
        assert_eq!(code(given.perform(AdmitProvider { exception: unsaid, ..bare.clone() }).await), "record");
        let page = async || given.app.region_provider(&given.lead, "elm-care").await.unwrap();
        assert!(page().await.facts.is_empty() && page().await.grounds.is_empty(), "nothing was written");

        // Suspended though it was never admitted, and taken back: that admits nobody.
        let stop = SetStanding {
            about: About::Provider("elm-care".into()),
            source: StandingSource::Region,
            standing: Standing::Suspended,
            reason: StandingReason::InsuranceLapsed,
            from: TODAY,
            until: None,
            link: None,
            elsewhere: None,
        };
        let location = given.perform(stop).await.unwrap().location;
        let measure: i64 = location.rsplit('/').next().unwrap().parse().unwrap();
        given.app.do_due_jobs().await.unwrap();
        let seen = given.app.region_measure(&given.lead, measure).await.unwrap().seen();
        given.app.confirm_measure(&given.lead, "confirm", (measure, 1, seen)).await.unwrap();
        let link = Some("https://insurer.example/certificate".to_owned());
        let evidence = Reinstatement::InsuranceRenewed;
        given.perform(Reinstate { measure, version: 2, evidence, link }).await.unwrap();
        assert_eq!(code(given.perform(admit("SC400001", "planned", TODAY)).await), "provider_not_admitted");

        let other = AdmitProvider { provider: "ash-care".into(), exception: Some(before_record()), ..bare };
        given.perform(other).await.unwrap();
        given.perform(admit("SC400003", "planned", TODAY)).await.unwrap();
        let kept = given.app.region_provider(&given.lead, "ash-care").await.unwrap().grounds;
        assert!(matches!(&kept[0].on, GroundOn::Exception { record, .. } if record == "file FCA/2018/014"));
    })
    .await;
}

#[tokio::test]
async fn a_measure_about_a_provider_neither_admits_it_nor_keeps_it_out_and_a_good_standing_admits_nobody() {
    both(async |database| {
        let given = given(&database).await;
        let good = SetStanding {
            about: About::Provider("elm-care".into()),
            source: StandingSource::Region,
            standing: Standing::Good,
            reason: StandingReason::Evaluated,
            from: TODAY,
            until: None,
            link: None,
            elsewhere: None,
        };
        assert_eq!(code(given.perform(good.clone()).await), "provider_not_admitted");
        let watch = SetStanding { standing: Standing::OnWatch, reason: StandingReason::Responses, ..good };
        let location = given.perform(watch).await.unwrap().location;
        let measure: i64 = location.rsplit('/').next().unwrap().parse().unwrap();
        given.app.do_due_jobs().await.unwrap();
        let seen = given.app.region_measure(&given.lead, measure).await.unwrap().seen();
        given.app.confirm_measure(&given.lead, "confirm", (measure, 1, seen)).await.unwrap();
        let page = async || given.app.region_provider(&given.lead, "elm-care").await.unwrap();
        assert!(page().await.admitted(TODAY).is_none(), "it looks as it is");
        assert_eq!(code(given.perform(admit("SC400001", "planned", TODAY)).await), "provider_not_admitted");

        let provider = AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) };
        given.perform(provider.clone()).await.unwrap();
        let after = page().await;
        assert_eq!(after.admitted(TODAY).map(|ground| ground.from), Some(BEGAN));
        let on = |day| after.holding(day).map(|fact| fact.standing);
        assert_eq!((on(BEGAN), on(TODAY)), (Some(Standing::Good), Some(Standing::OnWatch)), "the measure goes on");
        given.perform(admit("SC400001", "planned", BEGAN)).await.unwrap();
        assert_eq!(code(given.perform(provider).await), "provider_admitted", "once");
    })
    .await;
}

#[tokio::test]
async fn a_standing_changes_from_a_day_on_with_its_reason_for_a_home_or_all_homes_of_a_provider() {
    both(async |database| {
        let given = given(&database).await;
        given
            .perform(AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) })
            .await
            .unwrap();
        let set = |about, standing, reason| SetStanding {
            about,
            source: StandingSource::Region,
            standing,
            reason,
            from: TODAY,
            until: None,
            link: Some("https://reports.ofsted.gov.uk/provider/4/SC400001".into()),
            elsewhere: None,
        };
        let home = || About::Home("SC400001".into());
        let confirm = async |location: &str| {
            let id: i64 = location.rsplit('/').next().unwrap().parse().unwrap();
            given.app.do_due_jobs().await.unwrap();
            let seen = given.app.region_measure(&given.lead, id).await.unwrap().seen();
            given.app.confirm_measure(&given.lead, &format!("confirm {id}"), (id, 1, seen)).await.unwrap();
            given.app.homes.forget().await;
            id
        };
        let standing = async |urn: &str| given.app.home_page(&given.lead, urn).await.unwrap().facts.standing;
        let watch = given.perform(set(home(), Standing::OnWatch, StandingReason::SeriousConcerns)).await.unwrap();
        assert_eq!(standing("SC400001").await, Standing::Good, "a watch is confirmed first, as a suspension is");
        confirm(&watch.location).await;
        assert_eq!((standing("SC400001").await, standing("SC400002").await), (Standing::OnWatch, Standing::Good));
        let provider = || About::Provider("elm-care".into());
        let stop = set(provider(), Standing::Suspended, StandingReason::InsuranceLapsed);
        let proposed = given.perform(stop).await.unwrap();
        assert_eq!(standing("SC400002").await, Standing::Good, "what stops new placements is confirmed first");
        let id = confirm(&proposed.location).await;
        assert_eq!(
            (standing("SC400001").await, standing("SC400002").await),
            (Standing::Suspended, Standing::Suspended)
        );
        assert_eq!(standing("SC400003").await, Standing::Good, "another provider's home");
        let good = set(provider(), Standing::Good, StandingReason::Evaluated);
        assert_eq!(code(given.perform(good).await), "lifted_by_evidence", "nothing is lifted by hand");
        let milder = given.perform(set(provider(), Standing::OnWatch, StandingReason::Responses)).await.unwrap();
        confirm(&milder.location).await;
        assert_eq!(standing("SC400002").await, Standing::Suspended, "a milder measure lifts nothing either");
        let back = Reinstate {
            measure: id,
            version: 2,
            evidence: Reinstatement::InsuranceRenewed,
            link: Some("https://insurer.example/certificate".into()),
        };
        given.perform(back).await.unwrap();
        assert_eq!(standing("SC400002").await, Standing::OnWatch, "the measure that remains holds");
        assert_eq!(standing("SC400001").await, Standing::OnWatch, "the home's own concern goes on");
        let ahead = set(home(), Standing::Suspended, StandingReason::Safeguarding);
        let tomorrow = SetStanding { from: date(2021, 9, 14), ..ahead.clone() };
        assert_eq!(code(given.perform(tomorrow).await), "from", "a suspension begins when it is confirmed");
        let ends = SetStanding { until: Some(date(2021, 9, 20)), ..ahead };
        assert_eq!(code(given.perform(ends).await), "until", "and ends on evidence");
        assert_eq!(standing("SC400001").await, Standing::OnWatch);
        assert_eq!(code(given.perform(set(home(), Standing::Suspended, StandingReason::Evaluated)).await), "reason");
    })
    .await;
}

#[tokio::test]
async fn a_notice_of_the_regulator_proposes_one_suspension_and_restricts_at_once() {
    both(async |database| {
        let given = given(&database).await;
        given
            .perform(AdmitProvider { provider: "elm-care".into(), from: BEGAN, exception: Some(before_record()) })
            .await
            .unwrap();
        let notice = SetStanding {
            about: About::Home("SC400001".into()),
            source: StandingSource::Regulator,
            standing: Standing::Suspended,
            reason: StandingReason::RestrictionNotice,
            from: TODAY,
            until: None,
            link: Some("https://elm.example/letter.pdf".into()),
            elsewhere: Some(Elsewhere::NotOutYet),
        };
        for bare in [Standing::Suspended, Standing::Good] {
            let bare = SetStanding { standing: bare, link: None, ..notice.clone() };
            assert_eq!(code(given.perform(bare).await), "link", "a notice says where it is read");
        }
        let unsaid = SetStanding { elsewhere: None, ..notice.clone() };
        assert_eq!(code(given.perform(unsaid).await), "elsewhere", "or why it is read elsewhere");
        given.perform(notice.clone()).await.unwrap();
        let kept = given.app.region_home(&given.lead, "SC400001").await.unwrap();
        let read_at = kept.read_at.iter().map(|(_, _, read_at)| read_at.clone()).collect::<Vec<_>>();
        let link = "https://elm.example/letter.pdf".to_owned();
        assert_eq!(read_at, [ReadAt { link, elsewhere: Some(Elsewhere::NotOutYet) }], "the region reads where");
        let page = given.app.home_page(&given.lead, "SC400001").await.unwrap();
        assert_eq!(page.facts.restricted_since, Some(TODAY));
        let of_notice = async || {
            let all = given.app.region_measures(&given.lead).await.unwrap();
            all.into_iter().filter(|one| one.reason == StandingReason::RestrictionNotice).collect::<Vec<_>>()
        };
        assert!(
            of_notice().await.iter().all(Measure::holds),
            "the notice proposes a suspension, which holds referrals"
        );
        given.perform(notice.clone()).await.unwrap();
        given.perform(SetStanding { standing: Standing::Good, ..notice }).await.unwrap();
        assert_eq!(of_notice().await.len(), 1, "said twice and lifted, it stays one measure for a person to end");
    })
    .await;
}

#[tokio::test]
async fn a_visit_is_recorded_by_hand_once_and_grades_the_home() {
    both(async |database| {
        let given = given(&database).await;
        let seen = Inspection {
            kind: InspectionKind::Full,
            inspected_on: date(2021, 8, 30),
            published_on: Some(date(2021, 9, 10)),
            grade: Some(Grade::Inadequate),
            serious_concerns: true,
            event: String::new(),
            link: Some("https://reports.ofsted.gov.uk/provider/4/SC400001".into()),
        };
        let visit = RecordInspection { urn: "SC400001".into(), seen: seen.clone() };
        given.perform(visit.clone()).await.unwrap();
        assert_eq!(code(given.perform(visit.clone()).await), "inspection_held");
        let page = given.app.home_page(&given.lead, "SC400001").await.unwrap();
        assert_eq!((page.facts.grade, page.inspections), (Grade::Inadequate, vec![seen.clone()]));
        let ahead = RecordInspection { seen: Inspection { inspected_on: date(2021, 9, 14), ..seen }, ..visit };
        assert_eq!(code(given.perform(ahead).await), "inspected_on");
    })
    .await;
}

#[tokio::test]
async fn only_the_commissioning_lead_of_the_region_keeps_its_homes() {
    both(async |database| {
        let given = given(&database).await;
        let officer = Actor { role: Role::PlacementOfficer, ..given.lead.clone() };
        let tried = given.app.perform(&officer, "k1", admit("SC400001", "planned", BEGAN)).await;
        assert!(matches!(tried, Err(Outcome::Forbidden(_))));
        let tried = given.app.perform(&given.other, "k2", admit("SC400001", "planned", BEGAN)).await;
        assert!(matches!(tried, Err(Outcome::NotFound)), "another region's home: {tried:?}");
        assert!(matches!(given.app.region_home(&given.other, "SC400001").await, Err(Outcome::NotFound)));
    })
    .await;
}

const FILE: &str = "urn,lot,admitted_from,weekly_price,price_from,education_weekly_price\n\
    SC400001,planned,2018-12-15,4000,2018-12-15,\n\
    SC400001,planned,2018-12-15,4150.50,2021-04-01,900\n\
    SC400001,crisis,2019-06-01,5000,,\n\
    SC400009,planned,2018-12-15,4000,,\n\
    SC400002,unheard,2018-12-15,4000,,\n\
    SC400003,planned,2019-01-07,3900,,\n";

#[tokio::test]
async fn a_file_admits_homes_with_their_providers_and_prices_and_twice_changes_nothing() {
    both(async |database| {
        let given = given(&database).await;
        let checked = given.bring(FILE, true).await;
        assert_eq!(given.price_on("SC400001", "core", TODAY).await, None, "a check changes nothing");
        let first = given.bring(FILE, false).await;
        assert_eq!(checked, first);
        assert_eq!((first.rows, first.providers, first.admissions, first.prices), (6, 2, 3, 5));
        let errors: Vec<usize> = first.errors.iter().map(|error| error.row).collect();
        assert_eq!(errors, [5, 6], "{:?}", first.errors);
        assert!(first.errors[0].reason.contains("SC400009") && first.errors[1].reason.contains("(planned), "));
        for (line, night, pence) in [
            ("core", date(2021, 3, 31), Some(400_000)),
            ("core", date(2021, 4, 1), Some(415_050)),
            ("education", date(2021, 3, 31), None),
            ("education", date(2021, 4, 1), Some(90_000)),
        ] {
            assert_eq!(given.price_on("SC400001", line, night).await, pence.map(Pence), "{line} on {night}");
        }
        let providers = given.app.region_providers(&given.lead).await.unwrap();
        let admitted: Vec<_> = providers.iter().map(|one| one.admitted(TODAY).map(|fact| fact.from)).collect();
        assert_eq!(admitted, [Some(date(2019, 1, 7)), Some(BEGAN)], "each from its first home's first day");
        let events = async || {
            let session = given.app.store.read(Some(given.lead.organisation)).await.unwrap();
            session.verify_chain(given.lead.organisation).await.unwrap()
        };
        let before = events().await;
        assert!(before.faults.is_empty(), "{:?}", before.faults);
        let again = given.bring(FILE, false).await;
        assert_eq!((again.providers, again.admissions, again.prices, again.errors), (0, 0, 0, first.errors));
        assert_eq!(events().await.events, before.events, "the same file wrote events");
    })
    .await;
}

#[tokio::test]
async fn the_parts_of_a_core_price_follow_what_is_recorded_by_hand_and_by_file_and_sum_to_it() {
    both(async |database| {
        let given = given(&database).await;
        given.bring(FILE, false).await;
        let (april, october) = (date(2021, 4, 1), date(2021, 10, 1));
        let parts = [("accommodation", 100_000), ("care", 260_050), ("health", 55_000)];
        let mut work = given.app.store.begin(given.lead.organisation, given.app.calendar.now()).await.unwrap();
        let home = work.home_by_urn(&"SC400001".parse().unwrap()).await.unwrap();
        for (part, pence) in parts {
            work.record_price(home.id, "planned", part, Nights::open(april), Some(Pence(pence))).await.unwrap();
        }
        work.commit(Machine::now()).await.unwrap();
        let sums_to = async |night, pounds: Option<i64>| {
            let core = given.price_on("SC400001", "core", night).await;
            assert_eq!(core, pounds.map(Pence::pounds), "core on {night}");
            let mut sum = None;
            for (part, _) in parts {
                let held = given.price_on("SC400001", part, night).await;
                sum = held.map(|held| sum.unwrap_or(Pence::ZERO) + held);
            }
            assert_eq!(sum, core, "the parts on {night}");
        };
        given.perform(core("SC400001", april, None, Some(3_800))).await.unwrap();
        sums_to(april, Some(3_800)).await;
        let later = format!("{FILE}SC400001,planned,2018-12-15,4300,2021-10-01,\n").replace("4150.50", "4200");
        assert_eq!(given.bring(&later, false).await.prices, 2);
        sums_to(april, Some(4_200)).await;
        sums_to(october, Some(4_300)).await;
        given.perform(core("SC400001", october, None, None)).await.unwrap();
        sums_to(october, None).await;
        sums_to(april, Some(4_200)).await;
    })
    .await;
}

#[tokio::test]
async fn a_file_corrects_a_price_and_says_which_rows_contradict_each_other() {
    both(async |database| {
        let given = given(&database).await;
        given.bring(FILE, false).await;
        let later = FILE.replace("4150.50", "4200");
        let changed = given.bring(&later, false).await;
        assert_eq!((changed.admissions, changed.prices), (0, 1));
        assert_eq!(given.price_on("SC400001", "core", TODAY).await, Some(Pence::pounds(4_200)));
        let wrong = "urn,lot,admitted_from,weekly_price\nSC400002,planned,2019-01-01,4000\nSC400002,planned,2019-02-01,4100\n\
                     SC400001,planned,2020-01-01,4000\nSC400003,crisis,2019-01-07,1\nSC400003,crisis,2019-01-07,2\n";
        let found = given.bring(wrong, false).await;
        assert_eq!(found.errors.iter().map(|error| error.row).collect::<Vec<_>>(), [2, 3, 4, 5, 6], "{:?}", found.errors);
        assert!(found.errors[0].reason.starts_with("SC400002 is on lot Lot planned once: "), "{:?}", found.errors[0]);
        assert!(found.errors[2].reason.contains("15 December 2018"), "{:?}", found.errors[2]);
        assert_eq!((found.admissions, found.prices), (0, 0));
    })
    .await;
}
