//! What a provider says of its own home: its name, for whom it is registered, and what it can meet.

use placewell_domain::homes::home::{Need, RegisteredSex};
use placewell_domain::outcome::Invalid;

use crate::components::Inset;
use crate::form::{Choice, Field, Form, Typed};
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;

/// The form with what stands in it.
#[derive(Debug, Clone)]
pub struct PurposeView {
    /// Ofsted's number.
    pub urn: String,
    /// The home's name.
    pub name: String,
    /// The version of the home that the form was made from.
    pub version: i64,
    /// The form's idempotency key.
    pub key: String,
    /// What is held, or what was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page of the form.
pub fn purpose(shell: Shell, view: &PurposeView) -> Page {
    let (typed, errors) = (&view.typed, &view.errors);
    let sexes = RegisteredSex::ALL.iter().map(|sex| Choice::new(sex.code(), capital(sex.label())));
    let action = format!("/provider/homes/{}/purpose", view.urn);
    let form = Form::post(action, shell.csrf.clone(), view.key.as_str())
        .version(view.version)
        .field(Field::text("name", "The home's name").value(typed.get("name")).errors(errors))
        .field(Field::number("age_from", "Youngest age").width(2).value(typed.get("age_from")).errors(errors))
        .field(Field::number("age_to", "Oldest age").width(2).value(typed.get("age_to")).errors(errors))
        .field(Field::radios("sex", "For whom it is registered", sexes).value(typed.get("sex")).errors(errors))
        .field(
            Field::date("as_of", "Date of the statement of purpose")
                .hint("For example, 4 1 2021")
                .parts(typed.date("as_of"))
                .errors(errors),
        );
    let form = Need::ALL.iter().fold(form, |form, need| {
        let name = format!("need_{}", need.code());
        let choices =
            [Choice::new("meets", "Meets"), Choice::new("does_not", "Does not"), Choice::new("unsaid", "Not said")];
        let value = typed.get(&name).to_owned();
        form.field(Field::radios(name, capital(need.label()), choices).inline().small().value(value).errors(errors))
    });
    let beds = format!("/provider/homes/{}/beds", view.urn);
    let shell = shell.titled("State what the home is for").caption(view.name.as_str()).record(view.urn.as_str());
    Page::new(shell.back(beds.clone()).with_errors(errors))
        .with(Inset::new(
            "Officers search by these answers. What is not said counts as not known: the home is shown and asked.",
        ))
        .with(form.submit("State this purpose").cancel(beds))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let mut typed = Typed::default();
    typed.set("name", "Elm House");
    typed.set("age_from", 10);
    typed.set("age_to", 17);
    typed.set("sex", "any");
    for need in Need::ALL {
        typed.set(&format!("need_{}", need.code()), if *need == Need::Pets { "does_not" } else { "unsaid" });
    }
    typed.day("as_of", Some(jiff::civil::date(2021, 6, 1)));
    let view = PurposeView {
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        version: 3,
        key: "k1".to_owned(),
        typed,
        errors: Invalid::default(),
    };
    let mut wrong = PurposeView { typed: Typed::default(), ..view.clone() };
    wrong.errors.add("name", "Enter the home's name in 2 to 80 characters. It has 0");
    wrong.errors.add("as_of", "Enter the date of the statement of purpose, like 4 1 2021");
    vec![
        ("statement of purpose", purpose(samples::signed_in_shell(), &view).to_string()),
        ("statement of purpose, with errors", purpose(samples::signed_in_shell(), &wrong).to_string()),
    ]
}
