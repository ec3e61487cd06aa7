//! The words of a decision and of an officer's decision that go public, field by field.

use placewell_domain::power::decision::{DecisionPage, DelegatedPage};

use crate::naming::Texts;

/// Every text of a decision's page. What a page prints of posts in a limb stands in the limb's own words too.
pub(super) fn texts_of(page: &DecisionPage) -> Texts {
    let mut texts: Texts = vec![("title", page.title.clone())];
    for (field, text) in [
        ("decision_maker", &page.decision_maker),
        ("status", &page.status),
        ("purpose", &page.purpose),
        ("reasons", &page.reasons),
        ("no_alternatives", &page.no_alternatives),
        ("conflicts_of_interest", &page.conflicts_of_interest),
        ("dispensations", &page.dispensations),
        ("urgency", &page.urgency),
        ("reason_key", &page.reason_key),
        ("wards", &page.wards),
        ("contact", &page.contact),
    ] {
        texts.extend(text.clone().map(|text| (field, text)));
    }
    texts.extend(page.limbs.iter().map(|limb| ("limbs", limb.text.clone())));
    texts.extend(page.alternatives.iter().map(|one| ("alternatives", one.text.clone())));
    texts.extend(page.documents.iter().map(|one| ("documents", one.title.clone())));
    texts
}

/// Every text of an officer's decision.
pub(super) fn delegated_texts(page: &DelegatedPage) -> Texts {
    let mut texts: Texts = vec![
        ("title", page.title.clone()),
        ("decided", page.decided.clone()),
        ("post", page.post.clone()),
        ("reasons", page.reasons.clone()),
        ("alternatives", page.alternatives.clone()),
        ("conflicts", page.conflicts.clone()),
    ];
    for (field, text) in [("supplier", &page.supplier), ("exempt", &page.exempt)] {
        texts.extend(text.clone().map(|text| (field, text)));
    }
    texts
}
