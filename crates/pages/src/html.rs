//! A piece of finished HTML, and the only ways to make one: escape a text, or render a template of this crate.
//!
//! Every slot of a component that may hold markup takes `impl Into<Html>`; a plain string handed to it is escaped,
//! so nothing typed by a person can become markup. There is no constructor from a raw string of markup.

use core::fmt;

use askama::filters::{Html as HtmlEscaper, HtmlSafe, escape};

/// Finished HTML. Printed as it is in templates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// A text, escaped.
    pub fn text(text: &str) -> Self {
        match escape(text, HtmlEscaper) {
            Ok(escaped) => Self(escaped.to_string()),
            Err(never) => match never {},
        }
    }

    /// Several pieces, one after the other, nothing between them.
    pub fn join<I>(pieces: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Self>,
    {
        Self(pieces.into_iter().map(|piece| piece.into().0).collect())
    }

    /// One paragraph of body text.
    pub fn paragraph(content: impl Into<Self>) -> Self {
        Self(format!("<p class=\"govuk-body\">{}</p>", content.into().0))
    }

    /// A heading of the second level.
    pub fn heading(text: &str) -> Self {
        Self(format!("<h2 class=\"govuk-heading-m\">{}</h2>", Self::text(text).0))
    }

    /// A bulleted list; nothing at all when there are no items.
    pub fn bullets<I>(items: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Self>,
    {
        Self::list("ul", "govuk-list govuk-list--bullet", items)
    }

    /// A numbered list; nothing at all when there are no items.
    pub fn numbers<I>(items: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Self>,
    {
        Self::list("ol", "govuk-list govuk-list--number", items)
    }

    /// Lines one below the other (an address, two facts in one cell).
    pub fn lines<I>(lines: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Self>,
    {
        Self(lines.into_iter().map(|line| line.into().0).collect::<Vec<_>>().join("<br>"))
    }

    /// Cards, two or three beside each other where there is room.
    pub(crate) fn cards<I>(cards: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Self>,
    {
        Self::list("ul", "app-cards", cards)
    }

    /// Two parts that stand beside each other on a wide screen.
    pub(crate) fn beside(first: impl Into<Self>, second: impl Into<Self>) -> Self {
        Self(format!("<div class=\"app-filter-layout\">{}<div>{}</div></div>", first.into().0, second.into().0))
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of the HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn list<I>(tag: &str, class: &str, items: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Self>,
    {
        let items: Vec<String> = items.into_iter().map(|item| format!("<li>{}</li>", item.into().0)).collect();
        if items.is_empty() {
            return Self::default();
        }
        Self(format!("<{tag} class=\"{class}\">{}</{tag}>", items.concat()))
    }

    /// For the components of this crate, whose templates escape what they are given.
    pub(crate) fn rendered(markup: String) -> Self {
        Self(markup)
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

impl From<&String> for Html {
    fn from(text: &String) -> Self {
        Self::text(text)
    }
}

/// Says of a type with a template that its output is finished HTML: templates print it as it is,
/// and it may be put into any slot that takes `impl Into<Html>`.
#[macro_export]
macro_rules! component {
    ($($name:ty),+ $(,)?) => {$(
        impl ::askama::filters::HtmlSafe for $name {}
        impl From<$name> for $crate::html::Html {
            fn from(component: $name) -> Self {
                Self::from_component(&component)
            }
        }
    )+};
}

impl Html {
    /// Used by [`component!`](crate::component): the output of a template, which escapes by itself.
    #[doc(hidden)]
    pub fn from_component<T: askama::Template + HtmlSafe>(component: &T) -> Self {
        // A rendered template knows about how long it becomes and writes without a formatter between.
        Self::rendered(component.render().unwrap_or_else(|_error| component.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn a_text_put_into_a_slot_is_escaped() {
        assert_eq!(Html::from("<b>O'Neil & co</b>").as_str(), "&#60;b&#62;O&#39;Neil &#38; co&#60;/b&#62;");
        assert_eq!(
            Html::bullets(["<i>"]).as_str(),
            "<ul class=\"govuk-list govuk-list--bullet\"><li>&#60;i&#62;</li></ul>"
        );
    }

    #[test]
    fn an_empty_list_is_no_list() {
        assert!(Html::bullets(Vec::<String>::new()).is_empty());
    }
}
