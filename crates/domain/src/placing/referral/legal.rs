//! On what legal basis a child is placed: looked after or not, and how urgently. The duties follow from it.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::calendar::WorkingDays;
use crate::clock::Moment;
use crate::money::Pence;
use crate::outcome::Invalid;

coded! {
    /// The legal basis. The first group are looked-after children, by the legal status codes of the statutory return.
    LegalBasis {
        InterimCareOrder "C1" "Interim care order (section 38)";
        FullCareOrder "C2" "Full care order (section 31)";
        PlacementOrder "E1" "Placement order";
        Accommodated "V2" "Accommodated with agreement (section 20)";
        ShortBreaksEpisodes "V3" "Short breaks, episodes recorded";
        ShortBreaksAgreement "V4" "Short breaks under an agreement";
        PoliceProtection "L1" "Under police protection";
        EmergencyProtectionOrder "L2" "Emergency protection order";
        ChildAssessmentOrder "L3" "Child assessment order";
        Remanded "J1" "Remanded to local authority accommodation";
        PaceDetention "J2" "Detained and accommodated under PACE";
        YouthRehabilitationOrder "J3" "Youth rehabilitation order with a residence requirement";
        SupportSection17 "not_lac_s17" "Not looked after: support for a child in need (section 17)";
        ResidentialSchool "not_lac_school" "Not looked after: residential education under an education, health and care plan";
        HealthFunded "not_lac_health" "Not looked after: placed and paid for by the health service";
        AdoptionSupport "not_lac_adoption" "Not looked after: adopted, placed as adoption support";
        CareLeaver "not_lac_leaver" "Not looked after: a care leaver under 18";
    }
}

impl LegalBasis {
    /// Whether the child is looked after (section 22, Children Act 1989).
    #[must_use]
    pub const fn looked_after(self) -> bool {
        match self {
            Self::InterimCareOrder
            | Self::FullCareOrder
            | Self::PlacementOrder
            | Self::Accommodated
            | Self::ShortBreaksEpisodes
            | Self::ShortBreaksAgreement
            | Self::PoliceProtection
            | Self::EmergencyProtectionOrder
            | Self::ChildAssessmentOrder
            | Self::Remanded
            | Self::PaceDetention
            | Self::YouthRehabilitationOrder => true,
            Self::SupportSection17
            | Self::ResidentialSchool
            | Self::HealthFunded
            | Self::AdoptionSupport
            | Self::CareLeaver => false,
        }
    }

    /// The duties that follow from the basis.
    #[must_use]
    pub const fn duties(self) -> Duties {
        let looked_after = self.looked_after();
        let short_breaks = matches!(self, Self::ShortBreaksEpisodes | Self::ShortBreaksAgreement);
        Duties {
            statutory_return: looked_after,
            regulation_11: looked_after && !short_breaks,
            placement_plan_within_working_days: if looked_after { Some(5) } else { None },
            first_review_within_working_days: if looked_after && !short_breaks { Some(20) } else { None },
            first_visit_within_days: if looked_after { Some(7) } else { None },
        }
    }
}

/// What the law asks for under a legal basis (Care Planning, Placement and Case Review (England) Regulations 2010).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duties {
    /// The child stands in the statutory return of looked-after children.
    pub statutory_return: bool,
    /// Regulation 11: placement outside the area needs approval.
    pub regulation_11: bool,
    /// Regulation 9: placement plan, in working days from the start where it could not be made before.
    pub placement_plan_within_working_days: Option<u8>,
    /// Regulation 33: first review, in working days from the start.
    pub first_review_within_working_days: Option<u8>,
    /// Regulation 28: first visit, in days from the start.
    pub first_visit_within_days: Option<u8>,
}

impl Duties {
    /// The duties in words, one a line.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut lines = Vec::new();
        lines.push(if self.statutory_return {
            "The child stands in the statutory return of looked-after children".to_owned()
        } else {
            "The child does not stand in the statutory return of looked-after children".to_owned()
        });
        if self.regulation_11 {
            lines.push("A home outside the area needs approval (regulation 11)".to_owned());
        }
        if let Some(days) = self.placement_plan_within_working_days {
            lines.push(format!("Placement plan before the start, or within {days} working days of it (regulation 9)"));
        }
        if let Some(days) = self.first_visit_within_days {
            lines.push(format!("First visit within {days} days of the start (regulation 28)"));
        }
        if let Some(days) = self.first_review_within_working_days {
            lines.push(format!("First review within {days} working days of the start (regulation 33)"));
        }
        lines
    }
}

impl Duties {
    /// The duties that have a clock, each with its last day counted from the first night.
    #[must_use]
    pub fn due(&self, start: Date, days: &WorkingDays) -> Vec<(&'static str, Date)> {
        let working = |count: u8| days.nth_working_day_after(start, u32::from(count));
        let plan =
            self.placement_plan_within_working_days.map(|count| ("Placement plan (regulation 9)", working(count)));
        let visit = self
            .first_visit_within_days
            .map(|count| ("First visit (regulation 28)", crate::nights::plus_days(start, i64::from(count))));
        let review =
            self.first_review_within_working_days.map(|count| ("First review (regulation 33)", working(count)));
        [plan, visit, review].into_iter().flatten().collect()
    }
}

