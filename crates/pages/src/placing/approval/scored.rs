//! The points of each offer as they were when one of them was recommended: criteria down, homes across.

use crate::components::{Column, Row, Table};

/// The points of offers side by side; no home where no scoring was kept.
#[derive(Debug, Clone, Default)]
pub struct ScoredView {
    /// The homes, the recommended one first.
    pub homes: Vec<String>,
    /// Each criterion with its weight, and the points for it in the order of the homes; all points last.
    pub rows: Vec<(String, Vec<String>)>,
}

/// The table; none where no scoring was kept.
pub(super) fn table(view: &ScoredView) -> Option<Table> {
    if view.homes.is_empty() {
        return None;
    }
    let table = Table::new("Points of each offer, by the scoring fixed before homes were asked");
    let table = table.column(Column::text("Criterion and weight"));
    let table = view.homes.iter().fold(table, |table, home| table.column(Column::number(home.as_str())));
    let last = view.rows.len().saturating_sub(1);
    let rows = view.rows.iter().enumerate().map(|(at, (criterion, points))| {
        let row = points.iter().fold(Row::new(criterion.as_str()), |row, has| row.cell(has.as_str()));
        if at == last { row.total() } else { row }
    });
    Some(table.rows(rows))
}

/// Two offers, the dearer one recommended.
pub(super) fn sample() -> ScoredView {
    let row = |name: &str, points: [&str; 2]| (name.to_owned(), points.map(str::to_owned).to_vec());
    ScoredView {
        homes: vec!["Elm House".to_owned(), "Ash Lodge".to_owned()],
        rows: vec![
            row("Must-haves that the home meets, of 60", ["54.00", "60.00"]),
            row("Price of a week, against the lowest, of 40", ["37.20", "40.00"]),
            row("All points, of 100", ["91.20", "100.00"]),
        ],
    }
}
