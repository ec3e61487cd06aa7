//! Placements under strain, for the two sides of a placement: flagged, met about, supported, a search held, closed.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::stability::{
    Flagged, FlaggedBy, HeldSearch, ReleaseReason, StabilityAlert, StabilityOutcome, StabilityState, Strain, Support,
};
use placewell_domain::id::{AgreementId, HomeId, OrganisationId};
use placewell_domain::outcome::Invalid;
use placewell_domain::sealed::Sealed;

use super::kit;
use crate::components::{Cell, Colour, Inset, Link, Row, SummaryList, Table, Tag, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples, words};

fn tag(one: &StabilityAlert, today: Date) -> Tag {
    let colour = match &one.state {
        StabilityState::Flagged if one.overdue(today) => Colour::Red,
        StabilityState::Flagged => Colour::Yellow,
        StabilityState::Supported => Colour::Blue,
        StabilityState::SearchHeld | StabilityState::SearchReleased => Colour::Orange,
        StabilityState::Closed { .. } => Colour::Grey,
    };
    Tag::new(if one.overdue(today) { "Meeting overdue" } else { one.state.label() }, colour)
}

fn table(alerts: &[StabilityAlert], today: Date) -> Table {
    let rows = alerts.iter().map(|one| {
        Row::new(Link::new(one.reference.to_string(), format!("/stability/{}", one.id)))
            .cell(one.name.as_str())
            .cell(format!("{}, {}", one.by.label(), words::moment(one.at)))
            .cell(words::date(one.meet_by))
            .cell(Cell::new(tag(one, today)))
    });
    Table::new("Placements under strain")
        .columns(["Agreement", "Home", "Flagged by", "Meet by", "State"])
        .rows(rows)
        .empty("No placement was flagged. Flag strain on the agreement's page, before anybody gives notice.")
}

/// The list.
#[derive(Debug, Clone)]
pub struct AlertsView {
    /// The alerts.
    pub alerts: Vec<StabilityAlert>,
    /// Where the reader comes from.
    pub back: &'static str,
    /// Today.
    pub today: Date,
}

/// The page of all alerts of a side.
pub fn alerts(shell: Shell, view: &AlertsView) -> Page {
    Page::new(shell.titled("Placements under strain").back(view.back))
        .text("Both sides meet within two working days and agree what helps. Only then is another place looked for.")
        .with(table(&view.alerts, view.today))
}

/// The alerts of one agreement, with the form to flag strain.
#[derive(Debug, Clone)]
pub struct FlagView {
    /// The agreement.
    pub reference: String,
    /// The home.
    pub home: String,
    /// Whether strain can be flagged now.
    pub flags: bool,
    /// Its alerts.
    pub alerts: Vec<StabilityAlert>,
    /// The form's key.
    pub key: String,
    /// Today.
    pub today: Date,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page of an agreement's alerts.
pub fn flag(shell: Shell, view: &FlagView) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("Strain in a placement")
        .caption(format!("{}, {}", view.reference, view.home))
        .back(format!("/agreements/{}", view.reference))
        .with_errors(&view.errors);
    let page = Page::new(shell).with(table(&view.alerts, view.today));
    if !view.flags {
        return page;
    }
    let signs = Strain::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let form = Form::post(format!("/agreements/{}/stability", view.reference), csrf, view.key.as_str())
        .field(Field::checkboxes("signs", "What shows it?", signs).values(view.typed.all("signs")).errors(&view.errors))
        .field(
            Field::textarea("words", "What is happening?")
                .hint("The home and the authority read this. It is kept sealed with the child's record")
                .value(view.typed.get("words"))
                .errors(&view.errors),
        )
        .submit("Flag the strain");
    page.heading("Flag strain").text("Both sides are told, and meet within two working days.").with(form)
}

/// One alert.
#[derive(Debug, Clone)]
pub struct AlertView {
    /// The alert.
    pub of: StabilityAlert,
    /// What was said when it was flagged.
    pub words: String,
    /// What was agreed, in words.
    pub agreed: String,
    /// Whether the child's record was erased, and those words with it.
    pub erased: bool,
    /// Whether the reader keeps it: records the meeting, holds and releases a search, closes.
    pub keeps: bool,
    /// Keys of its forms.
    pub keys: [String; 2],
    /// Today.
    pub today: Date,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// Why the search goes out, or what comes first.
fn goes_out(of: &StabilityAlert, search: &HeldSearch) -> &'static str {
    match search.released {
        Some(reason) => reason.label(),
        None if of.open() => "Not before it is released",
        None => "No: it was held when the alert was closed. Withdraw it, and write another where the child has to move",
    }
}

