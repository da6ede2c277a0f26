/** What is wrong with a text that should be JSON; undefined for what is. */
export const mistakeInJson = (text: string): string | undefined => {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'It cannot be read.';
  }
};

const TOKENS = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON with lines and indents, and each of its values as it was written: what is read and written again has other
 * numbers. What is no JSON stays as it is.
 */
export const readableJson = (text: string): string => {
  if (mistakeInJson(text) !== undefined) return text;
  const tokens = text.match(TOKENS) ?? [];
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(depth)}`;
  return tokens
    .map((token, at) => {
      const isEmptyEnd = ['{', '['].includes(tokens[at - 1] ?? '');
      switch (token) {
        case '{':
        case '[':
          depth += 1;
          return ['}', ']'].includes(tokens[at + 1] ?? '') ? token : token + line();
        case '}':
        case ']':
          depth -= 1;
          return isEmptyEnd ? token : line() + token;
        case ',':
          return token + line();
        case ':':
          return ': ';
        default:
          return token;
      }
    })
    .join('');
};
