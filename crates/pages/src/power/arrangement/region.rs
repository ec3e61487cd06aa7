//! The regional team's home of the arrangement and its pages that change it: terms, participants, lots, windows, successor.

use jiff::civil::Date;
use placewell_domain::power::arrangement::{Arrangement, Instrument, TermsVersion};

use super::extend::back;
use super::variation::capital;
use super::{ArrangementView, Forms, drawing, participants, term_words, terms, warning, windows};
use crate::components::{Button, ButtonGroup, Details, Inset, Link, Row, SummaryList, Table};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

const PATH: &str = "/region/arrangement";

/// Counts beside the arrangement on the regional team's home.
#[derive(Debug, Clone, Copy, Default)]
pub struct Worklist {
    /// Authorities whose decision goes on, those to be asked, those that leave.
    pub extension: (u64, u64, u64),
    /// Authorities and providers that have not accepted the latest terms.
    pub terms: (u64, u64),
}

/// The regional team's home: the term, what waits, the participants.
pub fn region_page(shell: Shell, view: &ArrangementView, list: Worklist) -> Page {
    let arrangement = &view.arrangement;
    let (goes_on, ask, leaves) = list.extension;
    let (authorities, providers) = list.terms;
    let waits = SummaryList::new()
        .row("Extension", format!("{goes_on} authorities go on, {ask} have not decided, {leaves} leave."))
        .action(Link::new("Open", format!("{PATH}/extend")).hidden("the extension"))
        .row("Terms not accepted", format!("{authorities} authorities and {providers} providers."))
        .action(Link::new("Open", format!("{PATH}/terms")).hidden("the terms"))
        .optional(
            "Proposed step",
            arrangement.ahead.proposal.map(|proposal| {
                format!("To {}; answers by {}.", words::date(proposal.until), words::date(proposal.answer_by))
            }),
        );
    Page::new(shell.titled("Arrangement").caption(arrangement.title.as_str()))
        .text(term_words(&view.bar))
        .with(drawing(arrangement, view.today))
        .maybe(warning(&view.bar))
        .with(waits)
        .with(
            ButtonGroup::new()
                .with(Button::link("Extend the term", format!("{PATH}/extend")))
                .with(Button::link("Terms", format!("{PATH}/terms")).secondary())
                .with(Button::link("Participants, lots and windows", format!("{PATH}/change")).secondary())
                .with(Button::link("Successor", format!("{PATH}/successor")).secondary()),
        )
        .with(Html::bullets([
            Link::new("Ceilings of all authorities", "/region/annual-value"),
            Link::new("The public page of the arrangement", "/arrangement"),
            Link::new("Contracts, as everybody sees them", "/contracts"),
            Link::new("Publish a year's totals", "/region/publication"),
        ]))
        .with(participants(view))
        .with(terms(arrangement, view.today))
}

/// Who has not accepted a version.
#[derive(Debug, Clone)]
pub struct AcceptanceView {
    /// Whether of the terms or of the specification.
    pub of: Instrument,
    /// The version.
    pub terms: TermsVersion,
    /// The authorities that have not accepted it, by name.
    pub authorities: Vec<String>,
    /// The providers that have not accepted it, by name.
    pub providers: Vec<String>,
}

