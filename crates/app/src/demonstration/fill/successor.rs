//! The arrangement that follows, recorded beside the one that runs; one authority that does not use the extension has adopted
//! it, moved a live agreement to it with the provider's consent, and offered to move another.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_domain::power::arrangement::TermsVersion;
use placewell_domain::power::decision::{DecidedTerm, DecisionPage};

use super::Written;
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::demonstration::authorities::{PARTS, Part, place};
use crate::demonstration::decisions::{name_posts, page, publishing};
use crate::demonstration::names;
use crate::demonstration::people::{LEAD, address, democratic, manager};
use crate::placing::agreement::{ConsentMove, OfferMoves};
use crate::power::annual_value::SetCeiling;
use crate::power::arrangement::RecordSuccessor;
use crate::power::decision::Record;

/// Its short name.
const SLUG: &str = "fca-2021";
const START: Date = date(2021, 12, 15);
const END: Date = date(2025, 12, 14);
/// The authority that has adopted it.
const ADOPTS: &str = "WOL";

/// The region records it; the authority decides to adopt it from its first day.
pub(super) async fn adopt(app: &Arc<App>, written: &Written) -> Answer<()> {
    app.calendar.move_to(date(2021, 8, 9).at(11, 0, 0, 0));
    let lead = app.actor_by_email(LEAD).await?;
    let successor = RecordSuccessor {
        follows: "fca".to_owned(),
        slug: SLUG.to_owned(),
        title: "Flexible Contracting Arrangement 2021 to 2025".to_owned(),
        start: START,
        end: END,
        option_months: 24,
        lots: Vec::new(),
        terms: TermsVersion {
            version: "2.0".to_owned(),
            from: START,
            summary: "The terms of version 1.2, with beds offered to all authorities the day they become free."
                .to_owned(),
        },
    };
    app.perform(&lead, "demonstration successor", successor).await?;

    let (part, published) = (&PARTS[place(ADOPTS)], date(2021, 8, 23));
    app.calendar.move_to(published.at(9, 30, 0, 0));
    let actor = app.actor_by_email(&democratic(part)).await?;
    let reference = format!("{ADOPTS}-2021-0823");
    let recorded = Record { reference: reference.clone(), amends: None, page: adoption(part, published) };
    app.perform(&actor, "demonstration successor adopted", recorded).await?;
    app.perform(&actor, "demonstration successor published", publishing(reference.clone(), published)).await?;
    let decision = app.own_decision(&actor, &reference).await?.decision.id;
    name_posts(app, &actor, decision, &written.made).await?;
    app.calendar.move_to(date(2021, 9, 3).at(9, 0, 0, 0));
    let ceiling = SetCeiling { reference, accepts_over: false };
    app.perform(&actor, "demonstration successor ceiling", ceiling).await.map(|_| ())
}

fn adoption(part: &Part, published: Date) -> DecisionPage {
    let mut page = page(part);
    "Flexible Contracting Arrangement 2021 to 2025: adoption".clone_into(&mut page.title);
    page.purpose = Some("To buy through the arrangement that follows, from its first day.".to_owned());
    page.term = Some(DecidedTerm { start: START, end: END, option_months: Some(24) });
    page.alternatives.clear();
    page.no_alternatives = Some("None: the option to extend the present arrangement is not used.".to_owned());
    page.reasons = Some("Its terms let beds be offered to all authorities the day they become free.".to_owned());
    page.conflicts_of_interest = Some("None declared.".to_owned());
    page.dispensations = Some("None.".to_owned());
    page.urgency = Some("Not urgent.".to_owned());
    (page.published_on, page.decided_on) = (Some(published), Some(published));
    page.effective_from = None;
    page
}

/// Two live agreements that last beyond the first day are offered to their providers; one consents.
pub(super) async fn moved(app: &Arc<App>) -> Answer<()> {
    let part = &PARTS[place(ADOPTS)];
    app.calendar.move_to(date(2021, 9, 10).at(16, 20, 0, 0));
    let director = app.actor_by_email(&address(part, "director")).await?;
    let session = app.store.read(Some(director.organisation)).await?;
    let living = session.living_agreements(director.organisation).await?;
    let organisations = session.organisations().await?;
    drop(session);
    let lasts = living.into_iter().filter(|one| one.terms.route.through_arrangement() && one.nights().1 > START);
    for (at, agreement) in lasts.take(2).enumerate() {
        let reference = agreement.reference.to_string();
        let offer = OfferMoves { references: vec![reference.clone()], to: SLUG.to_owned(), on: START };
        app.perform(&director, &format!("demonstration move {at}"), offer).await?;
        if at > 0 {
            continue;
        }
        let provider = organisations.iter().find(|one| one.id == agreement.provider).ok_or(Outcome::NotFound)?;
        let consents = app.actor_by_email(&manager(&provider.code)).await?;
        let consent = ConsentMove {
            reference,
            version: agreement.version + 1,
            name: names::staff(340),
            role: "Placements manager".to_owned(),
            has_authority: true,
        };
        app.perform(&consents, "demonstration consent", consent).await?;
    }
    Ok(())
}
