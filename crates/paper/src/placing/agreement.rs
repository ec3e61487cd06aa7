//! The placement agreement on paper: what a home and an authority sign for one child's stay.
//!
//! It carries what an individual placement agreement must (National Residential Contract, schedule 5), the power it
//! was made under link by link, and the hash of the record it was printed from. The page of the record is the
//! agreement; this is its copy for signing and filing.

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use crate::typesetter::{DocumentMoment, PaperError, pdf};

const TEMPLATE: &str = include_str!("agreement.typ");

/// Everything that a printed placement agreement says. All sums are whole pence, all dates London's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgreementPaper {
    /// The agreement's reference, such as `HEF-A-0107`.
    pub reference: String,
    /// What the document is called, such as "Placement agreement"; the reference is added to it.
    pub title: String,
    /// The protective marking on every page, such as "Official - Sensitive".
    pub marking: String,
    /// The day on which this copy was issued.
    pub issued_on: Date,
    /// Who agrees with whom.
    pub parties: Parties,
    /// Where the child lives.
    pub home: HomeBlock,
    /// The reference by which both sides name the child without naming them.
    pub child_reference: String,
    /// Who the child is. Left out of any copy whose reader has not reached the stage of identity (rules 5.6).
    pub child: Option<ChildBlock>,
    /// When the stay begins and ends.
    pub stay: Stay,
    /// How far from home, and which approval that needs.
    pub distance: Distance,
    /// What is paid for, line by line.
    pub price_lines: Vec<PriceLine>,
    /// What the lines come to.
    pub cost: Cost,
    /// What the price includes, one thing each.
    pub included: Vec<String>,
    /// What the price leaves out, one thing each; empty while the list is not complete.
    pub excluded: Vec<String>,
    /// What the placement is to achieve, one outcome each.
    pub outcomes: Vec<String>,
    /// Staffing, one arrangement each, such as "One adult to two children, 7am to 10pm".
    pub staffing: Vec<String>,
    /// How the child is educated, one arrangement each.
    pub education: Vec<String>,
    /// How the child's health is looked after, one arrangement each.
    pub health: Vec<String>,
    /// How much notice each side gives, by how far the stay has gone.
    pub notice: Vec<NoticeTerm>,
    /// The version of the contract's terms that applies.
    pub terms_version: String,
    /// What the authority relies on to make this agreement.
    pub basis: Basis,
    /// Each approval given, statutory ones too, with the rule that called for it.
    pub approvals: Vec<Approval>,
    /// The conditions under which they were given.
    pub conditions: Vec<Condition>,
    /// What the agreement does to the authority's annual value, in one sentence. Leave out of the provider's copy.
    pub annual_value: Option<String>,
    /// Who has signed for each side.
    pub signatures: Signatures,
    /// The hash of the record's content, in hexadecimal.
    pub content_hash: String,
    /// The record's full address.
    pub record_url: String,
}

/// The two sides, the placing one in up to two bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parties {
    /// The authority or trust that places the child.
    pub placing_body: Party,
    /// The authority responsible for the child, where a trust places on its behalf.
    pub responsible_authority: Option<Party>,
    /// The provider: the registered legal entity, not its trading name.
    pub provider: Party,
}

/// One body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// The legal name.
    pub name: String,
    /// The company or charity number, where it has one.
    pub registration: Option<String>,
    /// The business address, in one line.
    pub address: Option<String>,
    /// Whom to reach, and in an emergency.
    pub contact: Option<String>,
}

/// The home that the child is placed in, and no other without written approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HomeBlock {
    /// The home's name.
    pub name: String,
    /// Ofsted's unique reference number.
    pub urn: String,
    /// The registered manager's name, where one is in post.
    pub registered_manager: Option<String>,
    /// The authority in whose area the home stands, by the register (rules 1.6).
    pub area_authority: String,
}

/// Who the child is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChildBlock {
    /// The full name.
    pub name: String,
    /// The date of birth.
    pub born: Date,
}

/// The stay's dates. The night of the last day is not part of it (rules 4.1); whether that day is charged, the cost says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stay {
    /// The first day.
    pub start: Date,
    /// The planned end (rules 3.1).
    pub planned_end: Date,
    /// The days on which the stay is reviewed.
    pub reviews: Vec<Date>,
}

/// How far the home is from where the child lived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Distance {
    /// The distance with its precision, such as "9 miles (straight line, between outcodes)".
    pub words: String,
    /// The class under regulation 11, such as "Outside the area, in an adjoining authority".
    pub class: String,
}

/// One line of the price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PriceLine {
    /// The kind in words: core, additional support, education, other (rules 4.2).
    pub kind: String,
    /// What it pays for, with hours, rate and ratio where they make the price.
    pub what: String,
    /// The price of a week, in pence.
    pub weekly_pence: i64,
    /// The first day charged.
    pub from: Date,
    /// The end, which is not charged; none where the line runs to the end of the stay.
    pub to: Option<Date>,
    /// The step-down review of additional support.
    pub step_down_review: Option<Date>,
    /// Who pays which part of the week; empty where the placing body pays all.
    pub shares: Vec<FunderShare>,
}

