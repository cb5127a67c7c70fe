// What the host can show the panel: a snapshot for every state a job can be in, every kind of failure, and every way things can stand.
import { failureKinds, type FailureKind } from '../../src/core/failure.ts';
import type {
  ActionId,
  JobPhase,
  JobView,
  Looking,
  ResultView,
  Snapshot,
  SourceView,
} from '../../src/core/messages.ts';
import { panelTable } from '../../src/core/panelStrings.ts';
import { type Box, emptyRequest, highestPrice, type ImageRequest } from '../../src/core/request.ts';
import { failureSentences } from '../../src/core/sentences.ts';
import type { Size } from '../../src/core/size.ts';

/** A snapshot of a host that has nothing to show. Drafts are empty unless a test says otherwise. */
export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    type: 'snapshot',
    revision: 1,
    service: { mode: 'live', name: 'api.empiriolabs.ai' },
    key: 'present',
    workspace: { trusted: true, hasFolder: true, saveFolder: 'images/' },
    boxForm: 'auto',
    sources: [],
    draft: { draftId: 'draft-of-host', request: emptyRequest() },
    jobs: [],
    strings: panelTable(),
    ...changes,
  };
}

/** A request with a prompt. */
export function request(changes: Partial<ImageRequest> = {}): ImageRequest {
  return { ...emptyRequest(), prompt: 'A lighthouse on a cliff at dawn, soft watercolour, wide sky', ...changes };
}

/** A picture in the vault; the test page serves drawn scenes under /pictures/. */
export function result(id: string, changes: Partial<ResultView> = {}): ResultView {
  return {
    id,
    src: `https://studio.test/pictures/${id}.svg?width=${changes.width ?? 2731}&height=${changes.height ?? 1536}`,
    width: 2731,
    height: 1536,
    format: 'png',
    byteLength: 3_565_158,
    ...changes,
  };
}

type InsideOffer = Extract<NonNullable<ResultView['inside']>, { can: true }>;

/** What can be made of an answer whose source is a JPEG; the map of what it changed outside is drawn by the test page. */
export function insideOffer(changes: Partial<InsideOffer> = {}, share = 0.034): InsideOffer {
  const src = 'https://studio.test/pictures/leak.svg?width=512&height=341';
  return { can: true, outside: 'nearly', format: 'jpeg', shown: 'whole', leak: { share, src }, ...changes };
}

/** A job in the given phase, begun twelve seconds ago. */
export function job(id: string, phase: JobPhase, changes: Partial<JobView> = {}): JobView {
  const asked = changes.request ?? request({ seed: 1912873 });
  return {
    id,
    draftId: `draft-of-${id}`,
    request: asked,
    createdAt: Date.now() - 12_000,
    highestPrice: highestPrice(asked) ?? 0,
    phase,
    results: [],
    ...changes,
  };
}

type Facts = Extract<SourceView['phase'], { state: 'ready' }>['facts'];

/** A picture of the workspace that the host has read; the test page draws it. What is shown may be smaller than it is. */
export function source(id: string, name: string, changes: Partial<Facts> = {}, shown: Partial<Size> = {}): SourceView {
  const facts = {
    format: 'jpeg',
    width: 1200,
    height: 800,
    byteLength: 348_160,
    hasAlpha: false,
    animated: false,
    orientation: 1,
    isCmyk: false,
    isDeep: false,
    ...changes,
  };
  const { width, height } = { ...facts, ...shown };
  return {
    id,
    name,
    phase: { state: 'ready', src: `https://studio.test/pictures/${id}.svg?width=${width}&height=${height}`, facts },
  };
}

const photo = source('photo', 'docs/photo.jpg');
export const twoBoxes: readonly Box[] = [
  { x1: 130, y1: 420, x2: 520, y2: 700, label: 'a wooden cabin' },
  { x1: 760, y1: 170, x2: 940, y2: 350 },
];
/** An edit of a photo in two places. */
export const editing = request({
  prompt: 'Put a cabin by the lake and make the sun a moon',
  seed: 21,
  inputs: [{ id: 'photo', name: 'docs/photo.jpg', boxes: [...twoBoxes] }],
});

const set = request({
  prompt:
    'Friendly flat illustrations of a small orange robot, thick outlines, cream background, the same robot in every picture',
  imageSet: true,
  setMaxImages: 4,
  setLines: [
    'The robot waves hello',
    'The robot reads a map',
    'The robot repairs a clock',
    'The robot sleeps under a lamp',
  ],
  aspectRatio: '4:3',
  variant: 'wan2.7-image',
  seed: 77,
});
const setResult = (id: string, changes: Partial<ResultView> = {}): ResultView =>
  result(id, { width: 1182, height: 887, byteLength: 921_600, ...changes });

