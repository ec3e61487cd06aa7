//! One question of a form. The name is also the id, so an error's link lands on the control it is about.
//!
//! A date asks in three inputs named `{name}_day`, `{name}_month` and `{name}_year`; the day's id is `{name}` itself.
//! An error named `{name}` marks the whole date, one named `{name}_month` or `{name}_year` only that part.

use askama::Template;
use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

use super::controls::{Choice, Control, OneLine, Width};
use crate::component;
use crate::html::Html;

/// A question with its label, hint, error and kept answer.
#[derive(Debug, Clone, Template)]
#[template(path = "components/field.html")]
pub struct Field {
    name: String,
    label: String,
    heading: bool,
    label_hidden: bool,
    hint: Option<Html>,
    error: Option<String>,
    wrong_part: Option<&'static str>,
    control: Control,
}

/// The kinds of question.
impl Field {
    fn new(name: impl Into<String>, label: impl Into<String>, control: Control) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            heading: false,
            label_hidden: false,
            hint: None,
            error: None,
            wrong_part: None,
            control,
        }
    }

    fn line(name: impl Into<String>, label: impl Into<String>, line: OneLine) -> Self {
        Self::new(name, label, Control::Line(line))
    }

    /// One line of text.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::line(name, label, OneLine::new("text"))
    }

    /// A whole number.
    pub fn number(name: impl Into<String>, label: impl Into<String>) -> Self {
        let line = OneLine { inputmode: Some("numeric"), width: Width::Chars(5), plain: true, ..OneLine::new("text") };
        Self::line(name, label, line)
    }

    /// An amount of money, with "£" before it; the text typed is kept as it is.
    pub fn money(name: impl Into<String>, label: impl Into<String>) -> Self {
        let line = OneLine {
            inputmode: Some("decimal"),
            prefix: Some("£".to_owned()),
            width: Width::Chars(10),
            plain: true,
            ..OneLine::new("text")
        };
        Self::line(name, label, line)
    }

    /// A time of day, as people write it; says how unless it is given another hint.
    pub fn time(name: impl Into<String>, label: impl Into<String>) -> Self {
        let line = OneLine { width: Width::Chars(10), plain: true, ..OneLine::new("text") };
        Self::line(name, label, line).hint("For example, 4pm or 10:20am")
    }

    /// The reader's own e-mail address.
    pub fn email(name: impl Into<String>, label: impl Into<String>) -> Self {
        let line = OneLine { autocomplete: Some("email"), plain: true, ..OneLine::new("email") };
        Self::line(name, label, line)
    }

    /// Several lines of text.
    pub fn textarea(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Area { rows: 5, value: String::new(), limit: None })
    }

    /// A date in three inputs; says how unless it is given another hint.
    pub fn date(name: impl Into<String>, label: impl Into<String>) -> Self {
        let control = Control::Date { day: String::new(), month: String::new(), year: String::new(), birth: false };
        Self::new(name, label, control)
    }

    /// One of few options, all to be seen; none is chosen beforehand unless it was answered before.
    pub fn radios(
        name: impl Into<String>,
        legend: impl Into<String>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Self {
        let control =
            Control::Radios { choices: choices.into_iter().collect(), inline: false, small: false, chosen: None };
        Self::new(name, legend, control)
    }

    /// "Yes" and "No" side by side, sent as `yes` and `no`.
    pub fn yes_no(name: impl Into<String>, legend: impl Into<String>) -> Self {
        Self::radios(name, legend, [Choice::new("yes", "Yes"), Choice::new("no", "No")]).inline()
    }

    /// Any of few options, all sent under the one name.
    pub fn checkboxes(
        name: impl Into<String>,
        legend: impl Into<String>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Self {
        let control = Control::Checkboxes { choices: choices.into_iter().collect(), small: false, chosen: Vec::new() };
        Self::new(name, legend, control)
    }

    /// One of many options (authorities, homes). Begin with an empty choice where none is chosen beforehand.
    pub fn select(
        name: impl Into<String>,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Self {
        Self::new(name, label, Control::Select { choices: choices.into_iter().collect(), chosen: None })
    }

    /// A file to upload.
    pub fn file(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::File { accept: None })
    }

    /// A password; never shown again. Pasting is allowed.
    pub fn password(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Password { autocomplete: "current-password" })
    }

    /// A value that is sent along unseen.
    pub fn hidden(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(name, "", Control::Hidden { value: value.into() })
    }
}

