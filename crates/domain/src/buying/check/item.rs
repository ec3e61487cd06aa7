//! The eighteen checks as reference data: what each looks at, its evidence, how long it holds, whether a home of the
//! arrangement inherits it, and whether an emergency may let it follow.

use serde::{Deserialize, Serialize};

coded! {
    /// The checks before a child is placed, in the order of the list.
    CheckItem {
        Registration "registration" "Registered with Ofsted, places, no restriction";
        Grade "grade" "Latest grade and its date, not Inadequate";
        Manager "manager" "Registered manager in post";
        LegalEntity "legal_entity" "Legal entity, company number, ownership and credit";
        Insurance "insurance" "Public, employer's and professional insurance, abuse covered";
        Recruitment "recruitment" "Safer recruitment declaration";
        Policies "policies" "Safeguarding, missing and restraint policies";
        Purpose "purpose" "Statement of purpose covers age, sex and need";
        Impact "impact" "Impact on the children who live there";
        References "references" "References of two other placing authorities";
        AreaCheck "area_check" "Concerns known to the area authority";
        Visit "visit" "Visit, in person or by video";
        Terms "terms" "Terms and conditions signed";
        DataProtection "data_protection" "Registered for data protection";
        Fees "fees" "Fee breakdown, held against prices on the arrangement";
        Reason "reason" "Why the arrangement is not used, and who approved it";
        Exclusion "exclusion" "Not excluded or debarred";
        VisitorReports "visitor_reports" "Latest independent visitor's and quality reports";
    }
}

coded! {
    /// What kind of evidence a check takes.
    EvidenceKind {
        Extract "extract" "Extract of a register";
        Report "report" "Report";
        Certificate "certificate" "Certificate";
        Declaration "declaration" "Signed declaration";
        Policy "policy" "Policy or statement";
        Assessment "assessment" "Assessment";
        Letter "letter" "Letter or e-mail";
        CallNote "call_note" "Note of a call";
        VisitNote "visit_note" "Note of a visit";
        Breakdown "breakdown" "Breakdown of the price";
    }
}

/// How long a check holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Validity {
    /// So many days from the evidence's date.
    Days(i64),
    /// Until the evidence itself expires.
    ToExpiry,
    /// For this placement only.
    Placement,
}

impl Validity {
    /// The words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Days(1) => "same day",
            Self::Days(93) => "3 months",
            Self::Days(_) => "12 months",
            Self::ToExpiry => "to its expiry",
            Self::Placement => "this placement",
        }
    }
}

/// What a home of the arrangement has of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inherits {
    /// The regional evaluation satisfies it.
    Regionally,
    /// It does not apply to homes of the arrangement.
    DoesNotApply,
    /// It is for this child, whatever the route.
    ThisChild,
}

impl CheckItem {
    /// Its number on the list, from 1.
    #[must_use]
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|item| *item == self).map_or(0, |at| at + 1)
    }

    /// What a home of the arrangement has of it: 6 inherited, 2 that do not apply, 10 for this child.
    #[must_use]
    pub const fn inherits(self) -> Inherits {
        match self {
            Self::LegalEntity
            | Self::Insurance
            | Self::Recruitment
            | Self::Policies
            | Self::Terms
            | Self::DataProtection => Inherits::Regionally,
            Self::Fees | Self::Reason => Inherits::DoesNotApply,
            Self::Registration
            | Self::Grade
            | Self::Manager
            | Self::Purpose
            | Self::Impact
            | Self::References
            | Self::AreaCheck
            | Self::Visit
            | Self::Exclusion
            | Self::VisitorReports => Inherits::ThisChild,
        }
    }

    /// How long it holds.
    #[must_use]
    pub const fn validity(self) -> Validity {
        match self {
            Self::Registration | Self::Grade => Validity::Days(1),
            Self::Manager | Self::VisitorReports => Validity::Days(93),
            Self::LegalEntity
            | Self::Recruitment
            | Self::Policies
            | Self::References
            | Self::DataProtection
            | Self::Exclusion => Validity::Days(365),
            Self::Insurance => Validity::ToExpiry,
            Self::Purpose | Self::Impact | Self::AreaCheck | Self::Visit | Self::Terms | Self::Fees | Self::Reason => {
                Validity::Placement
            }
        }
    }

    /// Whether an emergency needs it before the start; all others follow within 5 working days.
    #[must_use]
    pub const fn before_an_emergency(self) -> bool {
        match self {
            Self::Registration
            | Self::Grade
            | Self::Manager
            | Self::Purpose
            | Self::Impact
            | Self::AreaCheck
            | Self::Reason => true,
            Self::LegalEntity
            | Self::Insurance
            | Self::Recruitment
            | Self::Policies
            | Self::References
            | Self::Visit
            | Self::Terms
            | Self::DataProtection
            | Self::Fees
            | Self::Exclusion
            | Self::VisitorReports => false,
        }
    }

    /// Whether the system reads it each time: the register, the grade, and the purchase's own reason.
    #[must_use]
    pub const fn by_the_system(self) -> bool {
        matches!(self, Self::Registration | Self::Grade | Self::Reason)
    }

    /// Whether it is about the provider, so that a check of another of its homes serves as well.
    #[must_use]
    pub const fn about_the_provider(self) -> bool {
        matches!(
            self,
            Self::LegalEntity
                | Self::Insurance
                | Self::Recruitment
                | Self::Policies
                | Self::DataProtection
                | Self::Exclusion
        )
    }

    /// The kinds of evidence that it takes, the usual one first.
    #[must_use]
    pub const fn evidence(self) -> &'static [EvidenceKind] {
        match self {
            Self::Registration | Self::DataProtection | Self::Exclusion => &[EvidenceKind::Extract],
            Self::LegalEntity => &[EvidenceKind::Extract, EvidenceKind::Report],
            Self::Grade | Self::VisitorReports => &[EvidenceKind::Report],
            Self::Manager => &[EvidenceKind::CallNote, EvidenceKind::Letter, EvidenceKind::Extract],
            Self::Insurance => &[EvidenceKind::Certificate],
            Self::Recruitment | Self::Terms => &[EvidenceKind::Declaration],
            Self::Policies | Self::Purpose => &[EvidenceKind::Policy],
            Self::Impact | Self::Reason => &[EvidenceKind::Assessment],
            Self::References | Self::AreaCheck => &[EvidenceKind::Letter, EvidenceKind::CallNote],
            Self::Visit => &[EvidenceKind::VisitNote],
            Self::Fees => &[EvidenceKind::Breakdown],
        }
    }
}
