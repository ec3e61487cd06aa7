//! The demonstration's way in: past openings with the records that every authority relies on, an opening under evaluation by
//! evaluators of four authorities with applications at every stage, one that is open, and the yearly one to come.

use std::sync::Arc;

use jiff::civil::{Date, DateTime, date};
use placewell_domain::change::{Change, Event};
use placewell_domain::homes::admission::application::{Answers, Application, ApplicationState, Signer};
use placewell_domain::homes::admission::criteria::Criteria;
use placewell_domain::homes::admission::evaluation::{
    Consensus, Evaluation, EvaluationState, GateJudged, HomeFinding, HomeJudged, Spread,
};
use placewell_domain::homes::admission::opening::Opening;
use placewell_domain::homes::admission::score::Evaluator;
use placewell_domain::homes::home::{Grade, Urn};
use placewell_domain::id::{ApplicationId, EvaluationId, OpeningId, OrganisationId};
use placewell_domain::nights::plus_days;
use placewell_domain::office::person::Actor;

use super::{World, Written};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::demonstration::admission::{OPENINGS, Planned, applied, criteria, plan, quality, selection};
use crate::demonstration::authorities::{PARTS, place};
use crate::demonstration::names;
use crate::demonstration::people::{LEAD, TEAM, manager, officers};

mod summer;

pub(super) use summer::under_a_condition;

/// The authorities of the panel.
pub(super) const PANEL: [&str; 4] = ["HEF", "SHR", "COV", "TEL"];
/// Until when most are insured.
const INSURED_TO: Date = date(2022, 3, 31);

/// The evaluators: the first placement officer of each authority of the panel.
pub(super) async fn panel(app: &Arc<App>) -> Answer<Vec<Actor>> {
    let mut found = Vec::new();
    for code in PANEL {
        found.push(app.actor_by_email(&officers(&PARTS[place(code)])[0]).await?);
    }
    Ok(found)
}

/// Writes openings and records of the past, then the summer's opening by the people who work on it.
pub async fn write(app: &Arc<App>, world: &World, written: &Written) -> Answer<()> {
    let arrangement = app.store.read(None).await?.arrangement("fca").await?.arrangement;
    let team = written.organisation(TEAM)?;
    let mut openings = Vec::new();
    for planned in OPENINGS {
        app.calendar.move_to(published(planned));
        let mut work = app.store.begin(team, app.calendar.now()).await?;
        work.by(written.person(LEAD)?);
        let reference = format!("AR-{:03}", work.next_number("admission_opening").await?);
        let id = OpeningId(work.new_id());
        let made = work.apply(Opening::plan(id, team, &arrangement, reference, plan(planned))?).await?;
        openings.push(work.apply(made.publish(&arrangement, work.moment())?).await?);
        work.commit(Machine::now()).await?;
    }
    records(app, world, written, &openings).await?;
    summer::write(app, world, &openings).await
}

fn published((_, _, opens, _): Planned) -> DateTime {
    plus_days(opens.date(), -21).max(date(2018, 9, 3)).at(10, 0, 0, 0).min(date(2021, 9, 6).at(8, 30, 0, 0))
}

/// A provider of the past: its place among the owners, and since when it is in the arrangement.
struct Past {
    owner: usize,
    org: OrganisationId,
    since: Date,
}

/// The providers that are in the arrangement, by the first day of their first home.
fn admitted(world: &World, written: &Written) -> Answer<Vec<Past>> {
    let mut found = Vec::new();
    for (owner, plan) in world.homes.owners.iter().enumerate() {
        let own = world.homes.homes.iter().zip(&written.known).filter(|(home, _)| home.owner == owner);
        let since = own.flat_map(|(_, known)| &known.admissions).map(|one| one.from).min();
        if let Some(since) = since {
            found.push(Past { owner, org: written.organisation(&plan.slug)?, since });
        }
    }
    Ok(found)
}

/// Which opening a provider came in by.
fn opening_of(openings: &[Opening], since: Date) -> &Opening {
    let mut past = openings.iter().take(3).rev();
    past.find(|one| one.plan.closes.date() < since).unwrap_or(&openings[0])
}

async fn records(app: &Arc<App>, world: &World, written: &Written, openings: &[Opening]) -> Answer<()> {
    let evaluators: Vec<Evaluator> = panel(app).await?.iter().map(evaluator).collect();
    let mut evaluations = Vec::new();
    for past in admitted(world, written)? {
        let opening = opening_of(openings, past.since);
        let application = application(world, written, &past, opening)?;
        app.calendar.move_to(application.sent);
        let mut work = app.store.begin(past.org, app.calendar.now()).await?;
        work.by(application.signer.person);
        let id = ApplicationId(work.new_id());
        let application = Application { id, ..application };
        let event = Event::new("admission_application.sent", "admission_application", id.0, 1)
            .with("opening", &opening.reference)
            .with("late", 0);
        let application = work.apply(Change::to(application, event)).await?;
        work.commit(Machine::now()).await?;
        evaluations.push(evaluation(world, &past, opening, (&application, &evaluators)));
    }
    app.calendar.move_to(date(2021, 9, 10).at(17, 30, 0, 0));
    let team = written.organisation(TEAM)?;
    let mut work = app.store.begin(team, app.calendar.now()).await?;
    let mut ids = Vec::new();
    for evaluation in evaluations {
        let evaluation = Evaluation { id: EvaluationId(work.new_id()), ..evaluation };
        work.bring_in_evaluation(&evaluation).await?;
        ids.push(evaluation.id.0);
    }
    work.record_brought_in("evaluation", &ids);
    Ok(work.commit(Machine::now()).await?)
}

