import type { Locator, Page } from 'playwright-core';

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

export interface Issued {
  readonly credential: { readonly credentialId: string };
  readonly secret: Readonly<Record<string, string>>;
}

export const savedButton = (page: Page): Locator =>
  page.getByRole('button', { name: 'I have saved the credentials securely' });

/** Presses a button that issues something, and answers with what the server has said, once its secret is shown. */
export const issueBy = async <T = Issued>(page: Page, button: Locator): Promise<T> => {
  const answer = page.waitForResponse((response) => response.request().method() === 'POST' && response.ok());
  await button.click();
  const issued = (await (await answer).json()) as T;
  await savedButton(page).waitFor();
  return issued;
};

/** The one way out of the dialog of a secret. */
export const saveSecret = async (page: Page): Promise<void> => {
  await savedButton(page).click();
  await savedButton(page).waitFor({ state: 'detached' });
};
