//! Powers and their holders as they are sent to their own authority.

use jiff::civil::{Date, DateTime};
use placewell_app::power::delegation::Delegations;
use placewell_domain::id::PostId;
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::outcome::Refusal;
use placewell_domain::power::delegation::{Act, HoldingKind, Power, StatutoryBasis};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::code;

/// Everything about an authority's powers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delegations)]
pub(super) struct DelegationsShown {
    /// The limbs of decisions in force.
    limbs: Vec<LimbLine>,
    /// The posts with who is in them.
    posts: Vec<PostLine>,
    /// Powers passed on.
    sub_delegations: Vec<Instrument>,
    /// Urgency powers.
    urgency_powers: Vec<Instrument>,
    /// Statutory appointments.
    statutory: Vec<Instrument>,
    /// Who is on call, now or later.
    on_call: Vec<DutyLine>,
    /// People who can be chosen.
    people: Vec<PersonLine>,
}

/// A limb of a decision in force.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LimbInForce)]
struct LimbLine {
    /// The decision's id and the letter: what a link or a sub-delegation names as `letter`.
    limb: String,
    /// The decision's reference.
    reference: String,
    /// What it allows, a sentence for each effect.
    allows: Vec<String>,
    /// The titles of the posts linked to it.
    posts: Vec<String>,
    /// The posts in the decision's words.
    named: Vec<String>,
}

/// A post.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Post)]
struct PostLine {
    /// Its id.
    id: String,
    /// Its title.
    title: String,
    /// Its grade.
    grade: code::PostGrade,
    /// Its remit in words.
    remit: String,
    /// Who is, was and will be in it.
    holders: Vec<HolderLine>,
}

/// Somebody in a post.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Holder)]
struct HolderLine {
    /// The id by which it is ended, with the kind `holding`.
    id: String,
    /// Their name.
    name: String,
    /// `holder`, `acting` or `cover`.
    kind: String,
    /// The instrument of somebody acting.
    instrument: Option<String>,
    /// The first day.
    from: Date,
    /// The last day; null where it is open.
    last: Option<Date>,
    /// Whether it holds today.
    now: bool,
}

/// Somebody who has something by an instrument.
#[derive(Debug, Serialize, ToSchema)]
struct Instrument {
    /// The kind by which it is ended, such as `urgency_power`.
    kind: &'static str,
    /// The id by which it is ended.
    id: String,
    /// Who.
    who: String,
    /// What.
    what: String,
    /// By which instrument or clause.
    by: String,
    /// The first day.
    from: Date,
    /// The last day; null where it is open.
    last: Option<Date>,
}

/// A duty on the rota.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Duty)]
struct DutyLine {
    /// The id by which it is ended, with the kind `on_call`.
    id: String,
    /// Who.
    who: String,
    /// When it begins.
    #[schema(value_type = String)]
    from: DateTime,
    /// When it ends.
    #[schema(value_type = String)]
    to: DateTime,
}

/// Somebody who works for the authority.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
struct PersonLine {
    /// Their id.
    id: String,
    /// Their name.
    name: String,
    /// Their title.
    title: String,
}

/// The last day of a range that ends before this one.
fn last(to: Date) -> Option<Date> {
    (to != OPEN_END).then(|| plus_days(to, -1))
}

