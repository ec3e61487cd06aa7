//! Prices in two times, and the price lines that offers and agreements are made of.
//!
//! A price fact is a rectangle: for which nights, and from which recorded sequence until which it was believed (rule
//! 4.4). A correction closes what it overlaps and keeps the origin of what sticks out, so that past charges stand.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::homes::admission::{Admission, not_on_lot};
use crate::homes::home::Home;
use crate::money::{Pence, split_by_weights, weekly_charge};
use crate::nights::{Nights, days_between};
use crate::outcome::{Invalid, Refusal};

pub mod formula;
mod two_times;
pub mod uplift;

pub use two_times::{Correction, KNOWN_OPEN, Rectangle, as_known, correct};

coded! {
    /// What a price line pays for (rule 4.2), in the Placements Standard's four parts.
    LineKind {
        /// The basic price of the service in the statement of purpose.
        Core => "core", "Core price";
        /// Support beyond it: has hours, an end and a review.
        AdditionalSupport => "additional_support", "Additional support";
        /// Education by a registered school.
        Education => "education", "Education";
        /// Anything else.
        Other => "other", "Other";
    }
}

/// Who pays how much of a line, in parts of their sum; the order is the order of rounding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunderShares {
    /// The authority's parts.
    pub authority: u16,
    /// Education's parts.
    pub education: u16,
    /// Health's parts.
    pub health: u16,
    /// `false` while the split is disputed.
    pub agreed: bool,
}

impl FunderShares {
    /// The authority pays all.
    pub const AUTHORITY: Self = Self { authority: 100, education: 0, health: 0, agreed: true };

    /// Splits an amount into authority, education and health, by largest remainder in that order.
    #[must_use]
    pub fn split(&self, amount: Pence) -> [Pence; 3] {
        let parts = [self.authority, self.education, self.health].map(i64::from);
        let shares = split_by_weights(amount, &parts);
        let mut shares = shares.into_iter();
        [(); 3].map(|()| shares.next().unwrap_or(Pence::ZERO))
    }
}

/// Additional support as it is scheduled: it stops at the line's end unless approved again (rule 4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportHours {
    /// Hours a week, in quarters of an hour.
    pub quarter_hours: u16,
    /// The rate of an hour.
    pub rate: Pence,
    /// Staff to the child: 1 for 1:1, 2 for 2:1.
    pub staff: u8,
    /// When a step-down is looked at.
    pub review_on: Date,
}

impl SupportHours {
    /// What they cost a week: hours × rate × staff, to the penny, half to even.
    #[must_use]
    pub fn weekly(&self) -> Pence {
        self.rate.share(i64::from(self.quarter_hours) * i64::from(self.staff), 4)
    }
}

/// One line of a price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceLine {
    /// What it pays for.
    pub kind: LineKind,
    /// In words, as on the offer: "Core price", "1:1 support, evenings".
    pub label: String,
    /// Pence a week.
    pub weekly: Pence,
    /// The first night charged.
    pub from: Date,
    /// The day after the last night charged; the open end while none is known.
    pub to: Date,
    /// The night from which sevenths are counted; survives every split (rule 4.1).
    pub origin: Date,
    /// Who pays.
    pub shares: FunderShares,
    /// The hours behind it; of additional support only.
    pub support: Option<SupportHours>,
    /// Why it is there; empty for a core line.
    pub reason: String,
}

impl PriceLine {
    /// The charge for those of the nights that the line covers.
    #[must_use]
    pub fn charge(&self, nights: Nights) -> Pence {
        let own = Nights::new(self.from, self.to).and_then(|own| own.overlap(nights));
        own.map_or(Pence::ZERO, |own| charge_between(self.weekly, self.origin, own))
    }

    /// Whether additional support is as rule 4.2 wants it: an end, a step-down review before it, hours that give the
    /// weekly price.
    pub fn check_support(&self) -> Result<(), Refusal> {
        if self.kind != LineKind::AdditionalSupport {
            return Ok(());
        }
        let refuse = |code, sentence: &str, value: String| {
            Err(Refusal::new(
                code,
                "Additional support: hours, an end date and a step-down review",
                sentence,
                "The provider, in its offer",
            )
            .found(value))
        };
        let Some(support) = &self.support else {
            return refuse(
                "support_without_hours",
                "Additional support must show hours, rate and staff.",
                self.label.clone(),
            );
        };
        if self.to == crate::nights::OPEN_END {
            return refuse("support_without_end", "Additional support must have an end date.", self.label.clone());
        }
        if support.review_on <= self.from || support.review_on >= self.to {
            let (review, from, to) = (long_date(support.review_on), long_date(self.from), long_date(self.to));
            let value = format!("review on {review}, support from {from} to {to}");
            return refuse(
                "support_without_review",
                "A step-down review must fall between the start and the end.",
                value,
            );
        }
        if support.weekly() != self.weekly {
            let value = format!("{} by hours, {} on the line", support.weekly(), self.weekly);
            return refuse("support_hours_differ", "The hours do not give the weekly price.", value);
        }
        Ok(())
    }
}

