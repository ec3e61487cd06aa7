//! What a placement officer reads of referrals: the list, one record with all that stands on it, and the day's work.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use placewell_domain::clock::Moment;
use placewell_domain::homes::home::Home;
use placewell_domain::id::{HomeId, InvitationId, OrganisationId};
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::disclosure::Reader;
use placewell_domain::placing::invitation::{Channel, Evidence, Invitation, InvitationState, Question, QuestionState};
use placewell_domain::placing::offer::{Offer, OfferWords};
use placewell_domain::placing::referral::{EarlyReason, Narrative, Referral, Seen};
use placewell_domain::sealed::Sealed;
use placewell_store::Session;
pub use placewell_store::chain::RecordedEvent;
use placewell_store::office::record::{LogFilter, LogPart};
pub use placewell_store::placing::referral::{ReferralFilter, ReferralLine, ReferralTab};

use crate::answer::Answer;
use crate::command::App;
use crate::placing::child::sealing;

/// The most openings of a child's details that a referral's timeline tells; the record has all.
const OPENINGS: u32 = 200;

/// A page of the list with the counts of all tabs.
#[derive(Debug, Clone)]
pub struct ReferralList {
    /// The lines.
    pub lines: Vec<ReferralLine>,
    /// How many the tab has under the filter.
    pub total: i64,
    /// How many each tab has, in the order of [`ReferralTab::ALL`].
    pub counts: Vec<i64>,
}

/// A referral with all that stands on it.
#[derive(Debug, Clone)]
pub struct ReferralRecord {
    /// The referral.
    pub referral: Referral,
    /// Its line in the list.
    pub line: ReferralLine,
    /// Its words.
    pub narrative: Narrative,
    /// Homes asked.
    pub invitations: Vec<Invitation>,
    /// Offers received.
    pub offers: Vec<Offer>,
    /// Homes by id.
    pub homes: BTreeMap<HomeId, Home>,
    /// Providers' names by id.
    pub providers: BTreeMap<OrganisationId, String>,
    /// The officer's name.
    pub officer: String,
    /// Answers that an officer entered for a home, with their evidence.
    pub entered: BTreeMap<InvitationId, Entered>,
    /// The referrals of siblings in the same group.
    pub siblings: Vec<ReferralLine>,
    /// Why it was closed before its deadline: the reason, and the words opened.
    pub closed_early: Option<(EarlyReason, String)>,
    /// The child's number, by which its record is opened, where that is sealed to the reader and its words are left out.
    pub sealed: Option<u32>,
    /// Whether the child's record was erased, so that nobody reads its words any more.
    pub erased: bool,
}

/// An answer that an officer entered for a home.
#[derive(Debug, Clone)]
pub struct Entered {
    /// How it came.
    pub channel: Channel,
    /// The officer's name.
    pub by: String,
    /// When the home said it.
    pub said_at: DateTime,
    /// Who said it, and the note or the e-mail.
    pub evidence: Option<Evidence>,
}

impl ReferralRecord {
    /// What the label rests on.
    #[must_use]
    pub fn seen(&self) -> Seen {
        seen(&self.line)
    }

    /// A home's name; its number where it has none on record.
    #[must_use]
    pub fn home_name(&self, id: HomeId) -> String {
        self.homes.get(&id).map_or_else(|| format!("Home {id}"), |home| home.name.clone())
    }
}

/// What the label of a line rests on.
#[must_use]
pub fn seen(line: &ReferralLine) -> Seen {
    let count = |n: i64| u32::try_from(n).unwrap_or_default();
    Seen { offers_in: count(line.offers), approvals_open: count(line.recommended) }
}

/// A question as the officer reads it.
#[derive(Debug, Clone)]
pub struct ReadQuestion {
    /// The question's row.
    pub question: Question,
    /// Its text.
    pub text: String,
    /// The answer's text.
    pub answer: Option<String>,
    /// The provider's name.
    pub provider: String,
}

/// The day's work of a placement officer.
#[derive(Debug, Clone)]
pub struct OfficersDay {
    /// Referrals that close today.
    pub closing_today: i64,
    /// Offers to read.
    pub offers_to_read: i64,
    /// Referrals that wait for approval.
    pub waiting: i64,
    /// Open referrals, the most consequential first.
    pub needs: Vec<ReferralLine>,
    /// When the next referral with homes closes.
    pub next_closes: Option<DateTime>,
    /// Referrals with homes.
    pub with_homes: i64,
}

