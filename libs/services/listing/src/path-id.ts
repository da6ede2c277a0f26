import type { Call } from '@keyledger/edge';

/** An id of the path; the route has it, so it is there. */
export const idOf = (call: Call, name: string): string => {
  const id = call.path[name];
  if (id === undefined) throw new Error(`The route of this operation has no ${name}.`);
  return id;
};
