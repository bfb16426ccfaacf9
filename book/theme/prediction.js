'use strict';

// Asks the reader for a prediction, and compares it with what the recording holds. The page has the answer, which was
// computed when the book was built. Without scripts, the page has the question, and the answer in a fold.
(function predictions() {
    const { make } = play;

    /** A sentence with code in it, from the book's own pages. */
    function rich(html) {
        const span = make('span');
        span.innerHTML = html;
        return span;
    }

    function ask(place, index) {
        const question = JSON.parse(place.querySelector('script').textContent);
        const { kind, figure, executions, at, options, meaning } = question;
        const [all, failing] = executions ?? [];
        const words = place.previousElementSibling?.matches('p') ? place.previousElementSibling : undefined;
        if (words) {
            words.id ||= `prediction-${index}`;
        }
        const named = { 'aria-labelledby': words?.id };
        const verdict = make('p', { class: 'prediction-verdict', role: 'status' });
        const submit = make('button', { type: 'submit' }, 'Check');
        const rows = options.map(option => {
            const input = kind === 'failing' ? undefined : make('input', { type: kind === 'first' ? 'radio' : 'checkbox', name: `prediction-${index}` });
            const label = input ? make('label', {}, input, ' ', make('span', {}, option.text)) : make('span', { class: 'prediction-outcome' }, option.text);
            const said = make('p', { class: 'prediction-said', hidden: true });
            return { option, input, said, item: make('li', {}, label, said) };
        });
        const list = make('ul', {}, ...rows.map(({ item }) => item));
        const number = make('input', { type: 'number', min: '0', max: String(all), required: true, inputmode: 'numeric' });
        const count = make('label', { class: 'prediction-number' }, number, ` of ${all} executions`);
        list.hidden = kind === 'failing';
        const after = make('div', { class: 'prediction-after', hidden: true });
        if (meaning) {
            after.append(make('p', {}, rich(meaning)));
        }
        if (kind === 'first') {
            after.append(make('p', {}, link('See it in the figure below', at.join('.'))));
        }
        const form = make(
            'form',
            { class: 'prediction-form', ...named },
            kind === 'failing' ? count : list,
            make('div', { class: 'prediction-tools' }, submit, verdict),
            ...(kind === 'failing' ? [list] : []),
            after,
        );

        /** A link that shows an execution, or settings, in the figure. */
        function link(text, state) {
            const anchor = make('a', { href: `#${figure}` }, text);
            anchor.addEventListener('click', event => {
                event.preventDefault();
                play.open(figure, state).then(opened => opened.querySelector('summary').focus({ preventScroll: true }), () => {});
            });
            return anchor;
        }

        const times = count => (count === all ? `in all ${all} executions` : `in ${count} of the ${all} executions`);

        /** What the recording says of an outcome, after the reader's answer. `ticked` is undefined if nothing was to be ticked. */
        function outcome({ count, execution, fails, why }, ticked) {
            if (count === 0) {
                return [ticked ? '✗ No execution ends like this. ' : '✓ Right, no execution ends like this. ', rich(why)];
            }
            const begin = ticked === undefined ? '' : ticked ? '✓ Right: ' : '✗ You left this out, but it comes out ';
            const verb = ticked ? 'it comes out ' : '';
            const mark = fails ? ', and fails. ' : '. ';
            return [`${begin}${verb}${times(count)}${mark}`, link('Show me one', execution)];
        }

        function variant({ ms, failed, right }, chosen) {
            const first = right ? 'the first' : undefined;
            const loses = failed ? `${failed} items fail` : undefined;
            const facts = [`ends at ${ms.toLocaleString('en-US')} ms`, first, loses].filter(Boolean).join(', ');
            return [`${chosen ? (right ? '✓ ' : '✗ ') : ''}${facts}`];
        }

        function answer() {
            let wrong = 0;
            rows.forEach(({ option, input, said, item }) => {
                const ticked = input?.checked;
                const good = kind === 'failing' || (kind === 'first' ? !ticked || option.right : ticked === option.right);
                wrong += good ? 0 : 1;
                said.replaceChildren(...(kind === 'first' ? variant(option, ticked) : outcome(option, ticked)));
                said.hidden = false;
                item.className = good ? 'good' : 'wrong';
                if (input) {
                    input.disabled = true;
                }
            });
            if (kind === 'failing') {
                const guess = Number(number.value);
                const right = guess === failing;
                number.disabled = true;
                verdict.textContent = right ? `✓ Right: ${failing} of the ${all} executions fail.` : `✗ ${failing} of the ${all} executions fail. You said ${guess}.`;
                form.classList.toggle('good', right);
            } else if (kind === 'first') {
                const first = options.filter(option => option.right).map(option => option.text);
                verdict.textContent = `${wrong ? '✗ ' : '✓ Right: '}${first.join(' and ')} ${first.length === 1 ? 'ends' : 'end'} first.`;
            } else {
                verdict.textContent = wrong === 0 ? '✓ All right.' : `✗ ${wrong} of ${options.length} ${wrong === 1 ? 'is' : 'are'} not right. Each line says why.`;
            }
            list.hidden = false;
            after.hidden = !after.childElementCount;
            form.dataset.answered = '';
            submit.textContent = 'Ask me again';
        }

        function again() {
            for (const { input, said, item } of rows) {
                said.hidden = true;
                item.className = '';
                if (input) {
                    input.disabled = false;
                    input.checked = false;
                }
            }
            number.disabled = false;
            number.value = '';
            verdict.textContent = '';
            list.hidden = kind === 'failing';
            after.hidden = true;
            delete form.dataset.answered;
            submit.textContent = 'Check';
        }

        form.addEventListener('submit', event => {
            event.preventDefault();
            if ('answered' in form.dataset) {
                again();
            } else if (kind === 'first' && !rows.some(({ input }) => input.checked)) {
                verdict.textContent = 'Choose one first.';
            } else {
                answer();
            }
        });
        // A letter that is typed here is no key of the book, and an arrow doesn't turn to another chapter.
        form.addEventListener('keydown', event => event.stopPropagation());
        place.replaceChildren(place.querySelector('script'), form);
    }

    document.querySelectorAll('.prediction').forEach(ask);
})();