impl App {
    /// A page of the list of referrals.
    pub async fn referral_list(
        &self,
        actor: &Actor,
        tab: ReferralTab,
        filter: &ReferralFilter,
        page: u32,
        size: u32,
    ) -> Answer<ReferralList> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let offset = page.saturating_sub(1).saturating_mul(size);
        let (lines, total) = session.referral_lines(actor.organisation, tab, filter, offset, size).await?;
        let counts = session.referral_counts(actor.organisation, filter).await?;
        Ok(ReferralList { lines, total, counts })
    }

    /// A page of a tab in the order of the references, from the one after a key on.
    pub async fn referrals_after(
        &self,
        actor: &Actor,
        tab: ReferralTab,
        page: (&str, u32),
    ) -> Answer<Vec<ReferralLine>> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        Ok(session.referral_lines_after(actor.organisation, tab, page).await?)
    }

    /// A referral with all that stands on it.
    pub async fn referral_record(&self, actor: &Actor, reference: &str) -> Answer<ReferralRecord> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        record(&session, actor, reference, self.calendar.now()).await
    }

    /// What happened to a referral, oldest first, with the names of who did it; and who opened, corrected or gave out the
    /// child's details, by whichever page or program, the latest of them.
    pub async fn referral_timeline(&self, actor: &Actor, reference: &str) -> Answer<Vec<(RecordedEvent, String)>> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let mut told = session.timeline(actor.organisation, "referral", referral.id.0).await?;
        let of_the_child = LogFilter { record: Some(("child".to_owned(), referral.child.0)), ..LogFilter::default() };
        let latest = LogPart { after: -1, before: i64::MAX, newest_first: true, most: OPENINGS };
        told.extend(session.events_where(actor.organisation, latest, &of_the_child).await?);
        told.sort_by_key(|event| event.sequence);
        let mut events = Vec::with_capacity(told.len());
        for event in told {
            let name = match event.person {
                Some(person) => session.person_name(person).await.unwrap_or_default(),
                None => String::new(),
            };
            events.push((event, name));
        }
        Ok(events)
    }

    /// The questions about a referral, opened; without words once the child's record was erased.
    pub async fn referral_questions(&self, actor: &Actor, reference: &str) -> Answer<(Referral, Vec<ReadQuestion>)> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let reader = sealing::reader(&session, actor, referral.child, self.calendar.now()).await?;
        let mut read = Vec::new();
        for question in session.questions_of(actor.organisation, referral.id).await? {
            let key = session.invitation_key_left(actor.organisation, question.invitation).await?;
            let open = |text: &Sealed<String>| -> Answer<Option<String>> {
                let opened = key.as_ref().map(|key| key.open(text)).transpose()?;
                Ok(opened.and_then(|words| reader.given("question_words", words)))
            };
            let answer = match &question.state {
                QuestionState::Open => None,
                QuestionState::Answered { text, .. } => open(text)?,
            };
            let text = open(&question.text)?.unwrap_or_default();
            let provider = session.organisation_by_id(question.provider).await?.name;
            read.push(ReadQuestion { question, text, answer, provider });
        }
        Ok((referral, read))
    }

    /// One offer with its words, by its number: the home's latest. Of an erased child no words are left.
    pub async fn referral_offer(
        &self,
        actor: &Actor,
        reference: &str,
        number: u32,
    ) -> Answer<(ReferralRecord, Offer, OfferWords)> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let now = self.calendar.now();
        let record = record(&session, actor, reference, now).await?;
        let offer = record.offers.iter().rev().find(|offer| offer.number == number).cloned();
        let offer = offer.ok_or(crate::answer::Outcome::NotFound)?;
        let words = session.open_offer_words(actor.organisation, &offer).await?;
        let reader = sealing::reader(&session, actor, record.referral.child, now).await?;
        let words = words.and_then(|words| reader.given("offer_words", words)).unwrap_or_default();
        Ok((record, offer, words))
    }

    /// What the officer's home page shows.
    pub async fn officers_day(&self, actor: &Actor) -> Answer<OfficersDay> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let org = actor.organisation;
        let now = self.calendar.now();
        let (open, agreed): (Vec<_>, Vec<_>) =
            session.referrals_under_way(org).await?.into_iter().partition(|line| line.state == "out");
        let today = now.today();
        let closing_today =
            open.iter().filter(|line| line.closes.is_some_and(|at| at.date() == today && at > now.local));
        let next_closes = open.iter().filter_map(|line| line.closes).filter(|at| *at > now.local).min();
        let day = OfficersDay {
            closing_today: i64::try_from(closing_today.count()).unwrap_or_default(),
            offers_to_read: open.iter().filter(|line| line.recommended == 0).map(|line| line.offers).sum(),
            waiting: i64::try_from(open.iter().filter(|line| line.recommended > 0).count()).unwrap_or_default(),
            with_homes: i64::try_from(open.len()).unwrap_or_default(),
            needs: Vec::new(),
            next_closes,
        };
        let mut needs: Vec<(u8, ReferralLine)> =
            open.into_iter().chain(agreed).filter_map(|line| Some((consequence(&line, now.local)?, line))).collect();
        needs.sort_by_key(|(weight, line)| (*weight, line.needed_on, line.closes));
        needs.truncate(10);
        Ok(OfficersDay { needs: needs.into_iter().map(|(_, line)| line).collect(), ..day })
    }
}

