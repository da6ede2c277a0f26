import type { ReactElement } from 'react';
import { Tabs } from '../common/tabs.js';

export const TITLE = 'Webhooks';

export const WebhookTabs = ({ accountId }: { readonly accountId: string }): ReactElement => {
  const base = `/accounts/${accountId}/webhooks`;
  const tabs = [
    { to: base, title: 'Endpoints' },
    { to: `${base}/messages`, title: 'Messages' },
  ];
  return <Tabs label="Webhooks" tabs={tabs} />;
};
