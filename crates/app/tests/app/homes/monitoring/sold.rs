//! A home that is sold while something goes on about it, on both databases: whoever has it now reads it, answers it and is told.

use placewell_app::homes::price::RecordPrice;
use placewell_app::homes::price::uplift::{AskUplift, DecideUplift};
use placewell_app::homes::standing::Reinstate;
use placewell_app::homes::standing::register::bring_in;
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::price::uplift::{CostKind, CostLine, Ruling, UpliftBasis, UpliftOutcome};
use placewell_domain::homes::standing::measure::Reinstatement;
use placewell_domain::money::Pence;
use placewell_exchange::homes::home::read;

use super::*;

/// The register in which SC400001 is Ash Care's.
const SOLD: &str = "URN,Provision type,Registration status,Government Office Region,Local authority,Sector,Places,Organisation\n\
    SC400001,Children's home,Active,West Midlands,Herefordshire,Private,2,Ash Care\n\
    SC400002,Children's home,Active,West Midlands,Shropshire,Private,3,Elm Care\n\
    SC400003,Children's home,Active,West Midlands,Shropshire,Private,3,Ash Care\n";

async fn sold(watched: &Watched) {
    let app = &watched.given.app;
    app.calendar.move_to(date(2021, 9, 14).at(9, 0, 0, 0));
    let mut work = app.store.begin(watched.given.lead.organisation, app.calendar.now()).await.unwrap();
    bring_in(&mut work, &mut read(SOLD.as_bytes(), "West Midlands"), date(2021, 9, 10)).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    app.do_due_jobs().await.unwrap();
}

fn raise() -> RaiseConcern {
    let (theme, severity) = (Theme::Staffing, Severity::Medium);
    RaiseConcern { urn: "SC400001".into(), theme, severity, words: "Two posts are vacant".into() }
}

/// A measure about the home because of a concern, in force.
async fn measured(watched: &Watched, concern: i64) -> i64 {
    let app = &watched.given.app;
    let id = last(&watched.lead(ProposeForConcern { id: concern, standing: Standing::OnWatch }).await.unwrap());
    app.do_due_jobs().await.unwrap();
    let seen = app.region_measure(&watched.given.lead, id).await.unwrap().seen();
    app.confirm_measure(&watched.given.lead, "confirm", (id, 1, seen)).await.unwrap();
    id
}

#[tokio::test]
async fn what_goes_on_about_a_home_that_is_sold_is_its_new_providers_to_read_and_to_answer() {
    both(async |database| {
        let watched = watched(&database).await;
        let app = &watched.given.app;
        watched.lead(OpenRound { quarter: SPRING }).await.unwrap();
        let (of, _) = watched.own_return().await;
        let by_region = last(&watched.lead(raise()).await.unwrap());
        let by_authority = last(&watched.by(&watched.officer, raise()).await.unwrap());
        let measure = measured(&watched, by_region).await;
        sold(&watched).await;

        let own = async |actor: &Actor| {
            let all = app.own_measures(actor).await.unwrap();
            all.into_iter().map(|one| one.id.0).collect::<Vec<_>>()
        };
        assert_eq!((own(&watched.rival).await, own(&watched.manager).await), (vec![measure], vec![]));
        let save = SaveReturn { id: of, version: 2, filled: Filled::default() };
        assert!(matches!(watched.by(&watched.manager, save.clone()).await, Err(Outcome::NotFound)));
        watched.by(&watched.rival, save).await.unwrap();
        for id in [by_region, by_authority] {
            let action = NewAction { what: "Recruit".into(), owner: Owner::Manager, due: date(2021, 10, 1) };
            let plan = PlanAction { id, version: 2, action };
            assert!(matches!(watched.by(&watched.manager, plan.clone()).await, Err(Outcome::NotFound)));
            watched.by(&watched.rival, plan).await.unwrap();
        }
        let (evidence, link) = (Reinstatement::QualityVisit, Some("https://region.example/visit".to_owned()));
        watched.lead(Reinstate { measure, version: 3, evidence, link }).await.unwrap();
        app.do_due_jobs().await.unwrap();
        let region = watched.given.lead.organisation;
        let mails = app.store.read(Some(region)).await.unwrap().mails(region, 500).await.unwrap();
        let told: Vec<&str> = mails
            .iter()
            .filter(|mail| mail.subject.contains("reinstated") && mail.recipient.starts_with("p80"))
            .map(|mail| mail.recipient.as_str())
            .collect();
        assert_eq!(told, ["p802@example.com"], "who has the home, and not who had it");
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test]
async fn a_rise_that_was_asked_for_a_home_is_decided_no_more_once_the_home_is_sold() {
    both(async |database| {
        let watched = watched(&database).await;
        let (urn, lot) = ("SC400001".to_owned(), "planned".to_owned());
        let weekly = Some(Pence::pounds(4_000));
        let (line, from) = (LineKind::Core, BEGAN);
        watched
            .lead(RecordPrice { urn: urn.clone(), lot: lot.clone(), line, from, until: None, weekly })
            .await
            .unwrap();
        let ask = AskUplift {
            urn,
            lot,
            line,
            basis: UpliftBasis::OpenBook,
            percent: None,
            weekly: Some(Pence::pounds(4_500)),
            from: date(2021, 10, 4),
            words: "The pay award".into(),
            costs: vec![CostLine { kind: CostKind::Staff, was: Pence::pounds(2_000), now: Pence::pounds(3_000) }],
        };
        let uplift = last(&watched.by(&watched.manager, ask).await.unwrap());
        sold(&watched).await;
        let page = watched.given.app.uplift_page(&watched.given.lead, uplift).await.unwrap();
        assert_eq!((page.uplift.state.name(), page.uplift.version), ("withdrawn", 2));
        let (outcome, reasons) = (UpliftOutcome::Refused, "Sold".to_owned());
        let ruling = Ruling { outcome, weekly: None, from: None, reasons };
        let decided = watched.lead(DecideUplift { uplift, version: 2, ruling }).await;
        assert!(matches!(decided, Err(Outcome::Refused(refusal)) if refusal.code == "uplift_state"));
        let region = watched.given.lead.organisation;
        let mails = watched.given.app.store.read(Some(region)).await.unwrap().mails(region, 500).await.unwrap();
        let told = mails.iter().filter(|mail| mail.subject.ends_with("falls away"));
        assert_eq!(told.map(|mail| mail.recipient.as_str()).collect::<Vec<_>>(), ["p801@example.com"]);
    })
    .await;
}
