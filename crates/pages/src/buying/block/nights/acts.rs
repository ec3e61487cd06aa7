//! The forms: nominate a child, record why a bed is empty, offer empty nights.

use placewell_domain::buying::block::nights::VoidCause;
use placewell_domain::outcome::Invalid;

use crate::components::{Inset, Link};
use crate::form::{Choice, Field, Form, Typed};
use crate::page::Page;
use crate::shell::Shell;

/// What the form to nominate needs.
#[derive(Debug, Clone)]
pub struct NominateView {
    /// The contract.
    pub reference: String,
    /// Empty beds: number and name.
    pub beds: Vec<(u8, String)>,
    /// Own referrals that asked a home of the contract.
    pub referrals: Vec<String>,
    /// The idempotency key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

fn shell(shell: Shell, reference: &str, title: &str, errors: &Invalid) -> Shell {
    let back = format!("/mini-blocks/{reference}/nights");
    shell.titled(title).caption(reference).record(reference).back(back).with_errors(errors)
}

fn beds(view: &[(u8, String)]) -> impl Iterator<Item = Choice> {
    view.iter().map(|(slot, name)| Choice::new(slot.to_string(), name.as_str()))
}

/// The form to nominate a child.
pub fn nominate_page(of: Shell, view: &NominateView) -> Page {
    let csrf = of.csrf.clone();
    let page = Page::new(shell(of, &view.reference, "Nominate a child", &view.errors)).narrow();
    let page = page.with(Inset::new(
        "A child is nominated from a referral that asked the home as a mini-block vacancy, so that the home has the profile \
         that it answers.",
    ));
    if view.beds.is_empty() {
        return page.text("Every bed is used or has a child nominated.");
    }
    if view.referrals.is_empty() {
        return page
            .text("None of your open referrals has asked a home of this mini-block. Ask it first: who to ask, in the referral.")
            .text(Link::new("Your referrals", "/referrals"));
    }
    let referrals = view.referrals.iter().map(|one| Choice::new(one.as_str(), one.as_str()));
    let path = format!("/mini-blocks/{}/nights/nominate", view.reference);
    let form = Form::post(path, csrf, view.key.as_str())
        .field(
            Field::radios("referral", "Which referral", referrals)
                .value(view.typed.get("referral"))
                .errors(&view.errors),
        )
        .field(Field::radios("slot", "Which bed", beds(&view.beds)).value(view.typed.get("slot")).errors(&view.errors))
        .submit("Nominate this child");
    page.with(form)
}

/// What the form to record a cause needs.
#[derive(Debug, Clone)]
pub struct VoidView {
    /// The contract.
    pub reference: String,
    /// Its beds.
    pub beds: Vec<(u8, String)>,
    /// The authorities that may have asked: code and name; none for a provider.
    pub authorities: Vec<(String, String)>,
    /// Only causes that the provider bears.
    pub provider: bool,
    /// The idempotency key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The form to record why a bed is empty.
pub fn void_page(of: Shell, view: &VoidView) -> Page {
    let csrf = of.csrf.clone();
    let own = |cause: &&VoidCause| {
        !view.provider || cause.borne_by(None) == placewell_domain::buying::block::nights::Bearer::Provider
    };
    let causes = VoidCause::ALL.iter().filter(own).map(|cause| Choice::new(cause.code(), cause.label()));
    let every = std::iter::once(Choice::new("all", "All beds")).chain(beds(&view.beds));
    let path = format!("/mini-blocks/{}/nights/void", view.reference);
    let typed = |name: &str| view.typed.get(name).to_owned();
    let form = Form::post(path, csrf, view.key.as_str())
        .field(Field::radios("slot", "Which bed", every).value(typed("slot")).errors(&view.errors))
        .field(Field::date("from", "First night").parts(view.typed.date("from")).errors(&view.errors))
        .field(Field::date("to", "Day after the last night").parts(view.typed.date("to")).errors(&view.errors))
        .field(Field::radios("cause", "Why it is empty", causes).value(typed("cause")).errors(&view.errors));
    let form = if view.authorities.is_empty() {
        form
    } else {
        let nobody = Choice::new("", "Nobody: the provider bears it");
        let asked = view.authorities.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str()));
        form.field(
            Field::select(
                "request",
                "Kept empty for a resident at whose request",
                std::iter::once(nobody).chain(asked),
            )
            .value(typed("request"))
            .errors(&view.errors),
        )
    };
    Page::new(shell(of, &view.reference, "Record why a bed is empty", &view.errors))
        .narrow()
        .with(Inset::new(
            "The cause decides who pays. About a month that is settled, it stands as a correction in the next.",
        ))
        .with(form.submit("Record this cause"))
}

/// What the form to offer nights needs.
#[derive(Debug, Clone)]
pub struct SellView {
    /// The contract.
    pub reference: String,
    /// Its beds.
    pub beds: Vec<(u8, String)>,
    /// Who could buy: code and name.
    pub authorities: Vec<(String, String)>,
    /// What an empty night costs, in words.
    pub empty: String,
    /// What becomes of the income, in words.
    pub income: String,
    /// The idempotency key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The form to offer empty nights.
pub fn sell_page(of: Shell, view: &SellView) -> Page {
    let csrf = of.csrf.clone();
    let path = format!("/mini-blocks/{}/nights/offer", view.reference);
    let typed = |name: &str| view.typed.get(name).to_owned();
    let buyers = view.authorities.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str()));
    let form = Form::post(path, csrf, view.key.as_str())
        .field(Field::radios("slot", "Which bed", beds(&view.beds)).value(typed("slot")).errors(&view.errors))
        .field(Field::date("from", "First night").parts(view.typed.date("from")).errors(&view.errors))
        .field(Field::date("to", "Day after the last night").parts(view.typed.date("to")).errors(&view.errors))
        .field(Field::select("buyer", "To which authority", buyers).value(typed("buyer")).errors(&view.errors))
        .field(
            Field::money("night", "Price of a night")
                .hint(format!("At least {}, the price of an empty night", view.empty))
                .value(typed("night"))
                .errors(&view.errors),
        )
        .submit("Offer these nights");
    Page::new(shell(of, &view.reference, "Offer empty nights", &view.errors))
        .narrow()
        .with(Inset::new(view.income.as_str()))
        .with(form)
}
