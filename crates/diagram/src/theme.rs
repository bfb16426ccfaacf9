//! The colours of an SVG picture.

use crate::Meaning;

/// The colour scheme of an SVG picture. The picture includes its background.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Dark on white.
    #[default]
    Light,
    /// Light on near black.
    Dark,
}

/// The colours of one theme. Text has a contrast of at least 4.5 to 1 with what it is drawn on, and
/// shapes have at least 3 to 1 with the background (WCAG AA).
pub(crate) struct Palette {
    pub(crate) background: &'static str,
    /// The background of panels, a shade away from the picture's background.
    pub(crate) panel: &'static str,
    /// Lines that only guide the eye, with no promised contrast.
    pub(crate) grid: &'static str,
    pub(crate) text: &'static str,
    pub(crate) muted: &'static str,
    /// Bars and arrows.
    pub(crate) accent: &'static str,
    /// Text on a bar.
    pub(crate) on_bar: &'static str,
    /// Bars that were cut off, panics, verdicts.
    pub(crate) bad: &'static str,
    /// Bars that are still running.
    pub(crate) open: &'static str,
    /// Stale reads.
    pub(crate) odd: &'static str,
    /// Steps that wait forever.
    pub(crate) waiting: &'static str,
    /// Outcomes that are right.
    pub(crate) good: &'static str,
    /// Threads and curves. The fifth has the colour of the first.
    pub(crate) threads: [&'static str; 4],
}

impl Palette {
    /// Returns the colour of the thread or the curve with this index.
    pub(crate) fn thread(&self, index: usize) -> &'static str {
        self.threads[index % self.threads.len()]
    }
}

impl Theme {
    /// Returns the colour that stands for a meaning, in the form `#rrggbb`. As text it has a contrast of at least 4.5 to 1
    /// with the background.
    pub fn colour(self, meaning: Meaning) -> &'static str {
        let palette = self.palette();
        match meaning {
            Meaning::Thread(index) | Meaning::Series(index) => palette.thread(index),
            Meaning::Work => palette.accent,
            Meaning::Unfinished => palette.open,
            Meaning::Failure => palette.bad,
            Meaning::Success => palette.good,
            Meaning::Stale => palette.odd,
            Meaning::Waiting => palette.waiting,
            Meaning::Guide => palette.muted,
        }
    }

    pub(crate) fn palette(self) -> &'static Palette {
        match self {
            Theme::Light => &Palette {
                background: "#ffffff",
                panel: "#f6f8fa",
                grid: "#d8dee4",
                text: "#1f2328",
                muted: "#57606a",
                accent: "#0b62c4",
                on_bar: "#ffffff",
                bad: "#b3261e",
                open: "#57606a",
                odd: "#8a5a00",
                waiting: "#a5236e",
                good: "#1a6b2d",
                threads: ["#0b62c4", "#6f3aa8", "#00697a", "#5b5346"],
            },
            Theme::Dark => &Palette {
                background: "#0d1117",
                panel: "#161b22",
                grid: "#30363d",
                text: "#e6edf3",
                muted: "#9aa4b0",
                accent: "#6cb0ff",
                on_bar: "#0d1117",
                bad: "#ff8a80",
                open: "#9aa4b0",
                odd: "#e3b341",
                waiting: "#ff9bce",
                good: "#84cc8a",
                threads: ["#6cb0ff", "#c9a2f5", "#5cc8d6", "#cdbfa8"],
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Palette, Theme};

    /// Computes the relative luminance as WCAG 2 defines it.
    fn luminance(colour: &str) -> f64 {
        let channel = |start: usize| {
            let digits = &colour[start..start + 2];
            let value = u8::from_str_radix(digits, 16).expect("a colour has the form #rrggbb");
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_contrasts_with_what_it_is_drawn_on() {
        for theme in [Theme::Light, Theme::Dark] {
            let &Palette {
                background,
                panel,
                text,
                muted,
                accent,
                on_bar,
                bad,
                open,
                odd,
                waiting,
                good,
                threads,
                ..
            } = theme.palette();
            let words = [text, muted, accent, bad, odd, waiting, good];
            for words in words.into_iter().chain(threads) {
                for ground in [background, panel] {
                    let contrast = contrast(words, ground);
                    assert!(
                        contrast >= 4.5,
                        "{theme:?}: {words} on {ground}: {contrast:.2}"
                    );
                }
            }
            for bar in [accent, bad, open] {
                let contrast = contrast(on_bar, bar);
                assert!(
                    contrast >= 4.5,
                    "{theme:?}: {on_bar} on {bar}: {contrast:.2}"
                );
            }
        }
    }
}
