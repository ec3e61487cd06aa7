//! Differences with their intervals, drawn on the server as SVG beside a line at nothing and a band, always with the same
//! numbers in a table below.

use askama::Template;

use crate::component;

/// The drawing's width, in its own units.
const WIDTH: i64 = 400;
/// The height of one row with the label above it.
const ROW: i64 = 46;

/// One difference, in hundredths of a percent.
#[derive(Debug, Clone)]
pub struct IntervalRow {
    label: String,
    drawn: Option<(i64, i64, i64)>,
}

impl IntervalRow {
    /// A label that says the verdict; from, estimate and to where there is a difference.
    pub fn new(label: impl Into<String>, drawn: Option<(i64, i64, i64)>) -> Self {
        Self { label: label.into(), drawn }
    }
}

/// Differences, one below the other.
#[derive(Debug, Clone, Template)]
#[template(path = "components/intervals.html")]
pub struct Intervals {
    id: String,
    finding: String,
    text: String,
    band: i64,
    rows: Vec<IntervalRow>,
}

impl Intervals {
    /// `finding` is the heading and says what the numbers show, `text` says it in a sentence; `band` is how far from
    /// nothing a difference still counts as none, in hundredths of a percent.
    pub fn new(id: impl Into<String>, finding: impl Into<String>, text: impl Into<String>, band: i64) -> Self {
        Self { id: id.into(), finding: finding.into(), text: text.into(), band, rows: Vec::new() }
    }

    /// Adds rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = IntervalRow>) -> Self {
        self.rows.extend(rows);
        self
    }

    fn height(&self) -> i64 {
        i64::try_from(self.rows.len()).unwrap_or(0) * ROW + 4
    }

    fn top(index: &usize) -> i64 {
        i64::try_from(*index).unwrap_or(0) * ROW
    }

    /// How far the drawing reaches to either side: the furthest end, at most 60%, so that one wide interval does not
    /// flatten all others; what is cut goes to the edge.
    fn reach(&self) -> i64 {
        let ends = self.rows.iter().filter_map(|row| row.drawn).flat_map(|(from, _, to)| [from.abs(), to.abs()]);
        ends.max().unwrap_or(0).clamp(self.band * 3 / 2, 6_000)
    }

    fn x(&self, share: &i64) -> i64 {
        let reach = self.reach().max(1);
        (WIDTH / 2 + (*share).clamp(-reach, reach) * (WIDTH / 2 - 4) / reach).clamp(0, WIDTH)
    }

    fn line(&self, side: i64) -> i64 {
        self.x(&(side * self.band))
    }

    fn percent(&self) -> i64 {
        self.band / 100
    }
}

component!(Intervals);

#[cfg(test)]
mod tests {
    use super::{IntervalRow, Intervals};

    #[test]
    fn nothing_stands_in_the_middle_and_a_wide_interval_ends_at_the_edge() {
        let drawn = Intervals::new("d", "Finding", "Text.", 1_000)
            .rows([IntervalRow::new("A", Some((-300, 100, 9_000))), IntervalRow::new("B", None)]);
        assert_eq!((drawn.x(&0), drawn.x(&9_000), drawn.x(&-9_000)), (200, 396, 4));
        assert_eq!((drawn.line(-1), drawn.line(1)), (168, 232));
        let html = drawn.to_string();
        assert!(html.contains("role=\"img\"") && html.matches("<circle").count() == 2, "{html}");
    }
}
