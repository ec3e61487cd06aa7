//! Writing homes, beds, inspections, admissions, tendered prices and standings: the regional team's, in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_domain::clock::Moment;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::admission::ground::AdmissionGround;
use placewell_domain::homes::home::history::{SINCE_NOT_KNOWN, Told, told};
use placewell_domain::homes::home::{
    Ages, Bed, Grade, Home, Inspection, NeedAnswers, Purpose, RegisterEntry, RegisteredSex, Sector, Urn,
};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::{ArrangementId, BedId, HomeId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END, plus_days};
use placewell_domain::place::locate;
use placewell_store::Work;
use placewell_store::homes::price::CORE;

use super::{World, Written};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::demonstration::authorities::PARTS;
use crate::demonstration::homes::HomePlan;
use crate::demonstration::imports::said_before;
use crate::demonstration::people::TEAM;
use crate::demonstration::{TODAY, prices, stays};

/// Writes them all.
pub async fn write(app: &Arc<App>, world: &World, written: &mut Written) -> Answer<()> {
    let team = written.organisation(TEAM)?;
    app.calendar.move_to(date(2021, 9, 3).at(9, 15, 0, 0));
    let before = app.calendar.now();
    app.calendar.move_to(date(2021, 9, 10).at(17, 0, 0, 0));
    let unconfirmed = unconfirmed(world);
    let mut work = app.store.begin(team, app.calendar.now()).await?;
    for owner in &world.homes.owners {
        let provider = written.organisation(&owner.slug)?;
        let record = "The region's evaluation of 2018, on paper";
        work.keep_admission_ground(&AdmissionGround::before_record(provider, stays::TERM_START, record)).await?;
    }
    work.commit(Machine::now()).await?;
    for (chunk, homes) in world.homes.homes.chunks(150).enumerate() {
        let mut work = app.store.begin(team, app.calendar.now()).await?;
        for (at, home) in homes.iter().enumerate() {
            let provider = written.organisation(&world.homes.owners[home.owner].slug)?;
            let number = chunk * 150 + at;
            let confirmed = if number == unconfirmed { before } else { work.moment() };
            let (made, beds) = one(&mut work, home, (provider, confirmed), number).await?;
            let owner = &world.homes.owners[home.owner].name;
            work.keep_register_line(&said_before(home, made.id, owner)).await?;
            let known = admit(&mut work, home, &made, written.made.arrangement).await?;
            written.homes.push(made);
            written.beds.push(beds.iter().map(|bed| bed.id).collect());
            written.known.push(Known { beds, inspections: home.inspections.clone(), ..known });
        }
        work.commit(Machine::now()).await?;
    }
    let mut work = app.store.begin(team, app.calendar.now()).await?;
    admit_providers(&mut work, world, written).await?;
    work.commit(Machine::now()).await?;
    happen(app, world, written, team).await
}

/// The home whose beds nobody has confirmed for more than a week: another one of the provider that keeps Elm House, and Elm
/// House where it keeps no other.
fn unconfirmed(world: &World) -> usize {
    let (homes, cast) = (&world.homes.homes, world.cast);
    let beside = |at: &usize| homes[*at].owner == homes[cast.elm].owner && !cast.all().contains(at);
    (0..homes.len()).rfind(beside).unwrap_or(cast.elm)
}

/// A provider is in the arrangement from the first day that one of its homes is.
async fn admit_providers(work: &mut Work, world: &World, written: &mut Written) -> Answer<()> {
    let mut since: BTreeMap<usize, Date> = BTreeMap::new();
    for (plan, known) in world.homes.homes.iter().zip(&written.known) {
        for admission in &known.admissions {
            let first = since.entry(plan.owner).or_insert(admission.from);
            *first = admission.from.min(*first);
        }
    }
    for (owner, from) in since {
        let fact = StandingFact::admitted(written.organisation(&world.homes.owners[owner].slug)?, from);
        work.record_standing(&fact).await?;
        let own = world.homes.homes.iter().zip(&mut written.known).filter(|(plan, _)| plan.owner == owner);
        own.for_each(|(_, known)| known.standing.push(fact.clone()));
    }
    Ok(())
}

