//! Democratic services' own pages of decisions: the worklist, one decision with what can be done to it now, the dates
//! helper and the call-in.

use askama::Template;
use jiff::civil::Date;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::Participation;
use placewell_domain::power::decision::{CallInOutcome, Decision, DecisionState, Publication, Standing, Timetable};

use super::public::{DecisionView, sample_view};
use super::standing_tag;
use crate::component;
use crate::components::{Button, ContextualDate, Inset, Link, Number, Numbers, Row, SummaryList, Table, Warning};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// One decision of the worklist with the day that matters.
#[derive(Debug, Clone)]
pub struct WorkView {
    /// Drafts and decisions taken, to publish.
    pub to_publish: Vec<Decision>,
    /// On the forward plan, with the first day on which each may be taken.
    pub noticed: Vec<(Decision, Date)>,
    /// Open windows with their last day.
    pub windows: Vec<(Decision, Date)>,
    /// Called in or returned.
    pub called_in: Vec<Decision>,
    /// Becoming effective, with the day.
    pub becoming_effective: Vec<(Decision, Date)>,
    /// In force.
    pub in_force: Vec<Decision>,
    /// The term's last day and the last days of a decision that goes on after it.
    pub extension: Option<(Date, Timetable)>,
    /// Whether the authority can award today; none before the region has recorded an arrangement.
    pub participation: Option<Participation>,
    /// Today.
    pub today: Date,
}

fn path(decision: &Decision) -> String {
    format!("/democratic/decisions/{}", decision.reference)
}

fn link(decision: &Decision) -> Link {
    Link::new(decision.reference.as_str(), path(decision))
}

/// The worklist (D-01).
pub fn worklist_page(shell: Shell, view: &WorkView) -> Page {
    let count = |rows: usize| words::number(u64::try_from(rows).unwrap_or(u64::MAX));
    let numbers = Numbers::new([
        Number::new(count(view.to_publish.len()), "To publish"),
        Number::new(count(view.windows.len()), "Call-in open"),
        Number::new(count(view.called_in.len()), "Called in"),
    ]);
    let plain = |caption: &str, rows: &[Decision], empty: &str| {
        Table::new(caption)
            .columns(["Decision", "Title", "Status"])
            .rows(rows.iter().map(|decision| {
                Row::new(link(decision))
                    .cell(decision.page.title.as_str())
                    .cell(standing_tag(decision.standing(view.today)))
            }))
            .empty(empty)
    };
    let dated = |caption: &str, column: &str, rows: &[(Decision, Date)]| {
        Table::new(caption).columns(["Decision", "Title", column]).rows(rows.iter().map(|(decision, day)| {
            Row::new(link(decision)).cell(decision.page.title.as_str()).cell(ContextualDate::due(*day, view.today))
        }))
    };
    let extension = view.extension.map(|(end, timetable)| {
        let notice = timetable
            .notice_by
            .map_or_else(String::new, |day| format!("Publish the 28 days' notice by {}. ", words::date(day)));
        Inset::new(format!(
            "The term ends on {}. For powers to go on the next day without a gap: {notice}Decide and publish by {}.",
            words::date(end),
            words::date(timetable.decide_by)
        ))
    });
    let records = shell.may(Action::RecordDecision);
    Page::new(shell.titled("Decisions of this authority"))
        .maybe(records.then(|| Button::link("Record a decision", "/democratic/decisions/new")))
        .with(numbers)
        .maybe(view.participation.as_ref().map(|stands| Inset::new(stands.reason())))
        .maybe(extension)
        .maybe(quiet(view))
        .maybe(some(&view.to_publish).map(|rows| plain("To publish", rows, "")))
        .maybe(some(&view.noticed).map(|rows| dated("On the forward plan", "May be taken from", rows)))
        .maybe(some(&view.windows).map(|rows| dated("Call-in windows open", "Closes at the end of", rows)))
        .maybe(some(&view.called_in).map(|rows| plain("Called in", rows, "")))
        .maybe(some(&view.becoming_effective).map(|rows| dated("Becoming effective", "Effective from", rows)))
        .with(plain("In force", &view.in_force, "No decision is in force: this authority cannot award."))
        .with(Html::bullets([
            Link::new("Officer decisions under these powers", "/democratic/officer-decisions"),
            Link::new("Work out the dates of a decision", "/democratic/decisions/dates"),
            Link::new("The forward plan, as everybody sees it", "/forward-plan"),
        ]))
}

