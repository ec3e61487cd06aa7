//! The parts that pages are made of: plain structs with builder methods, each with its own template.
//!
//! Put one in a page's struct and print it with `{{ name }}`, or hand it to any slot that takes `impl Into<Html>`.
//! Texts are escaped; only finished [`Html`](crate::html::Html) is printed as it is. Samples of all: `samples`.

pub mod chart;
pub mod comparison;
pub mod curve;
pub mod filters;
pub mod intervals;
pub mod link;
pub mod list;
pub mod notice;
pub mod number;
pub mod paging;
pub mod ranges;
pub mod summary;
pub mod table;
pub mod tag;
pub mod timeline;

pub use chart::{BarRow, Bars, TermBar};
pub use comparison::{Comparison, Criterion, Value};
pub use curve::{Curve, Level};
pub use filters::Filters;
pub use intervals::{IntervalRow, Intervals};
pub use link::{Button, ButtonGroup, Link};
pub use list::{Task, TaskList, TaskStatus};
pub use notice::{Banner, Details, Inset, Panel, Warning};
pub use number::{ContextualDate, Number, Numbers};
pub use paging::{Pagination, SubNav};
pub use ranges::Ranges;
pub use summary::{SummaryCard, SummaryList};
pub use table::{Cell, Column, Row, Sort, Table};
pub use tag::{Colour, Tag};
pub use timeline::{Timeline, TimelineEvent};
