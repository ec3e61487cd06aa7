//! How homes are watched: returns, visits, concerns, hours of support, placements under strain.

use jiff::civil::Date;
use placewell_domain::calendar::quarter_of;
use placewell_domain::nights::plus_days;
use placewell_domain::outcome::Invalid;

use crate::components::{BarRow, Bars};
use crate::form::{Field, Typed};
use crate::html::Html;
use crate::words;

mod concern;
mod filling;
mod found;
mod hours;
mod kit;
mod of_provider;
mod round;
mod stability;
mod visit;

pub use concern::{ConcernView, Evidence, concern, own_concern, raise};
pub use filling::{FillView, OwnView, fill, own};
pub use found::{FoundView, HomeView, ThemesView, found, home, themes};
pub use hours::{HoursView, OwnHoursView, WeekForm, hours, own_hours};
pub use of_provider::{OfProviderView, ProviderHomeRow, of_provider};
pub use round::{ReturnRow, ReturnView, RoundView, quality_return, round};
pub use stability::{AlertView, AlertsView, FlagView, alert, alerts, flag};
pub use visit::{VisitView, plan, visit};

/// The form that begins a visit or a concern.
#[derive(Debug, Clone)]
pub struct BeginView {
    /// The form's key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

impl BeginView {
    /// Which home it is about.
    fn home(&self) -> Field {
        Field::text("urn", "The home's Ofsted number")
            .hint("For example, SC400001")
            .value(self.typed.get("urn"))
            .errors(&self.errors)
    }
}

/// One figure over the quarters.
#[derive(Debug, Clone)]
pub struct TrendView {
    /// What it is.
    pub label: &'static str,
    /// Whether it is a share in percent.
    pub percent: bool,
    /// By the first day of the quarter; none where nothing was returned.
    pub points: Vec<(Date, Option<i64>)>,
}

/// "April to June 2021".
pub(crate) fn quarter(first: Date) -> String {
    let last = plus_days(quarter_of(plus_days(first, 95)), -1);
    format!("{} to {} {}", words::month(first), words::month(last), last.year())
}

fn percent(value: i64) -> String {
    format!("{value}%")
}

fn number(value: i64) -> String {
    words::number(value.unsigned_abs())
}

/// Each figure as a drawing with its table, in one part.
pub(crate) fn charts(trends: &[TrendView]) -> Vec<Html> {
    let drawn = trends.iter().enumerate().map(|(at, trend)| {
        let missing: Vec<String> =
            trend.points.iter().filter(|(_, value)| value.is_none()).map(|(first, _)| quarter(*first)).collect();
        let text = match missing.as_slice() {
            [] => "As the homes returned it, with their latest corrections.".to_owned(),
            some => format!("As the homes returned it. Nothing to show for {}.", words::list(some)),
        };
        let bars = Bars::new(format!("trend-{at}"), trend.label, text, "Quarter").series(["Returned"]).level(3);
        let bars = bars.shown_as(if trend.percent { percent } else { number });
        let bars = trend
            .points
            .iter()
            .filter_map(|(first, value)| Some((first, (*value)?)))
            .fold(bars, |bars, (first, value)| bars.bar(BarRow::new(quarter(*first), [value])));
        Html::from(bars)
    });
    drawn.collect()
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    [
        round::samples(),
        filling::samples(),
        found::samples(),
        of_provider::samples(),
        visit::samples(),
        concern::samples(),
        hours::samples(),
        stability::samples(),
    ]
    .concat()
}
