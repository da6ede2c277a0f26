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
