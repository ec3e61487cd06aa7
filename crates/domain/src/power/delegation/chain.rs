//! The chain from a person to a limb of a decision in force, or a refusal that names the missing link (rule 1.1).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Act;
use super::holding::{Holding, HoldingKind, LimbPost, Post, RemitArea, SubDelegation, Through, holds};
use crate::calendar::long_date;
use crate::clock::Moment;
use crate::id::{DecisionId, PersonId, PostId};
use crate::outcome::Refusal;
use crate::power::decision::{Decision, Limb, LimbLabel, Standing, in_force_among};

/// What an authority has recorded about its powers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scheme {
    /// Its decisions.
    pub decisions: Vec<Decision>,
    /// Which posts its limbs mean.
    pub limb_posts: Vec<LimbPost>,
    /// Its posts.
    pub posts: Vec<Post>,
    /// Who is in them.
    pub holdings: Vec<Holding>,
    /// What has been passed on.
    pub sub_delegations: Vec<SubDelegation>,
}

/// What somebody wants to do, and about what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PowerQuestion {
    /// The act.
    pub act: Act,
    /// Whether it is about a spot purchase.
    pub about_spot: bool,
    /// The part of the service that the case belongs to.
    pub case: RemitArea,
    /// Who wants to do it.
    pub person: PersonId,
    /// Who asked for it; they cannot approve.
    pub asked_by: Option<PersonId>,
}

/// The power that an act relies on: every link, as it is recorded with the act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Power {
    /// The act.
    pub act: Act,
    /// The decision.
    pub decision: DecisionId,
    /// Its reference.
    pub reference: String,
    /// The limb's label as its page prints it.
    pub letter: LimbLabel,
    /// From when the decision holds.
    pub effective_from: Date,
    /// The post.
    pub post: PostId,
    /// Its title.
    pub title: String,
    /// The person.
    pub person: PersonId,
    /// By which link.
    pub through: Through,
}

impl Power {
    /// The chain as a sentence, by post title and never by name.
    #[must_use]
    pub fn sentence(&self) -> String {
        let through = match &self.through {
            Through::Holder => self.title.clone(),
            Through::Acting { instrument, .. } => format!("acting {} ({instrument})", self.title),
            Through::SubDelegated { instrument, clause, from, .. } => {
                let since = from.map_or_else(String::new, |from| format!(" from {}", long_date(from)));
                format!("officer under a sub-delegation of the {}{since} ({instrument}; {clause})", self.title)
            }
        };
        format!(
            "Limb ({}) of decision {}, in force since {}, used by the {through}.",
            self.letter,
            self.reference,
            long_date(self.effective_from)
        )
    }
}

const WHO: &str = "Democratic services record who holds a power; the decision maker gives it";

/// The power by which a person may act today, or a refusal that names the missing link: the requester, a decision in
/// force, a limb, a post, a remit.
pub fn find_power(question: &PowerQuestion, scheme: &Scheme, moment: Moment) -> Result<Power, Refusal> {
    let day = moment.today();
    if question.asked_by == Some(question.person) {
        return Err(Refusal::new(
            "requester_cannot_approve",
            "The person who asks cannot approve",
            "You asked for this, so you cannot approve it.",
            "Another holder of a post that the limb names",
        ));
    }
    let wanted = question.act.needs(question.about_spot);
    let mut in_force = in_force_among(&scheme.decisions, day).peekable();
    if in_force.peek().is_none() {
        return Err(none_in_force(&scheme.decisions, day));
    }
    let limbs: Vec<(&Decision, &Limb)> = in_force
        .flat_map(|decision| decision.page.limbs.iter().map(move |limb| (decision, limb)))
        .filter(|(_, limb)| limb.gives(wanted))
        .collect();
    if limbs.is_empty() {
        return Err(Refusal::new(
            "no_limb",
            "A power comes from one limb of a decision in force",
            format!("No decision in force gives anybody the power to {}.", act_words(question.act)),
            "The decision maker, by a further decision",
        )
        .found(scheme.decisions.iter().map(|decision| decision.reference.as_str()).collect::<Vec<_>>().join(", ")));
    }
    let mut outside_remit = None;
    for (decision, limb) in &limbs {
        match through_limb(question, scheme, decision, limb, day) {
            Ok(power) => return Ok(power),
            Err(Some(post)) => outside_remit = Some(post),
            Err(None) => {}
        }
    }
    Err(outside_remit.map_or_else(|| not_in_a_post(question, scheme, &limbs, day), |post| not_relevant(question, post)))
}

/// The power through one limb; else the post that the person is in and whose remit does not cover the case.
fn through_limb<'s>(
    question: &PowerQuestion,
    scheme: &'s Scheme,
    decision: &Decision,
    limb: &Limb,
    day: Date,
) -> Result<Power, Option<&'s Post>> {
    let mut outside_remit = None;
    let named = scheme.limb_posts.iter().filter(|link| link.decision == decision.id && link.letter == limb.letter);
    for link in named {
        let Some(post) = scheme.posts.iter().find(|post| post.id == link.post && holds(post.from, post.to, day)) else {
            continue;
        };
        let Some(through) = through_post(question, scheme, link, day) else { continue };
        if link.relevant && !post.remit.covers(question.case) {
            outside_remit = Some(post);
            continue;
        }
        return Ok(Power {
            act: question.act,
            decision: decision.id,
            reference: decision.reference.clone(),
            letter: limb.letter,
            effective_from: decision.effective_on().unwrap_or(day),
            post: post.id,
            title: post.title.clone(),
            person: question.person,
            through,
        });
    }
    Err(outside_remit)
}

