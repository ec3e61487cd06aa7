//! Who to ask: the homes that pass, the reasons for leaving a route out, and the deadline.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::placing::referral::recipients::Candidates;
use placewell_app::placing::referral::sending::wall;
use placewell_app::placing::referral::{AnswerTask, AskMore, working_days};
use placewell_domain::id::{HomeId, PersonId};
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::referral::{
    Ask, DeadlineChoice, Plan, ReferralState, ScoreBy, Scoring, SkipReason, Task, Tier,
};
use placewell_pages::form::Typed;
use placewell_pages::placing::referral::recipients::{HomeChoice, RecipientsView, recipients_page};

use super::again;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

/// The most homes of one route that the page lists.
const SHOWN: usize = 40;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/referrals/{reference}/recipients", get(show).post(save))
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = signed.app().candidates(&signed.actor, &reference).await.or_fail(&signed)?;
    let typed = stored(&found.referral.plan, &found);
    let view = view_of(&signed, &found, typed).await?;
    Ok(page(&recipients_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())))
}

async fn view_of(signed: &Signed, found: &Candidates, typed: Typed) -> Result<RecipientsView, Failure> {
    let referral = &found.referral;
    let session = signed.app().see(&signed.actor, Action::SeeReferrals).await.or_fail(signed)?;
    let days = working_days(&session, signed.actor.organisation, signed.now().today()).await.or_fail(signed)?;
    drop(session);
    let mut homes = Vec::new();
    let mut beyond = 0_u64;
    for tier in Tier::ALL {
        let of_tier: Vec<_> = found.homes.iter().filter(|home| home.tier == *tier).collect();
        beyond += u64::try_from(of_tier.len().saturating_sub(SHOWN)).unwrap_or(0);
        homes.extend(of_tier.into_iter().take(SHOWN).map(|home| HomeChoice {
            home: home.home.0,
            tier: home.tier,
            name: home.name.clone(),
            facts: format!(
                "{}, {}, {}",
                home.provider,
                home.miles.as_deref().unwrap_or("distance not known"),
                home.grade
            ),
            disabled: if home.asked {
                Some("Already asked".to_owned())
            } else if home.hidden {
                Some("This referral is hidden from it".to_owned())
            } else if *tier == Tier::InHouse {
                Some("Your own home: place the child there without an invitation".to_owned())
            } else {
                None
            },
        }));
    }
    let resolved = referral.plan.deadline.and_then(|choice| choice.resolve(signed.now(), &days).ok());
    Ok(RecipientsView {
        reference: referral.reference.to_string(),
        version: referral.version,
        more: !matches!(referral.state, ReferralState::Draft),
        homes,
        may_skip: found.may_skip.iter().map(|(id, name, post)| (id.0, format!("{name}, {post}"))).collect(),
        left_out: u64::try_from(found.left_out).unwrap_or(0),
        beyond,
        typed,
        fixed: found.scoring.as_ref().map(Scoring::lines).unwrap_or_default(),
        resolved: resolved.map(|deadline| (wall(deadline.at), deadline.working_days)),
    })
}

/// The plan as the form shows it; with no plan yet, the first six homes of the first route that has any are ticked.
fn stored(plan: &Plan, found: &Candidates) -> Typed {
    let mut typed = Typed::default();
    let mut tick =
        |ask: &Ask| typed.set(&format!("homes_{}", ask.tier.code()), format!("{}:{}", ask.tier.code(), ask.home));
    if plan.homes.is_empty() && matches!(found.referral.state, ReferralState::Draft) {
        let open = || found.homes.iter().filter(|home| home.tier.invited() && !home.asked && !home.hidden);
        let first = open().map(|home| home.tier).min();
        let chosen = open().filter(|home| Some(home.tier) == first).take(6);
        chosen.for_each(|home| tick(&Ask { home: home.home, tier: home.tier }));
    } else if matches!(found.referral.state, ReferralState::Draft) {
        plan.homes.iter().for_each(&mut tick);
    }
    for (tier, reason) in plan.skipped() {
        typed.set(&format!("skip_{}", tier.code()), reason.code());
    }
    if let Some(decider) = plan.tiers.iter().find_map(|choice| choice.decided_by) {
        typed.set("decided_by", decider.to_string());
    }
    if let Some(scoring) = &found.scoring {
        for by in ScoreBy::ALL {
            typed.set(&format!("scoring_{}", by.code()), scoring.of(*by).to_string());
        }
    }
    let hidden: Vec<&str> = found.hidden.iter().map(|(urn, _)| urn.as_str()).collect();
    typed.set("hidden_from", hidden.join("\n"));
    match plan.deadline {
        Some(DeadlineChoice::TwoHours) => typed.set("deadline", "two_hours"),
        Some(DeadlineChoice::EndOfToday) => typed.set("deadline", "end_of_today"),
        Some(DeadlineChoice::NoonTomorrow) => typed.set("deadline", "noon_tomorrow"),
        Some(DeadlineChoice::ThreeWorkingDays) => typed.set("deadline", "three_working_days"),
        Some(DeadlineChoice::At(at)) => {
            typed.set("deadline", "at");
            typed.day("deadline_at", Some(at.date()));
            typed.set("deadline_at_time", at.strftime("%H:%M"));
        }
        None => {}
    }
    typed
}

/// The choice of a deadline from its fields.
pub(super) fn read_deadline(fields: &Fields, invalid: &mut Invalid) -> Option<DeadlineChoice> {
    let chosen = fields.get("deadline");
    let at = if chosen == "at" {
        fields.date_and_time("deadline_at", "Enter the date of the deadline, like 16 9 2021", invalid)
    } else {
        None
    };
    let choice = DeadlineChoice::from_code(chosen, at);
    if choice.is_none() && invalid.errors.is_empty() {
        invalid.add("deadline", "Choose until when homes can answer");
    }
    choice
}

