//! Quality returns by quarter, visits that others may read, concerns with plans and evidence: by command, on both databases.

mod alerting;
mod chasing;
mod of_provider;
mod sold;
mod words;

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::clock::{Machine, moment_of};
use placewell_app::homes::admission::AdmitHome;
use placewell_app::homes::monitoring::{
    AcceptReturn, AskReturnAgain, CallOffVisit, CloseConcern, CompleteAction, OpenRound, PlanAction, PlanVisit,
    ProposeForConcern, RaiseConcern, RecordVisit, SaveReturn, SendActionBack, SendReturn,
};
use placewell_app::homes::standing::AdmitProvider;
use placewell_app::office::document::Brought;
use placewell_app::{Answer, App, Command, Outcome, Receipt};
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::concern::{ConcernOutcome, NewAction, Owner, Severity};
use placewell_domain::homes::monitoring::quality_return::{CorrectionReason, Filled, ReturnState};
use placewell_domain::homes::monitoring::template::Figure;
use placewell_domain::homes::monitoring::visit::{CalledOff, Finding, Level};
use placewell_domain::homes::standing::scorecard::{Criterion, Effect};
use placewell_domain::homes::standing::{Standing, StandingReason};
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::{TestDatabase, both};

use super::admission::{BEGAN, Given, before_record, given};

const TODAY: Date = date(2021, 9, 13);
const SPRING: Date = date(2021, 4, 1);

/// The region, a manager of the provider, and officers of two authorities.
struct Watched {
    given: Given,
    manager: Actor,
    rival: Actor,
    officer: Actor,
    other: Actor,
}

async fn person(app: &Arc<App>, organisation: OrganisationId, (id, role): (i64, Role)) -> Actor {
    let work = app.store.begin(organisation, app.calendar.now()).await.unwrap();
    let email = format!("p{id}@example.com");
    work.add_person(PersonId(id), &email, "Someone", None).await.unwrap();
    work.add_membership(PersonId(id), role, "Post", date(2018, 1, 1), OPEN_END).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    app.actor_by_email(&email).await.unwrap()
}

async fn watched(database: &TestDatabase) -> Watched {
    let given = given(database).await;
    for provider in ["elm-care", "ash-care"] {
        given
            .perform(AdmitProvider { provider: provider.into(), from: BEGAN, exception: Some(before_record()) })
            .await
            .unwrap();
    }
    for urn in ["SC400001", "SC400003"] {
        given.perform(AdmitHome { urn: urn.into(), lot: "planned".into(), from: BEGAN }).await.unwrap();
    }
    let app = &given.app;
    for (id, code) in [(901, "HEF"), (902, "BIR")] {
        let org = OrganisationId(id);
        let work = app.store.begin(org, moment_of(TODAY.at(10, 20, 0, 0))).await.unwrap();
        let kind = OrganisationKind::Authority;
        let (code, name) = (code.to_owned(), format!("Council {code}"));
        work.add_organisation(&Organisation { id: org, code, name, kind, area: None, placing_body: None })
            .await
            .unwrap();
        work.commit(Machine::now()).await.unwrap();
    }
    let session = app.store.read(None).await.unwrap();
    let elm = session.organisation_by_code("elm-care").await.unwrap().id;
    let ash = session.organisation_by_code("ash-care").await.unwrap().id;
    drop(session);
    let manager = person(app, elm, (801, Role::ProviderManager)).await;
    let rival = person(app, ash, (802, Role::ProviderManager)).await;
    let officer = person(app, OrganisationId(901), (803, Role::PlacementOfficer)).await;
    let other = person(app, OrganisationId(902), (804, Role::PlacementOfficer)).await;
    Watched { given, manager, rival, officer, other }
}

impl Watched {
    async fn by<C: Command>(&self, actor: &Actor, command: C) -> Answer<Receipt> {
        let key = placewell_app::office::person::random_text::<16>();
        self.given.app.perform(actor, &key, command).await
    }

    async fn lead<C: Command>(&self, command: C) -> Answer<Receipt> {
        self.by(&self.given.lead, command).await
    }

    async fn own_return(&self) -> (i64, i64) {
        let own = self.given.app.own_watched(&self.manager).await.unwrap();
        (own.returns[0].id, own.returns[0].version)
    }

    async fn effect(&self, criterion: Criterion) -> (Effect, String) {
        let card = self.given.app.scorecard(&self.given.lead, "SC400001").await.unwrap();
        let line = card.lines.into_iter().find(|one| one.criterion == criterion).unwrap();
        (line.effect, line.found)
    }
}

fn last(receipt: &Receipt) -> i64 {
    receipt.location.rsplit('/').next().unwrap().parse().unwrap()
}

