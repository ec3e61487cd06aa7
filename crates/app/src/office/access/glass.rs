//! Breaking the glass: an administrator sees who one child is, for minutes, for a recorded reason; the authority is told in
//! the same transaction, and each reading is an event on the authority's own chain.
//!
//! It is the one place where a transaction's organisation is not the actor's: the reference names the authority.

use std::sync::Arc;

use jiff::Timestamp;
use placewell_domain::change::Event;
use placewell_domain::id::{OrganisationId, PersonId, Reference};
use placewell_domain::office::access::glass::{Breaking, BrokenGlass, GlassMinutes, GlassReason, LONGEST_TICKET};
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::{By, TokenScope};
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::child::retention::Retention;
use placewell_domain::placing::child::{Child, ChildIdentity};
use placewell_store::Work;
use placewell_store::idempotency::Earlier;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, ended, permitted, proven_for};
use crate::office::message::{Notice, kept_by};

/// The most that a page shows.
const SHOWN: u32 = 100;

/// Who of an authority is told that its glass is broken: those who place its children and those who decide for them; where
/// there is nobody of them, who keeps its people and its decisions; else whoever works there.
const TOLD: [&[Role]; 3] = [
    &[Role::Approver, Role::PlacementOfficer],
    &[Role::Administrator, Role::DemocraticServices],
    &[Role::FinanceOfficer, Role::Analyst],
];

/// What an administrator says before seeing a child's details.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The referral.
    pub reference: String,
    /// Why.
    pub reason: GlassReason,
    /// The ticket's or order's number.
    pub ticket: String,
    /// For how long.
    pub minutes: GlassMinutes,
}

/// One breaking of the glass with the name of whoever broke it.
#[derive(Debug, Clone)]
pub struct ReadGlass {
    /// The record.
    pub glass: BrokenGlass,
    /// Who.
    pub name: String,
    /// For whom they work.
    pub organisation: String,
    /// Whether the reader can look now.
    pub open: bool,
}

impl App {
    /// Breaks the glass over one referral's child; the row's id. A person at a page has just proven who they are; a token does
    /// it only where its scope names the act itself.
    pub async fn break_glass(self: &Arc<Self>, actor: &Actor, key: &str, wanted: Wanted) -> Answer<i64> {
        permitted(actor, Action::BreakGlass)?;
        named(actor)?;
        proven_for(actor, Action::BreakGlass)?;
        let ticket = wanted.ticket.trim().to_owned();
        if ticket.is_empty() || ticket.chars().count() > LONGEST_TICKET {
            let message = format!("Enter the number of the ticket or order, in {LONGEST_TICKET} characters or fewer");
            return Err(Invalid::one("ticket", message).into());
        }
        let authority = self.authority_of(actor, &wanted.reference).await?;
        let mut work = self.store.begin(authority, self.calendar.now()).await?;
        work.by(actor.person);
        let said = format!("{}/{}/{ticket}/{}", wanted.reference, wanted.reason.code(), wanted.minutes.code());
        let claimed = work.claim_key(actor.person, key, ("glass.break", &said), Machine::now()).await;
        match claimed {
            Ok(None) => {}
            Ok(Some(earlier)) => {
                work.roll_back().await?;
                return match earlier {
                    Earlier::Done(id) => id.parse().map_err(|_| Outcome::KeyReused),
                    Earlier::Refused(refusal) => Err(refusal.into()),
                    Earlier::OtherRequest => Err(Outcome::KeyReused),
                };
            }
            Err(error) => {
                work.roll_back().await?;
                return Err(error.into());
            }
        }
        match broken(&mut work, actor, (wanted, ticket), Machine::now()).await {
            Ok(Some(id)) => {
                work.keep_result(actor.person, key, Ok(&id.to_string()))?;
                ended(work, Ok(())).await?;
                Ok(id)
            }
            // The refusal tells whoever asks what the child is: that they asked is kept.
            Ok(None) => {
                let refusal = Retention::sealed_off();
                work.keep_result(actor.person, key, Err(&refusal))?;
                ended(work, Ok(())).await?;
                Err(refusal.into())
            }
            Err(outcome) => {
                work.roll_back().await?;
                Err(outcome)
            }
        }
    }

