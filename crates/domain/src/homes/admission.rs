//! A home's dated admission to a lot of the arrangement. A home is admitted lot by lot; a later end keeps the past.
//!
//! Admission is a fact with dates: what held on a day is answered by the facts of that day (rule 1.8).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::homes::home::Home;
use crate::id::{ArrangementId, HomeId};
use crate::nights::OPEN_END;
use crate::outcome::Refusal;
use crate::power::arrangement::Arrangement;

pub mod application;
pub mod carried;
pub mod criteria;
pub mod evaluation;
pub mod evidence;
pub mod ground;
pub mod insured;
pub mod opening;
pub mod outcome;
pub mod question;
pub mod registration;
pub mod score;
pub mod selection;
pub mod standstill;

/// Who keeps admissions.
const WHO: &str = "Commissioning lead of the regional team";

coded! {
    /// Why an admission ended.
    AdmissionEnd {
        /// The provider withdrew the home from the lot.
        Withdrawn => "withdrawn", "withdrawn by the provider";
        /// The region removed it.
        Removed => "removed", "removed by the region";
        /// The home left the register.
        NotRegistered => "not_registered", "no longer registered";
        /// The arrangement's term ended.
        TermEnded => "term_ended", "the arrangement ended";
        /// It was sold to a provider that is not in the arrangement.
        NewProvider => "new_provider", "moved to a provider that is not admitted";
    }
}

impl AdmissionEnd {
    /// Whether the regional team takes a home off a lot for it by itself. What the region does to a home, or what happened to
    /// it, goes by a measure: what follows is listed, a person confirms it, and evidence ends it.
    #[must_use]
    pub const fn by_itself(self) -> bool {
        matches!(self, Self::Withdrawn | Self::TermEnded)
    }
}

/// One home's time on one lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The home.
    pub home: HomeId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The lot's code in the arrangement, such as `therapeutic`.
    pub lot: String,
    /// The first day.
    pub from: Date,
    /// The day after the last; [`OPEN_END`] while it goes on.
    pub until: Date,
    /// Why it ended, where it has.
    pub ended: Option<AdmissionEnd>,
}

impl Admission {
    /// Admits a home to a lot from a day on: the lot is one of the arrangement's, the day lies in its term, the home is on
    /// the register, and it is not on that lot already.
    pub fn admit(
        home: &Home,
        arrangement: &Arrangement,
        held: &[Self],
        lot: &str,
        from: Date,
    ) -> Result<Self, Refusal> {
        lot_of(arrangement, lot)?;
        arrangement.lot_is_open(lot, from)?;
        home.may_admit()?;
        let (start, end) = (arrangement.term.start, arrangement.term.longest_end());
        if from < start || from > end {
            return Err(Refusal::new(
                "outside_term",
                "A home is admitted within the term of the arrangement",
                format!(
                    "{} cannot be admitted from {}: the arrangement runs from {} to {}.",
                    home.name,
                    long_date(from),
                    long_date(start),
                    long_date(end)
                ),
                WHO,
            )
            .found(long_date(from)));
        }
        if let Some(already) = held.iter().find(|one| one.home == home.id && one.lot == lot && one.until > from) {
            return Err(Refusal::new(
                "one_admission",
                "A home is admitted to a lot once at a time",
                format!("{} is already on this lot on some of those days.", home.name),
                WHO,
            )
            .found(already.days()));
        }
        Ok(Self { home: home.id, arrangement: arrangement.id, lot: lot.to_owned(), from, until: OPEN_END, ended: None })
    }

    /// From when to when it is on the lot, in the field's words.
    fn days(&self) -> String {
        let from = format!("on it from {}", long_date(self.from));
        if self.until == OPEN_END { from } else { format!("{from}, off it from {}", long_date(self.until)) }
    }

    /// Whether the home is on the lot on this day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && day < self.until
    }
}

/// The lot of this code; refused where the arrangement has none.
pub fn lot_of(arrangement: &Arrangement, lot: &str) -> Result<(), Refusal> {
    if arrangement.lot(lot).is_some() {
        return Ok(());
    }
    // By name, with the code that a program sends.
    let lots: Vec<String> = arrangement.lots.iter().map(|one| format!("{} ({})", one.name, one.code)).collect();
    Err(Refusal::new(
        "unknown_lot",
        "A home is admitted to a lot of the arrangement",
        format!("The arrangement has no lot \"{lot}\". Its lots are: {}.", lots.join(", ")),
        WHO,
    )
    .found(lot))
}

/// The admission to the lot, given by its code and its name, that still goes on; refused where the home is not on it.
pub fn going_on<'a>(
    admissions: &'a [Admission],
    home: &Home,
    (lot, named): (&str, &str),
) -> Result<&'a Admission, Refusal> {
    let found = admissions.iter().find(|one| one.home == home.id && one.lot == lot && one.until == OPEN_END);
    found.ok_or_else(|| not_on_lot(home, named))
}

