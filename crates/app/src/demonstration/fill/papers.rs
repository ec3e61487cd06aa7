//! Documents of the story: what goes with the search that is compared today, and what the home of the tour's agreement was
//! given. Invented, and short: plain PDF pages made here.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::answer::Answer;
use crate::command::App;
use crate::demonstration::authorities::PARTS;
use crate::demonstration::people::officers;
use crate::demonstration::story::Told;
use crate::office::document::Brought;
use crate::placing::agreement::papers::AddAgreementDocument;
use crate::placing::referral::papers::AddReferralDocument;

/// The search whose offers are compared today.
const COMPARED: &str = "HEF-R-0042";

/// Adds them, as the officer whose search it is.
pub(super) async fn write(app: &Arc<App>, told: &Told) -> Answer<()> {
    let Some(part) = PARTS.iter().find(|part| part.code == "HEF") else { return Ok(()) };
    let officer = app.actor_by_email(&officers(part)[0]).await?;
    let care = page(&[
        "Care plan, reviewed 6 September 2021 (invented)",
        "Outcomes: school every day; a steady evening; contact with grandmother on Sundays.",
        "What helps: one key worker, and being told of changes a day before.",
    ]);
    let school = page(&[
        "Education, health and care plan: summary (invented)",
        "Provision: small group, reading support twice a week, a quiet room at lunch.",
    ]);
    for (at, (name, content)) in (1..).zip([("Care plan.pdf", care), ("EHC plan summary.pdf", school)]) {
        let add = AddReferralDocument { reference: COMPARED.to_owned(), brought: Brought::checked(name, content)? };
        app.perform(&officer, &format!("demonstration paper {at}"), add).await?;
    }
    let plan = page(&[
        "Placement plan, agreed 19 August 2021 (invented)",
        "Who does what: the home registers with the doctor; the authority pays for travel to school.",
    ]);
    let brought = Brought::checked("Placement plan.pdf", plan)?;
    let add = AddAgreementDocument { reference: told.agreement.clone(), brought };
    app.perform(&officer, "demonstration paper of the stay", add).await?;
    Ok(())
}

/// One page of lines as a PDF, with a table of where its five objects stand.
pub(super) fn page(lines: &[&str]) -> Vec<u8> {
    let mut text = String::from("BT /F 11 Tf 56 780 Td 16 TL");
    for line in lines {
        let line = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        // Writing to a String cannot fail.
        let _ = write!(text, " ({line}) Tj T*");
    }
    text.push_str(" ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F 4 0 R >> >> >>"
            .to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut starts = Vec::with_capacity(objects.len());
    for (number, object) in (1..).zip(&objects) {
        starts.push(out.len());
        let _ = write!(out, "{number} 0 obj\n{object}\nendobj\n");
    }
    let table = out.len();
    let _ = write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for start in starts {
        let _ = writeln!(out, "{start:010} 00000 n ");
    }
    let _ = write!(out, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    out.into_bytes()
}
