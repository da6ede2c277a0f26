/** Ids are kept as UUIDs, which are less than half as long. */
export const uuidOf = (id: string): string => id.slice(id.indexOf('_') + 1);

export const messageIdOf = (uuid: string): string => `msg_${uuid}`;

export const endpointIdOf = (uuid: string): string => `whe_${uuid}`;
