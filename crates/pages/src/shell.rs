//! What stands around every page: title, navigation, who is signed in, strips, one banner, errors, footer.
//!
//! The web floor makes a `Shell` from the request; a page adds its heading with [`Shell::titled`] and the like.

use askama::Template;
use jiff::civil::Date;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::outcome::Invalid;

use crate::component;
use crate::components::{Banner, Link};
use crate::html::Html;
use crate::words;

/// The name of the service, the last part of every title.
pub const SERVICE_NAME: &str = "Arrange children's home placements";
/// The line below it.
pub const SERVICE_SUBLINE: &str = "West Midlands authorities and trusts";

/// A link of the service navigation; six at most.
#[derive(Debug, Clone)]
pub struct NavLink {
    /// What is read.
    pub text: String,
    /// Where it goes.
    pub href: String,
    /// Whether this page is it.
    pub current: bool,
}

impl NavLink {
    /// A link of the navigation.
    pub fn new(text: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self { text: text.into(), href: href.into(), current }
    }
}

/// The person signed in, and as whom.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The person's own name.
    pub name: String,
    /// The organisation they are working for now.
    pub organisation: String,
    /// The role they are working in now.
    pub role: Role,
    /// Whether they can change to another organisation or role.
    pub can_switch: bool,
}

/// How the page leads back.
#[derive(Debug, Clone, Default)]
pub enum Trail {
    /// It does not: start pages, role homes.
    #[default]
    None,
    /// A back link, to the filtered list or the question before.
    Back(String),
    /// Breadcrumbs: text and address of each page above this one.
    Crumbs(Vec<(String, String)>),
}

/// The bar of the guest's tour: "Tour 3 of 6 · Next".
#[derive(Debug, Clone)]
pub struct Tour {
    /// This stop, from 1.
    pub number: u8,
    /// How many there are.
    pub of: u8,
    /// The next stop's address.
    pub next: String,
}

/// The strip that repeats what the reader is working on: reference, age band, needed by, must-haves.
#[derive(Debug, Clone, Template)]
#[template(path = "components/context_strip.html")]
pub struct ContextStrip {
    label: String,
    facts: Vec<(String, Html)>,
}

impl ContextStrip {
    /// `label` names the strip for screen readers: "The referral you are working on".
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), facts: Vec::new() }
    }

    /// Adds a fact, or a link to the record.
    #[must_use]
    pub fn fact(mut self, name: impl Into<String>, value: impl Into<Html>) -> Self {
        self.facts.push((name.into(), value.into()));
        self
    }
}

component!(ContextStrip);

/// What stands around a page.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// The page's heading, and the first part of its title.
    pub h1: String,
    /// A smaller line above the heading: the reference, the section.
    pub caption: Option<String>,
    /// "page 2 of 5", in the title of a list.
    pub page: Option<(u64, u64)>,
    /// The record's reference, in the title. Never a child's name, initials or date of birth.
    pub record: Option<String>,
    /// The service navigation.
    pub nav: Vec<NavLink>,
    /// What a role needs now and then, beside who is signed in: children's records, the organisation's record.
    pub own: Vec<NavLink>,
    /// Who is signed in; `None` shows "Sign in".
    pub signed_in: Option<SignedIn>,
    /// The words of the strip on every page of a demonstration; real deployments have none.
    pub strip: Option<String>,
    /// The tour's bar.
    pub tour: Option<Tour>,
    /// What the reader is working on.
    pub context: Option<ContextStrip>,
    /// How the page leads back.
    pub trail: Trail,
    /// The one banner; not shown where there are errors.
    pub banner: Option<Banner>,
    /// What is wrong with the form of the page.
    pub errors: Invalid,
    /// The nonce of the content security policy, for the style sheet and the script.
    pub nonce: String,
    /// The session's CSRF token.
    pub csrf: String,
    /// The request's reference, for support.
    pub request_ref: String,
    /// The folder of styles and scripts without a slash at the end: `/assets/3f9a2c`.
    pub assets: String,
    /// The product's version, in the footer.
    pub version: String,
    /// A line for paper only, above the heading: printed when, "Official – Sensitive".
    pub print_line: Option<String>,
    /// Where the page goes after a time without activity, because it shows who a child is.
    pub hides: Option<Hiding>,
}

/// A child's details leave the screen after a time without activity.
#[derive(Debug, Clone)]
pub struct Hiding {
    /// After so many minutes.
    pub minutes: u16,
    /// To this overview, which shows none of them.
    pub to: String,
}

/// What a page adds.
impl Shell {
    /// Sets the heading. First thing every page does.
    #[must_use]
    pub fn titled(mut self, h1: impl Into<String>) -> Self {
        self.h1 = h1.into();
        self
    }