fn through_post(question: &PowerQuestion, scheme: &Scheme, link: &LimbPost, day: Date) -> Option<Through> {
    let held = scheme
        .holdings
        .iter()
        .filter(|held| held.post == link.post && held.person == question.person && holds(held.from, held.to, day))
        .find_map(|held| match &held.kind {
            HoldingKind::Holder => Some(Through::Holder),
            HoldingKind::Acting { instrument } => {
                Some(Through::Acting { instrument: instrument.clone(), from: held.from, to: held.to })
            }
            HoldingKind::Cover => None,
        });
    held.or_else(|| {
        scheme
            .sub_delegations
            .iter()
            .find(|passed| {
                passed.decision == link.decision
                    && passed.letter == link.letter
                    && passed.by_post == link.post
                    && passed.person == question.person
                    && passed.acts.contains(&question.act)
                    && holds(passed.from, passed.to, day)
            })
            .and_then(|passed| {
                let clause = passed.permitted_by.clone().filter(|clause| !clause.trim().is_empty())?;
                let (from, to) = (Some(passed.from), Some(passed.to));
                Some(Through::SubDelegated { instrument: passed.instrument.clone(), clause, from, to })
            })
    })
}

/// The refusal that names a decision which is taken and has no effect yet, in its call-in window or called in; none
/// where a decision is in force or nothing waits (rule 2.1).
#[must_use]
pub fn awaited(decisions: &[Decision], day: Date) -> Option<Refusal> {
    let waits =
        |decision: &Decision| matches!(decision.standing(day), Standing::InCallInWindow { .. } | Standing::CalledIn);
    let awaited = in_force_among(decisions, day).next().is_none() && decisions.iter().any(waits);
    awaited.then(|| none_in_force(decisions, day))
}

/// Whether a refusal of [`find_power`] says that nobody holds a power: no decision is in force, or none gives it.
#[must_use]
pub fn nobody_holds(refusal: &Refusal) -> bool {
    let codes = ["no_decision", "decision_not_effective", "decision_called_in", "term_ended", "no_limb"];
    codes.contains(&refusal.code.as_str())
}

fn none_in_force(decisions: &[Decision], day: Date) -> Refusal {
    let nearest = decisions.iter().map(|decision| (decision, decision.standing(day))).min_by_key(|(_, at)| match at {
        Standing::InCallInWindow { .. } => 0,
        Standing::CalledIn => 1,
        Standing::OutsideTerm => 2,
        Standing::Rescinded => 3,
        Standing::NotPublished => 4,
        Standing::Superseded { .. } => 5,
        Standing::InForce { .. } => 6,
    });
    let refusal = |code: &str, sentence: String| {
        Refusal::new(code, "A power comes from one limb of a decision in force", sentence, "The decision maker")
    };
    match nearest {
        None => refusal("no_decision", "This authority has no decision that gives the power.".to_owned()),
        Some((decision, Standing::InCallInWindow { from, .. })) => refusal(
            "decision_not_effective",
            format!(
                "{} takes effect on {}. Until then work may be prepared, nothing approved.",
                decision.reference,
                long_date(from)
            ),
        )
        .found(long_date(from)),
        Some((decision, Standing::CalledIn)) => refusal(
            "decision_called_in",
            format!("{} is called in and has no effect until the decision maker confirms it.", decision.reference),
        )
        .found("called in"),
        Some((decision, Standing::OutsideTerm)) => refusal(
            "term_ended",
            format!(
                "The term of {} is over. An option to extend gives no power to use it; its decision does not say that \
                 the limbs go on.",
                decision.reference
            ),
        )
        .found(decision.ends_on().map_or_else(String::new, long_date)),
        Some((decision, other)) => {
            refusal("no_decision", format!("{} is not in force.", decision.reference)).found(other.label())
        }
    }
}

fn not_in_a_post(question: &PowerQuestion, scheme: &Scheme, limbs: &[(&Decision, &Limb)], day: Date) -> Refusal {
    let named: Vec<String> = limbs
        .iter()
        .map(|(decision, limb)| {
            let posts: Vec<&str> =
                limb.posts_with(question.act.needs(question.about_spot)).map(|post| post.words.as_str()).collect();
            format!("limb ({}) of {} names: {}", limb.letter, decision.reference, posts.join(", "))
        })
        .collect();
    let covers = scheme.holdings.iter().any(|held| {
        held.person == question.person && held.kind == HoldingKind::Cover && holds(held.from, held.to, day)
    });
    let not_permitted = scheme.sub_delegations.iter().any(|passed| {
        passed.person == question.person
            && passed.acts.contains(&question.act)
            && passed.permitted_by.as_deref().is_none_or(|clause| clause.trim().is_empty())
    });
    let (code, sentence) = if covers {
        ("cover_moves_tasks", "You cover for somebody on leave. Cover moves tasks, never power.")
    } else if not_permitted {
        ("sub_delegation_not_permitted", "The power was passed on to you, but the parent scheme does not permit that.")
    } else {
        (
            "not_a_named_post",
            "You hold no post that the limb names, are not formally acting in one, and have no recorded sub-delegation.",
        )
    };
    Refusal::new(code, "The holder of a post that the limb names, or somebody formally acting in it", sentence, WHO)
        .found(named.join("; "))
}

fn not_relevant(question: &PowerQuestion, post: &Post) -> Refusal {
    Refusal::new(
        "outside_remit",
        "A relevant Assistant Director is one whose stated remit covers the case",
        format!("The remit of the {} does not cover this case: {}.", post.title, question.case.label()),
        WHO,
    )
    .found(post.remit.words())
}

fn act_words(act: Act) -> String {
    let label = act.label();
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
