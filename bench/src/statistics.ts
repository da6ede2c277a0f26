/** The value below which the given share of all values lies. Throws for no values: there is nothing to report then. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('There are no measurements.');
  return value;
};

export const median = (values: readonly number[]): number => {
  const odd = values.length % 2 === 1;
  const sorted = [...values].sort((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = odd ? upper : sorted[sorted.length / 2 - 1];
  if (upper === undefined || lower === undefined) throw new Error('There are no measurements.');
  return (lower + upper) / 2;
};
