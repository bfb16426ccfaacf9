// Tests every page of the built book in a real browser: on desktop and phone, in every theme.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { findChromium, launchChromium } from './chromium.mjs';
import { FONT, measurePage, measurePictures, measurePrint } from './picture.mjs';
import { pages, serve } from './site.mjs';

const SCREENS = {
    desktop: { viewport: { width: 1280, height: 800 } },
    phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true },
};
const THEMES = ['light', 'rust', 'coal', 'navy', 'ayu'];
// What a theme can change: colours. All else that axe looks at is the same in each, and is looked at once.
const COLOURS = ['color-contrast', 'link-in-text-block'];
// An A4 page with margins of an inch, the narrowest usual page.
const PAPER = { viewport: { width: 602, height: 900 } };

const missing = findChromium() ? undefined : 'Chromium is not on PATH; install it, or set CHROMIUM to its path';
if (missing && process.env.CI === 'true') {
    throw new Error(`with CI=true no test may be skipped: ${missing}`);
}

// The screens are tested beside each other: each has its own window.
describe('the book', { skip: missing, concurrency: true }, async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const names = missing ? [] : await pages();
    let browser;
    let site;

    before(async () => {
        [browser, site] = await Promise.all([launchChromium(), serve()]);
    });
    after(async () => {
        await browser?.close();
        await site?.stop();
    });

    /** Opens a window for one page after another. `complaints` collects the browser's errors on the current page. */
    async function open(settings) {
        const context = await browser.newContext(settings);
        // print.html opens the print dialogue, which is not under test.
        await context.addInitScript(() => {
            window.print = () => {};
        });
        const page = await context.newPage();
        const complaints = [];
        await context.route('**/*', route => {
            if (new URL(route.request().url()).origin === site.address) {
                return route.continue();
            }
            complaints.push(`contacts another host: ${route.request().url()}`);
            return route.abort();
        });
        page.on('websocket', socket => complaints.push(`contacts another host: ${socket.url()}`));
        page.on('pageerror', error => complaints.push(`a script failed: ${error.message}`));
        page.on('response', response => {
            if (response.status() >= 400) {
                complaints.push(`${response.url()} answers ${response.status()}`);
            }
        });
        const visit = async name => {
            complaints.length = 0;
            await page.goto(`${site.address}/${name}`, { waitUntil: 'load' });
            await page.evaluate(() => document.fonts.ready.then(() => new Promise(requestAnimationFrame)));
        };
        return { context, page, visit, complaints };
    }

    for (const [screen, settings] of Object.entries(SCREENS)) {
        describe(`on ${screen}`, { concurrency: 1 }, () => {
            let window;
            let measured = 0;
            before(async () => {
                window = await open(settings);
            });
            after(() => window?.context.close());

            for (const name of names) {
                test(name, async () => {
                    const { page, visit, complaints } = window;
                    const problems = [];
                    await visit(name);
                    await page.evaluate(axe);
                    await page.evaluate(openAll);
                    const { problems: inPictures, count } = await page.evaluate(measurePictures);
                    measured += count;
                    problems.push(...inPictures, ...(await otherFonts(page)));
                    for (const theme of themes(screen, name)) {
                        await chooseTheme(page, theme);
                        const found = [
                            ...(await page.evaluate(measurePage)),
                            ...(await page.evaluate(runAxe, theme === THEMES[0] ? undefined : COLOURS)),
                        ];
                        problems.push(...found.map(problem => `${theme}: ${problem}`));
                    }
                    assertNone([...complaints, ...problems]);
                });
            }

            test('the book has pictures', () => {
                assert.ok(measured > 0, 'no page has a picture');
            });
        });
    }

    test('on paper, no picture is wrapped or cut off', async () => {
        const { context, page, visit } = await open(PAPER);
        await page.emulateMedia({ media: 'print' });
        await visit('print.html');
        assertNone(await page.evaluate(measurePrint));
        await context.close();
    });
});

/** The themes in which a page is looked at: all on one screen, since colours don't depend on its size. */
function themes(screen, name) {
    const [light, , , navy] = THEMES;
    // What is on the page for printing is on the other pages, too.
    return name === 'print.html' ? [light] : screen === 'phone' ? [light, navy] : THEMES;
}

function assertNone(problems) {
    assert.ok(problems.length === 0, `${problems.length} problems\n${problems.join('\n')}`);
}

/** Chooses a theme in the menu, as a reader does, and waits until the page shows it. */
async function chooseTheme(page, theme) {
    await page.evaluate(id => document.getElementById(id).click(), `mdbook-theme-${theme}`);
    await page.waitForFunction(name => document.documentElement.classList.contains(name), theme);
}

/** Finds glyphs in pictures that come from a fallback font, which may be missing or wider on other systems. */
async function otherFonts(page) {
    const session = await page.context().newCDPSession(page);
    await session.send('DOM.enable');
    await session.send('CSS.enable');
    const { root } = await session.send('DOM.getDocument');
    const found = await session.send('DOM.querySelectorAll', { nodeId: root.nodeId, selector: 'pre > code.language-text' });
    const problems = [];
    for (const [index, nodeId] of found.nodeIds.entries()) {
        const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
        for (const font of fonts.filter(font => !font.isCustomFont || !font.familyName.startsWith(FONT))) {
            problems.push(`picture ${index + 1}: ${font.glyphCount} glyphs are not in ${FONT}, and come from ${font.familyName}`);
        }
    }
    await session.detach();
    return problems;
}

/** Finds violations of accessibility, of these rules or of all, in the page and in the frame around it. */
async function runAxe(rules) {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'], runOnly: rules });
    return violations.flatMap(({ id, help, nodes }) => nodes.map(node => `${id}: ${help}: ${node.html}`));
}

/** Opens everything that unfolds, and waits until what is loaded then is drawn. */
async function openAll() {
    for (const details of document.querySelectorAll('details')) {
        details.open = true;
    }
    const loads = () => document.querySelector(':is(.explorer, .slider, .chooser):not([data-ready])');
    while (loads()) {
        await new Promise(resolve => setTimeout(resolve, 5));
    }
    // What is shown now is measured by the page before the second frame.
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}
