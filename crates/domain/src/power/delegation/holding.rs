//! Posts, who is in them and by what instrument, and the link from a limb's words to a post of the structure.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Act;
use crate::id::{DecisionId, OrganisationId, PersonId, PostId};
use crate::outcome::Invalid;
use crate::power::decision::LimbLabel;

coded! {
    /// The grade of a post.
    PostGrade {
        /// A director.
        Director => "director", "Director";
        /// An assistant director.
        AssistantDirector => "assistant_director", "Assistant Director";
        /// The monitoring officer (section 5, Local Government and Housing Act 1989).
        MonitoringOfficer => "monitoring_officer", "Monitoring officer";
        /// The section 151 officer (Local Government Act 1972).
        Section151Officer => "section_151_officer", "Section 151 officer";
        /// Any other officer's post.
        Officer => "officer", "Officer";
    }
}

coded! {
    /// A part of the service that a remit can name.
    RemitArea {
        /// Children looked after.
        ChildrenLookedAfter => "children_looked_after", "Children looked after";
        /// Disabled children.
        DisabledChildren => "disabled_children", "Disabled children";
        /// Commissioning: the arrangement, blocks, prices and terms.
        Commissioning => "commissioning", "Commissioning";
        /// Education and special educational needs.
        Education => "education", "Education";
        /// Care leavers and young people of 16 and over.
        YoungPeople => "young_people", "Young people and care leavers";
        /// Safeguarding and assessment.
        Safeguarding => "safeguarding", "Safeguarding and assessment";
    }
}

/// What a post's remit covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remit {
    /// The whole service, as a director's.
    Whole,
    /// The stated parts; none stated covers nothing.
    Stated(Vec<RemitArea>),
}

impl Remit {
    /// Whether the remit covers a case of this part of the service.
    #[must_use]
    pub fn covers(&self, case: RemitArea) -> bool {
        match self {
            Self::Whole => true,
            Self::Stated(areas) => areas.contains(&case),
        }
    }

    /// The remit in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Whole => "the whole service".to_owned(),
            Self::Stated(areas) if areas.is_empty() => "no remit stated".to_owned(),
            Self::Stated(areas) => areas.iter().map(|area| area.label()).collect::<Vec<_>>().join(", "),
        }
    }
}

/// A post of an authority's structure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// The authority.
    pub organisation: OrganisationId,
    /// Its title, as printed on public pages (rule 9.2: titles, not names, below director).
    pub title: String,
    /// Its grade.
    pub grade: PostGrade,
    /// What it covers.
    pub remit: Remit,
    /// From when it exists.
    pub from: Date,
    /// The day after its last; open where not known.
    pub to: Date,
}

/// The record that a limb's words mean this post. Made by democratic services, cited with every use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimbPost {
    /// The decision.
    pub decision: DecisionId,
    /// The limb's label as its page prints it.
    pub letter: LimbLabel,
    /// The post.
    pub post: PostId,
    /// The limb names only the relevant holders: the remit must cover the case (rule 1.1).
    pub relevant: bool,
}

/// In what way somebody is in a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HoldingKind {
    /// Appointed to it.
    Holder,
    /// Formally acting in it, by an instrument.
    Acting {
        /// The instrument, such as "Letter of the Chief Executive, 1 July 2021".
        instrument: String,
    },
    /// Covering for leave: takes the tasks, not the power.
    Cover,
}

impl HoldingKind {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Acting { .. } => "acting",
            Self::Cover => "cover",
        }
    }

    /// In words, with the instrument of whoever is acting.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Holder => "Holder".to_owned(),
            Self::Acting { instrument } => format!("Acting: {instrument}"),
            Self::Cover => "Cover: tasks, not power".to_owned(),
        }
    }
}

/// A person in a post for some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The post.
    pub post: PostId,
    /// The person.
    pub person: PersonId,
    /// As holder, acting or cover.
    pub kind: HoldingKind,
    /// The first day.
    pub from: Date,
    /// The day after the last; open where not known.
    pub to: Date,
}

/// A power passed on to an officer by a recorded instrument, where the parent scheme permits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubDelegation {
    /// The decision whose limb gives the power.
    pub decision: DecisionId,
    /// The limb, by its label.
    pub letter: LimbLabel,
    /// The post that passes it on.
    pub by_post: PostId,
    /// The officer's title.
    pub title: String,
    /// The officer.
    pub person: PersonId,
    /// What is passed on.
    pub acts: Vec<Act>,
    /// The instrument.
    pub instrument: String,
    /// The clause of the parent scheme that permits it; none where the scheme does not.
    pub permitted_by: Option<String>,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

/// By which link a person comes to the power of a post; part of the recorded chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "through", rename_all = "snake_case")]
pub enum Through {
    /// As the post's holder.
    Holder,
    /// Formally acting in it.
    Acting {
        /// The instrument.
        instrument: String,
        /// The first day.
        from: Date,
        /// The day after the last.
        to: Date,
    },
    /// Under a sub-delegation.
    SubDelegated {
        /// The instrument.
        instrument: String,
        /// The clause of the parent scheme.
        clause: String,
        /// The first day; none in a record from before this was kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Date>,
        /// The day after the last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Date>,
    },
}

impl Through {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Acting { .. } => "acting",
            Self::SubDelegated { .. } => "sub_delegated",
        }
    }
}

/// Whether a record that holds from one day to another holds on a day.
pub(super) fn holds(from: Date, to: Date, day: Date) -> bool {
    from <= day && day < to
}

/// What is wrong with an appointment as it was typed: an acting appointment needs its instrument, and days in order.
pub fn check_holding(holding: &Holding) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    if let HoldingKind::Acting { instrument } = &holding.kind
        && instrument.trim().is_empty()
    {
        invalid.add("instrument", "Enter the instrument by which the person acts, such as a letter and its date");
    }
    if holding.to <= holding.from {
        invalid.add("to", "The last day must not be before the first day");
    }
    invalid.or(())
}
