//! The form that recommends an offer (S-15): reasons against each other offer, the child's view, the approver's gates,
//! the approvals that will be asked for with the rule that triggered each, and the annual value.

use placewell_domain::outcome::Invalid;

use super::request::EffectLine;
use crate::components::{Row, Table, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::system::border;

/// An offer to be judged.
#[derive(Debug, Clone, Default)]
pub struct OfferToJudge {
    /// Its number.
    pub number: u32,
    /// Its home and price.
    pub name: String,
    /// It is the one recommended.
    pub chosen: bool,
}

/// The form.
#[derive(Debug, Clone, Default)]
pub struct RecommendForm {
    /// The referral.
    pub reference: String,
    /// The version that the page shows.
    pub version: i64,
    /// The idempotency key.
    pub key: String,
    /// Every offer that can be chosen, the recommended one among them.
    pub offers: Vec<OfferToJudge>,
    /// Coded reasons against an offer: code and words.
    pub against: Vec<(String, String)>,
    /// Answers about the child's wishes: code and words.
    pub wishes: Vec<(String, String)>,
    /// Answers about relatives: code and words.
    pub relatives: Vec<(String, String)>,
    /// Parts of the service: code and words.
    pub cases: Vec<(String, String)>,
    /// The area authority, where the home is outside the area; true at a distance.
    pub area: Option<(String, bool)>,
    /// Each approval needed: what, by whom, and each rule with why.
    pub needed: Vec<NeededLine>,
    /// The annual value before and after.
    pub effects: Vec<EffectLine>,
    /// Whole-life value and cumulative spend with the provider; whether the threshold is reached.
    pub watch: (String, bool),
    /// Which of the first and last day the price stands on.
    pub charged: String,
    /// That another offer has more points, with both figures, where that is so.
    pub behind: Option<String>,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// An approval needed: what, by whom, and each rule with why.
pub type NeededLine = (String, String, Vec<(String, String)>);

fn choices(codes: &[(String, String)]) -> Vec<Choice> {
    codes.iter().map(|(code, words)| Choice::new(code.as_str(), words.as_str())).collect()
}

/// The page.
pub fn recommend(shell: Shell, form: &RecommendForm) -> Page {
    let chosen = form.offers.iter().find(|offer| offer.chosen);
    let back = format!("/referrals/{}/offers/compare", form.reference);
    let title = chosen.map_or_else(|| "Recommend an offer".to_owned(), |offer| format!("Recommend {}", offer.name));
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled(title)
        .caption(form.reference.as_str())
        .record(form.reference.as_str())
        .back(back.as_str())
        .with_errors(&form.errors);
    let number = chosen.map_or(0, |offer| offer.number);
    let sent = Form::post(format!("/referrals/{}/recommend", form.reference), csrf, form.key.as_str())
        .version(form.version)
        .field(Field::hidden("offer", number.to_string()));
    let sent = gates(views(reasons(sent, form), form), form);
    let approvals = form.needed.len();
    let button =
        if approvals == 1 { "Ask for 1 approval".to_owned() } else { format!("Ask for {approvals} approvals") };
    Page::new(shell)
        .maybe(form.behind.as_deref().map(Warning::new))
        .with(needed(form))
        .maybe(form.area.is_some().then(border::see))
        .with(value(form))
        .with(Html::paragraph(format!("{}: the price to the planned end stands on that.", form.charged)))
        .maybe(watch(form))
        .with(sent.submit(button).cancel(back))
}

fn needed(form: &RecommendForm) -> Table {
    let rows = form.needed.iter().map(|(what, who, triggers)| {
        let why = triggers.iter().map(|(rule, why)| Html::lines([why.as_str(), rule.as_str()]));
        Row::new(what.as_str()).cell(who.as_str()).cell(Html::bullets(why))
    });
    Table::new("Approvals that will be asked for").columns(["What", "Who decides", "Why"]).rows(rows)
}

fn value(form: &RecommendForm) -> Table {
    let rows = form.effects.iter().map(|line| {
        Row::new(line.year.as_str()).cell(line.before.as_str()).cell(line.adds.as_str()).cell(line.after.as_str())
    });
    Table::new("Annual value before and after")
        .columns(["Year", "Planned before", "This adds", "After"])
        .rows(rows)
        .empty("This placement does not count towards the annual value.")
}

/// The watch over procurement law: a warning where the threshold is reached, never a refusal.
fn watch(form: &RecommendForm) -> Option<Html> {
    let (words, reached) = &form.watch;
    match (words.is_empty(), reached) {
        (true, _) => None,
        (false, true) => Some(Warning::new(words.as_str()).into()),
        (false, false) => Some(Html::paragraph(words.as_str())),
    }
}

fn reasons(mut sent: Form, form: &RecommendForm) -> Form {
    for offer in &form.offers {
        let text = |part: &str, label: String| {
            let name = format!("{part}_{}", offer.number);
            let value = form.typed.get(&name).to_owned();
            Field::textarea(name, label).rows(3).limit(4_000).value(value).errors(&form.errors)
        };
        let (for_it, against) =
            (format!("What speaks for {}?", offer.name), format!("What speaks against {}?", offer.name));
        sent = sent.field(text("for", for_it)).field(text("against", against));
        if !offer.chosen {
            let name = format!("not_chosen_{}", offer.number);
            let value = form.typed.get(&name).to_owned();
            let legend = format!("The reason that {} will be told", offer.name);
            sent = sent.field(Field::radios(name, legend, choices(&form.against)).value(value).errors(&form.errors));
        }
    }
    sent
}

fn views(sent: Form, form: &RecommendForm) -> Form {
    let area = |name: &str, label: &str, hint: &str| {
        let field = Field::textarea(name, label).rows(3).limit(4_000).value(form.typed.get(name)).errors(&form.errors);
        if hint.is_empty() { field } else { field.hint(hint) }
    };
    let radios = |name: &str, legend: &str, codes: &[(String, String)]| {
        Field::radios(name, legend, choices(codes)).value(form.typed.get(name)).errors(&form.errors)
    };
    sent.field(radios("wishes", "Are the child's wishes and feelings known?", &form.wishes))
        .field(area("wishes_words", "What does the child wish and feel?", "Do not write the child's name."))
        .field(area("social_worker", "What does the social worker think? (optional)", ""))
        .field(radios("relatives", "Were the child's relatives consulted?", &form.relatives))
        .field(area("relatives_words", "Why were they not consulted? (if they were not)", ""))
        .field(area("circumstances", circumstances(form), ""))
}

/// What is asked of the circumstances: as a question of its own where another offer has more points.
fn circumstances(form: &RecommendForm) -> &'static str {
    if form.behind.is_some() {
        "Why do you recommend an offer that does not have the most points?"
    } else {
        "Why is there only one offer, or why is a late one used? (if so)"
    }
}

fn gates(sent: Form, form: &RecommendForm) -> Form {
    let yes_no =
        |name: &str, legend: &str| Field::yes_no(name, legend).value(form.typed.get(name)).errors(&form.errors);
    let day = |name: &str, legend: &str| Field::date(name, legend).parts(form.typed.date(name)).errors(&form.errors);
    let mut sent = sent
        .field(yes_no("most_appropriate", "Is it the most appropriate placement available?"))
        .field(yes_no("in_care_plan", "Is it consistent with the care plan?"))
        .field(day("reviewing_officer", "When was the independent reviewing officer consulted?"));
    if let Some((area, distant)) = &form.area {
        let legend = if *distant {
            format!("When was {area}, the area authority, consulted?")
        } else {
            format!("When was {area}, the area authority, told?")
        };
        sent = sent.field(day("area_authority", &legend));
        if *distant {
            sent = sent.field(yes_no("care_plan_sent", "Was it given the care plan?"));
        }
    }
    let case = Field::radios("case", "Which part of the service does the case belong to?", choices(&form.cases))
        .value(form.typed.get("case"))
        .errors(&form.errors);
    sent.field(day("planned_end", "When is the placement planned to end?")).field(case)
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let pair = |code: &str, words: &str| (code.to_owned(), words.to_owned());
    let form = RecommendForm {
        reference: "HEF-R-0042".to_owned(),
        version: 3,
        key: "k".to_owned(),
        offers: vec![
            OfferToJudge { number: 1, name: "Elm House".to_owned(), chosen: true },
            OfferToJudge { number: 3, name: "Ash Lodge".to_owned(), chosen: false },
        ],
        against: vec![pair("price", "The price, among homes that fit alike"), pair("nearer", "Another home is nearer")],
        wishes: vec![pair("ascertained", "Yes, asked and taken into account")],
        relatives: vec![pair("consulted", "Consulted")],
        cases: vec![pair("children_looked_after", "Children looked after")],
        area: Some(("Birmingham".to_owned(), true)),
        needed: vec![(
            "Placement at a distance".to_owned(),
            "director of children's services".to_owned(),
            vec![pair("Regulation 11(2)(b)", "The home is in the area of Birmingham, at a distance.")],
        )],
        effects: super::request::sample().effects,
        charged: "The first day is charged, the last is not".to_owned(),
        ..RecommendForm::default()
    };
    let behind =
        Some("This offer does not have the most points. Say why. It has 80.75 of 100; Ash Lodge has 91.00.".to_owned());
    let mut errors = Invalid::one("against_3", "Say why you do not recommend this offer");
    errors.add("wishes_words", "Say what the child wishes and feels, or why it is not known");
    let wrong = RecommendForm { errors, ..form.clone() };
    vec![
        ("recommend", recommend(samples::signed_in_shell(), &form).to_string()),
        ("recommend with errors", recommend(samples::signed_in_shell(), &wrong).to_string()),
        (
            "recommend another than the one with the most points",
            recommend(samples::signed_in_shell(), &RecommendForm { behind, ..form }).to_string(),
        ),
    ]
}
