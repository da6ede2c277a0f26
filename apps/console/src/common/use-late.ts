import { useEffect, useState } from 'react';

const LATE_MS = 300;

/** True only once it has taken so long that people wonder. */
export const useLate = (waits: boolean): boolean => {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(() => setLate(true), LATE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [waits]);
  return isLate && waits;
};
