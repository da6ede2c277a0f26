import { Store } from '../api/store.js';

export interface SecretPart {
  /** As the API names it: `clientSecret`. */
  readonly field: string;
  readonly value: string;
  /** Whether it is to be concealed. A client ID is not. */
  readonly isSecret: boolean;
}

/** What was issued and is shown once. It is here alone: in no cache, in no storage, and gone when it is closed. */
export interface ShownSecret {
  /** As in "Credential created". */
  readonly title: string;
  /** What it belongs to, for the name of the file. */
  readonly name: string;
  readonly advice: readonly string[];
  readonly parts: readonly SecretPart[];
  /** Tells the API that it was saved. */
  readonly acknowledge: () => Promise<unknown>;
  readonly onClosed: () => void;
}

export const shownSecret = new Store<ShownSecret | null>(null);

/** `clientId` as people write it: "Client ID". */
export const labelOf = (field: string): string => {
  const words = field
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase()
    .replace(/\bid\b/, 'ID');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const variableOf = (field: string): string => field.replace(/([A-Z])/g, '_$1').toUpperCase();

/** Lines of a `.env` file. The values have no characters that would need more than quotes. */
export const envFileOf = (parts: readonly SecretPart[]): string =>
  parts.map(({ field, value }) => `${variableOf(field)}='${value}'\n`).join('');

const headerOf = ({ field }: SecretPart): string =>
  field === 'authToken' ? 'X-Auth-Token: ' : 'Authorization: Bearer ';

/** A first request with it, by the headers that every door takes; `written` says how the values are to be written. */
export const firstRequest = (
  parts: readonly SecretPart[],
  written: (part: SecretPart) => string,
): string | undefined => {
  const secret = parts.find(({ isSecret }) => isSecret);
  if (secret === undefined || secret.value.startsWith('whsec_')) return undefined;
  const other = parts.find(({ isSecret }) => !isSecret);
  return other === undefined
    ? `curl -H '${headerOf(secret)}${written(secret)}' "$API_URL"`
    : `curl --user '${written(other)}:${written(secret)}' "$API_URL"`;
};
