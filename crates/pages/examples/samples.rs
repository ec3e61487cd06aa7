//! Writes every sample page as a file, to look at in a browser beside the built style sheet:
//! `cargo run -p placewell-pages --example samples -- FOLDER`, then open FOLDER/index.html.
//!
//! FOLDER/assets should be a copy of, or a link to, crates/web/dist.

use std::fs;
use std::io::{self, Error};
use std::path::PathBuf;

use placewell_pages::samples;

fn main() -> io::Result<()> {
    let folder =
        std::env::args_os().nth(1).map(PathBuf::from).ok_or_else(|| Error::other("name the folder to write to"))?;
    fs::create_dir_all(&folder)?;
    let mut lines = Vec::new();
    for (name, html) in samples::all() {
        let file = name.replace([' ', '/', ':'], "-") + ".html";
        fs::write(folder.join(&file), html.replace("\"/assets/", "\"assets/"))?;
        lines.push(format!("<li><a href=\"{file}\">{name}</a>"));
    }
    fs::write(folder.join("index.html"), format!("<!DOCTYPE html><title>Samples</title><ul>{}</ul>", lines.concat()))
}
