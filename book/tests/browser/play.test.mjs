// Tests what a reader plays with: the races are won by keyboard, a link opens the state that was copied, and each
// prediction's answer is that of the recording.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { findChromium, launchChromium } from './chromium.mjs';
import { ends, recording, recount } from './recount.mjs';
import { folder, pages, serve } from './site.mjs';

const missing = findChromium() ? undefined : 'Chromium is not on PATH; install it, or set CHROMIUM to its path';
if (missing && process.env.CI === 'true') {
    throw new Error(`with CI=true no test may be skipped: ${missing}`);
}

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
/** What a reader can press or tick in a figure or a question. */
const TARGETS = '.explorer button:not(.as-text), .explorer > summary, .slider > summary, .chooser > summary, .copy-link, .prediction-form button, .prediction-form label';

describe('play', { skip: missing, concurrency: 2 }, async () => {
    const chapters = missing ? [] : (await pages()).filter(name => /^\d\d-/.test(name) && !name.includes('-exercises'));
    let browser;
    let site;

    before(async () => {
        [browser, site] = await Promise.all([launchChromium(), serve()]);
    });
    after(async () => {
        await browser?.close();
        await site?.stop();
    });

    async function open(name, settings = {}) {
        const context = await browser.newContext(settings);
        const page = await context.newPage();
        const errors = [];
        page.on('pageerror', error => errors.push(error.message));
        await page.goto(name.includes(':') ? name : `${site.address}/${name}`, { waitUntil: 'load' });
        return { page, errors, close: () => context.close() };
    }

    /** The race of a page that stands open: its explorer, and its figure's id. */
    async function firstRace(page) {
        const explorer = page.locator('details.explorer[open]');
        assert.equal(await explorer.count(), 1);
        return { explorer, id: await explorer.evaluate(element => element.closest('figure').id) };
    }

    for (const name of chapters) {
        test(`the keyboard alone wins the first race of ${name}`, async () => {
            const [, from] = readFileSync(join(folder, name), 'utf8').match(/data-from="([^"]+)"[^>]* data-open/);
            const id = `figure-${from.replace('/', '-')}`;
            // The Tab key goes on from the target of the address.
            const { page, errors, close } = await open(`${name}#${id}`);
            const { explorer } = await firstRace(page);
            const { operations, executions, shown } = recording(from);
            for (let presses = 0; ; presses += 1) {
                assert.ok(presses < 10, 'the Tab key does not reach the explorer');
                await page.keyboard.press('Tab');
                if (await explorer.evaluate(element => element.querySelector('.explorer-threads').contains(document.activeElement))) {
                    break;
                }
            }
            const state = () => explorer.evaluate(element => ({
                steps: element.querySelectorAll('.explorer-lanes tbody tr').length,
                lanes: [...element.querySelectorAll('.explorer-threads button')].map(button => Number(button.dataset.thread)),
                choices: [...element.querySelectorAll('.explorer-choices button')].map(button => button.textContent),
                marked: [...element.querySelectorAll('.explorer-line.at')].map(line => line.querySelector('.explorer-number').textContent),
                arrows: element.querySelectorAll('.explorer-arrow').length,
            }));
            const { steps } = executions[shown];
            for (let now = await state(); now.steps < steps.length; now = await state()) {
                const step = operations[steps[now.steps]];
                if (step.source && now.choices.length === 0) {
                    assert.ok(now.marked.includes(step.source.split(':').pop()), `no arrow is at ${step.source}`);
                }
                const choice = now.choices.findIndex(text =>
                    text.includes(step.value) && /older|in the other order/.test(text) === Boolean(step.stale),
                );
                const digit = (now.choices.length ? choice : now.lanes.indexOf(step.thread)) + 1;
                assert.ok(digit > 0, `step ${now.steps + 1}, ${step.text}, can't be taken`);
                await page.keyboard.press(String(digit));
            }
            assert.equal(await explorer.getAttribute('data-execution'), String(shown));
            assert.match(await explorer.locator('.explorer-win').innerText(), /^✓ Goal met, in \d+ steps?\. \S/);
            const { failing } = recount(from);
            const found = failing === 1 ? /you found the one that fails/ : new RegExp(`found: 1 of the ${failing} that fail`);
            assert.match(await explorer.locator('.explorer-count').textContent(), found);
            await page.keyboard.press('u');
            assert.ok((await state()).steps < steps.length, 'U does not undo');
            await page.keyboard.press('r');
            await page.waitForFunction(id => location.hash === `#${id}~`, id);
            // What was found is kept in this browser.
            await page.reload({ waitUntil: 'load' });
            assert.match(await explorer.locator('.explorer-count').textContent(), found);
            assert.ok(await explorer.locator('.explorer-win').isHidden());
            assert.deepEqual(errors, []);
            await close();
        });
    }

    /** What a figure shows. Runs in the page. */
    const shows = id => {
        const figure = document.getElementById(id);
        const text = selector => [...figure.querySelectorAll(selector)].map(element => element.textContent);
        const { top } = figure.querySelector('details:is(.explorer, .slider, .chooser)').getBoundingClientRect();
        return {
            figure: text('.explorer-lanes tbody tr, .explorer-threads button, .explorer-variables, .slide-row output, .slide-now, .choice-table, .explorer-note:not([hidden])'),
            inView: top >= 0 && top < innerHeight,
        };
    };
    const ready = id => document.querySelector(`#${id} details[data-ready]`);

    test('a copied link opens at the same state, in a fresh profile and from the file system', async () => {
        const slide = async (figure, label, keys) => {
            await figure.getByLabel(label).focus();
            for (let key = 0; key < keys; key += 1) {
                await figure.page().keyboard.press('ArrowLeft');
            }
        };
        const step = async (figure, keys) => {
            await figure.locator('.explorer-threads button').first().focus();
            for (const key of keys) {
                await figure.page().keyboard.press(key);
            }
        };
        for (const [name, id, act] of [
            ['01-pool.html', 'figure-01-pool-doubled-claim', figure => step(figure, '112')],
            ['01-pool.html', 'figure-01-pool-doubled-claim', figure => step(figure, '1122')],
            ['01-pool.html', 'figure-01-pool-lost-wake-up', figure => step(figure, '11212')],
            ['10-error-handling.html', 'figure-10-error-handling-last-result', figure => step(figure, '122')],
            ['01-pool.html', 'figure-01-pool-window', figure => slide(figure, 'Limit', 1)],
            ['09-comparison.html', 'figure-09-comparison-choice', figure => slide(figure, 'Durations', 2)],
        ]) {
            const { page, close } = await open(name, { permissions: ['clipboard-read', 'clipboard-write'] });
            const figure = page.locator(`#${id}`);
            await figure.locator('details:is(.explorer, .slider, .chooser)').evaluate(details => (details.open = true));
            await page.waitForFunction(ready, id);
            await act(figure);
            await figure.getByRole('button', { name: 'Copy link' }).click();
            await figure.getByRole('button', { name: 'Copied' }).waitFor();
            const link = await page.evaluate(() => navigator.clipboard.readText());
            assert.ok(link.includes(`${name}#${id}~`), link);
            // The address bar has it, too.
            await page.waitForFunction(link => location.href === link, link);
            const before = await page.evaluate(shows, id);
            await close();
            const file = pathToFileURL(join(folder, name)).href + new URL(link).hash;
            for (const address of [link, file]) {
                const fresh = await open(address);
                await fresh.page.waitForFunction(ready, id);
                await fresh.page.waitForFunction(id => {
                    const { top } = document.querySelector(`#${id} details:is(.explorer, .slider, .chooser)`).getBoundingClientRect();
                    return top >= 0 && top < innerHeight;
                }, id);
                const after = await fresh.page.evaluate(shows, id);
                // A question is open to the reader, and no part of the address.
                assert.deepEqual(after.figure, before.figure, address);
                assert.deepEqual(fresh.errors, []);
                await fresh.close();
            }
        }
    });

    test('a link that is old, or was cut off, is harmless', async () => {
        for (const hash of ['figure-01-pool-doubled-claim~19', 'figure-01-pool-doubled-claim~%E0%A4%A', 'figure-01-pool-window~9.0', 'figure-01-pool-window~x']) {
            const { page, errors, close } = await open(`01-pool.html#${hash}`);
            const note = page.locator(`#${hash.split('~')[0]} .explorer-note`);
            await note.waitFor();
            assert.match(await note.textContent(), /from another version of the page, or was cut off\. This is the start\.$/);
            assert.equal(await page.locator('#figure-01-pool-doubled-claim .explorer-lanes tbody tr').count(), 0);
            assert.deepEqual(errors, []);
            await close();
        }
        const { errors, close } = await open('01-pool.html#figure-of-another-page~12');
        assert.deepEqual(errors, []);
        await close();
    });

    test('Back leaves the page, and headings, links and highlights go on working', async () => {
        const { page, errors, close } = await open('introduction.html');
        await page.goto(`${site.address}/01-pool.html?highlight=worker`);
        const { explorer, id } = await firstRace(page);
        for (const thread of [0, 1, 1]) {
            await explorer.locator('.explorer-threads button').nth(thread).click();
        }
        await page.waitForFunction(id => location.hash === `#${id}~122`, id);
        assert.equal(new URL(page.url()).search, '?highlight=worker');
        assert.ok(await page.locator('main mark').count() > 0);
        // A link within the page opens another state of it.
        await page.evaluate(id => (location.hash = `#${id}~11`), id);
        await page.waitForFunction(() => document.querySelectorAll('.explorer[open] .explorer-lanes tbody tr').length === 2);
        await page.goBack();
        await page.waitForFunction(id => location.hash === `#${id}~122`, id);
        await page.locator('h2#the-race a.header').click();
        assert.equal(new URL(page.url()).hash, '#the-race');
        const top = await page.locator('h2#the-race').evaluate(heading => heading.getBoundingClientRect().top);
        assert.ok(top >= 0 && top < 200, `${top}`);
        await page.goBack();
        await page.goBack();
        assert.match(page.url(), /introduction\.html$/);
        assert.deepEqual(errors, []);
        await close();
    });

    for (const name of chapters) {
        test(`the predictions of ${name} are those of the recordings`, async t => {
            const { page, errors, close } = await open(name);
            const forms = page.locator('.prediction-form');
            const count = await forms.count();
            assert.ok(count >= 2, `${count} predictions`);
            for (let at = 0; at < count; at += 1) {
                const form = forms.nth(at);
                const { question, answer } = await form.evaluate(form => {
                    const question = JSON.parse(form.parentElement.querySelector('script').textContent);
                    // Ticks everything, or says 0.
                    form.querySelectorAll('input').forEach(input => (input.type === 'number' ? (input.value = '0') : input.click()));
                    form.querySelector('button[type=submit]').click();
                    const text = element => element.textContent;
                    const items = [...form.querySelectorAll('li')].map(item => ({
                        text: text(item.querySelector('label, .prediction-outcome')).trim(),
                        said: text(item.querySelector('.prediction-said')),
                        good: item.className === 'good',
                    }));
                    return { question, answer: { items, verdict: text(form.querySelector('[role=status]')) } };
                });
                const { kind, data, figure } = question;
                const items = new Map(answer.items.map(item => [item.text, item]));
                assert.equal(items.size, answer.items.length);
                if (kind === 'first') {
                    const runs = ends(data, question.at);
                    const first = Math.min(...runs.filter(run => run.failed === 0).map(run => run.ms));
                    assert.deepEqual([...items.keys()].sort(), runs.map(run => run.text).sort());
                    for (const { text, ms, failed } of runs) {
                        const { said } = items.get(text);
                        assert.ok(said.includes(`ends at ${ms.toLocaleString('en-US')} ms`), said);
                        assert.equal(said.includes(', the first'), ms === first && failed === 0, said);
                    }
                    continue;
                }
                const { executions, failing, outcomes } = recount(data);
                if (kind === 'failing') {
                    assert.ok(answer.verdict.includes(` ${failing} of the ${executions} executions fail`), answer.verdict);
                }
                for (const [text, item] of items) {
                    const count = outcomes[text] ?? 0;
                    if (count === 0) {
                        // A wrong tick is told why.
                        assert.match(item.said, /^✗ No execution ends like this\. \S.{20}/);
                        assert.ok(!item.good);
                    } else {
                        assert.ok(item.good && item.said.includes(count === executions ? `in all ${executions}` : `in ${count} of the ${executions} executions`), item.said);
                    }
                }
                for (const outcome of Object.keys(outcomes)) {
                    assert.ok(items.has(outcome), `"${outcome}" is no option`);
                    // Its link shows an execution that ends like this.
                    await form.locator('li', { hasText: outcome }).locator('a').first().click();
                    const explorer = page.locator(`#${figure} details.explorer[data-ready]`);
                    await explorer.locator('.explorer-outcome:visible').waitFor();
                    assert.equal(await explorer.locator('.explorer-result').textContent(), outcome);
                }
            }
            t.diagnostic(`${count} predictions`);
            assert.deepEqual(errors, []);
            await close();
        });
    }

    test('without scripts, each prediction is a question with its answer folded away', () => {
        for (const name of chapters) {
            const html = readFileSync(join(folder, name), 'utf8');
            const places = html.split('<div class="prediction"');
            assert.ok(places.length > 2, name);
            places.slice(1).forEach((place, index) => {
                assert.match(places[index], /<p><strong>Predict\.<\/strong>[^?]*\?<\/p>\s*$/, name);
                const [inside, below] = [place.slice(0, place.indexOf('</div>')), place.slice(place.indexOf('</div>'))];
                assert.ok(inside.includes('<details><summary>The answer</summary>') || /^<\/div>\s*<details>/.test(below), name);
            });
        }
    });

    test('a browser that keeps nothing can play', async () => {
        const context = await browser.newContext();
        await context.addInitScript(() => {
            Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('forbidden', 'SecurityError'); } });
        });
        const page = await context.newPage();
        const errors = [];
        page.on('pageerror', error => errors.push(error.message));
        await page.goto(`${site.address}/01-pool.html`);
        const { explorer } = await firstRace(page);
        await explorer.locator('.explorer-threads button').first().focus();
        for (const key of '1221') {
            await page.keyboard.press(key);
        }
        await explorer.locator('.explorer-win').waitFor();
        await page.waitForTimeout(150); // longer than what is found waits to be kept
        assert.deepEqual(errors, []);
        await context.close();
    });

    test('on a phone, everything to press is large enough', async () => {
        const { page, close } = await open('01-pool.html', PHONE);
        const { explorer } = await firstRace(page);
        for (const thread of [0, 0, 1]) {
            await explorer.locator('.explorer-threads button').nth(thread).click();
        }
        await explorer.locator('.explorer-choices button').first().waitFor();
        const small = await page.evaluate(targets =>
            [...document.querySelectorAll(targets)]
                .filter(target => target.checkVisibility())
                .map(target => [target.textContent, target.getBoundingClientRect()])
                .filter(([, { width, height }]) => width < 44 || height < 44)
                .map(([text, { width, height }]) => `${text}: ${width} × ${height}`), TARGETS);
        assert.deepEqual(small, []);
        await close();
    });

    test('the data of a closed figure is loaded when it is opened, once', async () => {
        const { page, close } = await open('01-pool.html');
        const loaded = [];
        page.on('request', request => request.resourceType() === 'script' && loaded.push(new URL(request.url()).pathname));
        const figure = page.locator('#figure-01-pool-queue');
        assert.equal(await page.evaluate(() => Object.keys(window.recorded).join()), '01-pool/doubled-claim');
        for (let click = 0; click < 3; click += 1) {
            await figure.locator('details.explorer > summary').click();
            await figure.locator('.explorer-threads').waitFor({ state: click % 2 ? 'hidden' : 'visible' });
        }
        assert.deepEqual(loaded, ['/diagrams/01-pool/queue.js']);
        await page.route('**/lost-wake-up.js', route => route.abort());
        const other = page.locator('#figure-01-pool-lost-wake-up details.explorer');
        await other.locator('summary').click();
        await other.getByText("can't be loaded").waitFor();
        await close();
    });

    test('every page names the data that is there', () => {
        for (const name of chapters) {
            const html = readFileSync(join(folder, name), 'utf8');
            for (const [, from] of html.matchAll(/data-from="([^"]+)"/g)) {
                assert.ok(readFileSync(join(folder, 'diagrams', `${from}.js`), 'utf8').includes(`['${from}'] = {`));
            }
        }
    });
});
