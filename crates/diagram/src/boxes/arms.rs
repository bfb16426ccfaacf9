//! The lines of each box-drawing character, by the sides of the cell that they lead to.

use super::direction::Direction;

/// A line from a cell's middle to one of its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Arm {
    None,
    Light,
    Heavy,
    Double,
}

impl Arm {
    /// Whether the two join into one line. A light and a heavy line both run through the middle of the
    /// side; a double line runs beside it.
    pub(crate) fn meets(self, other: Arm) -> bool {
        self != Arm::None && other != Arm::None && (self == Arm::Double) == (other == Arm::Double)
    }
}

/// Returns the arms of `glyph` in the order of [`Direction`]: up, right, down, left.
pub(crate) fn arms(glyph: char) -> [Arm; 4] {
    let index = u32::from(glyph)
        .checked_sub(0x2500)
        .and_then(|index| usize::try_from(index).ok());
    match index.and_then(|index| ARMS.get(index)) {
        Some(arms) => arms.map(|arm| match arm {
            b'l' => Arm::Light,
            b'h' => Arm::Heavy,
            b'd' => Arm::Double,
            _ => Arm::None,
        }),
        None => [Arm::None; 4],
    }
}

/// Whether a line that arrives going `toward` may end at `glyph`, which sends out no line itself.
pub(crate) fn ends_line(glyph: char, toward: Direction) -> bool {
    match glyph {
        '▲' | '▼' | '◄' | '►' | '▶' | '◀' | '△' | '▽' | '↑' | '↓' | '←' | '→' => {
            true
        }
        '|' => matches!(toward, Direction::Left | Direction::Right),
        _ => false,
    }
}

/// U+2500 to U+257F by their Unicode names: `l`ight, `h`eavy or `d`ouble; up, right, down, left.
#[rustfmt::skip]
const ARMS: [[u8; 4]; 128] = [
    *b"-l-l", *b"-h-h", *b"l-l-", *b"h-h-", *b"-l-l", *b"-h-h", *b"l-l-", *b"h-h-", // ─━│┃┄┅┆┇
    *b"-l-l", *b"-h-h", *b"l-l-", *b"h-h-", *b"-ll-", *b"-hl-", *b"-lh-", *b"-hh-", // ┈┉┊┋┌┍┎┏
    *b"--ll", *b"--lh", *b"--hl", *b"--hh", *b"ll--", *b"lh--", *b"hl--", *b"hh--", // ┐┑┒┓└┕┖┗
    *b"l--l", *b"l--h", *b"h--l", *b"h--h", *b"lll-", *b"lhl-", *b"hll-", *b"llh-", // ┘┙┚┛├┝┞┟
    *b"hlh-", *b"hhl-", *b"lhh-", *b"hhh-", *b"l-ll", *b"l-lh", *b"h-ll", *b"l-hl", // ┠┡┢┣┤┥┦┧
    *b"h-hl", *b"h-lh", *b"l-hh", *b"h-hh", *b"-lll", *b"-llh", *b"-hll", *b"-hlh", // ┨┩┪┫┬┭┮┯
    *b"-lhl", *b"-lhh", *b"-hhl", *b"-hhh", *b"ll-l", *b"ll-h", *b"lh-l", *b"lh-h", // ┰┱┲┳┴┵┶┷
    *b"hl-l", *b"hl-h", *b"hh-l", *b"hh-h", *b"llll", *b"lllh", *b"lhll", *b"lhlh", // ┸┹┺┻┼┽┾┿
    *b"hlll", *b"llhl", *b"hlhl", *b"hllh", *b"hhll", *b"llhh", *b"lhhl", *b"hhlh", // ╀╁╂╃╄╅╆╇
    *b"lhhh", *b"hlhh", *b"hhhl", *b"hhhh", *b"-l-l", *b"-h-h", *b"l-l-", *b"h-h-", // ╈╉╊╋╌╍╎╏
    *b"-d-d", *b"d-d-", *b"-dl-", *b"-ld-", *b"-dd-", *b"--ld", *b"--dl", *b"--dd", // ═║╒╓╔╕╖╗
    *b"ld--", *b"dl--", *b"dd--", *b"l--d", *b"d--l", *b"d--d", *b"ldl-", *b"dld-", // ╘╙╚╛╜╝╞╟
    *b"ddd-", *b"l-ld", *b"d-dl", *b"d-dd", *b"-dld", *b"-ldl", *b"-ddd", *b"ld-d", // ╠╡╢╣╤╥╦╧
    *b"dl-l", *b"dd-d", *b"ldld", *b"dldl", *b"dddd", *b"-ll-", *b"--ll", *b"l--l", // ╨╩╪╫╬╭╮╯
    *b"ll--", *b"----", *b"----", *b"----", *b"---l", *b"l---", *b"-l--", *b"--l-", // ╰╱╲╳╴╵╶╷
    *b"---h", *b"h---", *b"-h--", *b"--h-", *b"-h-l", *b"l-h-", *b"-l-h", *b"h-l-", // ╸╹╺╻╼╽╾╿
];
