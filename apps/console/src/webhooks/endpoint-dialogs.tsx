import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useAccountId } from '../accounts/account-queries.js';
import { useRefusal } from '../api/permissions.js';
import type { RowAction } from '../common/row-menu.js';
import type { Dialog } from '../common/use-dialog.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import { ChangeEndpointDialog } from './change-endpoint-dialog.js';
import { PingDialog } from './ping-dialog.js';
import { RecoverDialog } from './recover-dialog.js';
import { DeleteEndpointDialog, DisableEndpointDialog, EnableEndpointDialog } from './switch-dialogs.js';
import { endpointQuery, type WebhookEndpoint } from './webhook-queries.js';

const dialogs = {
  change: ChangeEndpointDialog,
  disable: DisableEndpointDialog,
  enable: EnableEndpointDialog,
  ping: PingDialog,
  recover: RecoverDialog,
  delete: DeleteEndpointDialog,
} as const;

const isKnown = (name: string | null): name is keyof typeof dialogs => name !== null && Object.hasOwn(dialogs, name);

/** The dialog that is open about one endpoint, if one is. */
export const EndpointDialogs = ({ dialog }: { readonly dialog: Dialog }): ReactElement | null => {
  const path = { accountId: useAccountId(), endpointId: dialog.about ?? '' };
  const { data: endpoint } = useQuery({ ...endpointQuery(path), enabled: dialog.about !== null });
  if (endpoint === undefined || !isKnown(dialog.name)) return null;
  const Shown = dialogs[dialog.name];
  return <Shown path={path} endpoint={endpoint} onClose={dialog.close} />;
};

/** Why nothing can be sent to it now. */
export const useSendingRefusal = (operation: 'TestEndpoint' | 'RecoverEndpoint') => {
  const refusal = useNewRefusal(operation);
  return ({ enabled }: WebhookEndpoint): string | undefined => refusal ?? (enabled ? undefined : 'It is off.');
};

/** What can be done with an endpoint. The dialog asks before it is done. */
export const useEndpointActions = (dialog: Dialog): ((endpoint: WebhookEndpoint) => readonly RowAction[]) => {
  const accountId = useAccountId();
  const update = useNewRefusal('UpdateEndpoint');
  const disable = useRefusal('UpdateEndpoint', accountId);
  const remove = useRefusal('DeleteEndpoint', accountId);
  const ping = useSendingRefusal('TestEndpoint');
  const recover = useSendingRefusal('RecoverEndpoint');
  return (endpoint) => {
    const open = (name: keyof typeof dialogs) => () => dialog.open(name, endpoint.endpointId);
    const turn = endpoint.enabled
      ? { label: 'Turn off…', run: open('disable'), refusal: disable }
      : { label: 'Turn on…', run: open('enable'), refusal: update };
    return [
      { label: 'Send a ping…', run: open('ping'), refusal: ping(endpoint) },
      { label: 'Send again what failed…', run: open('recover'), refusal: recover(endpoint) },
      { label: 'Change…', run: open('change'), refusal: update },
      turn,
      { label: 'Delete…', run: open('delete'), isDangerous: true, refusal: remove },
    ];
  };
};
