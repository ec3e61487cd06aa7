//! Homes: Ofsted's register brought in, and a provider's own homes and beds.

mod import;
mod keep;
