//! Delegations: the page of who holds which power, and the forms that record each link.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::power::delegation::{
    Delegations, EndPower, Holder, PostHolders, PowerFact, RecordPower, Recorded, remit_of,
};
use placewell_domain::id::{DecisionId, OrganisationId, PersonId, PostId};
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::LimbLabel;
use placewell_domain::power::delegation::{
    Act, Holding, HoldingKind, LimbPost, OnCall, Post, PostGrade, RemitArea, StatutoryAppointment, StatutoryBasis,
    StatutoryOffice, SubDelegation, UrgencyPower,
};
use placewell_pages::power::delegation::{
    Asked, DelegationView, EndView, HolderView, InstrumentView, LimbView, PostView, delegations_page, end_page,
    form_page,
};

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/democratic/delegations", get(show))
        .route("/democratic/delegations/{asked}", get(ask).post(record))
        .route("/democratic/delegations/{kind}/{id}/end", get(ask_end).post(end))
}

async fn view(signed: &Signed) -> Result<DelegationView, Failure> {
    let found = signed.app().delegations(&signed.actor).await.or_fail(signed)?;
    let mine = signed.app().my_powers(&signed.actor, RemitArea::ChildrenLookedAfter).await.or_fail(signed)?;
    let mine = mine
        .into_iter()
        .map(|(act, power)| {
            let words = power.map(|power| power.sentence()).map_err(|refusal| refusal.sentence);
            (act.label().to_owned(), words)
        })
        .collect();
    let records = may(signed.actor.role, Action::RecordDelegation);
    Ok(shown(found, mine, records, signed.now().today()))
}

fn shown(
    found: Delegations,
    mine: Vec<(String, Result<String, String>)>,
    records: bool,
    today: Date,
) -> DelegationView {
    DelegationView {
        urgency: urgency_views(&found),
        passed_on: passed_on_views(&found),
        statutory: statutory_views(&found),
        on_call: on_call_views(&found),
        mine,
        records,
        today,
        limbs: found
            .limbs
            .into_iter()
            .map(|limb| LimbView {
                decision: limb.decision.0,
                reference: limb.reference,
                letter: limb.letter,
                allows: limb.allows,
                posts: limb.posts.into_iter().map(|(post, relevant)| (post.title, relevant)).collect(),
                named: limb.named,
            })
            .collect(),
        posts: found.posts.into_iter().map(post_view).collect(),
        members: found
            .members
            .into_iter()
            .map(|member| (member.id.0, format!("{}, {}", member.name, member.title)))
            .collect(),
    }
}

/// A post's title, by its id.
fn title_of(found: &Delegations, post: PostId) -> String {
    let known = found.posts.iter().find(|known| known.post.id == post);
    known.map_or_else(|| "A post".to_owned(), |known| known.post.title.clone())
}

fn urgency_views(found: &Delegations) -> Vec<InstrumentView> {
    let view = |recorded: &Recorded<UrgencyPower>| {
        let power = &recorded.fact;
        InstrumentView {
            kind: "urgency_power",
            id: recorded.id,
            who: power.posts.iter().map(|post| title_of(found, *post)).collect::<Vec<_>>().join("; "),
            what: "Awards in urgency".into(),
            by: power.clause.clone(),
            from: power.from,
            to: power.to,
        }
    };
    found.urgency.iter().map(view).collect()
}

fn passed_on_views(found: &Delegations) -> Vec<InstrumentView> {
    found
        .passed_on
        .iter()
        .map(|(recorded, name)| {
            let passed = &recorded.fact;
            let clause = passed.permitted_by.as_deref().unwrap_or("not permitted by the parent scheme: gives no power");
            InstrumentView {
                kind: "sub_delegation",
                id: recorded.id,
                who: format!("{name}, {}", passed.title),
                what: passed.acts.iter().map(|act| act.label()).collect::<Vec<_>>().join("; "),
                by: format!("{}; {clause}; from the {}", passed.instrument, title_of(found, passed.by_post)),
                from: passed.from,
                to: passed.to,
            }
        })
        .collect()
}

