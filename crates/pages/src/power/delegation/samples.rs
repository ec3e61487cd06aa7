//! Samples of the pages about powers.

use jiff::civil::Date;
use placewell_domain::nights::OPEN_END;
use placewell_domain::outcome::Invalid;

use super::{
    Asked, DelegationView, EndView, HolderView, InstrumentView, LimbView, PostView, delegations_page, end_page,
    form_page,
};
use crate::samples as kit;

const DAY: Date = Date::constant(2021, 9, 1);

fn sample() -> DelegationView {
    let day = DAY;
    let line = |who: &str, what: &str| InstrumentView {
        kind: "sub_delegation",
        id: 7,
        who: who.into(),
        what: what.into(),
        by: "Scheme of 1 April 2021".into(),
        from: day,
        to: OPEN_END,
    };
    DelegationView {
        limbs: vec![LimbView {
            decision: 1,
            reference: "HEF-2019-0114".into(),
            letter: 'b'.into(),
            allows: vec!["Director may award placement agreements.".into()],
            posts: vec![("Director of Children and Families".into(), false)],
            named: vec!["Director".into()],
        }],
        posts: vec![
            PostView {
                id: 1,
                title: "Director of Children and Families".into(),
                grade: "Director".into(),
                remit: "the whole service".into(),
                holders: vec![HolderView {
                    id: 3,
                    name: "Rhian Price".into(),
                    kind: "Acting: letter of 1 September 2021".into(),
                    from: day,
                    to: OPEN_END,
                    now: true,
                }],
            },
            PostView {
                id: 2,
                title: "Assistant Director".into(),
                grade: "Assistant Director".into(),
                remit: "none".into(),
                holders: vec![],
            },
        ],
        passed_on: vec![line("Head of Service", "Extra support")],
        urgency: vec![line("Director", "Urgency")],
        statutory: vec![],
        on_call: vec![],
        members: vec![(1, "Rhian Price".into())],
        mine: vec![("Award a placement agreement".into(), Err("You hold no post that the limb names.".into()))],
        records: true,
        today: day,
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let (view, day) = (sample(), DAY);
    let ending = EndView {
        kind: "holding",
        id: 3,
        who: "Rhian Price".into(),
        what: "Director of Children and Families, acting".into(),
        from: day,
        to: OPEN_END,
    };
    let wrong = Invalid::one("last", "Enter the last day, like 30 9 2021");
    let form = |asked| form_page(kit::signed_in_shell(), asked, &view, "k", &[], &Invalid::default()).to_string();
    vec![
        ("delegations", delegations_page(kit::signed_in_shell(), &view).to_string()),
        ("record a post", form(Asked::Post)),
        ("link a limb", form(Asked::LimbPost)),
        ("appoint", form(Asked::Holding)),
        ("sub-delegate", form(Asked::SubDelegation)),
        ("urgency power", form(Asked::UrgencyPower)),
        ("statutory appointment", form(Asked::Statutory)),
        ("on-call rota", form(Asked::OnCall)),
        ("end a record", end_page(kit::signed_in_shell(), &ending, "k", ["30", "9", "2021"], &wrong).to_string()),
    ]
}
