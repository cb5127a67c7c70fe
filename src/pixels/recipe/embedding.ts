import { PixelError } from '../pixelError.ts';
import { sourceFormatOf } from '../sourceFormat.ts';
import type { Container } from './container.ts';
import { jpegContainer } from './jpeg.ts';
import { pngContainer } from './png.ts';
import { webpContainer } from './webp.ts';
import { describing, newPacket, type Packet, type Property, readPacket, withoutProperties } from './xmp.ts';

/**
 * What a picture says of how it was made, in its XMP packet: the AI fields of the IPTC Photo Metadata Standard 2025.1 for
 * everybody, and the recipe as a property of a namespace of our own. One place and not a chunk or segment of its own for each
 * format: tools that know nothing of us show it, and those that write the picture anew hand it on.
 */
export interface MadeBy {
  readonly source: DigitalSource;
  /** What made it, in words, and which version of that. */
  readonly system?: string;
  readonly systemVersion?: string;
  /** What the picture was asked for with. */
  readonly prompt?: string;
  /** The text of a recipe. */
  readonly recipe?: string;
}

/** Terms of http://cv.iptc.org/newscodes/digitalsourcetype/ that we use. */
export type DigitalSource =
  /** Made by a model. */
  | 'trainedAlgorithmicMedia'
  /** A picture that a model has changed. */
  | 'compositeWithTrainedAlgorithmicMedia'
  /** Drawn by a program that has learnt nothing. */
  | 'algorithmicMedia'
  /** A picture that such a program has changed. */
  | 'compositeSynthetic';

/** Why a picture is left as it is. */
export type LeftAlone =
  /** The format has no place for it that others read. */
  | 'format'
  /** It is signed by C2PA, and a change would break the signature. */
  | 'signed'
  /** Its metadata, or the file, cannot be taken apart. */
  | 'unreadable'
  /** It would not fit. */
  | 'too-large';

/** A picture with other metadata and the very same pixels, or the reason why it stays as it is. */
export type Embedding =
  | { readonly kind: 'changed'; readonly bytes: Uint8Array }
  | { readonly kind: 'left-alone'; readonly why: LeftAlone };

const sourceTypes = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const iptc = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/';
/** Ours; `marks` says that the AI fields beside it are ours as well. */
const own = 'urn:wan-image-studio:recipe:';
const toolkit = 'Wan Image Studio';
const aiFields: readonly string[] = ['DigitalSourceType', 'AISystemUsed', 'AISystemVersionUsed', 'AIPromptInformation'];

/**
 * Writes into a picture how it was made, instead of what we had written there before. What others have written stays, with
 * one exception: another source type than one of made pictures is not true any more, and a picture has one.
 */
export function embedded(bytes: Uint8Array, made: MadeBy): Embedding {
  const opened = open(bytes);
  if ('why' in opened) return opened;
  const { container, packet } = opened;
  const before = packet && without(packet, ({ recipe, mark }) => [...recipe, ...mark]);
  const foreign = before ? propertiesOf(before).filter(isAiField) : [];
  const untrue = foreign.filter(({ name, value }) => name === 'DigitalSourceType' && !isOfMadePictures(value));
  const after = before && without(before, () => untrue);
  const said = foreign.filter((property) => !untrue.includes(property)).map(({ name }) => name);
  const fields = Object.entries({
    DigitalSourceType: `${sourceTypes}${made.source}`,
    AISystemUsed: made.system,
    AISystemVersionUsed: made.systemVersion,
    AIPromptInformation: made.prompt,
  }).flatMap(([name, value]) => (value === undefined || said.includes(name) ? [] : [[iptc, name, value] as const]));
  const description = describing(after?.about ?? '', [
    ...fields,
    [own, 'marks', fields.map(([, name]) => name).join(' ')],
    ...(made.recipe === undefined ? [] : [[own, 'recipe', made.recipe] as const]),
  ]);
  const text = after
    ? after.text.slice(0, after.end) + description + after.text.slice(after.end)
    : newPacket(toolkit, description);
  return changed(container.with(Buffer.from(text, 'utf8')));
}

/**
 * Takes our recipe out of a picture, the prompt included, and with `mark` also the other AI fields that we have written.
 * What others have written stays. A picture without any of it comes back as it is, the very same array.
 */
