//! One rendering of every page and of every component in every state, for the tests that render and lint them.
//!
//! A room adds its own `samples()` and one line in [`all`]. Everything shown is invented.

use jiff::civil::date;
use placewell_domain::office::access::Role;

use crate::shell::{NavLink, Shell, SignedIn};
use crate::{buying, homes, office, owed, placing, power, reporting, setting, start, system, tour};

mod kit;

/// A room's samples: what each shows, and the whole page.
type Samples = fn() -> Vec<(&'static str, String)>;

/// Every sample: where it belongs, what it shows, the whole page.
pub fn all() -> Vec<(String, String)> {
    let rooms: &[(&str, Samples)] = &[
        ("components", kit::samples),
        ("start", start::samples),
        ("tour", tour::samples),
        ("owed", owed::samples),
        ("setting", setting::samples),
        ("system/api", system::api::samples),
        ("system/border", system::border::samples),
        ("system/outcome", system::outcome::samples),
        ("system/sign_in", system::sign_in::samples),
        ("system/statement", system::statement::samples),
        ("system/words", system::words::samples),
        ("office/person", office::person::samples),
        ("power/decision", power::decision::samples),
        ("power/delegation", power::delegation::samples),
        ("power/arrangement", power::arrangement::samples),
        ("power/annual_value", power::annual_value::samples),
        ("office/access", office::access::samples),
        ("office/access/cover", office::access::cover::samples),
        ("office/access/glass", office::access::glass::samples),
        ("office/access/table", office::access::table::samples),
        ("office/document", office::document::samples),
        ("office/import", office::import::samples),
        ("office/message", office::message::samples),
        ("office/record", office::record::samples),
        ("homes/home", homes::home::samples),
        ("homes/admission", homes::admission::samples),
        ("homes/standing", homes::standing::samples),
        ("homes/monitoring", homes::monitoring::samples),
        ("homes/price", homes::price::samples),
        ("placing/occupancy", placing::occupancy::samples),
        ("placing/referral/homes", placing::referral::homes::samples),
        ("placing/referral", placing::referral::samples),
        ("placing/child", placing::child::samples),
        ("placing/disclosure", placing::disclosure::samples),
        ("placing/disclosure/ground", placing::disclosure::ground::samples),
        ("placing/disclosure/recall", placing::disclosure::recall::samples),
        ("placing/invitation", placing::invitation::samples),
        ("placing/offer", placing::offer::samples),
        ("placing/approval/compare", placing::approval::compare::samples),
        ("placing/approval", placing::approval::samples),
        ("placing/agreement", placing::agreement::samples),
        ("buying/spot", buying::spot::samples),
        ("buying/check", buying::check::samples),
        ("buying/block", buying::block::samples),
        ("reporting/comparison", reporting::comparison::samples),
        ("reporting/publication", reporting::publication::samples),
        ("reporting/appraisal", reporting::appraisal::samples),
    ];
    rooms
        .iter()
        .flat_map(|(room, samples)| samples().into_iter().map(move |(name, html)| (format!("{room}: {name}"), html)))
        .collect()
}

/// The shell of a visitor.
pub fn public_shell() -> Shell {
    Shell {
        nav: ["Arrangement", "Decisions", "Contracts", "Providers", "Data"]
            .map(|text| NavLink::new(text, format!("/{}", text.to_lowercase()), false))
            .to_vec(),
        nonce: "c2FtcGxl".to_owned(),
        csrf: "sample-token".to_owned(),
        request_ref: "7Q3M-K9".to_owned(),
        assets: "/assets".to_owned(),
        version: "0.1.0".to_owned(),
        ..Shell::default()
    }
    .demonstration(date(2021, 9, 13))
}

/// The shell of a placement officer.
pub fn signed_in_shell() -> Shell {
    shell_of(Role::PlacementOfficer)
}

/// The shell of somebody in a role.
pub fn shell_of(role: Role) -> Shell {
    Shell {
        nav: ["Home", "Referrals", "Homes", "Agreements", "Reports"]
            .map(|text| NavLink::new(text, format!("/{}", text.to_lowercase()), text == "Referrals"))
            .to_vec(),
        signed_in: Some(SignedIn {
            name: "Priya Shah".to_owned(),
            organisation: "Herefordshire Council".to_owned(),
            role,
            can_switch: true,
        }),
        ..public_shell()
    }
}
