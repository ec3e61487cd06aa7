//! The power wing: decisions, who holds which power, the arrangement, the annual value.

pub mod decision;

pub mod delegation;

pub mod arrangement;

pub mod annual_value;
