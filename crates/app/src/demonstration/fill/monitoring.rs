//! Writing how homes were watched: returns of four quarters, one still to come, one visit with findings, one plan overdue, one
//! placement under strain, one week of hours that fell short.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_domain::homes::home::{Home, HomeState};
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::concern::{NewAction, Owner, Severity};
use placewell_domain::homes::monitoring::quality_return::{Filled, QualityReturn, Scheduled, next_quarter};
use placewell_domain::homes::monitoring::stability::Strain;
use placewell_domain::homes::monitoring::support::ShortfallReason;
use placewell_domain::homes::monitoring::template::{Figure, Figures};
use placewell_domain::homes::monitoring::visit::{Finding, Level};
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_store::homes::monitoring::Counted;

use super::{World, Written};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, Command, Receipt};
use crate::demonstration::people::{LEAD, OFFICER, TEAM};
use crate::homes::monitoring::{ConfirmWeek, FlagStrain, PlanAction, PlanVisit, RaiseConcern, RecordVisit, timer};
use crate::power::decision::call_in_rule;

/// The quarters that were returned.
const QUARTERS: [Date; 4] = [date(2020, 7, 1), date(2020, 10, 1), date(2021, 1, 1), date(2021, 4, 1)];
/// Every how many homes a return came late.
const LATE: i64 = 11;

/// Writes it all; in a small region as far as there are homes for it.
pub async fn write(app: &Arc<App>, world: &World, written: &Written) -> Answer<()> {
    let region = written.organisation(TEAM)?;
    let homes: Vec<&Home> = (0..written.homes.len())
        .filter(|at| !world.homes.homes[*at].lots.is_empty())
        .map(|at| &written.homes[at])
        .filter(|home| matches!(home.state, HomeState::Registered { .. }) && home.region == region)
        .collect();
    let managers = managers(app, &homes).await?;
    for quarter in QUARTERS {
        returns(app, &homes, &managers, quarter).await?;
    }
    found(app, &managers).await?;
    placements(app, &managers).await?;
    app.calendar.move_to(date(2021, 9, 13).at(9, 50, 0, 0));
    for org in [region, app.actor_by_email(OFFICER).await?.organisation] {
        timer::run_due(app, org).await?;
    }
    Ok(())
}

/// Somebody who manages for each provider.
async fn managers(app: &App, homes: &[&Home]) -> Answer<BTreeMap<OrganisationId, Actor>> {
    let mut found = BTreeMap::new();
    for home in homes {
        if found.contains_key(&home.provider) {
            continue;
        }
        let session = app.store.read(Some(home.provider)).await?;
        let people = session.people_in_role(home.provider, Role::ProviderManager, date(2021, 9, 13)).await?;
        if let Some(first) = people.into_iter().next() {
            found.insert(home.provider, first.actor);
        }
    }
    Ok(found)
}

