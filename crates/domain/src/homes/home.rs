//! A children's home: the unit that is matched, by its Ofsted URN. Its registration, whom it is registered for, what its
//! statement of purpose says, and where it is.
//!
//! The area authority comes from the register, never from the postcode (rule 1.6). The postcode comes from the provider
//! and is never published; the register redacts it.

use core::fmt;
use core::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::authority::AreaCode;
use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{BedId, HomeId, OrganisationId};
use crate::outcome::{Invalid, Refusal};
use crate::place::{Point, Postcode};

pub mod alert;
pub mod history;
pub mod inspection;
pub mod link;
pub mod named;
pub mod need;
pub mod owner;
pub mod paper;
pub mod voice;

pub use inspection::{Grade, Inspection, InspectionKind};
pub use need::{Need, NeedAnswers, NeedSet};

/// An Ofsted unique reference number, such as `SC392492` or `1155768`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Urn(String);

/// The text is not a unique reference number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAUrn;

impl fmt::Display for NotAUrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an Ofsted URN such as SC392492 or 1155768")
    }
}

impl FromStr for Urn {
    type Err = NotAUrn;

    fn from_str(text: &str) -> Result<Self, NotAUrn> {
        let upper = text.trim().to_ascii_uppercase();
        let digits = ["SC", "SA", "EY"].iter().find_map(|prefix| upper.strip_prefix(prefix)).unwrap_or(&upper);
        let plain = (5..=8).contains(&digits.len()) && digits.chars().all(|digit| digit.is_ascii_digit());
        if plain { Ok(Self(upper)) } else { Err(NotAUrn) }
    }
}

impl TryFrom<String> for Urn {
    type Error = NotAUrn;
    fn try_from(text: String) -> Result<Self, NotAUrn> {
        text.parse()
    }
}

impl From<Urn> for String {
    fn from(urn: Urn) -> Self {
        urn.0
    }
}

impl Urn {
    /// The number as Ofsted writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

coded! {
    /// For which children a home is registered, or a child's sex where one child is meant.
    Sex {
        /// Girls.
        Female => "female", "girls";
        /// Boys.
        Male => "male", "boys";
    }
}

coded! {
    /// The sex for which a home is registered.
    RegisteredSex {
        /// Girls and boys.
        Any => "any", "girls and boys";
        /// Girls only.
        Female => "female", "girls only";
        /// Boys only.
        Male => "male", "boys only";
    }
}

impl RegisteredSex {
    /// Whether a child of this sex is within the registration.
    #[must_use]
    pub const fn admits(self, child: Sex) -> bool {
        matches!((self, child), (Self::Any, _) | (Self::Female, Sex::Female) | (Self::Male, Sex::Male))
    }
}

/// Ages for which a home is registered, both ends among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ages {
    /// The youngest age in whole years.
    pub from: u8,
    /// The oldest age in whole years, at most 18.
    pub to: u8,
}

impl Ages {
    /// Ages `from` to `to`; names the field that is wrong.
    pub fn new(from: u8, to: u8) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        if to > 18 {
            invalid.add("age_to", "Enter the oldest age as 18 or less. A children's home cares for children");
        }
        if from > to {
            invalid.add("age_from", "Enter a youngest age that is not above the oldest age");
        }
        invalid.or(Self { from, to })
    }

    /// Whether a child of this age in whole years is within them.
    #[must_use]
    pub const fn admit(self, age: u8) -> bool {
        self.from <= age && age <= self.to
    }
}

coded! {
    /// Who owns the home, as the register groups owners.
    Sector {
        /// A company.
        Private => "private", "Private";
        /// A council's own home.
        LocalAuthority => "local_authority", "Local authority";
        /// A charity.
        Voluntary => "voluntary", "Voluntary";
        /// A health body.
        Health => "health", "Health authority";
        /// Not said in the source.
        NotKnown => "not_known", "Not known";
    }
}

