// Measures the pictures on a page. These functions run in the page.

/** The book's code font. */
export const FONT = 'Book Code';

/** Returns what is wrong with the pictures on this page, and their number. */
export function measurePictures() {
    const problems = [];
    const pictures = [...document.querySelectorAll('pre > code.language-text')];

    const widthOf = (node, start, end) => {
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, end);
        return { width: range.getBoundingClientRect().width, rows: range.getClientRects().length };
    };

    pictures.forEach((picture, index) => {
        const name = `picture ${index + 1}`;
        const style = getComputedStyle(picture);

        const probe = document.createTextNode('0'.repeat(80));
        picture.append(probe);
        const cell = widthOf(probe, 0, 80).width / 80;
        probe.remove();

        if (Math.abs(cell - Math.round(cell)) > 0.005) {
            problems.push(`${name}: a cell is ${cell} pixels wide, so there is a gap between two blocks`);
        }
        // The font's box glyphs are 1.4 of its size high, so a higher row would leave a gap.
        const row = parseFloat(style.lineHeight) / parseFloat(style.fontSize);
        if (!(row <= 1.401)) {
            problems.push(`${name}: a row is ${row} of the font's size, so there is a gap between box glyphs`);
        }

        const texts = document.createTreeWalker(picture, NodeFilter.SHOW_TEXT);
        const cells = new Map();
        while (texts.nextNode()) {
            const node = texts.currentNode;
            let at = 0;
            for (const line of node.data.split('\n')) {
                let expected = 0;
                for (const { segment, index } of new Intl.Segmenter('en').segment(line)) {
                    if (!cells.has(segment)) {
                        const { width } = widthOf(node, at + index, at + index + segment.length);
                        const whole = Math.round(width / cell);
                        cells.set(segment, whole);
                        if (whole < 1 || Math.abs(width / cell - whole) > 0.01) {
                            const code = segment.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
                            problems.push(`${name}: '${segment}' (U+${code}) is ${(width / cell).toFixed(3)} cells wide`);
                        }
                    }
                    expected += cells.get(segment);
                }
                const { width, rows } = widthOf(node, at, at + line.length);
                if (expected > 0 && Math.abs(width / cell - expected) > Math.min(0.01 * expected, 0.25)) {
                    problems.push(`${name}: a line is ${(width / cell).toFixed(2)} cells wide, not ${expected}: ${line}`);
                }
                if (rows > 1) {
                    problems.push(`${name}: a line is wrapped into ${rows} rows: ${line}`);
                }
                at += line.length + 1;
            }
        }

        if (picture.scrollWidth > picture.clientWidth && picture.tabIndex !== 0) {
            problems.push(`${name}: scrolls sideways, but not by keyboard`);
        }
    });
    return { problems, count: pictures.length };
}

/** Returns the elements that are wider than the window. */
export function measurePage() {
    const problems = [];
    for (const selector of ['html', 'body', '#mdbook-page-wrapper', '#mdbook-content', 'main']) {
        const element = document.querySelector(selector);
        // With room beside the text, an explorer that is open is wider than the text.
        const wider = selector === 'main' && element?.querySelector('.explorer[open]') && innerWidth > 1000;
        if (element && !wider && element.scrollWidth > element.clientWidth) {
            problems.push(`${selector} scrolls sideways: ${element.scrollWidth} px of ${element.clientWidth}`);
        }
    }
    return problems;
}

/** Returns the pictures that are cut off or wrapped on paper. */
export function measurePrint() {
    return [...document.querySelectorAll('pre > code.language-text')].flatMap((picture, index) => {
        const wraps = getComputedStyle(picture).whiteSpace !== 'pre';
        const cut = picture.scrollWidth > picture.clientWidth;
        return wraps || cut ? [`picture ${index + 1} is ${wraps ? 'wrapped' : 'cut off'} on paper`] : [];
    });
}
