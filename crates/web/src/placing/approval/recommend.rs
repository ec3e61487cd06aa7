//! The form that recommends an offer and asks for its approvals.

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::placing::approval::{Reasons, Recommend, RecommendView};
use placewell_domain::authority::DistanceClass;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::approval::{Gates, Relatives, Wishes};
use placewell_domain::placing::offer::NotChosenReason;
use placewell_domain::placing::offer::points::{behind, in_figures, total};
use placewell_domain::power::delegation::RemitArea;
use placewell_pages::form::Typed;
use placewell_pages::placing::approval::{OfferToJudge, RecommendForm, recommend as recommend_page};
use placewell_pages::words;

use super::effect_lines;
use super::show::watch;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};

pub(super) async fn ask(signed: Signed, Path(reference): Path<String>) -> Answered {
    let number = signed.query.get("offer").parse().unwrap_or_default();
    let found = signed.app().recommend_view(&signed.actor, &reference, number).await.or_fail(&signed)?;
    let mut typed = Typed::default();
    typed.day("planned_end", Some(found.case.facts.planned_end));
    typed.set("case", RemitArea::ChildrenLookedAfter.code());
    let form = form(&found, signed.new_key(), typed, Invalid::default());
    Ok(page(&recommend_page(signed.shell(), &form)))
}

pub(super) async fn send(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    let Submitted { signed, fields, key } = submitted;
    let number = fields.get("offer").parse().unwrap_or_default();
    let invalid = match signed.attempt(&key, read(&fields, &reference, number)).await? {
        Ok(receipt) => return Ok(see(&receipt)),
        Err(invalid) => invalid,
    };
    let found = signed.app().recommend_view(&signed.actor, &reference, number).await.or_fail(&signed)?;
    let form = form(&found, key, Typed::new(fields.pairs().to_vec()), invalid);
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &recommend_page(signed.shell(), &form)))
}

/// Reads the command from the form.
pub(crate) fn read(fields: &Fields, reference: &str, number: u32) -> Result<Recommend, Invalid> {
    let mut invalid = Invalid::default();
    let wishes = fields.choice("wishes", Wishes::from_code, "Say whether the child's wishes are known", &mut invalid);
    let relatives = fields.choice(
        "relatives",
        Relatives::from_code,
        "Say whether the child's relatives were consulted",
        &mut invalid,
    );
    let case = fields.choice("case", RemitArea::from_code, "Choose the part of the service", &mut invalid);
    let planned_end = fields.date("planned_end", "Enter the planned end, like 26 9 2022", &mut invalid);
    let day = |name: &str, invalid: &mut Invalid| fields.optional_date(name, "Enter a date, like 10 9 2021", invalid);
    let reviewing_officer = day("reviewing_officer", &mut invalid);
    let area_authority = day("area_authority", &mut invalid);
    for (name, ask) in [
        ("most_appropriate", "Say whether it is the most appropriate placement available"),
        ("in_care_plan", "Say whether it is consistent with the care plan"),
    ] {
        if fields.filled(name).is_none() {
            invalid.add(name, ask);
        }
    }
    let mut reasons = Vec::new();
    for (name, _) in fields.pairs() {
        let Some(of) = name.strip_prefix("for_").and_then(|of| of.parse::<u32>().ok()) else { continue };
        let not_chosen = fields.filled(&format!("not_chosen_{of}")).and_then(NotChosenReason::from_code);
        reasons.push(Reasons {
            number: of,
            for_it: fields.optional_text(&format!("for_{of}"), 4_000, &mut invalid),
            against: fields.optional_text(&format!("against_{of}"), 4_000, &mut invalid),
            not_chosen,
        });
    }
    let mut text = |name: &str| fields.optional_text(name, 4_000, &mut invalid);
    let (said, social_worker) = (text("wishes_words"), text("social_worker"));
    let (why_not, circumstances) = (text("relatives_words"), text("circumstances"));
    let version = fields.get("_version").parse().unwrap_or_default();
    let (Some(wishes), Some(relatives), Some(case), Some(planned_end)) = (wishes, relatives, case, planned_end) else {
        return Err(invalid);
    };
    invalid.or(Recommend {
        reference: reference.to_owned(),
        version,
        number,
        planned_end,
        case,
        reasons,
        gates: Gates {
            wishes,
            most_appropriate: fields.get("most_appropriate") == "yes",
            in_care_plan: fields.get("in_care_plan") == "yes",
            relatives,
            reviewing_officer,
            area_authority,
            care_plan_sent: fields.get("care_plan_sent") == "yes",
        },
        wishes: said,
        social_worker,
        relatives: why_not,
        circumstances,
    })
}

fn form(found: &RecommendView, key: String, typed: Typed, errors: Invalid) -> RecommendForm {
    let case = &found.case;
    let pair = |code: &str, label: &str| (code.to_owned(), label.to_owned());
    let offers = found.offers.iter().map(|(offer, home)| OfferToJudge {
        number: offer.number,
        name: format!("{home}, {}", words::a_week(offer.total())),
        chosen: offer.id == case.offer.id,
    });
    let needed = found.needed.iter().map(|needed| {
        let why = needed.triggers.iter().map(|trigger| (trigger.rule.clone(), trigger.why.clone())).collect();
        (needed.kind.label().to_owned(), needed.kind.by_whom().to_owned(), why)
    });
    RecommendForm {
        reference: case.referral.reference.to_string(),
        version: case.referral.version,
        key,
        offers: offers.collect(),
        against: NotChosenReason::ALL.iter().take(8).map(|reason| pair(reason.code(), reason.label())).collect(),
        wishes: Wishes::ALL.iter().map(|wish| pair(wish.code(), wish.label())).collect(),
        relatives: Relatives::ALL.iter().map(|said| pair(said.code(), said.label())).collect(),
        cases: RemitArea::ALL.iter().map(|area| pair(area.code(), area.label())).collect(),
        area: match case.facts.distance {
            DistanceClass::InArea => None,
            DistanceClass::Adjoining => Some((case.area.clone(), false)),
            DistanceClass::AtADistance => Some((case.area.clone(), true)),
        },
        needed: needed.collect(),
        effects: effect_lines(&found.effects),
        watch: watch(&found.watch),
        charged: case.facts.charged.label().to_owned(),
        behind: beaten(found),
        typed,
        errors,
    }
}

/// That other offers have more points than the chosen one, where they have, with the homes that have the most.
fn beaten(found: &RecommendView) -> Option<String> {
    let (own, most) = behind(&found.points, found.case.offer.id)?;
    let best = found.points.iter().filter(|one| total(&one.points) == Some(most));
    let homes: Vec<&str> = best
        .filter_map(|one| found.offers.iter().find(|(offer, _)| offer.id == one.offer).map(|(_, home)| home.as_str()))
        .collect();
    let (homes, has) = (homes.join(" and "), if homes.len() == 1 { "has" } else { "have" });
    let (own, most) = (in_figures(own), in_figures(most));
    Some(format!("This offer does not have the most points. Say why. It has {own} of 100; {homes} {has} {most}."))
}