fn statutory_views(found: &Delegations) -> Vec<InstrumentView> {
    found
        .statutory
        .iter()
        .map(|(recorded, name)| (recorded.id, &recorded.fact, name))
        .map(|(id, held, name)| InstrumentView {
            kind: "statutory",
            id,
            who: name.clone(),
            what: held.office.label().to_owned(),
            by: match &held.basis {
                StatutoryBasis::Appointed => "Appointed".to_owned(),
                StatutoryBasis::Interim { instrument } => format!("Interim: {instrument}"),
            },
            from: held.from,
            to: held.to,
        })
        .collect()
}

fn on_call_views(found: &Delegations) -> Vec<InstrumentView> {
    found
        .on_call
        .iter()
        .map(|(recorded, name)| (recorded.id, &recorded.fact, name))
        .map(|(id, duty, name)| InstrumentView {
            kind: "on_call",
            id,
            who: name.clone(),
            what: "On call".into(),
            by: format!("Rota: {} to {}", duty.from.strftime("%H:%M"), duty.to.strftime("%H:%M")),
            from: duty.from.date(),
            to: plus_days(duty.to.date(), 1),
        })
        .collect()
}

fn post_view(held: PostHolders) -> PostView {
    let holder_view = |holder: Holder| HolderView {
        id: holder.id,
        name: holder.name,
        kind: holder.kind.words(),
        from: holder.from,
        to: holder.to,
        now: holder.now,
    };
    PostView {
        id: held.post.id.0,
        title: held.post.title,
        grade: held.post.grade.label().to_owned(),
        remit: held.post.remit.words(),
        holders: held.holders.into_iter().map(holder_view).collect(),
    }
}

async fn show(signed: Signed) -> Answered {
    Ok(page(&delegations_page(signed.shell(), &view(&signed).await?)))
}

fn asked_by(signed: &Signed, slug: &str) -> Result<Asked, Failure> {
    if !may(signed.actor.role, Action::RecordDelegation) {
        return Err(signed.fail(Outcome::Forbidden(Action::RecordDelegation)));
    }
    Asked::ALL.iter().copied().find(|asked| asked.slug() == slug).ok_or_else(|| signed.fail(Outcome::NotFound))
}

async fn ask(signed: Signed, Path(slug): Path<String>) -> Answered {
    let asked = asked_by(&signed, &slug)?;
    let view = view(&signed).await?;
    Ok(page(&form_page(signed.shell(), asked, &view, &signed.new_key(), &[], &Invalid::default())))
}

async fn record(Path(slug): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let asked = asked_by(&signed, &slug)?;
    let invalid = match signed
        .attempt(
            &key,
            read(asked, &fields, signed.actor.organisation, signed.now().today())
                .map(|fact| RecordPower { replaces: None, fact }),
        )
        .await?
    {
        Ok(receipt) => return Ok(see(&receipt)),
        Err(invalid) => invalid,
    };
    let view = view(&signed).await?;
    let form = form_page(signed.shell(), asked, &view, &key, fields.pairs(), &invalid);
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
}

/// The record that an address names, as far as it can be ended.
async fn ending(signed: &Signed, kind: &str, id: i64) -> Result<EndView, Failure> {
    if !may(signed.actor.role, Action::RecordDelegation) {
        return Err(signed.fail(Outcome::Forbidden(Action::RecordDelegation)));
    }
    let view = view(signed).await?;
    let instruments = [&view.passed_on, &view.urgency, &view.statutory, &view.on_call];
    let instrument = instruments.into_iter().flatten().find(|known| known.kind == kind && known.id == id);
    if let Some(known) = instrument {
        let (who, what) = (known.who.clone(), known.what.clone());
        return Ok(EndView { kind: known.kind, id, who, what, from: known.from, to: known.to });
    }
    let held = view.posts.iter().flat_map(|post| post.holders.iter().map(move |holder| (post, holder)));
    held.filter(|(_, holder)| kind == "holding" && holder.id == id)
        .map(|(post, holder)| EndView {
            kind: "holding",
            id,
            who: holder.name.clone(),
            what: format!("{} ({})", post.title, holder.kind),
            from: holder.from,
            to: holder.to,
        })
        .next()
        .ok_or_else(|| signed.fail(Outcome::NotFound))
}

