import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Mills } from '../core/modelCard.ts';
import { formatPrice } from '../core/request.ts';
import { fill } from '../core/sentences.ts';
import { destinationOf, fileNameOf, priceOf, type SetFile } from '../core/setFile.ts';
import { setSentence } from '../core/setFileRules.ts';
import { emptyLock, lockedIn, lockNameOf, readLock, type SetLock } from '../core/setLock.ts';
import { type FormerName, formerNames, type FormerPicture, renamesAmong } from '../core/setRenames.ts';
import { type SetEntryState, type StandingPicture, stateOf } from '../core/setState.ts';
import { standingPicture, wordsDigest } from './digests.ts';
import { lineAndColumn, type PlacedProblem, readSetFile } from './reading.ts';

/** What a check says of one set file. */
export interface SetJudgement {
  /** As it was given. */
  readonly file: string;
  readonly problems: readonly {
    readonly line: number;
    readonly column: number;
    readonly severity: 'error' | 'warning';
    readonly code: string;
    readonly message: string;
  }[];
  /** Empty where the file cannot be read or has errors. */
  readonly pictures: readonly {
    readonly name: string;
    readonly state: SetEntryState;
    readonly file: string;
    /** The names that its file may have, where its entry was given another one. Only one of a picture that is `renamed`. */
    readonly formerly?: readonly string[];
  }[];
  /** The most that each kind of work can cost, in thousandths of a US dollar. */
  readonly highestPrice: { readonly missing: Mills; readonly changed: Mills; readonly placeholder: Mills };
}

/** States in which a picture is still to be made, in the order in which they are told. One that is renamed costs nothing. */
export const unmadeStates = ['missing', 'changed', 'placeholder'] as const;

const noPrice = { missing: 0, changed: 0, placeholder: 0 };

/**
 * Judges a set file and the pictures beside it. Reads and nothing else.
 * @param root the folder that nothing may leave; left out: the nearest folder above with a `.git`, else the file's own
 */
export async function judgeSetFile(file: string, root?: string): Promise<SetJudgement> {
  const path = resolve(file);
  const top = root === undefined ? await topOf(dirname(path)) : resolve(root);
  const text = await readText(path);
  const folder = partsOf(top, dirname(path));
  const { set, problems } = readSetFile(text, folder);
  const lockFile = join(dirname(path), lockNameOf(basename(path)) ?? `${basename(path)}.lock`);
  const lock = await lockAt(lockFile);
  const allProblems: PlacedProblem[] = [...problems, ...(lock ? [] : [lockProblem(basename(lockFile))])];
  const told = allProblems.map(({ code, severity, args, offset }) => ({
    ...lineAndColumn(text, offset),
    severity,
    code,
    message: fill(setSentence(code), args),
  }));
  const destination = set && destinationOf(set, folder);
  if (!set || !lock || !destination || problems.some(({ severity }) => severity === 'error'))
    return { file, problems: told, pictures: [], highestPrice: noPrice };
  const look = async (name: string) => {
    const bytes = await readFileIfThere(join(top, ...destination, fileNameOf(set, { name })));
    return bytes && standingPicture(bytes);
  };
  const { states, renames } = await statesOf(set, lock, look);
  const priceOfState = (state: SetEntryState) =>
    priceOf(
      set,
      set.pictures.filter((_, index) => states[index] === state),
    );
  return {
    file,
    problems: told,
    pictures: set.pictures.map((entry, index) => ({
      name: entry.name,
      state: states[index] ?? 'missing',
      file: [...destination, fileNameOf(set, entry)].join('/'),
      ...formerly(renames.get(entry.name)),
    })),
    highestPrice: {
      missing: priceOfState('missing'),
      changed: priceOfState('changed'),
      placeholder: priceOfState('placeholder'),
    },
  };
}

function lockProblem(name: string): PlacedProblem {
  return {
    code: 'set-lock-unreadable',
    path: [],
    severity: 'error',
    args: [name],
    offset: 0,
    length: 1,
    isAboutShape: false,
  };
}

async function statesOf(
  set: SetFile,
  lock: SetLock,
  look: (name: string) => Promise<StandingPicture | undefined>,
): Promise<{ states: SetEntryState[]; renames: Map<string, FormerName> }> {
  const pictures = await Promise.all(
    set.pictures.map(async (entry) => ({
      name: entry.name,
      words: wordsDigest(set, entry),
      locked: lockedIn(lock, entry.name),
      standing: await look(entry.name),
    })),
  );
  const former: FormerPicture[] = [];
  for (const [name, locked] of formerNames(set, lock, pictures))
    former.push({ name, locked, standing: await look(name) });
  const renames = renamesAmong(pictures, former, false);
  const states = pictures.map(({ name, words, locked, standing }) =>
    renames.get(name)?.kind === 'renamed' ? 'renamed' : stateOf(words, locked, standing, false),
  );
  return { states, renames };
}

function formerly(former: FormerName | undefined): { formerly?: readonly string[] } {
  if (!former) return {};
  return { formerly: former.kind === 'renamed' ? [former.from] : former.files };
}

/** The lines that a person reads. */
export function linesOf({ file, problems, pictures, highestPrice }: SetJudgement): string[] {
  const count = (state: SetEntryState) => pictures.filter((picture) => picture.state === state).length;
  const counts = (['missing', 'changed', 'placeholder', 'renamed', 'edited', 'current'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${words[state]}`);
  const price = unmadeStates.reduce((sum, state) => sum + highestPrice[state], 0);
  return [
    ...problems.map(
      ({ line, column, severity, message }) => `${file}:${line}:${column}: ${severity}: ${oneLine(message)}`,
    ),
    ...pictures
      .filter(({ state }) => state !== 'current')
      .map(
        (picture) =>
          `${file}: ${oneLine(picture.name)}: ${words[picture.state]} (${oneLine(picture.file)})${formerWords(picture)}`,
      ),
    ...(pictures.length > 0
      ? [`${file}: ${counts.join(', ')}; ${price > 0 ? `up to ${formatPrice(price)} to make` : 'nothing to make'}.`]
      : []),
  ];
}

/** What a line says of the names that a picture had before. */
function formerWords({ state, formerly: names }: SetJudgement['pictures'][number]): string {
  if (!names) return '';
  const listed = oneLine(names.join(', '));
  return state === 'renamed'
    ? `: its picture is there under the name ${listed}; “Rename Files” of the set file moves it, and nothing is bought`
    : `: may be there under a former name (${listed}), and which is which is not clear; rename the right file by hand`;
}

const words: Readonly<Record<SetEntryState, string>> = {
  missing: 'missing',
  changed: 'changed',
  placeholder: 'placeholder',
  renamed: 'renamed',
  edited: 'edited by hand',
  current: 'current',
};

/** Names in a file may hold what a terminal obeys. */
const oneLine = (text: string): string => text.replaceAll(/\p{C}+/gu, ' ');

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  return new TextDecoder('utf-8').decode(bytes);
}

async function lockAt(path: string): Promise<SetLock | undefined> {
  const bytes = await readFileIfThere(path);
  return bytes ? readLock(bytes.toString('utf8')) : emptyLock;
}

async function readFileIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function topOf(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    if (await isThere(join(at, '.git'))) return at;
    if (at === dirname(at)) return folder;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

function partsOf(top: string, folder: string): string[] {
  const way = relative(top, folder);
  if (way === '..' || way.startsWith(`..${sep}`)) throw new Error(`${folder} is not inside ${top}.`);
  return way === '' ? [] : way.split(sep);
}
