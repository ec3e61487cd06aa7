//! A provider's own side: what it is asked to bid for, its bid, and its contract.

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::Outcome;
use placewell_app::buying::block::{AgreeChange, DeclineBid, OwnBid, OwnContract, SendBid};
use placewell_app::power::arrangement::LotNames;
use placewell_domain::buying::block::{BidDecline, BidOffer, BidState, BlockBed, BlockBeds, BlockBid, BlockPrices};
use placewell_domain::id::{BedId, HomeId};
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_pages::buying::block::{ContractView, OwnBidView, OwnHomeView, OwnLineView, bid_page, own_list_page};
use placewell_pages::form::Typed;
use placewell_pages::words;

use super::{last, must, show, sign};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};

pub(super) async fn list(signed: Signed) -> Answered {
    let found = signed.app().own_blocks(&signed.actor).await.or_fail(&signed)?;
    let lines: Vec<OwnLineView> = found
        .into_iter()
        .map(|line| OwnLineView {
            reference: line.bid.reference.clone(),
            title: line.bid.title.clone(),
            beds: line.bid.spec.beds,
            nights: (line.bid.spec.from, last(line.bid.spec.until)),
            deadline: line.bid.deadline,
            state: line.bid.state.label(),
            contract: line.contract.map(|block| (block.state.name(), block.state.label())),
        })
        .collect();
    Ok(page(&own_list_page(signed.shell(), &lines)))
}

fn scored(bid: &BlockBid) -> Option<([i64; 4], String)> {
    let (own, best) = match &bid.state {
        BidState::Chosen { scored, .. } => (scored, scored.total()),
        BidState::NotChosen { scored, best, .. } => (scored, *best),
        BidState::Asked
        | BidState::Sent { .. }
        | BidState::Declined { .. }
        | BidState::NoReply
        | BidState::Withdrawn { .. } => return None,
    };
    Some(([own.quality_points, own.price_points, own.total(), best], own.reasons.clone()))
}

fn sent(offer: &BidOffer, found: &OwnBid) -> Vec<(String, String)> {
    let label = |home: HomeId, bed: Option<BedId>| {
        let known = found.homes.iter().find(|(one, _)| one.id == home);
        known.map(|(one, beds)| match bed.and_then(|bed| beds.iter().find(|known| known.id == bed)) {
            Some(bed) => format!("{}: {}", one.name, bed.label),
            None => one.name.clone(),
        })
    };
    let beds: Vec<String> = match &offer.beds {
        BlockBeds::Fixed { beds } => beds.iter().filter_map(|one| label(one.home, Some(one.bed))).collect(),
        BlockBeds::Floating { homes, .. } => homes.iter().filter_map(|home| label(*home, None)).collect(),
    };
    let mut all = vec![("Beds".to_owned(), beds.join(", "))];
    all.extend(show::prices(offer.prices).into_iter().map(|(what, price)| (what, words::money(price))));
    all.extend(found.bid.quality.iter().zip(&offer.answers).map(|(one, answer)| (one.title.clone(), answer.clone())));
    all.push(("Conflicts of interest".to_owned(), offer.conflicts.clone()));
    all
}

fn contract(own: &OwnContract) -> Option<ContractView> {
    let (block, terms) = (&own.block, own.block.latest_terms()?);
    let until = block.nights().map_or(terms.spec.until, placewell_domain::nights::Nights::to);
    let waits = block.pending.as_ref().filter(|one| one.change.needs_provider() && one.provider_agreed.is_none());
    Some(ContractView {
        state: (block.state.name(), block.state.label()),
        facts: show::facts(&terms.spec, (terms.beds.count(), terms.beds.words()), (terms.spec.from, until)),
        prices: show::prices(terms.prices),
        paying: own.paying.clone(),
        to_agree: waits.map(|one| one.change.words()),
        proposed: own.proposed.clone(),
        signed: own.signing.as_ref().map(sign::signed_words).unwrap_or_default(),
        unsigned: own.signing.as_ref().and_then(sign::unsigned_words),
        to_sign: block.runs() && own.signing.as_ref().is_some_and(|signing| signing.provider.is_none()),
    })
}

fn stored(bid: &BlockBid) -> Typed {
    let mut typed = Typed::default();
    let Some(offer) = bid.state.offer() else { return typed };
    match &offer.beds {
        BlockBeds::Fixed { beds } => {
            for one in beds {
                typed.set("beds", format!("{}.{}", one.home, one.bed));
            }
        }
        BlockBeds::Floating { homes, .. } => {
            for home in homes {
                typed.set("beds", home);
            }
        }
    }
    let plain = |price: placewell_domain::money::Pence| price.to_string().replace(['£', ','], "");
    typed.set("occupied", plain(offer.prices.occupied));
    typed.set("empty", plain(offer.prices.empty));
    typed.set("second_child", offer.prices.second_child.map(plain).unwrap_or_default());
    for (at, answer) in offer.answers.iter().enumerate() {
        typed.set(&format!("answer_{at}"), answer);
    }
    typed.set("conflicts", &offer.conflicts);
    typed
}

