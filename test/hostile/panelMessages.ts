// Messages as somebody would send them who has got hold of the panel, each following from its number alone.
import { actionIds } from '../../src/core/messages.ts';

/** A message and what it was made by, so that a failure can be read. */
export interface Attempt {
  readonly how: string;
  readonly message: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const form = { prompt: 'A fox', variant: 'wan2.7-image', count: 1, inputs: [{ id: 'a', name: 'a.png', boxes: [] }] };

/** One of every kind, with ids of the right shape that no host ever gave. */
export const wellFormed: readonly Fields[] = [
  { type: 'ready' },
  { type: 'draft', draftId: 'draft-1', request: form },
  { type: 'run', draftId: 'draft-1', request: form, highestPrice: 75 },
  ...['cancel', 'dismiss', 'putBack', 'saveAll'].map((type) => ({
    type,
    jobId: '0192f1c4-aaaa-7bbb-8ccc-0123456789ab',
  })),
  ...['save', 'saveAs', 'insert', 'reveal', 'open', 'continueFrom', 'replace'].map((type) => ({
    type,
    resultId: '0192f1c4-aaaa-7bbb-8ccc-0123456789ab-0',
  })),
  ...['lookFurther', 'endLooking'].map((type) => ({ type, jobId: '0192f1c4-aaaa-7bbb-8ccc-0123456789ab' })),
  { type: 'keepFound', jobId: '0192f1c4-aaaa-7bbb-8ccc-0123456789ab', foundId: '4f'.repeat(32) },
  { type: 'showVersion', resultId: '0192f1c4-aaaa-7bbb-8ccc-0123456789ab-0', version: 'inside' },
  { type: 'closeSaving' },
  ...['openSaving', 'saveLighter'].map((type) => ({ type, resultId: '0192f1c4-aaaa-7bbb-8ccc-0123456789ab-0' })),
  ...['previewSaving', 'saveSo'].map((type) => ({
    type,
    resultId: '0192f1c4-aaaa-7bbb-8ccc-0123456789ab-0',
    askId: 'ask-3',
    options: { format: 'png', quality: 80, size: { kind: 'widths', widths: [640] } },
    folder: '../../etc',
    name: '/etc/passwd',
    isUsual: true,
  })),
  { type: 'addSources' },
  { type: 'dropSources', uris: ['file:///etc/hostname'] },
  { type: 'pastePiece', pasteId: 'paste-1', index: 0, total: 2, name: 'image.png', data: 'iVBORw0KGgo=' },
  { type: 'findColours', askId: 'ask-1' },
  { type: 'findColours', askId: 'ask-2', pictureId: 'a' },
  { type: 'keepDraft', draftId: 'draft-2', request: form },
  { type: 'undoReplace', replacementId: '0192f1c4-aaaa-7bbb-8ccc-0123456789ab' },
  { type: 'useBoxForm', form: 'auto' },
  { type: 'history', query: { text: 'fox', favourites: false, unsaved: false, kind: 'all' }, from: 0, count: 60 },
  { type: 'closeHistory' },
  { type: 'closeEntry' },
  ...['showEntry', 'reopen'].map((type) => ({ type, jobId: '0192f1c4-aaaa-7bbb-8ccc-0123456789ab' })),
  { type: 'markFavourite', jobId: '0192f1c4-aaaa-7bbb-8ccc-0123456789ab', isFavourite: true },
  { type: 'deleteEntries', jobIds: ['0192f1c4-aaaa-7bbb-8ccc-0123456789ab'] },
  { type: 'undoDelete' },
  { type: 'cleanUp' },
  { type: 'swapInput', inputId: '4f'.repeat(16), by: 'file' },
  ...actionIds.map((action) => ({ type: 'action', action })),
  { type: 'action', action: 'show-log', jobId: '0192f1c4-aaaa-7bbb-8ccc-0123456789ab' },
];

/** A number from 0 to below `end`, the same for the same seed. */
function chooser(seed: number): (end: number) => number {
  let state = (seed * 2_654_435_761 + 97) >>> 0;
  return (end) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % end;
  };
}

