import type { ImageFacts } from '../imageFacts.ts';
import { isPublicHost } from '../publicHost.ts';
import { factsOf } from '../reading.ts';
import type { ImageReading, Reading } from '../reading.ts';
import { finding } from './rule.ts';
import type { Finding, Rule, ValidatorOptions } from './rule.ts';

export const imageRules: readonly Rule[] = [
  {
    name: 'rule-27-image-count',
    check: ({ images }) => (images.length > 9 ? finding('image', "'image' takes at most 9 entries.") : undefined),
  },
  { name: 'option-inline-images', check: noInlineImages },
  {
    name: 'rule-30-image-address',
    check: (reading) =>
      findImage(reading, cannotBeFetched, 'cannot be downloaded: it must be a public http or https address'),
  },
  {
    name: 'rule-28-image-inline',
    check: (reading) => findImage(reading, isBrokenDataUri, 'is not a base64 data URI of an image'),
  },
  {
    name: 'rule-28-image-format',
    check: (reading) => findImage(reading, isOtherFormat, 'must be JPEG, PNG, BMP or WEBP'),
  },
  {
    name: 'rule-28-image-bytes',
    check: (reading) => findFacts(reading, ({ bytes }) => bytes > 20 * 1024 * 1024, 'must be at most 20 MB'),
  },
  {
    name: 'rule-28-image-side',
    check: (reading) => findFacts(reading, hasSideOutOfRange, 'must be 240 to 8000 pixels on each side'),
  },
  {
    name: 'rule-28-image-ratio',
    check: (reading) => findFacts(reading, hasRatioOutOfRange, 'must have an aspect ratio from 1:8 to 8:1'),
  },
  {
    name: 'rule-29-image-alpha',
    check: (reading) => findFacts(reading, ({ hasAlpha }) => hasAlpha, 'must not have a transparency channel'),
  },
];

function noInlineImages({ images }: Reading, { refuseInlineImages }: ValidatorOptions): Finding | undefined {
  if (refuseInlineImages !== true || !images.some(({ kind }) => kind === 'inline')) return undefined;
  return finding('image', "'image' takes public URLs; data URIs are not accepted.");
}

function cannotBeFetched(image: ImageReading): boolean {
  if (image.kind !== 'url') return image.kind === 'neither';
  const { protocol, hostname } = image.url;
  return (protocol !== 'https:' && protocol !== 'http:') || !isPublicHost(hostname);
}

function isBrokenDataUri(image: ImageReading): boolean {
  return image.kind === 'inline' && image.bytes === undefined;
}

function isOtherFormat(image: ImageReading): boolean {
  return image.kind === 'inline' && image.bytes !== undefined && image.facts === undefined;
}

function hasSideOutOfRange({ width, height }: ImageFacts): boolean {
  return Math.min(width, height) < 240 || Math.max(width, height) > 8000;
}

function hasRatioOutOfRange({ width, height }: ImageFacts): boolean {
  return width > 8 * height || height > 8 * width;
}

function findFacts(reading: Reading, isBroken: (facts: ImageFacts) => boolean, what: string): Finding | undefined {
  const isBrokenImage = (image: ImageReading): boolean => {
    const facts = factsOf(image);
    return facts !== undefined && isBroken(facts);
  };
  return findImage(reading, isBrokenImage, what);
}

function findImage({ images }: Reading, isBroken: (image: ImageReading) => boolean, what: string): Finding | undefined {
  const index = images.findIndex(isBroken);
  return index < 0 ? undefined : finding('image', `Image ${index + 1} ${what}.`);
}
