//! Until when somebody works here in a role: moved by whoever keeps the people, to a later day or an earlier one.

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::id::PersonId;
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::Work;
use serde::Serialize;

use super::people::{PEOPLE, colleague};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::office::access::granting::{Given, tell_of_role};

/// So many covers are looked through for the one that lent a role; those that end last come first.
const COVERS: u32 = 1_000;

/// Moves the last day on which a person of the organisation holds a role.
#[derive(Debug, Clone, Serialize)]
pub struct MoveLastDay {
    /// The person.
    pub person: PersonId,
    /// The role, by its stored name.
    pub role: String,
    /// The last day; none where it has no end yet.
    pub until: Option<Date>,
}

fn refused(code: &str, rule: &str, sentence: &str, who: &str) -> Outcome {
    Refusal::new(code, rule, sentence, who).into()
}

impl Command for MoveLastDay {
    const ACTION: Action = Action::KeepPeople;
    const NAME: &'static str = "person.move_last_day";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let today = work.moment().today();
        let role = Role::from_code(&self.role).ok_or(Outcome::NotFound)?;
        let roles = colleague(work, actor, self.person, today).await?;
        let held = roles.into_iter().find(|one| one.role == role && one.from <= today).ok_or(Outcome::NotFound)?;
        if self.person == actor.person {
            return Err(refused(
                "own_last_day",
                "Nobody moves the end of their own role",
                "It is your own role.",
                "Another administrator of your organisation",
            ));
        }
        if held.provided {
            return Err(refused(
                "provided_role",
                "A role that the organisation's own sign-in gives lasts as long as it says so",
                "This role is given by your organisation's sign-in.",
                "Whoever keeps that sign-in's groups",
            ));
        }
        let covers = work.covers(work.org(), COVERS).await?;
        let lent = covers.iter().any(|cover| {
            let days = (cover.from, cover.until) == (held.from, held.to);
            cover.covering == self.person && cover.role == role && days
        });
        if lent {
            return Err(refused(
                "lent_role",
                "A role that is lent for cover lasts as long as the cover",
                "This role is lent for the days of a cover.",
                "Whoever arranges cover, by ending it or arranging another",
            ));
        }
        if self.until.is_some_and(|until| until < today) {
            return Err(Invalid::one("until", "Enter today or a later day, or leave it empty").into());
        }
        let to = self.until.map_or(OPEN_END, |last| plus_days(last, 1));
        let receipt = Receipt::at(format!("{PEOPLE}/{}", self.person));
        if to == held.to {
            return Ok(receipt);
        }
        work.move_membership_end(self.person, (role, held.from), (held.to, to)).await?;
        let event = Event::new("person.last_day_moved", "person", self.person.0, 0).with("role", role.code());
        work.record(event.with("until", self.until.map_or_else(|| "open".to_owned(), |until| until.to_string())));
        if to > held.to {
            tell_of_role(work, self.person, role, Given::Longer(actor.person)).await?;
        }
        Ok(receipt)
    }
}
