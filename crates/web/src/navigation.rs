//! The service navigation: at most six links for each role, and the public's for everybody else.

use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::Actor;
use placewell_pages::shell::NavLink;

/// The links for this reader, with the page they are on marked.
#[must_use]
pub fn links(actor: Option<&Actor>, path: &str) -> Vec<NavLink> {
    let links = own(actor.map(|actor| actor.role));
    let here = links
        .iter()
        .map(|(_, href)| href.split('?').next().unwrap_or(href))
        .filter(|href| path.starts_with(href))
        .max_by_key(|href| href.len());
    links.iter().map(|(text, href)| NavLink::new(*text, *href, Some(*href) == here)).collect()
}

/// What is needed now and then, for those who may and where the navigation has no place for it.
#[must_use]
pub fn own_links(actor: Option<&Actor>, path: &str) -> Vec<NavLink> {
    let Some(role) = actor.map(|actor| actor.role) else { return Vec::new() };
    let all = [
        ("Children’s records", "/children", Action::SeeRetention),
        ("Broken glass", "/broken-glass", Action::SeeBrokenGlass),
        ("People", "/admin/people", Action::KeepPeople),
        ("Record", "/record", Action::SeeRecord),
        ("Settings", "/settings", Action::SeeSettings),
    ];
    let shown = all.into_iter().filter(|(_, href, action)| {
        may(role, *action) && !own(Some(role)).iter().any(|(_, in_navigation)| in_navigation == href)
    });
    shown.map(|(text, href, _)| NavLink::new(text, href, path.starts_with(href))).collect()
}

const fn own(role: Option<Role>) -> &'static [(&'static str, &'static str)] {
    match role {
        None => &[
            ("Arrangement", "/arrangement"),
            ("Decisions", "/decisions"),
            ("Contracts", "/contracts"),
            ("Providers", "/providers"),
            ("Data", "/data"),
        ],
        Some(Role::PlacementOfficer | Role::Guest) => &[
            ("Home", "/home"),
            ("Referrals", "/referrals"),
            ("Homes", "/homes"),
            ("Agreements", "/agreements"),
            ("Spot", "/spot"),
            ("Evaluations", "/region/evaluations"),
        ],
        Some(Role::CommissioningLead) => &[
            ("Home", "/home"),
            ("Arrangement", "/region/arrangement"),
            ("Homes", "/homes"),
            ("Providers", "/region/providers"),
            ("Mini-blocks", "/mini-blocks"),
            ("Reports", "/reports"),
        ],
        Some(Role::ProviderManager) => &[
            ("Home", "/home"),
            ("Referrals", "/provider/referrals"),
            ("Placements", "/agreements"),
            ("Homes and beds", "/provider/homes"),
            ("Mini-blocks", "/provider/mini-blocks"),
            ("Arrangement", "/provider/arrangement"),
        ],
        Some(Role::Approver) => &[
            ("To decide", "/approvals"),
            ("Mini-blocks", "/mini-blocks"),
            ("Spending", "/finance/annual-value"),
            ("Spot", "/spot"),
            ("Delegations", "/democratic/delegations"),
            ("Reports", "/reports"),
        ],
        Some(Role::FinanceOfficer) => &[
            ("Home", "/home"),
            ("Agreements", "/agreements"),
            ("Annual value", "/finance/annual-value"),
            ("Mini-blocks", "/mini-blocks"),
            ("Reports", "/reports"),
            ("Settings", "/settings"),
        ],
        Some(Role::DemocraticServices) => &[
            ("Home", "/home"),
            ("Decisions", "/democratic/decisions"),
            ("Delegations", "/democratic/delegations"),
            ("Arrangement", "/arrangement/own"),
            ("Settings", "/settings"),
            ("Record", "/record"),
        ],
        Some(Role::Analyst) => {
            &[("Home", "/home"), ("Reports", "/reports"), ("Arrangement", "/arrangement"), ("Homes", "/homes")]
        }
        Some(Role::Administrator) => &[
            ("Home", "/home"),
            ("Jobs and mail", "/admin/jobs"),
            ("People", "/admin/people"),
            ("Cover", "/cover"),
            ("Break glass", "/broken-glass"),
            ("Record", "/record"),
        ],
    }
}
