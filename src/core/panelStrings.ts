import { fixSentences, problemSentences } from './sentences.ts';

/**
 * Every sentence of the studio panel, in English. {0}, {1} … are filled in by `fill` of sentences.ts. Other languages
 * bring a table with the same keys. Sentences about a request or a failed call are in sentences.ts.
 */
export const panelStrings = {
  title: 'Wan Image Studio',
  formHeading: 'Your picture',
  resultsHeading: 'Pictures',
  optional: 'optional',
  dismissNotice: 'Hide this message',

  // Banners
  practiceTitle: 'Practice mode',
  practiceText: 'Drawn placeholders, free, nothing leaves this machine.',
  leavePractice: 'Use the Real Service',
  keyMissingTitle: 'No API key is set.',
  keyMissingText: 'Pictures are made by {0} with your own key. You can also practise first, free and without a key.',
  setKey: 'Set API Key',
  usePractice: 'Practise First',
  untrustedTitle: 'This folder is not trusted.',
  untrustedText: 'Settings that it brings for the service, the key and money are ignored.',

  // Mode
  modeLabel: 'What to make',
  modeSingle: 'Single pictures',
  modeSingleText: 'One picture, or up to four different takes on it.',
  modeEdit: 'Edit',
  modeEditText: 'One new version of the last image, or up to four different ones.',
  modeSet: 'Image set',
  modeSetText: 'Up to 12 pictures that belong together. Turns off 4K, thinking and palettes.',

  // Prompt
  promptLabel: 'What should the picture show?',
  promptLabelSet: 'What do all pictures have in common?',
  promptLabelEdit: 'What should change?',
  promptPlaceholderEdit: 'Replace the sign with a red door; keep everything else as it is',
  promptHintEdit: 'Say what should be there afterwards. Any language works.',
  promptPlaceholder: 'A lighthouse on a cliff at dawn, soft watercolour, wide sky',
  promptPlaceholderSet: 'Flat illustrations of a small robot, warm colours, plain background',
  promptHint: 'Name the subject, the style and the light. Any language works.',
  promptCounter: '{0} / {1}',
  promptCounterSpoken: '{0} of {1} characters',
  undoLoad: 'Undo',
  loadedExample: 'The example is in the form.',
  loadedJob: 'The form now holds that request.',
  loadedDraft: 'The form holds a new request.',

  // Set
  setLinesLabel: 'The pictures of the set',
  setLinesHint: 'Say what each one shows, or leave lines empty.',
  setLineLabel: 'Picture {0}',
  setLinePlaceholder1: 'Waving hello',
  setLinePlaceholder2: 'Reading a map',
  setLinePlaceholder3: 'Repairing a clock',
  setLinePlaceholder4: 'Asleep under a lamp',
  addSetLine: 'Add a Picture',
  removeSetLine: 'Remove picture {0}',
  setMaxLabel: 'At most',
  setMaxUnit: 'pictures',

  // Inputs
  inputsLabel: 'Images sent along',
  inputsLabelNone: 'Images to edit (optional)',
  inputsDrop: 'Or drop them here from the Explorer; hold Shift while you drop.',
  inputsDropNothing: 'What was dropped is no file of a workspace. Use Add Images instead.',
  inputsFull: 'The service takes up to {0} images. Remove one to add another.',
  addImages: 'Add Images…',
  inputUp: 'Move {0} up',
  inputDown: 'Move {0} down',
  inputMoved: '{0} is now image {1} of {2}.',
  inputGivesShape: 'The answer follows the shape of this image.',
  sourceReading: 'Being read',
  sourceMissing: 'Not at hand',
  sourceRefused: 'Cannot be used',
  sourceByAddress: 'The service fetches this image itself, so it cannot be shown here.',

  // What is done to an image before it is sent
  prepareFirstFrame: 'Only its first frame is sent, since the service takes still pictures.',
  prepareUpright: 'Turned upright, as its camera noted.',
  prepareFlatten: 'Transparent places are filled with this colour:',
  prepareBackground: 'Colour for the transparent places of {0}',
  prepareEnlarge: 'Enlarged to {0} × {1} px, since the service takes no side under 240 px.',
  prepareShrink: 'Sent with {0} × {1} px.',
  prepareAtFull: 'Sent at its full size.',
  prepareSize: 'Size in which {0} is sent',
  prepareSmall: 'Small: about 1 megapixel, for networks that refuse more',
  prepareUseful: 'Useful size: no larger than an answer can be',
  prepareFull: 'Full size: as large as the service takes',
  prepareConvert: 'Sent as {0}, since the service takes no {1}.',
  prepareDeep: 'Its 16 bits a colour become 8.',
  prepareInks: 'Its printing inks become colours of the screen; sent as {0}.',
  prepareLighten: 'Written anew as {0}, to stay under 20 MB.',
  prepareTooLong: '{0} is more than eight times as long as it is wide, which the service does not take.',
  prepareTooManyPixels: '{0} has more than 100 million pixels, which is too many to work on.',
  inputBoxesNone: 'whole image',
  inputBoxesOne: '1 box',
  inputBoxesMany: '{0} boxes',
  removeInput: 'Remove {0}',

  // The stage: boxes on a picture
  stageLabel: 'Where to change {0}',
  stagePicture: '{0}, with its boxes',
  stageKeys:
    'B adds a box. Arrows move it, with Shift they resize it, with Alt by 10 px; Delete removes it. + and − zoom, 0 shows everything, 1 shows full size. Hold Space to drag the picture.',
  stageBroken: 'The picture cannot be shown here. Its boxes can still be set by numbers.',
  editorFailed: 'The part of the studio that shows and edits pictures could not be loaded.',
  tryAgain: 'Try Again',
  boxNew: 'New Box',
  boxesLabel: 'Boxes',
  boxHintNone:
    'Drag over what should change, or press B for a box in the middle. Without a box the whole image may change.',
  boxHintOne: 'Drag to draw a second box.',
  boxFull: 'An image can have two boxes, and this one has them.',
  boxInSet: 'Boxes cannot be used in an image set: no document says how the service would read them.',
  makeSingle: 'Make Single Pictures',
  boxSpoken: 'Box {0}: from {1}, {2} to {3}, {4}; {5} × {6} px',
  boxSize: '{0} × {1} px',
  boxLabel: 'Box {0} should show',
  boxLabelPlaceholder: 'optional; becomes part of the prompt',
  boxEdges: 'Edges of box {0} in pixels',
  boxDelete: 'Delete box {0}',
  boxDeleted: 'Box {0} is deleted.',
  undo: 'Undo the last change of boxes',
  redo: 'Redo the change of boxes',
  undone: 'Undone. Boxes: {0}.',
  redone: 'Done again. Boxes: {0}.',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  zoomFit: 'Show everything',
  zoomFull: '1:1. Full size, 100 %',
  zoomPercent: '{0} %',

  // Model
  variantLabel: 'Model',
  variantPro: 'Pro',
  variantProText: 'Higher quality; can think before it draws; up to 4K.',
  variantStandard: 'Standard',
  variantStandardText: 'Faster and cheaper, good for trying ideas. No 4K, no thinking.',
  pricePerPicture: '{0} a picture',

  // Size
  ratioLabel: 'Shape',
  ratioAuto: 'Auto',
  ratioAutoSpoken: 'Automatic, {0}',
  ratioAutoText: 'Automatic is {0}.',
  ratioAutoEditText: 'Automatic is the shape of the last image.',
  ratioAutoEditSpoken: 'Automatic, the shape of the last image',
  resolutionLabel: 'Resolution',
  resolution1K: 'about 1 megapixel',
  resolution2K: 'about 4 megapixels',
  resolution4K: 'about 16 megapixels',
  largeOffSet: '4K is not available in an image set.',
  largeOffImages: '4K is not available when images are sent along.',
  largeOffStandard: '4K needs the Pro model.',
  customSizeLabel: 'Exact size in pixels',
  customSizeText: 'Replaces shape and resolution.',
  customWidth: 'Width',
  customHeight: 'Height',
  pixels: 'px',
  customRange: '{0} to {1} px a side',
  sizeAbout: 'about {0} × {1} px',
  sizeExact: '{0} × {1} px',
  sizeByInput: 'the shape of the last image',

  // Count
  countLabel: 'How many',
  countText: 'Each take is different, and each is billed.',

  // Thinking
  thinkingLabel: 'Think before drawing',
  thinkingText: 'Better with complicated prompts, but takes longer. The price is the same.',

  // Palette
  paletteLabel: 'Colours',
  paletteNone: 'chosen by the model',
  paletteCount: '{0} colours',
  paletteText:
    'Without a palette the model chooses. With one, the picture keeps to 3 to 10 colours and the share of each.',
  addPalette: 'Start a Palette',
  colourPick: 'Pick colour {0}',
  colourHex: 'Colour {0} as text',
  colourShare: 'Share of colour {0} in percent',
  columnColour: 'Colour',
  columnShare: 'Share',
  addColour: 'Add a Colour',
  removeColour: 'Remove colour {0}',
  balance: 'Balance',
  removePalette: 'Remove the Palette',
  shareSum: 'Together {0}',

  // Seed
  seedLabel: 'Seed',
  seedRandom: 'Random each time',
  seedRandomText: 'Every run gives something new.',
  seedFixed: 'Keep one seed',
  seedFixedText: 'The same request gives similar pictures, though not identical ones.',
  seedSummaryRandom: 'random',
  seedNumber: 'Seed number',
  drawSeed: 'Draw Another',

  // Advanced
  advancedLabel: 'Advanced',
  watermarkLabel: 'Watermark',
  watermarkText: 'The service stamps a small mark of its maker on each picture.',
  responseFormatLabel: 'How the pictures arrive',
  responseFormatUrl: 'By address (url)',
  responseFormatBase64: 'Inside the answer (b64_json)',
  responseFormatText: 'By address is best. The other is for networks that block downloads.',
  advancedSummaryWatermark: 'watermark',
  advancedSummaryBase64: 'inside the answer',

  // Problems
  problemNumber: 'Write a number.',
  problemsOne: '1 thing to change first',
  problemsMany: '{0} things to change first',
  severityError: 'Problem:',
  severityWarning: 'Warning:',
  severityNote: 'Note:',

  // Run
  run: 'Generate · {0}',
  runUpTo: 'Generate · up to {0}',
  runPractice: 'Generate · free (practice)',
  runWithoutPrice: 'Generate',
  runEdit: 'Edit · up to {0}',
  runEditPractice: 'Edit · free (practice)',
  runEditWithoutPrice: 'Edit',
  runReading: 'This waits until the images are read.',
  runAgain: 'Run Again · {0}',
  runAgainUpTo: 'Run Again · up to {0}',
  runAgainPractice: 'Run Again · free (practice)',
  runAgainText: 'Change something, or run it again as it is.',
  draftRunning: 'This request is running.',
  draftDone: 'This request has been made.',
  draftFailed: 'This request did not work.',
  showJob: 'Show',
  practiceWouldCost: 'With the real service this would cost {0}.',
  practiceWouldCostUpTo: 'With the real service this would cost up to {0}.',
  summaryOne: '1 picture',
  summaryMany: '{0} pictures',
  summarySetOne: '1 picture of a set',
  summarySet: 'up to {0} pictures',
  runNeedsPrompt: 'Describe the picture, then press this or {0}.',
  runNeedsPromptEdit: 'Say what should change, then press this or {0}.',
  runNeedsChanges: 'This waits for the changes above.',
  shortcutControl: 'Ctrl+Enter',
  shortcutCommand: '⌘Enter',

  // Results
  saveFolder: 'Save puts pictures into {0}',
  noFolder: 'No folder is open, so saving asks for a place.',
  emptyTitle: 'Your pictures appear here',
  emptyText:
    'Describe a picture, press Generate, and save the result into your project. A picture takes 10 to 60 seconds.',
  emptyEdit: 'The new version appears here, beside the original.',
  emptyExamples: 'Or begin with an example:',
  example1Title: 'A wide picture for a README',
  example1Prompt:
    'A calm mountain lake at sunrise seen from a wooden pier, thin mist over the water, flat vector illustration, muted blues and oranges, plenty of empty sky',
  example2Title: 'A square icon',
  example2Prompt:
    'App icon of a paper boat on a small wave, simple rounded shapes, soft shadows, two colours, plain background, centred',
  example3Title: 'Four illustrations that match',
  example3Prompt:
    'Friendly flat illustrations of a small orange robot, thick outlines, cream background, the same robot in every picture',
  example3Line1: 'The robot waves hello',
  example3Line2: 'The robot reads a map',
  example3Line3: 'The robot repairs a clock',
  example3Line4: 'The robot sleeps under a lamp',

  // Jobs
  chipTakes: '{0} pictures',
  chipSet: 'set of up to {0}',
  chipRatioAuto: 'auto shape',
  chipSeed: 'seed {0}',
  chipPalette: '{0} colours',
  chipThinking: 'thinking',
  chipWatermark: 'watermark',
  chipInputsOne: '1 image sent along',
  chipInputsMany: '{0} images sent along',
  chipsLabel: 'Options',
  jobAt: 'Started at {0}',
  priceUpTo: 'up to {0}',
  priceActual: 'cost {0}',
  priceFree: 'free',
  promptMore: 'Show all of the prompt',
  phaseSending: 'Sending the request',
  phaseQueued: 'Waiting for its turn',
  phaseProcessing: 'Drawing',
  phaseCollecting: 'Fetching the pictures, {0} of {1} here',
  phaseDoneOne: '1 picture',
  phaseDoneMany: '{0} pictures',
  phaseDoneNone: 'No picture came',
  phaseFailed: 'Failed',
  phaseCancelled: 'Cancelled, but still collected',
  elapsed: '{0} so far',
  usualTime: 'usually {0} to {1} seconds',
  late: 'This takes longer than usual. The result is still awaited, and will be kept when it comes.',
  cancel: 'Cancel',
  cancelText:
    'The service bills an accepted request whether or not you wait. The result will still be kept and offered here.',
  cancelledText:
    'You are no longer waiting for this. The service bills it all the same, so its pictures are still fetched and offered here.',
  cancelledDoneText: 'You cancelled this, but the service had already accepted it. Here is what came.',
  missingOne: '1 of {0} did not come; not billed',
  missingMany: '{0} of {1} did not come; not billed',
  missingTile: 'Did not come',
  detailLabel: 'In detail:',
  editAndRun: 'Edit and Run Again',
  dismiss: 'Take Out of the List',
  dismissText: 'The pictures stay stored.',

  // Results of a job
  resultFacts: '{0} × {1} px · {2} · {3}',
  resultNumber: 'Picture {0} of {1}',
  kilobytes: '{0} KB',
  megabytes: '{0} MB',
  save: 'Save',
  saveBeside: 'Save Beside',
  replace: 'Replace {0}',
  replaced: 'Has replaced {0}.',
  undoReplace: 'Undo Replace',
  continueFrom: 'Edit This Picture',
  original: 'Original',
  compare: 'Show Original',
  compareText: 'Hold to look at the original, press to keep it in view.',
  changeEverywhere:
    'The picture has changed everywhere alike, not in the box. The service may read boxes in the other form.',
  usePerImage: 'Write Boxes as One List for Each Image',
  useLiteral: 'Write Boxes as on the Model Page',
  changeNothing: 'The change was very small. Say more plainly what should be in the box.',
  saveAs: 'Save As…',
  saveAll: 'Save All {0}',
  insertInto: 'Insert into {0}',
  reveal: 'Reveal',
  open: 'Open',
  savedAs: 'Saved as {0}',
  brokenPicture: 'The picture cannot be shown here. Saving it may still work.',

  // Said to screen readers
  announceStarted: 'The request is on its way.',
  announceProcessing: 'The service is drawing.',
  announceLate: 'This takes longer than usual. The result is still awaited.',
  announceDoneOne: '1 picture is ready.',
  announceDoneMany: '{0} pictures are ready.',
  announceFailed: 'The request failed. {0}',
  announceCancelled: 'You are no longer waiting for the request.',
} as const;

/** Names a sentence of the panel. */
export type PanelStringKey = keyof typeof panelStrings;

/**
 * Every sentence that the panel can say, for `strings` of a snapshot: its own by their keys, those about a request as
 * `problem.<code>`, those on the buttons of fixes as `fix.<code>`. The panel carries no sentence of its own, which keeps it
 * small; a translation replaces what it has: `{ ...panelTable(), ...translated }`.
 */
export function panelTable(): Record<string, string> {
  const prefixed = (prefix: string, sentences: Readonly<Record<string, string>>): [string, string][] =>
    Object.entries(sentences).map(([code, sentence]) => [`${prefix}.${code}`, sentence]);
  return Object.fromEntries([
    ...Object.entries(panelStrings),
    ...prefixed('problem', problemSentences),
    ...prefixed('fix', fixSentences),
  ]);
}
