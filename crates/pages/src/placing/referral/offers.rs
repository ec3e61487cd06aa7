//! The offers to a referral: those in time, those after the deadline, who declined and who has not replied; and one offer.

use jiff::civil::DateTime;
use placewell_domain::homes::price::PriceLine;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::offer::NotChosenReason;

use super::receipts::{ReceiptsView, receipts_part};
use super::record::{EnteredView, entered_card};
use super::tabs;
use crate::components::{Button, ButtonGroup, Cell, Inset, Link, Row, SummaryList, Table, Warning};
use crate::form::{Choice, Field, Form};
use crate::page::Page;
use crate::placing::child::{Withheld, said, withheld_inset};
use crate::shell::Shell;
use crate::words;

/// One line of the offers.
#[derive(Debug, Clone)]
pub struct OfferLine {
    /// Its number.
    pub number: u32,
    /// The home.
    pub home: String,
    /// The provider.
    pub provider: String,
    /// The price of a week; none while it is sealed.
    pub weekly: Option<Pence>,
    /// The first night.
    pub start: jiff::civil::Date,
    /// Must-haves met, of how many.
    pub met: (u32, u32),
    /// When it came.
    pub received: DateTime,
    /// Its state in words, with "changed", "expired" and who entered it.
    pub status: String,
    /// Whether it came late.
    pub late: bool,
}

/// The offers of a referral (S-11).
#[derive(Debug, Clone)]
pub struct OffersView {
    /// The reference.
    pub reference: String,
    /// Until when prices are sealed.
    pub sealed_until: Option<DateTime>,
    /// Whether an officer can close early now.
    pub may_close_early: bool,
    /// The offers.
    pub offers: Vec<OfferLine>,
    /// Homes without an offer: name, provider, what they said.
    pub others: Vec<(String, String, String)>,
    /// Open questions, for the tab.
    pub questions: u64,
    /// What can be done where there is no offer.
    pub deadline_passed: bool,
}

/// The page.
pub fn offers_page(shell: Shell, view: &OffersView) -> Page {
    let reference = view.reference.as_str();
    let shell = shell.titled("Offers").record(reference).caption(reference).back(format!("/referrals/{reference}"));
    let count = u64::try_from(view.offers.len()).unwrap_or(0);
    let acts = shell.may(Action::MakeReferral);
    let mut page = Page::new(shell).with(tabs(reference, "offers", count, view.questions));
    if let Some(until) = view.sealed_until {
        page = page.with(Inset::new(format!("Prices are sealed. All open together at {}.", words::moment(until))));
        if view.may_close_early {
            page = page.with(Button::link("Close early", format!("/referrals/{reference}/close-early")).secondary());
        }
    } else if count > 0 {
        page = page.with(Button::link("Compare offers", format!("/referrals/{reference}/offers/compare")));
    }
    let table = |caption: &str, late: bool, empty: &str| {
        Table::new(caption)
            .columns(["Home", "Provider", "Price a week", "Start", "Must-haves met", "Received", "Status"])
            .rows(view.offers.iter().filter(|offer| offer.late == late).map(|offer| line(reference, offer)))
            .empty(empty)
    };
    let empty = if view.deadline_passed {
        "No offer came in time. Extend the deadline, ask more homes, or record that the child was not placed."
    } else {
        "No offer is in yet."
    };
    page = page.with(table("Offers", false, empty));
    if view.offers.iter().any(|offer| offer.late) {
        page = page
            .with(table("Received after the deadline", true, ""))
            .text("Using a late offer needs a reason in the recommendation.");
    }
    if count == 0 && view.deadline_passed && acts {
        page = page.with(
            ButtonGroup::new()
                .with(Button::link("Extend the deadline", format!("/referrals/{reference}/extend")))
                .with(Button::link("Ask more homes", format!("/referrals/{reference}/recipients")).secondary())
                .with(Link::new("Buy outside the arrangement (spot)", format!("/referrals/{reference}/spot/new")))
                .with(Link::new("Record as not placed", format!("/referrals/{reference}/not-placed"))),
        );
    }
    let others = Table::new("Homes without an offer")
        .columns(["Home", "Provider", "Answer"])
        .rows(
            view.others
                .iter()
                .map(|(home, provider, said)| Row::new(home.as_str()).cell(provider.as_str()).cell(said.as_str())),
        )
        .empty("Every home asked has offered.");
    page.with(others)
}

