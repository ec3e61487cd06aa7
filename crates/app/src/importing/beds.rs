//! Closures of one bed in different parts of a file. A part is checked without a trace, so that the next finds nothing of it:
//! what earlier parts close is held against it here, as it will be when they go in.

use std::collections::HashMap;

use placewell_domain::homes::home::Urn;
use placewell_domain::id::{OrganisationId, UploadId};
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_exchange::homes::home::lines;
use placewell_store::Work;
use placewell_store::keys::RecordKey;

use super::read;
use crate::answer::Answer;
use crate::office::import::StagedRow;

/// A bed as a row names it: its home, and what the home calls it.
type Named = (Urn, String);

/// What a row closes; none where it cannot be used.
fn closes(row: &StagedRow) -> Option<(Named, Nights)> {
    if row.is_wrong() {
        return None;
    }
    let line = read(&lines::BEDS, row, lines::bed).ok()?;
    let nights = Nights::new(line.from, line.until.unwrap_or(OPEN_END))?;
    Some(((line.urn, line.bed.to_lowercase()), nights))
}

/// What the rows of a part close, bed by bed, each with its place among them.
fn closures(rows: &[StagedRow]) -> HashMap<Named, Vec<(usize, Nights)>> {
    let mut found: HashMap<Named, Vec<(usize, Nights)>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some((bed, nights)) = closes(row) {
            found.entry(bed).or_default().push((at, nights));
        }
    }
    found
}

/// Tells each row of a part that closes a bed on nights on which a row of an earlier part closes it.
pub(crate) async fn hold_against_earlier(
    work: &Work,
    whose: (OrganisationId, UploadId),
    part: i64,
    key: &RecordKey,
    rows: &mut [StagedRow],
) -> Answer<()> {
    let own = closures(rows);
    if own.is_empty() {
        return Ok(());
    }
    for before in 0..part {
        let earlier: Vec<StagedRow> = work.part_rows(whose, before, key).await?;
        for row in &earlier {
            let Some((bed, nights)) = closes(row) else { continue };
            for (at, _) in own.get(&bed).into_iter().flatten().filter(|(_, of)| of.overlap(nights).is_some()) {
                if let Some(of) = rows.get_mut(*at).filter(|of| !of.is_wrong()) {
                    let words = format!("Row {} takes this bed out of service on some of these nights.", row.row);
                    of.errors.push(("out_from".to_owned(), words));
                }
            }
        }
    }
    Ok(())
}