impl DelegationsShown {
    pub(super) fn of(found: Delegations) -> Self {
        let title = |post: PostId| {
            let known = found.posts.iter().find(|known| known.post.id == post);
            known.map(|known| known.post.title.clone()).unwrap_or_default()
        };
        let sub_delegations = found.passed_on.iter().map(|(held, name)| {
            let passed = &held.fact;
            let acts: Vec<&str> = passed.acts.iter().map(|act| act.label()).collect();
            let clause = passed.permitted_by.as_deref().unwrap_or("not permitted by the parent scheme: gives no power");
            Instrument {
                kind: "sub_delegation",
                id: held.id.to_string(),
                who: format!("{name}, {}", passed.title),
                what: acts.join("; "),
                by: format!("{}; {clause}; from {}", passed.instrument, title(passed.by_post)),
                from: passed.from,
                last: last(passed.to),
            }
        });
        let urgency_powers =
            found.urgency.iter().map(|recorded| (recorded.id, &recorded.fact)).map(|(id, power)| Instrument {
                kind: "urgency_power",
                id: id.to_string(),
                who: power.posts.iter().map(|post| title(*post)).collect::<Vec<_>>().join("; "),
                what: "Awards in urgency".to_owned(),
                by: power.clause.clone(),
                from: power.from,
                last: last(power.to),
            });
        let statutory = found.statutory.iter().map(|(recorded, name)| (recorded.id, &recorded.fact, name)).map(
            |(id, held, name)| Instrument {
                kind: "statutory",
                id: id.to_string(),
                who: name.clone(),
                what: held.office.label().to_owned(),
                by: match &held.basis {
                    StatutoryBasis::Appointed => "Appointed".to_owned(),
                    StatutoryBasis::Interim { instrument } => format!("Interim: {instrument}"),
                },
                from: held.from,
                last: last(held.to),
            },
        );
        Self {
            sub_delegations: sub_delegations.collect(),
            urgency_powers: urgency_powers.collect(),
            statutory: statutory.collect(),
            on_call: found
                .on_call
                .iter()
                .map(|(duty, name)| DutyLine {
                    id: duty.id.to_string(),
                    who: name.clone(),
                    from: duty.fact.from,
                    to: duty.fact.to,
                })
                .collect(),
            limbs: limbs(&found),
            people: found
                .members
                .iter()
                .map(|one| PersonLine { id: one.id.to_string(), name: one.name.clone(), title: one.title.clone() })
                .collect(),
            posts: posts(found),
        }
    }
}

fn limbs(found: &Delegations) -> Vec<LimbLine> {
    let lines = found.limbs.iter().map(|limb| LimbLine {
        limb: format!("{}/{}", limb.decision, limb.letter),
        reference: limb.reference.clone(),
        allows: limb.allows.clone(),
        posts: limb.posts.iter().map(|(post, _)| post.title.clone()).collect(),
        named: limb.named.clone(),
    });
    lines.collect()
}

fn posts(found: Delegations) -> Vec<PostLine> {
    let holder = |held: placewell_app::power::delegation::Holder| {
        let (kind, instrument) = match held.kind {
            HoldingKind::Holder => ("holder", None),
            HoldingKind::Acting { instrument } => ("acting", Some(instrument)),
            HoldingKind::Cover => ("cover", None),
        };
        HolderLine {
            id: held.id.to_string(),
            name: held.name,
            kind: kind.to_owned(),
            instrument,
            from: held.from,
            last: last(held.to),
            now: held.now,
        }
    };
    let lines = found.posts.into_iter().map(|known| PostLine {
        id: known.post.id.to_string(),
        title: known.post.title,
        grade: known.post.grade.into(),
        remit: known.post.remit.words(),
        holders: known.holders.into_iter().map(holder).collect(),
    });
    lines.collect()
}

/// One act, and by which power it could be done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyPower)]
pub(super) struct PowerLine {
    /// The act.
    act: code::Act,
    /// Whether you could do it today.
    held: bool,
    /// The chain of the power, or why there is none.
    sentence: String,
    /// The rule that says no.
    rule: Option<String>,
    /// Who can change it.
    who_can_change: Option<String>,
}

impl PowerLine {
    pub(super) fn of(act: Act, power: Result<Power, Refusal>) -> Self {
        let act = act.into();
        match power {
            Ok(power) => Self { act, held: true, sentence: power.sentence(), rule: None, who_can_change: None },
            Err(no) => Self {
                act,
                held: false,
                sentence: no.sentence,
                rule: Some(no.rule),
                who_can_change: Some(no.who_can_change),
            },
        }
    }
}
