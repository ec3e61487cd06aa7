//! The statement of a search for a court (rule 5.7): which homes were approached, when, what each answered in codes, how far
//! it is, how it is registered, by what offers were scored and how many points each had. It names no child and holds no free
//! text; its hash tells whether a copy is whole.

use jiff::civil::DateTime;
use placewell_domain::change::Event;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::invitation::{Invitation, InvitationState};
use placewell_domain::placing::offer::points::{OfferPoints, in_figures, total};
use placewell_domain::placing::referral::{Scoring, Searched};
use placewell_insight::placing::referral::Reason;
use placewell_paper::DocumentMoment;
use placewell_paper::report::{Report, Section, report};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::home::{ReferralRecord, record};
use super::sending::wall;
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;

/// One home that was approached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Approached {
    /// Its number on the referral.
    pub number: u32,
    /// Its name.
    pub home: String,
    /// Its Ofsted number.
    pub urn: String,
    /// Its provider.
    pub provider: String,
    /// In which tier.
    pub tier: &'static str,
    /// When it was asked.
    pub asked: DateTime,
    /// What it answered, in coded words.
    pub answer: String,
    /// When it answered, where it did.
    pub answered: Option<DateTime>,
    /// How far it is, as it was frozen when it was asked.
    pub distance: Option<String>,
    /// How it was registered then.
    pub registration: Option<String>,
    /// Ofsted's grade then.
    pub grade: Option<String>,
    /// All points of its offer, of 100, as they were when an offer was recommended last; none where it was not scored.
    pub points: Option<String>,
}

/// The statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The referral's reference: the only name of the child in it.
    pub reference: String,
    /// The placing authority.
    pub authority: String,
    /// When it was sent.
    pub sent: Option<DateTime>,
    /// Until when homes could answer in time.
    pub closed: Option<DateTime>,
    /// The whole search as it stood when homes were asked last.
    pub search: Option<Searched>,
    /// By what offers are scored, as it was fixed by sending: each criterion with its weight.
    pub scoring: Vec<String>,
    /// Tiers left out: which, why, and the power.
    pub left_out: Vec<(String, String, String)>,
    /// The homes, in the order in which they were asked.
    pub homes: Vec<Approached>,
}

impl Statement {
    /// SHA-256 of its content, in hexadecimal: the same content gives the same hash, whenever it is printed.
    pub fn hash(&self) -> Answer<String> {
        Ok(hex::encode(Sha256::digest(serde_json::to_vec(self)?)))
    }

    /// The statement of a record; `points` are those of the offers when one was recommended last.
    fn of(record: &ReferralRecord, authority: String, points: &[OfferPoints]) -> Self {
        let sent = record.referral.state.sent();
        let left_out = record
            .referral
            .plan
            .left_out
            .iter()
            .map(|left| (left.tier.tag().to_owned(), left.reason.label().to_owned(), left.power.sentence()));
        Self {
            reference: record.referral.reference.to_string(),
            authority,
            sent: sent.map(|out| out.sent),
            closed: sent.map(placewell_domain::placing::referral::Out::closes),
            search: record.referral.plan.searched.clone(),
            scoring: sent.and_then(|out| out.scoring.as_ref()).map(Scoring::lines).unwrap_or_default(),
            left_out: left_out.collect(),
            homes: record.invitations.iter().map(|one| approached(record, one, points)).collect(),
        }
    }
}

fn approached(record: &ReferralRecord, one: &Invitation, points: &[OfferPoints]) -> Approached {
    let line = |criterion: &str| {
        let found = one.trace.lines.iter().find(|line| line.criterion == criterion);
        found.map(|line| line.evidence.clone())
    };
    let id = one.id;
    let offers = || record.offers.iter().filter(move |offer| offer.invitation == id);
    let scored = points.iter().find(|scored| offers().any(|offer| offer.id == scored.offer));
    let sent = offers().filter_map(|offer| offer.submission.as_ref().map(|sent| (offer, sent.at))).next_back();
    let (answer, answered) = match &one.state {
        InvitationState::Declined(declined) => (format!("Declined: {}", declined.reason.label()), Some(declined.at)),
        state => match sent {
            Some((offer, at)) => {
                let late = if offer.late(one.closes()) { ", late" } else { "" };
                (format!("Offered{late}: {}", offer.state.label().to_lowercase()), Some(at))
            }
            None => (state.label().to_owned(), None),
        },
    };
    Approached {
        number: one.number,
        home: record.home_name(one.home),
        urn: record.homes.get(&one.home).map(|home| home.urn.to_string()).unwrap_or_default(),
        provider: record.providers.get(&one.provider).cloned().unwrap_or_default(),
        tier: one.tier.tag(),
        asked: one.asked,
        answer,
        answered,
        distance: line("distance"),
        registration: line("registration"),
        grade: line("grade"),
        points: scored.and_then(|scored| total(&scored.points)).map(in_figures),
    }
}

