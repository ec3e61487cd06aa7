//! Samples of the pages about unregistered settings.

use placewell_domain::money::Pence;
use placewell_domain::outcome::Invalid;

use super::{FormView, LineView, RecordView, ReviewView, list_page, record_page, show_page, update_page};
use crate::samples as kit;

fn record() -> RecordView {
    let day = |day| jiff::civil::date(2021, 9, day);
    RecordView {
        id: 7,
        version: 3,
        reference: "HEF-R-0051".to_owned(),
        age: 15,
        rule: "Regulation 27A, Care Planning Regulations 2010: no child under 16 in an unregistered setting, since \
               9 September 2021"
            .to_owned(),
        from: Some(day(10)),
        court: "Order that authorises a deprivation of liberty, 10 September 2021".to_owned(),
        tell_by: Some(day(13)),
        application: "None made; the provider was told to apply".to_owned(),
        words: Some(("A rented house with agency staff".to_owned(), "Two carers at all times".to_owned())),
        reviews: vec![ReviewView {
            on: day(11),
            by: "Priya Shah".to_owned(),
            search: "Homes were asked or chased today".to_owned(),
            seen: true,
        }],
        review_due: Some(day(12)),
        cost: (Pence::pounds(9_800), Pence::pounds(4_200)),
        today: Some(day(13)),
        may_change: true,
        may_confirm: true,
        ..RecordView::default()
    }
}

pub(in super::super) fn samples() -> Vec<(&'static str, String)> {
    let day = |day| jiff::civil::date(2021, 9, day);
    let view = record();
    let ended = RecordView {
        ended: Some(("The child moved to a registered home".to_owned(), day(13))),
        director: Some(("David Oakden".to_owned(), day(10).at(18, 0, 0, 0))),
        ofsted_told: Some(day(10)),
        review_due: None,
        ..view.clone()
    };
    let erased = RecordView { words: None, erased: true, ..ended.clone() };
    let line = LineView {
        id: 7,
        reference: "HEF-R-0051".to_owned(),
        from: Some(day(10)),
        age: 15,
        court: "Applied for, not yet decided".to_owned(),
        review_due: Some(day(12)),
        cost: Pence::pounds(4_200),
        there: true,
        ..LineView::default()
    };
    let form = FormView { reference: "HEF-R-0051".to_owned(), version: 2, key: "k".to_owned(), ..FormView::default() };
    let errors = Invalid::one("setting", "Say where the setting is and who runs it");
    let shell = kit::signed_in_shell;
    let key = || "k".to_owned();
    vec![
        ("record an unregistered setting", record_page(shell(), &form).to_string()),
        ("record it with errors", record_page(shell(), &FormView { errors, ..form.clone() }).to_string()),
        ("change what is known of it", update_page(shell(), &FormView { id: Some(7), ..form }).to_string()),
        ("a child in an unregistered setting", show_page(shell(), &view, key).to_string()),
        ("one that has ended", show_page(shell(), &ended, key).to_string()),
        ("one of a child whose record was erased", show_page(shell(), &erased, key).to_string()),
        ("children in unregistered settings", list_page(shell(), &[line]).to_string()),
        ("no child in an unregistered setting", list_page(shell(), &[]).to_string()),
    ]
}
