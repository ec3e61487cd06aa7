//! Who works for an organisation: invited, listed, their roles and sign-ins ended, by its administrator.
//!
//! Each act needs a recent proof (`Action::KeepPeople`), and stands on the organisation's own chain.

use jiff::SignedDuration;
use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::id::PersonId;
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::welcome::{DAYS, Welcome, is_email};
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::Work;
use placewell_store::office::person::SignInEntry;
pub use placewell_store::office::person::welcome::{Colleague, GivenBy};
use serde::Serialize;

use super::forgotten::{end_links, mail_link};
use super::inviting::{Contact, Invitee, send_welcome};
use super::signing::tell_of_change;
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, Command, Receipt, permitted};
use crate::office::access::cover::absent::{end_covers_for, hold_covered};
use crate::office::access::cover::end_lent_with;

/// Where the list stands.
pub const PEOPLE: &str = "/admin/people";

/// The people of an organisation, and who was invited and has not come yet.
pub struct People {
    /// Each role that somebody holds.
    pub colleagues: Vec<Colleague>,
    /// Invitations that wait, run-out ones among them.
    pub invited: Vec<Welcome>,
}

impl App {
    /// The people of the reader's organisation.
    pub async fn people(&self, actor: &Actor) -> Answer<People> {
        let session = self.see(actor, Action::KeepPeople).await?;
        let today = self.calendar.now().today();
        Ok(People {
            colleagues: session.colleagues(actor.organisation, today, None).await?,
            invited: session.welcomes(actor.organisation).await?,
        })
    }

    /// As whom somebody invites people: the operator's administrators also for an organisation, named by its code, that has
    /// nobody yet; everybody else for their own.
    pub async fn inviting_for(&self, actor: &Actor, code: &str) -> Answer<Actor> {
        permitted(actor, Action::KeepPeople)?;
        let code = code.trim();
        if code.is_empty() || code == actor.code {
            return Ok(actor.clone());
        }
        let wrong = |message: &str| Outcome::from(Invalid::one("organisation", message));
        if actor.kind != OrganisationKind::Operator {
            return Err(wrong("You invite people to your own organisation: leave this empty"));
        }
        let session = self.visit().await?;
        let found = session.organisation_by_code(code).await.map_err(|_| wrong("Select the organisation"))?;
        Ok(Actor {
            organisation: found.id,
            code: found.code,
            organisation_name: found.name,
            kind: found.kind,
            ..actor.clone()
        })
    }

    /// The organisations that somebody may invite a first person to beside their own, by name, after their own: code and
    /// name.
    pub async fn invited_to(&self, actor: &Actor) -> Answer<Vec<(String, String)>> {
        permitted(actor, Action::KeepPeople)?;
        if actor.kind != OrganisationKind::Operator {
            return Ok(Vec::new());
        }
        let (session, today) = (self.visit().await?, self.calendar.now().today());
        let mut all = session.organisations().await?;
        all.sort_by(|one, other| one.name.cmp(&other.name));
        let mut empty = Vec::new();
        for one in all {
            if session.colleagues(one.id, today, None).await?.is_empty() {
                empty.push((one.code, one.name));
            }
        }
        if !empty.is_empty() {
            empty.insert(0, (actor.code.clone(), actor.organisation_name.clone()));
        }
        Ok(empty)
    }

    /// One of them, with the roles held here and every sign-in.
    pub async fn colleague(&self, actor: &Actor, person: PersonId) -> Answer<(Vec<Colleague>, Vec<SignInEntry>)> {
        let session = self.see(actor, Action::KeepPeople).await?;
        let roles = colleague(&session, actor, person, self.calendar.now().today()).await?;
        let mut sign_ins = session.sign_ins(person, &[], Machine::now()).await?;
        sign_ins.retain(|one| one.org == actor.organisation);
        Ok((roles, sign_ins))
    }
}

/// The roles of a person of the actor's organisation; not found where they work elsewhere.
pub(super) async fn colleague(
    session: &placewell_store::Session,
    actor: &Actor,
    person: PersonId,
    today: Date,
) -> Answer<Vec<Colleague>> {
    let roles = session.colleagues(actor.organisation, today, Some(person)).await?;
    if roles.is_empty() { Err(Outcome::NotFound) } else { Ok(roles) }
}