/// Where a home stands with its registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeState {
    /// Registered and open.
    Registered {
        /// Since when, where the register says.
        since: Option<Date>,
    },
    /// On the register without an active registration: suspended, proposed, resigned or cancelled.
    Suspended {
        /// The day on which it was found so.
        since: Date,
    },
    /// No longer registered: closed, resigned or cancelled. No child may be placed.
    Closed {
        /// The day by which it had left the register.
        on: Date,
    },
}

impl HomeState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "registered",
            Self::Suspended { .. } => "suspended",
            Self::Closed { .. } => "closed",
        }
    }

    /// The words on the screen.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "Registered",
            Self::Suspended { .. } => "Registration not active",
            Self::Closed { .. } => "Not registered",
        }
    }
}

/// A children's home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Its id.
    pub id: HomeId,
    /// Raised by one with every change.
    pub version: i64,
    /// The regional team that keeps the register of homes.
    pub region: OrganisationId,
    /// The registered provider.
    pub provider: OrganisationId,
    /// Ofsted's number.
    pub urn: Urn,
    /// Its name; the register redacts it, so an imported home is called by its number until the provider names it.
    pub name: String,
    /// The authority in whose area it is, from the register.
    pub area: AreaCode,
    /// Who owns it, as the register groups owners.
    pub sector: Sector,
    /// Registered places.
    pub places: u8,
    /// Registered ages, where known.
    pub ages: Option<Ages>,
    /// Registered sex, where known.
    pub sex: Option<RegisteredSex>,
    /// Whether it only gives short breaks.
    pub short_breaks_only: bool,
    /// What its statement of purpose says to each need.
    pub answers: NeedAnswers,
    /// The date of that statement of purpose, where it has been given.
    pub purpose_as_of: Option<Date>,
    /// Supplied by the provider; never published, never on a page that an authority without a placement sees.
    pub postcode: Option<Postcode>,
    /// Where its postcode is, as closely as that is known; none without one, and where it is placed by nothing.
    pub point: Option<Point>,
    /// When the provider last confirmed its beds.
    pub beds_confirmed_on: Option<Date>,
    /// Where it stands.
    pub state: HomeState,
}

/// One bed of a home. A bed is never deleted; it is taken out of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bed {
    /// Its id.
    pub id: BedId,
    /// Its home.
    pub home: HomeId,
    /// What the home calls it, such as "Room 2".
    pub label: String,
}

/// What the register says of a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegisterEntry {
    /// The registered provider.
    pub provider: OrganisationId,
    /// The authority in whose area the home is.
    pub area: AreaCode,
    /// Who owns it.
    pub sector: Sector,
    /// Registered places.
    pub places: u8,
    /// Whether it only gives short breaks.
    pub short_breaks_only: bool,
    /// `true` where the register shows another status than an active registration.
    pub suspended: bool,
    /// Registration date, where given.
    pub registered_on: Option<Date>,
}

/// Every move of a home; edits that keep the state stand once per state they are allowed in.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "register", to: "registered", by: "regional team, from Ofsted's register" },
    Move { from: "new", act: "register", to: "suspended", by: "regional team, from Ofsted's register" },
    Move { from: "registered", act: "follow_register", to: "registered", by: "regional team, from Ofsted's register" },
    Move { from: "registered", act: "follow_register", to: "suspended", by: "regional team, from Ofsted's register" },
    Move { from: "suspended", act: "follow_register", to: "registered", by: "regional team, from Ofsted's register" },
    Move { from: "suspended", act: "follow_register", to: "suspended", by: "regional team, from Ofsted's register" },
    Move { from: "closed", act: "follow_register", to: "registered", by: "regional team, from Ofsted's register" },
    Move { from: "closed", act: "follow_register", to: "suspended", by: "regional team, from Ofsted's register" },
    Move { from: "registered", act: "leave_register", to: "closed", by: "regional team, from Ofsted's register" },
    Move { from: "suspended", act: "leave_register", to: "closed", by: "regional team, from Ofsted's register" },
    Move { from: "registered", act: "state_purpose", to: "registered", by: "provider" },
    Move { from: "suspended", act: "state_purpose", to: "suspended", by: "provider" },
    Move { from: "registered", act: "supply_postcode", to: "registered", by: "provider" },
    Move { from: "suspended", act: "supply_postcode", to: "suspended", by: "provider" },
    Move { from: "registered", act: "stand_at", to: "registered", by: "operator, from a directory of postcodes" },
    Move { from: "suspended", act: "stand_at", to: "suspended", by: "operator, from a directory of postcodes" },
    Move { from: "registered", act: "confirm_beds", to: "registered", by: "provider" },
    Move { from: "suspended", act: "confirm_beds", to: "suspended", by: "provider" },
];