/// Refused where a home is to leave a lot, given by its name, for a reason that is a measure's.
pub fn leaves_by_itself(home: &Home, named: &str, why: AdmissionEnd) -> Result<(), Refusal> {
    if why.by_itself() {
        return Ok(());
    }
    Err(Refusal::new(
        "leaves_by_measure",
        "A home is removed by a measure: what follows is listed first, a person confirms it, and evidence ends it",
        format!("{} is not taken off lot {named} by hand: {}.", home.name, why.label()),
        "You, by proposing a measure about the home: removed, with its reason and where that can be read",
    )
    .found(why.label()))
}

/// Refused where a child is to be placed through the arrangement and the home is not on the lot, given by its code and its
/// name, on the start.
pub fn placed_on_lot(
    admissions: &[Admission],
    home: &Home,
    (lot, named): (&str, &str),
    start: Date,
) -> Result<(), Refusal> {
    if admitted_on(admissions, home.id, lot, start).is_some() {
        return Ok(());
    }
    let found = match left_by(admissions, home.id, lot, start) {
        Some(left) => format!("off the lot from {}", long_date(left.until)),
        None => format!("not admitted to lot {named}"),
    };
    Err(Refusal::new(
        "not_on_the_lot",
        "A child is placed through the arrangement at a home that is on the lot on the start",
        format!("{} is not on lot {named} on {}, so no child is placed there by it.", home.name, long_date(start)),
        format!("{WHO}, who admits homes"),
    )
    .found(found))
}

/// The home is not on the lot of this name.
pub(crate) fn not_on_lot(home: &Home, named: &str) -> Refusal {
    Refusal::new(
        "not_on_lot",
        "Only a home on the lot has a tendered price there, or leaves it",
        format!("{} is not on lot {named}.", home.name),
        WHO,
    )
    .found(named)
}

/// The admission by which the home is on this lot on this day.
#[must_use]
pub fn admitted_on<'a>(admissions: &'a [Admission], home: HomeId, lot: &str, day: Date) -> Option<&'a Admission> {
    admissions.iter().find(|one| one.home == home && one.lot == lot && one.holds_on(day))
}

