import type { Page } from 'playwright-core';

/** Where a secret could be left: what is on the page, what is kept, the address and the history. */
export const traces = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const inputs = [...document.querySelectorAll('input, textarea')].map((each) => (each as HTMLInputElement).value);
    const kept = [sessionStorage, localStorage].map((storage) => JSON.stringify({ ...storage }));
    const databases = JSON.stringify(await indexedDB.databases());
    const caches = JSON.stringify(await globalThis.caches?.keys());
    const asked = performance.getEntriesByType('resource').map(({ name }) => name);
    const place = [location.href, document.title, JSON.stringify(history.state), document.cookie];
    return [document.documentElement.outerHTML, ...inputs, ...kept, databases, caches, ...asked, ...place].join('\n');
  });
