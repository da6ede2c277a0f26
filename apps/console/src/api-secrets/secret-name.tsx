import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Credential } from '../credentials/credential-queries.js';

/** Which of the secrets it is: its name, if it has one, and what is seen of it. */
export const SecretName = ({ of: { name, description, maskedSecret } }: { readonly of: Credential }): ReactElement => (
  <Text component="span" className="wraps">
    {name ?? description} <code>{maskedSecret}</code>
  </Text>
);
