//! What a home, a council and the regulator say of a home's facts, side by side; and the homes where they differ.

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::named::{Manager, manager_on};
use placewell_domain::homes::home::voice::{HomeFact, Said, Speaker, Voice, compare};
use placewell_domain::id::HomeId;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_store::homes::home::RegisterLine;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::{home_by_text, own_home};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

/// Records what somebody says of a home's fact. A provider speaks for its own home, an authority for what it found, the
/// regional team writes down what Ofsted published.
#[derive(Debug, Clone, Serialize)]
pub struct SayOfHome {
    /// The home's number.
    pub urn: String,
    /// The fact.
    pub fact: HomeFact,
    /// What is said.
    pub value: String,
    /// Of which day it is.
    pub seen_on: Date,
    /// Where it can be read.
    pub link: Option<String>,
}

impl Command for SayOfHome {
    const ACTION: Action = Action::SayOfHome;
    const NAME: &'static str = "home.say";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let own = work.organisation_by_id(work.org()).await?;
        let (speaker, by, home) = match own.kind {
            OrganisationKind::Provider => (Speaker::Home, own.name, own_home(work, actor, &self.urn).await?),
            OrganisationKind::Authority => (Speaker::Council, own.name, home_by_text(work, &self.urn).await?),
            OrganisationKind::RegionalTeam => {
                (Speaker::Regulator, "Ofsted".to_owned(), super::kept_home(work, &self.urn).await?)
            }
            OrganisationKind::Operator => return Err(Outcome::NotFound),
        };
        let said = Voice {
            fact: self.fact,
            speaker,
            by,
            value: self.value.clone(),
            seen_on: self.seen_on,
            link: self.link.clone(),
        };
        work.add_voice(&home, &said.checked(work.moment().today())?).await?;
        let page = match speaker {
            Speaker::Home => format!("/provider/homes/{}/facts", home.urn),
            Speaker::Council | Speaker::Regulator => format!("/homes/{}/facts", home.urn),
        };
        Ok(Receipt::at(page))
    }
}

/// What the records themselves say: beds that the home keeps and its statement of purpose; the register's line.
fn from_records(home: &Home, provider: &str, beds: usize, line: Option<&RegisterLine>) -> Vec<Voice> {
    let mut all = Vec::new();
    let own = |fact, value: String, seen_on| Voice {
        fact,
        speaker: Speaker::Home,
        by: provider.to_owned(),
        value,
        seen_on,
        link: None,
    };
    if let Some(on) = home.beds_confirmed_on {
        all.push(own(HomeFact::Places, beds.to_string(), on));
    }
    if let Some(on) = home.purpose_as_of {
        if let Some(ages) = home.ages {
            all.push(own(HomeFact::Ages, format!("{} to {}", ages.from, ages.to), on));
        }
        if let Some(sex) = home.sex {
            all.push(own(HomeFact::Sex, sex.label().to_owned(), on));
        }
    }
    if let Some(line) = line {
        let said = |fact, value: String| Voice {
            fact,
            speaker: Speaker::Regulator,
            by: "Ofsted".to_owned(),
            value,
            seen_on: line.as_at,
            link: None,
        };
        all.extend(line.places.map(|places| said(HomeFact::Places, places.to_string())));
        all.extend(line.organisation.clone().map(|owner| said(HomeFact::Owner, owner)));
        all.push(Voice { seen_on: line.as_at, ..own(HomeFact::Owner, provider.to_owned(), line.as_at) });
    }
    all
}

/// Whether somebody manages the home by what its provider recorded; who it is stands elsewhere.
fn of_manager(provider: &str, told: &[Manager]) -> Option<Voice> {
    let held = manager_on(told, Date::MAX)?;
    Some(Voice {
        fact: HomeFact::Manager,
        speaker: Speaker::Home,
        by: provider.to_owned(),
        value: if held.name.is_some() { "yes" } else { "no" }.to_owned(),
        seen_on: held.on,
        link: None,
    })
}

async fn said_of(session: &Session, home: &Home) -> Answer<Vec<Said>> {
    let provider = session.organisation_by_id(home.provider).await?.name;
    let beds = session.beds(home.id).await?.len();
    let lines = session.register_lines(home.region).await?;
    let line = lines.iter().find(|line| line.home == home.id);
    let mut all = from_records(home, &provider, beds, line);
    all.extend(of_manager(&provider, &session.managers_of(home.id).await?));
    all.extend(session.voices(home.id).await?);
    Ok(compare(all))
}

impl App {
    /// What is said of one home, fact by fact.
    pub async fn home_voices(&self, actor: &Actor, urn: &str) -> Answer<(Home, Vec<Said>)> {
        let session = self.see(actor, Action::SeeHomes).await?;
        let home = home_by_text(&session, urn).await?;
        let said = said_of(&session, &home).await?;
        Ok((home, said))
    }

    /// The same of a provider's own home.
    pub async fn own_home_voices(&self, actor: &Actor, urn: &str) -> Answer<(Home, Vec<Said>)> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        let home = own_home(&session, actor, urn).await?;
        let said = said_of(&session, &home).await?;
        Ok((home, said))
    }

    /// The homes of which two voices differ, by name, each with the facts that differ.
    pub async fn differing_homes(&self, actor: &Actor) -> Answer<Vec<(Home, Vec<Said>)>> {
        let session = self.see(actor, Action::SeeHomes).await?;
        let names: BTreeMap<_, _> = session.organisations().await?.into_iter().map(|one| (one.id, one.name)).collect();
        let mut beds: BTreeMap<HomeId, usize> = BTreeMap::new();
        for bed in session.all_beds().await? {
            *beds.entry(bed.home).or_default() += 1;
        }
        let mut voices: BTreeMap<HomeId, Vec<Voice>> = BTreeMap::new();
        for (home, voice) in session.all_voices().await? {
            voices.entry(home).or_default().push(voice);
        }
        let managers = session.all_managers().await?;
        let homes = session.homes().await?;
        let mut lines: BTreeMap<HomeId, RegisterLine> = BTreeMap::new();
        let mut regions: Vec<_> = homes.iter().map(|home| home.region).collect();
        regions.sort_unstable();
        regions.dedup();
        for region in regions {
            lines.extend(session.register_lines(region).await?.into_iter().map(|line| (line.home, line)));
        }
        let mut found = Vec::new();
        for home in homes {
            let provider = names.get(&home.provider).map_or("", String::as_str);
            let kept = beds.get(&home.id).copied().unwrap_or_default();
            let mut all = from_records(&home, provider, kept, lines.get(&home.id));
            all.extend(managers.get(&home.id).and_then(|told| of_manager(provider, told)));
            all.extend(voices.remove(&home.id).unwrap_or_default());
            let said: Vec<Said> = compare(all).into_iter().filter(|one| one.differs).collect();
            if !said.is_empty() {
                found.push((home, said));
            }
        }
        found.sort_by(|a, b| (&a.0.name, a.0.id).cmp(&(&b.0.name, b.0.id)));
        Ok(found)
    }
}