fn some<T>(rows: &[T]) -> Option<&[T]> {
    (!rows.is_empty()).then_some(rows)
}

/// One sentence for all the lists that are empty.
fn quiet(view: &WorkView) -> Option<Html> {
    let lists = [
        (view.to_publish.is_empty(), "waits to be published"),
        (view.windows.is_empty(), "is in its call-in window"),
        (view.called_in.is_empty(), "is called in"),
        (view.becoming_effective.is_empty(), "waits to take effect"),
    ];
    let empty: Vec<&str> = lists.into_iter().filter_map(|(empty, words)| empty.then_some(words)).collect();
    let (last, first) = empty.split_last()?;
    let words = if first.is_empty() { (*last).to_owned() } else { format!("{} or {last}", first.join(", ")) };
    Some(Html::paragraph(format!("No decision {words}.")))
}

/// Something that depends on a decision.
#[derive(Debug, Clone)]
pub struct DependantView {
    /// What it is.
    pub what: String,
    /// Its own page, where the reader may open it.
    pub path: Option<String>,
    /// Whether it is held while the decision is called in; else it goes on.
    pub held: bool,
}

/// A decision as its officer sees it.
#[derive(Debug, Clone)]
pub struct OfficerView {
    /// The decision with what everybody sees.
    pub record: DecisionView,
    /// A fresh idempotency key for each form of the page.
    pub keys: [String; 3],
    /// Whether the ceiling that it sets can be set now.
    pub sets_ceiling: bool,
    /// What depends on it.
    pub dependants: Vec<DependantView>,
    /// What is wrong with a form that was sent.
    pub errors: Invalid,
    /// Today.
    pub today: Date,
}

/// One decision with what can be done to it now.
pub fn officer_page(shell: Shell, view: &OfficerView) -> Page {
    let decision = &view.record.decision;
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled(decision.page.title.as_str())
        .caption(decision.reference.as_str())
        .record(decision.reference.as_str())
        .crumb("Decisions", "/democratic/decisions")
        .with_errors(&view.errors);
    let facts = SummaryList::new()
        .row("Status", standing_tag(view.record.standing))
        .row("Decision maker", decision.page.decision_maker.as_deref().unwrap_or("Not provided"))
        .row("Limbs", words::number(u64::try_from(decision.page.limbs.len()).unwrap_or(u64::MAX)))
        .optional("Sets an annual value of", decision.page.annual_value().map(words::money));
    let missing: Vec<String> = view.record.missing.iter().map(|field| super::missing_words(field)).collect();
    let lacks =
        (!missing.is_empty()).then(|| Inset::new(format!("The record still lacks: {}.", words::list(&missing))));
    let dates = decision.date_line(view.today).map(|line| {
        Html::join([
            Html::paragraph(line.sentence.as_str()),
            line.rule.map(|rule| Html::paragraph(rule.as_str())).unwrap_or_default(),
            Html::join(line.differs.iter().map(|text| Html::from(Inset::new(text.as_str())))),
        ])
    });
    let public = decision.state.publication().map(|_| {
        Html::paragraph(Link::new("The public page of this decision", format!("/decisions/{}", decision.reference)))
    });
    let acts = shell.may(Action::RecordDecision).then(|| acts(view, &csrf));
    let exempt = shell.may(Action::SeeExemptParts).then(|| {
        let to = format!("{}/exempt", path(decision));
        Html::paragraph(Link::new("The part that is exempt from publication", to))
    });
    Page::new(shell)
        .narrow()
        .with(facts)
        .maybe(lacks)
        .maybe(asked_for(view))
        .maybe(dates)
        .with(blocked(view))
        .with(after_publication(&decision.state))
        .maybe(acts)
        .maybe(exempt)
        .maybe(public)
}

/// What to ask for, each with the reason.
fn asked_for(view: &OfficerView) -> Option<Table> {
    let asked = &view.record.asked_for;
    (!asked.is_empty()).then(|| {
        Table::new("To be asked for")
            .columns(["What", "Why"])
            .rows(asked.iter().map(|asked| Row::new(asked.label).cell(asked.why)))
    })
}

