import { findProblems } from './preflight.ts';
import type { ProblemCode } from './problem.ts';
import { destinationOf, groupsOf, requestFor, type SetEntry, type SetFile } from './setFile.ts';
import { problemSentences } from './sentences.ts';

/** What can be wrong with a set file beyond its requests, in English. {0}, {1} … are filled in by `fill`. */
export const setFileSentences = {
  'set-too-large': 'This file is too large to be a set of pictures.',
  'set-not-json': 'This is not JSON that can be read: {0}.',
  'set-unknown-field': 'The field {0} does not exist here.',
  'set-wrong-value': 'The field {0} is missing, or does not hold the kind of value it should.',
  'set-name-invalid':
    'The name “{0}” is not a file name on every system. Use letters, digits and hyphens, and no dot or space at its ends.',
  'set-name-twice':
    'There is another picture with the name “{0}”. On some systems that is so whatever the case of the letters.',
  'set-destination':
    'The destination must be a folder inside the workspace, written with slashes and seen from this file.',
  'set-palette-together':
    'An image set takes no palette. Write "together": false, so that each picture is made by itself.',
  'set-size-twice': 'The exact size goes before ratio and resolution, which have no effect.',
  'set-lock-unreadable': 'The file {0} beside this one cannot be read. Restore it from version control, or delete it.',
} as const;

/** Where something is in a set file: names of fields and places in lists, from the outside in. */
export type SetPath = readonly (string | number)[];

/** One finding about a set file. An `error` keeps it from being generated. */
export interface SetProblem {
  readonly code: keyof typeof setFileSentences | ProblemCode;
  readonly path: SetPath;
  readonly severity: 'error' | 'warning';
  readonly args?: readonly (string | number)[];
}

/** The sentence of a finding, in English and with its gaps. */
export const setSentence = (code: SetProblem['code']): string => ({ ...problemSentences, ...setFileSentences })[code];

/**
 * Everything that its shape does not say about a set file: names, places, and by preflight itself what each of its
 * requests would be refused for.
 * @param folder of the set file, as names from the workspace folder on
 */
export function setFileProblems(set: SetFile, folder: readonly string[]): SetProblem[] {
  const problems = [...nameProblems(set), ...placeProblems(set, folder), ...paletteProblems(set)];
  const entries = set.pictures.map((entry, index) => ({ ...entry, index }));
  const seen = new Set<string>();
  for (const group of groupsOf(set, entries)) {
    for (const problem of requestProblems(set, group)) {
      const key = JSON.stringify([problem.code, problem.path]);
      if (!seen.has(key)) problems.push(problem);
      seen.add(key);
    }
  }
  return problems;
}

// Windows reads these as devices whatever follows the first dot.
const windowsDevice = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** Whether the name of a picture is a file name on every system. */
export function isFileName(name: string): boolean {
  // The one name that is no field of an object, as the lock would have it.
  if (name === '__proto__') return false;
  return !/[\p{C}\p{Zl}\p{Zp}\\/:*?"<>|]|^[\s.]|[\s.]$/u.test(name) && !windowsDevice.test(name);
}

/** A name as systems compare it that do not tell capital from small letters. */
export const foldedName = (name: string): string => name.normalize('NFC').toLowerCase();

function nameProblems({ pictures }: SetFile): SetProblem[] {
  const seen = new Set<string>();
  return pictures.flatMap(({ name }, index): SetProblem[] => {
    const found = { path: ['pictures', index, 'name'], severity: 'error', args: [name] } as const;
    if (!isFileName(name)) return [{ ...found, code: 'set-name-invalid' }];
    const folded = foldedName(name);
    if (seen.has(folded)) return [{ ...found, code: 'set-name-twice' }];
    seen.add(folded);
    return [];
  });
}

function placeProblems(set: SetFile, folder: readonly string[]): SetProblem[] {
  const isInside = destinationOf(set, folder) !== undefined;
  const hasBoth = set.size !== undefined && (set.ratio !== undefined || set.resolution !== undefined);
  return [
    ...(isInside ? [] : [{ code: 'set-destination', path: ['destination'], severity: 'error' } as const]),
    ...(hasBoth ? [{ code: 'set-size-twice', path: ['size'], severity: 'warning' } as const] : []),
  ];
}

/** A palette is refused for the whole file, also while only one picture is left to be made: it must not depend on that. */
function paletteProblems(set: SetFile): SetProblem[] {
  return set.palette && set.together !== false
    ? [{ code: 'set-palette-together', path: ['palette'], severity: 'error' }]
    : [];
}

function requestProblems(set: SetFile, group: readonly (SetEntry & { readonly index: number })[]): SetProblem[] {
  const found = findProblems(requestFor(set, group), { images: new Map(), boxForm: 'auto' });
  return found.flatMap(({ code, field, severity, args }): SetProblem[] => {
    // Said above, with the way out that a file has.
    if (severity === 'note' || code === 'palette-not-in-set') return [];
    return [{ code, path: pathOf(set, group, field.split('.')), severity, ...(args && { args }) }];
  });
}

/** Where in a set file the field of a request comes from. */
function pathOf(
  set: SetFile,
  group: readonly (SetEntry & { readonly index: number })[],
  [field, index]: readonly string[],
): SetPath {
  const [entry] = group;
  const picture = ['pictures', entry?.index ?? 0];
  const size = entry?.size ? [...picture, 'size'] : ['size'];
  switch (field) {
    case 'prompt':
      return group.length > 1 && set.style !== undefined ? ['style'] : [...picture, 'prompt'];
    case 'customWidth':
      return [...size, 'width'];
    case 'customHeight':
      return [...size, 'height'];
    case 'palette':
      return index === undefined ? ['palette'] : ['palette', Number(index)];
    case 'variant':
      return ['model'];
    case 'aspectRatio':
      return ['ratio'];
    case 'resolution':
    case 'seed':
    case 'thinking':
      return [field];
    default:
      return picture;
  }
}
