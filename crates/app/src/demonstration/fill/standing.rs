//! Writing what the region and Ofsted's register have said lately: one suspension proposed this morning, one home suspended
//! with reviews recorded, one taken back, alerts that wait, and a home of which three voices differ.

use std::sync::Arc;

use jiff::civil::date;
use placewell_domain::calendar::long_date;
use placewell_domain::homes::home::alert::{AlertKind, Finding};
use placewell_domain::homes::home::voice::HomeFact;
use placewell_domain::homes::home::{Home, HomeState};
use placewell_domain::homes::standing::measure::{Affected, Reinstatement};
use placewell_domain::homes::standing::review::{ReviewOutcome, Reviewed, SeenBy};
use placewell_domain::homes::standing::{Standing, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::{MeasureId, OrganisationId};
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;

use super::{World, Written};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::demonstration::people::{LEAD, OFFICER, TEAM};
use crate::homes::home::alert::{finding, raise};
use crate::homes::home::voice::SayOfHome;
use crate::homes::standing::{About, ProposeMeasure, RecordReview, Reinstate};
use crate::placing::approval::follow_measure;

/// How many homes are looked at for those that are told of.
const LOOKED_AT: usize = 60;

/// Writes it all; in a small region as far as there are homes for it.
pub async fn write(app: &Arc<App>, world: &World, written: &mut Written) -> Answer<()> {
    let lead = app.actor_by_email(LEAD).await?;
    let found = candidates(app, world, written, (3, |_| true)).await?;
    let mut homes = found.iter();
    if let Some((at, _)) = homes.next() {
        taken_back(app, &lead, &written.homes[*at]).await?;
        know(app, written, *at).await?;
    }
    if let Some((at, touched)) = homes.next() {
        let home = written.homes[*at].clone();
        let id = suspended(app, &lead, &home).await?;
        for one in touched {
            follow_measure(app, one.authority, id).await?;
            reviewed(app, one.authority).await?;
        }
        know(app, written, *at).await?;
    }
    removed(app, &lead, world, written, &found).await?;
    app.calendar.move_to(date(2021, 9, 13).at(9, 0, 0, 0));
    alerts(app, &lead, (world, &*written), &found).await?;
    app.calendar.move_to(date(2021, 9, 13).at(9, 40, 0, 0));
    if let Some((at, _)) = homes.next() {
        let home = &written.homes[*at];
        let day = date(2021, 9, 13);
        propose(app, &lead, home, (StandingReason::Safeguarding, day)).await?;
        say(app, &lead, home).await?;
    }
    Ok(())
}

/// Homes of no story with a child placed there and nothing else under way, and whom they touch: so many, each of another
/// owner, whom the condition takes.
async fn candidates(
    app: &App,
    world: &World,
    written: &Written,
    (most, takes): (usize, impl Fn(usize) -> bool),
) -> Answer<Vec<(usize, Vec<Affected>)>> {
    let (cast, happened) = (world.cast.all(), &world.happenings);
    let owner = |at: usize| world.homes.homes[at].owner;
    let told: Vec<usize> = cast.iter().map(|at| owner(*at)).collect();
    let apart = |at: &usize| {
        let plain = written.known[*at].standing.iter().all(|fact| fact.standing == Standing::Good);
        plain
            && !world.homes.homes[*at].lots.is_empty()
            && matches!(written.homes[*at].state, HomeState::Registered { .. })
            && !told.contains(&owner(*at))
            && takes(owner(*at))
            && happened.visited.iter().all(|(other, _)| other != at)
    };
    let mut found: Vec<(usize, Vec<Affected>)> = Vec::new();
    let session = app.store.read(Some(written.organisation(TEAM)?)).await?;
    let tied: Vec<_> = session.running_blocks(date(2021, 9, 13)).await?;
    drop(session);
    let in_block = |home: &Home| {
        tied.iter().any(|block| block.latest_terms().is_some_and(|terms| terms.beds.homes().contains(&home.id)))
    };
    for at in (0..written.homes.len()).filter(apart).take(LOOKED_AT) {
        let home = &written.homes[at];
        if in_block(home) || found.iter().any(|(other, _)| owner(*other) == owner(at)) {
            continue;
        }
        let touched = app.open_by_authority(&[home.id], None).await?;
        let quiet = touched.iter().all(|one| one.referrals == 0 && one.offers == 0 && one.approvals == 0);
        if quiet && touched.iter().map(|one| one.placements).sum::<u32>() > 0 {
            found.push((at, touched));
        }
        if found.len() == most {
            break;
        }
    }
    Ok(found)
}

async fn propose(
    app: &Arc<App>,
    lead: &Actor,
    home: &Home,
    (reason, dated): (StandingReason, jiff::civil::Date),
) -> Answer<i64> {
    let link = Some(format!("https://reports.ofsted.gov.uk/provider/4/{}", home.urn));
    let about = About::Home(home.urn.to_string());
    let (lot, standing, elsewhere) = (None, Standing::Suspended, None);
    let command = ProposeMeasure { about, lot, standing, reason, link, elsewhere, dated };
    measure_of(app, lead, home.urn.as_str(), command).await
}

/// Proposes a measure under a key of its own; its id.
async fn measure_of(app: &Arc<App>, lead: &Actor, key: &str, command: ProposeMeasure) -> Answer<i64> {
    let receipt = app.perform(lead, &format!("demonstration propose {key}"), command).await?;
    let id = receipt.location.rsplit('/').next().and_then(|id| id.parse().ok());
    id.ok_or_else(|| Outcome::Fault(format!("no measure at {}", receipt.location)))
}

async fn confirm(app: &Arc<App>, lead: &Actor, id: i64) -> Answer<()> {
    app.have_told(id).await?;
    let page = app.region_measure(lead, id).await?;
    let with = (id, page.measure.version, page.seen());
    app.confirm_measure(lead, &format!("demonstration confirm {id}"), with).await?;
    Ok(())
}

/// Suspended in June after a safeguarding enquiry was opened, and taken back in August.
async fn taken_back(app: &Arc<App>, lead: &Actor, home: &Home) -> Answer<()> {
    app.calendar.move_to(date(2021, 6, 7).at(10, 0, 0, 0));
    let id = propose(app, lead, home, (StandingReason::Safeguarding, date(2021, 6, 7))).await?;
    app.calendar.move_to(date(2021, 6, 7).at(11, 30, 0, 0));
    confirm(app, lead, id).await?;
    app.calendar.move_to(date(2021, 8, 16).at(14, 0, 0, 0));
    let command = Reinstate {
        measure: id,
        version: 2,
        evidence: Reinstatement::EnquiryClosed,
        link: Some(format!("https://west-midlands-team.example/visits/{}", home.urn)),
    };
    app.perform(lead, &format!("demonstration reinstate {id}"), command).await?;
    Ok(())
}

/// Suspended on Friday.
async fn suspended(app: &Arc<App>, lead: &Actor, home: &Home) -> Answer<MeasureId> {
    app.calendar.move_to(date(2021, 9, 10).at(9, 30, 0, 0));
    let id = propose(app, lead, home, (StandingReason::SeriousConcerns, date(2021, 9, 9))).await?;
    app.calendar.move_to(date(2021, 9, 10).at(11, 0, 0, 0));
    confirm(app, lead, id).await?;
    Ok(MeasureId(id))
}

/// A provider with one home that answered late and seldom: suspended on Wednesday, removed from the arrangement on Friday
/// when its contract was ended. Children placed there stay, and each has a review.
async fn removed(
    app: &Arc<App>,
    lead: &Actor,
    world: &World,
    written: &mut Written,
    told: &[(usize, Vec<Affected>)],
) -> Answer<()> {
    let owner = |at: usize| world.homes.homes[at].owner;
    let others: Vec<usize> = told.iter().map(|(at, _)| owner(*at)).collect();
    let single = |one: usize| world.homes.owners[one].homes == 1 && !others.contains(&one);
    let found = candidates(app, world, written, (1, single)).await?;
    let Some((at, touched)) = found.into_iter().next() else { return Ok(()) };
    let code = world.homes.owners[owner(at)].slug.clone();
    let steps =
        [(8, Standing::Suspended, StandingReason::Responses), (10, Standing::Removed, StandingReason::ContractEnded)];
    for (day, standing, reason) in steps {
        let dated = date(2021, 9, day);
        app.calendar.move_to(dated.at(11, 30, 0, 0));
        let (about, lot, link, elsewhere) = (About::Provider(code.clone()), None, None, None);
        let command = ProposeMeasure { about, lot, standing, reason, link, elsewhere, dated };
        let id = measure_of(app, lead, &format!("{code} {day}"), command).await?;
        app.calendar.move_to(dated.at(14, 0, 0, 0));
        confirm(app, lead, id).await?;
        for one in &touched {
            follow_measure(app, one.authority, MeasureId(id)).await?;
        }
    }
    know_provider(app, written, at).await
}

/// The first review of each authority is recorded; others are still to be.
async fn reviewed(app: &Arc<App>, authority: OrganisationId) -> Answer<()> {
    let session = app.store.read(Some(authority)).await?;
    let reviews = session.placement_reviews(authority).await?;
    let people = session.people_in_role(authority, Role::PlacementOfficer, date(2021, 9, 10)).await?;
    drop(session);
    if let (Some(review), Some(officer)) = (reviews.first(), people.first()) {
        let found = Reviewed {
            on: date(2021, 9, 10),
            outcome: ReviewOutcome::StaysWithActions,
            seen: SeenBy::Visit,
            again: Some(date(2021, 9, 24)),
        };
        let command = RecordReview { review: review.id, version: review.version, found };
        app.perform(&officer.actor, &format!("demonstration review {}", review.id), command).await?;
    }
    Ok(())
}

/// What the region has recorded of a home is known to the searches that are written after it.
async fn know(app: &App, written: &mut Written, at: usize) -> Answer<()> {
    let home = &written.homes[at];
    let session = app.store.read(Some(home.region)).await?;
    let facts = session.standing_of(home.id, home.provider).await?;
    let own = facts
        .into_iter()
        .filter(|fact| fact.subject == StandingSubject::Home(home.id) && fact.source == StandingSource::Region);
    written.known[at].standing.extend(own);
    Ok(())
}

/// The same of the provider of a home that is its only one.
async fn know_provider(app: &App, written: &mut Written, at: usize) -> Answer<()> {
    let home = &written.homes[at];
    let subject = StandingSubject::Provider(home.provider);
    let session = app.store.read(Some(home.region)).await?;
    let facts = session.standing_of(home.id, home.provider).await?;
    let known = &mut written.known[at].standing;
    known.retain(|fact| fact.subject != subject);
    known.extend(facts.into_iter().filter(|fact| fact.subject == subject));
    Ok(())
}

/// What the file of the end of August changed, and what Ofsted wrote since.
async fn alerts(
    app: &Arc<App>,
    lead: &Actor,
    (world, written): (&World, &Written),
    found: &[(usize, Vec<Affected>)],
) -> Answer<()> {
    let as_at = date(2021, 8, 31);
    let source = || ("Ofsted's register of 31 August 2021".to_owned(), as_at);
    let words = |before: &str, after: &str| (Some(before.to_owned()), Some(after.to_owned()));
    let homes: Vec<&Home> = found.iter().map(|(at, _)| &written.homes[*at]).collect();
    let mut all: Vec<Finding> = Vec::new();
    if let Some(home) = homes.first() {
        let before = words(&(home.places + 1).to_string(), &home.places.to_string());
        all.push(finding(home, AlertKind::Places, before, source()));
    }
    if let Some(home) = homes.get(1) {
        all.push(finding(home, AlertKind::Judgement, words("Good", "Requires improvement to be good"), source()));
    }
    if let Some(home) = homes.get(2) {
        all.push(finding(home, AlertKind::Concerns, (None, Some("Serious concerns".to_owned())), source()));
    }
    // What Ofsted found last week is not in the file yet: it writes to the region when a visit gave serious concerns.
    for (at, seen) in world.happenings.visited.iter().filter(|(_, seen)| seen.serious_concerns) {
        let after = format!("{}, {}", seen.kind.label(), long_date(seen.inspected_on));
        let letter = ("Ofsted's letter to the region".to_owned(), seen.inspected_on);
        all.push(finding(&written.homes[*at], AlertKind::Concerns, (None, Some(after)), letter));
    }
    let mut work = app.store.begin(lead.organisation, app.calendar.now()).await?;
    work.by(lead.person);
    for home in work.homes().await?.into_iter().filter(|home| matches!(home.state, HomeState::Closed { .. })).take(1) {
        all.push(finding(&home, AlertKind::Cancelled, (None, None), source()));
    }
    for one in all {
        raise(&mut work, one).await?;
    }
    Ok(work.commit(Machine::now()).await?)
}

/// Ofsted's report and a council's visit do not say the same.
async fn say(app: &Arc<App>, lead: &Actor, home: &Home) -> Answer<()> {
    let command = |fact, value: &str, day| SayOfHome {
        urn: home.urn.to_string(),
        fact,
        value: value.to_owned(),
        seen_on: date(2021, 9, day),
        link: None,
    };
    let published = SayOfHome {
        link: Some(format!("https://reports.ofsted.gov.uk/provider/4/{}", home.urn)),
        ..command(HomeFact::Manager, "yes", 1)
    };
    app.perform(lead, &format!("demonstration says {}", home.urn), published).await?;
    let officer = app.actor_by_email(OFFICER).await?;
    app.perform(&officer, &format!("demonstration found {}", home.urn), command(HomeFact::Manager, "no", 6)).await?;
    Ok(())
}
