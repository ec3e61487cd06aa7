//! The share of placements through the arrangement by quarter, for the region or one authority, with the reasons lost.

use jiff::civil::Date;
use placewell_domain::calendar::quarter_of;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{BuyingRoute, PricePoint};
use placewell_domain::placing::referral::{LostBy, LostSearches};
use placewell_domain::reporting::comparison::lost_label;
use placewell_insight::reporting::comparison::{QuarterShare, quarter_shares};

use super::authorities;
use crate::answer::{Answer, Outcome};
use crate::command::App;

/// One reason, with how often it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostReason {
    /// How the search was lost.
    pub by: LostBy,
    /// The reason's code.
    pub code: String,
    /// The reason in words.
    pub words: String,
    /// In each quarter of the page.
    pub by_quarter: Vec<u32>,
}

impl LostReason {
    /// In all quarters.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.by_quarter.iter().sum()
    }
}

/// One authority over all quarters of the page.
#[derive(Debug, Clone)]
pub struct AuthorityShare {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// All quarters together.
    pub all: QuarterShare,
    /// The last four quarters together.
    pub year: QuarterShare,
}

/// The page.
#[derive(Debug, Clone)]
pub struct SharePage {
    /// Whose, by code and name; none for the whole region.
    pub of: Option<(String, String)>,
    /// The quarters, the first one first.
    pub quarters: Vec<QuarterShare>,
    /// The reasons, the most frequent one first.
    pub reasons: Vec<LostReason>,
    /// The authorities, by name.
    pub authorities: Vec<AuthorityShare>,
}

impl App {
    /// The share of placements through the arrangement: of the region, or of the authority with this code.
    pub async fn route_share(&self, actor: &Actor, of: Option<&str>) -> Answer<SharePage> {
        let session = self.see(actor, Action::SeeComparison).await?;
        let since = session.current_arrangement().await?.map(|kept| first_whole_quarter(kept.arrangement.term.start));
        let counts = |quarter: Date| since.is_none_or(|since| quarter >= since);
        let (mut points, mut lost) = (session.price_points().await?, session.lost_searches().await?);
        points.retain(|point| counts(point.quarter));
        lost.retain(|one| counts(one.quarter));
        let mut rows = Vec::new();
        let mut chosen = None;
        for (id, code, name) in authorities(&session).await? {
            let own: Vec<PricePoint> = points.iter().filter(|point| point.authority == id).cloned().collect();
            let quarters = quarter_shares(&own, &[]);
            rows.push(AuthorityShare {
                all: together(&quarters),
                year: together(&quarters[quarters.len().saturating_sub(4)..]),
                code: code.clone(),
                name: name.clone(),
            });
            if of == Some(code.as_str()) {
                let own_lost: Vec<LostSearches> = lost.iter().filter(|one| one.authority == id).cloned().collect();
                chosen = Some(((code, name), quarter_shares(&own, &own_lost)));
            }
        }
        let (of, quarters) = match (of, chosen) {
            (None, _) => (None, quarter_shares(&points, &lost)),
            (Some(_), Some((named, quarters))) => (Some(named), quarters),
            (Some(_), None) => return Err(Outcome::NotFound),
        };
        Ok(SharePage { of, reasons: reasons(&quarters), quarters, authorities: rows })
    }
}

/// The first quarter that lies wholly in a term: before it nobody could place through the arrangement on every day.
fn first_whole_quarter(start: Date) -> Date {
    let quarter = quarter_of(start);
    if quarter == start { start } else { quarter.saturating_add(jiff::Span::new().months(3)) }
}

/// The share over the last four quarters, in thousandths.
pub(super) fn last_year(points: &[PricePoint]) -> Option<u32> {
    let quarters = quarter_shares(points, &[]);
    together(&quarters[quarters.len().saturating_sub(4)..]).thousandths()
}

fn together(quarters: &[QuarterShare]) -> QuarterShare {
    let mut all = QuarterShare {
        quarter: quarters.first().map_or(Date::ZERO, |first| first.quarter),
        placements: [0; BuyingRoute::ALL.len()],
        lost: Vec::new(),
    };
    for quarter in quarters {
        for (sum, more) in all.placements.iter_mut().zip(quarter.placements) {
            *sum += more;
        }
    }
    all
}

fn reasons(quarters: &[QuarterShare]) -> Vec<LostReason> {
    let mut keys: Vec<(LostBy, String)> =
        quarters.iter().flat_map(|quarter| quarter.lost.iter().map(|(key, _)| key.clone())).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut reasons: Vec<LostReason> = keys
        .into_iter()
        .map(|(by, code)| {
            let of = |quarter: &QuarterShare| {
                quarter.lost.iter().filter(|(key, _)| key.0 == by && key.1 == code).map(|(_, count)| count).sum()
            };
            LostReason { by, words: lost_label(by, &code), by_quarter: quarters.iter().map(of).collect(), code }
        })
        .collect();
    reasons.sort_by(|one, other| other.count().cmp(&one.count()).then_with(|| one.code.cmp(&other.code)));
    reasons
}
