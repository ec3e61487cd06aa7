//! An authority's own decision, and the monitoring officer's opinion.

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::Outcome;
use placewell_app::buying::block::{BlockPage, DecideBlock, RecordOpinion};
use placewell_domain::buying::block::BlockShare;
use placewell_domain::office::access::Action;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::power::annual_value::Bucket;
use placewell_pages::buying::block::{DecidingView, EffectView, decide_page};
use placewell_pages::form::Typed;

use super::{must, show};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page_with, see};

fn view(signed: &Signed, found: BlockPage, typed: Typed) -> Result<DecidingView, Failure> {
    let block = found.block;
    let share = block.share_of(signed.actor.organisation).map(BlockShare::words).unwrap_or_default();
    let Some(deciding) = found.deciding else {
        let sentence = if found.decided {
            "Your authority has decided this already."
        } else {
            "Nothing of this mini-block waits for your authority's decision."
        };
        let refusal = Refusal::new(
            "nothing_to_approve",
            "Each paying authority approves what is recommended, once",
            sentence,
            "The commissioning lead, by recommending a bid or proposing a change",
        );
        return Err(signed.fail(refusal.found(block.state.label()).into()));
    };
    let year = |start: jiff::civil::Date| {
        let years = placewell_domain::calendar::YearBasis::Contract;
        Bucket::of(start, years, jiff::civil::Date::MAX).words()
    };
    Ok(DecidingView {
        reference: block.reference,
        title: block.title,
        version: block.version,
        asked: deciding.asked,
        share,
        committed: deciding.committed,
        power: deciding.power,
        beyond: deciding.beyond,
        key: deciding.key.map(|key| key.as_ref().map(show::ground)),
        gates: deciding.gates,
        records_opinion: deciding.monitoring && deciding.opinion.is_none(),
        effects: deciding
            .effects
            .into_iter()
            .map(|effect| EffectView {
                year: year(effect.year_start),
                before: effect.before.map(|totals| totals.committed),
                delta: effect.delta,
                after: effect.after.map(|totals| totals.headroom()).map_err(|refusal| refusal.sentence),
            })
            .collect(),
        typed,
    })
}

async fn form(signed: &Signed, reference: &str, (status, typed, errors): (StatusCode, Typed, &Invalid)) -> Answered {
    must(signed, Action::Decide)?;
    let found = signed.app().block_page(&signed.actor, reference).await.or_fail(signed)?;
    let view = view(signed, found, typed)?;
    let keys = [signed.new_key(), signed.new_key(), signed.new_key()];
    Ok(page_with(status, &decide_page(signed.shell(), &view, [&keys[0], &keys[1], &keys[2]], errors)))
}

pub(super) async fn ask(signed: Signed, Path(reference): Path<String>) -> Answered {
    form(&signed, &reference, (StatusCode::OK, Typed::default(), &Invalid::default())).await
}

async fn again(signed: &Signed, reference: &str, fields: &Fields, outcome: Outcome) -> Answered {
    match outcome {
        Outcome::Invalid(invalid) => {
            let typed = Typed::new(fields.pairs().to_vec());
            form(signed, reference, (StatusCode::UNPROCESSABLE_ENTITY, typed, &invalid)).await
        }
        outcome => Err(signed.fail(outcome)),
    }
}

pub(super) async fn decide(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::Decide)?;
    let mut invalid = Invalid::default();
    let refuse = match fields.get("decision") {
        "approve" => None,
        _ => Some(fields.text("reason", 1_000, "Enter why it is refused. Nothing about a child", &mut invalid)),
    };
    if !invalid.errors.is_empty() {
        return again(&signed, &reference, &fields, Outcome::Invalid(invalid)).await;
    }
    let command = DecideBlock { reference: reference.clone(), version: fields.version(), refuse };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(outcome) => again(&signed, &reference, &fields, outcome).await,
    }
}

pub(super) async fn opinion(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::Decide)?;
    let mut invalid = Invalid::default();
    let command = RecordOpinion {
        reference: reference.clone(),
        version: fields.version(),
        implements: fields.optional_text("implements", 40, &mut invalid),
        words: fields.optional_text("words", 1_000, &mut invalid),
    };
    if !invalid.errors.is_empty() {
        return again(&signed, &reference, &fields, Outcome::Invalid(invalid)).await;
    }
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(outcome) => again(&signed, &reference, &fields, outcome).await,
    }
}
