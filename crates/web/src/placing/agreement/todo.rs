//! What agreements ask somebody to do, as a list, and the confirmation that a route of a referral was left out.

use axum::extract::Path;
use placewell_app::placing::agreement::{Todo, TodoLine};
use placewell_app::placing::referral::ConfirmSkips;
use placewell_domain::office::access::{Action, may};
use placewell_domain::placing::agreement::Attention;
use placewell_pages::placing::agreement::{ConfirmSkip, TodoRow, confirm_skip as skip_page, todo as todo_page};
use placewell_pages::words;

use super::asks::wanted;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, see};

/// How much is to do, for those who can do it.
pub(super) async fn count(signed: &Signed) -> Result<Option<u64>, Failure> {
    if !may(signed.actor.role, Action::DecideAgreement) {
        return Ok(None);
    }
    let lines = signed.app().agreement_worklist(&signed.actor).await.or_fail(signed)?;
    Ok(Some(u64::try_from(lines.len()).unwrap_or_default()))
}

pub(super) async fn list(signed: &Signed) -> Answered {
    let lines = signed.app().agreement_worklist(&signed.actor).await.or_fail(signed)?;
    let rows: Vec<TodoRow> = lines.iter().map(row).collect();
    Ok(page(&todo_page(signed.shell(), &rows)))
}

fn row(line: &TodoLine) -> TodoRow {
    let since = || format!("Since {}", words::date(line.since));
    let (what, when) = match &line.todo {
        Todo::Agreement(Attention::Unsigned { .. }) => {
            ("The start has come and both sides have not signed".to_owned(), since())
        }
        Todo::Agreement(Attention::Rolled { .. }) => {
            ("The end passed and rolled by 28 days: review it, or record that the child has left".to_owned(), since())
        }
        Todo::Agreement(Attention::Said(said)) => (
            format!("{} confirms in writing: {}", line.who, said.act.label()),
            format!("By {}", words::moment(said.confirm_by)),
        ),
        Todo::Agreement(Attention::StepDown(due)) => {
            (format!("Step-down review of support that stops on {}", words::date(due.ends)), since())
        }
        Todo::Agreement(Attention::Asked(asked)) => (format!("The provider asks. {}", wanted(&asked.wanted)), since()),
        Todo::Skip(said) => (
            format!("{} confirms in writing that a route is left out", line.who),
            format!("By {}", words::moment(said.confirm_by)),
        ),
    };
    TodoRow {
        reference: line.reference.clone(),
        href: line.path.clone(),
        home: line.home.clone(),
        what,
        when,
        red: line.red,
    }
}

pub(super) async fn ask_skip(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = signed.app().referral_record(&signed.actor, &reference).await.or_fail(&signed)?;
    let mine = found
        .referral
        .plan
        .left_out
        .iter()
        .filter(|left| left.said.as_ref().is_some_and(|said| said.waits() && said.by == signed.actor.person));
    let view = ConfirmSkip {
        reference: found.referral.reference.to_string(),
        version: found.referral.version,
        key: signed.new_key(),
        routes: mine.map(|left| format!("{}: {}", left.tier.label(), left.reason.label())).collect(),
    };
    Ok(page(&skip_page(signed.shell(), &view)))
}

pub(super) async fn confirm_skip(Path(reference): Path<String>, submitted: Submitted) -> Answered {
    let Submitted { signed, fields, key } = submitted;
    let command = ConfirmSkips { reference, version: fields.version() };
    let receipt = signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?;
    Ok(see(&receipt))
}
