//! Filters of a list: a GET form, selected filters first as links that remove them.
//!
//! It never holds a CSRF token, which would leak into addresses and bookmarks.

use askama::Template;

use super::link::Link;
use crate::component;
use crate::form::Field;
use crate::html::Html;

/// The filter form of a list.
#[derive(Debug, Clone, Template)]
#[template(path = "components/filters.html")]
pub struct Filters {
    action: String,
    kept: Vec<(String, String)>,
    selected: Vec<Link>,
    clear: Option<String>,
    fields: Vec<Html>,
    bar: bool,
}

impl Filters {
    /// Filters of the list at `action`.
    pub fn new(action: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            kept: Vec::new(),
            selected: Vec::new(),
            clear: None,
            fields: Vec::new(),
            bar: false,
        }
    }

    /// Keeps a part of the address that is no filter: the tab, the sort order.
    #[must_use]
    pub fn keep(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.kept.push((name.into(), value.into()));
        self
    }

    /// A filter that is on: what it says ("Officer: Priya Shah"), and the address without it.
    #[must_use]
    pub fn selected(mut self, words: impl Into<String>, without: impl Into<String>) -> Self {
        self.selected.push(Link::new(words, without));
        self
    }

    /// The address without any filter, the tab kept.
    #[must_use]
    pub fn clear(mut self, href: impl Into<String>) -> Self {
        self.clear = Some(href.into());
        self
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field.into());
        self
    }

    /// A bar above the list rather than a column beside it: for four filters at most.
    #[must_use]
    pub fn bar(mut self) -> Self {
        self.bar = true;
        self
    }
}

component!(Filters);