/// What depends on it; while it is called in, what is held and what goes on (rule 2.1).
fn blocked(view: &OfficerView) -> Html {
    let called = view.record.standing == Standing::CalledIn;
    let warning = called
        .then(|| Warning::new("While it is called in this decision has no effect. Nothing can be approved under it."));
    let becomes = |held: bool| match (called, held) {
        (true, true) => "Held until the decision maker confirms",
        (_, false) => "Goes on",
        (false, true) => "Would be held by a call-in",
    };
    let table = (!view.dependants.is_empty()).then(|| {
        Table::new("What depends on it").columns(["What", "What becomes of it"]).rows(view.dependants.iter().map(
            |one| {
                let head = match &one.path {
                    Some(path) => Html::from(Link::new(one.what.as_str(), path.as_str())),
                    None => Html::from(one.what.as_str()),
                };
                Row::new(head).cell(becomes(one.held))
            },
        ))
    });
    Html::join([warning.map(Html::from).unwrap_or_default(), table.map(Html::from).unwrap_or_default()])
}

/// What happened to it since it was published, for everybody who reads it.
fn after_publication(state: &DecisionState) -> Html {
    match state {
        DecisionState::CalledIn { request, .. } => SummaryList::new()
            .row("Called in on", words::date(request.on))
            .row("By", request.by.as_str())
            .row("Grounds", request.grounds.as_str())
            .into(),
        DecisionState::Returned { outcome, on, .. } => {
            Inset::new(format!("{}, {}. The decision maker answers now.", outcome.label(), words::date(*on))).into()
        }
        DecisionState::Rescinded { reason, on, .. } => {
            Inset::new(format!("Rescinded on {}: {reason}", words::date(*on))).into()
        }
        DecisionState::Superseded { on, .. } => {
            Inset::new(format!("Replaced by a later decision on {}.", words::date(*on))).into()
        }
        _ => Html::default(),
    }
}

fn acts(view: &OfficerView, csrf: &str) -> Html {
    let decision = &view.record.decision;
    let [first, second, third] = view.keys.each_ref().map(String::as_str);
    let form =
        |act: &str, key: &str| Form::post(format!("{}/{act}", path(decision)), csrf, key).version(decision.version);
    let date = |name: &str, label: &str, day: Option<Date>| {
        let field = Field::date(name, label).errors(&view.errors);
        day.map_or_else(|| field.clone(), |day| field.clone().on(day))
    };
    match &decision.state {
        DecisionState::Draft | DecisionState::NoticePublished { .. } | DecisionState::Decided { .. } => {
            to_publish(view, [form("publish", first), form("notice", second), form("withdraw-notice", third)])
        }
        DecisionState::Published { publication } => {
            let call_in = Html::paragraph(Link::new("Record a call-in", format!("{}/call-in", path(decision))));
            let call_in = if publication.open_to_call_in(view.today) { call_in } else { Html::default() };
            Html::join([
                call_in,
                correct(decision),
                ceiling(view, form("ceiling", first)),
                ending(view, form("rescind", second), form("supersede", third)),
            ])
        }
        DecisionState::Confirmed { .. } => Html::join([
            correct(decision),
            ceiling(view, form("ceiling", first)),
            ending(view, form("rescind", second), form("supersede", third)),
        ]),
        DecisionState::CalledIn { .. } => {
            let outcomes = CallInOutcome::ALL.iter().map(|outcome| Choice::new(outcome.code(), outcome.label()));
            form("close-call-in", first)
                .field(Field::radios("outcome", "How did the call-in end?", outcomes).errors(&view.errors))
                .field(date("on", "When?", Some(view.today)))
                .submit("Record the outcome")
                .into()
        }
        DecisionState::Returned { .. } => {
            let confirm = form("confirm", first)
                .field(date("on", "When did the decision maker confirm?", Some(view.today)))
                .submit("Record that it was confirmed");
            Html::join([
                Html::from(confirm),
                Html::paragraph(Link::new(
                    "The decision maker amends it: record the decision that does",
                    format!("/democratic/decisions/new?amends={}", decision.reference),
                )),
                ending(view, form("rescind", second), form("supersede", third)),
            ])
        }
        DecisionState::Rescinded { .. } | DecisionState::Superseded { .. } => Html::default(),
    }
}

/// Words of a published page can be corrected; what it allows cannot.
fn correct(decision: &Decision) -> Html {
    Html::paragraph(Link::new("Correct its words, or add what it lacks", format!("{}/edit", path(decision))))
}

