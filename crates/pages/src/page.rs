//! A page made of components, one after the other, inside the shell: what most pages are.
//!
//! A room's page is a function from its own view struct, which holds only what its reader may see, to a `Page`.

use askama::Template;

use crate::components::Filters;
use crate::html::Html;
use crate::shell::Shell;

/// A page.
#[derive(Debug, Clone, Template)]
#[template(path = "page.html")]
pub struct Page {
    shell: Shell,
    parts: Vec<Html>,
    narrow: bool,
}

impl Page {
    /// A page inside a shell that has its heading.
    pub fn new(shell: Shell) -> Self {
        Self { shell, parts: Vec::new(), narrow: false }
    }

    /// Keeps lines short, for forms and text: two thirds of the width.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        self.narrow = true;
        self
    }

    /// Adds a component or text.
    #[must_use]
    pub fn with(mut self, part: impl Into<Html>) -> Self {
        self.parts.push(part.into());
        self
    }

    /// Puts a component before all others, such as a warning that a home opens with.
    #[must_use]
    pub fn first(mut self, part: impl Into<Html>) -> Self {
        self.parts.insert(0, part.into());
        self
    }

    /// Adds a component where there is one.
    #[must_use]
    pub fn maybe(mut self, part: Option<impl Into<Html>>) -> Self {
        self.parts.extend(part.map(Into::into));
        self
    }

    /// Adds filters with what they filter: beside each other on a wide screen, one below the other on a narrow one.
    #[must_use]
    pub fn beside(self, filters: Filters, filtered: impl IntoIterator<Item = Html>) -> Self {
        self.with(Html::beside(filters, Html::join(filtered)))
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn text(self, text: impl Into<Html>) -> Self {
        self.with(Html::paragraph(text))
    }

    /// Adds a heading of the second level.
    #[must_use]
    pub fn heading(self, text: &str) -> Self {
        self.with(Html::heading(text))
    }
}
