import type { Arrival, Principal } from '@keyledger/edge';

/** Who asks for a verdict. The doors let in nobody of whom that is not known. */
export const callerOf = ({ principal }: Arrival): Principal => {
  if (principal === null) throw new Error('The doors to verdicts are not open to all.');
  return principal;
};
