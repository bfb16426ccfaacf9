'use strict';

// Steps through the executions of a race, beside the code that runs. Every step, every line of code and every result is
// read from the recording by the chapter's tests. This script computes none of them.
(function explorers() {
    const { make } = play;
    let made = 0;

    const code = text => make('code', {}, text);
    const hidden = text => make('span', { class: 'hidden-words' }, text);
    const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;
    const list = parts => parts.flatMap((part, index) => (index ? [', ', part] : [part]));
    const enabled = (button, is) => button.setAttribute('aria-disabled', String(!is));

    /**
     * Unpacks the executions. Each is a text: a character for the number of steps that it shares with the one before, a
     * character for each further step, and one for its end. `?` stands for 0, and the characters after it count up.
     */
    function unpack({ executions, ends }) {
        let steps = [];
        return executions.map(text => {
            const [shared, ...numbers] = Array.from(text, character => character.codePointAt(0) - '?'.codePointAt(0));
            const end = numbers.pop();
            steps = [...steps.slice(0, shared), ...numbers];
            return { steps, ...ends[end] };
        });
    }

    /** The executions, and the path of the reader through them. */
    function walk(recording) {
        const { operations } = recording;
        const executions = unpack(recording);
        const path = []; // the operations so far, as indices
        // For each step of the path that was looked at last: the executions that begin with the steps up to there, and
        // the step's part of the address.
        const narrowed = [executions.map((_, index) => index)];
        const looked = [];
        const tokens = [];
        const followed = []; // for each beginning: the operations that can come next

        /** The executions that begin with the path. */
        function candidates() {
            const same = looked.findIndex((step, at) => step !== path[at]);
            looked.length = same < 0 ? Math.min(looked.length, path.length) : same;
            narrowed.length = looked.length + 1;
            followed.length = Math.min(followed.length, narrowed.length);
            tokens.length = looked.length;
            for (let at = looked.length; at < path.length; at += 1) {
                tokens.push(token(narrowed[at], at, path[at]));
                narrowed.push(narrowed[at].filter(index => executions[index].steps[at] === path[at]));
                looked.push(path[at]);
            }
            return narrowed[path.length];
        }

        function after(indices, at) {
            const following = indices.map(index => executions[index].steps[at]);
            return [...new Set(following.filter(step => step !== undefined))];
        }

        /** The operations that can come next, each once. */
        function next() {
            const left = candidates();
            return followed[path.length] ??= after(left, path.length);
        }

        /** The newest value first, so that a letter in an address has the same meaning in every recording. */
        function ordered(steps) {
            const key = step => `${operations[step].stale ? 1 : 0}${operations[step].value ?? ''}`;
            return [...steps].sort((a, b) => (key(a) < key(b) ? -1 : 1));
        }

        /** A step in an address: its thread and, if it can return several values, a letter. Nothing, if no choice is left. */
        function token(indices, at, step) {
            const steps = followed[at] ??= after(indices, at);
            if (steps.length === 1 && operations[step].solo) {
                return '';
            }
            const own = ordered(steps.filter(other => operations[other].thread === operations[step].thread));
            return `${operations[step].thread}${own.length === 1 ? '' : String.fromCharCode(97 + own.indexOf(step))}`;
        }

        function address() {
            candidates();
            return tokens.join('');
        }

        const ended = () => candidates().find(index => executions[index].steps.length === path.length);

        /** Takes the steps during which no other thread runs. */
        function alone() {
            for (let steps = next(); steps.length === 1 && operations[steps[0]].solo; steps = next()) {
                path.push(steps[0]);
            }
        }

        function restart() {
            path.length = 0;
            alone();
        }

        /** Hands the steps of an address to `take`, which takes them. Returns whether there are such steps. */
        function replay(text, take) {
            const tokens = text.match(/\d[a-z]?/g) ?? [];
            return tokens.join('') === text && tokens.every(([thread, letter]) => {
                const own = ordered(next().filter(step => String(operations[step].thread) === thread));
                const step = own[letter ? letter.charCodeAt(0) - 97 : 0];
                if (step === undefined || Boolean(letter) !== own.length > 1) {
                    return false;
                }
                take(step);
                return true;
            });
        }

        return { executions, path, candidates, next, ordered, address, ended, alone, restart, replay };
    }

    /** Follows what the steps so far did to the memory, to the variables and to the locks. */
    function stateOf({ operations }, path) {
        const memory = new Map(); // by object
        const locals = new Map(); // by thread, then by name
        const locks = new Map(); // by name: the threads that hold it
        const waiting = new Map(); // by thread: the lock that it gave up to wait
        const hold = (name, thread) => locks.set(name, [...(locks.get(name) ?? []), thread]);
        const release = (name, thread) => {
            const holders = locks.get(name) ?? [];
            const at = holders.lastIndexOf(thread);
            locks.set(name, holders.filter((_, index) => index !== at));
        };
        path.forEach((step, index) => {
            const { thread, text, value, holds, sets } = operations[step];
            const last = index === path.length - 1;
            if (holds) {
                memory.set(holds.object, { ...holds, last });
            }
            if (sets) {
                const own = locals.get(thread) ?? new Map();
                locals.set(thread, own.set(sets, { value, last }));
            }
            const [, locked, , attempt] = text.match(/^(.+)\.((try_)?(?:lock|read|write))\(\)$/) ?? [];
            const [, unlocked] = text.match(/^unlock (\S+)/) ?? [];
            if (locked && (!attempt || value?.startsWith('acquired'))) {
                hold(locked, thread);
            } else if (unlocked) {
                release(unlocked, thread);
            } else if (/\.wait\(\)$/.test(text)) {
                const [held] = [...locks].filter(([, threads]) => threads.includes(thread)).at(-1) ?? [];
                if (held) {
                    waiting.set(thread, held);
                    release(held, thread);
                }
            } else if (text.endsWith('lock reacquired') && waiting.has(thread)) {
                hold(waiting.get(thread), thread);
            }
        });
        return { memory, locals, locks };
    }

    const WRITES = /\.(store|swap|fetch_\w+|compare_exchange\w*)\(/;

    /** Says which write a step returns: who wrote it, and when. */
    function writeOf({ operations, threads }, path, step) {
        const { text, value, stale, line } = operations[step];
        const same = operations.find(other => other.line === line && other.text === text && other.holds);
        const object = (operations[step].holds ?? same?.holds)?.object;
        if (object === undefined || value === undefined) {
            return undefined;
        }
        const writes = path
            .map((step, at) => ({ ...operations[step], at: at + 1 }))
            .filter(write => write.holds?.object === object && WRITES.test(write.text) && !write.value?.startsWith('Err'));
        const of = write => `written by ${threads[write.thread]} in step ${write.at}`;
        if (!stale) {
            const newest = writes.at(-1);
            return newest ? of(newest) : 'the first value';
        }
        const older = writes.slice(0, -1).filter(write => write.holds.value === value);
        return older.length === 0 ? 'the first value' : older.length === 1 ? of(older[0]) : undefined;
    }

    /** Builds the explorer. Returns how to set its state. */
    function build(details, body, recording, { figure, failing, goal }) {
        const { operations, threads } = recording;
        const { executions, path, candidates, next, ordered, address, ended, ...walker } = walk(recording);
        // Of each execution, the last step of each thread.
        const lastSteps = executions.map(({ steps }) => new Map(steps.map((step, at) => [operations[step].thread, at])));
        // The threads that run concurrently have a lane each. A step that runs alone spans all lanes.
        const met = new Set(operations.filter(operation => !operation.solo).map(operation => operation.thread));
        const lanes = [...met].sort((a, b) => a - b);
        const numberOf = new Map(lanes.map((thread, index) => [thread, index + 1]));

        let presses = []; // the length of the path before each press
        let gaveUp = false;
        let asking; // the operations that the reader has to choose from, if any
        let won; // if the reader's last press ended in a failure: whether that was found for the first time
        const seen = new Set();
        // The failing executions that the reader has found, in this browser, by their addresses.
        const keptAs = `found:${figure}`;
        const found = new Set(stillFailing(play.kept(keptAs)));

        const number = (made += 1);
        const buttons = new Map();
        const arrows = new Map();
        const key = text => make('kbd', { 'aria-hidden': 'true' }, text);
        const threadRow = make('div', { class: 'explorer-threads', role: 'group', 'aria-label': 'Next step' });
        for (const thread of lanes) {
            const button = make('button', { type: 'button', 'data-thread': thread, 'data-lane': numberOf.get(thread) });
            button.addEventListener('click', () => press(thread));
            buttons.set(thread, button);
            threadRow.append(button);
            arrows.set(thread, make('span', { class: 'explorer-arrow', 'data-lane': numberOf.get(thread) }));
        }
        const choices = make('div', { class: 'explorer-choices', role: 'group', 'aria-label': 'Value that it returns', hidden: true });
        const tool = (name, words, shortcut, act) => {
            const button = make('button', { type: 'button', class: name }, words, shortcut && ' ', shortcut && key(shortcut));
            button.addEventListener('click', act);
            return button;
        };
        const undo = tool('undo', 'Undo', 'U', () => {
            if (asking && !asksAlone()) {
                asking = undefined;
            } else if (presses.length) {
                path.length = presses.pop();
                asking = undefined;
                alone();
            }
            won = undefined;
            draw();
        });
        const restart = tool('restart', 'Restart', 'R', () => {
            reset();
            draw();
        });
        const show = tool('show', failing ? 'Show me' : 'Show one', undefined, () => showExecution(recording.shown));
        const copy = play.copier(figure, address);

        const head = make('tr', {}, make('th', { scope: 'col' }, hidden('Step')));
        for (const thread of lanes) {
            head.append(make('th', { scope: 'col', 'data-lane': numberOf.get(thread) }, threads[thread]));
        }
        const rows = make('tbody');
        const table = make('table', {}, make('caption', { class: 'hidden-words' }, 'The steps so far'), make('thead', {}, head), rows);
        const scroller = make('div', { class: 'explorer-lanes', role: 'group', 'aria-label': 'The steps so far', tabindex: '0' }, table);
        const outcome = make('p', { class: 'explorer-outcome' });
        const win = make('p', { class: 'explorer-win' });
        const count = make('p', { class: 'explorer-count' });
        const spoken = make('p', { class: 'hidden-words', role: 'status' });
        const note = make('p', { class: 'explorer-note', hidden: true });
        const aim = make('p', { class: 'explorer-goal', id: `explorer-goal-${number}` });
        const missing = recording.complete ? '' : ` Some executions are missing. Explored: ${recording.coverage}.`;
        if (failing) {
            aim.append(make('strong', {}, goal ?? `Make it end like this: ${executions[recording.shown].result}.`));
            aim.append(` You are the scheduler: choose the thread that runs next.${missing}`);
        } else {
            aim.append(make('strong', {}, 'Every execution passes.'), ` Try to break it: choose the thread that runs next.${missing}`);
        }
        threadRow.setAttribute('aria-describedby', aim.id);
        const listing = makeListing();
        const variables = make('dl', { class: 'explorer-variables' });
        const board = make(
            'div',
            { class: 'explorer-board' },
            make('div', { class: 'explorer-steps' }, threadRow, choices, make('div', { class: 'explorer-tools' }, undo, restart, show, copy), outcome, win, count, scroller),
            make('div', { class: 'explorer-code' }, listing.element, variables),
        );
        body.replaceChildren(aim, note, board, spoken);

        function makeListing() {
            const lines = [];
            const element = make('div', { class: 'explorer-listing hljs', role: 'group', 'aria-label': 'The code that runs', tabindex: '0' });
            for (const { file, lines: own } of recording.listings) {
                element.append(make('p', { class: 'explorer-file' }, file));
                for (const [at, text] of own) {
                    const source = make('code', { class: 'explorer-source' });
                    if (at !== null && window.hljs) {
                        source.innerHTML = window.hljs.highlight('rust', text, true).value;
                    } else {
                        source.textContent = text;
                    }
                    // A line that is too long for its column goes on below its own beginning.
                    const indent = text.length - text.trimStart().length;
                    source.style.setProperty('--indent', `${indent + 2}ch`);
                    const line = make('div', { class: 'explorer-line' }, make('span', { class: 'explorer-arrows' }), make('span', { class: 'explorer-number', 'aria-hidden': 'true' }, at === null ? '' : String(at)), source);
                    lines.push(line);
                    element.append(line);
                }
            }
            return { element, lines };
        }

        function reset() {
            path.length = 0;
            presses = [];
            asking = undefined;
            gaveUp = false;
            won = undefined;
            alone();
        }

        /** Of the addresses that were kept, those that still lead to a failure. */
        function stillFailing(kept) {
            const other = walk(recording);
            return (Array.isArray(kept) ? kept : []).filter(text => {
                other.restart();
                const reached = typeof text === 'string' && other.replay(text, step => {
                    other.path.push(step);
                    other.alone();
                });
                const end = reached ? other.ended() : undefined;
                return end !== undefined && executions[end].fails && other.address() === text;
            });
        }

        /** Shows an execution from its beginning to its end. */
        function showExecution(index) {
            reset();
            gaveUp = true;
            presses.push(path.length);
            path.splice(0, path.length, ...executions[index].steps);
            draw();
        }

        /** Goes to the state in an address. Says so if there is no such state. */
        function go(text) {
            reset();
            const reached = walker.replay(text, take);
            if (!reached) {
                reset();
            }
            note.textContent = reached ? '' : 'The link to this figure is from another version of the page, or was cut off. This is the start.';
            note.hidden = reached;
            gaveUp = ended() !== undefined;
            draw(false);
        }

        /** Takes the steps that run alone. Asks the reader if such a step can return several values. */
        function alone() {
            walker.alone();
            if (asksAlone()) {
                asking = ordered(next());
            }
        }

        /** Whether the next step runs alone and can return several values. It has no thread's button. */
        function asksAlone() {
            const steps = next();
            return steps.length > 1 && steps.every(step => operations[step].solo);
        }

        function take(step) {
            presses.push(path.length);
            asking = undefined;
            path.push(step);
            alone();
        }

        /** Takes a step for the reader. */
        function choose(step) {
            take(step);
            const end = ended();
            if (end !== undefined && executions[end].fails && !gaveUp) {
                won = !found.has(address());
                found.add(address());
                play.keep(keptAs, () => [...found]);
            }
            draw();
            focus(operations[step].thread);
        }

        function press(thread) {
            const steps = next().filter(step => operations[step].thread === thread);
            if (steps.length === 1) {
                choose(steps[0]);
                return;
            }
            if (steps.length > 1) {
                asking = ordered(steps);
            }
            draw();
            focus(thread);
        }

        /** Puts the focus where the reader goes on: on a question, or on the thread that has taken a step. */
        function focus(thread) {
            const button = asking ? choices.querySelector('button') : buttons.get(thread);
            (button ?? undo).focus({ preventScroll: !asking });
        }

        /** Says why a step returned another write than the newest one, if it did. */
        function stale(step) {
            const { stale, solo } = operations[step];
            // Every write happens before a read that runs alone: only the order of the writes is open.
            return stale ? (solo ? 'if the writes land in the other order' : 'stale') : undefined;
        }

        function words(step) {
            const { text, value } = operations[step];
            const why = stale(step);
            return `${text}${value === undefined ? '' : ` → ${value}`}${why ? `, ${why}` : ''}`;
        }

        function cell(step) {
            const { text, value } = operations[step];
            const why = stale(step);
            const parts = [code(text)];
            if (value !== undefined) {
                parts.push(make('span', { class: 'explorer-value' }, `→ ${value}`));
            }
            if (why) {
                parts.push(make('span', { class: 'explorer-stale' }, why));
            }
            return parts.flatMap((part, index) => (index ? [' ', part] : [part]));
        }

        /** For each thread: the operations that it can run now, and the one that it runs next, now or later. */
        function upcoming() {
            const steps = next();
            const left = candidates();
            return new Map(lanes.map(thread => {
                const own = steps.filter(step => operations[step].thread === thread);
                let coming = own[0];
                if (coming === undefined) {
                    const index = left.find(index => lastSteps[index].get(thread) >= path.length);
                    if (index !== undefined) {
                        const rest = executions[index].steps;
                        coming = rest.find((step, at) => at >= path.length && operations[step].thread === thread);
                    }
                }
                return [thread, { own, coming }];
            }));
        }

        /** Whether a thread waits forever, now that the execution has ended. */
        function stuck(end, thread) {
            const { blocked, result } = executions[end];
            const names = result.replace(/ waits? forever$/, '').split(' and ');
            return Boolean(blocked) && names.includes(threads[thread]);
        }

        function drawButtons(coming, end) {
            for (const [thread, button] of buttons) {
                const { own, coming: later } = coming.get(thread);
                // Not `disabled`, because a button that becomes disabled loses the focus.
                enabled(button, own.length > 0);
                const idle = later !== undefined ? 'waiting' : end !== undefined && stuck(end, thread) ? 'waits forever' : 'finished';
                const what = own.length ? code(operations[own[0]].text) : make('span', {}, idle);
                if (button.lastChild?.textContent !== what.textContent) {
                    button.replaceChildren(make('span', { class: 'explorer-thread' }, key(String(numberOf.get(thread))), ' ', threads[thread]), ' ', what);
                }
            }
        }

        function drawChoices() {
            if (!asking && choices.hidden) {
                return;
            }
            choices.hidden = !asking;
            choices.replaceChildren();
            if (!asking) {
                return;
            }
            const { thread, text } = operations[asking[0]];
            choices.append(make('p', {}, `${threads[thread]}, `, code(text), ': which write does it return?'));
            asking.forEach((step, index) => {
                const { value } = operations[step];
                const why = stale(step);
                const write = writeOf(recording, path, step);
                const newest = why === undefined ? 'the newest' : why === 'stale' ? 'older' : why;
                const parts = [code(value ?? operations[step].text), ...(write ? [write] : []), newest];
                const button = make('button', { type: 'button' }, key(String(index + 1)), ' ', ...list(parts));
                button.addEventListener('click', () => choose(step));
                choices.append(button);
            });
        }

        // The steps that the table shows.
        const drawn = [];

        function drawLanes() {
            const same = drawn.findIndex((step, index) => step !== path[index]);
            drawn.length = same < 0 ? drawn.length : same;
            while (rows.rows.length > drawn.length) {
                rows.lastChild.remove();
            }
            path.slice(drawn.length).forEach(step => {
                const index = drawn.push(step) - 1;
                const { thread, solo } = operations[step];
                const row = make('tr', {}, make('th', { scope: 'row' }, String(index + 1)));
                if (solo || !met.has(thread)) {
                    row.append(make('td', { colspan: lanes.length }, `${threads[thread]}: `, ...cell(step)));
                } else {
                    for (const lane of lanes) {
                        row.append(lane === thread ? make('td', { 'data-lane': numberOf.get(lane) }, ...cell(step)) : make('td'));
                    }
                }
                rows.append(row);
            });
            scroller.classList.toggle('empty', path.length === 0);
        }

        // The lines that are marked.
        const marked = new Set();

        function drawListing(coming, end) {
            marked.forEach(line => line.classList.remove('at', 'ran'));
            marked.clear();
            const mark = (line, name) => {
                line.classList.add(name);
                marked.add(line);
            };
            const ran = listing.lines[operations[path.at(-1)]?.line];
            if (ran) {
                mark(ran, 'ran');
            }
            for (const [thread, arrow] of arrows) {
                const { own, coming: later } = coming.get(thread);
                const forever = end !== undefined && stuck(end, thread);
                // A thread that waits forever does so where it took its last step.
                const at = forever ? path.findLast(step => operations[step].thread === thread) : later;
                const line = listing.lines[operations[at]?.line];
                if (!line) {
                    arrow.remove();
                    continue;
                }
                const what = `${threads[thread]} ${own.length ? 'runs this next' : forever ? 'took its last step here, and waits forever' : 'waits here'}`;
                if (arrow.title !== what) {
                    arrow.title = what;
                    arrow.classList.toggle('waits', own.length === 0);
                    arrow.replaceChildren(make('span', { 'aria-hidden': 'true' }, `${numberOf.get(thread)}${own.length ? '▶' : '‖'}`), hidden(`${what}: `));
                }
                mark(line, 'at');
                line.firstChild.append(arrow);
            }
        }

        function drawVariables() {
            const { memory, locals, locks } = stateOf(recording, path);
            const holders = name => (locks.get(name) ?? []).map(thread => threads[thread]).join(' and ');
            const shown = [...memory.values()].map(({ name, value, last }) => {
                const by = holders(name);
                return make('span', { class: last ? 'changed' : undefined }, code(`${name} = ${value}`), by ? ` (locked by ${by})` : '');
            });
            const named = new Set([...memory.values()].map(({ name }) => name));
            for (const [name] of locks) {
                if (!named.has(name) && holders(name)) {
                    shown.push(make('span', {}, code(name), ` (locked by ${holders(name)})`));
                }
            }
            variables.replaceChildren();
            const add = (name, parts, lane) => variables.append(make('div', {}, make('dt', { 'data-lane': lane }, name), make('dd', {}, ...list(parts))));
            if (shown.length) {
                add('In memory', shown);
            }
            for (const [thread, own] of locals) {
                add(threads[thread], [...own].map(([name, { value, last }]) => make('span', { class: last ? 'changed' : undefined }, code(`${name} = ${value}`))), numberOf.get(thread));
            }
        }

        function drawOutcome(end) {
            outcome.hidden = end === undefined;
            outcome.className = 'explorer-outcome';
            win.hidden = won === undefined;
            details.classList.toggle('won', won !== undefined);
            if (end === undefined) {
                return;
            }
            const { result, fails } = executions[end];
            outcome.classList.add(fails ? 'fails' : 'passes');
            const verdict = recording.picture.verdict;
            const shown = executions[recording.shown].result;
            const why = fails ? `× ${result === shown && verdict ? verdict : 'fails'}` : '✓';
            outcome.replaceChildren('Result: ', make('span', { class: 'explorer-result' }, result), `  ${why}`);
            seen.add(end);
            if (won !== undefined) {
                const left = failing - found.size;
                const others = failing === 1 ? 'No other execution fails.' : left === 0 ? `You have found all ${failing} that fail.` : `${plural(left, 'other execution')} ${left === 1 ? 'fails' : 'fail'}, too.`;
                const again = won ? '' : ' You have found this one before.';
                win.replaceChildren(make('strong', {}, `✓ Goal met, in ${plural(path.length, 'step')}.`), `${again} ${others}`);
            }
        }

        let counted;

        function drawCount() {
            if (counted === `${seen.size} ${found.size}`) {
                return;
            }
            counted = `${seen.size} ${found.size}`;
            const parts = [`Seen: ${seen.size} of ${plural(executions.length, 'execution')}`];
            if (failing) {
                parts.push(failing === 1 ? `${found.size ? 'and you found' : 'not yet'} the one that fails` : `found: ${found.size} of the ${failing} that fail`);
            }
            count.replaceChildren(`${parts.join(', ')}.`);
            if (failing > 1 && failing <= 40) {
                const marks = make('span', { class: 'explorer-marks', 'aria-hidden': 'true' });
                for (let mark = 0; mark < failing; mark += 1) {
                    marks.append(make('span', { class: mark < found.size ? 'found' : undefined }));
                }
                count.append(' ', marks);
            }
        }

        function draw(remembers = true) {
            const end = ended();
            const coming = upcoming();
            drawButtons(coming, end);
            drawChoices();
            drawLanes();
            drawListing(coming, end);
            drawVariables();
            drawOutcome(end);
            drawCount();
            enabled(undo, presses.length > 0 || Boolean(asking && !asksAlone()));
            enabled(restart, presses.length > 0 || Boolean(asking && !asksAlone()));
            const last = path.at(-1);
            const sentences = [];
            if (last !== undefined && !asking) {
                sentences.push(`Step ${path.length}, ${threads[operations[last].thread]}: ${words(last)}.`);
            }
            if (end !== undefined) {
                sentences.push(outcome.textContent, won === undefined ? '' : win.textContent);
            }
            spoken.textContent = sentences.join(' ');
            details.dataset.execution = end ?? '';
            if (remembers) {
                note.hidden = true;
                play.remember(figure, address());
            }
            scroll();
        }

        let scrolls = false;

        /** Shows the newest step, and the line that ran, without moving the page. */
        function scroll() {
            if (scrolls) {
                return;
            }
            scrolls = true;
            requestAnimationFrame(() => {
                scrolls = false;
                scroller.scrollTop = scroller.scrollHeight;
                const { element } = listing;
                if (marked.size && element.scrollHeight > element.clientHeight) {
                    const all = [...marked].map(line => line.offsetTop);
                    const [top, bottom] = [Math.min(...all), Math.max(...all)];
                    if (top < element.scrollTop || bottom + 40 > element.scrollTop + element.clientHeight) {
                        element.scrollTop = Math.max(0, Math.min(top - 40, bottom + 60 - element.clientHeight));
                    }
                }
            });
        }

        // The keys work while the focus is in the explorer.
        body.addEventListener('keydown', event => {
            if (event.ctrlKey || event.altKey || event.metaKey) {
                return;
            }
            // The arrow keys scroll the lanes, and don't turn to another chapter.
            if (event.key.startsWith('Arrow') && event.target.matches('.explorer-lanes, .explorer-listing')) {
                event.stopPropagation();
            }
            const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : undefined;
            const target = digit
                ? asking ? choices.querySelectorAll('button')[digit - 1] : buttons.get(lanes[digit - 1])
                : { u: undo, r: restart }[event.key.toLowerCase()];
            if (!target) {
                return;
            }
            event.preventDefault();
            event.stopPropagation();
            if (!event.repeat) {
                target.click();
            }
        });

        reset();
        draw(false);
        return { go, show: showExecution };
    }

    function place(slot) {
        const { from, goal } = slot.dataset;
        const [count, failing] = [Number(slot.dataset.executions), Number(slot.dataset.failing)];
        const figure = slot.closest('figure');
        const title = failing
            ? `Step through it: ${plural(count, 'execution')}, ${failing} ${failing === 1 ? 'fails' : 'fail'}`
            : `Step through it: ${plural(count, 'execution')}, all pass`;
        const body = make('div', { class: 'explorer-body', tabindex: '-1' });
        const details = make('details', { class: 'explorer', 'data-from': from, 'data-leaves': count }, make('summary', {}, title), body);
        let built;
        const ready = () => built ??= play.load(from).then(
            recording => {
                const explorer = build(details, body, recording, { figure: figure.id, failing, goal });
                details.dataset.ready = '';
                return explorer;
            },
            error => {
                built = undefined;
                body.replaceChildren(make('p', {}, `The executions can't be loaded: ${error.message}. Close this and open it to try again.`));
                throw error;
            },
        );
        const open = async state => {
            details.open = true;
            const explorer = await ready();
            if (typeof state === 'number') {
                explorer.show(state);
            } else {
                explorer.go(state);
            }
            return details;
        };
        details.addEventListener('toggle', () => details.open && ready().catch(() => {}));
        play.register(figure.id, open);
        const embedded = slot.previousElementSibling;
        if (embedded?.matches('script.executions')) {
            // The page's first race stands open, above its picture, which gives it away.
            const recording = JSON.parse(embedded.textContent);
            play.embed(from, recording);
            details.open = true;
            const explorer = build(details, body, recording, { figure: figure.id, failing, goal });
            details.dataset.ready = '';
            built = Promise.resolve(explorer);
            figure.prepend(details);
            slot.remove();
        } else {
            slot.replaceWith(details);
        }
    }

    // The page that is printed has nothing to press.
    if (!location.pathname.endsWith('/print.html')) {
        document.querySelectorAll('span.explore').forEach(place);
    }
})();
