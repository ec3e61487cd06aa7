//! Comparing offers, recommending one, and deciding requests for approval.

mod compare;
mod deciding;
mod recommend;
mod show;

use axum::Router;
use axum::routing::get;
use placewell_app::power::annual_value::Effect;
use placewell_domain::nights::plus_days;
use placewell_pages::placing::approval::EffectLine;
use placewell_pages::words;

use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/{reference}/offers/compare", get(compare::compare))
        .route("/referrals/{reference}/recommend", get(recommend::ask).post(recommend::send))
        .route("/approvals", get(show::list))
        .route("/approvals/{reference}", get(show::show))
        .route("/approvals/{reference}/{act}", get(deciding::ask).post(deciding::send))
}

/// The annual value before and after, in words.
fn effect_lines(effects: &[Effect]) -> Vec<EffectLine> {
    effects
        .iter()
        .map(|effect| {
            let year = words::date_range(effect.year_start, plus_days(effect.year_start, 364));
            let before = effect.before.map_or_else(
                || "no decision adopts this year".to_owned(),
                |totals| format!("{} of {}", words::money(totals.committed), words::money(totals.ceiling)),
            );
            let (after, refused) = match &effect.after {
                Ok(totals) => (format!("Can still be awarded after it: {}", words::money(totals.headroom())), false),
                Err(refusal) => (refusal.sentence.clone(), true),
            };
            EffectLine { year, before, adds: words::money(effect.delta), after, refused }
        })
        .collect()
}
