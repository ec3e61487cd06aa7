//! Scores are blind before moderation is open, on both databases: whatever the application tells anybody but their author holds
//! none of them. The same is asked of the author, and once more when moderation is open, where it does hold them: so that a
//! silence is known to be one. And the database itself shows the rows to nobody before, without any condition of a query.

use placewell_app::homes::admission::evaluating::{DeclareInterest, NameEvaluator, OpenModeration, SaveScores};
use placewell_app::homes::admission::seat::ReleaseEvaluator;
use placewell_domain::homes::admission::evaluation::Evaluation;
use placewell_domain::homes::admission::score::{Mark, ReleaseReason};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both_filled;

use super::evaluation::{Given, PRIYA, marks, perform};

const COLLEAGUE: &str = "amir.hallowes@herefordshire.example";
const SHROPSHIRE: &str = "placements1@shropshire.example";
const WALSALL: &str = "director@walsall.example";
/// What an evaluator wrote who was released, and their colleague of the same authority.
const RELEASED: &str = "Qzreleased saw no plan for the night";
const COLLEAGUES: &str = "Qzcolleague saw a plan for the night";

fn declare(of: &Evaluation) -> DeclareInterest {
    DeclareInterest { evaluation: of.id, conflict: false, words: String::new() }
}

fn scores(of: &Evaluation, comment: &str, hand_in: bool) -> SaveScores {
    let with = |mark: Mark| Mark { comment: comment.to_owned(), ..mark };
    let marks = marks(of, 4).into_iter().map(with).collect();
    SaveScores { evaluation: of.id, version: 0, marks, hand_in }
}

/// All that the application tells somebody of an evaluation, written out; and the record of their organisation.
async fn told(given: &Given, reader: &Actor, of: &Evaluation) -> String {
    let app = &given.app;
    let mut all = vec![
        format!("{:?}", app.evaluation_page(reader, of.id).await.ok()),
        format!("{:?}", app.scoring_page(reader, of.id).await.ok()),
        format!("{:?}", app.evaluations(reader).await.ok()),
        format!("{:?}", app.own_evaluations(reader).await.ok()),
    ];
    let session = app.store.read(Some(reader.organisation)).await.unwrap();
    all.push(format!("{:?}", session.opened_sheets(of.id).await.unwrap()));
    all.push(format!("{:?}", session.panel_steps(of.id).await.unwrap()));
    all.push(format!("{:?}", session.timeline(reader.organisation, "evaluation", of.id.0).await.unwrap()));
    all.join("\n")
}

/// How many sheets the database shows to an organisation, asked for all of them.
async fn rows(given: &Given, reader: OrganisationId) -> i64 {
    let session = given.app.store.read(Some(reader)).await.unwrap();
    let seen = session.rows_seen().await.unwrap();
    seen.into_iter().find(|one| one.table == "score_sheet").unwrap().rows
}

async fn open(given: &Given, of: &Evaluation) {
    let version = given.again(of).await.version;
    perform(&given.app, &given.lead, OpenModeration { evaluation: of.id, version }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_their_author_reads_scores_before_moderation_a_colleague_in_the_same_seat_as_little() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (app, lead) = (&given.app, &given.lead);
        let of = given.evaluation("scoring").await;
        let (priya, amir) = (given.actor(PRIYA).await, given.actor(COLLEAGUE).await);
        let (shropshire, walsall) = (given.actor(SHROPSHIRE).await, given.actor(WALSALL).await);
        assert!(of.panel.iter().any(|one| one.person == shropshire.person), "another authority's evaluator");
        let blind = async |words: &str, readers: &[&Actor]| {
            for reader in readers {
                let read = told(&given, reader, &of).await;
                assert!(read.contains(&of.provider_name), "{} reads the evaluation", reader.name);
                assert!(!read.contains(words), "{} reads: {words}", reader.name);
            }
        };
        perform(app, &priya, declare(&of)).await.unwrap();
        perform(app, &priya, scores(&of, RELEASED, false)).await.unwrap();
        assert!(told(&given, &priya, &of).await.contains(RELEASED), "her own, by the same questions");
        blind(RELEASED, &[&amir, &shropshire, &walsall, lead]).await;

        // A colleague takes the seat: in the same authority, and in the same evaluation.
        let release = ReleaseEvaluator {
            evaluation: of.id,
            version: of.version,
            person: priya.person,
            reason: ReleaseReason::Left,
        };
        perform(app, lead, release).await.unwrap();
        let name = NameEvaluator { evaluation: of.id, version: of.version + 1, email: COLLEAGUE.to_owned() };
        perform(app, lead, name).await.unwrap();
        perform(app, &amir, declare(&of)).await.unwrap();
        blind(RELEASED, &[&amir, &shropshire, &walsall, lead]).await;
        perform(app, &amir, scores(&of, COLLEAGUES, true)).await.unwrap();
        assert!(told(&given, &amir, &of).await.contains(COLLEAGUES), "his own");
        blind(COLLEAGUES, &[&priya, &shropshire, &walsall, lead]).await;
        perform(app, &shropshire, declare(&of)).await.unwrap();
        perform(app, &shropshire, scores(&of, "As the returns show", true)).await.unwrap();
        blind(COLLEAGUES, &[&priya, &shropshire, &walsall, lead]).await;

        // Five sheets: those of the panel's four, and hers, who was released.
        let readers = [lead.organisation, priya.organisation, shropshire.organisation, walsall.organisation];
        let mut before = Vec::new();
        for reader in readers.into_iter().chain([of.provider]) {
            before.push((reader, rows(&given, reader).await));
        }
        open(&given, &of).await;
        for ((reader, before), new) in before.into_iter().zip([5, 3, 4, 5, 0]) {
            assert_eq!(rows(&given, reader).await - before, new, "{reader:?}: rows that were kept from it");
        }
        for reader in [lead, &priya, &amir, &shropshire] {
            let page = app.evaluation_page(reader, of.id).await.unwrap();
            assert_eq!(page.sheets.len(), 4, "in moderation the panel reads all: {}", reader.name);
            assert!(told(&given, reader, &of).await.contains(COLLEAGUES), "{}", reader.name);
        }
        blind(RELEASED, &[&amir, &shropshire, &walsall, lead]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evaluation_in_moderation_shows_the_panel_all_four_sheets_and_a_provider_none() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (moderating, priya) = (given.moderated().await, given.actor(PRIYA).await);
        for (reader, sheets) in [(priya.organisation, 4), (given.lead.organisation, 4), (moderating.provider, 0)] {
            let session = given.app.store.read(Some(reader)).await.unwrap();
            assert_eq!(session.opened_sheets(moderating.id).await.unwrap().len(), sheets, "{reader:?}");
        }
    })
    .await;
}
