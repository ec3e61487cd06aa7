//! Breaking the glass: the administrator's form, what is seen through it, and the list that the authority reads.

use jiff::civil::{Date, DateTime, date};
use placewell_domain::office::access::glass::{GlassMinutes, GlassReason, LONGEST_TICKET};
use placewell_domain::office::person::screen::HidesAfter;
use placewell_domain::outcome::Invalid;

use crate::components::{Button, Inset, Link, Row, SummaryList, Table, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// One breaking of the glass.
#[derive(Debug, Clone)]
pub struct GlassLine {
    /// The row's id.
    pub id: i64,
    /// The referral.
    pub reference: String,
    /// Who.
    pub who: String,
    /// For whom they work.
    pub organisation: String,
    /// Why, and under which ticket.
    pub why: String,
    /// From when.
    pub from: DateTime,
    /// Until when.
    pub until: DateTime,
    /// The reader can look now.
    pub open: bool,
}

/// The list, with the form for administrators.
#[derive(Debug, Clone)]
pub struct GlassView {
    /// Newest first.
    pub lines: Vec<GlassLine>,
    /// Whether the reader can break the glass.
    pub may_break: bool,
    /// What was typed.
    pub typed: Typed,
}

/// The page.
pub fn glass_page(shell: Shell, view: &GlassView, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let mut page = Page::new(shell.titled("Administrators’ sight of children’s details").with_errors(errors));
    let rows = view.lines.iter().map(|line| {
        let name = if line.open {
            Html::from(Link::new(line.reference.as_str(), format!("/broken-glass/{}", line.id)))
        } else {
            Html::text(&line.reference)
        };
        Row::new(name)
            .cell(format!("{}, {}", line.who, line.organisation))
            .cell(line.why.as_str())
            .cell(words::moment(line.from))
            .cell(words::moment(line.until))
    });
    page = page.with(
        Table::new("Who looked, why, and for how long")
            .columns(["Referral", "Who", "Why", "From", "Until"])
            .rows(rows)
            .empty("No administrator has looked at a child's details."),
    );
    if !view.may_break {
        return page.with(Inset::new("Each is told to your directors and placement officers at once. Tell your data protection officer of any that you do not know of."));
    }
    let typed = &view.typed;
    let reasons = GlassReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let minutes = GlassMinutes::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let form = Form::post("/broken-glass", csrf, key)
        .part(Warning::new(
            "You see no child's details in your role. If you go on, the authority is told at once who looked, and why.",
        ))
        .field(
            Field::text("reference", "Referral")
                .hint("Such as HEF-R-0042")
                .value(typed.get("reference"))
                .width(20)
                .errors(errors),
        )
        .field(Field::radios("reason", "Why?", reasons).value(typed.get("reason")).errors(errors))
        .field(
            Field::text("ticket", "Number of the ticket or order")
                .hint(format!("At most {LONGEST_TICKET} characters. Nothing about a child."))
                .value(typed.get("ticket"))
                .width(20)
                .errors(errors),
        )
        .field(Field::radios("minutes", "For how long?", minutes).value(typed.get("minutes")).errors(errors))
        .button(Button::submit("See the child's details and tell the authority").warning());
    page.heading("Break the glass").with(form)
}

/// Who the child is, seen through broken glass.
#[derive(Debug, Clone)]
pub struct ThroughGlass {
    /// The row's id.
    pub id: i64,
    /// The referral.
    pub reference: String,
    /// Until when it can be seen.
    pub until: DateTime,
    /// Given and family name.
    pub name: String,
    /// Date of birth.
    pub born: Date,
    /// The number in the authority's case system.
    pub case_number: String,
}

/// The page.
pub fn through_glass(shell: Shell, view: &ThroughGlass, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("The child's details")
        .record(&view.reference)
        .caption(view.reference.as_str())
        .back("/broken-glass")
        .hiding(HidesAfter::Two.minutes(), "/broken-glass");
    Page::new(shell)
        .narrow()
        .with(Warning::new(format!(
            "You can see this until {}. The authority sees that you look.",
            words::moment(view.until)
        )))
        .with(
            SummaryList::new()
                .row("Name", view.name.as_str())
                .row("Date of birth", words::date(view.born))
                .row("Case number", view.case_number.as_str()),
        )
        .with(Form::post(format!("/broken-glass/{}/mend", view.id), csrf, key).submit("End it now"))
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let shell = kit::signed_in_shell;
    let at = date(2021, 9, 13).at(10, 20, 0, 0);
    let line = GlassLine {
        id: 2,
        reference: "HEF-R-0042".into(),
        who: "Leroy Whitbourne".into(),
        organisation: "The operator".into(),
        why: format!("{}, T-1", GlassReason::SystemFault.label()),
        from: at,
        until: date(2021, 9, 13).at(10, 35, 0, 0),
        open: true,
    };
    let form = GlassView { lines: vec![line.clone()], may_break: true, typed: Typed::default() };
    let read = GlassView { lines: vec![GlassLine { open: false, ..line }], may_break: false, typed: Typed::default() };
    let none = GlassView { lines: Vec::new(), ..form.clone() };
    let seen = ThroughGlass {
        id: 2,
        reference: "HEF-R-0042".into(),
        until: at,
        name: "An invented name".into(),
        born: date(2008, 5, 1),
        case_number: "C-1".into(),
    };
    let (fine, wrong) = (Invalid::default(), Invalid::one("ticket", "Enter the number of the ticket or order"));
    vec![
        ("break the glass", glass_page(shell(), &form, &fine, "key").to_string()),
        ("broken glass, for the authority", glass_page(shell(), &read, &fine, "key").to_string()),
        ("nothing broken", glass_page(shell(), &none, &wrong, "key").to_string()),
        ("through broken glass", through_glass(shell(), &seen, "key").to_string()),
    ]
}
