//! Comparing offers, recommending one, and deciding requests for approval.

mod compare;
mod deciding;
pub(crate) mod emergencies;
mod recommend;
mod show;

use axum::Router;
use axum::routing::get;
use placewell_app::placing::approval::FollowLine;
use placewell_app::power::annual_value::Effect;
use placewell_domain::nights::plus_days;
use placewell_pages::placing::approval::EffectLine;
use placewell_pages::placing::referral::list::NeedView;
use placewell_pages::words;

use crate::request::Signed;
use crate::respond::{Failure, OrFail};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/{reference}/offers/compare", get(compare::compare))
        .route("/referrals/{reference}/recommend", get(recommend::ask).post(recommend::send))
        .route("/approvals", get(show::list))
        .route("/approvals/emergencies", get(emergencies::show))
        .route("/approvals/emergencies.csv", get(emergencies::csv))
        .route("/approvals/{reference}", get(show::show))
        .route("/approvals/{reference}/pack.pdf", get(show::pack))
        .route("/approvals/{reference}/{act}", get(deciding::ask).post(deciding::send))
}

/// What emergencies still owe, for the officer's day.
pub(crate) async fn owed(signed: &Signed) -> Result<Vec<NeedView>, Failure> {
    let found = signed.app().follow_ups(&signed.actor).await.or_fail(signed)?;
    let line = |line: &FollowLine| {
        let by = words::date(line.follow_up.by);
        NeedView {
            reference: line.referral.to_string(),
            what: line.follow_up.what.label().to_owned(),
            due: if line.overdue { format!("Overdue: by {by}") } else { format!("By {by}") },
            act: ("Record that it was done".to_owned(), format!("/approvals/{}/follow-up", line.follow_up.approval)),
        }
    };
    Ok(found.iter().map(line).collect())
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
