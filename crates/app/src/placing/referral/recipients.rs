//! Who could be asked: the homes that pass every hard filter, in the order of approach, with what was asked before.

use placewell_domain::authority::AreaCode;
use placewell_domain::id::HomeId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::place::locate_outcode;
use placewell_domain::placing::referral::{Referral, Tier};

use super::asking::wanted;
use crate::answer::Answer;
use crate::command::App;

/// One home that could be asked.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The home.
    pub home: HomeId,
    /// In which tier.
    pub tier: Tier,
    /// Its name.
    pub name: String,
    /// Its provider.
    pub provider: String,
    /// Miles by straight line, to one decimal.
    pub miles: Option<String>,
    /// The grade in words.
    pub grade: &'static str,
    /// Whether it was asked before.
    pub asked: bool,
}

/// Who could be asked.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// The referral.
    pub referral: Referral,
    /// The homes, in the order found within each tier.
    pub homes: Vec<Candidate>,
    /// Homes left out by a hard filter.
    pub left_out: usize,
}

impl App {
    /// The homes that could be asked for a referral.
    pub async fn candidates(&self, actor: &Actor, reference: &str) -> Answer<Candidates> {
        let session = self.see(actor, Action::MakeReferral).await?;
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let authority = session.organisation_by_id(referral.authority).await?;
        let asked = session.homes_asked(actor.organisation, referral.id).await?;
        drop(session);
        let index = self.homes(actor).await?;
        let area = authority.area.as_deref().and_then(|code| AreaCode::parse(code).ok());
        let Some(area) = area else {
            return Ok(Candidates { referral, homes: Vec::new(), left_out: index.len() });
        };
        let origin = referral.profile.from.as_ref().and_then(locate_outcode).map(|located| located.point);
        let found = index.search(&wanted(&referral, area, origin));
        let homes = found.matched.iter().filter_map(|matched| {
            let facts = index.home(matched.row)?;
            Some(Candidate {
                home: facts.home.id,
                tier: matched.tier,
                name: facts.home.name.clone(),
                provider: facts.provider.clone(),
                miles: matched.distance.map(placewell_domain::place::MilesTenths::one_decimal),
                grade: facts.grade.label(),
                asked: asked.contains(&facts.home.id),
            })
        });
        let homes = homes.collect();
        Ok(Candidates { homes, left_out: found.left_out(), referral })
    }
}
