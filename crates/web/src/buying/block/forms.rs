//! The lead's forms: shown, and sent.

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::buying::block::{
    AskNeed, BlockChoices, BlockPage, DropChange, Evaluate, ProposeBlock, ProposeChange, ReleaseCompetition,
    ReviseBlock, WithdrawBlock, WriteCase,
};
use placewell_app::{Command, Outcome};
use placewell_domain::buying::block::Marks;
use placewell_domain::id::BlockBidId;
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_pages::buying::block::{
    BidToScore, ProposalView, case_page, change_page, compete_page, evaluate_page, propose_page, withdraw_page,
};
use placewell_pages::form::Typed;
use placewell_pages::page::Page;
use placewell_pages::words;

use super::show::met_words;
use super::{must, read};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};

fn typed(fields: &Fields) -> Typed {
    Typed::new(fields.pairs().to_vec())
}

async fn found(signed: &Signed, reference: &str) -> Result<BlockPage, Failure> {
    must(signed, Action::RunBlocks)?;
    signed.app().block_page(&signed.actor, reference).await.or_fail(signed)
}

/// Does what a form said; gives what is wrong with it, where something is.
async fn done<C: Command>(signed: &Signed, key: &str, read: Result<C, Invalid>) -> Result<Answered, Failure> {
    match read {
        Ok(command) => match signed.app().perform(&signed.actor, key, command).await {
            Ok(receipt) => Ok(Ok(see(&receipt))),
            Err(outcome) => Err(signed.fail(outcome)),
        },
        Err(invalid) => Err(signed.fail(Outcome::Invalid(invalid))),
    }
}

/// The form again where something typed is wrong; every other end as it is.
fn again(result: Result<Answered, Failure>, form: impl FnOnce(&Invalid) -> Page) -> Answered {
    match result {
        Ok(answered) => answered,
        Err(failure) => match &failure.outcome {
            Outcome::Invalid(invalid) => Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form(invalid))),
            _ => Err(failure),
        },
    }
}

async fn proposal_view(signed: &Signed, of: Option<(String, i64)>, typed: Typed) -> Result<ProposalView, Failure> {
    let choices = signed.app().block_choices(&signed.actor).await.or_fail(signed)?;
    let areas = choices.authorities.iter().filter_map(|one| Some((one.area.clone()?, one.name.clone()))).collect();
    let authorities = choices.authorities.iter().map(|one| (one.code.clone(), one.name.clone())).collect();
    Ok(ProposalView { of, lots: choices.lots, authorities, areas, typed })
}

pub(super) async fn new(signed: Signed) -> Answered {
    must(&signed, Action::RunBlocks)?;
    let view = proposal_view(&signed, None, read::fresh()).await?;
    Ok(page(&propose_page(signed.shell(), &view, &signed.new_key(), &Invalid::default())))
}

pub(super) async fn propose(Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::RunBlocks)?;
    let choices = signed.app().block_choices(&signed.actor).await.or_fail(&signed)?;
    let command = read::proposal(&fields, &choices).map(|proposal| fields.confirming(ProposeBlock { proposal }));
    let view = proposal_view(&signed, None, typed(&fields)).await?;
    let result = done(&signed, &key, command).await;
    again(result, |errors| propose_page(signed.shell(), &view, &key, errors))
}

pub(super) async fn edit(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = found(&signed, &reference).await?;
    let choices = signed.app().block_choices(&signed.actor).await.or_fail(&signed)?;
    let stored = read::stored(&found.block, &choices);
    let view = proposal_view(&signed, Some((reference, found.block.version)), stored).await?;
    Ok(page(&propose_page(signed.shell(), &view, &signed.new_key(), &Invalid::default())))
}

pub(super) async fn revise(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::RunBlocks)?;
    let choices = signed.app().block_choices(&signed.actor).await.or_fail(&signed)?;
    let version = fields.version();
    let command = read::proposal(&fields, &choices)
        .map(|proposal| fields.confirming(ReviseBlock { reference: reference.clone(), version, proposal }));
    let view = proposal_view(&signed, Some((reference, version)), typed(&fields)).await?;
    let result = done(&signed, &key, command).await;
    again(result, |errors| propose_page(signed.shell(), &view, &key, errors))
}

