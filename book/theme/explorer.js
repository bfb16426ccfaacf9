'use strict';

// Steps through the executions of a race. Every step and every result is read from the recording by the chapter's
// tests, which is embedded in the page. This script computes none of them.
(function explorers() {
    let made = 0;

    /** Makes an element. Attributes that are `false` or `undefined` are left out. */
    function make(tag, attributes = {}, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
            if (value !== undefined && value !== false) {
                element.setAttribute(name, value === true ? '' : value);
            }
        }
        element.append(...children.filter(child => child !== undefined));
        return element;
    }

    const code = text => make('code', {}, text);
    const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

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

    function explorer(script) {
        const recording = JSON.parse(script.textContent);
        const executions = unpack(recording);
        const { operations, threads } = recording;
        const failing = executions.filter(execution => execution.fails).length;
        const all = executions.map((_, index) => index);
        // Of each execution, the last step of each thread.
        const lastSteps = executions.map(({ steps }) => new Map(steps.map((step, at) => [operations[step].thread, at])));
        // The threads that run concurrently have a lane each. A step that runs alone spans all lanes.
        const met = new Set(operations.filter(operation => !operation.solo).map(operation => operation.thread));
        const lanes = [...met].sort((a, b) => a - b);

        let path = []; // the operations so far, as indices
        let presses = []; // the length of the path before each press
        let gaveUp = false;
        let asking; // the operations that the reader has to choose from, if any
        const seen = new Set();

        const number = (made += 1);
        const buttons = new Map();
        const threadRow = make('div', { class: 'explorer-threads', role: 'group', 'aria-label': 'Next step' });
        for (const thread of lanes) {
            const button = make('button', { type: 'button', 'data-thread': thread });
            button.addEventListener('click', () => press(thread));
            buttons.set(thread, button);
            threadRow.append(button);
        }
        const choices = make('div', { class: 'explorer-choices', role: 'group', 'aria-label': 'Value that it returns', hidden: true });
        const undo = make('button', { type: 'button', class: 'undo' }, 'Undo');
        const restart = make('button', { type: 'button', class: 'restart' }, 'Restart');
        const show = make('button', { type: 'button', class: 'show' }, failing ? 'Show me' : 'Show one');
        undo.addEventListener('click', () => {
            if (asking && !asksAlone()) {
                asking = undefined;
            } else if (presses.length) {
                path.length = presses.pop();
                asking = undefined;
                alone();
            }
            draw();
        });
        restart.addEventListener('click', () => {
            reset();
            draw();
        });
        show.addEventListener('click', () => {
            reset();
            gaveUp = true;
            presses.push(path.length);
            path = [...executions[recording.shown].steps];
            draw();
        });
        const head = make('tr', {}, make('th', { scope: 'col' }, make('span', { class: 'hidden-words' }, 'Step')));
        for (const thread of lanes) {
            head.append(make('th', { scope: 'col' }, threads[thread]));
        }
        const body = make('tbody');
        const table = make(
            'table',
            {},
            make('caption', { class: 'hidden-words' }, 'The steps so far'),
            make('thead', {}, head),
            body,
        );
        const scroller = make('div', { class: 'explorer-lanes', role: 'group', 'aria-label': 'The steps so far', tabindex: '0' }, table);
        scroller.addEventListener('keydown', event => event.stopPropagation());
        const memory = make('p', { class: 'explorer-memory' });
        const outcome = make('p', { class: 'explorer-outcome' });
        const count = make('p', { class: 'explorer-count' });
        const spoken = make('p', { class: 'hidden-words', role: 'status' });

        const goal = failing
            ? 'Find an execution that fails. Press a thread to run its next step.'
            : 'Every execution passes. Press a thread to run its next step, and see why.';
        const notes = [goal];
        if (!recording.complete) {
            notes.push(`Some executions are missing. Explored: ${recording.coverage}.`);
        }
        const title = failing
            ? `Step through it: ${plural(executions.length, 'execution')}, ${failing} ${failing === 1 ? 'fails' : 'fail'}`
            : `Step through it: ${plural(executions.length, 'execution')}, ${executions.length === 1 ? 'it passes' : 'all pass'}`;
        const details = make(
            'details',
            { class: 'explorer', 'data-leaves': executions.length },
            make('summary', {}, title),
            make('p', { class: 'explorer-goal', id: `explorer-goal-${number}` }, notes.join(' ')),
            threadRow,
            choices,
            make('div', { class: 'explorer-tools' }, undo, restart, show),
            scroller,
            memory,
            outcome,
            count,
            spoken,
        );
        threadRow.setAttribute('aria-describedby', `explorer-goal-${number}`);

        function reset() {
            path = [];
            presses = [];
            asking = undefined;
            gaveUp = false;
            alone();
        }

        // For each step of the path that was looked at last, the executions that begin with the steps up to there.
        const narrowed = [all];
        const looked = [];

        /** The executions that begin with the path. */
        function candidates() {
            const same = looked.findIndex((step, at) => step !== path[at]);
            looked.length = same < 0 ? looked.length : same;
            narrowed.length = looked.length + 1;
            for (let at = looked.length; at < path.length; at += 1) {
                narrowed.push(narrowed[at].filter(index => executions[index].steps[at] === path[at]));
                looked.push(path[at]);
            }
            return narrowed[path.length];
        }

        /** The operations that can come next, each once. */
        function next() {
            const following = candidates().map(index => executions[index].steps[path.length]);
            return [...new Set(following.filter(step => step !== undefined))];
        }

        function ended() {
            return candidates().find(index => executions[index].steps.length === path.length);
        }

        /** Takes the steps during which no other thread runs. Asks the reader if such a step can return several values. */
        function alone() {
            let steps = next();
            for (; steps.length === 1 && operations[steps[0]].solo; steps = next()) {
                path.push(steps[0]);
            }
            if (asksAlone()) {
                asking = steps;
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

        function press(thread) {
            const steps = next().filter(step => operations[step].thread === thread);
            if (steps.length === 1) {
                take(steps[0]);
            } else if (steps.length > 1) {
                asking = steps;
            }
            draw();
            focus(thread);
        }

        /** Puts the focus where the reader goes on: on a question, or on the thread that has taken a step. */
        function focus(thread) {
            const button = asking ? choices.querySelector('button') : buttons.get(thread);
            (button ?? undo).focus();
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

        function drawButtons() {
            const steps = next();
            for (const [thread, button] of buttons) {
                const own = steps.filter(step => operations[step].thread === thread);
                const later = own.length === 0 && candidates().some(index => lastSteps[index].get(thread) >= path.length);
                // Not `disabled`, because a button that becomes disabled loses the focus.
                button.setAttribute('aria-disabled', String(own.length === 0));
                const what = own.length
                    ? code(operations[own[0]].text)
                    : make('span', {}, later ? 'waiting' : 'finished');
                button.replaceChildren(make('span', { class: 'explorer-thread' }, threads[thread]), ' ', what);
            }
        }

        function drawChoices() {
            choices.hidden = !asking;
            choices.replaceChildren();
            if (!asking) {
                return;
            }
            const { thread, text } = operations[asking[0]];
            choices.append(make('p', {}, `${threads[thread]}, `, code(text), ': what does it return?'));
            for (const step of asking) {
                const { value } = operations[step];
                const why = stale(step);
                const newest = why === undefined ? 'the newest value' : why === 'stale' ? 'an older value' : why;
                const button = make(
                    'button',
                    { type: 'button' },
                    code(value ?? operations[step].text),
                    `, ${newest}`,
                );
                button.addEventListener('click', () => {
                    take(step);
                    draw();
                    focus(thread);
                });
                choices.append(button);
            }
        }

        // The steps that the table shows.
        const drawn = [];

        function drawLanes() {
            const same = drawn.findIndex((step, index) => step !== path[index]);
            drawn.length = same < 0 ? drawn.length : same;
            while (body.rows.length > drawn.length) {
                body.lastChild.remove();
            }
            path.slice(drawn.length).forEach(step => {
                const index = drawn.push(step) - 1;
                const { thread, solo } = operations[step];
                const row = make('tr', {}, make('th', { scope: 'row' }, String(index + 1)));
                if (solo || !met.has(thread)) {
                    row.append(make('td', { colspan: lanes.length }, `${threads[thread]}: `, ...cell(step)));
                } else {
                    for (const lane of lanes) {
                        row.append(lane === thread ? make('td', {}, ...cell(step)) : make('td'));
                    }
                }
                body.append(row);
            });
            table.hidden = path.length === 0;
            scroller.hidden = path.length === 0;
        }

        function drawMemory() {
            const values = new Map();
            for (const step of path) {
                const { holds } = operations[step];
                if (holds) {
                    values.set(holds.object, `${holds.name} = ${holds.value}`);
                }
            }
            memory.hidden = values.size === 0;
            memory.replaceChildren('In memory: ', ...[...values.values()].flatMap((text, index) => (index ? [', ', code(text)] : [code(text)])));
        }

        function drawOutcome(end) {
            outcome.hidden = end === undefined;
            outcome.className = 'explorer-outcome';
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
        }

        function drawCount(end) {
            const broken = [...seen].filter(index => executions[index].fails).length;
            const parts = [`Seen: ${seen.size} of ${plural(executions.length, 'execution')}`];
            if (failing) {
                parts.push(failing === 1 ? `${broken ? 'including' : 'not yet'} the one that fails` : `${broken} of the ${failing} that fail`);
            }
            const found = end !== undefined && executions[end].fails && !gaveUp ? 'You found it. ' : '';
            count.textContent = `${found}${parts.join(', ')}.`;
        }

        function draw() {
            const end = ended();
            drawButtons();
            drawChoices();
            drawLanes();
            drawMemory();
            drawOutcome(end);
            drawCount(end);
            undo.setAttribute('aria-disabled', String(presses.length === 0 && !asking));
            restart.setAttribute('aria-disabled', String(presses.length === 0 && !asking));
            const last = path.at(-1);
            const sentences = [];
            if (last !== undefined && !asking) {
                sentences.push(`Step ${path.length}, ${threads[operations[last].thread]}: ${words(last)}.`);
            }
            if (end !== undefined) {
                sentences.push(outcome.textContent);
            }
            spoken.textContent = sentences.join(' ');
            details.dataset.execution = end ?? '';
        }

        reset();
        draw();
        script.after(details);
    }

    document.querySelectorAll('script.executions').forEach(explorer);
})();
