/** A page of an account, or of the installation, in the navigation. */
export interface Place {
  /** Below the account, or below /console. */
  readonly path: string;
  readonly title: string;
  /** Second key after `g`, where it has one. */
  readonly key?: string;
}

export const accountPlaces: readonly Place[] = [
  { path: '', title: 'Overview', key: 'v' },
  { path: 'client-credentials', title: 'Client credentials', key: 'c' },
  { path: 'api-access', title: 'API access', key: 't' },
  { path: 'api-keys', title: 'API keys', key: 'k' },
  { path: 'apps', title: 'Apps', key: 'p' },
  { path: 'api-secrets', title: 'API secrets', key: 's' },
  { path: 'webhooks', title: 'Webhooks', key: 'w' },
  { path: 'audit', title: 'Audit trail', key: 'a' },
  { path: 'settings', title: 'Settings', key: ',' },
];

export const installationPlaces: readonly Place[] = [
  { path: 'accounts', title: 'Accounts', key: 'o' },
  { path: 'endpoints', title: 'Endpoint catalogue', key: 'e' },
  { path: 'audit', title: 'Audit of all accounts', key: 'A' },
  { path: 'installation', title: 'Installation', key: 'i' },
];