pub(super) async fn need(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::RunBlocks)?;
    done(&signed, &key, Ok(AskNeed { reference, version: fields.version() })).await?
}

pub(super) async fn case(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = found(&signed, &reference).await?;
    let mut typed = Typed::default();
    if let Some(case) = &found.file.case {
        typed.set("reasons", &case.reasons);
        typed.set("alternatives", &case.alternatives);
        typed.set("conflicts", &case.conflicts);
    }
    let (key, errors) = (signed.new_key(), Invalid::default());
    let need = met_words(found.met.as_ref(), found.block.spec.beds);
    Ok(page(&case_page(signed.shell(), (&reference, found.file.version, &need), &typed, &key, &errors)))
}

pub(super) async fn write_case(
    Path(reference): Path<String>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    must(&signed, Action::RunBlocks)?;
    let mut invalid = Invalid::default();
    let version = fields.version();
    let command = WriteCase {
        reference: reference.clone(),
        version,
        reasons: fields.optional_text("reasons", 4_000, &mut invalid),
        alternatives: fields.optional_text("alternatives", 4_000, &mut invalid),
        conflicts: fields.optional_text("conflicts", 4_000, &mut invalid),
    };
    let known = found(&signed, &reference).await?;
    let need = met_words(known.met.as_ref(), known.block.spec.beds);
    let result = done(&signed, &key, invalid.or(fields.confirming(command))).await;
    again(result, |errors| case_page(signed.shell(), (&reference, version, &need), &typed(&fields), &key, errors))
}

pub(super) async fn compete(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = found(&signed, &reference).await?;
    let mut typed = Typed::default();
    for (name, value) in [("price_weight", "40"), ("occupancy", "85"), ("deadline_time", "noon")] {
        typed.set(name, if value == "noon" { "12:00" } else { value });
    }
    let could = found.could_bid.unwrap_or_default();
    let (key, errors) = (signed.new_key(), Invalid::default());
    Ok(page(&compete_page(signed.shell(), (&reference, found.block.version), (could, &typed), &key, &errors)))
}

pub(super) async fn release(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let found = found(&signed, &reference).await?;
    let mut invalid = Invalid::default();
    let version = fields.version();
    let deadline = fields.date_and_time("deadline", "Enter until when bids come in", &mut invalid);
    let quality = read::quality(&fields, &mut invalid);
    let price_weight = read::of_hundred(&fields, "price_weight", &mut invalid);
    let occupancy = read::of_hundred(&fields, "occupancy", &mut invalid);
    let command = match deadline {
        Some(deadline) if invalid.errors.is_empty() => {
            Ok(ReleaseCompetition { reference: reference.clone(), version, quality, price_weight, occupancy, deadline })
        }
        _ => Err(invalid),
    };
    let (result, could) = (done(&signed, &key, command).await, found.could_bid.unwrap_or_default());
    again(result, |errors| compete_page(signed.shell(), (&reference, version), (could, &typed(&fields)), &key, errors))
}

/// The bids to score, with their answers, once prices are open.
fn to_score(found: &BlockPage) -> (Vec<String>, Vec<BidToScore>) {
    let fixed = found.file.competition.as_ref();
    let criteria = fixed.map(|fixed| fixed.quality.iter().map(|one| one.title.clone()).collect()).unwrap_or_default();
    let bids = found.bids.iter().filter_map(|line| {
        let offer = line.bid.state.offer()?;
        Some(BidToScore {
            id: line.bid.id.0,
            provider: line.provider.clone(),
            prices: format!(
                "{} occupied, {} empty",
                words::money(offer.prices.occupied),
                words::money(offer.prices.empty)
            ),
            answers: offer.answers.clone(),
            conflicts: offer.conflicts.clone(),
        })
    });
    (criteria, bids.collect())
}

pub(super) async fn evaluate(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = found(&signed, &reference).await?;
    if let Some(fixed) = found.file.competition.as_ref().filter(|_| !found.open) {
        return Err(signed.fail(placewell_domain::buying::block::sealed(fixed.deadline).into()));
    }
    let (criteria, bids) = to_score(&found);
    let (key, errors, typed) = (signed.new_key(), Invalid::default(), Typed::default());
    let of = (reference.as_str(), found.block.version);
    Ok(page(&evaluate_page(signed.shell(), of, (&criteria, &bids, &typed), &key, &errors)))
}

