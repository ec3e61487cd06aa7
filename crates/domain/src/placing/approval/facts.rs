//! The facts that an approval rests on, their canonical text (whose SHA-256 the approval carries), and what a change
//! of them does: void, or kept and told (rule 1.7).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::checks::OpenCheck;
use super::spot::SpotFact;
use crate::authority::DistanceClass;
use crate::calendar::long_date;
use crate::homes::home::Grade;
use crate::homes::price::{LineKind, PriceLine};
use crate::homes::standing::Standing;
use crate::id::{DecisionId, HomeId, OfferId, ReferralId};
use crate::money::Pence;
use crate::nights::{ChargedDays, days_between, plus_days};
use crate::power::annual_value::Route;
use crate::power::decision::LimbLabel;

/// The power that an award is to be made under: which limb of which decision. Who uses it is known at the approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "power", rename_all = "snake_case")]
pub enum PowerFact {
    /// A limb of a decision in force.
    Limb {
        /// The decision.
        decision: DecisionId,
        /// Its reference.
        reference: String,
        /// The limb's label as its page prints it.
        letter: LimbLabel,
    },
    /// No limb in force gives the power; only urgency can carry the award (rule 1.3).
    NoneInForce,
}

impl PowerFact {
    /// The words on a page.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Limb { reference, letter, .. } => format!("limb ({letter}) of decision {reference}"),
            Self::NoneInForce => "no power in force".to_owned(),
        }
    }
}

/// Everything that an approval rests on. Figures, codes and dates only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwardFacts {
    /// The referral.
    pub referral: ReferralId,
    /// The offer.
    pub offer: OfferId,
    /// By which route it is bought.
    pub route: Route,
    /// The home.
    pub home: HomeId,
    /// Whether the child would live there alone.
    pub solo: bool,
    /// The first night.
    pub start: Date,
    /// The day after the last planned night.
    pub planned_end: Date,
    /// The price lines.
    pub lines: Vec<PriceLine>,
    /// How the home stands with the region on the start.
    pub standing: Standing,
    /// Ofsted restricts new admissions.
    pub restricted: bool,
    /// The home is registered.
    pub registered: bool,
    /// Its grade.
    pub grade: Grade,
    /// The date of the inspection that gave it.
    pub graded_on: Option<Date>,
    /// Checks that are still open, computed from what is recorded.
    pub checks: Vec<OpenCheck>,
    /// The distance class of regulation 11.
    pub distance: DistanceClass,
    /// The power it is to be made under.
    pub power: PowerFact,
    /// The spot purchase that it is made for; none through the arrangement.
    #[serde(default)]
    pub spot: Option<SpotFact>,
    /// Which of the first and last day it would charge.
    #[serde(default)]
    pub charged: ChargedDays,
}

/// One fact that is another now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactChange {
    /// Which fact, in words.
    pub fact: String,
    /// What was approved or asked.
    pub was: String,
    /// What it is now.
    pub now: String,
    /// Whether an approval ends with it.
    pub voids: bool,
}

