//! Whom a provider's word lets in: people of its own organisation, by the name that the provider has for them, with the
//! roles that its claims give; and what its administrator says of the provider. Whose address it is, is the provider's word
//! alone, and which provider that is, its administrator's. So nobody who is known here from elsewhere becomes a person of
//! this organisation by it before they accepted its invitation themselves, and no account that stands here is opened by it
//! before its person has proven once, by what is their own, that it is theirs (`connecting`).

use placewell_domain::change::Event;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::provider::{Admits, RoleRule, read_rules, roles_given};
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::Work;
use placewell_store::office::person::ceremony::CeremonyKind;
use placewell_store::office::person::provider::IdentityProvider;
use serde::{Deserialize, Serialize};

use super::digest;
use super::forgotten::joined;
use super::outward::Reach;
use super::provider::{mark_of, not_taken};
use super::signing::{Own, Proven, tell_of_change};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, Command, Receipt, ended, tried};
use crate::office::access::cover::absent::{end_covers_for, hold_covered};
use crate::office::access::cover::end_lent_with;
use crate::office::access::granting::{Given, tell_keepers, tell_of_role};

/// Where the provider is kept.
pub const PROVIDER: &str = "/admin/people/provider";

/// What failed, where it was the way in by a provider.
pub(super) const SIGN_IN: &str = "the organisation's sign-in";

/// What a provider says of somebody.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Vouched {
    pub issuer: String,
    pub subject: String,
    pub email: Option<String>,
    pub email_verified: bool,
    pub name: Option<String>,
    pub values: Vec<String>,
    pub proven_at: Option<i64>,
}

fn not_admitted() -> Outcome {
    Refusal::new(
        "not_admitted",
        "A provider lets in people whom its organisation has invited or given a role",
        "Your organisation's sign-in knows you, and gives you no role here.",
        "You, by the link of an invitation that you were mailed; else your organisation's administrator",
    )
    .into()
}

/// Whom a provider's word lets in.
pub(super) enum Admitted {
    /// Somebody whom it has opened to before, or who is new, and what their session rests on.
    As(Box<Actor>, Proven),
    /// The account of somebody who works here is not bound to the name that the provider has for them: whoever came proves
    /// first that it is theirs.
    Unproven(PersonId),
}

impl App {
    /// The person whom an organisation's provider calls this.
    pub(super) async fn known_outside(
        &self,
        organisation: OrganisationId,
        vouched: &Vouched,
    ) -> Answer<Option<PersonId>> {
        let session = self.store.read(Some(organisation)).await?;
        Ok(session.outside_person(organisation, &vouched.issuer, &vouched.subject).await?)
    }

    /// Lets somebody in: known by the provider's name for them; or new, where they were invited or the organisation admits
    /// whoever has a role. Their roles follow the claims.
    pub(super) async fn admit(&self, provider: &IdentityProvider, vouched: &Vouched) -> Answer<Admitted> {
        match tried(|| Box::pin(self.admit_once(provider, vouched))).await {
            Ok((Whose::Own(person), proven)) => {
                Ok(Admitted::As(Box::new(self.first_here(provider.organisation, person).await?), proven))
            }
            Ok((Whose::Unproven(person), _)) => Ok(Admitted::Unproven(person)),
            // Nobody was turned away.
            Err(Outcome::Busy) => Err(Outcome::Busy),
            Err(outcome) => {
                self.sign_in_failed(None, SIGN_IN).await?;
                Err(outcome)
            }
        }
    }

    async fn admit_once(&self, provider: &IdentityProvider, vouched: &Vouched) -> Answer<(Whose, Proven)> {
        let mut work = self.store.begin(provider.organisation, self.calendar.now()).await?;
        match admit_into(&mut work, provider, vouched).await {
            Ok((Whose::Own(person), proven)) => {
                work.commit(Machine::now()).await?;
                Ok((Whose::Own(person), proven))
            }
            other => {
                work.roll_back().await?;
                other
            }
        }
    }

    /// Lets in somebody who has proven that an account is theirs: from now on the provider opens it by its name for them.
    /// Also what their session rests on.
    pub(super) async fn admit_proven(
        &self,
        provider: &IdentityProvider,
        vouched: &Vouched,
        owner: &Owner<'_>,
    ) -> Answer<(Actor, Proven)> {
        let proven = tried(|| Box::pin(self.connect_once(provider, vouched, owner))).await?;
        Ok((self.first_here(provider.organisation, owner.person).await?, proven))
    }

