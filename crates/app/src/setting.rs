//! The registry of settings, and how one is changed: by those who keep it, from a date on, never back in time.

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::change::Event;
use placewell_domain::homes::price::formula::{CONSUMER_PRICES, UPLIFT_FORMULA};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::document::marking::PRINT_MARKING;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::{
    LONGEST_TOKEN, PASSWORD_LINK, PROOF_HOLDS, SESSION_IDLE, SESSION_LONGEST,
};
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::agreement::{CHARGED_DAYS, GOING_LIVE, SPOT_CHARGED_DAYS};
use placewell_domain::placing::child::retention::{ADOPTION_YEARS, COPIES_KEPT, DEATH_YEARS, KEPT_YEARS};
use placewell_domain::placing::invitation::duty::DUTY_TELEPHONES;
use placewell_domain::placing::referral::scoring::SCORING;
use placewell_domain::reporting::comparison::{EXPECTED_PRICES, SIMILAR_BAND};
use placewell_domain::reporting::publication::OCID_PREFIX;
use placewell_domain::setting::{AnyKey, Key, Scope, SettingValue};
pub use placewell_store::setting::SettingFact;
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::buying::block::nights::VOID_ALERT;
use crate::buying::block::{BLOCK_KEY_LINE, MOST_BEDS};
use crate::buying::check::STANDARD_MINUTES;
use crate::command::{App, Command, Receipt, proven_for};
use crate::office::access::granting::tell_keepers;
use crate::placing::approval::KEY_LINE;
use crate::placing::offer::SCHEDULE;
use crate::power::annual_value::{BUDGET, READING};
use crate::power::decision::{CALL_IN_DAYS, CLOSURE_DAYS, OFFICE_HOURS};

/// Every setting, in the order of its page.
pub const REGISTRY: &[&dyn AnyKey] = &[
    &CALL_IN_DAYS,
    &CLOSURE_DAYS,
    &OFFICE_HOURS,
    &READING,
    &BUDGET,
    &KEY_LINE,
    &BLOCK_KEY_LINE,
    &MOST_BEDS,
    &VOID_ALERT,
    &STANDARD_MINUTES,
    &SCHEDULE,
    &SCORING,
    &CHARGED_DAYS,
    &SPOT_CHARGED_DAYS,
    &GOING_LIVE,
    &DUTY_TELEPHONES,
    &PRINT_MARKING,
    &UPLIFT_FORMULA,
    &CONSUMER_PRICES,
    &SIMILAR_BAND,
    &EXPECTED_PRICES,
    &OCID_PREFIX,
    &SESSION_IDLE,
    &SESSION_LONGEST,
    &PROOF_HOLDS,
    &KEPT_YEARS,
    &DEATH_YEARS,
    &ADOPTION_YEARS,
    &LONGEST_TOKEN,
    &PASSWORD_LINK,
    &COPIES_KEPT,
];

/// Where they stand.
const SETTINGS: &str = "/settings";

/// The setting of a name.
pub fn find(name: &str) -> Option<&'static dyn AnyKey> {
    REGISTRY.iter().copied().find(|key| key.name() == name)
}

/// Every name, for a message.
pub fn names() -> String {
    REGISTRY.iter().map(|key| key.name()).collect::<Vec<_>>().join(", ")
}

/// A setting as it stands for the reader's organisation.
pub struct Held {
    /// What is known of it.
    pub key: &'static dyn AnyKey,
    /// Its value today, in words.
    pub today: String,
    /// Today's value as it is stored; none where the default holds.
    pub stored: Option<String>,
    /// What was ever recorded, the latest first.
    pub facts: Vec<SettingFact>,
    /// Whether the reader may change it.
    pub keeps: bool,
}

/// The value of a setting of the whole system on a date.
pub async fn system_value<T: SettingValue>(session: &Session, key: &Key<T>, on: Date) -> Answer<T> {
    match session.operator().await? {
        Some(operator) => Ok(session.value_of(operator, key, on).await?),
        None => Ok((key.default)()),
    }
}

/// Whose fact a setting is, for a reader: the own organisation's, the region's, or the operator's.
async fn owner(session: &Session, key: &dyn AnyKey, actor: &Actor) -> Answer<OrganisationId> {
    Ok(match key.scope() {
        Scope::Authority => actor.organisation,
        Scope::Region => session.current_arrangement().await?.map_or(actor.organisation, |kept| kept.region),
        Scope::System => session.operator().await?.unwrap_or(actor.organisation),
    })
}

/// Whether somebody keeps a setting: their role may change settings and this one, and the fact is their organisation's
/// to make.
async fn keeps(session: &Session, key: &dyn AnyKey, actor: &Actor) -> Answer<bool> {
    let kind = session.organisation_by_id(actor.organisation).await?.kind;
    let own = kind == key.scope().kind() && owner(session, key, actor).await? == actor.organisation;
    Ok(own && may(actor.role, Action::KeepSettings) && may(actor.role, key.keeper()))
}

