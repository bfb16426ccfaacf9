'use strict';

// Fills the screen with a figure, for a talk. The figure itself is moved into a dialog and back, so what it shows and how
// it answers is the same in both places, and so is its state.
(function presenter() {
    const figures = [...document.querySelectorAll('main figure.picture')];
    if (figures.length === 0 || !window.HTMLDialogElement) {
        return;
    }
    // A deck consists of figures only, each below the heading of its chapter.
    const isDeck = document.documentElement.hasAttribute('data-deck');

    function make(tag, attributes = {}, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
            element.setAttribute(name, value);
        }
        element.append(...children);
        return element;
    }

    function button(words, keys, act) {
        const made = make('button', { type: 'button', 'aria-keyshortcuts': keys }, words);
        made.addEventListener('click', act);
        return made;
    }

    const heading = make('p', { class: 'presenter-heading', id: 'presenter-heading' });
    const stage = make('div', { class: 'presenter-stage', tabindex: '-1', role: 'group', 'aria-labelledby': 'presenter-heading' });
    const position = make('p', { class: 'presenter-position', role: 'status' });
    const bar = make('div', { class: 'presenter-bar' },
        button('← Previous', 'Shift+ArrowLeft', () => turn(-1)),
        position,
        button('Next →', 'Shift+ArrowRight', () => turn(1)),
        button('End (Esc)', 'Escape', () => dialog.close()),
    );
    const dialog = make('dialog', { class: 'presenter', 'aria-labelledby': 'presenter-heading' }, heading, stage, bar);
    document.body.append(dialog);

    let figure; // the one in the dialog
    let first; // the one that was presented first
    let place; // what stands in the figure's place
    let before; // what had the focus, and where the page was

    /** The figures that a reader can see. One in a closed fold gives an answer away. */
    const visible = () => figures.filter(it => it === figure || it.getClientRects().length > 0);

    /** What is played with in the figure, if it is open. */
    const open = () => figure.querySelector('details:is(.explorer, .slider, .chooser)[open]');

    /** The text of the last heading above the figure. */
    function headingOf(it) {
        const headings = [...document.querySelectorAll('main :is(h1, h2)')];
        const above = headings.filter(h => h.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_FOLLOWING);
        return above.at(-1)?.textContent ?? document.title;
    }

    function show(next) {
        const title = headingOf(next);
        putBack();
        figure = next;
        place = make('div', { class: 'presented' });
        place.style.height = `${figure.offsetHeight}px`;
        figure.replaceWith(place);
        stage.append(figure);
        stage.scrollTo(0, 0);
        heading.textContent = title;
        const all = visible();
        position.textContent = `Figure ${all.indexOf(figure) + 1} of ${all.length}`;
        fit();
    }

    function putBack() {
        if (place) {
            figure.style.translate = '';
            place.replaceWith(figure);
            place = undefined;
        }
    }

    function fit() {
        enlarge();
        reach();
    }

    /**
     * Gives the picture the largest size at which it fits the stage, from 25 pixels on a screen of 1920 by 1080 up. A
     * picture that doesn't fit at that size scrolls. At a multiple of 5 pixels, a cell is a whole number of pixels wide.
     */
    function enlarge() {
        const code = figure.querySelector('pre > code.language-text');
        if (!code || code.getClientRects().length === 0) {
            return;
        }
        const lines = code.textContent.trimEnd().split('\n');
        const columns = Math.max(...lines.map(line => [...line].length));
        const { paddingLeft, paddingTop } = getComputedStyle(stage);
        const wide = stage.clientWidth - 2 * parseFloat(paddingLeft) - 24;
        const others = figure.offsetHeight - code.offsetHeight;
        const high = stage.clientHeight - 2 * parseFloat(paddingTop) - others - 24;
        const whole = size => 5 * Math.floor(size / 5);
        const least = whole(25 * Math.min(1, innerWidth / 1920, innerHeight / 1080));
        const most = whole(Math.min(wide / columns / 0.6, high / lines.length / (4 / 3), 60));
        const size = Math.max(most, least, 10);
        stage.style.setProperty('--picture-font-size', `${size}px`);
        stage.style.setProperty('--picture-row', `${Math.floor((size * 4) / 3)}px`);
        // Between two pixels, there would be a gap between two blocks.
        figure.style.translate = '';
        const { left, top } = code.getBoundingClientRect();
        figure.style.translate = `${Math.round(left) - left}px ${Math.round(top) - top}px`;
    }

    /** Lets the keyboard reach the stage if there is something to scroll. */
    function reach() {
        stage.tabIndex = stage.scrollHeight > stage.clientHeight || stage.scrollWidth > stage.clientWidth ? 0 : -1;
    }

    function present(it) {
        before = { focus: document.activeElement, scroll: scrollY };
        first = it;
        dialog.showModal();
        show(it);
        stage.focus();
        // Where there is no full screen, the window is the screen.
        document.documentElement.requestFullscreen?.().catch(() => {});
    }

    function turn(by) {
        const all = visible();
        const next = all[all.indexOf(figure) + by];
        if (next) {
            show(next);
            stage.focus();
        }
    }

    dialog.addEventListener('close', () => {
        // It was opened again; see below.
        if (dialog.open) {
            return;
        }
        const last = figure;
        putBack();
        figure = undefined;
        if (document.fullscreenElement) {
            document.exitFullscreen().catch(() => {});
        }
        // Whoever has gone on to another figure stays there.
        if (last === first) {
            scrollTo({ top: before.scroll, behavior: 'instant' });
            before.focus?.focus({ preventScroll: true });
        } else {
            last.scrollIntoView({ behavior: 'instant', block: 'center' });
            last.querySelector('.present')?.focus({ preventScroll: true });
        }
    });

    document.addEventListener('fullscreenchange', () => {
        if (!dialog.open) {
            return;
        }
        if (!document.fullscreenElement) {
            dialog.close();
            return;
        }
        // What fills the screen lies above everything that was opened before.
        const focus = document.activeElement;
        dialog.close();
        dialog.showModal();
        focus?.focus();
    });

    /** The next step of the execution that the figure shows: its thread, and what it returns. */
    function planned(explorer) {
        const recording = window.recorded?.[explorer.dataset.from];
        if (!recording) {
            return undefined;
        }
        // See `unpack` in explorer.js.
        let steps = [];
        for (const text of recording.executions.slice(0, recording.shown + 1)) {
            const [shared, ...numbers] = Array.from(text, character => character.codePointAt(0) - '?'.codePointAt(0));
            steps = [...steps.slice(0, shared), ...numbers.slice(0, -1)];
        }
        return recording.operations[steps[explorer.querySelectorAll('.explorer-lanes tbody tr').length]];
    }

    /** Takes a step in an explorer, or undoes one. Returns whether there was one. */
    function step(explorer, by) {
        const enabled = it => it && it.getAttribute('aria-disabled') !== 'true';
        if (by < 0) {
            const undo = explorer.querySelector('.undo');
            return enabled(undo) && (undo.click(), true);
        }
        const plan = planned(explorer);
        const threads = [...explorer.querySelectorAll('.explorer-threads button')].filter(enabled);
        const choices = () => [...explorer.querySelectorAll('.explorer-choices:not([hidden]) button')];
        const choose = () => {
            const all = choices();
            const same = all.filter(it => it.querySelector('code')?.textContent === plan?.value);
            const older = same.filter(it => /older/.test(it.textContent) === Boolean(plan?.stale));
            (older[0] ?? same[0] ?? all[0])?.click();
            return all.length > 0;
        };
        if (choose()) {
            return true;
        }
        const thread = threads.find(it => it.dataset.thread === String(plan?.thread)) ?? threads[0];
        thread?.click();
        choose();
        return thread !== undefined;
    }

    /** Moves the last slider, which is the time, or a chooser's first. Returns whether it moved. */
    function slide(details, by) {
        const inputs = details.querySelectorAll('input[type="range"]');
        const input = details.matches('.chooser') ? inputs[0] : inputs[inputs.length - 1];
        if (!input) {
            return false;
        }
        const old = input.value;
        input.value = String(Number(old) + by * Math.max(1, Math.round((input.max - input.min) / 20)));
        input.dispatchEvent(new Event('input', { bubbles: true }));
        return input.value !== old;
    }

    /** One step forwards or back: in what is open in the figure, and then to the next figure. */
    function move(by) {
        const details = open();
        const moved = details && (details.matches('.explorer') ? step(details, by) : slide(details, by));
        if (moved) {
            stage.focus({ preventScroll: true });
        } else {
            turn(by);
        }
    }

    const typing = target => target.closest?.('input, textarea, select, [contenteditable]');

    // While the dialog is open, no key reaches the page below it.
    document.addEventListener('keydown', event => {
        if (!dialog.open || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) {
            return;
        }
        const by = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
        if (by) {
            (event.shiftKey ? turn : move)(by);
        } else if (event.key === 'p') {
            dialog.close();
        } else if (event.key === 'o') {
            const details = figure.querySelector('details:is(.explorer, .slider, .chooser)');
            details?.toggleAttribute('open');
        } else if (!['s', 'S', '/', '?'].includes(event.key)) {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    }, true);

    document.addEventListener('keydown', event => {
        const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
        if (event.key !== 'p' || !plain || event.defaultPrevented || typing(event.target)) {
            return;
        }
        const focused = document.activeElement?.closest('figure.picture');
        const chosen = focused ?? document.querySelector('main figure.picture:hover');
        if (chosen) {
            event.preventDefault();
            present(chosen);
        }
    });

    // What unfolds in the figure changes the room for the picture.
    stage.addEventListener('toggle', () => figure && fit(), true);
    addEventListener('resize', () => figure && fit());
    addEventListener('beforeprint', () => dialog.open && dialog.close());

    for (const it of figures) {
        const present_ = button('Present', 'p', () => present(it));
        present_.className = 'as-text present';
        it.querySelector('.picture-tools')?.append(present_);
    }
    const help = document.querySelector('#mdbook-help-popup > div');
    help?.append(make('p', {}, 'Press ', make('kbd', {}, 'P'), ' to present the figure with the focus or under the pointer'));
    if (isDeck) {
        present(figures[0]);
    }
})();
