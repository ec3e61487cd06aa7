//! A referral's spot purchases: reason and evidence, checks, the price against the tendered one, the threshold, both totals.

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::spot::DropReason;
use placewell_domain::buying::spot::exemption::ExemptionReason;
use placewell_domain::money::Pence;

use super::Totals;
use super::start::after_refusal;
use crate::components::{Button, ButtonGroup, Colour, Details, Link, SummaryCard, SummaryList, Tag, Warning};
use crate::form::{Choice, Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// One spot purchase.
#[derive(Debug, Clone, Default)]
pub struct SpotView {
    /// Its id.
    pub id: i64,
    /// The version that the page shows.
    pub version: i64,
    /// Where it stands, in words.
    pub label: String,
    /// The home: Ofsted number and name.
    pub home: (String, String),
    /// The provider.
    pub provider: String,
    /// The reason in words.
    pub reason: String,
    /// How the home stands to the arrangement.
    pub ground: String,
    /// What the reason rests on: what, where from, of which day.
    pub evidence: Vec<(String, String, Option<Date>)>,
    /// Who asked, and when.
    pub asked: Option<(String, DateTime)>,
    /// The start is an emergency.
    pub emergency: bool,
    /// Open checks before the start, in all, and by when the others are done.
    pub checks: Option<(u32, u32, Option<Date>)>,
    /// The time left for the others, in words; none where nothing is due.
    pub days_left: Option<String>,
    /// The core price of a week that the home offers.
    pub offered: Option<Pence>,
    /// The offer's number, where it can be recommended.
    pub number: Option<u32>,
    /// The tendered price, and by how much the offer is dearer.
    pub dearer: Option<(Pence, Pence)>,
    /// The procurement threshold in words, and whether it is reached.
    pub watch: Option<(String, bool)>,
    /// The agreement's reference.
    pub agreement: Option<String>,
    /// The refusal at the ceiling before, with both totals as they stood.
    pub after: Option<(Date, Totals)>,
    /// The invitation to join: when, and from which day the opening is.
    pub invited: Option<(DateTime, Option<Date>)>,
    /// The judgement of Inadequate and its exemption.
    pub exempted: Option<ExemptedView>,
    /// The reader may act on it, and it goes on.
    pub may_change: bool,
}

/// A home judged Inadequate, as far as this child is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExemptedView {
    /// The day of the judgement.
    pub judged_on: Date,
    /// Why it is exempted, by whom and when; none where it is not.
    pub exemption: Option<(String, String, Date)>,
    /// The reader is the director who can record it.
    pub may_exempt: bool,
}

/// The page.
#[derive(Debug, Clone, Default)]
pub struct RecordView {
    /// The referral.
    pub reference: String,
    /// The purchases, the latest first.
    pub spots: Vec<SpotView>,
    /// Both totals this contract year.
    pub totals: Totals,
    /// The reader may start another.
    pub may_start: bool,
    /// The reader may open the referral.
    pub may_open: bool,
}

/// The page. A key for each form comes from `key`.
pub fn record_page(shell: Shell, view: &RecordView, key: impl Fn() -> String) -> Page {
    let csrf = shell.csrf.clone();
    let reference = view.reference.as_str();
    let back = if view.may_open { format!("/referrals/{reference}") } else { "/spot".to_owned() };
    let shell = shell.titled("Spot purchase").caption(reference).record(reference).back(back);
    let mut page = Page::new(shell);
    if view.spots.is_empty() {
        page = page.text("No spot purchase is recorded for this referral.");
    }
    for spot in &view.spots {
        page = page.with(card(view, spot));
        if let Some((on, totals)) = spot.after {
            page = page.with(after_refusal(on, totals));
        }
        if let Some((tendered, more)) = spot.dearer {
            page = page.with(Warning::new(format!(
                "{} is dearer as spot: {} a week more than its tendered price of {}.",
                spot.home.1,
                words::money(more),
                words::money(tendered)
            )));
        }
        if let Some((said, reached)) = &spot.watch {
            page = if *reached { page.with(Warning::new(said.as_str())) } else { page.text(said.as_str()) };
        }
        page = page.maybe(exempting(reference, spot, &csrf, &key));
        page = page.maybe(acts(reference, spot)).maybe(forms(reference, spot, &csrf, &key));
    }
    if view.may_start {
        let path = format!("/referrals/{reference}/spot/new");
        page = page.with(Button::link("Start a spot purchase at another home", path).secondary());
    }
    page.heading("This contract year").with(view.totals.numbers())
}

