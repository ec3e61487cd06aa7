//! What a decision's page says, as it is sent and received: the same fields both ways.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::power::decision::{
    Accompanying, Alternative, DecidedTerm, DecisionPage, InExtension, Limb, LimbEffect, LimbLabel, NamedPost,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::code;

/// A post as a limb names it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DecisionPost)]
pub(super) struct PostBody {
    /// The decision's words.
    #[schema(example = "Assistant Directors for Children's and Families")]
    words: String,
    /// Only those whose remit covers the case.
    #[serde(default)]
    relevant: bool,
}

/// What one limb does.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "effect", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = LimbEffect)]
pub(super) enum EffectBody {
    /// Adopts the regional arrangement for this authority.
    Adopts {},
    /// Sets the annual value.
    Ceiling {
        /// The money that may be committed in one year.
        #[schema(minimum = 0, example = 550_000_000)]
        annual_pence: i64,
    },
    /// Gives the holders of posts these powers.
    Authorises {
        /// What they may do.
        powers: Vec<code::LimbPower>,
        /// The posts, in the decision's words.
        posts: Vec<PostBody>,
    },
    /// Uses the option to extend.
    UsesExtension {
        /// The last day of the extended term.
        until: Date,
    },
}

/// One part of the decision.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Limb)]
pub(super) struct LimbBody {
    /// Its label as the page prints it: a letter, a number, a decimal or a Roman numeral.
    #[schema(value_type = String, min_length = 1, max_length = 12, example = "a")]
    letter: LimbLabel,
    /// Its text as published.
    text: String,
    /// What it does; empty where it only records something.
    #[serde(default)]
    effects: Vec<EffectBody>,
}

/// One rejected alternative.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RejectedAlternative)]
pub(super) struct AlternativeBody {
    /// Its number on the page.
    number: u32,
    /// Its text.
    text: String,
}

/// The term that the decision speaks of.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DecidedTerm)]
pub(super) struct TermBody {
    /// The first day.
    #[schema(example = "2018-12-15")]
    start: Date,
    /// The last day.
    #[schema(example = "2021-12-14")]
    end: Date,
    /// Months by which it may be extended, 0 for no option; null where the page does not say.
    #[schema(example = 36)]
    option_months: Option<u16>,
}

/// Whether powers go on in the extended term.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InExtension)]
pub(super) struct InExtensionBody {
    /// The ceiling goes on.
    ceiling: code::Says,
    /// The powers of the limbs go on.
    limbs: code::Says,
    /// They hold for block contracts that outlive the term.
    blocks: code::Says,
}

/// A document that accompanies the decision.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Accompanying)]
pub(super) struct DocumentBody {
    /// Its title.
    title: String,
    /// Where it is published.
    address: Option<String>,
}

/// What the published page says. Null or an empty list means that the page lacks the field.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DecisionPage)]
pub(super) struct PageBody {
    /// The title.
    #[schema(example = "Regional arrangement for children's residential placements")]
    title: String,
    /// Who decided.
    decision_maker: Option<String>,
    /// What kind of body that is.
    governing_body: Option<code::GoverningBody>,
    /// The status in the page's words.
    status: Option<String>,
    /// Whether it is a key decision.
    key_decision: Option<bool>,
    /// Whether it is subject to call-in.
    subject_to_call_in: Option<bool>,
    /// The purpose.
    purpose: Option<String>,
    /// The decision itself, limb by limb.
    limbs: Vec<LimbBody>,
    /// The alternatives considered and rejected.
    #[serde(default)]
    alternatives: Vec<AlternativeBody>,
    /// The page's words where it says that none were considered.
    #[serde(default)]
    no_alternatives: Option<String>,
    /// The reasons.
    reasons: Option<String>,
    /// Conflicts of interest declared, or that there were none.
    conflicts_of_interest: Option<String>,
    /// Dispensations granted, or that there were none.
    dispensations: Option<String>,
    /// The urgency procedure used, or that none was.
    urgency: Option<String>,
    /// Why it is key.
    reason_key: Option<String>,
    /// Wards affected.
    wards: Option<String>,
    /// Whom to ask: a post, never an officer's name below director.
    contact: Option<String>,
    /// The date that the page prints as publication.
    published_on: Option<Date>,
    /// The date that the page prints as decision.
    decided_on: Option<Date>,
    /// The date that the page prints as effective.
    effective_from: Option<Date>,
    /// The term.
    term: Option<TermBody>,
    /// What holds in the extended term; unknown where it is left out.
    #[serde(default)]
    in_extension: Option<InExtensionBody>,
    /// Accompanying documents.
    #[serde(default)]
    documents: Vec<DocumentBody>,
    /// Where the authority publishes it.
    source_url: Option<String>,
}

