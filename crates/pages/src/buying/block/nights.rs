//! The nights of a mini-block: a month bed by bed, what it costs whom, the settling of it; nominations, re-sales, use by
//! week, and from which use it pays. A provider's page has no price of others.

mod acts;
mod month;
mod recharge;
mod sample;
mod value;

pub use acts::{NominateView, SellView, VoidView, nominate_page, sell_page, void_page};
pub use recharge::{RechargeRowView, RechargeView, recharge_page};
pub use sample::samples;

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::block::month::{DisputeReason, MonthSide};
use placewell_domain::buying::block::nomination::{RefusalReason, WithdrawReason};
use placewell_domain::money::Pence;

use crate::page::Page;
use crate::shell::Shell;

/// One night of all beds.
#[derive(Debug, Clone)]
pub struct NightLineView {
    /// The evening.
    pub night: Date,
    /// What each bed was, in words.
    pub beds: Vec<String>,
    /// What is due for it.
    pub due: Pence,
}

/// What one organisation pays.
#[derive(Debug, Clone)]
pub struct PartView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Nights of its own children, and what they cost.
    pub used: (i64, Pence),
    /// Its part of empty nights.
    pub empty: Pence,
    /// What it bought of others' empty nights.
    pub bought: Pence,
    /// Its part of income.
    pub income: Pence,
    /// What it pays in all.
    pub owes: Pence,
    /// Whether the reader may open its statement.
    pub opens: bool,
}

/// A correction of an earlier month.
#[derive(Debug, Clone)]
pub struct CorrectionView {
    /// The evening.
    pub night: Date,
    /// Which bed.
    pub slot: u8,
    /// What it was and what it is now.
    pub change: (String, String),
    /// What is due more, or less.
    pub due: Pence,
}

/// How a month is being settled.
#[derive(Debug, Clone)]
pub struct SettlingView {
    /// The version; 0 where nobody has said anything.
    pub version: i64,
    /// The words on its tag.
    pub label: String,
    /// It is settled.
    pub frozen: bool,
    /// What is disputed.
    pub disputed: Option<String>,
    /// What is agreed: the digest that the form carries.
    pub digest: String,
    /// For which side the reader settles.
    pub side: Option<MonthSide>,
    /// Its last night has passed.
    pub passed: bool,
}

