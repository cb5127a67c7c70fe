/**
 * Every sentence about a request or a failed call, in English. {0}, {1} … are filled in by `fill`. Other languages
 * bring a table with the same keys.
 */

export const problemSentences = {
  'field-unknown': 'The request has a field that does not exist: {0}.',
  'field-invalid': 'The field {0} does not hold the kind of value it should.',
  'prompt-missing': 'Write what the picture should show.',
  'prompt-too-long':
    'The prompt has {0} characters with box and picture descriptions; the service reads {1} and cuts the rest silently.',
  'variant-unknown': 'The model is either Pro (wan2.7-image-pro) or Standard (wan2.7-image).',
  'aspect-ratio-unknown': 'The aspect ratio must be one of {0}.',
  'resolution-unknown': 'The resolution must be 1K, 2K or 4K.',
  'response-format-unknown': 'The response format must be url or b64_json.',
  'large-needs-pro': '4K needs the Pro model.',
  'large-not-with-images': '4K is not available when images are edited.',
  'large-not-in-set': '4K is not available for image sets.',
  'thinking-ignored-with-images': 'Thinking has no effect when images are edited, so it is left out.',
  'thinking-ignored-in-set': 'Thinking has no effect in an image set, so it is left out.',
  'thinking-needs-pro': 'Thinking works with the Pro model only, so it is left out.',
  'palette-not-in-set': 'A colour palette cannot be used in an image set.',
  'palette-count': 'A palette has 3 to 10 colours; this one has {0}.',
  'palette-hex': 'Colour {0} must be written as # and six hexadecimal digits, such as #C2D1E6.',
  'palette-share': 'The share of colour {0} must be more than zero with two decimals, such as 25.00%.',
  'palette-sum': 'The shares add up to {0}; they must add up to exactly 100.00%.',
  'count-range': 'The number of pictures must be a whole number from 1 to 4.',
  'count-ignored-in-set': 'In an image set the number of single pictures has no effect, so it is left out.',
  'set-max-range': 'An image set has 1 to 12 pictures.',
  'set-max-ignored': 'The size of a set has no effect outside an image set, so it is left out.',
  'set-lines-ignored': 'The descriptions of single pictures are used in image sets only, so they are left out.',
  'set-lines-exceed': 'There are {0} descriptions but at most {1} pictures.',
  'set-may-be-smaller': 'The model decides how many pictures it makes, up to {0}. Only those it makes are billed.',
  'custom-size-ignored': 'Width and height are used only with a custom size, so they are left out.',
  'preset-ignored': 'A custom size replaces aspect ratio and resolution, so they are left out.',
  'custom-width-missing': 'A custom size needs a width.',
  'custom-height-missing': 'A custom size needs a height.',
  'custom-not-whole': 'Width and height must be whole pixels.',
  'custom-side-range': 'Width and height must be {0} to {1} pixels for this request.',
  'custom-area': 'Width times height must be {0} to {1} pixels for this request.',
  'custom-ratio': 'The sides may differ by a factor of eight at most.',
  'ratio-overrides-input': 'The answer will have this ratio instead of that of the last image.',
  'inputs-too-many': 'At most 9 images can be sent; there are {0}.',
  'input-missing': 'The bytes of {0} are not at hand. Add the image again.',
  'input-not-measured':
    'The size of {0} is not known before the service has fetched it, so its boxes and format could not be checked.',
  'input-bytes-differ': '{0} has changed since it was checked. Add the image again.',
  'input-inline-refused':
    '{0} would be sent as data, which this service refused when it was checked. Use its public https address instead, or run Check Service again if the service may have changed.',
  'input-format': '{0} is a {1} file; the service takes JPEG, PNG, BMP and WebP.',
  'input-too-small': '{0} is {1} × {2} pixels; each side must have at least 240.',
  'input-too-large': '{0} is {1} × {2} pixels; each side may have at most 8000.',
  'input-ratio': '{0} is more than eight times as long as it is wide.',
  'input-bytes': '{0} has {1} MB; the service takes 20 MB.',
  'input-alpha': '{0} has transparency, which the service does not take.',
  'input-url': '{0} must be an http or https address.',
  'input-url-private': 'The service cannot reach {0}: it is an address inside a private network.',
  'input-url-credentials': 'The address of {0} holds a user name or password. Use one without.',
  'boxes-not-in-set': 'Boxes cannot be used in an image set: no document says how the service would read them.',
  'boxes-too-many': 'An image can have 2 boxes; {0} has {1}.',
  'boxes-two': 'Two boxes on one image are understood by the model, though the service describes only one.',
  'box-not-whole': 'The edges of box {0} on {1} must be whole pixels.',
  'box-empty': 'Box {0} on {1} has no area: its right and lower edges must lie after its left and upper edges.',
  'box-outside': 'Box {0} on {1} reaches past the edge of the image.',
  'boxes-form-literal': 'These boxes cannot be written in the literal form, which knows one image with one box.',
  'seed-range': 'The seed must be a whole number from 0 to 2147483647.',
  'inline-answer-large': 'The answer will hold all pictures as text in one piece, which can be very large.',
} as const;

export const fixSentences = {
  'use-2k': 'Use 2K',
  'leave-out-thinking': 'Turn off thinking',
  'remove-palette': 'Remove the palette',
  'balance-shares': 'Balance the shares',
  'use-first-ten-colours': 'Keep the first ten',
  'use-default-variant': 'Use Pro',
  'use-auto-ratio': 'Choose the ratio automatically',
  'use-count': 'Use {0}',
  'allow-pictures': 'Allow {0} pictures',
  'use-preset': 'Use a preset size',
  'keep-first-nine': 'Keep the first nine',
  'remove-image': 'Remove the image',
  'remove-boxes': 'Remove the boxes',
  'keep-first-two-boxes': 'Keep the first two boxes',
  'clamp-box': 'Move it inside',
  'round-box': 'Round to whole pixels',
  'remove-box': 'Remove the box',
  'random-seed': 'Use a random seed',
  'answer-by-address': 'Answer by address',
} as const;

export const failureSentences = {
  'key-missing': 'No API key is set.',
  'key-refused': 'The service refused the API key.',
  'no-credit': 'The account has no credit left for this request.',
  busy: 'The service is busy: too many requests in a minute. Nothing was bought.',
  'content-refused': 'The service refused the prompt, an image or the result because of its content.',
  'bad-request': 'The service did not accept the request.',
  'inline-image-refused':
    'The service did not accept an image sent along with the request. Use a smaller image, or a public https address.',
  unavailable: 'The service is not available right now.',
  network: 'The service could not be reached.',
  late: 'This takes longer than usual. The result is still awaited, and will be kept when it comes.',
  'nothing-delivered': 'No picture was delivered, though the request may have been billed. It was not sent again.',
  cancelled: 'Cancelled before the request was sent. Nothing was bought.',
  storage: 'The disk did not take what the extension has to keep. Nothing is lost; it goes on when there is room.',
  unexpected: 'The service answered in a way that is not understood.',
} as const;

/** Puts values into {0}, {1} … of a sentence. */
export function fill(sentence: string, args: readonly (string | number)[] = []): string {
  return sentence.replace(/\{(\d+)\}/g, (whole, index: string) => {
    const value = args[Number(index)];
    return value === undefined ? whole : String(value);
  });
}
