//! The homes wing as people use it, on both databases: Ofsted's register brought in, a provider's beds.

mod import;
mod keep;
