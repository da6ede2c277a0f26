import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { AllowedButton } from '../common/allowed-button.js';
import { Section } from '../common/section.js';
import type { Dialog } from '../common/use-dialog.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import type { Application } from './application-queries.js';
import { EndpointName } from './endpoint-name.js';

interface Props {
  readonly application: Application;
  readonly dialog: Dialog;
}

/** The endpoints that the key pairs of an application open. */
export const ConnectedEndpoints = ({ application, dialog }: Props): ReactElement => {
  const { endpoints } = application;
  return (
    <Section
      id="endpoints"
      title="Connected APIs"
      sentence="Its key pairs open these endpoints, and no others."
      action={
        <AllowedButton
          refusal={useNewRefusal('SetApplicationEndpoints')}
          variant="default"
          onClick={() => dialog.open('endpoints')}
        >
          Change
        </AllowedButton>
      }
    >
      {endpoints.length === 0 ? (
        <Text>None is connected yet: its keys open nothing.</Text>
      ) : (
        <ul className="lines">
          {endpoints.map((endpoint) => (
            <li key={endpoint.endpointId}>
              <EndpointName endpoint={endpoint} />
              {endpoint.status === 'retired' && (
                <Text component="span" c="var(--page-attention)" size="xs">
                  {' '}
                  Retired: it is refused.
                </Text>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
};
