//! Openings of the arrangement: the public's pages with everything that was published, and the regional team's.

use jiff::civil::DateTime;
use placewell_domain::homes::admission::criteria::{Criteria, InsuranceKind, PricePart};
use placewell_domain::homes::admission::opening::{Opening, OpeningKind, OpeningPhase, OpeningPlan, OpeningState};
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;

use crate::components::{Button, Cell, Colour, Column, Details, Inset, Link, Row, SummaryList, Table, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::power::arrangement::Forms;
use crate::shell::Shell;
use crate::words;

/// How many quality questions a form has room for.
pub const QUESTIONS: u8 = 8;

/// A phase as a tag.
pub(super) fn phase_tag(phase: OpeningPhase) -> Tag {
    let colour = match phase {
        OpeningPhase::Draft => Colour::Blue,
        OpeningPhase::Coming => Colour::Purple,
        OpeningPhase::Open => Colour::Green,
        OpeningPhase::Closed | OpeningPhase::Cancelled => Colour::Grey,
    };
    Tag::new(phase.label(), colour)
}

/// The name of a lot by its code.
pub(super) fn lot_name(lots: &[(String, String)], code: &str) -> String {
    lots.iter().find(|(known, _)| known == code).map_or_else(|| code.to_owned(), |(_, name)| name.clone())
}

/// The openings that are published, for everybody.
pub fn public_openings(shell: Shell, rows: &[(Opening, OpeningPhase)]) -> Page {
    let rows = rows.iter().map(|(opening, phase)| {
        let link = Link::new(opening.plan.title.as_str(), format!("/admission/{}", opening.reference));
        Row::new(Cell::new(Html::from(link)))
            .cell(opening.reference.as_str())
            .cell(phase_tag(*phase))
            .cell(words::moment(opening.plan.closes))
    });
    let table = Table::new("Openings")
        .columns(["Opening", "Reference", "Stands", "Deadline"])
        .rows(rows)
        .empty("No opening is published. The arrangement opens yearly, and at any time by the lead authority.");
    Page::new(shell.titled("Join the arrangement").back("/arrangement"))
        .text("Providers join in an opening. Each application is evaluated once, by evaluators of several authorities, and every authority relies on it.")
        .with(table)
        .heading("Not registered here yet?")
        .text("Register your organisation on the page of an opening that takes applications.")
}

/// An opening as everybody reads it.
#[derive(Debug, Clone)]
pub struct PublicOpeningView {
    /// The opening.
    pub opening: Opening,
    /// How it stands.
    pub phase: OpeningPhase,
    /// Question, answer, when.
    pub answers: Vec<(String, String, DateTime)>,
    /// Lots by code and name.
    pub lots: Vec<(String, String)>,
}

/// The facts of an opening.
pub(super) fn facts(view: &PublicOpeningView) -> SummaryList {
    let plan = &view.opening.plan;
    let why = match &plan.kind {
        OpeningKind::Yearly => "Yearly opening".to_owned(),
        OpeningKind::ByLead { reason } => format!("By the lead authority: {reason}"),
    };
    let off = match &view.opening.state {
        OpeningState::Cancelled { reason, .. } => Some(reason.clone()),
        OpeningState::Draft | OpeningState::Published { .. } => None,
    };
    SummaryList::new()
        .row("Stands", phase_tag(view.phase))
        .maybe("Called off", off)
        .row("Why it opens", why)
        .row("Opens", words::moment(plan.opens))
        .row("Deadline", format!("{}, to the second", words::moment(plan.closes)))
        .row("Questions until", words::moment(plan.questions_until))
}

/// The criteria as they are published.
pub(super) fn criteria(criteria: &Criteria, lots: &[(String, String)]) -> Html {
    let questions = Table::new("Quality questions")
        .column(Column::text("Question"))
        .column(Column::text("What a good answer shows"))
        .column(Column::number("Weight"))
        .rows(criteria.quality.iter().map(|question| {
            Row::new(question.text.as_str()).cell(question.criteria.as_str()).cell(format!("{}%", question.weight))
        }));
    let mut prices = Table::new("Price template, a week")
        .column(Column::text("Lot"))
        .column(Column::text("Part"))
        .column(Column::number("Floor"))
        .column(Column::number("Ceiling"));
    for template in &criteria.templates {
        for band in &template.bands {
            prices = prices.row(
                Row::new(lot_name(lots, &template.lot))
                    .cell(band.part.label())
                    .cell(Cell::money(band.floor))
                    .cell(Cell::money(band.ceiling)),
            );
        }
    }
    let includes = criteria.templates.iter().filter(|template| !template.includes.is_empty());
    let includes = Html::bullets(
        includes
            .map(|template| Html::from(format!("{} includes: {}", lot_name(lots, &template.lot), template.includes))),
    );
    let insurances = Html::bullets(
        criteria.insurances.iter().map(|(kind, least)| Html::from(format!("{}: at least {least}", kind.label()))),
    );
    Html::join([
        Html::heading("How applications are judged"),
        Html::paragraph(
            "Gates come first, pass or fail: legal entity, insurances, financial standing, exclusion, safer recruitment, safeguarding policy, data protection.",
        ),
        insurances,
        Html::paragraph(criteria.formula()),
        questions.into(),
        prices.into(),
        includes,
    ])
}

/// Questions and answers.
pub(super) fn answers(view: &PublicOpeningView) -> Table {
    Table::new("Questions and answers")
        .columns(["Question", "Answer", "When"])
        .rows(
            view.answers.iter().map(|(question, answer, at)| {
                Row::new(question.as_str()).cell(answer.as_str()).cell(words::moment(*at))
            }),
        )
        .empty("No question has been answered. Answers go to everybody, without saying who asked.")
}

/// One opening, for everybody.
pub fn public_opening(shell: Shell, view: &PublicOpeningView) -> Page {
    let apply = (shell.signed_in.is_none() || shell.may(Action::ApplyForAdmission))
        .then(|| Link::new("Apply", format!("/provider/admission/{}", view.opening.reference)));
    let register = Link::new(
        "Register your organisation, if nobody of it signs in here",
        format!("/admission/{}/register", view.opening.reference),
    );
    let shell = shell
        .titled(view.opening.plan.title.as_str())
        .caption(view.opening.reference.as_str())
        .record(view.opening.reference.as_str())
        .back("/admission");
    Page::new(shell)
        .with(facts(view))
        .maybe((view.phase == OpeningPhase::Open).then(|| Html::bullets(apply.into_iter().chain([register]))))
        .with(criteria(&view.opening.plan.criteria, &view.lots))
        .with(answers(view))
}

/// The regional team's openings: each with how many came in time and late.
pub fn region_openings(shell: Shell, rows: &[(Opening, OpeningPhase, usize, usize)]) -> Page {
    let rows = rows.iter().map(|(opening, phase, in_time, late)| {
        let link = Link::new(opening.plan.title.as_str(), format!("/region/admission/{}", opening.reference));
        Row::new(Cell::new(Html::from(link)))
            .cell(opening.reference.as_str())
            .cell(phase_tag(*phase))
            .cell(words::moment(opening.plan.closes))
            .cell(Cell::number(u64::try_from(*in_time).unwrap_or(u64::MAX)))
            .cell(Cell::number(u64::try_from(*late).unwrap_or(u64::MAX)))
    });
    let table = Table::new("Openings")
        .column(Column::text("Opening"))
        .column(Column::text("Reference"))
        .column(Column::text("Stands"))
        .column(Column::text("Deadline"))
        .column(Column::number("In time"))
        .column(Column::number("Late"))
        .rows(rows)
        .empty("Nothing is planned. Plan an opening; what you write is published when you publish it.");
    Page::new(shell.titled("Admission").back("/region/providers"))
        .with(Button::link("Plan an opening", "/region/admission/new"))
        .with(Html::bullets([
            Link::new("Providers that registered themselves", "/region/registrations"),
            Link::new("Evaluation records", "/region/evaluations"),
        ]))
        .with(table)
}

fn pounds(amount: Pence) -> String {
    amount.to_string().replace(['£', ','], "")
}

/// A plan as it stands in the form.
#[must_use]
pub fn typed_of(plan: &OpeningPlan) -> Typed {
    let mut typed = Typed::default();
    typed.set("title", &plan.title);
    match &plan.kind {
        OpeningKind::Yearly => typed.set("kind", "yearly"),
        OpeningKind::ByLead { reason } => {
            typed.set("kind", "by_lead");
            typed.set("reason", reason);
        }
    }
    for (name, at) in [("opens", plan.opens), ("closes", plan.closes), ("questions_until", plan.questions_until)] {
        typed.day(name, Some(at.date()));
        typed.set(&format!("{name}_time"), at.strftime("%H:%M"));
    }
    let criteria = &plan.criteria;
    for question in &criteria.quality {
        typed.set(&format!("{}_text", question.code), &question.text);
        typed.set(&format!("{}_criteria", question.code), &question.criteria);
        typed.set(&format!("{}_weight", question.code), question.weight);
    }
    typed.set("least", criteria.least);
    typed.set("quality_share", criteria.quality_share);
    typed.set("pass_mark", criteria.pass_mark);
    typed.set("standstill_days", criteria.standstill_days);
    typed.set("validity_months", criteria.validity_months);
    for (kind, least) in &criteria.insurances {
        typed.set(&format!("insurance_{}", kind.code()), pounds(*least));
    }
    for template in &criteria.templates {
        typed.set("lots", &template.lot);
        typed.set(&format!("{}_includes", template.lot), &template.includes);
        for band in &template.bands {
            typed.set(&format!("{}_{}_floor", template.lot, band.part.code()), pounds(band.floor));
            typed.set(&format!("{}_{}_ceiling", template.lot, band.part.code()), pounds(band.ceiling));
        }
    }
    typed
}

/// The form of a plan. `draft` is the reference and version of one that is written anew.
pub fn opening_form(shell: Shell, draft: Option<(&str, i64)>, lots: &[(String, String)], forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let (typed, errors) = (forms.typed, forms.errors);
    let text = |name: &str, label: &str| Field::text(name, label).value(typed.get(name)).errors(errors);
    let number = |name: &str, label: &str| Field::number(name, label).width(3).value(typed.get(name)).errors(errors);
    let moment = |name: &str, label: &str| {
        let time = format!("{name}_time");
        Html::join([
            Html::from(Field::date(name, label).parts(typed.date(name)).errors(errors)),
            Html::from(Field::time(time.as_str(), format!("{label}: time")).value(typed.get(&time)).errors(errors)),
        ])
    };
    let kinds = [
        Choice::new("yearly", "The yearly window"),
        Choice::new("by_lead", "Another time, by the lead authority with its reason"),
    ];
    let action = draft
        .map_or("/region/admission/new".to_owned(), |(reference, _)| format!("/region/admission/{reference}/edit"));
    let mut form = Form::post(action, csrf, forms.key(0));
    if let Some((_, version)) = draft {
        form = form.version(version);
    }
    let mut form = form
        .field(text("title", "What is the opening called?"))
        .field(Field::radios("kind", "Why does the arrangement open?", kinds).value(typed.get("kind")).errors(errors))
        .field(
            Field::textarea("reason", "Reason, outside the yearly window")
                .limit(500)
                .value(typed.get("reason"))
                .errors(errors),
        )
        .part(moment("opens", "Opens"))
        .part(moment("questions_until", "Questions until"))
        .part(moment("closes", "Deadline"));
    for at in 1..=QUESTIONS {
        form = form.part(question(at, typed, forms));
    }
    form = form
        .field(number("least", "Lowest score of an answer that passes, of 5"))
        .field(number("quality_share", "Share of quality in the total").suffix("%"))
        .field(number("pass_mark", "Total that a lot needs, of 100"))
        .field(number("standstill_days", "Days of standstill").hint("10 to 60, with at least 8 working days"))
        .field(number("validity_months", "Months for which an evaluation holds"));
    for kind in InsuranceKind::ALL {
        let name = format!("insurance_{}", kind.code());
        let label = format!("{}: least cover", kind.label());
        form = form.field(
            Field::money(name.as_str(), label)
                .hint("Leave empty if it is not asked for")
                .value(typed.get(&name))
                .errors(errors),
        );
    }
    let choices = lots.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str()));
    form = form.field(Field::checkboxes("lots", "Which lots open?", choices).values(typed.all("lots")).errors(errors));
    for (code, name) in lots {
        form = form.part(template(code, name, forms));
    }
    let title = if draft.is_some() { "Change the opening" } else { "Plan an opening" };
    Page::new(shell.titled(title).back("/region/admission").with_errors(errors))
        .narrow()
        .with(form.submit("Save this opening").cancel("/region/admission"))
}

