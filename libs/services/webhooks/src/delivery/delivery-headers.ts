import type { WebhookScheme } from '@keyledger/domain';
import { macOf, v1Signature, type SignedContent } from '../signature.js';
import type { SigningSet } from '../signing.js';

export type DeliveryHeaders = Readonly<Record<string, string>>;

const signatureOf = (
  { signer, salt }: SigningSet,
  scheme: WebhookScheme,
  content: SignedContent,
): DeliveryHeaders | undefined => {
  switch (scheme) {
    case 'standard':
      if (signer.length === 0) return undefined;
      return { 'webhook-signature': signer.map(({ key }) => v1Signature(key, content)).join(' ') };
    case 'mac':
      return salt === null ? undefined : { mac: macOf(salt.key, content) };
  }
};

/** What a delivery is known by, as the scheme of its endpoint has it; undefined where there is no secret for that. */
export const headersFor = (
  usable: SigningSet,
  scheme: WebhookScheme,
  content: SignedContent,
): DeliveryHeaders | undefined => {
  const signature = signatureOf(usable, scheme, content);
  if (signature === undefined) return undefined;
  return { 'webhook-id': content.messageId, 'webhook-timestamp': String(content.timestamp), ...signature };
};