/// Invites somebody to work here in a role: they are mailed a link that expires.
#[derive(Debug, Clone, Serialize)]
pub struct InvitePerson {
    /// Their name.
    pub name: String,
    /// Where the link is mailed; also the name to sign in with.
    pub email: String,
    /// The role, by its stored name.
    pub role: String,
    /// The job title.
    pub title: String,
    /// The last day on which they hold it; none where it has no end yet.
    pub until: Option<Date>,
}

impl InvitePerson {
    fn read(&self, actor: &Actor, today: Date) -> Result<Role, Invalid> {
        let mut invalid = Invalid::default();
        if self.name.trim().is_empty() || self.name.chars().count() > 100 {
            invalid.add("name", "Enter their name, in 100 characters or fewer");
        }
        if !is_email(self.email.trim()) {
            invalid.add("email", "Enter their email address, like a.khan@authority.example");
        }
        let role = Role::from_code(&self.role).filter(|role| role.belongs_to(actor.kind));
        if role.is_none() {
            invalid.add("role", "Select the role that they will work in");
        }
        if self.title.trim().is_empty() || self.title.chars().count() > 100 {
            invalid.add("title", "Enter their job title, in 100 characters or fewer");
        }
        if self.until.is_some_and(|until| until < today) {
            invalid.add("until", "Enter today or a later day, or leave it empty");
        }
        match (invalid.or(()), role) {
            (Err(invalid), _) => Err(invalid),
            (Ok(()), Some(role)) => Ok(role),
            (Ok(()), None) => Err(Invalid::one("role", "Select the role that they will work in")),
        }
    }

    /// Whom it invites, where nothing stands against it; nothing is written before.
    pub(crate) fn checked(&self, actor: &Actor, today: Date, roll: &Roll) -> Answer<Invitee> {
        let role = self.read(actor, today)?;
        let email = self.email.trim().to_lowercase();
        only_the_first(actor, role, &roll.held)?;
        if roll.unconfirmed {
            return Err(unconfirmed().into());
        }
        if roll.holds(&email, role) {
            return Err(
                Invalid::one("email", "Enter another address: this person works here in that role already").into()
            );
        }
        let (name, title) = (self.name.trim().to_owned(), self.title.trim().to_owned());
        let until = self.until.map_or(OPEN_END, |last| plus_days(last, 1));
        Ok(Invitee { contact: Contact { name, email, title }, role, until })
    }
}

/// Who works for an organisation when somebody is invited, and whether it may invite: read once, asked for each of many.
pub(crate) struct Roll {
    held: Vec<Colleague>,
    unconfirmed: bool,
}

impl Roll {
    /// Reads it as it stands.
    pub(crate) async fn read(work: &Work, actor: &Actor) -> Answer<Self> {
        Ok(Self {
            held: work.colleagues(actor.organisation, work.moment().today(), None).await?,
            unconfirmed: work.registration_unconfirmed(actor.organisation).await?,
        })
    }

    /// Whether whoever has this address works here in this role already.
    pub(crate) fn holds(&self, email: &str, role: Role) -> bool {
        self.held.iter().any(|one| one.email == email && one.role == role)
    }
}

/// Whoever keeps people elsewhere invites only the first person of an organisation that has nobody, to keep its people: whom
/// it lets near its children, it says itself.
fn only_the_first(actor: &Actor, role: Role, held: &[Colleague]) -> Answer<()> {
    let own = held.iter().any(|one| one.person == actor.person);
    if own || (held.is_empty() && may(role, Action::KeepPeople)) {
        return Ok(());
    }
    Err(Refusal::new(
        "invites_its_own",
        "The operator invites the first person of an organisation, who keeps its people; everybody after is invited by them",
        "This organisation invites its people itself.",
        "An administrator of that organisation; for its first person you, in the role that keeps its people",
    )
    .into())
}

/// A mail in a stranger's name goes to nobody whom they choose.
fn unconfirmed() -> Refusal {
    Refusal::new(
        "registration_unconfirmed",
        "A provider that registered itself invites nobody before the regional team has confirmed who it is",
        "The regional team has not confirmed your registration yet.",
        "The regional team, on the registration's page",
    )
}

impl Command for InvitePerson {
    const ACTION: Action = Action::KeepPeople;
    const NAME: &'static str = "person.invite";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let roll = Roll::read(work, actor).await?;
        let invitee = self.checked(actor, work.moment().today(), &roll)?;
        send_welcome(work, invitee, (actor.person, &actor.organisation_name)).await?;
        Ok(Receipt::at(PEOPLE))
    }
}

