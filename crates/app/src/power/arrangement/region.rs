//! What the regional team changes: the extension in its steps, the terms, participants, lots and windows, and the
//! arrangement that follows. Authorities and providers are told by mail.

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::id::{ArrangementId, OrganisationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::{
    Instrument, Lot, OpeningWindow, Participant, Step, Successor, Term, TermsVersion,
};
use placewell_store::{StoreError, Work};
use serde::Serialize;

use super::shown;
use super::variation::keep_text;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::document::Brought;
use crate::office::message::Notice;

/// Where the regional team keeps the arrangement.
const PATH: &str = "/region/arrangement";

/// A mail to the people of every organisation of a kind, in some roles. Nothing in it but the arrangement's own facts.
async fn tell(
    work: &mut Work,
    whom: (OrganisationKind, &[Role]),
    (subject, lines, path): (&str, &[String], &str),
) -> Answer<()> {
    for organisation in work.organisations().await?.into_iter().filter(|one| one.kind == whom.0) {
        for role in whom.1 {
            let notice = Notice {
                to: organisation.id.0,
                role: *role,
                subject: subject.to_owned(),
                lines: lines.to_vec(),
                path: path.to_owned(),
            };
            work.enqueue(notice.job()?);
        }
    }
    Ok(())
}

pub(super) const DECIDERS: &[Role] = &[Role::Approver, Role::DemocraticServices];
pub(super) const SIGNERS: &[Role] = &[Role::ProviderManager];

async fn tell_authorities(work: &mut Work, subject: &str, lines: &[String]) -> Answer<()> {
    tell(work, (OrganisationKind::Authority, DECIDERS), (subject, lines, "/arrangement/own")).await
}

async fn tell_providers(work: &mut Work, subject: &str, lines: &[String]) -> Answer<()> {
    tell(work, (OrganisationKind::Provider, SIGNERS), (subject, lines, "/provider/arrangement")).await
}

/// Proposes a step of the extension to the authorities, who decide each for itself.
#[derive(Debug, Clone, Serialize)]
pub struct ProposeExtension {
    /// The arrangement's slug.
    pub slug: String,
    /// The version shown.
    pub version: i64,
    /// The first day of the step; the day after the term as it stands, where none is given.
    pub from: Option<Date>,
    /// By how many months.
    pub months: u16,
    /// Until when each authority is asked for its decision.
    pub answer_by: Date,
}

impl Command for ProposeExtension {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "arrangement.propose_extension";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let arrangement = shown(work, &self.slug, self.version).await?;
        let step = Step { from: self.from.unwrap_or_else(|| arrangement.next_step()), months: self.months };
        let change = arrangement.propose(step, work.moment().today(), self.answer_by)?;
        let next = work.apply(change).await?;
        let proposed = format!("The region proposes to extend the arrangement to {}.", long_date(next.offered_until()));
        let asked = format!("Your authority's own decision is asked for by {}.", long_date(self.answer_by));
        let each = format!("Each authority decides for itself, by {}.", long_date(self.answer_by));
        tell_authorities(work, "Arrangement: an extension is proposed", &[proposed.clone(), asked]).await?;
        tell_providers(work, "Arrangement: an extension is proposed", &[proposed, each]).await?;
        Ok(Receipt::at("/region/arrangement/extend"))
    }
}

/// Takes the proposal back.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawExtension {
    /// The arrangement's slug.
    pub slug: String,
    /// The version shown.
    pub version: i64,
}

impl Command for WithdrawExtension {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "arrangement.withdraw_extension";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let change = shown(work, &self.slug, self.version).await?.withdraw_proposal()?;
        work.apply(change).await?;
        let lines = ["The region took its proposal to extend the arrangement back.".to_owned()];
        tell_authorities(work, "Arrangement: the proposal to extend is taken back", &lines).await?;
        tell_providers(work, "Arrangement: the proposal to extend is taken back", &lines).await?;
        Ok(Receipt::at("/region/arrangement/extend"))
    }
}

/// Extends the arrangement's term by some months of its option, and tells authorities and providers.
#[derive(Debug, Clone, Serialize)]
pub struct ExtendTerm {
    /// The arrangement's slug.
    pub slug: String,
    /// The version shown.
    pub version: i64,
    /// The first day of the step; the day after the term as it stands, where none is given.
    pub from: Option<Date>,
    /// By how many months.
    pub months: u16,
    /// When the region decided it.
    pub decided_on: Date,
}