fn colour(label: &str) -> Colour {
    match label {
        "Live" | "Agreed" | "Ready for approval" => Colour::Green,
        "Live, checks outstanding" => Colour::Orange,
        "Given up" | "Ended" => Colour::Grey,
        _ => Colour::Yellow,
    }
}

fn card(view: &RecordView, spot: &SpotView) -> SummaryCard {
    let reference = view.reference.as_str();
    let evidence = spot.evidence.iter().map(|(what, source, on)| {
        let when = on.map_or_else(String::new, |on| format!(", {}", words::date(on)));
        Html::text(&format!("{}. {source}{when}.", words::dated(what)))
    });
    let checks = match spot.checks {
        None => "Not begun".to_owned(),
        Some((0, 0, _)) => "All done".to_owned(),
        Some((before, open, due)) => {
            let due = due.map_or_else(String::new, |due| format!("; the rest by {}", words::date(due)));
            format!("{before} open before the start, {open} in all{due}")
        }
    };
    let mut list = SummaryList::new()
        .row("Where it stands", Tag::new(spot.label.as_str(), colour(&spot.label)))
        .row("Reason", spot.reason.as_str())
        .row("Evidence", Html::bullets(evidence))
        .row("On the arrangement", spot.ground.as_str())
        .row("Provider", spot.provider.as_str())
        .row("Emergency", if spot.emergency { "Yes: some checks may follow the start" } else { "No" })
        .row("Checks", checks);
    if view.may_open {
        let path = format!("/referrals/{reference}/checks?home={}", spot.home.0);
        list = list.action(Link::new("Open", path).hidden("the checks"));
    }
    let facts = [
        ("Time left", spot.days_left.clone()),
        ("Core price offered", spot.offered.map(words::a_week)),
        ("Asked for", spot.asked.as_ref().map(|(by, at)| format!("{by}, {}", words::moment(*at)))),
        ("Invited to join", spot.invited.map(invited)),
    ];
    for (name, fact) in facts {
        if let Some(fact) = fact {
            list = list.row(name, fact);
        }
    }
    if let Some(exempted) = &spot.exempted {
        list = list.row("Judged Inadequate", exempted_words(exempted));
    }
    if let Some(agreement) = &spot.agreement {
        list = list.row("Agreement", Link::new(agreement.as_str(), format!("/agreements/{agreement}")));
    }
    SummaryCard::new(format!("{}, {}", spot.home.1, spot.home.0), list)
}

fn exempted_words(view: &ExemptedView) -> String {
    let judged = words::date(view.judged_on);
    match &view.exemption {
        Some((reason, by, on)) => {
            format!("{judged}. Exempted on {} by {by}, director of children's services: {reason}", words::date(*on))
        }
        None => format!("{judged}. Not bought without an exemption of the director of children's services"),
    }
}

/// The director's form.
fn exempting(reference: &str, spot: &SpotView, csrf: &str, key: &impl Fn() -> String) -> Option<Html> {
    spot.exempted.as_ref().filter(|view| view.may_exempt)?;
    let reasons = ExemptionReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let form = Form::post(format!("/referrals/{reference}/spot/exempt"), csrf.to_owned(), key())
        .version(spot.version)
        .field(Field::hidden("spot", spot.id.to_string()))
        .field(Field::radios(format!("exempt_{}", spot.id), "Why is this child exempted?", reasons))
        .field(Field::textarea(format!("words_{}", spot.id), "What keeps the child safe there").limit(4_000))
        .button(Button::submit("Record the exemption"));
    Some(Html::join([Html::heading("Your exemption"), form.into()]))
}

fn invited((at, opening): (DateTime, Option<Date>)) -> String {
    let opening = opening.map_or_else(String::new, |day| format!("; next opening from {}", words::date(day)));
    format!("{}{opening}", words::moment(at))
}

/// What comes next: the checks, then the recommendation, which asks for approval under the limb.
fn acts(reference: &str, spot: &SpotView) -> Option<ButtonGroup> {
    if !spot.may_change || spot.agreement.is_some() {
        return None;
    }
    let checks = Button::link("Do the checks", format!("/referrals/{reference}/checks?home={}", spot.home.0));
    let group = ButtonGroup::new();
    match (spot.checks, spot.number) {
        (Some((0, _, _)), Some(number)) => {
            let path = format!("/referrals/{reference}/recommend?offer={number}");
            Some(group.with(Button::link("Recommend and ask for approval", path)).with(checks.secondary()))
        }
        _ => Some(group.with(checks)),
    }
}

