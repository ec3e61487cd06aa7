//! Recording a decision: paste its published text or send the saved page, then check each field beside the line that it
//! came from (D-02).

use std::collections::BTreeMap;

use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{GoverningBody, LimbPower, Says};

use crate::components::{Button, Details, Inset, Row, Table};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// No decision that a person wrote has more limbs.
const MOST: usize = 40;
/// No limb gives powers to more groups of posts.
const MOST_GRANTS: usize = 8;

/// The names and values that the form shows: from the text, or as typed.
#[derive(Debug, Clone, Default)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// The value of a field; empty where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// The values of a field that has several.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The form with every field of a decision.
#[derive(Debug, Clone)]
pub struct CheckForm {
    /// Where it is sent.
    pub action: String,
    /// The idempotency key.
    pub key: String,
    /// The version of the record it corrects; none for a new one.
    pub version: Option<i64>,
    /// What it shows.
    pub typed: Typed,
    /// The line of the source for each field that was found.
    pub sources: BTreeMap<String, String>,
    /// What the source lacks.
    pub missing: Vec<String>,
    /// Why a field was not read although the source speaks of it, by field.
    pub doubts: BTreeMap<String, String>,
    /// A published page: its words are corrected, and what it allows stands as it was decided.
    pub fixed: bool,
    /// What is wrong.
    pub errors: Invalid,
    /// Where "Cancel" leads.
    pub cancel: String,
}

/// The first step: paste the text or send the saved page; with the reference of the decision that it amends, where it
/// does.
pub fn paste_page(shell: Shell, key: &str, amends: &str, errors: &Invalid) -> Page {
    let (csrf, saved_csrf) = (shell.csrf.clone(), shell.csrf.clone());
    let shell = shell.titled("Record a decision").back("/democratic/decisions").with_errors(errors);
    let amending = (!amends.is_empty()).then(|| {
        Inset::new(format!("This decision amends {amends}, which goes on until this one is itself in force."))
    });
    let form = Form::post("/democratic/decisions/check", csrf, key)
        .field(Field::hidden("amends", amends))
        .field(
            Field::textarea("text", "Paste the published text of the decision")
                .hint("Copy the whole page, or the source of the saved page. You check each field on the next page.")
                .rows(20)
                .errors(errors),
        )
        .submit("Read this text")
        .cancel("/democratic/decisions");
    let saved = Form::post("/democratic/decisions/check", saved_csrf, key)
        .field(Field::hidden("amends", amends))
        .field(
            Field::file(crate::office::document::FIELD, "The saved page of the decision")
                .hint("Saved as HTML only or as text, 1 MB at most. You check each field on the next page.")
                .accept(".html,.htm,.txt")
                .errors(errors),
        )
        .submit("Read this file");
    Page::new(shell).narrow().maybe(amending).with(form).heading("Or send the saved page").with(saved)
}

/// The name of a part of one group of posts in a limb: `powers`, `posts`, `powers_1`.
#[must_use]
pub fn grant_part(part: &str, grant: usize) -> String {
    if grant == 0 { part.to_owned() } else { format!("{part}_{grant}") }
}

/// The second step: each field beside its source.
pub fn check_page(shell: Shell, form: &CheckForm) -> Page {
    let csrf = shell.csrf.clone();
    let title = if form.version.is_some() { "Change this decision" } else { "Check each field beside its source" };
    let shell = shell.titled(title).back(form.cancel.as_str()).with_errors(&form.errors);
    let missing: Vec<String> = form.missing.iter().map(|field| super::missing_words(field)).collect();
    let ask = (!missing.is_empty()).then(|| {
        Inset::new(format!("The text does not give: {}. Find these out; nothing is guessed.", words::list(&missing)))
    });
    let doubts = (!form.doubts.is_empty()).then(|| {
        Table::new("What the text leaves open")
            .columns(["Field", "Why it was not read"])
            .rows(form.doubts.iter().map(|(field, why)| Row::new(super::missing_words(field)).cell(why.as_str())))
    });
    let fixed = form.fixed.then(|| {
        Inset::new(
            "The words of a published page can be corrected here. What it allows, its term and who decided stand as they \
             were decided: only a new decision changes them.",
        )
    });
    let mut out = Form::post(form.action.as_str(), csrf, form.key.as_str());
    if let Some(version) = form.version {
        out = out.version(version);
    }
    let out = form
        .sources
        .iter()
        .fold(out, |out, (field, line)| out.field(Field::hidden(format!("source_line_{field}"), shortened(line))));
    let why = Field::textarea("why", "Why is it corrected?")
        .hint("Everybody reads this beside what was changed.")
        .rows(2)
        .limit(1_000)
        .value(form.typed.get("why"))
        .errors(&form.errors);
    let out = if form.fixed { out.field(why) } else { out };
    let out = heads(out, form);
    let out = if form.fixed { out } else { limbs(out, form) };
    let out = tails(out, form);
    let out = dates(out, form);
    let out = if form.fixed { out } else { term(out, form) };
    let out = out.confirming("decision.correct", &form.errors);
    let submit = if form.version.is_some() { "Save these fields" } else { "Record this decision as a draft" };
    let out = out.submit(submit);
    let more = Button::submit("Add another limb").sends("add_limb", "yes").secondary();
    let out = if form.fixed { out } else { out.button(more) };
    Page::new(shell).narrow().maybe(ask).maybe(doubts).maybe(fixed).with(out.cancel(form.cancel.as_str()))
}

