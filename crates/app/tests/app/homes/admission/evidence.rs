//! Documents of an application: brought to the draft under their limits, sealed, the provider's alone until its evaluation
//! has begun, then read by the regional team and by evaluators without a conflict, each reading recorded.

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::homes::admission::evaluating::{DeclareInterest, JudgeGates, StartEvaluations};
use placewell_app::homes::admission::evidence::{AddEvidence, RemoveEvidence};
use placewell_app::homes::home::paper::KeepPaper;
use placewell_app::office::document::Brought;
use placewell_domain::homes::admission::criteria::InsuranceKind;
use placewell_domain::homes::admission::evidence::EvidenceOf;
use placewell_domain::homes::admission::selection::Gate;
use placewell_domain::homes::home::paper::{Audience, PaperKind, PaperTerms};
use placewell_domain::id::{DocumentId, EvaluationId};
use placewell_domain::money::Pence;
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both_filled;

use super::evaluation::{Given, code, filled, perform, sending};

const OPEN: &str = "AR-005";
const CANARY: &[u8] = b"%PDF-1.7 CERTIFICATECANARY";

fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7 {words}").into_bytes()
}

fn add(version: i64, of: EvidenceOf, content: Vec<u8>) -> AddEvidence {
    let brought = Brought::checked("Certificate of insurance.pdf", content).unwrap();
    AddEvidence { reference: OPEN.into(), version, of, brought }
}

/// A filled draft with a certificate of insurance and a policy: who applies, and the version before the two came.
async fn with_two(given: &Given) -> (Actor, i64) {
    let (actor, version) = filled(given).await;
    let two = [(EvidenceOf::Insurance, CANARY.to_vec()), (EvidenceOf::Safeguarding, pdf("policy"))];
    for (before, (of, content)) in (version..).zip(two) {
        perform(&given.app, &actor, add(before, of, content)).await.unwrap();
    }
    (actor, version)
}

fn remove(version: i64, document: i64) -> RemoveEvidence {
    RemoveEvidence { reference: OPEN.into(), version, document }
}

/// The opening's deadline has passed.
async fn past_the_deadline(given: &Given, actor: &Actor) {
    let closes = given.app.own_application(actor, OPEN).await.unwrap().public.opening.plan.closes;
    given.move_to(closes.saturating_add(jiff::Span::new().seconds(1)));
}

async fn documents(given: &Given, actor: &Actor) -> Vec<(i64, EvidenceOf)> {
    let (_, found) = given.app.own_evidence(actor, OPEN).await.unwrap();
    found.into_iter().map(|one| (one.entry.id.0, one.of)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_come_with_an_application_and_are_read_by_whoever_judges_it_and_nobody_else() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let (actor, version) = with_two(&given).await;
        let stale = perform(app, &actor, add(version, EvidenceOf::Other, pdf("other"))).await;
        assert!(matches!(stale, Err(Outcome::Conflict)), "another draft than the page showed");
        let again = perform(app, &actor, add(version + 2, EvidenceOf::Other, CANARY.to_vec())).await;
        assert_eq!(code(again), "evidence_twice");
        let held = documents(&given, &actor).await;
        assert_eq!(
            held.iter().map(|(_, of)| *of).collect::<Vec<_>>(),
            [EvidenceOf::Insurance, EvidenceOf::Safeguarding]
        );
        let (certificate, policy) = (held[0].0, held[1].0);
        let (_, read) = app.own_evidence_document(&actor, OPEN, certificate).await.unwrap();
        assert_eq!(read, CANARY);

        perform(app, &actor, sending(version + 2)).await.unwrap();
        perform(app, &actor, remove(version + 2, policy)).await.unwrap();
        assert_eq!(documents(&given, &actor).await.len(), 1, "it is out of the draft");
        let gone = perform(app, &actor, remove(version + 3, policy)).await;
        assert!(matches!(gone, Err(Outcome::NotFound)));
        perform(app, &actor, add(version + 3, EvidenceOf::Accounts, pdf("accounts"))).await.unwrap();
        let later = documents(&given, &actor).await[1].0;

        past_the_deadline(&given, &actor).await;
        let evaluators = vec!["priya.shah@herefordshire.example".to_owned(), "director@shropshire.example".to_owned()];
        perform(app, &given.lead, StartEvaluations { reference: OPEN.into(), evaluators }).await.unwrap();
        let all = app.evaluations(&given.lead).await.unwrap();
        let evaluation = all.into_iter().find(|one| one.opening_reference == OPEN).unwrap();
        read_by_judges(&given, evaluation.id, [certificate, policy, later]).await;

        let listed = app.region_providers(&given.lead).await.unwrap();
        let rival = listed.iter().find(|one| one.provider.id != actor.organisation).unwrap().provider.id;
        let session = app.store.read(Some(rival)).await.unwrap();
        let record = evaluation.application.0;
        assert!(session.documents(rival, "admission_application", record).await.unwrap().is_empty(), "no rival's");
    })
    .await;
}