/// What is recorded of a home beside the home itself, for the reasons that a search was given.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Its beds.
    pub beds: Vec<Bed>,
    /// Its inspections.
    pub inspections: Vec<Inspection>,
    /// Its admissions.
    pub admissions: Vec<Admission>,
    /// How it stands.
    pub standing: Vec<StandingFact>,
}

/// What has happened lately: a notice, a cancelled registration, visits of last week, a suspended provider, insurance that
/// runs out.
async fn happen(app: &Arc<App>, world: &World, written: &mut Written, team: OrganisationId) -> Answer<()> {
    let happened = &world.happenings;
    let mut work = app.store.begin(team, app.calendar.now()).await?;
    let gone = &happened.cancelled;
    let urn: Urn = gone.urn.parse().map_err(|_| Outcome::Fault(format!("the invented number {}", gone.urn)))?;
    let entry = RegisterEntry {
        provider: written.organisation(&world.homes.owners[gone.owner].slug)?,
        area: PARTS[gone.part].area(),
        sector: Sector::Private,
        places: gone.places,
        short_breaks_only: false,
        suspended: false,
        registered_on: Some(gone.registered),
    };
    let moment = work.moment();
    let home = work.apply(Home::register(HomeId(work.new_id()), team, urn, entry, moment)).await?;
    if let Some(news) = told(home.id, None, &home.state, moment.today()) {
        work.record_registration(&Told { until: gone.cancelled, ..news }).await?;
    }
    work.record_owner(home.id, home.provider, SINCE_NOT_KNOWN).await?;
    let before = home.state.clone();
    let (ages, sex, as_of) = (Ages { from: 8, to: 17 }, RegisteredSex::Any, gone.registered);
    let purpose = Purpose { name: gone.name.clone(), ages, sex, answers: NeedAnswers::default(), as_of };
    let home = work.apply(home.state_purpose(purpose)?).await?;
    let home = work.apply(home.leave_register(gone.cancelled)?).await?;
    if let Some(news) = told(home.id, Some(&before), &home.state, gone.cancelled) {
        work.record_registration(&news).await?;
    }
    for (at, seen) in &happened.visited {
        work.add_inspection(&written.homes[*at], seen).await?;
        written.known[*at].inspections.push(seen.clone());
    }
    if let Some((at, since)) = happened.restricted {
        let fact = StandingFact {
            subject: StandingSubject::Home(written.homes[at].id),
            source: StandingSource::Regulator,
            standing: Standing::Suspended,
            from: since,
            until: OPEN_END,
            reason: StandingReason::RestrictionNotice,
        };
        work.record_standing(&fact).await?;
        written.known[at].standing.push(fact);
    }
    let suspended = happened.suspended.iter().map(|(owner, since)| (*owner, *since, StandingReason::Safeguarding));
    let uninsured = happened.uninsured.iter().map(|(owner, from)| (*owner, *from, StandingReason::InsuranceLapsed));
    for (owner, from, reason) in suspended.chain(uninsured) {
        let provider = written.organisation(&world.homes.owners[owner].slug)?;
        let fact = StandingFact {
            subject: StandingSubject::Provider(provider),
            source: StandingSource::Region,
            standing: Standing::Suspended,
            from,
            until: OPEN_END,
            reason,
        };
        work.record_standing(&fact).await?;
        for (at, _) in world.homes.homes.iter().enumerate().filter(|(_, home)| home.owner == owner) {
            written.known[at].standing.push(fact.clone());
        }
    }
    Ok(work.commit(Machine::now()).await?)
}

