//! Asking: every command runs in one transaction, under its permission and its idempotency key, with bounded retries.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use placewell_domain::office::access::{Action, may};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::By;
use placewell_domain::outcome::Refusal;
use placewell_store::idempotency::Earlier;
use placewell_store::{Session, Store, Work};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use tracing::Instrument as _;

use crate::answer::{Answer, Outcome};
use crate::clock::{Calendar, Machine};
use crate::homes::home::index::HomesIndex;
use crate::office::document::scanning::Scanner;
use crate::office::person::known_providers::KnownProviders;
use crate::office::person::password::PasswordList;
use crate::post::Post;

/// How often a transaction is tried when the database asks for another try.
const TRIES: u32 = 5;

/// The application: what stands between the ways in (pages, API, commands, jobs) and the store.
pub struct App {
    /// The database.
    pub store: Store,
    /// The business clock.
    pub calendar: Calendar,
    /// The homes in memory, for lists and searches.
    pub homes: HomesIndex,
    /// Where mails are handed over, once it is set up.
    post: OnceLock<Post>,
    /// The public origin of the pages, once it is set up: what full addresses begin with.
    origin: OnceLock<String>,
    /// What looks at documents before they are kept, once it is set up.
    scanner: OnceLock<Scanner>,
    /// The file apart from the database that keeps a line of each checkpoint, once it is set up.
    pub(crate) pins: OnceLock<PathBuf>,
    /// The operator's own list of known passwords, once it is set up.
    pub(crate) password_list: OnceLock<PasswordList>,
    /// Set where identity providers may stand in a private network.
    pub(crate) private_providers: OnceLock<()>,
    /// What identity providers said of themselves lately.
    pub(crate) known_providers: KnownProviders,
}

/// What a person gets back for a change: the place to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The path of the page that shows the result.
    pub location: String,
    /// The same request had been done before: nothing was done again.
    pub repeated: bool,
}

impl Receipt {
    /// Done; look here.
    pub fn at(location: impl Into<String>) -> Self {
        Self { location: location.into(), repeated: false }
    }
}

/// Something that a person can ask to be changed.
pub trait Command: Serialize + Send + Sync + 'static {
    /// What the permission table calls it.
    const ACTION: Action;
    /// Its name under the idempotency key and in the log.
    const NAME: &'static str;
    /// Whether whoever asks must have proven lately who they are, or act by a token whose scope says that it does this.
    const PROVEN: bool = Self::ACTION.needs_proof();

    /// What is read of another organisation first, outside the transaction, which sees only its own; most read nothing.
    fn before(&self, _app: &App, _actor: &Actor) -> impl Future<Output = Answer<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// What is kept of a refusal beside its answer, after all that was done is taken back; most keep nothing.
    fn after_refusal(
        &self,
        _refusal: &Refusal,
        _actor: &Actor,
        _work: &mut Work,
    ) -> impl Future<Output = Answer<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Does it, inside the transaction.
    fn run(&self, actor: &Actor, work: &mut Work) -> impl Future<Output = Answer<Receipt>> + Send;
}

/// Whoever asks has proven lately who they are; else they are asked to.
pub(crate) fn proven(actor: &Actor) -> Answer<()> {
    if actor.by.is_proven(Machine::now()) { Ok(()) } else { Err(Outcome::ProveAgain) }
}

/// The same for one act, which a token's scope may say that it does without; one whose scope does not is told that.
pub(crate) fn proven_for(actor: &Actor, action: Action) -> Answer<()> {
    if actor.by.is_proven_for(action, Machine::now()) {
        Ok(())
    } else if matches!(actor.by, By::Token(_)) {
        Err(Outcome::OutOfScope(action))
    } else {
        Err(Outcome::ProveAgain)
    }
}

/// Whether somebody may ask for this: by their role, and by the scope of the token that they act by.
pub(crate) fn permitted(actor: &Actor, action: Action) -> Answer<()> {
    if !may(actor.role, action) {
        Err(Outcome::Forbidden(action))
    } else if !actor.by.covers(action) {
        Err(Outcome::OutOfScope(action))
    } else {
        Ok(())
    }
}

