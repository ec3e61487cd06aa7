//! What an options appraisal assumes: every figure a typed field with its unit, its bounds and where it comes from.
//!
//! Each starts from the authority's own record where that says enough, else from a stated estimate; somebody may type
//! another. Whole numbers throughout: pence, tenths of a percent, tenths of a placement, minutes, weeks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::Pence;
use crate::outcome::Invalid;

/// In what an assumption is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Pounds, kept in pence.
    Pounds,
    /// Pounds a week, kept in pence.
    PoundsAWeek,
    /// A percentage, kept in tenths of a percent.
    Percent,
    /// A number with one decimal, kept in tenths.
    Tenths,
    /// A whole number.
    Count,
    /// Weeks.
    Weeks,
    /// Minutes.
    Minutes,
}

impl Unit {
    /// The word after a value in a form.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Pounds => "pounds",
            Self::PoundsAWeek => "pounds a week",
            Self::Percent => "percent",
            Self::Tenths | Self::Count => "number",
            Self::Weeks => "weeks",
            Self::Minutes => "minutes",
        }
    }

    /// A value as it is typed and stored in an address: `4150`, `12.5`.
    #[must_use]
    pub fn write(self, value: i64) -> String {
        let decimals = |digits: usize, whole: i64| {
            let (sign, magnitude) = (if value < 0 { "-" } else { "" }, value.abs());
            let rest = magnitude % whole;
            if rest == 0 {
                format!("{sign}{}", magnitude / whole)
            } else {
                format!("{sign}{}.{rest:0digits$}", magnitude / whole)
            }
        };
        match self {
            Self::Pounds | Self::PoundsAWeek => decimals(2, 100),
            Self::Percent | Self::Tenths => decimals(1, 10),
            Self::Count | Self::Weeks | Self::Minutes => value.to_string(),
        }
    }

    /// A value in words: `£4,150 a week`, `12.5%`.
    #[must_use]
    pub fn show(self, value: i64) -> String {
        match self {
            Self::Pounds => Pence(value).to_string(),
            Self::PoundsAWeek => format!("{} a week", Pence(value)),
            Self::Percent => format!("{}%", self.write(value).replace('-', "−")),
            Self::Tenths | Self::Count => self.write(value),
            Self::Weeks => format!("{value} {}", if value == 1 { "week" } else { "weeks" }),
            Self::Minutes => format!("{value} {}", if value == 1 { "minute" } else { "minutes" }),
        }
    }

    /// What somebody typed; none where it is no such number. Signs of money, of percent and between thousands are read.
    #[must_use]
    pub fn read(self, typed: &str) -> Option<i64> {
        let plain: String = typed
            .chars()
            .filter(|letter| !matches!(letter, '£' | '%' | ',' | ' '))
            .map(|letter| if letter == '−' { '-' } else { letter })
            .collect();
        let (negative, digits) = plain.strip_prefix('-').map_or((false, plain.as_str()), |rest| (true, rest));
        let places = match self {
            Self::Pounds | Self::PoundsAWeek => 2,
            Self::Percent | Self::Tenths => 1,
            Self::Count | Self::Weeks | Self::Minutes => 0,
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let number = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || !number(whole) || !number(part) || digits.ends_with('.') {
            return None;
        }
        // Zeros beyond the places that are kept say nothing; another digit there would be lost.
        let (kept, beyond) = part.split_at_checked(places).unwrap_or((part, ""));
        if beyond.chars().any(|digit| digit != '0') {
            return None;
        }
        let scaled: i64 = format!("{whole}{kept:0<places$}").parse().ok()?;
        Some(if negative { -scaled } else { scaled })
    }
}

/// Under which heading an assumption stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// How many children, how long, how soon.
    Demand,
    /// What a place costs.
    Prices,
    /// By which way, and how far from home.
    Routes,
    /// Beds of a block contract or of the authority's own.
    Beds,
    /// Setting up and keeping up.
    SetUp,
    /// Minutes of officers.
    Administration,
}

