import { List, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Time } from '../common/times.js';
import type { Credential } from './credential-queries.js';

/** When each secret that still works was last used: what tells whether it is safe to end it. */
export const LastUses = ({ credential }: { readonly credential: Credential }): ReactElement => {
  const living = credential.versions.filter(({ state }) => state !== 'ended');
  if (living.length < 2) {
    return (
      <Text>
        Last used: {credential.lastUsedAt === null ? 'never' : <Time at={credential.lastUsedAt} form="relative" />}
      </Text>
    );
  }
  return (
    <List spacing={4}>
      {living.map(({ version, lastUsedAt, state }) => (
        <List.Item key={version}>
          {state === 'current' ? 'New secret' : 'Old secret'}, last used:{' '}
          {lastUsedAt === null ? 'never' : <Time at={lastUsedAt} form="relative" />}
        </List.Item>
      ))}
    </List>
  );
};
