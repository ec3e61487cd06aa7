//! What a check rests on and runs out soon, told before it does: 60, 30 and 7 days ahead the insurance, the evaluations that
//! every authority relies on and their evidence, to the regional team; and evidence of a spot purchase that will not hold
//! until its child comes, to the officers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState};
use placewell_domain::homes::admission::insured::evidence_until;
use placewell_domain::homes::admission::selection::Gate;
use placewell_domain::homes::home::paper::Paper;
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::{days_between, plus_days};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_store::{Session, Work};

use crate::answer::Answer;
use crate::command::App;
use crate::homes::standing::ending_by;
use crate::office::message::{Notice, deliver};

/// How many days ahead it is told, the last first.
const AHEAD: [i64; 3] = [7, 30, 60];
/// How many days ahead an officer is told of evidence for a child who has not come.
const BEFORE_START: i64 = 14;

/// Something that runs out on a day, of which somebody is told once for each step.
pub(super) struct Expiry {
    room: &'static str,
    record: i64,
    due: String,
    to: (OrganisationId, Role),
    subject: String,
    line: String,
    path: String,
}

/// The step at which a day ahead is told; none where it is further away, or here.
fn step(today: Date, on: Date) -> Option<i64> {
    let days = days_between(today, on);
    AHEAD.into_iter().find(|step| days <= *step).filter(|_| days > 0)
}

