//! Requests for a rise: what the provider follows and appeals, what the regional team decides with the effect on each
//! authority. A provider's view has no field for what authorities told.

use jiff::civil::{Date, DateTime};
use placewell_domain::homes::price::uplift::UpliftOutcome;
use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

use crate::components::{Cell, Colour, Column, Inset, Link, Row, SummaryList, Table, Tag};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::office::access::cover::LENT;
use crate::office::document::{DocumentLine, field as document_field, table as document_table};
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// A request in a list.
#[derive(Debug, Clone)]
pub struct UpliftRow {
    /// Its id.
    pub id: i64,
    /// Its reference.
    pub reference: String,
    /// The home, lot and line.
    pub what: String,
    /// The price before.
    pub was: Pence,
    /// The price asked for.
    pub asked: Pence,
    /// From which night.
    pub from: Date,
    /// Its state: stored name and words.
    pub state: (String, String),
    /// By when somebody acts.
    pub due: Option<Date>,
    /// Whether that has passed.
    pub late: bool,
}

/// What was decided: outcome, price, first night, reasons, and when.
pub type RulingRow = (String, Option<Pence>, Option<Date>, String, DateTime);

/// What a request says to both of its sides.
#[derive(Debug, Clone)]
pub struct UpliftFacts {
    /// As in the list.
    pub row: UpliftRow,
    /// The version for its forms.
    pub version: i64,
    /// When it was asked for.
    pub at: DateTime,
    /// The basis in words, with the formula it is held to.
    pub basis: String,
    /// By how much, in percent.
    pub percent: String,
    /// The provider's words.
    pub words: String,
    /// Costs: what for, before, now.
    pub costs: Vec<(String, Pence, Pence)>,
    /// The provider's words of the appeal.
    pub appeal: Option<String>,
    /// What was decided, the first first: outcome, price, night, reasons, when.
    pub rulings: Vec<RulingRow>,
    /// Documents of evidence.
    pub documents: Vec<DocumentLine>,
}

/// What an authority told.
#[derive(Debug, Clone)]
pub struct EffectRow {
    /// The authority.
    pub authority: String,
    /// Its agreements that are touched.
    pub agreements: u32,
    /// Of them waiting for confirmation.
    pub waiting: u32,
    /// In a year.
    pub a_year: Pence,
}

