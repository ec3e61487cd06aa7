//! Groups that can be told: names that are large enough stand alone, the rest together, and the smallest name joins the rest
//! until the rest can be told too, so that no total gives away what is left out (rule 9.1).

use std::collections::BTreeMap;

/// What stands behind a figure, to be told or not.
pub trait Group: Sized {
    /// Both together.
    #[must_use]
    fn with(&self, other: &Self) -> Self;
    /// Whether so much stands behind it that it tells of nobody.
    fn enough(&self) -> bool;
    /// Whether anything stands behind it.
    fn holds_any(&self) -> bool;
    /// How large it is: the smallest joins the rest first.
    fn size(&self) -> (usize, usize);
}

/// The names that can stand alone, and the rest together.
pub fn split<K: Ord + Copy, G: Group>(named: BTreeMap<K, G>, mut rest: G) -> (BTreeMap<K, G>, G) {
    let mut alone = BTreeMap::new();
    for (name, group) in named {
        if group.enough() {
            alone.insert(name, group);
        } else {
            rest = rest.with(&group);
        }
    }
    while rest.holds_any() && !rest.enough() {
        let smallest = alone.iter().min_by_key(|(name, group)| (group.size(), **name));
        let Some(name) = smallest.map(|(name, _)| *name) else { break };
        if let Some(group) = alone.remove(&name) {
            rest = rest.with(&group);
        }
    }
    (alone, rest)
}
