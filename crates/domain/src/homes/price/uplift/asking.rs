//! What a provider asks for: by the formula or with its costs, checked by its fields and by what is known on the day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{FormulaUsed, LEAD, PROVIDER};
use crate::calendar::long_date;
use crate::homes::home::Home;
use crate::homes::price::formula::{ConsumerPrices, Percent, UpliftFormula};
use crate::homes::price::{LineKind, Rectangle, TenderedWrong};
use crate::homes::standing::Standing;
use crate::money::Pence;
use crate::nights::plus_days;
use crate::outcome::{Invalid, Refusal};

/// How far ahead a rise may be asked for.
const FURTHEST_DAYS: i64 = 366;
/// Months between two rises of one price by the formula: the terms that it comes from give an annual rise.
pub const FORMULA_EVERY_MONTHS: i32 = 12;
/// The most lines of costs in a request.
pub const MOST_COSTS: usize = 8;

coded! {
    /// On what a request rests.
    UpliftBasis {
        Formula "formula" "By the formula of the arrangement";
        OpenBook "open_book" "Open book: costs with evidence";
    }
}

coded! {
    /// What a line of costs is for.
    CostKind {
        Staff "staff" "Pay, pensions and employer's contributions";
        Agency "agency" "Agency staff";
        Premises "premises" "Premises, energy and repairs";
        Food "food" "Food and household";
        Transport "transport" "Transport";
        Insurance "insurance" "Insurance and registration";
        Training "training" "Training and clinical supervision";
        Overheads "overheads" "Management and overheads";
    }
}

/// A line of costs: what a week of the home's service costs in it for a child, before and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostLine {
    /// What for.
    pub kind: CostKind,
    /// A week, when the present price was set.
    pub was: Pence,
    /// A week, from the day asked for.
    pub now: Pence,
}

/// What only the provider and the regional team read of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Book {
    /// Why, in the provider's words.
    pub words: String,
    /// The costs, of an open book.
    pub costs: Vec<CostLine>,
}

impl Book {
    /// By how much the costs rose.
    #[must_use]
    pub fn rise(&self) -> Pence {
        self.costs.iter().map(|line| line.now - line.was).sum()
    }
}

/// What a provider asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The home.
    pub home: Home,
    /// The lot's code.
    pub lot: String,
    /// Core or education.
    pub line: LineKind,
    /// On what it rests.
    pub basis: UpliftBasis,
    /// By how much, where by formula.
    pub percent: Option<Percent>,
    /// The price of a week asked for, where by open book.
    pub weekly: Option<Pence>,
    /// From which night.
    pub from: Date,
    /// Words and costs.
    pub book: Book,
}

/// What is known when somebody asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPrices {
    /// How the home stands.
    pub standing: Standing,
    /// The scheduled prices of the line from the night asked for on, in their order.
    pub scheduled: Vec<Rectangle<Pence>>,
    /// The formula.
    pub formula: UpliftFormula,
    /// The rate of consumer prices.
    pub prices: Option<ConsumerPrices>,
    /// From which night this price last rose by the formula; none where it never did.
    pub risen: Option<Date>,
}

impl Asking {
    /// What is wrong with it by its fields, whatever is scheduled.
    pub fn checked(self, today: Date) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        if !matches!(self.line, LineKind::Core | LineKind::Education) {
            invalid.add("line", "Select the core price or education: support is priced in each agreement");
        }
        match self.basis {
            UpliftBasis::Formula if self.percent.is_none_or(|percent| percent.0 == 0) => {
                invalid.add("percent", "Enter a percentage from 0.01 to 100, like 1.5");
            }
            UpliftBasis::OpenBook if self.weekly.is_none_or(|weekly| weekly <= Pence::ZERO) => {
                invalid.add("weekly", "Enter the price of a week that you ask for, like 4250");
            }
            UpliftBasis::Formula | UpliftBasis::OpenBook => {}
        }
        if self.basis == UpliftBasis::OpenBook && self.book.costs.is_empty() {
            invalid.add("staff_now", "Enter at least one line of costs");
        }
        if self.basis == UpliftBasis::OpenBook && self.book.words.trim().is_empty() {
            invalid.add("words", "Say why the costs rose");
        }
        if self.book.words.chars().count() > 2_000 {
            invalid.add("words", "Shorten this to 2,000 characters");
        }
        if self.from <= today {
            invalid.add("from", "Enter a day after today: a price is not raised for nights that have passed");
        } else if self.from > plus_days(today, FURTHEST_DAYS) {
            invalid.add("from", "Enter a day within a year");
        }
        invalid.or(self)
    }
}