fn question(at: u8, typed: &Typed, forms: &Forms<'_>) -> Html {
    let name = |part: &str| format!("q{at}_{part}");
    let fields = Html::join([
        Html::from(
            Field::text(name("text"), format!("Quality question {at}"))
                .value(typed.get(&name("text")))
                .errors(forms.errors),
        ),
        Html::from(
            Field::textarea(name("criteria"), format!("What a good answer to question {at} shows"))
                .rows(2)
                .value(typed.get(&name("criteria")))
                .errors(forms.errors),
        ),
        Html::from(
            Field::number(name("weight"), format!("Weight of question {at}"))
                .width(3)
                .suffix("%")
                .value(typed.get(&name("weight")))
                .errors(forms.errors),
        ),
    ]);
    let open = at <= 3 || !typed.get(&name("text")).is_empty();
    let details = Details::new(format!("Question {at}"), fields);
    if open { details.open().into() } else { details.into() }
}

fn template(code: &str, lot: &str, forms: &Forms<'_>) -> Html {
    let typed = forms.typed;
    let mut fields = Vec::new();
    for part in PricePart::ALL {
        for (end, label) in [("floor", "floor"), ("ceiling", "ceiling")] {
            let name = format!("{code}_{}_{end}", part.code());
            let field = Field::money(name.as_str(), format!("{lot}: {} {label}", part.label().to_lowercase()))
                .suffix("a week")
                .value(typed.get(&name))
                .errors(forms.errors);
            fields.push(Html::from(field));
        }
    }
    let name = format!("{code}_includes");
    let includes = Field::textarea(name.as_str(), format!("{lot}: what the price includes")).rows(2);
    fields.push(includes.value(typed.get(&name)).errors(forms.errors).into());
    let details = Details::new(format!("Price template: {lot}"), Html::join(fields));
    if typed.all("lots").any(|open| open == code) { details.open().into() } else { details.into() }
}

