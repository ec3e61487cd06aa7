//! The watch over whole-life value and cumulative spend with one provider (rule 4.5), shown before an award and after it.

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::placing::agreement::{Agreement, ValueWatch, threshold_on};
use placewell_store::Session;

use crate::answer::Answer;

/// What the watch finds about a placement with a provider: its own value, and all of this authority's with them.
/// `but` is left out of the sum, because its value is given.
pub(crate) async fn watch(
    session: &Session,
    (org, provider): (OrganisationId, OrganisationId),
    (but, whole_life): (Option<&Agreement>, Pence),
    on: Date,
) -> Answer<ValueWatch> {
    let others = session.agreements_with(org, provider).await?;
    let others = others.iter().filter(|other| but.is_none_or(|but| but.id != other.id));
    let cumulative = others.map(Agreement::whole_cost).sum::<Pence>() + whole_life;
    Ok(ValueWatch { whole_life, cumulative, threshold: threshold_on(on) })
}