    /// The authority that a reference names, where the administrator keeps it: the operator's all, others' their own.
    async fn authority_of(&self, actor: &Actor, reference: &str) -> Answer<OrganisationId> {
        let parsed: Reference = reference.parse().map_err(|_| not_found_here())?;
        let authority = self.visit().await?.organisation_by_code(&parsed.authority).await;
        let authority = authority.map_err(|_| not_found_here())?.id;
        if kept_by(actor).is_some_and(|own| own != authority) {
            return Err(not_found_here());
        }
        Ok(authority)
    }

    /// Who the child is, for whoever broke the glass and while it holds; each reading is recorded.
    pub async fn through_glass(self: &Arc<Self>, actor: &Actor, id: i64) -> Answer<(BrokenGlass, ChildIdentity)> {
        let session = self.see(actor, Action::BreakGlass).await?;
        named(actor)?;
        let glass = session.broken_glass(actor.organisation, id).await?;
        drop(session);
        if !glass.holds(actor.person, Machine::now()) {
            return Err(Outcome::NotFound);
        }
        let mut work = self.store.begin(glass.authority, self.calendar.now()).await?;
        work.by(actor.person);
        let read = async {
            let referral = work.referral_by_reference(glass.authority, &glass.reference).await?;
            let child = work.child(glass.authority, referral.child).await?;
            if is_sealed(&work, &child).await? {
                note_refused(&mut work, actor, (&glass.reference, glass.reason));
                return Ok(None);
            }
            let identity = work.read_identity(&child).await?;
            work.record(
                Event::new("glass.looked", "broken_glass_use", glass.id, 0).with("reference", &glass.reference),
            );
            Ok(Some(identity))
        }
        .await;
        let identity = ended(work, read).await?;
        identity.map(|identity| (glass, identity)).ok_or_else(|| Retention::sealed_off().into())
    }

    /// Ends it before its time.
    pub async fn mend_glass(self: &Arc<Self>, actor: &Actor, id: i64) -> Answer<()> {
        let session = self.see(actor, Action::BreakGlass).await?;
        let glass = session.broken_glass(actor.organisation, id).await?;
        drop(session);
        if glass.person != actor.person {
            return Err(Outcome::NotFound);
        }
        let mut work = self.store.begin(glass.authority, self.calendar.now()).await?;
        work.by(actor.person);
        let done = match glass.mend(Machine::now()) {
            Ok(change) => work.apply(change).await.map(|_| ()).map_err(Outcome::from),
            Err(refusal) => Err(refusal.into()),
        };
        ended(work, done).await
    }

    /// What was broken over an authority's children, for the authority; by oneself, for an administrator. Newest first.
    pub async fn broken_glasses(self: &Arc<Self>, actor: &Actor) -> Answer<Vec<ReadGlass>> {
        let session = self.see(actor, Action::SeeBrokenGlass).await?;
        let mut read = Vec::new();
        for glass in session.broken_glasses(actor.organisation, SHOWN).await? {
            if actor.role == Role::Administrator
                && glass.person != actor.person
                && glass.authority != actor.organisation
            {
                continue;
            }
            read.push(ReadGlass {
                name: session.person_name(glass.person).await?,
                organisation: session.organisation_by_id(glass.holder).await?.name,
                open: glass.holds(actor.person, Machine::now()),
                glass,
            });
        }
        Ok(read)
    }
}

/// No token reaches a child through the glass because it reaches everything: its scope must name the act.
fn named(actor: &Actor) -> Answer<()> {
    match &actor.by {
        By::Token(TokenScope::Actions(named)) if named.contains(&Action::BreakGlass) => Ok(()),
        By::Token(_) => Err(Outcome::OutOfScope(Action::BreakGlass)),
        By::Service | By::Session { .. } => Ok(()),
    }
}

