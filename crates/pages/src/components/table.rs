//! A table: caption, columns, rows whose first cell names the row, and what to say when there are none.
//!
//! Below 641px each row becomes a card, unless the table is narrow and says so. Sorting is by link.

use askama::Template;
use placewell_domain::money::Pence;

use super::link::Link;
use super::number::ContextualDate;
use super::tag::Tag;
use crate::component;
use crate::html::Html;
use crate::words;

/// How a column is sorted now, and where its link leads.
#[derive(Debug, Clone)]
pub struct Sort {
    /// The link that sorts by this column, or turns its order round.
    pub href: String,
    /// `Some(true)`: sorted by it, ascending; `Some(false)`: descending; `None`: by another column.
    pub ascending: Option<bool>,
}

impl Sort {
    fn aria(&self) -> &'static str {
        match self.ascending {
            None => "none",
            Some(true) => "ascending",
            Some(false) => "descending",
        }
    }

    fn mark(&self) -> &'static str {
        match self.ascending {
            None => "",
            Some(true) => " ▲",
            Some(false) => " ▼",
        }
    }
}

/// A column's head.
#[derive(Debug, Clone)]
pub struct Column {
    name: String,
    numeric: bool,
    sort: Option<Sort>,
}

impl Column {
    /// A column of words.
    pub fn text(name: impl Into<String>) -> Self {
        Self { name: name.into(), numeric: false, sort: None }
    }

    /// A column of numbers or money, aligned to the right.
    pub fn number(name: impl Into<String>) -> Self {
        Self { numeric: true, ..Self::text(name) }
    }

    /// Makes the head a link that sorts.
    #[must_use]
    pub fn sort(mut self, href: impl Into<String>, ascending: Option<bool>) -> Self {
        self.sort = Some(Sort { href: href.into(), ascending });
        self
    }
}

/// What stands in one cell. Made from text, [`Link`], [`Tag`], [`ContextualDate`], money or any [`Html`].
#[derive(Debug, Clone, Default)]
pub struct Cell(Html);

impl Cell {
    /// Any component or text.
    pub fn new(content: impl Into<Html>) -> Self {
        Self(content.into())
    }

    /// Money: `£4,150`.
    pub fn money(amount: Pence) -> Self {
        Self(words::money(amount).into())
    }

    /// A count: `4,800`.
    pub fn number(number: u64) -> Self {
        Self(words::number(number).into())
    }
}

macro_rules! cell_from {
    ($($name:ty),+) => {$(
        impl From<$name> for Cell {
            fn from(content: $name) -> Self {
                Self(content.into())
            }
        }
    )+};
}
cell_from!(&str, String, Html, Link, Tag, ContextualDate);

impl From<Pence> for Cell {
    fn from(amount: Pence) -> Self {
        Self::money(amount)
    }
}

/// A row. The first cell names it: the reference, as a link.
#[derive(Debug, Clone, Default)]
pub struct Row {
    cells: Vec<Cell>,
    total: bool,
}

impl Row {
    /// A row that begins with the cell naming it.
    pub fn new(head: impl Into<Cell>) -> Self {
        Self { cells: vec![head.into()], total: false }
    }

    /// The next cell.
    #[must_use]
    pub fn cell(mut self, cell: impl Into<Cell>) -> Self {
        self.cells.push(cell.into());
        self
    }

    /// A row of totals, set in bold.
    #[must_use]
    pub fn total(mut self) -> Self {
        self.total = true;
        self
    }
}

/// A table.
#[derive(Debug, Clone, Template)]
#[template(path = "components/table.html")]
pub struct Table {
    caption: String,
    caption_class: &'static str,
    columns: Vec<Column>,
    rows: Vec<Row>,
    empty: Html,
    stacked: bool,
    scrolls: bool,
}

impl Table {
    /// A table of no columns and no rows yet. The caption is always there; it may be hidden from sight.
    pub fn new(caption: impl Into<String>) -> Self {
        Self {
            caption: caption.into(),
            caption_class: "govuk-table__caption--m",
            columns: Vec::new(),
            rows: Vec::new(),
            empty: "There is nothing to show here.".into(),
            stacked: true,
            scrolls: false,
        }
    }

    /// Keeps the caption for screen readers, where a heading above says the same.
    #[must_use]
    pub fn caption_hidden(mut self) -> Self {
        self.caption_class = "govuk-visually-hidden";
        self
    }

