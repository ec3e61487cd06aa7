//! What the pages of approvals read: the list, one request with everything that its approver needs, and whether the
//! reader may decide it, with the reason where not.

use jiff::civil::Date;
use placewell_domain::clock::Moment;
use placewell_domain::id::{HomeId, OrganisationId, PersonId};
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::organisation::Organisation;
use placewell_domain::office::person::{Actor, Role};
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::agreement::ValueWatch;
use placewell_domain::placing::approval::{
    Approval, ApprovalState, Consultation, FactChange, FollowUp, Given, GivenBasis, Recommendation,
    RecommendationWords, ToConfirm, VoidReason, may_confirm_night, urgency_called_for, who_may,
};
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::disclosure::Reader;
use placewell_domain::placing::referral::Referral;
use placewell_domain::sealed::Sealed;
use placewell_store::Session;
use placewell_store::keys::ChildKey;
use placewell_store::placing::approval::ApprovalTab;

use super::case::Case;
use super::deciding::facts_now;
use super::grounds_of;
use super::urgent::above;
use super::watch::watch;
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::homes::home::named::{Named, named_on};
use crate::placing::child::sealing;
use crate::power::annual_value::Effect;

/// One request in a list.
#[derive(Debug, Clone)]
pub struct ApprovalLine {
    /// The approval.
    pub approval: Approval,
    /// The referral's reference and the child's age band; none for another organisation's list.
    pub about: Option<(String, String)>,
    /// The home's name.
    pub home: String,
    /// By what right the reader may decide it, or why not.
    pub mine: Result<GivenBasis, Refusal>,
}

/// A question and its answer, opened.
#[derive(Debug, Clone)]
pub struct ReadExchange {
    /// Who asked, and when.
    pub by: String,
    /// When.
    pub at: jiff::civil::DateTime,
    /// The question.
    pub question: String,
    /// Who answered, when and what.
    pub answer: Option<(String, jiff::civil::DateTime, String)>,
}

/// Another approval of the same recommendation.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The approval.
    pub approval: Approval,
    /// Who decided it, by name.
    pub decided_by: String,
}

/// Somebody to whom a request can be passed, or who can be recorded as having said yes.
#[derive(Debug, Clone)]
pub struct Decider {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// By what right, in a sentence.
    pub basis: String,
}

/// Whether the verbal approval of this person waits to be confirmed.
fn waits_for(given: &Given, person: PersonId) -> bool {
    given.by == person && given.verbal.as_ref().is_some_and(|verbal| verbal.confirmed_at.is_none())
}

/// Every approval of the same recommendation, with who decided it.
async fn standings(session: &Session, approval: &Approval) -> Answer<Vec<Standing>> {
    let mut all = Vec::new();
    for other in session.approvals_of(approval.authority, approval.recommendation).await? {
        let decided_by = match &other.state {
            ApprovalState::Approved(given) => session.person_name(given.by).await?,
            ApprovalState::Refused { by, .. } => session.person_name(*by).await?,
            _ => String::new(),
        };
        all.push(Standing { approval: other, decided_by });
    }
    Ok(all)
}

/// The names of the homes of the recommendation's offers, in the order of its reasons.
async fn homes_of(session: &Session, org: OrganisationId, words: &RecommendationWords) -> Answer<Vec<String>> {
    let mut homes = Vec::new();
    for reasons in &words.reasons {
        let offer = session.offer(org, reasons.offer).await?;
        homes.push(session.home(offer.home).await?.name);
    }
    Ok(homes)
}