fn line(reference: &str, offer: &OfferLine) -> Row {
    let price = offer.weekly.map_or_else(|| Cell::from("Sealed"), |weekly| Cell::from(words::a_week(weekly)));
    Row::new(Link::new(offer.home.as_str(), format!("/referrals/{reference}/offers/{}", offer.number)))
        .cell(offer.provider.as_str())
        .cell(price)
        .cell(words::date(offer.start))
        .cell(format!("{} of {}", offer.met.0, offer.met.1))
        .cell(words::moment(offer.received))
        .cell(offer.status.as_str())
}

/// One offer.
#[derive(Debug, Clone)]
pub struct OfferView {
    /// The reference.
    pub reference: String,
    /// Its line.
    pub line: OfferLine,
    /// The record's version.
    pub version: i64,
    /// Price lines; none while sealed.
    pub lines: Option<Vec<PriceLine>>,
    /// Must-haves: need, met, sentence.
    pub must_haves: Vec<(String, String, String)>,
    /// The impact statement.
    pub impact: String,
    /// The bed that it names, as the home calls it; none where that is not decided.
    pub bed: Option<String>,
    /// The residents as age bands and effects.
    pub residents: Vec<(String, String)>,
    /// How many children lived there on the first night when the home gave it; none where that could not be counted.
    pub there: Option<u32>,
    /// Somebody moved in or out since.
    pub residents_changed: bool,
    /// Conditions.
    pub conditions: String,
    /// Until when it can be accepted.
    pub valid_until: DateTime,
    /// Changes: when, the price before, why.
    pub changes: Vec<(DateTime, Option<Pence>, String)>,
    /// How it was entered for the home, where an officer did.
    pub entered: Option<EnteredView>,
    /// What the home may read and has read.
    pub disclosure: Option<ReceiptsView>,
    /// Whether it can be put on the shortlist.
    pub may_shortlist: bool,
    /// Whether it can be closed as not chosen.
    pub may_close: bool,
    /// Why its words are left out, where they are.
    pub withheld: Withheld,
}

/// What the home said in words; where that is left out, that it is.
fn in_words<'v>(view: &OfferView, text: &'v str) -> &'v str {
    if view.withheld == Withheld::Not { text } else { said(text) }
}

