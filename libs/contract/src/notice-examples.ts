import { schemaIdOf } from './cloud-event.js';
import { accountId, credentialId, endpointId, logId } from './event-examples.js';
import { notices, ping, type Notice, type NoticeData, type NoticeName } from './notices.js';

const ofCredential = { accountId, credentialId, credentialType: 'api_secret', name: 'Orders' };

const examples: { readonly [N in NoticeName]: NoticeData<N> } = {
  expiring: { ...ofCredential, expiresAt: '2026-03-15T09:30:00.000Z', daysLeft: 14 },
  rotationDue: { ...ofCredential, version: 1, rotationDueAt: '2026-03-01T09:30:00.000Z' },
  rotationEnding: {
    ...ofCredential,
    endingVersion: 1,
    overlapEndsAt: '2026-03-02T09:30:00.000Z',
    lastUsedAt: '2026-03-01T08:15:42.000Z',
  },
};

/** A notice of each kind as it is sent. */
export const noticeExampleOf = (name: NoticeName): Notice => {
  const { type } = notices[name];
  return {
    specversion: '1.0',
    id: 'evt_0190b5a0-7c1e-5000-8000-000000000007',
    source: `urn:keyledger:log:${logId}`,
    type,
    subject: credentialId,
    time: '2026-03-01T09:30:00.000Z',
    datacontenttype: 'application/json',
    dataschema: schemaIdOf(type),
    partitionkey: accountId,
    data: examples[name],
  };
};

export const pingExample = { type: ping.type, endpointId, time: '2026-03-01T09:30:00.000Z' };
