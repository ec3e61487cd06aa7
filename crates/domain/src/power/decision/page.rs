//! What a published decision says: the fields of the public page, in the field's own words, and what each
//! limb of it allows. A field that the page lacks stays empty and is asked for, never guessed (rule 2.3).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::label::LimbLabel;
use crate::calendar::long_date;
use crate::money::Pence;

coded! {
    /// What kind of body decides; it settles whether a forward plan and call-in exist (rule 2.2).
    GoverningBody {
        /// A council's executive: leader, cabinet, cabinet member or officer. Forward plan and call-in.
        CouncilExecutive => "council_executive", "Council executive";
        /// The board of a children's trust: neither forward plan nor call-in.
        TrustBoard => "trust_board", "Trust board";
    }
}

coded! {
    /// One thing that a limb allows the holders of the posts it names to do.
    LimbPower {
        /// All necessary operational decisions to implement the arrangement.
        Operational => "operational", "Take all necessary operational decisions";
        /// Award of placement agreements through the arrangement.
        AwardPlacements => "award_placements", "Award placement agreements";
        /// Award of mini-block contracts through the arrangement.
        AwardMiniBlocks => "award_mini_blocks", "Award mini-block contracts";
        /// Spot purchase, for an individual child, outside the arrangement.
        SpotPurchase => "spot_purchase", "Spot-purchase placements for individual children";
        /// Passing the power on to an officer by a recorded instrument.
        SubDelegate => "sub_delegate", "Sub-delegate to officers";
    }
}

coded! {
    /// An answer that a decision may simply not give: then somebody has to ask (rule 2.4).
    Says {
        /// The decision says yes.
        Yes => "yes", "Yes";
        /// The decision says no.
        No => "no", "No";
        /// The decision does not say.
        Unknown => "unknown", "The decision does not say: ask";
    }
}

coded! {
    /// Why a decision takes effect at once, with no window for call-in (rule 2.1).
    WithoutCallIn {
        /// The decision is not subject to call-in.
        Exempt => "exempt", "Not subject to call-in";
        /// Urgent, with the agreement that the constitution asks for.
        Urgent => "urgent", "Urgent: call-in does not apply";
    }
}

coded! {
    /// How a key decision stands to the 28 days' notice.
    NoticeKind {
        /// 28 clear days' notice was published.
        TwentyEightDays => "twenty_eight_days", "28 clear days' notice";
        /// General exception: five clear working days, the scrutiny chair told (regulation 10).
        GeneralException => "general_exception", "General exception (regulation 10)";
        /// Special urgency: the scrutiny chair agreed (regulation 11).
        SpecialUrgency => "special_urgency", "Special urgency (regulation 11)";
    }
}

/// A post as a limb names it, in the decision's words. Which post of the authority's structure it means is recorded
/// apart, by democratic services (room `delegation`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPost {
    /// The words of the decision, such as "Director for Children's and Families".
    pub words: String,
    /// Only those whose remit covers the case: "relevant Assistant Directors" (rule 1.1).
    pub relevant: bool,
}

/// What one limb does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum LimbEffect {
    /// Adopts the regional arrangement for this authority.
    Adopts,
    /// Sets the ceiling of money committed through the arrangement in one year.
    Ceiling {
        /// The annual value.
        annual: Pence,
    },
    /// Gives the holders of posts these powers.
    Authorises {
        /// What they may do.
        powers: Vec<LimbPower>,
        /// The posts, in the decision's words.
        posts: Vec<NamedPost>,
    },
    /// Uses the option to extend, so that the powers go on after the initial term.
    UsesExtension {
        /// The last day of the extended term for this authority.
        until: Date,
    },
}

impl LimbEffect {
    /// What the limb allows, as a sentence for a reader.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Adopts => "Adopts the Flexible Contracting Arrangement for this authority.".to_owned(),
            Self::Ceiling { annual } => {
                format!("Holds what is committed through the arrangement to {annual} a year.")
            }
            Self::Authorises { powers, posts } => {
                let who: Vec<String> = posts
                    .iter()
                    .map(|post| if post.relevant { format!("relevant {}", post.words) } else { post.words.clone() })
                    .collect();
                let what: Vec<String> = powers.iter().map(|power| lower_first(power.label())).collect();
                let who = if who.is_empty() { "No post is named yet: nobody".to_owned() } else { who.join(" and ") };
                format!("{who} may {}.", what.join(", "))
            }
            Self::UsesExtension { until } => {
                format!("Uses the option to extend, until {}.", long_date(*until))
            }
        }
    }
}

/// One lettered part of a decision, and what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limb {
    /// Its label as the page prints it: `a` for "(a)", `1.1`, `iv`.
    pub letter: LimbLabel,
    /// Its text as published.
    pub text: String,
    /// What it allows; empty where it only records something.
    pub effects: Vec<LimbEffect>,
}

