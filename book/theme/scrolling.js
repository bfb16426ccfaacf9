'use strict';

// A block that is wider than the page scrolls, so the keyboard has to reach it. While it has the focus, the
// arrow keys scroll it, and don't turn to the next chapter.
(function scrollingBlocks() {
    function update(block) {
        if (block.scrollWidth > block.clientWidth) {
            const kind = block.matches('.table-wrapper') ? 'Table' : block.matches('.language-text') ? 'Picture' : 'Code';
            block.tabIndex = 0;
            block.setAttribute('role', 'group');
            block.setAttribute('aria-label', `${kind}, scrolls sideways`);
        } else {
            block.removeAttribute('tabindex');
            block.removeAttribute('role');
            block.removeAttribute('aria-label');
        }
    }

    const sizes = new ResizeObserver(entries => entries.forEach(entry => update(entry.target)));
    const blocks = document.querySelectorAll('pre > code, .table-wrapper');
    for (const block of blocks) {
        sizes.observe(block);
        block.addEventListener('keydown', event => {
            if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
                event.stopPropagation();
            }
        });
    }
    // The text's width changes with its font, and the block's own size doesn't.
    document.fonts.ready.then(() => blocks.forEach(update));
})();