/// The provider's page.
#[derive(Debug, Clone)]
pub struct ProviderUplift {
    /// The request.
    pub facts: UpliftFacts,
    /// Evidence can be added.
    pub adds: bool,
    /// It can be taken back.
    pub withdraws: bool,
    /// It can be appealed.
    pub appeals: bool,
    /// Keys of its forms.
    pub keys: [String; 2],
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The regional team's page.
#[derive(Debug, Clone)]
pub struct RegionUplift {
    /// The request.
    pub facts: UpliftFacts,
    /// What each authority told.
    pub effects: Vec<EffectRow>,
    /// Whether it waits for a decision, or for an answer to an appeal.
    pub decides: bool,
    /// Whether what was granted can be taken back.
    pub revokes: bool,
    /// Whether a cover alone lends the reader their role, so that another does either.
    pub lent: bool,
    /// The form's key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

fn tag(row: &UpliftRow) -> Tag {
    let colour = match row.state.0.as_str() {
        "asked" | "appealed" if row.late => Colour::Red,
        "asked" | "appealed" => Colour::Yellow,
        "withdrawn" | "revoked" => Colour::Grey,
        _ => Colour::Green,
    };
    Tag::new(row.state.1.as_str(), colour)
}

fn list(title: &str, base: &str, rows: &[(UpliftRow, Option<Pence>)], empty: &str) -> Table {
    let told = rows.iter().any(|(_, effect)| effect.is_some());
    let mut table = Table::new(title)
        .column(Column::text("Request"))
        .column(Column::text("Price"))
        .column(Column::number("A week"))
        .column(Column::number("Asked for"))
        .column(Column::text("From"))
        .column(Column::text("State"))
        .column(Column::text("By"));
    if told {
        table = table.column(Column::number("All authorities, a year"));
    }
    let rows = rows.iter().map(|(one, effect)| {
        let link = Link::new(one.reference.as_str(), format!("{base}/{}", one.id));
        let row = Row::new(Html::from(link))
            .cell(one.what.as_str())
            .cell(words::money(one.was))
            .cell(words::money(one.asked))
            .cell(words::date(one.from))
            .cell(Cell::new(tag(one)))
            .cell(one.due.map_or(String::new(), words::date));
        if told { row.cell(words::money(effect.unwrap_or_default())) } else { row }
    });
    table.rows(rows).empty(empty)
}

/// The provider's list, with its homes by number and name, each with its schedule.
pub fn provider_list(shell: Shell, rows: &[UpliftRow], homes: &[(String, String)]) -> Page {
    let schedules = homes.iter().map(|(urn, name)| {
        Html::from(Link::new(format!("{name}: price schedule"), format!("/provider/homes/{urn}/prices")))
    });
    let rows: Vec<_> = rows.iter().map(|row| (row.clone(), None)).collect();
    Page::new(shell.titled("Rises in price").back("/provider/homes"))
        .text("A rise is asked for by the formula or with your costs, and decided by the regional team.")
        .with(Html::bullets([Html::from(Link::new("Ask for a rise in price", "/provider/uplifts/new"))]))
        .with(list("Your requests", "/provider/uplifts", &rows, "You have asked for no rise."))
        .maybe((!homes.is_empty()).then(|| Html::bullets(schedules)))
}

/// The regional team's list.
pub fn region_list(shell: Shell, rows: &[(UpliftRow, Pence)]) -> Page {
    let with = |row: &(UpliftRow, Pence)| (row.0.clone(), Some(row.1));
    let waits = |row: &&(UpliftRow, Pence)| matches!(row.0.state.0.as_str(), "asked" | "appealed");
    let waiting: Vec<_> = rows.iter().filter(waits).map(with).collect();
    let done: Vec<_> = rows.iter().filter(|row| !waits(row)).map(with).collect();
    Page::new(shell.titled("Rises in price").back("/region/providers"))
        .text("What each authority would pay is counted by the authority itself, from its own agreements.")
        .with(Html::bullets([
            Html::from(Link::new("The formula and consumer prices, among the settings", "/settings")),
            Html::from(Link::new("All price schedules as CSV", "/region/prices.csv")),
            Html::from(Link::new("All price schedules as a spreadsheet", "/region/prices.xlsx")),
        ]))
        .with(list("To decide", "/region/uplifts", &waiting, "No request and no appeal waits."))
        .with(list("Decided or withdrawn", "/region/uplifts", &done, "Nothing was decided yet."))
}

fn about(page: Page, facts: &UpliftFacts) -> Page {
    let row = &facts.row;
    let mut list = SummaryList::new()
        .row("State", tag(row))
        .row("Price", row.what.as_str())
        .row("A week now", row.was.to_string())
        .row("Asked for", format!("{}, {} more", row.asked, facts.percent))
        .row("From the night of", words::date(row.from))
        .row("Rests on", facts.basis.as_str())
        .row("Asked", words::moment(facts.at));
    if let Some(due) = row.due {
        let what = if row.state.0 == "decided" { "Can be appealed until" } else { "To be decided by" };
        list = list.row(what, words::date(due));
    }
    if !facts.words.is_empty() {
        list = list.row("In the provider's words", facts.words.as_str());
    }
    if let Some(appeal) = &facts.appeal {
        list = list.row("The appeal", appeal.as_str());
    }
    let costs = facts.costs.iter().map(|(what, was, now)| {
        Row::new(what.as_str()).cell(words::money(*was)).cell(words::money(*now)).cell(words::money(*now - *was))
    });
    let costs = Table::new("Costs of a week")
        .column(Column::text("For"))
        .column(Column::number("When the price was set"))
        .column(Column::number("From then on"))
        .column(Column::number("More"))
        .rows(costs);
    let rulings = facts.rulings.iter().map(|(outcome, weekly, from, reasons, at)| {
        Row::new(words::moment(*at))
            .cell(outcome.as_str())
            .cell(weekly.map_or("None".to_owned(), |weekly| format!("{weekly} a week")))
            .cell(from.map_or("None".to_owned(), words::date))
            .cell(if reasons.is_empty() { "As asked for" } else { reasons.as_str() })
    });
    let rulings = Table::new("What was decided")
        .columns(["When", "Decision", "Price", "From", "Why"])
        .rows(rulings)
        .empty("Nothing yet.");
    page.with(list)
        .maybe((!facts.costs.is_empty()).then_some(costs))
        .with(document_table(&facts.documents))
        .with(rulings)
}

/// The provider's page of a request.
pub fn provider_uplift(shell: Shell, view: &ProviderUplift) -> Page {
    let facts = &view.facts;
    let address = |act: &str| format!("/provider/uplifts/{}/{act}", facts.row.id);
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled(facts.row.reference.as_str())
        .caption("Rise in price")
        .back("/provider/uplifts")
        .with_errors(&view.errors);
    let mut page = about(Page::new(shell), facts);
    if view.adds {
        let form = Form::post(address("documents"), csrf.as_str(), view.keys[0].as_str())
            .field(document_field(&view.errors))
            .submit("Add this document");
        page = page.heading("Add evidence").text("Costs only, nothing about a child.").with(form);
    }
    if view.withdraws {
        let form = Form::post(address("withdraw"), csrf.as_str(), view.keys[1].as_str()).version(facts.version);
        page = page.heading("Take it back").with(form.submit("Withdraw the request"));
    }
    if view.appeals {
        let words = Field::textarea("words", "Why do you appeal?")
            .hint("Another person than the one who decided answers it.")
            .value(view.typed.get("words"))
            .errors(&view.errors);
        let form = Form::post(address("appeal"), csrf.as_str(), view.keys[1].as_str())
            .version(facts.version)
            .field(words)
            .submit("Appeal");
        page = page.heading("Appeal within 14 days").with(form);
    }
    page
}

fn effects(view: &RegionUplift) -> Table {
    let rows = view.effects.iter().map(|one| {
        Row::new(one.authority.as_str())
            .cell(Cell::number(u64::from(one.agreements)))
            .cell(Cell::number(u64::from(one.waiting)))
            .cell(words::money(one.a_year))
    });
    Table::new("What each authority told of itself")
        .column(Column::text("Authority"))
        .column(Column::number("Agreements"))
        .column(Column::number("To confirm"))
        .column(Column::number("A year"))
        .rows(rows)
        .empty("No authority has an agreement that it would touch.")
}

/// The regional team's page of a request.
pub fn region_uplift(shell: Shell, view: &RegionUplift) -> Page {
    let facts = &view.facts;
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled(facts.row.reference.as_str())
        .caption("Rise in price")
        .back("/region/uplifts")
        .with_errors(&view.errors);
    let page = about(Page::new(shell), facts);
    if facts.row.state.0 == "revoked" {
        return page.text("What was granted is revoked: nobody is asked to confirm it any more.");
    }
    let total: Pence = view.effects.iter().map(|one| one.a_year).sum();
    let page = page.with(effects(view)).text(format!("All authorities together: {total} a year."));
    if view.lent {
        return page.with(Inset::new(LENT));
    }
    if view.revokes {
        return page
            .heading("Take back what was granted")
            .with(Inset::new(
                "For a rise that was granted in error. New offers are held to the price from before, and nobody is asked to \
                 confirm it any more. An agreement that was confirmed at it keeps that price until its authority changes it.",
            ))
            .with(revoking(facts, (csrf.as_str(), view.key.as_str()), (&view.typed, &view.errors)));
    }
    if !view.decides {
        return page;
    }
    let outcomes = UpliftOutcome::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let (typed, errors) = (&view.typed, &view.errors);
    let appeal = facts.row.state.0 == "appealed";
    let form = Form::post(format!("/region/uplifts/{}/decide", facts.row.id), csrf, view.key.as_str())
        .version(facts.version)
        .field(Field::radios("outcome", "What is decided?", outcomes).value(typed.get("outcome")).errors(errors))
        .field(
            Field::text("weekly", "In part: which price of a week?")
                .hint(format!("Above {} and below {}", facts.row.was, facts.row.asked))
                .value(typed.get("weekly"))
                .errors(errors),
        )
        .field(
            Field::date("from", "From another night than asked for?")
                .hint("Leave it empty for the night that was asked for. It is never back in time")
                .parts(typed.date("from"))
                .errors(errors),
        )
        .field(
            Field::textarea("reasons", "Why?")
                .hint("The provider and the authorities read it. Needed where less is granted than was asked for")
                .value(typed.get("reasons"))
                .errors(errors),
        )
        .submit(if appeal { "Answer the appeal" } else { "Decide" });
    let lead = if appeal {
        "Whoever decided the request does not answer the appeal. What was granted stands meanwhile."
    } else {
        "A granted price holds for new offers from its night on. Each authority confirms it for its own agreements."
    };
    page.heading(if appeal { "Answer the appeal" } else { "Decide" }).with(Inset::new(lead)).with(form)
}

fn revoking(facts: &UpliftFacts, (csrf, key): (&str, &str), (typed, errors): (&Typed, &Invalid)) -> Form {
    let reasons = Field::textarea("reasons", "Why is it taken back?")
        .hint("The provider reads it")
        .value(typed.get("reasons"))
        .errors(errors);
    let form = Form::post(format!("/region/uplifts/{}/revoke", facts.row.id), csrf, key).version(facts.version);
    form.field(reasons).submit("Revoke the rise")
}

fn sample_row(state: (&str, &str)) -> UpliftRow {
    UpliftRow {
        id: 7,
        reference: "PU-SC400001-1".to_owned(),
        what: "Elm House, Planned, core price".to_owned(),
        was: Pence::pounds(4_150),
        asked: Pence::pounds(4_300),
        from: jiff::civil::date(2021, 11, 1),
        state: (state.0.to_owned(), state.1.to_owned()),
        due: (state.0 != "withdrawn").then(|| jiff::civil::date(2021, 10, 1)),
        late: false,
    }
}

fn sample_facts(state: (&str, &str)) -> UpliftFacts {
    UpliftFacts {
        row: sample_row(state),
        version: 1,
        at: jiff::civil::date(2021, 9, 3).at(9, 10, 0, 0),
        basis: "Open book: costs with evidence".to_owned(),
        percent: "3.61%".to_owned(),
        words: "The pay award of April".to_owned(),
        costs: vec![("Pay".to_owned(), Pence::pounds(2_400), Pence::pounds(2_560))],
        appeal: None,
        rulings: vec![],
        documents: vec![],
    }
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let (day, row, facts) = (jiff::civil::date, sample_row, sample_facts);
    let ruling = ("Granted in part".to_owned(), Some(Pence::pounds(4_230)), Some(day(2021, 11, 1)));
    let ruled = vec![(ruling.0, ruling.1, ruling.2, "Energy fell".to_owned(), day(2021, 9, 10).at(15, 0, 0, 0))];
    let provider = ProviderUplift {
        facts: facts(("asked", "Waiting")),
        adds: true,
        withdraws: true,
        appeals: false,
        keys: ["k1".to_owned(), "k2".to_owned()],
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let decided = UpliftFacts { rulings: ruled.clone(), ..facts(("decided", "Granted in part")) };
    let appeals = ProviderUplift {
        facts: decided.clone(),
        adds: false,
        withdraws: false,
        appeals: true,
        errors: Invalid::one("words", "Say why you appeal, in 2,000 characters or fewer"),
        ..provider.clone()
    };
    let effect = EffectRow {
        authority: "Herefordshire Council".to_owned(),
        agreements: 2,
        waiting: 0,
        a_year: Pence::pounds(15_643),
    };
    let region = RegionUplift {
        facts: facts(("asked", "Waiting")),
        effects: vec![effect],
        decides: true,
        revokes: false,
        lent: false,
        key: "k1".to_owned(),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let lent = RegionUplift { lent: true, ..region.clone() };
    let mut wrong = region.clone();
    wrong.errors.add("reasons", "Say why less is granted than was asked for: the provider reads it");
    let appealed = UpliftFacts { appeal: Some("Energy rose again".to_owned()), ..facts(("appealed", "Under appeal")) };
    let appealed = RegionUplift { facts: UpliftFacts { rulings: ruled, ..appealed }, ..region.clone() };
    let done = RegionUplift { facts: decided, decides: false, revokes: true, effects: vec![], ..region.clone() };
    let mut unsaid = done.clone();
    unsaid.errors.add("reasons", "Say why it is taken back: the provider reads it");
    let mut revoked = RegionUplift { revokes: false, ..done.clone() };
    let why = "It was meant for another home".to_owned();
    revoked.facts.row.state = ("revoked".to_owned(), "Revoked".to_owned());
    revoked.facts.rulings.push(("Revoked".to_owned(), None, None, why, day(2021, 9, 13).at(10, 20, 0, 0)));
    let rows = vec![(row(("asked", "Waiting")), Pence::pounds(15_643)), (row(("decided", "Granted")), Pence::ZERO)];
    let shell = kit::signed_in_shell;
    let homes = [("SC400001".to_owned(), "Elm House".to_owned())];
    let own: Vec<UpliftRow> = rows.iter().map(|(row, _)| row.clone()).collect();
    vec![
        ("a provider's rises in price", provider_list(shell(), &own, &homes).to_string()),
        ("no rise in price was asked for", provider_list(shell(), &[], &[]).to_string()),
        ("a provider's request for a rise", provider_uplift(shell(), &provider).to_string()),
        ("a request to be appealed, with an error", provider_uplift(shell(), &appeals).to_string()),
        ("the region's rises in price", region_list(shell(), &rows).to_string()),
        ("no rise in price waits", region_list(shell(), &[]).to_string()),
        ("a request for a rise to decide", region_uplift(shell(), &region).to_string()),
        ("a rise that a cover reads", region_uplift(shell(), &lent).to_string()),
        ("a request to decide, with an error", region_uplift(shell(), &wrong).to_string()),
        ("an appeal about a rise to answer", region_uplift(shell(), &appealed).to_string()),
        ("a rise that was decided", region_uplift(shell(), &done).to_string()),
        ("a rise to revoke, with an error", region_uplift(shell(), &unsaid).to_string()),
        ("a rise that was revoked", region_uplift(shell(), &revoked).to_string()),
    ]
}