fn said<'v>(view: &AlertView, words: &'v str) -> &'v str {
    if view.erased { "Not shown" } else { words }
}

fn facts(view: &AlertView) -> SummaryList {
    let of = &view.of;
    let signs: Vec<&str> = of.signs.iter().map(|one| one.label()).collect();
    let mut facts = SummaryList::new()
        .row("Agreement", Link::new(of.reference.to_string(), format!("/agreements/{}", of.reference)))
        .row("Home", of.name.as_str())
        .row("State", tag(of, view.today))
        .row("Flagged", format!("{}, {}", of.by.label(), words::moment(of.at)))
        .row("What shows it", words::list(&signs))
        .row("In words", said(view, &view.words))
        .row("Meet by", words::date(of.meet_by));
    if let Some(meeting) = &of.meeting {
        let support: Vec<&str> = meeting.support.iter().map(|one| one.label()).collect();
        facts = facts
            .row("Met", words::date(meeting.on))
            .row("Agreed", words::list(&support))
            .row("Agreed, in words", said(view, &view.agreed))
            .row("Looked at again", words::date(meeting.review_on));
    }
    if let (Some(search), true) = (&of.search, view.keeps) {
        let reference = search.reference.to_string();
        facts = facts
            .row("Search beside it", Link::new(reference.as_str(), format!("/referrals/{reference}/tasks")))
            .row("It goes out", goes_out(of, search));
    }
    facts
}

/// The page of one alert.
pub fn alert(shell: Shell, view: &AlertView) -> Page {
    let of = &view.of;
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("Placement under strain")
        .caption(of.reference.to_string())
        .back("/stability")
        .with_errors(&view.errors);
    let erased = view.erased.then(|| Inset::new(words::ERASED));
    let mut page = Page::new(shell).maybe(erased).with(facts(view));
    if of.overdue(view.today) {
        page = page.first(Warning::new("Both sides were to meet by now."));
    }
    if let StabilityState::Closed { outcome, at, .. } = &of.state {
        return page.with(Inset::new(format!("Closed {}: {}.", words::moment(*at), outcome.label())));
    }
    if !view.keeps {
        return page;
    }
    let address = |act: &str| format!("/stability/{}/{act}", of.id);
    page = match &of.state {
        StabilityState::Flagged => page.heading("Record what you agreed").with(meeting(view, &address("meet"), &csrf)),
        StabilityState::Supported => {
            let hold = Form::post(address("hold"), csrf.clone(), view.keys[0].as_str()).version(of.version);
            page.heading("Write a search beside it")
                .text("A copy of the placement's own referral is written. It is not sent before you release it.")
                .with(hold.submit("Write the search and hold it"))
        }
        StabilityState::SearchHeld => {
            let reasons = ReleaseReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
            let release = Form::post(address("release"), csrf.clone(), view.keys[0].as_str())
                .version(of.version)
                .field(
                    Field::radios("reason", "Why does the search go out?", reasons)
                        .value(view.typed.get("reason"))
                        .errors(&view.errors),
                )
                .submit("Release the search");
            page.heading("Release the search").with(release)
        }
        StabilityState::SearchReleased | StabilityState::Closed { .. } => page,
    };
    let outcomes = StabilityOutcome::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let close = Form::post(address("close"), csrf, view.keys[1].as_str())
        .version(of.version)
        .field(
            Field::radios("outcome", "How did it end?", outcomes).value(view.typed.get("outcome")).errors(&view.errors),
        )
        .submit("Close the alert");
    page = page.heading("Close it");
    if of.state == StabilityState::SearchHeld {
        page = page.text("The held search goes out with a move, with notice or with an unplanned end.");
    }
    page.with(close)
}