/// The page of one offer.
pub fn offer_page(shell: Shell, view: &OfferView, errors: &Invalid, key: &str) -> Page {
    let reference = view.reference.as_str();
    let csrf = shell.csrf.clone();
    let path = format!("/referrals/{reference}/offers/{}", view.line.number);
    let withheld = withheld_inset(view.withheld, shell.may(Action::SeeChild));
    let conditions = in_words(view, &view.conditions);
    let shell = shell
        .titled(format!("Offer {}: {}", view.line.number, view.line.home))
        .record(reference)
        .caption(reference)
        .back(format!("/referrals/{reference}/offers"))
        .with_errors(errors);
    let mut page = Page::new(shell).maybe(withheld).with(
        SummaryList::new()
            .row("Provider", view.line.provider.as_str())
            .row("Status", view.line.status.as_str())
            .row("Start", words::date(view.line.start))
            .row("Bed", view.bed.as_deref().unwrap_or("Not decided yet"))
            .row("Must-haves met", format!("{} of {}", view.line.met.0, view.line.met.1))
            .row("Valid until", words::moment(view.valid_until))
            .row("Received", words::moment(view.line.received))
            .optional("Conditions", (!conditions.is_empty()).then_some(conditions)),
    );
    if view.line.late {
        page = page.with(Warning::new("This offer came after the deadline."));
    }
    page = match (&view.lines, view.line.weekly) {
        (Some(lines), Some(weekly)) => page.with(price_table(lines, weekly)),
        _ => page.with(Inset::new("The price is sealed until all prices open together.")),
    };
    for (at, was, why) in &view.changes {
        let was = was.map_or_else(String::new, |pence| format!(" It was {}.", words::a_week(pence)));
        page = page.with(Inset::new(format!("Changed {}: {why}.{was}", words::moment(*at))));
    }
    let musts = Table::new("Must-haves")
        .columns(["Must-have", "Met", "How"])
        .rows(
            view.must_haves
                .iter()
                .map(|(need, met, how)| Row::new(need.as_str()).cell(met.as_str()).cell(how.as_str())),
        )
        .empty("The referral named no must-haves.");
    let residents = Table::new("Children who live there, as the home judges the effect")
        .columns(["Age band", "Effect"])
        .rows(view.residents.iter().map(|(band, effect)| Row::new(band.as_str()).cell(effect.as_str())))
        .empty("The home gave no resident-by-resident view.");
    page = page.with(musts).heading("Impact statement").text(in_words(view, &view.impact));
    page = with_residents(page, view).with(residents);
    page = page.maybe(view.entered.as_ref().map(entered_card));
    if let Some(disclosure) = &view.disclosure {
        page = page.with(receipts_part(reference, disclosure, &csrf, &format!("{key}-d")));
    }
    if view.may_shortlist {
        page = page.with(
            Form::post(format!("{path}/shortlist"), csrf.as_str(), format!("{key}-s"))
                .version(view.version)
                .submit("Put on the shortlist"),
        );
    }
    let close = Form::post(format!("{path}/not-chosen"), csrf, format!("{key}-n")).version(view.version);
    page.maybe(view.may_close.then(|| close_part(close, errors)))
}

/// How many children the assessment considers, and whether they still are who lives there.
fn with_residents(page: Page, view: &OfferView) -> Page {
    if view.residents_changed {
        return page.with(Warning::new(
            "Somebody has moved in or out since. Ask the home to change its offer: it cannot be recommended before.",
        ));
    }
    match view.there {
        None => page,
        Some(0) => page.with(Inset::new("The home's beds show no child on the first night.")),
        Some(there) => {
            let children = words::count(u64::from(there), "child", "children");
            page.with(Inset::new(format!("The home's beds show {children} on the first night. Each is considered.")))
        }
    }
}

fn close_part(form: Form, errors: &Invalid) -> Form {
    let reasons = NotChosenReason::ALL.iter().map(|reason| Choice::new(reason.code(), reason.label()));
    let choices = core::iter::once(Choice::new("", "Choose a reason")).chain(reasons);
    form.field(Field::select("reason", "Why is it not chosen?", choices).errors(errors))
        .button(Button::submit("Close as not chosen").secondary())
}

/// Price lines with their total.
#[must_use]
pub fn price_table(lines: &[PriceLine], total: Pence) -> Table {
    use crate::components::Column;
    Table::new("Price a week")
        .column(Column::text("Line"))
        .column(Column::text("For"))
        .column(Column::text("Until"))
        .column(Column::number("A week"))
        .rows(lines.iter().map(|line| {
            let until =
                if line.to == placewell_domain::nights::OPEN_END { "No end".to_owned() } else { words::date(line.to) };
            let hours = line.support.as_ref().map_or_else(String::new, |support| {
                format!(
                    "{} hours, {} an hour, {}:1, step-down review {}",
                    f64::from(support.quarter_hours) / 4.0,
                    support.rate,
                    support.staff,
                    words::date(support.review_on)
                )
            });
            let text = if line.reason.is_empty() { hours } else { format!("{hours} {}", line.reason) };
            Row::new(line.label.as_str())
                .cell(if text.trim().is_empty() { line.kind.label().to_owned() } else { text })
                .cell(until)
                .cell(line.weekly)
        }))
        .row(Row::new("Total").cell("").cell(words::about_a_year(total)).cell(total).total())
}

