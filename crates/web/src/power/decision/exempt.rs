//! The exempt part of a decision: read and recorded by the authority's own officers, never published.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use placewell_app::power::decision::RecordExempt;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{ExemptParagraph, ExemptWords};
use placewell_pages::form::Typed;
use placewell_pages::power::decision::{ExemptLineView, ExemptView, exempt_page};

use super::officer::records;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page_with, see};

pub(super) async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let key = signed.new_key();
    shown(&signed, &reference, &key, (&Typed::default(), &Invalid::default()), StatusCode::OK).await
}

async fn shown(
    signed: &Signed,
    reference: &str,
    key: &str,
    typed: (&Typed, &Invalid),
    status: StatusCode,
) -> Result<Response, Failure> {
    let found = signed.app().exempt_part(&signed.actor, reference).await.or_fail(signed)?;
    let line =
        |one: placewell_app::power::decision::ExemptLine| ExemptLineView { words: one.words, by: one.by, at: one.at };
    let view = ExemptView {
        reference: found.decision.reference,
        title: found.decision.page.title,
        version: found.decision.version,
        lines: found.lines.into_iter().map(line).collect(),
        records: may(signed.actor.role, Action::RecordDecision),
    };
    Ok(page_with(status, &exempt_page(signed.shell(), &view, key, typed)))
}

fn read(reference: &str, fields: &Fields) -> Result<RecordExempt, Invalid> {
    let mut invalid = Invalid::default();
    let (reference, version) = (reference.to_owned(), fields.version());
    if fields.get("paragraph") == "none" {
        return Ok(RecordExempt { reference, version, words: None });
    }
    let ask = "Choose the paragraph of Schedule 12A relied on";
    let paragraph = fields.choice("paragraph", ExemptParagraph::from_code, ask, &mut invalid);
    let what = fields.text("what", 2_000, "Enter what is exempt, like Appendix B: tendered prices", &mut invalid);
    let ask = "Enter why the public interest in exempting it is the greater one";
    let reason = fields.text("public_interest", 2_000, ask, &mut invalid);
    let words = paragraph.map(|paragraph| ExemptWords { what, paragraph, reason });
    invalid.or(RecordExempt { reference, version, words })
}

pub(super) async fn record(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    records(&signed)?;
    match signed.attempt(&key, read(&reference, &fields)).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => {
            let typed = Typed::new(fields.pairs().to_vec());
            shown(&signed, &reference, &key, (&typed, &invalid), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
