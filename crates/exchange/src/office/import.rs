//! Rows of a file that is brought in: where its columns stand, and cells read as what they should be. Every cell that does
//! not read is told by its row in the spreadsheet and its column; nothing is guessed.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use serde::{Deserialize, Serialize};

use crate::dates;

pub mod people;

/// The two columns that our own list of errors adds; they are not read.
pub const MARKS: [&str; 2] = ["validation_result", "errors"];

/// A cell that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellError {
    /// Row of the spreadsheet, 1 being the first.
    pub row: usize,
    /// The column.
    pub field: String,
    /// What was found and what is expected.
    pub reason: String,
}

/// The columns of a kind of file.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Their names, in the order in which they are usually written.
    pub names: &'static [&'static str],
    /// Those that a file must have.
    pub needed: &'static [&'static str],
    /// Those that together tell one row from another.
    pub key: &'static [&'static str],
    /// Those whose cells are never repeated in a message, as they may tell who a child is.
    pub private: &'static [&'static str],
    /// One invented row.
    pub example: &'static str,
}

/// Where each column of a layout stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    at: Vec<Option<usize>>,
    /// Heads that are not known and are not read.
    pub unread: u32,
}

impl Columns {
    /// Finds the columns by the heads; else says which are missing.
    pub fn find<T: AsRef<str>>(layout: &Layout, heads: &[T]) -> Result<Self, String> {
        let heads: Vec<String> =
            heads.iter().map(|head| head.as_ref().trim().to_lowercase().replace([' ', '-'], "_")).collect();
        let stands = |name: &str| heads.iter().position(|head| head == name);
        let missing: Vec<&str> = layout.needed.iter().copied().filter(|name| stands(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(format!(
                "The first row lacks {}; it names the columns: {}.",
                missing.join(", "),
                layout.names.join(",")
            ));
        }
        if let Some((_, twice)) = heads
            .iter()
            .enumerate()
            .find(|(at, head)| layout.names.contains(&head.as_str()) && stands(head) != Some(*at))
        {
            return Err(format!("Two columns are named {twice}: take one of them out."));
        }
        let known = |head: &&String| layout.names.contains(&head.as_str()) || MARKS.contains(&head.as_str());
        let unread = heads.iter().filter(|head| !head.is_empty() && !known(head)).count();
        Ok(Self {
            at: layout.names.iter().map(|name| stands(name)).collect(),
            unread: u32::try_from(unread).unwrap_or(u32::MAX),
        })
    }

    /// The cells in the layout's own order, whatever the file's.
    #[must_use]
    pub fn arranged<T: AsRef<str>>(&self, cells: &[T]) -> Vec<String> {
        let cell =
            |at: &Option<usize>| at.and_then(|at| cells.get(at)).map_or_else(String::new, |c| c.as_ref().to_owned());
        self.at.iter().map(cell).collect()
    }

    /// Where columns of the file stand in the layout's order.
    #[must_use]
    pub fn arranged_places(&self, places: &[usize]) -> Vec<usize> {
        self.at
            .iter()
            .enumerate()
            .filter(|(_, at)| at.is_some_and(|at| places.contains(&at)))
            .map(|(own, _)| own)
            .collect()
    }
}

/// The cells of one row in the layout's order, and what is wrong with them.
pub struct Cells<'a> {
    layout: &'a Layout,
    row: usize,
    texts: &'a [String],
    /// What is wrong.
    pub errors: Vec<CellError>,
}

impl<'a> Cells<'a> {
    /// The cells of a row.
    #[must_use]
    pub fn of(layout: &'a Layout, row: usize, texts: &'a [String]) -> Self {
        Self { layout, row, texts, errors: Vec::new() }
    }

    /// The row's number.
    #[must_use]
    pub fn row(&self) -> usize {
        self.row
    }

    /// A cell as it is; empty where the file has no such column.
    #[must_use]
    pub fn text(&self, column: &str) -> &'a str {
        let at = self.layout.names.iter().position(|name| *name == column);
        at.and_then(|at| self.texts.get(at)).map_or("", String::as_str)
    }

    /// Whether a cell is blank.
    #[must_use]
    pub fn blank(&self, column: &str) -> bool {
        self.text(column).is_empty()
    }

    /// Says that a cell cannot be used, and what is expected.
    pub fn wrong(&mut self, column: &str, expected: &str) {
        let cell = self.text(column);
        // What a cell about a child holds is not repeated: the list of errors is read by others, too.
        let reason = match (cell.is_empty(), self.layout.private.contains(&column)) {
            (true, _) => format!("The cell is blank; expected {expected}."),
            (false, true) => format!("The cell does not read; expected {expected}."),
            (false, false) => {
                format!("The cell is \"{}\"; expected {expected}.", cell.chars().take(40).collect::<String>())
            }
        };
        self.errors.push(CellError { row: self.row, field: column.to_owned(), reason });
    }

    /// A text that is there, of at most so many letters.
    pub fn short(&mut self, column: &str, longest: usize, expected: &str) -> String {
        let cell = self.text(column);
        if cell.is_empty() || cell.chars().count() > longest || cell.contains('\0') {
            self.wrong(column, expected);
        }
        cell.to_owned()
    }

    /// A day.
    pub fn day(&mut self, column: &str) -> Option<Date> {
        let found = dates::only(self.text(column)).filter(|date| (1900..2200).contains(&date.year()));
        if found.is_none() {
            self.wrong(column, "a date such as 2018-12-15");
        }
        found
    }

    /// A day, or a blank cell.
    pub fn day_or_blank(&mut self, column: &str) -> Option<Date> {
        if self.blank(column) { None } else { self.day(column) }
    }

    /// An amount above zero.
    pub fn price(&mut self, column: &str) -> Option<Pence> {
        let found = Pence::read(self.text(column)).filter(|weekly| *weekly > Pence::ZERO);
        if found.is_none() {
            self.wrong(column, "pounds a week such as 4150 or 4150.50");
        }
        found
    }

    /// An amount, zero among them.
    pub fn amount(&mut self, column: &str) -> Option<Pence> {
        let found = Pence::read(self.text(column));
        if found.is_none() {
            self.wrong(column, "an amount in pounds such as 12450 or 12450.50");
        }
        found
    }

    /// A whole number within limits, or a blank cell.
    pub fn number_or_blank(&mut self, column: &str, most: u16) -> Option<u16> {
        if self.blank(column) {
            return None;
        }
        let found = self.text(column).trim_end_matches('%').trim().parse::<u16>().ok().filter(|number| *number <= most);
        if found.is_none() {
            self.wrong(column, &format!("a whole number from 0 to {most}"));
        }
        found
    }

    /// One code of a list.
    pub fn code<T>(&mut self, column: &str, from: impl Fn(&str) -> Option<T>, codes: &[&str]) -> Option<T> {
        let cell = self.text(column).to_lowercase().replace([' ', '-'], "_");
        let found = from(&cell).or_else(|| from(&cell.to_uppercase()));
        if found.is_none() {
            self.wrong(column, &format!("one of {}", codes.join(", ")));
        }
        found
    }

    /// Yes or no; blank is no.
    pub fn yes(&mut self, column: &str) -> bool {
        match self.text(column).to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" => true,
            "" | "no" | "n" | "false" | "0" => false,
            _ => {
                self.wrong(column, "yes or no");
                false
            }
        }
    }
}
