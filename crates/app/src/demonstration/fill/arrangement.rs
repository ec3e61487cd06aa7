//! The arrangement's own life before today: terms accepted by authorities and providers, an extension proposed, decided by
//! some authorities, undecided by several, and one that leaves (rules 2.4 and 10.1).

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::{Instrument, OwnDecision, TermsAcceptance};
use placewell_domain::power::decision::{DecisionPage, InExtension, Limb, LimbEffect, Says};

use super::{World, Written, texts};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::demonstration::authorities::{PARTS, Part, place};
use crate::demonstration::decisions::{name_posts, page, publishing, reference};
use crate::demonstration::names;
use crate::demonstration::people::{DIRECTOR, LEAD, address, democratic, manager};
use crate::demonstration::stays::effective;
use crate::placing::agreement::LeaveArrangement;
use crate::power::annual_value::SetCeiling;
use crate::power::arrangement::{DecideOwn, ProposeExtension};
use crate::power::decision::Record;

/// The arrangement's slug.
const SLUG: &str = "fca";
/// The last day of the step that is proposed.
const UNTIL: Date = date(2022, 12, 14);
/// Authorities whose own decision goes on, and what it says of blocks; the last has not recorded its use yet.
const GO_ON: [(&str, Says); 5] =
    [("COV", Says::Yes), ("SHR", Says::Unknown), ("STA", Says::Yes), ("WAR", Says::No), ("WOR", Says::Unknown)];
/// The authority that leaves with the initial term.
const LEAVES: &str = "SOL";
/// Authorities that have not accepted the latest terms.
const SLOW: [&str; 2] = ["DUD", "WOL"];

/// The director of an authority, by address.
fn director(part: &Part) -> String {
    if part.code == "HEF" { DIRECTOR.to_owned() } else { address(part, "director") }
}

/// Authorities accept each version of the terms; the region proposes to extend, and some authorities decide.
pub async fn decide(app: &Arc<App>, written: &Written) -> Answer<()> {
    texts::first(app).await?;
    texts::later(app, "1.1", date(2020, 4, 1)).await?;
    accept(app, "1.1", date(2020, 4, 6), &[]).await?;
    app.calendar.move_to(date(2021, 6, 1).at(11, 0, 0, 0));
    let lead = app.actor_by_email(LEAD).await?;
    let proposal =
        ProposeExtension { slug: SLUG.to_owned(), version: 2, from: None, months: 12, answer_by: date(2021, 11, 1) };
    app.perform(&lead, "demonstration proposal", proposal).await?;
    for (code, blocks) in GO_ON {
        go_on(app, &PARTS[place(code)], blocks, written).await?;
    }
    app.calendar.move_to(date(2021, 8, 2).at(10, 0, 0, 0));
    for (code, _) in GO_ON.iter().take(GO_ON.len() - 1) {
        let actor = app.actor_by_email(&director(&PARTS[place(code)])).await?;
        let decision = OwnDecision::UseExtension { until: UNTIL };
        own(app, &actor, "demonstration extension", decision).await?;
    }
    texts::later(app, "1.2", date(2021, 9, 9)).await?;
    // Herefordshire accepts it in the story, so that what came before keeps its own moment on the record.
    let later: Vec<&str> = SLOW.into_iter().chain(["HEF"]).collect();
    accept(app, "1.2", date(2021, 9, 10), &later).await
}

async fn own(app: &Arc<App>, actor: &Actor, key: &str, decision: OwnDecision) -> Answer<()> {
    app.perform(actor, key, DecideOwn { slug: SLUG.to_owned(), decision }).await.map(|_| ())
}

/// Every authority that was in force on the day accepts a version, but for some.
async fn accept(app: &Arc<App>, version: &str, on: Date, but: &[&str]) -> Answer<()> {
    app.calendar.move_to(on.at(10, 0, 0, 0));
    for (at, part) in PARTS.iter().enumerate() {
        if effective(at) > on || but.contains(&part.code) {
            continue;
        }
        let actor = app.actor_by_email(&director(part)).await?;
        let decision = OwnDecision::AcceptTerms { version: version.to_owned() };
        own(app, &actor, &format!("demonstration terms {version}"), decision).await?;
    }
    Ok(())
}

