'use strict';

// Shows the runs that the chapter's tests recorded, one for each combination of parameters: as timelines, or as a table of
// what each strategy costs. A slider stops only at the recorded values.
(function sliders() {
    const { make } = play;
    let made = 0;

    /** A slider from 0 to `most` with its value beside it. `words` turns a position into that value. */
    function range(label, most, at, words, changed) {
        made += 1;
        const id = `slider-${made}`;
        const input = make('input', { type: 'range', id, min: '0', max: String(most), step: '1', value: String(at) });
        const output = make('output', { for: id, 'aria-live': 'off' });
        const show = () => {
            const text = words(Number(input.value));
            output.textContent = text;
            input.setAttribute('aria-valuetext', text);
        };
        input.addEventListener('input', () => {
            show();
            changed(Number(input.value));
        });
        // The arrow keys move the slider, and don't turn to another chapter.
        input.addEventListener('keydown', event => event.stopPropagation());
        show();
        return { row: make('div', { class: 'slide-row' }, make('label', { for: id }, label), input, output), input, show };
    }

    function percent(part, whole) {
        return `${whole === 0 ? 0 : (100 * part) / whole}%`;
    }

    function build(body, sweep, { figure, picture }) {
        const variants = [...new Set(sweep.runs.map(run => run.variant))];
        const shown = sweep.pictures[picture];
        const at = [...shown.at];
        let time = 0;
        let longest = 0;

        const find = variant =>
            sweep.runs.find(run => run.variant === variant && run.at.every((value, index) => value === null || value === at[index]));

        const charts = make('div', { class: 'slide-charts' });
        const spoken = make('p', { class: 'hidden-words', role: 'status' });
        let parts = [];

        function chart(variant) {
            const run = find(variant);
            const heading = make('p', { class: 'slide-heading' }, make('strong', {}, variant), `: ${run.total_ms} ms in total, at most ${run.most_in_flight} in flight`);
            const plot = make('div', { class: 'slide-plot', 'aria-hidden': 'true' });
            const bars = [];
            for (const [label, spans, ends = []] of run.rows) {
                const open = new Map(ends);
                const track = make('div', { class: 'slide-track' });
                for (let index = 0; 2 * index < spans.length; index += 1) {
                    const [start, end] = spans.slice(2 * index, 2 * index + 2);
                    const bar = make('span', { class: `slide-bar ${open.get(index) ?? ''}` });
                    bar.style.left = percent(start, longest);
                    bar.style.width = percent(end - start, longest);
                    track.append(bar);
                    bars.push({ bar, start, end, label });
                }
                plot.append(make('span', { class: 'slide-label' }, label), track);
            }
            const cursor = make('div', { class: 'slide-cursor' });
            plot.append(make('div', { class: 'slide-over' }, cursor));
            const now = make('p', { class: 'slide-now' });
            const element = make('div', { class: 'slide-chart', 'data-variant': variant, 'data-total': run.total_ms }, heading, plot, now);
            return { element, variant, bars, cursor, now };
        }

        function drawCharts() {
            longest = Math.max(...variants.map(variant => find(variant).total_ms));
            parts = variants.map(chart);
            charts.replaceChildren(...parts.map(part => part.element));
            time = Math.min(time, longest);
            cursor.input.max = String(longest);
            cursor.input.value = String(time);
            cursor.show();
            drawTime();
        }

        function drawTime() {
            const counts = [];
            for (const { variant, bars, cursor: line, now } of parts) {
                const running = [];
                for (const { bar, start, end, label } of bars) {
                    const runs = start <= time && time < end;
                    bar.classList.toggle('running', runs);
                    if (runs) {
                        running.push(label);
                    }
                }
                line.style.left = percent(time, longest);
                now.textContent = `At ${time} ms: ${running.length} in flight${running.length ? ` (${running.join(', ')})` : ''}`;
                counts.push(`${variant} ${running.length}`);
            }
            spoken.textContent = `In flight at ${time} ms: ${counts.join(', ')}`;
        }

        const parameters = sweep.parameters.map(({ name: label, values }, index) =>
            range(label, values.length - 1, at[index], value => values[value], value => {
                at[index] = value;
                drawCharts();
                remember();
            }),
        );
        const cursor = range('Time', 1, 0, value => `${value} ms`, value => {
            time = value;
            drawTime();
            remember();
        });
        const state = () => [...at, time].join('.');
        const note = make('p', { class: 'explorer-note', hidden: true });
        function remember() {
            note.hidden = true;
            play.remember(figure, state());
        }
        body.replaceChildren(
            note,
            make('p', { class: 'slide-goal' }, 'Each chart is a recorded run in virtual time. All charts have the same axis.'),
            ...parameters.map(parameter => parameter.row),
            cursor.row,
            charts,
            make('div', { class: 'slide-tools' }, play.copier(figure, state)),
            spoken,
        );
        drawCharts();
        return go(note, sweep.parameters, shown.at, (positions, moment) => {
            set(parameters, at, positions);
            time = moment;
            drawCharts();
        });
    }

    const old = 'The link to this figure is from another version of the page, or was cut off. This is the start.';

    /** Returns a function that goes to the state in an address: to the sliders' positions and, perhaps, to a time. */
    function go(note, parameters, start, show) {
        return text => {
            const numbers = /^\d+(\.\d+)*$/.test(text) ? text.split('.').map(Number) : [];
            const extra = numbers.length - parameters.length;
            const known = (extra === 0 || extra === 1) && parameters.every(({ values }, index) => numbers[index] < values.length);
            note.hidden = known;
            note.textContent = known ? '' : old;
            show(known ? numbers.slice(0, parameters.length) : start, known ? numbers[parameters.length] ?? 0 : 0);
        };
    }

    /** Moves sliders to positions. */
    function set(ranges, at, positions) {
        positions.forEach((position, index) => {
            at[index] = position;
            ranges[index].input.value = String(position);
            ranges[index].show();
        });
    }

    /** A table of what each strategy costs at the sliders' positions, and what to choose there. */
    function buildChoice(place, { parameters, runs, advice, pictures }, { figure }) {
        const start = Object.values(pictures)[0].at;
        const at = [...start];
        const strategies = [...new Set(runs.map(run => run.strategy))];
        const number = value => value.toLocaleString('en-US');
        const body = make('tbody');
        const sentence = make('p', { class: 'choice-advice', role: 'status' });

        function draw() {
            const is = (run, strategy) =>
                run.strategy === strategy && run.at.every((value, index) => value === null || value === at[index]);
            const shown = strategies.map(strategy => runs.find(run => is(run, strategy)));
            const longest = Math.max(...shown.map(run => run.ms));
            body.replaceChildren(...shown.map(run => {
                const bar = make('span', { class: 'slide-bar running' });
                bar.style.width = `max(4px, ${percent(run.ms, longest)})`;
                return make('tr', run.failed ? { class: 'fails' } : {},
                    make('th', { scope: 'row' }, run.strategy),
                    make('td', { class: 'choice-track', 'aria-hidden': 'true' }, make('div', { class: 'slide-track' }, bar)),
                    ...[`${number(run.ms)} ms`, number(run.tasks), number(run.in_flight), number(run.failed)].map(text => make('td', {}, text)),
                );
            }));
            sentence.textContent = advice[at.join('-')];
        }

        const heading = text => make('th', { scope: 'col' }, text);
        const rows = parameters.map(({ name, values }, index) =>
            range(name, values.length - 1, at[index], value => values[value], value => {
                at[index] = value;
                draw();
                note.hidden = true;
                play.remember(figure, at.join('.'));
            }),
        );
        const note = make('p', { class: 'explorer-note', hidden: true });
        place.replaceChildren(
            note,
            make('p', { class: 'slide-goal' }, 'Each line is a recorded run in virtual time.', make('span', { class: 'choice-axis' }, ' All bars have the same linear axis.')),
            ...rows.map(({ row }) => row),
            make('div', { class: 'choice-scroll', tabindex: '0', role: 'region', 'aria-label': 'What each strategy costs' },
                make('table', { class: 'choice-table' },
                    make('thead', {}, make('tr', {}, heading('strategy'), make('td', { class: 'choice-track' }), ...['time', 'tasks', 'in flight', 'failed'].map(heading))),
                    body,
                ),
            ),
            sentence,
            make('div', { class: 'slide-tools' }, play.copier(figure, () => at.join('.'))),
        );
        draw();
        return go(note, parameters, start, positions => {
            set(rows, at, positions);
            draw();
        });
    }

    /** Puts a figure that opens in the place of `slot`. It is built when the reader opens it, because most stay closed. */
    function place(slot, { name, title, data }, builder) {
        const { from, picture } = slot.dataset;
        const figure = slot.closest('figure').id;
        const body = make('div');
        const details = make('details', { class: name, ...data }, make('summary', {}, title), body);
        let built;
        const ready = () => built ??= play.load(from).then(
            recorded => {
                const go = builder(body, recorded, { figure, picture });
                details.dataset.ready = '';
                return go;
            },
            error => {
                built = undefined;
                body.replaceChildren(make('p', {}, `The runs can't be loaded: ${error.message}. Close this and open it to try again.`));
                throw error;
            },
        );
        details.addEventListener('toggle', () => details.open && ready().catch(() => {}));
        play.register(figure, async state => {
            details.open = true;
            const go = await ready();
            go(state);
            return details;
        });
        slot.replaceWith(details);
    }

    // The page that is printed has nothing to press.
    if (location.pathname.endsWith('/print.html')) {
        return;
    }
    for (const slot of document.querySelectorAll('span.choose')) {
        place(slot, { name: 'chooser', title: `Choose: ${slot.dataset.names}`, data: { 'data-from': slot.dataset.from } }, buildChoice);
    }
    for (const slot of document.querySelectorAll('span.slide')) {
        place(slot, { name: 'slider', title: `Slide through it: ${slot.dataset.names}, time`, data: { 'data-from': slot.dataset.from } }, build);
    }
})();
