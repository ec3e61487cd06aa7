//! Numbers with a label, for the head of a role's home, and dates that say what they mean for the reader.

use askama::Template;
use jiff::civil::Date;

use crate::component;
use crate::words;

/// One big number.
#[derive(Debug, Clone)]
pub struct Number {
    value: String,
    label: String,
    note: Option<String>,
    href: Option<String>,
}

impl Number {
    /// A number as printed ("3", "£4.62m") and its label, 20 characters at most.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), note: None, href: None }
    }

    /// A line below: "of £5.5m".
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Where the things counted are listed; the label becomes the link.
    #[must_use]
    pub fn to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// Two to four big numbers side by side, below a heading that gives them context.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/numbers.html")]
pub struct Numbers {
    numbers: Vec<Number>,
}

impl Numbers {
    /// The numbers, in order.
    pub fn new(numbers: impl IntoIterator<Item = Number>) -> Self {
        Self { numbers: numbers.into_iter().collect() }
    }
}

/// A date, and in words what it means: "13 September 2021 / Overdue by 2 days". Never by colour alone.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<span class="app-due{% if overdue %} app-due--overdue{% endif %}"><time datetime="{{ machine }}">{{ shown }}</time>{% if let Some(label) = label %} <span class="app-due__label">{{ label }}</span>{% endif %}</span>"#
)]
pub struct ContextualDate {
    machine: String,
    shown: String,
    label: Option<String>,
    overdue: bool,
}

impl ContextualDate {
    /// A date with nothing to add.
    pub fn new(date: Date) -> Self {
        Self { machine: date.to_string(), shown: words::date(date), label: None, overdue: false }
    }

    /// A moment: "4pm on Monday 13 September 2021".
    pub fn moment(moment: jiff::civil::DateTime) -> Self {
        Self { machine: moment.to_string(), shown: words::moment(moment), label: None, overdue: false }
    }

    /// Something due on `date`, seen on `today`: says "Due today", "Due in 3 days" or "Overdue by 2 days".
    pub fn due(date: Date, today: Date) -> Self {
        let days = i64::from(date.since(today).map_or(0, |span| span.get_days()));
        let overdue = days < 0;
        let label = match days {
            0 => "Due today".to_owned(),
            1.. => format!("Due in {}", words::count(days.unsigned_abs(), "day", "days")),
            _ => format!("Overdue by {}", words::count(days.unsigned_abs(), "day", "days")),
        };
        Self { label: Some(label), overdue, ..Self::new(date) }
    }

    /// Words of the page's own: "Closes in 5 hours 40 minutes".
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Marks it as late; the label has to say so in words.
    #[must_use]
    pub fn overdue(mut self) -> Self {
        self.overdue = true;
        self
    }
}

component!(Numbers, ContextualDate);

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::ContextualDate;

    #[test]
    fn a_due_date_says_in_words_whether_it_has_passed() {
        let today = date(2021, 9, 13);
        assert!(ContextualDate::due(date(2021, 9, 11), today).to_string().contains("Overdue by 2 days"));
        assert!(ContextualDate::due(today, today).to_string().contains("Due today"));
        assert!(ContextualDate::due(date(2021, 12, 14), today).to_string().contains("Due in 92 days"));
    }
}
