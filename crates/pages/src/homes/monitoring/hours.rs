//! Hours of extra support: what was bought, what was delivered, what is credited to whom.

use jiff::civil::{Date, date};
use placewell_domain::homes::monitoring::support::{BoughtWeek, Credit, ShortfallReason, SupportWeek};
use placewell_domain::homes::price::FunderShares;
use placewell_domain::id::{AgreementId, HomeId, OrganisationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

use super::kit;
use crate::components::{Cell, Colour, Column, Inset, Link, Row, Table, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples, words};

/// "17.5 hours" of quarters of an hour.
fn as_hours(quarters: u32) -> String {
    let rest = match quarters % 4 {
        1 => ".25",
        2 => ".5",
        3 => ".75",
        _ => "",
    };
    format!("{}{rest} hours", words::number(u64::from(quarters / 4)))
}

/// The week, with the night on which its line begins where that is within it: such a week waits in two parts.
fn as_week(of: &BoughtWeek) -> String {
    let week = format!("week of {}", words::date(of.week));
    if of.line_from > of.week { format!("{week}, from {}", words::date(of.line_from)) } else { week }
}

fn as_credit(credit: Option<Credit>) -> String {
    let Some(credit) = credit else { return "None".to_owned() };
    let parts: Vec<String> =
        [("the authority", credit.authority), ("education", credit.education), ("health", credit.health)]
            .iter()
            .filter(|(_, pence)| *pence > Pence::ZERO)
            .map(|(who, pence)| format!("{} to {who}", words::money(*pence)))
            .collect();
    format!("{}: {}", words::money(credit.total), words::list(&parts))
}

/// An agreement's weeks.
#[derive(Debug, Clone)]
pub struct HoursView {
    /// The agreement.
    pub reference: String,
    /// The home.
    pub home: String,
    /// Weeks that are not confirmed.
    pub waiting: Vec<BoughtWeek>,
    /// Weeks that were.
    pub weeks: Vec<SupportWeek>,
    /// Whether the reader agrees to weeks.
    pub agrees: bool,
    /// The form's key.
    pub key: String,
    /// Today.
    pub today: Date,
}

fn waiting(rows: &[BoughtWeek], today: Date) -> Table {
    let rows = rows.iter().map(|one| {
        let late = one.due() < today;
        let tag = if late { Tag::new("Overdue", Colour::Red) } else { Tag::new("To confirm", Colour::Yellow) };
        Row::new(words::date(one.week))
            .cell(one.label.as_str())
            .cell(as_hours(one.quarters))
            .cell(words::date(one.due()))
            .cell(Cell::new(tag))
    });
    Table::new("Weeks that the home has not confirmed")
        .columns(["Week from", "Support", "Bought", "Confirm by", "State"])
        .rows(rows)
        .empty("Every week that is over is confirmed.")
}

/// The page of an agreement's hours, for both sides.
pub fn hours(shell: Shell, view: &HoursView) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("Hours of extra support")
        .caption(format!("{}, {}", view.reference, view.home))
        .back(format!("/agreements/{}", view.reference));
    let total: Pence = view.weeks.iter().filter_map(SupportWeek::credit).map(|credit| credit.total).sum();
    let rows = view.weeks.iter().map(|one| {
        let why = one.told.last().and_then(|told| told.reason).map_or("All delivered", |reason| reason.label());
        let colour = if one.state.name() == "agreed" { Colour::Green } else { Colour::Blue };
        Row::new(words::date(one.bought.week))
            .cell(one.bought.label.as_str())
            .cell(as_hours(one.bought.quarters))
            .cell(as_hours(one.delivered()))
            .cell(why)
            .cell(as_credit(one.credit()))
            .cell(Cell::new(Tag::new(one.state.label(), colour)))
    });
    let table = Table::new("Weeks that were confirmed")
        .column(Column::text("Week from"))
        .column(Column::text("Support"))
        .column(Column::text("Bought"))
        .column(Column::text("Delivered"))
        .column(Column::text("Why less"))
        .column(Column::text("Credit"))
        .column(Column::text("State"))
        .rows(rows)
        .empty("No week was confirmed yet.");
    let mut page = Page::new(shell)
        .text("The home confirms each week what it delivered. What was bought and not delivered is credited at the hour's rate.")
        .with(table);
    if total > Pence::ZERO {
        page = page.with(Inset::new(format!("Credited so far: {}.", words::money(total))));
    }
    page = page.with(waiting(&view.waiting, view.today)).with(Html::bullets([
        Html::from(Link::new("The hours of all agreements as CSV", "/agreements/hours.csv")),
        Html::from(Link::new("The hours of all agreements as a workbook", "/agreements/hours.xlsx")),
    ]));
    let open = view.weeks.iter().find(|one| one.state.name() == "confirmed");
    if let (Some(week), true) = (open, view.agrees) {
        let form = Form::post(format!("/agreements/{}/hours/agree", view.reference), csrf, view.key.as_str())
            .version(week.version)
            .field(Field::hidden("week_id", week.id.to_string()))
            .submit(format!("Agree to the {}", as_week(&week.bought)));
        page = page.heading("Agree").text("Once you have agreed, the home cannot correct the week.").with(form);
    }
    page
}

