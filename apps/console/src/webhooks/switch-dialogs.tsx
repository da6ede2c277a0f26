import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { useWrite } from '../api/use-write.js';
import { ConfirmDialog } from '../common/confirm-dialog.js';
import { Time } from '../common/times.js';
import { statisticsQuery, type EndpointPath, type WebhookEndpoint } from './webhook-queries.js';
import { deleteEndpoint, showEndpoint, showEndpointDeleted, updateEndpoint } from './webhook-writes.js';
import { counted } from './words.js';

export interface EndpointDialogProps {
  readonly path: EndpointPath;
  readonly endpoint: WebhookEndpoint;
  readonly onClose: () => void;
}

/** Which one, and how it stands: that tells whether it is missed. */
const WhichEndpoint = ({ path, endpoint }: Omit<EndpointDialogProps, 'onClose'>): ReactElement => {
  const { data } = useQuery(statisticsQuery(path));
  return (
    <div>
      <Text fw={500} className="wraps">
        {endpoint.url}
      </Text>
      {data !== undefined && (
        <Text c="dimmed">
          Last success: {data.lastSuccessAt === null ? 'never' : <Time at={data.lastSuccessAt} form="relative" />}
          {' · '}
          {data.backlog.count === 0
            ? 'nothing waits for it'
            : `${counted(data.backlog.count, 'delivery', 'deliveries')} wait`}
        </Text>
      )}
    </div>
  );
};

const useSwitch = ({ path, endpoint, onClose }: EndpointDialogProps, enabled: boolean) =>
  useWrite(() => updateEndpoint(path, endpoint.revision, { enabled }), {
    onDone: ({ webhookEndpoint }) => {
      showEndpoint(path.accountId, webhookEndpoint);
      onClose();
    },
  });

export const DisableEndpointDialog = (props: EndpointDialogProps): ReactElement => {
  const write = useSwitch(props, false);
  return (
    <ConfirmDialog
      isOpen
      onClose={props.onClose}
      title="Turn this endpoint off?"
      yes="Turn it off"
      no="Keep it on"
      write={write}
    >
      <WhichEndpoint {...props} />
      <Text>
        Nothing is sent to it from now on. What it asks for is held, and is sent once it is on again and somebody asks
        for it.
      </Text>
    </ConfirmDialog>
  );
};

export const EnableEndpointDialog = (props: EndpointDialogProps): ReactElement => {
  const write = useSwitch(props, true);
  return (
    <ConfirmDialog
      isOpen
      onClose={props.onClose}
      title="Turn this endpoint on?"
      yes="Turn it on"
      no="Leave it off"
      write={write}
    >
      <WhichEndpoint {...props} />
      <Text>
        New messages go to it from now on. What was held or has failed meanwhile has to be sent again by itself.
      </Text>
    </ConfirmDialog>
  );
};

export const DeleteEndpointDialog = (props: EndpointDialogProps): ReactElement => {
  const { path, endpoint, onClose } = props;
  const navigate = useNavigate();
  const write = useWrite(() => deleteEndpoint(path, endpoint.revision), {
    onDone: () => {
      showEndpointDeleted(path);
      void navigate(`/accounts/${path.accountId}/webhooks`, { replace: true });
    },
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Delete this endpoint?"
      yes="Delete endpoint"
      no="Keep it"
      isDangerous
      write={write}
    >
      <WhichEndpoint {...props} />
      <Text>Nothing is sent to it any more, and what still waits for it is cancelled. This cannot be undone.</Text>
    </ConfirmDialog>
  );
};