impl App {
    /// An application over an open database.
    pub fn new(store: Store, calendar: Calendar) -> Arc<Self> {
        Arc::new(Self {
            store,
            calendar,
            homes: HomesIndex::default(),
            post: OnceLock::new(),
            origin: OnceLock::new(),
            scanner: OnceLock::new(),
            pins: OnceLock::new(),
            password_list: OnceLock::new(),
            private_providers: OnceLock::new(),
            known_providers: KnownProviders::default(),
        })
    }

    /// Sets up where mails are handed over; once, before the worker starts.
    pub fn hand_mails_to(&self, post: Post) {
        let _set_before = self.post.set(post);
    }

    /// Sets up the public origin of the pages; once, before the worker starts.
    pub fn stands_at(&self, origin: &str) {
        let _set_before = self.origin.set(origin.trim_end_matches('/').to_owned());
    }

    /// The full address of a path; the path alone where no origin is set up.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin.get().map_or("", String::as_str))
    }

    /// Sets up what looks at documents before they are kept; once, before the first is brought.
    pub fn scan_with(&self, scanner: Scanner) {
        let _set_before = self.scanner.set(scanner);
    }

    /// What looks at documents before they are kept.
    pub(crate) fn scanner(&self) -> Option<&Scanner> {
        self.scanner.get()
    }

    /// Where mails are handed over.
    pub(crate) fn post(&self) -> Option<&Post> {
        self.post.get()
    }

    /// Whether somebody may ask for this, by their role and the scope of what they act by.
    pub fn may_ask(&self, actor: &Actor, action: Action) -> Answer<()> {
        permitted(actor, action)
    }

    /// Reads for a person whose role may ask for this.
    pub async fn see(&self, actor: &Actor, action: Action) -> Answer<Session> {
        permitted(actor, action)?;
        Ok(self.store.read(Some(actor.organisation)).await?)
    }

    /// Reads what is public.
    pub async fn visit(&self) -> Answer<Session> {
        Ok(self.store.read(None).await?)
    }

    /// Does what a person asked for, once per key, also if they hang up meanwhile.
    pub async fn perform<C: Command>(self: &Arc<Self>, actor: &Actor, key: &str, command: C) -> Answer<Receipt> {
        permitted(actor, C::ACTION)?;
        if C::PROVEN {
            proven_for(actor, C::ACTION)?;
        }
        let (app, actor, key) = (Arc::clone(self), actor.clone(), key.to_owned());
        let span = tracing::error_span!("command", name = C::NAME);
        let work = Box::pin(async move { app.perform_with_retries(&actor, &key, &command).await });
        spawn(work.instrument(span)).await
    }

    async fn perform_with_retries<C: Command>(&self, actor: &Actor, key: &str, command: &C) -> Answer<Receipt> {
        let hash = hex::encode(Sha256::digest(serde_json::to_vec(command)?));
        tried(|| self.perform_once(actor, key, &hash, command)).await
    }

    async fn perform_once<C: Command>(&self, actor: &Actor, key: &str, hash: &str, command: &C) -> Answer<Receipt> {
        let before = Box::pin(command.before(self, actor)).await;
        let mut work = self.store.begin(actor.organisation, self.calendar.now()).await?;
        work.by(actor.person);
        match work.claim_key(actor.person, key, (C::NAME, hash), Machine::now()).await {
            Ok(None) => {}
            Ok(Some(earlier)) => {
                work.roll_back().await?;
                return match earlier {
                    Earlier::Done(location) => Ok(Receipt { location, repeated: true }),
                    Earlier::Refused(refusal) => Err(refusal.into()),
                    Earlier::OtherRequest => Err(Outcome::KeyReused),
                };
            }
            Err(error) => {
                work.roll_back().await?;
                return Err(error.into());
            }
        }
        work.savepoint().await?;
        let done = match before {
            Ok(()) => Box::pin(command.run(actor, &mut work)).await,
            Err(outcome) => Err(outcome),
        };
        match done {
            Ok(receipt) => {
                work.keep_result(actor.person, key, Ok(&receipt.location))?;
                match work.commit(Machine::now()).await {
                    Ok(()) => Ok(receipt),
                    Err(error) => Err(error.into()),
                }
            }
            Err(Outcome::Refused(refusal)) => keep_refusal(work, actor, key, (*refusal, command)).await,
            Err(outcome) => {
                work.roll_back().await?;
                Err(outcome)
            }
        }
    }
}

