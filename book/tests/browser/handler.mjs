// Measures the time from a press to the picture in the explorer with the most executions, with the CPU slowed down four
// times: the press's handler, and the layout of what it has drawn. Prints the median of 20. It asserts nothing.
//   node book/tests/browser/handler.mjs

import { launchChromium } from './chromium.mjs';
import { pages, serve } from './site.mjs';

const site = await serve();
const browser = await launchChromium();
const page = await browser.newPage();

/** The explorer of a page with the most executions. Runs in the page. */
const largest = () => {
    const all = [...document.querySelectorAll('details.explorer')];
    const most = all.reduce((best, details) => (Number(details.dataset.leaves) > Number(best?.dataset.leaves ?? 0) ? details : best), undefined);
    return most && { id: most.closest('figure').id, executions: Number(most.dataset.leaves) };
};

let found;
for (const name of (await pages()).filter(name => /^\d\d-/.test(name) && !name.includes('-exercises'))) {
    await page.goto(`${site.address}/${name}`);
    const here = await page.evaluate(largest);
    if (here && here.executions > (found?.executions ?? 0)) {
        found = { ...here, name };
    }
}
await page.goto(`${site.address}/${found.name}`);
const session = await page.context().newCDPSession(page);
await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
const times = await page.evaluate(async id => {
    const details = document.querySelector(`#${id} details.explorer`);
    details.open = true;
    while (!('ready' in details.dataset)) {
        await new Promise(resolve => setTimeout(resolve, 5));
    }
    const times = [];
    while (times.length < 20) {
        const ways = [...details.querySelectorAll('.explorer-choices button, .explorer-threads button')];
        const way = ways.find(button => button.getAttribute('aria-disabled') !== 'true') ?? details.querySelector('.restart');
        await new Promise(resolve => setTimeout(resolve, 100));
        const begun = performance.now();
        way.click();
        const handled = performance.now();
        details.getBoundingClientRect();
        times.push([handled - begun, performance.now() - begun]);
    }
    return times;
}, found.id);
const median = numbers => numbers.sort((a, b) => a - b)[10].toFixed(1);
console.log(`${found.name}, ${found.id}: ${found.executions} executions, CPU 4 times slower, median of ${times.length}`);
console.log(`the handler: ${median(times.map(([handled]) => handled))} ms; with the layout: ${median(times.map(([, drawn]) => drawn))} ms`);
await browser.close();
await site.stop();
