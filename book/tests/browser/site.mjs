// Serves the built book on a loopback address.

import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the built book. */
export const folder = resolve(process.env.BOOK_HTML ?? fileURLToPath(new URL('../../../target/book', import.meta.url)));

const TYPES = {
    '.html': 'text/html; charset=utf-8',
    '.css': 'text/css',
    '.js': 'text/javascript',
    '.json': 'application/json',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
    '.woff2': 'font/woff2',
    '.txt': 'text/plain; charset=utf-8',
};

/** Every page of the built book, by its path in `folder`. */
export async function pages() {
    if (!existsSync(join(folder, 'index.html'))) {
        throw new Error(`there is no book in ${folder}; run scripts/book --build`);
    }
    const files = await readdir(folder, { recursive: true });
    return files
        .filter(file => file.endsWith('.html') && file !== 'toc.html') // the frame with the table of contents
        .map(file => file.split(sep).join('/'))
        .sort();
}

/** Serves `folder`, and returns the address and a function that stops the server. */
export async function serve() {
    const server = createServer(async (request, response) => {
        const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
        const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
        try {
            if (relative(folder, file).startsWith('..')) {
                throw new Error('outside the book');
            }
            const body = await readFile(file);
            response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
            response.end(body);
        } catch {
            response.writeHead(404).end();
        }
    });
    await new Promise(listening => server.listen(0, '127.0.0.1', listening));
    const stop = () => {
        server.closeAllConnections();
        return new Promise(stopped => server.close(stopped));
    };
    return { address: `http://127.0.0.1:${server.address().port}`, stop };
}
