//! A provider's own side of an opening: the list, the task list of its application, each form, its outcome.

use jiff::civil::{Date, DateTime};
use placewell_domain::homes::admission::application::{ApplicationState, LotApplied};
use placewell_domain::homes::admission::criteria::{InsuranceKind, LotTemplate};
use placewell_domain::homes::admission::evaluation::Condition;
use placewell_domain::homes::admission::opening::OpeningPhase;
use placewell_domain::homes::admission::outcome::{Challenge, ChallengeState, Letter};
use placewell_domain::homes::admission::selection::Selection;
use placewell_domain::outcome::Invalid;

use super::carried::{CarriedView, carried};
use super::condition;
use super::opening::{PublicOpeningView, answers, criteria, facts, lot_name, phase_tag};
use crate::components::list::{Task, TaskList, TaskStatus};
use crate::components::{Button, Cell, Colour, Column, Details, Inset, Link, Row, SummaryList, Table, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::power::arrangement::Forms;
use crate::shell::Shell;
use crate::words;

/// One opening of the provider's list.
#[derive(Debug, Clone)]
pub struct OwnOpeningLine {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// How it stands.
    pub phase: OpeningPhase,
    /// The deadline.
    pub closes: DateTime,
    /// Where the own application stands, in words.
    pub own: String,
}

/// The provider's list.
pub fn own_openings(shell: Shell, lines: &[OwnOpeningLine]) -> Page {
    let rows = lines.iter().map(|line| {
        let link = Link::new(line.title.as_str(), format!("/provider/admission/{}", line.reference));
        Row::new(Cell::new(Html::from(link)))
            .cell(phase_tag(line.phase))
            .cell(words::moment(line.closes))
            .cell(line.own.as_str())
    });
    let table = Table::new("Openings")
        .columns(["Opening", "Stands", "Deadline", "Your application"])
        .rows(rows)
        .empty("No opening is published. You are told by e-mail when the arrangement opens.");
    Page::new(shell.titled("Join or apply again").back("/provider/arrangement"))
        .text("You apply for lots with named homes. The provider and each home pass or fail for themselves.")
        .with(table)
}

/// An application as its provider sees it.
#[derive(Debug, Clone)]
pub struct OwnApplicationView {
    /// The opening.
    pub public: PublicOpeningView,
    /// The draft: version, when it was saved.
    pub draft: Option<(i64, DateTime)>,
    /// What the draft carries over from an earlier application.
    pub carried: Option<CarriedView>,
    /// The lots in the draft.
    pub lots: Vec<LotApplied>,
    /// How many documents are in the draft.
    pub documents: usize,
    /// What is missing.
    pub missing: Invalid,
    /// When it was sent, whether late, whether it was taken back since.
    pub sent: Option<(DateTime, bool, ApplicationState)>,
    /// An earlier application that may be taken over.
    pub earlier: Option<String>,
    /// Questions of one's own: text, whether answered.
    pub asked: Vec<(String, bool)>,
    /// The latest letter.
    pub letter: Option<Letter>,
    /// What the provider is admitted under, once that is final.
    pub condition: Option<Condition>,
    /// Challenges.
    pub challenges: Vec<Challenge>,
    /// Whether the standstill goes on.
    pub may_challenge: bool,
    /// The provider registered itself, and the regional team has not confirmed who it is.
    pub unconfirmed: bool,
    /// Today.
    pub today: Date,
}

fn status(missing: &Invalid, fields: impl Fn(&str) -> bool, begun: bool) -> TaskStatus {
    let open = missing.errors.iter().filter(|error| fields(&error.field)).count();
    match (open, begun) {
        (0, _) => TaskStatus::Completed,
        (_, false) => TaskStatus::NotStarted,
        (_, true) => TaskStatus::InProgress,
    }
}

/// Whether a field belongs to the declaration.
fn of_selection(field: &str) -> bool {
    !of_quality(field) && field != "lots" && !field.ends_with("_homes") && !of_price(field)
}

fn of_quality(field: &str) -> bool {
    field.len() == 2 && field.starts_with('q')
}

fn of_price(field: &str) -> bool {
    ["_accommodation", "_care", "_education", "_health"].iter().any(|part| field.ends_with(part))
}

/// The page of an application.
pub fn own_application(shell: Shell, view: &OwnApplicationView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let opening = &view.public.opening;
    let at = |to: &str| format!("/provider/admission/{}/{to}", opening.reference);
    let shell = shell
        .titled(opening.plan.title.as_str())
        .caption(opening.reference.as_str())
        .record(opening.reference.as_str())
        .back("/provider/admission")
        .with_errors(forms.errors);
    let mut page = Page::new(shell).maybe(view.unconfirmed.then(waits)).with(facts(&view.public));
    if let Some(letter) = &view.letter {
        page = outcome(page, view, letter, forms, &csrf);
    }
    if let Some((when, late, state)) = &view.sent {
        page = page.with(Inset::new(match (state, late) {
            (ApplicationState::Withdrawn { .. }, _) => "You took your application back.".to_owned(),
            (ApplicationState::Sent, false) => format!("You sent your application at {}: in time.", words::moment(*when)),
            (ApplicationState::Sent, true) => format!(
                "Your application came in at {}, after the deadline. It is kept apart and not evaluated; apply at the next opening.",
                words::moment(*when)
            ),
        }));
    }
    let takes = matches!(view.public.phase, OpeningPhase::Open | OpeningPhase::Closed) && view.letter.is_none();
    if takes {
        page = apply(page, view, forms, &csrf);
    }
    if view.public.phase == OpeningPhase::Open {
        if matches!(&view.sent, Some((_, _, ApplicationState::Sent))) {
            let back = Form::post(at("withdraw"), csrf.as_str(), forms.key(2))
                .button(Button::submit("Take the application back").warning());
            page = page.with(Details::new("Take it back before the deadline", back));
        }
        let ask = Form::post(at("question"), csrf.as_str(), forms.key(3))
            .field(
                Field::textarea("text", "Your question")
                    .hint("The answer goes to every provider. Nobody is told who asked.")
                    .limit(2_000)
                    .value(forms.typed.get("text"))
                    .errors(forms.errors),
            )
            .submit("Ask");
        page = page.heading("Ask about this opening").with(ask);
    }
    let own = view.asked.iter().map(|(text, answered)| {
        let stands = match (*answered, view.public.phase) {
            (true, _) => "Answered to everybody",
            (false, OpeningPhase::Closed) => "Not answered by the deadline",
            (false, OpeningPhase::Cancelled) => "Not answered: the opening was called off",
            (false, _) => "Waits for the answer",
        };
        Row::new(text.as_str()).cell(stands)
    });
    page.with(answers(&view.public))
        .maybe((!view.asked.is_empty()).then(|| Table::new("What you asked").columns(["Question", "Stands"]).rows(own)))
        .with(criteria(&opening.plan.criteria, &view.public.lots))
}

/// What a provider reads that registered itself while nobody has confirmed who it is.
fn waits() -> Inset {
    Inset::new(Html::lines([
        "What has happened: your organisation is registered, and you can write its application.",
        "Who decides: the regional team looks at who registered, and mails you whether it is confirmed.",
        "What comes next: once it is confirmed, you can name your homes, invite colleagues and send the application.",
    ]))
}

/// An application to begin, or the one that is begun; after the deadline nothing replaces what came in time.
fn apply(page: Page, view: &OwnApplicationView, forms: &Forms<'_>, csrf: &str) -> Page {
    let closed = view.public.phase == OpeningPhase::Closed;
    let kept = match &view.sent {
        Some((_, late, ApplicationState::Sent)) if closed => Some(*late),
        _ => None,
    };
    match (&view.draft, kept) {
        (None, Some(_)) => page,
        (None, None) => begin(page, view, forms, csrf),
        (Some(_), Some(false)) => page.text("The deadline has passed, and nothing replaces what you sent in time."),
        (Some(draft), Some(true) | None) => tasks(page, view, *draft, forms, csrf),
    }
}

fn begin(page: Page, view: &OwnApplicationView, forms: &Forms<'_>, csrf: &str) -> Page {
    let at = format!("/provider/admission/{}/begin", view.public.opening.reference);
    let mut form = Form::post(at, csrf, forms.key(0));
    if let Some(earlier) = &view.earlier {
        let choices = [
            Choice::new("yes", format!("Take over the answers of {earlier}; you review each before sending")),
            Choice::new("no", "Begin with empty answers"),
        ];
        form = form.field(Field::radios("reuse", "How do you begin?", choices).value("yes").errors(forms.errors));
    }
    let page = if view.public.phase == OpeningPhase::Closed {
        page.heading("Apply late").text("The deadline has passed: a late application is kept apart and not evaluated.")
    } else {
        page.heading("Apply")
    };
    page.with(form.submit("Begin your application"))
}

fn tasks(
    page: Page,
    view: &OwnApplicationView,
    (version, saved): (i64, DateTime),
    forms: &Forms<'_>,
    csrf: &str,
) -> Page {
    let opening = &view.public.opening;
    let at = |to: &str| format!("/provider/admission/{}/{to}", opening.reference);
    let missing = &view.missing;
    let begun = version > 1 || view.carried.is_some();
    let review = |part: &str, status: TaskStatus| {
        let waits = view.carried.as_ref().is_some_and(|carried| carried.waits_at(part));
        if waits { TaskStatus::Problem("To review".to_owned()) } else { status }
    };
    let part = |name: &str, part: &str, fields: fn(&str) -> bool| {
        Task::new(name, at(part), review(part, status(missing, fields, begun)))
    };
    let mut list = vec![
        part("Answer the selection questions", "selection", of_selection),
        part("Answer the quality questions", "quality", of_quality),
    ];
    for template in &opening.plan.criteria.templates {
        let applied = view.lots.iter().find(|lot| lot.lot == template.lot);
        let wrong = missing.errors.iter().any(|error| error.field.starts_with(&format!("{}_", template.lot)));
        let (status, hint) = match applied {
            None => (TaskStatus::NotStarted, "Not applied for".to_owned()),
            Some(lot) => {
                let weekly = lot.prices.iter().map(|price| price.weekly).sum();
                let homes = words::count(u64::try_from(lot.homes.len()).unwrap_or(u64::MAX), "home", "homes");
                let status = if wrong { TaskStatus::InProgress } else { TaskStatus::Completed };
                (status, format!("{homes}, {}", words::a_week(weekly)))
            }
        };
        let name = format!("Lot: {}", lot_name(&view.public.lots, &template.lot));
        let part = format!("lots/{}", template.lot);
        list.push(Task::new(name, at(&part), review(&part, status)).hint(hint));
    }
    list.push(documents(view.documents, at("documents")));
    let mut page = page
        .heading("Your application")
        .text(format!("Saved at {}. Only you and your colleagues read a draft.", words::moment(saved)))
        .with(TaskList::new("application", list));
    if let Some(view) = &view.carried {
        page = carried(page, view, (&format!("/provider/admission/{}", opening.reference), version), forms, csrf);
    }
    let still = missing.errors.iter().map(|error| Html::from(error.message.as_str()));
    let page = page.maybe(
        (!missing.errors.is_empty())
            .then(|| Html::join([Html::paragraph("Before you can send it:"), Html::bullets(still)])),
    );
    let sent = matches!(&view.sent, Some((_, _, ApplicationState::Sent)));
    let send = match (view.public.phase == OpeningPhase::Closed, sent) {
        (true, true) => "Send the correction: it is kept apart too",
        (true, false) => "Send late: it is kept apart",
        (false, _) => "Send the application",
    };
    let sign = Form::post(at("send"), csrf, forms.key(1))
        .version(version)
        .signer(forms.typed, forms.errors, "I have authority to sign for this provider, and the answers are true")
        .submit(send);
    page.heading("Sign and send").with(sign)
}

/// Documents are no duty: certificates and policies let evaluators see what the answers say.
fn documents(count: usize, at: String) -> Task {
    let number = words::count(u64::try_from(count).unwrap_or(u64::MAX), "document", "documents");
    let status = if count == 0 { TaskStatus::NotStarted } else { TaskStatus::Completed };
    Task::new("Add certificates and policies", at, status).hint(number)
}

fn outcome(page: Page, view: &OwnApplicationView, letter: &Letter, forms: &Forms<'_>, csrf: &str) -> Page {
    let at = |to: &str| format!("/provider/admission/{}/{to}", view.public.opening.reference);
    let gates = Table::new("Gates").columns(["Gate", "Result", "What was found"]).rows(letter.gates.iter().map(
        |(gate, passed, found)| {
            Row::new(gate.as_str()).cell(if *passed { "Passed" } else { "Failed" }).cell(found.as_str())
        },
    ));
    let scores = Table::new("Your scores")
        .column(Column::text("Question"))
        .column(Column::number("Weight"))
        .column(Column::number("Score"))
        .column(Column::text("Why"))
        .rows(letter.scores.iter().map(|one| {
            Row::new(one.question.as_str())
                .cell(format!("{}%", one.weight))
                .cell(format!("{} of {}", one.score, letter.scale))
                .cell(one.reason.as_str())
        }));
    let lots = Table::new("Your lots")
        .columns(["Lot", "Price mark", "Total", "Result", "Homes admitted", "Homes not admitted"])
        .rows(letter.lots.iter().map(|lot| {
            let refused: Vec<String> = lot.refused.iter().map(|(home, why)| format!("{home}: {why}")).collect();
            Row::new(lot_name(&view.public.lots, &lot.lot))
                .cell(lot.price.to_string())
                .cell(lot.total.to_string())
                .cell(if lot.passes { "Passed" } else { "Not passed" })
                .cell(if lot.admitted.is_empty() { "None".to_owned() } else { lot.admitted.join(", ") })
                .cell(if refused.is_empty() { "None".to_owned() } else { refused.join("; ") })
        }));
    let result =
        if letter.passes { Tag::new("To be admitted", Colour::Green) } else { Tag::new("Not admitted", Colour::Grey) };
    let facts = SummaryList::new()
        .row("Outcome", result)
        .row("Issued", words::moment(letter.issued))
        .row("Standstill until", words::date(letter.standstill_until))
        .maybe("Quality mark", letter.quality.map(|points| format!("{points} of 100")))
        .row("What the panel says", letter.words.as_str());
    let facts = condition::facts(facts, view.condition.as_ref(), view.today);
    let mut page = page
        .heading("The outcome")
        .with(facts)
        .with(Html::paragraph(Link::download("The letter (PDF)", at("letter.pdf"))))
        .with(gates)
        .maybe(letter.quality.map(|_| scores))
        .with(lots);
    for challenge in &view.challenges {
        let answer = match &challenge.state {
            ChallengeState::Open => "It waits for its answer.".to_owned(),
            ChallengeState::Answered { upheld, reopens, words, at, .. } => {
                let result = super::evaluation::upheld_words(*upheld, *reopens);
                format!("{result} {words} ({})", words::moment(*at))
            }
        };
        page = page.with(Inset::new(format!("You challenged the outcome: {} {answer}", challenge.words)));
    }
    if view.may_challenge {
        let form = Form::post(at("challenge"), csrf, forms.key(4))
            .field(
                Field::textarea("words", "What do you challenge, and why?")
                    .limit(2_000)
                    .value(forms.typed.get("words"))
                    .errors(forms.errors),
            )
            .submit("Challenge the outcome");
        page = page.with(Details::new("Challenge the outcome", form));
    }
    page
}

/// The declaration as it stands in the form.
#[must_use]
pub fn typed_selection(selection: &Selection) -> Typed {
    let mut typed = Typed::default();
    typed.set("legal_name", &selection.legal_name);
    typed.set("company_number", &selection.company_number);
    for one in &selection.insurances {
        let name = format!("insurance_{}", one.kind.code());
        typed.set(&name, one.cover.to_string().replace(['£', ','], ""));
        typed.set(&format!("{name}_number"), &one.number);
        typed.day(&format!("{name}_expires"), Some(one.expires));
    }
    typed.day("accounts_to", selection.accounts_to);
    if let Some(turnover) = selection.turnover {
        typed.set("turnover", turnover.to_string().replace(['£', ','], ""));
    }
    typed.flag("going_concern", selection.going_concern);
    typed.flag("excluded", selection.excluded);
    typed.flag("debarred", selection.debarred);
    typed.flag("recruitment", selection.recruitment);
    typed.day("safeguarding_on", selection.safeguarding_on);
    typed.set("data_protection", &selection.data_protection);
    typed.day("data_protection_until", selection.data_protection_until);
    typed
}

/// What the forms of an application stand on: its opening, the version of the draft, what was carried over.
#[derive(Debug, Clone, Copy)]
pub struct FormOf<'a> {
    /// The opening's reference.
    pub reference: &'a str,
    /// The version of the draft.
    pub version: i64,
    /// What the draft carries over from an earlier application.
    pub carried: Option<&'a CarriedView>,
}

