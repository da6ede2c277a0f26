import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { ApiEndpoint } from './application-queries.js';

/** Method and path, as a request has them, and the id below. */
export const EndpointName = ({ endpoint }: { readonly endpoint: ApiEndpoint }): ReactElement => (
  <span className="wraps">
    <code>
      {endpoint.method} {endpoint.path}
    </code>{' '}
    <Text component="span" c="dimmed" size="xs">
      {endpoint.endpointId}
    </Text>
  </span>
);
