//! The look of a curve in an SVG document.

use crate::svg::{Canvas, Px};

/// A colour, dashes and a mark. No two of the first 12 curves have the same colour and dashes, and no curve has the same
/// mark as the next, so that nothing depends on colour.
#[derive(Clone, Copy)]
pub(super) struct Style(usize);

impl Style {
    /// The look of the curve with this index.
    pub(super) fn of(index: usize) -> Style {
        Style(index)
    }

    fn colour(self, canvas: &Canvas) -> &'static str {
        canvas.palette.thread(self.0)
    }

    /// Draws the line of a curve.
    pub(super) fn path(self, canvas: &mut Canvas, path: &str) {
        let colour = self.colour(canvas);
        let dashes = ["", " stroke-dasharray=\"9 5\"", " stroke-dasharray=\"2 4\""];
        let dashes = dashes[self.0 % dashes.len()];
        canvas.put(format_args!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>"
        ));
    }

    /// Draws the mark of a point. An edge in the background's colour sets it off from lines and other marks.
    pub(super) fn mark(self, canvas: &mut Canvas, x: f64, y: f64) {
        let (fill, edge) = (self.colour(canvas), canvas.palette.background);
        let corners: &[(f64, f64)] = match self.0 % 5 {
            0 => {
                let (x, y) = (Px(x), Px(y));
                canvas.put(format_args!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"5\" fill=\"{fill}\" stroke=\"{edge}\" stroke-width=\"1\"/>"
                ));
                return;
            }
            1 => &[(-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)],
            2 => &[(0.0, -6.0), (6.0, 5.0), (-6.0, 5.0)],
            3 => &[(0.0, -6.5), (6.5, 0.0), (0.0, 6.5), (-6.5, 0.0)],
            _ => &[(-6.0, -5.0), (6.0, -5.0), (0.0, 6.0)],
        };
        let path = corners.iter().enumerate().map(|(index, (right, down))| {
            let command = if index == 0 { 'M' } else { 'L' };
            format!("{command}{} {}", Px(x + right), Px(y + down))
        });
        let path: String = path.collect();
        canvas.put(format_args!(
            "<path d=\"{path}Z\" fill=\"{fill}\" stroke=\"{edge}\" stroke-width=\"1\"/>"
        ));
    }
}
