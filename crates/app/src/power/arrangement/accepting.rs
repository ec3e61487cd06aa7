//! Which version of the terms binds whom: providers accept each version by somebody who says that they have authority to
//! sign; an award cites the latest version that both sides accepted.

use jiff::civil::Date;
use placewell_domain::homes::admission::ground::takes_part_from;
use placewell_domain::id::{ArrangementId, HomeId, OrganisationId};
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::{
    AcceptedBy, Arrangement, Cited, Instrument, TermBar, TermsAcceptance, TermsVersion,
};
use placewell_store::{Session, Work};
use serde::Serialize;

use super::joined_on;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

/// What an authority accepted of an arrangement's terms, in a session of its own.
pub async fn accepted_by_authority(
    session: &Session,
    arrangement: &Arrangement,
    org: OrganisationId,
) -> Answer<AcceptedBy> {
    let decisions = arrangement.speak_of_it(&session.published_decisions_of(org).await?);
    let mut uses = session.arrangement_uses().await?;
    uses.retain(|one| one.authority == org);
    Ok(AcceptedBy::authority(arrangement.id, joined_on(&decisions), &uses))
}

/// From which day a provider takes part in an arrangement with a home of its own: since the home was admitted first, and never
/// before the provider itself was.
pub async fn takes_part_with(
    session: &Session,
    arrangement: ArrangementId,
    (home, provider): (HomeId, OrganisationId),
) -> Answer<Option<Date>> {
    let admitted = session.admissions_of(home).await?;
    let first = admitted.iter().filter(|on| on.arrangement == arrangement).map(|on| on.from).min();
    Ok(takes_part_from(&session.admission_grounds(Some(provider)).await?, provider, first))
}

/// The versions of the terms and of the specification that bind a placement from a day: the latest that the authority and
/// the provider accepted.
/// `joined` is the day from which the provider takes part with the home.
pub async fn terms_between(
    session: &Session,
    arrangement: &Arrangement,
    (org, provider): (OrganisationId, OrganisationId),
    (joined, day): (Option<Date>, Date),
) -> Answer<Cited> {
    let authority = accepted_by_authority(session, arrangement, org).await?;
    let accepted = session.terms_accepted(Some(provider)).await?;
    let provider = AcceptedBy::provider(arrangement.id, joined, &accepted);
    Ok(arrangement.cited_between((&authority, &provider), day))
}

/// A provider accepts a version of the terms.
#[derive(Debug, Clone, Serialize)]
pub struct AcceptTermsAsProvider {
    /// The arrangement's slug.
    pub slug: String,
    /// Whether of the terms or of the specification.
    pub of: Instrument,
    /// The version's number.
    pub terms: String,
    /// The name as typed.
    pub name: String,
    /// The role as typed.
    pub role: String,
    /// "I have authority to sign".
    pub has_authority: bool,
}

impl Command for AcceptTermsAsProvider {
    const ACTION: Action = Action::SignAgreement;
    const NAME: &'static str = "terms.accept";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if actor.kind != OrganisationKind::Provider {
            return Err(Outcome::Forbidden(Self::ACTION));
        }
        let kept = work.arrangement(&self.slug).await?;
        let earlier = work.terms_accepted(Some(work.org())).await?;
        let acceptance = TermsAcceptance {
            id: work.new_id(),
            provider: work.org(),
            arrangement: kept.arrangement.id,
            of: self.of,
            version: self.terms.trim().to_owned(),
            person: actor.person,
            name: self.name.trim().to_owned(),
            role: self.role.trim().to_owned(),
            at: work.moment().local,
        };
        let change = acceptance.checked(self.has_authority)?.accept(&kept.arrangement, &earlier)?;
        work.apply(change).await?;
        Ok(Receipt::at("/provider/arrangement"))
    }
}

/// The arrangement as a provider sees it.
#[derive(Debug, Clone)]
pub struct ProviderArrangement {
    /// The arrangement in use.
    pub arrangement: Arrangement,
    /// Where today stands in its term.
    pub bar: TermBar,
    /// Authorities that leave: name and first day without them.
    pub leaving: Vec<(String, Date)>,
    /// The versions to accept, oldest first, of this arrangement and of one that follows: slug, title, of what, version.
    pub to_accept: Vec<(String, String, Instrument, TermsVersion)>,
    /// What was accepted, oldest first.
    pub accepted: Vec<TermsAcceptance>,
    /// The successor, where one is recorded.
    pub successor: Option<Arrangement>,
}

impl App {
    /// The arrangement with the terms that the actor's organisation accepted and has to accept.
    pub async fn provider_arrangement(&self, actor: &Actor) -> Answer<ProviderArrangement> {
        let session = self.see(actor, Action::SignAgreement).await?;
        if actor.kind != OrganisationKind::Provider {
            return Err(Outcome::NotFound);
        }
        let arrangement = session.current_arrangement().await?.ok_or(Outcome::NotFound)?.arrangement;
        let all = session.arrangements().await?;
        let successor = all
            .into_iter()
            .map(|kept| kept.arrangement)
            .find(|one| one.ahead.prepared && one.ahead.follows.as_ref() == Some(&arrangement.slug));
        let accepted = session.terms_accepted(Some(actor.organisation)).await?;
        let mut to_accept = Vec::new();
        for one in std::iter::once(&arrangement).chain(&successor) {
            let joined = session.providers_joined(one.id).await?;
            let joined = joined.into_iter().find(|(id, ..)| *id == actor.organisation).map(|(.., from)| from);
            let by = AcceptedBy::provider(one.id, joined, &accepted);
            let open =
                one.not_accepted(&by).map(|(of, terms)| (one.slug.clone(), one.title.clone(), of, terms.clone()));
            to_accept.extend(open);
        }
        let mut leaving = Vec::new();
        for left in session.authorities_left().await?.iter().filter(|left| left.arrangement == arrangement.id) {
            leaving.push((session.organisation_by_id(left.authority).await?.name, left.from));
        }
        let today = self.calendar.now().today();
        Ok(ProviderArrangement {
            bar: arrangement.term.bar(today),
            arrangement,
            leaving,
            to_accept,
            accepted,
            successor,
        })
    }
}