/// One opening as the regional team keeps it.
#[derive(Debug, Clone)]
pub struct RegionOpeningView {
    /// What everybody reads.
    pub public: PublicOpeningView,
    /// Questions that wait: id, provider, text, when.
    pub waiting: Vec<(i64, String, String, DateTime)>,
    /// In time and late.
    pub counts: (usize, usize),
    /// Applications: provider, when, late, withdrawn; the evaluation's address and state where it is begun.
    pub applications: Vec<ApplicationLine>,
}

/// One application of the list.
#[derive(Debug, Clone)]
pub struct ApplicationLine {
    /// The provider.
    pub provider: String,
    /// When it came in.
    pub sent: DateTime,
    /// Late.
    pub late: bool,
    /// Taken back.
    pub withdrawn: bool,
    /// The evaluation: address and state.
    pub evaluation: Option<(String, String)>,
}

/// The page of one opening.
pub fn region_opening(shell: Shell, view: &RegionOpeningView, forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let opening = &view.public.opening;
    let at = |to: &str| format!("/region/admission/{}/{to}", opening.reference);
    let shell = shell
        .titled(opening.plan.title.as_str())
        .caption(opening.reference.as_str())
        .record(opening.reference.as_str())
        .back("/region/admission")
        .with_errors(forms.errors);
    let mut page = Page::new(shell).with(facts(&view.public));
    if view.public.phase == OpeningPhase::Draft {
        page = page
            .with(Inset::new(
                "Nobody else reads this yet. What is published is fixed: criteria, weights, price template, deadline.",
            ))
            .with(Html::bullets([Link::new("Change it", at("edit"))]))
            .with(
                Form::post(at("publish"), csrf.as_str(), forms.key(0))
                    .version(opening.version)
                    .submit("Publish this opening"),
            );
    }
    page = page.with(criteria(&opening.plan.criteria, &view.public.lots)).with(answers(&view.public));
    page = waiting(page, view, forms, &csrf);
    page = applications(page, view, forms, &csrf);
    if matches!(view.public.phase, OpeningPhase::Draft | OpeningPhase::Coming | OpeningPhase::Open) {
        let off = Form::post(at("cancel"), csrf, forms.key(2))
            .version(opening.version)
            .field(
                Field::textarea("reason", "Why is it called off?")
                    .limit(500)
                    .value(forms.typed.get("reason"))
                    .errors(forms.errors),
            )
            .button(Button::submit("Call this opening off").warning());
        page = page.with(Details::new("Call it off", off));
    }
    page
}