/// An authority's own decision to go on: the adoption again, with the limb that uses the extension.
async fn go_on(app: &Arc<App>, part: &Part, blocks: Says, written: &Written) -> Answer<()> {
    let published = date(2021, 7, 12);
    app.calendar.move_to(published.at(9, 30, 0, 0));
    let actor = app.actor_by_email(&democratic(part)).await?;
    let later = format!("{}-2021-0712", part.code);
    let recorded = Record { reference: later.clone(), amends: Some(reference(part)), page: extended(part, blocks) };
    app.perform(&actor, "demonstration extension", recorded).await?;
    let publish = publishing(later.clone(), published);
    app.perform(&actor, "demonstration extension published", publish).await?;
    let decision = app.own_decision(&actor, &later).await?.decision.id;
    name_posts(app, &actor, decision, &written.made).await?;
    app.calendar.move_to(date(2021, 7, 26).at(9, 0, 0, 0));
    let ceiling = SetCeiling { reference: later, accepts_over: false };
    app.perform(&actor, "demonstration extension ceiling", ceiling).await.map(|_| ())
}

fn extended(part: &Part, blocks: Says) -> DecisionPage {
    let published = date(2021, 7, 12);
    let mut page = page(part);
    "Regional Flexible Contracting Arrangement: use of the option to extend".clone_into(&mut page.title);
    page.purpose = Some("To use the option to extend the arrangement by one year.".to_owned());
    page.limbs.push(Limb {
        letter: 'd'.into(),
        text: "The option to extend be used until 14 December 2022, with the annual value and the powers of limbs (b) \
               and (c) going on."
            .to_owned(),
        effects: vec![LimbEffect::UsesExtension { until: UNTIL }],
    });
    page.in_extension = InExtension { ceiling: Says::Yes, limbs: Says::Yes, blocks };
    page.alternatives.clear();
    page.no_alternatives = Some("None: the arrangement has served.".to_owned());
    page.reasons = Some("Children go on needing homes, and most are found through the arrangement.".to_owned());
    page.conflicts_of_interest = Some("None declared.".to_owned());
    page.dispensations = Some("None.".to_owned());
    page.urgency = Some("Not urgent.".to_owned());
    (page.published_on, page.decided_on) = (Some(published), Some(published));
    page.effective_from = None;
    page
}

/// Providers accept each version: most the latest too, and those of the story all.
pub async fn providers(app: &Arc<App>, world: &World, written: &Written) -> Answer<()> {
    let arrangement = app.store.read(None).await?.arrangement(SLUG).await?.arrangement;
    let told = world.homes.homes[world.cast.elm].owner;
    for (at, owner) in world.homes.owners.iter().enumerate() {
        let org = written.organisation(&owner.slug)?;
        let person = written.person(&manager(&owner.slug))?;
        let days = [("1.1", date(2020, 4, 3)), ("1.2", date(2021, 9, 10))];
        let slow = at % 9 == 4 && at != told;
        for (version, on) in days.into_iter().take(if slow { 1 } else { 2 }) {
            app.calendar.move_to(on.at(15, 0, 0, 0));
            let mut work = app.store.begin(org, app.calendar.now()).await?;
            work.by(person);
            let acceptance = TermsAcceptance {
                id: work.new_id(),
                provider: org,
                arrangement: arrangement.id,
                of: Instrument::Terms,
                version: version.to_owned(),
                person,
                name: names::staff(300 + at),
                role: "Placements manager".to_owned(),
                at: work.moment().local,
            };
            work.apply(acceptance.accept(&arrangement, &[])?).await?;
            work.commit(Machine::now()).await?;
        }
    }
    Ok(())
}

/// One authority leaves with the end of the initial term; its live agreements are listed with its decision.
pub async fn leave(app: &Arc<App>) -> Answer<()> {
    app.calendar.move_to(date(2021, 9, 10).at(16, 0, 0, 0));
    let actor = app.actor_by_email(&director(&PARTS[place(LEAVES)])).await?;
    let leaving = LeaveArrangement {
        slug: SLUG.to_owned(),
        from: date(2021, 12, 15),
        reason:
            "The council buys by itself from the end of the initial term; most of its children live with foster carers."
                .to_owned(),
    };
    match app.perform(&actor, "demonstration leaving", leaving).await {
        Ok(_) => Ok(()),
        Err(outcome) => Err(Outcome::Fault(format!("{LEAVES} could not leave: {outcome:?}"))),
    }
}