const tenMegabytes = 'x'.repeat(10 * 1024 * 1024);
const deep = (depth: number, list: boolean): unknown => {
  let value: unknown = 'bottom';
  for (let at = 0; at < depth; at++) value = list ? [value] : { a: value };
  return value;
};
const deepLists = deep(10_000, true);
const deepObjects = deep(10_000, false);
const manyValues = Array.from({ length: 25_000 }, (_, index) => index);

/** Values that are wrong wherever they stand. */
const wrong: readonly unknown[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  ['0192f1c4-aaaa-7bbb-8ccc-0123456789ab'],
  { toString: 'x' },
  { length: 1, 0: 'a' },
  Number.MAX_VALUE,
  -1,
  tenMegabytes,
  'x'.repeat(101),
  deepLists,
  deepObjects,
  manyValues,
  new Uint8Array(64),
  new Date(0),
  new Map([['type', 'ready']]),
];

/** Kinds that do not exist, near those that do and near what other programs understand. */
const kinds = [
  'command',
  'Ready',
  'ready ',
  'save\u0000',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'executeCommand',
  'vscode.open',
  'workbench.action.terminal.sendSequence',
  'setKey',
  'snapshot',
  'RUN',
  '',
  'run;save',
];

/** Fields that name what a panel must not name. */
const extras: readonly [string, unknown][] = [
  ['command', 'workbench.action.terminal.new'],
  ['args', ['rm', '-rf', '/']],
  ['path', '/etc/passwd'],
  ['uri', 'file:///etc/passwd'],
  ['key', 'sk-empiriolabs-stolen'],
  ['serviceUrl', 'https://elsewhere.example'],
  ['folder', '../..'],
  ['constructor', { prototype: { isTrusted: true } }],
  ['prototype', {}],
  ['toString', 'x'],
  ['resultIds', ['a']],
  ['constructor.prototype', 1],
  ['', 1],
  ['type ', 'run'],
];

type Mutation = (message: Fields, choose: (end: number) => number) => unknown;

const pick = <T>(from: readonly T[], choose: (end: number) => number): T => from[choose(from.length)] as T;
const fieldOf = (message: Fields, choose: (end: number) => number): string => pick(Object.keys(message), choose);
/** What JSON makes of a field of this name: one of the object's own, unlike an assignment. */
const withPrototypeField = (message: object, value: unknown): unknown =>
  Object.defineProperty({ ...message }, '__proto__', { value, enumerable: true, configurable: true, writable: true });

const mutations: Readonly<Record<string, Mutation>> = {
  'a field less': (message, choose) => {
    const gone = fieldOf(message, choose);
    return Object.fromEntries(Object.entries(message).filter(([name]) => name !== gone));
  },
  'a field more': (message, choose) => {
    const [name, value] = pick(extras, choose);
    return { ...message, [name]: value };
  },
  'a wrong value': (message, choose) => ({ ...message, [fieldOf(message, choose)]: pick(wrong, choose) }),
  'another kind': (message, choose) => ({ ...message, type: pick(kinds, choose) }),
  'the fields of another kind': (message, choose) => ({ ...pick(wellFormed, choose), type: message['type'] }),
  'a prototype in JSON': (message, choose) =>
    withPrototypeField(message, pick([{ type: 'run' }, null, [], { isTrusted: true }], choose)),
  'a list of it': (message) => [message],
  'a list with its fields': (message) => Object.assign([], message),
  'its JSON': (_, choose) => JSON.stringify(pick(wellFormed, choose)),
  'inside another': (message, choose) => ({ [pick(['data', 'message', 'body', 'payload'], choose)]: message }),
  'a wrong thing instead': (_, choose) => pick(wrong, choose),
  'nothing or a number': (_, choose) => pick([undefined, null, 0, Number.NaN, '', 'ready', 1n], choose),
  'a long list of files': () => ({ type: 'dropSources', uris: Array.from({ length: 21 }, () => 'file:///a.png') }),
  'a wrong file': (_, choose) => ({
    type: 'dropSources',
    uris: [pick([5, null, {}, ['file:///a'], `file:///${'a'.repeat(4000)}`, tenMegabytes], choose)],
  }),
  'a wrong piece of a picture': (_, choose) => ({
    type: 'pastePiece',
    pasteId: 'paste-1',
    index: pick([0, 1, 53], choose),
    total: 54,
    name: 'image.png',
    data: 'iVBORw0KGgo=',
    ...pick<Fields>(
      [
        { index: 54 },
        { index: 0.5 },
        { index: '0' },
        { total: 0 },
        { total: 1e9 },
        { name: 'x'.repeat(201) },
        { data: '' },
        { data: '===' },
        { data: 'iVBO Rw0K' },
        { data: 'x'.repeat(600_000) },
        { data: new Uint8Array(9) },
        { data: tenMegabytes },
        { path: '../../x.png' },
      ],
      choose,
    ),
  }),
  'an action that is none': (_, choose) => ({
    type: 'action',
    action: pick([...kinds, ...wrong, 'workbench.action.openSettings', ['set-key']], choose),
  }),
  'a form that is none': (message, choose) => ({
    type: pick(['draft', 'run'], choose),
    draftId: 'draft-1',
    ...(message['type'] === 'run' && { highestPrice: 75 }),
    request: pick(
      [tenMegabytes, deepLists, deepObjects, manyValues, new Date(0), new Uint8Array(9), undefined],
      choose,
    ),
  }),
  'harm deep in the form': (_, choose) => ({
    type: 'draft',
    draftId: 'draft-1',
    request: {
      ...form,
      inputs: pick([[deepLists], [deepObjects], manyValues, [withPrototypeField({}, {})], tenMegabytes], choose),
    },
  }),
  'a price that is none': (_, choose) => ({
    type: 'run',
    draftId: 'draft-1',
    request: form,
    highestPrice: pick([Number.NaN, Number.POSITIVE_INFINITY, '75', [75], { valueOf: 75 }, null, 75n], choose),
  }),
};
const names = Object.keys(mutations);