fn waiting(mut page: Page, view: &RegionOpeningView, forms: &Forms<'_>, csrf: &str) -> Page {
    page = page.heading("Questions that wait for an answer");
    if view.waiting.is_empty() {
        return page.text("None.");
    }
    let over = match view.public.phase {
        OpeningPhase::Closed => Some("The deadline has passed"),
        OpeningPhase::Cancelled => Some("The opening was called off"),
        OpeningPhase::Draft | OpeningPhase::Coming | OpeningPhase::Open => None,
    };
    if let Some(over) = over {
        let rows = view.waiting.iter().map(|(_, provider, text, when)| {
            Row::new(provider.as_str()).cell(words::moment(*when)).cell(text.as_str())
        });
        return page
            .text(format!("{over}: nothing is answered any more. Say it in the criteria of the next opening."))
            .with(Table::new("Questions without an answer").columns(["Provider", "Asked", "Question"]).rows(rows));
    }
    for (number, (id, provider, text, when)) in view.waiting.iter().enumerate() {
        let shown = forms.typed.get("question") == id.to_string();
        let value = |name: &str, other: &str| if shown { forms.typed.get(name).to_owned() } else { other.to_owned() };
        let form = Form::post(
            format!("/region/admission/{}/answer", view.public.opening.reference),
            csrf,
            forms.key(3 + number),
        )
        .field(Field::hidden("question", id.to_string()))
        .field(
            Field::textarea(format!("words_{id}"), "The question as it is published")
                .hint("Take out what shows who asked.")
                .value(value(&format!("words_{id}"), text))
                .errors(forms.errors),
        )
        .field(
            Field::textarea(format!("answer_{id}"), "The answer to everybody")
                .value(value(&format!("answer_{id}"), ""))
                .errors(forms.errors),
        )
        .submit("Answer to everybody");
        page = page.text(format!("{provider} asked on {}:", words::moment(*when))).with(form);
    }
    page
}