/** At least one job for every state of a phase; the name begins with the state. */
export const phases: Readonly<Record<string, JobView>> = {
  sending: job('sending', { state: 'sending' }),
  'sending, next in turn': job('turn-next', { state: 'sending', queue: { ahead: 0 } }),
  'sending, after three others': job('turn-after', { state: 'sending', queue: { ahead: 3 } }),
  'sending, when the service is no longer busy': job('busy', {
    state: 'sending',
    queue: { ahead: 0, until: Date.now() + 20_000 },
  }),
  'waiting in the queue': job('queued', { state: 'waiting', service: 'queued', late: false, cancelled: false }),
  'waiting while it draws': job(
    'drawing',
    { state: 'waiting', service: 'processing', progress: 0.4, late: false, cancelled: false },
    { request: request({ count: 3, seed: 4 }) },
  ),
  'waiting, late': job(
    'late',
    { state: 'waiting', service: 'processing', late: true, cancelled: false },
    { createdAt: Date.now() - 16 * 60_000 },
  ),
  'waiting, cancelled': job('cancelled', {
    state: 'waiting',
    service: 'processing',
    progress: 0.7,
    late: false,
    cancelled: true,
  }),
  collecting: job(
    'collecting',
    { state: 'collecting', kept: 1, of: 4, cancelled: false },
    { request: set, results: [setResult('robot-1')] },
  ),
  'done with one': job(
    'one',
    { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false },
    { results: [result('one')], actualPrice: 75 },
  ),
  'done and saved': job(
    'saved',
    { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false },
    { results: [result('saved', { savedAs: 'images/lighthouse-on-a-cliff.png' })], actualPrice: 75 },
  ),
  'done with a different size': job(
    'size',
    { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false },
    {
      results: [
        result('size', {
          width: 2048,
          height: 2048,
          note: 'The picture is 2048 × 2048 px, though about 2731 × 1536 px was asked for.',
        }),
      ],
    },
  ),
  'done with a set of which one is missing': job(
    'set',
    { state: 'done', missing: 1, endedAt: Date.now(), cancelled: false },
    {
      request: set,
      results: [
        setResult('robot-1', { savedAs: 'images/robot-waves.png', slot: 0 }),
        setResult('robot-2', { slot: 3 }),
        setResult('robot-3', { slot: 2 }),
      ],
      actualPrice: 90,
    },
  ),
  'done with an edit': job(
    'edit',
    { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false },
    {
      request: editing,
      source: photo,
      change: 'inside',
      results: [result('edit-0', { width: 2508, height: 1672, replace: { can: true, name: 'photo.jpg' } })],
      actualPrice: 75,
    },
  ),
  'done with edits that can be put into their boxes': job(
    'inside',
    { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false },
    {
      request: { ...editing, count: 4 },
      source: photo,
      change: 'inside',
      results: [
        result('inside-0', { width: 2508, height: 1672, inside: insideOffer({ format: 'png', outside: 'identical' }) }),
        result('inside-1', { width: 1200, height: 800, format: 'jpeg', inside: insideOffer({ shown: 'inside' }) }),
        result('inside-2', { width: 2508, height: 1672, inside: insideOffer({ making: 'inside-png' }, 0) }),
        result('inside-crop', { width: 6000, height: 4000, inside: insideOffer({ isOfCrop: true, shown: 'crop' }) }),
        result('inside-3', {
          width: 2508,
          height: 1000,
          inside: {
            can: false,
            sentence:
              'Only inside the boxes: not for this one, since its shape is not that of docs/photo.jpg. Set Shape to automatic and run again.',
          },
        }),
      ],
    },
  ),
  'done with an edit that replaced its picture': job(
    'replaced',
    { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false },
    {
      request: editing,
      source: photo,
      change: 'nothing',
      results: [
        result('replaced-0', {
          width: 2508,
          height: 1672,
          replace: { can: true, name: 'photo.jpg' },
          replaced: { replacementId: 'old', name: 'photo.jpg' },
        }),
        result('replaced-1', {
          width: 2508,
          height: 1672,
          replace: { can: false, sentence: 'photo.jpg has changed since; save the picture beside it.' },
        }),
      ],
    },
  ),
  'done with an edit that changed everything': job(
    'everywhere',
    { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false },
    {
      request: { ...editing, inputs: [{ id: 'photo', name: 'docs/photo.jpg', boxes: twoBoxes.slice(0, 1) }] },
      source: photo,
      change: 'everywhere',
      results: [result('everywhere-0', { width: 2508, height: 1672, replace: { can: true, name: 'photo.jpg' } })],
    },
  ),
  'done with two boxes that changed everything': job(
    'everywhere-two',
    { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false },
    {
      request: editing,
      source: { id: 'photo', name: 'docs/photo.jpg', phase: { state: 'reading' } },
      change: 'everywhere',
      results: [result('everywhere-two-0', { width: 2508, height: 1672 })],
    },
  ),
  'done with an edit of a picture that is gone': job(
    'gone',
    { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false },
    {
      request: editing,
      source: {
        id: 'photo',
        name: 'docs/photo.jpg',
        phase: { state: 'refused', sentence: 'docs/photo.jpg is not there any more.' },
      },
      results: [result('gone-0', { width: 2508, height: 1672 })],
    },
  ),
  'done though cancelled': job(
    'done-cancelled',
    { state: 'done', missing: 0, endedAt: Date.now(), cancelled: true },
    { results: [result('done-cancelled')] },
  ),
  'done with nothing': job(
    'nothing',
    { state: 'done', missing: 2, endedAt: Date.now(), cancelled: false },
    { request: request({ count: 2, seed: 3 }) },
  ),
};

