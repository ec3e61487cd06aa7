//! Rows of people to invite: each role of a row is an invitation with the checks of one by hand, and nobody is invited twice
//! to the same work.

use std::collections::HashSet;

use placewell_domain::id::PersonId;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_exchange::office::import::people::PersonLine;
use placewell_store::Work;

use super::{Taken, Took, Wrong};
use crate::answer::Answer;
use crate::clock::Machine;
use crate::office::person::inviting::send_welcome;
use crate::office::person::people::{InvitePerson, Roll};

/// Whoever invites, and who works here or is invited already.
pub(super) struct Inviter {
    actor: Actor,
    roll: Roll,
    /// The addresses and roles of invitations that can still be accepted.
    waiting: HashSet<(String, Role)>,
}

impl Inviter {
    /// Whoever brings the file, where they keep the people here today: between the sending of a file and its rows their
    /// own role may have ended.
    pub(super) async fn find(work: &Work, by: PersonId) -> Answer<Option<Self>> {
        let held = work.memberships(by, work.moment().today()).await?;
        let keeps = |actor: &Actor| actor.organisation == work.org() && may(actor.role, Action::KeepPeople);
        let Some(actor) = held.into_iter().map(|one| one.actor).find(keeps) else { return Ok(None) };
        let roll = Roll::read(work, &actor).await?;
        let now = Machine::now();
        let invited = work.welcomes(actor.organisation).await?.into_iter().filter(|one| one.expires > now);
        let waiting = invited.map(|one| (one.email, one.role)).collect();
        Ok(Some(Self { actor, roll, waiting }))
    }

    fn knows(&self, email: &str, role: Role) -> bool {
        self.roll.holds(email, role) || self.waiting.contains(&(email.to_owned(), role))
    }
}

fn keeps_no_people() -> Refusal {
    Refusal::new(
        "keeps_no_people",
        "People are invited by whoever keeps the people of the organisation on that day",
        "Whoever brings this file no longer keeps people here.",
        "An administrator of the organisation, by sending the file",
    )
}

/// Invites somebody to each role of a row in which they neither work here nor are invited.
pub(super) async fn invite(work: &mut Work, inviter: Option<&mut Inviter>, line: PersonLine) -> Taken {
    let Some(inviter) = inviter else { return Err(keeps_no_people().into()) };
    let actor = &inviter.actor;
    if !line.organisation.is_empty() && !line.organisation.eq_ignore_ascii_case(&actor.code) {
        let words = format!("A file invites people to {} alone: enter {} or leave it empty", name(actor), actor.code);
        return Err(Invalid::one("organisation", words).into());
    }
    // Every role of the row is asked for before the first is given: a row is used whole or not at all.
    let mut invitees = Vec::new();
    for role in line.roles {
        if !role.belongs_to(actor.kind) {
            return Err(no_role_here(actor, role));
        }
        if inviter.knows(&line.email, role) {
            continue;
        }
        let command = InvitePerson {
            name: line.name.clone(),
            email: line.email.clone(),
            role: role.code().to_owned(),
            title: line.title.clone(),
            until: line.until,
        };
        invitees.push(command.checked(actor, work.moment().today(), &inviter.roll)?);
    }
    if invitees.is_empty() {
        return Ok(Took::Unchanged);
    }
    for invitee in invitees {
        inviter.waiting.insert((invitee.contact.email.clone(), invitee.role));
        send_welcome(work, invitee, (inviter.actor.person, name(&inviter.actor))).await?;
    }
    Ok(Took::Changed)
}

fn name(actor: &Actor) -> &str {
    &actor.organisation_name
}

fn no_role_here(actor: &Actor, role: Role) -> Wrong {
    let fits: Vec<&str> = Role::ALL.iter().filter(|role| role.belongs_to(actor.kind)).map(|role| role.code()).collect();
    Invalid::one("role", format!("{} is no role of your organisation: enter {}", role.code(), fits.join(", "))).into()
}
