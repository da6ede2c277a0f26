import { useEffect, useState } from 'react';
import { onNews } from '../api/feed.js';

/** Whether the feed has told of something in the account, or in any, since that reading of its trail. */
export const useNewer = (accountId: string | undefined, reading: number): boolean => {
  const [newsOf, setNewsOf] = useState<number>();
  useEffect(
    () =>
      onNews((accountIds) => {
        if (accountId === undefined || accountIds.has(accountId)) setNewsOf(reading);
      }),
    [accountId, reading],
  );
  return newsOf === reading;
};
