//! A version of the terms or of the specification: its text, who accepted it, who has not and is reminded.

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::days_between;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::power::arrangement::{AcceptedBy, Arrangement, Instrument, TermsVersion};
pub use placewell_store::power::arrangement::text::TermsText;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::accepted_by_authority;
use super::region::{DECIDERS, SIGNERS};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt, ended};
use crate::office::document::Brought;
use crate::office::message::{Notice, deliver};

/// How many days before a version applies those who have not accepted it are reminded, the last first.
const AHEAD: [i64; 3] = [0, 7, 28];

/// Keeps the text of a version that has none, such as one that was recorded with the arrangement.
#[derive(Debug, Clone, Serialize)]
pub struct KeepTermsText {
    /// The arrangement's slug.
    pub slug: String,
    /// Whether of the terms or of the specification.
    pub of: Instrument,
    /// The version's number.
    pub terms: String,
    /// The text.
    pub text: Brought,
}

impl Command for KeepTermsText {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "arrangement.keep_text";

    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        self.text.scanned(app).await
    }

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let arrangement = work.own_arrangement(&self.slug).await?;
        arrangement.version_of(self.of, &self.terms)?;
        if let Some(kept) = work.terms_text(arrangement.id, (self.of, &self.terms)).await? {
            return Err(Refusal::new(
                "terms_text_kept",
                "The text of a version is kept once: what was accepted does not change",
                format!("The text of {} is kept already.", self.of.words(&self.terms)),
                "The commissioning lead, by issuing a new version",
            )
            .found(long_date(kept.kept_on))
            .into());
        }
        keep_text(work, &arrangement, (self.of, &self.terms), &self.text).await?;
        Ok(Receipt::at(format!("/region/arrangement/terms/{}/{}/{}", self.slug, self.of.code(), self.terms)))
    }
}

/// Keeps a text with its event.
pub(crate) async fn keep_text(
    work: &mut Work,
    arrangement: &Arrangement,
    (of, version): (Instrument, &str),
    text: &Brought,
) -> Answer<()> {
    let content = (text.kind().media_type(), text.content());
    let digest = work.keep_terms_text(arrangement.id, (of, version), content).await?;
    let event = Event::new("document.added", "arrangement", arrangement.id.0, 0)
        .with("of", of.code())
        .with("terms", version)
        .with("sha256", digest);
    work.record(event);
    Ok(())
}

/// Who has not accepted a version, by id and name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Participants.
    pub authorities: Vec<(OrganisationId, String)>,
    /// Providers with a home that was admitted.
    pub providers: Vec<(OrganisationId, String)>,
}

async fn waiting(
    session: &Session,
    arrangement: &Arrangement,
    (of, terms): (Instrument, &TermsVersion),
) -> Answer<Waiting> {
    let mut waiting = Waiting::default();
    for one in &arrangement.participants {
        let by = accepted_by_authority(session, arrangement, one.organisation).await?;
        if !by.binds(arrangement, of, terms) {
            waiting.authorities.push((one.organisation, one.name.clone()));
        }
    }
    let accepted = session.terms_accepted(None).await?;
    for (id, name, joined) in session.providers_joined(arrangement.id).await? {
        let own: Vec<_> = accepted.iter().filter(|one| one.provider == id).cloned().collect();
        if !AcceptedBy::provider(arrangement.id, Some(joined), &own).binds(arrangement, of, terms) {
            waiting.providers.push((id, name));
        }
    }
    Ok(waiting)
}

/// The reminders to those who have not accepted a version.
fn reminders(waiting: &Waiting, (of, terms): (Instrument, &TermsVersion)) -> Vec<Notice> {
    let subject = format!("Arrangement: {} waits for your acceptance", of.words(&terms.version));
    let line = format!("It applies from {} to those who accepted it.", long_date(terms.from));
    let notice = |to: OrganisationId, role: Role, path: &str| Notice {
        to: to.0,
        role,
        subject: subject.clone(),
        lines: vec![line.clone()],
        path: path.to_owned(),
    };
    let authorities = waiting.authorities.iter().flat_map(|(id, _)| DECIDERS.iter().map(move |role| (*id, *role)));
    let providers = waiting.providers.iter().flat_map(|(id, _)| SIGNERS.iter().map(move |role| (*id, *role)));
    let authorities = authorities.map(|(id, role)| notice(id, role, "/arrangement/own"));
    authorities.chain(providers.map(|(id, role)| notice(id, role, "/provider/arrangement"))).collect()
}

