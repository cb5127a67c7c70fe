import type { LoggedRequest } from '../../src/simulator/tally.ts';
import { type Canary, findCanaries, type Place } from './canary.ts';
import { type PlaceName, vscodePlaces } from './canaryPlaces.ts';

/** What every journey has about it, and in which files of VS Code it must not be. */
const everywhere: readonly (Canary & { readonly notIn: readonly PlaceName[] })[] = [
  {
    name: 'beginning of a key',
    secret: 'sk-empiriolabs-',
    notIn: ['log of the extension', 'other logs of VS Code', 'settings', 'storage of the extension'],
  },
  {
    name: 'signature of an address',
    secret: '&signature=',
    notIn: ['log of the extension', 'other logs of VS Code', 'settings'],
  },
  { name: 'folder of all that is tested', secret: '/wan-e2e-', notIn: ['log of the extension'] },
  { name: 'folder of a live VS Code', secret: '/wan-live-', notIn: ['log of the extension'] },
];

const notForPrompts: readonly PlaceName[] = ['log of the extension', 'other logs of VS Code', 'settings'];

/** Prompts shorter than this are words that may stand anywhere. */
const shortestPrompt = 10;

/** The lines of all prompts that were sent: what was asked for, labels of boxes, descriptions of the pictures of a set. */
export function promptsIn(requests: readonly LoggedRequest[]): string[] {
  return requests
    .map(({ body }) => (body as { readonly prompt?: unknown } | undefined)?.prompt)
    .flatMap((prompt) => (typeof prompt === 'string' ? prompt.split('\n') : []))
    .map((line) => line.replace(/^(In box \d of image \d|\w+ image): /, ''))
    .filter((line) => line.length >= shortestPrompt);
}

/** A sentence for each thing that a VS Code has written where it must not be. To be called when it was stopped. */
export async function leaksOf(dataDirectory: string, prompts: ReadonlySet<string>): Promise<string[]> {
  const typed = [...prompts].map((secret) => ({ name: `prompt "${secret}"`, secret, notIn: notForPrompts }));
  const canaries = [...everywhere, ...typed];
  const names = new Set(canaries.flatMap(({ notIn }) => notIn.map(String)));
  const places: Place[] = vscodePlaces({ dataDirectory })
    .filter(({ name }) => names.has(name))
    .map((place) => ({ ...place, mayBeEmpty: true })); // a journey may have given nothing to write
  const found = await findCanaries(places, canaries);
  return found
    .filter(({ canary, place }) =>
      canaries.some(({ name, notIn }) => name === canary && notIn.some((each) => each === place)),
    )
    .map(({ canary, place, file, encoding }) => `The ${canary} is in the ${place}: ${file} (${encoding}).`);
}
