//! The selection questions: pass or fail, before any quality is read. What the answers themselves show is worked out here;
//! a person judges on top of it and cannot pass what the answers fail.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::criteria::{Criteria, InsuranceKind};
use crate::calendar::long_date;
use crate::homes::home::named::is_company_number;
use crate::money::Pence;
use crate::nights::plus_days;
use crate::outcome::Invalid;

/// For so many days after the day to which accounts were made, they show how a provider stands.
const ACCOUNTS_HOLD: i64 = 671;
/// For so many days after its review a safeguarding policy holds.
const POLICY_HOLDS: i64 = 730;

coded! {
    /// A gate: passed or failed before quality and price.
    Gate {
        LegalEntity "legal_entity" "Legal entity and company number";
        Insurance "insurance" "Insurances, amounts and expiry";
        Finance "finance" "Financial standing";
        Exclusion "exclusion" "Not excluded, not debarred";
        Recruitment "recruitment" "Safer recruitment";
        Safeguarding "safeguarding" "Safeguarding policy";
        DataProtection "data_protection" "Registered for data protection";
    }
}

/// An insurance that the provider holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insurance {
    /// Which.
    pub kind: InsuranceKind,
    /// The cover of each claim.
    pub cover: Pence,
    /// The last day on which it covers.
    pub expires: Date,
    /// The policy's number.
    pub number: String,
}

/// The cover of one insurance as its evaluation saw it, without the policy's number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Which.
    pub kind: InsuranceKind,
    /// The cover of each claim.
    pub amount: Pence,
    /// The last day on which it covers.
    pub expires: Date,
}

/// The answers to the selection questions: a provider's declaration.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Selection {
    /// The registered name of the legal entity.
    pub legal_name: String,
    /// Its company or charity number.
    pub company_number: String,
    /// The insurances.
    pub insurances: Vec<Insurance>,
    /// To which day the latest accounts were made.
    pub accounts_to: Option<Date>,
    /// The turnover of that year.
    pub turnover: Option<Pence>,
    /// The accounts say that the business goes on for the next twelve months.
    pub going_concern: Option<bool>,
    /// A ground for exclusion applies to the entity or to a person who controls it.
    pub excluded: Option<bool>,
    /// It stands on a debarment list.
    pub debarred: Option<bool>,
    /// Every person who works with children is recruited by Schedule 2 of the Children's Homes Regulations.
    pub recruitment: Option<bool>,
    /// When the safeguarding policy was last reviewed.
    pub safeguarding_on: Option<Date>,
    /// The number of the registration with the Information Commissioner.
    pub data_protection: String,
    /// The last day of that registration.
    pub data_protection_until: Option<Date>,
}

/// What the answers show of a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateFinding {
    /// The gate.
    pub gate: Gate,
    /// Whether the answers pass it.
    pub met: bool,
    /// What was found, in words.
    pub found: String,
    /// Until when the evidence holds, where it has an end: its last day.
    pub until: Option<Date>,
    /// The cover of each insurance that is asked for and held; none for another gate.
    #[serde(default)]
    pub cover: Vec<Cover>,
}

/// The last day on which accounts that were made to this day show how a provider stands.
pub(super) fn accounts_hold_until(to: Date) -> Date {
    plus_days(to, ACCOUNTS_HOLD)
}

/// The last day on which a policy that was reviewed on this day holds.
pub(super) fn policy_holds_until(on: Date) -> Date {
    plus_days(on, POLICY_HOLDS)
}

impl Selection {
    /// The insurance of a kind.
    #[must_use]
    pub fn insurance(&self, kind: InsuranceKind) -> Option<&Insurance> {
        self.insurances.iter().find(|one| one.kind == kind)
    }