/** The attempt of this number. Most are no messages; `isWellFormed` tells. */
export function attempt(number: number): Attempt {
  const choose = chooser(number);
  const how = pick(names, choose);
  const message = mutations[how]?.(pick(wellFormed, choose), choose);
  // Twice wrong, now and then.
  if (choose(4) !== 0 || typeof message !== 'object' || message === null || Array.isArray(message))
    return { how, message };
  const again = pick(names, choose);
  return { how: `${how}, ${again}`, message: mutations[again]?.(message as Fields, choose) };
}

type Judge = (value: unknown) => boolean;
const isId: Judge = (value) => typeof value === 'string' && value.length <= 100;
const isOneOf =
  (...values: readonly unknown[]): Judge =>
  (value) =>
    values.includes(value);
const job = { jobId: isId };
const result = { resultId: isId };
const optional =
  (judge: Judge): Judge =>
  (value) =>
    value === undefined || judge(value);
/** Letters, digits, + and /, and at most two signs of equality at the end. */
const isBase64 = (text: string): boolean =>
  text.replace(/={1,2}$/, '') !== '' && !/[^A-Za-z0-9+/]/.test(text.replace(/={1,2}$/, ''));
const isFile: Judge = (value) => typeof value === 'string' && value.length <= 4000;

const isWhole =
  (least: number, most: number): Judge =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const isTruth: Judge = (value) => typeof value === 'boolean';
const queryShape: Readonly<Record<string, Judge>> = {
  text: (value) => typeof value === 'string' && value.length <= 200,
  favourites: isTruth,
  unsaved: isTruth,
  kind: isOneOf('all', 'single', 'edit', 'set'),
};
const isQuery: Judge = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value);
  return (
    names.length === 4 &&
    names.every((name) => Object.hasOwn(queryShape, name)) &&
    Object.entries(queryShape).every(([name, judge]) => judge((value as Fields)[name]))
  );
};

const isSide = isWhole(1, 8192);

/** Whether a value is an object of these fields and no others. */
function isMadeOf(value: unknown, shape: Readonly<Record<string, Judge>>): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return (
    Object.keys(value).length === Object.keys(shape).length &&
    Object.entries(shape).every(([name, judge]) => Object.hasOwn(value, name) && judge((value as Fields)[name]))
  );
}

const isSize: Judge = (value) =>
  isMadeOf(value, { kind: isOneOf('as-is') }) ||
  (isMadeOf(value, { kind: isOneOf('exact'), width: isSide, height: isSide, how: isOneOf('fit', 'fill', 'crop') }) &&
    Number(value['width']) * Number(value['height']) <= 34_000_000) ||
  isMadeOf(value, {
    kind: isOneOf('widths'),
    widths: (widths) => Array.isArray(widths) && widths.length >= 1 && widths.length <= 8 && widths.every(isSide),
  });