const made = Date.now() - 5 * 60_000;
const foundPicture = (id: string, more: object = {}) => ({
  id,
  src: `https://studio.test/pictures/${id}.svg?width=1365&height=768`,
  width: 1365,
  height: 768,
  format: 'png',
  ...more,
});
const foundNothing: Extract<Looking, { state: 'found' }> = {
  state: 'found',
  pictures: [],
  expired: [],
  unaddressed: 0,
  claimed: 0,
  hasFurther: false,
};
const lostPhase: JobPhase = {
  state: 'failed',
  kind: 'network',
  sentence: 'The service could not be reached. The request may have been billed, so it was not sent again.',
  actions: [
    { id: 'find-pictures', label: 'Look for My Pictures' },
    { id: 'show-log', label: 'Show Log' },
  ],
  endedAt: Date.now(),
};
const lost = (id: string, looking?: Looking): JobView => job(id, lostPhase, { ...(looking && { looking }) });

/** Jobs whose answers were lost, for every way a look for their pictures can stand. */
export const lookings: Readonly<Record<string, JobView>> = {
  'not begun': lost('lost'),
  'missing pictures that may have been billed': job(
    'unsure',
    {
      state: 'done',
      missing: 2,
      endedAt: Date.now(),
      cancelled: false,
      actions: [{ id: 'find-pictures', label: 'Look for My Pictures' }],
    },
    { request: set, results: [setResult('robot-1'), setResult('robot-2')], actualPrice: 60 },
  ),
  'reading the list': lost('listing', { state: 'looking', done: 0, of: 0 }),
  'fetching pictures': lost('fetching', { state: 'looking', done: 3, of: 12 }),
  failed: lost('trouble', {
    state: 'failed',
    sentence: 'No API key is set. The pictures could not be looked for; they stay with the service.',
    actions: [{ id: 'set-key', label: 'Set API Key' }],
  }),
  found: lost('found', {
    ...foundNothing,
    pictures: [
      foundPicture('found-1', { madeAt: made, price: 75 }),
      foundPicture('found-2', { madeAt: made - 86_400_000 }),
      foundPicture('found-3'),
    ],
    expired: [{ madeAt: made, price: 75 }, {}],
    claimed: 2,
    hasFurther: true,
  }),
  'found nothing': lost('nothing', foundNothing),
  'found no addresses': lost('unaddressed', { ...foundNothing, unaddressed: 3, claimed: 1 }),
};

const actionsFor: Partial<Record<FailureKind, readonly (readonly [ActionId, string])[]>> = {
  'key-missing': [
    ['set-key', 'Set API Key'],
    ['use-practice', 'Practise Without a Key'],
  ],
  'key-refused': [
    ['set-key', 'Set API Key'],
    ['test-key', 'Test API Key'],
  ],
  'no-credit': [['open-billing', 'Open Billing Page']],
  'bad-request': [
    ['edit-request', 'Edit the Request'],
    ['show-log', 'Show Log'],
  ],
  'inline-image-refused': [
    ['send-smaller', 'Send Smaller Images'],
    ['edit-request', 'Change the Request'],
  ],
  unexpected: [
    ['report-problem', 'Report a Problem'],
    ['show-log', 'Show Log'],
  ],
};