/// What a provider says of its home: name, ages, sex, and each need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// The home's name.
    pub name: String,
    /// Registered ages.
    pub ages: Ages,
    /// Registered sex.
    pub sex: RegisteredSex,
    /// The answer to each need.
    pub answers: NeedAnswers,
    /// The date of the statement of purpose.
    pub as_of: Date,
}

impl Home {
    /// Whether it is a home of the authority of this area itself: the register's sector and area say so. The one
    /// definition of in-house.
    #[must_use]
    pub fn in_house_of(&self, area: AreaCode) -> bool {
        self.sector == Sector::LocalAuthority && self.area == area
    }

    /// Enters a home as the register shows it.
    pub fn register(
        id: HomeId,
        region: OrganisationId,
        urn: Urn,
        entry: RegisterEntry,
        moment: Moment,
    ) -> Change<Self> {
        let name = format!("Home {urn}");
        let event = Event::new("home.registered", "home", id.0, 1)
            .with("urn", &urn)
            .with("places", entry.places)
            .with("provider", entry.provider);
        let state = state_of(entry, None, moment);
        let home = Self {
            id,
            version: 1,
            region,
            provider: entry.provider,
            urn,
            name,
            area: entry.area,
            sector: entry.sector,
            places: entry.places,
            ages: None,
            sex: None,
            short_breaks_only: entry.short_breaks_only,
            answers: NeedAnswers::default(),
            purpose_as_of: None,
            postcode: None,
            point: None,
            beds_confirmed_on: None,
            state,
        };
        Change::to(home, event)
    }

    /// Follows a later register: provider, area, places, status. `None` where it says what is already held, so that
    /// the same file twice changes nothing.
    #[must_use]
    pub fn follow_register(self, entry: RegisterEntry, moment: Moment) -> Option<Change<Self>> {
        let state = state_of(entry, Some(&self.state), moment);
        let next = Self {
            version: self.version + 1,
            provider: entry.provider,
            area: entry.area,
            sector: entry.sector,
            places: entry.places,
            short_breaks_only: entry.short_breaks_only,
            state,
            ..self.clone()
        };
        if (Self { version: self.version, ..next.clone() }) == self {
            return None;
        }
        let event = Event::new("home.register_followed", "home", next.id.0, next.version)
            .with("places", next.places)
            .with("provider", next.provider)
            .with("state", next.state.name());
        Some(Change::to(next, event))
    }

    /// The home is no longer on the register.
    pub fn leave_register(self, on: Date) -> Result<Change<Self>, Refusal> {
        self.open_for("leave the register again")?;
        let event = Event::new("home.left_register", "home", self.id.0, self.version + 1).with("by", on);
        Ok(Change::to(Self { version: self.version + 1, state: HomeState::Closed { on }, ..self }, event))
    }

    /// The provider states whom the home is registered for and what it can meet.
    pub fn state_purpose(self, purpose: Purpose) -> Result<Change<Self>, Refusal> {
        self.open_for("be described")?;
        let event = Event::new("home.purpose_stated", "home", self.id.0, self.version + 1)
            .with("age_from", purpose.ages.from)
            .with("age_to", purpose.ages.to)
            .with("sex", purpose.sex.code())
            .with("meets", purpose.answers.meets.count())
            .with("as_of", purpose.as_of);
        let next = Self {
            version: self.version + 1,
            name: purpose.name,
            ages: Some(purpose.ages),
            sex: Some(purpose.sex),
            answers: purpose.answers,
            purpose_as_of: Some(purpose.as_of),
            ..self
        };
        Ok(Change::to(next, event))
    }

