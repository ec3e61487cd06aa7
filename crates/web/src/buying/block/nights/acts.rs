//! What is sent from the pages of a block's nights, and the forms that ask for it.

use axum::extract::Path;
use axum::http::StatusCode;
use jiff::civil::Date;
use placewell_app::buying::block::nights::{
    AcceptNomination, AgreeMonth, ConcedeRefusal, DisputeMonth, NominateChild, OfferNights, PassVoid, RecordVoid,
    RefuseNomination, SlotName, TakeVoid, WithdrawNights, WithdrawNomination,
};
use placewell_app::{Command, Outcome};
use placewell_domain::buying::block::month::DisputeReason;
use placewell_domain::buying::block::nights::VoidCause;
use placewell_domain::buying::block::nomination::{RefusalReason, WithdrawReason};
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::outcome::Invalid;
use placewell_pages::buying::block::nights::{NominateView, SellView, VoidView, nominate_page, sell_page, void_page};
use placewell_pages::form::Typed;
use placewell_pages::words;

use crate::buying::block::must;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page_with, see};

type Beds = Vec<(u8, String)>;
type Named = Vec<(String, String)>;

fn typed(fields: &Fields) -> Typed {
    Typed::new(fields.pairs().to_vec())
}

async fn done<C: Command>(signed: &Signed, key: &str, command: C) -> Answered {
    let receipt = signed.app().perform(&signed.actor, key, command).await.or_fail(signed)?;
    signed.app().homes.forget().await;
    Ok(see(&receipt))
}

fn status(errors: &Invalid) -> StatusCode {
    if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

async fn nominate_form(signed: &Signed, reference: &str, typed: Typed, errors: Invalid) -> Answered {
    let found = signed.app().to_nominate(&signed.actor, reference).await.or_fail(signed)?;
    let status = status(&errors);
    let view = NominateView {
        reference: found.block.reference,
        beds: found.beds,
        referrals: found.referrals,
        key: signed.new_key(),
        typed,
        errors,
    };
    Ok(page_with(status, &nominate_page(signed.shell(), &view)))
}

pub(super) async fn ask_nominate(signed: Signed, Path(reference): Path<String>) -> Answered {
    nominate_form(&signed, &reference, Typed::default(), Invalid::default()).await
}

/// Reads a nomination.
pub(crate) fn read_nomination(block: &str, fields: &Fields) -> Result<NominateChild, Invalid> {
    let mut invalid = Invalid::default();
    let slot = fields.choice("slot", |text| text.parse().ok(), "Select the bed", &mut invalid);
    let Some(referral) = fields.filled("referral") else {
        invalid.add("referral", "Select the referral");
        return Err(invalid);
    };
    match slot {
        Some(slot) => invalid.or(NominateChild { block: block.to_owned(), slot, referral: referral.to_owned() }),
        None => Err(invalid),
    }
}

pub(super) async fn nominate(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    let Submitted { signed, fields, key } = submitted;
    must(&signed, Action::NominateToBlock)?;
    let command = match read_nomination(&reference, &fields) {
        Ok(command) => command,
        Err(invalid) => return nominate_form(&signed, &reference, typed(&fields), invalid).await,
    };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => nominate_form(&signed, &reference, typed(&fields), invalid).await,
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}

fn id(fields: &Fields) -> i64 {
    fields.get("id").parse().unwrap_or(0)
}

pub(super) async fn withdraw(Path(_): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::NominateToBlock)?;
    let mut invalid = Invalid::default();
    let field = format!("reason_{}", id(&fields));
    let reason = fields.choice(&field, WithdrawReason::from_code, "Select why it is taken back", &mut invalid);
    let Some(reason) = reason else { return Err(invalid).or_fail(&signed) };
    done(&signed, &key, WithdrawNomination { id: id(&fields), version: fields.version(), reason }).await
}

pub(super) async fn answer(Path(_): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::AnswerNomination)?;
    let (id, version) = (id(&fields), fields.version());
    let answer = format!("answer_{id}");
    match fields.get(&answer) {
        "accept" => done(&signed, &key, AcceptNomination { id, version }).await,
        "refuse" => {
            let mut invalid = Invalid::default();
            let reason =
                fields.choice(&format!("reason_{id}"), RefusalReason::from_code, "Select why you refuse", &mut invalid);
            let Some(reason) = reason else { return Err(invalid).or_fail(&signed) };
            done(&signed, &key, RefuseNomination { id, version, reason }).await
        }
        _ => Err(Invalid::one(&answer, "Select your answer")).or_fail(&signed),
    }
}

pub(super) async fn concede(Path(_): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::Decide)?;
    done(&signed, &key, ConcedeRefusal { id: id(&fields), version: fields.version() }).await
}

/// The beds of a block and the authorities by code and name.
async fn choices(
    signed: &Signed,
    reference: &str,
) -> Result<(Beds, Named, placewell_domain::buying::block::Block), Failure> {
    let found = signed.app().block_nights(&signed.actor, reference, "").await.or_fail(signed)?;
    let beds = found.slots.iter().map(|name: &SlotName| (name.slot, name.words())).collect();
    let authorities = signed.app().authorities(&signed.actor).await.or_fail(signed)?;
    Ok((beds, authorities, found.block))
}

async fn void_form(signed: &Signed, reference: &str, typed: Typed, errors: Invalid) -> Answered {
    must(signed, Action::KeepBlockNights)?;
    let (beds, authorities, block) = choices(signed, reference).await?;
    let provider = signed.actor.kind == OrganisationKind::Provider;
    let status = status(&errors);
    let view = VoidView {
        reference: block.reference,
        beds,
        authorities: if provider { Vec::new() } else { authorities },
        provider,
        key: signed.new_key(),
        typed,
        errors,
    };
    Ok(page_with(status, &void_page(signed.shell(), &view)))
}

