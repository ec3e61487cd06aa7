//! Making a region: its organisations, first people, posts, offices, settings and arrangement, from plain data.
//! `init` reads it from one commented file; the demonstration makes its own through the same code.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::id::{ArrangementId, OrganisationId, PersonId, PostId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::{Arrangement, Lot, OpeningWindow, Participant, Term, TermsVersion};
use placewell_domain::power::delegation::{
    Holding, HoldingKind, Post, PostGrade, Remit, RemitArea, StatutoryAppointment, StatutoryBasis, StatutoryOffice,
    UrgencyPower,
};
use placewell_store::Work;
use placewell_store::power::delegation::PowerFact;
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;
use crate::office::organisation::{self, NewOrganisation, NewPerson};
use crate::setting;

mod resume;

/// A region to make.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Its organisations: authorities, the regional team, an operator, and providers where they are known already.
    pub organisations: Vec<OrganisationEntry>,
    /// Its arrangement, kept by the regional team.
    pub arrangement: Option<ArrangementEntry>,
}

/// An organisation with what it starts from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationEntry {
    /// Three letters for an authority (`HEF`), a slug for all others.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is: `authority`, `provider`, `regional_team` or `operator`.
    pub kind: OrganisationKind,
    /// An authority's GSS code, such as `E06000019`.
    #[serde(default)]
    pub area: Option<String>,
    /// The trust that places for it.
    #[serde(default)]
    pub placing_body: Option<String>,
    /// Its first people.
    #[serde(default)]
    pub people: Vec<PersonEntry>,
    /// Its posts.
    #[serde(default)]
    pub posts: Vec<PostEntry>,
    /// Its statutory offices.
    #[serde(default)]
    pub offices: Vec<OfficeEntry>,
    /// Its urgency power, where its constitution gives one.
    #[serde(default)]
    pub urgency: Option<UrgencyEntry>,
    /// Its settings by their keys, as text.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// From when all of this holds.
    pub from: Date,
}

/// A person with one role.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonEntry {
    /// Where mail goes; also the name to sign in with.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role, such as `placement_officer`.
    pub role: Role,
    /// Their job title.
    pub title: String,
    /// The password's argon2 text; none where they cannot sign in by password yet.
    #[serde(default)]
    pub password_hash: Option<String>,
}

/// A post and who is in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostEntry {
    /// Its title, as published.
    pub title: String,
    /// Its grade, such as `director`.
    pub grade: PostGrade,
    /// What it covers; empty means the whole service.
    #[serde(default)]
    pub remit: Vec<RemitArea>,
    /// The address of the person who holds it.
    #[serde(default)]
    pub holder: Option<String>,
    /// The instrument by which the holder only acts in it.
    #[serde(default)]
    pub acting_by: Option<String>,
    /// From when they hold it, where that is later than the organisation's own first day.
    #[serde(default)]
    pub held_from: Option<Date>,
}

/// A statutory office and who holds it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeEntry {
    /// The office, such as `director_of_childrens_services`.
    pub office: StatutoryOffice,
    /// The address of the person who holds it.
    pub holder: String,
    /// The instrument of an interim appointment.
    #[serde(default)]
    pub interim_by: Option<String>,
}

/// An urgency power.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrgencyEntry {
    /// The clause of the constitution.
    pub clause: String,
    /// The titles of the posts that hold it.
    pub posts: Vec<String>,
}

/// The arrangement.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrangementEntry {
    /// Its slug in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The lead authority, as printed.
    pub lead: String,
    /// The first day.
    pub start: Date,
    /// The last day of the initial term.
    pub end: Date,
    /// Months by which it may be extended.
    pub option_months: u16,
    /// Its lots.
    pub lots: Vec<Lot>,
    /// Its versions of terms.
    pub terms: Vec<TermsVersion>,
    /// Its opening windows.
    #[serde(default)]
    pub windows: Vec<OpeningWindow>,
}

/// What was made, by the names that the plain data use.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// Organisations by code.
    pub organisations: BTreeMap<String, OrganisationId>,
    /// People by address.
    pub people: BTreeMap<String, PersonId>,
    /// Posts by the organisation's code and the post's title.
    pub posts: BTreeMap<(String, String), PostId>,
    /// The arrangement.
    pub arrangement: Option<ArrangementId>,
}

