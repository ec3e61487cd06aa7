//! Writing the demonstration into an empty database, room by room, each through its own functions.

use std::collections::BTreeMap;
use std::sync::Arc;

use placewell_domain::homes::home::Home;
use placewell_domain::id::{BedId, OrganisationId, PersonId};

use super::cast::{Cast, cast};
use super::comparison::BoughtPlan;
use super::happenings::Happenings;
use super::history::History;
use super::homes::Homes;
use super::stays::Stays;
use super::story::Told;
use super::{Scale, TODAY, decisions, people, story, tour};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::region::{Made, make_region};

mod admission;
mod appraisal;
mod arrangement;
mod asked;
mod block_nights;
mod blocks;
mod comparison;
mod disclosing;
mod going_live;
mod history;
mod homes;
mod monitoring;
mod named;
mod papers;
mod publication;
mod retention;
mod spot;
mod standing;
mod successor;
mod texts;
mod traces;
mod uplift;

/// Everything that is planned before anything is written.
pub struct World {
    /// Owners and homes.
    pub homes: Homes,
    /// The homes of the story.
    pub cast: Cast,
    /// Who slept where.
    pub stays: Stays,
    /// What was bought and searched for before today.
    pub history: History,
    /// The home and the beds, from 0, of each mini-block that was awarded, by its place in the list.
    pub blocks: Vec<Option<(usize, Vec<u8>)>>,
    /// What is known of placements outside the arrangement.
    pub bought: Vec<BoughtPlan>,
    /// What has happened lately at some homes.
    pub happenings: Happenings,
    /// Each home's stays, by their place in the list.
    pub by_home: Vec<Vec<usize>>,
}

impl World {
    /// Plans the region at a scale; the same every time.
    #[must_use]
    pub fn plan(scale: Scale) -> Self {
        let mut homes = super::homes::plan(scale);
        let cast = cast(&mut homes);
        let mut stays = super::stays::plan(&homes, scale, &cast.free());
        let blocks = super::blocks::settle(&homes, &cast, &mut stays);
        let history = super::history::plan(&homes, &mut stays, scale);
        let bought = super::comparison::plan(&homes, &mut stays);
        let happenings = super::happenings::plan(&homes, &cast, &stays, &history);
        let mut by_home = vec![Vec::new(); homes.homes.len()];
        for (at, stay) in stays.stays.iter().enumerate() {
            by_home[stay.home].push(at);
        }
        Self { homes, cast, stays, history, blocks, bought, happenings, by_home }
    }
}

/// What has been written so far, for the rooms that come later.
#[derive(Default)]
pub struct Written {
    /// Organisations, people, posts, the arrangement.
    pub made: Made,
    /// Homes in the order of their plan.
    pub homes: Vec<Home>,
    /// Each home's beds.
    pub beds: Vec<Vec<BedId>>,
    /// What else is recorded of each home.
    pub known: Vec<homes::Known>,
    /// What people are called, by their address.
    pub names: BTreeMap<String, String>,
}

impl Written {
    /// The organisation with this code.
    pub fn organisation(&self, code: &str) -> Answer<OrganisationId> {
        self.made.organisations.get(code).copied().ok_or_else(|| Outcome::Fault(format!("no organisation {code}")))
    }

    /// What the person with this address is called.
    pub fn name(&self, email: &str) -> String {
        self.names.get(email).cloned().unwrap_or_default()
    }

    /// The person with this address.
    pub fn person(&self, email: &str) -> Answer<PersonId> {
        self.made.people.get(email).copied().ok_or_else(|| Outcome::Fault(format!("no person {email}")))
    }
}

/// Fills an empty database with the whole region and marks it as a demonstration at the end, so that an unfinished
/// fill is told from a finished one. Leaves the calendar standing on the demonstration's morning.
pub async fn fill(app: &Arc<App>, progress: &mut dyn FnMut(&str)) -> Answer<()> {
    fill_at(app, Scale::WHOLE, progress).await
}

/// The same at a scale.
pub async fn fill_at(app: &Arc<App>, scale: Scale, progress: &mut dyn FnMut(&str)) -> Answer<()> {
    let world = World::plan(scale);
    let mut written = Written::default();
    progress("Organisations and people");
    app.calendar.move_to(jiff::civil::date(2018, 9, 3).at(9, 0, 0, 0));
    let region = people::region(&world.homes);
    written.made = make_region(app, &region).await?;
    let people = region.organisations.into_iter().flat_map(|entry| entry.people);
    written.names = people.map(|person| (person.email, person.name)).collect();
    progress("Decisions and powers");
    decisions::record(app, &written.made).await?;
    publication::prefix(app, &written).await?;
    publication::decisions(app).await?;
    arrangement::decide(app, &written).await?;
    successor::adopt(app, &written).await?;
    progress(&format!("{} homes", world.homes.homes.len()));
    homes::write(app, &world, &mut written).await?;
    named::write(app, &world, &written).await?;
    arrangement::providers(app, &world, &written).await?;
    progress("Openings and evaluations");
    admission::write(app, &world, &written).await?;
    blocks::reading(app).await?;
    history::write(app, &world, &written, progress).await?;
    progress("Mini-blocks");
    blocks::write(app, &world, &written).await?;
    block_nights::write(app, &world, &written).await?;
    arrangement::leave(app).await?;
    successor::moved(app).await?;
    publication::years(app).await?;
    standing::write(app, &world, &mut written).await?;
    uplift::write(app, &world, &written).await?;
    progress("The story of today");
    let told = Box::pin(story::tell(app, &world, &written)).await?;
    progress("Returns, visits, concerns");
    Box::pin(monitoring::write(app, &world, &written)).await?;
    finish(app, &world, &written, &told).await
}

/// Writes the papers and mails that the story's commands left to be done, marks the database, and sets the calendar to the demonstration's morning.
async fn finish(app: &Arc<App>, world: &World, written: &Written, story: &Told) -> Answer<()> {
    app.calendar.move_to(TODAY.at(10, 20, 0, 0));
    let undone_no_more = Machine::now() + jiff::SignedDuration::from_mins(11);
    app.do_jobs_due_at(undone_no_more).await?;
    papers::write(app, story).await?;
    disclosing::write(app, story).await?;
    retention::write(app).await?;
    going_live::write(app, world, written).await?;
    app.count_for_region().await?;
    appraisal::save(app).await?;
    let slug = |owner: usize| world.homes.owners[owner].slug.as_str();
    let provider = slug(world.homes.homes[world.cast.elm].owner);
    let beside = people::beside_the_nine(admission::under_a_condition(world).map(slug));
    let work = app.store.begin(written.organisation(people::OPERATOR)?, app.calendar.now()).await?;
    let listed: Vec<String> = people::nine(provider).into_iter().chain(beside).collect();
    work.set_mark("demonstration_people", &listed.join(" ")).await?;
    // What was lost is counted as it is filled, under numbers of its own.
    work.set_mark(crate::reporting::comparison::BROUGHT_FORWARD, "2021-09-13").await?;
    work.set_mark(tour::TOUR, &story.tour().join(" ")).await?;
    work.set_mark("demonstration", "2021-09-13T10:20").await?;
    work.commit(Machine::now()).await?;
    app.publish_checkpoints_now().await.map(|_| ())
}
