//! Until when somebody works here in a role: moved by whoever keeps the people, to a later day or an earlier one.

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::change::Event;
use placewell_domain::clock::Moment;
use placewell_domain::id::PersonId;
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::Work;
use serde::Serialize;

use super::people::{Colleague, GivenBy, PEOPLE, colleague};
use crate::answer::{Answer, Outcome};
use crate::clock::{Machine, moment_of};
use crate::command::{App, Command, Receipt};
use crate::office::access::cover::absent::covered_beyond;
use crate::office::access::cover::covers_beyond;
use crate::office::access::granting::{Given, tell_of_role};

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

/// The role as somebody holds it on a day; where a cover lends it beside, their own.
#[must_use]
pub fn of_role(roles: &[Colleague], role: Role, on: Date) -> Option<&Colleague> {
    roles.iter().filter(|one| one.role == role && one.from <= on).min_by_key(|one| one.by)
}

/// Whether whoever keeps the people may move the end of a role, whoever they are.
pub fn may_move(held: &Colleague) -> Answer<()> {
    match held.by {
        GivenBy::Keeper => Ok(()),
        GivenBy::Provider => Err(refused(
            "provided_role",
            "A role that the organisation's own sign-in gives lasts as long as it says so",
            "This role is given by your organisation's sign-in.",
            "Whoever keeps that sign-in's groups",
        )),
        GivenBy::Cover => Err(refused(
            "lent_role",
            "A role that is lent for cover lasts as long as the cover",
            "This role is lent for the days of a cover.",
            "Whoever arranges cover, by ending it or arranging another",
        )),
    }
}

/// When a role is over that is held before a day, by the machine's clock, by which sessions and tokens end.
fn over_at(to: Date, now: Moment) -> Timestamp {
    if to >= OPEN_END {
        return Timestamp::MAX;
    }
    let left = moment_of(to.at(0, 0, 0, 0)).at.duration_since(now.at);
    Machine::now().saturating_add(left).unwrap_or(Timestamp::MAX)
}

impl App {
    /// The end of what somebody opens in their role: as they ask, and no later than the role that they hold today, so that
    /// nothing waits for them to be given it anew.
    pub(super) async fn within_role(&self, actor: &Actor, wanted: Timestamp) -> Answer<Timestamp> {
        let now = self.calendar.now();
        let session = self.store.read(Some(actor.organisation)).await?;
        let roles = session.colleagues(actor.organisation, now.today(), Some(actor.person)).await?;
        let held = roles.iter().filter(|one| one.role == actor.role && one.from <= now.today()).map(|one| one.to).max();
        Ok(held.map_or(wanted, |to| wanted.min(over_at(to, now))))
    }
}

/// Until when somebody has a role without a day between, where one of what gives it to them holds until a day: what is opened
/// in it ends no sooner.
fn held_on_until(roles: &[Colleague], held: &Colleague, to: Date) -> Date {
    let beside = roles.iter().filter(|one| one.role == held.role && one.from != held.from && one.from <= to);
    beside.map(|one| one.to).chain([to]).max().unwrap_or(to)
}

/// Nobody holds a role twice on one day: a later last day does not reach into the same role given apart.
fn held_once(roles: &[Colleague], held: &Colleague, to: Date) -> Answer<()> {
    let apart = roles.iter().filter(|one| one.role == held.role && one.from != held.from);
    let Some(other) = apart.filter(|one| one.from < to && held.from < one.to).min_by_key(|one| one.from) else {
        return Ok(());
    };
    let (given, who) = match other.by {
        GivenBy::Cover => {
            ("lent for the days of a cover", "You, by an earlier last day; or by ending that cover first")
        }
        GivenBy::Keeper | GivenBy::Provider => ("given apart", "You, by an earlier last day"),
    };
    let sentence = format!("They hold the same role from {}, {given}.", long_date(other.from));
    Err(refused("role_held_twice", "Nobody holds a role twice on one day", &sentence, who))
}

/// Whoever covers for a colleague works here for as long: once their last own role has ended, the cover would let them back in.
async fn covers_no_longer(work: &Work, roles: &[Colleague], held: &Colleague, to: Date) -> Answer<()> {
    let others = roles.iter().filter(|one| one.by != GivenBy::Cover && (one.role, one.from) != (held.role, held.from));
    let own = others.map(|one| one.to).chain([to]).max().unwrap_or(to);
    let Some(last) = covers_beyond(work, held.person, own).await? else { return Ok(()) };
    Err(refused(
        "covers_longer",
        "Cover ends at the latest with the last role of whoever covers",
        &format!("They cover for a colleague until {}.", long_date(last)),
        "You, by ending that cover first, or by a later last day",
    ))
}

/// Whoever is away works in the role for as long as it is lent for them: nobody is lent what nobody has.
async fn covered_no_longer(work: &Work, roles: &[Colleague], held: &Colleague, to: Date) -> Answer<()> {
    let same = roles.iter().filter(|one| one.by != GivenBy::Cover && one.role == held.role && one.from != held.from);
    let own = same.map(|one| one.to).chain([to]).max().unwrap_or(to);
    let Some(last) = covered_beyond(work, held.person, held.role, own).await? else { return Ok(()) };
    Err(refused(
        "covered_longer",
        "Cover ends at the latest with the role of whoever is away",
        &format!("A colleague covers for them until {}.", long_date(last)),
        "You, by ending that cover first, or by a later last day; cover beyond it is arranged because they leave",
    ))
}

impl Command for MoveLastDay {
    const ACTION: Action = Action::KeepPeople;
    const NAME: &'static str = "person.move_last_day";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let today = work.moment().today();
        let role = Role::from_code(&self.role).ok_or(Outcome::NotFound)?;
        // A cover that is being arranged meanwhile is waited for.
        work.hold_roles(&[self.person]).await?;
        let roles = colleague(work, actor, self.person, today).await?;
        let held = of_role(&roles, role, today).ok_or(Outcome::NotFound)?;
        if self.person == actor.person {
            return Err(refused(
                "own_last_day",
                "Nobody moves the end of their own role",
                "It is your own role.",
                "Another administrator of your organisation",
            ));
        }
        may_move(held)?;
        if self.until.is_some_and(|until| until < today) {
            return Err(Invalid::one("until", "Enter today or a later day, or leave it empty").into());
        }
        let to = self.until.map_or(OPEN_END, |last| plus_days(last, 1));
        let receipt = Receipt::at(format!("{PEOPLE}/{}", self.person));
        if to == held.to {
            return Ok(receipt);
        }
        if to > held.to {
            held_once(&roles, held, to)?;
        } else {
            covers_no_longer(work, &roles, held, to).await?;
            covered_no_longer(work, &roles, held, to).await?;
        }
        work.move_membership_end(self.person, (role, held.from), (held.to, to)).await?;
        let over = over_at(held_on_until(&roles, held, to), work.moment());
        work.shorten_sign_ins(self.person, role, over).await?;
        let event = Event::new("person.last_day_moved", "person", self.person.0, 0).with("role", role.code());
        work.record(event.with("until", self.until.map_or_else(|| "open".to_owned(), |until| until.to_string())));
        if to > held.to {
            tell_of_role(work, self.person, role, Given::Longer(actor.person)).await?;
        }
        Ok(receipt)
    }
}
