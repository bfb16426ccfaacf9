// Tests the broker of chapter 5 in a real browser: its EventSource gets what was published, and resumes.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { launchChromium } from './chromium.mjs';
import { complaintsOf, start, whatIsMissing } from './server.mjs';

const program = process.env.SSE_SERVER;
const missing = whatIsMissing('SSE_SERVER', 'the server of chapter 5');

async function kill(server, signal) {
    const exited = once(server, 'exit');
    server.kill(signal);
    return exited;
}

async function publish(address, message) {
    const answer = await fetch(`${address}/publish`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
    });
    assert.equal(answer.status, 200);
    return answer.json();
}

describe('the SSE broker', { skip: missing }, () => {
    let browser;
    before(async () => {
        browser = await launchChromium();
    });
    after(() => browser?.close());

    /** Opens the server's page, with an EventSource that collects its events in `window.got`. */
    async function listen(address) {
        const page = await browser.newPage();
        await page.goto(address);
        await page.evaluate(async () => {
            window.got = [];
            window.source = new EventSource('/events');
            const collect = event => window.got.push([event.type, event.data, event.lastEventId]);
            for (const type of ['message', 'gap', 'tick', ' a:b']) {
                window.source.addEventListener(type, collect);
            }
            await new Promise(resolve => {
                window.source.onopen = resolve;
            });
        });
        return page;
    }

    const got = (page, count) =>
        page.waitForFunction(count => window.got.length >= count, count).then(() => page.evaluate(() => window.got));

    test('gets what was published', async () => {
        const { server, address } = await start(program);
        const page = await listen(address);
        const messages = [
            { data: 'hello' },
            { data: '' },
            { data: '\n' },
            { data: ' one\n\n  two\n' },
            { data: ': no comment\ndata: x\nid: 9\nretry: 1' },
            { data: '\ufeffé😀\0\u2028\u0085' },
            { event: 'tick', data: '1' },
            { event: ' a:b', data: '1' },
            { data: 'x'.repeat(200_000) + 'é😀'.repeat(20_000) },
        ];
        const sent = [];
        for (const message of messages) {
            const { id } = await publish(address, message);
            sent.push([message.event ?? 'message', message.data, id]);
        }
        assert.deepEqual(await got(page, sent.length), sent);
        const [status] = await kill(server, 'SIGTERM');
        assert.equal(status, 0);
        await page.close();
    });

    test('resumes after the server was killed and started again', async () => {
        const first = await start(program);
        const page = await listen(first.address);
        const { id } = await publish(first.address, { data: 'before' });
        assert.deepEqual(await got(page, 1), [['message', 'before', id]]);
        await kill(first.server, 'SIGKILL');
        const again = await start(program, new URL(first.address).host);
        assert.equal(again.address, first.address);
        const missed = await publish(again.address, { data: 'missed' });
        // The browser waits 1 to 5 s, as `retry` tells it, and reconnects by itself.
        const [, gap, message] = await got(page, 3);
        assert.deepEqual(gap.slice(0, 2), ['gap', '{"missed": null}']);
        assert.deepEqual(message, ['message', 'missed', missed.id]);
        const live = await publish(again.address, { data: 'live' });
        assert.deepEqual((await got(page, 4))[3], ['message', 'live', live.id]);
        await kill(again.server, 'SIGTERM');
        await page.close();
    });

    test('shows on its page what the keyboard publishes', async () => {
        const { server, address } = await start(program);
        const page = await browser.newPage();
        const complaints = complaintsOf(page, address);
        await page.goto(address);
        await page.waitForFunction(() => document.querySelectorAll('.state').length === 3 &&
            [...document.querySelectorAll('.state')].every(state => state.textContent === 'connected'));
        await page.getByLabel('data').fill('from the page');
        await page.keyboard.press('Enter');
        await page.waitForFunction(() =>
            [...document.querySelectorAll('ol')].every(list => list.textContent.includes('from the page')));
        assert.deepEqual(complaints, []);
        await page.close();
        await kill(server, 'SIGTERM');
    });

    /** Opens the server's page, and waits until its three clients are connected. */
    async function open(address) {
        const page = await browser.newPage();
        await page.goto(address);
        await page.waitForFunction(() =>
            [...document.querySelectorAll('.state')].every(state => state.textContent === 'connected'));
        return page;
    }

    const shown = (page, client, words) =>
        page.waitForFunction(
            ([client, words]) => document.querySelectorAll('.client')[client - 1].textContent.includes(words),
            [client, words],
        );

    test('shows named events on its page: those it publishes, and those it was asked to listen for', async () => {
        const { server, address } = await start(program);
        const page = await open(address);
        await page.getByLabel('event', { exact: true }).fill('tick');
        await page.getByLabel('data').fill('1');
        await page.keyboard.press('Enter');
        for (const client of [1, 2, 3]) {
            await shown(page, client, 'tick: 1');
        }
        // Client 3 reads the stream itself. An EventSource ignores a name without a listener.
        await publish(address, { event: 'price', data: '2' });
        await shown(page, 3, 'price: 2');
        assert.ok(!(await page.locator('.client').first().textContent()).includes('price'));
        await page.getByLabel(/^Clients 1 and 2 also listen/).fill('price');
        await page.keyboard.press('Enter');
        await publish(address, { event: 'price', data: '3' });
        for (const client of [1, 2, 3]) {
            await shown(page, client, 'price: 3');
        }
        await page.close();
        await kill(server, 'SIGTERM');
    });

    test('reconnects on its page after it was refused', async () => {
        const { server, address } = await start(program, '127.0.0.1:0', '--max-clients', '2');
        const page = await browser.newPage();
        await page.goto(address);
        const states = () => page.locator('.state').allTextContents();
        const refused = words => words.includes('refused; the page reconnects') || words.includes('disconnected; reconnects');
        while (!refused(await states())) {
            await new Promise(resolve => setTimeout(resolve, 50));
        }
        assert.equal((await states()).filter(words => words === 'connected').length, 2);
        await kill(server, 'SIGTERM');
        const again = await start(program, new URL(address).host);
        await page.waitForFunction(() =>
            [...document.querySelectorAll('.state')].every(state => state.textContent === 'connected'));
        await page.close();
        await kill(again.server, 'SIGTERM');
    });

    test('cuts off the client that stops reading on its page, and no other', async () => {
        // The other two read all the time. On a busy machine they may pause, but hardly for 5 s.
        const { server, address } = await start(program, '127.0.0.1:0', '--write-timeout', '5', '--send-buffer', '65536');
        const page = await open(address);
        await page.getByRole('button', { name: 'Stop reading' }).click();
        await shown(page, 3, 'not reading');
        await page.getByRole('button', { name: /^Publish 2,000/ }).click();
        const dropped = async () => (await (await fetch(`${address}/stats`)).json()).dropped_slow;
        while ((await dropped()) === 0) {
            await new Promise(resolve => setTimeout(resolve, 100));
        }
        assert.equal(await dropped(), 1);
        await shown(page, 3, 'not reading; the broker has disconnected a slow client');
        await page.getByRole('button', { name: 'Read again' }).click();
        await shown(page, 3, 'disconnected');
        await page.waitForFunction(() => document.querySelectorAll('.state')[2].textContent === 'connected');
        await page.close();
        await kill(server, 'SIGTERM');
    });
});