impl FormOf<'_> {
    fn page(&self, shell: Shell, (title, part): (&str, &str), form: Form, forms: &Forms<'_>) -> Page {
        let back = format!("/provider/admission/{}", self.reference);
        let shell = shell.titled(title).caption(self.reference).record(self.reference).back(back.as_str());
        Page::new(shell.with_errors(forms.errors))
            .narrow()
            .maybe(self.carried.and_then(|carried| carried.inset(part)))
            .with(form.submit("Save").cancel(back))
    }

    fn form(&self, to: &str, csrf: &str, forms: &Forms<'_>) -> Form {
        Form::post(format!("/provider/admission/{}/{to}", self.reference), csrf, forms.key(0)).version(self.version)
    }
}

/// The selection questions.
pub fn selection_form(shell: Shell, of: FormOf<'_>, asked: &[InsuranceKind], forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let (typed, errors) = (forms.typed, forms.errors);
    let date = |name: &str, label: &str| Field::date(name, label).parts(typed.date(name)).errors(errors);
    let text = |name: &str, label: &str| Field::text(name, label).value(typed.get(name)).errors(errors);
    let yes_no = |name: &str, label: &str| Field::yes_no(name, label).value(typed.get(name)).errors(errors);
    let mut form = of
        .form("selection", &csrf, forms)
        .field(text("legal_name", "Registered name of the legal entity").autocomplete("organization"))
        .field(text("company_number", "Company or charity number").width(10).plain());
    for kind in asked {
        let name = format!("insurance_{}", kind.code());
        form = form
            .field(
                Field::money(name.as_str(), format!("{}: cover of each claim", kind.label()))
                    .value(typed.get(&name))
                    .errors(errors),
            )
            .field(date(&format!("{name}_expires"), &format!("{}: last day of cover", kind.label())))
            .field(text(&format!("{name}_number"), &format!("{}: policy number", kind.label())).plain());
    }
    let form = form
        .field(date("accounts_to", "To which day were the latest accounts made?"))
        .field(Field::money("turnover", "Turnover of that year").value(typed.get("turnover")).errors(errors))
        .field(yes_no("going_concern", "Do the accounts say that the business goes on for the next twelve months?"))
        .field(yes_no("excluded", "Does a ground for exclusion apply to the entity or to a person who controls it?"))
        .field(yes_no("debarred", "Does it stand on a debarment list?"))
        .field(yes_no(
            "recruitment",
            "Is every person who works with children recruited by Schedule 2 of the Children's Homes Regulations?",
        ))
        .field(date("safeguarding_on", "When was the safeguarding policy last reviewed?"))
        .field(text("data_protection", "Registration with the Information Commissioner: number").width(10).plain())
        .field(date("data_protection_until", "Registration with the Information Commissioner: last day"));
    of.page(shell, ("Selection questions", "selection"), form, forms)
}