    /// Sets the smaller line above the heading.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// Names the record in the title.
    #[must_use]
    pub fn record(mut self, reference: impl Into<String>) -> Self {
        self.record = Some(reference.into());
        self
    }

    /// Names the page of a list in the title, where there is more than one.
    #[must_use]
    pub fn page_of(mut self, page: u64, pages: u64) -> Self {
        self.page = (pages > 1).then_some((page, pages));
        self
    }

    /// Adds a back link.
    #[must_use]
    pub fn back(mut self, href: impl Into<String>) -> Self {
        self.trail = Trail::Back(href.into());
        self
    }

    /// Adds a breadcrumb above this page; call it from the top down.
    #[must_use]
    pub fn crumb(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        let crumb = (text.into(), href.into());
        match &mut self.trail {
            Trail::Crumbs(crumbs) => crumbs.push(crumb),
            Trail::None | Trail::Back(_) => self.trail = Trail::Crumbs(vec![crumb]),
        }
        self
    }

    /// Sends the page to an overview after so many minutes without activity; without scripts, after so many minutes.
    #[must_use]
    pub fn hiding(mut self, minutes: u16, to: impl Into<String>) -> Self {
        self.hides = Some(Hiding { minutes, to: to.into() });
        self
    }

    /// Sets the banner.
    #[must_use]
    pub fn with_banner(mut self, banner: Banner) -> Self {
        self.banner = Some(banner);
        self
    }

    /// Shows what is wrong with the form: the title begins with "Error: ", the summary stands above the heading.
    #[must_use]
    pub fn with_errors(mut self, errors: &Invalid) -> Self {
        self.errors = errors.clone();
        // A finding's line leads to the boxes that confirm it, which share one name.
        for error in self.errors.errors.iter_mut().filter(|error| error.field.starts_with(crate::form::CONFIRM)) {
            "confirmed".clone_into(&mut error.field);
        }
        self
    }

    /// Repeats what the reader is working on below the navigation.
    #[must_use]
    pub fn with_context(mut self, context: ContextStrip) -> Self {
        self.context = Some(context);
        self
    }

    /// The strip of the demonstration, on its own day.
    #[must_use]
    pub fn demonstration(mut self, today: Date) -> Self {
        self.strip = Some(format!(
            "Demonstration. Today is {} here. Everything is invented, except the decision of 14 January 2019 and the \
             authorities' names.",
            words::date(today)
        ));
        self
    }
}

/// What a page asks.
impl Shell {
    /// Whether who is signed in may ask for this in their role.
    pub fn may(&self, action: Action) -> bool {
        self.signed_in.as_ref().is_some_and(|person| may(person.role, action))
    }

    /// A link to what needs this action; plain words for who may not ask for it.
    pub fn link_where(&self, action: Action, text: &str, href: String) -> Html {
        if self.may(action) { Link::new(text, href).into() } else { text.into() }
    }
}

/// What the layout asks.
impl Shell {
    /// `[Error: ]{h1} [(page 2 of 5)] - {record} - Arrange children's home placements`.
    pub fn title(&self) -> String {
        let error = if self.has_errors() { "Error: " } else { "" };
        let page = self.page.map(|(page, pages)| format!(" (page {page} of {pages})")).unwrap_or_default();
        let record = self.record.as_ref().map(|record| format!(" - {record}")).unwrap_or_default();
        format!("{error}{}{page}{record} - {SERVICE_NAME}", self.h1)
    }

    /// Whether the page's form has errors.
    pub fn has_errors(&self) -> bool {
        !self.errors.errors.is_empty()
    }

    pub(crate) fn shown_banner(&self) -> Option<&Banner> {
        if self.has_errors() { None } else { self.banner.as_ref() }
    }

    pub(crate) fn home(&self) -> &'static str {
        if self.signed_in.is_some() { "/home" } else { "/" }
    }

    pub(crate) fn footer_links() -> [Link; 5] {
        [
            Link::new("Help", "/help"),
            Link::new("Accessibility statement", "/accessibility-statement"),
            Link::new("Privacy", "/privacy"),
            Link::new("Cookies", "/cookies"),
            Link::new("Contact", "/contact"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use placewell_domain::outcome::Invalid;

    use super::Shell;

    #[test]
    fn a_title_names_error_heading_page_record_and_service_in_that_order() {
        let shell = Shell::default()
            .titled("Referrals")
            .page_of(2, 5)
            .record("HEF-R-0042")
            .with_errors(&Invalid::one("officer", "Select an officer"));
        assert_eq!(shell.title(), "Error: Referrals (page 2 of 5) - HEF-R-0042 - Arrange children's home placements");
        assert_eq!(
            Shell::default().titled("Referrals").page_of(1, 1).title(),
            "Referrals - Arrange children's home placements"
        );
    }
}