    async fn connect_once(&self, provider: &IdentityProvider, vouched: &Vouched, owner: &Owner<'_>) -> Answer<Proven> {
        let mut work = self.store.begin(provider.organisation, self.calendar.now()).await?;
        let done = connect_into(&mut work, provider, vouched, owner).await;
        ended(work, done).await
    }

    /// As whom a person begins whom their organisation's provider vouches for.
    async fn first_here(&self, organisation: OrganisationId, person: PersonId) -> Answer<Actor> {
        let roles = self.roles_for(person, Some(organisation)).await?;
        if let Some(first) = roles.into_iter().next() {
            return Ok(first.actor);
        }
        self.sign_in_failed(Some(person), SIGN_IN).await?;
        Err(not_admitted())
    }
}

/// Whose account the provider names.
enum Whose {
    /// That of whoever came: it is bound to the provider's name for them.
    Own(PersonId),
    /// Somebody's who works here, by their address alone.
    Unproven(PersonId),
}

/// Somebody who has proven that an account is theirs.
pub(super) struct Owner<'a> {
    /// The person.
    pub person: PersonId,
    /// What they proved it by.
    pub own: &'a Own,
    /// The token of what waits for the proof.
    pub token: &'a str,
}

impl Owner<'_> {
    /// Takes what waits, while what they proved is theirs.
    async fn take(&self, work: &Work) -> Answer<()> {
        // Everybody at once whose roles may end with theirs, as whoever ends those holds them.
        hold_covered(work, self.person).await?;
        if Own::now(work, self.person).await? != *self.own {
            return Err(Outcome::Conflict);
        }
        let taken = work.take_ceremony(&digest(self.token), CeremonyKind::Provider, Machine::now()).await?;
        taken.map(|_| ()).ok_or_else(not_taken)
    }
}

/// The provider as it is until this work ends, and what a session by it rests on; refused where it is no longer the one that
/// was asked.
async fn as_asked(work: &Work, asked: &IdentityProvider) -> Answer<(IdentityProvider, Proven)> {
    work.hold_way_in(asked.organisation, false).await?;
    let now = work.identity_provider(asked.organisation).await?;
    let now = now.filter(|now| mark_of(now) == mark_of(asked)).ok_or_else(not_taken)?;
    Ok((now, Proven::Vouched(work.way_in_turn(asked.organisation).await?)))
}

async fn admit_into(work: &mut Work, asked: &IdentityProvider, vouched: &Vouched) -> Answer<(Whose, Proven)> {
    let (provider, proven) = as_asked(work, asked).await?;
    let organisation = provider.organisation;
    let known = work.outside_person(organisation, &vouched.issuer, &vouched.subject).await?;
    let whose = match known {
        Some(person) => Whose::Own(person),
        None => by_address(work, &provider, vouched).await?,
    };
    if let Whose::Own(person) = whose {
        work.by(person);
        if known.is_none() {
            bind(work, vouched, person).await?;
        }
        follow_claims(work, &provider, vouched, person).await?;
    }
    Ok((whose, proven))
}

async fn connect_into(
    work: &mut Work,
    asked: &IdentityProvider,
    vouched: &Vouched,
    owner: &Owner<'_>,
) -> Answer<Proven> {
    let person = owner.person;
    work.by(person);
    let (provider, proven) = as_asked(work, asked).await?;
    owner.take(work).await?;
    let (organisation, today) = (provider.organisation, work.moment().today());
    if work.colleagues(organisation, today, Some(person)).await?.is_empty() {
        return Err(not_admitted());
    }
    match work.outside_person(organisation, &vouched.issuer, &vouched.subject).await? {
        None => bind(work, vouched, person).await?,
        Some(known) if known == person => {}
        Some(_) => return Err(not_admitted()),
    }
    follow_claims(work, &provider, vouched, person).await?;
    Ok(proven)
}

/// Binds an account to the name that a provider has for its person, who is told: whoever it calls so is they from now on.
async fn bind(work: &mut Work, vouched: &Vouched, person: PersonId) -> Answer<()> {
    work.add_outside_identity(&vouched.issuer, &vouched.subject, person).await?;
    work.record(Event::new("person.joined_by_provider", "person", person.0, 0).with("issuer", &vouched.issuer));
    tell_of_change(work, person, "Your organisation's own sign-in opens your account from now on.").await
}

