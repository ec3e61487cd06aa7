//! Referrals as they are sent to their own authority: codes, figures and dates; a child's identity only in its own type.

use jiff::civil::Date;
use placewell_app::placing::referral::home::ReferralRecord;
use placewell_app::placing::referral::{Checked, ReferralLine};
use placewell_domain::placing::child::ChildIdentity;
use placewell_domain::placing::referral::task::Progress;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::code;
use crate::api::placing::line::{EnteredLine, Weighing, weighing};
use crate::api::problem::FieldProblem;
use crate::placing::referral::label_of;

/// A referral in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReferralRow {
    /// Its reference.
    #[schema(example = "HEF-R-0042")]
    reference: String,
    /// The stored state.
    #[schema(example = "out")]
    state: String,
    /// Where it stands, in words.
    #[schema(example = "With providers")]
    label: String,
    /// When the child needs a home.
    needed_on: Option<Date>,
    /// Until when homes can answer, on the clock in London.
    #[schema(example = "2021-09-13T16:00:00")]
    closes: Option<String>,
    /// The lot.
    lot: Option<String>,
    /// The child's age band.
    age_band: Option<String>,
    /// The officer.
    officer: String,
    /// Homes asked.
    asked: i64,
    /// Homes that answered.
    replied: i64,
    /// Open offers.
    offers: i64,
    /// Open questions.
    questions: i64,
}

impl From<ReferralLine> for ReferralRow {
    fn from(line: ReferralLine) -> Self {
        Self {
            reference: line.reference.to_string(),
            label: label_of(&line).label().to_owned(),
            state: line.state,
            needed_on: line.needed_on,
            closes: line.closes.map(|at| at.to_string()),
            lot: line.lot,
            age_band: line.age_band,
            officer: line.officer,
            asked: line.asked,
            replied: line.replied,
            offers: line.offers,
            questions: line.questions,
        }
    }
}

/// A referral.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Referral)]
pub(super) struct ReferralShown {
    #[serde(flatten)]
    row: ReferralRow,
    /// Its version, also in the `ETag`.
    version: i64,
    /// Homes asked.
    invitations: Vec<AskedLine>,
    /// Offers received.
    received: Vec<ReceivedLine>,
    /// The references of siblings' referrals.
    siblings: Vec<String>,
    /// What follows in law from the legal basis, in words.
    duties: Vec<String>,
    /// Why it was closed before its deadline.
    closed_early: Option<code::EarlyReason>,
    /// How its offers are scored, fixed by sending; empty for a draft, and where that was not kept.
    scoring: Vec<Weighing>,
}

/// A home that was asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AskedHome)]
struct AskedLine {
    /// Its number within the referral.
    number: u32,
    /// The home.
    home: String,
    /// The provider.
    provider: String,
    /// In which tier.
    tier: code::Tier,
    /// The stored state.
    state: String,
    /// Until when it can answer.
    deadline: String,
    /// What shows that the home answered, where an officer entered its answer.
    evidence: Option<EnteredLine>,
}

/// An offer as a list has it: its prices are on the comparison, once they are open.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReceivedOffer)]
struct ReceivedLine {
    /// Its number within the referral.
    number: u32,
    /// The home.
    home: String,
    /// The first night.
    start: Date,
    /// The stored state.
    state: String,
    /// Its version, for `If-Match`.
    version: i64,
}

impl ReferralShown {
    pub(super) fn of(found: ReferralRecord) -> Self {
        let invitations = found.invitations.iter().map(|one| AskedLine {
            number: one.number,
            home: found.home_name(one.home),
            provider: found.providers.get(&one.provider).cloned().unwrap_or_default(),
            tier: one.tier.into(),
            state: one.state.name().to_owned(),
            deadline: one.deadline.to_string(),
            evidence: found.entered.get(&one.id).map(EnteredLine::from),
        });
        let received = found.offers.iter().map(|offer| ReceivedLine {
            number: offer.number,
            home: found.home_name(offer.home),
            start: offer.terms.start,
            state: offer.state.name().to_owned(),
            version: offer.version,
        });
        Self {
            invitations: invitations.collect(),
            received: received.collect(),
            siblings: found.siblings.iter().map(|line| line.reference.to_string()).collect(),
            duties: found.referral.profile.legal_basis.map(|basis| basis.duties().words()).unwrap_or_default(),
            closed_early: found.closed_early.as_ref().map(|(reason, _)| (*reason).into()),
            scoring: weighing(found.referral.state.sent().and_then(|out| out.scoring.as_ref())),
            version: found.referral.version,
            row: found.line.into(),
        }
    }
}

/// Who a child is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Child)]
pub(super) struct ChildShown {
    /// Given names.
    given_names: String,
    /// Family name.
    family_name: String,
    /// The name that the child uses.
    known_as: Option<String>,
    /// Date of birth.
    born: Date,
    /// The number in the authority's case system.
    case_number: String,
    /// Where home is.
    home_postcode: Option<String>,
    /// The school.
    school: Option<String>,
}

impl From<ChildIdentity> for ChildShown {
    fn from(child: ChildIdentity) -> Self {
        Self {
            given_names: child.given_names,
            family_name: child.family_name,
            known_as: child.known_as,
            born: child.born,
            case_number: child.case_number,
            home_postcode: child.home_postcode,
            school: child.school,
        }
    }
}

/// A draft, checked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralCheck)]
pub(super) struct CheckShown {
    /// How far each task has come.
    tasks: Vec<TaskLine>,
    /// What must not stand in the words that homes will read; confirm by its mark, or change the words.
    findings: Vec<FindingLine>,
    /// Whether the profile fits so few children that it may tell who it is.
    too_identifying: bool,
}

/// A task of a referral.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralTask)]
struct TaskLine {
    /// The task.
    task: code::Task,
    /// Whether it is complete.
    complete: bool,
    /// What it still asks for.
    missing: Vec<FieldProblem>,
}

/// Something in the words that may tell who the child is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Finding)]
struct FindingLine {
    /// Its mark: what `confirmed` names when the referral is sent.
    mark: String,
    /// The field.
    field: String,
    /// What kind it is.
    kind: code::FindingKind,
    /// The part of the text.
    found: String,
}

impl CheckShown {
    pub(super) fn of(found: &Checked) -> Self {
        let tasks = found.progress.iter().map(|(task, progress)| TaskLine {
            task: (*task).into(),
            complete: matches!(progress, Progress::Complete),
            missing: found
                .missing
                .iter()
                .filter(|(of, _)| of == task)
                .flat_map(|(_, errors)| errors)
                .map(|error| FieldProblem { field: error.field.clone(), message: error.message.clone() })
                .collect(),
        });
        let findings = found.findings.iter().map(|finding| FindingLine {
            mark: finding.key(),
            field: finding.field.clone(),
            kind: finding.kind.into(),
            found: finding.found.clone(),
        });
        Self { tasks: tasks.collect(), findings: findings.collect(), too_identifying: found.too_identifying.is_some() }
    }
}