coded! {
    /// Why a child must start by the end of the next working day.
    EmergencyCause {
        PlacementEnded "placement_ended" "The placement ended without notice";
        PoliceProtection "police_protection" "Taken into police protection";
        CourtOrderToday "court_order_today" "A court made an order today";
        CarerUnable "carer_unable" "The carer can no longer care for the child";
        UnsafeWhereLiving "unsafe_where_living" "Not safe where the child is living";
        HomeClosed "home_closed" "The home closed or was restricted";
        ReleasedOrDischarged "released" "Released from custody or discharged from hospital";
        ArrivedAlone "arrived_alone" "Arrived in the country alone";
    }
}

/// Whether a start is an emergency: by the end of the next working day after the moment.
#[must_use]
pub fn is_emergency(start: Date, moment: Moment, days: &WorkingDays) -> bool {
    start <= days.next_working_day(moment.today())
}

coded! {
    /// Who agreed to the search and its money.
    SearchApprover {
        Panel "panel" "Placement panel";
        HeadOfService "head_of_service" "Head of service";
        OnCallManager "on_call" "On-call manager, confirmed by the panel afterwards";
    }
}

coded! {
    /// Up to which price of a week the search was approved. Core and additional lines together.
    AmountBand {
        UpTo3000 "up_to_3000" "Up to £3,000 a week";
        UpTo4500 "up_to_4500" "Up to £4,500 a week";
        UpTo6000 "up_to_6000" "Up to £6,000 a week";
        UpTo10000 "up_to_10000" "Up to £10,000 a week";
        Above10000 "above_10000" "Above £10,000 a week";
    }
}

impl AmountBand {
    /// The most of a week that it lets be spent; none where it has no end.
    #[must_use]
    pub const fn most(self) -> Option<Pence> {
        match self {
            Self::UpTo3000 => Some(Pence::pounds(3_000)),
            Self::UpTo4500 => Some(Pence::pounds(4_500)),
            Self::UpTo6000 => Some(Pence::pounds(6_000)),
            Self::UpTo10000 => Some(Pence::pounds(10_000)),
            Self::Above10000 => None,
        }
    }
}

/// The most characters of the name of the person who spoke for the body.
const LONGEST_NAME: usize = 80;

/// The approval to search and to spend, got before sending; in an emergency after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchApproval {
    /// The body that agreed.
    pub by: SearchApprover,
    /// Who spoke for it: the chair, or the manager.
    #[serde(default)]
    pub who: String,
    /// On which day.
    pub on: Date,
    /// The minute's or form's reference in the authority's own papers.
    pub reference: String,
    /// Up to which price.
    #[serde(default)]
    pub band: Option<AmountBand>,
}

impl SearchApproval {
    /// Checks that who, when and up to how much are all said, in the order of the form.
    pub fn check(&self, today: Date) -> Result<(), Invalid> {
        let mut wrong = Invalid::default();
        let name = self.who.trim();
        if name.is_empty() {
            wrong.add("approved_who", "Enter the name of the person who approved");
        } else if name.chars().count() > LONGEST_NAME {
            wrong.add("approved_who", format!("The name must be {LONGEST_NAME} characters or fewer"));
        }
        if self.on > today {
            wrong.add("approved_on", "The day of the approval must be today or in the past");
        }
        if self.band.is_none() {
            wrong.add("approved_band", "Choose up to which price the search is approved");
        }
        wrong.or(())
    }

    /// Whether it was given on call: it counts at once, and the panel or the head of service confirms it afterwards.
    #[must_use]
    pub fn to_confirm(&self) -> bool {
        self.by == SearchApprover::OnCallManager
    }

    /// By when one that was given on call is confirmed: noon of the next working day (rule 1.5).
    #[must_use]
    pub fn confirm_by(&self, days: &WorkingDays) -> Option<DateTime> {
        self.to_confirm().then(|| days.noon_of_next_working_day(self.on))
    }

    /// What to tell whoever approves an award at a price that the search was not approved for; none within its band.
    #[must_use]
    pub fn warning(&self, weekly: Pence) -> Option<String> {
        let most = self.band?.most().filter(|most| weekly > *most)?;
        Some(format!(
            "The search was approved up to {most} a week, by {}. This is {weekly} a week: ask whether that body agrees.",
            self.by.label().to_lowercase()
        ))
    }

    /// Whether everything that is asked of it is said.
    #[must_use]
    pub fn complete(&self) -> bool {
        !self.who.trim().is_empty() && self.band.is_some()
    }
}

