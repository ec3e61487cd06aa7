//! The formula by which prices rise: a cap, the yearly rate of consumer prices, and the rate above which the rise is
//! looked at by people. Both are the region's, each with its source and from a day on; percentages are hundredths of a percent.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::money::Pence;
use crate::office::access::Action;
use crate::setting::{Key, Scope, SettingValue};

/// A percentage in hundredths: 1.5% is 150.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Percent(pub u32);

impl Percent {
    /// 100%.
    pub const WHOLE: Self = Self(10_000);

    /// Reads a percentage such as `1.5`, `2%` or `0.75`; none above 100, below zero or with more than two decimals.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let plain = text.trim().trim_end_matches('%').trim_end();
        let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
        let digits = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !digits(whole) || !digits(part) {
            return None;
        }
        let hundredths: u32 = whole.parse::<u32>().ok()? * 100 + format!("{part:0<2}").parse::<u32>().ok()?;
        (hundredths <= Self::WHOLE.0).then_some(Self(hundredths))
    }

    /// By how much a price that was `was` is now higher, rounded half to even; zero where it is not.
    #[must_use]
    pub fn rise(was: Pence, now: Pence) -> Self {
        let rise = (now - was).max(Pence::ZERO);
        Self(u32::try_from(Pence(10_000).share(rise.0, was.0).0).unwrap_or(u32::MAX))
    }

    /// A price raised by this percentage, to the penny, half to even.
    #[must_use]
    pub fn raise(self, weekly: Pence) -> Pence {
        weekly.share(10_000 + i64::from(self.0), 10_000)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match part {
            0 => write!(f, "{whole}%"),
            part if part % 10 == 0 => write!(f, "{whole}.{}%", part / 10),
            part => write!(f, "{whole}.{part:02}%"),
        }
    }
}

/// The lower of a cap and the rate of consumer prices, looked at by people where that rate is above a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpliftFormula {
    /// The most that the formula gives.
    pub cap: Percent,
    /// The rate of consumer prices above which the rise is reviewed.
    pub review_above: Percent,
    /// Where it stands, such as a schedule of the terms.
    pub source: String,
}

impl UpliftFormula {
    /// Whether people look at the rise, because consumer prices rose by more than the line.
    #[must_use]
    pub fn reviewed(&self, prices: Percent) -> bool {
        prices > self.review_above
    }

    /// The most that may be asked for by the formula: the lower of cap and rate, or the rate where it is reviewed.
    #[must_use]
    pub fn most(&self, prices: Percent) -> Percent {
        if self.reviewed(prices) { prices } else { self.cap.min(prices) }
    }
}

fn parts(text: &str) -> Vec<&str> {
    text.splitn(3, ';').map(str::trim).collect()
}

fn sourced(text: &str) -> Option<String> {
    let length = text.chars().count();
    ((3..=200).contains(&length)).then(|| text.to_owned())
}

impl SettingValue for UpliftFormula {
    const ASK: &'static str =
        "Enter the cap, the rate above which a rise is reviewed, and the source, like 1.5; 3; schedule 4 of the terms";

    fn read(text: &str) -> Option<Self> {
        let [cap, review, source] = parts(text)[..] else { return None };
        Some(Self { cap: Percent::read(cap)?, review_above: Percent::read(review)?, source: sourced(source)? })
    }

    fn write(&self) -> String {
        format!("{}; {}; {}", self.cap, self.review_above, self.source)
    }

    fn words(&self) -> String {
        format!(
            "The lower of {} and the rise in consumer prices, reviewed where that is above {} ({})",
            self.cap, self.review_above, self.source
        )
    }
}

/// The yearly rise in consumer prices as it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumerPrices {
    /// The rise of twelve months.
    pub rate: Percent,
    /// Of which month.
    pub month: String,
    /// Who published it, and when.
    pub source: String,
}

impl SettingValue for Option<ConsumerPrices> {
    const ASK: &'static str = "Enter the rate, the month and the source, like 2.0; July 2021; ONS, 18 August 2021";

    fn read(text: &str) -> Option<Self> {
        let [rate, month, source] = parts(text)[..] else { return None };
        Some(Some(ConsumerPrices { rate: Percent::read(rate)?, month: sourced(month)?, source: sourced(source)? }))
    }

    fn write(&self) -> String {
        self.as_ref().map_or_else(String::new, |one| format!("{}; {}; {}", one.rate, one.month, one.source))
    }

    fn words(&self) -> String {
        self.as_ref().map_or_else(
            || "None recorded".to_owned(),
            |one| format!("{} in the year to {} ({})", one.rate, one.month, one.source),
        )
    }
}

/// The formula of the arrangement.
pub const UPLIFT_FORMULA: Key<UpliftFormula> = Key {
    name: "price.uplift_formula",
    title: "Formula for rises in price",
    effect: "Requests made from that day on are held to it; requests before keep the formula of their day.",
    source: "As a neighbouring region's terms of 2020 to 2026 have it, until the region records its own",
    scope: Scope::Region,
    keeper: Action::DecideUplift,
    form: None,
    default: || UpliftFormula {
        cap: Percent(150),
        review_above: Percent(300),
        source: "terms of a neighbouring region, 2020 to 2026".to_owned(),
    },
};

/// The rate of consumer prices that the formula reads.
pub const CONSUMER_PRICES: Key<Option<ConsumerPrices>> = Key {
    name: "price.consumer_prices",
    title: "Rise in consumer prices",
    effect: "The formula reads it for requests made from that day on. Without one, no rise is asked for by formula.",
    source: "None until the region records what the Office for National Statistics published",
    scope: Scope::Region,
    keeper: Action::DecideUplift,
    form: None,
    default: || None,
};