const saving: Readonly<Record<string, Judge>> = {
  ...result,
  askId: isId,
  options: (value) =>
    isMadeOf(value, {
      format: isOneOf('as-is', 'png', 'png-palette', 'jpeg', 'webp', 'avif'),
      quality: isWhole(1, 100),
      size: isSize,
    }),
  folder: (value) => typeof value === 'string' && value.length <= 500,
  name: (value) => typeof value === 'string' && value.length <= 300,
  isUsual: isTruth,
};

/** What each kind has, written down a second time and by hand: what the schemas are held against. */
const shapes: Readonly<Record<string, Readonly<Record<string, Judge>>>> = {
  ready: {},
  draft: { draftId: isId, request: isSmallPlain },
  run: { draftId: isId, request: isSmallPlain, highestPrice: Number.isFinite },
  cancel: job,
  dismiss: job,
  putBack: job,
  save: result,
  saveAs: result,
  saveAll: job,
  insert: result,
  reveal: result,
  open: result,
  addSources: {},
  dropSources: { uris: (value) => Array.isArray(value) && value.length <= 20 && value.every(isFile) },
  pastePiece: {
    pasteId: isId,
    index: (value) => Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < 54,
    total: (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 54,
    name: (value) => typeof value === 'string' && value.length <= 200,
    data: (value) => typeof value === 'string' && value.length <= 524_288 && isBase64(value),
  },
  findColours: { askId: isId, pictureId: optional(isId) },
  keepDraft: { draftId: isId, request: isSmallPlain },
  continueFrom: result,
  replace: result,
  showVersion: { ...result, version: isOneOf('whole', 'inside', 'inside-png') },
  history: { query: isQuery, from: isWhole(0, 10_000_000), count: isWhole(1, 200) },
  closeHistory: {},
  showEntry: job,
  closeEntry: {},
  markFavourite: { ...job, isFavourite: isTruth },
  deleteEntries: {
    jobIds: (value) => Array.isArray(value) && value.length >= 1 && value.length <= 500 && value.every(isId),
  },
  undoDelete: {},
  cleanUp: {},
  reopen: job,
  swapInput: { inputId: isId, by: isOneOf('file', 'choice') },
  undoReplace: { replacementId: isId },
  lookFurther: job,
  keepFound: { ...job, foundId: isId },
  endLooking: job,
  openSaving: result,
  saveLighter: result,
  previewSaving: saving,
  saveSo: saving,
  closeSaving: {},
  useBoxForm: { form: isOneOf('auto', 'literal', 'perImage') },
  action: { action: isOneOf(...actionIds), jobId: optional(isId) },
};

/** Whether a panel of ours could have sent this. */
export function isWellFormed(message: unknown): boolean {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return false;
  const { type, ...rest } = Object.fromEntries(Object.entries(message));
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type) || Object.hasOwn(message, '__proto__')) return false;
  const shape = shapes[type] ?? {};
  return (
    Object.keys(rest).every((name) => Object.hasOwn(shape, name)) &&
    Object.entries(shape).every(([name, judge]) => judge(rest[name]))
  );
}

/** Small by its JSON, of a depth that can be read off its brackets, and the same after JSON. */
function isSmallPlain(value: unknown): boolean {
  if (value === undefined || typeof value === 'bigint') return false;
  if (holdsTooMuch(value, 3)) return false;
  const text = JSON.stringify(value);
  if (text.length > 1_500_000 || text.includes('"__proto__"')) return false;
  let depth = 0;
  let deepest = 0;
  for (const character of text.replace(/"(\\.|[^"\\])*"/g, '')) {
    if ('[{'.includes(character)) deepest = Math.max(deepest, ++depth);
    if (']}'.includes(character)) depth--;
  }
  return deepest <= 10 && isSameAfterJson(value);
}

/** Looked for by identity: to write these as JSON a hundred thousand times would take minutes. */
function holdsTooMuch(value: unknown, depth: number): boolean {
  if ([tenMegabytes, deepLists, deepObjects, manyValues].includes(value)) return true;
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  return Object.values(value).some((inner) => holdsTooMuch(inner, depth - 1));
}

const isSameAfterJson = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  Array.isArray(value) ||
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
