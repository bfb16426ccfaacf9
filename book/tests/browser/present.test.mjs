// Tests the colours of the pictures, and the presenter: every figure of every chapter, by keyboard.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findChromium, launchChromium } from './chromium.mjs';
import { folder, pages, serve } from './site.mjs';

const SCREEN = { viewport: { width: 1920, height: 1080 } };
const THEMES = ['light', 'rust', 'coal', 'navy', 'ayu'];
/** The smallest text on a screen of 1920 by 1080 pixels. */
const SMALLEST = 24;

const missing = findChromium() ? undefined : 'Chromium is not on PATH; install it, or set CHROMIUM to its path';
if (missing && process.env.CI === 'true') {
    throw new Error(`with CI=true no test may be skipped: ${missing}`);
}

describe('the presenter', { skip: missing, concurrency: 2 }, async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const names = missing ? [] : (await pages()).filter(name => /^\d\d-(?!.*-exercises)/.test(name));
    let browser;
    let site;

    before(async () => {
        [browser, site] = await Promise.all([launchChromium(), serve()]);
    });
    after(async () => {
        await browser?.close();
        await site?.stop();
    });

    async function open(name, settings = SCREEN) {
        const context = await browser.newContext(settings);
        const page = await context.newPage();
        const errors = [];
        page.on('pageerror', error => errors.push(error.message));
        await page.goto(name.includes(':') ? name : `${site.address}/${name}`, { waitUntil: 'load' });
        await page.evaluate(() => document.fonts.ready);
        return { page, errors, close: () => context.close() };
    }

    /** Presents the page's first figure, by keyboard. */
    async function present(page, id) {
        const figure = page.locator(id ? `#${id}` : 'main figure.picture').first();
        await figure.locator('.present').focus();
        await page.keyboard.press('p');
        await page.locator('dialog.presenter[open]').waitFor();
        // The full screen comes a moment later, and shows the dialog again.
        await page.waitForFunction(() => document.fullscreenElement || !document.fullscreenEnabled);
        return figure;
    }

    for (const name of names) {
        test(`every figure of ${name} fills the screen, and no text is small`, async () => {
            const { page, errors, close } = await open(name);
            const count = await page.evaluate(() =>
                [...document.querySelectorAll('main figure.picture')].filter(it => it.getClientRects().length > 0).length);
            await present(page);
            for (let figure = 1; figure <= count; figure += 1) {
                assert.equal(await page.locator('.presenter-position').textContent(), `Figure ${figure} of ${count}`);
                assert.deepEqual(await page.evaluate(measure, SMALLEST), []);
                // What is played with, too.
                if (await page.evaluate(toggled)) {
                    assert.deepEqual(await page.evaluate(measure, SMALLEST), []);
                    await page.evaluate(toggled);
                }
                await page.keyboard.press('Shift+ArrowRight');
            }
            await page.keyboard.press('Escape');
            await page.locator('dialog.presenter').waitFor({ state: 'hidden' });
            assert.equal(await page.locator('main figure.picture').count(), await page.locator('figure.picture').count());
            assert.deepEqual(errors, []);
            await close();
        });
    }

    test('the arrows step to the lost update, undo it, and go on to the next figure', async () => {
        const { page, errors, close } = await open('07-atomics.html');
        await present(page, 'figure-07-atomics-lost-update');
        const explorer = page.locator('dialog .explorer');
        if (!(await explorer.evaluate(details => details.open))) {
            await page.keyboard.press('o');
        }
        const steps = explorer.locator('.explorer-lanes tbody tr');
        await explorer.locator('.explorer-threads button').first().waitFor();
        for (let step = 1; step <= 4; step += 1) {
            await page.keyboard.press('ArrowRight');
            assert.ok((await steps.count()) >= step);
        }
        assert.match(await explorer.locator('.explorer-outcome').textContent(), /Result: /);
        await page.keyboard.press('ArrowLeft');
        assert.equal(await explorer.locator('.explorer-outcome').isVisible(), false);
        await page.keyboard.press('PageDown');
        assert.match(await page.locator('.presenter-position').textContent(), /^Figure 1 /);
        await page.keyboard.press('PageDown');
        assert.match(await page.locator('.presenter-position').textContent(), /^Figure 2 /);
        // What was done in the dialog stays done on the page.
        await page.keyboard.press('Escape');
        await page.locator('dialog.presenter').waitFor({ state: 'hidden' });
        assert.ok((await page.locator('#figure-07-atomics-lost-update .explorer-lanes tbody tr').count()) >= 4);
        assert.match(page.url(), /07-atomics\.html/);
        assert.deepEqual(errors, []);
        await close();
    });

    test('the arrows slide, and Esc returns the focus and the place on the page', async () => {
        const { page, errors, close } = await open('01-pool.html');
        const figure = page.locator('#figure-01-pool-stragglers-window');
        const button = figure.locator('.present');
        await button.scrollIntoViewIfNeeded();
        const before = await page.evaluate(() => scrollY);
        await present(page, 'figure-01-pool-stragglers-window');
        await page.keyboard.press('o');
        const time = page.locator('dialog .slider input[type="range"]').last();
        await time.waitFor();
        await page.keyboard.press('ArrowRight');
        await page.keyboard.press('ArrowRight');
        assert.ok(Number(await time.inputValue()) > 0);
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('ArrowLeft');
        assert.equal(Number(await time.inputValue()), 0);
        await page.keyboard.press('o');
        await page.keyboard.press('Escape');
        await page.locator('dialog.presenter').waitFor({ state: 'hidden' });
        assert.ok(await button.evaluate(element => element === document.activeElement));
        assert.equal(await page.evaluate(() => scrollY), before);
        assert.equal(await page.evaluate(() => document.fullscreenElement), null);
        assert.deepEqual(errors, []);
        await close();
    });

    test('while a figure fills the screen, no key reaches the page, and a p that is typed is a letter', async () => {
        const { page, close } = await open('01-pool.html');
        await page.locator('#mdbook-search-toggle').click();
        await page.locator('#mdbook-searchbar').pressSequentially('pool');
        assert.equal(await page.locator('dialog.presenter').isVisible(), false);
        assert.equal(await page.locator('#mdbook-searchbar').inputValue(), 'pool');
        await page.keyboard.press('Escape');
        // Nor does it do anything where no figure has the focus or is under the pointer.
        await page.mouse.move(5, 5);
        await page.locator('#mdbook-theme-toggle').focus();
        await page.keyboard.press('p');
        assert.equal(await page.locator('dialog.presenter').isVisible(), false);

        await page.locator('main figure.picture').first().hover();
        await page.keyboard.press('p');
        await page.locator('dialog.presenter').waitFor();
        for (const key of ['s', '/', '?', 'Shift+ArrowLeft', 'ArrowLeft']) {
            await page.keyboard.press(key);
        }
        assert.equal(await page.locator('#mdbook-search-wrapper').isVisible(), false);
        assert.equal(await page.locator('#mdbook-help-popup').isVisible(), false);
        assert.match(page.url(), /01-pool\.html/);
        await page.keyboard.press('p');
        await page.locator('dialog.presenter').waitFor({ state: 'hidden' });
        await close();
    });

    test('the keyboard scrolls a picture that is higher than the screen', async () => {
        const { page, close } = await open('02-fan-out.html');
        await present(page, 'figure-02-fan-out-fan-out');
        await page.keyboard.press('ArrowDown');
        await page.waitForFunction(() => document.querySelector('.presenter-stage').scrollTop > 0);
        await close();
    });

    test('nothing is inaccessible while a figure fills the screen, in every theme', async () => {
        const { page, close } = await open('07-atomics.html');
        await page.evaluate(axe);
        const problems = [];
        for (const theme of THEMES) {
            await page.evaluate(id => document.getElementById(id).click(), `mdbook-theme-${theme}`);
            await present(page, 'figure-07-atomics-lost-update');
            for (const state of ['as it is', 'opened or closed']) {
                // A theme changes colours only.
                const { violations } = await page.evaluate(
                    rules => axe.run('dialog.presenter', { resultTypes: ['violations'], runOnly: rules }),
                    theme === THEMES[0] ? undefined : ['color-contrast', 'link-in-text-block'],
                );
                problems.push(...violations.flatMap(({ id, nodes }) => nodes.map(node => `${theme}, ${state}: ${id}: ${node.html}`)));
                await page.evaluate(toggled);
            }
            await page.keyboard.press('p');
        }
        assert.deepEqual(problems, []);
        await close();
    });

    test('opened as a file and on a phone, a figure fills the screen and has buttons', async () => {
        const address = pathToFileURL(join(folder, '07-atomics.html')).href;
        const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
        const { page, errors, close } = await open(address, phone);
        await page.locator('.present').first().tap();
        const dialog = page.locator('dialog.presenter');
        await dialog.waitFor();
        const [width, within] = await dialog.evaluate(element => [element.scrollWidth, innerWidth]);
        assert.ok(width <= within, `${width} of ${within} pixels`);
        await dialog.getByRole('button', { name: 'Next' }).tap();
        assert.match(await page.locator('.presenter-position').textContent(), /^Figure 2 /);
        await dialog.getByRole('button', { name: 'End' }).tap();
        await dialog.waitFor({ state: 'hidden' });
        assert.deepEqual(errors, []);
        await close();
    });

    test('the deck of slides shows every chapter from one file, by keyboard', async () => {
        const file = join(folder, '..', 'concurrency-at-scale-deck.html');
        const { page, errors, close } = await open(pathToFileURL(file).href);
        const requests = [];
        page.on('request', request => requests.push(request.url()));
        const dialog = page.locator('dialog.presenter');
        await dialog.waitFor();
        const count = await page.locator('figure.picture').count();
        const chapters = new Set();
        for (let figure = 1; figure <= count; figure += 1) {
            assert.equal(await page.locator('.presenter-position').textContent(), `Figure ${figure} of ${count}`);
            assert.deepEqual(await page.evaluate(measure, SMALLEST), []);
            chapters.add(await page.locator('.presenter-heading').textContent());
            await page.keyboard.press('Shift+ArrowRight');
        }
        assert.equal(chapters.size, names.length);
        // The recordings are in the file, too.
        await page.keyboard.press('Escape');
        const explorer = page.locator('details.explorer').first();
        if (!(await explorer.evaluate(details => details.open))) {
            await explorer.locator('summary').click();
        }
        await explorer.getByRole('button', { name: 'Show me' }).click();
        assert.match(await explorer.locator('.explorer-outcome').textContent(), /Result: /);
        const fonts = await page.evaluate(() => [...document.fonts].filter(font => font.status === 'loaded').map(font => font.family));
        assert.ok(fonts.some(family => family.includes('Book Code')), String(fonts));
        assert.deepEqual(requests.filter(url => !url.startsWith('data:')), []);
        assert.deepEqual(errors, []);
        await close();
    });

    test('colours change no character, neither on the page nor in what a reader copies', async () => {
        const root = fileURLToPath(new URL('../../../crates', import.meta.url));
        let compared = 0;
        for (const name of names) {
            const { page, close } = await open(name);
            const texts = await page.evaluate(() => [...document.querySelectorAll('main figure.picture')].map(figure => {
                const code = figure.querySelector('pre > code');
                for (let fold = figure.closest('details'); fold; fold = fold.parentElement.closest('details')) {
                    fold.open = true;
                }
                getSelection().selectAllChildren(code);
                return [figure.id, code.textContent, getSelection().toString()];
            }));
            for (const [id, text, selected] of texts) {
                const chapter = readdirSync(root).find(chapter => id.startsWith(`figure-${chapter}-`));
                const file = chapter && join(root, chapter, 'diagrams', `${id.slice(`figure-${chapter}-`.length)}.txt`);
                if (file && existsSync(file)) {
                    assert.equal(text, readFileSync(file, 'utf8'), id);
                    compared += 1;
                }
                assert.equal(selected.trimEnd(), text.trimEnd(), id);
            }
            await close();
        }
        assert.ok(compared > 0);
    });

    test('without scripts, pictures have colours and no button', async () => {
        const { page, close } = await open('07-atomics.html', { javaScriptEnabled: false });
        assert.equal(await page.locator('.present').count(), 0);
        const step = page.locator('#figure-07-atomics-lost-update .thread2').first();
        const colours = await Promise.all([step, page.locator('main')].map(it => it.evaluate(element => getComputedStyle(element).color)));
        assert.notEqual(colours[0], colours[1]);
        await close();
    });
});

