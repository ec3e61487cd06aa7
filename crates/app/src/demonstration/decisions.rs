//! The decisions of the demonstration, read from their published text by the same reader as any other and recorded by
//! the commands of the decision's room, each on its own day: 14 adoptions with their ceilings, one raise called in.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_domain::id::DecisionId;
use placewell_domain::office::person::Actor;
use placewell_domain::power::decision::{CallInRequest, DecisionPage, GoverningBody, Limb, LimbEffect};
use placewell_domain::power::delegation::LimbPost;
use placewell_store::power::delegation::PowerFact;

use super::authorities::{PARTS, Part};
use super::people::{CARE_POST, DIRECTOR_POST, LEARNING_POST, democratic};
use super::stays::effective;
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::power::annual_value::SetCeiling;
use crate::power::decision::{CallIn, Publish, Record, check_pasted};
use crate::power::delegation::RecordPower;
use crate::region::Made;

/// The demonstration's own copy of the one decision that is real; it names posts, not persons.
const TEXT: &str = include_str!("decision.txt");

/// The reference of an authority's adoption.
pub fn reference(part: &Part) -> String {
    let day = part.published;
    format!("{}-{}-{:02}{:02}", part.code, day.year(), day.month(), day.day())
}

/// The published text of an authority's adoption.
fn text(part: &Part) -> String {
    if part.code == "HEF" {
        return TEXT.to_owned();
    }
    let pounds = if part.ceiling % 1_000 == 0 {
        format!("£{}m", part.ceiling / 1_000)
    } else {
        format!("£{}.{}m", part.ceiling / 1_000, part.ceiling % 1_000 / 100)
    };
    let day = |date: Date| format!("{:02}/{:02}/{}", date.day(), date.month(), date.year());
    let from = if part.code == "BIR" { part.published } else { effective_date(part) };
    TEXT.replace("£5.5m", &pounds)
        .replace("Publication date: 14/01/2019", &format!("Publication date: {}", day(part.published)))
        .replace("Date of decision: 14/01/2019", &format!("Date of decision: {}", day(part.published)))
        .replace("Effective from: 19/01/2019", &format!("Effective from: {}", day(from)))
        .replace("01632 960383", &format!("01632 960{:03}", 100 + part.homes))
}

fn effective_date(part: &Part) -> Date {
    let working = placewell_domain::calendar::WorkingDays::default();
    placewell_domain::calendar::call_in(part.published, part.call_in_days, &working).effective
}

/// The page as an officer checked it: what the text lacks and the law asks for before publication is filled in.
pub fn page(part: &Part) -> DecisionPage {
    let mut page = check_pasted(&text(part)).page;
    if part.code == "BIR" {
        page.governing_body = Some(GoverningBody::TrustBoard);
        page.decision_maker = Some("Board of the trust".to_owned());
        page.subject_to_call_in = Some(false);
    } else {
        page.governing_body = Some(GoverningBody::CouncilExecutive);
    }
    page
}

/// Records and publishes them all, moving the calendar from day to day. Leaves it on the last one.
pub async fn record(app: &Arc<App>, made: &Made) -> Answer<()> {
    let mut days: Vec<(Date, usize)> = PARTS.iter().enumerate().map(|(at, part)| (part.published, at)).collect();
    days.sort_unstable();
    for (_, at) in days {
        adopt(app, &PARTS[at], made).await?;
    }
    let mut days: Vec<(Date, usize)> =
        (0..PARTS.len()).map(|at| (effective(at), at)).filter(|(day, _)| *day <= super::TODAY).collect();
    days.sort_unstable();
    for (day, at) in days {
        let part = &PARTS[at];
        app.calendar.move_to(day.at(9, 0, 0, 0));
        let actor = app.actor_by_email(&democratic(part)).await?;
        let command = SetCeiling { reference: reference(part), accepts_over: false };
        app.perform(&actor, "demonstration ceiling", command).await?;
    }
    raise(app).await
}

/// The publication of a decision on the day on which it is made, as it is first recorded.
pub(super) fn publishing(reference: String, on: Date) -> Publish {
    Publish {
        reference,
        version: 1,
        decided_on: on,
        published_on: on,
        urgent: false,
        effective_from: None,
        effective_reason: None,
    }
}

async fn adopt(app: &Arc<App>, part: &Part, made: &Made) -> Answer<()> {
    app.calendar.move_to(part.published.at(9, 30, 0, 0));
    let actor = app.actor_by_email(&democratic(part)).await?;
    let recorded = Record { reference: reference(part), amends: None, page: page(part) };
    app.perform(&actor, "demonstration record", recorded).await?;
    let effective_from = (part.code == "HEF").then(|| date(2019, 1, 19));
    let published = Publish { effective_from, ..publishing(reference(part), part.published) };
    app.perform(&actor, "demonstration publish", published).await?;
    let id = app.own_decision(&actor, &reference(part)).await?.decision.id;
    name_posts(app, &actor, id, made).await
}