    /// The provider supplies where the home is. A postcode that is placed by nothing leaves no place: the place of an
    /// earlier postcode is not its own. The event does not hold the postcode.
    pub fn supply_postcode(self, postcode: Postcode, point: Option<Point>) -> Result<Change<Self>, Refusal> {
        self.open_for("be given a postcode")?;
        let event =
            Event::new("home.postcode_supplied", "home", self.id.0, self.version + 1).with("located", point.is_some());
        let next = Self { version: self.version + 1, postcode: Some(postcode), point, ..self };
        Ok(Change::to(next, event))
    }

    /// A directory of postcodes says where the home's postcode is. The event does not hold the place.
    pub fn stand_at(self, point: Point) -> Result<Change<Self>, Refusal> {
        self.open_for("be placed by its postcode")?;
        let event = Event::new("home.stood_at", "home", self.id.0, self.version + 1);
        Ok(Change::to(Self { version: self.version + 1, point: Some(point), ..self }, event))
    }

    /// The provider confirms that its beds are shown right.
    pub fn confirm_beds(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.open_for("have its beds confirmed")?;
        let event = Event::new("home.beds_confirmed", "home", self.id.0, self.version + 1).with("on", moment.today());
        Ok(Change::to(Self { version: self.version + 1, beds_confirmed_on: Some(moment.today()), ..self }, event))
    }

    /// Whether a child could be placed there as far as registration goes: a hard gate, also in an emergency (rule 1.5).
    pub fn may_admit(&self) -> Result<(), Refusal> {
        match self.state {
            HomeState::Registered { .. } => Ok(()),
            HomeState::Suspended { since } => Err(Refusal::new(
                "registration_suspended",
                "Care Standards Act 2000: a home must be registered",
                format!(
                    "No child can be placed at {}: its registration is not active on Ofsted's register.",
                    self.name
                ),
                "Ofsted, on the provider's application",
            )
            .found(format!("not active, seen {}", long_date(since)))),
            HomeState::Closed { on } => Err(Refusal::new(
                "not_registered",
                "Care Standards Act 2000: a home must be registered",
                format!("No child can be placed at {}: it is not on Ofsted's register.", self.name),
                "Ofsted, on the provider's application",
            )
            .found(format!("not on the register by {}", long_date(on)))),
        }
    }

    fn open_for(&self, act: &str) -> Result<(), Refusal> {
        match self.state {
            HomeState::Registered { .. } | HomeState::Suspended { .. } => Ok(()),
            HomeState::Closed { on } => Err(Refusal::new(
                "home_closed",
                "Only a home on Ofsted's register can be changed",
                format!("{} cannot {act}: it has left the register.", self.name),
                "Regional team, by importing a register that shows the home",
            )
            .found(format!("not on the register by {}", long_date(on)))),
        }
    }
}

fn state_of(entry: RegisterEntry, held: Option<&HomeState>, moment: Moment) -> HomeState {
    match (entry.suspended, held) {
        (true, Some(HomeState::Suspended { since })) => HomeState::Suspended { since: *since },
        (true, _) => HomeState::Suspended { since: moment.today() },
        (false, Some(HomeState::Registered { since })) => {
            HomeState::Registered { since: entry.registered_on.or(*since) }
        }
        (false, _) => HomeState::Registered { since: entry.registered_on },
    }
}

/// A home's name as a provider may give it: 2 to 80 characters, no control characters, not a postcode.
pub fn home_name(text: &str) -> Result<String, Invalid> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = name.chars().count();
    if !(2..=80).contains(&length) {
        return Err(Invalid::one("name", format!("Enter the home's name in 2 to 80 characters. It has {length}")));
    }
    if name.chars().any(char::is_control) {
        return Err(Invalid::one("name", "Enter the home's name without control characters"));
    }
    if Postcode::parse(&name).is_ok() {
        return Err(Invalid::one("name", "Enter the home's name, not its postcode"));
    }
    Ok(name)
}

#[cfg(test)]
mod tests;
