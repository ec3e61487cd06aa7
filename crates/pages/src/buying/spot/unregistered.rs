//! A child in an unregistered setting (rule 7.3): recorded, reviewed every day, kept up to date, ended; its cost apart.

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::spot::unregistered::{Application, CourtOrder, SearchStands, UnregisteredEnd};
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;

use crate::components::{Colour, Column, Inset, Link, Row, SummaryList, Table, Tag, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

mod examples;

pub(super) use examples::samples;

/// The form that records one, or changes what is known.
#[derive(Debug, Clone, Default)]
pub struct FormView {
    /// The referral.
    pub reference: String,
    /// The record, where one is changed.
    pub id: Option<i64>,
    /// The version that the page shows: the referral's, or the record's.
    pub version: i64,
    /// The idempotency key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

fn choices<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str, label: impl Fn(T) -> &'static str) -> Vec<Choice> {
    all.iter().map(|one| Choice::new(code(*one), label(*one))).collect()
}

fn known_fields(form: Form, view: &FormView) -> Form {
    let (typed, errors) = (&view.typed, &view.errors);
    let orders = choices(CourtOrder::ALL, CourtOrder::code, CourtOrder::label);
    let applications = choices(Application::ALL, Application::code, Application::label);
    let day = |name: &str, legend: &str| Field::date(name, legend).parts(typed.date(name)).errors(errors);
    form.field(Field::radios("court", "What has a court ordered?", orders).value(typed.get("court")).errors(errors))
        .field(day("court_on", "Date of the order").hint("Where there is one."))
        .field(day("court_until", "Until when does it hold?").hint("Where it says so."))
        .field(day("ofsted_told", "When was Ofsted told?").hint("Leave empty where it was not told yet."))
        .field(
            Field::radios("application", "What has the provider applied for?", applications)
                .value(typed.get("application"))
                .errors(errors),
        )
        .field(
            Field::money("weekly", "What is paid a week?")
                .hint("It stands apart from the annual value and from spot purchases.")
                .value(typed.get("weekly"))
                .errors(errors),
        )
}

/// The form that records a child in an unregistered setting.
pub fn record_page(shell: Shell, view: &FormView) -> Page {
    let csrf = shell.csrf.clone();
    let reference = view.reference.as_str();
    let back = format!("/referrals/{reference}");
    let shell = shell
        .titled("Record an unregistered setting")
        .caption(reference)
        .record(reference)
        .back(back.as_str())
        .with_errors(&view.errors);
    let (typed, errors) = (&view.typed, &view.errors);
    let area = |name: &str, label: &str| {
        let field = Field::textarea(name, label).hint("Sealed with the child's record.").rows(4).limit(4_000);
        field.value(typed.get(name)).errors(errors)
    };
    let form = Form::post(format!("/referrals/{reference}/unregistered"), csrf, view.key.as_str())
        .version(view.version)
        .field(Field::date("from", "First night").parts(typed.date("from")).errors(errors))
        .field(area("setting", "Where is it, and who runs it?"))
        .field(area("why", "Why was no registered home found, and what keeps the child safe there?"));
    let warning =
        "This is never an agreement and uses no power. The director of children's services hears of it at once.";
    Page::new(shell)
        .narrow()
        .with(Warning::new(warning))
        .with(known_fields(form, view).submit("Record it").cancel(back))
}

/// The form that changes what is known.
pub fn update_page(shell: Shell, view: &FormView) -> Page {
    let csrf = shell.csrf.clone();
    let reference = view.reference.as_str();
    let back = format!("/unregistered/{}", view.id.unwrap_or_default());
    let shell = shell
        .titled("Change what is known of the setting")
        .caption(reference)
        .record(reference)
        .back(back.as_str())
        .with_errors(&view.errors);
    let form = Form::post(format!("{back}/update"), csrf, view.key.as_str()).version(view.version);
    Page::new(shell).narrow().with(known_fields(form, view).submit("Save").cancel(back))
}

/// One review.
#[derive(Debug, Clone)]
pub struct ReviewView {
    /// The day.
    pub on: Date,
    /// Who.
    pub by: String,
    /// How the search stands.
    pub search: String,
    /// Somebody saw the child.
    pub seen: bool,
}

/// A record as its page shows it.
#[derive(Debug, Clone, Default)]
pub struct RecordView {
    /// Its id.
    pub id: i64,
    /// The version that the page shows.
    pub version: i64,
    /// The referral.
    pub reference: String,
    /// The child's age on the first night.
    pub age: u8,
    /// The rule in force on that night.
    pub rule: String,
    /// The first night.
    pub from: Option<Date>,
    /// The court's order in words.
    pub court: String,
    /// When Ofsted was told.
    pub ofsted_told: Option<Date>,
    /// By when it should have been.
    pub tell_by: Option<Date>,
    /// What the provider has applied for.
    pub application: String,
    /// The director who confirmed it, and when.
    pub director: Option<(String, DateTime)>,
    /// Where it is and why, for those who may read it.
    pub words: Option<(String, String)>,
    /// The child's record was erased, and those words with it.
    pub erased: bool,
    /// The reviews, the latest first.
    pub reviews: Vec<ReviewView>,
    /// The earliest day without one.
    pub review_due: Option<Date>,
    /// What is paid a week, and what it has cost so far.
    pub cost: (Pence, Pence),
    /// How it ended, and on which day.
    pub ended: Option<(String, Date)>,
    /// Today.
    pub today: Option<Date>,
    /// The reader keeps the record.
    pub may_change: bool,
    /// The reader may confirm it.
    pub may_confirm: bool,
    /// What is wrong with a form that was sent.
    pub errors: Invalid,
}

/// The page of one record.
pub fn show_page(shell: Shell, view: &RecordView, key: impl Fn() -> String) -> Page {
    let csrf = shell.csrf.clone();
    let reference = view.reference.as_str();
    let shell = shell
        .titled("Child in an unregistered setting")
        .caption(reference)
        .record(reference)
        .back("/unregistered")
        .with_errors(&view.errors);
    let facts = facts(view, &shell);
    let erased = view.erased.then(|| Inset::new(words::ERASED));
    let page = warned(Page::new(shell).maybe(erased), view).with(facts).with(reviews(view));
    if view.ended.is_some() {
        return page;
    }
    let form =
        |act: &str| Form::post(format!("/unregistered/{}/{act}", view.id), csrf.clone(), key()).version(view.version);
    let mut page = page;
    if view.may_confirm {
        page = page.with(form("confirm").submit("Confirm that you know of it"));
    }
    if view.may_change {
        let update = "Change what is known of the court, Ofsted, the application or the cost";
        page = page
            .heading("Record a review")
            .with(review_form(form("review"), view))
            .with(Html::paragraph(Link::new(update, format!("/unregistered/{}/update", view.id))))
            .heading("The child has left")
            .with(end_form(form("end"), view));
    }
    page
}

/// What is missing: a day's review, Ofsted's knowledge, the director's.
fn warned(mut page: Page, view: &RecordView) -> Page {
    if let Some(due) = view.review_due {
        let missing = format!("The review of {} is missing. The child is reviewed every day.", words::date(due));
        page = page.with(Warning::new(missing));
    }
    if view.ofsted_told.is_none() && view.ended.is_none() {
        let by = view.tell_by.map_or_else(String::new, |by| format!(" The next working day was {}.", words::date(by)));
        page = page.with(Warning::new(format!("Ofsted has not been told.{by}")));
    }
    if view.director.is_none() {
        page = page.with(Inset::new("The director of children's services has not confirmed that they know of it."));
    }
    page
}

fn reviews(view: &RecordView) -> Table {
    let rows = view.reviews.iter().map(|one| {
        Row::new(words::date(one.on)).cell(one.by.as_str()).cell(one.search.as_str()).cell(if one.seen {
            "Yes"
        } else {
            "No"
        })
    });
    Table::new("Daily reviews")
        .columns(["Day", "By", "The search", "Child seen"])
        .rows(rows)
        .empty("No review is recorded yet.")
}

fn facts(view: &RecordView, shell: &Shell) -> SummaryList {
    let stands: Html = match &view.ended {
        Some((how, on)) => format!("{how}, {}", words::date(*on)).into(),
        None => Tag::new("The child is there", Colour::Red).into(),
    };
    let director = view.director.as_ref().map(|(who, at)| format!("{who}, {}", words::moment(*at)));
    let (weekly, so_far) = view.cost;
    let search = shell.link_where(Action::SeeReferrals, &view.reference, format!("/referrals/{}", view.reference));
    let list = SummaryList::new()
        .row("Where it stands", stands)
        .row("Search", search)
        .optional("First night", view.from.map(words::date))
        .row("Age on that night", words::age(u64::from(view.age)))
        .row("Rule in force", view.rule.as_str())
        .optional("Director of children's services", director)
        .row("Court", view.court.as_str())
        .optional("Ofsted told", view.ofsted_told.map(words::date))
        .row("Provider's application", view.application.as_str())
        .row(
            "Cost, apart from the annual value",
            format!("{}, {} so far", words::a_week(weekly), words::money(so_far)),
        );
    let said = match &view.words {
        Some((setting, why)) => (setting.as_str(), why.as_str()),
        None if view.erased => ("Not shown", "Not shown"),
        None => return list,
    };
    list.row("Setting", said.0).row("Why, and what keeps the child safe", said.1)
}

fn review_form(form: Form, view: &RecordView) -> Form {
    let day = Field::date("on", "Day").errors(&view.errors);
    let day = match view.review_due.or(view.today) {
        Some(due) => day.on(due),
        None => day,
    };
    let stands = choices(SearchStands::ALL, SearchStands::code, SearchStands::label);
    form.field(day)
        .field(Field::radios("search", "How does the search stand?", stands).errors(&view.errors))
        .field(Field::yes_no("seen", "Did somebody see the child that day?").errors(&view.errors))
        .submit("Record the review")
}

fn end_form(form: Form, view: &RecordView) -> Form {
    let how = choices(UnregisteredEnd::ALL, UnregisteredEnd::code, UnregisteredEnd::label);
    form.field(Field::date("ended_on", "From which day?").errors(&view.errors))
        .field(Field::radios("how", "How did it end?", how).errors(&view.errors))
        .submit("Record that the child has left")
}

/// One line of the list.
#[derive(Debug, Clone, Default)]
pub struct LineView {
    /// The record's id.
    pub id: i64,
    /// The referral.
    pub reference: String,
    /// The first night.
    pub from: Option<Date>,
    /// The child's age then.
    pub age: u8,
    /// What the court has ordered.
    pub court: String,
    /// When Ofsted was told.
    pub ofsted_told: Option<Date>,
    /// The earliest day without a review.
    pub review_due: Option<Date>,
    /// What it has cost so far.
    pub cost: Pence,
    /// It goes on.
    pub there: bool,
}

/// The list.
pub fn list_page(shell: Shell, lines: &[LineView]) -> Page {
    let rows = lines.iter().map(|line| {
        let review: Html = match (line.there, line.review_due) {
            (false, _) => "Ended".into(),
            (true, None) => "Up to date".into(),
            (true, Some(due)) => Tag::new(format!("Missing: {}", words::date(due)), Colour::Red).into(),
        };
        Row::new(Link::new(line.reference.as_str(), format!("/unregistered/{}", line.id)))
            .cell(line.from.map_or_else(String::new, words::date))
            .cell(words::age(u64::from(line.age)))
            .cell(line.court.as_str())
            .cell(line.ofsted_told.map_or_else(|| "Not told".to_owned(), words::date))
            .cell(review)
            .cell(line.cost)
    });
    let table = Table::new("Children in unregistered settings")
        .caption_hidden()
        .columns(["Referral", "First night", "Age", "Court", "Ofsted told", "Daily review"])
        .column(Column::number("Cost so far"))
        .rows(rows)
        .empty("No child is in an unregistered setting.");
    Page::new(shell.titled("Children in unregistered settings").back("/spot"))
        .text("Each is a record of its own: no agreement, no power, and its cost apart.")
        .with(table)
}