/// What a question says and keeps.
impl Field {
    /// Help below the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Html>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Shows the error of this field, where there is one among the form's.
    #[must_use]
    pub fn errors(mut self, errors: &Invalid) -> Self {
        for error in &errors.errors {
            let part = match error.field.strip_prefix(self.name.as_str()) {
                Some("") => "",
                Some("_day") if self.is_date() => "day",
                Some("_month") if self.is_date() => "month",
                Some("_year") if self.is_date() => "year",
                _ => continue,
            };
            self.wrong_part = (!part.is_empty()).then_some(part);
            self.error = Some(error.message.clone());
            break;
        }
        self
    }

    /// Keeps what was typed or chosen: text, money and number as typed; the value of the option for radios and select.
    #[must_use]
    pub fn value(mut self, answer: impl Into<String>) -> Self {
        let answer = answer.into();
        match &mut self.control {
            Control::Line(line) => line.value = answer,
            Control::Area { value, .. } | Control::Hidden { value } => *value = answer,
            Control::Radios { chosen, .. } | Control::Select { chosen, .. } => {
                *chosen = (!answer.is_empty()).then_some(answer);
            }
            Control::Checkboxes { chosen, .. } => chosen.push(answer),
            Control::Date { .. } | Control::File { .. } | Control::Password { .. } => {}
        }
        self
    }

    /// Keeps the boxes ticked.
    #[must_use]
    pub fn values<T: Into<String>>(self, answers: impl IntoIterator<Item = T>) -> Self {
        answers.into_iter().fold(self, Field::value)
    }

    /// Fills a money field from an amount: `4,150` or `4,150.50`.
    #[must_use]
    pub fn amount(self, amount: Pence) -> Self {
        self.value(amount.to_string().replace('£', ""))
    }

    /// Keeps a date as typed, part by part.
    #[must_use]
    pub fn parts(mut self, typed: [&str; 3]) -> Self {
        if let Control::Date { day, month, year, .. } = &mut self.control {
            let [typed_day, typed_month, typed_year] = typed;
            typed_day.clone_into(day);
            typed_month.clone_into(month);
            typed_year.clone_into(year);
        }
        self
    }

    /// Fills a date.
    #[must_use]
    pub fn on(self, date: Date) -> Self {
        let (day, month, year) = (date.day().to_string(), date.month().to_string(), date.year().to_string());
        self.parts([&day, &month, &year])
    }

    /// Makes the label or legend the page's h1: for a page of one question. The label is the shell's title, and the
    /// page leaves the shell's own heading out (`{% block heading %}{% endblock %}`).
    #[must_use]
    pub fn as_heading(mut self) -> Self {
        self.heading = true;
        self
    }

    /// Keeps the label for screen readers only (search boxes, cells of a table).
    #[must_use]
    pub fn label_hidden(mut self) -> Self {
        self.label_hidden = true;
        self
    }

    /// Words before the input: "£".
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        if let Control::Line(line) = &mut self.control {
            line.prefix = Some(prefix.into());
        }
        self
    }

    /// Words after the input: "a week", "weeks", "miles".
    #[must_use]
    pub fn suffix(mut self, suffix: impl Into<String>) -> Self {
        if let Control::Line(line) = &mut self.control {
            line.suffix = Some(suffix.into());
        }
        self
    }

    /// How wide a one-line input is: 2, 3, 4, 5, 10, 20 or 30 characters.
    #[must_use]
    pub fn width(mut self, chars: u8) -> Self {
        if let Control::Line(line) = &mut self.control {
            line.width = Width::Chars(chars);
        }
        self
    }

    /// What the reader's own browser may fill in, for questions about the reader: `name`, `tel`, `organization-title`.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        match &mut self.control {
            Control::Line(line) => line.autocomplete = Some(token),
            Control::Password { autocomplete } => *autocomplete = token,
            Control::Date { birth, .. } => *birth = token == "bday",
            _ => {}
        }
        self
    }

    /// A code or a name: no spelling check.
    #[must_use]
    pub fn plain(mut self) -> Self {
        if let Control::Line(line) = &mut self.control {
            line.plain = true;
        }
        self
    }

    /// How many lines a text area shows.
    #[must_use]
    pub fn rows(mut self, lines: u8) -> Self {
        if let Control::Area { rows, .. } = &mut self.control {
            *rows = lines;
        }
        self
    }

    /// The most characters a text area takes; told below it, counted down where scripts run, checked by the server.
    #[must_use]
    pub fn limit(mut self, characters: usize) -> Self {
        if let Control::Area { limit, .. } = &mut self.control {
            *limit = Some(characters);
        }
        self
    }

    /// Radios side by side: two short options without hints.
    #[must_use]
    pub fn inline(mut self) -> Self {
        if let Control::Radios { inline, .. } = &mut self.control {
            *inline = true;
        }
        self
    }

    /// Small radios or checkboxes: for filters only.
    #[must_use]
    pub fn small(mut self) -> Self {
        if let Control::Radios { small, .. } | Control::Checkboxes { small, .. } = &mut self.control {
            *small = true;
        }
        self
    }

    /// The kinds of file offered first: ".csv,.xlsx". The server checks by content.
    #[must_use]
    pub fn accept(mut self, kinds: impl Into<String>) -> Self {
        if let Control::File { accept } = &mut self.control {
            *accept = Some(kinds.into());
        }
        self
    }
}

