//! Links and buttons. A link's text says where it goes by itself or with hidden words; a button's text names the act.

use askama::Template;

use crate::component;
use crate::words;

/// A link.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<a class="govuk-link{% if self.quiet %} govuk-link--no-visited-state{% endif %}" href="{{ href }}"{% if self.external %} rel="external"{% endif %}{% if self.download %} download{% endif %}>{{ text }}{% if let Some(hidden) = hidden %}<span class="govuk-visually-hidden"> {{ hidden }}</span>{% endif %}</a>"#
)]
pub struct Link {
    /// What is read.
    pub text: String,
    /// Where it goes.
    pub href: String,
    /// Words for screen readers only, after the text: "for HEF-R-0042".
    pub hidden: Option<String>,
    quiet: bool,
    external: bool,
    download: bool,
}

impl Link {
    /// A link.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), hidden: None, quiet: true, external: false, download: false }
    }

    /// A document, named with its format and size: "Placement agreement HEF-A-0137 (PDF, 84 KB)".
    pub fn document(name: &str, format: &str, bytes: u64, href: impl Into<String>) -> Self {
        Self::new(format!("{name} ({format}, {})", words::file_size(bytes)), href)
    }

    /// "Download 42 referrals (CSV)".
    pub fn download(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { download: true, ..Self::new(text, href) }
    }

    /// Adds words for screen readers, where the text alone ("Change", "Remove") does not say of what.
    #[must_use]
    pub fn hidden(mut self, words: impl Into<String>) -> Self {
        self.hidden = Some(words.into());
        self
    }

    /// A page outside this service; its address is printed on paper.
    #[must_use]
    pub fn external(mut self) -> Self {
        self.external = true;
        self
    }
}

/// A button of a form, or a link that looks like one and only ever opens a page.
#[derive(Debug, Clone, Template)]
#[template(path = "components/button.html")]
pub struct Button {
    text: String,
    href: Option<String>,
    name_value: Option<(String, String)>,
    style: &'static str,
}

impl Button {
    /// Submits the form it stands in. The text names the act: "Send to 6 providers".
    pub fn submit(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None, name_value: None, style: "" }
    }

    /// A link to the page where an act begins; never acts by itself.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..Self::submit(text) }
    }

    /// "Start": the arrow button of a start page.
    pub fn start(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { style: " govuk-button--start", ..Self::link(text, href) }
    }

    /// Sends `name=value` with the form, where a form has more than one button.
    #[must_use]
    pub fn sends(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.name_value = Some((name.into(), value.into()));
        self
    }

    /// Beside a primary button.
    #[must_use]
    pub fn secondary(mut self) -> Self {
        self.style = " govuk-button--secondary";
        self
    }

    /// For what cannot be undone.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.style = " govuk-button--warning";
        self
    }

    fn is_start(&self) -> bool {
        self.style.ends_with("--start")
    }
}

/// Buttons and links side by side: the act first, "Cancel" last.
#[derive(Debug, Clone, Default, Template)]
#[template(
    ext = "html",
    source = r#"<div class="govuk-button-group">{% for item in items %}{{ item }}{% endfor %}</div>"#
)]
pub struct ButtonGroup {
    items: Vec<crate::html::Html>,
}

impl ButtonGroup {
    /// An empty group.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a [`Button`] or a [`Link`].
    #[must_use]
    pub fn with(mut self, item: impl Into<crate::html::Html>) -> Self {
        self.items.push(item.into());
        self
    }
}

component!(Link, Button, ButtonGroup);
