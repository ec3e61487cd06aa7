//! Homes: Ofsted's register brought in, and a provider's own homes and beds.

mod files;
mod import;
mod keep;
mod named;
mod papers;
mod register;
mod wording;
