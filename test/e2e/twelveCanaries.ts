import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { type Canary, findCanaries, newCanary, type Place } from './canary.ts';
import type { PlaceName } from './canaryPlaces.ts';

/** What each canary is, where it may be, and where it has to be, since a canary that never flew proves nothing. */
interface Rule {
  readonly may: readonly PlaceName[];
  readonly must?: PlaceName;
}

/** Where the panel and its window show and keep what the user has typed. */
const shown: readonly PlaceName[] = [
  'messages between frames',
  'pages and frames',
  'storage of the browser',
  'browser profile',
  'storage of the extension',
];

/** Where VS Code itself, without us, writes the paths of what is open. */
const paths: readonly PlaceName[] = [
  ...shown,
  'workspace',
  'other logs of VS Code',
  'rest of VS Code',
  'processes of VS Code',
  'processes of the browser',
];

/**
 * The key belongs into the secret storage, where it is encrypted, and into one header, which is left out of what is
 * searched: so it may be nowhere.
 */
const rules = {
  key: { may: [], must: 'authorization' },
  'refused key': { may: [], must: 'authorization' },
  'key in the environment': { may: ['processes of VS Code'], must: 'processes of VS Code' },
  prompt: {
    may: [...shown, 'requests to the service', 'workspace', 'rest of VS Code'],
    must: 'requests to the service',
  },
  'box label': { may: [...shown, 'requests to the service'], must: 'requests to the service' },
  'file name': { may: paths, must: 'workspace' },
  'folder name': { may: paths, must: 'messages between frames' },
  'user name': { may: paths, must: 'processes of VS Code' },
  'signed address': { may: ['requests to other hosts'], must: 'requests to other hosts' },
  'inline image': {
    may: [
      'requests to the service',
      'workspace',
      'storage of the extension',
      'messages between frames',
      'browser profile',
    ],
    must: 'requests to the service',
  },
  // A message of the window shows it for some seconds, which the journey looks at; so does the studio, once it is known.
  balance: { may: ['pages and frames', 'messages between frames'] },
  'words of the service': { may: shown, must: 'messages between frames' },
} as const satisfies Record<string, Rule>;

export type CanaryName = keyof typeof rules;

/** The twelve, with the picture that one of them is in. */
export interface Twelve {
  readonly secrets: Record<CanaryName, string | Uint8Array>;
  /** A PNG of 240 x 240 pixels like no other. */
  readonly picture: Buffer;
}

export async function hatchTwelve(): Promise<Twelve> {
  const word = (): string =>
    randomBytes(12)
      .toString('hex')
      .replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '');
  // Not larger than the service wants it: every byte of it goes through the messages that are written down.
  const pixels = randomBytes(240 * 240).map((byte) => byte & 0x3f);
  const picture = await sharp(pixels, { raw: { width: 240, height: 240, channels: 1 } })
    .png()
    .toBuffer();
  return {
    picture,
    secrets: {
      key: newCanary(),
      'refused key': newCanary().replace('canary', 'refused'),
      'key in the environment': newCanary(),
      prompt: word(),
      'box label': word(),
      'file name': word(),
      'folder name': word(),
      'user name': word(),
      'signed address': '', // the simulator makes it
      'inline image': picture.subarray(picture.length >> 1, (picture.length >> 1) + 48),
      balance: '86429.75',
      'words of the service': word(),
    },
  };
}

/** Every canary in a place where it may not be, and every one that was nowhere to be found, as sentences. */
export async function strayCanaries(places: readonly Place[], { secrets }: Twelve): Promise<string[]> {
  const canaries: Canary[] = Object.entries(secrets).map(([name, secret]) => ({ name, secret }));
  const found = await findCanaries(places, canaries);
  const strays = found
    .filter(({ canary, place }) => !mayBe(canary as CanaryName, place))
    .map(({ canary, place, file, encoding }) => `the ${canary} is in the ${place}: ${file} (${encoding})`);
  const missed = Object.entries<Rule>(rules)
    .filter(([name, { must }]) => must && !found.some(({ canary, place }) => canary === name && place === must))
    .map(([name, { must }]) => `the ${name} is not in the ${must}`);
  return [...strays, ...missed];
}

function mayBe(canary: CanaryName, place: string): boolean {
  const { may, must }: Rule = rules[canary];
  return place === must || may.some((name) => name === place);
}
