//! The colours of an SVG picture.

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
    /// Bars, arrows and values.
    pub(crate) accent: &'static str,
    /// Text on a bar.
    pub(crate) on_bar: &'static str,
    /// Bars that were cut off, panics, verdicts.
    pub(crate) bad: &'static str,
    /// Bars that are still running.
    pub(crate) open: &'static str,
    /// Stale reads.
    pub(crate) odd: &'static str,
}

impl Theme {
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
                ..
            } = theme.palette();
            for words in [text, muted, accent, bad, odd] {
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