/// The regional team and an evaluator who declared no conflict read what was sent, and not what came to the draft later.
async fn read_by_judges(given: &Given, id: EvaluationId, [certificate, policy, later]: [i64; 3]) {
    let app = &given.app;
    let kinds = async |actor: &Actor| {
        let found = app.evidence_of(actor, id).await?;
        Ok::<_, Outcome>(found.into_iter().map(|one| one.of).collect::<Vec<_>>())
    };
    let sent = [EvidenceOf::Insurance, EvidenceOf::Safeguarding];
    assert_eq!(kinds(&given.lead).await.unwrap(), sent, "what was sent keeps what the draft has lost");
    let (_, content) = app.evidence_document(&given.lead, id, certificate).await.unwrap();
    assert_eq!(content, CANARY);
    assert!(app.evidence_document(&given.lead, id, policy).await.is_ok());
    assert!(matches!(app.evidence_document(&given.lead, id, later).await, Err(Outcome::NotFound)));
    let priya = given.actor("priya.shah@herefordshire.example").await;
    assert_eq!(code(app.evidence_of(&priya, id).await), "conflict_not_declared", "an evaluator declares first");
    perform(app, &given.lead, gates_of(given, id).await).await.unwrap();
    let declared = |conflict| DeclareInterest { evaluation: id, conflict, words: "A sister works there".into() };
    perform(app, &priya, declared(false)).await.unwrap();
    assert_eq!(kinds(&priya).await.unwrap(), sent);
    let director = given.actor("director@shropshire.example").await;
    perform(app, &director, declared(true)).await.unwrap();
    assert_eq!(code(app.evidence_document(&director, id, certificate).await), "evaluator_conflict");
    let walsall = given.actor("director@walsall.example").await;
    assert!(matches!(app.evidence_of(&walsall, id).await, Err(Outcome::NotFound)), "not on the panel");
    let (entry, _) = app.evidence_document(&priya, id, certificate).await.unwrap();
    let session = app.store.read(Some(priya.organisation)).await.unwrap();
    let evaluation = session.evaluation(id).await.unwrap();
    let events = session.timeline(priya.organisation, "admission_application", evaluation.application.0).await.unwrap();
    let reads = events.iter().filter(|event| event.event.kind == "document.read").count();
    assert_eq!((reads, entry.media_type.as_str()), (1, "application/pdf"), "each reading is recorded");
}

