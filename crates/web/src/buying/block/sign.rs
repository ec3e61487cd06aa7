//! Signing a contract, for the authorities and for the provider.

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::Outcome;
use placewell_app::buying::block::{SignContract, SignForAuthorities, Signing, TypedSignature};
use placewell_domain::buying::block::{Block, BlockSignature};
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_pages::buying::block::{SignView, sign_page};
use placewell_pages::form::Typed;
use placewell_pages::words;

use super::{must, show};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page_with, see};

/// Who has signed, in words.
pub(super) fn signed_words(signing: &Signing) -> Vec<(String, String)> {
    let by = |signed: Option<&BlockSignature>| {
        signed.map_or_else(
            || "Not signed yet".to_owned(),
            |one| format!("{}, {}, {}", one.signature.name, one.signature.role, words::date(one.on())),
        )
    };
    vec![
        ("For the authorities".to_owned(), by(signing.lead.as_ref())),
        ("For the provider".to_owned(), by(signing.provider.as_ref())),
    ]
}

/// What is open of the signatures, in words; none where both have signed what the contract says now.
pub(super) fn unsigned_words(signing: &Signing) -> Option<String> {
    if signing.lead.is_some() && signing.provider.is_some() {
        return None;
    }
    let text = if signing.varied {
        "The contract has changed since both sides signed it. The variation is not signed by both yet."
    } else {
        "The contract is not signed by both sides yet. Until it is, its beds cannot be used."
    };
    Some(text.to_owned())
}

type Shares = Vec<(String, String)>;

async fn found(signed: &Signed, reference: &str, provider: bool) -> Result<(Block, Shares, Signing), Failure> {
    let (block, paying, signing) = if provider {
        must(signed, Action::BidForBlocks)?;
        let own = signed.app().own_block(&signed.actor, reference).await.or_fail(signed)?;
        let Some(contract) = own.contract else { return Err(signed.fail(Outcome::NotFound)) };
        (contract.block, contract.paying, contract.signing)
    } else {
        must(signed, Action::RunBlocks)?;
        let page = signed.app().block_page(&signed.actor, reference).await.or_fail(signed)?;
        let paying = page.paying.into_iter().map(|line| (line.name, line.share)).collect();
        (page.block, paying, page.signing)
    };
    let Some(signing) = signing else { return Err(signed.fail(Outcome::NotFound)) };
    Ok((block, paying, signing))
}

async fn form(
    signed: &Signed,
    (reference, provider): (&str, bool),
    (status, typed, errors): (StatusCode, Option<Typed>, &Invalid),
) -> Answered {
    let (block, paying, signing) = found(signed, reference, provider).await?;
    let Some(terms) = block.latest_terms() else { return Err(signed.fail(Outcome::NotFound)) };
    let until = block.nights().map_or(terms.spec.until, placewell_domain::nights::Nights::to);
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        typed.set("name", &signed.actor.name);
        typed
    });
    let view = SignView {
        path: format!("{}/mini-blocks/{reference}", if provider { "/provider" } else { "" }),
        reference: reference.to_owned(),
        provider,
        facts: show::facts(&terms.spec, (terms.beds.count(), terms.beds.words()), (block.spec.from, until)),
        prices: show::prices(terms.prices),
        paying,
        signed: signed_words(&signing),
        content: signing.content,
        typed,
    };
    Ok(page_with(status, &sign_page(signed.shell(), &view, &signed.new_key(), errors)))
}

fn read(fields: &Fields, reference: &str) -> TypedSignature {
    TypedSignature {
        reference: reference.to_owned(),
        content: fields.get("content").to_owned(),
        name: fields.get("name").to_owned(),
        role: fields.get("role").to_owned(),
        has_authority: fields.get("authority") == "yes",
    }
}

async fn answered(signed: &Signed, (reference, provider): (&str, bool), fields: &Fields, outcome: Outcome) -> Answered {
    match outcome {
        Outcome::Invalid(invalid) => {
            let typed = Typed::new(fields.pairs().to_vec());
            form(signed, (reference, provider), (StatusCode::UNPROCESSABLE_ENTITY, Some(typed), &invalid)).await
        }
        outcome => Err(signed.fail(outcome)),
    }
}

pub(super) async fn ask(signed: Signed, Path(reference): Path<String>) -> Answered {
    form(&signed, (&reference, false), (StatusCode::OK, None, &Invalid::default())).await
}

pub(super) async fn ask_provider(signed: Signed, Path(reference): Path<String>) -> Answered {
    form(&signed, (&reference, true), (StatusCode::OK, None, &Invalid::default())).await
}

pub(super) async fn sign(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::RunBlocks)?;
    let command = SignForAuthorities(read(&fields, &reference));
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(outcome) => answered(&signed, (&reference, false), &fields, outcome).await,
    }
}

pub(super) async fn sign_provider(
    Path(reference): Path<String>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    must(&signed, Action::BidForBlocks)?;
    let command = SignContract(read(&fields, &reference));
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(outcome) => answered(&signed, (&reference, true), &fields, outcome).await,
    }
}
