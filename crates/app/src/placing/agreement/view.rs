//! What the pages of agreements read: the list, the record with everything on it, and who may decide what.

use jiff::civil::DateTime;
use placewell_domain::clock::Moment;
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::homes::home::{Grade, Home};
use placewell_domain::id::{DocumentId, OrganisationId, PersonId, Reference};
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::organisation::Organisation;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{Agreement, AgreementState, Side, ValueWatch};
use placewell_domain::placing::disclosure::{Reader, Stage};
use placewell_domain::placing::invitation::duty::{DUTY_TELEPHONES, DutyTelephones};
use placewell_domain::placing::occupancy::{BedUse, UseState};
use placewell_domain::power::annual_value::Bucket;
use placewell_domain::power::delegation::{Act, find_power};
use placewell_store::Session;
use placewell_store::office::document::DocumentEntry;
use placewell_store::placing::agreement::AgreementTab;
use placewell_store::power::annual_value::OverGrant;

use super::content::{CareTerms, care_terms};
use super::deciding::{question, without_power};
use super::papers::withheld_from;
use super::watch::watch_of;
use crate::answer::{Answer, Outcome};
use crate::clock::moment_at;
use crate::command::App;
use crate::homes::home::named::{Named, named_on};
use crate::homes::monitoring::{HoursCredited, credited};
use crate::placing::approval::{Exempted, exempted_from};
use crate::placing::child::sealing;
use crate::power::annual_value::ledger_terms;

/// One agreement in a list.
#[derive(Debug, Clone)]
pub struct AgreementLine {
    /// The agreement.
    pub agreement: Agreement,
    /// The home's name.
    pub home: String,
    /// The other side's name.
    pub other_side: String,
    /// Its planned end has passed.
    pub overdue: bool,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct AgreementList {
    /// The lines.
    pub lines: Vec<AgreementLine>,
    /// How many the tab has.
    pub total: u64,
}

/// Something that happened, for the timeline.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its kind, such as `agreement.signed`.
    pub kind: String,
    /// When, on the wall in London.
    pub at: DateTime,
    /// Who, where it was a person.
    pub by: String,
    /// Codes and figures.
    pub facts: Vec<(String, String)>,
}

/// Somebody who holds the power for an act.
#[derive(Debug, Clone)]
pub struct MayDecide {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The post through which they hold it.
    pub title: String,
}

/// An agreement with everything that its page shows. The provider's has no annual value.
#[derive(Debug, Clone)]
pub struct AgreementView {
    /// The agreement.
    pub agreement: Agreement,
    /// Whose page it is.
    pub side: Side,
    /// The home.
    pub home: Home,
    /// The placing authority.
    pub authority: Organisation,
    /// The authority responsible for the child.
    pub responsible: Organisation,
    /// The provider.
    pub provider: Organisation,
    /// The referral's reference; the authority's page only.
    pub referral: Option<String>,
    /// The child's number with the authority.
    pub child: Option<u32>,
    /// The approvals that it rests on and that have a page of their own; the authority's page only.
    pub approvals: Vec<Reference>,
    /// The exemption from a grade of Inadequate that it rests on; the authority's page only.
    pub exempted: Option<Exempted>,
    /// Approvers' names by person; the authority's page only.
    pub names: Vec<(PersonId, String)>,
    /// The stored copies, the latest first.
    pub documents: Vec<DocumentEntry>,
    /// What happened, oldest first.
    pub events: Vec<Event>,
    /// What is committed in each year of the ledger; the authority's page only.
    pub committed: Vec<(jiff::civil::Date, Pence)>,
    /// Its planned end has passed.
    pub overdue: bool,
    /// What it says about the child's care.
    pub care: CareTerms,
    /// The uses of beds under it: the bed's name, what for, which nights; the authority's page only.
    pub nights: Vec<(String, UseState, Nights)>,
    /// Exceptions above the ceiling, with the person's name; the authority's page only.
    pub exceptions: Vec<(OverGrant, String)>,
    /// The watch over procurement law; the authority's page only.
    pub watch: Option<ValueWatch>,
    /// What hours of extra support that were not delivered are credited with.
    pub hours: HoursCredited,
    /// By which telephones the authority's duty team is reached, day and night.
    pub duty: DutyTelephones,
    /// The provider's company number, and the home's registered manager today.
    pub named: Named,
}

/// What an act on a day releases of the annual value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Released {
    /// By year: its first day, and what is released.
    pub years: Vec<(jiff::civil::Date, Pence)>,
}