/// A request with everything that its page shows.
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own about what the reader can do")]
#[derive(Debug, Clone)]
pub struct ApprovalView {
    /// The approval.
    pub approval: Approval,
    /// The facts as they are now.
    pub case: Case,
    /// The provider.
    pub provider: Organisation,
    /// The provider's company number, and who manages the home on the start.
    pub named: Named,
    /// Their hash, which the form carries.
    pub hash: String,
    /// Why an award of it is stopped now, where it is.
    pub stopped: Option<Refusal>,
    /// What an emergency let follow, done or not.
    pub follow_ups: Vec<FollowUp>,
    /// Those whose day has passed.
    pub overdue: Vec<Consultation>,
    /// The reader can take the recommendation back.
    pub can_take_back: bool,
    /// What changed since it was asked for.
    pub changes: Vec<FactChange>,
    /// The recommendation.
    pub recommendation: Recommendation,
    /// Its words, opened.
    pub words: RecommendationWords,
    /// Names of the offers' homes, by the order of the words' reasons.
    pub homes: Vec<String>,
    /// All approvals of the recommendation, in order.
    pub all: Vec<Standing>,
    /// The annual value before and after.
    pub effects: Vec<Effect>,
    /// By what right the reader may decide, or why not.
    pub mine: Result<GivenBasis, Refusal>,
    /// The reader may answer questions and record a verbal approval.
    pub is_officer: bool,
    /// Who asked, by name.
    pub asked_by: String,
    /// Questions and answers.
    pub questions: Vec<ReadExchange>,
    /// Conditions, or the words of a refusal.
    pub decision_words: Option<String>,
    /// Whether the child's record was erased, and all these words with it.
    pub erased: bool,
    /// The agreement, once it is prepared, for the body that makes it.
    pub agreement: Option<String>,
    /// The reader's verbal approval waits to be confirmed.
    pub to_confirm: bool,
    /// The reader is the Director who confirms what somebody on call did at night.
    pub night: bool,
    /// Every confirmation that is due, with whether it is late.
    pub due: Vec<(ToConfirm, bool)>,
    /// What made it void, by name: which fact, from what to what.
    pub void: Vec<FactChange>,
    /// Whole-life value and cumulative spend with the provider; none once the agreement is prepared.
    pub watch: Option<ValueWatch>,
    /// Whether urgency could carry it: above the ceiling, or no power in force.
    pub urgency: bool,
}

impl ApprovalView {
    /// What to tell whoever approves, where the price is above what the search was approved for (rule 5.1).
    #[must_use]
    pub fn above_search(&self) -> Option<String> {
        let approval = self.case.referral.profile.search_approval.as_ref()?;
        approval.warning(self.case.facts.weekly())
    }
}

/// What was to be done by now and is not.
fn late(follow_ups: &[FollowUp], today: Date) -> Vec<Consultation> {
    follow_ups.iter().filter(|one| one.overdue(today)).map(|one| one.what).collect()
}

impl App {
    /// The requests that the actor's organisation may see.
    pub async fn approval_list(&self, actor: &Actor, tab: ApprovalTab) -> Answer<Vec<ApprovalLine>> {
        let session = self.see(actor, Action::SeeApprovals).await?;
        let found = session.approvals(actor.organisation, tab, 200).await?;
        self.approval_lines(&session, actor, found).await
    }

    /// The same of every state in the order of their references, from the one after a key on.
    pub async fn approvals_after(&self, actor: &Actor, page: (&str, u32)) -> Answer<Vec<ApprovalLine>> {
        let session = self.see(actor, Action::SeeApprovals).await?;
        let found = session.approvals_after(actor.organisation, page).await?;
        self.approval_lines(&session, actor, found).await
    }

    async fn approval_lines(
        &self,
        session: &Session,
        actor: &Actor,
        found: Vec<Approval>,
    ) -> Answer<Vec<ApprovalLine>> {
        let moment = self.calendar.now();
        let mut lines = Vec::new();
        for approval in found {
            let about = if approval.authority == actor.organisation {
                let referral = session.referral(actor.organisation, approval.referral).await?;
                Some((referral.reference.to_string(), about(&referral)))
            } else {
                None
            };
            let grounds = grounds_of(session, &approval, moment.today()).await?;
            lines.push(ApprovalLine {
                home: session.home(approval.facts.home).await?.name,
                mine: who_may(&approval, actor.person, &grounds, false, moment),
                about,
                approval,
            });
        }
        Ok(lines)
    }