async fn ask_end(signed: Signed, Path((kind, id)): Path<(String, i64)>) -> Answered {
    let view = ending(&signed, &kind, id).await?;
    let today = signed.now().today();
    let typed = [today.day().to_string(), today.month().to_string(), today.year().to_string()];
    let last = typed.each_ref().map(String::as_str);
    Ok(page(&end_page(signed.shell(), &view, &signed.new_key(), last, &Invalid::default())))
}

async fn end(Path((kind, id)): Path<(String, i64)>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let view = ending(&signed, &kind, id).await?;
    let mut invalid = Invalid::default();
    if let Some(last) = fields.date("last", "Enter the last day, like 30 9 2021", &mut invalid) {
        match signed.app().perform(&signed.actor, &key, EndPower { kind, id, last }).await {
            Ok(receipt) => return Ok(see(&receipt)),
            Err(Outcome::Invalid(wrong)) => invalid = wrong,
            Err(outcome) => return Err(signed.fail(outcome)),
        }
    }
    let form = end_page(signed.shell(), &view, &key, fields.date_parts("last"), &invalid);
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form))
}

/// The fact that a form about powers says.
pub(crate) fn read(asked: Asked, fields: &Fields, org: OrganisationId, today: Date) -> Result<PowerFact, Invalid> {
    let mut invalid = Invalid::default();
    let fact = match asked {
        Asked::Post => post(fields, org, today, &mut invalid),
        Asked::LimbPost => limb_post(fields, &mut invalid),
        Asked::Holding => holding(fields, today, &mut invalid),
        Asked::SubDelegation => sub_delegation(fields, today, &mut invalid),
        Asked::UrgencyPower => Some(urgency_power(fields, org, today, &mut invalid)),
        Asked::Statutory => statutory(fields, org, today, &mut invalid),
        Asked::OnCall => on_call(fields, &mut invalid),
    };
    match fact {
        Some(fact) if invalid.errors.is_empty() => Ok(fact),
        _ => Err(invalid),
    }
}

fn days(fields: &Fields, today: Date, invalid: &mut Invalid) -> (Date, Date) {
    let from = fields.date("from", "Enter the first day, like 1 9 2021", invalid).unwrap_or(today);
    let last = fields.optional_date("last", "Enter the last day, like 30 9 2021", invalid);
    let to = last.map_or(OPEN_END, |last| plus_days(last, 1));
    if to <= from {
        invalid.add("last", "The last day must not be before the first day");
    }
    (from, to)
}

fn id(fields: &Fields, name: &str, ask: &str, invalid: &mut Invalid) -> i64 {
    fields.filled(name).and_then(|id| id.parse().ok()).unwrap_or_else(|| {
        invalid.add(name, ask);
        0
    })
}

fn person(fields: &Fields, invalid: &mut Invalid) -> PersonId {
    PersonId(id(fields, "person", "Choose a person", invalid))
}

fn post_of(fields: &Fields, invalid: &mut Invalid) -> PostId {
    PostId(id(fields, "post", "Choose a post", invalid))
}

fn limb(fields: &Fields, invalid: &mut Invalid) -> Option<(DecisionId, LimbLabel)> {
    let found = fields.filled("letter").and_then(|limb| {
        let (decision, letter) = limb.split_once('/')?;
        Some((DecisionId(decision.parse().ok()?), LimbLabel::parse(letter)?))
    });
    if found.is_none() {
        invalid.add("letter", "Choose a limb");
    }
    found
}