/// A nomination.
#[derive(Debug, Clone)]
pub struct NominationView {
    /// Its id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// Which bed.
    pub slot: u8,
    /// Who nominated.
    pub authority: String,
    /// The referral, where the reader may know it.
    pub reference: Option<String>,
    /// When.
    pub made: DateTime,
    /// The state's stored name and its words, with what belongs to it.
    pub state: (&'static str, String),
    /// The reader may take it back.
    pub withdraws: bool,
    /// The reader answers it.
    pub answers: bool,
    /// The reader may concede its refusal.
    pub concedes: bool,
}

/// A re-sale.
#[derive(Debug, Clone)]
pub struct ResaleView {
    /// Its id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// Which bed.
    pub slot: u8,
    /// The buyer.
    pub buyer: String,
    /// The first night and the last.
    pub nights: (Date, Date),
    /// A night's price.
    pub night: Pence,
    /// How it stands.
    pub state: String,
    /// The reader may take it back.
    pub withdraws: bool,
}

/// An empty bed's offer to one of the block's authorities.
#[derive(Debug, Clone)]
pub struct VoidOfferView {
    /// Its id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// The bed's name.
    pub bed: String,
    /// Since which evening it is empty, or will be.
    pub since: Date,
    /// To whom, with its place in the order.
    pub authority: (u8, String),
    /// The state's words, with until when.
    pub state: String,
    /// The reader may take it.
    pub takes: bool,
    /// The reader may pass it on or give it back.
    pub passes: bool,
}

/// A bed that is empty today.
#[derive(Debug, Clone)]
pub struct VacancyView {
    /// Its name.
    pub bed: String,
    /// Since which evening.
    pub since: Date,
    /// Until when the block's authorities alone may nominate.
    pub nominate_by: DateTime,
    /// Whether that time has passed.
    pub open_to_others: bool,
    /// Somebody is nominated.
    pub nominated: bool,
}

/// One week.
#[derive(Debug, Clone, Copy)]
pub struct WeekView {
    /// Its first evening.
    pub from: Date,
    /// Used, re-sold, nominated, empty.
    pub nights: [i64; 4],
}

/// Break-even against one route.
#[derive(Debug, Clone)]
pub struct AgainstView {
    /// "FCA" or "Spot purchase".
    pub route: &'static str,
    /// The middle weekly price, and of how many placements at least; none where it cannot be told.
    pub middle: Option<(Pence, usize)>,
    /// From which use, in words.
    pub even: String,
    /// The same in thousandths; none where at no use or not known.
    pub meets: Option<u32>,
}

/// From which use a block pays.
#[derive(Debug, Clone)]
pub struct BreakEvenView {
    /// The finding, as a heading.
    pub finding: String,
    /// In a sentence or two.
    pub words: String,
    /// Against the arrangement and against spot.
    pub against: Vec<AgainstView>,
    /// What a used bed costs a week at each percent of use.
    pub line: Vec<(u8, Pence)>,
}

/// A recorded cause.
#[derive(Debug, Clone)]
pub struct CauseView {
    /// Which bed, in words.
    pub bed: String,
    /// The first night and the last.
    pub nights: (Date, Date),
    /// Why.
    pub cause: String,
    /// When it was recorded.
    pub at: DateTime,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct NightsView {
    /// The reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// Where the contract itself is.
    pub back: String,
    /// The month's first day.
    pub month: Date,
    /// The months before and after, as `2021-08`, where the contract has nights in them.
    pub around: (Option<String>, Option<String>),
    /// The facts of the month: label and value.
    pub facts: Vec<(String, String)>,
    /// The beds' names.
    pub beds: Vec<String>,
    /// The nights.
    pub nights: Vec<NightLineView>,
    /// What each pays.
    pub parts: Vec<PartView>,
    /// Corrections of earlier months.
    pub corrections: Vec<CorrectionView>,
    /// The settling.
    pub settling: SettlingView,
    /// Nominations, the latest first.
    pub nominations: Vec<NominationView>,
    /// Re-sales.
    pub resales: Vec<ResaleView>,
    /// Empty beds today.
    pub vacancies: Vec<VacancyView>,
    /// Offers of empty beds to the block's authorities, the latest first.
    pub void_offers: Vec<VoidOfferView>,
    /// Causes that were recorded.
    pub causes: Vec<CauseView>,
    /// Refusals in this period, in words.
    pub refusals: String,
    /// Use by week.
    pub weeks: Vec<WeekView>,
    /// From which use it pays; none for a provider.
    pub break_even: Option<BreakEvenView>,
    /// The reader may nominate, record causes, offer nights.
    pub may: [bool; 3],
    /// The forms' idempotency keys: as many as there can be forms.
    pub keys: Vec<String>,
}

impl NightsView {
    pub(super) fn path(&self, act: &str) -> String {
        format!("/mini-blocks/{}/nights{act}", self.reference)
    }

    pub(super) fn key(&self, at: usize) -> &str {
        self.keys.get(at).map_or("", String::as_str)
    }
}

/// How many forms the page has: an offer of an empty bed has two.
#[must_use]
pub fn forms(nominations: usize, resales: usize, void_offers: usize) -> usize {
    2 + nominations + resales + 2 * void_offers
}

/// The choices of the forms on the page.
pub(super) fn refusals() -> impl Iterator<Item = (&'static str, &'static str)> {
    RefusalReason::ALL.iter().map(|reason| (reason.code(), reason.label()))
}

pub(super) fn withdrawals() -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = WithdrawReason::ALL
        .iter()
        .filter(|reason| !matches!(reason, WithdrawReason::AgreementCancelled | WithdrawReason::HomeSuspended));
    own.map(|reason| (reason.code(), reason.label()))
}

pub(super) fn disputes() -> impl Iterator<Item = (&'static str, &'static str)> {
    DisputeReason::ALL.iter().map(|reason| (reason.code(), reason.label()))
}

/// The page.
pub fn nights_page(shell: Shell, view: &NightsView) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled(format!("Nights of {}, {} {}", view.reference, crate::words::month(view.month), view.month.year()))
        .caption(view.title.as_str())
        .record(view.reference.as_str())
        .back(view.back.as_str());
    let page = month::month(Page::new(shell), view, &csrf);
    value::beds(page, view, &csrf)
}
