//! Making one organisation with its first people: the part that every region is made of.

use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_store::Work;

use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;

/// An organisation to make.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Three letters for an authority, a slug for all others.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// An authority's GSS code.
    pub area: Option<String>,
    /// The trust that places for it.
    pub placing_body: Option<String>,
    /// Its first people.
    pub people: Vec<NewPerson>,
}

/// A person to make, with one role.
#[derive(Clone)]
pub struct NewPerson {
    /// Where mail goes; also the name to sign in with.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The password's argon2 text; none where they cannot sign in by password yet.
    pub password: Option<String>,
    /// Their role.
    pub role: Role,
    /// Their job title.
    pub title: String,
    /// From when they hold it.
    pub from: Date,
}

/// The secret in it is never shown.
impl core::fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("NewPerson").field("email", &self.email).field("role", &self.role).finish_non_exhaustive()
    }
}

/// Writes an organisation with its people into a transaction of its own organisation; the people in their order.
pub(crate) async fn found(work: &Work, new: &NewOrganisation) -> Answer<Vec<PersonId>> {
    work.add_organisation(&Organisation {
        id: work.org(),
        code: new.code.clone(),
        name: new.name.clone(),
        kind: new.kind,
        area: new.area.clone(),
        placing_body: new.placing_body.clone(),
    })
    .await?;
    staff(work, new).await
}

/// Gives the organisation of a transaction its first people, in their order.
pub(crate) async fn staff(work: &Work, new: &NewOrganisation) -> Answer<Vec<PersonId>> {
    let mut people = Vec::with_capacity(new.people.len());
    for person in &new.people {
        let id = PersonId(work.new_id());
        work.add_person(id, &person.email, &person.name, person.password.as_deref()).await?;
        work.add_membership(id, person.role, &person.title, person.from, OPEN_END).await?;
        people.push(id);
    }
    Ok(people)
}

impl App {
    /// Makes an organisation with its people, in one transaction.
    pub async fn make_organisation(&self, new: &NewOrganisation) -> Answer<(OrganisationId, Vec<PersonId>)> {
        let moment = self.calendar.now();
        let id = OrganisationId(placewell_store::ids::next());
        let work = self.store.begin(id, moment).await?;
        let people = found(&work, new).await?;
        work.commit(Machine::now()).await?;
        Ok((id, people))
    }
}
