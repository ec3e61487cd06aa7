//! The words of a PDF as a reader's program would copy them: what a canary in a letter is looked for in.

use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Rect};

/// Everything that is printed, page by page, without spaces and hyphens: where lines break counts for nothing.
#[must_use]
pub fn printed(pdf: &[u8]) -> String {
    let pdf = Pdf::new(pdf.to_vec()).unwrap_or_else(|error| panic!("not a PDF: {error:?}"));
    let cache = InterpreterCache::new();
    let bounds = Rect::new(0.0, 0.0, 1.0, 1.0);
    let mut letters = Letters::default();
    for page in pdf.pages().iter() {
        let mut context = Context::new(Affine::IDENTITY, bounds, &cache, pdf.xref(), InterpreterSettings::default());
        interpret_page(page, &mut context, &mut letters);
    }
    squeezed(&letters.0)
}

/// A text as [`printed`] gives it.
#[must_use]
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric() || letter.is_ascii_punctuation() && *letter != '-').collect()
}

/// Collects letters and draws nothing.
#[derive(Default)]
struct Letters(String);

impl Device<'_> for Letters {
    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}

    fn set_blend_mode(&mut self, _: BlendMode) {}

    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}

    fn draw_glyph(&mut self, glyph: &Glyph<'_>, _: Affine, _: Affine, _: &Paint<'_>, _: &GlyphDrawMode) {
        match glyph.as_unicode() {
            Some(BfString::Char(letter)) => self.0.push(letter),
            Some(BfString::String(letters)) => self.0.push_str(&letters),
            None => self.0.push('\u{fffd}'),
        }
    }

    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {}

    fn pop_clip_path(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
