// Tests what a reader can step through, slide through, open, copy and download, and that a page is complete without it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { findChromium, launchChromium } from './chromium.mjs';
import { folder, pages, serve } from './site.mjs';

/** The most that a first visit to a page may transfer, in bytes, uncompressed. */
const VISIT = 400_000;

const missing = findChromium() ? undefined : 'Chromium is not on PATH; install it, or set CHROMIUM to its path';
if (missing && process.env.CI === 'true') {
    throw new Error(`with CI=true no test may be skipped: ${missing}`);
}

// Two tests run beside each other: each opens its own pages.
describe('figures', { skip: missing, concurrency: 2 }, async () => {
    const names = missing ? [] : (await pages()).filter(name => name !== 'print.html' && name !== 'index.html');
    const exercises = names.filter(name => /^\d\d-.*-exercises\.html$/.test(name));
    const chapters = names.filter(name => /^\d\d-/.test(name) && !exercises.includes(name));
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

    test('the keyboard alone steps to the lost update', async () => {
        const { page, close } = await open('07-atomics.html');
        // The first race stands open.
        const explorer = page.locator('#figure-07-atomics-lost-update details.explorer');
        const worker = number => explorer.getByRole('button', { name: `worker ${number}` });
        const press = async button => {
            await tabTo(page, button);
            await page.keyboard.press('Enter');
        };
        await press(worker(1));
        // Nothing has been written yet, so worker 2 can read only one value.
        await press(worker(2));
        await press(worker(2));
        await press(worker(1));
        assert.equal(await explorer.locator('.explorer-outcome').textContent(), 'Result: counter = 1  × should be 2');
        assert.equal(await explorer.locator('.explorer-variables dd').first().textContent(), 'value = 1');
        assert.match(await explorer.getByRole('status').textContent(), /worker 1|main: .* Result: counter = 1/);

        // Undo, and choose a value where a read can return more than one.
        await press(explorer.getByRole('button', { name: 'Restart' }));
        await press(worker(1));
        await press(worker(1));
        await press(worker(2));
        const choices = explorer.locator('.explorer-choices button');
        assert.deepEqual(await choices.allTextContents(), ['1 1, written by worker 1 in step 2, the newest', '2 0, the first value, older']);
        await press(choices.first());
        await press(worker(2));
        assert.equal(await explorer.locator('.explorer-outcome').textContent(), 'Result: counter = 2  ✓');
        await press(explorer.getByRole('button', { name: 'Undo' }));
        assert.equal(await explorer.locator('.explorer-outcome').isVisible(), false);

        await press(explorer.getByRole('button', { name: 'Restart' }));
        await press(explorer.getByRole('button', { name: 'Show me' }));
        assert.equal(await explorer.locator('.explorer-outcome').textContent(), 'Result: counter = 1  × should be 2');
        await close();
    });

    test('every explorer ends in the recorded executions, each once', async t => {
        let explorers = 0;
        let leaves = 0;
        for (const name of names) {
            const { page, errors, close } = await open(name);
            const walked = await page.evaluate(walkAll);
            for (const { id, problems, found } of walked) {
                assert.deepEqual(problems, [], `${name} ${id}`);
                explorers += 1;
                leaves += found;
            }
            assert.deepEqual(errors, []);
            await close();
        }
        assert.ok(explorers > 0, 'no page has an explorer');
        t.diagnostic(`${explorers} explorers, ${leaves} executions`);
    });

    test('every slider shows the recorded run of every combination', async t => {
        let runs = 0;
        for (const name of names) {
            const { page, errors, close } = await open(name);
            const slid = await page.evaluate(slideAll);
            for (const { id, problems, shown } of slid) {
                assert.deepEqual(problems, [], `${name} ${id}`);
                runs += shown;
            }
            assert.deepEqual(errors, []);
            await close();
        }
        assert.ok(runs > 0, 'no page has a slider');
        t.diagnostic(`${runs} charts`);
    });

    test('every choice shows the recorded runs, and advice that fits them', async t => {
        let positions = 0;
        for (const name of chapters) {
            const { page, errors, close } = await open(name);
            for (const { id, problems, shown } of await page.evaluate(chooseAll)) {
                assert.deepEqual(problems, [], `${name} ${id}`);
                positions += shown;
            }
            assert.deepEqual(errors, []);
            await close();
        }
        assert.ok(positions > 0, 'no page has a choice');
        t.diagnostic(`${positions} positions`);
    });

    test('the keyboard moves a slider, and stays on the page', async () => {
        const { page, close } = await open('01-pool.html');
        const slider = page.locator('#figure-01-pool-window details.slider');
        await tabTo(page, slider.locator('summary'));
        await page.keyboard.press('Enter');
        const limit = slider.getByLabel('Limit');
        await tabTo(page, limit);
        const total = () => slider.locator('[data-variant="window"]').getAttribute('data-total');
        assert.equal(await total(), '200');
        await page.keyboard.press('ArrowLeft');
        assert.equal(await limit.getAttribute('aria-valuetext'), '2');
        assert.equal(await total(), '300');
        await tabTo(page, slider.getByLabel('Time'));
        for (let step = 0; step < 3; step += 1) {
            await page.keyboard.press('ArrowRight');
        }
        const now = slider.locator('[data-variant="window"] .slide-now');
        assert.equal(await now.textContent(), 'At 3 ms: 2 in flight (Item 1, Item 2)');
        assert.match(page.url(), /01-pool\.html/);
        await close();
    });

    test('the keyboard scrolls a wide picture, and stays on the page', async () => {
        const { page, close } = await open('01-pool.html', { viewport: { width: 360, height: 740 } });
        const picture = page.locator('#figure-01-pool-window pre > code');
        await tabTo(page, picture);
        const scrolled = () => picture.evaluate(element => element.scrollLeft);
        assert.equal(await scrolled(), 0);
        await page.keyboard.press('ArrowRight');
        await page.waitForFunction(() => document.activeElement.scrollLeft > 0);
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('ArrowLeft');
        await page.waitForFunction(() => document.activeElement.scrollLeft === 0);
        assert.match(page.url(), /01-pool\.html/);
        await close();
    });

    test('every figure has a caption, and its SVG has a description', async () => {
        for (const name of names) {
            const { page, close } = await open(name);
            const problems = await page.evaluate(async () => {
                const problems = [];
                for (const figure of document.querySelectorAll('figure.picture')) {
                    if (!figure.querySelector('figcaption')?.textContent.trim()) {
                        problems.push(`${figure.id} has no caption`);
                    }
                    const link = figure.querySelector('a.as-svg');
                    if (link) {
                        const svg = await (await fetch(link.href)).text();
                        if (!svg.startsWith('<svg') || !svg.includes('<desc>')) {
                            problems.push(`${link.href} is not an SVG with a description`);
                        }
                    }
                }
                return problems;
            });
            assert.deepEqual(problems, [], name);
            await close();
        }
    });

    test('a picture is copied as text', async () => {
        const { page, close } = await open('07-atomics.html', { permissions: ['clipboard-read', 'clipboard-write'] });
        const figure = page.locator('#figure-07-atomics-lost-update');
        await figure.getByRole('button', { name: 'Copy as text' }).click();
        await figure.getByRole('button', { name: 'Copied' }).waitFor();
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        assert.equal(copied, await figure.locator('pre > code').textContent());
        await close();
    });

    test('without scripts the pages are complete', async () => {
        for (const name of chapters) {
            const { page, close } = await open(name, { javaScriptEnabled: false });
            const main = page.locator('main');
            assert.ok(await main.locator('figure.picture pre').first().isVisible(), name);
            assert.ok(await main.locator('figure.picture figcaption').first().isVisible(), name);
            assert.ok((await main.locator('details.in-words').count()) > 0, name);
            assert.equal(await main.locator('.explorer, .slider, .chooser').count(), 0, name);
            const text = await main.innerText();
            assert.ok(!text.includes('"kind"') && !text.includes('"parameters"'), `${name} shows its data`);
            await close();
        }
    });

    for (const javaScriptEnabled of [true, false]) {
        test(`hints open one by one, ${javaScriptEnabled ? 'by keyboard' : 'also without scripts'}`, async () => {
            assert.ok(exercises.length > 0, 'no page has exercises');
            for (const name of exercises) {
                const { page, close } = await open(name, { javaScriptEnabled });
                const groups = await page.locator('.hints').all();
                assert.ok(groups.length > 0, `${name} has no hints`);
                for (const group of groups) {
                    const hints = group.locator('details');
                    const summaries = group.locator('summary');
                    const count = await hints.count();
                    assert.equal(count, 3, name);
                    for (let open = 0; open < count; open += 1) {
                        const visible = group.locator('summary:visible');
                        assert.equal(await visible.count(), open + 1, `${name}, with ${open} hints open`);
                        assert.equal(await summaries.nth(open).textContent(), `Hint ${open + 1}`);
                        await summaries.nth(open).focus();
                        await page.keyboard.press('Enter');
                        await hints.nth(open).locator('p').first().waitFor();
                        if (open + 1 < count) {
                            await summaries.nth(open + 1).waitFor();
                        }
                    }
                    // The next Tab stop after a hint is the hint below it.
                    await summaries.first().focus();
                    for (let next = 1; javaScriptEnabled && next < count; next += 1) {
                        await tabTo(page, summaries.nth(next));
                    }
                    // A hint that is closed hides the ones below it.
                    await summaries.first().click();
                    assert.equal(await group.locator('summary:visible').count(), 1, name);
                }
                await close();
            }
        });
    }

    test('opened as a file, a page steps, slides and searches', async () => {
        const address = pathToFileURL(join(folder, '01-pool.html')).href;
        const { page, errors, close } = await open(address);
        const explorer = page.locator('#figure-01-pool-doubled-claim details.explorer');
        await explorer.getByRole('button', { name: 'Show me' }).click();
        assert.match(await explorer.locator('.explorer-outcome').textContent(), /×/);
        const slider = page.locator('#figure-01-pool-window details.slider');
        await slider.locator('summary').click();
        await slider.locator('.slide-chart').nth(3).waitFor();
        await page.locator('h1.menu-title').click();
        await page.keyboard.press('/');
        await page.locator('#mdbook-searchbar').pressSequentially('happens-before');
        const results = page.locator('#mdbook-searchresults li');
        await results.first().waitFor();
        // No key is lost while the search is fetched.
        assert.match(await page.locator('#mdbook-searchresults-header').textContent(), /'happens-before'/);
        assert.deepEqual(errors, []);
        await close();
    });

    test('the search opens with its button, and with a link that has a search in it', async () => {
        const { page, close } = await open('07-atomics.html');
        await page.locator('#mdbook-search-toggle').click();
        await page.locator('#mdbook-searchbar').pressSequentially('lost update');
        await page.locator('#mdbook-searchresults li').first().waitFor();
        await close();
        const marked = await open('07-atomics.html?highlight=counter');
        await marked.page.locator('main mark').first().waitFor();
        await marked.close();
    });

    for (const name of names) {
        test(`a first visit to ${name} transfers at most ${VISIT / 1000} KB`, async t => {
            const context = await browser.newContext();
            const page = await context.newPage();
            const bodies = [];
            page.on('response', response => bodies.push(response.body().then(body => body.length, () => 0)));
            await page.goto(`${site.address}/${name}`, { waitUntil: 'networkidle' });
            const bytes = (await Promise.all(bodies)).reduce((sum, length) => sum + length, 0);
            t.diagnostic(`${bytes} bytes`);
            assert.ok(bytes <= VISIT, `${bytes} bytes`);
            await context.close();
        });
    }

    test('with reduced motion, nothing moves', async () => {
        const { page, close } = await open('01-pool.html', { reducedMotion: 'reduce' });
        const moving = await page.evaluate(() =>
            [...document.querySelectorAll('*')]
                .filter(element => {
                    const { transitionProperty, transitionDuration, animationName } = getComputedStyle(element);
                    const still = transitionProperty === 'none' || transitionDuration.split(', ').every(time => time === '0s');
                    return !still || animationName !== 'none';
                })
                .map(element => element.outerHTML.slice(0, 80)),
        );
        assert.deepEqual(moving, []);
        await close();
    });

    test('Go is beside Rust on a wide page, and above it on a narrow one', async () => {
        for (const [width, beside] of [[1920, true], [1280, false], [360, false]]) {
            const { page, close } = await open('01-pool.html', { viewport: { width, height: 900 } });
            const [go, rust] = await page.locator('.go-and-rust > div').evaluateAll(both =>
                both.map(element => element.getBoundingClientRect().toJSON()),
            );
            assert.equal(go.right <= rust.left, beside, `${width} pixels wide`);
            assert.equal(go.bottom <= rust.top, !beside, `${width} pixels wide`);
            const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
            assert.ok(widths[0] <= widths[1], `${width} pixels wide, the page is ${widths[0]}`);
            await close();
        }
    });

    test('on paper, there is nothing to press', async () => {
        const { page, close } = await open('01-pool.html');
        await page.emulateMedia({ media: 'print' });
        assert.equal(await page.locator('.explorer:visible, .slider:visible, .chooser:visible, .picture-tools:visible').count(), 0);
        await close();
    });

    test('the keyboard opens and closes the menu', async () => {
        const { page, close } = await open('01-pool.html');
        const button = page.getByRole('button', { name: 'Toggle Table of Contents' });
        const shown = () => page.evaluate(() => document.documentElement.classList.contains('sidebar-visible'));
        const before = await shown();
        await button.focus();
        await page.keyboard.press('Enter');
        await page.waitForFunction(was => document.documentElement.classList.contains('sidebar-visible') !== was, before);
        await page.keyboard.press('Enter');
        await page.waitForFunction(was => document.documentElement.classList.contains('sidebar-visible') === was, before);
        await page.locator('#mdbook-sidebar').waitFor({ state: before ? 'visible' : 'hidden' });
        await close();
    });

    test('the book has an icon and a preview card', () => {
        assert.ok(readFileSync(join(folder, 'card.png')).length > 0);
        const html = readFileSync(join(folder, '01-pool.html'), 'utf8');
        assert.match(html, /property="og:image" content="card\.png"/);
        assert.match(html, /rel="icon" href="favicon-[0-9a-f]+\.svg"/);
    });
});

