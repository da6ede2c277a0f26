import type { Place } from '../src/eventstoredb/place.js';
import { toReceived } from '../src/eventstoredb/received-event.js';

const GREATEST = 2n ** 64n - 1n;

const placeOf = (position: Place | undefined): Place | null | undefined =>
  toReceived({
    event: { id: '', type: '', streamId: '', revision: 0n, data: new Uint8Array(), ...(position && { position }) },
  })?.place;

describe('The place of an event that was received', () => {
  it.each([
    { commit: 7n, prepare: 7n },
    { commit: 9n, prepare: 7n },
  ])('is taken as it is: %p', (position) => {
    expect(placeOf(position)).toEqual(position);
  });

  it.each([
    undefined,
    { commit: 0n, prepare: 0n },
    { commit: 7n, prepare: 0n },
    { commit: 0n, prepare: 7n },
    { commit: 7n, prepare: 9n },
    { commit: GREATEST, prepare: GREATEST },
    { commit: GREATEST, prepare: 7n },
  ])('is none if it says that there is none, or is none that an event can have: %p', (position) => {
    expect(placeOf(position)).toBeNull();
  });
});