/// Every gate and every home passes.
async fn gates_of(given: &Given, id: EvaluationId) -> JudgeGates {
    let page = given.app.evaluation_page(&given.lead, id).await.unwrap();
    let verdict = |code: String| placewell_app::homes::admission::evaluating::GateVerdict {
        code,
        passed: true,
        words: String::new(),
    };
    let gates = page.gates.iter().map(|one| verdict(one.gate.code().to_owned()));
    let homes = page.homes.iter().map(|one| verdict(format!("{}_{}", one.urn, one.lot)));
    JudgeGates { evaluation: id, version: page.evaluation.version, verdicts: gates.chain(homes).collect() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_authority_reads_cover_and_last_day_of_each_insurance_and_until_when_a_newer_document_holds() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let admitted = given.evaluation("admitted").await;
        let walsall = given.actor("director@walsall.example").await;
        let read = async || app.evaluation_page(&walsall, admitted.id).await.unwrap();
        let before = read().await;
        assert!(before.application.is_none(), "it is not on the panel and reads no application");
        let (seen, later) = (date(2022, 3, 31), date(2023, 6, 30));
        let insured: Vec<_> = before.insurances.iter().map(|one| (one.kind, one.cover, one.seen)).collect();
        let of = |kind, millions: i64| (kind, Some(Pence::pounds(millions * 1_000_000)), Some(seen));
        let each =
            [of(InsuranceKind::Public, 10), of(InsuranceKind::Employers, 10), of(InsuranceKind::Professional, 5)];
        assert_eq!(insured, each);

        let provider = app.store.read(None).await.unwrap().organisation_by_id(admitted.provider).await.unwrap().code;
        let manager = given.actor(&format!("placements@{provider}.example")).await;
        let renewed = KeepPaper {
            urn: None,
            kind: PaperKind::InsurancePublic,
            reference: "PUBLIC-90000".into(),
            terms: PaperTerms { from: date(2021, 9, 1), expires_on: Some(later), audience: Audience::Members },
            brought: None,
        };
        perform(app, &manager, renewed).await.unwrap();
        let after = read().await;
        assert_eq!((after.insurances[0].seen, after.insurances[0].until), (Some(seen), Some(later)));
        assert_eq!(after.insurances[1].until, before.insurances[1].until, "another kind is not renewed by it");
        let first = after.insurances.iter().filter_map(|one| one.until).min();
        assert!(after.renewed.contains(&(Gate::Insurance, first)), "the gate holds until the first of them ends");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_document_or_one_too_many_is_not_taken() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (actor, mut version) = filled(&given).await;
        for (content, refused) in [
            (b"MZ an executable named certificate.pdf".to_vec(), "document_kind"),
            (Vec::new(), "document_kind"),
            (b"%PDF-1.7 /JavaScript (app.alert)".to_vec(), "document_macros"),
            (vec![b'x'; 25 * 1024 * 1024 + 1], "document_too_large"),
        ] {
            assert_eq!(code(Brought::checked("certificate.pdf", content)), refused);
        }
        for number in 0..20 {
            perform(&given.app, &actor, add(version, EvidenceOf::Other, pdf(&number.to_string()))).await.unwrap();
            version += 1;
        }
        let more = perform(&given.app, &actor, add(version, EvidenceOf::Other, pdf("one more"))).await;
        assert_eq!(code(more), "evidence_too_many");
        let first = documents(&given, &actor).await[0].0;
        perform(&given.app, &actor, remove(version, first)).await.unwrap();
        let read = given.app.own_evidence_document(&actor, OPEN, first).await;
        assert!(matches!(read, Err(Outcome::NotFound)), "what nobody sent is destroyed: {read:?}");
        perform(&given.app, &actor, add(version + 1, EvidenceOf::Other, pdf("one more"))).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_version_sent_anew_lacks_is_destroyed_and_what_it_has_stays_after_the_deadline() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let (actor, version) = with_two(&given).await;
        perform(app, &actor, sending(version + 2)).await.unwrap();
        let held = documents(&given, &actor).await;
        let (certificate, policy) = (held[0].0, held[1].0);
        let readable = async |document| {
            let session = app.store.read(Some(actor.organisation)).await.unwrap();
            session.document_content(actor.organisation, DocumentId(document)).await.is_ok()
        };
        perform(app, &actor, remove(version + 2, policy)).await.unwrap();
        assert!(readable(policy).await, "what was sent has it still");
        perform(app, &actor, sending(version + 3)).await.unwrap();
        assert_eq!((readable(certificate).await, readable(policy).await), (true, false));
        past_the_deadline(&given, &actor).await;
        assert_eq!(code(perform(app, &actor, sending(version + 3)).await), "deadline_passed");
        assert!(readable(certificate).await);
    })
    .await;
}
