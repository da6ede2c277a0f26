import { clashesIn, type Catalogue, type Edits, type EndpointInput, wanted } from './catalogue-edits.js';

const ID = /^[0-9A-Za-z_.:-]{1,64}$/;
const LONGEST_PATH = 200;

export const mistakeInId = (id: string): string | undefined =>
  ID.test(id) ? undefined : 'Up to 64 letters, digits, and any of _ . : -';

/** What can be seen at once. Which paths a server may read in two ways, the API knows. */
export const mistakeInPath = (path: string): string | undefined => {
  if (!path.startsWith('/')) return 'Begins with /, as in /invoices/{id}';
  if (path.length > LONGEST_PATH) return `At most ${LONGEST_PATH} characters`;
  if (/[\s?#\\]/.test(path)) return 'Without spaces, backslashes, ? and #';
  return path.slice(1).includes('//') ? 'Without empty segments' : undefined;
};

/** The one that has the same method and path, if there is one. */
export const mistakeAsPair = (
  { endpointId, method, path }: EndpointInput,
  catalogue: Catalogue,
  edits: Edits,
): string | undefined => {
  const all = wanted(catalogue, { ...edits, [endpointId]: { method, path } });
  const clash = clashesIn(all).find((pair) => pair.includes(endpointId));
  if (clash === undefined) return undefined;
  return `${clash.find((id) => id !== endpointId) ?? ''} has this method and path already`;
};