impl Group {
    /// Every group, in the order of the form.
    pub const ALL: &[Self] = &[Self::Demand, Self::Prices, Self::Routes, Self::Beds, Self::SetUp, Self::Administration];

    /// The heading.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Demand => "How many children need a home",
            Self::Prices => "Prices",
            Self::Routes => "Routes and distance",
            Self::Beds => "Beds of a block contract, and beds in house",
            Self::SetUp => "Setting up and keeping up",
            Self::Administration => "Administration",
        }
    }
}

macro_rules! assumptions {
    ($($name:ident $code:literal $label:literal $group:ident $unit:ident $low:literal..=$high:literal, $fallback:literal: $why:literal;)*) => {
        /// One figure that an appraisal assumes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Assumption { $(#[doc = concat!($label, ".")] #[serde(rename = $code)] $name,)* }

        impl Assumption {
            /// Every one, in the order of the form.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name in addresses, in the API and on the command line.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$name => $code,)* } }

            /// The question on the page.
            #[must_use]
            pub const fn label(self) -> &'static str { match self { $(Self::$name => $label,)* } }

            /// Its heading.
            #[must_use]
            pub const fn group(self) -> Group { match self { $(Self::$name => Group::$group,)* } }

            /// In what it is counted.
            #[must_use]
            pub const fn unit(self) -> Unit { match self { $(Self::$name => Unit::$unit,)* } }

            /// The least and the most that it may be.
            #[must_use]
            pub const fn bounds(self) -> (i64, i64) { match self { $(Self::$name => ($low, $high),)* } }

            /// What it is where the record does not say enough, with where that comes from.
            #[must_use]
            pub const fn fallback(self) -> (i64, &'static str) { match self { $(Self::$name => ($fallback, $why),)* } }
        }
    };
}

assumptions! {
    Placements "placements" "Placements that begin, a year" Demand Tenths 0..=20_000, 0: "No placement in the record of the last 52 weeks";
    Growth "growth" "Change in these, a year" Demand Percent -300..=500, 0: "Estimate: no change";
    Years "years" "Years looked ahead" Demand Count 1..=3, 3: "The option to extend is for up to a further 3 years";
    NotFound "not_found" "Searches that find no home at first" Demand Percent 0..=1_000, 100: "Estimate: the record has too few searches that ended";
    NotFoundWeeks "not_found_weeks" "How long such a search goes on" Demand Weeks 0..=52, 6: "Estimate";
    NotFoundWeekly "not_found_weekly" "Cost of the child's care meanwhile" Demand PoundsAWeek 0..=6_000_000, 700_000: "Estimate: the middle price of a home for one child alone";
    Rise "rise" "Rise in prices, a year" Prices Percent -100..=300, 50: "Estimate: 5% a year, as since 2018";
    SpotPrice "spot_price" "Spot price, above the arrangement's for the same lot" Prices Percent -500..=1_000, 0: "The decision of 14 January 2019 expects them to be broadly similar";
    SpotSpread "spot_spread" "How far that may be out (standard error)" Prices Percent 0..=300, 50: "Estimate";
    OwnPrice "own_price" "Price of an own framework, above the arrangement's" Prices Percent -300..=500, 0: "The record does not show what size buys";
    SubPrice "sub_price" "Price of a sub-regional framework, above the arrangement's" Prices Percent -300..=500, 0: "The record does not show what size buys";
    SizeSpread "size_spread" "How far these two may be out (standard error)" Prices Percent 0..=300, 30: "Estimate";
    Share "share" "Placements bought through the arrangement" Routes Percent 0..=1_000, 450: "Decision 4842: 45% of placements from January 2015 to March 2017";
    OwnShare "own_share" "Placements that an own framework could supply" Routes Percent 0..=1_000, 150: "Estimate: a third of what the arrangement supplies";
    SubShare "sub_share" "Placements that a sub-regional framework could supply" Routes Percent 0..=1_000, 300: "Estimate: two thirds of what the arrangement supplies";
    Near "near" "In the authority's own area, where the home is on a framework" Routes Percent 0..=1_000, 330: "Estimate: a third";
    Far "far" "At a distance, where the home is on a framework" Routes Percent 0..=1_000, 250: "Estimate: a quarter";
    NearSpot "near_spot" "In the authority's own area, where the place is bought by spot" Routes Percent 0..=1_000, 330: "Estimate: a third";
    FarSpot "far_spot" "At a distance, where the place is bought by spot" Routes Percent 0..=1_000, 250: "Estimate: a quarter";
    BlockBeds "block_beds" "Beds of the block" Beds Count 0..=60, 4: "Estimate: a mini-block of 4 beds";
    BlockWeekly "block_weekly" "Price of a bed of the block, occupied" Beds PoundsAWeek 0..=3_000_000, 340_000: "Estimate: the region's middle price of a block bed";
    BlockEmpty "block_empty" "Price of an empty bed of the block, of that" Beds Percent 0..=1_000, 850: "Estimate";
    BlockFit "block_fit" "Children whom a bed of the block would suit" Beds Percent 0..=1_000, 350: "Estimate: a third; homes turn down most children for the others who live there";
    BlockOpens "block_opens" "Until the block opens" Beds Weeks 0..=156, 13: "Estimate: a mini-competition and its mobilisation";
    BlockSetUp "block_set_up" "Buying the block: once" Beds Pounds 0..=10_000_000_000, 1_500_000: "Estimate";
    HouseBeds "house_beds" "Beds in house" Beds Count 0..=60, 4: "Two homes of 2 beds, as in the decision 9802 of 2023";
    HouseWeekly "house_weekly" "Cost of a bed in house, occupied or not" Beds PoundsAWeek 0..=3_000_000, 420_000: "Coventry published £219,985 a place in 2022/23";
    HouseFit "house_fit" "Children whom a bed in house would suit" Beds Percent 0..=1_000, 350: "Estimate: a third; homes turn down most children for the others who live there";
    HouseOpens "house_opens" "Until the homes open" Beds Weeks 0..=156, 52: "Estimate: buying, registering and staffing a home";
    HouseSetUp "house_set_up" "Buying and fitting out the homes: once" Beds Pounds 0..=10_000_000_000, 80_000_000: "Estimate: two houses";
    OwnSetUp "own_set_up" "Setting up an own framework: once" SetUp Pounds 0..=1_000_000_000, 9_000_000: "Estimate: procurement, legal advice and evaluation";
    OwnYearly "own_yearly" "Keeping it up, a year" SetUp Pounds 0..=1_000_000_000, 6_000_000: "Estimate: one contracts officer with on-costs";
    SubSetUp "sub_set_up" "Setting up a sub-regional framework: this authority's share, once" SetUp Pounds 0..=1_000_000_000, 4_500_000: "Estimate";
    SubYearly "sub_yearly" "Keeping it up: this authority's share, a year" SetUp Pounds 0..=1_000_000_000, 2_500_000: "Estimate";
    Partners "partners" "Partners in a sub-regional framework" SetUp Count 1..=13, 3: "Estimate; the decision found it difficult to identify any, since all 14 take part in the arrangement";
    Contribution "contribution" "The arrangement: this authority's contribution, a year" SetUp Pounds 0..=1_000_000_000, 0: "Not recorded; enter what the authority pays towards the regional team";
    MinutesFca "minutes_fca" "Checks and contracting, where a framework has done its part" Administration Minutes 0..=6_000, 75: "Standard minutes; an estimate until they are measured";
    MinutesSpot "minutes_spot" "Checks and contracting of a spot purchase" Administration Minutes 0..=6_000, 325: "Standard minutes; an estimate until they are measured";
    MinutesBed "minutes_bed" "Nominating to a bed of the block or in house" Administration Minutes 0..=6_000, 45: "Estimate";
    OwnHomes "own_homes" "Homes to evaluate for an own framework" Administration Count 0..=1_000, 10: "Estimate";
    SubHomes "sub_homes" "Homes to evaluate for a sub-regional framework, shared among its partners" Administration Count 0..=1_000, 40: "Estimate";
    MinutesHome "minutes_home" "Evaluating one home, a year" Administration Minutes 0..=60_000, 600: "Estimate: 10 hours of evaluators";
    MinutesRegion "minutes_region" "This authority's evaluators in the regional evaluation, a year" Administration Minutes 0..=600_000, 1_200: "Estimate: 20 hours";
}

impl Assumption {
    /// The assumption of this name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.code() == code)
    }

    /// What somebody typed for it, within its bounds; else what to do about it.
    pub fn read(self, typed: &str) -> Result<i64, String> {
        let (low, high) = self.bounds();
        let unit = self.unit();
        match unit.read(typed) {
            Some(value) if (low..=high).contains(&value) => Ok(value),
            _ => Err(format!(
                "{}: enter {} from {} to {}, like {}",
                self.label(),
                unit.words(),
                unit.write(low),
                unit.write(high),
                unit.write(self.fallback().0)
            )),
        }
    }

    /// A value brought within the bounds.
    #[must_use]
    pub fn within(self, value: i64) -> i64 {
        let (low, high) = self.bounds();
        value.clamp(low, high)
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// From the record, with how it was counted.
    Record(String),
    /// A stated estimate, with its ground.
    Estimate(String),
    /// Typed by somebody, in place of what stood there.
    Typed {
        /// What it would have been.
        instead_of: i64,
    },
}

/// A value with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumed {
    /// The value, in its unit's smallest part.
    pub value: i64,
    /// Where it comes from.
    pub origin: Origin,
}

