let code: string | undefined;

/** Takes the code of a sign-in link out of the address, before anything else can see it or keep it in the history. */
export const takeSignInCode = (): void => {
  if (!location.pathname.endsWith('/sign-in') || location.hash.length < 2) return;
  code = location.hash.slice(1);
  history.replaceState(history.state, '', location.pathname);
};

/** The code that this page was opened with, once. */
export const usedCode = (): string | undefined => {
  const taken = code;
  code = undefined;
  return taken;
};