/// One funder's part of a price line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunderShare {
    /// Who pays, such as "Authority" or "Health".
    pub funder: String,
    /// Its part of the weekly price, in pence.
    pub weekly_pence: i64,
    /// Whether the funder has agreed; a share in dispute is printed as such.
    pub agreed: bool,
}

/// What the agreement costs, in pence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// A week at the start, all lines together.
    pub weekly_pence: i64,
    /// From the start to the planned end.
    pub planned_pence: i64,
    /// The first 365 nights, or as many as are planned.
    pub first_year_pence: i64,
    /// Which of the first and last day are charged, as a sentence without its full stop (rules 4.1).
    pub charged_days: String,
}

/// One band of notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeTerm {
    /// When it holds, such as "In the first 7 days".
    pub when: String,
    /// How much notice, such as "1 day".
    pub length: String,
}

/// What the authority relies on (rules 1.1, 1.3 and 2.5). They are never shown as one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Basis {
    /// A limb of a decision in force.
    Limb(LimbPower),
    /// An urgency power recorded for the authority.
    Urgency(UrgencyPower),
    /// No power was recorded when the child's stay began.
    Unrecorded(UnrecordedPower),
    /// It was brought in from before this system, and cites no limb (rules 2.5).
    Imported(BroughtIn),
}

/// An agreement that was brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BroughtIn {
    /// Where it comes from, in a sentence.
    pub sentence: String,
    /// On which day it was brought in.
    pub on: Option<Date>,
}

/// The chain from decision to approver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LimbPower {
    /// The decision's reference.
    pub decision_reference: String,
    /// The decision's title.
    pub decision_title: String,
    /// The day from which it is in force.
    pub effective_from: Date,
    /// The limb's letter, such as "b".
    pub limb: String,
    /// The limb's own words.
    pub limb_text: String,
    /// The post that the limb names.
    pub post: String,
    /// Who used the power.
    pub holder: String,
    /// By what right that person held it.
    pub holding: Holding,
    /// The approval's reference.
    pub approval_reference: String,
    /// When it was approved.
    pub approved_at: DateTime,
}

/// How a person came to use a post's power (rules 1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Holding {
    /// Holds the post.
    Holder,
    /// Formally acts in it.
    Acting {
        /// The instrument of appointment.
        instrument: String,
        /// Its first day.
        from: Date,
        /// Its last day, where it has one.
        until: Option<Date>,
    },
    /// Has the power by a recorded sub-delegation.
    SubDelegated {
        /// The instrument of sub-delegation.
        instrument: String,
        /// Its first day; none where the record does not have it.
        from: Option<Date>,
        /// Its last day, where it has one.
        until: Option<Date>,
    },
}

/// An award under an urgency power (rules 1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UrgencyPower {
    /// The clause of the authority's constitution.
    pub clause: String,
    /// The post that used it.
    pub post: String,
    /// Who used it.
    pub holder: String,
    /// When.
    pub approved_at: DateTime,
    /// When the Director confirmed it; none where confirmation is still due.
    pub confirmed_at: Option<DateTime>,
}

/// A stay that began without a recorded power (rules 1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnrecordedPower {
    /// Why, in one sentence.
    pub reason: String,
    /// The decision opened to settle it, where it has a reference.
    pub decision_reference: Option<String>,
}

/// One approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// What was approved, such as "Placement at a distance".
    pub what: String,
    /// The rule that called for it, as cited, such as "Regulation 11(2)(a), Care Planning Regulations 2010".
    pub rule: String,
    /// The approver's post.
    pub post: String,
    /// The approver.
    pub holder: String,
    /// The approval's own reference.
    pub reference: String,
    /// When it was given.
    pub approved_at: DateTime,
    /// What a reader needs to know besides, such as "given by telephone, confirmed in writing the next day".
    pub note: Option<String>,
}

/// A condition of an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// In words.
    pub words: String,
    /// The day on which it was met; none while it is open.
    pub met_on: Option<Date>,
}

/// The two signatures, in any order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatures {
    /// For the placing body.
    pub placing_body: Option<Signature>,
    /// For the provider.
    pub provider: Option<Signature>,
}

/// One typed signature, with the signer's statement that they may sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// The name as typed.
    pub name: String,
    /// The signer's role.
    pub role: String,
    /// When, to the minute.
    pub signed_at: DateTime,
    /// SHA-256 of what was signed; none where it was signed before this system.
    pub content: Option<String>,
}

/// Prints a placement agreement as an accessible PDF (PDF/UA-1). The same agreement and moment give the same bytes.
pub fn agreement(paper: &AgreementPaper, moment: DocumentMoment) -> Result<Vec<u8>, PaperError> {
    pdf(TEMPLATE, paper, moment)
}
