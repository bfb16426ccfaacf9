//! Box drawings whose lines meet, and drawings with loose ends.

use diagram::{Direction, LooseEnd, check_boxes};
use expect_test::{Expect, expect};

fn loose(text: &str, ends: Expect) {
    let found = check_boxes(text).expect_err("a drawing with loose ends passed");
    let lines: Vec<String> = found.iter().map(LooseEnd::to_string).collect();
    ends.assert_eq(&lines.join("\n"));
}

#[test]
fn boxes_of_every_kind_of_line_pass() {
    let drawing = "
┌─┬─┐  ┏━┳━┓  ╔═╦═╗  ╓─╥─╖  ╒═╤═╕  ╭─┬─╮  ┏┯┓  ┎┰┒  ┍┯┑
├─┼─┤  ┣━╋━┫  ╠═╬═╣  ╟─╫─╢  ╞═╪═╡  ├─┼─┤  ┠┼┨  ┠╂┨  ┝┿┥
└─┴─┘  ┗━┻━┛  ╚═╩═╝  ╙─╨─╜  ╘═╧═╛  ╰─┴─╯  ┗┷┛  ┖┸┚  ┕┷┙

┌╌╌┐  ┏┅┅┓  ┌┈┈┐  ╶──╴  ╺━━╸  ╶─╼━╸  ╺━╾─╴  ╷ ╻ ╷ ╻
╎  ╎  ┇  ┇  ┊  ┊                            │ ┃ ╽ ╿
└╌╌┘  ┗┅┅┛  └┈┈┘  ╱ ╲ ╳                     ╵ ╹ ╹ ╵
";
    assert_eq!(check_boxes(drawing), Ok(()));
}

#[test]
fn arrows_end_a_line_from_any_side() {
    for head in "▲▼◄►▶◀△▽↑↓←→".chars() {
        assert_eq!(check_boxes(&format!("{head}")), Ok(()));
        assert_eq!(check_boxes(&format!(" ╷\n╶{head}╴\n ╵")), Ok(()));
    }
    assert_eq!(check_boxes("0s  10s  20s\n|━━━|━━━━|"), Ok(()));
    loose(
        "╷\n|",
        expect!["line 1, column 1: '╷' leads down, but no line meets it there"],
    );
}

#[test]
fn a_line_must_meet_another() {
    loose(
        "─",
        expect![[r#"
            line 1, column 1: '─' leads right, but no line meets it there
            line 1, column 1: '─' leads left, but no line meets it there"#]],
    );
    loose(
        "word│",
        expect![[r#"
            line 1, column 5: '│' leads up, but no line meets it there
            line 1, column 5: '│' leads down, but no line meets it there"#]],
    );
    loose(
        "┌┐\n└─┘",
        expect![[r#"
            line 1, column 2: '┐' leads down, but no line meets it there
            line 2, column 3: '┘' leads up, but no line meets it there"#]],
    );
    loose(
        "╱─╲",
        expect![[r#"
            line 1, column 2: '─' leads right, but no line meets it there
            line 1, column 2: '─' leads left, but no line meets it there"#]],
    );
}

#[test]
fn light_and_heavy_lines_meet_but_double_lines_meet_only_each_other() {
    assert_eq!(check_boxes("╶━╸"), Ok(()));
    loose(
        "╶═╸",
        expect![[r#"
            line 1, column 1: '╶' leads right, but no line meets it there
            line 1, column 2: '═' leads right, but no double line meets it there
            line 1, column 2: '═' leads left, but no double line meets it there
            line 1, column 3: '╸' leads left, but no line meets it there"#]],
    );
}

#[test]
fn columns_count_cells() {
    let loose = check_boxes("日本é│\r\n\t│").expect_err("two lines have loose ends");
    let end = |line, column, toward| LooseEnd {
        line,
        column,
        glyph: '│',
        toward,
    };
    let expected = [
        end(1, 6, Direction::Up),
        end(1, 6, Direction::Down),
        end(2, 2, Direction::Up),
        end(2, 2, Direction::Down),
    ];
    assert_eq!(loose, expected);
}

#[test]
fn a_connector_one_column_off_is_found() {
    // Three boxes under one line. The third box is one column too far to the left.
    loose(
        "
     ╷          ╷          ╷
┌────▼───┐ ┌────▼───┐ ┌───▼────┐
│ 200ms  │ │ 300ms  │ │ 150ms  │
└────┬───┘ └────┬───┘ └───┬────┘
     └──────────┼──────────┘
                ▼",
        expect![[r#"
            line 2, column 28: '╷' leads down, but no line meets it there
            line 5, column 27: '┬' leads down, but no line meets it there
            line 6, column 28: '┘' leads up, but no line meets it there"#]],
    );
}

#[test]
fn an_arrow_without_a_connector_is_found() {
    // The border above the lines has no connectors for them.
    loose(
        "
┌──────────┐
│  broker  │
└──────────┘
   │    │
   ▼    ▼",
        expect![[r#"
            line 5, column 4: '│' leads up, but no line meets it there
            line 5, column 9: '│' leads up, but no line meets it there"#]],
    );
}

#[test]
fn a_box_one_column_too_narrow_is_found() {
    // Inside the inner box a line is one column short, which pulls the outer border in.
    loose(
        "
┌──────────────┐
│ ┌──────────┐ │
│ │ select { ││
│ └──────────┘│
└──────────────┘",
        expect![[r#"
            line 3, column 16: '│' leads down, but no line meets it there
            line 4, column 15: '│' leads up, but no line meets it there
            line 5, column 15: '│' leads down, but no line meets it there
            line 6, column 16: '┘' leads up, but no line meets it there"#]],
    );
}

#[test]
fn an_arrow_that_starts_nowhere_is_found() {
    // The arrows start one column off, at a plain border, and at a word.
    loose(
        "
    ▲        ▲
    │        │
┌───┴──┐ ┌──┴───┐
└──────┘ └──────┘",
        expect![[r#"
            line 3, column 14: '│' leads down, but no line meets it there
            line 4, column 13: '┴' leads up, but no line meets it there"#]],
    );
    loose(
        "
┌──────┐
│  ok  │
└──────┘
    │
    └─→ returned",
        expect!["line 5, column 5: '│' leads up, but no line meets it there"],
    );
    loose(
        "│ result │\n│   │    │\n│   ▼    │",
        expect![[r#"
            line 1, column 1: '│' leads up, but no line meets it there
            line 1, column 10: '│' leads up, but no line meets it there
            line 2, column 5: '│' leads up, but no line meets it there
            line 3, column 1: '│' leads down, but no line meets it there
            line 3, column 10: '│' leads down, but no line meets it there"#]],
    );
}
