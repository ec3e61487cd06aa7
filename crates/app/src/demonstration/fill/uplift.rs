//! Writing rises in price: the formula with its source, one granted and confirmed, one that waits, one under appeal.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_domain::change::Event;
use placewell_domain::homes::home::{Home, HomeState};
use placewell_domain::homes::price::formula::{CONSUMER_PRICES, Percent, UPLIFT_FORMULA};
use placewell_domain::homes::price::uplift::{CostKind, CostLine, Ruling, UpliftBasis, UpliftOutcome};
use placewell_domain::homes::price::{KNOWN_OPEN, LineKind};
use placewell_domain::homes::standing::Standing;
use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_exchange::sheet::{self, Sheet};

use super::{World, Written};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::demonstration::people::LEAD;
use crate::homes::price::uplift::{AddUpliftEvidence, AppealUplift, AskUplift, DecideUplift};
use crate::office::document::Brought;
use crate::placing::agreement::{ConfirmRepricing, Decided};

/// From which night the rises of the demonstration are asked for.
const FROM: Date = date(2021, 10, 1);
/// How many homes are looked at for those that are told of.
const LOOKED_AT: usize = 120;

/// A home with its provider's person and the price of one lot.
struct Asked {
    urn: String,
    lot: String,
    weekly: Pence,
    manager: Actor,
    authorities: Vec<OrganisationId>,
}

/// Writes it all; in a small region as far as there are homes for it.
pub async fn write(app: &Arc<App>, world: &World, written: &Written) -> Answer<()> {
    let lead = app.actor_by_email(LEAD).await?;
    app.calendar.move_to(date(2021, 8, 18).at(10, 0, 0, 0));
    let mut work = app.store.begin(lead.organisation, app.calendar.now()).await?;
    work.set(UPLIFT_FORMULA.name, date(2018, 12, 15), "1.5; 3; schedule 4 of the terms, version 1.0").await?;
    let published = "2.0; July 2021; Office for National Statistics, 18 August 2021";
    work.set(CONSUMER_PRICES.name, date(2021, 8, 18), published).await?;
    for key in [UPLIFT_FORMULA.name, CONSUMER_PRICES.name] {
        work.record(Event::new("setting.changed", "setting", lead.organisation.0, 1).with("key", key));
    }
    work.commit(Machine::now()).await?;
    let homes = candidates(app, world, written).await?;
    for (home, story) in homes.iter().zip(0..) {
        match story {
            0 => {
                granted(app, &lead, home).await?;
            }
            1 => repriced(app, &lead, home).await?,
            2 => appealed(app, &lead, home).await?,
            _ => waiting(app, home).await?,
        }
    }
    Ok(())
}

/// Homes of no story, in good standing, each of another owner, with a child placed there through the arrangement; the first
/// with one of Herefordshire's, the others with anybody's.
async fn candidates(app: &App, world: &World, written: &Written) -> Answer<Vec<Asked>> {
    let owner = |at: usize| world.homes.homes[at].owner;
    let mut owners: Vec<usize> = world.cast.all().iter().map(|at| owner(*at)).collect();
    let own = written.organisation("HEF")?;
    let mut found: Vec<Asked> = Vec::new();
    let all = (0..written.homes.len()).rev();
    for at in all.clone().chain(all.take(LOOKED_AT)) {
        let home = &written.homes[at];
        let plain = written.known[at].standing.iter().all(|fact| fact.standing == Standing::Good);
        let open = matches!(home.state, HomeState::Registered { .. });
        if !plain || !open || owners.contains(&owner(at)) {
            continue;
        }
        let authorities = if found.is_empty() {
            let session = app.store.read(Some(own)).await?;
            let live = session.live_agreements_at(own, home.id).await?;
            let stays = live.iter().any(|one| one.nights().0 < FROM && one.nights().1 > FROM);
            stays.then_some(own).into_iter().collect()
        } else {
            let touched = app.open_by_authority(&[home.id], None).await?;
            touched.iter().filter(|one| one.placements > 0).map(|one| one.authority).collect()
        };
        if let Some(asked) = asked(app, home, authorities).await? {
            owners.push(owner(at));
            found.push(asked);
        }
        if found.len() == 4 {
            break;
        }
    }
    Ok(found)
}

/// The home with its provider's person and its price, where it has all of them.
async fn asked(app: &App, home: &Home, authorities: Vec<OrganisationId>) -> Answer<Option<Asked>> {
    if authorities.is_empty() {
        return Ok(None);
    }
    let session = app.store.read(Some(home.provider)).await?;
    let people = session.people_in_role(home.provider, Role::ProviderManager, date(2021, 9, 1)).await?;
    let prices = session.price_history(home.id).await?;
    let core = prices.into_iter().find(|fact| {
        let now = fact.price.known_to == KNOWN_OPEN && fact.price.from <= FROM && fact.price.to > FROM;
        now && fact.line == LineKind::Core.code()
    });
    Ok(people.into_iter().next().zip(core).map(|(manager, core)| Asked {
        urn: home.urn.to_string(),
        lot: core.lot,
        weekly: core.price.value,
        manager: manager.actor,
        authorities,
    }))
}

