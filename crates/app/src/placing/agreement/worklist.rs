//! What agreements ask an authority's people to do, the longest open first, and the mails that ask for it on their days.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{Agreement, Attention};
use placewell_domain::power::delegation::Said;
use placewell_store::Work;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::office::message::Notice;

/// What is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Todo {
    /// Something about an agreement.
    Agreement(Attention),
    /// A decision to leave a route out, of a referral, waits to be confirmed.
    Skip(Said),
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TodoLine {
    /// The record's reference.
    pub reference: String,
    /// Where it is done.
    pub path: String,
    /// The home, of an agreement.
    pub home: String,
    /// What.
    pub todo: Todo,
    /// From which day on.
    pub since: Date,
    /// Something is wrong already, or its time has passed.
    pub red: bool,
    /// By whom, where it is somebody's: who decided by word of mouth.
    pub who: String,
}

impl App {
    /// Everything that the actor's authority has to do about agreements, red first, then the longest open.
    pub async fn agreement_worklist(&self, actor: &Actor) -> Answer<Vec<TodoLine>> {
        let session = self.see(actor, Action::DecideAgreement).await?;
        let (org, moment) = (actor.organisation, self.calendar.now());
        let mut lines = Vec::new();
        for agreement in session.agreements_with_attention(org, moment.today()).await? {
            let home = session.home(agreement.terms.home).await?.name;
            for one in agreement.attention(moment.today()) {
                let who = match &one {
                    Attention::Said(said) => session.person_name(said.by).await?,
                    _ => String::new(),
                };
                lines.push(TodoLine {
                    reference: agreement.reference.to_string(),
                    path: path(&agreement, &one),
                    home: home.clone(),
                    since: one.since(),
                    red: one.red(moment),
                    todo: Todo::Agreement(one),
                    who,
                });
            }
        }
        for referral in session.referrals_to_confirm(org).await? {
            for said in referral.skips_to_confirm() {
                lines.push(TodoLine {
                    reference: referral.reference.to_string(),
                    path: format!("/referrals/{}/confirm-skip", referral.reference),
                    home: String::new(),
                    since: said.at.date(),
                    red: said.overdue(moment),
                    who: session.person_name(said.by).await?,
                    todo: Todo::Skip(said.clone()),
                });
            }
        }
        lines.sort_by_key(|line| (!line.red, line.since));
        Ok(lines)
    }
}

fn path(agreement: &Agreement, one: &Attention) -> String {
    let act = match one {
        Attention::Unsigned { .. } | Attention::Asked(_) | Attention::Rolled { .. } => "",
        Attention::Said(_) => "/confirm",
        Attention::StepDown(_) => "/step-down",
    };
    format!("/agreements/{}{act}", agreement.reference)
}

/// Sends the mails that are due, each agreement's in a transaction of its own.
pub async fn remind_due(app: &Arc<App>, authority: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let due = app.store.read(Some(authority)).await?.agreements_to_remind(authority, moment.today()).await?;
    let mut all = Ok(());
    for agreement in due {
        let mut work = app.store.begin(authority, moment).await?;
        let done = match remind_one(&mut work, agreement).await {
            Ok(()) => work.commit(Machine::now()).await.map_err(Outcome::from),
            Err(outcome) => work.roll_back().await.map_err(Outcome::from).and(Err(outcome)),
        };
        all = all.and(done);
    }
    all
}

async fn remind_one(work: &mut Work, agreement: Agreement) -> Result<(), Outcome> {
    let (asked, change) = agreement.remind(work.moment())?;
    let agreement = work.apply(change).await?;
    for one in &asked {
        let (what, roles): (&str, &[Role]) = match one {
            Attention::Unsigned { .. } => {
                ("the start has come and both sides have not signed", &[Role::PlacementOfficer])
            }
            Attention::Said(_) => {
                ("a decision by word of mouth is not confirmed", &[Role::Approver, Role::PlacementOfficer])
            }
            Attention::StepDown(_) => ("a step-down review is due", &[Role::PlacementOfficer]),
            Attention::Rolled { .. } | Attention::Asked(_) => continue,
        };
        for role in roles {
            let notice = Notice {
                to: agreement.authority.0,
                role: *role,
                subject: format!("{}: {what}", agreement.reference),
                lines: vec!["It stands in the list of what agreements ask you to do.".to_owned()],
                path: path(&agreement, one),
            };
            work.enqueue(notice.job()?);
        }
    }
    Ok(())
}
