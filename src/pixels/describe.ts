import type Vips from 'wasm-vips';
import type { SourceFacts } from '../core/preparation.ts';
import { FAIL_ON } from './engine.ts';
import type { Engines } from './engines.ts';
import { factsOfHeader } from './facts.ts';
import { readHeaderOf } from './header.ts';
import { PixelError } from './pixelError.ts';
import { type EngineFormat, isEngineFormat, sourceFormatOf } from './sourceFormat.ts';

/** What a picture of any readable format is, without decoding it; the engine is asked only about TIFF, AVIF and SVG. Throws PixelError. */
export async function describePicture(engines: Engines, bytes: Uint8Array): Promise<SourceFacts> {
  const format = sourceFormatOf(bytes);
  if (!isEngineFormat(format)) return factsOfHeader(readHeaderOf(bytes), bytes.length);
  if (format === 'svg') refuseSvg(bytes);
  return engines.for(format).work(bytes, (vips, keep) => {
    const image = keep(vips.Image.newFromBuffer(bytes, '', { access: 'sequential', fail_on: FAIL_ON }));
    return factsOfImage(image, format, bytes.length);
  });
}

function factsOfImage(image: Vips.Image, format: EngineFormat, byteLength: number): SourceFacts {
  // An AVIF is turned by its decoder already; an SVG has no such thing.
  const said = format === 'tiff' ? numberOf(image, 'orientation') : 1;
  const orientation = said >= 1 && said <= 8 ? said : 1;
  const turned = orientation >= 5;
  return {
    format,
    width: turned ? image.height : image.width,
    height: turned ? image.width : image.height,
    byteLength,
    hasAlpha: image.hasAlpha(),
    // Further pages, and smaller copies of the picture, are lost with any change, like the frames of an animation.
    animated: format !== 'svg' && (numberOf(image, 'n-pages') > 1 || numberOf(image, 'n-subifds') > 0),
    orientation,
    isCmyk: image.interpretation === 'cmyk',
    isDeep: image.format !== 'uchar',
  };
}

function numberOf(image: Vips.Image, field: string): number {
  return image.getTypeof(field) === 0 ? 0 : image.getInt(field);
}

/** More than this on a side overruns the engine's counting before it could be held against a limit. */
const LONGEST_SVG_SIDE = 1_000_000;

/**
 * The engine has no fonts, and draws no pages within pictures; it would leave both out without a sign. Pictures from other
 * files it leaves out as browsers do.
 */
function refuseSvg(bytes: Uint8Array): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (text.includes('<text') || text.includes('<foreignObject'))
    throw new PixelError('unsupported', 'an SVG with text, for which there are no fonts here');
  const start = text.indexOf('<svg');
  const root = text.toString('latin1', start, Math.min(text.length, start + 16_384)).split('>', 1)[0] ?? '';
  for (const [, value = ''] of root.matchAll(/\s(?:width|height|viewBox)\s*=\s*["']([^"']*)["']/g)) {
    if (value.split(/[\s,]+/).some((number) => Math.abs(Number.parseFloat(number)) > LONGEST_SVG_SIDE))
      throw new PixelError('too-large', `an SVG of ${value.slice(0, 60)}`);
  }
}