/// The roles that the provider gives, as its claims are today.
async fn follow_claims(
    work: &mut Work,
    provider: &IdentityProvider,
    vouched: &Vouched,
    person: PersonId,
) -> Answer<()> {
    if provider.rules.is_empty() {
        return Ok(());
    }
    hold_covered(work, person).await?;
    let (organisation, today) = (provider.organisation, work.moment().today());
    let given = roles_given(&provider.rules, &vouched.values);
    let held = work.colleagues(organisation, today, Some(person)).await?;
    for rule in given.iter().filter(|rule| !held.iter().any(|one| one.role == rule.role && one.from <= today)) {
        work.give_membership(person, rule.role, &rule.title, (today, OPEN_END)).await?;
        tell_of_role(work, person, rule.role, Given::Provider).await?;
        work.mark_membership(person, rule.role, today).await?;
        work.record(Event::new("person.role_given", "person", person.0, 0).with("role", rule.role.code()));
    }
    for role in work.provided_roles(person, today).await? {
        if !given.iter().any(|rule| rule.role == role) {
            work.end_membership(person, role, today).await?;
            end_lent_with(work, person, role, person).await?;
            end_covers_for(work, person, role, person).await?;
            work.record(Event::new("person.role_ended", "person", person.0, 0).with("role", role.code()));
        }
    }
    Ok(())
}

/// Whose address the provider vouches for: that of somebody who works here, which alone opens nothing, or of somebody new who
/// was invited or has a role. Never of somebody who is known here for another organisation alone: in the same words, so that
/// nobody learns of it.
async fn by_address(work: &mut Work, provider: &IdentityProvider, vouched: &Vouched) -> Answer<Whose> {
    let email = vouched.email.as_deref().filter(|_| vouched.email_verified).ok_or_else(not_admitted)?;
    let today = work.moment().today();
    if let Some(account) = work.account(email).await? {
        let works_here = !work.colleagues(provider.organisation, today, Some(account.id)).await?.is_empty();
        return if works_here { Ok(Whose::Unproven(account.id)) } else { Err(not_admitted()) };
    }
    let waiting = work.welcomes(provider.organisation).await?;
    let welcome = waiting.into_iter().find(|one| one.email == email && one.open(Machine::now()).is_ok());
    let has_role = !roles_given(&provider.rules, &vouched.values).is_empty();
    if welcome.is_none() && !(provider.admits == Admits::Anyone && has_role) {
        return Err(not_admitted());
    }
    let person = PersonId(work.new_id());
    let name = welcome.as_ref().map(|one| one.name.clone()).or_else(|| vouched.name.clone());
    work.add_person(person, email, name.as_deref().unwrap_or(email), None).await?;
    if let Some(welcome) = welcome {
        joined(work, welcome, person).await?;
    }
    Ok(Whose::Own(person))
}

impl App {
    /// The provider of the reader's organisation, where one is set up.
    pub async fn own_provider(&self, actor: &Actor) -> Answer<Option<IdentityProvider>> {
        Ok(self.see(actor, Action::KeepPeople).await?.identity_provider(actor.organisation).await?)
    }
}

/// Tells that the organisation's sign-in was changed: whose word opens its accounts is changed by nobody unseen.
fn tell_of_provider(work: &mut Work, actor: &Actor, what: &str) -> Answer<()> {
    tell_keepers(work, actor, ("Your organisation's sign-in was changed", PROVIDER), what)
}

/// Says which provider the organisation's people sign in by, and what its claims give.
#[derive(Clone, Serialize)]
pub struct KeepProvider {
    /// Its address.
    pub issuer: String,
    /// What it calls this service.
    pub client_id: String,
    /// The secret that it gave; empty keeps the one before, of the same issuer and client.
    pub secret: String,
    /// The claim that names roles or groups.
    pub claim: String,
    /// Which values give which roles, a line each.
    pub rules: String,
    /// `invited` or `anyone`.
    pub admits: String,
    /// Whether passwords no longer open the organisation.
    pub only_way: bool,
    /// The version that was read; 0 where there was none.
    pub version: i64,
    /// The token of the session, or the program's, by which it is said: no part of what is said.
    #[serde(skip)]
    pub asking: String,
}

impl KeepProvider {
    fn read(&self, actor: &Actor) -> Answer<(Admits, Vec<RoleRule>)> {
        let mut invalid = Invalid::default();
        if !Reach::Private.holds(self.issuer.trim()) || self.issuer.len() > 500 {
            invalid.add("issuer", "Enter the provider's address, like https://id.authority.example");
        }
        if self.client_id.trim().is_empty() || self.client_id.len() > 200 {
            invalid.add("client_id", "Enter the client id that the provider gave this service");
        }
        if self.claim.len() > 200 {
            invalid.add("claim", "Enter the claim's name, in 200 characters or fewer");
        }
        let admits = Admits::from_code(&self.admits);
        if admits.is_none() {
            invalid.add("admits", "Select who may come in by it");
        }
        let rules = match read_rules("rules", &self.rules, actor.kind) {
            Ok(rules) => rules,
            Err(wrong) => {
                invalid.errors.extend(wrong.errors);
                Vec::new()
            }
        };
        if admits == Some(Admits::Anyone) && rules.is_empty() && invalid.errors.is_empty() {
            invalid.add("rules", "Write at least one line: somebody new gets a role by it alone");
        }
        invalid.or(())?;
        Ok((admits.ok_or(Outcome::NotFound)?, rules))
    }