/** Presses Tab, or Shift and Tab, until the target has the focus. Fails if the keyboard doesn't reach it. */
async function tabTo(page, target) {
    const handle = await target.elementHandle();
    const is = () => handle.evaluate(element => element === document.activeElement);
    const before = await handle.evaluate(element =>
        Boolean(document.activeElement && document.activeElement.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING),
    );
    for (let presses = 0; presses < 400; presses += 1) {
        if (await is()) {
            return;
        }
        await page.keyboard.press(before ? 'Shift+Tab' : 'Tab');
    }
    throw new Error(`the keyboard doesn't reach ${target}`);
}

/** Takes every path through every explorer on the page, with its buttons. Runs in the page. */
async function walkAll() {
    const enabled = button => button.getAttribute('aria-disabled') !== 'true';
    // Each press moves the focus, for which the browser lays out the page. Thousands of presses don't need that.
    HTMLElement.prototype.focus = () => {};
    const opened = [...document.querySelectorAll('details.explorer')];
    opened.forEach(details => (details.open = true));
    while (opened.some(details => !('ready' in details.dataset))) {
        await new Promise(resolve => setTimeout(resolve, 5));
    }
    return opened.map(details => {
        const recording = window.recorded[details.dataset.from];
        const { operations, complete, coverage, shown } = recording;
        // See `unpack` in explorer.js.
        const executions = [];
        for (const text of recording.executions) {
            const numbers = [...text].map(character => character.codePointAt(0) - 63);
            const before = executions.at(-1)?.steps ?? [];
            const steps = before.slice(0, numbers[0]).concat(numbers.slice(1, -1));
            executions.push({ steps, ...recording.ends[numbers.at(-1)] });
        }
        const problems = [];
        const found = new Map();
        const undo = details.querySelector('.undo');
        const threads = [...details.querySelectorAll('.explorer-threads button')];
        const choices = () => [...details.querySelectorAll('.explorer-choices button')];
        const rows = () => [...details.querySelectorAll('.explorer-lanes tbody tr')];

        const leaf = () => {
            const index = details.dataset.execution;
            const outcome = details.querySelector('.explorer-outcome');
            const { result, fails } = executions[index];
            if (outcome.querySelector('.explorer-result').textContent !== result) {
                problems.push(`execution ${index} shows ${outcome.textContent}, but ${result} was recorded`);
            }
            if (outcome.classList.contains('fails') !== fails) {
                problems.push(`execution ${index} passes or fails, but was recorded otherwise`);
            }
            const texts = rows().map(row => row.textContent);
            const { steps } = executions[index];
            if (texts.length !== steps.length || texts.some((text, at) => !text.includes(operations[steps[at]].text))) {
                problems.push(`execution ${index} shows other steps than the recorded ones`);
            }
            found.set(index, (found.get(index) ?? 0) + 1);
        };
        const walk = () => {
            if (details.dataset.execution !== '') {
                leaf();
                if (threads.some(enabled)) {
                    problems.push(`execution ${details.dataset.execution} has further steps`);
                }
                return;
            }
            // A step that runs alone is asked about without a press.
            const asked = choices().length;
            for (let choice = 0; choice < asked; choice += 1) {
                choices()[choice].click();
                walk();
                undo.click();
            }
            const ways = threads.filter(enabled);
            if (ways.length === 0 && asked === 0) {
                problems.push('a path ends before the end of an execution');
            }
            for (const thread of ways) {
                const before = rows().length;
                thread.click();
                const count = choices().length;
                if (rows().length > before) {
                    walk();
                    undo.click();
                    continue;
                }
                for (let choice = 0; choice < count; choice += 1) {
                    if (choice > 0) {
                        thread.click();
                    }
                    choices()[choice].click();
                    walk();
                    undo.click();
                }
            }
        };
        walk();
        if (found.size !== executions.length || [...found.values()].some(times => times !== 1)) {
            problems.push(`reaches ${found.size} of ${executions.length} executions, or one of them twice`);
        }
        const start = rows().length;
        details.querySelector('.show').click();
        if (details.dataset.execution !== String(shown)) {
            problems.push(`"${details.querySelector('.show').textContent}" does not show execution ${shown}`);
        } else {
            leaf();
        }
        undo.click();
        if (rows().length !== start) {
            problems.push('undoing the shown execution does not lead back to the start');
        }
        if (!complete && !details.querySelector('.explorer-goal').textContent.includes(coverage)) {
            problems.push('does not mention that executions are missing');
        }
        return { id: details.closest('figure').id, problems, found: found.size };
    });
}

