//! A line of the contract register: supplier, title, dates, extension, value, route (Local Government Transparency Code 2015).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::money::Pence;

coded! {
    /// What kind of contract it is.
    ContractKind {
        /// A provider's place on the arrangement: the terms, without a promise to buy.
        Arrangement => "arrangement", "Place on the arrangement";
        /// A mini-block awarded through the arrangement.
        MiniBlock => "mini_block", "Mini-block";
    }
}

impl ContractKind {
    /// By which procedure it came to be.
    #[must_use]
    pub const fn procedure(self) -> &'static str {
        match self {
            Self::Arrangement => "Light-touch regime: published tender, regional evaluation, further openings",
            Self::MiniBlock => "Mini-competition among the homes admitted to the arrangement",
        }
    }
}

/// A contract as everybody reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicContract {
    /// Its reference, such as `MB-012`.
    pub reference: String,
    /// What kind it is.
    pub kind: ContractKind,
    /// What it is about.
    pub title: String,
    /// The supplier's name.
    pub supplier: String,
    /// The supplier's code, which is its identifier here.
    pub supplier_code: String,
    /// Whose contract it is: the buyers' names.
    pub buyers: Vec<String>,
    /// The first day.
    pub starts: Date,
    /// The last day.
    pub ends: Date,
    /// By how many months it may be extended.
    pub extension_months: Option<u16>,
    /// Its value over its term, to the nearest £1,000; none where nothing is promised.
    pub value: Option<Pence>,
    /// Why it was awarded, where that is published.
    pub reasons: Option<String>,
    /// The alternatives considered and rejected.
    pub alternatives: Option<String>,
    /// Conflicts of interest declared, or that there were none.
    pub conflicts: Option<String>,
    /// The references of the decisions that it rests on.
    pub decisions: Vec<String>,
    /// Whether it goes on.
    pub live: bool,
}