/// Does a unit of work again where the database asks for another try, a few times; then too much waits for the same record.
/// Each try begins the work anew, and takes it back where it does not end well.
pub(crate) async fn tried<T, F>(once: impl Fn() -> F) -> Answer<T>
where
    F: Future<Output = Answer<T>>,
{
    for attempt in 1..=TRIES {
        match once().await {
            Err(Outcome::Retry) if attempt < TRIES => tokio::time::sleep(jitter(attempt)).await,
            Err(Outcome::Retry) => return Err(Outcome::Busy),
            answer => return answer,
        }
    }
    Err(Outcome::Busy)
}

/// A refusal is a result: the work is taken back, the key's row keeps the answer.
async fn keep_refusal<C: Command>(
    mut work: Work,
    actor: &Actor,
    key: &str,
    (refusal, command): (Refusal, &C),
) -> Answer<Receipt> {
    let kept: Answer<()> = async {
        work.undo().await?;
        command.after_refusal(&refusal, actor, &mut work).await?;
        Ok(work.keep_result(actor.person, key, Err(&refusal))?)
    }
    .await;
    match kept {
        Ok(()) => work.commit(Machine::now()).await?,
        Err(outcome) => {
            work.roll_back().await?;
            return Err(outcome);
        }
    }
    Err(refusal.into())
}

/// Ends a unit of work: kept where all went well, with what came of it, else taken back.
pub(crate) async fn ended<T>(work: Work, done: Answer<T>) -> Answer<T> {
    match done {
        Ok(value) => {
            work.commit(Machine::now()).await?;
            Ok(value)
        }
        Err(outcome) => {
            work.roll_back().await?;
            Err(outcome)
        }
    }
}

/// The one place that starts a task: a request's work goes on when its caller hangs up, and a job's panic ends the try and
/// not the worker. The span goes along, so that its log lines are told from others'.
#[allow(clippy::disallowed_methods)]
pub(crate) async fn spawn<T: Send + 'static>(work: impl Future<Output = Answer<T>> + Send + 'static) -> Answer<T> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(answer) => answer,
        Err(error) if error.is_panic() => Err(Outcome::Fault("a task panicked".to_owned())),
        Err(_cancelled) => Err(Outcome::Fault("a task was cancelled".to_owned())),
    }
}

/// The same for what a caller left behind, whose end nobody waits for. Once the service has stopped, nothing starts.
#[allow(clippy::disallowed_methods)]
pub(crate) fn left(work: impl Future<Output = Answer<()>> + Send + 'static) {
    let Ok(runtime) = Handle::try_current() else { return };
    let logged = async move {
        if let Err(outcome) = work.await {
            tracing::warn!(?outcome, "what a caller left behind was not done");
        }
    };
    runtime.spawn(logged.in_current_span());
}

/// 5 to 50 ms, growing with the attempt.
fn jitter(attempt: u32) -> Duration {
    let [byte] = placewell_store::keys::random::<1>();
    Duration::from_millis(5 + u64::from(byte) % (9 * u64::from(attempt)))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_panic_of_a_task_is_a_fault_of_ours_and_says_nothing_of_its_words() {
        let answer: Answer<()> = spawn(async { panic!("Canary") }).await;
        match answer {
            Err(Outcome::Fault(fault)) => assert_eq!(fault, "a task panicked"),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn what_the_database_asks_to_do_again_is_done_again_a_few_times_and_nothing_else_is() {
        for (asks_again, then, done) in [(0, true, true), (2, true, true), (1, false, false), (TRIES, true, false)] {
            let tries = AtomicU32::new(0);
            let answer = tried(|| async {
                match tries.fetch_add(1, Ordering::SeqCst) {
                    before if before < asks_again => Err(Outcome::Retry),
                    _ if then => Ok(()),
                    _ => Err(Outcome::Conflict),
                }
            })
            .await;
            let tries = tries.load(Ordering::SeqCst);
            assert_eq!((answer.is_ok(), tries), (done, (asks_again + 1).min(TRIES)), "{answer:?}");
            assert!(!matches!(answer, Err(Outcome::Retry)), "whoever asks is told what to do");
        }
    }
}
