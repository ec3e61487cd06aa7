//! A status in words on a colour. The words carry the meaning; the colour only helps.

use askama::Template;

use crate::component;

/// The colour families of tags. Red is for problems only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// The start of things: "Not yet started", "With providers".
    Blue,
    /// Cannot start, ended, not chosen.
    Grey,
    /// Done, in good standing.
    Green,
    /// Waits for somebody.
    Yellow,
    /// Needs care: "On watch", "Late".
    Orange,
    /// A problem.
    Red,
    /// Decided or agreed, not yet begun.
    Purple,
    /// A kind of route, not a state: "FCA", "Spot".
    Teal,
}

impl Colour {
    const fn class(self) -> &'static str {
        match self {
            Self::Blue => "",
            Self::Grey => " govuk-tag--grey",
            Self::Green => " govuk-tag--green",
            Self::Yellow => " govuk-tag--yellow",
            Self::Orange => " govuk-tag--orange",
            Self::Red => " govuk-tag--red",
            Self::Purple => " govuk-tag--purple",
            Self::Teal => " govuk-tag--teal",
        }
    }
}

/// A tag: an adjective or state, such as "Waiting for approval".
#[derive(Debug, Clone, Template)]
#[template(ext = "html", source = r#"<strong class="govuk-tag{{ colour.class() }}">{{ words }}</strong>"#)]
pub struct Tag {
    words: String,
    colour: Colour,
}

impl Tag {
    /// A tag of these words.
    pub fn new(words: impl Into<String>, colour: Colour) -> Self {
        Self { words: words.into(), colour }
    }
}

component!(Tag);
