'use strict';

// Shows the runs that the chapter's tests recorded, one for each combination of parameters: as timelines, or as a table of
// what each strategy costs. A slider stops only at the recorded values.
(function sliders() {
    let made = 0;

    function make(tag, attributes = {}, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
            element.setAttribute(name, value);
        }
        element.append(...children);
        return element;
    }

    const sweeps = new Map();
    for (const script of document.querySelectorAll('script.sweep')) {
        sweeps.set(script.dataset.sweep, script);
    }

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

    function build(details, sweep, name) {
        const variants = [...new Set(sweep.runs.map(run => run.variant))];
        const shown = sweep.pictures[name];
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
            }),
        );
        const cursor = range('Time', 1, 0, value => `${value} ms`, value => {
            time = value;
            drawTime();
        });
        details.append(
            make('p', { class: 'slide-goal' }, 'Each chart is a recorded run in virtual time. All charts have the same axis.'),
            ...parameters.map(parameter => parameter.row),
            cursor.row,
            charts,
            spoken,
        );
        drawCharts();
    }

    /** A table of what each strategy costs at the sliders' positions, and what to choose there. */
    function buildChoice(details, { parameters, runs, advice, pictures }) {
        const at = [...Object.values(pictures)[0].at];
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
            }),
        );
        details.append(
            make('p', { class: 'slide-goal' }, 'Each line is a recorded run in virtual time.', make('span', { class: 'choice-axis' }, ' All bars have the same linear axis.')),
            ...rows.map(({ row }) => row),
            make('div', { class: 'choice-scroll', tabindex: '0', role: 'region', 'aria-label': 'What each strategy costs' },
                make('table', { class: 'choice-table' },
                    make('thead', {}, make('tr', {}, heading('strategy'), make('td', { class: 'choice-track' }), ...['time', 'tasks', 'in flight', 'failed'].map(heading))),
                    body,
                ),
            ),
            sentence,
        );
        draw();
    }

    for (const slot of document.querySelectorAll('span.choose')) {
        const choices = JSON.parse(slot.previousElementSibling.textContent);
        const names = choices.parameters.map(parameter => parameter.name.toLowerCase()).join(', ');
        const details = make('details', { class: 'chooser' }, make('summary', {}, `Choose: ${names}`));
        details.addEventListener('toggle', () => buildChoice(details, choices), { once: true });
        slot.replaceWith(details);
    }

    for (const slot of document.querySelectorAll('span.slide')) {
        const script = sweeps.get(slot.dataset.sweep);
        const sweep = JSON.parse(script.textContent);
        const names = sweep.parameters.map(parameter => parameter.name.toLowerCase()).join(', ');
        const details = make('details', { class: 'slider', 'data-runs': slot.dataset.sweep }, make('summary', {}, `Slide through it: ${names}, time`));
        // Built when the reader opens it, because most stay closed.
        details.addEventListener('toggle', () => build(details, sweep, slot.dataset.picture), { once: true });
        slot.replaceWith(details);
    }
})();