async fn remind(work: &mut Work, arrangement: &Arrangement, notices: &[Notice], key: &str) -> Answer<()> {
    for (at, notice) in notices.iter().enumerate() {
        deliver(work, notice, &format!("arrangement/{}/{key}/{at}", arrangement.id)).await?;
    }
    Ok(work.chased("arrangement", arrangement.id.0, key).await?)
}

/// Reminds those who have not accepted a version, at most once a day.
#[derive(Debug, Clone, Serialize)]
pub struct RemindTerms {
    /// The arrangement's slug.
    pub slug: String,
    /// Whether of the terms or of the specification.
    pub of: Instrument,
    /// The version's number.
    pub terms: String,
}

impl Command for RemindTerms {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "arrangement.remind_terms";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let arrangement = work.own_arrangement(&self.slug).await?;
        let terms = arrangement.version_of(self.of, &self.terms)?;
        let notices = reminders(&waiting(work, &arrangement, (self.of, terms)).await?, (self.of, terms));
        let refused = |code: &str, sentence: &str| {
            let rule = "Who has not accepted a version is reminded, at most once a day";
            Err(Refusal::new(code, rule, sentence, "You, from tomorrow on, where somebody has not accepted it").into())
        };
        if notices.is_empty() {
            return refused("nobody_to_remind", "Everybody has accepted this version.");
        }
        let today = work.moment().today();
        let key = format!("remind {} {today}", self.of.key(&self.terms));
        if work.is_chased(work.org(), "arrangement", arrangement.id.0, &key).await? {
            return refused("reminded_today", "Those who have not accepted this version were reminded today.");
        }
        remind(work, &arrangement, &notices, &key).await?;
        let event = Event::new("arrangement.reminded", "arrangement", arrangement.id.0, 0)
            .with("of", self.of.code())
            .with("terms", &self.terms)
            .with("mails", notices.len());
        work.record(event);
        Ok(Receipt::at(format!("/region/arrangement/terms/{}/{}/{}", self.slug, self.of.code(), self.terms)))
    }
}

/// The step at which a version that is to apply is reminded of; none where it is further away, or applies already.
fn step(today: Date, from: Date) -> Option<i64> {
    let days = days_between(today, from);
    AHEAD.into_iter().find(|step| days <= *step).filter(|_| days >= 0)
}

/// The versions of the arrangements of this region of which nobody was reminded at this step, with the step's key.
async fn due_versions(
    session: &Session,
    org: OrganisationId,
    today: Date,
) -> Answer<Vec<(Arrangement, Instrument, TermsVersion, String)>> {
    let mut due = Vec::new();
    for kept in session.arrangements().await?.into_iter().filter(|kept| kept.region == org) {
        for of in Instrument::ALL {
            for terms in kept.arrangement.versions(of).iter().skip(1) {
                let Some(step) = step(today, terms.from) else { continue };
                let key = format!("remind {} in {step}", of.key(&terms.version));
                if !session.is_chased(org, "arrangement", kept.arrangement.id.0, &key).await? {
                    due.push((kept.arrangement.clone(), of, terms.clone(), key));
                }
            }
        }
    }
    Ok(due)
}

/// Whether somebody is to be reminded today.
pub(crate) async fn reminders_due(session: &Session, org: OrganisationId, today: Date) -> Answer<bool> {
    Ok(!due_versions(session, org, today).await?.is_empty())
}

/// Reminds those who have not accepted a version that is to apply, once for each step.
pub(crate) async fn remind_due(app: &App, org: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let session = app.store.read(Some(org)).await?;
    let due = due_versions(&session, org, moment.today()).await?;
    drop(session);
    let mut result = Ok(());
    for (arrangement, of, terms, key) in due {
        let mut work = app.store.begin(org, moment).await?;
        let done = match waiting(&work, &arrangement, (of, &terms)).await {
            Ok(open) => remind(&mut work, &arrangement, &reminders(&open, (of, &terms)), &key).await,
            Err(outcome) => Err(outcome),
        };
        result = result.and(ended(work, done).await);
    }
    result
}

/// An acceptance as the regional team reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedLine {
    /// The organisation's name.
    pub who: String,
    /// The day.
    pub on: Date,
    /// Who signed and in which role, or the power that was used.
    pub by: String,
}

