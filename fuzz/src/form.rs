//! The forms and links of a page, as a browser would find them.

use scraper::{ElementRef, Html, Selector};

use crate::nasty;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

/// One field of a form: all inputs of one name.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Whether a person does not see it.
    pub hidden: bool,
    /// What it holds when shown.
    pub value: String,
    /// What can be chosen; empty where anything can be typed.
    pub options: Vec<String>,
    /// Whether several can be chosen.
    pub several: bool,
    /// Whether it takes a file.
    pub file: bool,
}

/// A form.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Whether sending it changes something.
    pub post: bool,
    /// Whether it carries files.
    pub multipart: bool,
    /// Its fields.
    pub inputs: Vec<Input>,
}

fn select<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(selector).map(|selector| element.select(&selector).collect()).unwrap_or_default()
}

/// The paths of this service that a page links to.
pub fn links(page: &str) -> Vec<String> {
    let document = Html::parse_document(page);
    let links = select(document.root_element(), "a[href]").into_iter().filter_map(|link| link.attr("href"));
    let own = links.filter(|link| link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/assets/"));
    own.map(|link| link.split('#').next().unwrap_or("/").to_owned()).collect()
}

/// The forms of a page that was shown at a path.
pub fn forms(page: &str, shown_at: &str) -> Vec<Form> {
    let document = Html::parse_document(page);
    let read = |form: ElementRef<'_>| {
        let attribute = |name| form.attr(name).unwrap_or_default().to_lowercase();
        let mut read = Form {
            action: form.attr("action").filter(|action| !action.is_empty()).unwrap_or(shown_at).to_owned(),
            post: attribute("method") == "post",
            multipart: attribute("enctype").contains("multipart"),
            inputs: Vec::new(),
        };
        for control in select(form, "input[name], textarea[name], select[name], button[name]") {
            read.add(control);
        }
        read
    };
    select(document.root_element(), "form").into_iter().map(read).collect()
}

impl Form {
    fn add(&mut self, control: ElementRef<'_>) {
        let name = control.attr("name").unwrap_or_default();
        let kind = control.attr("type").unwrap_or_default();
        let at = self.inputs.iter().position(|input| input.name == name).unwrap_or_else(|| {
            self.inputs.push(Input { name: name.to_owned(), ..Input::default() });
            self.inputs.len() - 1
        });
        let Some(input) = self.inputs.get_mut(at) else { return };
        let value = control.attr("value").unwrap_or_default().to_owned();
        match (control.value().name(), kind) {
            ("select", _) => {
                let options = select(control, "option");
                input.options.extend(options.iter().filter_map(|option| option.attr("value")).map(str::to_owned));
            }
            ("textarea", _) => input.value = control.text().collect(),
            ("input", "radio") | ("button", _) => input.options.push(value),
            ("input", "checkbox") => {
                input.options.push(value);
                input.several = true;
            }
            ("input", "hidden") => {
                input.hidden = true;
                input.value = value;
            }
            ("input", "file") => input.file = true,
            _ => input.value = value,
        }
    }

    /// Names and values as a person in a hurry would fill it in.
    pub fn filled(&self, chance: &mut StdRng) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for input in &self.inputs {
            if input.several {
                let ticked = input.options.iter().filter(|_| chance.random_bool(0.5));
                pairs.extend(ticked.map(|value| (input.name.clone(), value.clone())));
            } else {
                let value = input.options.choose(chance).cloned().unwrap_or_else(|| typed(input, chance));
                pairs.push((input.name.clone(), value));
            }
        }
        pairs
    }
}

/// Something that fits the field's name.
fn typed(input: &Input, chance: &mut StdRng) -> String {
    if input.hidden || (!input.value.is_empty() && chance.random_bool(0.7)) {
        return input.value.clone();
    }
    let name = input.name.to_lowercase();
    let fits = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let value = match () {
        () if name.ends_with("_day") => "14",
        () if name.ends_with("_month") => "9",
        () if name.ends_with("_year") => "2021",
        () if fits(&["time"]) => "4pm",
        () if fits(&["pence", "price", "weekly", "amount", "value"]) => "4150.50",
        () if fits(&["postcode"]) => "HR1 2PX",
        () if fits(&["email"]) => "somebody@example.org",
        () if fits(&["age", "count", "number", "days", "weeks", "nights", "months", "places"]) => "12",
        () => "As agreed with the home.",
    };
    value.to_owned()
}

/// Damages the field that is looked at, and now and then others, in one of many ways.
pub fn spoil(pairs: &mut Vec<(String, String)>, field: &str, chance: &mut StdRng) {
    let others = chance.random_bool(0.2);
    for (name, value) in pairs.iter_mut() {
        if name == field || (others && !name.starts_with('_') && chance.random_bool(0.3)) {
            *value = nasty::text(chance);
        }
    }
    match chance.random_range(0..20) {
        0 => pairs.retain(|(name, _)| name != field),
        1 => pairs.push((field.to_owned(), nasty::text(chance))),
        2 => pairs.push((nasty::text(chance), nasty::text(chance))),
        3 => pairs.reverse(),
        _ => {}
    }
}
