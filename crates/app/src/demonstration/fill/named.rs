//! What providers have told for their agreements: company numbers and registered managers; and the documents by which those
//! that were evaluated years ago show that their policy and their registration still hold. All invented.

use std::sync::Arc;

use jiff::civil::date;
use placewell_domain::homes::home::named::{Manager, ToldBy};
use placewell_domain::homes::home::paper::{Audience, Paper, PaperKind, PaperState};
use placewell_domain::id::PaperId;
use placewell_domain::nights::plus_days;
use placewell_store::Work;

use super::{World, Written};
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;
use crate::demonstration::admission::{company_number, data_protection};
use crate::demonstration::names;
use crate::homes::home::named::{tell_company, tell_manager};

/// One home in so many has nobody in post.
const EMPTY: usize = 170;

/// Writes them, each provider for itself.
pub async fn write(app: &Arc<App>, world: &World, written: &Written) -> Answer<()> {
    app.calendar.move_to(date(2021, 9, 10).at(17, 30, 0, 0));
    for (at, owner) in world.homes.owners.iter().enumerate() {
        let mut work = app.store.begin(written.organisation(&owner.slug)?, app.calendar.now()).await?;
        tell_company(&mut work, &company_number(at), ToldBy::Provider).await?;
        renew(&mut work, at).await?;
        let own = world.homes.homes.iter().zip(&written.homes).enumerate().filter(|(_, (plan, _))| plan.owner == at);
        for (number, (plan, home)) in own {
            let today = work.moment().today();
            let since = plus_days(today, -i64::try_from(40 + number * 13 % 900).unwrap_or(40)).max(plan.registered);
            let name = if number % EMPTY == EMPTY - 1 { String::new() } else { names::staff(number * 7 + 5) };
            let manager = Manager::told(&name, since.min(today), today, ToldBy::Provider)?;
            tell_manager(&mut work, home, &manager).await?;
        }
        work.commit(Machine::now()).await?;
    }
    Ok(())
}

/// A safeguarding policy reviewed this year and this year's registration for data protection.
async fn renew(work: &mut Work, owner: usize) -> Answer<()> {
    let held = [
        (PaperKind::Safeguarding, "Safeguarding policy of 2021".to_owned(), date(2021, 2, 1), date(2023, 2, 1)),
        (PaperKind::DataProtection, data_protection(owner), date(2021, 6, 1), date(2022, 5, 31)),
    ];
    let papers = held.map(|(kind, reference, from, until)| {
        Paper::keep(Paper {
            id: PaperId(work.new_id()),
            version: 1,
            provider: work.org(),
            home: None,
            kind,
            reference,
            from,
            since: None,
            expires_on: Some(until),
            audience: Audience::Members,
            state: PaperState::Held,
        })
    });
    Ok(work.keep_papers(Vec::from(papers)).await?)
}