/// The statement on paper: landscape, one row for a home.
fn paper_of(statement: &Statement, hash: &str, (printed, marking): (DateTime, String), record_url: &str) -> Report {
    let moment = |at: Option<DateTime>| at.map_or_else(String::new, wall);
    let mut facts = Section::new("The search")
        .fact("Placing authority", &statement.authority)
        .fact("Sent", moment(statement.sent))
        .fact("Closed", moment(statement.closed));
    if let Some(search) = &statement.search {
        let reasons = search.left_out.iter().map(|(code, count)| {
            let known = Reason::ALL.iter().find(|reason| reason.code() == code);
            format!("{} {count}", known.map_or(code.as_str(), |reason| reason.label()))
        });
        let out = reasons.collect::<Vec<_>>().join(", ");
        facts = facts
            .fact("Homes known", format!("{} on {}", search.homes, search.on.strftime("%-d %B %Y")))
            .fact("Could meet the needs", search.could_meet.to_string())
            .fact("Left out, by reason", out)
            .fact("Furthest", search.within_miles.map_or_else(String::new, |miles| format!("{miles} miles")));
    }
    facts = facts.fact("Offers are scored by, of 100", statement.scoring.join("; "));
    let left_out = statement.left_out.iter().map(|(tier, why, power)| vec![tier.clone(), why.clone(), power.clone()]);
    let routes = Section::new("Routes left out").table(
        &[("Route", 1), ("Why", 2), ("By which power", 3)],
        left_out.collect(),
        "No route was left out.",
    );
    let rows = statement.homes.iter().map(|one| {
        let answered = one.answered.map_or_else(|| one.answer.clone(), |at| format!("{}, {}", one.answer, wall(at)));
        let registered = [one.registration.clone(), one.grade.clone()].into_iter().flatten();
        vec![
            format!("{}, {}", one.home, one.urn),
            one.provider.clone(),
            one.tier.to_owned(),
            wall(one.asked),
            answered,
            one.distance.clone().unwrap_or_else(|| "Not known".to_owned()),
            registered.collect::<Vec<_>>().join("; "),
            one.points.clone().unwrap_or_else(|| "Not scored".to_owned()),
        ]
    });
    let homes = Section::new("Homes approached").table(
        &[
            ("Home", 3),
            ("Provider", 3),
            ("Route", 1),
            ("Asked", 2),
            ("Answer", 4),
            ("Distance", 2),
            ("Registration and grade then", 3),
            ("Points", 1),
        ],
        rows.collect(),
        "No home has been asked yet.",
    );
    Report {
        title: "Statement of the search".to_owned(),
        reference: statement.reference.clone(),
        author: statement.authority.clone(),
        marking,
        landscape: true,
        printed_at: Some(printed),
        lead: "It names no child and holds no free text: dates, codes and figures as they were recorded.".to_owned(),
        sections: vec![facts, routes, homes],
        content_hash: hash.to_owned(),
        record_url: record_url.to_owned(),
    }
}

impl App {
    /// The statement of a search as a tagged PDF; that it was printed is recorded with its hash.
    pub async fn search_statement_pdf(&self, actor: &Actor, reference: &str, record_url: &str) -> Answer<Vec<u8>> {
        let (statement, hash) = self.search_statement(actor, reference).await?;
        let (now, marking) = (self.calendar.now(), self.marking(actor).await?);
        let paper = paper_of(&statement, &hash, (now.local, marking), record_url);
        let typeset = tokio::task::spawn_blocking(move || report(&paper, DocumentMoment(now.at)));
        let bytes = typeset.await.map_err(|error| Outcome::Fault(error.to_string()))?;
        let bytes = bytes.map_err(|error| Outcome::Fault(error.to_string()))?;
        let mut work = self.store.begin(actor.organisation, now).await?;
        work.by(actor.person);
        let referral = work.referral_by_reference(actor.organisation, reference).await?;
        work.record(Event::new("referral.statement_printed", "referral", referral.id.0, 0).with("digest", hash));
        work.commit(Machine::now()).await?;
        Ok(bytes)
    }

    /// The statement of a search, with its hash.
    pub async fn search_statement(&self, actor: &Actor, reference: &str) -> Answer<(Statement, String)> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let record = record(&session, actor, reference, self.calendar.now()).await?;
        let authority = session.organisation_by_id(actor.organisation).await?.name;
        let recommended = session.recommendations_of(actor.organisation, record.referral.id).await?;
        let points = recommended.first().map(|latest| latest.points.as_slice()).unwrap_or_default();
        let statement = Statement::of(&record, authority, points);
        let hash = statement.hash()?;
        Ok((statement, hash))
    }
}
