// Tests the server of chapter 4 in a real browser: a tab is closed, and its work stops.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchChromium } from './chromium.mjs';
import { complaintsOf, start, whatIsMissing } from './server.mjs';

const program = process.env.CANCELLATION_SERVER;
const missing = whatIsMissing('CANCELLATION_SERVER', 'the server of chapter 4');

const VARIANTS = ['ignored', 'polled', 'raced', 'dropped', 'tree'];
const PATIENCE = 30_000;
/** A job whose answer takes longer than any test waits, on every machine. */
const LONG = 'items=1000&item_ms=200';

describe('the server whose browsers leave', { skip: missing }, () => {
    let browser;
    let server;
    let address;
    before(async () => {
        browser = await launchChromium();
        ({ server, address } = await start(program));
    });
    after(async () => {
        await browser?.close();
        server?.kill();
    });

    /** Waits until the newest job of a variant is as wanted, and returns it. */
    async function until(variant, what, wanted) {
        for (const begun = Date.now(); ; await new Promise(resolve => setTimeout(resolve, 20))) {
            const jobs = await (await fetch(`${address}/jobs`)).json();
            const job = jobs.filter(job => job.variant === variant).at(-1);
            if (job && wanted(job)) {
                return job;
            }
            assert.ok(Date.now() - begun < PATIENCE, `${variant}: ${what}; seen: ${JSON.stringify(job)}`);
        }
    }

    for (const variant of VARIANTS) {
        test(`sees that a tab with ${variant} was closed`, async () => {
            const tab = await browser.newPage();
            tab.goto(`${address}/process/${variant}?${LONG}`).catch(() => {});
            await until(variant, 'the work begins', job => job.begun > 0);
            await tab.close();
            await until(variant, 'the server sees that the tab has gone', job => job.gone_ms !== null);
            if (variant === 'ignored') {
                await until(variant, 'the work goes on', job => job.begun_after > 0);
            } else {
                const job = await until(variant, 'the work ends', job => job.ended_ms !== null);
                assert.ok(job.done < job.items, `all items were done: ${JSON.stringify(job)}`);
            }
        });
    }

    test('shows on its page how the work stops', async () => {
        const page = await browser.newPage();
        const complaints = complaintsOf(page, address);
        await page.goto(`${address}/?${LONG}`);
        await page.getByRole('button', { name: 'Start all' }).click();
        const state = variant => page.getByLabel(variant, { exact: true }).getByRole('status');
        const shows = (variant, words) => state(variant).filter({ hasText: words }).waitFor({ timeout: PATIENCE });
        for (const variant of VARIANTS) {
            await shows(variant, /^[1-9]\d* of 1000 items done$/);
        }
        await page.getByRole('button', { name: 'Leave all' }).click();
        await shows('ignored', 'and the work goes on');
        await shows('polled', 'work ended');
        await shows('raced', 'work ended');
        await shows('dropped', 'work ended at once');
        await shows('tree', 'first half: stopped, second half: stopped');
        // It can start again.
        await page.getByLabel('raced', { exact: true }).getByRole('button').click();
        await shows('raced', /^[1-9]\d* of 1000 items done$/);
        assert.deepEqual(complaints, []);
        await page.close();
    });
});
