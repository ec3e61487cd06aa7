//! What a provider says of its own homes: where they are, whom they are for, and that their beds are shown right.

use placewell_domain::homes::home::{Purpose, home_name};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::place::Postcode;
use serde::Serialize;

use super::own_home;
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::place::locate;

/// Supplies a home's postcode; it is never published.
#[derive(Debug, Clone, Serialize)]
pub struct SupplyPostcode {
    /// The home's number.
    pub urn: String,
    /// The version that the form was made from.
    pub version: i64,
    /// As typed.
    pub postcode: String,
}

impl Command for SupplyPostcode {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "home.supply_postcode";

    async fn run(&self, actor: &Actor, work: &mut placewell_store::Work) -> Answer<Receipt> {
        let home = own_home(work, actor, &self.urn).await?;
        if home.version != self.version {
            return Err(Outcome::Conflict);
        }
        let postcode = Postcode::parse(&self.postcode)
            .map_err(|_| Invalid::one("postcode", "Enter the home's full postcode, like HR1 2PX"))?;
        let point = locate(work, &postcode).await?.map(|located| located.point);
        work.apply(home.supply_postcode(postcode, point)?).await?;
        Ok(beds_page(&self.urn))
    }
}

/// Confirms that a home's beds are shown right.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmBeds {
    /// The home's number.
    pub urn: String,
}

impl Command for ConfirmBeds {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "home.confirm_beds";

    async fn run(&self, actor: &Actor, work: &mut placewell_store::Work) -> Answer<Receipt> {
        let home = own_home(work, actor, &self.urn).await?;
        let moment = work.moment();
        work.apply(home.confirm_beds(moment)?).await?;
        Ok(beds_page(&self.urn))
    }
}

/// States whom a home is registered for and what it can meet.
#[derive(Debug, Clone, Serialize)]
pub struct StatePurpose {
    /// The home's number.
    pub urn: String,
    /// The version that the form was made from.
    pub version: i64,
    /// What is stated.
    pub purpose: Purpose,
}

impl Command for StatePurpose {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "home.state_purpose";

    async fn run(&self, actor: &Actor, work: &mut placewell_store::Work) -> Answer<Receipt> {
        let home = own_home(work, actor, &self.urn).await?;
        if home.version != self.version {
            return Err(Outcome::Conflict);
        }
        let purpose = Purpose { name: home_name(&self.purpose.name)?, ..self.purpose.clone() };
        work.apply(home.state_purpose(purpose)?).await?;
        Ok(beds_page(&self.urn))
    }
}

fn beds_page(urn: &str) -> Receipt {
    Receipt::at(format!("/provider/homes/{}/beds", urn.to_ascii_uppercase()))
}