/// The price that a rise starts from: it stands on the first night, and no other stands on a later one, or nothing could
/// be granted. A later night without a price gets none.
pub(super) fn standing_price(of: &Asking, scheduled: &[Rectangle<Pence>]) -> Result<Pence, Refusal> {
    let first = scheduled.iter().find(|price| price.from <= of.from && of.from < price.to);
    let was = first.map(|price| price.value).ok_or_else(|| no_price(&of.home, of.from))?;
    let Some(other) = scheduled.iter().find(|price| price.value != was) else { return Ok(was) };
    let last = scheduled.last().map(|price| price.value);
    let one_price = scheduled.iter().rev().take_while(|price| Some(price.value) == last).last();
    let from = long_date(one_price.map_or(other.from, |price| price.from));
    let stands = format!("{} a week stands from {}", other.value, long_date(other.from));
    let provider = format!("{PROVIDER}, by asking for a rise from {from} or later");
    Err(Refusal::new(
        "uplift_price_changes",
        "A rise raises one price, from its first night on",
        format!("{stands}, so a rise of {was} from {} cannot be granted.", long_date(of.from)),
        format!("{provider}; or the regional team, by correcting the schedule"),
    )
    .found(stands))
}

fn no_price(home: &Home, day: Date) -> Refusal {
    Refusal::new(
        "no_tendered_price",
        "A rise starts from the scheduled price",
        format!("{} has no scheduled price for this lot on the day.", home.name),
        PROVIDER,
    )
    .found(format!("none for {}", long_date(day)))
}

/// The price by the formula, and the formula of the day.
pub(super) fn by_formula(
    of: &Asking,
    known: &KnownPrices,
    was: Pence,
) -> Result<(Pence, Option<FormulaUsed>), TenderedWrong> {
    let Some(percent) = of.percent else {
        return Err(TenderedWrong::Invalid(Invalid::one("percent", "Enter a percentage, like 1.5")));
    };
    let prices = known.prices.clone().ok_or_else(|| {
        Refusal::new(
            "consumer_prices_missing",
            "The formula reads the published rise in consumer prices",
            "No rise in consumer prices is recorded for today, so the formula gives nothing.",
            LEAD,
        )
        .found("none recorded")
    })?;
    let most = known.formula.most(prices.rate);
    if percent > most {
        return Err(Refusal::new(
            "above_formula",
            "By formula: at most the lower of the cap and the rise in consumer prices",
            format!("The formula gives at most {most}. A higher rise is asked for by open book, with the costs."),
            "The provider, by a lower percentage or by open book",
        )
        .found(format!("{percent} asked, {} and {} in the formula", known.formula.cap, prices.rate))
        .into());
    }
    if let Some(risen) = known.risen {
        once_a_year(risen, of.from)?;
    }
    let asked = percent.raise(was);
    Ok((asked, Some(FormulaUsed { formula: known.formula.clone(), prices })))
}

/// A price rises by the formula once in twelve months, whenever it is asked for; dearer costs are shown by open book.
fn once_a_year(risen: Date, from: Date) -> Result<(), Refusal> {
    let next = risen.saturating_add(jiff::Span::new().months(FORMULA_EVERY_MONTHS));
    if from >= next {
        return Ok(());
    }
    let (last, next) = (long_date(risen), long_date(next));
    Err(Refusal::new(
        "formula_once_a_year",
        "By formula: each price rises once in twelve months",
        format!("This price rose by the formula from {last}. The next rise by it can hold from {next}."),
        "The provider, by a later first night or by open book",
    )
    .found(format!("from {} asked", long_date(from))))
}

/// The price by costs: above the present one, at most twice it, and carried by the rise in costs.
pub(super) fn by_costs(of: &Asking, was: Pence) -> Result<Pence, TenderedWrong> {
    let asked = of.weekly.unwrap_or_default();
    if asked <= was || asked > was + was {
        let words = format!("Enter a price of a week above {was} and of at most twice that");
        return Err(TenderedWrong::Invalid(Invalid::one("weekly", &words)));
    }
    if of.book.rise() < asked - was {
        return Err(Refusal::new(
            "book_does_not_carry",
            "An open book shows costs that carry the rise",
            "The costs rose by less than the price that is asked for.",
            "The provider, by the missing costs or a lower price",
        )
        .found(format!("{} more in costs, {} more in price", of.book.rise(), asked - was))
        .into());
    }
    Ok(asked)
}
