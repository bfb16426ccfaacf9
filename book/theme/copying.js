'use strict';

// Adds a button that copies a picture as text. mdBook's own button appears only under a mouse pointer.
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
            let answer = 'Copied';
            try {
                await navigator.clipboard.writeText(code.textContent);
            } catch {
                // Without permission, or on an insecure page, the reader has to copy the selection.
                getSelection().selectAllChildren(code);
                answer = 'Selected, ready to copy';
            }
            button.textContent = answer;
            setTimeout(() => (button.textContent = 'Copy as text'), 2000);
        });
        tools.append(button);
    }
})();