/// What runs out soon and of which nobody was told at this step.
pub(super) async fn expiries(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Expiry>> {
    let kept = session.current_arrangement().await?;
    let all = if kept.is_some_and(|kept| kept.region == org) {
        let mut all = insurance(session, org, today).await?;
        all.extend(evaluations(session, org, today).await?);
        all.extend(gates(session, org, today).await?);
        all
    } else {
        evidence(session, org, today).await?
    };
    let records: BTreeSet<i64> = all.iter().map(|one| one.record).collect();
    let told = session.chased_among(org, &Vec::from_iter(records)).await?;
    let untold = |one: &Expiry| !told.contains(&(one.room.to_owned(), one.record, one.due.clone()));
    Ok(all.into_iter().filter(untold).collect())
}

/// Insurance that ends soon, by documents, evidence or the region's own record. Its provider hears of its documents as they
/// lapse; of what the region recorded it hears here.
async fn insurance(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Expiry>> {
    let mut found = Vec::new();
    let ends = ending_by(session, today, plus_days(today, AHEAD[2])).await?;
    let known = session.organisations().await?;
    for ending in ends {
        let Some(step) = step(today, ending.from) else { continue };
        let Some(provider) = known.iter().find(|one| one.id == ending.provider) else { continue };
        let due = format!("insurance {} in {step}", ending.from);
        let line = format!("Insurance: the first day without it is {}.", ending.from.strftime("%-d %B %Y"));
        if ending.by_hand {
            found.push(Expiry {
                room: "insured",
                record: provider.id.0,
                due: due.clone(),
                to: (provider.id, Role::ProviderManager),
                subject: "The regional team records an end of your insurance".to_owned(),
                line: line.clone(),
                path: "/provider/documents".to_owned(),
            });
        }
        found.push(Expiry {
            room: "check",
            record: provider.id.0,
            due,
            to: (org, Role::CommissioningLead),
            subject: format!("{}: insurance runs out", provider.name),
            line,
            path: format!("/region/providers/{}", provider.code),
        });
    }
    Ok(found)
}

/// Evaluations that hold today and no later one of the same provider outlasts.
async fn evaluations(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Expiry>> {
    let all = session.evaluations().await?;
    let until = |one: &Evaluation| match one.state {
        EvaluationState::Admitted { until, .. } => Some(until),
        _ => None,
    };
    let mut found = Vec::new();
    for one in all.iter().filter(|one| one.region == org) {
        let Some((ends, step)) = until(one).and_then(|ends| Some((ends, step(today, ends)?))) else { continue };
        let lots: BTreeSet<&str> = one.lots.iter().map(|lot| lot.lot.as_str()).collect();
        let renewed = all.iter().any(|other| {
            let covers = other.lots.iter().map(|lot| lot.lot.as_str()).collect::<BTreeSet<_>>().is_superset(&lots);
            other.provider == one.provider && covers && until(other).is_some_and(|later| later > ends)
        });
        if renewed {
            continue;
        }
        found.push(Expiry {
            room: "evaluation",
            record: one.id.0,
            due: format!("{ends} in {step}"),
            to: (org, Role::CommissioningLead),
            subject: format!("{}: an evaluation runs out", one.provider_name),
            line: format!(
                "Evaluation of {}: it holds until {}, and every authority relies on it.",
                one.opening_reference,
                plus_days(ends, -1).strftime("%-d %B %Y")
            ),
            path: format!("/region/evaluations/{}", one.id),
        });
    }
    Ok(found)
}

/// Evidence that ends before the evaluation that it was judged in, to the region and to the provider, who renews it as a
/// document. Of a provider's evaluations the latest that holds is relied on.
async fn gates(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Expiry>> {
    let (mut near, mut seen) = (Vec::new(), BTreeSet::new());
    for one in session.evaluations().await? {
        if one.region != org || !one.holds_on(today) || !seen.insert(one.provider) {
            continue;
        }
        let ends = |gate: &Gate| {
            let judged = one.gates.iter().find(|judged| judged.gate == *gate).and_then(|judged| judged.until);
            judged.and_then(|last| step(today, plus_days(last, 1))).is_some()
        };
        let gates: Vec<Gate> = [Gate::Safeguarding, Gate::DataProtection].into_iter().filter(ends).collect();
        if !gates.is_empty() {
            near.push((one, gates));
        }
    }
    let providers: Vec<OrganisationId> = near.iter().map(|(one, _)| one.provider).collect();
    let mut papers: BTreeMap<OrganisationId, Vec<Paper>> = BTreeMap::new();
    for paper in session.papers_of_all(&providers).await? {
        papers.entry(paper.provider).or_default().push(paper);
    }
    let mut found = Vec::new();
    for (one, gates) in near {
        let own = papers.remove(&one.provider).unwrap_or_default();
        for gate in gates {
            let last = evidence_until(&one, gate, &own, today);
            let Some((last, step)) = last.and_then(|last| Some((last, step(today, plus_days(last, 1))?))) else {
                continue;
            };
            found.extend(of_gate(&one, gate, (last, step)));
        }
    }
    Ok(found)
}

/// The mail to the region, and that to the provider.
fn of_gate(one: &Evaluation, gate: Gate, (last, step): (Date, i64)) -> [Expiry; 2] {
    let line = format!(
        "{}: its last day is {}. A newer document of the provider renews it.",
        gate.label(),
        last.strftime("%-d %B %Y")
    );
    let due = format!("{} {last} in {step}", gate.code());
    let to_region = Expiry {
        room: "evaluation",
        record: one.id.0,
        due: format!("{due}, to the region"),
        to: (one.region, Role::CommissioningLead),
        subject: format!("{}: evidence of its evaluation runs out", one.provider_name),
        line: line.clone(),
        path: format!("/region/evaluations/{}", one.id),
    };
    let to_provider = Expiry {
        room: "evaluation",
        record: one.id.0,
        due: format!("{due}, to its provider"),
        to: (one.provider, Role::ProviderManager),
        subject: "Evidence of your evaluation runs out".to_owned(),
        line,
        path: "/provider/documents".to_owned(),
    };
    [to_region, to_provider]
}

/// Evidence of spot purchases whose child has not come: within a fortnight, or before the start.
async fn evidence(session: &Session, org: OrganisationId, today: Date) -> Answer<Vec<Expiry>> {
    let found = session.spot_checks_expiring(org, (today, plus_days(today, BEFORE_START))).await?;
    let expiry = |(spot, reference, on): (i64, String, Date)| Expiry {
        room: "spot",
        record: spot,
        due: format!("evidence {on}"),
        to: (org, Role::PlacementOfficer),
        subject: format!("{reference}: evidence of a check runs out"),
        line: format!("From {} a check of this spot purchase is open again.", on.strftime("%-d %B %Y")),
        path: format!("/referrals/{reference}/spot"),
    };
    Ok(found.into_iter().map(expiry).collect())
}

impl App {
    /// Spot purchases whose evidence runs out within a fortnight, or before the child comes, by the search's reference and the
    /// first day on which a check is open again: the officer's day.
    pub async fn spot_evidence_expiring(&self, actor: &Actor) -> Answer<Vec<(String, Date)>> {
        let session = self.see(actor, Action::SeeSpot).await?;
        let today = self.calendar.now().today();
        let found = session.spot_checks_expiring(actor.organisation, (today, plus_days(today, BEFORE_START))).await?;
        Ok(found.into_iter().map(|(_, reference, on)| (reference, on)).collect())
    }
}

/// Tells of it, once for this step.
pub(super) async fn tell(work: &mut Work, expiry: &Expiry) -> Answer<()> {
    let (to, role) = expiry.to;
    let notice = Notice {
        to: to.0,
        role,
        subject: expiry.subject.clone(),
        lines: vec![expiry.line.clone()],
        path: expiry.path.clone(),
    };
    let key = format!("expiry/{}/{}/{}", expiry.room, expiry.record, expiry.due);
    deliver(work, &notice, &key).await?;
    work.chased(expiry.room, expiry.record, &expiry.due).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn it_is_told_at_60_30_and_7_days_and_not_once_it_is_here() {
        let today = date(2021, 9, 13);
        let at = |days: i64| step(today, plus_days(today, days));
        assert_eq!(
            [61, 60, 31, 30, 8, 7, 1, 0, -1].map(at),
            [None, Some(60), Some(60), Some(30), Some(30), Some(7), Some(7), None, None]
        );
    }
}
