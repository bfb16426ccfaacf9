'use strict';

// Copies a picture as text; the stock button shows only under a mouse.
(function copying() {
    for (const figure of document.querySelectorAll('figure.picture')) {
        const code = figure.querySelector('pre > code');
        let tools = figure.querySelector('.picture-tools');
        if (!tools) {
            tools = document.createElement('div');
            tools.className = 'picture-tools';
            figure.append(tools);
        }
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'as-text';
        button.textContent = 'Copy as text';
        button.addEventListener('click', async () => {
            let said = 'Copied';
            try {
                await navigator.clipboard.writeText(code.textContent);
            } catch {
                // No permission, or no secure page: the reader copies what is selected.
                getSelection().selectAllChildren(code);
                said = 'Selected: copy it';
            }
            button.textContent = said;
            setTimeout(() => (button.textContent = 'Copy as text'), 2000);
        });
        tools.append(button);
    }
})();