/** Sets every slider on the page to every value. Runs in the page. */
async function slideAll() {
    const all = [];
    for (const details of document.querySelectorAll('details.slider')) {
        const figure = details.closest('figure');
        details.open = true;
        while (!('ready' in details.dataset)) {
            await new Promise(resolve => setTimeout(resolve, 5));
        }
        const sweep = window.recorded[details.dataset.from];
        const problems = [];
        let shown = 0;
        const inputs = [...details.querySelectorAll('input')];
        const set = (input, value) => {
            input.value = String(value);
            input.dispatchEvent(new Event('input'));
        };
        // At first, it shows the same run as the picture above it.
        const total = figure.querySelector('pre').textContent.match(/Total: ([\d.,]+)(m?s)/);
        const ms = Number(total[1].replace(',', '')) * (total[2] === 's' ? 1000 : 1);
        const name = Object.keys(sweep.pictures).find(name => figure.id.endsWith(`-${name}`));
        const chart = details.querySelector(`[data-variant="${sweep.pictures[name].variant}"]`);
        if (name !== 'unlimited' && Number(chart.dataset.total) !== ms) {
            problems.push(`begins with ${chart.dataset.total} ms, but the picture has ${ms}`);
        }
        const combinations = sweep.parameters.reduce(
            (all, { values }) => all.flatMap(at => values.map((_, value) => [...at, value])),
            [[]],
        );
        for (const at of combinations) {
            at.forEach((value, index) => set(inputs[index], value));
            for (const chart of details.querySelectorAll('.slide-chart')) {
                const is = run => run.variant === chart.dataset.variant
                    && run.at.every((value, index) => value === null || value === at[index]);
                const run = sweep.runs.find(is);
                const bars = run.rows.reduce((sum, [, bars]) => sum + bars.length / 2, 0);
                shown += 1;
                if (Number(chart.dataset.total) !== run.total_ms || chart.querySelectorAll('.slide-bar').length !== bars) {
                    problems.push(`${at}: ${run.variant} differs from the recording`);
                }
                // In the middle of the run, check which items are in flight.
                set(inputs.at(-1), Math.floor(run.total_ms / 2));
                const time = Number(inputs.at(-1).value);
                const running = run.rows.flatMap(([, bars]) => bars.filter((start, index) => index % 2 === 0 && start <= time && time < bars[index + 1]));
                const now = details.querySelector(`[data-variant="${run.variant}"] .slide-now`).textContent;
                if (!now.startsWith(`At ${time} ms: ${running.length} in flight`)) {
                    problems.push(`${at}: ${run.variant} shows "${now}", but ${running.length} are in flight`);
                }
            }
        }
        all.push({ id: figure.id, problems, shown });
    }
    return all;
}