impl Command for ExtendTerm {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "arrangement.extend";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if self.decided_on > work.moment().today() {
            return Err(Invalid::one("decided_on", "Enter a day that is not in the future").into());
        }
        let arrangement = shown(work, &self.slug, self.version).await?;
        let step = Step { from: self.from.unwrap_or_else(|| arrangement.next_step()), months: self.months };
        let next = work.apply(arrangement.extend(step, self.decided_on)?).await?;
        let end = format!("The region extended the arrangement to {}.", long_date(next.term.current_end()));
        let own = "It goes on for an authority only by that authority's own decision.".to_owned();
        tell_authorities(work, "Arrangement: the term is extended", &[end.clone(), own.clone()]).await?;
        tell_providers(work, "Arrangement: the term is extended", &[end, own]).await?;
        Ok(Receipt::at(PATH))
    }
}

/// Issues a new version of the terms or of the specification with its text: a variation that each authority and each
/// provider accepts for itself.
#[derive(Debug, Clone, Serialize)]
pub struct IssueTerms {
    /// The arrangement's slug.
    pub slug: String,
    /// The version shown.
    pub version: i64,
    /// Whether of the terms or of the specification.
    pub of: Instrument,
    /// The new version.
    pub terms: TermsVersion,
    /// Its text.
    pub text: Brought,
}

impl Command for IssueTerms {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "arrangement.issue_terms";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        self.text.scanned(app).await
    }

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let mut invalid = Invalid::default();
        if self.terms.summary.trim().is_empty() {
            invalid.add("summary", "Enter what changed in this version");
        }
        if !fits_address(&self.terms.version) {
            invalid.add("terms", "Enter the number with digits, letters, points and hyphens, like 1.2");
        }
        invalid.or(())?;
        let change = shown(work, &self.slug, self.version).await?.issue_terms(self.of, self.terms.clone())?;
        let arrangement = work.apply(change).await?;
        keep_text(work, &arrangement, (self.of, &self.terms.version), &self.text).await?;
        let subject = format!("Arrangement: {} to accept", self.of.words(&self.terms.version));
        let lines = [format!("It applies from {} to those who accepted it.", long_date(self.terms.from))];
        tell_authorities(work, &subject, &lines).await?;
        tell_providers(work, &subject, &lines).await?;
        Ok(Receipt::at(PATH))
    }
}

/// A version's number stands in the address of its page.
fn fits_address(number: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '.' || letter == '-';
    number.chars().all(fits) && number.chars().any(|letter| letter.is_ascii_alphanumeric())
}

/// One change of participants, lots or windows.
#[derive(Debug, Clone, Serialize)]
pub enum KeepAct {
    /// Takes in an authority as a participant, by its code.
    AddParticipant(String),
    /// Takes a participant off the list, by its code.
    RemoveParticipant(String),
    /// Adds a lot, or rewrites the one with its code.
    KeepLot(Lot),
    /// Takes a lot off the list, by its code.
    RemoveLot(String),
    /// Closes the lot with this code from a day on.
    CloseLot(String, Date),
    /// Opens the lot with this code again.
    ReopenLot(String),
    /// Adds an opening window.
    AddWindow(OpeningWindow),
    /// Takes back the opening window that begins on this day.
    RemoveWindow(Date),
}

/// Changes participants, lots or opening windows.
#[derive(Debug, Clone, Serialize)]
pub struct KeepArrangement {
    /// The arrangement's slug.
    pub slug: String,
    /// The version shown.
    pub version: i64,
    /// The change.
    pub act: KeepAct,
}

