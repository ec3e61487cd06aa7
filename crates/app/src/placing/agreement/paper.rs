//! The agreement on paper: made by a job after the award and after each signature, sealed, and listed under its record.
//!
//! It names nobody's child: the child is a number on it, so that a stored copy outlives no retention rule.

use std::sync::Arc;

use jiff::civil::DateTime;
use placewell_domain::authority::lookup;
use placewell_domain::clock::Moment;
use placewell_domain::homes::home::Home;
use placewell_domain::homes::price::{LineKind, PriceLine as Line};
use placewell_domain::id::{AgreementId, OrganisationId, PersonId, PostId};
use placewell_domain::nights::{Nights, OPEN_END, plus_days};
use placewell_domain::office::document::marking::PRINT_MARKING;
use placewell_domain::placing::agreement::{Agreement, NoticeBand, Origin, RestsOn, Side, Signature as Signed};
use placewell_domain::placing::approval::GivenBasis;
use placewell_domain::placing::invitation::duty::DUTY_TELEPHONES;
use placewell_domain::power::delegation::{Through, UrgencyUse};
use placewell_domain::setting::SettingValue as _;
use placewell_paper::DocumentMoment;
use placewell_paper::placing::agreement as print;
use placewell_store::office::document::NewDocument;
use placewell_store::outbox::TakenJob;
use placewell_store::placing::agreement::ToPrint;
use placewell_store::{Session, Work};
use sha2::{Digest, Sha256};

use super::content::{CareTerms, care_terms, notice_terms};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::homes::home::named::named_on;

/// Prints an agreement as it is now and keeps the copy; a version is printed once.
pub async fn write_paper(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToPrint = serde_json::from_str(&job.payload)?;
    let org = OrganisationId(to.authority);
    let moment = app.calendar.now();
    let session = app.store.read(Some(org)).await?;
    let agreement = session.agreement_by_id(org, AgreementId(to.agreement)).await?;
    let name = format!("{}-version-{}.pdf", agreement.reference, agreement.version);
    let known = session.documents(org, "agreement", agreement.id.0).await?;
    if known.iter().any(|entry| entry.name == name) {
        return Ok(());
    }
    let care = care_terms(&session, org, &agreement).await?;
    let paper = paper_of(&session, &agreement, care, (moment.today(), address(app, &agreement))).await?;
    drop(session);
    let content =
        print::agreement(&paper, DocumentMoment(moment.at)).map_err(|error| Outcome::Fault(error.to_string()))?;
    let mut work: Work = app.store.begin(org, moment).await?;
    let document = work
        .add_document(&NewDocument {
            provider: Some(agreement.provider),
            child: Some(agreement.child),
            room: "agreement",
            record: agreement.id.0,
            name: &name,
            label: None,
            media_type: "application/pdf",
            content: &content,
        })
        .await?;
    let event =
        placewell_domain::change::Event::new("agreement.printed", "agreement", agreement.id.0, agreement.version)
            .with("document", document);
    work.record(event);
    Ok(work.commit(Machine::now()).await?)
}

/// The agreement as it is now, printed for somebody whom the words about the child's care do not concern.
pub(super) async fn without_care(app: &App, session: &Session, agreement: &Agreement, at: Moment) -> Answer<Vec<u8>> {
    let care = care_terms(session, agreement.authority, agreement).await?.without_words();
    let paper = paper_of(session, agreement, care, (at.today(), address(app, agreement))).await?;
    print::agreement(&paper, DocumentMoment(at.at)).map_err(|error| Outcome::Fault(error.to_string()))
}

fn address(app: &App, agreement: &Agreement) -> String {
    app.address(&format!("/agreements/{}", agreement.reference))
}

/// SHA-256 of what an agreement says now: what a signature given today would carry.
#[must_use]
pub fn content_hash(agreement: &Agreement) -> String {
    hex::encode(Sha256::digest(agreement.content()))
}