/// What can be done before publication: change the fields, give notice or take it back, publish.
fn to_publish(view: &OfficerView, [publish, notice, withdraw]: [Form; 3]) -> Html {
    let decision = &view.record.decision;
    let publish = publish_form(publish, decision, &view.errors);
    let change = Html::bullets([
        Link::new("Change its fields", format!("{}/edit", path(decision))),
        Link::new("See it as the public will read it", format!("{}/preview", path(decision))),
    ]);
    let notice = match &decision.state {
        DecisionState::NoticePublished { notice: given } => super::notice::given(view, given, withdraw),
        DecisionState::Draft => super::notice::to_give(view, notice),
        _ => Html::default(),
    };
    Html::join([change, notice, Html::heading("Publish"), publish.into()])
}

fn publish_form(form: Form, decision: &Decision, errors: &Invalid) -> Form {
    let page = &decision.page;
    let date = |name: &str, label: &str, day: Option<Date>| {
        let field = Field::date(name, label).errors(errors);
        day.map_or_else(|| field.clone(), |day| field.clone().on(day))
    };
    let effective = date("effective_from", "Recorded date of effect, if there is one", page.effective_from)
        .hint("A recorded date wins over the one that the call-in rule gives.");
    form.field(date("decided_on", "Date of decision", page.decided_on))
        .field(date("published_on", "Publication date", page.published_on))
        .field(effective)
        .field(
            Field::textarea("effective_reason", "Why the recorded date of effect differs, where it does")
                .hint("Such as the authority's own rule, or that the published page prints it.")
                .rows(2)
                .limit(500)
                .errors(errors),
        )
        .field(Field::checkboxes("urgent", "Urgency", [Choice::new("yes", "Urgent: call-in does not apply")]))
        .confirming("decision.publish", errors)
        .submit("Publish this decision")
}

fn ceiling(view: &OfficerView, form: Form) -> Html {
    let Some(annual) = view.record.decision.page.annual_value().filter(|_| view.sets_ceiling) else {
        return Html::default();
    };
    let accepts = [Choice::new("yes", "The decision accepts that more is committed already")
        .hint("Only where the new ceiling is below what is committed: the excess is shown in red.")];
    let form = form
        .field(Field::checkboxes("accepts_over", "What is committed", accepts))
        .submit(format!("Set the ceiling to {}", words::money(annual)));
    Html::join([Html::heading("Annual value"), form.into()])
}

fn ending(view: &OfficerView, rescind: Form, supersede: Form) -> Html {
    let rescind = rescind
        .field(Field::textarea("reason", "Why was it rescinded?").rows(3).errors(&view.errors))
        .field(Field::date("rescinded_on", "When was it rescinded?").on(view.today).errors(&view.errors))
        .confirming("decision.rescind", &view.errors)
        .button(Button::submit("Record that it was rescinded").warning());
    let supersede = supersede
        .field(Field::text("by", "Reference of the decision that replaces it").plain().errors(&view.errors))
        .button(Button::submit("Record that it was replaced").secondary());
    let both = Html::join([Html::from(rescind), supersede.into()]);
    crate::components::Details::new("It was rescinded or replaced", both).into()
}

/// The call-in page (D-04).
pub fn call_in_page(
    shell: Shell,
    decision: &Decision,
    form: (&str, &[(String, String)]),
    errors: &Invalid,
    today: Date,
) -> Page {
    let csrf = shell.csrf.clone();
    let (key, typed) = form;
    let get = |name: &str| typed.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let shell = shell
        .titled("Record a call-in")
        .caption(decision.reference.as_str())
        .record(decision.reference.as_str())
        .back(path(decision))
        .with_errors(errors);
    let form = Form::post(format!("{}/call-in", path(decision)), csrf, key)
        .version(decision.version)
        .field(Field::date("on", "When was it called in?").on(today).errors(errors))
        .field(
            Field::text("by", "Who asked for it?")
                .hint("Such as three members of the children's scrutiny committee")
                .value(get("by"))
                .errors(errors),
        )
        .field(Field::textarea("grounds", "Grounds").value(get("grounds")).limit(2_000).errors(errors))
        .confirming("decision.call_in", errors)
        .button(Button::submit("Record this call-in").warning())
        .cancel(path(decision));
    Page::new(shell)
        .narrow()
        .with(Warning::new("A decision that is called in has no effect: nothing can be approved under it until the decision maker confirms it."))
        .with(form)
}

/// A question that changes nothing: its answer stands in the address.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<form method="get" action="{{ action }}" novalidate>{{ field }}<button type="submit" class="govuk-button govuk-button--secondary" data-module="govuk-button">{{ button }}</button></form>"#
)]
struct Question {
    action: &'static str,
    field: Field,
    button: &'static str,
}