pub(super) async fn ask_void(signed: Signed, Path(reference): Path<String>) -> Answered {
    void_form(&signed, &reference, Typed::default(), Invalid::default()).await
}

fn nights(fields: &Fields, invalid: &mut Invalid) -> Option<(Date, Date)> {
    let from = fields.date("from", "Enter the first night, like 20 9 2021", invalid);
    let to = fields.date("to", "Enter the day after the last night, like 27 9 2021", invalid);
    from.zip(to)
}

/// Reads a cause.
pub(crate) fn read_void(block: &str, fields: &Fields) -> Result<RecordVoid, Invalid> {
    let mut invalid = Invalid::default();
    let slot = |text: &str| if text == "all" { Some(None) } else { text.parse().ok().map(Some) };
    let slot = fields.choice("slot", slot, "Select the bed", &mut invalid);
    let nights = nights(fields, &mut invalid);
    let cause = fields.choice("cause", VoidCause::from_code, "Select why it is empty", &mut invalid);
    let request = fields.filled("request").map(str::to_owned);
    match (slot, nights, cause) {
        (Some(slot), Some((from, to)), Some(cause)) => {
            invalid.or(RecordVoid { block: block.to_owned(), slot, from, to, cause, request })
        }
        _ => Err(invalid),
    }
}

pub(super) async fn void(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    let Submitted { signed, fields, key } = submitted;
    must(&signed, Action::KeepBlockNights)?;
    let command = match read_void(&reference, &fields) {
        Ok(command) => command,
        Err(invalid) => return void_form(&signed, &reference, typed(&fields), invalid).await,
    };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => void_form(&signed, &reference, typed(&fields), invalid).await,
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}

pub(super) async fn settle(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    let Submitted { signed, fields, key } = submitted;
    must(&signed, Action::KeepBlockNights)?;
    let month: Option<Date> = fields.get("month").parse().ok();
    let Some(month) = month else { return Err(Invalid::one("month", "Select the month")).or_fail(&signed) };
    let (block, version) = (reference, fields.version());
    if fields.get("say") == "agree" {
        let digest = fields.get("digest").to_owned();
        return done(&signed, &key, AgreeMonth { block, month, version, digest }).await;
    }
    let mut invalid = Invalid::default();
    let reason = fields.choice("wrong", DisputeReason::from_code, "Select what is wrong", &mut invalid);
    let Some(reason) = reason else { return Err(invalid).or_fail(&signed) };
    done(&signed, &key, DisputeMonth { block, month, version, reason }).await
}

pub(super) async fn take(Path(_): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::NominateToBlock)?;
    done(&signed, &key, TakeVoid { id: id(&fields), version: fields.version() }).await
}

pub(super) async fn pass(Path(_): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::NominateToBlock)?;
    done(&signed, &key, PassVoid { id: id(&fields), version: fields.version() }).await
}

async fn offer_form(signed: &Signed, reference: &str, typed: Typed, errors: Invalid) -> Answered {
    must(signed, Action::SellBlockNights)?;
    let (beds, authorities, block) = choices(signed, reference).await?;
    let empty = block.latest_terms().map_or_else(String::new, |terms| words::money(terms.prices.empty));
    let income = match block.spec.resale_percent {
        Some(percent) => format!(
            "The buyer pays the night. {percent}% of what is above the price of an empty night goes to the paying \
             authorities by their shares."
        ),
        None => "This contract does not allow that nights are sold to others.".to_owned(),
    };
    let status = status(&errors);
    let view =
        SellView { reference: block.reference, beds, authorities, empty, income, key: signed.new_key(), typed, errors };
    Ok(page_with(status, &sell_page(signed.shell(), &view)))
}

pub(super) async fn ask_offer(signed: Signed, Path(reference): Path<String>) -> Answered {
    offer_form(&signed, &reference, Typed::default(), Invalid::default()).await
}

/// Reads an offer of nights.
pub(crate) fn read_offer(block: &str, fields: &Fields) -> Result<OfferNights, Invalid> {
    let mut invalid = Invalid::default();
    let slot = fields.choice("slot", |text| text.parse().ok(), "Select the bed", &mut invalid);
    let nights = nights(fields, &mut invalid);
    let night = fields.pence("night", "Enter the price of a night, like 450", &mut invalid);
    let Some(buyer) = fields.filled("buyer") else {
        invalid.add("buyer", "Select the authority");
        return Err(invalid);
    };
    match (slot, nights, night) {
        (Some(slot), Some((from, to)), Some(night)) => {
            let (block, buyer) = (block.to_owned(), buyer.to_owned());
            invalid.or(OfferNights { block, slot, from, to, buyer, night })
        }
        _ => Err(invalid),
    }
}

pub(super) async fn offer(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    let Submitted { signed, fields, key } = submitted;
    must(&signed, Action::SellBlockNights)?;
    let command = match read_offer(&reference, &fields) {
        Ok(command) => command,
        Err(invalid) => return offer_form(&signed, &reference, typed(&fields), invalid).await,
    };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => {
            signed.app().homes.forget().await;
            Ok(see(&receipt))
        }
        Err(Outcome::Invalid(invalid)) => offer_form(&signed, &reference, typed(&fields), invalid).await,
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}

pub(super) async fn withdraw_offer(Path(_): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must(&signed, Action::SellBlockNights)?;
    done(&signed, &key, WithdrawNights { id: id(&fields), version: fields.version() }).await
}
