/** Source of the regular expression, without anchors, of the type of a message: words with dots between. */
export const messageTypeSource = '[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*';

const ANY_BELOW = '.*';

/**
 * Whether an endpoint that asks for `types` gets messages of `type`. Each of them is a type, or `prefix.*` for all that
 * begin with `prefix.`; an endpoint that asks for none gets every message.
 */
export const matchesType = (types: readonly string[], type: string): boolean =>
  types.length === 0 ||
  types.some((asked) => (asked.endsWith(ANY_BELOW) ? type.startsWith(asked.slice(0, -1)) : type === asked));