impl Region {
    /// What is wrong with it, field by field, before anything is made.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let mut codes = std::collections::BTreeSet::new();
        let mut emails = std::collections::BTreeSet::new();
        for (at, entry) in self.organisations.iter().enumerate() {
            let field = |name: &str| format!("organisations[{at}].{name}");
            if !codes.insert(entry.code.as_str()) {
                invalid.add(
                    &field("code"),
                    format!("{} stands twice: give each organisation a code of its own", entry.code),
                );
            }
            let three = entry.code.len() == 3 && entry.code.chars().all(|letter| letter.is_ascii_uppercase());
            if entry.kind == OrganisationKind::Authority && !three {
                invalid.add(
                    &field("code"),
                    format!("{}: an authority's code is three capital letters, like HEF", entry.code),
                );
            }
            if entry.name.trim().is_empty() {
                invalid.add(&field("name"), "Enter the organisation's name");
            }
            for person in &entry.people {
                if !person.email.contains('@') || !emails.insert(person.email.trim().to_lowercase()) {
                    invalid.add(
                        &field("people"),
                        format!("{}: give each person an e-mail address of their own", person.email),
                    );
                }
            }
            for holder in entry
                .posts
                .iter()
                .filter_map(|post| post.holder.as_ref())
                .chain(entry.offices.iter().map(|office| &office.holder))
            {
                if !entry.people.iter().any(|person| person.email == *holder) {
                    invalid.add(
                        &field("posts"),
                        format!("{holder} holds a post and is not among the people of {}", entry.code),
                    );
                }
            }
            check_settings(entry, &field("settings"), &mut invalid);
            for title in entry.urgency.iter().flat_map(|power| &power.posts) {
                if !entry.posts.iter().any(|post| post.title == *title) {
                    invalid.add(
                        &field("urgency"),
                        format!("{title} holds the urgency power and is not among the posts of {}", entry.code),
                    );
                }
            }
        }
        if self.arrangement.is_some()
            && !self.organisations.iter().any(|entry| entry.kind == OrganisationKind::RegionalTeam)
        {
            invalid.add("arrangement", "An arrangement is kept by a regional team: add one organisation of that kind");
        }
        invalid.or(self)
    }
}

fn check_settings(entry: &OrganisationEntry, field: &str, invalid: &mut Invalid) {
    for (name, typed) in &entry.settings {
        match setting::find(name) {
            None => invalid.add(field, format!("{name} is no setting; there are {}", setting::names())),
            Some(key) if key.stored(typed).is_none() => {
                invalid.add(field, format!("{name} = {typed}: {}", key.ask()));
            }
            Some(key) if key.scope().kind() != entry.kind => {
                let whose = key.scope().kind().code().replace('_', " ");
                invalid.add(field, format!("{name} is a setting of the {whose}: set it there"));
            }
            Some(_) => {}
        }
    }
}

/// Makes a region: one transaction per organisation, then the arrangement. Cut off, it goes on where it stopped when it is
/// asked for again from the same data.
pub async fn make_region(app: &Arc<App>, region: &Region) -> Answer<Made> {
    let region = region.clone().checked()?;
    resume::begin(app, &region).await?;
    let (mut made, mut bare) = (Made::default(), bare_team(app).await?);
    // The team that has homes already comes first: while it is alone, it is known for what it is.
    let is_team = |entry: &&OrganisationEntry| entry.kind == OrganisationKind::RegionalTeam;
    let (teams, others): (Vec<_>, Vec<_>) = region.organisations.iter().partition(is_team);
    for entry in teams.into_iter().chain(others) {
        let adopted = if entry.kind == OrganisationKind::RegionalTeam { bare.take() } else { None };
        if adopted.is_none() && resume::taken_up(app, entry, &mut made).await? {
            continue;
        }
        make_organisation(app, entry, adopted, &mut made).await?;
    }
    if let Some(entry) = &region.arrangement {
        let kept = app.visit().await?.current_arrangement().await?;
        match kept.filter(|kept| kept.arrangement.slug == entry.slug) {
            Some(kept) => made.arrangement = Some(kept.arrangement.id),
            None => make_arrangement(app, &region, entry, &mut made).await?,
        }
    }
    resume::end(app).await?;
    app.publish_checkpoints_now().await?;
    Ok(made)
}

