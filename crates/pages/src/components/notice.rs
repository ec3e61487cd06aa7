//! Things said to the reader: banner (one a page), inset, warning, details, panel.

use askama::Template;

use crate::component;
use crate::html::Html;

/// A notification banner. Held by the shell, one a page at most; dropped where the page has errors.
#[derive(Debug, Clone, Template)]
#[template(path = "components/banner.html")]
pub struct Banner {
    success: bool,
    heading: String,
    body: Html,
}

impl Banner {
    /// Something the person did has worked: "Sent to 6 providers".
    pub fn success(heading: impl Into<String>) -> Self {
        Self { success: true, heading: heading.into(), body: Html::default() }
    }

    /// Something to know that is not about this page: "Ofsted data last loaded 3 days ago".
    pub fn important(heading: impl Into<String>) -> Self {
        Self { success: false, heading: heading.into(), body: Html::default() }
    }

    /// More, below the heading.
    #[must_use]
    pub fn body(mut self, body: impl Into<Html>) -> Self {
        self.body = body.into();
        self
    }
}

/// A fact of this page, set apart from the text around it.
#[derive(Debug, Clone, Template)]
#[template(ext = "html", source = r#"<div class="govuk-inset-text">{{ content }}</div>"#)]
pub struct Inset {
    content: Html,
}

impl Inset {
    /// An inset text.
    pub fn new(content: impl Into<Html>) -> Self {
        Self { content: content.into() }
    }
}

/// A consequence that the reader must not miss.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span><strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning: </span>{{ content }}</strong></div>"#
)]
pub struct Warning {
    content: Html,
}

impl Warning {
    /// A warning text.
    pub fn new(content: impl Into<Html>) -> Self {
        Self { content: content.into() }
    }
}

/// Something that most readers of the page do not need, one press away.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<details class="govuk-details"{% if self.open %} open{% endif %}><summary class="govuk-details__summary"><span class="govuk-details__summary-text">{{ summary }}</span></summary><div class="govuk-details__text">{{ content }}</div></details>"#
)]
pub struct Details {
    summary: String,
    content: Html,
    open: bool,
}

impl Details {
    /// Closed at first.
    pub fn new(summary: impl Into<String>, content: impl Into<Html>) -> Self {
        Self { summary: summary.into(), content: content.into(), open: false }
    }

    /// Open at first.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }
}

/// The green panel of a confirmation page. It holds the page's h1: leave the shell's own heading out
/// (`{% block heading %}{% endblock %}`).
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<div class="govuk-panel govuk-panel--confirmation"><h1 class="govuk-panel__title">{{ title }}</h1><div class="govuk-panel__body">{{ body }}</div></div>"#
)]
pub struct Panel {
    title: String,
    body: Html,
}

impl Panel {
    /// Title: the same as the shell's. Body: the reference.
    pub fn new(title: impl Into<String>, body: impl Into<Html>) -> Self {
        Self { title: title.into(), body: body.into() }
    }
}

component!(Banner, Inset, Warning, Details, Panel);
