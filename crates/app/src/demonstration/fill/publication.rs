//! What the demonstration has published: notices on the forward plan by each of the three ways, one taken and one withdrawn, a
//! corrected decision, officers' decisions, and the totals of the years that are over. All through the rooms' commands.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_domain::change::Event;
use placewell_domain::money::Pence;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::decision::{
    Alternative, DecisionPage, DelegatedKind, DelegatedPage, ExemptParagraph, ExemptWords, Limb, LimbEffect, Notice,
    NoticeKind, Says,
};
use placewell_domain::reporting::publication::{OCID_PREFIX, OcidPrefix};
use placewell_domain::setting::SettingValue as _;

use super::Written;
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, ended};
use crate::demonstration::authorities::{PARTS, Part, place};
use crate::demonstration::decisions::{page, publishing, reference};
use crate::demonstration::people::{CARE_POST, DIRECTOR_POST, LEAD, TEAM, democratic};
use crate::demonstration::stays::TERM_START;
use crate::power::decision::{
    Correct, GiveNotice, Publish, PublishDelegated, Record, RecordDelegated, RecordExempt, WithdrawDelegated,
    WithdrawNotice,
};
use crate::reporting::publication::{PublishYear, tell_years};

/// The contract years that are over and published, by the calendar year in which each starts.
const YEARS: [i16; 2] = [2018, 2019];

async fn at(app: &Arc<App>, code: &str, day: Date) -> Answer<(&'static Part, Actor)> {
    app.calendar.move_to(day.at(9, 45, 0, 0));
    let part = PARTS.get(place(code)).ok_or(Outcome::NotFound)?;
    Ok((part, app.actor_by_email(&democratic(part)).await?))
}

/// A decision to come about one matter, with one limb.
fn to_come(part: &Part, title: &str, purpose: &str, limb: (&str, Vec<LimbEffect>)) -> DecisionPage {
    let (text, effects) = limb;
    DecisionPage {
        title: title.to_owned(),
        purpose: Some(purpose.to_owned()),
        limbs: vec![Limb { letter: 'a'.into(), text: text.to_owned(), effects }],
        alternatives: vec![Alternative { number: 1, text: "Do nothing.".to_owned() }],
        reasons: None,
        status: None,
        term: None,
        published_on: None,
        decided_on: None,
        effective_from: None,
        documents: Vec::new(),
        ..page(part)
    }
}

async fn recorded(app: &Arc<App>, actor: &Actor, reference: &str, page: DecisionPage) -> Answer<()> {
    let command = Record { reference: reference.to_owned(), amends: None, page };
    app.perform(actor, &format!("demonstration record {reference}"), command).await?;
    Ok(())
}

async fn noticed(app: &Arc<App>, actor: &Actor, reference: &str, notice: Notice) -> Answer<()> {
    let command = GiveNotice { reference: reference.to_owned(), version: 1, notice };
    app.perform(actor, &format!("demonstration notice {reference}"), command).await?;
    Ok(())
}

/// The region publishes its contracts under the standard's own example prefix, which is nobody's: a real region registers
/// one.
pub(super) async fn prefix(app: &App, written: &Written) -> Answer<()> {
    let mut work = app.store.begin(written.organisation(TEAM)?, app.calendar.now()).await?;
    let org = work.org();
    work.set(OCID_PREFIX.name, TERM_START, &Some(OcidPrefix::example()).write()).await?;
    let event = Event::new("setting.changed", "setting", org.0, 1);
    work.record(event.with("key", OCID_PREFIX.name).with("from", TERM_START));
    Ok(work.commit(Machine::now()).await?)
}

/// Everything about decisions, each authority on its own days.
pub async fn decisions(app: &Arc<App>) -> Answer<()> {
    corrected(app).await?;
    exempt(app).await?;
    plan(app).await?;
    taken(app).await?;
    officers(app).await
}

/// Worcestershire's page had left words out: a new version says them, and why.
async fn corrected(app: &Arc<App>) -> Answer<()> {
    let (part, actor) = at(app, "WOR", date(2019, 2, 11)).await?;
    let reference = reference(part);
    let found = app.own_decision(&actor, &reference).await?.decision;
    let mut page = found.page.clone();
    page.wards = Some("All wards, and the homes of other areas in which children are placed".to_owned());
    page.reasons =
        Some("Homes that were evaluated once for all authorities need fewer checks before a child moves.".into());
    page.conflicts_of_interest = Some("None declared.".to_owned());
    page.dispensations = Some("None.".to_owned());
    page.urgency = Some("Not urgent.".to_owned());
    let why = "The first version left out the reasons and the declarations that the law asks for.".to_owned();
    let command = Correct { reference, version: found.version, page, why };
    app.perform(&actor, "demonstration correction", command).await?;
    Ok(())
}

