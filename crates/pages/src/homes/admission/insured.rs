//! The insurances that an evaluation rests on: the cover of each and its last day as they were seen, and until when it holds
//! by what the provider keeps since.

use jiff::civil::Date;
use placewell_domain::homes::admission::insured::Insured;

use super::evaluation::holds_until;
use crate::components::{Cell, Colour, Column, Row, Table, Tag};
use crate::words;

/// Their table.
pub(super) fn insurances(all: &[Insured], today: Date) -> Table {
    Table::new("Insurances of the provider")
        .column(Column::text("Insurance"))
        .column(Column::number("Cover of each claim"))
        .column(Column::number("Asked for at least"))
        .column(Column::text("Last day as it was seen"))
        .column(Column::text("Holds until"))
        .column(Column::text("Today"))
        .rows(all.iter().map(|one| {
            let known = one.seen.is_some() || one.until.is_some();
            Row::new(one.kind.label())
                .cell(one.cover.map_or_else(|| Cell::from("Not recorded"), Cell::money))
                .cell(Cell::money(one.asked))
                .cell(one.seen.map_or_else(|| "Not recorded".to_owned(), words::date))
                .cell(if known { holds_until(one.seen, one.until) } else { "Not known".to_owned() })
                .cell(stands(one, known, today))
        }))
}

fn stands(one: &Insured, known: bool, today: Date) -> Tag {
    if !known {
        Tag::new("Not known", Colour::Grey)
    } else if one.until.is_some_and(|until| until < today) {
        Tag::new("Expired", Colour::Orange)
    } else if one.cover.is_some_and(|cover| cover < one.asked) {
        Tag::new("Less than asked for", Colour::Red)
    } else {
        Tag::new("Holds", Colour::Green)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::samples::samples;

    #[test]
    fn an_authority_reads_the_cover_and_the_last_day_of_each_insurance_that_it_relies_on() {
        let all = samples();
        let (_, page) = all.iter().find(|(name, _)| *name == "an evaluation that an authority relies on").unwrap();
        for words in ["Insurances of the provider", "£10,000,000", "1 September 2021", "£2,000,000", "31 March 2022"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(page.contains("Expired") && page.contains("Not recorded"), "{page}");
        let (_, early) = all.iter().find(|(name, _)| *name == "gates to judge").unwrap();
        assert!(!early.contains("Insurances of the provider"), "nothing is judged yet");
    }
}