fn meeting(view: &AlertView, action: &str, csrf: &str) -> Form {
    let support = Support::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let date = |name: &str, label: &str, hint: &str| {
        Field::date(name, label).hint(hint).parts(view.typed.date(name)).errors(&view.errors)
    };
    Form::post(action, csrf, view.keys[0].as_str())
        .version(view.of.version)
        .field(date("on", "When did you meet?", "For example, 14 9 2021"))
        .field(
            Field::checkboxes("support", "What is agreed to help?", support)
                .values(view.typed.all("support"))
                .errors(&view.errors),
        )
        .field(
            Field::textarea("words", "What was agreed?")
                .hint("Kept sealed with the child's record")
                .value(view.typed.get("words"))
                .errors(&view.errors),
        )
        .field(date("review_on", "When do you look at it again?", "For example, 28 9 2021"))
        .confirming_names("stability.meet", &view.typed, &view.errors)
        .submit("Record the meeting")
}

fn sample() -> Option<StabilityAlert> {
    let of = Flagged {
        authority: OrganisationId(1),
        provider: OrganisationId(7),
        agreement: AgreementId(4),
        reference: "HEF-A-0007".parse().ok()?,
        home: HomeId(3),
        name: "Elm House".to_owned(),
        by: FlaggedBy::Home,
        signs: vec![Strain::Missing, Strain::School],
        words: Sealed::from_bytes(vec![]),
    };
    StabilityAlert::flag(9, of, &kit::days(), kit::moment()).ok().map(|change| change.into_parts().0)
}

fn states() -> Vec<StabilityAlert> {
    let Some(first) = sample() else { return Vec::new() };
    let meeting = placewell_domain::homes::monitoring::stability::Meeting {
        on: kit::TODAY,
        support: vec![Support::Therapy, Support::Visits],
        review_on: jiff::civil::date(2021, 9, 28),
        words: Sealed::from_bytes(vec![]),
    };
    let mut all = vec![first.clone()];
    let Ok(Ok(met)) = first.meet(meeting, kit::moment()) else { return all };
    all.push(met.next().clone());
    if let Ok(reference) = "HEF-R-0099".parse()
        && let Ok(held) = met.into_parts().0.hold_search(placewell_domain::id::ReferralId(8), reference)
    {
        let held = held.into_parts().0;
        all.push(held.clone());
        let who = (placewell_domain::id::PersonId(2), kit::moment());
        all.extend(held.close(StabilityOutcome::BrokeDown, who).ok().map(|change| change.into_parts().0));
    }
    all
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let shell = samples::signed_in_shell;
    let none = AlertsView { alerts: vec![], back: "/monitoring", today: kit::TODAY };
    let some = AlertsView { alerts: states(), today: jiff::civil::date(2021, 9, 16), ..none.clone() };
    let form = FlagView {
        reference: "HEF-A-0007".to_owned(),
        home: "Elm House".to_owned(),
        flags: true,
        alerts: vec![],
        key: "k1".to_owned(),
        today: kit::TODAY,
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let mut wrong = form.clone();
    wrong.errors.add("signs", "Select what shows that the placement is under strain");
    let mut all = vec![
        ("no placement under strain", alerts(shell(), &none).to_string()),
        ("placements under strain", alerts(shell(), &some).to_string()),
        ("flag strain", flag(shell(), &form).to_string()),
        ("flag strain, with an error", flag(shell(), &wrong).to_string()),
    ];
    let names = [
        "strain that is flagged",
        "strain with support agreed",
        "strain with a held search",
        "strain that ended unplanned while a search was held",
    ];
    for (name, of) in names.into_iter().zip(states()) {
        let view = AlertView {
            of,
            words: "Arguments every evening since school began.".to_owned(),
            agreed: "A worker whom the child knows is there in the evenings.".to_owned(),
            erased: false,
            keeps: true,
            keys: ["k1".to_owned(), "k2".to_owned()],
            today: kit::TODAY,
            typed: Typed::default(),
            errors: Invalid::default(),
        };
        all.push((name, alert(shell(), &view).to_string()));
        if view.of.state == StabilityState::Flagged {
            let erased = AlertView { erased: true, keeps: false, ..view };
            all.push(("strain of a child whose record was erased", alert(shell(), &erased).to_string()));
        }
    }
    all
}
