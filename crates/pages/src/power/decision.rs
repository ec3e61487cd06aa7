//! Decisions: the public record and list, and the pages on which democratic services record, check, publish and call in.

mod check;
mod delegated;
mod difference;
mod exempt;
mod findings;
mod notice;
mod officer;
mod plan;
mod public;

pub use check::{CheckForm, Typed, check_page, grant_part, paste_page};
pub use delegated::{
    DelegatedForm, DelegatedLine, DelegatedView, delegated_form, delegated_list, delegated_own, delegated_page,
    delegated_worklist, withdrawn_page,
};
pub use exempt::{ExemptLineView, ExemptView, exempt_page};
pub use findings::FindingView;
pub use officer::{DependantView, OfficerView, WorkView, call_in_page, dates_page, officer_page, worklist_page};
pub use plan::{PlanRow, plan_page};
pub use public::{DecisionView, ListFilters, ListedDecision, TextVersion, list_page, preview_page, record_page};

use placewell_domain::power::decision::Standing;

use crate::components::{Colour, Tag};

/// The tag of where a decision stands.
pub(crate) fn standing_tag(standing: Standing) -> Tag {
    let colour = match standing {
        Standing::InForce { .. } => Colour::Green,
        Standing::InCallInWindow { .. } => Colour::Yellow,
        Standing::CalledIn => Colour::Red,
        Standing::NotPublished => Colour::Blue,
        Standing::Rescinded | Standing::Superseded { .. } | Standing::OutsideTerm => Colour::Grey,
    };
    Tag::new(standing.label(), colour)
}

/// What a record lacks, in words.
fn missing_words(field: &str) -> String {
    match field {
        "source_url" => "the address of the published page".to_owned(),
        "annual_value_pence" => "the annual value".to_owned(),
        "term.start" => "the first day of the term".to_owned(),
        "term.end" => "the last day of the term".to_owned(),
        "term.option_months" => "the option to extend".to_owned(),
        other => crate::words::code(other),
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let mut all = public::samples();
    all.extend(officer::samples());
    all.extend(check::samples());
    all.extend(delegated::samples());
    all.extend(difference::samples());
    all.extend(exempt::samples());
    all.extend(plan::samples());
    all
}
