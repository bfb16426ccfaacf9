//! Turns an SVG document into an image, with fonts of its own, so that the image is the same on every machine.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

/// The width and the height of a screen, in pixels.
pub(crate) const SCREEN: (u32, u32) = (1920, 1080);
/// The same shape, twice as large.
pub(crate) const LARGE_SCREEN: (u32, u32) = (3840, 2160);

const CODE: &[u8] = include_bytes!("../fonts/book-code.ttf");
const TEXT: &[u8] = include_bytes!("../fonts/open-sans-regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/open-sans-bold.ttf");

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for font in [CODE, TEXT, BOLD] {
        fonts.load_font_data(font.to_vec());
    }
    fonts.set_monospace_family("Book Code");
    fonts.set_sans_serif_family("Open Sans");
    Arc::new(fonts)
});

/// Draws `svg` as a PNG image, as large as fits `size`. It has the shape of the picture, with no empty margin.
///
/// # Errors
///
/// A message, if the document can't be drawn.
pub(crate) fn image(svg: &str, size: (u32, u32)) -> Result<Vec<u8>, String> {
    let options = Options {
        font_family: "Open Sans".to_owned(),
        fontdb: FONTS.clone(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = (size.0 as f32 / width).min(size.1 as f32 / height);
    // Rounded down, so that the image still fits.
    let pixels = |length: f32| ((length * scale + 0.01).floor() as u32).max(1);
    let mut image = Pixmap::new(pixels(width), pixels(height)).ok_or("the picture is too large")?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut image.as_mut(),
    );
    image.encode_png().map_err(|error| error.to_string())
}