pub(super) async fn score(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let found = found(&signed, &reference).await?;
    let (criteria, bids) = to_score(&found);
    let mut invalid = Invalid::default();
    let version = fields.version();
    let mut marks = Vec::new();
    for at in 0..bids.len() {
        let bid = fields.number(&format!("bid_{at}"), 1..=i64::MAX, "Open the page again", &mut invalid);
        let quality = (0..criteria.len()).filter_map(|number| {
            let found =
                fields.number(&format!("score_{at}_{number}"), 0..=5, "Enter a score from 0 to 5", &mut invalid);
            found.and_then(|score| u8::try_from(score).ok())
        });
        let quality = quality.collect();
        let reasons = fields.optional_text(&format!("reasons_{at}"), 2_000, &mut invalid);
        marks.extend(bid.map(|bid| Marks { bid: BlockBidId(bid), quality, reasons }));
    }
    let command = invalid.or(Evaluate { reference: reference.clone(), version, marks });
    let result = done(&signed, &key, command).await;
    again(result, |errors| {
        evaluate_page(signed.shell(), (&reference, version), (&criteria, &bids, &typed(&fields)), &key, errors)
    })
}

fn breaks(found: &BlockPage) -> Vec<(String, String)> {
    let left = found.block.breaks_left(found.today);
    left.into_iter().map(|(on, last)| (words::date(on), words::date(last))).collect()
}

fn named(choices: &BlockChoices) -> Vec<(String, String)> {
    choices.authorities.iter().map(|one| (one.code.clone(), one.name.clone())).collect()
}

pub(super) async fn change(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = found(&signed, &reference).await?;
    let choices = signed.app().block_choices(&signed.actor).await.or_fail(&signed)?;
    let mut typed = Typed::default();
    read::shares_of(&mut typed, &found.block.shares, &choices);
    let (key, errors, breaks) = (signed.new_key(), Invalid::default(), breaks(&found));
    let of = (reference.as_str(), found.block.version);
    Ok(page(&change_page(signed.shell(), of, (&breaks, &named(&choices), &typed), &key, &errors)))
}

pub(super) async fn propose_change(
    Path(reference): Path<String>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    let found = found(&signed, &reference).await?;
    let choices = signed.app().block_choices(&signed.actor).await.or_fail(&signed)?;
    let mut invalid = Invalid::default();
    let version = fields.version();
    let change = read::change(&fields, &choices, &mut invalid);
    let reason = fields.text("reason", 1_000, "Enter why. Nothing about a child", &mut invalid);
    let command = match change {
        Some(change) if invalid.errors.is_empty() => {
            Ok(ProposeChange { reference: reference.clone(), version, change, reason })
        }
        _ => Err(invalid),
    };
    let (result, breaks) = (done(&signed, &key, command).await, breaks(&found));
    let shown = (breaks.as_slice(), &named(&choices)[..], &typed(&fields));
    again(result, |errors| change_page(signed.shell(), (&reference, version), shown, &key, errors))
}

pub(super) async fn drop_change(
    Path(reference): Path<String>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    must(&signed, Action::RunBlocks)?;
    done(&signed, &key, Ok(DropChange { reference, version: fields.version() })).await?
}

pub(super) async fn withdraw(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = found(&signed, &reference).await?;
    let (key, errors, typed) = (signed.new_key(), Invalid::default(), Typed::default());
    Ok(page(&withdraw_page(signed.shell(), (&reference, found.block.version), &typed, &key, &errors)))
}

pub(super) async fn give_up(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::RunBlocks)?;
    let mut invalid = Invalid::default();
    let version = fields.version();
    let reason = fields.text("reason", 1_000, "Enter why it is given up. Nothing about a child", &mut invalid);
    let command = invalid.or(WithdrawBlock { reference: reference.clone(), version, reason });
    let result = done(&signed, &key, command).await;
    again(result, |errors| withdraw_page(signed.shell(), (&reference, version), &typed(&fields), &key, errors))
}