impl Limb {
    /// The posts that it gives any of these powers to, in the decision's words.
    pub fn posts_with(&self, wanted: &[LimbPower]) -> impl Iterator<Item = &NamedPost> {
        self.effects.iter().flat_map(move |effect| match effect {
            LimbEffect::Authorises { powers, posts } if powers.iter().any(|power| wanted.contains(power)) => {
                posts.as_slice()
            }
            LimbEffect::Authorises { .. }
            | LimbEffect::Adopts
            | LimbEffect::Ceiling { .. }
            | LimbEffect::UsesExtension { .. } => &[],
        })
    }

    /// Whether it gives anybody any of these powers.
    #[must_use]
    pub fn gives(&self, wanted: &[LimbPower]) -> bool {
        self.posts_with(wanted).next().is_some()
    }

    /// The annual value that it sets.
    #[must_use]
    pub fn ceiling(&self) -> Option<Pence> {
        self.effects.iter().find_map(|effect| match effect {
            LimbEffect::Ceiling { annual } => Some(*annual),
            LimbEffect::Adopts | LimbEffect::Authorises { .. } | LimbEffect::UsesExtension { .. } => None,
        })
    }
}

/// One rejected alternative, by its number on the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// Its number on the page.
    pub number: u32,
    /// Its text as published.
    pub text: String,
}

/// The term that the decision speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedTerm {
    /// The first day.
    pub start: Date,
    /// The last day.
    pub end: Date,
    /// Months by which it may be extended, in one step or several; none where the page does not say.
    pub option_months: Option<u16>,
}

/// Whether powers go on in the extended term: the option alone gives no power to use it (rule 2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InExtension {
    /// The ceiling goes on.
    pub ceiling: Says,
    /// The powers of the limbs go on.
    pub limbs: Says,
    /// They hold for block contracts that outlive the term.
    pub blocks: Says,
}

impl Default for InExtension {
    fn default() -> Self {
        Self { ceiling: Says::Unknown, limbs: Says::Unknown, blocks: Says::Unknown }
    }
}

/// A document that accompanies the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accompanying {
    /// Its title.
    pub title: String,
    /// Where it is published, where that is known.
    pub address: Option<String>,
}

/// What the published page says. `None` and an empty list mean that the page lacks the field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DecisionPage {
    /// The title.
    pub title: String,
    /// Who decided, as the page names them.
    pub decision_maker: Option<String>,
    /// What kind of body that is.
    pub governing_body: Option<GoverningBody>,
    /// The status in the page's words, such as "Recommendations Approved".
    pub status: Option<String>,
    /// Whether it is a key decision.
    pub key_decision: Option<bool>,
    /// Whether it is subject to call-in.
    pub subject_to_call_in: Option<bool>,
    /// The purpose.
    pub purpose: Option<String>,
    /// The decision itself, limb by limb.
    pub limbs: Vec<Limb>,
    /// The alternatives considered and rejected.
    pub alternatives: Vec<Alternative>,
    /// The page's words where it says that none were considered, which answers the question.
    #[serde(default)]
    pub no_alternatives: Option<String>,
    /// The reasons for the decision.
    pub reasons: Option<String>,
    /// Conflicts of interest declared, or that there were none.
    pub conflicts_of_interest: Option<String>,
    /// Dispensations granted, or that there were none.
    pub dispensations: Option<String>,
    /// The urgency procedure used, or that none was.
    pub urgency: Option<String>,
    /// Why it is key.
    pub reason_key: Option<String>,
    /// Wards affected.
    pub wards: Option<String>,
    /// Whom to ask: a post, never an officer's name below director (rule 9.2).
    pub contact: Option<String>,
    /// The date that the page prints as publication.
    pub published_on: Option<Date>,
    /// The date that the page prints as decision.
    pub decided_on: Option<Date>,
    /// The date that the page prints as effective: it wins over the computed one (rule 2.1).
    pub effective_from: Option<Date>,
    /// The term.
    pub term: Option<DecidedTerm>,
    /// What holds in the extended term.
    #[serde(default)]
    pub in_extension: InExtension,
    /// Accompanying documents.
    pub documents: Vec<Accompanying>,
    /// Where the authority publishes it.
    pub source_url: Option<String>,
}

/// What is asked for because the law or a later step needs it and a published page may lack it (rule 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedFor {
    /// The field's name.
    pub field: &'static str,
    /// Its words on a page.
    pub label: &'static str,
    /// Why it is asked for, with its source.
    pub why: &'static str,
    /// Whether a written record must say it (Executive Arrangements Regulations 2012, regulations 12 and 13).
    pub by_law: bool,
}

