//! A region is made in one transaction for each organisation, so a crash may leave some of them. A mark says that a region
//! is being made and from which data: the same data goes on where it stopped, and nothing else goes in beside it.

use std::sync::Arc;

use placewell_domain::outcome::Refusal;
use placewell_store::Work;
use placewell_store::verify::DEPLOYMENT;
use sha2::{Digest, Sha256};

use super::{Made, OrganisationEntry, Region};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;

/// The mark of the database: the digest of the data that a region is being made from, or [`WHOLE`].
const MARK: &str = "region";
/// What the mark says once all of it is there.
const WHOLE: &str = "whole";

/// The digest of the data, first passwords left out: they are drawn anew each time.
fn digest(region: &Region) -> Answer<String> {
    let mut plain = region.clone();
    for person in plain.organisations.iter_mut().flat_map(|entry| &mut entry.people) {
        person.password_hash = None;
    }
    Ok(hex::encode(Sha256::digest(serde_json::to_vec(&plain)?)))
}

/// Marks that this region is being made; refused where another was begun and is not whole.
pub(super) async fn begin(app: &App, region: &Region) -> Answer<()> {
    let own = digest(region)?;
    match app.visit().await?.mark(MARK).await? {
        Some(known) if known == own => return Ok(()),
        Some(known) if known != WHOLE => {
            return Err(Refusal::new(
                "region_unfinished",
                "A region is made whole, from one file",
                "The making of another region was cut off in this database.",
                "You, by finishing it with the file that it was begun from, or by naming an empty database",
            )
            .into());
        }
        Some(_) | None => {}
    }
    set(app, &own).await
}

/// Marks that all of it is there.
pub(super) async fn end(app: &App) -> Answer<()> {
    set(app, WHOLE).await
}

async fn set(app: &App, value: &str) -> Answer<()> {
    let work: Work = app.store.begin(DEPLOYMENT, app.calendar.now()).await?;
    work.set_mark(MARK, value).await?;
    Ok(work.commit(Machine::now()).await?)
}

/// Takes an organisation that is there already into what was made, and gives its people the passwords of this time: those
/// of the time that was cut off were never shown. False where it is not there yet.
pub(super) async fn taken_up(app: &App, entry: &OrganisationEntry, made: &mut Made) -> Answer<bool> {
    let session = app.visit().await?;
    let known = session.organisations().await?.into_iter().find(|one| one.code == entry.code);
    drop(session);
    let Some(known) = known else { return Ok(false) };
    let work = app.store.begin(known.id, app.calendar.now()).await?;
    if !entry.people.is_empty() && !work.has_people(known.id).await? {
        work.roll_back().await?;
        return Ok(false);
    }
    made.organisations.insert(entry.code.clone(), known.id);
    for person in &entry.people {
        let account = work.account(&person.email).await?.ok_or(Outcome::NotFound)?;
        work.give_password(account.id, person.password_hash.as_deref()).await?;
        made.people.insert(person.email.clone(), account.id);
    }
    for post in work.posts(known.id).await? {
        made.posts.insert((entry.code.clone(), post.title), post.id);
    }
    work.commit(Machine::now()).await?;
    Ok(true)
}

impl App {
    /// Whether the making of a region was cut off in this database.
    pub async fn region_unfinished(self: &Arc<Self>) -> Answer<bool> {
        Ok(self.visit().await?.mark(MARK).await?.is_some_and(|mark| mark != WHOLE))
    }
}
