import { UnfitFile } from '@keyledger/durable-files';

type Read = (path: string) => string | null;

/**
 * The text in a file that a setting names, or what is wrong with it, after the name of the setting. A path that leads
 * nowhere is not repeated: it may be a secret that was set in the wrong variable.
 */
export const textIn = (path: string, read: Read): { readonly text: string } | { readonly mistake: string } => {
  try {
    const text = read(path);
    if (text === null) return { mistake: 'must name a file that exists' };
    return text.trim() === '' ? { mistake: 'must name a file that is not empty' } : { text };
  } catch (error) {
    if (error instanceof UnfitFile) return { mistake: `names a file that cannot be used: ${error.message}` };
    const code = typeof error === 'object' && error !== null && 'code' in error ? ` (${String(error.code)})` : '';
    return { mistake: `must name a file that can be read${code}` };
  }
};