/// The latest admission to the lot that had ended by this day: "the home has left the arrangement" (rule 3.6).
#[must_use]
pub fn left_by<'a>(admissions: &'a [Admission], home: HomeId, lot: &str, day: Date) -> Option<&'a Admission> {
    if admitted_on(admissions, home, lot, day).is_some() {
        return None;
    }
    admissions.iter().filter(|one| one.home == home && one.lot == lot && one.until <= day).max_by_key(|one| one.until)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::authority::AreaCode;
    use crate::clock::Moment;
    use crate::homes::home::{RegisterEntry, Sector};
    use crate::id::OrganisationId;
    use crate::power::arrangement::{Lot, Term};
    use jiff::civil::date;

    fn admission(from: Date, until: Date) -> Admission {
        Admission {
            home: HomeId(1),
            arrangement: ArrangementId(1),
            lot: "planned".to_owned(),
            from,
            until,
            ended: (until != OPEN_END).then_some(AdmissionEnd::Withdrawn),
        }
    }

    fn home() -> Home {
        let entry = RegisterEntry {
            provider: OrganisationId(7),
            area: AreaCode::parse("E06000019").unwrap(),
            sector: Sector::Private,
            places: 2,
            short_breaks_only: false,
            suspended: false,
            registered_on: None,
        };
        let local = date(2021, 9, 13).at(10, 20, 0, 0);
        let moment = Moment { at: "2021-09-13T09:20:00Z".parse().unwrap(), local };
        Home::register(HomeId(1), OrganisationId(1), "SC400001".parse().unwrap(), entry, moment).into_parts().0
    }

    pub(super) fn arrangement() -> Arrangement {
        let lot = |code: &str| Lot { code: code.to_owned(), name: format!("Lot {code}"), description: String::new() };
        Arrangement {
            id: ArrangementId(1),
            version: 1,
            slug: "fca".to_owned(),
            title: "FCA".to_owned(),
            lead: "Lead".to_owned(),
            term: Term { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: 36, steps: vec![] },
            lots: vec![lot("planned"), lot("crisis")],
            terms: vec![],
            specification: vec![],
            windows: vec![],
            participants: vec![],
            ahead: crate::power::arrangement::Ahead::default(),
        }
    }

    #[test]
    fn a_home_is_admitted_to_a_lot_of_the_arrangement_within_its_term_and_once_at_a_time() {
        let (home, arrangement) = (home(), arrangement());
        let admit = |held: &[Admission], lot: &str, from| Admission::admit(&home, &arrangement, held, lot, from);
        let made = admit(&[], "planned", date(2021, 10, 1)).unwrap();
        assert_eq!(
            (made.lot.as_str(), made.from, made.until, made.ended),
            ("planned", date(2021, 10, 1), OPEN_END, None)
        );
        let code = |answer: Result<Admission, Refusal>| answer.unwrap_err().code;
        let unknown = admit(&[], "therapeutic", date(2021, 10, 1)).unwrap_err();
        assert_eq!(unknown.code, "unknown_lot");
        assert!(unknown.sentence.ends_with("Its lots are: Lot planned (planned), Lot crisis (crisis)."), "{unknown:?}");
        let early = admit(&[], "planned", date(2018, 12, 14)).unwrap_err();
        assert_eq!((early.code.as_str(), early.value.as_str()), ("outside_term", "14 December 2018"));
        assert!(early.sentence.contains("runs from 15 December 2018 to"), "{}", early.sentence);
        assert_eq!(code(admit(&[], "planned", date(2024, 12, 15))), "outside_term");
        let held = admit(std::slice::from_ref(&made), "planned", date(2019, 1, 1)).unwrap_err();
        assert_eq!((held.code.as_str(), held.value.as_str()), ("one_admission", "on it from 1 October 2021"));
        assert!(admit(&[made], "crisis", date(2021, 10, 1)).is_ok());
        let left = [admission(date(2018, 12, 15), date(2020, 4, 1))];
        assert!(admit(&left, "planned", date(2020, 4, 1)).is_ok(), "a home that has left may come back");
    }

    #[test]
    fn rule_1_5_a_home_that_has_left_the_register_is_not_admitted() {
        let closed = home().leave_register(date(2021, 9, 1)).unwrap().into_parts().0;
        let answer = Admission::admit(&closed, &arrangement(), &[], "planned", date(2021, 10, 1));
        assert_eq!(answer.unwrap_err().code, "not_registered");
    }

    #[test]
    fn only_an_admission_that_goes_on_can_end() {
        let home = home();
        let ended = [admission(date(2018, 12, 15), date(2020, 4, 1))];
        assert_eq!(going_on(&ended, &home, ("planned", "Planned")).unwrap_err().code, "not_on_lot");
        let open = [admission(date(2018, 12, 15), OPEN_END)];
        assert!(going_on(&open, &home, ("planned", "Planned")).is_ok());
        let off = going_on(&open, &home, ("crisis", "Same day")).unwrap_err();
        assert_eq!((off.code.as_str(), off.value.as_str()), ("not_on_lot", "Same day"), "as the arrangement calls it");
        assert!(off.sentence.ends_with("is not on lot Same day."), "{}", off.sentence);
    }

    #[test]
    fn a_home_is_removed_by_a_measure_and_withdraws_by_itself() {
        let home = home();
        for why in [AdmissionEnd::Withdrawn, AdmissionEnd::TermEnded] {
            assert!(leaves_by_itself(&home, "Planned", why).is_ok(), "{}", why.code());
        }
        for why in AdmissionEnd::ALL.iter().copied().filter(|one| !one.by_itself()) {
            assert_eq!(
                leaves_by_itself(&home, "Planned", why).unwrap_err().code,
                "leaves_by_measure",
                "{}",
                why.code()
            );
        }
        assert!(!AdmissionEnd::Removed.by_itself() && !AdmissionEnd::NotRegistered.by_itself());
    }

    #[test]
    fn a_child_is_placed_at_a_home_that_is_on_the_lot_on_the_start() {
        let home = home();
        let facts = [admission(date(2018, 12, 15), date(2021, 10, 1))];
        let on = |lot, day| placed_on_lot(&facts, &home, (lot, "Same day"), day).map_err(|no| (no.code, no.value));
        assert_eq!(on("planned", date(2021, 9, 30)), Ok(()));
        let left = ("not_on_the_lot".to_owned(), "off the lot from 1 October 2021".to_owned());
        assert_eq!(on("planned", date(2021, 10, 1)), Err(left));
        let never = ("not_on_the_lot".to_owned(), "not admitted to lot Same day".to_owned());
        assert_eq!(on("crisis", date(2021, 9, 30)), Err(never));
    }

    #[test]
    fn rule_1_8_admission_is_answered_by_the_facts_of_the_day() {
        let facts = [admission(date(2018, 12, 15), date(2020, 4, 1)), admission(date(2021, 1, 1), OPEN_END)];
        let on = |day| admitted_on(&facts, HomeId(1), "planned", day).is_some();
        assert!(!on(date(2018, 12, 14)));
        assert!(on(date(2018, 12, 15)) && on(date(2020, 3, 31)));
        assert!(!on(date(2020, 4, 1)) && !on(date(2020, 12, 31)));
        assert!(on(date(2021, 9, 13)));
        assert!(admitted_on(&facts, HomeId(1), "crisis", date(2021, 9, 13)).is_none());
    }

    #[test]
    fn rule_3_6_a_home_that_has_left_the_lot_is_told_from_one_that_was_never_on_it() {
        let facts = [admission(date(2018, 12, 15), date(2020, 4, 1))];
        assert!(left_by(&facts, HomeId(1), "planned", date(2020, 4, 1)).is_some());
        assert!(left_by(&facts, HomeId(1), "planned", date(2020, 3, 31)).is_none());
        assert!(left_by(&facts, HomeId(2), "planned", date(2021, 1, 1)).is_none());
    }
}