fn invalid(answer: Answer<Receipt>) -> Vec<String> {
    match answer {
        Err(Outcome::Invalid(invalid)) => invalid.errors.into_iter().map(|one| one.field).collect(),
        other => panic!("not invalid: {other:?}"),
    }
}

fn refused(answer: Answer<Receipt>) -> String {
    match answer {
        Err(Outcome::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}

fn whole() -> Filled {
    Filled { figures: Figure::ALL.iter().map(|one| (*one, 1)).collect(), note: String::new() }
}

#[tokio::test]
async fn a_return_is_asked_filled_sent_asked_again_corrected_and_accepted() {
    both(async |database| {
        let watched = watched(&database).await;
        let ahead = watched.lead(OpenRound { quarter: date(2021, 7, 1) }).await;
        assert_eq!(invalid(ahead), ["quarter"], "the quarter goes on");
        watched.lead(OpenRound { quarter: SPRING }).await.unwrap();
        assert_eq!(invalid(watched.lead(OpenRound { quarter: SPRING }).await), ["quarter"], "it was asked for");
        let round = watched.given.app.monitoring_round(&watched.given.lead, None).await.unwrap();
        assert_eq!(round.returns.len(), 2, "homes on a lot only");
        assert_eq!(watched.effect(Criterion::Monitoring).await.0, Effect::Warns, "it was due in July");

        let (id, version) = watched.own_return().await;
        let mut some = Filled::default();
        some.figures.insert(Figure::ChildNights, 999);
        let save = |filled, version| SaveReturn { id, version, filled };
        assert_eq!(invalid(watched.by(&watched.manager, save(some.clone(), version)).await), ["child_nights"]);
        some.figures.insert(Figure::ChildNights, 100);
        watched.by(&watched.manager, save(some.clone(), version)).await.unwrap();
        let page = watched.given.app.quality_return(&watched.manager, id).await.unwrap();
        assert_eq!(page.of.begun(), some);
        assert_eq!(page.known[&Figure::Asked], 0, "what is known here is filled in");
        assert!(matches!(watched.by(&watched.rival, save(some, version + 1)).await, Err(Outcome::NotFound)));

        let unsent = watched.given.app.quality_return(&watched.officer, id).await;
        assert!(matches!(unsent, Err(Outcome::NotFound)), "an authority reads no draft");
        let send = |filled, version, reason| SendReturn { id, version, filled, reason };
        watched.by(&watched.manager, send(whole(), version + 1, None)).await.unwrap();
        let read = watched.given.app.quality_return(&watched.officer, id).await.unwrap();
        assert!(read.of.was_late() && read.of.draft.is_none());
        assert!(read.of.differs().contains(&(Figure::Asked, 1, 0)));

        let ask =
            AskReturnAgain { id, version: version + 2, figures: vec![Figure::Asked], words: "None was sent.".into() };
        watched.lead(ask).await.unwrap();
        let mut right = whole();
        right.figures.insert(Figure::Asked, 0);
        right.figures.insert(Figure::AnsweredInTime, 0);
        let why = Some(CorrectionReason::Asked);
        watched.by(&watched.manager, send(right, version + 3, why)).await.unwrap();
        watched.lead(AcceptReturn { id, version: version + 4 }).await.unwrap();
        let done = watched.given.app.quality_return(&watched.given.lead, id).await.unwrap().of;
        assert!(matches!(done.state, ReturnState::Accepted { .. }));
        assert_eq!(done.sent.len(), 2);
        let home = watched.given.app.home_watched(&watched.officer, "SC400001").await.unwrap();
        assert!(home.trends.iter().any(|one| one.points == [(SPRING, Some(0))]), "its figures over time");
    })
    .await;
}

#[tokio::test]
async fn the_calendar_asks_for_the_next_quarter_reminds_once_and_tells_what_is_overdue_once() {
    both(async |database| {
        let watched = watched(&database).await;
        let app = &watched.given.app;
        watched.lead(OpenRound { quarter: SPRING }).await.unwrap();
        app.do_due_jobs().await.unwrap();
        let region = watched.given.lead.organisation;
        let mails = async |what: &str| {
            let session = app.store.read(Some(region)).await.unwrap();
            let all = session.mails(region, 100).await.unwrap();
            all.iter().filter(|mail| mail.subject == format!("SC400001: the quality return {what}")).count()
        };
        let pass = async || {
            app.leave_timers().await.unwrap();
            app.do_due_jobs().await.unwrap();
        };
        for _ in 0..2 {
            pass().await;
            assert_eq!(mails("is overdue").await, 2, "the home's manager and the regional team, once");
        }
        app.calendar.move_to(date(2021, 10, 1).at(8, 0, 0, 0));
        pass().await;
        let round = app.monitoring_round(&watched.given.lead, None).await.unwrap();
        assert_eq!((round.quarter, round.returns.len()), (Some(date(2021, 7, 1)), 2), "asked for by the calendar");
        assert_eq!(round.returns[0].due, date(2021, 10, 21));
        assert_eq!(mails("is due").await, 0, "not yet");
        app.calendar.move_to(date(2021, 10, 15).at(8, 0, 0, 0));
        for _ in 0..2 {
            pass().await;
            assert_eq!(mails("is due").await, 1, "the home's manager, once");
        }
    })
    .await;
}

#[tokio::test]
async fn an_unannounced_visit_is_nobody_s_to_read_before_it_was_made() {
    both(async |database| {
        let watched = watched(&database).await;
        let app = &watched.given.app;
        let plan = |announced| PlanVisit { urn: "SC400001".into(), on: TODAY, announced };
        let back = PlanVisit { on: date(2021, 9, 12), ..plan(true) };
        assert_eq!(invalid(watched.by(&watched.officer, back).await), ["on"]);
        let id = last(&watched.by(&watched.officer, plan(false)).await.unwrap());
        let own = async || app.own_watched(&watched.manager).await.unwrap().visits.len();
        let region = async || app.watched(&watched.given.lead).await.unwrap().visits.len();
        assert_eq!((own().await, region().await), (0, 1));
        assert!(
            matches!(app.home_visit(&watched.other, id).await, Err(Outcome::NotFound)),
            "no child of theirs is there"
        );
        let announced = last(&watched.by(&watched.officer, plan(true)).await.unwrap());
        assert_eq!(own().await, 1, "the home knows of the announced one");
        let off = CallOffVisit { id: announced, version: 1, reason: CalledOff::OfficerAway };
        assert!(matches!(watched.by(&watched.other, off.clone()).await, Err(Outcome::NotFound)));
        watched.by(&watched.officer, off).await.unwrap();
        let finding = Finding { theme: Theme::Staffing, level: Level::Serious, words: "One on shift.".into() };
        let record = RecordVisit { id, version: 1, on: TODAY, findings: vec![finding] };
        watched.by(&watched.officer, record.clone()).await.unwrap();
        assert!(matches!(watched.by(&watched.officer, record).await, Err(Outcome::Conflict)));
        assert_eq!(own().await, 2, "once it was made, the home reads what was found");
        assert!(matches!(app.home_visit(&watched.other, id).await, Err(Outcome::NotFound)));
        let themes = app.monitoring_themes(&watched.given.lead).await.unwrap().themes;
        assert_eq!((themes[0].0, themes[0].1.serious, themes[0].1.homes), (Theme::Staffing, 1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_concern_is_answered_by_a_plan_with_evidence_and_closed_by_whoever_raised_it() {
    both(async |database| {
        let watched = watched(&database).await;
        let app = &watched.given.app;
        let raise = RaiseConcern {
            urn: "SC400001".into(),
            theme: Theme::Safety,
            severity: Severity::High,
            words: "Doors to the street stand open at night.".into(),
        };
        let id = last(&watched.by(&watched.officer, raise).await.unwrap());
        let (effect, found) = watched.effect(Criterion::Monitoring).await;
        assert_eq!(effect, Effect::Warns, "{found}");
        let action = |due| NewAction { what: "Alarms on both doors".into(), owner: Owner::Manager, due };
        let plan = |version, due| PlanAction { id, version, action: action(due) };
        assert_eq!(invalid(watched.by(&watched.manager, plan(1, date(2021, 9, 12))).await), ["due"]);
        watched.by(&watched.manager, plan(1, date(2021, 9, 15))).await.unwrap();
        assert!(matches!(watched.by(&watched.rival, plan(2, TODAY)).await, Err(Outcome::NotFound)));
        let close = |version, outcome| CloseConcern { id, version, outcome };
        let early = watched.by(&watched.officer, close(2, ConcernOutcome::PutRight)).await;
        assert_eq!(refused(early), "actions_not_done");
        app.calendar.move_to(date(2021, 9, 16).at(9, 0, 0, 0));
        assert!(watched.effect(Criterion::Monitoring).await.1.contains("Overdue actions: 1"));
        app.leave_timers().await.unwrap();
        app.do_due_jobs().await.unwrap();
        let session = app.store.read(Some(watched.officer.organisation)).await.unwrap();
        let mails = session.mails(watched.officer.organisation, 100).await.unwrap();
        drop(session);
        let told = mails.iter().filter(|mail| mail.subject == "SC400001: an action of the plan is overdue").count();
        assert_eq!(told, 2, "whoever raised it, and the home's manager");
        let brought = Brought::checked("rota.pdf", b"%PDF-1.4\n%%EOF\n".to_vec()).unwrap();
        let complete = CompleteAction {
            id,
            version: 2,
            number: 1,
            on: date(2021, 9, 16),
            words: "Fitted and tested.".into(),
            brought: Some(brought),
        };
        watched.by(&watched.manager, complete.clone()).await.unwrap();
        let page = app.concern(&watched.officer, id).await.unwrap();
        assert_eq!(page.documents.len(), 1);
        let document = page.documents[0].0.id;
        assert!(app.concern_document(&watched.officer, id, document).await.unwrap().1.starts_with(b"%PDF"));
        let others = app.concern_document(&watched.other, id, document).await;
        assert!(matches!(others, Err(Outcome::NotFound)), "evidence is the two sides'");
        let guest = Actor { role: Role::Guest, ..watched.officer.clone() };
        assert!(app.concern(&guest, id).await.is_ok());
        let opened = app.concern_document(&guest, id, document).await;
        assert!(matches!(opened, Err(Outcome::Forbidden(Action::SeeHomeFiles))), "{opened:?}");
        let back = SendActionBack { id, version: 3, number: 1, why: "One door only.".into() };
        assert!(matches!(watched.by(&watched.other, back.clone()).await, Err(Outcome::NotFound)));
        watched.by(&watched.officer, back).await.unwrap();
        watched.by(&watched.manager, CompleteAction { version: 4, brought: None, ..complete }).await.unwrap();
        watched.by(&watched.officer, close(5, ConcernOutcome::PutRight)).await.unwrap();
        assert_eq!(watched.effect(Criterion::Monitoring).await.0, Effect::Nothing);
    })
    .await;
}

#[tokio::test]
async fn a_concern_gives_cause_for_a_measure_that_a_person_confirms() {
    both(async |database| {
        let watched = watched(&database).await;
        let raise = RaiseConcern {
            urn: "SC400001".into(),
            theme: Theme::Safety,
            severity: Severity::High,
            words: "Children were left alone.".into(),
        };
        let id = last(&watched.by(&watched.officer, raise).await.unwrap());
        let propose = ProposeForConcern { id, standing: Standing::OnWatch };
        assert!(matches!(watched.by(&watched.officer, propose.clone()).await, Err(Outcome::Forbidden(_))));
        let measure = last(&watched.lead(propose).await.unwrap());
        let found = watched.given.app.region_measure(&watched.given.lead, measure).await.unwrap().measure;
        assert_eq!((found.reason, found.state.name()), (StandingReason::Safeguarding, "proposed"));
        let page = watched.given.app.concern(&watched.given.lead, id).await.unwrap();
        assert_eq!(page.measures.len(), 1);
        let others = watched.by(&watched.given.other, ProposeForConcern { id, standing: Standing::Suspended }).await;
        assert!(matches!(others, Err(Outcome::NotFound)), "another region keeps other homes");
    })
    .await;
}

#[tokio::test]
async fn a_grave_concern_about_safety_is_proposed_at_once_as_a_suspension_that_holds_and_a_person_confirms() {
    both(async |database| {
        let watched = watched(&database).await;
        let (app, lead) = (&watched.given.app, &watched.given.lead);
        let raise = |urn: &str, theme, severity| RaiseConcern {
            urn: urn.into(),
            theme,
            severity,
            words: "Children were left alone.".into(),
        };
        let measures = async || {
            app.do_due_jobs().await.unwrap();
            app.region_measures(lead).await.unwrap()
        };
        watched.by(&watched.officer, raise("SC400001", Theme::Safety, Severity::Medium)).await.unwrap();
        watched.by(&watched.officer, raise("SC400001", Theme::Staffing, Severity::High)).await.unwrap();
        assert_eq!(measures().await, [], "a person looks at these");
        let grave = raise("SC400001", Theme::Safety, Severity::High);
        let id = last(&watched.by(&watched.officer, grave.clone()).await.unwrap());
        let proposed = measures().await;
        let [one] = proposed.as_slice() else { panic!("{proposed:?}") };
        assert_eq!((one.standing, one.reason), (Standing::Suspended, StandingReason::Safeguarding));
        assert!(one.holds() && one.source.concern == Some(id), "{one:?}");
        let ties = app.concern(lead, id).await.unwrap().measures;
        assert_eq!(ties, [one.id], "the concern says what it gave cause for");
        let facts = app.home_page(lead, "SC400001").await.unwrap();
        assert_eq!((facts.facts.standing, facts.held.len()), (Standing::Good, 1), "held, and not yet in force");
        watched.by(&watched.other, grave).await.unwrap();
        assert_eq!(measures().await.len(), 1, "a second concern while it waits proposes no second");
        let page = app.region_measure(lead, one.id.0).await.unwrap();
        let with = (one.id.0, page.measure.version, page.seen());
        app.confirm_measure(lead, "confirm", with).await.unwrap();
        app.homes.forget().await;
        let facts = app.home_page(lead, "SC400001").await.unwrap().facts;
        assert_eq!(facts.standing, Standing::Suspended);
    })
    .await;
}
