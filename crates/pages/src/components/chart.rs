//! Bars drawn on the server as SVG, always with their numbers in words or a table beside them.
//!
//! Four series at most, in the Government Analysis Function's colours; patterns differ as well as colours.

use askama::Template;
use jiff::civil::Date;

use super::table::{Column, Row, Table};
use crate::component;
use crate::html::Html;
use crate::words;

/// The width of the drawing, in its own units.
const WIDTH: i64 = 400;
/// The height of one bar with the label above it.
const ROW: i64 = 48;

/// One bar: its label, and one whole number for each series (pence, days, beds).
#[derive(Debug, Clone)]
pub struct BarRow {
    label: String,
    values: Vec<i64>,
}

impl BarRow {
    /// A bar. Numbers below nothing are drawn as nothing; the table says what they are.
    pub fn new(label: impl Into<String>, values: impl IntoIterator<Item = i64>) -> Self {
        Self { label: label.into(), values: values.into_iter().collect() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Segment {
    x: i64,
    width: i64,
    series: usize,
}

/// Horizontal bars, each the sum of its series, with a line at a limit where there is one.
#[derive(Debug, Clone, Template)]
#[template(path = "components/bars.html")]
pub struct Bars {
    id: String,
    finding: String,
    text: String,
    first_column: String,
    series: Vec<String>,
    rows: Vec<BarRow>,
    limit: Option<(String, i64)>,
    show: fn(i64) -> String,
    level: u8,
}

impl Bars {
    /// `id` is the drawing's own on its page. `finding` is the heading and says what the numbers show;
    /// `text` says it in a sentence or two; `first_column` heads the labels in the table.
    pub fn new(
        id: impl Into<String>,
        finding: impl Into<String>,
        text: impl Into<String>,
        first_column: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            finding: finding.into(),
            text: text.into(),
            first_column: first_column.into(),
            series: Vec::new(),
            rows: Vec::new(),
            limit: None,
            show: |pence| words::money(placewell_domain::money::Pence(pence)),
            level: 2,
        }
    }

    /// The names of the series, one to four.
    #[must_use]
    pub fn series<const N: usize>(mut self, names: [&str; N]) -> Self {
        self.series = names.map(str::to_owned).to_vec();
        self
    }

    /// Adds a bar.
    #[must_use]
    pub fn bar(mut self, row: BarRow) -> Self {
        self.rows.push(row);
        self
    }

    /// A line across all bars: "Ceiling".
    #[must_use]
    pub fn limit(mut self, name: impl Into<String>, value: i64) -> Self {
        self.limit = Some((name.into(), value));
        self
    }

    /// How the numbers are written; money in pence unless something else is given.
    #[must_use]
    pub fn shown_as(mut self, show: fn(i64) -> String) -> Self {
        self.show = show;
        self
    }

    /// The heading's level.
    #[must_use]
    pub fn level(mut self, level: u8) -> Self {
        self.level = level;
        self
    }

    fn show(&self, value: &i64) -> String {
        (self.show)(*value)
    }

    fn height(&self) -> i64 {
        i64::try_from(self.rows.len()).unwrap_or(0) * ROW + 4
    }

    fn top(index: &usize) -> i64 {
        i64::try_from(*index).unwrap_or(0) * ROW
    }

    /// The number that the whole width stands for.
    fn scale(&self) -> i64 {
        let longest =
            self.rows.iter().map(|row| row.values.iter().map(|value| (*value).max(0)).sum()).max().unwrap_or(0);
        longest.max(self.limit.as_ref().map_or(0, |(_, value)| *value)).max(1)
    }

    fn x(&self, value: i64) -> i64 {
        let exact = i128::from(value.max(0)) * i128::from(WIDTH - 4) / i128::from(self.scale());
        i64::try_from(exact).unwrap_or(WIDTH)
    }

    fn limit_x(&self) -> i64 {
        self.limit.as_ref().map_or(0, |(_, value)| self.x(*value))
    }

    fn segments(&self, row: &BarRow) -> Vec<Segment> {
        let mut sum = 0;
        row.values
            .iter()
            .enumerate()
            .map(|(series, value)| {
                let from = self.x(sum);
                sum += (*value).max(0);
                Segment { x: from, width: self.x(sum) - from, series }
            })
            .filter(|segment| segment.width > 0)
            .collect()
    }

    fn total(&self, row: &BarRow) -> String {
        (self.show)(row.values.iter().sum())
    }

    fn table(&self) -> Table {
        let mut table =
            Table::new(self.finding.clone()).caption_hidden().column(Column::text(self.first_column.clone()));
        for name in &self.series {
            table = table.column(Column::number(name.clone()));
        }
        if self.series.len() > 1 {
            table = table.column(Column::number("Total"));
        }
        for bar in &self.rows {
            let mut row = Row::new(bar.label.as_str());
            for value in &bar.values {
                row = row.cell((self.show)(*value));
            }
            if self.series.len() > 1 {
                row = row.cell(self.total(bar));
            }
            table = table.row(row);
        }
        table
    }
}

/// A term as a bar: the initial term, how far the extension has been used, what is left of it, and today.
#[derive(Debug, Clone, Template)]
#[template(path = "components/term_bar.html")]
pub struct TermBar {
    id: String,
    start: Date,
    initial_end: Date,
    extended_end: Date,
    longest_end: Date,
    today: Date,
}

impl TermBar {
    /// All days are inclusive; `extended_end` equals `initial_end` while no extension is used.
    pub fn new(
        id: impl Into<String>,
        start: Date,
        initial_end: Date,
        extended_end: Date,
        longest_end: Date,
        today: Date,
    ) -> Self {
        Self { id: id.into(), start, initial_end, extended_end, longest_end, today }
    }

    fn days(from: Date, to: Date) -> i64 {
        from.until(to).map_or(0, |span| i64::from(span.get_days()))
    }

    /// Where a day stands in the drawing, its width being the longest term.
    fn x(&self, date: Date) -> i64 {
        let whole = (Self::days(self.start, self.longest_end) + 1).max(1);
        (Self::days(self.start, date) * 1000 / whole).clamp(0, 1000)
    }

    fn today_x(&self) -> i64 {
        self.x(self.today)
    }

    fn initial_width(&self) -> i64 {
        self.x(self.initial_end)
    }

    fn used_width(&self) -> i64 {
        (self.x(self.extended_end) - self.initial_width()).max(0)
    }

    fn left_x(&self) -> i64 {
        self.initial_width() + self.used_width()
    }

    fn is_extended(&self) -> bool {
        self.extended_end > self.initial_end
    }

    fn has_left(&self) -> bool {
        self.longest_end > self.extended_end
    }

    /// "Day 1,003 of 1,096; 92 days to 14 December 2021." or what it is before and after the term.
    fn sentence(&self) -> String {
        let whole = Self::days(self.start, self.extended_end) + 1;
        let day = Self::days(self.start, self.today) + 1;
        let left = Self::days(self.today, self.extended_end);
        if day < 1 {
            format!("Starts on {}.", words::date(self.start))
        } else if left < 0 {
            format!("Ended on {}.", words::date(self.extended_end))
        } else {
            format!(
                "Day {} of {}; {} to {}.",
                words::number(day.unsigned_abs()),
                words::number(whole.unsigned_abs()),
                words::count(left.unsigned_abs(), "day", "days"),
                words::date(self.extended_end)
            )
        }
    }

    fn key(&self) -> Vec<(&'static str, Html)> {
        let initial = format!("Initial term: {}", words::date_range(self.start, self.initial_end));
        let mut key = vec![("app-swatch-1", Html::from(initial))];
        if self.is_extended() {
            key.push(("app-swatch-2", format!("Extension used: to {}", words::date(self.extended_end)).into()));
        }
        if self.has_left() {
            key.push(("app-swatch-0", format!("Extension left: to {}", words::date(self.longest_end)).into()));
        }
        key
    }
}

component!(Bars, TermBar);

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{BarRow, Bars, Segment, TermBar};

    fn value() -> Bars {
        Bars::new("value", "Committed value is within the ceiling", "£4.62m of £5.5m.", "Year")
            .series(["Actual", "Committed"])
            .bar(BarRow::new("2020 to 2021", [300_000_000, 162_000_000]))
            .limit("Ceiling", 550_000_000)
    }

    #[test]
    fn segments_meet_and_end_where_their_sum_stands() {
        let bars = value();
        let segments = bars.rows.first().map(|row| bars.segments(row)).unwrap_or_default();
        assert_eq!(segments, [Segment { x: 0, width: 216, series: 0 }, Segment { x: 216, width: 116, series: 1 }]);
        assert_eq!(bars.x(550_000_000), 396);
    }

    #[test]
    fn the_numbers_of_a_drawing_stand_in_a_table_beside_it() {
        let html = value().to_string();
        for number in ["£3,000,000", "£1,620,000", "£4,620,000"] {
            assert!(html.contains(number), "{number} in {html}");
        }
        assert!(html.contains("role=\"img\""));
    }

    #[test]
    fn a_term_counts_its_days_with_both_ends() {
        let bar = TermBar::new(
            "term",
            date(2018, 12, 15),
            date(2021, 12, 14),
            date(2021, 12, 14),
            date(2024, 12, 14),
            date(2021, 9, 13),
        );
        assert_eq!(bar.sentence(), "Day 1,004 of 1,096; 92 days to 14 December 2021.");
    }
}
