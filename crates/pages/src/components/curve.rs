//! A cost that falls with use, drawn on the server as SVG against prices that do not, with the use at which it meets each,
//! always with the same numbers in a table below.

use askama::Template;

use super::table::{Column, Row, Table};
use crate::component;
use crate::words;

/// The drawing's left, right, upper and lower edges, in its own units.
const EDGES: (i64, i64, i64, i64) = (56, 392, 12, 212);

/// A price that does not change with use: a name, pence, and the use in thousandths at which the curve meets it.
#[derive(Debug, Clone)]
pub struct Level {
    name: String,
    pence: i64,
    meets: Option<u32>,
}

impl Level {
    /// `meets` is none where the curve never comes down to it.
    pub fn new(name: impl Into<String>, pence: i64, meets: Option<u32>) -> Self {
        Self { name: name.into(), pence, meets }
    }

    /// "FCA, middle price: £3,950 a week, met at 81.4%".
    fn words(&self) -> String {
        let price = format!("{}: {} a week", self.name, money(&self.pence));
        match self.meets {
            Some(use_) => format!("{price}, met at {}", percent(use_)),
            None => format!("{price}, met at no use"),
        }
    }
}

fn money(pence: &i64) -> String {
    words::money(placewell_domain::money::Pence(*pence))
}

fn percent(thousandths: u32) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// The drawing, with its table.
#[derive(Debug, Clone, Template)]
#[template(path = "components/curve.html")]
pub struct Curve {
    id: String,
    finding: String,
    text: String,
    name: String,
    points: Vec<(u8, i64)>,
    levels: Vec<Level>,
}

impl Curve {
    /// `finding` is the heading and says what the numbers show, `text` says it in a sentence or two; `name` is what the
    /// curve is of; `points` are uses in percent with pence, use rising.
    pub fn new(
        id: impl Into<String>,
        (finding, text): (impl Into<String>, impl Into<String>),
        name: impl Into<String>,
        points: impl IntoIterator<Item = (u8, i64)>,
    ) -> Self {
        Self {
            id: id.into(),
            finding: finding.into(),
            text: text.into(),
            name: name.into(),
            points: points.into_iter().collect(),
            levels: Vec::new(),
        }
    }

    /// Adds a price, three at most.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.levels.push(level);
        self
    }

    /// What the whole height stands for: twice the dearest price, or twice the cost at full use where that is more, so that
    /// the cost of a bed that is hardly used does not flatten all else.
    fn scale(&self) -> i64 {
        let dearest = self.levels.iter().map(|level| level.pence).max().unwrap_or(0);
        let full = self.points.last().map_or(0, |(_, pence)| *pence);
        (dearest.max(full).saturating_mul(2)).max(1)
    }

    fn y(&self, pence: &i64) -> i64 {
        let (_, _, top, bottom) = EDGES;
        let scale = i128::from(self.scale());
        let up = i128::from((*pence).max(0)).min(scale) * i128::from(bottom - top) / scale;
        bottom - i64::try_from(up).unwrap_or(0)
    }

    /// Where a use in thousandths stands.
    fn x(thousandths: &u32) -> i64 {
        let (left, right, _, _) = EDGES;
        left + i64::from((*thousandths).min(1_000)) * (right - left) / 1_000
    }

    /// The curve, from where it comes down into the drawing.
    fn path(&self) -> String {
        let scale = self.scale();
        let drawn = self.points.iter().filter(|(_, pence)| *pence <= scale);
        let points: Vec<String> =
            drawn.map(|(use_, pence)| format!("{},{}", Self::x(&(u32::from(*use_) * 10)), self.y(pence))).collect();
        points.join(" ")
    }

    /// Marks along the foot: use in percent.
    fn uses() -> [u32; 5] {
        [0, 250, 500, 750, 1_000]
    }

    fn cost_words(pence: &i64) -> String {
        money(pence)
    }

    fn use_words(thousandths: &u32) -> String {
        format!("{}%", thousandths / 10)
    }

    /// Marks along the side: nothing, half and the whole height.
    fn costs(&self) -> [i64; 3] {
        [0, self.scale() / 2, self.scale()]
    }

    fn table(&self) -> Table {
        let mut table = Table::new(self.finding.clone())
            .caption_hidden()
            .column(Column::text("Bed-nights used"))
            .column(Column::number(self.name.clone()));
        for level in &self.levels {
            table = table.column(Column::number(level.name.clone()));
        }
        let tenths = self.points.iter().filter(|(use_, _)| use_ % 10 == 0);
        let row = |use_: String, cost: i64| {
            let prices = self.levels.iter().map(|level| money(&level.pence));
            prices.fold(Row::new(use_).cell(money(&cost)), Row::cell)
        };
        let met = self.levels.iter().filter_map(|level| level.meets.map(|use_| (use_, level.pence)));
        let mut rows: Vec<(u32, Row)> =
            tenths.map(|(use_, cost)| (u32::from(*use_) * 10, row(format!("{use_}%"), *cost))).collect();
        rows.extend(
            met.filter(|(use_, _)| use_ % 100 != 0)
                .map(|(use_, pence)| (use_, row(format!("{}, where it breaks even", percent(use_)), pence))),
        );
        rows.sort_by_key(|(use_, _)| *use_);
        table.rows(rows.into_iter().map(|(_, row)| row))
    }
}

component!(Curve);

#[cfg(test)]
mod tests {
    use super::{Curve, Level};

    /// 500u + 400(1 − u) a night: £4,200 a week at u = 0.8.
    fn block() -> Curve {
        let cost = |use_: i64| 7 * (50_000 * use_ + 40_000 * (100 - use_)) / use_;
        let points = (1..=100u8).map(|use_| (use_, cost(i64::from(use_))));
        Curve::new("break-even", ("It pays from 80%", "Of all bed-nights."), "A used bed", points)
            .level(Level::new("FCA", 420_000, Some(800)))
            .level(Level::new("Spot purchase", 500_000, Some(652)))
            .level(Level::new("Block elsewhere", 340_000, None))
    }

    #[test]
    fn the_curve_meets_each_price_where_it_breaks_even() {
        let curve = block();
        let path = curve.path();
        let at = |thousandths: u32, pence: i64| format!("{},{}", Curve::x(&thousandths), curve.y(&pence));
        assert!(path.contains(&at(800, 420_000)), "{path} has {}", at(800, 420_000));
        assert!(path.ends_with(&at(1_000, 350_000)));
        assert!(path.starts_with(&at(310, 973_225)), "what costs more than twice the dearest price is left out");
    }

    #[test]
    fn prices_and_break_evens_stand_in_the_table_and_in_words() {
        let html = block().to_string();
        for words in [
            "role=\"img\"",
            "FCA: £4,200 a week, met at 80.0%",
            "Spot purchase: £5,000 a week, met at 65.2%",
            "Block elsewhere: £3,400 a week, met at no use",
            "65.2%, where it breaks even",
        ] {
            assert!(html.contains(words), "{words} in {html}");
        }
        assert_eq!(html.matches("<tr").count(), 12, "a head, ten tenths, and the one break-even between two of them");
        assert_eq!(html.matches("app-meets").count(), 2);
    }
}
