//! What was agreed, for which nights: the price lines of one side's agreements in a month, as the provider would invoice
//! them, less what was not delivered. It holds nothing of the child and nothing of the authority's own reckoning.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::support::SupportWeek;
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{Agreement, LineWithin};
use placewell_exchange::sheet::{Cell, Sheet};

use crate::answer::Answer;
use crate::command::App;

/// Hours of a week that were bought and not delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotDelivered {
    /// What the line is called.
    pub label: String,
    /// The week's Monday.
    pub week: Date,
    /// What is credited.
    pub credit: Pence,
    /// Whether the authority has agreed.
    pub agreed: bool,
}

/// One agreement in the month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedLine {
    /// Its reference.
    pub reference: String,
    /// The home's name.
    pub home: String,
    /// The other side's name.
    pub other_side: String,
    /// Its state's label.
    pub state: &'static str,
    /// How many nights of the month it charges.
    pub nights: i64,
    /// Its price lines with their nights.
    pub lines: Vec<LineWithin>,
    /// What is taken off.
    pub less: Vec<NotDelivered>,
}

impl AgreedLine {
    /// What its lines charge, less what was not delivered.
    #[must_use]
    pub fn total(&self) -> Pence {
        let charged: Pence = self.lines.iter().map(|line| line.charge).sum();
        let less: Pence = self.less.iter().map(|one| one.credit).sum();
        charged - less
    }
}

/// A month of one side's agreements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedMonth {
    /// Its first day.
    pub first: Date,
    /// The agreements that charge nights of it, by reference.
    pub agreements: Vec<AgreedLine>,
}

impl AgreedMonth {
    /// What all of them come to.
    #[must_use]
    pub fn total(&self) -> Pence {
        self.agreements.iter().map(AgreedLine::total).sum()
    }

    /// The month as a file: a row for each price line, and for each week that was not delivered whole.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        let mut sheet = Sheet::new("Agreed nights", COLUMNS);
        for of in &self.agreements {
            for line in &of.lines {
                let (first, last) = (line.nights.from(), plus_days(line.nights.to(), -1));
                let nights = Cell::Count(line.nights.count());
                let parts = [line.kind.label().into(), line.label.as_str().into(), first.into(), last.into(), nights];
                sheet.rows.push(row(of, parts, line.weekly.into(), line.charge));
            }
            for one in &of.less {
                let what =
                    if one.agreed { "Hours not delivered, agreed" } else { "Hours not delivered, not agreed yet" };
                let (first, last) = (one.week, plus_days(one.week, 6));
                let parts = [what.into(), one.label.as_str().into(), first.into(), last.into(), Cell::Empty];
                sheet.rows.push(row(of, parts, Cell::Empty, -one.credit));
            }
        }
        sheet
    }
}

const COLUMNS: [&str; 11] = [
    "agreement",
    "home",
    "other_side",
    "state",
    "kind",
    "line",
    "first_night",
    "last_night",
    "nights",
    "weekly",
    "charge",
];

fn row(of: &AgreedLine, parts: [Cell; 5], weekly: Cell, charge: Pence) -> Vec<Cell> {
    let mut cells: Vec<Cell> =
        vec![of.reference.as_str().into(), of.home.as_str().into(), of.other_side.as_str().into(), of.state.into()];
    cells.extend(parts);
    cells.extend([weekly, charge.into()]);
    cells
}

fn less(weeks: &[SupportWeek], agreement: &Agreement, nights: Nights) -> Vec<NotDelivered> {
    let own = weeks.iter().filter(|week| week.bought.agreement == agreement.id && nights.contains(week.bought.week));
    let mut found: Vec<NotDelivered> = own
        .filter_map(|week| {
            let agreed = week.state.name() == "agreed";
            let (label, monday) = (week.bought.label.clone(), week.bought.week);
            Some(NotDelivered { label, week: monday, credit: week.credit()?.total, agreed })
        })
        .collect();
    found.sort_by(|one, other| (one.week, &one.label).cmp(&(other.week, &other.label)));
    found
}

impl App {
    /// The month of a day, of the actor's agreements.
    pub async fn agreed_month(&self, actor: &Actor, day: Date) -> Answer<AgreedMonth> {
        let session = self.see(actor, Action::SeeAgreements).await?;
        let first = day.first_of_month();
        let next = plus_days(first.last_of_month(), 1);
        let Some(nights) = Nights::new(first, next) else { return Ok(AgreedMonth { first, agreements: Vec::new() }) };
        let weeks = session.support_weeks(actor.organisation, first).await?;
        let mut agreements = Vec::new();
        for agreement in session.agreements_within(actor.organisation, (first, next)).await? {
            let (lines, less) = (agreement.lines_within(nights), less(&weeks, &agreement, nights));
            if lines.is_empty() && less.is_empty() {
                continue;
            }
            let own = agreement.authority == actor.organisation;
            let other = if own { agreement.provider } else { agreement.authority };
            agreements.push(AgreedLine {
                reference: agreement.reference.to_string(),
                home: session.home(agreement.terms.home).await?.name,
                other_side: session.organisation_by_id(other).await?.name,
                state: agreement.state.label(),
                nights: agreement.charged_nights().and_then(|stay| stay.overlap(nights)).map_or(0, Nights::count),
                lines,
                less,
            });
        }
        Ok(AgreedMonth { first, agreements })
    }
}
