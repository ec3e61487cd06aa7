//! One task holds one session at a time: a task that waits for a second connection while it holds the first stops
//! everybody once each connection is held by a task that waits. In a debug build that is found at once, in a release build
//! nothing is counted.

/// What a session holds for as long as it stands.
#[cfg(not(debug_assertions))]
pub(crate) struct Alone;

#[cfg(not(debug_assertions))]
impl Alone {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn let_go(&mut self) {}
}

#[cfg(debug_assertions)]
pub(crate) use counted::Alone;

#[cfg(debug_assertions)]
mod counted {
    use std::collections::HashSet;
    use std::sync::{LazyLock, Mutex, PoisonError};

    use tokio::task::{Id, try_id};

    static HOLDERS: LazyLock<Mutex<HashSet<Id>>> = LazyLock::new(Mutex::default);

    /// What a session holds for as long as it stands: its task's name among the holders.
    pub(crate) struct Alone(Option<Id>);

    impl Alone {
        /// A test's own body is no task and may hold what it likes.
        pub(crate) fn new() -> Self {
            let task = try_id();
            if let Some(task) = task {
                let first = HOLDERS.lock().unwrap_or_else(PoisonError::into_inner).insert(task);
                assert!(first, "a task asked for a second session while it holds one: drop the first before");
            }
            Self(task)
        }

        /// What is only taken back from here on, by another task, is this task's no more.
        pub(crate) fn let_go(&mut self) {
            if let Some(task) = self.0.take() {
                HOLDERS.lock().unwrap_or_else(PoisonError::into_inner).remove(&task);
            }
        }
    }

    impl Drop for Alone {
        fn drop(&mut self) {
            self.let_go();
        }
    }
}
