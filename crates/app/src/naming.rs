//! Words that everybody will read are looked through before they are kept: homes, addresses, officers' names, references and
//! personal contacts are confirmed one by one, or taken out (rules 9.1 and 9.2).

use std::collections::BTreeSet;

use placewell_domain::change::Event;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::reporting::publication::{Naming, Registered, namings, unconfirmed_namings};
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::Answer;
use crate::command::{App, Command, Receipt};

/// Texts that go public, each with its field's name.
pub type Texts = Vec<(&'static str, String)>;

/// A command with words that everybody reads. Its own `run` is [`looked_through`] with nothing confirmed.
pub trait Public: Command {
    /// The words that go public with it.
    fn texts(&self, work: &Work) -> impl Future<Output = Answer<Texts>> + Send;

    /// What stands public already, and was confirmed then.
    fn standing(&self, _work: &Work) -> impl Future<Output = Answer<Texts>> + Send {
        std::future::ready(Ok(Texts::new()))
    }

    /// Does it, once its words were looked through.
    fn publish(&self, actor: &Actor, work: &mut Work) -> impl Future<Output = Answer<Receipt>> + Send;
}

/// A command whose words are looked through before they are kept. Its own `run` is the same with nothing confirmed.
pub trait LookedThrough: Command {
    /// Does it where every finding is confirmed, each by its key; else each is named, and nothing happens.
    fn confirmed(
        &self,
        keys: &[String],
        actor: &Actor,
        work: &mut Work,
    ) -> impl Future<Output = Answer<Receipt>> + Send;
}

impl<C: Public> LookedThrough for C {
    async fn confirmed(&self, keys: &[String], actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, keys, actor, work).await
    }
}

/// The same command with the findings that whoever writes has confirmed, each by its key.
#[derive(Debug, Clone, Serialize)]
pub struct Confirmed<C> {
    /// The command.
    #[serde(flatten)]
    pub command: C,
    /// The keys of the findings, as the refusal named them.
    pub confirmed: Vec<String>,
}

impl<C: LookedThrough> Command for Confirmed<C> {
    const ACTION: Action = C::ACTION;
    const NAME: &'static str = C::NAME;
    const PROVEN: bool = C::PROVEN;

    async fn before(&self, app: &App, actor: &Actor) -> Answer<()> {
        self.command.before(app, actor).await
    }

    async fn after_refusal(&self, refusal: &Refusal, actor: &Actor, work: &mut Work) -> Answer<()> {
        self.command.after_refusal(refusal, actor, work).await
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.command.confirmed(&self.confirmed, actor, work).await
    }
}

/// Before the field's name of a finding: what was asked stands between this and the finding's key.
pub const CONFIRM: &str = "confirmed/";

/// Publishes where every finding is confirmed; else nothing happens, and each finding is named with its key.
pub async fn looked_through<C: Public>(
    command: &C,
    confirmed: &[String],
    actor: &Actor,
    work: &mut Work,
) -> Answer<Receipt> {
    let texts = command.texts(work).await?;
    let known = registered(work, actor).await?;
    let all = namings(texts.iter().map(|(field, text)| (*field, text.as_str())), &known);
    let before = command.standing(work).await?;
    let before = namings(before.iter().map(|(field, text)| (*field, text.as_str())), &known);
    let new: Vec<_> = all.into_iter().filter(|naming| !before.contains(naming)).collect();
    let kinds: BTreeSet<&str> = new.iter().map(|naming| naming.kind.code()).collect();
    let many = new.len();
    let mut invalid = Invalid::default();
    for naming in unconfirmed_namings(new, confirmed) {
        let field = format!("{CONFIRM}{}/{}", C::NAME, naming.key());
        let (kind, place) = (naming.kind.label(), naming.field.replace('_', " "));
        let found = &naming.found;
        invalid.add(&field, format!("{kind} stands in {place}: \u{201c}{found}\u{201d}. Take it out or confirm it"));
    }
    invalid.or(())?;
    let receipt = command.publish(actor, work).await?;
    if many > 0 {
        let kinds: Vec<&str> = kinds.into_iter().collect();
        let event = Event::new("publication.words_confirmed", "organisation", work.org().0, 1);
        work.record(event.with("act", C::NAME).with("findings", many).with("kinds", kinds.join(",")));
    }
    Ok(receipt)
}

async fn registered(session: &Session, actor: &Actor) -> Answer<Registered> {
    let homes = session.homes().await?;
    let homes = homes.into_iter().flat_map(|home| [home.name, home.urn.as_str().to_owned()]).collect();
    Ok(Registered { homes, officers: session.member_names(actor.organisation).await? })
}

/// What will be found in words that nobody has published yet, for the page on which they are looked at before.
pub(crate) async fn found_in(session: &Session, actor: &Actor, texts: &Texts) -> Answer<Vec<Naming>> {
    let known = registered(session, actor).await?;
    Ok(namings(texts.iter().map(|(field, text)| (*field, text.as_str())), &known))
}
