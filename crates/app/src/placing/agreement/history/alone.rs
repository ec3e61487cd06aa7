//! A stay that is brought in alone, in a bed that is known.

use std::collections::HashMap;

use placewell_domain::id::{BedId, PersonId};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::power::annual_value::Route;
use placewell_exchange::placing::agreement::HistoryRow;
use placewell_store::Work;
use placewell_store::placing::agreement::history::SourceRow;

use super::{Books, held, one, said};
use crate::answer::Answer;

/// One stay in a bed that is known, by a route of its own, brought in within the transaction.
pub(crate) async fn bring_in_at(
    by: PersonId,
    work: &mut Work,
    row: HistoryRow,
    (bed, route): (BedId, Route),
) -> Answer<Agreement> {
    let rows = [row];
    let [row] = &rows;
    let mut books = Books::open(by, work, &rows).await?;
    books.route = Some(route);
    for (_, beds) in books.homes.values_mut() {
        beds.retain(|one| one.id == bed);
    }
    Invalid { errors: books.check(row, work.moment().today()) }.or(())?;
    let text = said(row)?;
    let source = SourceRow { source: &row.source_reference, child: &row.child_reference, said: &text };
    let agreement = one(work, &mut books, &mut HashMap::new(), (row, source)).await?;
    books.record(work);
    held(work, &agreement, by).await?;
    Ok(agreement)
}
