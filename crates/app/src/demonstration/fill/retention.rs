//! Retention in the demonstration: four records from the authority's archive whose children would be past their 75th
//! birthday (one is held, one is due, one more is due, and of one the erasure waits for a second person), and one breaking of
//! the glass that was ended and that the authority sees.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_domain::change::Event;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;
use placewell_domain::office::access::glass::{GlassMinutes, GlassReason};
use placewell_domain::placing::child::{ChildIdentity, Sex};

use crate::answer::{Answer, Outcome};
use crate::clock::{Machine, moment_of};
use crate::command::App;
use crate::demonstration::TODAY;
use crate::demonstration::authorities::PARTS;
use crate::demonstration::people::officers;
use crate::office::access::glass::{Wanted, broken};
use crate::placing::child::retention::{HoldRecord, ProposeErasure};
use crate::placing::referral::record_child;

/// The search of the child over whom the glass was broken.
const SEARCHED: &str = "HEF-R-0042";

fn archived(family_name: &str, given_names: &str, born: Date, case_number: &str) -> ChildIdentity {
    ChildIdentity {
        family_name: family_name.to_owned(),
        given_names: given_names.to_owned(),
        known_as: None,
        born,
        sex: Sex::Female,
        case_number: case_number.to_owned(),
        home_postcode: None,
        school: None,
        other_names: Vec::new(),
    }
}

/// Writes them.
pub(super) async fn write(app: &Arc<App>) -> Answer<()> {
    let Some(part) = PARTS.iter().find(|part| part.code == "HEF") else { return Ok(()) };
    let officer = app.actor_by_email(&officers(part)[0]).await?;
    let mut numbers = Vec::new();
    for (family, given, born, number) in [
        ("Harewood", "Edna", date(1943, 4, 11), "ARCH-0431"),
        ("Lugwardine", "Doris", date(1944, 11, 2), "ARCH-0447"),
        ("Bodenham", "Joan", date(1945, 2, 28), "ARCH-0452"),
        ("Clehonger", "Ivy", date(1946, 8, 30), "ARCH-0468"),
    ] {
        let mut work = app.store.begin(officer.organisation, app.calendar.now()).await?;
        work.by(officer.person);
        numbers.push(record_child(&mut work, &archived(family, given, born, number)).await?.number);
        work.commit(Machine::now()).await?;
    }
    if let [held, proposed, ..] = numbers.as_slice() {
        let words = "An inquiry into a children's home of the 1950s asks that it is kept (invented).".to_owned();
        app.perform(&officer, "demonstration hold", HoldRecord { number: *held, words }).await?;
        app.perform(&officer, "demonstration erasure", ProposeErasure { number: *proposed }).await?;
    }
    glass(app, officer.organisation).await?;
    app.tell_of_retention().await?;
    app.do_due_jobs().await.map(|_| ())
}

/// Three days ago, after a system fault, for nine minutes.
async fn glass(app: &Arc<App>, org: placewell_domain::id::OrganisationId) -> Answer<()> {
    let session = app.store.read(Some(org)).await?;
    let administrators = session.people_in_role(org, Role::Administrator, TODAY).await?;
    drop(session);
    let administrator = administrators.into_iter().next().ok_or(Outcome::NotFound)?.actor;
    let at = |minute| moment_of(plus_days(TODAY, -3).at(16, minute, 0, 0)).at;
    let mut work = app.store.begin(org, app.calendar.now()).await?;
    work.by(administrator.person);
    let wanted = Wanted {
        reference: SEARCHED.to_owned(),
        reason: GlassReason::SystemFault,
        ticket: "T-1042".to_owned(),
        minutes: GlassMinutes::Fifteen,
    };
    let id =
        broken(&mut work, &administrator, (wanted, "T-1042".to_owned()), at(10)).await?.ok_or(Outcome::NotFound)?;
    work.record(Event::new("glass.looked", "broken_glass_use", id, 0).with("reference", SEARCHED));
    let broken = work.broken_glass(org, id).await?;
    work.apply(broken.mend(at(19))?).await?;
    Ok(work.commit(Machine::now()).await?)
}