/// The terms with who accepted them, and the form that issues a version.
pub fn terms_page(
    shell: Shell,
    arrangement: &Arrangement,
    accepted: &[AcceptanceView],
    today: Date,
    forms: &Forms<'_>,
) -> Page {
    let csrf = shell.csrf.clone();
    let open = |names: &[String]| words::number(u64::try_from(names.len()).unwrap_or(u64::MAX));
    let table = Table::new("Acceptance by version")
        .columns(["Version", "Authorities that have not accepted", "Providers that have not accepted"])
        .rows(accepted.iter().rev().map(|one| {
            let path = format!("{PATH}/terms/{}/{}/{}", arrangement.slug, one.of.code(), one.terms.version);
            Row::new(Link::new(capital(&one.of.words(&one.terms.version)), path))
                .cell(open(&one.authorities))
                .cell(open(&one.providers))
        }));
    let names = Html::join(
        accepted.iter().rev().filter(|one| !one.authorities.is_empty() || !one.providers.is_empty()).map(|one| {
            let list = Html::join([
                Html::bullets(one.authorities.iter().map(|name| Html::from(name.as_str()))),
                Html::bullets(one.providers.iter().map(|name| Html::from(name.as_str()))),
            ]);
            Html::from(Details::new(format!("Who has not accepted {}", one.of.words(&one.terms.version)), list))
        }),
    );
    let issue = issue_form(&csrf, arrangement, forms);
    Page::new(shell_titled(shell, "Terms", arrangement, forms))
        .with(back())
        .with(terms(arrangement, today))
        .with(table)
        .with(names)
        .with(Inset::new(
            "A version binds nobody who has not accepted it. An authority accepts by an operational decision with limb, \
             post and person; a provider by somebody who says that they have authority to sign.",
        ))
        .heading("Issue a version")
        .with(issue)
}

/// Asks for a new version with its text.
fn issue_form(csrf: &str, arrangement: &Arrangement, forms: &Forms<'_>) -> Form {
    Form::post(format!("{PATH}/terms"), csrf, forms.key(0))
        .version(arrangement.version)
        .field(Field::hidden("slug", arrangement.slug.as_str()))
        .field(
            Field::radios(
                "of",
                "What has a new version?",
                [
                    Choice::new(Instrument::Terms.code(), "The terms"),
                    Choice::new(Instrument::Specification.code(), "The specification"),
                ],
            )
            .value(forms.typed.get("of"))
            .errors(forms.errors),
        )
        .field(
            Field::text("terms", "Number of the new version")
                .width(5)
                .plain()
                .value(forms.typed.get("terms"))
                .errors(forms.errors),
        )
        .field(
            Field::date("from", "First day on which it applies").parts(forms.typed.date("from")).errors(forms.errors),
        )
        .field(
            Field::textarea("summary", "What changed")
                .limit(1_000)
                .value(forms.typed.get("summary"))
                .errors(forms.errors),
        )
        .field(
            Field::file(crate::office::document::FIELD, "The text of this version")
                .hint("A PDF or a Word document of 25 MB at most. It is kept for good, and everybody can read it.")
                .errors(forms.errors),
        )
        .submit("Issue this version")
}

fn shell_titled(shell: Shell, title: &str, arrangement: &Arrangement, forms: &Forms<'_>) -> Shell {
    shell.titled(title).caption(arrangement.title.as_str()).with_errors(forms.errors)
}

/// Participants, lots and windows with the forms that change them. `others` are authorities that do not take part: code and
/// name.
pub fn change_page(shell: Shell, view: &ArrangementView, others: &[(String, String)], forms: &Forms<'_>) -> Page {
    let csrf = shell.csrf.clone();
    let arrangement = &view.arrangement;
    let form = |to: &str, key: usize| {
        Form::post(format!("{PATH}/{to}"), csrf.as_str(), forms.key(key))
            .version(arrangement.version)
            .field(Field::hidden("slug", arrangement.slug.as_str()))
    };
    let page = Page::new(shell_titled(shell, "Participants, lots and windows", arrangement, forms))
        .with(back())
        .with(participants(view));
    let page = page.heading("Take in a participant");
    let page = if others.is_empty() {
        page.text("Every authority that is recorded here takes part.")
    } else {
        let choices = others.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str()));
        page.with(
            form("participants/add", 0)
                .field(Field::radios("participant", "Which authority or trust?", choices).errors(forms.errors))
                .submit("Take in this participant"),
        )
    };
    let known = arrangement.participants.iter().map(|one| Choice::new(one.code.as_str(), one.name.as_str()));
    let page = page
        .heading("Take a participant off the list")
        .text("One that has adopted the arrangement leaves by its own decision.")
        .with(
            form("participants/remove", 1)
                .field(Field::select("leaves", "Which participant?", known).errors(forms.errors))
                .submit("Take it off the list"),
        );
    lots_and_windows(page, arrangement, view.today, forms, &form)
}