/// The charge at a weekly price for nights, sevenths counted from `origin`: `R(w, b) − R(w, a)` (rule 4.1).
#[must_use]
pub fn charge_between(weekly: Pence, origin: Date, nights: Nights) -> Pence {
    weekly_charge(weekly, days_between(origin, nights.to()))
        - weekly_charge(weekly, days_between(origin, nights.from()))
}

/// Whether a price for these nights may be recorded as tendered: a core or an education line, above zero, of a home that
/// is on the lot, given by its code and its name, on some of the nights. `None` takes a price away, which any line allows.
pub fn check_tendered(
    home: &Home,
    admissions: &[Admission],
    ((lot, named), line, nights): ((&str, &str), LineKind, Nights),
    weekly: Option<Pence>,
) -> Result<(), TenderedWrong> {
    if !matches!(line, LineKind::Core | LineKind::Education) {
        let words = "Select the core price or education: additional support is priced in each offer";
        return Err(TenderedWrong::Invalid(Invalid::one("line", words)));
    }
    if weekly.is_some_and(|weekly| weekly <= Pence::ZERO) {
        return Err(TenderedWrong::Invalid(Invalid::one("weekly", "Enter a price above zero, like 4150")));
    }
    let on_lot = admissions
        .iter()
        .any(|one| one.home == home.id && one.lot == lot && one.from < nights.to() && one.until > nights.from());
    if on_lot { Ok(()) } else { Err(TenderedWrong::Refused(Box::new(not_on_lot(home, named)))) }
}

coded! {
    /// By what a price came into the schedule.
    ScheduleSource {
        Hand "hand" "Recorded by the regional team";
        File "file" "Brought in with a file";
        Award "award" "Tendered, and admitted after evaluation";
        Uplift "uplift" "A granted rise";
    }
}

/// Why a price is not recorded, or a rise not asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenderedWrong {
    /// A field is wrong.
    Invalid(Invalid),
    /// A rule says no.
    Refused(Box<Refusal>),
}

/// Rule 4.3: a core line may not be above the tendered price of that date.
pub fn check_core(weekly: Pence, tendered: Option<Pence>, day: Date) -> Result<(), Refusal> {
    match tendered {
        Some(tendered) if weekly > tendered => Err(Refusal::new(
            "above_tendered_price",
            "Core price: at most the tendered price on the date",
            "The core price is above the price that the home tendered for this lot.",
            "The provider, by lowering the offer; a tendered price changes only at a price refresh",
        )
        .found(format!("{weekly} a week offered, {tendered} tendered for {}", long_date(day)))),
        Some(_) => Ok(()),
        None => Err(Refusal::new(
            "no_tendered_price",
            "Core price: at most the tendered price on the date",
            "The home has no tendered price for this lot on the date.",
            "Commissioning lead of the regional team, who records tendered prices",
        )
        .found(format!("none for {}", long_date(day)))),
    }
}

/// Rule 4.3 on each of these nights; the refusal is that of the first on which it does not hold.
pub fn check_core_on(weekly: Pence, tendered: &[Rectangle<Pence>], nights: Nights) -> Result<(), Refusal> {
    let mut day = nights.from();
    while day < nights.to() {
        let held = tendered.iter().find(|price| price.from <= day && day < price.to);
        check_core(weekly, held.map(|price| price.value), day)?;
        day = held.map_or(nights.to(), |price| price.to);
    }
    Ok(())
}

/// What is said of one line: the price of a week for nights, in their order; none where it is taken away.
pub type LinePrices = Vec<(Nights, Option<Pence>)>;

/// What the parts of a core price become with it, part by part: on each stretch of nights the parts that stand there keep their
/// proportion and sum to it. Where the core price is taken away, so are they.
#[must_use]
pub fn split_parts(parts: &[Vec<Rectangle<Pence>>], (nights, core): (Nights, Option<Pence>)) -> Vec<LinePrices> {
    let steps = parts.iter().flatten().flat_map(|price| [price.from, price.to]);
    let within = steps.filter(|day| nights.from() < *day && *day < nights.to());
    let mut edges: Vec<Date> = within.chain([nights.from(), nights.to()]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut split = vec![Vec::new(); parts.len()];
    for (from, to) in edges.iter().zip(edges.iter().skip(1)) {
        let Some(stretch) = Nights::new(*from, *to) else { continue };
        let stands = |price: &&Rectangle<Pence>| price.from <= *from && *from < price.to;
        let held: Vec<Option<i64>> =
            parts.iter().map(|part| part.iter().find(stands).map(|price| price.value.0)).collect();
        let weights: Vec<i64> = held.iter().map(|weekly| weekly.unwrap_or_default()).collect();
        let shares = split_by_weights(core.unwrap_or_default(), &weights);
        for ((part, share), _) in split.iter_mut().zip(shares).zip(&held).filter(|(_, weekly)| weekly.is_some()) {
            part.push((stretch, core.map(|_| share)));
        }
    }
    split
}

/// The band in which a price is shown before offers come: £500 wide, lower edge in pence.
#[must_use]
pub fn price_band(weekly: Pence) -> Pence {
    Pence(weekly.0.div_euclid(50_000) * 50_000)
}

/// A price band in words: "£3,500 to £3,999 a week".
#[must_use]
pub fn band_words(band: Pence) -> String {
    format!("{band} to {} a week", band + Pence::pounds(499))
}

#[cfg(test)]
mod tests;