pub(super) fn evaluator(actor: &Actor) -> Evaluator {
    Evaluator {
        person: actor.person,
        name: actor.name.clone(),
        authority: actor.organisation,
        authority_name: actor.organisation_name.clone(),
    }
}

/// The last day on which an owner is insured: some run out soon.
fn insured_to(world: &World, owner: usize) -> Date {
    let soon = world.happenings.uninsured.iter().find(|(known, _)| *known == owner);
    soon.map_or(INSURED_TO, |(_, from)| plus_days(*from, -1))
}

fn application(world: &World, written: &Written, past: &Past, opening: &Opening) -> Answer<Application> {
    let owner = &world.homes.owners[past.owner];
    let mut lots = Vec::new();
    for template in &opening.plan.criteria.templates {
        let homes = world.homes.homes.iter().filter(|home| home.owner == past.owner);
        let on = homes.filter(|home| home.lots.iter().any(|(lot, _)| *lot == template.lot));
        let urns: Vec<Urn> = on.filter_map(|home| home.urn.parse().ok()).collect();
        if !urns.is_empty() {
            let way = 20 + i64::try_from(past.owner % 40).unwrap_or_default();
            lots.push(applied(&template.lot, urns, way));
        }
    }
    let sent = plus_days(opening.plan.closes.date(), -2).at(15, 0, 0, 0);
    Ok(Application {
        id: ApplicationId(0),
        version: 1,
        provider: past.org,
        provider_name: owner.name.clone(),
        region: opening.region,
        opening: opening.id,
        opening_reference: opening.reference.clone(),
        answers: Answers {
            selection: selection(&owner.name, past.owner, (insured_to(world, past.owner), sent.date())),
            quality: quality(past.owner),
            lots,
            evidence: Vec::new(),
        },
        signer: Signer {
            person: written.person(&manager(&owner.slug))?,
            name: names::staff(300 + past.owner),
            role: "Director".to_owned(),
        },
        sent,
        late: false,
        state: ApplicationState::Sent,
    })
}

/// A record of the past, as it was kept before this system.
fn evaluation(
    world: &World,
    past: &Past,
    opening: &Opening,
    (application, panel): (&Application, &[Evaluator]),
) -> Evaluation {
    let judged = plus_days(opening.plan.closes.date(), 10);
    let gates =
        application.answers.selection.findings(&opening.plan.criteria, judged).into_iter().map(|finding| GateJudged {
            gate: finding.gate,
            passed: true,
            found: finding.found,
            until: finding.until,
            cover: finding.cover,
            words: String::new(),
            on: judged,
        });
    let homes = application.answers.lots.iter().flat_map(|lot| lot.homes.iter().map(move |urn| (lot, urn)));
    let homes = homes.map(|(lot, urn)| {
        let plan = world.homes.homes.iter().find(|home| home.urn == urn.as_str());
        let name = plan.map_or_else(|| urn.to_string(), |home| home.name.clone());
        let found = format!("Registered; {}; statement of purpose seen", Grade::Good.label());
        let finding = HomeFinding { urn: urn.clone(), name, lot: lot.lot.clone(), met: true, found };
        HomeJudged { finding, passed: true, words: String::new() }
    });
    let months = i64::from(opening.plan.criteria.validity_months);
    let begun = plus_days(opening.plan.closes.date(), 3).at(9, 0, 0, 0);
    Evaluation {
        gates: gates.collect(),
        homes: homes.collect(),
        consensus: consensus(&criteria(), past.owner, panel),
        state: EvaluationState::Admitted {
            from: past.since,
            until: past.since.saturating_add(jiff::Span::new().months(months)),
        },
        ..Evaluation::of(EvaluationId(0), opening, application, panel.to_vec(), begun)
    }
}

fn consensus(criteria: &Criteria, number: usize, panel: &[Evaluator]) -> Vec<Consensus> {
    let one = |(at, question): (usize, &placewell_domain::homes::admission::criteria::Question)| {
        let score = if (number + at).is_multiple_of(3) { 5 } else { 4 };
        let given = |(who, evaluator): (usize, &Evaluator)| {
            (evaluator.person, score - u8::from((number + at + who).is_multiple_of(4)))
        };
        Consensus {
            question: question.code.clone(),
            score,
            reason: "Clear, with figures that the panel could check.".to_owned(),
            spread: Spread { question: question.code.clone(), scores: panel.iter().enumerate().map(given).collect() },
        }
    };
    criteria.quality.iter().enumerate().map(one).collect()
}

/// A fault that names what was tried, so that a rule that changes is found at once.
pub(super) fn tried<T>(what: &str, answer: Answer<T>) -> Answer<T> {
    answer.map_err(|outcome| Outcome::Fault(format!("the demonstration's admission, {what}: {outcome:?}")))
}
