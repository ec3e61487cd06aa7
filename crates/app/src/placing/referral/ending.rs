//! What ends a search or changes its clock: longer, closed early, withdrawn, not placed; and the search's approval.

use placewell_domain::change::Change;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::offer::{NotChosenReason, Offer, OfferState, price_position};
use placewell_domain::placing::referral::{
    DeadlineChoice, Early, EarlyReason, LostBy, LostSearches, NotPlacedReason, OpenWork, Out, Referral, SearchApproval,
    WithdrawReason, prices_visible,
};
use placewell_store::{Session, Work};
use serde::Serialize;

use super::holders::tell_holders;
use super::sending::{provider_notice, wall};
use super::{current, page_of, working_days};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

/// Gives homes longer.
#[derive(Debug, Clone, Serialize)]
pub struct ExtendDeadline {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Until when now.
    pub deadline: DeadlineChoice,
}

impl Command for ExtendDeadline {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.extend";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        let moment = work.moment();
        let days = working_days(work, work.org(), moment.today()).await?;
        let deadline = self.deadline.resolve(moment, &days)?;
        let change = referral.extend(deadline, moment)?;
        let referral = work.apply(change).await?;
        let mut longer = Vec::new();
        for invitation in work.invitations_of(work.org(), referral.id).await? {
            if invitation.state.open() {
                let change = invitation.extend(deadline.at)?;
                longer.push(work.apply(change).await?);
            }
        }
        let until = wall(deadline.at);
        for invitation in &longer {
            let about = format!("longer/{}", invitation.version);
            tell_holders(work, invitation, &about, &format!("Longer to answer, until {until}")).await?;
        }
        for (provider, _) in placewell_domain::placing::invitation::grouped_by_provider(&longer) {
            let notice = provider_notice(
                provider,
                format!("{}: longer to answer, until {until}", referral.reference),
                vec![format!("You can now answer until {until}.")],
                format!("/provider/referrals/{}", referral.reference),
            );
            work.enqueue(notice.job()?);
        }
        Ok(page_of(&referral))
    }
}

/// Closes a sealed search early for an offer that meets every must-have.
#[derive(Debug, Clone, Serialize)]
pub struct CloseEarly {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The offer, by its number.
    pub number: u32,
    /// Why it cannot wait for the deadline.
    pub reason: EarlyReason,
    /// The same in words; sealed.
    pub words: String,
}

/// The most characters of the words of an early closing.
const LONGEST_WORDS: usize = 1_000;

impl Command for CloseEarly {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.close_early";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        let offers = work.offers_of(work.org(), referral.id).await?;
        let offer = offers.iter().rev().find(|offer| offer.number == self.number && offer.state.choosable());
        let offer = offer.ok_or(Outcome::NotFound)?;
        let wanted = referral.profile.for_homes().must_haves;
        let words = self.words.trim();
        if words.is_empty() || words.chars().count() > LONGEST_WORDS {
            let ask = format!("Say why it cannot wait for the deadline, in {LONGEST_WORDS} characters or fewer");
            return Err(Invalid::one("words", ask).into());
        }
        let early = Early {
            offer: offer.id,
            meets_every_must_have: offer.terms.meets_all(wanted),
            reason: self.reason,
            words: work.child_key(work.org(), referral.child).await?.seal(&words.to_owned())?,
        };
        let change = referral.close_early(early, actor.person, work.moment())?;
        let referral = work.apply(change).await?;
        let mut told = Vec::new();
        for invitation in work.invitations_of(work.org(), referral.id).await? {
            if invitation.state.open() {
                let change = invitation.prices_opened(work.moment())?;
                told.push(work.apply(change).await?);
            }
        }
        for invitation in &told {
            tell_holders(work, invitation, "closed-early", "Closed before the deadline").await?;
        }
        for (provider, _) in placewell_domain::placing::invitation::grouped_by_provider(&told) {
            let notice = provider_notice(
                provider,
                format!("{}: closed before the deadline", referral.reference),
                vec![
                    "All prices are open, and no home can change its price.".to_owned(),
                    "An offer that you send now is late and needs a reason.".to_owned(),
                ],
                format!("/provider/referrals/{}", referral.reference),
            );
            work.enqueue(notice.job()?);
        }
        Ok(Receipt::at(format!("/referrals/{}/offers", referral.reference)))
    }
}

/// Records an emergency's search approval after it was sent.
#[derive(Debug, Clone, Serialize)]
pub struct RecordSearchApproval {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Who approved, when, and where it is written.
    pub approval: SearchApproval,
}

impl Command for RecordSearchApproval {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.search_approval";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        self.approval.check(work.moment().today())?;
        let change = referral.record_search_approval(self.approval.clone())?;
        Ok(page_of(&work.apply(change).await?))
    }
}

/// Withdraws a referral.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawReferral {
    /// The referral.
    pub reference: String,
    /// The version that the preview showed.
    pub version: i64,
    /// Why.
    pub reason: WithdrawReason,
}