/// Says which posts the words of limbs (b) and (c) mean.
pub(super) async fn name_posts(app: &Arc<App>, actor: &Actor, decision: DecisionId, made: &Made) -> Answer<()> {
    for letter in ['b', 'c'] {
        for (title, relevant) in [(DIRECTOR_POST, false), (CARE_POST, true), (LEARNING_POST, true)] {
            let post = made.posts.get(&(actor.code.clone(), title.to_owned())).copied().ok_or(Outcome::NotFound)?;
            let fact = PowerFact::LimbPost(LimbPost { decision, letter: letter.into(), post, relevant });
            let key = format!("demonstration {decision} {letter} {title}");
            app.perform(actor, &key, RecordPower { replaces: None, fact }).await?;
        }
    }
    Ok(())
}

/// Walsall stands at 99% of its ceiling; its decision to raise it is called in (rule 10.5).
async fn raise(app: &Arc<App>) -> Answer<()> {
    let Some(part) = PARTS.iter().find(|part| part.code == "WAL") else { return Ok(()) };
    let published = date(2021, 9, 1);
    app.calendar.move_to(published.at(9, 30, 0, 0));
    let actor = app.actor_by_email(&democratic(part)).await?;
    let later = "WAL-2021-0901".to_owned();
    let recorded = Record { reference: later.clone(), amends: Some(reference(part)), page: raised(part, published) };
    app.perform(&actor, "demonstration raise", recorded).await?;
    let publish = publishing(later.clone(), published);
    app.perform(&actor, "demonstration raise published", publish).await?;
    app.calendar.move_to(date(2021, 9, 7).at(15, 0, 0, 0));
    let version = app.own_decision(&actor, &later).await?.decision.version;
    let request = CallInRequest {
        on: date(2021, 9, 7),
        by: "Three members of the children's scrutiny committee".to_owned(),
        grounds: "The report does not say how the higher ceiling is paid for.".to_owned(),
    };
    app.perform(&actor, "demonstration call-in", CallIn { reference: later, version, request }).await?;
    Ok(())
}

fn raised(part: &Part, published: Date) -> DecisionPage {
    let mut page = page(part);
    "Regional Flexible Contracting Arrangement: raise of the annual value".clone_into(&mut page.title);
    page.purpose =
        Some("To raise the annual value up to which placements are bought through the arrangement.".to_owned());
    for limb in &mut page.limbs {
        raise_limb(limb);
    }
    page.alternatives.clear();
    page.reasons = Some("More children need a children's home than when the arrangement was adopted.".to_owned());
    page.conflicts_of_interest = Some("None declared.".to_owned());
    page.dispensations = Some("None.".to_owned());
    page.urgency = Some("Not urgent.".to_owned());
    (page.published_on, page.decided_on) = (Some(published), Some(published));
    page.effective_from = None;
    page
}

fn raise_limb(limb: &mut Limb) {
    for effect in &mut limb.effects {
        if let LimbEffect::Ceiling { annual } = effect {
            *annual = placewell_domain::money::Pence::pounds(9_500_000);
            limb.text = limb.text.replace("£8m", "£9.5m");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use placewell_domain::money::Pence;

    #[test]
    fn every_adoption_is_read_from_its_text_with_its_own_ceiling() {
        for part in &PARTS {
            let page = page(part);
            assert_eq!(page.annual_value(), Some(Pence::pounds(part.ceiling * 1_000)), "{}", part.code);
            assert!(page.adopts(), "{}", part.code);
            assert_eq!(page.published_on, Some(part.published), "{}", part.code);
            assert_eq!(page.limbs.len(), 3, "{}", part.code);
        }
    }

    #[test]
    fn rule_9_2_the_copy_of_the_real_decision_names_posts_and_no_person() {
        assert!(!TEXT.contains("Griffiths"));
        assert!(TEXT.contains("01632 960"));
        let hereford = &PARTS[super::super::authorities::place("HEF")];
        let page = page(hereford);
        assert_eq!(page.contact.as_deref().map(|contact| contact.contains("Commissioning officer")), Some(true));
        assert_eq!(page.effective_from, Some(date(2019, 1, 19)));
        assert_eq!(page.alternatives.len(), 4);
    }

    #[test]
    fn rule_10_5_the_late_adopters_call_in_ends_tonight() {
        let late = &PARTS[super::super::authorities::place("TEL")];
        assert_eq!(effective_date(late), date(2021, 9, 14));
    }
}