/// An appendix of two decisions is exempt: which paragraph, and why, stands on no public page.
async fn exempt(app: &Arc<App>) -> Answer<()> {
    for (code, day) in [("HEF", date(2019, 2, 12)), ("WOR", date(2019, 2, 13))] {
        let (part, actor) = at(app, code, day).await?;
        let reference = reference(part);
        let version = app.own_decision(&actor, &reference).await?.decision.version;
        let words = ExemptWords {
            what: "Appendix B: the providers' tendered prices, home by home".to_owned(),
            paragraph: ExemptParagraph::Affairs,
            reason:
                "Told before the next opening, the prices would let providers match one another, and every authority \
                     would pay more. What is paid in all is published each year."
                    .to_owned(),
        };
        let command = RecordExempt { reference, version, words: Some(words) };
        app.perform(&actor, "demonstration exempt part", command).await?;
    }
    Ok(())
}

/// Coventry gives 28 days' notice, Dudley uses the general exception, Stoke takes a notice back.
async fn plan(app: &Arc<App>) -> Answer<()> {
    let (part, actor) = at(app, "SOT", date(2021, 6, 28)).await?;
    let title = "Regional Flexible Contracting Arrangement: a homes strategy of our own";
    let limb = ("a strategy for the city's own children's homes be adopted", Vec::new());
    let page = to_come(part, title, "Whether the city opens homes of its own beside the arrangement.", limb);
    recorded(app, &actor, "SOT-2021-0803", page).await?;
    noticed(app, &actor, "SOT-2021-0803", Notice::of_28_days(date(2021, 6, 28))).await?;
    let (_, actor) = at(app, "SOT", date(2021, 7, 26)).await?;
    let reason = "The strategy waits for the regional work on sufficiency; a new notice will be given.".to_owned();
    let command = WithdrawNotice { reference: "SOT-2021-0803".into(), version: 2, on: date(2021, 7, 26), reason };
    app.perform(&actor, "demonstration withdrawal", command).await?;

    let (part, actor) = at(app, "COV", date(2021, 9, 6)).await?;
    let until = vec![LimbEffect::UsesExtension { until: date(2023, 12, 14) }];
    let title = "Regional Flexible Contracting Arrangement: use of the option to extend";
    let limb = ("the option to extend the arrangement be used for two years, to 14 December 2023", until);
    let mut page =
        to_come(part, title, "Whether the council goes on with the arrangement after 14 December 2021.", limb);
    page.in_extension.ceiling = Says::Yes;
    page.in_extension.limbs = Says::Yes;
    recorded(app, &actor, "COV-2021-1012", page).await?;
    let notice = Notice { expected: date(2021, 10, 12), ..Notice::of_28_days(date(2021, 9, 6)) };
    noticed(app, &actor, "COV-2021-1012", notice).await?;

    let (part, actor) = at(app, "DUD", date(2021, 9, 6)).await?;
    let title = "Regional Flexible Contracting Arrangement: raise of the annual value";
    let raise = vec![LimbEffect::Ceiling { annual: Pence::pounds(7_600_000) }];
    let limb = ("the annual value be raised to £7.6m for the contract year that ends on 14 December 2021", raise);
    let page = to_come(part, title, "Whether more may be committed this year, as children wait for a home.", limb);
    recorded(app, &actor, "DUD-2021-0920", page).await?;
    let notice = Notice {
        on: date(2021, 9, 6),
        kind: NoticeKind::GeneralException,
        expected: date(2021, 9, 20),
        why: Some("A home closes on 30 September and its children need others before then.".to_owned()),
        chair_on: Some(date(2021, 9, 6)),
    };
    noticed(app, &actor, "DUD-2021-0920", notice).await
}

/// Sandwell decided under special urgency: the notice stands on the plan as taken, the decision among the published ones.
async fn taken(app: &Arc<App>) -> Answer<()> {
    let (part, actor) = at(app, "SAN", date(2021, 8, 24)).await?;
    let title = "Emergency beds for children whose home closed";
    let limb = ("beds be bought for the children of a home that closed on 23 August 2021", Vec::new());
    let mut page = to_come(part, title, "Where children live whose home closed overnight.", limb);
    page.status = Some("Recommendations Approved".to_owned());
    page.reasons = Some("The home closed overnight. The children could not wait for 28 days.".to_owned());
    page.conflicts_of_interest = Some("None declared.".to_owned());
    page.dispensations = Some("None.".to_owned());
    page.urgency = Some("Special urgency: the chair of the scrutiny committee agreed on 24 August 2021.".to_owned());
    let reference = "SAN-2021-0825";
    recorded(app, &actor, reference, page).await?;
    let notice = Notice {
        on: date(2021, 8, 24),
        kind: NoticeKind::SpecialUrgency,
        expected: date(2021, 8, 24),
        why: Some("The children have nowhere to sleep after 25 August.".to_owned()),
        chair_on: Some(date(2021, 8, 24)),
    };
    noticed(app, &actor, reference, notice).await?;
    let (_, actor) = at(app, "SAN", date(2021, 8, 25)).await?;
    let publish = Publish { version: 2, urgent: true, ..publishing(reference.to_owned(), date(2021, 8, 25)) };
    app.perform(&actor, "demonstration urgent", publish).await?;
    Ok(())
}