fn view(found: &OwnBid, lots: &LotNames, typed: Typed) -> OwnBidView {
    let (bid, spec) = (&found.bid, &found.bid.spec);
    let tie = if spec.floating { "floating beds" } else { "fixed beds" };
    let mut asked = vec![("Children".to_owned(), show::children(&bid.wants, lots))];
    asked.extend(show::facts(spec, (spec.beds, tie), (spec.from, spec.until)));
    asked.push(("Bids until".to_owned(), words::moment(bid.deadline)));
    let mut scoring: Vec<(String, u8)> = bid.quality.iter().map(|one| (one.title.clone(), one.weight)).collect();
    scoring.push((format!("Price of a night at {}% occupied", bid.occupancy), bid.price_weight));
    OwnBidView {
        reference: bid.reference.clone(),
        title: bid.title.clone(),
        version: bid.version,
        contract_version: found.contract.as_ref().map_or(0, |own| own.block.version),
        state: bid.state.label(),
        asked,
        scoring,
        criteria: bid.quality.iter().map(|one| one.title.clone()).collect(),
        homes: found
            .homes
            .iter()
            .map(|(home, beds)| OwnHomeView {
                id: home.id.0,
                name: home.name.clone(),
                beds: beds.iter().map(|bed| (bed.id.0, bed.label.clone())).collect(),
            })
            .collect(),
        floating: spec.floating,
        open: found.open,
        sent: bid.state.offer().map(|offer| sent(offer, found)).unwrap_or_default(),
        scored: scored(bid),
        contract: found.contract.as_ref().and_then(contract),
        typed,
    }
}

async fn form(
    signed: &Signed,
    reference: &str,
    (status, typed, errors): (StatusCode, Option<Typed>, &Invalid),
) -> Answered {
    let found = signed.app().own_block(&signed.actor, reference).await.or_fail(signed)?;
    let lots = signed.app().lot_names().await.or_fail(signed)?;
    let view = view(&found, &lots, typed.unwrap_or_else(|| stored(&found.bid)));
    let keys = [signed.new_key(), signed.new_key(), signed.new_key()];
    Ok(page_with(status, &bid_page(signed.shell(), &view, [&keys[0], &keys[1], &keys[2]], errors)))
}

pub(super) async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    form(&signed, &reference, (StatusCode::OK, None, &Invalid::default())).await
}

fn beds(fields: &Fields, bid: &BlockBid) -> BlockBeds {
    if bid.spec.floating {
        let homes = fields.all("beds").filter_map(|id| id.parse().ok()).map(HomeId).collect();
        return BlockBeds::Floating { count: bid.spec.beds, homes };
    }
    let beds = fields.all("beds").filter_map(|pair| {
        let (home, bed) = pair.split_once('.')?;
        Some(BlockBed { home: HomeId(home.parse().ok()?), bed: BedId(bed.parse().ok()?) })
    });
    BlockBeds::Fixed { beds: beds.collect() }
}

fn read(fields: &Fields, bid: &BlockBid) -> Result<BidOffer, Invalid> {
    let mut invalid = Invalid::default();
    let occupied = fields.pence("occupied", "Enter the price of an occupied night, like 520", &mut invalid);
    let empty = fields.pence("empty", "Enter the price of an empty guaranteed night, like 420", &mut invalid);
    let second_child =
        fields.optional_pence("second_child", "Enter the price of the second child's night", &mut invalid);
    let answers = (0..bid.quality.len())
        .map(|at| fields.text(&format!("answer_{at}"), 3_000, "Answer each quality criterion", &mut invalid))
        .collect();
    let conflicts = fields.text("conflicts", 1_000, "Enter any conflict of interest, or None", &mut invalid);
    let (Some(occupied), Some(empty)) = (occupied, empty) else { return Err(invalid) };
    let prices = BlockPrices { occupied, empty, second_child };
    let offer = BidOffer { beds: beds(fields, bid), prices, answers, conflicts };
    if let Err(more) = bid.check(&offer) {
        for error in more.errors {
            if !invalid.errors.iter().any(|known| known.field == error.field) {
                invalid.errors.push(error);
            }
        }
    }
    invalid.or(offer)
}

async fn answered(signed: &Signed, reference: &str, fields: &Fields, outcome: Outcome) -> Answered {
    match outcome {
        Outcome::Invalid(invalid) => {
            let typed = Typed::new(fields.pairs().to_vec());
            form(signed, reference, (StatusCode::UNPROCESSABLE_ENTITY, Some(typed), &invalid)).await
        }
        outcome => Err(signed.fail(outcome)),
    }
}

pub(super) async fn bid(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::BidForBlocks)?;
    let found = signed.app().own_block(&signed.actor, &reference).await.or_fail(&signed)?;
    let offer = match read(&fields, &found.bid) {
        Ok(offer) => offer,
        Err(invalid) => return answered(&signed, &reference, &fields, Outcome::Invalid(invalid)).await,
    };
    let command = SendBid { reference: reference.clone(), version: fields.version(), offer };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(outcome) => answered(&signed, &reference, &fields, outcome).await,
    }
}

pub(super) async fn decline(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::BidForBlocks)?;
    let mut invalid = Invalid::default();
    let reason = fields.choice("reason", BidDecline::from_code, "Choose why you do not bid", &mut invalid);
    let Some(reason) = reason else {
        return answered(&signed, &reference, &fields, Outcome::Invalid(invalid)).await;
    };
    let command = DeclineBid { reference: reference.clone(), version: fields.version(), reason };
    let receipt = signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?;
    Ok(see(&receipt))
}

pub(super) async fn agree(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::BidForBlocks)?;
    let command = AgreeChange { reference, version: fields.version() };
    let receipt = signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?;
    Ok(see(&receipt))
}
