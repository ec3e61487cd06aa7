//! The power wing's pages: decisions, delegations, the arrangement, the annual value.

pub mod decision;

pub mod delegation;

pub mod arrangement;

pub mod annual_value;
