//! Sending: everything is checked again inside the transaction, each home is asked, each provider gets one mail.

use jiff::civil::DateTime;
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::{Invitation, grouped_by_provider};
use placewell_domain::placing::referral::redaction::unconfirmed;
use placewell_domain::placing::referral::{Ask, Ready, Referral};
use placewell_store::Work;
use serde::Serialize;

use super::{asking, check, current, page_of, working_days};
use crate::answer::Answer;
use crate::command::{Command, Receipt};
use crate::office::message::Notice;

/// Sends a draft to the homes of its plan.
#[derive(Debug, Clone, Serialize)]
pub struct SendReferral {
    /// The referral.
    pub reference: String,
    /// The version that was checked.
    pub version: i64,
    /// The findings that the officer confirmed, by place and kind.
    pub confirmed: Vec<String>,
    /// The officer accepts that the profile fits few children.
    pub accept_few: bool,
}

impl Command for SendReferral {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.send";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        let checked = check(work, referral).await?;
        let moment = work.moment();
        let days = working_days(work, work.org(), moment.today()).await?;
        let choice = checked.referral.plan.deadline;
        let choice = choice.ok_or_else(|| Invalid::one("deadline", "Choose until when homes can answer"))?;
        let ready = Ready {
            narrative: &checked.narrative,
            deadline: choice.resolve(moment, &days)?,
            unconfirmed: unconfirmed(&checked.findings, &self.confirmed).len(),
            too_identifying: checked.too_identifying.is_some() && !self.accept_few,
            working_days: &days,
        };
        let change = checked.referral.clone().send(&ready, moment)?;
        let referral = work.apply(change).await?;
        for (tier, reason) in referral.plan.skipped() {
            let event = Event::new("referral.tier_left_out", "referral", referral.id.0, referral.version);
            work.record(event.with("tier", tier.code()).with("reason", reason.code()));
        }
        let asks = referral.plan.homes.clone();
        let asked = ask_all(work, &referral, &checked.words, &asks, 1).await?;
        tell_providers(work, &asked)?;
        Ok(page_of(&referral))
    }
}

/// Asks homes one after the other, numbered from `first`.
pub(crate) async fn ask_all(
    work: &mut Work,
    referral: &Referral,
    words: &placewell_domain::placing::referral::SharedWords,
    asks: &[Ask],
    first: u32,
) -> Answer<Vec<Invitation>> {
    let mut asked = Vec::with_capacity(asks.len());
    for (number, one) in (first..).zip(asks) {
        asked.push(asking::ask(work, referral, words, *one, number).await?);
    }
    Ok(asked)
}

/// One mail to each provider: reference, how many homes, until when. Nothing about the child.
pub(crate) fn tell_providers(work: &mut Work, asked: &[Invitation]) -> Answer<()> {
    for (provider, group) in grouped_by_provider(asked) {
        let Some(first) = group.first() else { continue };
        let homes = if group.len() == 1 { "1 home".to_owned() } else { format!("{} homes", group.len()) };
        let until = wall(first.deadline);
        let notice = provider_notice(
            provider,
            format!("{}: {homes} asked, answer by {until}", first.reference),
            vec![format!("A new referral asks {homes} of yours."), format!("Answer by {until}.")],
            format!("/provider/referrals/{}", first.reference),
        );
        work.enqueue(notice.job()?);
    }
    Ok(())
}

/// A notice to a provider's placements managers.
pub(crate) fn provider_notice(to: OrganisationId, subject: String, lines: Vec<String>, path: String) -> Notice {
    Notice { to: to.0, role: Role::ProviderManager, subject, lines, path }
}

/// "4pm, Monday 13 September 2021".
#[must_use]
pub fn wall(at: DateTime) -> String {
    let hour = if at.minute() == 0 { at.strftime("%-I%P") } else { at.strftime("%-I:%M%P") };
    format!("{hour}, {}", at.strftime("%A %-d %B %Y"))
}

/// Asks further homes on a referral that is out; the deadline stays.
#[derive(Debug, Clone, Serialize)]
pub struct AskMore {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The further homes.
    pub homes: Vec<Ask>,
}

impl Command for AskMore {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.ask_more";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        let already = work.homes_asked(work.org(), referral.id).await?;
        let fresh: Vec<Ask> = self.homes.iter().filter(|one| !already.contains(&one.home)).copied().collect();
        if fresh.is_empty() {
            return Err(Invalid::one("homes", "Choose at least one home that has not been asked").into());
        }
        let words = work.open_narrative(&referral).await?.shared(&referral.profile.standard);
        let change = referral.ask_more(&fresh)?;
        let referral = work.apply(change).await?;
        let first = u32::try_from(already.len()).unwrap_or(u32::MAX).saturating_add(1);
        let asked = ask_all(work, &referral, &words, &fresh, first).await?;
        tell_providers(work, &asked)?;
        Ok(page_of(&referral))
    }
}
