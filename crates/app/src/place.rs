//! Where postcodes are: as closely as a directory that the operator brought in knows, else by the centres known here.
//! A directory is read twice, first to check every row and then to keep them, a thousand at a time.

use std::io::{self, BufRead};

use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::place::{Located, Point, Postcode, locate_with};
use placewell_domain::placing::child::ChildIdentity;
use placewell_exchange::homes::home::RowError;
use placewell_exchange::place::{Directory, Entry};
use placewell_store::Session;
use placewell_store::place::MOST_PLACES;
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;

/// So many rows that cannot be used are named; the others are counted.
const MOST_NAMED: usize = 100;

/// What a directory holds, beside what is held here already.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DirectorySummary {
    /// Postcodes that were not held.
    pub new: u64,
    /// Postcodes that were held at another place.
    pub moved: u64,
    /// Postcodes that are held as the file has them.
    pub held: u64,
    /// Postcodes that are not on the National Grid: they stay unplaced.
    pub elsewhere: u64,
    /// Rows that cannot be used.
    pub wrong: u64,
    /// The first hundred of them, with their number and the reason.
    pub errors: Vec<RowError>,
    /// Homes that stand where the file has their postcode, and did not before; none where the file is only checked.
    pub homes: u64,
}

/// Where a postcode is.
pub async fn locate(session: &Session, postcode: &Postcode) -> Answer<Option<Located>> {
    Ok(locate_with(postcode, session.place_of(postcode).await?))
}

/// Where a child's family home is; none where no postcode is recorded, or where it is placed by nothing.
pub async fn family_home(session: &Session, identity: &ChildIdentity) -> Answer<Option<Located>> {
    match identity.postcode() {
        Some(postcode) => locate(session, &postcode).await,
        None => Ok(None),
    }
}

/// A thousand postcodes at a time.
type Batch = Vec<(Postcode, Point)>;

impl App {
    /// Reads a directory to its end and says what it would change; nothing is changed.
    pub async fn check_places(&self, source: impl BufRead) -> Answer<DirectorySummary> {
        let (mut directory, mut summary) = (Directory::new(source), DirectorySummary::default());
        loop {
            let batch = next_batch(&mut directory, &mut summary).map_err(|error| unreadable(&error))?;
            if batch.is_empty() {
                return Ok(summary);
            }
            let names: Vec<String> = batch.iter().map(|(postcode, _)| postcode.to_string()).collect();
            let held = self.store.read(None).await?.places_of(&names).await?;
            for (name, (_, point)) in names.iter().zip(&batch) {
                match held.get(name) {
                    None => summary.new += 1,
                    Some(held) if held == point => summary.held += 1,
                    Some(_) => summary.moved += 1,
                }
            }
        }
    }

    /// Keeps where a directory has its postcodes; rows that cannot be used are passed over. Cut short, it is begun again:
    /// what is held is kept once.
    pub async fn keep_places(&self, source: impl BufRead) -> Answer<()> {
        let (mut directory, mut passed) = (Directory::new(source), DirectorySummary::default());
        loop {
            let batch = next_batch(&mut directory, &mut passed).map_err(|error| unreadable(&error))?;
            if batch.is_empty() {
                return Ok(());
            }
            // The directory is nobody's own, so that no organisation has to be there yet.
            let work = self.store.begin(OrganisationId(0), self.calendar.now()).await?;
            match work.keep_places(&batch).await {
                Ok(_) => work.commit(Machine::now()).await?,
                Err(error) => {
                    work.roll_back().await?;
                    return Err(error.into());
                }
            }
        }
    }

    /// Moves every open home to where the directory has its postcode; how many stood elsewhere.
    pub async fn stand_homes(&self) -> Answer<u64> {
        let mut moved = 0;
        let organisations = self.store.read(None).await?.organisations().await?;
        for team in organisations.iter().filter(|one| one.kind == OrganisationKind::RegionalTeam) {
            moved += self.stand_homes_of(team.id).await?;
        }
        self.homes.forget().await;
        Ok(moved)
    }

    /// Every open home of a regional team stands where the directory has its postcode.
    async fn stand_homes_of(&self, region: OrganisationId) -> Answer<u64> {
        let mut work = self.store.begin(region, self.calendar.now()).await?;
        let mut moved = 0;
        let done: Answer<()> = async {
            let homes = work.homes_with_postcode(region).await?;
            for some in homes.chunks(MOST_PLACES) {
                let names: Vec<String> =
                    some.iter().filter_map(|home| Some(home.postcode.as_ref()?.to_string())).collect();
                let places = work.places_of(&names).await?;
                for (home, name) in some.iter().zip(&names) {
                    if let Some(point) = places.get(name).filter(|point| home.point != Some(**point)) {
                        work.apply(home.clone().stand_at(*point)?).await?;
                        moved += 1;
                    }
                }
            }
            Ok(())
        }
        .await;
        match done {
            Ok(()) => work.commit(Machine::now()).await?,
            Err(outcome) => {
                work.roll_back().await?;
                return Err(outcome);
            }
        }
        Ok(moved)
    }
}

/// The next postcodes that have a place; empty at the end. What has none is counted.
fn next_batch(directory: &mut Directory<impl BufRead>, summary: &mut DirectorySummary) -> io::Result<Batch> {
    let mut batch = Batch::with_capacity(MOST_PLACES);
    while batch.len() < MOST_PLACES {
        match directory.next_entry()? {
            None => break,
            Some(Entry::Placed(postcode, point)) => batch.push((postcode, point)),
            Some(Entry::Elsewhere(_)) => summary.elsewhere += 1,
            Some(Entry::Wrong(error)) => {
                summary.wrong += 1;
                if summary.errors.len() < MOST_NAMED {
                    summary.errors.push(error);
                }
            }
        }
    }
    Ok(batch)
}

fn unreadable(error: &io::Error) -> Outcome {
    Outcome::Fault(format!("the file cannot be read to its end: {error}"))
}