impl From<&OrganisationEntry> for NewOrganisation {
    fn from(entry: &OrganisationEntry) -> Self {
        let people = entry.people.iter().map(|person| NewPerson {
            email: person.email.clone(),
            name: person.name.clone(),
            password: person.password_hash.clone(),
            role: person.role,
            title: person.title.clone(),
            from: entry.from,
        });
        Self {
            code: entry.code.clone(),
            name: entry.name.clone(),
            kind: entry.kind,
            area: entry.area.clone(),
            placing_body: entry.placing_body.clone(),
            people: people.collect(),
        }
    }
}

/// The regional team that an import of homes made for itself: alone in the database but for owners of homes, and
/// without people.
async fn bare_team(app: &Arc<App>) -> Answer<Option<OrganisationId>> {
    let session = app.visit().await?;
    let organisations = session.organisations().await?;
    let (teams, others): (Vec<_>, Vec<_>) =
        organisations.iter().partition(|one| one.kind == OrganisationKind::RegionalTeam);
    match teams.as_slice() {
        [team] if others.iter().all(|one| one.kind == OrganisationKind::Provider) => {
            Ok((!session.has_people(team.id).await?).then_some(team.id))
        }
        _ => Ok(None),
    }
}

impl App {
    /// Whether the database can take a region: it is empty, holds nothing but imported homes and their team, or one whose
    /// making was cut off.
    pub async fn takes_a_region(self: &Arc<Self>) -> Answer<bool> {
        if self.region_unfinished().await? {
            return Ok(true);
        }
        Ok(self.visit().await?.organisations().await?.is_empty() || bare_team(self).await?.is_some())
    }
}

async fn make_organisation(
    app: &Arc<App>,
    entry: &OrganisationEntry,
    adopted: Option<OrganisationId>,
    made: &mut Made,
) -> Answer<()> {
    let moment = app.calendar.now();
    let id = adopted.unwrap_or_else(|| OrganisationId(placewell_store::ids::next()));
    let mut work = app.store.begin(id, moment).await?;
    let new = NewOrganisation::from(entry);
    let people = if adopted.is_some() {
        work.name_organisation(&new.code, &new.name).await?;
        organisation::staff(&work, &new).await?
    } else {
        organisation::found(&work, &new).await?
    };
    made.organisations.insert(entry.code.clone(), id);
    made.people.extend(entry.people.iter().map(|person| person.email.clone()).zip(people));
    for (name, typed) in &entry.settings {
        let key = setting::find(name).ok_or_else(|| {
            Invalid::one("settings", format!("{}: {name} is no setting; there are {}", entry.code, setting::names()))
        })?;
        let value = key
            .stored(typed)
            .ok_or_else(|| Invalid::one("settings", format!("{}: {name} = {typed}: {}", entry.code, key.ask())))?;
        work.set(name, entry.from, &value).await?;
    }
    make_posts(&mut work, entry, made).await?;
    work.record(
        Event::new("organisation.made", "organisation", id.0, 1)
            .with("code", &entry.code)
            .with("people", entry.people.len())
            .with("posts", entry.posts.len())
            .with("settings", entry.settings.len()),
    );
    Ok(work.commit(Machine::now()).await?)
}

