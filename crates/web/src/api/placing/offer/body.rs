//! An offer as it is sent, and the form of the page that says the same.

use jiff::civil::{Date, DateTime};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::offer::MOST_RESIDENTS;
use placewell_pages::placing::offer::EXTRA_LINES;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::code;
use crate::api::form;
use crate::fields::Fields;

/// An offer: prices of a week, each must-have answered, what it means for the children who live there.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OfferToWrite)]
pub(super) struct OfferBody {
    /// The first night.
    #[schema(example = "2021-09-27")]
    start: Date,
    /// The id of one of the home's beds that is free from the first night to the planned end; null where it is not decided.
    #[schema(example = "4000011")]
    bed: Option<String>,
    /// The core price of a week; at most the tendered price.
    #[schema(minimum = 0, example = 415_000)]
    core_weekly_pence: i64,
    /// Until when it is valid, on the clock in London.
    #[schema(value_type = String, example = "2021-09-24T17:00:00")]
    valid_until: DateTime,
    /// Lines of additional support.
    #[serde(default)]
    support: Vec<SupportBody>,
    /// The price of a week of registered education.
    #[schema(minimum = 0)]
    education_weekly_pence: Option<i64>,
    /// Why education stands at this price.
    education_reason: Option<String>,
    /// How each must-have is met.
    #[serde(default)]
    must_haves: Vec<MetBody>,
    /// What it means for each child who lives there: one for each whom the home's beds show on the first night.
    #[serde(default)]
    residents: Vec<ResidentBody>,
    /// The child would live there alone.
    #[serde(default)]
    solo: bool,
    /// Whether the child keeps the present school.
    keeps_school: Option<bool>,
    /// The impact assessment.
    #[schema(max_length = 2000)]
    impact: String,
    /// Conditions.
    #[schema(max_length = 1000)]
    conditions: Option<String>,
}

/// Additional support, which stops at its end unless it is approved again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupportBody {
    /// What it is, by the schedule's words.
    #[schema(example = "Support worker, an hour")]
    label: String,
    /// Quarters of an hour in a week: 70 is 17½ hours.
    #[schema(minimum = 1, maximum = 1344, example = 70)]
    quarter_hours: u16,
    /// The rate of an hour.
    #[schema(minimum = 0, example = 1850)]
    rate_pence: i64,
    /// Staff to the child.
    #[schema(minimum = 1, maximum = 4, example = 1)]
    staff: u8,
    /// The day of the step-down review.
    review: Date,
    /// The day on which it ends.
    until: Date,
    /// Why.
    reason: Option<String>,
}

/// How one must-have is met.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MetBody {
    /// The need.
    need: code::Need,
    /// Yes, partly or no.
    met: code::Met,
    /// How, in a sentence.
    how: String,
}

/// What it means for one child who lives there.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResidentBody {
    /// The age band.
    age_band: code::AgeBand,
    /// The effect.
    effect: code::ResidentEffect,
}

impl OfferBody {
    /// The form that says the same.
    pub(super) fn form(&self, invalid: &mut Invalid) -> Fields {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut add = |name: String, value: String| pairs.push((name, value));
        add("start".into(), self.start.to_string());
        add("bed".into(), self.bed.clone().unwrap_or_default());
        add("core".into(), form::typed(self.core_weekly_pence));
        add("valid".into(), self.valid_until.date().to_string());
        add("valid_time".into(), self.valid_until.strftime("%H:%M").to_string());
        if let Some(pence) = self.education_weekly_pence {
            add("education".into(), form::typed(pence));
        }
        let texts = [("education_reason", &self.education_reason), ("conditions", &self.conditions)];
        for (name, text) in texts {
            add(name.into(), text.clone().unwrap_or_default());
        }
        add("impact".into(), self.impact.clone());
        add("solo".into(), if self.solo { "yes" } else { "no" }.into());
        if let Some(keeps) = self.keeps_school {
            add("keeps_school".into(), if keeps { "yes" } else { "no" }.into());
        }
        for one in &self.must_haves {
            add(format!("met_{}", one.need.0.code()), one.met.0.code().into());
            add(format!("how_{}", one.need.0.code()), one.how.clone());
        }
        for (number, one) in (1..).zip(&self.residents) {
            add(format!("resident{number}_band"), one.age_band.0.code().into());
            add(format!("resident{number}_effect"), one.effect.0.code().into());
        }
        for (number, one) in (1..).zip(&self.support) {
            let hours = format!("{}.{:02}", one.quarter_hours / 4, one.quarter_hours % 4 * 25);
            for (part, value) in [
                ("label", one.label.clone()),
                ("hours", hours),
                ("rate", form::typed(one.rate_pence)),
                ("staff", one.staff.to_string()),
                ("review", one.review.to_string()),
                ("until", one.until.to_string()),
                ("reason", one.reason.clone().unwrap_or_default()),
            ] {
                add(format!("extra{number}_{part}"), value);
            }
        }
        if self.support.len() > EXTRA_LINES {
            invalid.add("support", format!("Send at most {EXTRA_LINES} lines of additional support"));
        }
        if self.residents.len() > MOST_RESIDENTS {
            invalid.add("residents", format!("Send at most {MOST_RESIDENTS} residents"));
        }
        Fields::from_pairs(pairs)
    }
}