struct Told {
    code: &'static str,
    taken: Date,
    kind: DelegatedKind,
    post: &'static str,
    title: &'static str,
    decided: &'static str,
    reasons: &'static str,
    alternatives: &'static str,
}

const OFFICERS: [Told; 5] = [
    Told {
        code: "HEF",
        taken: date(2019, 2, 4),
        kind: DelegatedKind::Terms,
        post: DIRECTOR_POST,
        title: "Version 1.0 of the terms of the arrangement",
        decided: "To accept version 1.0 of the terms for all placements through the arrangement.",
        reasons: "The terms were agreed by all authorities and need no local changes.",
        alternatives: "Terms of our own. Providers would sign two sets.",
    },
    Told {
        code: "HEF",
        taken: date(2021, 4, 12),
        kind: DelegatedKind::Prices,
        post: CARE_POST,
        title: "Scheduled prices from April 2021",
        decided: "To pay the scheduled prices as uplifted for all providers from 1 April 2021.",
        reasons: "The uplift follows the formula of the terms.",
        alternatives: "To refuse it. Homes could then decline our children.",
    },
    Told {
        code: "HEF",
        taken: date(2021, 6, 21),
        kind: DelegatedKind::Standing,
        post: CARE_POST,
        title: "No new placements while a provider is suspended",
        decided: "To make no new placement at a provider's homes while it is suspended from the arrangement.",
        reasons: "Judgements fell at its homes within one month.",
        alternatives: "To decide home by home. Each search would have to be explained.",
    },
    Told {
        code: "SHR",
        taken: date(2021, 5, 17),
        kind: DelegatedKind::Other,
        post: CARE_POST,
        title: "Visits to homes in the arrangement",
        decided: "To share monitoring visits with two neighbouring authorities.",
        reasons: "Each home is visited once for three authorities.",
        alternatives: "To visit alone. It would cost three times the days.",
    },
    Told {
        code: "STA",
        taken: date(2021, 7, 5),
        kind: DelegatedKind::Prices,
        post: CARE_POST,
        title: "Scheduled prices from April 2021",
        decided: "To pay the scheduled prices as uplifted for all providers from 1 April 2021.",
        reasons: "The uplift follows the formula of the terms.",
        alternatives: "None that the terms allow.",
    },
];

/// Officers' decisions, each published the day after; one was withdrawn, and its address says why.
async fn officers(app: &Arc<App>) -> Answer<()> {
    let mut told: Vec<&Told> = OFFICERS.iter().collect();
    told.sort_by_key(|told| told.taken);
    for told in told {
        let (part, actor) = at(app, told.code, told.taken).await?;
        let page = DelegatedPage {
            title: told.title.to_owned(),
            kind: told.kind,
            decided: told.decided.to_owned(),
            post: told.post.to_owned(),
            taken_on: told.taken,
            reasons: told.reasons.to_owned(),
            alternatives: told.alternatives.to_owned(),
            conflicts: "None declared.".to_owned(),
            supplier: None,
            contract: None,
            value: None,
            exempt: None,
        };
        let key = format!("demonstration officer {}", told.title);
        let command = RecordDelegated { under: reference(part), limb: 'b'.into(), page };
        app.perform(&actor, &key, command).await?;
        let known = app.own_delegated(&actor).await?;
        let Some(draft) = known.into_iter().find(|one| one.page.title == told.title) else { continue };
        let (reference, version) = (draft.reference, draft.version);
        let publish = PublishDelegated { reference, version, on: told.taken };
        app.perform(&actor, &format!("{key} published"), publish).await?;
    }
    withdrawn(app).await
}

async fn withdrawn(app: &Arc<App>) -> Answer<()> {
    let (_, actor) = at(app, "SHR", date(2021, 8, 2)).await?;
    let Some(known) = app.own_delegated(&actor).await?.into_iter().next() else { return Ok(()) };
    let reason = "It named a neighbouring authority that had not agreed yet.".to_owned();
    let (reference, version) = (known.reference, known.version);
    let command = WithdrawDelegated { reference, version, on: date(2021, 8, 2), reason };
    app.perform(&actor, "demonstration officer withdrawn", command).await?;
    Ok(())
}

/// The totals of the years that are over, once what was bought is written.
pub async fn years(app: &Arc<App>) -> Answer<()> {
    let visit = app.visit().await?;
    let kept = visit.current_arrangement().await?.ok_or(Outcome::NotFound)?;
    let authorities = visit.organisations().await?.into_iter().filter(|one| one.kind == OrganisationKind::Authority);
    let authorities: Vec<_> = authorities.map(|one| one.id).collect();
    drop(visit);
    for authority in authorities {
        let work = app.store.begin(authority, app.calendar.now()).await?;
        let told = tell_years(&work, &kept).await;
        ended(work, told).await?;
    }
    let lead = app.actor_by_email(LEAD).await?;
    for year in YEARS {
        app.perform(&lead, &format!("demonstration year {year}"), PublishYear::starting_in(year)).await?;
    }
    Ok(())
}