/// Every assumption of one appraisal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Assumptions(BTreeMap<Assumption, Assumed>);

impl Default for Assumptions {
    fn default() -> Self {
        Self(Assumption::ALL.iter().map(|one| (*one, estimate(*one))).collect())
    }
}

fn estimate(one: Assumption) -> Assumed {
    let (value, why) = one.fallback();
    Assumed { value, origin: Origin::Estimate(why.to_owned()) }
}

impl Assumptions {
    /// Takes a starting point from the record, brought within bounds.
    pub fn found(&mut self, one: Assumption, value: i64, how: impl Into<String>) {
        self.0.insert(one, Assumed { value: one.within(value), origin: Origin::Record(how.into()) });
    }

    /// The value of one.
    #[must_use]
    pub fn get(&self, one: Assumption) -> i64 {
        self.0.get(&one).map_or(one.fallback().0, |assumed| assumed.value)
    }

    /// One with where it comes from.
    #[must_use]
    pub fn of(&self, one: Assumption) -> Assumed {
        self.0.get(&one).cloned().unwrap_or_else(|| estimate(one))
    }

    /// Whether somebody typed any of them.
    #[must_use]
    pub fn typed(&self) -> Vec<Assumption> {
        let typed = |assumed: &Assumed| matches!(assumed.origin, Origin::Typed { .. });
        self.0.iter().filter(|(_, assumed)| typed(assumed)).map(|(one, _)| *one).collect()
    }

    /// The same with what somebody typed; every name that is not known and every value out of bounds is named. An empty
    /// text leaves the starting point, and so does its own value.
    pub fn with_typed<'t>(mut self, typed: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        for (code, text) in typed {
            let Some(one) = Assumption::from_code(code) else {
                invalid.add(code, format!("There is no assumption {code}; the page lists them all"));
                continue;
            };
            if text.trim().is_empty() {
                continue;
            }
            match one.read(text) {
                Ok(value) => {
                    let before = self.get(one);
                    if value != before {
                        self.0.insert(one, Assumed { value, origin: Origin::Typed { instead_of: before } });
                    }
                }
                Err(ask) => invalid.add(code, ask),
            }
        }
        if self.get(Assumption::Near) + self.get(Assumption::Far) > 1_000 {
            invalid.add("far", "In the own area and at a distance come to more than 100%: enter less for one of them");
        }
        if self.get(Assumption::NearSpot) + self.get(Assumption::FarSpot) > 1_000 {
            invalid.add(
                "far_spot",
                "In the own area and at a distance come to more than 100%: enter less for one of them",
            );
        }
        invalid.or(self)
    }
}
