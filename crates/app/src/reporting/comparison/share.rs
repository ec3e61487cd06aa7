//! The share of placements through the arrangement by quarter, for the region or one authority, with the reasons lost; what
//! cannot be told of few is left out (rule 9.1).

use jiff::civil::Date;
use placewell_domain::calendar::quarter_of;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::referral::LostBy;
use placewell_domain::reporting::comparison::lost_label;
use placewell_insight::reporting::comparison::{Began, Sharing, ToldLost, ToldQuarter};

use super::{authorities, reads_own};
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
    /// In each quarter of the page; none where it cannot be told.
    pub by_quarter: Vec<Option<u32>>,
    /// In all quarters, and in the last four.
    pub told: ToldLost,
}

/// One authority over all quarters of the page.
#[derive(Debug, Clone)]
pub struct AuthorityShare {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// All quarters together.
    pub all: Began,
    /// The last four quarters together.
    pub year: Began,
}

/// The page.
#[derive(Debug, Clone)]
pub struct SharePage {
    /// Whose, by code and name; none for the whole region.
    pub of: Option<(String, String)>,
    /// The quarters, the first one first.
    pub quarters: Vec<ToldQuarter>,
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
        let sharing = Sharing::new(&points, &lost, reads_own(actor));
        let all = authorities(&session).await?;
        let chosen = match of {
            None => None,
            Some(code) => Some(all.iter().find(|(_, own, _)| own == code).cloned().ok_or(Outcome::NotFound)?),
        };
        let id = chosen.as_ref().map(|(id, ..)| *id);
        let quarters = sharing.quarters(id);
        let rows = all.into_iter().map(|(id, code, name)| {
            let (all, year) = sharing.authority(id);
            AuthorityShare { code, name, all, year }
        });
        Ok(SharePage {
            authorities: rows.collect(),
            of: chosen.map(|(_, code, name)| (code, name)),
            reasons: reasons(&sharing, id, &quarters),
            quarters,
        })
    }
}

/// The first quarter that lies wholly in a term: before it nobody could place through the arrangement on every day.
fn first_whole_quarter(start: Date) -> Date {
    let quarter = quarter_of(start);
    if quarter == start { start } else { quarter.saturating_add(jiff::Span::new().months(3)) }
}

/// The reasons, those that are told first, the most frequent of them first.
fn reasons(sharing: &Sharing<'_>, of: Option<OrganisationId>, quarters: &[ToldQuarter]) -> Vec<LostReason> {
    let mut keys: Vec<(LostBy, String)> =
        quarters.iter().flat_map(|quarter| quarter.lost.iter().map(|(key, _)| key.clone())).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut reasons: Vec<LostReason> = keys
        .into_iter()
        .map(|key| {
            let told = sharing.lost(of, &key);
            let in_quarter = |quarter: &ToldQuarter| {
                // A quarter without any has nothing to hide, unless how often it was in all is hidden.
                let found = quarter.lost.iter().find(|(why, _)| *why == key).map(|(_, count)| *count);
                found.unwrap_or(told.all.map(|_| 0))
            };
            let by_quarter = quarters.iter().map(in_quarter).collect();
            let (by, code) = key;
            LostReason { by, words: lost_label(by, &code), by_quarter, told, code }
        })
        .collect();
    reasons.sort_by(|one, other| other.told.all.cmp(&one.told.all).then_with(|| one.code.cmp(&other.code)));
    reasons
}