fn applications(page: Page, view: &RegionOpeningView, forms: &Forms<'_>, csrf: &str) -> Page {
    let (in_time, late) = view.counts;
    let page = page.heading("Applications");
    if view.public.phase != OpeningPhase::Closed {
        return page.text(format!("{in_time} have been sent. They are read after the deadline, all together."));
    }
    let rows = view.applications.iter().map(|line| {
        let stands = if line.withdrawn {
            Html::from(Tag::new("Taken back", Colour::Grey))
        } else if line.late {
            Html::from(Tag::new("Late", Colour::Orange))
        } else {
            match &line.evaluation {
                Some((href, state)) => {
                    Html::from(Link::new(state.as_str(), href.as_str()).hidden(format!("of {}", line.provider)))
                }
                None => Html::from(Tag::new("To evaluate", Colour::Yellow)),
            }
        };
        Row::new(line.provider.as_str()).cell(words::moment(line.sent)).cell(Cell::new(stands))
    });
    let table = Table::new(format!("{in_time} in time, {late} late"))
        .columns(["Provider", "Came in", "Stands"])
        .rows(rows)
        .empty("Nobody applied.");
    let open = |line: &&ApplicationLine| !line.late && !line.withdrawn && line.evaluation.is_none();
    let page = page.with(table);
    if view.applications.iter().filter(open).count() == 0 {
        return page;
    }
    let form = Form::post(format!("/region/admission/{}/evaluate", view.public.opening.reference), csrf, forms.key(1))
        .field(
            Field::textarea("evaluators", "Evaluators, one e-mail address on each line")
                .hint("At least two, each of another authority. Each scores alone; nobody reads the scores of others before moderation.")
                .rows(4)
                .value(forms.typed.get("evaluators"))
                .errors(forms.errors),
        )
        .submit("Begin the evaluations");
    page.with(form)
}
