//! What the regional team reads beside the arrangement: where each authority stands to the extension, who accepted which
//! terms, who could take part, what follows.

use jiff::civil::Date;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::{AcceptedBy, Arrangement, Instrument, Leaving, TermsVersion};

use super::{ArrangementPage, TermEnd, term_end};
use crate::answer::{Answer, Outcome};
use crate::command::{App, permitted};

/// The arrangement with the decisions to leave and what becomes of the agreements of those who leave.
#[derive(Debug, Clone)]
pub struct ExtensionPage {
    /// The arrangement and its participants.
    pub page: ArrangementPage,
    /// Decisions to leave it.
    pub leavings: Vec<Leaving>,
}

/// Who has not accepted a version of the terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsAccepted {
    /// Whether of the terms or of the specification.
    pub of: Instrument,
    /// The version.
    pub terms: TermsVersion,
    /// Authorities that can award and have not accepted it, by name.
    pub authorities: Vec<String>,
    /// Providers with an admitted home that have not accepted it, by name.
    pub providers: Vec<String>,
}

/// The arrangement in use and the one that follows.
#[derive(Debug, Clone)]
pub struct SuccessorPage {
    /// The arrangement in use.
    pub current: Arrangement,
    /// The one that follows it, or that it was opened from.
    pub successor: Option<Arrangement>,
}

impl App {
    /// Where each authority stands to the extension, for the regional team.
    pub async fn extension_page(&self, actor: &Actor) -> Answer<ExtensionPage> {
        permitted(actor, Action::RunArrangement)?;
        let page = self.arrangement_page().await?.ok_or(Outcome::NotFound)?;
        let session = self.see(actor, Action::RunArrangement).await?;
        let mut leavings = session.leavings().await?;
        leavings.retain(|one| one.arrangement == page.arrangement.id);
        Ok(ExtensionPage { page, leavings })
    }

    /// Who accepted which version, for the regional team: those of the specification, then those of the terms, each oldest
    /// first.
    pub async fn terms_accepted(&self, actor: &Actor) -> Answer<Vec<TermsAccepted>> {
        permitted(actor, Action::RunArrangement)?;
        let page = self.arrangement_page().await?.ok_or(Outcome::NotFound)?;
        let session = self.see(actor, Action::RunArrangement).await?;
        let arrangement = &page.arrangement;
        let accepted = session.terms_accepted(None).await?;
        let providers: Vec<(String, AcceptedBy)> = session
            .providers_joined(arrangement.id)
            .await?
            .into_iter()
            .map(|(id, name, joined)| {
                let own: Vec<_> = accepted.iter().filter(|one| one.provider == id).cloned().collect();
                (name, AcceptedBy::provider(arrangement.id, Some(joined), &own))
            })
            .collect();
        let all = [Instrument::Specification, Instrument::Terms].into_iter();
        let all = all.flat_map(|of| arrangement.versions(of).iter().map(move |terms| (of, terms)));
        let lines = all.map(|(of, terms)| TermsAccepted {
            of,
            terms: terms.clone(),
            authorities: page
                .participants
                .iter()
                .filter(|row| row.not_accepted.contains(&of.key(&terms.version)))
                .map(|row| row.participant.name.clone())
                .collect(),
            providers: providers
                .iter()
                .filter(|(_, by)| !by.binds(arrangement, of, terms))
                .map(|(name, _)| name.clone())
                .collect(),
        });
        Ok(lines.collect())
    }

    /// Authorities that are recorded and take no part, by code and name.
    pub async fn authorities_outside(&self, actor: &Actor) -> Answer<Vec<(String, String)>> {
        let session = self.see(actor, Action::RunArrangement).await?;
        let arrangement = session.current_arrangement().await?.ok_or(Outcome::NotFound)?.arrangement;
        let takes_part = |code: &str| arrangement.participants.iter().any(|known| known.code == code);
        let all = session.organisations().await?.into_iter();
        let outside = all.filter(|one| one.kind == OrganisationKind::Authority && !takes_part(&one.code));
        Ok(outside.map(|one| (one.code, one.name)).collect())
    }

    /// The arrangement in use and its successor, for the regional team.
    pub async fn successor_page(&self, actor: &Actor) -> Answer<SuccessorPage> {
        let session = self.see(actor, Action::RunArrangement).await?;
        let current = session.current_arrangement().await?.ok_or(Outcome::NotFound)?.arrangement;
        let all = session.arrangements().await?;
        let follows = |one: &Arrangement| one.ahead.follows.as_ref() == Some(&current.slug);
        let next = all.into_iter().map(|kept| kept.arrangement).find(follows);
        let successor = next.or_else(|| current.ahead.follows.is_some().then(|| current.clone()));
        Ok(SuccessorPage { current, successor })
    }

    /// The end of the term that the actor's organisation is warned of today.
    pub async fn term_end(&self, actor: &Actor) -> Answer<Option<TermEnd>> {
        let session = self.see(actor, Action::SeeArrangement).await?;
        let today: Date = self.calendar.now().today();
        term_end(&session, actor.organisation, today).await
    }
}
