//! The power wing: what an authority's formal decision allows, who holds that power, the regional arrangement it
//! adopts, and the annual value that it sets.
//!
//! Rooms in order: decision, delegation, arrangement, annual value. A later room may use an earlier one only.

pub mod decision;

pub mod delegation;

pub mod arrangement;

pub mod annual_value;
