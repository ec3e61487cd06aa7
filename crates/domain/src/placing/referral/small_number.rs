//! Whether an anonymous profile is too identifying: how many other children of the authority it could be about.
//!
//! Fewer than five is a warning with what to leave out; the officer may send all the same, and says so.

use crate::homes::home::{Need, NeedSet, Sex};
use crate::placing::child::AgeBand;

use super::profile::Profile;

/// Below this many, a child could be recognised (the small-number rule).
pub const FEWEST: usize = 5;

coded! {
    /// A part of the profile by which a child can be told from others.
    Trait {
        AgeBand "age_band" "age";
        Sex "sex" "sex";
        District "district" "district";
        RareNeed "rare_need" "the rarest need";
        Siblings "siblings" "siblings together";
    }
}

/// The parts of one child's profile that tell it from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    /// Age band.
    pub age_band: Option<AgeBand>,
    /// Sex.
    pub sex: Option<Sex>,
    /// District.
    pub district: Option<String>,
    /// All needs.
    pub needs: NeedSet,
    /// Siblings to be placed together with.
    pub siblings: u8,
}

impl Traits {
    /// The traits of a profile.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self {
            age_band: profile.age_band(),
            sex: profile.sex,
            district: profile.from.as_ref().map(ToString::to_string),
            needs: profile.needs(),
            siblings: profile.standard.sibling_count.unwrap_or_default(),
        }
    }
}

/// The warning: how many other children the profile fits, and how many it would fit without each trait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooIdentifying {
    /// Other children that the profile fits.
    pub fits: usize,
    /// What to leave out, the most helpful first, with how many children it would fit then.
    pub without: Vec<(Trait, usize)>,
    /// The rarest need, where there is one.
    pub rarest: Option<Need>,
}

/// Compares a profile with those of other children that the authority has placed or searched for.
/// `None` where it fits at least [`FEWEST`] of them.
#[must_use]
pub fn too_identifying(this: &Traits, others: &[Traits]) -> Option<TooIdentifying> {
    let rarest = this.needs.iter().min_by_key(|need| others.iter().filter(|other| other.needs.has(*need)).count());
    let fits = |left_out: Option<Trait>| {
        others
            .iter()
            .filter(|other| {
                Trait::ALL.iter().filter(|part| Some(**part) != left_out).all(|part| same(*part, this, other, rarest))
            })
            .count()
    };
    let all = fits(None);
    if all >= FEWEST {
        return None;
    }
    let mut without: Vec<(Trait, usize)> =
        Trait::ALL.iter().map(|part| (*part, fits(Some(*part)))).filter(|(_, count)| *count > all).collect();
    without.sort_by_key(|(part, count)| (core::cmp::Reverse(*count), *part));
    Some(TooIdentifying { fits: all, without, rarest })
}

fn same(part: Trait, this: &Traits, other: &Traits, rarest: Option<Need>) -> bool {
    match part {
        Trait::AgeBand => this.age_band.is_none() || this.age_band == other.age_band,
        Trait::Sex => this.sex.is_none() || this.sex == other.sex,
        Trait::District => this.district.is_none() || this.district == other.district,
        Trait::RareNeed => rarest.is_none_or(|need| other.needs.has(need)),
        Trait::Siblings => this.siblings == 0 || this.siblings == other.siblings,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn child(district: &str, needs: &[Need]) -> Traits {
        Traits {
            age_band: Some(AgeBand::From13To15),
            sex: Some(Sex::Female),
            district: Some(district.to_owned()),
            needs: needs.iter().copied().collect(),
            siblings: 0,
        }
    }

    #[test]
    fn rule_5_6_a_profile_that_fits_five_other_children_is_anonymous_enough() {
        let others = vec![child("HR4", &[Need::GoingMissing]); 5];
        assert_eq!(too_identifying(&child("HR4", &[Need::GoingMissing]), &others), None);
        assert_eq!(too_identifying(&child("HR4", &[Need::GoingMissing]), &others[..4]).map(|w| w.fits), Some(4));
    }

    #[test]
    fn rule_5_6_the_warning_says_what_to_leave_out_and_how_many_it_would_fit_then() {
        let mut others = vec![child("HR1", &[Need::Bsl, Need::GoingMissing]); 7];
        others.extend(vec![child("HR4", &[Need::GoingMissing]); 2]);
        let warning = too_identifying(&child("HR4", &[Need::Bsl, Need::GoingMissing]), &others).unwrap();
        assert_eq!(warning.fits, 0);
        assert_eq!(warning.without, [(Trait::District, 7), (Trait::RareNeed, 2)]);
        assert_eq!(warning.rarest, Some(Need::Bsl));
    }

    #[test]
    fn an_authority_with_no_other_children_on_record_is_always_warned() {
        assert_eq!(too_identifying(&child("HR4", &[]), &[]).map(|w| (w.fits, w.without.len())), Some((0, 0)));
    }
}
