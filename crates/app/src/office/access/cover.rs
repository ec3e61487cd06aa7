//! Cover for a colleague who is away: the colleague's role is lent for the days, in the organisation's own record, and with it
//! the tasks. No post and no power goes with it: whoever covers an approver decides nothing by it.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::id::PersonId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::access::cover::{Cover, CoverReason, CoverWanted};
use placewell_domain::office::person::{Actor, Role};
use placewell_store::{Session, Work};
use serde::Serialize;

use super::granting::{Given, tell_of_role};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

/// The most covers that a page shows.
const SHOWN: u32 = 100;

/// Arranges cover: for oneself, or by an administrator for anybody of the organisation.
#[derive(Debug, Clone, Serialize)]
pub struct ArrangeCover {
    /// Who is away.
    pub absent: i64,
    /// Who covers.
    pub covering: i64,
    /// In which role.
    pub role: Role,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub last: Date,
    /// Why.
    pub reason: CoverReason,
}

/// Only the colleague and an administrator arrange and end cover: nobody takes another's place unasked.
fn may_arrange(actor: &Actor, absent: PersonId) -> Answer<()> {
    if actor.person == absent || actor.role == Role::Administrator {
        Ok(())
    } else {
        Err(Outcome::Forbidden(Action::ArrangeCover))
    }
}

/// The roles that a person holds in an organisation today.
async fn held(session: &Session, actor: &Actor, person: PersonId, on: Date) -> Answer<Vec<(Role, String)>> {
    let all = session.memberships(person, on).await?;
    let own = all.into_iter().filter(|one| one.actor.organisation == actor.organisation);
    Ok(own.map(|one| (one.actor.role, one.title)).collect())
}

impl Command for ArrangeCover {
    const ACTION: Action = Action::ArrangeCover;
    const NAME: &'static str = "cover.arrange";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (absent, covering) = (PersonId(self.absent), PersonId(self.covering));
        may_arrange(actor, absent)?;
        let today = work.moment().today();
        let of_absent = held(work, actor, absent, today).await?;
        let of_covering = held(work, actor, covering, today).await?;
        let wanted = CoverWanted {
            organisation: work.org(),
            absent,
            covering,
            role: self.role,
            from: self.from,
            until: plus_days(self.last, 1),
            reason: self.reason,
            absent_holds: of_absent.iter().any(|(role, _)| *role == self.role),
            covering_works: !of_covering.is_empty(),
        };
        let cover = work.apply(Cover::arrange(work.new_id(), &wanted, actor.person, work.moment())?).await?;
        // Whoever works in the role already has its tasks; anybody else is lent it for the days.
        if !of_covering.iter().any(|(role, _)| *role == self.role) {
            let name = work.person_name(absent).await?;
            let title = format!("covering for {name}");
            work.lend_role(covering, self.role, &title, (cover.from, cover.until)).await?;
            tell_of_role(work, covering, self.role, Given::Cover(actor.person)).await?;
        }
        Ok(Receipt::at("/cover"))
    }
}

/// Ends cover before its last day.
#[derive(Debug, Clone, Serialize)]
pub struct EndCover {
    /// The cover.
    pub cover: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for EndCover {
    const ACTION: Action = Action::ArrangeCover;
    const NAME: &'static str = "cover.end";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let cover = work.cover(work.org(), self.cover).await?;
        may_arrange(actor, cover.absent)?;
        if cover.version != self.version {
            return Err(Outcome::Conflict);
        }
        let days = (cover.from, cover.until);
        let today = work.moment().today();
        let cover = work.apply(cover.end(actor.person, work.moment())?).await?;
        let on = today.max(cover.from);
        let on = lent_beside(work, &cover).await?.map_or(on, |until| until.max(on));
        work.end_lent_role(cover.covering, cover.role, days, on).await?;
        Ok(Receipt::at("/cover"))
    }
}

/// Until when other covers lend the same role from the same first day.
async fn lent_beside(work: &Work, cover: &Cover) -> Answer<Option<Date>> {
    let all = work.covers_by(work.org(), cover.covering).await?;
    let beside = all.iter().filter(|one| one.id != cover.id && one.role == cover.role && one.from == cover.from);
    Ok(beside.map(|one| one.until).max())
}

/// A cover with the names of both.
#[derive(Debug, Clone)]
pub struct ReadCover {
    /// The cover.
    pub cover: Cover,
    /// Who is away.
    pub absent: String,
    /// Who covers.
    pub covering: String,
    /// Who arranged it.
    pub by: String,
    /// Whether the reader may end it now.
    pub may_end: bool,
    /// Whether it holds today.
    pub holds: bool,
}

/// A person of an organisation who can be away, or cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
}

impl App {
    /// The covers of one's organisation: all for its administrators, else those that one is a part of.
    pub async fn covers(self: &Arc<Self>, actor: &Actor) -> Answer<Vec<ReadCover>> {
        let session = self.see(actor, Action::ArrangeCover).await?;
        let today = self.calendar.now().today();
        let mut read = Vec::new();
        for cover in session.covers(actor.organisation, SHOWN).await? {
            let own = cover.absent == actor.person || cover.covering == actor.person;
            if !own && actor.role != Role::Administrator {
                continue;
            }
            read.push(ReadCover {
                absent: session.person_name(cover.absent).await?,
                covering: session.person_name(cover.covering).await?,
                by: session.person_name(cover.by).await?,
                may_end: may_arrange(actor, cover.absent).is_ok()
                    && cover.clone().end(actor.person, self.calendar.now()).is_ok(),
                holds: cover.holds(today),
                cover,
            });
        }
        Ok(read)
    }

    /// Who works in one's organisation today, in each of their roles.
    pub async fn colleagues(self: &Arc<Self>, actor: &Actor) -> Answer<Vec<Colleague>> {
        let session = self.see(actor, Action::ArrangeCover).await?;
        let today = self.calendar.now().today();
        let mut all = Vec::new();
        for role in Role::ALL.iter().filter(|role| **role != Role::Guest) {
            for one in session.people_in_role(actor.organisation, *role, today).await? {
                all.push(Colleague { person: one.actor.person, name: one.actor.name, role: *role });
            }
        }
        Ok(all)
    }
}
