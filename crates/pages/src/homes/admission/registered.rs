//! Registrations as the regional team looks at them: who else has the number or the name, and what becomes of each.

use jiff::civil::DateTime;
use placewell_domain::homes::admission::registration::RefusalWhy;

use crate::components::{Button, Cell, Colour, Details, Inset, Link, Row, SummaryList, Table, Tag, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::power::arrangement::Forms;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// One registration of the list.
#[derive(Debug, Clone)]
pub struct RegistrationLine {
    /// Its id.
    pub id: i64,
    /// The legal entity.
    pub legal_name: String,
    /// Its number.
    pub company_number: String,
    /// The opening.
    pub opening: String,
    /// When it was registered.
    pub at: DateTime,
    /// Where it stands, in words.
    pub state: String,
    /// Whether it waits to be looked at.
    pub waits: bool,
    /// Whether its number or name is another's too.
    pub known: bool,
}

fn tag(line: &RegistrationLine) -> Tag {
    let colour = if line.waits { Colour::Yellow } else { Colour::Grey };
    Tag::new(line.state.as_str(), colour)
}

/// The list.
pub fn registrations(shell: Shell, lines: &[RegistrationLine]) -> Page {
    let rows = lines.iter().map(|line| {
        let link = Link::new(line.legal_name.as_str(), format!("/region/registrations/{}", line.id));
        let known = if line.known { "Known under its number or name" } else { "New here" };
        Row::new(Cell::new(Html::from(link)))
            .cell(line.company_number.as_str())
            .cell(line.opening.as_str())
            .cell(words::moment(line.at))
            .cell(known)
            .cell(Cell::new(tag(line)))
    });
    let table = Table::new("Registrations")
        .columns(["Provider", "Number", "Opening", "Registered", "Known", "State"])
        .rows(rows)
        .empty("Nobody has registered. Providers register on the page of an opening while it takes applications.");
    Page::new(shell.titled("Providers that registered themselves").back("/region/admission"))
        .text("Confirm who each one is. Who registered is never told whether a number is known here.")
        .with(table)
}

/// A provider that has the number or the name too.
#[derive(Debug, Clone)]
pub struct KnownLine {
    /// Its code in addresses.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The number is the same; else the name.
    pub by_number: bool,
    /// Whether anybody works for it here.
    pub has_people: bool,
}

/// One registration.
#[derive(Debug, Clone)]
pub struct RegistrationView {
    /// As the list has it.
    pub line: RegistrationLine,
    /// The version.
    pub version: i64,
    /// The code of the organisation that was made.
    pub code: String,
    /// Who registered it: name, job title, address.
    pub person: [String; 3],
    /// Who has the number or the name too.
    pub known: Vec<KnownLine>,
    /// Its homes on the register: number and name.
    pub homes: Vec<(String, String)>,
    /// What became of it, in words, where something did.
    pub became: Option<String>,
}

fn known(view: &RegistrationView) -> Table {
    let rows = view.known.iter().map(|one| {
        Row::new(Cell::new(Html::from(Link::new(one.name.as_str(), format!("/region/providers/{}", one.code)))))
            .cell(one.code.as_str())
            .cell(if one.by_number { "Its company number" } else { "Its name" })
            .cell(if one.has_people { "People sign in for it" } else { "Nobody signs in for it" })
    });
    Table::new("Providers known under its number or name")
        .columns(["Provider", "Code", "What is the same", "People"])
        .rows(rows)
        .empty("None: its number and its name are new here.")
}

/// The page of one registration.
pub fn registration(shell: Shell, view: &RegistrationView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let line = &view.line;
    let [name, title, email] = &view.person;
    let provider = Link::new(line.legal_name.as_str(), format!("/region/providers/{}", view.code));
    let facts = SummaryList::new()
        .row("Provider", provider)
        .row("Company or charity number", line.company_number.as_str())
        .row("Opening", line.opening.as_str())
        .row("Registered by", format!("{name}, {title}"))
        .row("Email address, proven", email.as_str())
        .row("Registered", words::moment(line.at))
        .row("State", tag(line));
    let homes = view.homes.iter().map(|(urn, home)| {
        Row::new(Cell::new(Html::from(Link::new(home.as_str(), format!("/region/homes/{urn}"))))).cell(urn.as_str())
    });
    let homes = Table::new("Its homes on the register")
        .columns(["Home", "Ofsted number"])
        .rows(homes)
        .empty("None. Without a home on the register it can write its application, and cannot send it.");
    let shell = shell
        .titled(line.legal_name.as_str())
        .caption("Registration of a provider")
        .back("/region/registrations")
        .with_errors(forms.errors);
    let page = Page::new(shell)
        .maybe((line.known && line.waits).then(|| {
            Warning::new(
                "A provider is known here under its number or its name. Find out who it is before you confirm it.",
            )
        }))
        .with(facts)
        .with(known(view))
        .with(homes);
    match &view.became {
        Some(words) => page.with(Inset::new(words.as_str())),
        None => acts(page, view, forms, &csrf),
    }
}

fn acts(page: Page, view: &RegistrationView, forms: &Forms<'_>, csrf: &str) -> Page {
    let at = |act: &str| format!("/region/registrations/{}/{act}", view.line.id);
    let (typed, errors): (&Typed, _) = (forms.typed, forms.errors);
    let confirm = Form::post(at("confirm"), csrf, forms.key(0))
        .version(view.version)
        .field(
            Field::textarea("homes", "Its homes on Ofsted's register, one number on each line")
                .hint("Only homes that nobody here keeps. Leave it empty where the register has none yet")
                .rows(3)
                .value(typed.get("homes"))
                .errors(errors),
        )
        .submit("Confirm the registration");
    let join = Form::post(at("join"), csrf, forms.key(1))
        .version(view.version)
        .field(
            Field::text("provider", "Code of the provider that it is")
                .hint("It stands in the list of providers, such as elm-care-limited")
                .plain()
                .value(typed.get("provider"))
                .errors(errors),
        )
        .submit("It is that provider");
    let whys = RefusalWhy::ALL.iter().map(|why| Choice::new(why.code(), words::capital(why.label())));
    let refuse = Form::post(at("refuse"), csrf, forms.key(2))
        .version(view.version)
        .field(Field::radios("why", "Why is it not taken?", whys).value(typed.get("why")).errors(errors))
        .button(Button::submit("Do not take it").warning());
    let open = |name: &str| errors.errors.iter().any(|error| error.field == name);
    let details = |title: &str, name: &str, form: Form| {
        let details = Details::new(title, form);
        if open(name) { details.open() } else { details }
    };
    page.heading("What becomes of it?")
        .with(confirm)
        .with(details("It is a provider that is known here", "provider", join))
        .with(details("It is not taken", "why", refuse))
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let line = RegistrationLine {
        id: 7,
        legal_name: "Rowan & Łódź Care Limited".into(),
        company_number: "01234567".into(),
        opening: "AR-004".into(),
        at: jiff::civil::date(2021, 9, 13).at(9, 0, 0, 0),
        state: "To be looked at".into(),
        waits: true,
        known: true,
    };
    let settled = RegistrationLine { waits: false, known: false, state: "Confirmed".into(), ..line.clone() };
    let known = |by_number, has_people| KnownLine {
        code: "rowan-care".into(),
        name: "Rowan Care".into(),
        by_number,
        has_people,
    };
    let view = RegistrationView {
        line: line.clone(),
        version: 1,
        code: "rowan-care-limited-a1b2c3".into(),
        person: ["Jo Bromyard".into(), "Director".into(), "j.bromyard@rowan.example".into()],
        known: vec![known(true, true), known(false, false)],
        homes: vec![],
        became: None,
    };
    let done = RegistrationView {
        line: settled.clone(),
        known: vec![],
        homes: vec![("SC400001".into(), "Elm House".into())],
        became: Some("Confirmed on 13 September 2021.".into()),
        ..view.clone()
    };
    let keys = ["k1".to_owned(), "k2".to_owned(), "k3".to_owned()];
    let (none, typed) = (placewell_domain::outcome::Invalid::default(), Typed::default());
    let forms = Forms { keys: &keys, errors: &none, typed: &typed };
    let wrong = placewell_domain::outcome::Invalid::one("why", "Select why it is not taken");
    let again = Forms { keys: &keys, errors: &wrong, typed: &typed };
    let shell = kit::signed_in_shell;
    vec![
        ("registrations", registrations(shell(), &[line, settled]).to_string()),
        ("registrations, none", registrations(shell(), &[]).to_string()),
        ("a registration", registration(shell(), &view, &forms).to_string()),
        ("a registration, with an error", registration(shell(), &view, &again).to_string()),
        ("a registration that was confirmed", registration(shell(), &done, &forms).to_string()),
    ]
}
