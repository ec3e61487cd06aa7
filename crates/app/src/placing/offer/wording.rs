//! What a provider keeps to say again of a home in its offers, and what an offer's form may take from it.

use placewell_domain::change::Event;
use placewell_domain::homes::home::{Home, Need};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::offer::wording::Wording;
use placewell_store::Work;
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::homes::home::own_home;
use crate::homes::monitoring::names::known_at;

/// Keeps a sentence of a home for its offers, in place of the one before it; an empty one takes it out for good.
#[derive(Debug, Clone, Serialize)]
pub struct SaveWording {
    /// The home's number.
    pub urn: String,
    /// How the home meets which need.
    pub need: Need,
    /// The sentence; empty to take out what is kept.
    pub words: String,
    /// "This tells of no child."
    pub confirmed: bool,
}

impl Command for SaveWording {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "offer.save_wording";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let home = own_home(work, actor, &self.urn).await?;
        let kind = if self.words.trim().is_empty() {
            if !work.take_wording_out(home.id, self.need).await? {
                return Err(Invalid::one("words", "Enter what your offers say of it").into());
            }
            "offer.wording_taken_out"
        } else {
            let moment = work.moment();
            let (known, today) = (known_at(work, actor, home.id, moment).await?.known, moment.today());
            let wording = Wording::save((home.id, self.need), &self.words, self.confirmed, &known, today)?;
            work.keep_wording(&wording).await?;
            "offer.wording_saved"
        };
        // The event holds no words.
        work.record(Event::new(kind, "home_wording", home.id.0, 1).with("need", self.need.code()));
        Ok(Receipt::at(format!("/provider/homes/{}/wording", home.urn)))
    }
}

impl App {
    /// A home of the reader's provider, with what it keeps to say again of it.
    pub async fn own_wordings(&self, actor: &Actor, urn: &str) -> Answer<(Home, Vec<Wording>)> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        let home = own_home(&session, actor, urn).await?;
        let saved = session.wordings_of(home.id).await?;
        Ok((home, saved))
    }

    /// What is kept of the home that was asked, of the needs that must be met.
    pub async fn wordings_for(&self, actor: &Actor, invitation: &Invitation) -> Answer<Vec<Wording>> {
        let session = self.see(actor, Action::SeeInvitations).await?;
        if invitation.provider != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let mut saved = session.wordings_of(invitation.home).await?;
        saved.retain(|one| invitation.profile.must_haves.has(one.need));
        Ok(saved)
    }
}