impl App {
    /// A page of the actor's agreements.
    pub async fn agreement_list(
        &self,
        actor: &Actor,
        tab: AgreementTab,
        (offset, limit): (u32, u32),
    ) -> Answer<AgreementList> {
        let session = self.see(actor, Action::SeeAgreements).await?;
        let today = self.calendar.now().today();
        let (found, total) = session.agreements(actor.organisation, tab, (offset, limit)).await?;
        let lines = lines(&session, actor.organisation, found, today).await?;
        Ok(AgreementList { lines, total })
    }

    /// The actor's agreements in the order of their references, from the one after a key on.
    pub async fn agreements_after(&self, actor: &Actor, page: (&str, u32)) -> Answer<Vec<AgreementLine>> {
        let session = self.see(actor, Action::SeeAgreements).await?;
        let found = session.agreements_after(actor.organisation, page).await?;
        lines(&session, actor.organisation, found, self.calendar.now().today()).await
    }

    /// An agreement's page.
    pub async fn agreement_view(&self, actor: &Actor, reference: &str) -> Answer<AgreementView> {
        let session = self.see(actor, Action::SeeAgreements).await?;
        let agreement = session.agreement(actor.organisation, reference).await?;
        let side = side_of(actor.organisation, &agreement);
        let own = side == Side::Authority;
        let org = actor.organisation;
        let today = self.calendar.now().today();
        let nights = if own { nights_of(&session, org, &agreement).await? } else { Vec::new() };
        let (exceptions, watch) = if own {
            (exceptions(&session, org, &agreement).await?, Some(watch_of(&session, &agreement, today).await?))
        } else {
            (Vec::new(), None)
        };
        let exempted = if own { exemption_of(&session, &agreement).await? } else { None };
        let (referral, child, approvals, names, committed) = if own {
            let referral = session.referral(org, agreement.referral).await?;
            let child = session.child(org, agreement.child).await?;
            let people = people_of(&agreement);
            (
                Some(referral.reference.to_string()),
                Some(child.number),
                session
                    .standing_approvals(org, agreement.referral)
                    .await?
                    .into_iter()
                    .map(|one| one.reference)
                    .collect(),
                session.people_names(&people).await?,
                session.committed_years(org, agreement.id).await?,
            )
        } else {
            (None, None, Vec::new(), Vec::new(), Vec::new())
        };
        Ok(AgreementView {
            side,
            home: session.home(agreement.terms.home).await?,
            authority: session.organisation_by_id(agreement.authority).await?,
            responsible: session.organisation_by_id(agreement.responsible).await?,
            provider: session.organisation_by_id(agreement.provider).await?,
            referral,
            child,
            approvals,
            exempted,
            names,
            documents: session.documents(org, "agreement", agreement.id.0).await?,
            events: events(&session, org, &agreement).await?,
            committed,
            overdue: agreement.overdue(today),
            care: care_for(&session, actor, &agreement, self.calendar.now()).await?,
            nights,
            exceptions,
            watch,
            hours: credited(&session, org, reference, today).await?,
            duty: session.value_of(agreement.authority, &DUTY_TELEPHONES, today).await?,
            named: named_on(&session, (agreement.provider, agreement.terms.home), today).await?,
            agreement,
        })
    }

    /// What would be released if the placement ended on this day: by notice, by its end, or before its start.
    pub async fn released_by(&self, actor: &Actor, reference: &str, until: jiff::civil::Date) -> Answer<Released> {
        let session = self.see(actor, Action::DecideAgreement).await?;
        let agreement = session.agreement(actor.organisation, reference).await?;
        let today = self.calendar.now().today();
        let mut commitment = agreement.commitment(today);
        commitment.planned_end = until.max(commitment.start).min(commitment.planned_end);
        commitment.goes_on = false;
        let terms = ledger_terms(&session, agreement.authority, today).await?;
        let after = commitment.held(&terms.reading, terms.term_end, today);
        let before = session.committed_years(agreement.authority, agreement.id).await?;
        let released = before.into_iter().map(|(year, was)| {
            let now = after.iter().find_map(|(bucket, pence)| match bucket {
                Bucket::Year(held) if held.first() == year => Some(*pence),
                Bucket::Year(_) | Bucket::AfterTerm => None,
            });
            (year, was - now.unwrap_or_default())
        });
        Ok(Released { years: released.filter(|(_, pence)| *pence > Pence::ZERO).collect() })
    }

