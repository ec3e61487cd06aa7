//! What happened to a record, newest first: title, person, time, and what changed from what to what.

use askama::Template;
use jiff::civil::{Date, DateTime};

use crate::component;
use crate::html::Html;
use crate::words;

/// One event.
#[derive(Debug, Clone)]
pub struct TimelineEvent {
    title: String,
    by: Option<String>,
    machine: String,
    shown: String,
    body: Html,
    facts: Vec<(String, Html)>,
}

impl TimelineEvent {
    /// At a moment of London time.
    pub fn at(title: impl Into<String>, moment: DateTime) -> Self {
        Self::stamped(title.into(), moment.to_string(), words::moment(moment))
    }

    /// On a day, where no time of day is known; never a made-up midnight.
    pub fn on(title: impl Into<String>, date: Date) -> Self {
        Self::stamped(title.into(), date.to_string(), words::date(date))
    }

    fn stamped(title: String, machine: String, shown: String) -> Self {
        Self { title, by: None, machine, shown, body: Html::default(), facts: Vec::new() }
    }

    /// Who did it.
    #[must_use]
    pub fn by(mut self, who: impl Into<String>) -> Self {
        self.by = Some(who.into());
        self
    }

    /// What there is to say.
    #[must_use]
    pub fn body(mut self, body: impl Into<Html>) -> Self {
        self.body = body.into();
        self
    }

    /// A fact of the event.
    #[must_use]
    pub fn fact(mut self, name: impl Into<String>, value: impl Into<Html>) -> Self {
        self.facts.push((name.into(), value.into()));
        self
    }

    /// A change: "from X to Y".
    #[must_use]
    pub fn change(self, name: impl Into<String>, from: &str, to: &str) -> Self {
        self.fact(name, format!("from {from} to {to}"))
    }
}

/// The events of a record, in the order given: newest first.
#[derive(Debug, Clone, Template)]
#[template(path = "components/timeline.html")]
pub struct Timeline {
    level: u8,
    events: Vec<TimelineEvent>,
}

impl Timeline {
    /// Titles are headings of level 2.
    pub fn new(events: impl IntoIterator<Item = TimelineEvent>) -> Self {
        Self { level: 2, events: events.into_iter().collect() }
    }

    /// The titles' heading level, where the timeline stands below another heading.
    #[must_use]
    pub fn level(mut self, level: u8) -> Self {
        self.level = level;
        self
    }
}

component!(Timeline);
