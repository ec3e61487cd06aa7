//! Local authorities: the 14 of the arrangement, every upper-tier authority of England and Wales on the days it stood,
//! and which of them adjoin. Regulation 11 of the Care Planning, Placement and Case Review (England) Regulations 2010
//! turns on that (rules 1.5 and 1.6), so what is not known counts as at a distance.

mod adjacency;
mod area;
mod members;
mod names;

pub use adjacency::{Adjacency, DistanceClass, adjoins, distance_class, neighbours};
pub use area::{AreaAuthority, AreaCode, AreaCodeError, areas, lookup, standing};
pub use members::{MEMBERS, Member, PlacingTrust, member, member_by_code, member_by_register_code};
pub use names::by_name;
