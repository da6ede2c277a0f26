import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Credential } from './credential-queries.js';

/** In a dialog whose title can name no name: what it is about. */
export const WhichOne = ({ credential }: { readonly credential: Credential }): ReactElement | null => {
  const { name, description, publicPart, maskedSecret } = credential;
  if (name !== null) return null;
  return (
    <div>
      {description !== null && (
        <Text fw={500} className="wraps" lineClamp={3}>
          {description}
        </Text>
      )}
      <Text component="code" c="dimmed" className="wraps mono">
        {publicPart ?? maskedSecret}
      </Text>
    </div>
  );
};