impl From<&DecisionPage> for PageBody {
    fn from(page: &DecisionPage) -> Self {
        let page = page.clone();
        Self {
            title: page.title,
            decision_maker: page.decision_maker,
            governing_body: page.governing_body.map(Into::into),
            status: page.status,
            key_decision: page.key_decision,
            subject_to_call_in: page.subject_to_call_in,
            purpose: page.purpose,
            limbs: page.limbs.into_iter().map(limb_shown).collect(),
            alternatives: page
                .alternatives
                .into_iter()
                .map(|option| AlternativeBody { number: option.number, text: option.text })
                .collect(),
            no_alternatives: page.no_alternatives,
            reasons: page.reasons,
            conflicts_of_interest: page.conflicts_of_interest,
            dispensations: page.dispensations,
            urgency: page.urgency,
            reason_key: page.reason_key,
            wards: page.wards,
            contact: page.contact,
            published_on: page.published_on,
            decided_on: page.decided_on,
            effective_from: page.effective_from,
            term: page.term.map(|term| TermBody {
                start: term.start,
                end: term.end,
                option_months: term.option_months,
            }),
            in_extension: Some(InExtensionBody {
                ceiling: page.in_extension.ceiling.into(),
                limbs: page.in_extension.limbs.into(),
                blocks: page.in_extension.blocks.into(),
            }),
            documents: page
                .documents
                .into_iter()
                .map(|document| DocumentBody { title: document.title, address: document.address })
                .collect(),
            source_url: page.source_url,
        }
    }
}

fn limb_shown(limb: Limb) -> LimbBody {
    let effects = limb.effects.into_iter().map(|effect| match effect {
        LimbEffect::Adopts => EffectBody::Adopts {},
        LimbEffect::Ceiling { annual } => EffectBody::Ceiling { annual_pence: annual.0 },
        LimbEffect::Authorises { powers, posts } => EffectBody::Authorises {
            powers: powers.into_iter().map(Into::into).collect(),
            posts: posts.into_iter().map(|post| PostBody { words: post.words, relevant: post.relevant }).collect(),
        },
        LimbEffect::UsesExtension { until } => EffectBody::UsesExtension { until },
    });
    LimbBody { letter: limb.letter, text: limb.text, effects: effects.collect() }
}

fn limb_received(limb: LimbBody) -> Limb {
    let effects = limb.effects.into_iter().map(|effect| match effect {
        EffectBody::Adopts {} => LimbEffect::Adopts,
        EffectBody::Ceiling { annual_pence } => LimbEffect::Ceiling { annual: Pence(annual_pence) },
        EffectBody::Authorises { powers, posts } => LimbEffect::Authorises {
            powers: powers.into_iter().map(|code| code.0).collect(),
            posts: posts.into_iter().map(|post| NamedPost { words: post.words, relevant: post.relevant }).collect(),
        },
        EffectBody::UsesExtension { until } => LimbEffect::UsesExtension { until },
    });
    Limb { letter: limb.letter, text: limb.text, effects: effects.collect() }
}

impl From<PageBody> for DecisionPage {
    fn from(page: PageBody) -> Self {
        let in_extension = page.in_extension.map_or_else(InExtension::default, |says| InExtension {
            ceiling: says.ceiling.0,
            limbs: says.limbs.0,
            blocks: says.blocks.0,
        });
        Self {
            title: page.title,
            decision_maker: page.decision_maker,
            governing_body: page.governing_body.map(|code| code.0),
            status: page.status,
            key_decision: page.key_decision,
            subject_to_call_in: page.subject_to_call_in,
            purpose: page.purpose,
            limbs: page.limbs.into_iter().map(limb_received).collect(),
            alternatives: page
                .alternatives
                .into_iter()
                .map(|option| Alternative { number: option.number, text: option.text })
                .collect(),
            no_alternatives: page.no_alternatives,
            reasons: page.reasons,
            conflicts_of_interest: page.conflicts_of_interest,
            dispensations: page.dispensations,
            urgency: page.urgency,
            reason_key: page.reason_key,
            wards: page.wards,
            contact: page.contact,
            published_on: page.published_on,
            decided_on: page.decided_on,
            effective_from: page.effective_from,
            term: page.term.map(|term| DecidedTerm {
                start: term.start,
                end: term.end,
                option_months: term.option_months,
            }),
            in_extension,
            documents: page
                .documents
                .into_iter()
                .map(|document| Accompanying { title: document.title, address: document.address })
                .collect(),
            source_url: page.source_url,
        }
    }
}
