//! What a reason for a spot purchase is held against: the search as it was frozen, every home that was asked and what it
//! said, agreements on record, and a document where the record itself says nothing. Codes, figures and dates only.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::id::HomeId;
use crate::outcome::Invalid;
use crate::placing::invitation::{DeclineReason, Invitation, InvitationState};
use crate::placing::offer::Offer;
use crate::placing::referral::{EmergencyCause, Referral, Searched, Tier};

/// One thing that a reason rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceLine {
    /// What, in words and figures.
    pub what: String,
    /// Where it comes from.
    pub source: String,
    /// Of which day, where it has one.
    pub on: Option<Date>,
}

coded! {
    /// What kind of document supports a reason.
    DocumentKind {
        CourtOrder "court_order" "Order or direction of a court";
        AuthoritysLetter "authoritys_letter" "Letter of the former responsible authority";
        CarePlan "care_plan" "Care plan or review decision";
        ProvidersLetter "providers_letter" "Letter of the provider";
        ServiceDescription "service_description" "Description of the service needed";
        EarlierContract "earlier_contract" "Earlier contract or placement agreement";
    }
}

/// A document that supports a reason: its kind, date and number, never its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its date.
    pub on: Date,
    /// Its number in the authority's files.
    pub number: String,
}

impl Document {
    /// A document as typed: not of the future, and a number that cannot hold a name.
    pub fn checked(self, today: Date) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        if self.on > today {
            invalid.add("document_on", "Enter the document's date, today or earlier");
        }
        let number = self.number.trim().to_owned();
        if !is_number(&number) {
            invalid.add("document_number", ASK_NUMBER);
        }
        invalid.or(Self { number, ..self })
    }
}

/// What is asked where a number could be more than a number.
pub const ASK_NUMBER: &str =
    "Enter the document's number of at most 30 letters and digits with at least one digit, like CO-2021-118: no names";

/// Whether a text is a document's number: few letters and digits, at least one digit, no words.
#[must_use]
pub fn is_number(text: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '/' | '.');
    (1..=30).contains(&text.len()) && text.chars().all(fits) && text.chars().any(|letter| letter.is_ascii_digit())
}

/// What a home that was asked has said so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeAnswer {
    /// Nothing yet, and it still can in time.
    Waiting,
    /// Nothing, and its deadline has passed.
    Silent,
    /// It declined.
    Declined(DeclineReason),
    /// It has an offer that can be chosen.
    Offered,
    /// Its offer was not chosen, expired or was withdrawn.
    NotChosen,
}

impl HomeAnswer {
    /// The words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "can still answer",
            Self::Silent => "did not answer in time",
            Self::Declined(reason) => reason.label(),
            Self::Offered => "has an offer that can be chosen",
            Self::NotChosen => "offered, and was not chosen or withdrew",
        }
    }
}

/// A home that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriedHome {
    /// The home.
    pub home: HomeId,
    /// Its name.
    pub name: String,
    /// In which tier.
    pub tier: Tier,
    /// Until when it could answer.
    pub deadline: DateTime,
    /// What it said.
    pub answer: HomeAnswer,
    /// Its frozen lines of why it was asked, summed up.
    pub trace: String,
}

impl TriedHome {
    pub(super) fn line(&self) -> String {
        format!("{}: {}", self.name, self.answer.label().to_lowercase())
    }

    pub(super) fn evidence(&self) -> EvidenceLine {
        let source = format!("Invitation, {}", self.tier.tag());
        let what = if self.trace.is_empty() { self.line() } else { format!("{} ({})", self.line(), self.trace) };
        EvidenceLine { what, source, on: Some(self.deadline.date()) }
    }
}

/// What the search found and what the homes said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tried {
    /// The search as it was frozen.
    pub searched: Option<Searched>,
    /// Homes on the arrangement that could meet the needs and were not asked.
    pub could_meet: u32,
    /// The homes that were asked.
    pub homes: Vec<TriedHome>,
}

impl Tried {
    /// Read from a referral that is out, its invitations and offers. `names` gives a home's name; so many homes on the
    /// arrangement could meet the needs and were not asked.
    pub fn of(
        referral: &Referral,
        (invitations, offers): (&[Invitation], &[Offer]),
        names: impl Fn(HomeId) -> String,
        could_meet: u32,
        moment: Moment,
    ) -> Self {
        let homes = invitations.iter().filter(|one| !matches!(one.state, InvitationState::Withdrawn { .. }));
        let homes = homes.map(|one| TriedHome {
            home: one.home,
            name: names(one.home),
            tier: one.tier,
            deadline: one.deadline,
            answer: answer(one, offers, moment),
            trace: if one.trace.lines.is_empty() { String::new() } else { one.trace.summary() },
        });
        Self { searched: referral.plan.searched.clone(), could_meet, homes: homes.collect() }
    }

    /// Homes of the arrangement that were asked, and mini-blocks, which are awarded through it.
    pub(super) fn arrangement(&self) -> impl Iterator<Item = &TriedHome> {
        self.homes.iter().filter(|home| arrangement(home.tier))
    }

    /// How many homes on the arrangement could meet the needs and were not asked.
    pub(super) const fn could_meet(&self) -> u32 {
        self.could_meet
    }

    /// The figures of the search; with a cause, only where that cause left homes out.
    pub(super) fn search_line(&self, cause: &str) -> Option<EvidenceLine> {
        let searched = self.searched.as_ref()?;
        let counted = searched.left_out.iter().find(|(code, count)| code == cause && *count > 0);
        if !cause.is_empty() && counted.is_none() {
            return None;
        }
        let by_cause = counted.map_or_else(String::new, |(_, count)| format!("; {count} with no bed free in time"));
        Some(EvidenceLine {
            what: format!(
                "{} homes looked at, {} could meet the needs{by_cause}; on the arrangement {} were not asked",
                searched.homes, searched.could_meet, self.could_meet
            ),
            source: "Search".to_owned(),
            on: Some(searched.on),
        })
    }
}

const fn arrangement(tier: Tier) -> bool {
    matches!(tier, Tier::Fca | Tier::MiniBlock)
}

fn answer(one: &Invitation, offers: &[Offer], moment: Moment) -> HomeAnswer {
    let mut own = offers.iter().filter(|offer| offer.invitation == one.id);
    match &one.state {
        InvitationState::Declined(declined) => HomeAnswer::Declined(declined.reason),
        InvitationState::Offered { .. } => {
            if own.any(|offer| offer.state.choosable() && !offer.expired(moment)) {
                HomeAnswer::Offered
            } else {
                HomeAnswer::NotChosen
            }
        }
        InvitationState::Asked | InvitationState::Opened { .. } if moment.local <= one.closes() => HomeAnswer::Waiting,
        InvitationState::Asked
        | InvitationState::Opened { .. }
        | InvitationState::NoReply { .. }
        | InvitationState::Withdrawn { .. }
        | InvitationState::Closed { .. } => HomeAnswer::Silent,
    }
}

/// Everything that a reason is held against.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The search and the homes' answers.
    pub tried: &'a Tried,
    /// Why it is an emergency, where it is one.
    pub emergency: Option<EmergencyCause>,
    /// The first night.
    pub start: Date,
    /// The next working day after today.
    pub next_working_day: Date,
    /// Live agreements at this home for the child or a linked sibling.
    pub there: &'a [String],
    /// Live agreements of the child with this provider.
    pub with_provider: &'a [String],
    /// The arrangement's first day.
    pub arrangement_start: Option<Date>,
}
