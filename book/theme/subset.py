"""Reduces the fonts that mdBook ships to the glyphs that this book uses, a third of their size.

    python3 -m pip install fonttools brotli
    python3 book/theme/subset.py FOLDER

The program that draws images of the pictures has the same fonts in TrueType's own format, in crates/diagram/fonts.

FOLDER is front-end/fonts in the package mdbook-html. The licence of Source Code Pro reserves that name for the whole
font, so the reduced font is called Book Code.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TEXT = [*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2028), 0x202F, 0x2030, 0x2032, 0x2033]
TEXT += [0x2039, 0x203A, 0x20AC, 0x2122, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265]
# The characters that book/tests/src/sources.rs allows in a picture.
CODE = [*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2500, 0x25A0), *range(0x2190, 0x219A)]
CODE += [*range(0x21D0, 0x21D4), *range(0x2080, 0x208A), *range(0x2074, 0x207A)]
CODE += map(ord, "…–—‘’“”†‡•′″−×≤≥≈≠∞√∑∆■□●○◆▲△▶▷▼▽◀◁✓⁰πλ")

FONTS = {
    "open-sans-*-regular*.woff2": ("open-sans-regular.woff2", TEXT, None),
    "open-sans-*-charsets-italic*.woff2": ("open-sans-italic.woff2", TEXT, None),
    "open-sans-*-charsets-700.woff2": ("open-sans-bold.woff2", TEXT, None),
    "source-code-pro-*.woff2": ("book-code.woff2", CODE, "Book Code"),
}

for pattern, (name, glyphs, family) in FONTS.items():
    (source,) = Path(sys.argv[1]).glob(pattern)
    font = TTFont(source)
    options = subset.Options(flavor="woff2", layout_features=["kern", "mark", "mkmk"], hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=glyphs)
    cutter.subset(font)
    if family:
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 6, 16):
                record.string = family.replace(" ", "") if record.nameID == 6 else family
    font.flavor = "woff2"
    here = Path(__file__).parent
    font.save(here / "fonts" / name)
    if "italic" not in name:
        font.flavor = None
        font.save(here / "../../crates/diagram/fonts" / Path(name).with_suffix(".ttf"))