fn forms(reference: &str, spot: &SpotView, csrf: &str, key: &impl Fn() -> String) -> Option<Html> {
    if !spot.may_change {
        return None;
    }
    let form = |act: &str| {
        Form::post(format!("/referrals/{reference}/spot/{act}"), csrf.to_owned(), key())
            .version(spot.version)
            .field(Field::hidden("spot", spot.id.to_string()))
    };
    let mut parts: Vec<Html> = Vec::new();
    if spot.invited.is_none() {
        let button = Button::submit("Invite the provider to join the arrangement").secondary();
        parts.push(form("invite").button(button).into());
    }
    if spot.agreement.is_none() {
        let reasons = DropReason::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
        let field = Field::radios(format!("reason_{}", spot.id), "Why is it given up?", reasons).small();
        let button = Button::submit("Give it up").warning();
        parts.push(Details::new("Give this spot purchase up", form("drop").field(field).button(button)).into());
    }
    (!parts.is_empty()).then(|| Html::join(parts))
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let totals = Totals {
        committed: Pence::pounds(5_087_400),
        ceiling: Pence::pounds(5_500_000),
        spot: Pence::pounds(1_210_400),
    };
    let spot = SpotView {
        id: 1,
        version: 2,
        label: "Checks".to_owned(),
        home: ("SC392491".to_owned(), "Ash Lodge".to_owned()),
        provider: "Ashgrove Care Ltd".to_owned(),
        reason: "No home on the arrangement has a bed for this child".to_owned(),
        ground: "The home is not admitted on this lot".to_owned(),
        evidence: vec![(
            "Elm House: no staffed bed free at that time (meets 9 of 10; does not meet 1; 0 unknown)".to_owned(),
            "Invitation, FCA".to_owned(),
            Some(jiff::civil::date(2021, 9, 10)),
        )],
        asked: Some(("Priya Shah".to_owned(), jiff::civil::date(2021, 9, 13).at(9, 30, 0, 0))),
        checks: Some((4, 11, None)),
        offered: Some(Pence::pounds(4_900)),
        number: Some(4),
        dearer: Some((Pence::pounds(4_150), Pence::pounds(750))),
        watch: Some(("Whole-life value £254,800; with this provider £712,300 of £663,540.".to_owned(), true)),
        may_change: true,
        ..SpotView::default()
    };
    let live = SpotView {
        label: "Live, checks outstanding".to_owned(),
        emergency: true,
        checks: Some((0, 7, Some(jiff::civil::date(2021, 9, 17)))),
        days_left: Some("4 working days".to_owned()),
        agreement: Some("HEF-A-0142".to_owned()),
        after: Some((jiff::civil::date(2021, 9, 2), totals)),
        invited: Some((jiff::civil::date(2021, 9, 10).at(12, 0, 0, 0), Some(jiff::civil::date(2021, 12, 1)))),
        dearer: None,
        watch: Some(("Whole-life value £54,800; with this provider £54,800 of £663,540.".to_owned(), false)),
        ..spot.clone()
    };
    let judged_on = jiff::civil::date(2021, 7, 6);
    let inadequate = SpotView {
        exempted: Some(ExemptedView { judged_on, exemption: None, may_exempt: true }),
        may_change: false,
        ..spot.clone()
    };
    let by = ("The child lives there, and a move would do more harm".to_owned(), "David Oakden".to_owned());
    let exempted = SpotView {
        exempted: Some(ExemptedView { judged_on, exemption: Some((by.0, by.1, judged_on)), may_exempt: false }),
        ..spot.clone()
    };
    let ready = SpotView { label: "Ready for approval".to_owned(), checks: Some((0, 0, None)), ..spot.clone() };
    let view =
        |spots| RecordView { reference: "HEF-R-0042".to_owned(), spots, totals, may_start: true, may_open: true };
    let shown = |view: &RecordView| record_page(kit::signed_in_shell(), view, || "k".to_owned()).to_string();
    let none = RecordView { may_start: false, may_open: false, ..view(Vec::new()) };
    vec![
        ("a spot purchase with checks open", shown(&view(vec![spot]))),
        ("a spot purchase ready for approval", shown(&view(vec![ready]))),
        ("a live emergency spot purchase", shown(&view(vec![live]))),
        ("a spot purchase at a home judged Inadequate", shown(&view(vec![inadequate]))),
        ("an exempted spot purchase", shown(&view(vec![exempted]))),
        ("no spot purchase", shown(&none)),
    ]
}