async fn one(
    work: &mut Work,
    plan: &HomePlan,
    (provider, confirmed): (OrganisationId, Moment),
    number: usize,
) -> Answer<(Home, Vec<Bed>)> {
    let urn: Urn = plan.urn.parse().map_err(|_| Outcome::Fault(format!("the invented number {}", plan.urn)))?;
    let entry = RegisterEntry {
        provider,
        area: plan.area,
        sector: plan.sector,
        places: plan.places,
        short_breaks_only: false,
        suspended: false,
        registered_on: Some(plan.registered),
    };
    let moment = work.moment();
    let home = work.apply(Home::register(HomeId(work.new_id()), work.org(), urn, entry, moment)).await?;
    if let Some(news) = told(home.id, None, &home.state, moment.today()) {
        work.record_registration(&news).await?;
    }
    work.record_owner(home.id, provider, SINCE_NOT_KNOWN).await?;
    let as_of = plus_days(date(2021, 1, 4), i64::try_from(number % 200).unwrap_or_default());
    let purpose = Purpose { name: plan.name.clone(), ages: plan.ages, sex: plan.sex, answers: plan.answers, as_of };
    let mut home = work.apply(home.state_purpose(purpose)?).await?;
    if let Some(postcode) = &plan.postcode {
        let point = locate(postcode).map(|place| place.point);
        home = work.apply(home.supply_postcode(postcode.clone(), point)?).await?;
    }
    let home = work.apply(home.confirm_beds(confirmed)?).await?;
    let mut beds = Vec::with_capacity(usize::from(plan.places));
    for label in 1..=plan.places {
        let bed = Bed { id: BedId(work.new_id()), home: home.id, label: format!("Room {label}") };
        work.add_bed(&home, &bed).await?;
        beds.push(bed);
    }
    for seen in &plan.inspections {
        work.add_inspection(&home, seen).await?;
    }
    Ok((home, beds))
}

/// Admission to its lots, and the price it tendered for each in each of the three years.
async fn admit(work: &mut Work, plan: &HomePlan, home: &Home, arrangement: Option<ArrangementId>) -> Answer<Known> {
    let mut known = Known::default();
    let Some(arrangement) = arrangement else { return Ok(known) };
    let from = stays::TERM_START.max(plus_days(plan.registered, 14));
    for (lot, tendered) in &plan.lots {
        let admission =
            Admission { home: home.id, arrangement, lot: (*lot).to_owned(), from, until: OPEN_END, ended: None };
        work.record_admission(&admission).await?;
        let years = [date(2018, 12, 1), date(2020, 1, 1), date(2021, 1, 1), OPEN_END];
        for pair in years.windows(2) {
            let [start, end] = [pair[0], pair[1]];
            let Some(nights) = Nights::new(start, end) else { continue };
            let price = Pence::pounds(prices::as_of(*tendered, start.max(date(2019, 1, 1))));
            work.record_price(home.id, lot, CORE, nights, Some(price)).await?;
        }
        known.admissions.push(admission);
    }
    if let Some((standing, reason, since)) = standing(plan) {
        let fact = StandingFact {
            subject: StandingSubject::Home(home.id),
            source: StandingSource::Region,
            standing,
            from: since,
            until: OPEN_END,
            reason,
        };
        work.record_standing(&fact).await?;
        known.standing.push(fact);
    }
    Ok(known)
}

/// Homes judged Inadequate take no new placements; homes with concerns at a visit are watched.
fn standing(plan: &HomePlan) -> Option<(Standing, StandingReason, Date)> {
    let latest = plan.inspections.iter().filter_map(|seen| seen.published_on).max()?.min(TODAY);
    if plan.lots.is_empty() {
        return None;
    }
    if plan.grade == Grade::Inadequate {
        return Some((Standing::Suspended, StandingReason::Inadequate, latest));
    }
    let concerns = plan.inspections.iter().any(|seen| seen.serious_concerns);
    concerns.then_some((Standing::OnWatch, StandingReason::SeriousConcerns, latest))
}