fn post(fields: &Fields, org: OrganisationId, today: Date, invalid: &mut Invalid) -> Option<PowerFact> {
    let title = fields.text("title", 200, "Enter the title of the post", invalid);
    let grade = fields.choice("grade", PostGrade::from_code, "Choose the grade of the post", invalid);
    let areas = fields.all("areas").filter_map(RemitArea::from_code).collect();
    let remit = remit_of(fields.filled("whole").is_some(), areas);
    let (from, to) = days(fields, today, invalid);
    Some(PowerFact::Post(Post { id: PostId(0), organisation: org, title, grade: grade?, remit, from, to }))
}

fn limb_post(fields: &Fields, invalid: &mut Invalid) -> Option<PowerFact> {
    let (limb, post) = (limb(fields, invalid), post_of(fields, invalid));
    let (decision, letter) = limb?;
    Some(PowerFact::LimbPost(LimbPost { decision, letter, post, relevant: fields.filled("relevant").is_some() }))
}

fn holding(fields: &Fields, today: Date, invalid: &mut Invalid) -> Option<PowerFact> {
    let instrument = fields.optional_text("instrument", 300, invalid);
    let kind = match fields.get("kind") {
        "holder" => Some(HoldingKind::Holder),
        "acting" => Some(HoldingKind::Acting { instrument }),
        "cover" => Some(HoldingKind::Cover),
        _ => {
            invalid.add("kind", "Choose in what way the person is in the post");
            None
        }
    };
    let (post, person) = (post_of(fields, invalid), person(fields, invalid));
    let (from, to) = days(fields, today, invalid);
    Some(PowerFact::Holding(Holding { post, person, kind: kind?, from, to }))
}

fn sub_delegation(fields: &Fields, today: Date, invalid: &mut Invalid) -> Option<PowerFact> {
    let (limb, by_post, person) = (limb(fields, invalid), post_of(fields, invalid), person(fields, invalid));
    let title = fields.text("title", 200, "Enter the officer's title", invalid);
    let acts: Vec<Act> = fields.all("acts").filter_map(Act::from_code).collect();
    let instrument = fields.text("instrument", 300, "Enter the instrument, such as a scheme and its date", invalid);
    let clause = fields.optional_text("permitted_by", 300, invalid);
    let permitted_by = (!clause.is_empty()).then_some(clause);
    let (from, to) = days(fields, today, invalid);
    let (decision, letter) = limb?;
    let passed = SubDelegation { decision, letter, by_post, title, person, acts, instrument, permitted_by, from, to };
    Some(PowerFact::SubDelegation(passed))
}

fn urgency_power(fields: &Fields, org: OrganisationId, today: Date, invalid: &mut Invalid) -> PowerFact {
    let clause = fields.text("clause", 300, "Enter the clause of the constitution", invalid);
    let posts = fields.all("posts").filter_map(|id| id.parse().ok()).map(PostId).collect();
    let (from, to) = days(fields, today, invalid);
    PowerFact::UrgencyPower(UrgencyPower { authority: org, clause, posts, from, to })
}

fn on_call(fields: &Fields, invalid: &mut Invalid) -> Option<PowerFact> {
    let person = person(fields, invalid);
    let from = fields.date_and_time("from", "Enter the first day of the duty, like 13 9 2021", invalid);
    let to = fields.date_and_time("to", "Enter the last day of the duty, like 14 9 2021", invalid);
    from.zip(to).map(|(from, to)| PowerFact::OnCall(OnCall { person, from, to }))
}

fn statutory(fields: &Fields, org: OrganisationId, today: Date, invalid: &mut Invalid) -> Option<PowerFact> {
    let office = fields.choice("office", StatutoryOffice::from_code, "Choose the office", invalid);
    let instrument = fields.optional_text("instrument", 300, invalid);
    let basis = match fields.get("basis") {
        "appointed" => Some(StatutoryBasis::Appointed),
        "interim" => Some(StatutoryBasis::Interim { instrument }),
        _ => {
            invalid.add("basis", "Choose how the person was appointed");
            None
        }
    };
    let person = person(fields, invalid);
    let (from, to) = days(fields, today, invalid);
    let held = StatutoryAppointment { authority: org, office: office?, person, basis: basis?, from, to };
    Some(PowerFact::Statutory(held))
}