impl Command for KeepArrangement {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "arrangement.keep";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let arrangement = shown(work, &self.slug, self.version).await?;
        let change = match &self.act {
            KeepAct::AddParticipant(code) => {
                let found = match work.organisation_by_code(code.trim()).await {
                    Ok(found) if found.kind == OrganisationKind::Authority => found,
                    Ok(_) | Err(StoreError::NotFound) => {
                        return Err(
                            Invalid::one("participant", "Choose an authority or trust that is recorded here").into()
                        );
                    }
                    Err(error) => return Err(error.into()),
                };
                arrangement.add_participant(Participant {
                    organisation: found.id,
                    code: found.code,
                    name: found.name,
                })?
            }
            KeepAct::RemoveParticipant(code) => {
                let known = arrangement.participants.iter().find(|known| known.code == *code);
                let adopted = match known {
                    Some(known) => adoption(work, known.organisation).await?,
                    None => None,
                };
                arrangement.remove_participant(code, adopted.as_deref())?
            }
            KeepAct::KeepLot(lot) => arrangement.keep_lot(lot.clone())?,
            KeepAct::RemoveLot(code) => {
                let admissions = work.all_admissions().await?;
                let of_it = admissions.iter().filter(|on| on.lot == *code && on.arrangement == arrangement.id);
                let admitted = of_it.count();
                arrangement.remove_lot(code, admitted)?
            }
            KeepAct::CloseLot(code, from) => arrangement.close_lot(code, *from, work.moment().today())?,
            KeepAct::ReopenLot(code) => arrangement.reopen_lot(code)?,
            KeepAct::AddWindow(window) => arrangement.add_window(*window)?,
            KeepAct::RemoveWindow(from) => arrangement.remove_window(*from, work.moment().today())?,
        };
        work.apply(change).await?;
        Ok(Receipt::at("/region/arrangement/change"))
    }
}

/// The reference of a published decision by which an authority adopted an arrangement.
async fn adoption(work: &Work, org: OrganisationId) -> Answer<Option<String>> {
    let decisions = work.published_decisions_of(org).await?;
    Ok(decisions.into_iter().find(|decision| decision.page.adopts()).map(|decision| decision.reference))
}

/// Records the arrangement that follows.
#[derive(Debug, Clone, Serialize)]
pub struct RecordSuccessor {
    /// The slug of the arrangement that it follows.
    pub follows: String,
    /// The successor's slug in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The first day.
    pub start: Date,
    /// The last day of its initial term.
    pub end: Date,
    /// Months by which it may be extended.
    pub option_months: u16,
    /// Its lots; those of the arrangement that it follows, where none are given.
    pub lots: Vec<Lot>,
    /// The first version of its terms.
    pub terms: TermsVersion,
}

impl Command for RecordSuccessor {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "arrangement.record_successor";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let before = work.own_arrangement(&self.follows).await?;
        self.check(work).await?;
        let lots = if self.lots.is_empty() { before.lots.clone() } else { self.lots.clone() };
        let successor = Successor {
            id: ArrangementId(work.new_id()),
            slug: self.slug.clone(),
            title: self.title.trim().to_owned(),
            term: Term { start: self.start, end: self.end, option_months: self.option_months, steps: Vec::new() },
            lots,
            terms: self.terms.clone(),
        };
        let next = work.apply(before.followed_by(successor)?).await?;
        let lines = [
            format!("{} begins on {}.", next.title, long_date(next.term.start)),
            "Each authority adopts it by its own decision; live agreements are moved one by one, by consent."
                .to_owned(),
        ];
        tell_authorities(work, "Arrangement: a successor is recorded", &lines).await?;
        tell_providers(work, "Arrangement: a successor is recorded", &lines).await?;
        Ok(Receipt::at("/region/arrangement/successor"))
    }
}

impl RecordSuccessor {
    async fn check(&self, work: &Work) -> Answer<()> {
        let mut invalid = Invalid::default();
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if self.slug.is_empty() || self.slug.len() > 40 || !self.slug.chars().all(fits) {
            invalid.add("slug", "Enter a short name of small letters, digits and hyphens, like fca-2025");
        } else if work.arrangements().await?.iter().any(|kept| kept.arrangement.slug == self.slug) {
            invalid.add("slug", "Another arrangement has this short name: choose one of its own");
        }
        if self.title.trim().is_empty() {
            invalid.add("title", "Enter the successor's title");
        }
        if !fits_address(&self.terms.version) {
            invalid.add("terms", "Enter the number of the first version of its terms");
        }
        Ok(invalid.or(())?)
    }
}

/// Opens a successor: awards go through it from now on.
#[derive(Debug, Clone, Serialize)]
pub struct OpenSuccessor {
    /// The successor's slug.
    pub slug: String,
    /// The version shown.
    pub version: i64,
}

impl Command for OpenSuccessor {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "arrangement.open_successor";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let change = shown(work, &self.slug, self.version).await?.open(work.moment().today())?;
        if change.next().ahead.follows.is_none() {
            return Err(Outcome::NotFound);
        }
        let next = work.apply(change).await?;
        let lines = [format!("From today on placements are bought through {}.", next.title)];
        tell_authorities(work, "Arrangement: the successor is open", &lines).await?;
        tell_providers(work, "Arrangement: the successor is open", &lines).await?;
        Ok(Receipt::at(PATH))
    }
}
