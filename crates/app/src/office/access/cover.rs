//! Cover for a colleague who is away: the colleague's role is lent for the days, in the organisation's own record, and with it
//! the tasks. No post and no power goes with it: whoever covers an approver decides nothing by it.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::id::PersonId;
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::access::Action;
use placewell_domain::office::access::cover::{Cover, CoverReason, CoverRefused, CoverWanted};
use placewell_domain::office::person::{Actor, Role};
use placewell_store::Work;
use placewell_store::office::person::welcome::{Colleague as Held, GivenBy};
use serde::Serialize;

use super::granting::{Given, tell_of_role};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

pub(crate) mod absent;
pub(crate) mod decided;

/// The most covers that a page shows.
const SHOWN: u32 = 100;

impl From<CoverRefused> for Outcome {
    fn from(refused: CoverRefused) -> Self {
        match refused {
            CoverRefused::Invalid(invalid) => invalid.into(),
            CoverRefused::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

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

/// Until when somebody holds roles of their own that began by a day: what a cover lends them ends with it, and is no more
/// theirs to lend on than it is a place of their own.
fn own_until<'a>(roles: impl Iterator<Item = &'a Held>, on: Date) -> Option<Date> {
    roles.filter(|one| one.by != GivenBy::Cover && one.from <= on).map(|one| one.to).max()
}

/// Whether a cover lends its role: unless whoever covers has its tasks on all of its days by a role of their own. What
/// another cover lends them ends with that one, and does not stand for this. A role of their own from the same first day
/// would be written over, and is left as it is.
fn lends(of_covering: &[Held], cover: &Cover) -> bool {
    let mut own = of_covering.iter().filter(|one| one.by != GivenBy::Cover && one.role == cover.role);
    !own.any(|one| one.from <= cover.from && cover.until <= one.to || one.from == cover.from)
}

impl ArrangeCover {
    /// Until when the role is the absent person's to lend; none where it is not theirs, nor where whoever arranges the cover
    /// works in it by a cover alone: it would come back to them by a third. A colleague who leaves has their role covered
    /// beyond their last day, by an administrator.
    fn lendable(&self, actor: &Actor, of_absent: &[Held], of_actor: &[Held], today: Date) -> Option<Date> {
        let in_role = |roles: &[Held], on: Date| own_until(roles.iter().filter(|one| one.role == self.role), on);
        if self.role == actor.role && in_role(of_actor, today).is_none() {
            return None;
        }
        if self.reason == CoverReason::Vacancy && actor.role == Role::Administrator {
            return in_role(of_absent, today).map(|_| OPEN_END);
        }
        in_role(of_absent, self.from)
    }
}

impl Command for ArrangeCover {
    const ACTION: Action = Action::ArrangeCover;
    const NAME: &'static str = "cover.arrange";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (absent, covering) = (PersonId(self.absent), PersonId(self.covering));
        may_arrange(actor, absent)?;
        // Whoever ends a role of theirs, or moves its last day, waits for this or is waited for.
        work.hold_roles(&[absent, covering]).await?;
        let (org, today) = (work.org(), work.moment().today());
        let of_absent = work.colleagues(org, today, Some(absent)).await?;
        let of_actor = work.colleagues(org, today, Some(actor.person)).await?;
        let of_covering = work.colleagues(org, today, Some(covering)).await?;
        let name = |of: &[Held]| of.first().map(|one| one.name.clone()).unwrap_or_default();
        let wanted = CoverWanted {
            organisation: org,
            absent,
            covering,
            role: self.role,
            from: self.from,
            until: plus_days(self.last, 1),
            reason: self.reason,
            names: (name(&of_absent), name(&of_covering)),
            absent_until: self.lendable(actor, &of_absent, &of_actor, today),
            covering_until: own_until(of_covering.iter(), today),
        };
        let cover = work.apply(Cover::arrange(work.new_id(), &wanted, actor.person, work.moment())?).await?;
        if lends(&of_covering, &cover) {
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
        // Before the cover itself, as whoever ends a role of theirs takes both.
        work.hold_roles(&[cover.covering]).await?;
        end(work, cover, actor.person).await?;
        Ok(Receipt::at("/cover"))
    }
}

/// Ends a cover, and with it the role that it lends, which is held on no day where it has not begun.
async fn end(work: &mut Work, cover: Cover, by: PersonId) -> Answer<()> {
    let days = (cover.from, cover.until);
    let today = work.moment().today();
    let cover = work.apply(cover.end(by, work.moment())?).await?;
    let on = today.max(cover.from);
    let on = lent_beside(work, &cover).await?.map_or(on, |until| until.max(on));
    Ok(work.end_lent_role(cover.covering, cover.role, days, on).await?)
}

/// Ends what covers lend somebody whose role here has ended, also from a later day on: that same role, and every one where no
/// role of their own is left. How many covers it ended.
pub(crate) async fn end_lent_with(work: &mut Work, covering: PersonId, role: Role, by: PersonId) -> Answer<usize> {
    let (org, today) = (work.org(), work.moment().today());
    let roles = work.colleagues(org, today, Some(covering)).await?;
    let stays = roles.iter().any(|one| one.by != GivenBy::Cover);
    let mut covers = work.covers_by(org, covering).await?;
    covers.retain(|one| one.until > today && (!stays || one.role == role));
    let ended = covers.len();
    for cover in covers {
        end(work, cover, by).await?;
    }
    Ok(ended)
}

/// The last day of whatever somebody covers here, where one cover goes on beyond a day.
pub(crate) async fn covers_beyond(work: &Work, covering: PersonId, to: Date) -> Answer<Option<Date>> {
    let covers = work.covers_by(work.org(), covering).await?;
    Ok(covers.iter().map(|one| one.until).max().filter(|until| *until > to).map(|until| plus_days(until, -1)))
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

    /// Who works in one's organisation today, in each role of their own.
    pub async fn colleagues(self: &Arc<Self>, actor: &Actor) -> Answer<Vec<Colleague>> {
        let session = self.see(actor, Action::ArrangeCover).await?;
        let today = self.calendar.now().today();
        let mut all = session.colleagues(actor.organisation, today, None).await?;
        all.retain(|one| one.by != GivenBy::Cover && one.from <= today && one.role != Role::Guest);
        all.sort_by_key(|one| Role::ALL.iter().position(|role| *role == one.role));
        Ok(all.into_iter().map(|one| Colleague { person: one.person, name: one.name, role: one.role }).collect())
    }
}
