//! What a person chooses of their own screen: after which time without activity a child's details leave it.

use placewell_domain::change::Event;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::screen::HidesAfter;

use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;

impl App {
    /// What somebody chose.
    pub async fn hides_after(&self, actor: &Actor) -> Answer<HidesAfter> {
        Ok(HidesAfter::of(self.visit().await?.hides_after(actor.person).await?))
    }

    /// Keeps their choice.
    pub async fn choose_hiding(&self, actor: &Actor, choice: HidesAfter) -> Answer<()> {
        let mut work = self.deployment(Some(actor.person)).await?;
        work.give_hiding(actor.person, i64::from(choice.minutes())).await?;
        let event = Event::new("person.hiding_chosen", "person", actor.person.0, 0).with("minutes", choice.minutes());
        work.record(event);
        Ok(work.commit(Machine::now()).await?)
    }
}