    /// One request. A responsible authority's director or nominated officer reads the child's record where a trust holds
    /// it (rule 1.4): only of an approval that is theirs to decide.
    pub async fn approval_view(&self, actor: &Actor, reference: &str) -> Answer<ApprovalView> {
        let own = self.see(actor, Action::SeeApprovals).await?;
        let moment = self.calendar.now();
        let approval = own.approval(actor.organisation, reference).await?;
        let grounds = grounds_of(&own, &approval, moment.today()).await?;
        let mine = who_may(&approval, actor.person, &grounds, false, moment);
        let session = if approval.authority == actor.organisation {
            own
        } else {
            mine.clone()?;
            drop(own);
            self.store.read(Some(approval.authority)).await?
        };
        let org = approval.authority;
        let (recommendation, words, key) = recommended(&session, actor, &approval, moment).await?;
        let homes = homes_of(&session, org, &words).await?;
        let case = facts_now(&session, &approval, moment.today()).await?;
        let follow_ups = session.follow_ups_of(org, recommendation.id).await?;
        let all = standings(&session, &approval).await?;
        let questions = read_exchanges(&session, key.as_ref(), &approval).await?;
        let sealed = sealed_words(&approval.state).zip(key.as_ref());
        let decision_words = sealed.map(|(text, key)| key.open(text)).transpose()?;
        let agreement = session.agreement_of(org, approval.referral).await?;
        let given = approval.state.given();
        let to_confirm = given.is_some_and(|given| waits_for(given, actor.person));
        let night = given.is_some_and(|given| given.by != actor.person)
            && may_confirm_night(actor.person, &grounds, moment.today()).is_ok();
        let void = named(&session, voided_by(&approval.state)).await?;
        let changes = if agreement.is_none() { approval.facts.changes(&case.facts) } else { Vec::new() };
        let effects = if agreement.is_none() { case.effect(&session, moment.today()).await? } else { Vec::new() };
        let watch = match agreement {
            None => Some(
                watch(&session, (org, case.offer.provider), (None, case.facts.whole_cost()), moment.today()).await?,
            ),
            Some(_) => None,
        };
        let is_officer = actor.role == Role::PlacementOfficer && may(actor.role, Action::Recommend);
        Ok(ApprovalView {
            hash: case.hash(),
            provider: session.organisation_by_id(case.offer.provider).await?,
            named: named_on(&session, (case.offer.provider, case.home.id), case.facts.start).await?,
            changes: named(&session, changes).await?,
            night,
            due: approval.to_confirm().into_iter().map(|due| (due, due.overdue(moment))).collect(),
            void,
            watch,
            stopped: if agreement.is_none() { case.gates().err() } else { None },
            can_take_back: agreement.is_none() && approval.stands() && org == actor.organisation && is_officer,
            is_officer,
            overdue: late(&follow_ups, moment.today()),
            follow_ups,
            urgency: urgency_called_for(&case.facts.power, above(&effects)).is_ok(),
            effects,
            asked_by: session.person_name(approval.asked_by).await?,
            agreement: agreement.filter(|_| org == actor.organisation).map(|one| one.reference.to_string()),
            to_confirm,
            case,
            recommendation,
            words,
            homes,
            all,
            mine,
            questions,
            decision_words,
            erased: key.is_none(),
            approval,
        })
    }

    /// Everybody who may give an approval today, by name and right; never the person who asked.
    pub async fn deciders(&self, actor: &Actor, reference: &str) -> Answer<Vec<Decider>> {
        self.deciders_by(actor, reference, false).await
    }

    /// The same under urgency instead of the limb.
    pub async fn urgent_deciders(&self, actor: &Actor, reference: &str) -> Answer<Vec<Decider>> {
        self.deciders_by(actor, reference, true).await
    }

    async fn deciders_by(&self, actor: &Actor, reference: &str, urgent: bool) -> Answer<Vec<Decider>> {
        let session = self.see(actor, Action::SeeApprovals).await?;
        let moment = self.calendar.now();
        let approval = session.approval(actor.organisation, reference).await?;
        let grounds = grounds_of(&session, &approval, moment.today()).await?;
        let mut people: Vec<PersonId> = grounds.scheme.holdings.iter().map(|held| held.person).collect();
        people.extend(grounds.scheme.sub_delegations.iter().map(|passed| passed.person));
        people.extend(grounds.appointments.iter().map(|held| held.person));
        people.extend(grounds.on_call.iter().filter(|_| urgent).map(|duty| duty.person));
        people.sort_unstable();
        people.dedup();
        people.retain(|person| *person != approval.asked_by);
        let names = session.people_names(&people).await?;
        let found = names.into_iter().filter_map(|(person, name)| {
            let basis = who_may(&approval, person, &grounds, urgent, moment).ok()?;
            Some(Decider { person, name, basis: basis.sentence() })
        });
        Ok(found.collect())
    }
}