/// How offers will be scored; the region's scoring where no weight is entered at all.
fn read_scoring(fields: &Fields, invalid: &mut Invalid) -> Option<Scoring> {
    let names = ScoreBy::ALL.iter().map(|by| (*by, format!("scoring_{}", by.code())));
    let entered: Vec<_> =
        names.filter_map(|(by, name)| Some((by, fields.filled(&name)?.trim().to_owned(), name))).collect();
    if entered.is_empty() {
        return None;
    }
    let mut weights = Vec::new();
    for (by, text, name) in &entered {
        match text.parse::<u8>().ok().filter(|percent| *percent <= 100) {
            Some(percent) => weights.push((*by, percent)),
            None => invalid.add(name, "Enter a whole number of percent from 0 to 100, like 30"),
        }
    }
    if weights.len() < entered.len() {
        return None;
    }
    Scoring::new(&weights).map_err(|wrong| invalid.errors.extend(wrong.errors)).ok()
}

fn read_homes(fields: &Fields) -> Vec<Ask> {
    Tier::ALL
        .iter()
        .flat_map(|tier| {
            let name = format!("homes_{}", tier.code());
            let ids: Vec<Ask> = fields
                .all(&name)
                .filter_map(|value| value.split_once(':')?.1.parse().ok())
                .map(|id| Ask { home: HomeId(id), tier: *tier })
                .collect();
            ids
        })
        .collect()
}

/// Each tier left out needs its reason and who decided it.
fn say_why(plan: &Plan, decided_by: Option<PersonId>, invalid: &mut Invalid) {
    if decided_by.is_none() && !plan.without_power(&[]).is_empty() {
        invalid.add("decided_by", "Choose who decided to leave a route out");
    }
    for tier in plan.unexplained() {
        invalid.add(&format!("skip_{}", tier.code()), format!("Say why {} are left out", tier.label()));
    }
}

/// The homes that must not learn of the referral, one on each line.
async fn read_hidden(signed: &Signed, fields: &Fields, invalid: &mut Invalid) -> Result<Vec<HomeId>, Failure> {
    let lines = fields.get("hidden_from").lines().map(str::trim).filter(|line| !line.is_empty());
    let texts: Vec<String> = lines.map(str::to_owned).collect();
    let named = signed.app().homes_named(&signed.actor, &texts).await.or_fail(signed)?;
    for (text, _) in named.iter().filter(|(_, id)| id.is_none()) {
        invalid.add("hidden_from", format!("{text} is not the Ofsted number or the full name of one home"));
    }
    Ok(named.into_iter().filter_map(|(_, id)| id).collect())
}

async fn save(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let found = signed.app().candidates(&signed.actor, &reference).await.or_fail(&signed)?;
    let mut invalid = Invalid::default();
    let chosen: Vec<Ask> = read_homes(&fields).into_iter().filter(|ask| found.could_meet(ask)).collect();
    let first_field =
        found.homes.first().map_or_else(|| "homes".to_owned(), |home| format!("homes_{}", home.tier.code()));
    if chosen.is_empty() {
        invalid.add(&first_field, "Choose at least one home to ask");
    }
    let more = !matches!(found.referral.state, ReferralState::Draft);
    let skipped = |tier: Tier| fields.filled(&format!("skip_{}", tier.code())).and_then(SkipReason::from_code);
    let decided_by = fields.filled("decided_by").and_then(|id| id.parse().ok()).map(PersonId);
    let deadline = if more { found.referral.plan.deadline } else { read_deadline(&fields, &mut invalid) };
    let plan = if more {
        found.more(&chosen, skipped, decided_by)
    } else {
        let hidden = read_hidden(&signed, &fields, &mut invalid).await?;
        if chosen.iter().any(|ask| hidden.contains(&ask.home)) {
            invalid.add("hidden_from", "A home to hide this referral from is among those to ask");
        }
        let scoring = read_scoring(&fields, &mut invalid);
        Plan { scoring, ..found.plan(chosen.clone(), skipped, deadline, hidden).decided_by(decided_by) }
    };
    say_why(&plan, decided_by, &mut invalid);
    if !invalid.errors.is_empty() {
        return form_again(&signed, &found, &fields, &invalid, &key).await;
    }
    let answer = if more {
        let skipped = Tier::ALL.iter().filter_map(|tier| Some((*tier, skipped(*tier)?))).collect();
        let command = AskMore { reference, version: fields.version(), homes: chosen, skipped, decided_by };
        signed.app().perform(&signed.actor, &key, command).await
    } else {
        let checked = signed.app().checked_referral(&signed.actor, &reference).await.or_fail(&signed)?;
        let command = AnswerTask {
            reference,
            version: fields.version(),
            task: Task::Recipients,
            profile: checked.referral.profile,
            narrative: checked.narrative,
            plan,
        };
        signed.app().perform(&signed.actor, &key, command).await
    };
    match answer {
        Ok(receipt) => Ok(see(&receipt)),
        Err(placewell_app::Outcome::Invalid(invalid)) => form_again(&signed, &found, &fields, &invalid, &key).await,
        Err(outcome) => again(&signed, outcome, |_| see(&placewell_app::Receipt::at("/referrals"))),
    }
}

async fn form_again(signed: &Signed, found: &Candidates, fields: &Fields, invalid: &Invalid, key: &str) -> Answered {
    let mut view = view_of(signed, found, Typed::new(fields.pairs().to_vec())).await?;
    view.version = fields.version();
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &recipients_page(signed.shell(), &view, invalid, key)))
}
