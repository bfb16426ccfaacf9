// Finds Chromium and starts it. Run as a program, prints its path, or fails if there is none.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MACOS = [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The path of Chromium: CHROMIUM or, if that isn't set, the first one on PATH or among macOS's applications. */
export function findChromium() {
    if (process.env.CHROMIUM) {
        return process.env.CHROMIUM;
    }
    const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
    const paths = NAMES.flatMap(name => folders.map(folder => join(folder, name)));
    return [...paths, ...MACOS].find(path => {
        try {
            accessSync(path, constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });
}

export async function launchChromium() {
    const { chromium } = await import('playwright-core');
    return chromium.launch({
        executablePath: findChromium(),
        args: process.getuid?.() === 0 ? ['--no-sandbox'] : [], // the sandbox doesn't work for root
    });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
    const path = findChromium();
    if (!path) {
        console.error('Chromium is not on PATH; install it, or set CHROMIUM to its path');
        process.exit(1);
    }
    console.log(path);
}
