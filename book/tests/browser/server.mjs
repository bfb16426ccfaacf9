// What the tests of the chapters' servers share.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findChromium } from './chromium.mjs';

/** Says why the tests of a server can't run, or returns undefined. With CI=true, throws. The variable names the program. */
export function whatIsMissing(variable, server) {
    const missing = process.env[variable]
        ? findChromium()
            ? undefined
            : 'no Chromium on PATH; install it, or set CHROMIUM to its path'
        : `${variable} does not name ${server}`;
    if (missing && process.env.CI === 'true') {
        throw new Error(`with CI=true no test may be skipped, but: ${missing}`);
    }
    return missing;
}

/** Starts a server, and returns it with its address, the first line that it prints. */
export async function start(program, listen = '127.0.0.1:0', ...flags) {
    const server = spawn(program, ['--listen', listen, ...flags], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [address] = await once(createInterface(server.stdout), 'line');
    return { server, address };
}

/** Collects a page's errors, and its requests to other hosts. */
export function complaintsOf(page, address) {
    const complaints = [];
    page.on('pageerror', error => complaints.push(error.message));
    page.on('request', request => {
        if (new URL(request.url()).origin !== address && !request.url().startsWith('data:')) {
            complaints.push(request.url());
        }
    });
    return complaints;
}
