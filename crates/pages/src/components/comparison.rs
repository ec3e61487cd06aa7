//! Offers side by side: a table with offers in columns from 641px, one card per offer below.
//!
//! Both are printed from the same data in the same order; the style sheet shows one of them. No sticky columns.

use askama::Template;
use placewell_domain::money::Pence;

use super::link::Link;
use super::tag::Tag;
use crate::component;
use crate::html::Html;
use crate::words;

/// What one offer says on one criterion, with a smaller line below where there is more to say.
#[derive(Debug, Clone, Default)]
pub struct Value {
    main: Html,
    note: Option<Html>,
}

impl Value {
    /// A value.
    pub fn new(main: impl Into<Html>) -> Self {
        Self { main: main.into(), note: None }
    }

    /// Money.
    pub fn money(amount: Pence) -> Self {
        Self::new(words::money(amount))
    }

    /// Adds a smaller line.
    #[must_use]
    pub fn note(mut self, note: impl Into<Html>) -> Self {
        self.note = Some(note.into());
        self
    }
}

macro_rules! value_from {
    ($($name:ty),+) => {$(
        impl From<$name> for Value {
            fn from(content: $name) -> Self {
                Self::new(content)
            }
        }
    )+};
}
value_from!(&str, String, Html, Link, Tag);

impl From<Pence> for Value {
    fn from(amount: Pence) -> Self {
        Self::money(amount)
    }
}

/// One row: a criterion, and each offer's value in the order of the offers.
#[derive(Debug, Clone)]
pub struct Criterion {
    name: String,
    numeric: bool,
    differs: bool,
    values: Vec<Value>,
}

impl Criterion {
    /// A criterion in words.
    pub fn new<V: Into<Value>>(name: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        Self { name: name.into(), numeric: false, differs: false, values: values.into_iter().map(Into::into).collect() }
    }

    /// A criterion in money or numbers, aligned to the right.
    pub fn number<V: Into<Value>>(name: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        Self { numeric: true, ..Self::new(name, values) }
    }

    fn value_at(&self, offer: &usize) -> Option<&Value> {
        self.values.get(*offer)
    }

    /// Says "differs" beside the criterion's name where `differs` is true.
    #[must_use]
    pub fn differs(mut self, differs: bool) -> Self {
        self.differs = differs;
        self
    }
}

#[derive(Debug, Clone)]
struct Group {
    name: String,
    criteria: Vec<Criterion>,
}

#[derive(Debug, Clone)]
struct Offer {
    heading: Html,
    actions: Vec<Html>,
}

/// The comparison.
#[derive(Debug, Clone, Template)]
#[template(path = "components/comparison.html")]
pub struct Comparison {
    caption: String,
    offers: Vec<Offer>,
    groups: Vec<Group>,
    level: u8,
}

impl Comparison {
    /// A comparison of no offers yet.
    pub fn new(caption: impl Into<String>) -> Self {
        Self { caption: caption.into(), offers: Vec::new(), groups: Vec::new(), level: 2 }
    }

    /// Adds an offer, four at most in one view: its heading (home and provider, or a link to the offer).
    #[must_use]
    pub fn offer(mut self, heading: impl Into<Html>) -> Self {
        self.offers.push(Offer { heading: heading.into(), actions: Vec::new() });
        self
    }

    /// Adds something to do with the offer added last: a button link, or a link.
    #[must_use]
    pub fn action(mut self, action: impl Into<Html>) -> Self {
        if let Some(offer) = self.offers.last_mut() {
            offer.actions.push(action.into());
        }
        self
    }

    /// Adds a group of criteria: "Fit", "Home", "Place", "Money".
    #[must_use]
    pub fn group(mut self, name: impl Into<String>, criteria: impl IntoIterator<Item = Criterion>) -> Self {
        self.groups.push(Group { name: name.into(), criteria: criteria.into_iter().collect() });
        self
    }

    /// The heading level of the cards' titles; groups are one below.
    #[must_use]
    pub fn level(mut self, level: u8) -> Self {
        self.level = level;
        self
    }

    fn columns(&self) -> usize {
        self.offers.len() + 1
    }

    fn has_actions(&self) -> bool {
        self.offers.iter().any(|offer| !offer.actions.is_empty())
    }
}

component!(Comparison);

#[cfg(test)]
mod tests {
    use super::{Comparison, Criterion};

    #[test]
    fn table_and_cards_hold_the_same_values_in_the_same_order() {
        let html = Comparison::new("Two offers compared")
            .offer("Elm House")
            .offer("Ash Lodge")
            .group("Place", [Criterion::new("Distance", ["9 miles", "22 miles"]).differs(true)])
            .to_string();
        for word in ["Elm House", "Ash Lodge", "9 miles", "22 miles"] {
            assert_eq!(html.matches(word).count(), 2, "{word} in {html}");
        }
        let (table, cards) = html.split_once("app-compare__cards").unwrap_or_default();
        assert!(table.find("9 miles") < table.find("22 miles"));
        assert!(cards.find("9 miles") < cards.find("22 miles"));
    }
}
