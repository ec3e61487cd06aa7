//! Summary lists and cards: a thing's facts, each with its name, some with a link to change it.

use askama::Template;

use super::link::Link;
use crate::component;
use crate::html::Html;

/// One fact.
#[derive(Debug, Clone)]
struct Fact {
    key: String,
    value: Html,
    actions: Vec<Link>,
}

/// A list of facts.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/summary_list.html")]
pub struct SummaryList {
    facts: Vec<Fact>,
    borderless: bool,
}

impl SummaryList {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact.
    #[must_use]
    pub fn row(mut self, key: impl Into<String>, value: impl Into<Html>) -> Self {
        self.facts.push(Fact { key: key.into(), value: value.into(), actions: Vec::new() });
        self
    }

    /// A row only where there is something to say.
    #[must_use]
    pub fn maybe<T: Into<Html>>(self, key: impl Into<String>, value: Option<T>) -> Self {
        match value {
            Some(value) => self.row(key, value),
            None => self,
        }
    }

    /// Adds a fact that may be missing, and then reads "Not provided".
    #[must_use]
    pub fn optional<T: Into<Html>>(self, key: impl Into<String>, value: Option<T>) -> Self {
        match value {
            Some(value) => self.row(key, value),
            None => self.row(key, "Not provided"),
        }
    }

    /// Puts a "Change" link on the fact added last; its hidden words are the fact's name in lower case.
    #[must_use]
    pub fn change(self, href: impl Into<String>) -> Self {
        let hidden = self.facts.last().map(|fact| lower_first(&fact.key)).unwrap_or_default();
        self.action(Link::new("Change", href).hidden(hidden))
    }

    /// Puts a link on the fact added last.
    #[must_use]
    pub fn action(mut self, link: Link) -> Self {
        if let Some(fact) = self.facts.last_mut() {
            fact.actions.push(link);
        }
        self
    }

    /// Without rules between the rows.
    #[must_use]
    pub fn borderless(mut self) -> Self {
        self.borderless = true;
        self
    }

    fn has_actions(&self) -> bool {
        self.facts.iter().any(|fact| !fact.actions.is_empty())
    }
}

/// A summary list in a frame with a title: one home, one offer.
#[derive(Debug, Clone, Template)]
#[template(path = "components/summary_card.html")]
pub struct SummaryCard {
    title: Html,
    level: u8,
    actions: Vec<Link>,
    content: Html,
}

impl SummaryCard {
    /// A card at heading level 2. The content is a [`SummaryList`] or any other HTML.
    pub fn new(title: impl Into<Html>, content: impl Into<Html>) -> Self {
        Self { title: title.into(), level: 2, actions: Vec::new(), content: content.into() }
    }

    /// The heading's level, where the card stands below another heading.
    #[must_use]
    pub fn level(mut self, level: u8) -> Self {
        self.level = level;
        self
    }

    /// Adds a link at the card's head. Give it hidden words unless its text names the card.
    #[must_use]
    pub fn action(mut self, link: Link) -> Self {
        self.actions.push(link);
        self
    }
}

/// The text with its first letter in lower case, unless the first word is an abbreviation.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

component!(SummaryList, SummaryCard);

#[cfg(test)]
mod tests {
    use super::{SummaryList, lower_first};

    #[test]
    fn a_change_link_says_what_it_changes() {
        let html = SummaryList::new().row("Start date", "13 September 2021").change("/x").to_string();
        assert!(html.contains("Change<span class=\"govuk-visually-hidden\"> start date</span>"), "{html}");
        assert_eq!(lower_first("FCA price"), "FCA price");
    }

    #[test]
    fn a_missing_fact_reads_not_provided() {
        assert!(SummaryList::new().optional("Hint", None::<String>).to_string().contains("Not provided"));
    }
}