/// An adopted child's record is opened by the authority's own people alone.
async fn is_sealed(work: &Work, child: &Child) -> Answer<bool> {
    Ok(work.retention(child.authority, child.id).await?.sealed())
}

/// Records that an administrator asked for a child whose record is sealed; which one, for those who read of sealed records.
fn note_refused(work: &mut Work, actor: &Actor, (reference, reason): (&str, GlassReason)) {
    let event = Event::new("glass.refused", "broken_glass_use", actor.person.0, 0).with("asked_for", reference);
    work.record(event.with("reason", reason.code()).with("holder", actor.organisation));
}

fn not_found_here() -> Outcome {
    Invalid::one("reference", "Enter the reference of a referral, like HEF-R-0042").into()
}

/// Breaks the glass at an instant, and tells the authority; none where the record is sealed: then the authority is told that
/// somebody asked.
pub(crate) async fn broken(
    work: &mut Work,
    actor: &Actor,
    (wanted, ticket): (Wanted, String),
    at: Timestamp,
) -> Answer<Option<i64>> {
    let org = work.org();
    let referral = match work.referral_by_reference(org, &wanted.reference.trim().to_uppercase()).await {
        Err(placewell_store::StoreError::NotFound) => return Err(not_found_here()),
        found => found?,
    };
    let child = work.child(org, referral.child).await?;
    let told = who_is_told(work, actor.person).await?;
    let of = Breaking {
        authority: org,
        holder: actor.organisation,
        person: actor.person,
        reference: referral.reference.to_string(),
        reason: wanted.reason,
        ticket,
        minutes: wanted.minutes,
    };
    if is_sealed(work, &child).await? {
        note_refused(work, actor, (&of.reference, of.reason));
        // A mail says of no search that its child is adopted: the record does, to those who may read it.
        let subject = "An administrator was refused a child's details".to_owned();
        let how = format!("Under {}, by {}.", of.ticket, actor.name);
        let shown = |role| if may(role, Action::SeeRecord) { "/record" } else { "/broken-glass" };
        tell(work, told, (subject, [format!("{}.", of.reason.label()), how]), shown)?;
        return Ok(None);
    }
    let glass = work.apply(BrokenGlass::break_it(work.new_id(), of, at)).await?;
    let subject = format!("{}: an administrator is looking at the child's details", glass.reference);
    let how = format!("For {}, under {}.", wanted.minutes.label(), glass.ticket);
    let shown = |role| if may(role, Action::SeeBrokenGlass) { "/broken-glass" } else { "/record" };
    tell(work, told, (subject, [format!("{}.", glass.reason.label()), how]), shown)?;
    Ok(Some(glass.id))
}

/// Tells each of the roles, with the page on which it sees more.
fn tell(
    work: &mut Work,
    roles: Vec<Role>,
    (subject, lines): (String, [String; 2]),
    path: impl Fn(Role) -> &'static str,
) -> Answer<()> {
    let unknown = "If you do not know of this, tell your data protection officer at once.".to_owned();
    for role in roles {
        let (subject, lines) = (subject.clone(), lines.iter().chain([&unknown]).cloned().collect());
        let notice = Notice { to: work.org().0, role, subject, lines, path: path(role).to_owned() };
        work.enqueue(notice.job()?);
    }
    Ok(())
}

/// The roles that are told: the first of the groups in which anybody stands besides whoever breaks the glass. Where nobody
/// can be told, it stays whole.
async fn who_is_told(work: &Work, breaker: PersonId) -> Answer<Vec<Role>> {
    for roles in TOLD {
        let (mut held, mut another) = (Vec::new(), false);
        for role in roles {
            let people = work.people_in_role(work.org(), *role, work.moment().today()).await?;
            another |= people.iter().any(|member| member.actor.person != breaker);
            held.extend((!people.is_empty()).then_some(*role));
        }
        if another {
            return Ok(held);
        }
    }
    Err(Refusal::new(
        "nobody_to_tell",
        "The authority is told when an administrator sees who a child is",
        "Nobody else of the authority is there to be told. Give somebody there a role first.",
        "an administrator, by inviting somebody of the authority",
    )
    .into())
}
