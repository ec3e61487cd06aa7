//! What the calendar gives cause for, looked at once a day: insurance that has lapsed, answers that repeatedly did not come,
//! a home that is said to have no registered manager.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use placewell_domain::homes::home::HomeState;
use placewell_domain::homes::home::named::{Manager, manager_on};
use placewell_domain::homes::home::voice::{HomeFact, Speaker, Voice};
use placewell_domain::homes::standing::lapse::{closed_at, in_hand, taken_back, vacant_from};
use placewell_domain::homes::standing::measure::{Measure, Proposal, Source};
use placewell_domain::homes::standing::scorecard::{ANSWER_DAYS, repeated};
use placewell_domain::homes::standing::{Standing, StandingReason, StandingSubject};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::nights::plus_days;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_store::{Session, Work};

use super::insured::lapsed;
use super::measure::propose;
use crate::answer::Answer;
use crate::command::{App, ended};

impl App {
    /// Proposes what the calendar, the answers of the last months and the voices give cause for, once a day: a provider of
    /// the arrangement whose insurance has lapsed is suspended, one that repeatedly does not answer is watched, and so is a
    /// home without a registered manager.
    pub async fn propose_by_calendar(&self) -> Answer<()> {
        let moment = self.calendar.now();
        let visit = self.visit().await?;
        let Some(kept) = visit.current_arrangement().await? else { return Ok(()) };
        let organisations = visit.organisations().await?;
        drop(visit);
        let known = self.store.read(Some(kept.region)).await?.measures().await?;
        let counted = self.late_answers(&organisations, &known).await?;
        let mut work = self.store.begin(kept.region, moment).await?;
        let done: Answer<()> = async {
            let (facts, known) = (work.standing_facts().await?, work.measures().await?);
            let uninsured = lapsed(&work, &organisations, &facts, moment.today()).await?;
            for one in organisations.iter().filter(|one| one.kind == OrganisationKind::Provider) {
                if counted.get(&one.id).is_some_and(|(asked, late)| repeated(*asked, *late)) {
                    let why = (Standing::OnWatch, StandingReason::Responses);
                    // Counted since a person last looked: they repeat themselves as of today.
                    about_provider(&mut work, &known, (one, why), moment.today()).await?;
                }
                if let Some(first) = uninsured.get(&one.id) {
                    let why = (Standing::Suspended, StandingReason::InsuranceLapsed);
                    about_provider(&mut work, &known, (one, why), *first).await?;
                }
            }
            without_a_manager(&mut work, &known).await
        }
        .await;
        ended(work, done).await
    }

    /// How many invitations each provider had in the last months, and how many without an answer, in all authorities. Of one
    /// whose measure for it a person has dropped or ended, only those since then.
    async fn late_answers(&self, organisations: &[Organisation], known: &[Measure]) -> Answer<Answers> {
        let since = plus_days(self.calendar.now().today(), -ANSWER_DAYS).to_datetime(jiff::civil::Time::midnight());
        let mut counted = self.answers(organisations, None, since).await?;
        let looked_at: Vec<(OrganisationId, DateTime)> = counted
            .iter()
            .filter(|(_, (asked, late))| repeated(*asked, *late))
            .filter_map(|(id, _)| {
                let closed = closed_at(known, (StandingSubject::Provider(*id), StandingReason::Responses))?;
                (closed > since).then_some((*id, closed))
            })
            .collect();
        for (provider, closed) in looked_at {
            counted.remove(&provider);
            counted.extend(self.answers(organisations, Some(provider), closed).await?);
        }
        Ok(counted)
    }

    /// Invitations whose deadline has passed since a time, of one provider or of all: how many, and how many without an answer.
    async fn answers(
        &self,
        organisations: &[Organisation],
        of: Option<OrganisationId>,
        since: DateTime,
    ) -> Answer<Answers> {
        let now = self.calendar.now().local;
        let mut counted = Answers::new();
        for one in organisations.iter().filter(|one| one.kind == OrganisationKind::Authority) {
            let session = self.store.read(Some(one.id)).await?;
            for (provider, asked, late) in session.answers_since(one.id, of, (since, now)).await? {
                let sum = counted.entry(provider).or_default();
                *sum = (sum.0.saturating_add(asked), sum.1.saturating_add(late));
            }
        }
        Ok(counted)
    }
}

/// How many invitations a provider had, and how many it did not answer in time.
type Answers = BTreeMap<OrganisationId, (u32, u32)>;

/// The latest word of each speaker about a home's registered manager.
type OfManager = BTreeMap<(Speaker, String), Voice>;

