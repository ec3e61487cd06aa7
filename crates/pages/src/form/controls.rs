//! What a field asks with: the data of each kind of control.

use crate::html::Html;

/// How wide a text input is, by the answer it expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// The whole column.
    Full,
    /// 2, 3, 4, 5, 10, 20 or 30 characters.
    Chars(u8),
}

impl Width {
    pub(super) fn class(self) -> String {
        match self {
            Self::Full => String::new(),
            Self::Chars(chars) => format!(" govuk-input--width-{chars}"),
        }
    }
}

/// One option of radios, checkboxes or a select.
#[derive(Debug, Clone)]
pub struct Choice {
    pub(super) value: String,
    pub(super) label: Html,
    pub(super) hint: Option<Html>,
    pub(super) divider: bool,
    pub(super) disabled: bool,
}

impl Choice {
    /// An option: the value sent, and what is read.
    pub fn new(value: impl Into<String>, label: impl Into<Html>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None, divider: false, disabled: false }
    }

    /// A hint below the option's label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Html>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Cannot be chosen; say why in the hint.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// Puts "or" above this option.
    #[must_use]
    pub fn after_or(mut self) -> Self {
        self.divider = true;
        self
    }
}

/// The attributes and kept answer of one-line inputs.
#[derive(Debug, Clone)]
pub(super) struct OneLine {
    pub kind: &'static str,
    pub inputmode: Option<&'static str>,
    pub autocomplete: Option<&'static str>,
    pub prefix: Option<String>,
    pub suffix: Option<String>,
    pub width: Width,
    pub plain: bool,
    pub value: String,
}

impl OneLine {
    pub(super) fn new(kind: &'static str) -> Self {
        Self {
            kind,
            inputmode: None,
            autocomplete: None,
            prefix: None,
            suffix: None,
            width: Width::Full,
            plain: false,
            value: String::new(),
        }
    }
}

/// The kinds of control.
#[derive(Debug, Clone)]
pub(super) enum Control {
    Line(OneLine),
    Area { rows: u8, value: String, limit: Option<usize> },
    Date { day: String, month: String, year: String, birth: bool },
    Radios { choices: Vec<Choice>, inline: bool, small: bool, chosen: Option<String> },
    Checkboxes { choices: Vec<Choice>, small: bool, chosen: Vec<String> },
    Select { choices: Vec<Choice>, chosen: Option<String> },
    File { accept: Option<String> },
    Password { autocomplete: &'static str },
    Hidden { value: String },
}
