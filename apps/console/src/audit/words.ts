/** How people write what the API writes in its own way. */
const written: Readonly<Record<string, string>> = {
  allowlist: 'allow-list',
  api: 'API',
  cidrs: 'CIDRs',
  id: 'ID',
  ids: 'IDs',
  ip: 'IP',
  url: 'URL',
};

const isAbbreviation = (word: string): boolean => /^[A-Z]{2,}$/.test(word);

/** `CredentialRevoked` as people write it, "Credential revoked"; so also for names that nobody has thought of yet. */
export const inWords = (name: string): string => {
  const text = name
    .split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .map((word) => written[word.toLowerCase()] ?? (isAbbreviation(word) ? word : word.toLowerCase()))
    .join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** The end of an id, which tells things apart: "…2f4a10d7". */
export const shortOf = (id: string): string => (id.length <= 12 ? id : `…${id.slice(-8)}`);