const LAW: &[AskedFor] = &[
    AskedFor {
        field: "decided_on",
        label: "Date of decision",
        why: "The written record gives the date on which the decision was made (2012 Regulations, regulations 12 and 13)",
        by_law: true,
    },
    AskedFor {
        field: "reasons",
        label: "Reasons for the decision",
        why: "The written record gives the reasons (2012 Regulations, regulations 12 and 13)",
        by_law: true,
    },
    AskedFor {
        field: "alternatives",
        label: "Alternative options considered",
        why: "The written record gives the alternatives considered and rejected (2012 Regulations, regulations 12 and 13)",
        by_law: true,
    },
    AskedFor {
        field: "conflicts_of_interest",
        label: "Conflicts of interest",
        why: "The written record gives every conflict of interest declared (2012 Regulations, regulations 12 and 13)",
        by_law: true,
    },
    AskedFor {
        field: "dispensations",
        label: "Dispensations",
        why: "The written record notes any dispensation granted (2012 Regulations, regulations 12 and 13)",
        by_law: true,
    },
    AskedFor {
        field: "urgency",
        label: "Urgency",
        why: "Whether the notice was cut short, or call-in does not apply (2012 Regulations, regulations 10 and 11)",
        by_law: false,
    },
    AskedFor {
        field: "governing_body",
        label: "Governing body",
        why: "It settles whether there is a forward plan and a call-in",
        by_law: false,
    },
    AskedFor {
        field: "reference",
        label: "Reference",
        why: "Every power cites its decision by reference",
        by_law: false,
    },
    AskedFor {
        field: "annual_value_pence",
        label: "Annual value",
        why: "It is the ceiling of what is committed in a year; without it nothing is awarded under this decision",
        by_law: false,
    },
    AskedFor { field: "term", label: "Term", why: "Powers hold to the last day of the term", by_law: false },
    AskedFor {
        field: "term.option_months",
        label: "Option to extend",
        why: "It settles how long the arrangement can go on; no option is recorded as 0 months",
        by_law: false,
    },
    AskedFor {
        field: "source_url",
        label: "Address of the authority's own page",
        why: "A reader can compare the record with its source",
        by_law: false,
    },
];

impl DecisionPage {
    /// What the page lacks of what is asked for, with the reason for asking (rule 2.3).
    #[must_use]
    pub fn asked_for(&self, reference: Option<&str>) -> Vec<AskedFor> {
        let missing = self.missing(reference);
        LAW.iter().filter(|asked| missing.contains(&asked.field)).copied().collect()
    }

    /// What the law requires of a record and this page lacks (rule 2.3), by the field's name, in the page's order.
    /// The reference is the record's own and is named here where the caller has none.
    #[must_use]
    pub fn missing(&self, reference: Option<&str>) -> Vec<&'static str> {
        let blank = |text: Option<&String>| text.is_none_or(|text| text.trim().is_empty());
        [
            ("title", self.title.trim().is_empty()),
            ("reference", reference.is_none_or(|text| text.trim().is_empty())),
            ("decision_maker", blank(self.decision_maker.as_ref())),
            ("governing_body", self.governing_body.is_none()),
            ("status", blank(self.status.as_ref())),
            ("key_decision", self.key_decision.is_none()),
            ("subject_to_call_in", self.subject_to_call_in.is_none()),
            ("purpose", blank(self.purpose.as_ref())),
            ("limbs", self.limbs.is_empty()),
            ("alternatives", self.alternatives.is_empty() && blank(self.no_alternatives.as_ref())),
            ("reasons", blank(self.reasons.as_ref())),
            ("conflicts_of_interest", blank(self.conflicts_of_interest.as_ref())),
            ("dispensations", blank(self.dispensations.as_ref())),
            ("urgency", blank(self.urgency.as_ref())),
            ("reason_key", self.key_decision == Some(true) && blank(self.reason_key.as_ref())),
            ("wards", blank(self.wards.as_ref())),
            ("contact", blank(self.contact.as_ref())),
            ("published_on", self.published_on.is_none()),
            ("decided_on", self.decided_on.is_none()),
            ("effective_from", self.effective_from.is_none()),
            ("annual_value_pence", self.annual_value().is_none()),
            ("term", self.term.is_none()),
            ("term.option_months", self.term.is_some_and(|term| term.option_months.is_none())),
            ("source_url", blank(self.source_url.as_ref())),
        ]
        .into_iter()
        .filter_map(|(field, lacks)| lacks.then_some(field))
        .collect()
    }

    /// The annual value that any limb sets.
    #[must_use]
    pub fn annual_value(&self) -> Option<Pence> {
        self.limbs.iter().find_map(Limb::ceiling)
    }

    /// Whether a limb adopts the arrangement.
    #[must_use]
    pub fn adopts(&self) -> bool {
        self.limbs.iter().any(|limb| limb.effects.contains(&LimbEffect::Adopts))
    }

    /// The last day of the extended term, where a limb uses the option.
    #[must_use]
    pub fn extension_until(&self) -> Option<Date> {
        self.limbs.iter().flat_map(|limb| limb.effects.iter()).find_map(|effect| match effect {
            LimbEffect::UsesExtension { until } => Some(*until),
            LimbEffect::Adopts | LimbEffect::Ceiling { .. } | LimbEffect::Authorises { .. } => None,
        })
    }

    /// The limb with this label.
    #[must_use]
    pub fn limb(&self, letter: impl Into<LimbLabel>) -> Option<&Limb> {
        let letter = letter.into();
        self.limbs.iter().find(|limb| limb.letter == letter)
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
