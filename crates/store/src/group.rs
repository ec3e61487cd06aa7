//! One writer on SQLite, in turns; up to 32 waiting commands share one commit, each in its own savepoint.
//!
//! Nobody is answered before the commit that holds their work. If a shared commit fails, each member is told to
//! try again, alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use placewell_domain::id::OrganisationId;
use tokio::sync::{Mutex, OwnedMutexGuard, broadcast};

use crate::error::StoreError;
use crate::row::ToSql as _;
use crate::sqlite::{Pool, Transaction};

/// While as many as this are written, as many others are answered and ask again: with 64 who ask without a pause, neither the
/// writer nor they wait for the other.
const GROUP: u32 = 32;
/// A member looks after its group itself when nobody has committed it for this long.
const PATIENCE: Duration = Duration::from_millis(20);

struct Group {
    number: u64,
    transaction: Arc<Transaction>,
    members: u32,
    done: broadcast::Sender<bool>,
}

#[derive(Default)]
struct Slot {
    open: Option<Group>,
    last_number: u64,
}

/// The write connection and the queue before it.
pub struct Writer {
    connection: Arc<Pool>,
    slot: Arc<Mutex<Slot>>,
    waiting: Arc<AtomicUsize>,
}

/// Somebody's turn at the write connection, inside their own savepoint.
pub struct Turn {
    slot: OwnedMutexGuard<Slot>,
    shared: Arc<Mutex<Slot>>,
    waiting: Arc<AtomicUsize>,
    transaction: Arc<Transaction>,
}

struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn start(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Writer {
    pub(crate) fn new(connection: Arc<Pool>) -> Self {
        Self { connection, slot: Arc::default(), waiting: Arc::default() }
    }

    pub(crate) fn close(&self) {
        self.connection.close();
    }

    /// Takes what was deleted out of the log of writes; see [`Pool::cut_log`].
    pub(crate) async fn cut_log(&self) -> Result<bool, StoreError> {
        self.connection.cut_log().await
    }

    /// Whether somebody waits for the write connection.
    pub(crate) fn is_awaited(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }

    /// Waits for the write connection, opens or joins a group, and starts a savepoint for an organisation.
    pub(crate) async fn turn(&self, organisation: OrganisationId) -> Result<Turn, StoreError> {
        let place = Waiting::start(&self.waiting);
        let mut slot = Arc::clone(&self.slot).lock_owned().await;
        drop(place);
        if slot.open.is_none() {
            let transaction = Arc::new(self.connection.begin().await?);
            slot.last_number += 1;
            let number = slot.last_number;
            slot.open = Some(Group { number, transaction, members: 0, done: broadcast::Sender::new(1) });
        }
        let transaction = slot
            .open
            .as_ref()
            .map(|group| Arc::clone(&group.transaction))
            .ok_or_else(|| StoreError::fault("no group"))?;
        transaction.execute("SAVEPOINT turn", &[])?;
        transaction.execute("UPDATE writer_org SET org_id = $1", &[organisation.to_sql()])?;
        Ok(Turn { slot, shared: Arc::clone(&self.slot), waiting: Arc::clone(&self.waiting), transaction })
    }
}

impl Turn {
    pub(crate) fn transaction(&self) -> Arc<Transaction> {
        Arc::clone(&self.transaction)
    }

    /// Ends the turn. Kept work is answered only when its group has been committed.
    pub(crate) async fn end(self, keep: bool) -> Result<(), StoreError> {
        let Self { mut slot, shared, waiting, transaction } = self;
        let undone = if keep { Ok(0) } else { transaction.execute("ROLLBACK TO turn", &[]) };
        let ended = undone.and_then(|_| transaction.execute("RELEASE turn", &[]));
        drop(transaction);
        if let Err(error) = ended {
            close(&mut slot, false).await?;
            return Err(error);
        }
        let Some(group) = slot.open.as_mut() else { return Err(StoreError::fault("the group is gone")) };
        group.members += u32::from(keep);
        if waiting.load(Ordering::SeqCst) == 0 || group.members >= GROUP {
            return close(&mut slot, true).await;
        }
        if !keep {
            return Ok(());
        }
        let (number, mut done) = (group.number, group.done.subscribe());
        drop(slot);
        loop {
            let looks_after_it = async {
                tokio::time::sleep(PATIENCE).await;
                Arc::clone(&shared).lock_owned().await
            };
            // The line before the slot is as long as many wait: whoever stands in it still hears of the commit.
            tokio::select! {
                biased;
                told = done.recv() => return if matches!(told, Ok(true)) { Ok(()) } else { Err(StoreError::Retry) },
                mut slot = looks_after_it => {
                    if slot.open.as_ref().is_some_and(|group| group.number == number) {
                        return close(&mut slot, true).await;
                    }
                }
            }
        }
    }
}

/// Commits, with nobody left as the writer: what is written past the units of work is then refused.
async fn committed(transaction: Transaction) -> Result<(), StoreError> {
    transaction.execute("UPDATE writer_org SET org_id = NULL", &[])?;
    transaction.commit().await
}

/// Commits (or gives up) the open group and tells its members.
async fn close(slot: &mut Slot, keep: bool) -> Result<(), StoreError> {
    let Some(group) = slot.open.take() else { return Ok(()) };
    let Some(transaction) = Arc::into_inner(group.transaction) else {
        return Err(StoreError::fault("a session outlived its turn"));
    };
    let result = if keep {
        committed(transaction).await
    } else {
        drop(transaction);
        Ok(())
    };
    let _nobody_waits = group.done.send(keep && result.is_ok());
    result.map_err(|_| StoreError::Retry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::Opening;

    fn writer(folder: &std::path::Path) -> Writer {
        std::fs::create_dir_all(folder).unwrap();
        let first = "CREATE TABLE IF NOT EXISTS writer_org (org_id INTEGER); \
                     INSERT INTO writer_org SELECT NULL WHERE NOT EXISTS (SELECT 1 FROM writer_org)";
        let path = folder.join("group.sqlite");
        Writer::new(Pool::new(Opening { path, cache: -100, writes: true, make: true, first: first.into() }, 1))
    }

    #[tokio::test]
    async fn a_member_hears_of_its_commit_also_where_the_line_before_the_slot_does_not_move() {
        let folder = std::env::temp_dir().join(format!("placewell-group-{}", std::process::id()));
        let writer = writer(&folder);
        let somebody = Waiting::start(&writer.waiting);
        let turn = writer.turn(OrganisationId(1)).await.unwrap();
        let ended = turn.end(true);
        tokio::pin!(ended);
        assert!(tokio::time::timeout(Duration::ZERO, &mut ended).await.is_err(), "answered before the commit");
        let mut slot = Arc::clone(&writer.slot).lock_owned().await;
        assert!(tokio::time::timeout(PATIENCE * 3, &mut ended).await.is_err(), "answered before the commit");
        close(&mut slot, true).await.unwrap();
        tokio::time::timeout(Duration::from_secs(5), &mut ended).await.expect("it hears of it").unwrap();
        drop((slot, somebody));
        writer.close();
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn the_last_of_a_full_group_commits_it_and_all_are_answered() {
        let folder = std::env::temp_dir().join(format!("placewell-full-group-{}", std::process::id()));
        let writer = writer(&folder);
        let somebody = Waiting::start(&writer.waiting);
        let mut ends = Vec::new();
        for number in 1..GROUP {
            let mut end = Box::pin(writer.turn(OrganisationId(1)).await.unwrap().end(true));
            let answered = tokio::time::timeout(Duration::ZERO, &mut end).await.is_ok();
            assert!(!answered, "{number} of {GROUP} was answered before the commit");
            ends.push(end);
        }
        writer.turn(OrganisationId(1)).await.unwrap().end(true).await.unwrap();
        for end in ends {
            tokio::time::timeout(Duration::from_secs(5), end).await.expect("it hears of it").unwrap();
        }
        drop(somebody);
        writer.close();
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