impl CheckForm {
    fn hint(&self, name: &str) -> Option<Html> {
        match self.sources.get(name) {
            Some(line) => Some(Html::text(&format!("In the text: “{}”", shortened(line)))),
            None if self.doubts.contains_key(name) => {
                self.doubts.get(name).map(|why| Html::text(&format!("Not read: {why}")))
            }
            None if self.sources.is_empty() => None,
            None => Some("The text does not say.".into()),
        }
    }

    fn kept(&self, field: Field, name: &str) -> Field {
        let field = match self.hint(name) {
            Some(hint) => field.hint(hint),
            None => field,
        };
        field.value(self.typed.get(name)).errors(&self.errors)
    }

    fn text(&self, name: &str, label: &str) -> Field {
        self.kept(Field::text(name, label), name)
    }

    fn area(&self, name: &str, label: &str) -> Field {
        self.kept(Field::textarea(name, label).rows(4), name)
    }

    fn date(&self, name: &str, label: &str) -> Field {
        let typed = |part: &str| self.typed.get(&format!("{name}_{part}")).to_owned();
        let (day, month, year) = (typed("day"), typed("month"), typed("year"));
        let field = Field::date(name, label).parts([&day, &month, &year]).errors(&self.errors);
        match self.hint(name) {
            Some(hint) => field.hint(hint),
            None => field,
        }
    }
}

fn shortened(line: &str) -> String {
    const LONGEST: usize = 160;
    if line.chars().count() <= LONGEST {
        line.to_owned()
    } else {
        format!("{}…", line.chars().take(LONGEST).collect::<String>())
    }
}

fn heads(out: Form, form: &CheckForm) -> Form {
    let bodies = GoverningBody::ALL.iter().map(|body| Choice::new(body.code(), body.label()));
    let reference = form.text("reference", "Reference").hint("Starts with the authority's code, like HEF-2021-0913");
    let out = if form.version.is_some() { out } else { out.field(reference) };
    let out = out.field(form.text("title", "Title")).field(form.text("decision_maker", "Decision maker"));
    let body = form.kept(Field::radios("governing_body", "Kind of body that decided", bodies), "governing_body");
    let out = if form.fixed { out } else { out.field(body) };
    out.field(form.text("status", "Decision status"))
        .field(form.kept(Field::yes_no("key_decision", "Is key decision?"), "key_decision"))
        .field(form.kept(Field::yes_no("subject_to_call_in", "Is subject to call in?"), "subject_to_call_in"))
        .field(form.area("purpose", "Purpose"))
}

fn limbs(out: Form, form: &CheckForm) -> Form {
    let count: usize = form.typed.get("limb_count").parse().unwrap_or(0);
    let out = out
        .part(Html::heading("The decision, limb by limb"))
        .part(Html::paragraph(
            "Each part of the decision with the label that its page prints. A block that stays empty is no limb. A decision \
             in one piece is one limb; where the page prints no label, a letter stands for it.",
        ))
        .field(Field::hidden("limb_count", count.to_string()));
    (0..count.min(MOST)).fold(out, |out, at| limb(out, form, at))
}

/// One limb: found in the text, or an empty block for one that was not.
fn limb(out: Form, form: &CheckForm, at: usize) -> Form {
    let name = |part: &str| format!("limb_{at}_{part}");
    let label = form.typed.get(&name("letter")).to_owned();
    let heading = if label.is_empty() { "A further limb".to_owned() } else { format!("Limb ({label})") };
    let field = |field: Field, part: &str| {
        let name = name(part);
        field.value(form.typed.get(&name)).errors(&form.errors)
    };
    let ceiling = field(Field::money(name("ceiling"), "Annual value that it sets, if any"), "ceiling");
    let ceiling = match form.sources.get("annual_value_pence") {
        Some(line) if !form.typed.get(&name("ceiling")).is_empty() => {
            ceiling.hint(Html::text(&format!("In the text: “{}”", shortened(line))))
        }
        Some(_) | None => ceiling,
    };
    let grants: usize = form.typed.get(&name("grants")).parse().unwrap_or(1);
    let out = out
        .part(Html::heading(&heading))
        .field(field(
            Field::text(name("letter"), "Label").hint("As the page prints it, such as a, 1.2 or iv").width(5).plain(),
            "letter",
        ))
        .field(field(Field::textarea(name("text"), "Text").rows(4), "text"))
        .field(field(
            Field::checkboxes(name("adopts"), "Adoption", [Choice::new("yes", "Adopts the arrangement")]),
            "adopts",
        ))
        .field(ceiling)
        .field(Field::hidden(name("grants"), grants.to_string()));
    (0..grants.clamp(1, MOST_GRANTS)).fold(out, |out, grant| {
        let powers = name(&grant_part("powers", grant));
        let choices = LimbPower::ALL.iter().map(|power| Choice::new(power.code(), power.label()));
        let legend = if grant == 0 { "What holders of the posts may do" } else { "What holders of other posts may do" };
        let posts = if grant == 0 { "Posts that it names" } else { "Other posts that it names" };
        out.field(
            Field::checkboxes(powers.as_str(), legend, choices).values(form.typed.all(&powers)).errors(&form.errors),
        )
        .field(field(
            Field::textarea(name(&grant_part("posts", grant)), posts)
                .hint("One to a line. Begin with “relevant” where only those whose remit covers the case are meant.")
                .rows(3),
            &grant_part("posts", grant),
        ))
    })
}