/// A home that is said to have no registered manager is to be watched, unless another voice says that it has one: then a
/// person looks at the two.
async fn without_a_manager(work: &mut Work, known: &[Measure]) -> Answer<()> {
    let mut homes: BTreeMap<HomeId, OfManager> = BTreeMap::new();
    let mut said: BTreeMap<HomeId, Vec<(Date, bool)>> = BTreeMap::new();
    for (home, voice) in work.all_voices().await?.into_iter().filter(|(_, voice)| voice.fact == HomeFact::Manager) {
        said.entry(home).or_default().push((voice.seen_on, says_vacant(&voice)));
        hear(homes.entry(home).or_default(), voice);
    }
    let today = work.moment().today();
    for (home, told) in work.all_managers().await? {
        said.entry(home).or_default().extend(recorded(&told));
        if let Some(held) = manager_on(&told, today) {
            as_recorded(homes.entry(home).or_default(), held);
        }
    }
    let kept = work.homes().await?;
    for (home, voices) in homes {
        let Some(voice) = vacancy(voices) else { continue };
        let Some(home) = kept.iter().find(|one| one.id == home) else { continue };
        if home.region != work.org() || matches!(home.state, HomeState::Closed { .. }) {
            continue;
        }
        let (subject, why) = (StandingSubject::Home(home.id), (Standing::OnWatch, StandingReason::ManagerVacancy));
        let words = said.get(&home.id).map_or(&[][..], Vec::as_slice);
        let Some(first) = vacant_from(words, taken_back(known, (subject, why.1))) else { continue };
        let source = Source { link: voice.link, ..Source::found(voice.seen_on) };
        unless_in_hand(work, known, (subject, home.provider, &home.name), (why, source, first)).await?;
    }
    Ok(())
}

fn says_vacant(voice: &Voice) -> bool {
    voice.value.trim().eq_ignore_ascii_case("no")
}

/// On which days a provider recorded a home's manager, and whether the post was vacant by what was recorded until then.
fn recorded(told: &[Manager]) -> impl Iterator<Item = (Date, bool)> {
    let held = move |at: usize, on: Date| manager_on(told.get(..=at).unwrap_or_default(), on);
    told.iter().enumerate().filter_map(move |(at, one)| Some((one.on, held(at, one.on)?.name.is_none())))
}

/// Keeps it, unless the same speaker has said something later.
fn hear(latest: &mut OfManager, voice: Voice) {
    let who = (voice.speaker, voice.by.clone());
    if latest.get(&who).is_none_or(|held| held.seen_on <= voice.seen_on) {
        latest.insert(who, voice);
    }
}

/// The latest word that nobody is in post, where no voice says that somebody is.
fn vacancy(voices: OfManager) -> Option<Voice> {
    let vacant = voices.values().all(says_vacant);
    voices.into_values().filter(|_| vacant).max_by_key(|voice| voice.seen_on)
}

/// The day on which a home was seen last to have no registered manager; none where it has one, or nothing is known.
pub(super) async fn vacant_on(session: &Session, home: HomeId, today: Date) -> Answer<Option<Date>> {
    let mut latest = OfManager::new();
    for voice in session.voices(home).await?.into_iter().filter(|voice| voice.fact == HomeFact::Manager) {
        hear(&mut latest, voice);
    }
    let told = session.managers_of(home).await?;
    if let Some(held) = manager_on(&told, today) {
        as_recorded(&mut latest, held);
    }
    Ok(vacancy(latest).map(|voice| voice.seen_on))
}

/// What a provider recorded of its home's manager is the home's own word of that day. That somebody is in post answers nobody
/// who has looked since.
fn as_recorded(voices: &mut OfManager, held: &Manager) {
    voices.retain(|(speaker, _), voice| *speaker != Speaker::Home || voice.seen_on > held.on);
    let of_home = voices.keys().any(|(speaker, _)| *speaker == Speaker::Home);
    let looked_since = voices.values().any(|voice| voice.seen_on > held.on);
    if of_home || (held.name.is_some() && looked_since) {
        return;
    }
    let value = if held.name.is_some() { "yes" } else { "no" };
    let voice = Voice {
        fact: HomeFact::Manager,
        speaker: Speaker::Home,
        by: String::new(),
        value: value.to_owned(),
        seen_on: held.on,
        link: None,
    };
    voices.insert((Speaker::Home, String::new()), voice);
}

async fn about_provider(
    work: &mut Work,
    known: &[Measure],
    (provider, why): (&Organisation, (Standing, StandingReason)),
    first: Date,
) -> Answer<()> {
    let source = Source::found(work.moment().today());
    let about = (StandingSubject::Provider(provider.id), provider.id, provider.name.as_str());
    unless_in_hand(work, known, about, (why, source, first)).await
}

/// Proposes it, unless the lapse with this first day is in hand: what was dropped or ended on evidence is not proposed again
/// by the next day's look, and a lapse that began since is.
async fn unless_in_hand(
    work: &mut Work,
    known: &[Measure],
    (subject, provider, name): (StandingSubject, OrganisationId, &str),
    ((standing, reason), source, first): ((Standing, StandingReason), Source, Date),
) -> Answer<()> {
    if in_hand(known, (subject, reason), first, work.moment().today()) {
        return Ok(());
    }
    let (region, name) = (work.org(), name.to_owned());
    propose(work, Proposal { region, subject, lot: None, provider, name, standing, reason, source }).await?;
    Ok(())
}