    /// Adds a column.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// Adds several columns of words.
    #[must_use]
    pub fn columns<const N: usize>(mut self, names: [&str; N]) -> Self {
        self.columns.extend(names.map(Column::text));
        self
    }

    /// Adds a row; it should have as many cells as there are columns.
    #[must_use]
    pub fn row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    /// Adds rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// What to say when there are no rows: why, and the next act.
    #[must_use]
    pub fn empty(mut self, words: impl Into<Html>) -> Self {
        self.empty = words.into();
        self
    }

    /// Stays a table on a narrow screen: for two or three short columns.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        self.stacked = false;
        self
    }

    /// Stays a table on a narrow screen and scrolls within its frame: for grids of many columns.
    #[must_use]
    pub fn scrolls(mut self) -> Self {
        self.stacked = false;
        self.scrolls = true;
        self
    }

    /// Whether a column of numbers has money with pence: its other sums then show theirs too, so that digits stand
    /// under digits.
    fn has_pence(&self, at: usize) -> bool {
        let numeric = self.columns.get(at).is_some_and(|column| column.numeric);
        numeric && self.rows.iter().filter_map(|row| row.cells.get(at)).any(|cell| sum_of(cell) == Some(true))
    }

    fn shown(&self, cell: &Cell, at: &usize) -> Html {
        if sum_of(cell) == Some(false) && self.has_pence(*at) {
            return Html::join([cell.0.clone(), ".00".into()]);
        }
        cell.0.clone()
    }

    /// Where there is no row there is no table: its caption then says of what there is nothing, hidden from sight where
    /// it would be above rows.
    fn empty_class(&self) -> &'static str {
        match self.caption_class {
            "govuk-visually-hidden" => "govuk-visually-hidden",
            _ => "govuk-body govuk-!-font-weight-bold",
        }
    }

    fn column_at(&self, at: &usize) -> (&str, bool) {
        self.columns.get(*at).map_or(("", false), |column| (column.name.as_str(), column.numeric))
    }
}

/// Whether a cell that holds a sum of money and nothing else shows pence; none where it holds anything else.
fn sum_of(cell: &Cell) -> Option<bool> {
    let sum = cell.0.as_str().trim_start_matches(['−', '-']).strip_prefix('£')?;
    let (pounds, pence) = sum.split_once('.').map_or((sum, ""), |(pounds, pence)| (pounds, pence));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == ',');
    (digits(pounds) && digits(pence)).then_some(!pence.is_empty())
}

component!(Table);

#[cfg(test)]
mod tests {
    use super::{Column, Row, Table};

    fn offers() -> Table {
        Table::new("Offers")
            .column(Column::text("Home"))
            .column(Column::number("Weekly price").sort("?sort=price", Some(true)))
    }

    #[test]
    fn a_table_without_rows_says_why() {
        let html = offers().empty("No offers yet. The next closes at 4pm.").to_string();
        assert!(html.contains("No offers yet. The next closes at 4pm."));
        assert!(!html.contains("<table"));
        assert!(html.contains("<p class=\"govuk-body govuk-!-font-weight-bold\">Offers</p>"), "of what: {html}");
        let hidden = offers().caption_hidden().to_string();
        assert!(hidden.contains("<p class=\"govuk-visually-hidden\">Offers</p>"), "{hidden}");
    }

    #[test]
    fn the_sums_of_a_column_show_pence_all_or_none() {
        let sum = |pence| Row::new("HEF-A-0001").cell(placewell_domain::money::Pence(pence));
        let html = offers().row(sum(9_827_000)).row(sum(7_985_714)).to_string();
        assert!(html.contains("£98,270.00<") && html.contains("£79,857.14<"), "{html}");
        assert!(offers().row(sum(9_827_000)).to_string().contains("£98,270<"));
    }

    #[test]
    fn the_first_cell_of_a_row_is_its_header_and_sorting_is_told() {
        let html = offers().row(Row::new("Elm House").cell(placewell_domain::money::Pence(415_000))).to_string();
        assert!(html.contains("<th scope=\"row\""), "{html}");
        assert!(html.contains("aria-sort=\"ascending\""), "{html}");
        assert!(html.contains("£4,150"), "{html}");
    }
}