/// The quality questions: code, question, criteria, weight.
pub fn quality_form(
    shell: Shell,
    of: FormOf<'_>,
    questions: &[(String, String, String, u8)],
    forms: &Forms<'_>,
) -> Page {
    let csrf = shell.csrf.clone();
    let mut form = of.form("quality", &csrf, forms);
    for (code, text, criteria, weight) in questions {
        form = form.field(
            Field::textarea(code.as_str(), format!("{text} ({weight}%)"))
                .hint(criteria.as_str())
                .rows(8)
                .limit(placewell_domain::homes::admission::application::LONGEST_ANSWER)
                .value(forms.typed.get(code))
                .errors(forms.errors),
        );
    }
    of.page(shell, ("Quality questions", "quality"), form, forms)
}

/// One lot: homes by number and name, and the price.
pub fn lot_form(
    shell: Shell,
    of: FormOf<'_>,
    (template, name): (&LotTemplate, &str),
    homes: &[(String, String)],
    forms: &Forms<'_>,
) -> Page {
    let csrf = shell.csrf.clone();
    let field = format!("{}_homes", template.lot);
    let choices = homes.iter().map(|(urn, home)| Choice::new(urn.as_str(), format!("{home} ({urn})")));
    let part = format!("lots/{}", template.lot);
    let mut form = of.form(&part, &csrf, forms).field(
        Field::checkboxes(field.as_str(), "Which homes?", choices)
            .hint("Without a home, the lot is not applied for.")
            .values(forms.typed.all(&field))
            .errors(forms.errors),
    );
    for band in &template.bands {
        let field = format!("{}_{}", template.lot, band.part.code());
        form = form.field(
            Field::money(field.as_str(), band.part.label())
                .suffix("a week")
                .hint(format!("From {} to {}", band.floor, band.ceiling))
                .value(forms.typed.get(&field))
                .errors(forms.errors),
        );
    }
    if !template.includes.is_empty() {
        form = form.part(Inset::new(format!("The price includes: {}", template.includes)));
    }
    of.page(shell, (&format!("Lot: {name}"), &part), form, forms)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::samples::samples;

    #[test]
    fn only_what_would_be_late_is_sent_late_and_nothing_replaces_what_came_in_time() {
        let all = samples();
        let page = |wanted: &str| all.iter().find(|(name, _)| *name == wanted).unwrap().1.as_str();
        let buttons = ["Send late: it is kept apart", "Send the correction: it is kept", "Send the application"];
        for (name, shown) in [
            ("a draft after the deadline", [true, false, false]),
            ("a draft beside what was sent late", [false, true, false]),
            ("a draft beside what was sent in time", [false, false, false]),
            ("an application to finish", [false, false, true]),
        ] {
            assert_eq!(buttons.map(|button| page(name).contains(button)), shown, "{name}");
        }
        assert!(page("a draft beside what was sent in time").contains("nothing replaces what you sent in time"));
    }

    #[test]
    fn after_the_deadline_who_begins_is_told_that_it_is_late_and_who_has_sent_begins_nothing() {
        let all = samples();
        let page = |wanted: &str| all.iter().find(|(name, _)| *name == wanted).unwrap().1.as_str();
        let (begin, late) = ("Begin your application", "The deadline has passed");
        for (name, begins, is_late) in [
            ("begin an application", true, false),
            ("begin an application after the deadline", true, true),
            ("an application that was sent in time", false, false),
        ] {
            let page = page(name);
            assert_eq!((page.contains(begin), page.contains(late)), (begins, is_late), "{name}");
        }
    }
}
