declare global {
  // What the library that hides the scroll bar behind dialogs asks for.
  var __webpack_nonce__: string | undefined;
  interface Window {
    readonly trustedTypes?: {
      createPolicy(name: string, rules: { readonly createHTML: (text: string) => string }): unknown;
    };
  }
}

/** The nonce that the server has put into this page: without it no style tag is allowed. */
export const takeNonce = (): string => {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
  globalThis.__webpack_nonce__ = nonce;
  return nonce;
};

/** React sets the text of style tags by innerHTML. What has no `<` in it can be no markup, whoever wrote it. */
export const allowMarkupFreeHtml = (): void => {
  const createHTML = (text: string): string => {
    if (text.includes('<')) throw new TypeError('Markup is not made of texts here.');
    return text;
  };
  window.trustedTypes?.createPolicy('default', { createHTML });
};