/// The recommendation of a request, its words as the reader is given them, and the key of its child; of an erased child
/// only which offers there were, and no key.
async fn recommended(
    session: &Session,
    actor: &Actor,
    approval: &Approval,
    now: Moment,
) -> Answer<(Recommendation, RecommendationWords, Option<ChildKey>)> {
    let org = approval.authority;
    let mut recommendation = session.recommendation(org, approval.recommendation).await?;
    if org == actor.organisation {
        sealing::readable(session, actor, recommendation.child, now).await?;
    }
    let key = match session.child(org, recommendation.child).await?.state {
        ChildState::Known => Some(session.child_key(org, recommendation.child).await?),
        ChildState::Forgotten => None,
    };
    let words = match &key {
        Some(key) => key.open(&recommendation.words)?,
        None => recommendation.words_left(),
    };
    let given = given_to(reader_of(actor, org), &mut recommendation, words);
    let words = given.ok_or(Outcome::Forbidden(Action::SeeApprovals))?;
    Ok((recommendation, words, key))
}

/// As whom somebody reads a request: whoever decides for a child whom another body places reads its record as that body's own
/// director does (rule 1.4), and not what other homes offered. A sealed record is not theirs to open: they read it as long as
/// the decision waits for them.
fn reader_of(actor: &Actor, authority: OrganisationId) -> Reader {
    if actor.organisation == authority { Reader::Own(actor.role) } else { Reader::Responsible(actor.role) }
}

/// The words of a recommendation as the table gives them. Of offers that were not recommended, who is not given their reasons
/// is given nothing else either: no home, no points.
fn given_to(reader: Reader, of: &mut Recommendation, words: RecommendationWords) -> Option<RecommendationWords> {
    let mut words = reader.given("recommendation_words", words)?;
    if !reader.sees("other_offer_words") {
        words.reasons.retain(|one| one.offer == of.offer);
        of.points.retain(|one| one.offer == of.offer);
        // Where there are others, these words say why not one of them.
        if !of.others.is_empty() {
            words.circumstances.clear();
        }
        of.others.clear();
    }
    Some(words)
}

/// The conditions of an approval, or the words of a refusal.
fn sealed_words(state: &ApprovalState) -> Option<&Sealed<String>> {
    match state {
        ApprovalState::Approved(given) => given.conditions.as_ref(),
        ApprovalState::Refused { words, .. } => words.as_ref(),
        _ => None,
    }
}

/// The changes that made it void, where changes did.
fn voided_by(state: &ApprovalState) -> Vec<FactChange> {
    match state {
        ApprovalState::Void { reason: VoidReason::FactsChanged { changes }, .. } => changes.clone(),
        _ => Vec::new(),
    }
}

/// Changes with homes by name instead of by id.
async fn named(session: &Session, changes: Vec<FactChange>) -> Answer<Vec<FactChange>> {
    let mut found = Vec::with_capacity(changes.len());
    for mut change in changes {
        if change.fact == "Home" {
            for side in [&mut change.was, &mut change.now] {
                if let Ok(id) = side.parse() {
                    *side = session.home(HomeId(id)).await?.name;
                }
            }
        }
        found.push(change);
    }
    Ok(found)
}

/// The questions about a request and their answers, opened with the child's key; without words once that is gone.
async fn read_exchanges(session: &Session, key: Option<&ChildKey>, approval: &Approval) -> Answer<Vec<ReadExchange>> {
    let open = |text: &Sealed<String>| key.map_or_else(|| Ok(String::new()), |key| key.open(text));
    let mut read = Vec::new();
    for exchange in &approval.questions {
        let answer = match &exchange.answer {
            Some((by, at, text)) => Some((session.person_name(*by).await?, *at, open(text)?)),
            None => None,
        };
        let by = session.person_name(exchange.by).await?;
        read.push(ReadExchange { by, at: exchange.at, question: open(&exchange.question)?, answer });
    }
    Ok(read)
}

/// The age band that lists name a child by.
fn about(referral: &Referral) -> String {
    referral.profile.age_band().map_or_else(String::new, |band| format!("aged {}", band.label()))
}