/// A quarter's returns: asked, sent by each provider, accepted; of the last one some are still to be read, and one is to come.
async fn returns(app: &App, homes: &[&Home], managers: &BTreeMap<OrganisationId, Actor>, quarter: Date) -> Answer<()> {
    let lead = app.actor_by_email(LEAD).await?;
    let until = next_quarter(quarter);
    app.calendar.move_to(until.at(9, 0, 0, 0));
    let mut work = app.store.begin(lead.organisation, app.calendar.now()).await?;
    let days = call_in_rule(&work, work.org(), until).await?.calendar;
    let mut by_provider: BTreeMap<OrganisationId, Vec<QualityReturn>> = BTreeMap::new();
    for home in homes.iter().filter(|home| managers.contains_key(&home.provider)) {
        let of = Scheduled {
            region: home.region,
            provider: home.provider,
            home: home.id,
            urn: home.urn.to_string(),
            name: home.name.clone(),
            places: home.places,
            quarter,
        };
        let change = QualityReturn::schedule(work.new_id(), of, &days, work.moment())?;
        by_provider.entry(home.provider).or_default().push(work.apply(change).await?);
    }
    work.commit(Machine::now()).await?;
    let last = quarter == QUARTERS[3];
    let mut sent: Vec<QualityReturn> = Vec::new();
    let mut left_out = false;
    for (provider, asked) in by_provider {
        let Some(manager) = managers.get(&provider) else { continue };
        for (at, of) in (0_i64..).zip(asked) {
            if last && !left_out && at == 0 {
                left_out = true;
                continue;
            }
            let late = (number(&of) + at).rem_euclid(LATE) == 0;
            let day = plus_days(of.due, if late { 4 } else { -3 });
            app.calendar.move_to(day.at(14, 0, 0, 0));
            let mut work = app.store.begin(provider, app.calendar.now()).await?;
            work.by(manager.person);
            let counted = Counted { provider, home: of.home, from: quarter, until };
            let mut known = work.known_figures(counted).await?;
            known.retain(|figure, _| of.figures().contains(figure));
            let filled = Filled { figures: figures(&of, &known), note: String::new() };
            let change = of.send((filled, known), None, (manager.person, work.moment()))?;
            sent.push(work.apply(change).await?);
            work.commit(Machine::now()).await?;
        }
    }
    app.calendar.move_to(plus_days(until, 30).at(11, 0, 0, 0));
    let mut work = app.store.begin(lead.organisation, app.calendar.now()).await?;
    work.by(lead.person);
    for of in sent.into_iter().filter(|of| !last || of.differs().is_empty()) {
        let change = of.accept(lead.person, work.moment())?;
        work.apply(change).await?;
    }
    Ok(work.commit(Machine::now()).await?)
}

/// The home's number as a number: the same at every fill.
fn number(of: &QualityReturn) -> i64 {
    of.urn.bytes().filter(u8::is_ascii_digit).fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
}

/// What a home returns: what is known here, once in a while one off, and figures of its own.
fn figures(of: &QualityReturn, known: &Figures) -> Figures {
    let seed = number(of).rem_euclid(1_009) + i64::from(of.quarter.month()) + i64::from(of.quarter.year());
    let drawn = |prime: i64, most: i64| (seed * prime).rem_euclid(most + 1);
    let mut given: Figures = of
        .figures()
        .iter()
        .map(|figure| {
            let own = match figure {
                Figure::SchoolDays => 76 + drawn(7, 22),
                Figure::Posts => 3 * i64::from(of.places) + 2,
                Figure::VacantPosts => drawn(5, 2),
                Figure::AgencyShifts => drawn(11, 18),
                Figure::Missing => drawn(13, 4),
                Figure::Restraint => drawn(17, 3),
                Figure::Regulation44 => 3,
                Figure::Regulation45 => drawn(3, 1),
                Figure::Complaints | Figure::Safeguarding => drawn(19, 1),
                _ => 0,
            };
            (*figure, known.get(figure).copied().unwrap_or(own).min(figure.most(of.span())))
        })
        .collect();
    if seed % 23 == 0 {
        given.entry(Figure::MovedIn).and_modify(|value| *value += 1);
    }
    given
}

async fn perform<C: Command>(app: &Arc<App>, actor: &Actor, command: C) -> Answer<Receipt> {
    app.perform(actor, &format!("demonstration {}", C::NAME), command).await
}

fn id(receipt: &Receipt) -> Answer<i64> {
    let id = receipt.location.rsplit('/').next().and_then(|id| id.parse().ok());
    id.ok_or_else(|| Outcome::Fault(format!("no record at {}", receipt.location)))
}