    /// Who holds the power for an act about an agreement today: each is cited by post and person. The reader is not among
    /// them where the reader would record it: nobody decides what they ask for.
    pub async fn who_may_decide(&self, actor: &Actor, reference: &str, act: Act) -> Answer<Vec<MayDecide>> {
        let session = self.see(actor, Action::DecideAgreement).await?;
        let agreement = session.agreement(actor.organisation, reference).await?;
        let scheme = session.scheme(agreement.authority).await?;
        let mut people: Vec<PersonId> = scheme.holdings.iter().map(|held| held.person).collect();
        people.extend(scheme.sub_delegations.iter().map(|passed| passed.person));
        people.sort_unstable();
        people.dedup();
        let names = session.people_names(&people).await?;
        let moment = self.calendar.now();
        let asked_by = (!may(actor.role, Action::Decide)).then_some(actor.person);
        let found = people.into_iter().filter_map(|person| {
            let power = find_power(&question(&agreement, act, person, asked_by), &scheme, moment).ok()?;
            let name = names.iter().find(|(known, _)| *known == person)?.1.clone();
            Some(MayDecide { person, name, title: power.title })
        });
        Ok(found.collect())
    }

    /// Why nobody holds a power for an act about an agreement today, in a sentence; none where somebody does. What has
    /// happened is recorded all the same, without one.
    pub async fn without_power(&self, actor: &Actor, reference: &str, act: Act) -> Answer<Option<String>> {
        let session = self.see(actor, Action::DecideAgreement).await?;
        let agreement = session.agreement(actor.organisation, reference).await?;
        let found = without_power(&session, actor, (&agreement, act), self.calendar.now()).await?;
        Ok(found.map(|without| without.why))
    }

    /// The content of a stored copy: of this agreement only, and recorded as read. Money's readers, and a home from which who
    /// the child is was taken back, get it printed anew, without the words about the child's care; so does everybody once
    /// the child's record was erased.
    pub async fn agreement_copy(
        &self,
        actor: &Actor,
        reference: &str,
        document: Option<DocumentId>,
    ) -> Answer<(DocumentEntry, Vec<u8>)> {
        let session = self.see(actor, Action::SeeCopies).await?;
        let agreement = session.agreement(actor.organisation, reference).await?;
        let documents = session.documents(actor.organisation, "agreement", agreement.id.0).await?;
        let wanted = match document {
            Some(id) => documents.into_iter().find(|entry| entry.id == id),
            None => documents.into_iter().next(),
        };
        let entry = wanted.ok_or(Outcome::NotFound)?;
        let stored = if !entry.gone && reads_care(&session, actor, &agreement, self.calendar.now()).await? {
            Some(session.document_content(actor.organisation, entry.id).await?)
        } else {
            None
        };
        drop(session);
        let content = if let Some(content) = stored {
            content
        } else {
            // It is printed from the authority's record, as the stored copies were.
            let session = self.store.read(Some(agreement.authority)).await?;
            super::paper::without_care(self, &session, &agreement, self.calendar.now()).await?
        };
        if actor.role == Role::Guest {
            // Whoever looks round reads what the page says, printed; nothing that is kept was opened, and nothing is recorded.
            return Ok((entry, content));
        }
        let mut work = self.store.begin(actor.organisation, self.calendar.now()).await?;
        work.by(actor.person);
        let event = placewell_domain::change::Event::new("agreement.copy_read", "agreement", agreement.id.0, 0)
            .with("document", entry.id)
            .with("digest", &entry.digest);
        work.record(event);
        work.note_document_reading(entry.id, actor.person).await?;
        work.commit(crate::clock::Machine::now()).await?;
        Ok((entry, content))
    }
}

/// What it says about the child's care, for who cares for the child or decides; the others see days and no words.
async fn care_for(session: &Session, actor: &Actor, agreement: &Agreement, now: Moment) -> Answer<CareTerms> {
    let care = care_terms(session, actor.organisation, agreement).await?;
    Ok(if reads_care(session, actor, agreement, now).await? { care } else { care.without_words() })
}

async fn reads_care(session: &Session, actor: &Actor, agreement: &Agreement, now: Moment) -> Answer<bool> {
    let reader = reader(session, actor, agreement, now).await?;
    let reads = may(actor.role, Action::SeePapers) && reader.sees("agreement_words");
    Ok(reads && !withheld_from(session, actor, agreement).await?)
}

/// As whom somebody of either side reads an agreement: the home that cares for the child goes on as it was chosen, whatever
/// the authority's record of the child is kept as.
pub(super) async fn reader(session: &Session, actor: &Actor, agreement: &Agreement, now: Moment) -> Answer<Reader> {
    match side_of(actor.organisation, agreement) {
        Side::Authority => sealing::reader(session, actor, agreement.child, now).await,
        Side::Provider => Ok(Reader::Home(Stage::Chosen)),
    }
}