fn lots_and_windows(
    page: Page,
    arrangement: &Arrangement,
    today: Date,
    forms: &Forms<'_>,
    form: &dyn Fn(&str, usize) -> Form,
) -> Page {
    let status = |code: &str| match arrangement.closes(code) {
        None => "Open".to_owned(),
        Some(from) if from <= today => format!("Closed since {}", words::date(from)),
        Some(from) => format!("Closes on {}", words::date(from)),
    };
    let lots = Table::new("Lots").columns(["Lot", "Code", "What it is for", "Status"]).rows(
        arrangement.lots.iter().map(|lot| {
            Row::new(Link::new(lot.name.as_str(), format!("{PATH}/lots/{}", lot.code)))
                .cell(lot.code.as_str())
                .cell(lot.description.as_str())
                .cell(status(&lot.code))
        }),
    );
    let text = |name: &'static str, label: &'static str| {
        Field::text(name, label).value(forms.typed.get(name)).errors(forms.errors)
    };
    let codes = arrangement.lots.iter().map(|lot| Choice::new(lot.code.as_str(), lot.name.as_str()));
    let begun = |window: &&placewell_domain::power::arrangement::OpeningWindow| window.from > today;
    let to_come = arrangement
        .windows
        .iter()
        .filter(begun)
        .map(|window| Choice::new(window.from.to_string(), words::date_range(window.from, window.to)));
    let to_come: Vec<Choice> = to_come.collect();
    let page = page
        .with(lots)
        .text("Open a lot to give it another name or to close it, with what that does.")
        .heading("Add a lot")
        .with(
            form("lots", 2)
                .field(text("code", "Code").hint("Small letters, digits and underscores; it stays for good.").plain())
                .field(text("name", "Name"))
                .field(text("description", "What it is for"))
                .submit("Add this lot"),
        )
        .heading("Take a lot off the list")
        .with(
            form("lots/remove", 3)
                .field(
                    Field::select("lot", "Which lot? Only one to which no home was admitted.", codes)
                        .errors(forms.errors),
                )
                .submit("Take this lot off the list"),
        )
        .heading("Opening windows")
        .with(windows(arrangement))
        .with(
            form("windows", 4)
                .field(Field::date("opens", "First day").parts(forms.typed.date("opens")).errors(forms.errors))
                .field(Field::date("closes", "Last day").parts(forms.typed.date("closes")).errors(forms.errors))
                .submit("Add this window"),
        );
    if to_come.is_empty() {
        return page;
    }
    page.with(
        form("windows/remove", 5)
            .field(Field::radios("window", "Which window is taken back?", to_come).errors(forms.errors))
            .submit("Take this window back"),
    )
}

/// The successor: recorded, opened; else the form that records it.
pub fn successor_page(
    shell: Shell,
    current: &Arrangement,
    successor: Option<&Arrangement>,
    today: Date,
    forms: &Forms<'_>,
) -> Page {
    let csrf = shell.csrf.clone();
    let page = Page::new(shell_titled(shell, "Successor", current, forms)).with(back());
    let Some(next) = successor else {
        return page
            .text("No arrangement is recorded that follows this one.")
            .heading("Record the arrangement that follows")
            .with(record(current, forms, &csrf));
    };
    let summary = SummaryList::new()
        .row("Title", next.title.as_str())
        .row("Term", words::date_range(next.term.start, next.term.end))
        .row("Option to extend", format!("{} months", next.term.option_months))
        .row("Lots", next.lots.iter().map(|lot| lot.name.as_str()).collect::<Vec<_>>().join("; "))
        .row("Terms", next.terms.iter().map(|terms| terms.version.as_str()).collect::<Vec<_>>().join("; "))
        .row("Status", if next.ahead.prepared { "Recorded, not open" } else { "Open" });
    let page = page.with(summary).with(Inset::new(
        "Each authority adopts it by its own decision. Live agreements are moved to it one by one, each with the consent of \
         both sides; each keeps its reference and its history. Placements that were moved count towards the ceiling of \
         the successor where the authority's decision gives it one; towards the ceiling before only where the recorded \
         reading says so.",
    ));
    if !next.ahead.prepared {
        return page;
    }
    if today < next.term.start {
        return page.text(format!("It can be opened on or after {}.", words::date(next.term.start)));
    }
    page.with(
        Form::post(format!("{PATH}/successor/open"), csrf, forms.key(1))
            .version(next.version)
            .field(Field::hidden("slug", next.slug.as_str()))
            .submit("Open the successor"),
    )
}