fn tails(out: Form, form: &CheckForm) -> Form {
    let alternatives = Field::textarea("alternatives", "Alternative options considered")
        .hint("Begin each with its number and a full stop, on a line of its own. Where there were none, say so: None considered.")
        .rows(8)
        .value(form.typed.get("alternatives"))
        .errors(&form.errors);
    let documents = Field::textarea("documents", "Accompanying documents")
        .hint("One to a line: the title, then its address where it has one, like Main report <https://example.org/report.pdf>")
        .rows(3)
        .value(form.typed.get("documents"))
        .errors(&form.errors);
    out.field(alternatives)
        .field(form.area("reasons", "Reasons for the decision"))
        .field(form.area("conflicts_of_interest", "Conflicts of interest"))
        .field(form.area("dispensations", "Dispensations"))
        .field(form.area("urgency", "Urgency"))
        .field(form.text("reason_key", "Reason key"))
        .field(form.text("wards", "Wards affected"))
        .field(form.text("contact", "Contact").hint("A post, not a name: officers below director are named by title"))
        .field(documents)
        .field(form.text("source_url", "Address of the published page"))
}

fn dates(out: Form, form: &CheckForm) -> Form {
    let out = out
        .field(form.date("published_on", "Publication date"))
        .field(form.date("decided_on", "Date of decision"))
        .field(form.date("effective_from", "Effective from"));
    if form.version.is_some() {
        return out;
    }
    out.field(
        Field::text("amends", "Reference of the decision that it amends, if any")
            .value(form.typed.get("amends"))
            .errors(&form.errors),
    )
}

fn term(out: Form, form: &CheckForm) -> Form {
    let says = || Says::ALL.iter().map(|says| Choice::new(says.code(), says.label()));
    let question =
        |name: &str, label: &str| Field::radios(name, label, says()).value(form.typed.get(name)).errors(&form.errors);
    let day = |name: &str, label: &str| {
        let parts = ["day", "month", "year"].map(|part| form.typed.get(&format!("{name}_{part}")).to_owned());
        let field = Field::date(name, label).parts([&parts[0], &parts[1], &parts[2]]).errors(&form.errors);
        form.hint(&name.replace('_', ".")).map_or_else(|| field.clone(), |hint| field.clone().hint(hint))
    };
    let months = Field::number("option_months", "Option to extend, in months")
        .value(form.typed.get("option_months"))
        .errors(&form.errors);
    let said = form.hint("term.option_months").unwrap_or_else(|| Html::from("Enter 0 where there is no option."));
    let extension = Html::join([
        Html::from(question("extension_ceiling", "Does the ceiling go on in an extended term?")),
        question("extension_limbs", "Do the powers of the limbs go on?").into(),
        question("extension_blocks", "Do they hold for block contracts that outlive the term?").into(),
        form.date("uses_extension", "Last day of the extended term, where this decision uses the option").into(),
    ]);
    out.field(day("term_start", "First day of the term"))
        .field(day("term_end", "Last day of the term"))
        .field(months.hint(said))
        .part(Details::new("The extended term", extension).open())
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let typed = [
        ("title", "Adoption"),
        ("limb_count", "2"),
        ("limb_0_letter", "1.1"),
        ("limb_0_text", "be adopted"),
        ("limb_0_powers", "operational"),
        ("limb_0_grants", "2"),
    ];
    let form = CheckForm {
        action: "/democratic/decisions".into(),
        key: "k".into(),
        version: None,
        typed: Typed(typed.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()),
        sources: BTreeMap::from([("title".to_owned(), "Adoption".to_owned())]),
        missing: vec!["reasons".into(), "annual_value_pence".into()],
        doubts: BTreeMap::from([(
            "annual_value_pence".to_owned(),
            "The text states several annual amounts".to_owned(),
        )]),
        fixed: false,
        errors: Invalid::one("reference", "Enter a reference that starts with HEF-, like HEF-2021-0913"),
        cancel: "/democratic/decisions".into(),
    };
    let corrected = CheckForm {
        version: Some(3),
        fixed: true,
        errors: Invalid::one("title", "Enter the title as the page has it"),
        ..form.clone()
    };
    vec![
        ("correct a decision", check_page(kit::signed_in_shell(), &corrected).to_string()),
        ("paste a decision", paste_page(kit::signed_in_shell(), "k", "HEF-2019-0114", &Invalid::default()).to_string()),
        ("check a decision", check_page(kit::signed_in_shell(), &form).to_string()),
    ]
}