async fn lines(
    session: &Session,
    organisation: OrganisationId,
    found: Vec<Agreement>,
    today: jiff::civil::Date,
) -> Answer<Vec<AgreementLine>> {
    let mut lines = Vec::with_capacity(found.len());
    for agreement in found {
        let home = session.home(agreement.terms.home).await?.name;
        let other = match side_of(organisation, &agreement) {
            Side::Authority => agreement.provider,
            Side::Provider => agreement.authority,
        };
        let other_side = session.organisation_by_id(other).await?.name;
        let overdue = agreement.overdue(today);
        lines.push(AgreementLine { agreement, home, other_side, overdue });
    }
    Ok(lines)
}

pub(super) fn side_of(organisation: OrganisationId, agreement: &Agreement) -> Side {
    if organisation == agreement.authority { Side::Authority } else { Side::Provider }
}

/// Everybody who gave an approval, decided a variation or a review, or put it right.
fn people_of(agreement: &Agreement) -> Vec<PersonId> {
    let reviews = agreement.reviews.iter().filter_map(|review| review.power.as_ref()).map(|power| power.person);
    let variations = agreement.added.variations.iter().map(|variation| variation.power.person);
    let put_right = agreement.added.put_right.iter().map(|done| done.by);
    let rests = agreement.rests_on.iter().map(|rests| rests.by);
    let ended = match &agreement.state {
        AgreementState::NoticeGiven { notice, .. } => notice.power.as_ref(),
        AgreementState::Ended { ending, .. } => ending.power.as_ref(),
        _ => None,
    };
    let ended_without = agreement.state.ending().and_then(|ending| ending.without.as_ref()).map(|without| without.by);
    let without = agreement.reviews.iter().filter_map(|review| review.without.as_ref()).map(|without| without.by);
    let said = agreement.added.said.iter().flat_map(|said| [said.by, said.recorded_by]);
    let mut people: Vec<PersonId> = rests
        .chain(said)
        .chain(reviews)
        .chain(variations)
        .chain(put_right)
        .chain(without)
        .chain(ended_without)
        .chain(ended.map(|power| power.person))
        .collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// The exemption from a grade of Inadequate under which the placement was made, where the home was judged so until the last
/// approval was given.
async fn exemption_of(session: &Session, agreement: &Agreement) -> Answer<Option<Exempted>> {
    let (org, referral, terms) = (agreement.authority, agreement.referral, &agreement.terms);
    let Some(approved) = agreement.rests_on.iter().map(|one| one.at.date()).max() else { return Ok(None) };
    let found = session.grade_exemptions(org, referral).await?;
    let Some(one) = found.into_iter().find(|one| one.home == terms.home) else { return Ok(None) };
    // What was said by word of mouth can be older than the exemption that the award waited for.
    let inspections = session.inspections(terms.home).await?;
    let (grade, graded) = grade_on(&inspections, approved.max(one.at.date()));
    let judged = graded.filter(|_| grade == Grade::Inadequate).map(|seen| seen.inspected_on);
    if judged != Some(one.judged_on) {
        return Ok(None);
    }
    exempted_from(session, org, (referral, terms.home), judged, one.until.min(terms.start)).await
}

/// The nights of an agreement, bed by bed.
async fn nights_of(
    session: &Session,
    org: OrganisationId,
    agreement: &Agreement,
) -> Answer<Vec<(String, UseState, Nights)>> {
    let beds = session.beds(agreement.terms.home).await?;
    let uses = session.bed_uses_of(org, agreement.id).await?;
    let label =
        |used: &BedUse| beds.iter().find(|bed| bed.id == used.bed).map_or_else(String::new, |bed| bed.label.clone());
    Ok(uses.iter().map(|used| (label(used), used.state, used.nights)).collect())
}

/// The exceptions that an agreement was recorded with, each with the name of its person (rule 3.2).
async fn exceptions(session: &Session, org: OrganisationId, agreement: &Agreement) -> Answer<Vec<(OverGrant, String)>> {
    let mut found = Vec::new();
    for grant in session.over_grants(org).await?.into_iter().filter(|grant| grant.agreement == Some(agreement.id)) {
        let name = if grant.person == PersonId(0) {
            "The system".to_owned()
        } else {
            session.person_name(grant.person).await?
        };
        found.push((grant, name));
    }
    Ok(found)
}

/// What happened, as the reader's own organisation recorded it.
async fn events(session: &Session, org: OrganisationId, agreement: &Agreement) -> Answer<Vec<Event>> {
    let mut found = Vec::new();
    for recorded in session.timeline(org, "agreement", agreement.id.0).await? {
        let by = match recorded.person {
            Some(person) => session.person_name(person).await?,
            None => String::new(),
        };
        found.push(Event {
            kind: recorded.event.kind.clone(),
            at: moment_at(recorded.moment).local,
            by,
            facts: recorded.event.facts.clone(),
        });
    }
    Ok(found)
}