component!(Question);

/// The dates helper (D-03): the authority's call-in rule with its arithmetic. A GET form, nothing is stored.
pub fn dates_page(shell: Shell, typed: [&str; 3], errors: &Invalid, found: Option<(Date, &Publication)>) -> Page {
    let shell = shell.titled("Work out the dates of a decision").back("/democratic/decisions").with_errors(errors);
    let ask = Question {
        action: "/democratic/decisions/dates",
        field: Field::date("published", "Publication date").parts(typed).errors(errors),
        button: "Work out the dates",
    };
    let answer = found.map(|(published, publication)| {
        let line = publication.line(published);
        let list = SummaryList::new()
            .row("Published", words::long_date(published))
            .row("Working days of the call-in", words::number(publication.working_days.into()))
            .row("Call-in closes at the end of", words::long_date(publication.closes()))
            .row("Effective from", words::long_date(publication.effective_on()));
        Html::join([Html::from(list), line.rule.map(|rule| Html::paragraph(rule.as_str())).unwrap_or_default()])
    });
    Page::new(shell)
        .narrow()
        .text("Call-in closes at the end of the authority's number of working days after publication. Weekends, England's bank holidays and the authority's closure days do not count. The next calendar day the decision takes effect. A recorded date wins.")
        .with(ask)
        .maybe(answer)
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let record = sample_view();
    let today = Date::constant(2021, 9, 13);
    let shell = || kit::shell_of(Role::DemocraticServices);
    let keys = ["k1", "k2", "k3"].map(str::to_owned);
    let view = OfficerView { record, keys, sets_ceiling: true, dependants: vec![], errors: Invalid::default(), today };
    let mut draft = view.clone();
    draft.record.decision.state = DecisionState::Draft;
    draft.record.standing = Standing::NotPublished;
    let mut noticed = draft.clone();
    noticed.record.decision.state =
        DecisionState::NoticePublished { notice: placewell_domain::power::decision::Notice::of_28_days(today) };
    let mut called = view.clone();
    called.record.standing = Standing::CalledIn;
    called.dependants = vec![
        DependantView { what: "Approval HEF-D-0088 waits".into(), path: None, held: true },
        DependantView { what: "12 agreements live".into(), path: Some("/finance/annual-value".into()), held: false },
    ];
    if let Some(publication) = view.record.decision.state.publication().cloned() {
        let request = placewell_domain::power::decision::CallInRequest {
            on: today,
            by: "Three members".into(),
            grounds: "Cost".into(),
        };
        called.record.decision.state = DecisionState::CalledIn { publication, request };
    }
    let decision = &view.record.decision;
    let work = WorkView {
        to_publish: vec![draft.record.decision.clone()],
        noticed: vec![(draft.record.decision.clone(), today)],
        windows: vec![(decision.clone(), today)],
        called_in: vec![],
        becoming_effective: vec![(decision.clone(), today)],
        in_force: vec![decision.clone()],
        participation: Some(Participation::NoDecision),
        extension: Some((
            Date::constant(2021, 12, 14),
            Timetable {
                notice_by: Some(Date::constant(2021, 11, 9)),
                decide_by: Date::constant(2021, 12, 8),
                effective: Date::constant(2021, 12, 15),
            },
        )),
        today,
    };
    let found = decision.state.publication().map(|publication| (today, publication));
    vec![
        ("officer's worklist", worklist_page(shell(), &work).to_string()),
        ("officer's decision", officer_page(shell(), &view).to_string()),
        ("officer's draft", officer_page(shell(), &draft).to_string()),
        ("officer's decision on the plan", officer_page(shell(), &noticed).to_string()),
        ("preview of a decision", super::public::preview_page(shell(), &draft.record, &[]).to_string()),
        (
            "preview of a decision that names an officer",
            super::public::preview_page(shell(), &draft.record, &[super::findings::sample()]).to_string(),
        ),
        ("officer's decision called in", officer_page(shell(), &called).to_string()),
        ("a decision called in, for a reader", officer_page(kit::signed_in_shell(), &called).to_string()),
        ("record a call-in", call_in_page(shell(), decision, ("k", &[]), &Invalid::default(), today).to_string()),
        ("dates helper", dates_page(shell(), ["14", "1", "2019"], &Invalid::default(), found).to_string()),
    ]
}
