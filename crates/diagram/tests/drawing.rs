//! Boxes and arrows: correct drawings are printed unchanged, wrong ones give an error.

use diagram::{Drawing, Error, Theme};
use expect_test::expect;

fn drawing(text: &str) -> Drawing {
    Drawing {
        text: text.to_owned(),
    }
}

#[test]
fn a_correct_drawing_is_printed_unchanged() {
    let text = "\n  ┌─────┐\n  │ box ├─→ out\n  └─────┘\n";
    assert_eq!(drawing(text).text(80).unwrap(), text);
}

#[test]
fn trailing_blanks_and_lines_are_dropped() {
    assert_eq!(
        drawing("  a  \r\n\n b\n\n \n").text(80).unwrap(),
        "  a\n\n b\n"
    );
}

#[test]
fn glyphs_of_another_width_are_reported_with_line_and_column() {
    let mut messages = String::new();
    for text in [
        "done ✅",
        "ok\n e\u{301} 日本",
        "a\tb",
        "a\u{1b}[1m",
        "a\u{200B}b",
        "a\u{202E}b",
        "x\rx",
    ] {
        let error = drawing(text).check().unwrap_err();
        assert!(matches!(error, Error::Glyph { .. }));
        messages += &format!("{error}\n");
    }
    expect![[r#"
        line 1, column 6: "✅" is not one cell wide; use a glyph that every fixed-width font contains
        line 2, column 4: "日" is not one cell wide; use a glyph that every fixed-width font contains
        line 1, column 2: "\t" is not one cell wide; use a glyph that every fixed-width font contains
        line 1, column 2: "\u{1b}" is not one cell wide; use a glyph that every fixed-width font contains
        line 1, column 2: "\u{200b}" is not one cell wide; use a glyph that every fixed-width font contains
        line 1, column 2: "\u{202e}" is not one cell wide; use a glyph that every fixed-width font contains
        line 1, column 2: "\r" is not one cell wide; use a glyph that every fixed-width font contains
    "#]].assert_eq(&messages);
}

#[test]
fn all_loose_ends_are_reported() {
    let error = drawing("┌─┐\n└──").text(80).unwrap_err();
    expect![[r#"
        line 1, column 3: '┐' leads down, but no line meets it there
        line 2, column 3: '─' leads right, but no line meets it there"#]]
    .assert_eq(&error.to_string());
}

#[test]
fn a_drawing_that_is_too_wide_is_an_error() {
    let wide = drawing("a\nabcdef   ");
    assert_eq!(
        wide.text(5),
        Err(Error::TooWide {
            line: 2,
            cells: 6,
            width: 5
        })
    );
    assert!(wide.text(6).is_ok());
}

#[test]
fn an_empty_drawing_is_an_error() {
    for text in ["", " \n \n"] {
        assert_eq!(drawing(text).text(80), Err(Error::Empty { what: "lines" }));
        assert!(drawing(text).svg(Theme::Dark).is_err());
    }
}
