//! The power wing's tables on both databases: decisions, two-time facts about powers, and the ledger with its races.

mod annual_value;
mod decision;

use jiff::civil::{Date, date};
use placewell_app::clock::{Machine, moment_of};
use placewell_domain::calendar::WorkingDays;
use placewell_domain::change::{Change, Event};
use placewell_domain::clock::Moment;
use placewell_domain::id::{AgreementId, DecisionId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::power::annual_value::{Commitment, Route, Share, ValueKind, ValueLine};
use placewell_domain::power::decision::{
    CallInRule, DecidedTerm, Decision, DecisionPage, GoverningBody, Limb, LimbEffect,
};
use placewell_store::{Store, Work};

pub const HEF: OrganisationId = OrganisationId(1);
pub const SHR: OrganisationId = OrganisationId(2);
pub const TERM_END: Date = date(2021, 12, 14);
pub const YEAR: Date = date(2020, 12, 15);

pub fn moment() -> Moment {
    moment_of(date(2021, 9, 13).at(10, 20, 0, 0))
}

pub async fn authorities(store: &Store) {
    for (id, code) in [(HEF, "HEF"), (SHR, "SHR")] {
        let work = store.begin(id, moment()).await.unwrap();
        let kind = OrganisationKind::Authority;
        let new = Organisation { id, code: code.into(), name: code.into(), kind, area: None, placing_body: None };
        work.add_organisation(&new).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
    }
}

pub fn page(ceiling: Pence) -> DecisionPage {
    let effects = vec![LimbEffect::Adopts, LimbEffect::Ceiling { annual: ceiling }];
    DecisionPage {
        title: "FCA".into(),
        governing_body: Some(GoverningBody::CouncilExecutive),
        subject_to_call_in: Some(true),
        limbs: vec![Limb { letter: 'a'.into(), text: String::new(), effects }],
        term: Some(DecidedTerm { start: date(2018, 12, 15), end: TERM_END, option_months: Some(36) }),
        ..DecisionPage::default()
    }
}

/// The moves of a published decision, one by one.
pub fn moves(id: i64, org: OrganisationId, reference: &str) -> Vec<Change<Decision>> {
    let rule = CallInRule { working_days: 4, calendar: WorkingDays::default() };
    let on = date(2019, 1, 14);
    let recorded = Decision::record(DecisionId(id), org, reference.into(), None, page(Pence::pounds(5_500_000)));
    let decided = recorded.next().clone().decide(on, &WorkingDays::default()).unwrap();
    let published = decided.next().clone().publish(on, false, None, &rule).unwrap();
    vec![recorded, decided, published]
}

/// An authority with a published decision and a ceiling for the year of the demonstration's day.
pub async fn adopted(store: &Store, org: OrganisationId, ceiling: Pence) {
    let mut work = store.begin(org, moment()).await.unwrap();
    for change in moves(1, org, "REF-2019-0114") {
        work.apply(change).await.unwrap();
    }
    work.set_ceiling(YEAR, ceiling, DecisionId(1), false).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
}

/// A placement of so many whole weeks from 20 September 2021.
pub fn placement(id: i64, weekly: Pence, weeks: i64) -> Commitment {
    let start = date(2021, 9, 20);
    Commitment {
        agreement: AgreementId(id),
        reference: format!("HEF-A-{id:04}"),
        route: Route::Arrangement,
        lines: vec![ValueLine {
            kind: ValueKind::Care,
            weekly,
            origin: start,
            from: start,
            ends: None,
            authority: Share::ALL,
        }],
        start,
        planned_end: placewell_domain::nights::plus_days(start, weeks * 7),
        notice_days: 28,
        goes_on: true,
        moved_on: None,
        charged: placewell_domain::nights::ChargedDays::default(),
    }
}

/// A unit of work with an event, as every two-time fact needs one.
pub async fn work(store: &Store, org: OrganisationId) -> Work {
    let mut work = store.begin(org, moment()).await.unwrap();
    work.record(Event::new("test.happened", "annual_value", org.0, 1));
    work
}
