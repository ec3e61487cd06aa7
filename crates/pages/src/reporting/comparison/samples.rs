//! Samples of the comparison's pages: every verdict, and nothing recorded yet.

use jiff::civil::date;
use placewell_domain::money::Pence;
use placewell_domain::reporting::comparison::{Difference, Hundredths, Interval, Pair, TooFew, Verdict};

use super::{
    AuthorityLine, ChecksView, NeedCellView, NeedView, PairView, PartView, PricesView, QuarterLine, ReasonLine,
    RouteFigures, RouteLine, ShareView, SharedLine, SideView, checks_page, prices_page, reports_page, share_page,
};
use crate::samples as kit;

fn between(from: i64, to: i64) -> Interval {
    Interval { from: Hundredths(from), to: Hundredths(to) }
}

fn part(name: &str, ninety: (i64, i64), verdict: Verdict) -> PartView {
    let estimate = Hundredths(i64::midpoint(ninety.0, ninety.1));
    let wide = between(ninety.0 - 120, ninety.1 + 130);
    let difference = Some(Difference { estimate, ninety: between(ninety.0, ninety.1), ninety_five: wide });
    let side = |route, placements: usize, median| SideView {
        route,
        count: (placements >= 5).then_some((placements, placements / 2)),
        quartiles: (placements >= 5).then(|| [median - 60_000, median, median + 91_050].map(Pence)),
        untold: (1..5).contains(&placements).then_some("Fewer than 5"),
    };
    PartView {
        name: name.to_owned(),
        sides: vec![side("FCA", 84, 395_000), side("Spot purchase", 61, 431_000), side("Block", 3, 0)],
        pairs: vec![
            PairView { pair: Pair::SpotFca, difference, verdict },
            PairView { pair: Pair::BlockFca, difference: None, verdict: Verdict::TooFew(TooFew::Placements) },
            PairView { pair: Pair::BlockSpot, difference: None, verdict: Verdict::TooFew(TooFew::Homes) },
        ],
        expected: None,
        outturn: "Nothing was expected",
    }
}

fn need(need_band: &str) -> NeedView {
    let cell = |placements: [Result<usize, &'static str>; 2], verdict| NeedCellView {
        placements,
        pair: PairView { pair: Pair::SpotFca, difference: None, verdict },
    };
    let mut cells = vec![cell([Ok(410), Ok(120)], Verdict::BroadlySimilar), cell([Ok(88), Ok(41)], Verdict::Higher)];
    cells.extend([cell([Ok(7), Err("Fewer than 5")], Verdict::TooFew(TooFew::Placements)); 4]);
    NeedView { need_band: need_band.to_owned(), cells }
}

fn prices() -> PricesView {
    let similar = PartView {
        expected: Some(("Broadly similar", Some("HEF-2019-0114".to_owned()))),
        outturn: "As expected",
        ..part("Herefordshire", (-310, 640), Verdict::BroadlySimilar)
    };
    PricesView {
        by_area: false,
        band: 1_000,
        placements: Some(2_914),
        share: Some(442),
        checks: (6, 18),
        quarters: Some((date(2018, 10, 1), date(2021, 7, 1))),
        region: part("The whole region", (410, 790), Verdict::BroadlySimilar),
        parts: vec![
            part("Birmingham", (1_210, 2_090), Verdict::Higher),
            similar,
            part("Solihull", (-380, 1_610), Verdict::CannotTell(between(-500, 1_740))),
            part("Stoke-on-Trent", (-2_100, -900), Verdict::Lower),
            part("Telford & Wrekin", (-9_000, 9_000), Verdict::TooFew(TooFew::Placements)),
        ],
        by_need: ["high", "standard"].map(need).to_vec(),
        lots: vec![("planned".to_owned(), "Planned placements".to_owned())],
        need_bands: vec!["high".to_owned(), "standard".to_owned()],
        ages: vec![("13_to_15", "13 to 15")],
        chosen: ["planned".to_owned(), String::new(), String::new()],
    }
}

fn share() -> ShareView {
    let quarter = |year, month, placements: [u32; 4], share| QuarterLine {
        from: date(year, month, 1),
        apart: Some(placements),
        told: Ok(SharedLine { through: placements[0], all: placements.iter().sum(), share }),
    };
    let together = |told| QuarterLine { from: date(2021, 10, 1), apart: None, told };
    ShareView {
        of: None,
        quarters: vec![
            quarter(2020, 10, [61, 48, 20, 9], Some(442)),
            quarter(2021, 1, [40, 70, 20, 8], Some(290)),
            quarter(2021, 4, [0, 0, 0, 0], None),
            quarter(2021, 7, [66, 50, 20, 9], Some(455)),
            together(Err("Fewer than 5")),
            together(Ok(SharedLine { through: 31, all: 60, share: Some(517) })),
        ],
        reasons: vec![ReasonLine {
            by: "Placed by spot purchase",
            words: "No home on the arrangement has a bed for this child".to_owned(),
            count: Ok((91, 40)),
        }],
        authorities: vec![AuthorityLine {
            code: "HEF".to_owned(),
            name: "Herefordshire".to_owned(),
            all: Ok(SharedLine { through: 54, all: 120, share: Some(451) }),
            year: Err("Left out beside fewer than 5"),
        }],
    }
}

fn checks() -> ChecksView {
    let line = |authority: &str, route, placements, known: Option<u32>| RouteLine {
        authority: authority.to_owned(),
        route,
        figures: Some(RouteFigures { placements, checks: 6, check_minutes: 185, contracting: known, said: known }),
    };
    let few = |authority: &str| RouteLine { figures: None, ..line(authority, "Spot purchase", 0, None) };
    ChecksView {
        places: true,
        days: (date(2020, 9, 14), date(2021, 9, 13)),
        own: vec![line("", "Through the arrangement", 31, Some(95)), line("", "Spot purchase", 4, None)],
        region: vec![line("Herefordshire", "Spot purchase", 4, None), few("Walsall")],
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let shell = kit::signed_in_shell;
    let one = ShareView { of: Some(("HEF".to_owned(), "Herefordshire".to_owned())), ..share() };
    let nothing = ShareView { quarters: vec![], reasons: vec![], ..share() };
    let none = PricesView {
        by_area: true,
        placements: Some(0),
        quarters: None,
        parts: vec![part("Telford & Wrekin", (0, 0), Verdict::TooFew(TooFew::Placements))],
        ..prices()
    };
    vec![
        ("reports", reports_page(shell(), &[]).to_string()),
        ("prices by route", prices_page(shell(), &prices()).to_string()),
        ("prices by route, none yet", prices_page(shell(), &none).to_string()),
        ("share through the arrangement", share_page(shell(), &share()).to_string()),
        ("share of one authority", share_page(shell(), &one).to_string()),
        ("share, nothing yet", share_page(shell(), &nothing).to_string()),
        ("checks and minutes", checks_page(shell(), &checks()).to_string()),
        (
            "checks of the regional team",
            checks_page(shell(), &ChecksView { places: false, region: vec![], ..checks() }).to_string(),
        ),
    ]
}
