//! Why a home, and why not: one line per criterion with its verdict, evidence, source and date. Written only for the
//! homes that are shown, from the same columns that decided.

use jiff::civil::Date;
use placewell_domain::authority::DistanceClass;
use placewell_domain::homes::home::{Grade, Home, HomeState, Need};
use placewell_domain::nights::plus_days;
use placewell_domain::place::{Located, MilesTenths, Precision, miles_tenths};
use placewell_domain::placing::referral::Tier;

use super::columns::{Index, day_of};
use super::facts::{HomeFacts, home_precision};
use super::reason::{Reason, ReasonSet};
use super::search::{Found, Ready};
use super::{AreaLimit, Wanted};

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// Registration with Ofsted.
    Registration,
    /// Restriction notices.
    Restriction,
    /// Ofsted's grade.
    Grade,
    /// The region's standing.
    Standing,
    /// Registered ages.
    Age,
    /// Registered sex.
    Sex,
    /// Short breaks only or not.
    ShortBreaks,
    /// The lot and the tier.
    Lot,
    /// Places to avoid.
    PlaceToAvoid,
    /// The distance.
    Distance,
    /// The area in the sense of regulation 11.
    Area,
    /// A bed free from the day, for the nights wanted.
    Bed,
    /// A need of the child.
    Need(Need),
}

impl Criterion {
    /// The stored code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Restriction => "restriction",
            Self::Grade => "grade",
            Self::Standing => "standing",
            Self::Age => "age",
            Self::Sex => "sex",
            Self::ShortBreaks => "short_breaks",
            Self::Lot => "lot",
            Self::PlaceToAvoid => "place_to_avoid",
            Self::Distance => "distance",
            Self::Area => "area",
            Self::Bed => "bed",
            Self::Need(need) => need.code(),
        }
    }

    /// The words on the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Restriction => "restriction notice",
            Self::Grade => "Ofsted grade",
            Self::Standing => "standing in the arrangement",
            Self::Age => "registered ages",
            Self::Sex => "registered for girls or boys",
            Self::ShortBreaks => "longer stays",
            Self::Lot => "route",
            Self::PlaceToAvoid => "places to avoid",
            Self::Distance => "distance",
            Self::Area => "area authority",
            Self::Bed => "bed free",
            Self::Need(need) => need.label(),
        }
    }
}

/// How a home answers a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It does.
    Meets,
    /// It does not, and is listed all the same.
    DoesNotMeet,
    /// Nothing is known.
    Unknown,
    /// It does not, and is left out for it.
    LeftOut,
}

impl Verdict {
    /// The words on the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Meets => "Meets",
            Self::DoesNotMeet => "Does not meet",
            Self::Unknown => "Not known",
            Self::LeftOut => "Left out",
        }
    }
}

/// One line of a home's trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub criterion: Criterion,
    /// The answer.
    pub verdict: Verdict,
    /// What was found, in words.
    pub evidence: String,
    /// Where that is known from.
    pub source: &'static str,
    /// The day as of which it was known.
    pub as_of: Option<Date>,
}

const REGISTER: &str = "Ofsted's register";
const PURPOSE: &str = "statement of purpose";
const BEDS: &str = "beds as the provider keeps them";

impl Index {
    /// Every line of one home for this search, hard gates first, then each need.
    #[must_use]
    pub fn lines(&self, row: usize, wanted: &Wanted, found: &Found) -> Vec<Line> {
        let (Some(facts), Some(reasons)) = (self.facts.get(row), found.reasons.get(row)) else { return Vec::new() };
        let ready = Ready::new(self, wanted);
        let writer = Writer { facts, reasons: *reasons, wanted };
        let mut lines = writer.gates();
        lines.push(writer.lot(ready.tier(row)));
        lines.push(writer.avoid());
        lines.extend(writer.distance(ready.distance(row, wanted.origin)));
        lines.push(writer.area(ready.class(row)));
        let from = day_of(self.as_of, wanted.needed_on);
        let next = ready.gaps(wanted).next(row, from, i32::from(wanted.least_nights));
        let next = next.map(|days| plus_days(self.as_of, i64::from(days)));
        lines.push(writer.bed(if ready.vacancies().contains(&row) { Some(wanted.needed_on) } else { next }));
        lines.extend(writer.needs());
        lines
    }
}

struct Writer<'a> {
    facts: &'a HomeFacts,
    reasons: ReasonSet,
    wanted: &'a Wanted,
}