async fn make_posts(work: &mut Work, entry: &OrganisationEntry, made: &mut Made) -> Answer<()> {
    let mut urgency_posts = Vec::new();
    for post in &entry.posts {
        let post_id = PostId(work.new_id());
        let remit = if post.remit.is_empty() { Remit::Whole } else { Remit::Stated(post.remit.clone()) };
        let fact = Post {
            id: post_id,
            organisation: work.org(),
            title: post.title.clone(),
            grade: post.grade,
            remit,
            from: entry.from,
            to: OPEN_END,
        };
        work.record_power(post_id.0, &PowerFact::Post(fact)).await?;
        made.posts.insert((entry.code.clone(), post.title.clone()), post_id);
        if entry.urgency.as_ref().is_some_and(|power| power.posts.contains(&post.title)) {
            urgency_posts.push(post_id);
        }
        if let Some(person) = post.holder.as_ref().and_then(|holder| made.people.get(holder)) {
            let kind = match &post.acting_by {
                Some(instrument) => HoldingKind::Acting { instrument: instrument.clone() },
                None => HoldingKind::Holder,
            };
            let held = Holding {
                post: post_id,
                person: *person,
                kind,
                from: post.held_from.unwrap_or(entry.from),
                to: OPEN_END,
            };
            let id = work.new_id();
            work.record_power(id, &PowerFact::Holding(held)).await?;
        }
    }
    for office in &entry.offices {
        let Some(person) = made.people.get(&office.holder) else { continue };
        let basis = match &office.interim_by {
            Some(instrument) => StatutoryBasis::Interim { instrument: instrument.clone() },
            None => StatutoryBasis::Appointed,
        };
        let held = StatutoryAppointment {
            authority: work.org(),
            office: office.office,
            person: *person,
            basis,
            from: entry.from,
            to: OPEN_END,
        };
        let id = work.new_id();
        work.record_power(id, &PowerFact::Statutory(held)).await?;
    }
    if let Some(urgency) = &entry.urgency {
        let power = UrgencyPower {
            authority: work.org(),
            clause: urgency.clause.clone(),
            posts: urgency_posts,
            from: entry.from,
            to: OPEN_END,
        };
        let id = work.new_id();
        work.record_power(id, &PowerFact::UrgencyPower(power)).await?;
    }
    Ok(())
}

async fn make_arrangement(app: &Arc<App>, region: &Region, entry: &ArrangementEntry, made: &mut Made) -> Answer<()> {
    let of_kind = |kind: OrganisationKind| region.organisations.iter().filter(move |found| found.kind == kind);
    let team = of_kind(OrganisationKind::RegionalTeam).find_map(|team| made.organisations.get(&team.code));
    let Some(team) = team.copied() else { return Ok(()) };
    let mut work = app.store.begin(team, app.calendar.now()).await?;
    let id = ArrangementId(work.new_id());
    let participants = of_kind(OrganisationKind::Authority)
        .filter_map(|found| {
            let organisation = *made.organisations.get(&found.code)?;
            Some(Participant { organisation, code: found.code.clone(), name: found.name.clone() })
        })
        .collect();
    let arrangement = Arrangement {
        id,
        version: 1,
        slug: entry.slug.clone(),
        title: entry.title.clone(),
        lead: entry.lead.clone(),
        term: Term { start: entry.start, end: entry.end, option_months: entry.option_months, steps: Vec::new() },
        lots: entry.lots.clone(),
        terms: entry.terms.clone(),
        specification: vec![],
        windows: entry.windows.clone(),
        participants,
        ahead: placewell_domain::power::arrangement::Ahead::default(),
    };
    work.apply(Arrangement::record(arrangement)).await?;
    work.commit(Machine::now()).await?;
    made.arrangement = Some(id);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn authority(code: &str, email: &str) -> OrganisationEntry {
        OrganisationEntry {
            code: code.to_owned(),
            name: "An authority".to_owned(),
            kind: OrganisationKind::Authority,
            area: None,
            placing_body: None,
            people: vec![PersonEntry {
                email: email.to_owned(),
                name: "Somebody".to_owned(),
                role: Role::Administrator,
                title: "Administrator".to_owned(),
                password_hash: None,
            }],
            posts: Vec::new(),
            offices: Vec::new(),
            urgency: None,
            settings: BTreeMap::new(),
            from: date(2021, 4, 1),
        }
    }

    #[test]
    fn a_region_is_checked_before_anything_is_made() {
        let good = Region { organisations: vec![authority("HEF", "a@hef.example")], arrangement: None };
        assert!(good.clone().checked().is_ok());
        let mut bad = good;
        bad.organisations.push(authority("HEF", "a@hef.example"));
        bad.organisations.push(authority("hereford", "b"));
        let found: Vec<String> = bad.checked().unwrap_err().errors.into_iter().map(|error| error.field).collect();
        assert_eq!(
            found,
            ["organisations[1].code", "organisations[1].people", "organisations[2].code", "organisations[2].people"]
        );
    }
}
