import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Mark } from '../common/mark.js';
import type { WebhookEndpoint } from './webhook-queries.js';
import { deliveryStates, disabledReasons, type DeliveryState } from './words.js';

export const EndpointMark = ({ endpoint }: { readonly endpoint: WebhookEndpoint }): ReactElement => {
  const { enabled, disabledReason } = endpoint;
  if (enabled) return <Mark {...{ icon: 'check', tone: 'good' }}>On</Mark>;
  const isByItself = disabledReason === 'gone' || disabledReason === 'failing';
  return (
    <Mark icon="pause" tone={isByItself ? 'attention' : 'quiet'}>
      Off{disabledReason === null ? '' : `, ${disabledReasons[disabledReason]}`}
    </Mark>
  );
};

export const DeliveryMark = ({ state }: { readonly state: DeliveryState }): ReactElement => {
  const { label, icon, tone } = deliveryStates[state];
  return <Mark {...{ icon, tone }}>{label}</Mark>;
};

/** How the deliveries of a message stand, most pressing first: one mark for each state. */
export const DeliveryMarks = ({ states }: { readonly states: readonly DeliveryState[] }): ReactElement => {
  const order: readonly DeliveryState[] = ['failed', 'held', 'pending', 'delivered', 'cancelled'];
  const there = order.filter((state) => states.includes(state));
  if (there.length === 0) return <Text c="dimmed">Sent nowhere</Text>;
  return (
    <span className="marks">
      {there.map((state) => {
        const { label, icon, tone } = deliveryStates[state];
        const count = states.filter((each) => each === state).length;
        return (
          <Mark key={state} {...{ icon, tone }}>
            {states.length === 1 ? label : `${count} ${label.toLowerCase()}`}
          </Mark>
        );
      })}
    </span>
  );
};