/// The wall-clock time by which an emergency's search approval must follow: the end of the second working day.
#[must_use]
pub fn approval_due(sent: DateTime, days: &WorkingDays) -> DateTime {
    super::deadline::end_of_working_day(days.nth_working_day_after(sent.date(), 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placing::referral::fixtures::moment;
    use jiff::civil::date;

    #[test]
    fn rule_5_1_legal_basis_includes_not_looked_after_and_which() {
        let apart: Vec<&str> =
            LegalBasis::ALL.iter().filter(|basis| !basis.looked_after()).map(|basis| basis.code()).collect();
        assert_eq!(apart.len(), 5);
        assert!(apart.iter().all(|code| code.starts_with("not_lac")));
    }

    #[test]
    fn rule_5_1_duties_the_return_and_review_clocks_follow_from_the_basis() {
        let care_order = LegalBasis::FullCareOrder.duties();
        assert!(care_order.statutory_return && care_order.regulation_11);
        assert_eq!(care_order.first_review_within_working_days, Some(20));
        let in_need = LegalBasis::SupportSection17.duties();
        assert!(!in_need.statutory_return && !in_need.regulation_11);
        assert_eq!(in_need.placement_plan_within_working_days, None);
        assert_eq!(LegalBasis::ShortBreaksAgreement.duties().first_review_within_working_days, None);
    }

    #[test]
    fn rule_5_1_each_clock_has_its_last_day() {
        let due = LegalBasis::FullCareOrder.duties().due(date(2021, 12, 20), &WorkingDays::default());
        assert_eq!(
            due,
            [
                ("Placement plan (regulation 9)", date(2021, 12, 29)),
                ("First visit (regulation 28)", date(2021, 12, 27)),
                ("First review (regulation 33)", date(2022, 1, 20)),
            ],
            "Christmas, Boxing Day and New Year's Day fell on a weekend and moved"
        );
        assert_eq!(LegalBasis::SupportSection17.duties().due(date(2021, 12, 20), &WorkingDays::default()), []);
    }

    #[test]
    fn rule_1_3_an_emergency_is_a_start_by_the_end_of_the_next_working_day() {
        let friday = moment(date(2021, 9, 10), 17, 0);
        assert!(is_emergency(date(2021, 9, 10), friday, &WorkingDays::default()));
        assert!(is_emergency(date(2021, 9, 12), friday, &WorkingDays::default()));
        assert!(is_emergency(date(2021, 9, 13), friday, &WorkingDays::default()));
        assert!(!is_emergency(date(2021, 9, 14), friday, &WorkingDays::default()));
    }

    #[test]
    fn rule_5_1_a_search_approval_says_who_when_which_body_and_up_to_how_much() {
        let full = SearchApproval {
            by: SearchApprover::Panel,
            who: "Chair of the panel".to_owned(),
            on: date(2021, 9, 9),
            reference: "Panel 36/4".to_owned(),
            band: Some(AmountBand::UpTo4500),
        };
        assert!(full.check(date(2021, 9, 13)).is_ok() && full.complete());
        let empty = SearchApproval { who: " ".to_owned(), band: None, ..full };
        let wrong = empty.check(date(2021, 9, 8)).err().map(|wrong| wrong.errors).unwrap_or_default();
        let fields: Vec<&str> = wrong.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["approved_who", "approved_on", "approved_band"]);
        assert!(!empty.complete());
    }

    #[test]
    fn rule_5_1_a_price_above_the_band_of_the_search_is_told_and_within_it_is_not() {
        let approval = |band| SearchApproval {
            by: SearchApprover::Panel,
            who: "Chair".to_owned(),
            on: date(2021, 9, 9),
            reference: String::new(),
            band,
        };
        let capped = approval(Some(AmountBand::UpTo4500));
        assert_eq!(capped.warning(Pence::pounds(4_500)), None);
        let told = capped.warning(Pence(450_001)).unwrap_or_default();
        assert!(told.contains("up to £4,500 a week, by placement panel") && told.contains("£4,500.01"), "{told}");
        assert_eq!(approval(Some(AmountBand::Above10000)).warning(Pence::pounds(20_000)), None);
        assert_eq!(approval(None).warning(Pence::pounds(20_000)), None);
    }

    #[test]
    fn rule_1_5_an_approval_on_call_is_confirmed_by_noon_of_the_next_working_day() {
        let on_call = SearchApproval {
            by: SearchApprover::OnCallManager,
            who: "Manager".to_owned(),
            on: date(2021, 9, 10),
            reference: String::new(),
            band: Some(AmountBand::UpTo6000),
        };
        let days = WorkingDays::default();
        assert_eq!(on_call.confirm_by(&days), Some(date(2021, 9, 13).at(12, 0, 0, 0)));
        let panel = SearchApproval { by: SearchApprover::Panel, ..on_call };
        assert_eq!((panel.confirm_by(&days), panel.to_confirm()), (None, false));
    }

    #[test]
    fn rule_5_1_an_emergencys_search_approval_follows_within_two_working_days() {
        let due = approval_due(date(2021, 9, 10).at(22, 15, 0, 0), &WorkingDays::default());
        assert_eq!(due, date(2021, 9, 14).at(17, 0, 0, 0));
    }
}
