//! What a file changes in the homes held: pure, so the same file twice changes nothing. What a
//! file does not state (a column it lacks, a blank cell) is never taken as a change.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::row::{HomeRow, Judgement};
use super::squash;

/// A home as held, with the facts that a register file may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldHome {
    /// Ofsted's unique reference number.
    pub urn: String,
    /// Whether it is held as on the register; a closed one that comes back is new again.
    pub open: bool,
    /// Registered places.
    pub places: Option<u32>,
    /// Latest overall judgement.
    pub judgement: Option<Judgement>,
    /// Owning organisation's name.
    pub organisation: Option<String>,
}

impl From<&HomeRow> for HeldHome {
    fn from(row: &HomeRow) -> Self {
        Self {
            urn: row.urn.clone(),
            open: true,
            places: row.places,
            judgement: row.judgement,
            organisation: row.organisation.clone(),
        }
    }
}

/// How many homes a file changes, by kind; the JSON answer shows the counts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Changes {
    /// Homes not held before, or held as closed.
    pub new: usize,
    /// Homes held as open that the file no longer has.
    pub closed: usize,
    /// Homes whose registered places differ.
    pub places: usize,
    /// Homes whose judgement differs.
    pub judgement: usize,
    /// Homes whose owner differs (upper and lower case apart).
    pub organisation: usize,
    /// Each change, in the file's order, the closed ones last.
    #[serde(skip)]
    pub each: Vec<HomeChange>,
}

/// One home changed in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeChange {
    /// The home's unique reference number.
    pub urn: String,
    /// In which way.
    pub kind: ChangeKind,
    /// What was held.
    pub before: Option<String>,
    /// What the file says.
    pub after: Option<String>,
}

/// The ways in which a home can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// On the register, and not held or held as closed.
    New,
    /// Held, and no longer on the register.
    Closed,
    /// Registered places.
    Places,
    /// Overall judgement.
    Judgement,
    /// Owning organisation.
    Organisation,
}

impl ChangeKind {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Closed => "closed",
            Self::Places => "places",
            Self::Judgement => "judgement",
            Self::Organisation => "organisation",
        }
    }

    /// Its words.
    pub fn label(self) -> &'static str {
        match self {
            Self::New => "New on the register",
            Self::Closed => "No longer on the register",
            Self::Places => "Registered places",
            Self::Judgement => "Overall judgement",
            Self::Organisation => "Owner",
        }
    }
}

impl Changes {
    /// Whether the file changes nothing.
    pub fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    fn add(&mut self, urn: &str, kind: ChangeKind, before: Option<String>, after: Option<String>) {
        let count = match kind {
            ChangeKind::New => &mut self.new,
            ChangeKind::Closed => &mut self.closed,
            ChangeKind::Places => &mut self.places,
            ChangeKind::Judgement => &mut self.judgement,
            ChangeKind::Organisation => &mut self.organisation,
        };
        *count += 1;
        self.each.push(HomeChange { urn: urn.to_owned(), kind, before, after });
    }
}

/// Compares the homes held for a region with the rows read. Where rows could not be read, use
/// [`super::RegisterRead::changes`], which does not close the homes on them.
pub fn compare(held: &[HeldHome], read: &[HomeRow]) -> Changes {
    let mut changes = Changes::default();
    let mut before: HashMap<&str, &HeldHome> = held.iter().map(|home| (home.urn.as_str(), home)).collect();
    for row in read {
        match before.remove(row.urn.as_str()) {
            Some(home) => {
                if !home.open {
                    changes.add(&row.urn, ChangeKind::New, None, None);
                }
                differ(&mut changes, home, row);
            }
            None => changes.add(&row.urn, ChangeKind::New, None, None),
        }
    }
    for home in held {
        if home.open && before.remove(home.urn.as_str()).is_some() {
            changes.add(&home.urn, ChangeKind::Closed, None, None);
        }
    }
    changes
}

fn differ(changes: &mut Changes, home: &HeldHome, row: &HomeRow) {
    if row.places.is_some() && row.places != home.places {
        let words = |places: Option<u32>| places.map(|places| places.to_string());
        changes.add(&row.urn, ChangeKind::Places, words(home.places), words(row.places));
    }
    if row.judgement.is_some() && row.judgement != home.judgement {
        let words = |judgement: Option<Judgement>| judgement.map(|judgement| judgement.words().to_owned());
        changes.add(&row.urn, ChangeKind::Judgement, words(home.judgement), words(row.judgement));
    }
    let same = |a: &str, b: &str| squash(a).to_lowercase() == squash(b).to_lowercase();
    if let Some(owner) = &row.organisation
        && !home.organisation.as_ref().is_some_and(|before| same(before, owner))
    {
        changes.add(&row.urn, ChangeKind::Organisation, home.organisation.clone(), Some(owner.clone()));
    }
}
