import { isMethod, type Edits, type Entry } from './catalogue-edits.js';
import { mistakeInId, mistakeInPath } from './mistakes.js';

export interface Imported {
  readonly edits: Edits;
  readonly mistakes: readonly string[];
}

const mistakeInJson = 'No JSON such as [{"endpointId": "invoices.list", "method": "GET", "path": "/invoices"}]';

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The list itself, or what `GET /v1/api-endpoints` answers. */
const itemsOf = (value: unknown): readonly unknown[] | undefined => {
  const list: unknown = isObject(value) && 'endpoints' in value ? value['endpoints'] : value;
  return Array.isArray(list) ? list : undefined;
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One item as an edit, or what is wrong with it. */
const readItem = (item: unknown): readonly [id: string, entry: Entry | null] | string => {
  if (!isObject(item)) return 'is no object';
  const [id, method, path] = [textOf(item['endpointId']), textOf(item['method']).toUpperCase(), textOf(item['path'])];
  if (mistakeInId(id) !== undefined) return 'has no endpointId such as invoices.list';
  if (item['status'] === 'retired') return [id, null];
  if (!isMethod(method)) return `(${id}) has no method such as GET, or ANY`;
  const mistake = mistakeInPath(path);
  return mistake === undefined ? [id, { method, path }] : `(${id}) has no good path: ${mistake}`;
};

/** What a text of JSON says of many endpoints at once. */
export const readImport = (text: string): Imported => {
  const items = itemsOf(parsed(text));
  if (items === undefined) return { edits: {}, mistakes: text.trim() === '' ? [] : [mistakeInJson] };
  const edits = new Map<string, Entry | null>();
  const mistakes: string[] = [];
  for (const [index, item] of items.entries()) {
    const read = readItem(item);
    if (typeof read === 'string') mistakes.push(`Item ${index + 1} ${read}`);
    else if (edits.has(read[0])) mistakes.push(`Item ${index + 1} repeats ${read[0]}`);
    else edits.set(...read);
  }
  return { edits: Object.fromEntries(edits), mistakes };
};
