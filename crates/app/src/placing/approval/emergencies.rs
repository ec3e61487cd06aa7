//! The Director's share of emergencies in a month: by authority, officer, provider and cause (rule 1.3).

use jiff::Span;
use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::referral::EmergencyCause;
use placewell_domain::power::delegation::{EmergencyStart, emergency_shares};
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_store::placing::agreement::BegunStay;

use crate::answer::Answer;
use crate::command::App;

/// One line of a share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareLine {
    /// What it counts.
    pub by: String,
    /// How many starts were emergencies.
    pub emergencies: usize,
    /// How many there were.
    pub starts: usize,
}

impl ShareLine {
    /// The share in whole per cent, a half up; nothing of nothing.
    #[must_use]
    pub fn per_cent(&self) -> usize {
        if self.starts == 0 { 0 } else { (self.emergencies * 200 + self.starts) / (self.starts * 2) }
    }
}

/// The shares of one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergencies {
    /// The month's first day.
    pub month: Date,
    /// All starts.
    pub all: ShareLine,
    /// By the authority responsible for the child.
    pub authorities: Vec<ShareLine>,
    /// By the officer who searched.
    pub officers: Vec<ShareLine>,
    /// By provider.
    pub providers: Vec<ShareLine>,
    /// Emergencies by their coded cause; `starts` is all emergencies.
    pub causes: Vec<ShareLine>,
}

impl App {
    /// The share of emergencies among the actor's authority's starts in the month of a day; of today, where none is
    /// given.
    pub async fn emergencies(&self, actor: &Actor, day: Option<Date>) -> Answer<Emergencies> {
        let session = self.see(actor, Action::SeeApprovals).await?;
        let month = day.unwrap_or_else(|| self.calendar.now().today()).first_of_month();
        let until = month.saturating_add(Span::new().months(1));
        let stays = session.begun_stays(actor.organisation, (month, until)).await?;
        let organisations = session.organisations().await?;
        let organisation = |id: OrganisationId| {
            organisations.iter().find(|one| one.id == id).map_or_else(String::new, |one| one.name.clone())
        };
        let mut people: Vec<PersonId> = stays.iter().map(|stay| stay.officer).collect();
        people.sort_unstable();
        people.dedup();
        let names = session.people_names(&people).await?;
        let officer = |id: PersonId| {
            names.iter().find(|(known, _)| *known == id).map_or_else(String::new, |(_, name)| name.clone())
        };
        let emergencies = stays.iter().filter(|stay| stay.emergency.is_some()).count();
        Ok(Emergencies {
            month,
            all: ShareLine { by: "All starts".to_owned(), emergencies, starts: stays.len() },
            authorities: lines(&stays, |stay| stay.responsible, organisation),
            officers: lines(&stays, |stay| stay.officer, officer),
            providers: lines(&stays, |stay| stay.provider, organisation),
            causes: EmergencyCause::ALL
                .iter()
                .map(|cause| ShareLine {
                    by: cause.label().to_owned(),
                    emergencies: stays.iter().filter(|stay| stay.emergency == Some(*cause)).count(),
                    starts: emergencies,
                })
                .filter(|line| line.emergencies > 0)
                .collect(),
        })
    }
}

/// The shares by a key, in the order of its names.
fn lines<K: Ord + Copy>(
    stays: &[BegunStay],
    key: impl Fn(&BegunStay) -> K,
    name: impl Fn(K) -> String,
) -> Vec<ShareLine> {
    let starts: Vec<EmergencyStart<K>> =
        stays.iter().map(|stay| EmergencyStart { by: key(stay), emergency: stay.emergency.is_some() }).collect();
    let mut found: Vec<ShareLine> = emergency_shares(&starts)
        .into_iter()
        .map(|(by, emergencies, starts)| ShareLine { by: name(by), emergencies, starts })
        .collect();
    found.sort_by(|a, b| a.by.cmp(&b.by));
    found
}

/// The shares as one table, each row with what it is counted by.
#[must_use]
pub fn emergency_sheet(of: &Emergencies) -> Sheet {
    let mut sheet = Sheet::new("Emergencies", ["Month", "Counted by", "Which", "Emergencies", "Of", "Per cent"]);
    let count = |count: usize| Cell::Count(i64::try_from(count).unwrap_or(i64::MAX));
    let parts = [
        ("Authority", &of.authorities),
        ("Officer", &of.officers),
        ("Provider", &of.providers),
        ("Cause, of emergencies", &of.causes),
    ];
    for (by, lines) in parts {
        sheet.rows.extend(lines.iter().map(|line| {
            let which: Cell = line.by.as_str().into();
            vec![of.month.into(), by.into(), which, count(line.emergencies), count(line.starts), count(line.per_cent())]
        }));
    }
    sheet
}
