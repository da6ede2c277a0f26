import type { StoredEventType } from './stored-forms.js';

type StoredData = Readonly<Record<string, unknown>>;

/** Schema versions above 1. */
export const schemaVersions: Readonly<Partial<Record<StoredEventType, number>>> = {
  CredentialCreated: 2,
};

/** Brings data of one schema version to the next, by event type and the version it comes from. */
export const upcasters: Readonly<
  Partial<Record<StoredEventType, Readonly<Record<number, (data: StoredData) => StoredData>>>>
> = {
  CredentialCreated: {
    // Version 1 knew no rotation advice, and bound to endpoints whatever belonged to an application.
    1: (data) => ({
      ...data,
      rotationAdviceDays: null,
      bindsEndpoints: typeof data['applicationId'] === 'string',
    }),
  },
};
