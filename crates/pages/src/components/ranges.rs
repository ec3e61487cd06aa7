//! Amounts with their ranges drawn on the server as SVG: a bar from the lower end to the upper, a mark at the middle, words
//! above each; their numbers stand in a table on the same page.

use askama::Template;

use crate::component;

/// The width of the drawing, in its own units.
const WIDTH: i64 = 400;
/// The height of one range with the label above it.
const ROW: i64 = 46;

/// One range: its label, its middle in words, and its ends and middle.
#[derive(Debug, Clone)]
struct RangeRow {
    label: String,
    said: String,
    low: i64,
    middle: i64,
    high: i64,
}

/// Ranges below each other on one scale, which is cut at the left where all lie far from nothing, and says so.
#[derive(Debug, Clone, Template)]
#[template(path = "components/ranges.html")]
pub struct Ranges {
    id: String,
    finding: String,
    text: String,
    rows: Vec<RangeRow>,
    show: fn(i64) -> String,
}

impl Ranges {
    /// `id` is the drawing's own on its page; `finding` is its heading; `text` says in a sentence what it shows and where
    /// the numbers stand; `show` writes the ends of the scale.
    pub fn new(
        id: impl Into<String>,
        finding: impl Into<String>,
        text: impl Into<String>,
        show: fn(i64) -> String,
    ) -> Self {
        Self { id: id.into(), finding: finding.into(), text: text.into(), rows: Vec::new(), show }
    }

    /// Adds a range: its lower end, its middle, its upper end.
    #[must_use]
    pub fn range(mut self, label: impl Into<String>, said: impl Into<String>, [low, middle, high]: [i64; 3]) -> Self {
        self.rows.push(RangeRow { label: label.into(), said: said.into(), low, middle, high });
        self
    }

    fn ends(&self) -> (i64, i64) {
        let low = self.rows.iter().map(|row| row.low).min().unwrap_or(0);
        let high = self.rows.iter().map(|row| row.high).max().unwrap_or(0);
        let from = if low > 0 { (low - (high - low) / 4).max(0) } else { low };
        (from, high.max(from + 1))
    }

    fn x(&self, value: i64) -> i64 {
        let (from, to) = self.ends();
        let exact = i128::from(value - from) * i128::from(WIDTH - 4) / i128::from(to - from);
        i64::try_from(exact).unwrap_or(WIDTH).clamp(0, WIDTH - 4)
    }

    fn width(&self, row: &RangeRow) -> i64 {
        (self.x(row.high) - self.x(row.low)).max(2)
    }

    fn height(&self) -> i64 {
        i64::try_from(self.rows.len()).unwrap_or(0) * ROW + 20
    }

    fn top(index: &usize) -> i64 {
        i64::try_from(*index).unwrap_or(0) * ROW
    }

    fn from(&self) -> String {
        (self.show)(self.ends().0)
    }

    fn to(&self) -> String {
        (self.show)(self.ends().1)
    }
}

component!(Ranges);

#[cfg(test)]
mod tests {
    use super::Ranges;

    fn drawn(ranges: &[[i64; 3]]) -> Ranges {
        let empty = Ranges::new("cost", "Cost", "The numbers stand in the table below.", |value| value.to_string());
        ranges.iter().fold(empty, |drawing, range| drawing.range("One", "middle", *range))
    }

    #[test]
    fn the_scale_holds_every_range_and_is_cut_where_all_lie_far_from_nothing() {
        let far = drawn(&[[1_000, 1_100, 1_200], [1_100, 1_300, 1_400]]);
        assert_eq!(far.ends(), (900, 1_400));
        assert_eq!((far.x(900), far.x(1_400)), (0, 396));
        assert_eq!(drawn(&[[-50, 0, 50]]).ends(), (-50, 50));
        assert_eq!(drawn(&[[0, 0, 0]]).ends(), (0, 1));
    }

    #[test]
    fn the_drawing_says_in_words_what_it_shows() {
        let html = drawn(&[[1, 2, 3]]).to_string();
        assert!(html.contains("role=\"img\"") && html.contains("<title") && html.contains("One: middle"), "{html}");
    }
}