impl AwardFacts {
    /// One text for one set of facts: the bytes whose SHA-256 an approval carries. Lines in the order of the offer.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut text = String::from("placewell award facts 1\n");
        let mut put = |name: &str, value: String| {
            text.push_str(name);
            text.push('=');
            text.push_str(&value.replace(['\\', '\n'], " "));
            text.push('\n');
        };
        put("referral", self.referral.to_string());
        put("offer", self.offer.to_string());
        put("route", self.route.code().to_owned());
        put("home", self.home.to_string());
        put("solo", self.solo.to_string());
        put("start", self.start.to_string());
        put("planned_end", self.planned_end.to_string());
        for line in &self.lines {
            put("line", line_text(line));
        }
        put("standing", self.standing.code().to_owned());
        put("restricted", self.restricted.to_string());
        put("registered", self.registered.to_string());
        put("grade", self.grade.code().to_owned());
        put("graded_on", self.graded_on.map_or_else(String::new, |on| on.to_string()));
        for check in &self.checks {
            put("check", check.code().to_owned());
        }
        put("distance", self.distance.words().to_owned());
        put("power", self.power.words());
        if let Some(spot) = &self.spot {
            put("spot", spot.words());
        }
        // Approvals given before there was a choice keep their hash.
        if self.charged != ChargedDays::default() {
            put("charged", self.charged.code().to_owned());
        }
        text
    }

    /// The whole price of a week on the first night.
    #[must_use]
    pub fn weekly(&self) -> Pence {
        weekly_on(&self.lines, self.start, None)
    }

    /// What all lines cost from the start to the planned end, by the term on the first and last day.
    #[must_use]
    pub fn whole_cost(&self) -> Pence {
        let stay = self.charged.charged(self.start, self.planned_end);
        stay.map_or(Pence::ZERO, |stay| self.lines.iter().map(|line| line.charge(stay)).sum())
    }

    /// What differs in `now` from these facts, and which of it voids an approval.
    #[must_use]
    pub fn changes(&self, now: &Self) -> Vec<FactChange> {
        let mut changes = Vec::new();
        let mut note = |fact: &str, was: String, now: String, voids: bool| {
            if was != now {
                changes.push(FactChange { fact: fact.to_owned(), was, now, voids });
            }
        };
        note("Home", self.home.to_string(), now.home.to_string(), true);
        note("Offer", self.offer.to_string(), now.offer.to_string(), true);
        note("Route", self.route.label().to_owned(), now.route.label().to_owned(), true);
        note("Power", self.power.words(), now.power.words(), true);
        note("Distance", self.distance.words().to_owned(), now.distance.words().to_owned(), true);
        note("Start", long_date(self.start), long_date(now.start), self.start_voids(now.start));
        note(
            "Planned end",
            long_date(self.planned_end),
            long_date(now.planned_end),
            now.planned_end > self.planned_end,
        );
        note("Living alone", yes_no(self.solo), yes_no(now.solo), true);
        let spot = |facts: &Self| facts.spot.as_ref().map_or_else(|| "none".to_owned(), SpotFact::words);
        note("Spot purchase", spot(self), spot(now), true);
        let dearer = now.charged.beyond_nights() > self.charged.beyond_nights();
        note("First and last day", self.charged.label().to_owned(), now.charged.label().to_owned(), dearer);
        let admits = |standing| matches!(standing, Standing::Good | Standing::OnWatch);
        let lost = admits(self.standing) && !admits(now.standing);
        note("Standing", self.standing.label().to_owned(), now.standing.label().to_owned(), lost);
        note("Ofsted restricts admissions", yes_no(self.restricted), yes_no(now.restricted), now.restricted);
        note("Registered", yes_no(self.registered), yes_no(now.registered), !now.registered);
        let inadequate = now.grade == Grade::Inadequate;
        note("Ofsted's grade", self.grade.label().to_owned(), now.grade.label().to_owned(), inadequate);
        let lapsed = now.checks.iter().any(|check| !self.checks.contains(check));
        note("Checks open", OpenCheck::words(&self.checks), OpenCheck::words(&now.checks), lapsed);
        let funders = |facts: &Self| {
            let own = authority_on(&facts.lines, facts.start);
            format!("{own} of {} a week by the authority", facts.weekly())
        };
        if self.weekly() == now.weekly() {
            note("Who pays", funders(self), funders(now), false);
        }
        let rises = rises(&self.lines, &now.lines, self.start.max(now.start), self.planned_end.max(now.planned_end));
        let mut price = (self.weekly().to_string(), now.weekly().to_string());
        if rises && price.0 == price.1 {
            price = (self.whole_cost().to_string(), now.whole_cost().to_string());
        }
        if rises && price.0 == price.1 {
            price.1.push_str(", rising later or for other funders");
        }
        note("Price a week", price.0, price.1, rises);
        changes
    }

    /// An earlier start ends an approval, and one more than 3 days later.
    fn start_voids(&self, now: Date) -> bool {
        now < self.start || now > plus_days(self.start, LATEST_START_DAYS)
    }
}

/// How many days later than approved a child can start without a new approval (rule 1.7).
pub const LATEST_START_DAYS: i64 = 3;

fn yes_no(answer: bool) -> String {
    if answer { "yes".to_owned() } else { "no".to_owned() }
}

fn line_text(line: &PriceLine) -> String {
    let shares = &line.shares;
    let hours = line.support.as_ref().map_or_else(String::new, |hours| {
        format!("{}q x {} x {} review {}", hours.quarter_hours, hours.rate.0, hours.staff, hours.review_on)
    });
    format!(
        "{} {} {} {} {} {}/{}/{} {} {}",
        line.kind.code(),
        line.weekly.0,
        line.from,
        line.to,
        line.origin,
        shares.authority,
        shares.education,
        shares.health,
        hours,
        line.label
    )
}

/// What is charged a week on a night, for one kind of line or for all.
fn weekly_on(lines: &[PriceLine], night: Date, kind: Option<LineKind>) -> Pence {
    let on = |line: &&PriceLine| line.from <= night && night < line.to && kind.is_none_or(|kind| line.kind == kind);
    lines.iter().filter(on).map(|line| line.weekly).sum()
}

/// What the authority itself pays a week on a night.
fn authority_on(lines: &[PriceLine], night: Date) -> Pence {
    let on = |line: &&PriceLine| line.from <= night && night < line.to;
    lines
        .iter()
        .filter(on)
        .map(|line| {
            let [own, ..] = line.shares.split(line.weekly);
            own
        })
        .sum()
}

/// Whether any kind of line, or the authority's own part, costs more on any night of the stay.
fn rises(was: &[PriceLine], now: &[PriceLine], from: Date, until: Date) -> bool {
    let edges = was.iter().chain(now).flat_map(|line| [line.from, line.to]);
    let nights = edges.chain([from]).filter(|night| *night >= from && days_between(*night, until) > 0);
    nights.into_iter().any(|night| {
        LineKind::ALL.iter().any(|kind| weekly_on(now, night, Some(*kind)) > weekly_on(was, night, Some(*kind)))
            || authority_on(now, night) > authority_on(was, night)
    })
}