/// What the template asks.
impl Field {
    pub(super) fn is_file(&self) -> bool {
        matches!(self.control, Control::File { .. })
    }

    fn is_date(&self) -> bool {
        matches!(self.control, Control::Date { .. })
    }

    fn is_hidden(&self) -> bool {
        matches!(self.control, Control::Hidden { .. })
    }

    fn has_fieldset(&self) -> bool {
        matches!(self.control, Control::Date { .. } | Control::Radios { .. } | Control::Checkboxes { .. })
    }

    fn shown_limit(&self) -> Option<usize> {
        match self.control {
            Control::Area { limit, .. } => limit,
            _ => None,
        }
    }

    /// The ids of what describes the control, in reading order.
    fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.name));
        let limit = self.shown_limit().map(|_| format!("{}-info", self.name));
        let ids: Vec<String> = [limit, hint, error].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// What the browser may fill into a part of a date: something only for the reader's own birthday.
    fn birth_token(&self, part: &str) -> String {
        if matches!(self.control, Control::Date { birth: true, .. }) { format!("bday-{part}") } else { String::new() }
    }

    fn part_id(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.name)
    }

    fn part_wrong(&self, part: &str) -> bool {
        self.error.is_some() && self.wrong_part.is_none_or(|wrong| wrong == part)
    }

    /// The id of the option at `index`, counted from 1: the first has the field's own, so that errors link to it.
    fn option_id(&self, index: &usize) -> String {
        if *index == 1 { self.name.clone() } else { format!("{}-{index}", self.name) }
    }
}

component!(Field);

#[cfg(test)]
mod tests {
    use placewell_domain::outcome::Invalid;

    use super::{Choice, Field};

    #[test]
    fn an_error_stands_by_its_field_and_what_was_typed_is_kept() {
        let errors = Invalid::one("price", "Enter the weekly price in pounds, like 4,150");
        let html = Field::money("price", "Weekly price").value("four <grand>").errors(&errors).to_string();
        assert!(html.contains("id=\"price-error\""), "{html}");
        assert!(html.contains("aria-describedby=\"price-error\""), "{html}");
        assert!(html.contains("value=\"four &#60;grand&#62;\""), "{html}");
    }

    #[test]
    fn a_date_error_marks_the_part_that_is_wrong() {
        let errors = Invalid::one("needed_by_month", "Needed by must have a month, like 3");
        let html = Field::date("needed_by", "Needed by").parts(["19", "", "2021"]).errors(&errors).to_string();
        assert_eq!(html.matches("govuk-input--error").count(), 1, "{html}");
        assert!(html.contains("id=\"needed_by\""), "{html}");
        assert!(html.contains("name=\"needed_by_day\" type=\"text\" inputmode=\"numeric\" value=\"19\""), "{html}");
    }

    #[test]
    fn an_error_of_another_field_leaves_this_one_alone() {
        let errors = Invalid::one("start_date", "Enter a start date");
        assert!(!Field::text("start", "Start").errors(&errors).to_string().contains("error"));
    }

    #[test]
    fn no_radio_is_chosen_beforehand_and_an_answer_is_kept() {
        let routes = || Field::radios("route", "Route", [Choice::new("fca", "FCA"), Choice::new("spot", "Spot")]);
        assert!(!routes().to_string().contains(" checked"));
        assert_eq!(routes().value("spot").to_string().matches(" checked").count(), 1);
    }
}
