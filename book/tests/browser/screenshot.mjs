// Takes a screenshot of a page of the built book.
//   node book/tests/browser/screenshot.mjs 01-pool.html /tmp/pool.png [--width 360] [--theme navy] [--print]

import { parseArgs } from 'node:util';
import { launchChromium } from './chromium.mjs';
import { pages, serve } from './site.mjs';

const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
        width: { type: 'string', default: '1280' },
        theme: { type: 'string', default: 'light' },
        print: { type: 'boolean', default: false },
    },
});
const [name, out] = positionals;
const width = Number(values.width);
const known = await pages();
if (!known.includes(name) || !out || !(width > 0)) {
    console.error(`usage: screenshot.mjs PAGE OUT [--width N] [--theme T] [--print]\npages: ${known.join(' ')}`);
    process.exit(2);
}

const site = await serve();
const browser = await launchChromium();
const phone = width < 600;
const page = await browser.newPage({
    viewport: { width, height: 900 },
    deviceScaleFactor: phone ? 3 : 1,
    isMobile: phone,
});
await page.addInitScript(theme => localStorage.setItem('mdbook-theme', theme), values.theme);
await page.emulateMedia({ media: values.print ? 'print' : 'screen' });
await page.goto(`${site.address}/${name}`);
await page.evaluate(() => document.fonts.ready);
// `fullPage` includes the part below the window.
await page.screenshot({ path: out, fullPage: true });
await browser.close();
await site.stop();
