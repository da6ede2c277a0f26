/** The place of a position: as many hexadecimal digits as the engine of the log needs. */
const PLACE = /[0-9a-f]+$/;

/** A position of the same log that nobody will reach. */
export const farFuture = (position: string): string =>
  position.replace(PLACE, (place) => '7'.padEnd(place.length, 'f'));

/** The last position that can be written down, which is more than a signed number of that many bits can say. */
export const beyondAllNumbers = (position: string): string =>
  position.replace(PLACE, (place) => 'f'.repeat(place.length));

/** A position that is right but for one digit in upper case. */
export const inUpperCase = (position: string): string =>
  position.replace(PLACE, (place) => 'A'.padStart(place.length, '0'));

/** As the other engine would write it: PostgreSQL's places have 16 digits, EventStoreDB's 32. */
export const ofOtherEngine = (position: string): string =>
  position.replace(PLACE, (place) => (place.length === 16 ? place.padStart(32, '0') : place.slice(16)));