async fn paper_of(
    session: &Session,
    agreement: &Agreement,
    care: CareTerms,
    (today, record_url): (jiff::civil::Date, String),
) -> Answer<print::AgreementPaper> {
    let authority = session.organisation_by_id(agreement.authority).await?;
    let responsible = session.organisation_by_id(agreement.responsible).await?;
    let provider = session.organisation_by_id(agreement.provider).await?;
    let home = session.home(agreement.terms.home).await?;
    let child = session.child(agreement.authority, agreement.child).await?;
    let people: Vec<PersonId> = agreement.rests_on.iter().map(|rests| rests.by).collect();
    let names = session.people_names(&people).await?;
    let (start, planned_end) = agreement.nights();
    let named = named_on(session, (provider.id, home.id), today).await?;
    let first_year = Nights::new(start, plus_days(start, 365));
    Ok(print::AgreementPaper {
        reference: agreement.reference.to_string(),
        title: "Placement agreement".to_owned(),
        marking: session.value_of(agreement.authority, &PRINT_MARKING, today).await?.as_str().to_owned(),
        issued_on: today,
        parties: print::Parties {
            placing_body: print::Party {
                contact: duty_team(session, agreement, today).await?,
                ..party(authority.places_as())
            },
            responsible_authority: (responsible.id != authority.id || authority.placing_body.is_some())
                .then(|| party(&responsible.name)),
            provider: print::Party {
                registration: named.company.map(|number| format!("Company or charity number {number}")),
                ..party(&provider.name)
            },
        },
        home: home_block(&home, named.manager),
        child_reference: format!("{}-C-{:04}", agreement.reference.authority, child.number),
        child: None,
        stay: print::Stay { start, planned_end, reviews: care.reviews.clone() },
        distance: print::Distance {
            words: format!("The home is {}.", agreement.terms.distance.words()),
            class: agreement.terms.distance.words().to_owned(),
        },
        price_lines: agreement.terms.lines.iter().map(price_line).collect(),
        cost: print::Cost {
            weekly_pence: agreement.weekly().0,
            planned_pence: agreement.whole_cost().0,
            first_year_pence: first_year.map_or(0, |year| agreement.cost_within(year).0),
            charged_days: agreement.terms.charged.label().to_owned(),
        },
        included: care.included(),
        excluded: care.excluded(),
        outcomes: care.words.outcomes.clone(),
        staffing: care.words.staffing.clone(),
        education: care.words.education.clone(),
        health: care.words.health.clone(),
        notice: notice(&agreement.terms.notice),
        terms_version: terms_of(agreement),
        basis: basis(session, agreement, &names).await?,
        approvals: approvals(agreement, &names),
        conditions: care.conditions.iter().map(condition).collect(),
        annual_value: None,
        signatures: print::Signatures {
            placing_body: agreement.signatures.of(Side::Authority).map(signature),
            provider: agreement.signatures.of(Side::Provider).map(signature),
        },
        content_hash: content_hash(agreement),
        record_url,
    })
}

fn home_block(home: &Home, registered_manager: Option<String>) -> print::HomeBlock {
    print::HomeBlock {
        name: home.name.clone(),
        urn: home.urn.to_string(),
        registered_manager,
        area_authority: lookup(home.area).map_or_else(|| home.area.to_string(), |area| area.name.to_owned()),
    }
}

fn terms_of(agreement: &Agreement) -> String {
    let with = |terms: &str, specification: &str| match specification {
        "" => format!("version {terms}"),
        number => format!("version {terms}, and its specification, version {number}"),
    };
    let own = with(&agreement.terms.terms_version, &agreement.terms.specification_version);
    match (agreement.terms.terms_version.as_str(), agreement.moved()) {
        ("", _) => "the terms agreed with the provider for this placement".to_owned(),
        (_, None) => format!("the arrangement's terms, {own}"),
        (_, Some(to)) => format!(
            "the arrangement's terms, {own}; from {} the terms of {}, {}",
            placewell_domain::calendar::long_date(to.on),
            to.title,
            with(&to.terms_version, &to.specification_version)
        ),
    }
}

fn condition((words, met_on): &(String, Option<jiff::civil::Date>)) -> print::Condition {
    print::Condition { words: words.clone(), met_on: *met_on }
}

/// The duty team's telephones; nothing where the authority recorded none.
async fn duty_team(session: &Session, agreement: &Agreement, today: jiff::civil::Date) -> Answer<Option<String>> {
    let duty = session.value_of(agreement.authority, &DUTY_TELEPHONES, today).await?;
    let said = (!duty.day.is_empty()).then(|| duty.words());
    Ok(said.map(|words| format!("Duty team. {words}")))
}

fn party(name: &str) -> print::Party {
    print::Party { name: name.to_owned(), registration: None, address: None, contact: None }
}

fn price_line(line: &Line) -> print::PriceLine {
    let [authority, education, health] = line.shares.split(line.weekly);
    let shares = [("Authority", authority), ("Education", education), ("Health", health)];
    let shared = education.0 != 0 || health.0 != 0;
    let funders = shares.into_iter().filter(|(_, pence)| shared && pence.0 != 0);
    print::PriceLine {
        kind: line.kind.label().to_owned(),
        what: if line.kind == LineKind::Core { "Accommodation and care".to_owned() } else { line.label.clone() },
        weekly_pence: line.weekly.0,
        from: line.from,
        to: (line.to != OPEN_END).then_some(line.to),
        step_down_review: line.support.as_ref().map(|support| support.review_on),
        shares: funders
            .map(|(funder, pence)| print::FunderShare {
                funder: funder.to_owned(),
                weekly_pence: pence.0,
                agreed: line.shares.agreed,
            })
            .collect(),
    }
}

fn notice(bands: &[NoticeBand]) -> Vec<print::NoticeTerm> {
    notice_terms(bands).into_iter().map(|(when, length)| print::NoticeTerm { when, length }).collect()
}

