//! One mini-block: terms, who pays and who has approved, the need, the business case, the competition with every bid's
//! score and reasons, and what the reader can do next.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;

use super::colour;
use crate::components::{BarRow, Bars, Cell, Column, Inset, Link, Row, SummaryList, Table, Tag, Warning};
use crate::form::Form;
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// A paying authority.
#[derive(Debug, Clone)]
pub struct PayingView {
    /// Its name.
    pub name: String,
    /// Its share.
    pub share: String,
    /// Its share with a change that is proposed.
    pub proposed: Option<String>,
    /// What its share guarantees over the whole term.
    pub guaranteed: Option<Pence>,
    /// What its share is worth were every bed occupied.
    pub worth: Option<Pence>,
    /// How it decided: the words of a tag, and the limb and post or the reason.
    pub decided: (&'static str, String),
}

/// What an authority's record showed of the need.
#[derive(Debug, Clone)]
pub struct NeedView {
    /// Its name.
    pub name: String,
    /// Searches, without a home, without an offer, by spot.
    pub counts: [u32; 5],
    /// The middle stay in nights.
    pub stay: i64,
}

/// A month of need against the beds.
#[derive(Debug, Clone)]
pub struct MonthView {
    /// The month's first day.
    pub from: Date,
    /// Nights wanted.
    pub wanted: i64,
    /// Nights that the beds have.
    pub offered: i64,
    /// Nights that they would have met.
    pub met: i64,
}

/// A provider that was asked.
#[derive(Debug, Clone)]
pub struct BidView {
    /// Its name.
    pub provider: String,
    /// Its admitted homes.
    pub homes: Vec<String>,
    /// Where its bid stands, in words.
    pub state: &'static str,
}

/// A scored bid.
#[derive(Debug, Clone)]
pub struct ScoredView {
    /// The provider.
    pub provider: String,
    /// Prices of an occupied and of an empty night.
    pub prices: (Pence, Pence),
    /// The score of each criterion.
    pub quality: Vec<u8>,
    /// Quality, price and total in hundredths of a percent.
    pub points: [i64; 3],
    /// Why.
    pub reasons: String,
}

/// All that the page shows.
#[derive(Debug, Clone)]
pub struct BlockView {
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// The version.
    pub version: i64,
    /// The state's stored name and words.
    pub state: (&'static str, &'static str),
    /// What is near.
    pub warning: Option<String>,
    /// That its beds stand too empty; none where they do not.
    pub too_empty: Option<String>,
    /// What keeps back what everybody has approved.
    pub kept_back: Option<String>,
    /// A change that waits, in words.
    pub pending: Option<String>,
    /// Who has signed: label and words; nothing before the contract is live.
    pub signed: Vec<(String, String)>,
    /// What is open of the signatures.
    pub unsigned: Option<String>,
    /// The terms: label and words.
    pub facts: Vec<(String, String)>,
    /// Prices of a night.
    pub prices: Vec<(String, Pence)>,
    /// Homes: name, number, beds.
    pub homes: Vec<(String, String, String)>,
    /// Who pays.
    pub paying: Vec<PayingView>,
    /// What authorities' records showed.
    pub needs: Vec<NeedView>,
    /// By month.
    pub months: Vec<MonthView>,
    /// What the beds would have met, as a sentence.
    pub met: String,
    /// Reasons, alternatives, conflicts.
    pub case: Option<[String; 3]>,
    /// How bids are scored: label and words.
    pub scoring: Vec<(String, String)>,
    /// Who was asked; only for the lead.
    pub asked: Vec<BidView>,
    /// Every bid as it was scored, the best first.
    pub scored: Vec<ScoredView>,
    /// What the reader can do: words and path.
    pub acts: Vec<(String, String)>,
    /// The reader runs mini-blocks: the small forms show.
    pub runs: bool,
    /// There is a contract to print.
    pub printed: bool,
}

/// Hundredths of a percent as they are printed: `72.50%`.
pub(super) fn points(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn pairs(pairs: &[(String, String)]) -> SummaryList {
    pairs.iter().fold(SummaryList::new(), |list, (label, value)| list.row(label.as_str(), value.as_str()))
}

/// The page.
pub fn block_page(shell: Shell, view: &BlockView, keys: [&str; 2]) -> Page {
    let csrf = shell.csrf.clone();
    let (state, label) = view.state;
    let path = format!("/mini-blocks/{}", view.reference);
    let homes = homes(view, &shell);
    let small = |act: &str, key: &str, words: &str| {
        Form::post(format!("{path}/{act}"), csrf.as_str(), key).version(view.version).submit(words)
    };
    let mut page = Page::new(shell.titled(view.title.as_str()).caption(format!("Mini-block {}", view.reference)))
        .with(Tag::new(label, colour(state)))
        .maybe(view.warning.as_deref().map(Inset::new))
        .maybe(view.kept_back.as_deref().map(Warning::new))
        .maybe(view.too_empty.as_deref().map(Warning::new))
        .maybe(view.unsigned.as_deref().map(Inset::new))
        .maybe(view.pending.as_deref().map(|pending| Inset::new(format!("Proposed and not in force: {pending}."))));
    if !view.acts.is_empty() {
        page = page.with(Html::bullets(
            view.acts.iter().map(|(words, path)| Html::from(Link::new(words.as_str(), path.as_str()))),
        ));
    }
    if view.printed {
        page = page.text(Link::download("Contract as PDF", format!("{path}/contract.pdf")));
    }
    page = page.heading("Contract").with(pairs(&view.facts)).maybe(prices(view)).maybe(homes);
    if !view.signed.is_empty() {
        page = page.heading("Signatures").with(pairs(&view.signed));
    }
    page = page.with(paying(view)).heading("Need").text(view.met.as_str()).with(needs(view)).maybe(months(view));
    if view.runs && state == "proposed" {
        page = page.with(small("need", keys[0], "Count the need again"));
    }
    page = page.heading("Business case");
    page = match &view.case {
        Some([reasons, alternatives, conflicts]) => page.with(
            SummaryList::new()
                .row("Reasons", reasons.as_str())
                .row("Alternatives considered", alternatives.as_str())
                .row("Conflicts of interest", conflicts.as_str()),
        ),
        None => page.text("No business case is written yet. It comes before homes are asked to bid."),
    };
    page = page.heading("Mini-competition");
    page = if view.scoring.is_empty() {
        page.text("No home is asked to bid yet.")
    } else {
        page.with(pairs(&view.scoring)).maybe(asked(view)).maybe(scored(view))
    };
    if view.runs && view.pending.is_some() {
        page = page.with(small("drop-change", keys[1], "Take the proposed change back"));
    }
    page
}

fn prices(view: &BlockView) -> Option<Table> {
    (!view.prices.is_empty()).then(|| {
        Table::new("Prices of a night")
            .columns(["A night"])
            .column(Column::number("Price"))
            .rows(view.prices.iter().map(|(label, price)| Row::new(label.as_str()).cell(Cell::money(*price))))
    })
}

fn homes(view: &BlockView, shell: &Shell) -> Option<Table> {
    (!view.homes.is_empty()).then(|| {
        Table::new("Homes and beds").columns(["Home", "Ofsted URN", "Beds"]).rows(view.homes.iter().map(
            |(name, urn, beds)| {
                let name = shell.link_where(Action::SeeHomes, name, format!("/homes/{urn}"));
                Row::new(name).cell(urn.as_str()).cell(beds.as_str())
            },
        ))
    })
}

fn paying(view: &BlockView) -> Table {
    let money = |amount: Option<Pence>| amount.map_or_else(String::new, words::money);
    Table::new("Who pays, and who has approved")
        .columns(["Authority"])
        .column(Column::number("Share"))
        .column(Column::number("Guaranteed, whole term"))
        .column(Column::number("At most, every bed occupied"))
        .columns(["Decision"])
        .rows(view.paying.iter().map(|row| {
            let (tag, why) = &row.decided;
            let tone = match *tag {
                "Approved" => crate::components::Colour::Green,
                "Refused" => crate::components::Colour::Red,
                _ => crate::components::Colour::Grey,
            };
            let share = match &row.proposed {
                Some(proposed) => {
                    Html::lines([Html::from(row.share.as_str()), Html::from(format!("Proposed: {proposed}"))])
                }
                None => row.share.as_str().into(),
            };
            Row::new(row.name.as_str())
                .cell(share)
                .cell(money(row.guaranteed))
                .cell(money(row.worth))
                .cell(Html::lines([Html::from(Tag::new(*tag, tone)), why.as_str().into()]))
        }))
}

fn needs(view: &BlockView) -> Table {
    let mut table = Table::new("Searches of the last two years for such a child, from each authority's own record")
        .columns(["Authority"]);
    for name in
        ["Searches", "No home found", "Of those, within reach", "No offer", "By spot purchase", "Middle stay, nights"]
    {
        table = table.column(Column::number(name));
    }
    table
        .rows(view.needs.iter().map(|need| {
            let row = need
                .counts
                .iter()
                .fold(Row::new(need.name.as_str()), |row, count| row.cell(Cell::number(u64::from(*count))));
            row.cell(need.stay.to_string())
        }))
        .empty("The authorities' records are being counted.")
}

fn months(view: &BlockView) -> Option<Html> {
    if view.months.is_empty() {
        return None;
    }
    // The search for such children began some day: no month before it.
    let from_the_first = view.months.iter().skip_while(|month| month.wanted == 0);
    let bars = from_the_first.fold(
        Bars::new("need", "Nights wanted, by month", view.met.as_str(), "Month")
            .series(["Met by these beds", "Wanted beyond them"])
            .shown_as(|nights| words::number(nights.unsigned_abs())),
        |bars, month| {
            let label = format!("{} {}", words::month(month.from), month.from.year());
            bars.bar(BarRow::new(label, [month.met, month.wanted - month.met]))
        },
    );
    Some(bars.into())
}

fn asked(view: &BlockView) -> Option<Table> {
    (!view.asked.is_empty()).then(|| {
        Table::new("Providers that were asked").columns(["Provider", "Admitted homes", "Bid"]).rows(
            view.asked.iter().map(|bid| Row::new(bid.provider.as_str()).cell(bid.homes.join(", ")).cell(bid.state)),
        )
    })
}

fn scored(view: &BlockView) -> Option<Table> {
    if view.scored.is_empty() {
        return None;
    }
    let mut table = Table::new("Bids as they were scored, the best first").columns(["Provider"]);
    for name in ["Occupied night", "Empty night", "Quality", "Price", "Total"] {
        table = table.column(Column::number(name));
    }
    Some(table.columns(["Scores, 0 to 5", "Reasons"]).rows(view.scored.iter().map(|bid| {
        let scores: Vec<String> = bid.quality.iter().map(ToString::to_string).collect();
        let row = Row::new(bid.provider.as_str()).cell(Cell::money(bid.prices.0)).cell(Cell::money(bid.prices.1));
        let row = bid.points.iter().fold(row, |row, part| row.cell(points(*part)));
        row.cell(scores.join(", ")).cell(bid.reasons.as_str())
    })))
}

/// A sample.
pub(super) fn sample() -> BlockView {
    let day = Date::constant;
    let fact = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    BlockView {
        reference: "MB-002".into(),
        title: "Four beds for the north of the region".into(),
        version: 6,
        state: ("live", "Live"),
        warning: Some("The contract ends on 14 December 2021.".into()),
        too_empty: Some("52% of bed-nights stood empty in the last 28 nights; told above 40%.".into()),
        kept_back: None,
        pending: Some("Extend until 14 December 2022".into()),
        signed: vec![
            fact("For the authorities", "Marcus Inkberrow, Commissioning lead, 14 March 2020"),
            fact("For the provider", "Not signed yet"),
        ],
        unsigned: Some("The contract is not signed by both sides yet. Until it is, its beds cannot be used.".into()),
        facts: vec![fact("Beds", "4, fixed beds"), fact("Nights", "1 April 2020 to 14 December 2021")],
        prices: vec![("An occupied night".into(), Pence(48_571)), ("A guaranteed empty night".into(), Pence(38_857))],
        homes: vec![("Elm House".into(), "SC100001".into(), "Bed 1, Bed 2".into())],
        paying: vec![
            PayingView {
                name: "Herefordshire Council".into(),
                share: "25%".into(),
                proposed: Some("40% from 1 November 2021".into()),
                guaranteed: Some(Pence::pounds(212_000)),
                worth: Some(Pence::pounds(301_000)),
                decided: ("Approved", "Limb (b) of HEF-2019-0114, by the Director, on 2 March 2020".into()),
            },
            PayingView {
                name: "Shropshire Council".into(),
                share: "75%".into(),
                proposed: None,
                guaranteed: None,
                worth: None,
                decided: ("Not decided", String::new()),
            },
        ],
        needs: vec![NeedView { name: "Herefordshire Council".into(), counts: [14, 5, 4, 3, 4], stay: 190 }],
        months: vec![MonthView { from: day(2021, 8, 1), wanted: 150, offered: 124, met: 124 }],
        met: "Four beds would have met 2,400 of 3,100 nights that were wanted, and been used on 82% of their nights."
            .into(),
        case: Some(["Too few planned places.".into(), "Single placements.".into(), "None".into()]),
        scoring: vec![fact("Deadline", "20 February 2020, noon"), fact("Price", "40%")],
        asked: vec![BidView { provider: "Elm Care".into(), homes: vec!["Elm House".into()], state: "Chosen" }],
        scored: vec![ScoredView {
            provider: "Elm Care".into(),
            prices: (Pence(48_571), Pence(38_857)),
            quality: vec![4, 5],
            points: [5_400, 3_900, 9_300],
            reasons: "Strong on education.".into(),
        }],
        acts: vec![("Propose a change".into(), "/mini-blocks/MB-002/change".into())],
        runs: true,
        printed: true,
    }
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let view = sample();
    let new = BlockView {
        state: ("proposed", "Being prepared"),
        warning: None,
        too_empty: None,
        pending: None,
        signed: vec![],
        unsigned: None,
        prices: vec![],
        homes: vec![],
        needs: vec![],
        months: vec![],
        case: None,
        scoring: vec![],
        asked: vec![],
        scored: vec![],
        printed: false,
        ..view.clone()
    };
    let kept_back = BlockView {
        state: ("recommended", "Waiting for approval"),
        kept_back: Some(
            "Every paying authority has approved, and it does not go on: Elm House is suspended for new placements."
                .into(),
        ),
        warning: None,
        too_empty: None,
        pending: None,
        signed: vec![],
        unsigned: None,
        acts: vec![("Withdraw the mini-block".into(), "/mini-blocks/MB-002/withdraw".into())],
        ..view.clone()
    };
    let page = |view: &BlockView| block_page(kit::signed_in_shell(), view, ["k1", "k2"]).to_string();
    vec![
        ("a live mini-block", page(&view)),
        ("a mini-block being prepared", page(&new)),
        ("an approved mini-block whose home is suspended", page(&kept_back)),
    ]
}
