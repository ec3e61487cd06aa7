//! How homes are watched: quality returns, visits, concerns and plans, hours of support delivered, placements under strain.

mod alerting;
mod chasing;
mod concern;
pub(crate) mod names;
mod of_provider;
mod returns;
mod stability;
mod support;
pub mod timer;
mod view;
mod visit;

pub use concern::{
    AddEvidence, CloseConcern, CompleteAction, ConcernPage, PlanAction, ProposeForConcern, RaiseConcern, SendActionBack,
};

pub use of_provider::{HomeLine, ProviderWatched};
pub use returns::{AcceptReturn, AskReturnAgain, OpenRound, ReturnPage, SaveReturn, SendReturn};
pub(crate) use stability::kept_alert;
pub use stability::{AlertPage, CloseAlert, FlagStrain, Met, RecordMeeting, ReleaseSearch, StabilityPage};
pub use support::{AgreeWeek, ConfirmWeek, CorrectWeek, HoursCredited, HoursPage, OwnHours};
pub(crate) use support::{BACK_DAYS, credited, waiting_weeks};
pub use view::{HomeWatched, Names, OwnWatched, RoundPage, ThemesPage, WatchedPage};
pub use visit::{CallOffVisit, PlanVisit, RecordVisit};