fn signature(signed: &Signed) -> print::Signature {
    print::Signature {
        name: signed.name.clone(),
        role: signed.role.clone(),
        signed_at: signed.at,
        content: (!signed.content.is_empty()).then(|| signed.content.clone()),
    }
}

fn name_of(names: &[(PersonId, String)], person: PersonId) -> String {
    names.iter().find(|(known, _)| *known == person).map_or_else(String::new, |(_, name)| name.clone())
}

/// The post by which an approval was given.
fn post_of(basis: &GivenBasis) -> String {
    match basis {
        GivenBasis::Limb { power } => power.title.clone(),
        GivenBasis::Statutory { office, .. } => office.label().to_owned(),
        GivenBasis::Opinion { title, .. } => title.clone(),
        GivenBasis::Urgency { urgency } => urgency.words(),
    }
}

fn approvals(agreement: &Agreement, names: &[(PersonId, String)]) -> Vec<print::Approval> {
    agreement
        .rests_on
        .iter()
        .map(|rests| print::Approval {
            what: rests.what.clone(),
            rule: rests.rule.clone(),
            post: post_of(&rests.basis),
            holder: name_of(names, rests.by),
            reference: rests.reference.to_string(),
            approved_at: rests.at,
            note: rests.verbal.then(|| "Given by word of mouth and recorded".to_owned()),
        })
        .collect()
}

async fn basis(session: &Session, agreement: &Agreement, names: &[(PersonId, String)]) -> Answer<print::Basis> {
    let carrying = agreement
        .rests_on
        .iter()
        .find(|rests| matches!(rests.basis, GivenBasis::Limb { .. } | GivenBasis::Urgency { .. }));
    let Some(rests) = carrying else {
        // What was brought in says where it comes from; nothing else is made without an approval.
        let sentence = agreement.origin().map_or("No power is recorded.", Origin::sentence).to_owned();
        return Ok(print::Basis::Imported(print::BroughtIn { sentence, on: agreement.brought_in_on() }));
    };
    let holder = name_of(names, rests.by);
    Ok(match &rests.basis {
        GivenBasis::Limb { power } => {
            let decision = session.decision(agreement.authority, power.decision).await?;
            print::Basis::Limb(print::LimbPower {
                decision_reference: power.reference.clone(),
                decision_title: decision.page.title.clone(),
                effective_from: power.effective_from,
                limb: power.letter.to_string(),
                limb_text: decision.page.limb(power.letter).map_or_else(String::new, |limb| limb.text.clone()),
                post: power.title.clone(),
                holder,
                holding: holding(&power.through),
                approval_reference: rests.reference.to_string(),
                approved_at: rests.at,
            })
        }
        GivenBasis::Urgency { urgency: UrgencyUse::Recorded { clause, post, .. } } => {
            print::Basis::Urgency(print::UrgencyPower {
                clause: clause.clone(),
                post: post_title(session, agreement.authority, *post).await?,
                holder,
                approved_at: rests.at,
                confirmed_at: confirmed(session, agreement.authority, rests).await?,
            })
        }
        GivenBasis::Urgency { .. } | GivenBasis::Statutory { .. } | GivenBasis::Opinion { .. } => {
            print::Basis::Unrecorded(print::UnrecordedPower {
                reason: "The child's start came first; a decision is opened to ratify, raise the ceiling, or end."
                    .to_owned(),
                decision_reference: agreement.added.opened.clone(),
            })
        }
    })
}

/// The post that used an urgency power; somebody on call used it for the authority at night.
async fn post_title(session: &Session, org: OrganisationId, post: Option<PostId>) -> Answer<String> {
    let Some(post) = post else { return Ok("On call for the authority".to_owned()) };
    let scheme = session.scheme(org).await?;
    let found = scheme.posts.iter().find(|known| known.id == post);
    Ok(found.map_or_else(|| "A post that the power names".to_owned(), |known| known.title.clone()))
}

/// When the Director confirmed what somebody on call did; at once where a holder of the post used the power.
async fn confirmed(session: &Session, org: OrganisationId, rests: &RestsOn) -> Answer<Option<DateTime>> {
    let approval = session.approval(org, &rests.reference.to_string()).await?;
    Ok(approval.state.given().and_then(|given| match given.director_confirms_by() {
        None => Some(given.at),
        Some(_) => given.director.map(|(_, at)| at),
    }))
}

fn holding(through: &Through) -> print::Holding {
    let last = |to: jiff::civil::Date| (to != OPEN_END).then(|| plus_days(to, -1));
    match through {
        Through::Holder => print::Holding::Holder,
        Through::Acting { instrument, from, to } => {
            print::Holding::Acting { instrument: instrument.clone(), from: *from, until: last(*to) }
        }
        Through::SubDelegated { instrument, clause, from, to } => print::Holding::SubDelegated {
            instrument: format!("{instrument}; {clause}"),
            from: *from,
            until: to.and_then(last),
        },
    }
}