    /// What is missing or cannot be read, by the fields of the form.
    pub fn check(&self, criteria: &Criteria) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if self.legal_name.trim().is_empty() {
            invalid.add("legal_name", "Enter the registered name of the legal entity");
        }
        if !is_company_number(&self.company_number) {
            invalid.add("company_number", "Enter the company number, like 01234567, or the charity number");
        }
        for (kind, _) in &criteria.insurances {
            if self.insurance(*kind).is_none() {
                let field = format!("insurance_{}", kind.code());
                invalid.add(&field, format!("Enter cover and expiry of {}", kind.label().to_lowercase()));
            }
        }
        let mut needed = |there: bool, field: &str, ask: &str| {
            if !there {
                invalid.add(field, ask);
            }
        };
        needed(self.accounts_to.is_some(), "accounts_to", "Enter to which day the latest accounts were made");
        needed(self.turnover.is_some(), "turnover", "Enter the turnover of that year in pounds");
        needed(self.going_concern.is_some(), "going_concern", "Select whether the business goes on");
        needed(self.excluded.is_some(), "excluded", "Select whether a ground for exclusion applies");
        needed(self.debarred.is_some(), "debarred", "Select whether it stands on a debarment list");
        needed(self.recruitment.is_some(), "recruitment", "Select whether everybody is recruited by Schedule 2");
        needed(self.safeguarding_on.is_some(), "safeguarding_on", "Enter when the policy was last reviewed");
        needed(
            !self.data_protection.trim().is_empty(),
            "data_protection",
            "Enter the registration's number, like Z1234567",
        );
        needed(self.data_protection_until.is_some(), "data_protection_until", "Enter the last day of the registration");
        invalid.or(())
    }

    /// What the answers show of each gate on a day.
    #[must_use]
    pub fn findings(&self, criteria: &Criteria, day: Date) -> Vec<GateFinding> {
        Gate::ALL.iter().map(|gate| self.finding(*gate, criteria, day)).collect()
    }

    fn finding(&self, gate: Gate, criteria: &Criteria, day: Date) -> GateFinding {
        let (met, found, until) = match gate {
            Gate::LegalEntity => {
                let words = format!("{}, number {}", self.legal_name, self.company_number);
                (is_company_number(&self.company_number), words, None)
            }
            Gate::Insurance => self.insured(criteria, day),
            Gate::Finance => {
                let recent = self.accounts_to.is_some_and(|to| to <= day && accounts_hold_until(to) >= day);
                let words = self.accounts_to.map_or_else(
                    || "no accounts".to_owned(),
                    |to| format!("accounts to {}, turnover {}", long_date(to), self.turnover.unwrap_or_default()),
                );
                (recent && self.going_concern == Some(true), words, None)
            }
            Gate::Exclusion => {
                let clear = self.excluded == Some(false) && self.debarred == Some(false);
                (clear, if clear { "declared free" } else { "a ground is declared" }.to_owned(), None)
            }
            Gate::Recruitment => {
                let met = self.recruitment == Some(true);
                (met, if met { "declared" } else { "not declared" }.to_owned(), None)
            }
            Gate::Safeguarding => {
                let until = self.safeguarding_on.map(policy_holds_until);
                let words = self
                    .safeguarding_on
                    .map_or("no policy".to_owned(), |on| format!("policy reviewed on {}", long_date(on)));
                (until.is_some_and(|until| until >= day), words, until)
            }
            Gate::DataProtection => {
                let until = self.data_protection_until;
                (until.is_some_and(|until| until >= day), format!("registration {}", self.data_protection), until)
            }
        };
        let cover = if gate == Gate::Insurance { self.cover(criteria) } else { Vec::new() };
        GateFinding { gate, met, found, until, cover }
    }

    fn cover(&self, criteria: &Criteria) -> Vec<Cover> {
        let held = criteria.insurances.iter().filter_map(|(kind, _)| self.insurance(*kind));
        held.map(|one| Cover { kind: one.kind, amount: one.cover, expires: one.expires }).collect()
    }

    fn insured(&self, criteria: &Criteria, day: Date) -> (bool, String, Option<Date>) {
        let mut met = true;
        let mut words = Vec::new();
        let mut until: Option<Date> = None;
        for (kind, least) in &criteria.insurances {
            let Some(held) = self.insurance(*kind) else {
                met = false;
                words.push(format!("{}: none", kind.label()));
                continue;
            };
            met &= held.cover >= *least && held.expires >= day;
            let to = long_date(held.expires);
            words.push(format!("{}: {} to {to}, {least} asked for", kind.label(), held.cover));
            until = Some(until.map_or(held.expires, |known| known.min(held.expires)));
        }
        (met, words.join("; "), until)
    }
}