/** Sets the sliders of every choice to every position. Runs in the page. */
async function chooseAll() {
    const all = [];
    for (const details of document.querySelectorAll('details.chooser')) {
        const figure = details.closest('figure');
        details.open = true;
        while (!('ready' in details.dataset)) {
            await new Promise(resolve => setTimeout(resolve, 5));
        }
        const { parameters, runs, pictures } = window.recorded[details.dataset.from];
        const problems = [];
        const inputs = [...details.querySelectorAll('input')];
        const cells = () => [...details.querySelectorAll('tbody tr')].map(row =>
            [...row.querySelectorAll('th, td:not(.choice-track)')].map(cell => cell.textContent),
        );
        const words = number => number.toLocaleString('en-US');
        // At first, it shows the same runs as the picture above it.
        const lines = figure.querySelector('pre').textContent.split('\n').map(line => line.trim().split(/\s\s+/));
        const drawn = lines.filter(line => runs.some(run => run.strategy === line[0]));
        if (JSON.stringify(cells()) !== JSON.stringify(drawn)) {
            problems.push(`begins with ${cells().join('; ')}, but the picture has ${drawn.join('; ')}`);
        }
        const positions = parameters.reduce(
            (all, { values }) => all.flatMap(at => values.map((_, value) => [...at, value])),
            [[]],
        );
        for (const at of positions) {
            at.forEach((value, index) => {
                inputs[index].value = String(value);
                inputs[index].dispatchEvent(new Event('input'));
            });
            const now = runs.filter(run => run.at.every((value, index) => value === null || value === at[index]));
            const expected = now.map(run => [run.strategy, `${words(run.ms)} ms`, words(run.tasks), words(run.in_flight), words(run.failed)]);
            if (JSON.stringify(cells().sort()) !== JSON.stringify(expected.sort()) || now.length !== drawn.length) {
                problems.push(`${at}: shows ${cells().join('; ')}, but ${expected.join('; ')} was recorded`);
            }
            const best = Math.min(...now.filter(run => run.failed === 0).map(run => run.ms));
            const fastest = now.filter(run => run.failed === 0 && run.ms === best).map(run => run.strategy);
            const advice = details.querySelector('.choice-advice').textContent;
            const [, names, ms] = advice.match(/^(.*) (?:is|are) the fastest without a failure: ([\d,]+) ms,/);
            if (names.split(/, | and /).sort().join() !== fastest.sort().join() || ms !== words(best)) {
                problems.push(`${at}: says "${advice}", but the fastest are ${fastest}`);
            }
            for (const run of now) {
                if (advice.includes(`${run.strategy} loses ${words(run.failed)}`) !== run.failed > 0) {
                    problems.push(`${at}: says "${advice}", but ${run.strategy} loses ${run.failed}`);
                }
            }
        }
        inputs.forEach((input, index) => {
            input.value = String(Object.values(pictures)[0].at[index]);
            input.dispatchEvent(new Event('input'));
        });
        all.push({ id: figure.id, problems, shown: positions.length });
    }
    return all;
}
