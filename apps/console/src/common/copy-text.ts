/**
 * Copies where the page may. False where it may not: by http from another machine there is no clipboard. Then the text
 * of `shown` is selected, so that Ctrl+C copies it.
 */
export const copyText = async (text: string, shown: HTMLElement | null): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (shown !== null) getSelection()?.selectAllChildren(shown);
    return false;
  }
};
