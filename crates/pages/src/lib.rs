//! View structs and templates: what a person sees, made of plain data that holds only what its reader may see.
//!
//! A page is a struct with a [`Shell`](shell::Shell) and its own parts, and a template that extends `layout.html`.
//! See README.md of this crate for how to write one. Wings of rooms follow the same order as on every floor.

#![allow(clippy::trivially_copy_pass_by_ref, reason = "templates hand arguments to methods by reference")]

pub mod components;
pub mod form;
pub mod html;
pub mod owed;
pub mod page;
pub mod samples;
pub mod setting;
pub mod shell;
pub mod start;
pub mod system;
pub mod tour;
pub mod words;

pub mod buying;
pub mod homes;
pub mod office;
pub mod placing;
pub mod power;
pub mod reporting;

pub use askama::Template;
