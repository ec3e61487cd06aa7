//! The comparison's pages (N-01 to N-03, N-07): what a reader of the region sees of prices by route, of the share through
//! the arrangement, and of what each route takes to arrange. Their views have no field for a child or a home.

mod checks;
mod prices;
mod samples;
mod share;

pub use checks::{ChecksView, RouteFigures, RouteLine, checks_page};
pub use prices::{NeedCellView, NeedView, PairView, PartView, PricesView, SideView, prices_page};
pub use samples::samples;
pub use share::{AuthorityLine, QuarterLine, ReasonLine, ShareView, SharedLine, share_page};

use crate::components::{Link, SubNav, SummaryCard};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;

/// Where the comparison of prices stands.
pub const PRICES: &str = "/reports/price-comparison";
/// Where the share through the arrangement stands.
pub const SHARE: &str = "/reports/route-share";
/// Where checks and minutes stand.
pub const CHECKS: &str = "/reports/checks";

const REPORTS: [(&str, &str, &str); 3] = [
    (
        "Prices by route",
        PRICES,
        "What placements cost through the FCA, by spot purchase and by block, like for like, in each part of the region, and \
         whether the decision's expectation came true.",
    ),
    (
        "Share through the arrangement",
        SHARE,
        "Of all placements that began in a quarter, how many were made through the arrangement, and why it lost the others.",
    ),
    (
        "Checks and minutes by route",
        CHECKS,
        "Checks that each route takes before a placement, and minutes from the offer to the second signature.",
    ),
];

/// The list of reports; `more` holds those of other rooms: title, address, words.
pub fn reports_page(shell: Shell, more: &[(&str, &str, &str)]) -> Page {
    let page = Page::new(shell.titled("Reports"))
        .narrow()
        .text("Each is made from the records as they stand now. None of them names a child.");
    REPORTS.iter().chain(more).fold(page, |page, (title, href, words)| {
        let body = Html::join([
            Html::paragraph(*words),
            Html::paragraph(Link::new(format!("Open: {}", title.to_lowercase()), *href)),
        ]);
        page.with(SummaryCard::new(*title, body))
    })
}

/// The reports beside each other.
fn tabs(shown: &str) -> SubNav {
    REPORTS.iter().fold(SubNav::new("Reports"), |nav, (title, href, _)| nav.tab(*title, *href, *href == shown))
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
