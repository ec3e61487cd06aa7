//! Placements: an authority's own record of what began before this system.

pub mod agreement;