export function stripped(bytes: Uint8Array, { mark }: { readonly mark: boolean }): Embedding {
  const opened = open(bytes);
  if ('why' in opened) return opened;
  const { container, packet } = opened;
  const isUnwanted = (ours: Ours) => (mark ? [...ours.recipe, ...ours.mark] : ours.recipe);
  if (!packet || isUnwanted(oursIn(packet)).length === 0) return { kind: 'changed', bytes };
  const left = without(packet, isUnwanted);
  const isNothingLeft = propertiesOf(left).length === 0 && left.text.includes(`x:xmptk="${toolkit}"`);
  return changed(container.with(isNothingLeft ? undefined : Buffer.from(left.text, 'utf8')));
}

/** What a picture carries of ours. */
export interface Carried {
  /** The text of a recipe, as anybody may have written it. */
  readonly recipe?: string;
  /** True where there is something that tells what was asked for: a recipe, or a prompt of ours. */
  readonly tells: boolean;
  /** True where AI fields of ours are there. */
  readonly isMarked: boolean;
}

/** Reads what {@link embedded} has written. */
export function carriedBy(bytes: Uint8Array): Carried | { readonly why: LeftAlone } {
  const opened = open(bytes);
  if ('why' in opened) return { why: opened.why };
  const { recipe, mark } = opened.packet ? oursIn(opened.packet) : { recipe: [], mark: [] };
  const text = recipe.find(({ namespace }) => namespace === own)?.value;
  return {
    ...(text !== undefined && { recipe: text }),
    tells: recipe.length > 0,
    isMarked: mark.some(isAiField),
  };
}

type Opened =
  | { readonly container: Container; readonly packet?: Packet }
  | { readonly kind: 'left-alone'; readonly why: LeftAlone };

function open(bytes: Uint8Array): Opened {
  const found = containerOf(bytes);
  if (typeof found === 'string') return { kind: 'left-alone', why: found };
  if (found.isSigned) return { kind: 'left-alone', why: 'signed' };
  if (!found.packet) return { container: found };
  const packet = readPacket(found.packet);
  if (!packet) return { kind: 'left-alone', why: 'unreadable' };
  // Where a signature lies elsewhere, this says where. Source: C2PA specification, embedding by reference.
  const isSigned = propertiesOf(packet).some(
    ({ namespace, name }) => namespace === 'http://purl.org/dc/terms/' && name === 'provenance',
  );
  return isSigned ? { kind: 'left-alone', why: 'signed' } : { container: found, packet };
}

function containerOf(bytes: Uint8Array): Container | LeftAlone {
  try {
    switch (sourceFormatOf(bytes)) {
      case 'png':
        return pngContainer(bytes) ?? 'unreadable';
      case 'jpeg':
        return jpegContainer(bytes) ?? 'unreadable';
      case 'webp':
        return webpContainer(bytes) ?? 'unreadable';
      default:
        return 'format';
    }
  } catch (error) {
    if (error instanceof PixelError) return error.kind === 'unsupported' ? 'format' : 'unreadable';
    throw error;
  }
}

/** Our properties in a packet: what tells how the picture was asked for, and what marks it as made. */
interface Ours {
  readonly recipe: readonly Property[];
  readonly mark: readonly Property[];
}

function oursIn(packet: Packet): Ours {
  const all = propertiesOf(packet);
  const marks = all.find(({ namespace, name }) => namespace === own && name === 'marks')?.value?.split(' ') ?? [];
  const ours = all.filter((one) => one.namespace === own || (isAiField(one) && marks.includes(one.name)));
  const isRecipe = ({ name }: Property) => name === 'recipe' || name === 'AIPromptInformation';
  return { recipe: ours.filter(isRecipe), mark: ours.filter((one) => !isRecipe(one)) };
}

function without(packet: Packet, unwanted: (ours: Ours) => readonly Property[]): Packet {
  const cut = unwanted(oursIn(packet));
  const left = readPacket(
    Buffer.from(
      withoutProperties(packet, (property) => cut.includes(property)),
      'utf8',
    ),
  );
  if (!left) throw new Error('an XMP packet without some of its properties cannot be read any more');
  return left;
}

const propertiesOf = ({ descriptions }: Packet): Property[] => descriptions.flatMap(({ properties }) => properties);

const isAiField = ({ namespace, name }: Property): boolean => namespace === iptc && aiFields.includes(name);

/** Whether a source type says that a picture was made and not taken. */
const isOfMadePictures = (value: string | undefined): boolean =>
  /AlgorithmicMedia$|\/(algorithmicMedia|compositeSynthetic)$/.test(value ?? '');

function changed(bytes: Uint8Array | undefined): Embedding {
  return bytes ? { kind: 'changed', bytes } : { kind: 'left-alone', why: 'too-large' };
}
