//! The price lines of a stay that is brought in: core with who pays, education, hours of support until their end.

use placewell_domain::homes::price::{FunderShares, LineKind, PriceLine, SupportHours};
use placewell_domain::money::Pence;
use placewell_domain::nights::OPEN_END;
use placewell_exchange::placing::agreement::HistoryRow;

/// The lines of a row.
pub(super) fn lines(row: &HistoryRow) -> Vec<PriceLine> {
    let line = |kind: LineKind, weekly: Pence| PriceLine {
        kind,
        label: kind.label().to_owned(),
        weekly,
        from: row.start,
        to: OPEN_END,
        origin: row.start,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    };
    let mut core = line(LineKind::Core, row.weekly);
    if let Some((education, health)) = row.shares {
        let authority = 100_u16.saturating_sub(education + health);
        core.shares = FunderShares { authority, education, health, agreed: true };
    }
    let education = row.education.map(|weekly| line(LineKind::Education, weekly));
    let support = row.support.as_ref().map(|bought| {
        let hours = SupportHours {
            quarter_hours: bought.quarter_hours,
            rate: bought.rate,
            staff: 1,
            review_on: bought.review_on,
        };
        PriceLine {
            to: bought.until,
            reason: "Brought in".to_owned(),
            support: Some(hours.clone()),
            ..line(LineKind::AdditionalSupport, hours.weekly())
        }
    });
    [core].into_iter().chain(education).chain(support).collect()
}