/// A visit to a home where the story's authority has a child, and the concern that followed, with a plan that is overdue.
async fn found(app: &Arc<App>, managers: &BTreeMap<OrganisationId, Actor>) -> Answer<()> {
    let officer = app.actor_by_email(OFFICER).await?;
    let Some(home) = home_with_child(app, &officer, managers).await? else { return Ok(()) };
    let urn = home.urn.to_string();
    app.calendar.move_to(date(2021, 8, 16).at(10, 0, 0, 0));
    let on = date(2021, 8, 19);
    let visit = id(&perform(app, &officer, PlanVisit { urn: urn.clone(), on, announced: false }).await?)?;
    app.calendar.move_to(date(2021, 8, 19).at(16, 0, 0, 0));
    let finding = |theme, level, words: &str| Finding { theme, level, words: words.to_owned() };
    let findings = vec![
        finding(Theme::Care, Level::Good, "Meals are eaten together, and staff know what each child likes."),
        finding(Theme::Education, Level::Improve, "Homework has no quiet place. A room is to be set aside."),
        finding(Theme::Staffing, Level::Serious, "The rota shows five nights in August with one member of staff."),
    ];
    perform(app, &officer, RecordVisit { id: visit, version: 1, on, findings }).await?;
    let words = "Nights are not staffed as the statement of purpose says.".to_owned();
    let raise = RaiseConcern { urn, theme: Theme::Staffing, severity: Severity::Medium, words };
    let concern = id(&perform(app, &officer, raise).await?)?;
    if let Some(manager) = managers.get(&home.provider) {
        app.calendar.move_to(date(2021, 8, 23).at(11, 0, 0, 0));
        let what = "Two waking members of staff every night, shown on the rota".to_owned();
        let action = NewAction { what, owner: Owner::Manager, due: date(2021, 9, 6) };
        perform(app, manager, PlanAction { id: concern, version: 1, action }).await?;
    }
    Ok(())
}

/// The first home where the officer's authority has a child and a provider's manager signs in.
async fn home_with_child(
    app: &App,
    officer: &Actor,
    managers: &BTreeMap<OrganisationId, Actor>,
) -> Answer<Option<Home>> {
    let session = app.store.read(Some(officer.organisation)).await?;
    for home in session.homes().await? {
        if managers.contains_key(&home.provider) && session.has_child_at(officer.organisation, home.id).await? {
            return Ok(Some(home));
        }
    }
    Ok(None)
}

/// One placement under strain, and last week's hours of one with extra support, short of what was bought.
async fn placements(app: &Arc<App>, managers: &BTreeMap<OrganisationId, Actor>) -> Answer<()> {
    let officer = app.actor_by_email(OFFICER).await?;
    app.calendar.move_to(date(2021, 9, 13).at(8, 30, 0, 0));
    let today = app.calendar.now().today();
    let session = app.store.read(Some(officer.organisation)).await?;
    let hours = session.hours_after(officer.organisation, plus_days(today, -28)).await?;
    drop(session);
    for of in &hours {
        let Some(manager) = managers.get(&of.provider) else { continue };
        let waiting = app.agreement_hours(manager, &of.reference.to_string()).await?.waiting;
        let Some(week) = waiting.last() else { continue };
        let (reference, label, line_from) = (of.reference.to_string(), week.label.clone(), week.line_from);
        let quarters = week.quarters.saturating_sub(week.quarters / 4);
        let reason = Some(ShortfallReason::Sickness);
        perform(app, manager, ConfirmWeek { reference, label, line_from, week: week.week, quarters, reason }).await?;
        break;
    }
    let session = app.store.read(Some(officer.organisation)).await?;
    let live = session
        .agreements(officer.organisation, placewell_store::placing::agreement::AgreementTab::Live, (0, 50))
        .await?
        .0;
    drop(session);
    if let Some((agreement, manager)) =
        live.iter().rev().find_map(|one| managers.get(&one.provider).map(|manager| (one, manager)))
    {
        let words =
            "Evenings have been hard since the summer: arguments at supper, and two nights out late.".to_owned();
        let signs = vec![Strain::Incidents, Strain::Others];
        perform(app, manager, FlagStrain { reference: agreement.reference.to_string(), signs, words }).await?;
    }
    Ok(())
}
