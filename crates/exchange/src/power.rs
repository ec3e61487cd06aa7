//! Power: what gives an authority and its officers leave to act, as published.

pub mod decision;