impl Writer<'_> {
    /// The verdict of a criterion that is either met or a reason to be left out.
    fn gate(
        &self,
        criterion: Criterion,
        reason: Reason,
        evidence: String,
        source: &'static str,
        as_of: Option<Date>,
    ) -> Line {
        let verdict = if self.reasons.has(reason) { Verdict::LeftOut } else { Verdict::Meets };
        Line { criterion, verdict, evidence, source, as_of }
    }

    fn gates(&self) -> Vec<Line> {
        let (facts, today) = (self.facts, Some(self.facts.as_of));
        let registration = match facts.home.state {
            HomeState::Registered { since: Some(since) } => format!("registered since {since}"),
            HomeState::Registered { since: None } => "registered".to_owned(),
            HomeState::Suspended { since } => format!("registration suspended, seen {since}"),
            HomeState::Closed { on } => format!("not on the register by {on}"),
        };
        let restriction =
            facts.restricted_since.map_or("none in force".to_owned(), |since| format!("in force since {since}"));
        let standing = facts.standing_because.map_or_else(
            || facts.standing.label().to_owned(),
            |(since, reason)| format!("{} since {since}: {}", facts.standing.label(), reason.label()),
        );
        let mut lines = vec![
            self.gate(Criterion::Registration, Reason::NotRegistered, registration, REGISTER, today),
            self.gate(Criterion::Restriction, Reason::RestrictionNotice, restriction, "Ofsted's notices", today),
            self.grade(),
            self.gate(Criterion::Standing, Reason::StandingLost, standing, "regional team", today),
            self.age(),
        ];
        lines.extend(self.sex());
        if facts.home.short_breaks_only {
            let evidence = "gives short breaks only".to_owned();
            lines.push(self.gate(Criterion::ShortBreaks, Reason::ShortBreaks, evidence, REGISTER, today));
        }
        lines
    }

    fn grade(&self) -> Line {
        let out = self.reasons.has(Reason::Inadequate) || self.reasons.has(Reason::BelowGrade);
        let (verdict, evidence) = match (out, self.facts.graded_on) {
            (true, _) => (Verdict::LeftOut, self.facts.grade.label().to_owned()),
            (false, _) if self.facts.grade == Grade::Inadequate => {
                (Verdict::Meets, "Inadequate; exempted by the director of children's services".to_owned())
            }
            (false, Some(_)) => (Verdict::Meets, self.facts.grade.label().to_owned()),
            (false, None) => (Verdict::Unknown, "not yet inspected".to_owned()),
        };
        Line { criterion: Criterion::Grade, verdict, evidence, source: "full inspection", as_of: self.facts.graded_on }
    }

    fn age(&self) -> Line {
        let as_of = self.facts.home.purpose_as_of;
        let Some(ages) = self.facts.home.ages else {
            return unknown(Criterion::Age, "the home has not said", PURPOSE);
        };
        let evidence = format!("ages {} to {}; the child is {}", ages.from, ages.to, self.wanted.age);
        self.gate(Criterion::Age, Reason::Age, evidence, PURPOSE, as_of)
    }

    fn sex(&self) -> Option<Line> {
        self.wanted.sex?;
        let as_of = self.facts.home.purpose_as_of;
        Some(self.facts.home.sex.map_or_else(
            || unknown(Criterion::Sex, "the home has not said", PURPOSE),
            |sex| self.gate(Criterion::Sex, Reason::Sex, sex.label().to_owned(), PURPOSE, as_of),
        ))
    }

    fn lot(&self, tier: Tier) -> Line {
        let named = &self.wanted.lot_named;
        let place = self.facts.lots.iter().find(|place| place.lot == self.wanted.lot);
        let evidence = match (tier, place) {
            (Tier::InHouse, _) => "the authority's own home".to_owned(),
            (Tier::MiniBlock, _) => {
                let own = self.facts.blocks.iter().find(|block| block.vacant_for(self.wanted));
                format!("a vacancy of mini-block {}", own.map_or("", |block| block.reference.as_str()))
            }
            (Tier::Fca, Some(place)) => format!("on lot {named} since {}", place.from),
            (_, Some(place)) => format!("on lot {named} only from {}", place.from),
            (_, None) => format!("not on lot {named}; would be a spot purchase"),
        };
        self.gate(
            Criterion::Lot,
            Reason::TierLeftOut,
            evidence,
            "admissions of the arrangement",
            Some(self.facts.as_of),
        )
    }

    fn avoid(&self) -> Line {
        if self.facts.home.postcode.is_none()
            && !self.wanted.avoid.is_empty()
            && !self.reasons.has(Reason::PlaceToAvoid)
        {
            return unknown(
                Criterion::PlaceToAvoid,
                "in no area to avoid; its district is not known",
                "home's postcode",
            );
        }
        let evidence = if self.reasons.has(Reason::PlaceToAvoid) { "in a place to avoid" } else { "in none" };
        let source = "the referral's places to avoid";
        self.gate(Criterion::PlaceToAvoid, Reason::PlaceToAvoid, evidence.to_owned(), source, Some(self.facts.as_of))
    }

    fn distance(&self, distance: Option<MilesTenths>) -> Option<Line> {
        self.wanted.origin?;
        let source = if self.facts.home.postcode.is_some() { "home's postcode" } else { "middle of the home's area" };
        let Some(distance) = distance else {
            return Some(unknown(Criterion::Distance, "the home's place is not known", source));
        };
        let limit = self
            .wanted
            .limit_tenths
            .map_or(String::new(), |limit| format!("; limit {} miles", MilesTenths(limit).one_decimal()));
        let from = self.wanted.origin_known.map_or("a place chosen", end_words);
        let to = self.facts.precision().map_or("the middle of the home's area", end_words);
        let words = distance_words(self.wanted, self.facts, distance);
        let evidence = format!("{words}, from {from} to {to}{limit}");
        Some(self.gate(Criterion::Distance, Reason::TooFar, evidence, source, Some(self.facts.as_of)))
    }

    fn area(&self, class: DistanceClass) -> Line {
        let evidence = match self.wanted.areas {
            AreaLimit::Any => class.words().to_owned(),
            AreaLimit::Own | AreaLimit::Adjoining => {
                format!("{}; searched: {}", class.words(), self.wanted.areas.label())
            }
        };
        self.gate(
            Criterion::Area,
            Reason::AreaLeftOut,
            evidence,
            "area authority from the register",
            Some(self.facts.as_of),
        )
    }

    fn bed(&self, next: Option<Date>) -> Line {
        let reasons = [Reason::NoBedFree, Reason::SoloResident, Reason::OthersLiveThere, Reason::SoloNotOffered];
        let blocked = reasons.into_iter().find(|reason| self.reasons.has(*reason));
        let when = next.map_or("no date known".to_owned(), |day| format!("free from {day}"));
        let (verdict, evidence) = match blocked {
            Some(reason) => (Verdict::LeftOut, format!("{}; {when}", reason.label())),
            None => (Verdict::Meets, format!("{when}, for {} nights or more", self.wanted.least_nights)),
        };
        let evidence = match self.later() {
            Some(later) => format!("{evidence}; {later}"),
            None => evidence,
        };
        let as_of = self.facts.home.beds_confirmed_on.or(Some(self.facts.as_of));
        Line { criterion: Criterion::Bed, verdict, evidence, source: BEDS, as_of }
    }

    /// A bed of the authority's own mini-block that another one is asked about first, and by when it comes to this one.
    fn later(&self) -> Option<String> {
        let (own, blocks) = (self.wanted.authority, &self.facts.blocks);
        if blocks.iter().any(|place| place.vacant_for(self.wanted)) {
            return None;
        }
        blocks.iter().filter(|place| place.free_for(self.wanted)).find_map(|place| {
            let (_, by) = place.later.iter().find(|(area, _)| *area == own)?;
            let by = by.strftime("%-d %B %Y, %H:%M");
            Some(format!(
                "a bed of mini-block {} comes to the authority by {by}, unless another takes it",
                place.reference
            ))
        })
    }

    fn needs(&self) -> impl Iterator<Item = Line> {
        let (answers, as_of) = (self.facts.home.answers, self.facts.home.purpose_as_of);
        let wanted = (self.wanted.needs, self.wanted.essential);
        Need::ALL.iter().copied().filter(move |need| wanted.0.has(*need) || wanted.1.has(*need)).map(move |need| {
            let (verdict, evidence) = match answers.to(need) {
                Some(true) => (Verdict::Meets, "says yes"),
                Some(false) if wanted.1.has(need) => (Verdict::LeftOut, "says no; essential for this child"),
                Some(false) => (Verdict::DoesNotMeet, "says no"),
                None => (Verdict::Unknown, "does not say"),
            };
            Line { criterion: Criterion::Need(need), verdict, evidence: evidence.to_owned(), source: PURPOSE, as_of }
        })
    }
}