#[cfg(test)]
pub(crate) fn sample() -> Selection {
    let day = Date::constant;
    Selection {
        legal_name: "Elm Care Limited".to_owned(),
        company_number: "01234567".to_owned(),
        insurances: vec![Insurance {
            kind: InsuranceKind::Public,
            cover: Pence::pounds(10_000_000),
            expires: day(2022, 3, 31),
            number: "PL-1".to_owned(),
        }],
        accounts_to: Some(day(2021, 3, 31)),
        turnover: Some(Pence::pounds(2_400_000)),
        going_concern: Some(true),
        excluded: Some(false),
        debarred: Some(false),
        recruitment: Some(true),
        safeguarding_on: Some(day(2021, 1, 4)),
        data_protection: "Z1234567".to_owned(),
        data_protection_until: Some(day(2022, 5, 1)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::super::criteria;
    use super::*;

    #[test]
    fn each_gate_is_read_from_the_answers_on_the_day() {
        let (criteria, day) = (criteria::sample(), Date::constant(2021, 9, 13));
        let met = |selection: &Selection, gate: Gate, day| {
            selection.findings(&criteria, day).into_iter().find(|one| one.gate == gate).unwrap().met
        };
        let good = sample();
        assert!(good.check(&criteria).is_ok());
        assert!(good.findings(&criteria, day).iter().all(|one| one.met));
        assert!(!met(&good, Gate::Insurance, Date::constant(2022, 4, 1)), "the insurance has lapsed");
        let mut low = sample();
        low.insurances[0].cover = Pence::pounds(4_999_999);
        assert!(!met(&low, Gate::Insurance, day));
        let debarred = Selection { debarred: Some(true), ..sample() };
        assert!(!met(&debarred, Gate::Exclusion, day));
        let old = Selection { accounts_to: Some(Date::constant(2019, 3, 31)), ..sample() };
        assert!(!met(&old, Gate::Finance, day));
    }

    #[test]
    fn a_gate_that_the_answers_fail_is_failed_alone_and_what_runs_out_fails_on_the_day_after_its_last() {
        let (criteria, day) = (criteria::sample(), Date::constant(2021, 9, 13));
        let failed = |selection: &Selection, day| {
            let found = selection.findings(&criteria, day);
            found.into_iter().filter(|one| !one.met).map(|one| (one.gate, one.found)).collect::<Vec<_>>()
        };
        let one = |gate: Gate, found: &str| [(gate, found.to_owned())];
        let number = Selection { company_number: "123".to_owned(), ..sample() };
        assert_eq!(failed(&number, day), one(Gate::LegalEntity, "Elm Care Limited, number 123"));
        for recruitment in [Some(false), None] {
            let unsafe_people = Selection { recruitment, ..sample() };
            assert_eq!(failed(&unsafe_people, day), one(Gate::Recruitment, "not declared"));
        }
        let none = Selection { safeguarding_on: None, data_protection_until: None, ..sample() };
        let both = [Gate::Safeguarding, Gate::DataProtection];
        assert_eq!(failed(&none, day).into_iter().map(|(gate, _)| gate).collect::<Vec<_>>(), both);

        // A policy holds for 730 days, a registration until its last day, that day among them.
        let policy = Selection { safeguarding_on: Some(Date::constant(2019, 9, 14)), ..sample() };
        assert!(failed(&policy, day).is_empty());
        let reviewed = "policy reviewed on 14 September 2019";
        assert_eq!(failed(&policy, Date::constant(2021, 9, 14)), one(Gate::Safeguarding, reviewed));
        let registered = Selection { data_protection_until: Some(day), ..sample() };
        assert!(failed(&registered, day).is_empty());
        let lapsed = one(Gate::DataProtection, "registration Z1234567");
        assert_eq!(failed(&registered, Date::constant(2021, 9, 14)), lapsed);
    }
}