/** Returns the texts in the dialog that are too small, and what is wider than the stage. Runs in the page. */
function measure(smallest) {
    const dialog = document.querySelector('dialog.presenter');
    const texts = document.createTreeWalker(dialog, NodeFilter.SHOW_TEXT);
    const problems = [];
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        const shown = texts.currentNode.data.trim() && element.getClientRects().length > 0 && !element.closest('.hidden-words');
        const size = parseFloat(getComputedStyle(element).fontSize);
        if (shown && size < smallest) {
            problems.push(`${size} px: ${element.outerHTML.slice(0, 200)}`);
        }
    }
    const stage = dialog.querySelector('.presenter-stage');
    if (stage.scrollWidth > stage.clientWidth) {
        problems.push(`${stage.querySelector('figure').id} is ${stage.scrollWidth} pixels wide`);
    }
    if (dialog.scrollHeight > innerHeight) {
        problems.push(`the dialog is ${dialog.scrollHeight} pixels high`);
    }
    return problems;
}

/** Opens or closes what is played with in the figure on the screen. Returns whether there is anything. Runs in the page. */
async function toggled() {
    const details = document.querySelector('dialog.presenter details:is(.explorer, .slider, .chooser)');
    details?.toggleAttribute('open');
    await new Promise(resolve => setTimeout(() => requestAnimationFrame(resolve)));
    return Boolean(details);
}