fn sample_lines() -> Vec<PriceLine> {
    use jiff::civil::date;
    use placewell_domain::homes::price::{FunderShares, LineKind, SupportHours};
    let hours = SupportHours { quarter_hours: 80, rate: Pence(1_850), staff: 1, review_on: date(2021, 11, 1) };
    let price = |kind: LineKind, weekly, support| PriceLine {
        kind,
        label: kind.label().to_owned(),
        weekly,
        from: date(2021, 9, 27),
        to: date(2021, 12, 6),
        origin: date(2021, 9, 27),
        shares: FunderShares::AUTHORITY,
        support,
        reason: String::new(),
    };
    vec![
        price(LineKind::Core, Pence::pounds(4_150), None),
        price(LineKind::AdditionalSupport, hours.weekly(), Some(hours)),
    ]
}

fn sample_offer(line: OfferLine) -> OfferView {
    use jiff::civil::date;
    OfferView {
        reference: "HEF-R-0042".into(),
        line,
        version: 3,
        lines: Some(sample_lines()),
        must_haves: vec![("going missing".into(), "Yes".into(), "Staff who know how".into())],
        impact: "A good match for the two children who live there.".into(),
        bed: Some("Room 2".into()),
        residents: vec![("13 to 15".into(), "Good for both".into())],
        there: Some(1),
        residents_changed: false,
        conditions: "A visit first.".into(),
        valid_until: date(2021, 9, 24).at(17, 0, 0, 0),
        changes: vec![(
            date(2021, 9, 12).at(9, 58, 0, 0),
            Some(Pence::pounds(4_480)),
            "There was a mistake in it".into(),
        )],
        entered: None,
        disclosure: None,
        may_shortlist: true,
        may_close: true,
        withheld: Withheld::Not,
    }
}

/// Samples: offers open and late, sealed, none; one offer open and one sealed.
pub fn samples() -> Vec<(&'static str, String)> {
    use jiff::civil::date;
    let deadline = date(2021, 9, 13).at(9, 0, 0, 0);
    let line = OfferLine {
        number: 1,
        home: "Elm House".into(),
        provider: "Brightwater Homes".into(),
        weekly: Some(Pence::pounds(4_520)),
        start: date(2021, 9, 27),
        met: (9, 10),
        received: date(2021, 9, 10).at(15, 0, 0, 0),
        status: "Sent, changed".into(),
        late: false,
    };
    let late = OfferLine { number: 2, home: "Ash Lodge".into(), late: true, ..line.clone() };
    let view = OffersView {
        reference: "HEF-R-0042".into(),
        sealed_until: None,
        may_close_early: false,
        offers: vec![line.clone(), late],
        others: vec![("Oak View".into(), "Oak Care".into(), "Declined: no staffed bed free at that time".into())],
        questions: 1,
        deadline_passed: true,
    };
    let sealed_line = OfferLine { weekly: None, ..line.clone() };
    let sealed = OffersView {
        sealed_until: Some(deadline),
        may_close_early: true,
        offers: vec![sealed_line.clone()],
        ..view.clone()
    };
    let none = OffersView { offers: Vec::new(), others: Vec::new(), ..view.clone() };
    let offer = sample_offer(line);
    let erased = OfferView {
        impact: String::new(),
        conditions: String::new(),
        may_shortlist: false,
        may_close: false,
        withheld: Withheld::Erased,
        ..offer.clone()
    };
    let unopened = OfferView { line: sealed_line, lines: None, bed: None, ..offer.clone() };
    let closed = OfferView { changes: Vec::new(), residents_changed: true, ..unopened };
    let shell = crate::samples::signed_in_shell;
    let (errors, fine) = (Invalid::one("reason", "Choose why it is not chosen"), Invalid::default());
    vec![
        ("offers", offers_page(shell(), &view).to_string()),
        ("sealed offers", offers_page(shell(), &sealed).to_string()),
        ("no offers", offers_page(shell(), &none).to_string()),
        ("one offer", offer_page(shell(), &offer, &errors, "key").to_string()),
        ("one sealed offer", offer_page(shell(), &closed, &fine, "key").to_string()),
        ("an offer for an erased child", offer_page(shell(), &erased, &fine, "key").to_string()),
    ]
}