    /// Whether it names the same provider as before, which knows this service by the same name.
    fn is_of(&self, before: &IdentityProvider) -> bool {
        before.issuer == self.issuer.trim() && before.client_id == self.client_id.trim()
    }

    /// The secret to keep. Where none was entered the one before stays, for whoever gave it alone: no other is shown it.
    fn secret_for(&self, before: Option<&IdentityProvider>) -> Answer<Option<String>> {
        if !self.secret.is_empty() {
            return Ok(Some(self.secret.clone()));
        }
        match before {
            Some(before) if before.secret.is_some() && !self.is_of(before) => {
                let message = "Enter the client secret for this address and client id: the one before is another's. For a \
                               provider that gave none, take the one before away first";
                Err(Invalid::one("secret", message).into())
            }
            before => Ok(before.and_then(|before| before.secret.clone())),
        }
    }
}

impl Command for KeepProvider {
    const ACTION: Action = Action::KeepPeople;
    const NAME: &'static str = "person.keep_provider";

    /// An address of this machine or of a private network would make this service ask there for whoever named it.
    async fn before(&self, app: &App, _actor: &Actor) -> Answer<()> {
        let (issuer, reach) = (self.issuer.trim(), app.reach().await?);
        if Reach::Private.holds(issuer) && !reach.holds(issuer) {
            let message = "Enter a public address by https: one of this machine or of a private network is asked only where \
                           whoever runs the service has said so";
            return Err(Invalid::one("issuer", message).into());
        }
        Ok(())
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (admits, rules) = self.read(actor)?;
        // Before it is looked at: which sessions end is told by what it was.
        work.hold_way_in(actor.organisation, true).await?;
        let before = work.identity_provider(actor.organisation).await?;
        if before.as_ref().map_or(0, |before| before.version) != self.version {
            return Err(Outcome::Conflict);
        }
        let another = before.as_ref().is_some_and(|before| !self.is_of(before));
        let closes = self.only_way && before.as_ref().is_none_or(|before| !before.only_way);
        let secret = self.secret_for(before.as_ref())?;
        let new = IdentityProvider {
            organisation: actor.organisation,
            issuer: self.issuer.trim().to_owned(),
            client_id: self.client_id.trim().to_owned(),
            secret,
            claim: self.claim.trim().to_owned(),
            rules,
            admits,
            only_way: self.only_way,
            version: self.version + 1,
        };
        work.set_identity_provider(&new).await?;
        if another && closes {
            work.hold_who_signed_in().await?;
        }
        let mut ended = if another { work.end_vouched_sign_ins().await? } else { 0 };
        if closes {
            // What it is said by stays: a provider that does not answer is put right by nobody else.
            ended += work.end_unvouched_sign_ins(&digest(&self.asking)).await?;
        }
        work.record(
            Event::new("provider.kept", "identity_provider", actor.organisation.0, 0)
                .with("issuer", new.issuer.as_str())
                .with("rules", new.rules.len())
                .with("admits", new.admits.code())
                .with("only_way", new.only_way)
                .with("ended", ended),
        );
        let what = match (self.version, another) {
            (0, _) => "It is set up now",
            (_, true) => "It is another one now, and sessions by the one before have ended",
            (_, false) => "What is said of it was changed",
        };
        let only =
            if closes { "; by nothing else from now on, and what passwords and passkeys opened has ended" } else { "" };
        tell_of_provider(work, actor, &format!("{what}{only}: {}", new.issuer))?;
        Ok(Receipt::at(PROVIDER))
    }
}

/// Takes the provider away: people sign in by passwords and passkeys again.
#[derive(Debug, Clone, Serialize)]
pub struct DropProvider;

impl Command for DropProvider {
    const ACTION: Action = Action::KeepPeople;
    const NAME: &'static str = "person.drop_provider";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if !work.end_identity_provider().await? {
            return Err(Outcome::NotFound);
        }
        let ended = work.end_vouched_sign_ins().await?;
        work.record(Event::new("provider.dropped", "identity_provider", actor.organisation.0, 0).with("ended", ended));
        tell_of_provider(work, actor, "It was taken away, and sessions by it have ended")?;
        Ok(Receipt::at(PROVIDER))
    }
}
