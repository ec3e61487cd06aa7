//! What a person saw listed of a measure, in one word, and what has changed since: by authority, and of what.

use placewell_domain::homes::standing::measure::Affected;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::Organisation;
use placewell_domain::outcome::Refusal;

/// A list in one word, which goes with the form and comes back with it.
pub(super) fn digest<'a>(listed: impl Iterator<Item = &'a Affected>) -> String {
    let one = |of: &Affected| {
        format!("{}:{}-{}-{}-{}-{}", of.authority, of.referrals, of.offers, of.approvals, of.beds, of.placements)
    };
    listed.map(one).collect::<Vec<_>>().join(".")
}

/// The list that a word was made from; what cannot be read was never listed.
fn listed_in(seen: &str) -> Vec<Affected> {
    let one = |part: &str| {
        let (authority, counts) = part.split_once(':')?;
        let authority = OrganisationId(authority.parse().ok()?);
        let mut counts = counts.split('-').map(str::parse::<u32>);
        let mut next = || counts.next()?.ok();
        Some(Affected {
            authority,
            referrals: next()?,
            offers: next()?,
            approvals: next()?,
            beds: next()?,
            placements: next()?,
        })
    };
    seen.split('.').filter_map(one).collect()
}

/// Refused where another list stands now than was seen: what has changed is named, and the next list is the present one.
pub(super) fn as_seen(authorities: &[Organisation], seen: &str, now: &[Affected]) -> Result<(), Refusal> {
    if seen == digest(now.iter()) {
        return Ok(());
    }
    Err(Refusal::new(
        "list_changed",
        "A measure is confirmed by somebody who has seen all that follows",
        "What follows has changed since the list was opened, so nothing is confirmed.",
        "You, by reading the list as it is now and confirming it",
    )
    .found(changed(authorities, &listed_in(seen), now)))
}

fn changed(authorities: &[Organisation], before: &[Affected], now: &[Affected]) -> String {
    let of = |list: &[Affected], id: OrganisationId| {
        list.iter().find(|one| one.authority == id).copied().unwrap_or(Affected::none(id))
    };
    let mut all = Vec::new();
    for authority in authorities {
        let (was, is) = (of(before, authority.id), of(now, authority.id));
        let counts = [
            ("open referrals", was.referrals, is.referrals),
            ("open offers", was.offers, is.offers),
            ("approvals", was.approvals, is.approvals),
            ("nominated beds", was.beds, is.beds),
            ("live placements", was.placements, is.placements),
        ];
        let others = counts.iter().filter(|(_, was, is)| was != is);
        let others: Vec<String> = others.map(|(what, was, is)| format!("{what} {was}, now {is}")).collect();
        if !others.is_empty() {
            all.push(format!("{}: {}", authority.name, others.join("; ")));
        }
    }
    all.join(". ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use placewell_domain::office::organisation::OrganisationKind;

    fn authority(id: i64, name: &str) -> Organisation {
        Organisation {
            id: OrganisationId(id),
            code: name.to_uppercase(),
            name: name.to_owned(),
            kind: OrganisationKind::Authority,
            area: None,
            placing_body: None,
        }
    }

    #[test]
    fn what_has_changed_since_a_list_was_seen_is_named_by_authority() {
        let all = [authority(1, "Herefordshire"), authority(2, "Shropshire"), authority(3, "Telford")];
        let seen = [
            Affected { offers: 2, approvals: 1, ..Affected::none(OrganisationId(1)) },
            Affected { placements: 7, ..Affected::none(OrganisationId(3)) },
        ];
        let word = digest(seen.iter());
        assert_eq!(listed_in(&word), seen);
        assert!(as_seen(&all, &word, &seen).is_ok());
        let now = [Affected { offers: 3, ..seen[0] }, Affected { referrals: 1, ..Affected::none(OrganisationId(2)) }];
        let refusal = as_seen(&all, &word, &now).unwrap_err();
        assert_eq!(refusal.code, "list_changed");
        assert_eq!(
            refusal.value,
            "Herefordshire: open offers 2, now 3. Shropshire: open referrals 0, now 1. Telford: live placements 7, now 0"
        );
        let none = as_seen(&all, "another list", &seen).unwrap_err();
        assert!(none.value.starts_with("Herefordshire: open offers 0, now 2; approvals 0, now 1"), "{}", none.value);
    }
}
