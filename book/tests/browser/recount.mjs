// Counts the outcomes of a recording, and the ends of its variants, from the file that the chapter's tests wrote. It shares
// no code with the book, whose predictions it checks. Run as a program, prints its counts:
//   node book/tests/browser/recount.mjs 01-pool/doubled-claim

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** The recording `01-pool/doubled-claim`. */
export function recording(name) {
    const [folder, file] = name.split('/');
    return JSON.parse(readFileSync(new URL(`../../../crates/${folder}/diagrams/${file}.json`, import.meta.url), 'utf8'));
}

/** Counts the executions, those that fail, and those with each outcome. */
export function recount(name) {
    const { executions } = recording(name);
    const outcomes = {};
    let failing = 0;
    for (const { result, fails } of executions) {
        outcomes[result] = (outcomes[result] ?? 0) + 1;
        failing += fails ? 1 : 0;
    }
    return { executions: executions.length, failing, outcomes };
}

/** Returns when each variant ends at the sliders' positions, and how many of its items fail. */
export function ends(name, positions) {
    const { runs } = recording(name);
    const there = runs.filter(({ at }) => positions.every((position, index) => at[index] === null || at[index] === position));
    return there.map(run => ({ text: run.variant ?? run.strategy, ms: run.total_ms ?? run.ms, failed: run.failed ?? 0 }));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
    for (const name of process.argv.slice(2)) {
        console.log(name, recount(name));
    }
}
