// Draws the book's preview card and its small icon: `node card.mjs` writes book/src/card.png and
// book/theme/favicon.png. The card shows the SVG of chapter 7's lost update. No test compares the pixels, because
// they differ between versions of the browser.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './chromium.mjs';

const root = new URL('../../../', import.meta.url);
const file = path => fileURLToPath(new URL(path, root));
const read = path => readFile(file(path), 'utf8');
const font = async name => `url("data:font/woff2;base64,${(await readFile(file(`book/theme/fonts/${name}`))).toString('base64')}")`;

const title = (await read('book.toml')).match(/^title = "(.*)"$/m)[1];
const [name, rest] = title.split(': ');
const picture = await read('book/src/diagrams/07-atomics/lost-update.svg');
const card = `<!doctype html><style>
    @font-face { font-family: Card; src: ${await font('open-sans-regular.woff2')}; }
    @font-face { font-family: Card; font-weight: 700; src: ${await font('open-sans-bold.woff2')}; }
    @font-face { font-family: "Book Code"; src: ${await font('book-code.woff2')}; }
    body { box-sizing: border-box; width: 1200px; height: 630px; margin: 0; padding: 44px 56px; background: #fff;
           color: #1f2328; font-family: Card, sans-serif; display: flex; flex-direction: column; gap: 6px; }
    h1 { margin: 0; font-size: 58px; line-height: 1.15; }
    p { margin: 0; font-size: 32px; color: #57606a; }
    div { flex: 1; min-height: 0; display: flex; align-items: center; justify-content: center; }
    svg { width: 100%; height: 100%; }
</style><h1>${name}</h1><p>${rest}</p><div>${picture}</div>`;

const browser = await launchChromium();
const shoot = async (html, width, height, path) => {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.setContent(html);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: file(path), omitBackground: true });
    await page.close();
};
await shoot(card, 1200, 630, 'book/src/card.png');
const icon = await read('book/theme/favicon.svg');
await shoot(`<style>body { margin: 0 } svg { display: block; width: 64px }</style>${icon}`, 64, 64, 'book/theme/favicon.png');
await browser.close();
