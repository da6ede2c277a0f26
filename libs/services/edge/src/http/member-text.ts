const isSpace = (character: string | undefined): boolean => character !== undefined && ' \t\r\n'.includes(character);

const afterSpace = (json: string, at: number): number => {
  let end = at;
  while (isSpace(json[end])) end += 1;
  return end;
};

/** `at` is that of the quote that opens it. */
const afterText = (json: string, at: number): number => {
  let end = at + 1;
  while (json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
  return end + 1;
};

/** A number or a word ends before the first of these. */
const ENDS = /[\s,\]}]|$/g;

const afterScalar = (json: string, at: number): number => {
  ENDS.lastIndex = at;
  return ENDS.exec(json)?.index ?? json.length;
};

/** All that decides where a list or an object ends. */
const PARTS = /["[\]{}]/g;

const afterNested = (json: string, at: number): number => {
  let depth = 0;
  let end = at;
  do {
    PARTS.lastIndex = end;
    end = PARTS.exec(json)?.index ?? json.length;
    const part = json[end];
    if (part === '"') {
      end = afterText(json, end);
    } else {
      depth += part === '[' || part === '{' ? 1 : -1;
      end += 1;
    }
  } while (depth > 0);
  return end;
};

const afterValue = (json: string, at: number): number => {
  const first = json[at];
  if (first === '"') return afterText(json, at);
  return first === '[' || first === '{' ? afterNested(json, at) : afterScalar(json, at);
};

/**
 * The text of a member of the object that `json` holds, as it is written there: parsed and written again, numbers could
 * change and members their order. `json` must have been parsed without a mistake. Of several members of the name the
 * last one counts, as for JSON.parse.
 */
export const memberText = (json: string, name: string): string | undefined => {
  let found: string | undefined;
  let at = afterSpace(json, 0) + 1;
  for (;;) {
    at = afterSpace(json, at);
    if (json[at] !== '"') return found;
    const nameEnd = afterText(json, at);
    const isIt = JSON.parse(json.slice(at, nameEnd)) === name;
    const start = afterSpace(json, afterSpace(json, nameEnd) + 1);
    const end = afterValue(json, start);
    if (isIt) found = json.slice(start, end);
    at = afterSpace(json, end);
    if (json[at] !== ',') return found;
    at += 1;
  }
};