impl App {
    /// Every setting as it stands today for the reader's organisation.
    pub async fn settings(&self, actor: &Actor) -> Answer<Vec<Held>> {
        let session = self.see(actor, Action::SeeSettings).await?;
        let today = self.calendar.now().today();
        let mut all = Vec::with_capacity(REGISTRY.len());
        for key in REGISTRY {
            all.push(held(&session, *key, actor, today).await?);
        }
        Ok(all)
    }

    /// A page of the settings by name, as each stands today; only these are read.
    pub async fn settings_after(&self, actor: &Actor, (after, limit): (&str, u32)) -> Answer<Vec<Held>> {
        let session = self.see(actor, Action::SeeSettings).await?;
        let today = self.calendar.now().today();
        let mut keys: Vec<&'static dyn AnyKey> = REGISTRY.iter().copied().filter(|key| key.name() > after).collect();
        keys.sort_unstable_by_key(|key| key.name());
        let mut page = Vec::new();
        for key in keys.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX)) {
            page.push(held(&session, key, actor, today).await?);
        }
        Ok(page)
    }

    /// The marking of what the reader's organisation prints about a child today; empty for none.
    pub async fn marking(&self, actor: &Actor) -> Answer<String> {
        let session = self.store.read(Some(actor.organisation)).await?;
        let today = self.calendar.now().today();
        Ok(session.value_of(actor.organisation, &PRINT_MARKING, today).await?.as_str().to_owned())
    }

    /// One setting.
    pub async fn setting(&self, actor: &Actor, name: &str) -> Answer<Held> {
        let session = self.see(actor, Action::SeeSettings).await?;
        held(&session, find(name).ok_or(Outcome::NotFound)?, actor, self.calendar.now().today()).await
    }
}

async fn held(session: &Session, key: &'static dyn AnyKey, actor: &Actor, today: Date) -> Answer<Held> {
    let owner = owner(session, key, actor).await?;
    let stored = session.setting(owner, key.name(), today).await?;
    let facts = session.setting_facts(owner, key.name()).await?;
    Ok(Held { key, today: key.words(stored.as_deref()), stored, facts, keeps: keeps(session, key, actor).await? })
}

/// Beginnings of the names of what guards who comes in and what is kept: how long sessions, proofs, tokens and links hold, and
/// children's records. Whoever loosens one has proven lately who they are, and it is told.
const GUARDS: &[&str] = &["session.", "token.", "password.", "retention."];

fn guards(key: &dyn AnyKey) -> bool {
    GUARDS.iter().any(|beginning| key.name().starts_with(beginning))
}

/// Gives a setting another value from a date on.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeSetting {
    /// Its name.
    pub name: String,
    /// The value as typed.
    pub value: String,
    /// From when it holds: today or later, so that nothing reckoned before reads it.
    pub from: Date,
    /// The number of values recorded when the page was made; another one recorded meanwhile is a conflict.
    pub recorded: usize,
}

impl ChangeSetting {
    /// What is wrong with it, and else the value as it is stored.
    pub fn check(&self, key: &dyn AnyKey, today: Date) -> Result<String, Invalid> {
        let mut invalid = Invalid::default();
        let stored = key.stored(&self.value);
        if stored.is_none() {
            invalid.add("value", key.ask());
        }
        if self.from < today {
            let earliest = long_date(today);
            invalid.add(
                "from",
                format!("Enter {earliest} or a later day: a past calculation keeps the value it was made with"),
            );
        }
        invalid.or(stored.unwrap_or_default())
    }
}

impl Command for ChangeSetting {
    const ACTION: Action = Action::KeepSettings;
    const NAME: &'static str = "setting.change";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let key = find(&self.name).ok_or(Outcome::NotFound)?;
        if !keeps(work, key, actor).await? {
            return Err(Outcome::Forbidden(key.keeper()));
        }
        if let Some(form) = key.form() {
            return Err(Refusal::new(
                "setting_has_a_form",
                "Settings",
                "This setting is recorded on a page of its own.",
                format!("Those who keep it, on {form}"),
            )
            .into());
        }
        let value = self.check(key, work.moment().today())?;
        if guards(key) {
            proven_for(actor, Self::ACTION)?;
        }
        let org = work.org();
        if work.setting_facts(org, key.name()).await?.len() != self.recorded {
            return Err(Outcome::Conflict);
        }
        let was = work.setting(org, key.name(), self.from).await?;
        work.set(key.name(), self.from, &value).await?;
        work.record(
            Event::new("setting.changed", "setting", org.0, 1)
                .with("key", key.name())
                .with("from", self.from)
                .with("was", was.as_deref().unwrap_or("default"))
                .with("value", &value),
        );
        if guards(key) {
            let (old, new) = (key.words(was.as_deref()), key.words(Some(&value)));
            let what = format!("{}: {new} from {}, in place of {old}.", key.title(), long_date(self.from));
            tell_keepers(work, actor, ("A setting that guards your organisation was changed", SETTINGS), &what)?;
        }
        Ok(Receipt::at(SETTINGS))
    }
}
