//! What was found: each kind once, with the input that shows it, saved below `target/fuzz`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The last panic's words and place, kept by the hook.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// Keeps panics' words instead of printing them: a run may meet the same one a thousand times.
pub fn keep_panics() {
    std::panic::set_hook(Box::new(|panic| {
        // What a slice was taken of differs with each input; where it was taken does not.
        let words = panic.to_string().replace('\n', " ");
        let words = words.split(" it is inside").next().unwrap_or_default().to_owned();
        *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = words;
    }));
}

/// The last panic, taken.
pub fn last_panic() -> String {
    std::mem::take(&mut *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Everything found so far.
#[derive(Debug, Default)]
pub struct Findings {
    kinds: BTreeMap<String, (usize, PathBuf)>,
    /// How many inputs were tried.
    pub tried: usize,
}

impl Findings {
    /// Notes a finding: `kind` tells it from others, `input` shows it again.
    pub fn add(&mut self, kind: &str, input: &[u8]) {
        let number = self.kinds.len();
        let entry = self.kinds.entry(kind.to_owned()).or_insert_with(|| {
            let file = folder().join(format!("finding-{number}"));
            println!("FOUND {kind}\n      {}", file.display());
            if let Err(error) = std::fs::create_dir_all(folder()).and_then(|()| std::fs::write(&file, input)) {
                println!("      which could not be written: {error}");
            }
            (0, file)
        });
        entry.0 += 1;
    }

    /// What was found, each kind once.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.kinds.keys().map(String::as_str)
    }

    /// Prints every kind with its count; true where there is none.
    pub fn close(&self) -> bool {
        println!("{} inputs tried, {} kinds of findings", self.tried, self.kinds.len());
        for (kind, (count, file)) in &self.kinds {
            println!("{count:>6} × {kind} ({})", file.display());
        }
        self.kinds.is_empty()
    }
}

fn folder() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from).join("fuzz")
}
