//! How much of the service a run has come to: one that finds little passes for no reason, so it fails.

use anyhow::ensure;
use std::collections::BTreeSet;

/// What a run came to: of its last seed what can be found, of all seeds what was answered.
#[derive(Debug, Default)]
pub struct Reach {
    /// Pages, each as whoever sees it.
    pub pages: usize,
    /// Forms by the shape of their address.
    pub forms: usize,
    /// Their fields.
    pub fields: usize,
    /// Fields that were sent, each with its form, by all seeds.
    pub sent: BTreeSet<(String, String)>,
    /// Operations of the API that change something.
    pub operations: usize,
    /// Those of them that want the version of a record.
    pub versioned: usize,
    /// Those of these last that were sent it, and then done or refused by a rule.
    pub answered: BTreeSet<String>,
}

impl Reach {
    /// Fails where a run came to less of the small region than it has to.
    pub fn check(&self) -> anyhow::Result<()> {
        let sent = self.sent.iter().map(|(form, _)| form).collect::<BTreeSet<_>>().len();
        let found = [
            ("pages", self.pages, 250),
            ("forms", self.forms, 30),
            ("fields", self.fields, 200),
            ("forms that were sent", sent, 30),
            ("fields that were sent", self.sent.len(), 120),
            ("operations of the API", self.operations, 50),
            ("operations on a version", self.versioned, 30),
            ("operations on a version that were done or refused by a rule", self.answered.len(), 8),
        ];
        for (what, found, least) in found {
            ensure!(found >= least, "the run came to {found} {what}, not to {least}: it shows nothing");
        }
        Ok(())
    }
}
