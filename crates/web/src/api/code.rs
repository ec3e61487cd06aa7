//! The domain's lists of codes, as bodies have them: one code of a list, and in the description the list with its words.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! codes {
    ($($name:ident = $list:path;)*) => { $(
        /// One code of the domain's list of this name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub $list);

        impl From<$list> for $name {
            fn from(value: $list) -> Self {
                Self(value)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.code())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = String::deserialize(deserializer)?;
                <$list>::from_code(&code).map(Self).ok_or_else(|| {
                    let known: Vec<_> = <$list>::ALL.iter().map(|value| value.code()).collect();
                    D::Error::custom(format!("found \"{code}\", send one of {}", known.join(", ")))
                })
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                described(<$list>::ALL.iter().map(|value| (value.code(), value.label())).collect())
            }
        }

        impl ToSchema for $name {}
    )* };
}

codes! {
    Route = placewell_domain::power::annual_value::Route;
    RefusalPeriod = placewell_domain::buying::block::RefusalPeriod;
    BidDecline = placewell_domain::buying::block::BidDecline;
    NominationRefusal = placewell_domain::buying::block::nomination::RefusalReason;
    NominationWithdrawal = placewell_domain::buying::block::nomination::WithdrawReason;
    VoidCause = placewell_domain::buying::block::nights::VoidCause;
    MonthDispute = placewell_domain::buying::block::month::DisputeReason;
    CheckItem = placewell_domain::buying::check::CheckItem;
    CheckEvidence = placewell_domain::buying::check::EvidenceKind;
    NotSatisfiedReason = placewell_domain::buying::check::NotSatisfiedReason;
    MinutesOf = placewell_domain::buying::check::MinutesOf;
    SpotReason = placewell_domain::buying::spot::SpotReason;
    SpotDocument = placewell_domain::buying::spot::DocumentKind;
    SpotGround = placewell_domain::power::annual_value::SpotGround;
    SpotDropReason = placewell_domain::buying::spot::DropReason;
    SpotExemptionReason = placewell_domain::buying::spot::exemption::ExemptionReason;
    ExemptionDecline = placewell_domain::buying::spot::exemption::request::ExemptionDecline;
    ExemptionRequestStands = placewell_domain::buying::spot::exemption::request::RequestStands;
    CourtOrder = placewell_domain::buying::spot::unregistered::CourtOrder;
    RegistrationApplication = placewell_domain::buying::spot::unregistered::Application;
    SearchStands = placewell_domain::buying::spot::unregistered::SearchStands;
    UnregisteredEnd = placewell_domain::buying::spot::unregistered::UnregisteredEnd;
    Pair = placewell_domain::reporting::comparison::Pair;
    LostBy = placewell_domain::placing::referral::LostBy;
    Expectation = placewell_domain::reporting::comparison::Expectation;
    BuyingRoute = placewell_domain::placing::agreement::BuyingRoute;
    Act = placewell_domain::power::delegation::Act;
    AdmissionEnd = placewell_domain::homes::admission::AdmissionEnd;
    AdmissionException = placewell_domain::homes::admission::ground::AdmissionException;
    AlertKind = placewell_domain::homes::home::alert::AlertKind;
    InvitedBy = placewell_domain::homes::home::alert::InvitedBy;
    EvidenceOf = placewell_domain::homes::admission::evidence::EvidenceOf;
    RegistrationRefusal = placewell_domain::homes::admission::registration::RefusalWhy;
    HomeFact = placewell_domain::homes::home::voice::HomeFact;
    MeasureDropReason = placewell_domain::homes::standing::measure::DropReason;
    UpliftBasis = placewell_domain::homes::price::uplift::UpliftBasis;
    CostKind = placewell_domain::homes::price::uplift::CostKind;
    UpliftOutcome = placewell_domain::homes::price::uplift::UpliftOutcome;
    KeepReason = placewell_domain::placing::agreement::KeepReason;
    ScheduleSource = placewell_domain::homes::price::ScheduleSource;
    Reinstatement = placewell_domain::homes::standing::measure::Reinstatement;
    ReadElsewhere = placewell_domain::homes::home::link::Elsewhere;
    ReviewOutcome = placewell_domain::homes::standing::review::ReviewOutcome;
    SeenBy = placewell_domain::homes::standing::review::SeenBy;
    FileKind = placewell_domain::office::import::FileKind;
    PaperKind = placewell_domain::homes::home::paper::PaperKind;
    Audience = placewell_domain::homes::home::paper::Audience;
    Speaker = placewell_domain::homes::home::voice::Speaker;
    ReleaseReason = placewell_domain::homes::admission::score::ReleaseReason;
    Reopened = placewell_domain::homes::admission::evaluation::Reopened;
    PricePart = placewell_domain::homes::admission::criteria::PricePart;
    InsuranceKind = placewell_domain::homes::admission::criteria::InsuranceKind;
    AgeBand = placewell_domain::placing::child::AgeBand;
    Alternative = placewell_domain::reporting::appraisal::Alternative;
    AmendReason = placewell_domain::placing::offer::AmendReason;
    AmountBand = placewell_domain::placing::referral::legal::AmountBand;
    ApprovalKind = placewell_domain::placing::approval::ApprovalKind;
    AssociateAnswer = placewell_domain::placing::disclosure::AssociateAnswer;
    AgreedBy = placewell_domain::placing::disclosure::ground::AgreedBy;
    CoverReason = placewell_domain::office::access::cover::CoverReason;
    GlassReason = placewell_domain::office::access::glass::GlassReason;
    DisclosureStage = placewell_domain::placing::disclosure::Stage;
    LawfulBasis = placewell_domain::placing::disclosure::ground::LawfulBasis;
    OverrideReason = placewell_domain::placing::disclosure::ground::OverrideReason;
    RecallCause = placewell_domain::placing::disclosure::recall::RecallCause;
    RecallRisk = placewell_domain::placing::disclosure::recall::Risk;
    SpecialCondition = placewell_domain::placing::disclosure::ground::SpecialCondition;
    CallInOutcome = placewell_domain::power::decision::CallInOutcome;
    ExemptParagraph = placewell_domain::power::decision::ExemptParagraph;
    DelegatedKind = placewell_domain::power::decision::DelegatedKind;
    MoveDecline = placewell_domain::placing::agreement::MoveDecline;
    CancelReason = placewell_domain::placing::agreement::CancelReason;
    AvoidReason = placewell_domain::placing::referral::profile::AvoidReason;
    ChargedDays = placewell_domain::nights::ChargedDays;
    ScoreBy = placewell_domain::placing::referral::ScoreBy;
    ToldBy = placewell_domain::homes::home::named::ToldBy;
    Channel = placewell_domain::placing::invitation::Channel;
    ClosedReason = placewell_domain::placing::occupancy::ClosedReason;
    Communication = placewell_domain::placing::referral::standard::Communication;
    Consultation = placewell_domain::placing::approval::Consultation;
    CulturalNeeds = placewell_domain::placing::referral::standard::CulturalNeeds;
    DeclineAskedReason = placewell_domain::placing::agreement::DeclineReason;
    DeclineReason = placewell_domain::placing::invitation::DeclineReason;
    Education = placewell_domain::placing::referral::profile::Education;
    EarlyReason = placewell_domain::placing::referral::EarlyReason;
    EmergencyCause = placewell_domain::placing::referral::EmergencyCause;
    EndReason = placewell_domain::placing::agreement::EndReason;
    ExceptionReason = placewell_domain::power::annual_value::ExceptionReason;
    Holds = placewell_domain::power::annual_value::Holds;
    FindingKind = placewell_domain::placing::referral::redaction::FindingKind;
    GoverningBody = placewell_domain::power::decision::GoverningBody;
    Grade = placewell_domain::homes::home::Grade;
    Health = placewell_domain::placing::referral::profile::Health;
    Included = placewell_domain::placing::agreement::Included;
    InspectionKind = placewell_domain::homes::home::InspectionKind;
    LateReason = placewell_domain::placing::offer::LateReason;
    LegalBasis = placewell_domain::placing::referral::LegalBasis;
    LegalGround = placewell_domain::placing::agreement::LegalGround;
    LimbPower = placewell_domain::power::decision::LimbPower;
    LineKind = placewell_domain::homes::price::LineKind;
    LivingCompanions = placewell_domain::placing::referral::standard::LivingCompanions;
    Met = placewell_domain::placing::offer::Met;
    Need = placewell_domain::homes::home::Need;
    NeededBy = placewell_domain::placing::referral::standard::NeededBy;
    NotChosenReason = placewell_domain::placing::offer::NotChosenReason;
    NotPlacedReason = placewell_domain::placing::referral::NotPlacedReason;
    NoticeKind = placewell_domain::power::decision::NoticeKind;
    OpenCheck = placewell_domain::placing::approval::OpenCheck;
    OutOfAreaReason = placewell_domain::placing::referral::standard::OutOfAreaReason;
    Papers = placewell_domain::placing::referral::profile::Papers;
    Pets = placewell_domain::placing::referral::standard::Pets;
    PostGrade = placewell_domain::power::delegation::PostGrade;
    Presence = placewell_domain::placing::referral::standard::Presence;
    PriceCause = placewell_domain::placing::agreement::PriceCause;
    PricePosition = placewell_domain::placing::offer::PricePosition;
    Ratification = placewell_domain::power::delegation::Ratification;
    RefuseReason = placewell_domain::placing::approval::RefuseReason;
    RegisteredSex = placewell_domain::homes::home::RegisteredSex;
    Relatives = placewell_domain::placing::approval::Relatives;
    RemitArea = placewell_domain::power::delegation::RemitArea;
    ResidentEffect = placewell_domain::placing::offer::ResidentEffect;
    Risk = placewell_domain::placing::referral::standard::Risk;
    RiskLevel = placewell_domain::placing::referral::standard::RiskLevel;
    Says = placewell_domain::power::decision::Says;
    SearchApprover = placewell_domain::placing::referral::legal::SearchApprover;
    Sex = placewell_domain::homes::home::Sex;
    SkipReason = placewell_domain::placing::referral::SkipReason;
    MonitoringTheme = placewell_domain::homes::monitoring::Theme;
    ConcernSeverity = placewell_domain::homes::monitoring::concern::Severity;
    PlanOwner = placewell_domain::homes::monitoring::concern::Owner;
    ConcernOutcome = placewell_domain::homes::monitoring::concern::ConcernOutcome;
    FindingLevel = placewell_domain::homes::monitoring::visit::Level;
    VisitCalledOff = placewell_domain::homes::monitoring::visit::CalledOff;
    CorrectionReason = placewell_domain::homes::monitoring::quality_return::CorrectionReason;
    ReturnFigure = placewell_domain::homes::monitoring::template::Figure;
    ShortfallReason = placewell_domain::homes::monitoring::support::ShortfallReason;
    Strain = placewell_domain::homes::monitoring::stability::Strain;
    StrainSupport = placewell_domain::homes::monitoring::stability::Support;
    SearchRelease = placewell_domain::homes::monitoring::stability::ReleaseReason;
    StabilityOutcome = placewell_domain::homes::monitoring::stability::StabilityOutcome;
    Standing = placewell_domain::homes::standing::Standing;
    StandingReason = placewell_domain::homes::standing::StandingReason;
    StandingSource = placewell_domain::homes::standing::StandingSource;
    StatutoryOffice = placewell_domain::power::delegation::StatutoryOffice;
    Suitability = placewell_domain::placing::referral::standard::Suitability;
    Support = placewell_domain::placing::referral::standard::Support;
    Task = placewell_domain::placing::referral::Task;
    Tier = placewell_domain::placing::referral::Tier;
    UnsignedReason = placewell_domain::placing::agreement::UnsignedReason;
    Wishes = placewell_domain::placing::approval::Wishes;
    WithdrawReason = placewell_domain::placing::referral::WithdrawReason;
}

fn described(all: Vec<(&'static str, &'static str)>) -> RefOr<Schema> {
    let words: Vec<String> = all.iter().map(|(code, label)| format!("`{code}`: {label}")).collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(all.into_iter().map(|(code, _)| code)))
        .description(Some(words.join("; ")))
        .into()
}
