//! Lines that meet, and lines that don't.

use diagram::{Direction, LooseEnd, check_boxes};
use expect_test::{Expect, expect};

fn loose(text: &str, ends: Expect) {
    let found = check_boxes(text).expect_err("a crooked drawing passed");
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
fn arrows_take_a_line_from_any_side_and_send_none() {
    for head in "▲▼◄►▶◀△▽↑↓←→".chars() {
        assert_eq!(check_boxes(&format!("{head}")), Ok(()));
        assert_eq!(check_boxes(&format!(" ╷\n╶{head}╴\n ╵")), Ok(()));
    }
    assert_eq!(check_boxes("0s  10s  20s\n|━━━|━━━━|"), Ok(()));
    loose(
        "╷\n|",
        expect!["line 1, column 1: '╷' leads down, but nothing arrives from there"],
    );
}

#[test]
fn a_line_must_arrive() {
    loose(
        "─",
        expect![[r#"
        line 1, column 1: '─' leads right, but nothing arrives from there
        line 1, column 1: '─' leads left, but nothing arrives from there"#]],
    );
    loose(
        "word│",
        expect![[r#"
        line 1, column 5: '│' leads up, but nothing arrives from there
        line 1, column 5: '│' leads down, but nothing arrives from there"#]],
    );
    loose(
        "┌┐\n└─┘",
        expect![[r#"
        line 1, column 2: '┐' leads down, but nothing arrives from there
        line 2, column 3: '┘' leads up, but nothing arrives from there"#]],
    );
    loose(
        "╱─╲",
        expect![[r#"
        line 1, column 2: '─' leads right, but nothing arrives from there
        line 1, column 2: '─' leads left, but nothing arrives from there"#]],
    );
}

#[test]
fn light_and_heavy_lines_meet_and_double_ones_meet_their_own() {
    assert_eq!(check_boxes("╶━╸"), Ok(()));
    loose(
        "╶═╸",
        expect![[r#"
        line 1, column 1: '╶' leads right, but nothing arrives from there
        line 1, column 2: '═' leads right, but no double line arrives from there
        line 1, column 2: '═' leads left, but no double line arrives from there
        line 1, column 3: '╸' leads left, but nothing arrives from there"#]],
    );
}

#[test]
fn columns_are_cells() {
    let loose = check_boxes("日本é│\r\n\t│").expect_err("two lines end in the open");
    let place = |line, column, toward| LooseEnd {
        line,
        column,
        glyph: '│',
        toward,
    };
    let expected = [
        place(1, 6, Direction::Up),
        place(1, 6, Direction::Down),
        place(2, 2, Direction::Up),
        place(2, 2, Direction::Down),
    ];
    assert_eq!(loose, expected);
}

#[test]
fn a_box_whose_connector_is_a_column_off_is_found() {
    // Three boxes under one line; the third box stands one column too far to the left.
    loose(
        "
     ╷          ╷          ╷
┌────▼───┐ ┌────▼───┐ ┌───▼────┐
│ 200ms  │ │ 300ms  │ │ 150ms  │
└────┬───┘ └────┬───┘ └───┬────┘
     └──────────┼──────────┘
                ▼",
        expect![[r#"
            line 2, column 28: '╷' leads down, but nothing arrives from there
            line 5, column 27: '┬' leads down, but nothing arrives from there
            line 6, column 28: '┘' leads up, but nothing arrives from there"#]],
    );
}

#[test]
fn an_arrow_that_leaves_no_box_is_found() {
    // Lines under a border that has no connector for them.
    loose(
        "
┌──────────┐
│  broker  │
└──────────┘
   │    │
   ▼    ▼",
        expect![[r#"
            line 5, column 4: '│' leads up, but nothing arrives from there
            line 5, column 9: '│' leads up, but nothing arrives from there"#]],
    );
}

#[test]
fn an_inner_box_that_is_a_column_short_is_found() {
    // The inner box is drawn so narrow that the outer border is pulled in beside it.
    loose(
        "
┌──────────────┐
│ ┌──────────┐ │
│ │ select { ││
│ └──────────┘│
└──────────────┘",
        expect![[r#"
            line 3, column 16: '│' leads down, but nothing arrives from there
            line 4, column 15: '│' leads up, but nothing arrives from there
            line 5, column 15: '│' leads down, but nothing arrives from there
            line 6, column 16: '┘' leads up, but nothing arrives from there"#]],
    );
}

#[test]
fn an_arrow_out_of_nothing_is_found() {
    // Connectors a column off, at a plain border, and at a word.
    loose(
        "
    ▲        ▲
    │        │
┌───┴──┐ ┌──┴───┐
└──────┘ └──────┘",
        expect![[r#"
            line 3, column 14: '│' leads down, but nothing arrives from there
            line 4, column 13: '┴' leads up, but nothing arrives from there"#]],
    );
    loose(
        "
┌──────┐
│  ok  │
└──────┘
    │
    └─→ returned",
        expect!["line 5, column 5: '│' leads up, but nothing arrives from there"],
    );
    loose(
        "│ result │\n│   │    │\n│   ▼    │",
        expect![[r#"
        line 1, column 1: '│' leads up, but nothing arrives from there
        line 1, column 10: '│' leads up, but nothing arrives from there
        line 2, column 5: '│' leads up, but nothing arrives from there
        line 3, column 1: '│' leads down, but nothing arrives from there
        line 3, column 10: '│' leads down, but nothing arrives from there"#]],
    );
}
