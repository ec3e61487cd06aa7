//! What a provider keeps right so that its homes are asked: beds confirmed with one button, documents before they lapse, and
//! why each home is found by searches or is not. Its own homes only; nothing of any search.

use jiff::civil::{Date, Time};
use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::paper::{Paper, Standing};
use placewell_domain::homes::standing::measure::Measure;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::invitation::{ACCESS_DAYS, DeclineReason, InvitationState};
use placewell_insight::placing::referral::{HomeFacts, OwnGate};
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::Answer;
use crate::command::{App, Command, Receipt};
use crate::homes::home::{facts_of, held, own_home};
use crate::power::arrangement::lot_named;

/// Over how many days declines for want of a bed are counted.
const COUNTED_DAYS: i64 = 28;

/// What waits to be kept right.
#[derive(Debug, Clone, Default)]
pub struct ToKeep {
    /// Homes whose beds were confirmed too long ago, with the day of the last time.
    pub stale: Vec<(Home, Option<Date>)>,
    /// How often in 28 days a home of the provider was asked for a bed that it then said it did not have.
    pub no_bed: usize,
    /// Documents that lapsed or soon will, with the home's name.
    pub lapsing: Vec<(Paper, Option<String>)>,
}

/// Confirms that the beds of all own homes are shown right.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmAllBeds {}

impl Command for ConfirmAllBeds {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "home.confirm_all_beds";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let moment = work.moment();
        for home in work.homes_of(actor.organisation).await? {
            if home.beds_confirmed_on == Some(moment.today()) || home.may_admit().is_err() {
                continue;
            }
            work.apply(home.confirm_beds(moment)?).await?;
        }
        Ok(Receipt::at("/home"))
    }
}

impl App {
    /// What the provider has to keep right today.
    pub async fn to_keep(&self, actor: &Actor) -> Answer<ToKeep> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        let today = self.calendar.now().today();
        let homes = session.homes_of(actor.organisation).await?;
        let lapsing = session.papers_of(actor.organisation).await?.into_iter();
        let named = |paper: Paper| {
            let home = homes.iter().find(|home| Some(home.id) == paper.home).map(|home| home.name.clone());
            (paper, home)
        };
        let lapsing = lapsing.filter(|paper| paper.stands(today) != Standing::Holds).map(named).collect();
        let since = plus_days(today, -COUNTED_DAYS);
        // A home can decline after its deadline, for as long as it can read what it was asked.
        let asked_until = plus_days(since, -ACCESS_DAYS).to_datetime(Time::midnight());
        let declined = session.declined_since(actor.organisation, asked_until).await?;
        let no_bed = declined.iter().filter(|one| {
            matches!(&one.state, InvitationState::Declined(declined)
                if declined.reason == DeclineReason::NoStaffedBed && declined.at.date() >= since)
        });
        let no_bed = no_bed.count();
        let mut stale = Vec::new();
        for home in homes {
            if home.may_admit().is_err() {
                continue;
            }
            let facts = facts_of(&session, home, today).await?;
            if facts.beds_are_stale() {
                stale.push((facts.home.clone(), facts.home.beds_confirmed_on));
            }
        }
        Ok(ToKeep { stale, no_bed, lapsing })
    }

    /// Why one of the provider's own homes is found by searches, or is not.
    pub async fn own_gates(&self, actor: &Actor, urn: &str) -> Answer<(HomeFacts, Vec<OwnGate>)> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        let home = own_home(&session, actor, urn).await?;
        let held = held(&session, &home).await?;
        let facts = facts_of(&session, home, self.calendar.now().today()).await?;
        let mut gates = Vec::new();
        for one in &held {
            gates.push(HomeFacts::held_gate(hold_words(&session, one).await?));
        }
        gates.extend(facts.own_gates());
        Ok((facts, gates))
    }
}

/// "Proposed 13 September at 10:20 on all lots: judged Inadequate".
async fn hold_words(session: &Session, of: &Measure) -> Answer<String> {
    let lots = match &of.lot {
        Some(lot) => format!("lot {}", lot_named(session, lot).await?),
        None => "all lots".to_owned(),
    };
    Ok(format!("Proposed {} on {lots}: {}", of.proposed.strftime("%-d %B at %-H:%M"), of.reason.label()))
}