impl Command for WithdrawReferral {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.withdraw";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        not_recommended(work, &referral).await?;
        let change = referral.withdraw(self.reason, work.moment())?;
        let referral = work.apply(change).await?;
        let close = |invitation: Invitation, moment| invitation.withdraw(moment);
        close_search(work, &referral, None, NotChosenReason::ReferralWithdrawn, close).await?;
        Ok(page_of(&referral))
    }
}

/// Ends a search without a placement.
#[derive(Debug, Clone, Serialize)]
pub struct NotPlaced {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: NotPlacedReason,
}

impl Command for NotPlaced {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.not_placed";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        not_recommended(work, &referral).await?;
        let change = referral.not_placed(self.reason, work.moment())?;
        let referral = work.apply(change).await?;
        lose(work, &referral, self.reason).await?;
        let close = |invitation: Invitation, moment| invitation.close(moment);
        close_search(work, &referral, None, NotChosenReason::SearchEnded, close).await?;
        Ok(page_of(&referral))
    }
}

/// Counts a search that the arrangement lost, with its reason, for the region; nothing where no home was needed.
pub(crate) async fn lose(work: &Work, referral: &Referral, reason: NotPlacedReason) -> Answer<()> {
    if reason.loses_the_arrangement() {
        work.lose_search(referral.id.0, &LostSearches::one(referral, LostBy::NotPlaced, reason.code())).await?;
    }
    Ok(())
}

/// A search with a recommendation before an approver is not ended under their eyes.
pub(super) async fn not_recommended(work: &Work, referral: &Referral) -> Answer<()> {
    let waiting = work.referral_line(work.org(), referral.id).await?.recommended;
    if waiting == 0 {
        return Ok(());
    }
    Err(Refusal::new(
        "waiting_for_approval",
        "A recommendation is answered before its search ends",
        format!("{} waits for an approval. Take the recommendation back first.", referral.reference),
        "the approver, by refusing; or you, by taking the recommendation back",
    )
    .into())
}

/// Closes an offer as not chosen, with the position of its price among those offered once all prices are open.
pub(crate) async fn not_choose(
    work: &mut Work,
    sent: Option<&Out>,
    offer: Offer,
    reason: NotChosenReason,
) -> Answer<Offer> {
    let open = sent.is_some_and(|out| prices_visible(out, work.moment())) && offer.state != OfferState::Draft;
    let all = work.offers_of(work.org(), offer.referral).await?;
    let prices: Vec<Pence> =
        all.iter().filter(|one| !matches!(one.state, OfferState::Withdrawn { .. })).map(Offer::total).collect();
    let position = open.then(|| price_position(offer.total(), &prices));
    let change = offer.not_choose(reason, position)?;
    Ok(work.apply(change).await?)
}

/// Closes every other open offer and invitation of a search and tells each provider once. Approval uses it too.
pub async fn close_search(
    work: &mut Work,
    referral: &Referral,
    chosen: Option<&Offer>,
    reason: NotChosenReason,
    close: impl Fn(Invitation, placewell_domain::clock::Moment) -> Result<Change<Invitation>, Refusal>,
) -> Answer<()> {
    let (chosen, kept) = (chosen.map(|offer| offer.id), chosen.map(|offer| offer.invitation));
    let mut closed = Vec::new();
    for invitation in work.invitations_of(work.org(), referral.id).await? {
        if Some(invitation.id) == kept || !invitation.state.open() {
            continue;
        }
        let change = close(invitation, work.moment())?;
        closed.push(work.apply(change).await?);
    }
    // Only now: no home can offer any more, and what was offered before stands in what is read here.
    for offer in work.open_offers_now(work.org(), referral.id).await? {
        if Some(offer.id) != chosen {
            not_choose(work, referral.state.sent(), offer, reason).await?;
        }
    }
    for (provider, _) in placewell_domain::placing::invitation::grouped_by_provider(&closed) {
        let notice = provider_notice(
            provider,
            format!("{}: closed", referral.reference),
            vec!["This referral is closed. You can see the outcome of your offers.".to_owned()],
            format!("/provider/referrals/{}", referral.reference),
        );
        work.enqueue(notice.job()?);
    }
    Ok(())
}

/// What stands open on a referral, for the preview of a withdrawal.
pub async fn open_work(session: &Session, referral: &Referral) -> Answer<OpenWork> {
    let line = session.referral_line(referral.authority, referral.id).await?;
    let invitations: Vec<Invitation> = session
        .invitations_of(referral.authority, referral.id)
        .await?
        .into_iter()
        .filter(|invitation| invitation.state.open())
        .collect();
    let count = |n: i64| u32::try_from(n).unwrap_or_default();
    Ok(OpenWork {
        providers: count_of(placewell_domain::placing::invitation::grouped_by_provider(&invitations).len()),
        invitations: count_of(invitations.len()),
        offers: count(line.offers),
        questions: count(line.questions),
        approvals: count(line.recommended),
    })
}

fn count_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl App {
    /// What a withdrawal would do.
    pub async fn withdrawal_preview(&self, actor: &Actor, reference: &str) -> Answer<(Referral, OpenWork)> {
        let session = self.see(actor, Action::MakeReferral).await?;
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let open = open_work(&session, &referral).await?;
        Ok((referral, open))
    }
}
