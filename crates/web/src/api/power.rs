//! The power wing of the API.

pub mod decision;

pub mod delegation;

pub mod arrangement;

pub mod annual_value;
