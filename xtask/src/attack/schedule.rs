//! Who is attacked by what, in which order and for how long, so that all of it ends in the time that was given.

use std::collections::VecDeque;
use std::time::Duration;

/// With less than this, an attacker hardly begins to ask.
const ENOUGH: Duration = Duration::from_mins(1);
/// With less than this left, none is begun any more.
const LEAST: Duration = Duration::from_secs(20);
/// How many attack side by side where time is short.
const LANES: usize = 2;

/// One attacker as one person, by their places in the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    pub person: usize,
    pub tool: usize,
    /// Whether it had a turn before, and asked nothing.
    pub again: bool,
}

/// What is still to be done.
pub struct Schedule {
    waiting: VecDeque<Pair>,
    /// How many attack at once.
    pub lanes: usize,
}

impl Schedule {
    /// Everybody meets one attacker before anybody meets two: where time runs out, it is missing for all alike.
    pub fn new(people: usize, tools: usize, whole: Duration) -> Self {
        let turns = (0..tools).flat_map(|round| (0..people).map(move |person| (person, (person + round) % tools)));
        let waiting: VecDeque<Pair> = turns.map(|(person, tool)| Pair { person, tool, again: false }).collect();
        let lanes = if share(whole, 1, waiting.len()) < ENOUGH { LANES } else { 1 };
        Self { waiting, lanes }
    }

    /// The next turn and how long it may take; none where all had theirs or the time is over.
    pub fn take(&mut self, left: Duration) -> Option<(Pair, Duration)> {
        if left < LEAST {
            return None;
        }
        let most = share(left, self.lanes, self.waiting.len()).max(ENOUGH).min(left);
        Some((self.waiting.pop_front()?, most))
    }

    /// Another turn, after all others, for a pair that asked nothing.
    pub fn again(&mut self, pair: Pair) {
        self.waiting.push_back(Pair { again: true, ..pair });
    }

    /// The pairs that wait for a turn.
    pub fn waiting(&self) -> impl Iterator<Item = &Pair> {
        self.waiting.iter()
    }
}

/// How long each turn may take where as many as that run at once.
fn share(left: Duration, lanes: usize, turns: usize) -> Duration {
    let of = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    left.saturating_mul(of(lanes)) / of(turns).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const PEOPLE: usize = 17;
    const TOOLS: usize = 3;

    /// The pairs that have a turn where each takes all of its time, and when the last of them ends.
    fn played(minutes: u64) -> (Vec<Pair>, Duration, usize) {
        let whole = Duration::from_mins(minutes);
        let mut schedule = Schedule::new(PEOPLE, TOOLS, whole);
        let (mut made, mut free) = (Vec::new(), vec![Duration::ZERO; schedule.lanes]);
        loop {
            free.sort();
            let Some((pair, most)) = schedule.take(whole.saturating_sub(free[0])) else { break };
            made.push(pair);
            free[0] += most;
        }
        (made, free.into_iter().max().unwrap_or_default(), schedule.lanes)
    }

    #[test]
    fn every_attacker_meets_every_person_and_all_of_it_ends_in_time() {
        for (minutes, lanes) in [(30, 2), (26, 2), (60, 1), (600, 1)] {
            let (made, ended, at_once) = played(minutes);
            let pairs: BTreeSet<(usize, usize)> = made.iter().map(|pair| (pair.person, pair.tool)).collect();
            assert_eq!((made.len(), pairs.len()), (PEOPLE * TOOLS, PEOPLE * TOOLS), "{minutes}");
            assert!(ended <= Duration::from_mins(minutes), "{minutes}: {ended:?}");
            assert_eq!(at_once, lanes, "{minutes}");
        }
    }

    #[test]
    fn where_time_is_short_everybody_meets_one_attacker_for_long_enough_before_anybody_meets_two() {
        let (made, ended, _) = played(9);
        assert!(made.len() < PEOPLE * TOOLS && ended <= Duration::from_mins(9), "{} {ended:?}", made.len());
        let first: BTreeSet<usize> = made.iter().take(PEOPLE).map(|pair| pair.person).collect();
        assert_eq!(first.len(), PEOPLE);
        let tools: BTreeSet<usize> = made.iter().take(PEOPLE).map(|pair| pair.tool).collect();
        assert_eq!(tools.len(), TOOLS);
        let (_, most) = Schedule::new(PEOPLE, TOOLS, Duration::from_mins(9)).take(Duration::from_mins(9)).unwrap();
        assert_eq!(most, ENOUGH);
        assert!(played(0).0.is_empty());
    }

    #[test]
    fn a_pair_that_asked_nothing_has_another_turn_after_all_others() {
        let mut schedule = Schedule::new(2, 1, Duration::from_mins(10));
        let (first, _) = schedule.take(Duration::from_mins(10)).unwrap();
        schedule.again(first);
        let next = std::iter::from_fn(|| schedule.take(Duration::from_mins(5))).map(|(pair, _)| pair);
        let next: Vec<Pair> = next.collect();
        assert_eq!(next, [Pair { person: 1, tool: 0, again: false }, Pair { person: 0, tool: 0, again: true }]);
    }
}