async fn ask(app: &Arc<App>, home: &Asked, rise: Option<i64>) -> Answer<i64> {
    let cost = |kind, was: i64, now: i64| CostLine { kind, was: Pence::pounds(was), now: Pence::pounds(now) };
    let costs =
        vec![cost(CostKind::Staff, 2_180, 2_290), cost(CostKind::Agency, 160, 190), cost(CostKind::Premises, 410, 430)];
    let command = AskUplift {
        urn: home.urn.clone(),
        lot: home.lot.clone(),
        line: LineKind::Core,
        basis: if rise.is_some() { UpliftBasis::OpenBook } else { UpliftBasis::Formula },
        percent: rise.is_none().then_some(Percent(150)),
        weekly: rise.map(|rise| home.weekly + Pence::pounds(rise)),
        from: FROM,
        words: "The pay award of April and dearer night cover".to_owned(),
        costs: if rise.is_some() { costs } else { Vec::new() },
    };
    let receipt = app.perform(&home.manager, &format!("demonstration rise {}", home.urn), command).await?;
    let id = receipt.location.rsplit('/').next().and_then(|id| id.parse().ok());
    id.ok_or_else(|| Outcome::Fault(format!("no request at {}", receipt.location)))
}

async fn decide(
    app: &Arc<App>,
    lead: &Actor,
    uplift: i64,
    (outcome, weekly, reasons): (UpliftOutcome, Option<Pence>, &str),
) -> Answer<()> {
    let ruling = Ruling { outcome, weekly, from: None, reasons: reasons.to_owned() };
    let command = DecideUplift { uplift, version: 1, ruling };
    app.perform(lead, &format!("demonstration decide {uplift}"), command).await.map(|_| ())
}

/// By formula, granted in August.
async fn granted(app: &Arc<App>, lead: &Actor, home: &Asked) -> Answer<i64> {
    app.calendar.move_to(date(2021, 8, 19).at(9, 30, 0, 0));
    let uplift = ask(app, home, None).await?;
    app.calendar.move_to(date(2021, 8, 27).at(11, 0, 0, 0));
    decide(app, lead, uplift, (UpliftOutcome::Granted, None, "")).await?;
    Ok(uplift)
}

/// The same, and each authority has confirmed it for the first of its agreements.
async fn repriced(app: &Arc<App>, lead: &Actor, home: &Asked) -> Answer<()> {
    let uplift = granted(app, lead, home).await?;
    app.calendar.move_to(date(2021, 9, 3).at(14, 0, 0, 0));
    for authority in &home.authorities {
        let session = app.store.read(Some(*authority)).await?;
        let approvers = session.people_in_role(*authority, Role::Approver, date(2021, 9, 3)).await?;
        drop(session);
        for person in approvers {
            let own = app.own_uplifts(&person.actor).await?;
            let Some(line) = own.waiting.iter().find(|line| line.uplift.id.0 == uplift) else { break };
            let command = ConfirmRepricing {
                reference: line.agreement.clone(),
                version: line.version,
                uplift,
                grant: line.grant.number,
                above: String::new(),
                decided_by: Decided::SignedIn,
            };
            let key = format!("demonstration confirm {}", line.agreement);
            match app.perform(&person.actor, &key, command).await {
                Ok(_) => break,
                // Somebody else holds the power, or the ceiling is reached: it waits.
                Err(Outcome::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
    }
    Ok(())
}

/// By open book, granted in part and appealed last week.
async fn appealed(app: &Arc<App>, lead: &Actor, home: &Asked) -> Answer<()> {
    app.calendar.move_to(date(2021, 8, 23).at(10, 0, 0, 0));
    let uplift = ask(app, home, Some(150)).await?;
    let mut costs = Sheet::new("Costs", ["Line", "A week before (£)", "A week now (£)"]);
    costs.rows.push(vec!["Pay".into(), Pence::pounds(2_180).into(), Pence::pounds(2_290).into()]);
    let file = sheet::xlsx(std::slice::from_ref(&costs), app.calendar.now().local);
    let brought = Brought::checked("Costs 2021.xlsx", file.map_err(|error| Outcome::Fault(error.0))?)?;
    let key = format!("demonstration evidence {uplift}");
    app.perform(&home.manager, &key, AddUpliftEvidence { uplift, brought }).await?;
    app.calendar.move_to(date(2021, 9, 1).at(15, 0, 0, 0));
    let (part, reasons) = (home.weekly + Pence::pounds(90), "Night cover was priced in when the home was admitted");
    decide(app, lead, uplift, (UpliftOutcome::InPart, Some(part), reasons)).await?;
    app.calendar.move_to(date(2021, 9, 8).at(9, 0, 0, 0));
    let words = "Agency nights doubled after the home was admitted".to_owned();
    let command = AppealUplift { uplift, version: 2, words };
    app.perform(&home.manager, &format!("demonstration appeal {uplift}"), command).await?;
    Ok(())
}

/// By open book, waiting since last week.
async fn waiting(app: &Arc<App>, home: &Asked) -> Answer<()> {
    app.calendar.move_to(date(2021, 9, 9).at(16, 0, 0, 0));
    ask(app, home, Some(120)).await.map(|_| ())
}