/** A failed job for every kind of failure. */
export const failures: Readonly<Record<string, JobView>> = Object.fromEntries(
  failureKinds.map((kind) => [
    kind,
    job(
      `failed-${kind}`,
      {
        state: 'failed',
        kind,
        sentence: failureSentences[kind],
        ...(kind === 'bad-request' && { detail: 'custom_width must be between 768 and 2048 for this model variant' }),
        actions: (actionsFor[kind] ?? []).map(([id, label]) => ({ id, label })),
        endedAt: Date.now(),
      },
      kind === 'inline-image-refused' ? { request: editing } : {},
    ),
  ]),
);

const draft = (changes: Partial<ImageRequest>): Snapshot['draft'] => ({
  draftId: `draft ${JSON.stringify(changes)}`,
  request: request(changes),
});

/** How else things can stand: banners, notices, and forms with everything in them. */
export const standings: Readonly<Record<string, Snapshot>> = {
  empty: snapshot(),
  practice: snapshot({
    service: { mode: 'practice', name: 'practice' },
    key: 'not-needed',
    draft: draft({ count: 4 }),
  }),
  'money spent, and some left': snapshot({
    spending: { state: 'known', today: 1_275, left: 8_725, workspaceLeft: 2_000, balance: 4.2 },
    draft: draft({ count: 2 }),
  }),
  'a request over the limit': snapshot({
    spending: { state: 'known', today: 9_900, left: 100, workspaceLeft: 2_000, balance: 4.2 },
    draft: draft({ count: 3 }),
  }),
  'a ledger that cannot be read': snapshot({ spending: { state: 'unreadable' }, draft: draft({ count: 3 }) }),
  'key missing': snapshot({ key: 'missing' }),
  'not trusted, no folder': snapshot({
    workspace: { trusted: false, hasFolder: false },
    jobs: [phases['done with one']!],
  }),
  'notice of an error': snapshot({
    notice: {
      severity: 'error',
      text: 'The picture could not be saved: the folder images/ cannot be written.',
      actions: [{ id: 'choose-folder', label: 'Choose Another Folder' }],
    },
  }),
  'notice of a warning': snapshot({
    notice: { severity: 'warning', text: 'The document has changed since; the reference is at its end.', actions: [] },
  }),
  'notice of news': snapshot({ notice: { severity: 'info', text: 'Saved as images/lighthouse.png.', actions: [] } }),
  'a storage that takes nothing': snapshot({
    draft: draft({}),
    storage: {
      vault: {
        text: 'Pictures could not be kept, because /home/me/storage cannot be written. Nothing is sent until it can be; check its access rights.',
        actions: [
          { id: 'check-storage', label: 'Check Again' },
          { id: 'show-log', label: 'Show Log' },
        ],
      },
    },
  }),
  'a save folder that cannot be written': snapshot({
    draft: draft({}),
    storage: {
      saveFolder: {
        text: 'images can only be read, so nothing can be saved there. Pictures are kept all the same; choose another folder to save them in.',
        actions: [
          { id: 'pick-save-folder', label: 'Choose Folder…' },
          { id: 'open-settings', label: 'Open Settings' },
        ],
      },
    },
  }),
  'an image set': snapshot({ draft: { draftId: 'set', request: set } }),
  'an image set with mistakes': snapshot({
    draft: {
      draftId: 'set mistakes',
      request: { ...set, resolution: '4K', setMaxImages: 2, palette: [{ hex: '#C2D1E6', ratio: '60.00%' }] },
    },
  }),
  'a palette': snapshot({
    draft: draft({
      palette: [
        { hex: '#1F3A5F', ratio: '40.00%' },
        { hex: '#6C8EAD', ratio: '35.00%' },
        { hex: '#F2E8D5', ratio: '25.00%' },
      ],
      seed: 42,
      watermark: true,
      count: 2,
    }),
  }),
  'a palette with mistakes': snapshot({
    draft: draft({
      palette: [
        { hex: '#C2D1E6', ratio: '60.00%' },
        { hex: 'blue', ratio: '0.00%' },
      ],
    }),
  }),
  'a custom size with mistakes': snapshot({
    draft: draft({ useCustomSize: true, customWidth: 100, variant: 'wan2.7-image' }),
  }),
  'the large size with Standard': snapshot({
    draft: draft({ resolution: '4K', variant: 'wan2.7-image', seed: -1, count: 9 }),
  }),
  'images sent along': snapshot({
    draft: draft({
      inputs: [
        {
          id: 'a',
          name: 'docs/a-very-long-name-of-a-screenshot-that-does-not-fit.png',
          url: 'https://example.com/a.png',
          boxes: [{ x1: 0, y1: 0, x2: 10, y2: 10 }],
        },
        { id: 'b', name: 'logo.png', boxes: [] },
      ],
      aspectRatio: '1:1',
      responseFormat: 'b64_json',
      count: 2,
    }),
  }),
  'an edit with two boxes': snapshot({ draft: { draftId: 'edit', request: editing }, sources: [photo] }),
  'an edit of a picture by its address': snapshot({
    draft: draft({
      inputs: [
        {
          id: 'address-1',
          name: 'a-very-long-name-of-a-photograph-of-the-sea.jpg',
          url: 'https://pictures.example.com/2026/11/a-very-long-name-of-a-photograph-of-the-sea.jpg?size=large',
          boxes: [...twoBoxes],
        },
      ],
    }),
  }),
  'an edit and its answer': snapshot({
    draft: { draftId: 'draft-of-edit', request: editing },
    sources: [photo],
    jobs: [phases['done with an edit']!],
  }),
  'an edit of every kind of picture': snapshot({
    sources: [
      source(
        'big',
        'assets/a-very-long-name-of-a-photograph-of-the-sea.jpg',
        { width: 9000, height: 6000, orientation: 6, byteLength: 25e6 },
        { width: 1500, height: 1000 },
      ),
      source('icon', 'media/icon.png', { format: 'png', width: 64, height: 64, hasAlpha: true, byteLength: 2100 }),
      source('inks', 'print/poster.jpg', { isCmyk: true }),
      source('moving', 'docs/demo.gif', { format: 'gif', animated: true }),
      source('heavy', 'docs/heavy.png', { format: 'png', byteLength: 25e6 }),
      source('long', 'docs/banner.png', { format: 'png', width: 4000, height: 300 }),
      { id: 'reading', name: 'docs/reading.png', phase: { state: 'reading' } },
      {
        id: 'broken',
        name: 'docs/broken.png',
        phase: { state: 'refused', sentence: 'docs/broken.png ends in the middle.' },
      },
    ],
    draft: {
      draftId: 'kinds',
      request: {
        ...editing,
        inputs: ['big', 'icon', 'inks', 'moving', 'heavy', 'long', 'reading', 'broken', 'unknown'].map((id) => ({
          id,
          name: `${id}.png`,
          boxes: [],
          ...(id === 'big' && { preparation: { background: '#ffffff', size: 'full' as const } }),
        })),
      },
    },
  }),
  'an edit while its picture is read': snapshot({
    draft: { draftId: 'edit reading', request: editing },
    sources: [{ id: 'photo', name: 'docs/photo.jpg', phase: { state: 'reading' } }],
  }),
  'the other form of boxes in use': snapshot({
    boxForm: 'perImage',
    draft: draft({}),
    jobs: [phases['done with an edit that changed everything']!],
  }),
  'boxes in a set': snapshot({
    draft: { draftId: 'edit set', request: { ...editing, imageSet: true } },
    sources: [photo],
  }),
  'a small picture with alpha': snapshot({
    sources: [
      source('icon', 'media/icon.png', { format: 'png', width: 64, height: 64, hasAlpha: true, byteLength: 2100 }),
    ],
    draft: draft({ inputs: [{ id: 'icon', name: 'media/icon.png', boxes: [{ x1: 40, y1: 40, x2: 60, y2: 60 }] }] }),
  }),
  'a prompt that is too long': snapshot({
    draft: draft({ prompt: 'pneumonoultramicroscopicsilicovolcanoconiosis'.repeat(120) }),
  }),
  'a form that is running': snapshot({
    draft: { draftId: 'same', request: request() },
    jobs: [{ ...phases['waiting while it draws']!, draftId: 'same' }],
    insertTarget: 'guide.md',
  }),
  'many jobs': snapshot({
    insertTarget: 'guide.md',
    draft: draft({}),
    jobs: [
      phases['waiting while it draws']!,
      phases['done with a set of which one is missing']!,
      failures['no-credit']!,
      phases['done with one']!,
    ],
  }),
};