/// The form of one week.
#[derive(Debug, Clone)]
pub struct WeekForm {
    /// What is bought.
    pub of: BoughtWeek,
    /// The home.
    pub home: String,
    /// The week's id and version, where it was confirmed and is corrected.
    pub corrects: Option<(i64, i64)>,
    /// The form's key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// A provider's weeks.
#[derive(Debug, Clone)]
pub struct OwnHoursView {
    /// The week to confirm now, or to correct.
    pub form: Option<WeekForm>,
    /// Weeks that are not confirmed, with the home.
    pub waiting: Vec<(BoughtWeek, String)>,
    /// Weeks that were, with the home.
    pub weeks: Vec<(SupportWeek, String)>,
    /// Today.
    pub today: Date,
}

fn week_form(form: &WeekForm, csrf: &str) -> Form {
    let of = &form.of;
    let reasons = ShortfallReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let action = match form.corrects {
        Some(_) => "/provider/monitoring/hours/correct",
        None => "/provider/monitoring/hours",
    };
    let mut built = Form::post(action, csrf, form.key.as_str());
    built = match form.corrects {
        Some((id, version)) => built.version(version).field(Field::hidden("week_id", id.to_string())),
        None => built
            .field(Field::hidden("reference", of.reference.to_string()))
            .field(Field::hidden("label", of.label.as_str()))
            .field(Field::hidden("line_from", of.line_from.to_string()))
            .field(Field::hidden("week", of.week.to_string())),
    };
    built
        .field(
            Field::text("hours", "Hours that were delivered")
                .hint(format!("Bought: {}. For example, 17.5", as_hours(of.quarters)))
                .width(5)
                .value(form.typed.get("hours"))
                .errors(&form.errors),
        )
        .field(
            Field::radios("reason", "Why less, where it is less?", reasons)
                .value(form.typed.get("reason"))
                .errors(&form.errors),
        )
        .submit(if form.corrects.is_some() { "Correct the week" } else { "Confirm the week" })
}

/// The page of a provider's hours: one week at a time.
pub fn own_hours(shell: Shell, view: &OwnHoursView) -> Page {
    let csrf = shell.csrf.clone();
    let errors = view.form.as_ref().map(|form| form.errors.clone()).unwrap_or_default();
    let shell = shell.titled("Hours of extra support").back("/provider/monitoring").with_errors(&errors);
    let mut page = Page::new(shell);
    if let Some(form) = &view.form {
        let of = &form.of;
        let what = format!("{}, {}, {}, {}", of.reference, form.home, of.label, as_week(of));
        page = page.heading(&what).with(week_form(form, &csrf));
    }
    let link = |of: &BoughtWeek| {
        crate::components::Link::new(
            format!("{}, {}", of.reference, as_week(of)),
            format!(
                "/provider/monitoring/hours?reference={}&week={}&line_from={}&label={}",
                of.reference,
                of.week,
                of.line_from,
                encoded(&of.label)
            ),
        )
    };
    let rows = view.waiting.iter().map(|(one, home)| {
        let late = one.due() < view.today;
        let tag = if late { Tag::new("Overdue", Colour::Red) } else { Tag::new("To confirm", Colour::Yellow) };
        Row::new(link(one))
            .cell(home.as_str())
            .cell(one.label.as_str())
            .cell(as_hours(one.quarters))
            .cell(Cell::new(tag))
    });
    let waiting = Table::new("Weeks to confirm")
        .columns(["Agreement and week", "Home", "Support", "Bought", "State"])
        .rows(rows)
        .empty("Every week that is over is confirmed.");
    let rows = view.weeks.iter().map(|(one, home)| {
        let text = format!("{}, {}", one.bought.reference, as_week(&one.bought));
        let head = if one.state.name() == "confirmed" {
            Cell::new(crate::components::Link::new(text, format!("/provider/monitoring/hours?correct={}", one.id)))
        } else {
            Cell::from(text.as_str())
        };
        Row::new(head)
            .cell(home.as_str())
            .cell(as_hours(one.delivered()))
            .cell(as_credit(one.credit()))
            .cell(one.state.label())
    });
    let weeks = Table::new("Weeks that you confirmed")
        .columns(["Agreement and week", "Home", "Delivered", "Credit", "State"])
        .rows(rows)
        .empty("You confirmed no week in the last three months.");
    page.with(waiting).with(weeks)
}

/// A text for an address.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn sample_week() -> Option<BoughtWeek> {
    Some(BoughtWeek {
        authority: OrganisationId(1),
        provider: OrganisationId(7),
        home: HomeId(3),
        agreement: AgreementId(4),
        reference: "HEF-A-0007".parse().ok()?,
        label: "1:1 support, evenings".to_owned(),
        line_from: date(2021, 7, 5),
        week: date(2021, 9, 6),
        nights: 7,
        quarters: 80,
        rate: Pence(1_850),
        staff: 1,
        shares: FunderShares { authority: 75, education: 0, health: 25, agreed: true },
    })
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let shell = samples::signed_in_shell;
    let Some(of) = sample_week() else { return Vec::new() };
    let short = (58, Some(ShortfallReason::Sickness));
    let weeks: Vec<SupportWeek> = SupportWeek::confirm(8, of.clone(), short, (PersonId(2), kit::moment()))
        .map(|change| vec![change.into_parts().0])
        .unwrap_or_default();
    let view = HoursView {
        reference: "HEF-A-0007".to_owned(),
        home: "Elm House".to_owned(),
        waiting: vec![of.clone()],
        weeks: weeks.clone(),
        agrees: true,
        key: "k1".to_owned(),
        today: kit::TODAY,
    };
    let none = HoursView { waiting: vec![], weeks: vec![], ..view.clone() };
    let mut errors = Invalid::default();
    errors.add("hours", "Enter at most 168 hours: a week has no more");
    let form = WeekForm {
        of: of.clone(),
        home: "Elm House".to_owned(),
        corrects: None,
        key: "k1".to_owned(),
        typed: Typed::default(),
        errors,
    };
    let cut = BoughtWeek { line_from: date(2021, 9, 9), nights: 4, quarters: 23, ..of.clone() };
    let own = OwnHoursView {
        form: Some(form),
        waiting: [of, cut].map(|one| (one, "Elm House".to_owned())).into(),
        weeks: weeks.into_iter().map(|one| (one, "Elm House".to_owned())).collect(),
        today: kit::TODAY,
    };
    let nothing = OwnHoursView { form: None, waiting: vec![], weeks: vec![], today: kit::TODAY };
    vec![
        ("hours of an agreement", hours(shell(), &view).to_string()),
        ("an agreement without hours", hours(shell(), &none).to_string()),
        ("hours to confirm, with an error", own_hours(shell(), &own).to_string()),
        ("no hours to confirm", own_hours(shell(), &nothing).to_string()),
    ]
}