/// How soon something bad happens if nobody acts: 0 first; none where nothing does.
fn consequence(line: &ReferralLine, now: DateTime) -> Option<u8> {
    let passed = line.closes.is_some_and(|at| at <= now);
    let today = line.closes.is_some_and(|at| at.date() == now.date());
    let soon = line.needed_on.is_some_and(|day| day <= plus_days(now.date(), 1));
    match line.state.as_str() {
        "agreed" if soon => Some(0),
        "out" if line.recommended > 0 => soon.then_some(1),
        _ if line.unapproved => Some(1),
        "out" if passed && line.offers == 0 => Some(2),
        "out" if today && line.offers == 0 => Some(3),
        "out" if passed => Some(4),
        "out" if line.questions > 0 => Some(5),
        "out" if line.offers > 0 || today => Some(6),
        _ => None,
    }
}

/// A referral with all that stands on it and the reader is given, inside any transaction.
pub async fn record(session: &Session, actor: &Actor, reference: &str, now: Moment) -> Answer<ReferralRecord> {
    let organisation = actor.organisation;
    let referral = session.referral_by_reference(organisation, reference).await?;
    let sealed = sealing::sealed_to(session, actor, referral.child, now).await?;
    // Of an erased record no key is left: what was sealed is nobody's to read.
    let kept = session.child(organisation, referral.child).await?.state == ChildState::Known;
    let reader = if sealed.is_some() || !kept { Reader::Other } else { Reader::of(actor, organisation) };
    let line = session.referral_line(organisation, referral.id).await?;
    let narrative =
        if kept { reader.narrative(session.open_narrative(&referral).await?) } else { Narrative::default() };
    let invitations = session.invitations_of(organisation, referral.id).await?;
    let offers = session.offers_of(organisation, referral.id).await?;
    let (mut homes, mut providers) = (BTreeMap::new(), BTreeMap::new());
    for invitation in &invitations {
        if let Ok(home) = session.home(invitation.home).await {
            homes.insert(home.id, home);
        }
        if let std::collections::btree_map::Entry::Vacant(e) = providers.entry(invitation.provider) {
            e.insert(session.organisation_by_id(invitation.provider).await?.name);
        }
    }
    let officer = session.person_name(referral.officer).await.unwrap_or_default();
    let entered = entered(session, (organisation, reader), &invitations, &offers).await?;
    let siblings = session.siblings_of(&referral).await?;
    let closed_early = match referral.state.sent().and_then(|out| out.closed_early.as_ref()) {
        Some(early) => {
            let field = ("closing_words", &early.words);
            let words = sealing::opened(session, (actor, now), referral.child, field).await?;
            Some((early.reason, words.unwrap_or_default()))
        }
        None => None,
    };
    Ok(ReferralRecord {
        referral,
        line,
        narrative,
        invitations,
        offers,
        homes,
        providers,
        officer,
        entered,
        siblings,
        closed_early,
        sealed,
        erased: !kept,
    })
}

/// The answers that officers entered, each home's latest, opened.
async fn entered(
    session: &Session,
    (organisation, reader): (OrganisationId, Reader),
    invitations: &[Invitation],
    offers: &[Offer],
) -> Answer<BTreeMap<InvitationId, Entered>> {
    let mut all = BTreeMap::new();
    for one in invitations {
        let offered = offers.iter().rev().filter(|offer| offer.invitation == one.id);
        let sent = offered.filter_map(|offer| offer.submission.as_ref()).find(|sent| sent.entered.is_some());
        let said = match &one.state {
            InvitationState::Declined(declined) => Some((declined.channel, declined.entered, &declined.evidence)),
            _ => sent.map(|sent| (sent.channel, sent.entered, &sent.evidence)),
        };
        let Some((channel, Some(entered), sealed)) = said else { continue };
        let evidence = match sealed {
            Some(sealed) if reader.sees("answer_evidence") => {
                Some(session.invitation_key(organisation, one.id).await?.open(sealed)?)
            }
            Some(_) | None => None,
        };
        let by = session.person_name(entered.person).await.unwrap_or_default();
        all.insert(one.id, Entered { channel, by, said_at: entered.said_at, evidence });
    }
    Ok(all)
}