fn record(current: &Arrangement, forms: &Forms<'_>, csrf: &str) -> Form {
    let text = |name: &'static str, label: &'static str| {
        Field::text(name, label).value(forms.typed.get(name)).errors(forms.errors)
    };
    let date = |name: &'static str, label: &'static str| {
        Field::date(name, label).parts(forms.typed.date(name)).errors(forms.errors)
    };
    Form::post(format!("{PATH}/successor"), csrf, forms.key(0))
        .field(Field::hidden("follows", current.slug.as_str()))
        .field(text("slug", "Short name in addresses").hint("Like fca-2025.").plain())
        .field(text("title", "Title"))
        .field(date("start", "First day"))
        .field(date("end", "Last day of the initial term"))
        .field(
            Field::number("option_months", "Months by which it may be extended")
                .value(forms.typed.get("option_months"))
                .errors(forms.errors),
        )
        .field(text("terms", "Number of the first version of its terms").width(5).plain())
        .field(
            Field::textarea("summary", "What the terms are")
                .limit(1_000)
                .value(forms.typed.get("summary"))
                .errors(forms.errors),
        )
        .part(Html::paragraph("It begins with the lots and the participants of this arrangement."))
        .submit("Record the successor")
}

/// Samples.
pub(super) fn samples(view: &ArrangementView) -> Vec<(&'static str, String)> {
    use crate::samples as kit;
    let keys: Vec<String> = (1..=6).map(|number| format!("k{number}")).collect();
    let none = placewell_domain::outcome::Invalid::default();
    let wrong = placewell_domain::outcome::Invalid::one("terms", "Enter the number of the new version, like 1.2");
    let typed = crate::form::Typed::default();
    let forms = Forms { keys: &keys, errors: &none, typed: &typed };
    let bad = Forms { keys: &keys, errors: &wrong, typed: &typed };
    let accepted: Vec<AcceptanceView> = view
        .arrangement
        .terms
        .iter()
        .map(|terms| AcceptanceView {
            of: Instrument::Terms,
            terms: terms.clone(),
            authorities: vec!["Solihull Metropolitan Borough Council".into()],
            providers: vec!["Alder Care Ltd".into()],
        })
        .collect();
    let others = [("WRX".to_owned(), "Wrexham County Borough Council".to_owned())];
    let today = view.today;
    let next = Arrangement {
        slug: "fca-2022".into(),
        title: "Flexible Contracting Arrangement 2022".into(),
        ahead: placewell_domain::power::arrangement::Ahead {
            follows: Some("fca".into()),
            prepared: true,
            ..placewell_domain::power::arrangement::Ahead::default()
        },
        ..view.arrangement.clone()
    };
    let shell = kit::signed_in_shell;
    let list = Worklist { extension: (5, 8, 1), terms: (3, 12) };
    vec![
        ("the regional team's arrangement", region_page(shell(), view, list).to_string()),
        ("terms and who accepted them", terms_page(shell(), &view.arrangement, &accepted, today, &bad).to_string()),
        ("participants, lots and windows", change_page(shell(), view, &others, &forms).to_string()),
        ("no successor", successor_page(shell(), &view.arrangement, None, today, &forms).to_string()),
        ("a successor", successor_page(shell(), &view.arrangement, Some(&next), today, &forms).to_string()),
    ]
}
