'use strict';

// What the parts of a page that a reader plays with have in common: their data, their addresses, and what is kept in this
// browser. The data is in scripts, because a page that is opened as a file can't fetch anything.
const play = (() => {
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

    // Data by its name, as a promise: each script is loaded once.
    const loads = new Map();

    /** Loads the data `01-pool/sweep`. */
    function load(name) {
        if (!loads.has(name)) {
            loads.set(name, new Promise((resolve, reject) => {
                const script = make('script', { src: `${path_to_root}diagrams/${name}.js` });
                script.onload = () => resolve(window.recorded[name]);
                script.onerror = () => {
                    loads.delete(name);
                    script.remove();
                    reject(new Error(`${name} can't be read`));
                };
                document.head.append(script);
            }));
        }
        return loads.get(name);
    }

    /** Hands over data that is embedded in the page. */
    function embed(name, data) {
        loads.set(name, Promise.resolve(data));
        (window.recorded ??= {})[name] = data;
    }

    // An address is `#figure-01-pool-window~STATE`. Headings and figures have their own, without `~`.
    const figures = new Map();
    let pending;
    let timer;

    /** The address of a figure's state. */
    function address(figure, state) {
        return `#${figure}~${state}`;
    }

    /**
     * Puts a state into the page's address: at once, or after a moment together with the changes until then, because
     * browsers ignore a page that changes its address too often. It replaces the address, so that Back leaves the page.
     */
    function remember(figure, state) {
        pending = address(figure, state);
        timer ??= setTimeout(() => {
            timer = undefined;
            try {
                history.replaceState(history.state, '', pending);
            } catch {
                // The browser allows no more changes for now. The next one has the newest state.
            }
        }, 60);
    }

    /** Shows the state in the page's address, if a figure knows it. */
    function follow() {
        const [, id, state] = location.hash.match(/^#([^~]*)~(.*)$/) ?? [];
        const figure = figures.get(id);
        if (!figure) {
            return;
        }
        let words;
        try {
            words = decodeURIComponent(state);
        } catch {
            words = '?'; // no figure knows this state, and each says so
        }
        // The page's fonts may still come, and move the figure.
        figure.open(words).then(async opened => {
            opened.scrollIntoView();
            await document.fonts.ready;
            opened.scrollIntoView();
        }, () => {});
    }

    /** Tells how to open a figure at a state. `open` returns a promise of what to scroll to. */
    function register(figure, open) {
        figures.set(figure, { open });
    }

    /** Opens a figure at a state, and scrolls to it. */
    async function open(figure, state) {
        const opened = await figures.get(figure)?.open(state);
        opened?.scrollIntoView();
        return opened;
    }

    /** A button that copies the address of a figure's state. */
    function copier(figure, state) {
        const words = 'Copy link';
        const button = make('button', { type: 'button', class: 'copy-link' }, words);
        button.addEventListener('click', async () => {
            const url = new URL(location.href);
            url.search = '';
            url.hash = address(figure, state());
            let answer = 'Copied';
            try {
                await navigator.clipboard.writeText(url.href);
            } catch {
                // Without permission, the link is in the address bar.
                remember(figure, state());
                answer = 'It is in the address bar';
            }
            button.textContent = answer;
            setTimeout(() => (button.textContent = words), 2000);
        });
        return button;
    }

    /** Reads what was kept under a name. A browser may forbid it, or hold what another version kept. */
    function kept(name) {
        try {
            return JSON.parse(localStorage.getItem(`twelve-diagrams:${name}`)) ?? undefined;
        } catch {
            return undefined;
        }
    }

    // What is to be kept, after a moment: writing takes a while.
    const unwritten = new Map();

    /** Keeps what `value` returns. */
    function keep(name, value) {
        if (unwritten.size === 0) {
            setTimeout(write, 100);
        }
        unwritten.set(name, value);
    }

    function write() {
        for (const [name, value] of unwritten) {
            try {
                localStorage.setItem(`twelve-diagrams:${name}`, JSON.stringify(value()));
            } catch {
                // Then it is known until the page is closed.
            }
        }
        unwritten.clear();
    }

    window.addEventListener('pagehide', write);
    window.addEventListener('hashchange', follow);
    // By then, each figure has registered.
    document.addEventListener('DOMContentLoaded', follow);
    return { make, load, embed, address, remember, register, open, copier, kept, keep };
})();