/// A version with its text and its neighbours.
#[derive(Debug, Clone)]
pub struct Variation {
    /// The arrangement.
    pub arrangement: Arrangement,
    /// Whether of the terms or of the specification.
    pub of: Instrument,
    /// The version.
    pub terms: TermsVersion,
    /// Its text, where one is kept.
    pub text: Option<TermsText>,
    /// Whether the reader's organisation is bound by it; none for those who accept nothing.
    pub bound: Option<bool>,
    /// For the regional team: who accepted it by an act of their own, and who has not.
    pub acceptance: Option<(Vec<AcceptedLine>, Waiting)>,
}

impl App {
    /// A version of the terms or of the specification, for whoever reads it.
    pub async fn variation(
        &self,
        reader: Option<&Actor>,
        slug: &str,
        (of, version): (Instrument, &str),
    ) -> Answer<Variation> {
        let session = self.store.read(reader.map(|actor| actor.organisation)).await?;
        let arrangement = session.arrangement(slug).await?.arrangement;
        let found = arrangement.versions(of).iter().find(|one| one.version == version);
        let terms = found.cloned().ok_or(Outcome::NotFound)?;
        let bound = match reader {
            Some(actor) => bound(&session, &arrangement, actor, (of, &terms)).await?,
            None => None,
        };
        let acceptance = match reader {
            Some(actor) if may(actor.role, Action::RunArrangement) => {
                let lines = accepted_lines(&session, &arrangement, (of, &terms)).await?;
                Some((lines, waiting(&session, &arrangement, (of, &terms)).await?))
            }
            _ => None,
        };
        let text = session.terms_text(arrangement.id, (of, version)).await?;
        Ok(Variation { arrangement, of, terms, text, bound, acceptance })
    }

    /// The text of a version: public, like the arrangement.
    pub async fn variation_text(&self, slug: &str, (of, version): (Instrument, &str)) -> Answer<(TermsText, Vec<u8>)> {
        let session = self.visit().await?;
        let arrangement = session.arrangement(slug).await?.arrangement;
        let text = session.terms_text(arrangement.id, (of, version)).await?.ok_or(Outcome::NotFound)?;
        let content = session.terms_text_content(arrangement.id, (of, version)).await?;
        Ok((text, content))
    }
}

async fn bound(
    session: &Session,
    arrangement: &Arrangement,
    actor: &Actor,
    (of, terms): (Instrument, &TermsVersion),
) -> Answer<Option<bool>> {
    let by = match actor.kind {
        OrganisationKind::Authority => accepted_by_authority(session, arrangement, actor.organisation).await?,
        OrganisationKind::Provider => {
            let joined = session.providers_joined(arrangement.id).await?;
            let joined = joined.into_iter().find(|(id, ..)| *id == actor.organisation).map(|(.., from)| from);
            let accepted = session.terms_accepted(Some(actor.organisation)).await?;
            AcceptedBy::provider(arrangement.id, joined, &accepted)
        }
        _ => return Ok(None),
    };
    Ok(Some(by.binds(arrangement, of, terms)))
}

async fn accepted_lines(
    session: &Session,
    arrangement: &Arrangement,
    (of, terms): (Instrument, &TermsVersion),
) -> Answer<Vec<AcceptedLine>> {
    let mut lines = Vec::new();
    for one in session.arrangement_uses().await?.into_iter().filter(|one| one.arrangement == arrangement.id) {
        if one.decision.accepts() == Some((of, terms.version.as_str())) {
            let who = session.organisation_by_id(one.authority).await?.name;
            lines.push(AcceptedLine { who, on: one.on, by: one.power.sentence() });
        }
    }
    for one in session.terms_accepted(None).await?.into_iter().filter(|one| one.arrangement == arrangement.id) {
        if one.of == of && one.version == terms.version {
            let who = session.organisation_by_id(one.provider).await?.name;
            lines.push(AcceptedLine { who, on: one.at.date(), by: format!("{}, {}", one.name, one.role) });
        }
    }
    lines.sort_by_key(|line| line.on);
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use placewell_domain::nights::plus_days;

    #[test]
    fn a_version_to_come_is_reminded_of_28_and_7_days_before_and_on_its_day() {
        let today = date(2021, 9, 13);
        let at = |days: i64| step(today, plus_days(today, days));
        assert_eq!([29, 28, 8, 7, 1, 0, -1].map(at), [None, Some(28), Some(28), Some(7), Some(7), Some(0), None]);
    }
}