/// Takes an invitation back that nobody has accepted.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawWelcome {
    /// The invitation.
    pub invitation: i64,
}

impl Command for WithdrawWelcome {
    const ACTION: Action = Action::KeepPeople;
    const NAME: &'static str = "person.uninvite";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let welcome = work.welcome(work.org(), self.invitation).await?;
        work.apply(welcome.withdraw()?).await?;
        Ok(Receipt::at(PEOPLE))
    }
}

/// Ends a role of a person of the organisation, and with it every session and token in that role, from today; also what covers
/// lend them in it, and in any role where no role of their own is left, and what covers lend others of it.
#[derive(Debug, Clone, Serialize)]
pub struct EndRole {
    /// The person.
    pub person: PersonId,
    /// The role, by its stored name.
    pub role: String,
}

impl Command for EndRole {
    const ACTION: Action = Action::KeepPeople;
    const NAME: &'static str = "person.end_role";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if self.person == actor.person {
            return Err(Refusal::new(
                "own_role",
                "Nobody ends their own role",
                "You would lock yourself out.",
                "Another administrator of your organisation",
            )
            .into());
        }
        let role = Role::from_code(&self.role).ok_or(Outcome::NotFound)?;
        hold_covered(work, self.person).await?;
        // A role that began today ends today too: it then holds on no day.
        let ended = work.end_membership(self.person, role, work.moment().today()).await?;
        // Who works here no longer does not come back by a cover that begins later, and lends to nobody what is not theirs.
        let lent = end_lent_with(work, self.person, role, actor.person).await?;
        let covered = end_covers_for(work, self.person, role, actor.person).await?;
        if ended == 0 && lent == 0 && covered == 0 {
            return Err(Outcome::NotFound);
        }
        work.record(Event::new("person.role_ended", "person", self.person.0, 0).with("role", role.code()));
        Ok(Receipt::at(PEOPLE))
    }
}

/// Ends the sessions and tokens of a person in this organisation: one, or all.
#[derive(Debug, Clone, Serialize)]
pub struct EndSignIns {
    /// The person.
    pub person: PersonId,
    /// The one, as the list names it.
    pub sign_in: Option<String>,
}

impl Command for EndSignIns {
    const ACTION: Action = Action::KeepPeople;
    const NAME: &'static str = "person.end_sign_ins";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        colleague(work, actor, self.person, work.moment().today()).await?;
        let ended = work.end_sign_ins_here(self.person, self.sign_in.as_deref()).await?;
        if ended == 0 && self.sign_in.is_some() {
            return Err(Outcome::NotFound);
        }
        work.record(Event::new("person.sign_ins_ended", "person", self.person.0, 0).with("ended", ended));
        Ok(Receipt::at(format!("{PEOPLE}/{}", self.person)))
    }
}

/// Takes away a person's password, second step, passkeys and the links mailed to them, such as after a lost phone, and
/// mails them a link to begin anew.
#[derive(Debug, Clone, Serialize)]
pub struct ResetSignIn {
    /// The person.
    pub person: PersonId,
}

impl Command for ResetSignIn {
    const ACTION: Action = Action::KeepPeople;
    const NAME: &'static str = "person.reset_sign_in";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let today = work.moment().today();
        let held = colleague(work, actor, self.person, today).await?;
        if work.works_elsewhere(self.person, actor.organisation, today).await? {
            return Err(Refusal::new(
                "works_elsewhere",
                "How somebody signs in is reset by the only organisation that they work for",
                "This person works for another organisation too, or will from a later day.",
                "The person themselves, by the link for a forgotten password on the sign-in page",
            )
            .into());
        }
        work.give_password(self.person, None).await?;
        work.end_second_step(self.person).await?;
        work.end_passkeys(self.person, None).await?;
        end_links(work, self.person).await?;
        let ended = work.end_sign_ins(self.person, None).await?;
        let email = held.first().map(|one| one.email.clone()).ok_or(Outcome::NotFound)?;
        mail_link(work, self.person, &email, SignedDuration::from_hours(24 * DAYS)).await?;
        work.record(Event::new("person.sign_in_reset", "person", self.person.0, 0).with("ended", ended));
        let what =
            "An administrator of your organisation reset how you sign in. A link to choose a new password comes apart.";
        tell_of_change(work, self.person, what).await?;
        Ok(Receipt::at(format!("{PEOPLE}/{}", self.person)))
    }
}
