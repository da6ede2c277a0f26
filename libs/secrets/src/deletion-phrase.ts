import { createHmac, type KeyObject } from 'node:crypto';
import { frame } from './cryptography.js';

/**
 * 256 words, one for each value of a byte: four to seven letters, easy to spell, and no two share their first four
 * letters. Changing one only changes the phrases that are open at that moment.
 */
export const phraseWords: readonly string[] = `
  acorn album almond amber anchor ankle anvil apron armor atlas autumn avocado
  badge bakery ballet bamboo banana banjo beacon beaver bicycle blanket blossom bonus
  border bottle breeze brick bubble bucket cabin cactus camel canoe canvas carpet
  castle celery cement cheese chimney cinema circle citrus clover cobalt coconut compass
  cookie copper cowboy cricket crystal cupcake cushion daisy dawn decade denim desert
  diesel dinner dolphin domino donkey dragon drawer drum dune ebony echo eclipse
  elbow emerald engine equator escape evening fabric feather fennel fiddle fiesta fjord
  flame forest fossil fridge galaxy garden garlic gazebo giraffe glacier goblet gorilla
  granite gravel guitar harvest helium helmet hiccup horizon hotel iceberg igloo indigo
  inkwell island ivory jackpot jaguar jasmine jelly jersey jewel jigsaw journey juniper
  kayak keypad kimono kitchen kiwi knuckle koala ladder lantern laptop laurel lemon
  leopard lettuce library lilac lizard lobster magma magnet mammoth marble meadow medal
  meteor mirror mitten monsoon muffin museum mustard napkin nectar needle nickel nugget
  nutmeg oasis ocean octopus olive onion opera orange orbit orchard osprey oxygen
  palace panda pantry paper parrot peanut pelican pencil penguin piano picnic pigeon
  pillow plasma polar poppy potato pottery prairie pretzel pumpkin puzzle pyramid quartz
  quilt quiver rabbit radar rainbow rhubarb ribbon rodeo ruby sailor salad saucer
  scarf school scooter silver sketch skyline snow sofa spider spruce squash stadium
  statue summit sunset swan syrup tangent tapioca teacup teapot temple tennis thunder
  tiger toast toffee topaz tornado trumpet tulip tundra turkey tuxedo unicorn urchin
  vanilla village viola volcano voyage vulture waffle whistle window wolf wombat yacht
  yogurt zebra zenith zigzag
`
  .trim()
  .split(/\s+/);

const WINDOW_MS = 10 * 60 * 1000;
const WORDS = 4;

/** The credential as it stands: any further event about it changes its phrases. */
export interface DeletionSubject {
  readonly accountId: string;
  readonly credentialId: string;
  readonly revision: number;
}

export interface DeletionPhrases {
  /** What to show. */
  readonly current: string;
  /** What to take as typed back: the phrases of this window and of the one before. */
  readonly accepted: readonly [current: string, previous: string];
  /** When `current` is no longer accepted: between ten and twenty minutes from now. ISO 8601. */
  readonly expiresAt: string;
}

/**
 * The words that a person types back to delete a credential. They need neither a table nor an event, because they are
 * computed again from the subject and the clock. They guard against accidents; they are not a secret.
 */
export const deletionPhrases = (key: KeyObject, subject: DeletionSubject, nowMs: number): DeletionPhrases => {
  const window = Math.floor(nowMs / WINDOW_MS);
  const phraseOf = (ofWindow: number): string => {
    const place = [subject.accountId, subject.credentialId, String(subject.revision), String(ofWindow)];
    const digest = createHmac('sha256', key).update(frame(place)).digest();
    return Array.from(digest.subarray(0, WORDS), (byte) => phraseWords[byte]).join('-');
  };
  const current = phraseOf(window);
  return {
    current,
    accepted: [current, phraseOf(window - 1)],
    expiresAt: new Date((window + 2) * WINDOW_MS).toISOString(),
  };
};