fn unknown(criterion: Criterion, evidence: &str, source: &'static str) -> Line {
    Line { criterion, verdict: Verdict::Unknown, evidence: evidence.to_owned(), source, as_of: None }
}

/// A distance in words: to the tenth of a mile only where both ends are known by their full postcode, else "about".
#[must_use]
pub fn distance_words(wanted: &Wanted, facts: &HomeFacts, distance: MilesTenths) -> String {
    let exact = [wanted.origin_known, facts.precision()].iter().all(|end| *end == Some(Precision::Postcode));
    miles_words(exact, distance)
}

/// A distance from a place to a home, with how closely each end is known.
#[must_use]
pub fn distance_between(from: Located, home: &Home) -> Option<String> {
    let known = home_precision(home);
    let exact = [Some(from.precision), known].iter().all(|end| *end == Some(Precision::Postcode));
    let words = miles_words(exact, miles_tenths(from.point, home.point?));
    let to = known.map_or("the middle of the home's area", end_words);
    Some(format!("{words}, from {} to {to}", end_words(from.precision)))
}

fn miles_words(exact: bool, distance: MilesTenths) -> String {
    match (exact, distance.whole()) {
        (true, _) => format!("{} miles (straight line)", distance.one_decimal()),
        (false, 0) => distance.to_string(),
        (false, _) => format!("about {distance}"),
    }
}

/// One end of a distance, as closely as it is known.
const fn end_words(precision: Precision) -> &'static str {
    match precision {
        Precision::Postcode => "the full postcode",
        Precision::Sector => "the centre of the postcode sector",
        Precision::Outcode => "the centre of the first half of the postcode",
    }
}
