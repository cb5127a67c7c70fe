import * as z from 'zod/mini';

/** What a picture is saved as: `as-is` is the very file that came, `png-palette` a PNG of at most 256 colours. */
export const saveFormats = ['as-is', 'png', 'png-palette', 'jpeg', 'webp', 'avif'] as const;
export type SaveFormat = (typeof saveFormats)[number];

/**
 * How a picture takes a size of another shape: `fit` shows all of it, with bars; `fill` stretches it; `crop` cuts off what
 * reaches beyond two sides.
 */
export const sizeWays = ['fit', 'fill', 'crop'] as const;
export type SizeWay = (typeof sizeWays)[number];

/** Longest side that is written, in pixels; the engine keeps all of a picture in its memory. */
export const longestSavedSide = 8192;
/** The most pixels that are written: twice a 4K picture. */
const mostSavedPixels = 34_000_000;
/** The most files that one picture is saved as at once. */
export const mostWidths = 8;

const side = z.int().check(z.minimum(1), z.maximum(longestSavedSide));

const SaveSize = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('as-is') }),
  z
    .strictObject({ kind: z.literal('exact'), width: side, height: side, how: z.enum(sizeWays) })
    .check(z.refine(({ width, height }) => width * height <= mostSavedPixels)),
  /** A file for each width, for `srcset`; the shape stays, and nothing is made wider than it is. */
  z.strictObject({
    kind: z.literal('widths'),
    widths: z.array(side).check(z.minLength(1), z.maxLength(mostWidths)),
  }),
]);
export type SaveSize = z.infer<typeof SaveSize>;

/** How a picture becomes a file. */
export const SaveOptions = z.strictObject({
  format: z.enum(saveFormats),
  /** 1 to 100; counts for all but `as-is` and `png`. */
  quality: z.int().check(z.minimum(1), z.maximum(100)),
  size: SaveSize,
});
export type SaveOptions = z.infer<typeof SaveOptions>;

/** The file that came, as it came. */
export const asItCame: SaveOptions = { format: 'as-is', quality: 80, size: { kind: 'as-is' } };

/** What is known of a picture before it is saved; sides in pixels as it is seen. */
interface Master {
  readonly format: string;
  readonly width: number;
  readonly height: number;
}

/** One file that is made of a picture. */
export interface Variant {
  readonly format: Exclude<SaveFormat, 'as-is'>;
  readonly quality: number;
  /** Left out where all of it is written in its own size. */
  readonly size?: { readonly width: number; readonly height: number; readonly how: SizeWay };
}

/** A file to be saved: the master itself, or a variant of it. `width` names it among its like. */
export interface WantedFile {
  readonly variant: Variant | undefined;
  readonly width?: number;
}

/** The files that are saved of a picture by these options: one, or one for each width, the narrowest first. */
export function wantedFiles(options: SaveOptions, master: Master): WantedFile[] {
  const { size, quality } = options;
  const isAsIs = options.format === 'as-is';
  const format = options.format === 'as-is' ? writtenAs(master.format) : options.format;
  if (size.kind === 'widths') {
    const widths = [...new Set(size.widths.map((width) => Math.min(width, master.width)))];
    return widths
      .toSorted((one, other) => one - other)
      .map((width) => {
        const height = Math.max(1, Math.round((master.height * width) / master.width));
        const isWhole = width === master.width;
        if (isWhole && isAsIs) return { variant: undefined, width };
        return {
          variant: { format, quality, ...(!isWhole && { size: { width, height, how: 'fill' as const } }) },
          width,
        };
      });
  }
  const { width, height } = size.kind === 'exact' ? size : master;
  const isWhole = width === master.width && height === master.height;
  if (isWhole && isAsIs) return [{ variant: undefined }];
  const sized = size.kind === 'exact' && !isWhole ? { size: { width, height, how: size.how } } : {};
  return [{ variant: { format, quality, ...sized } }];
}

/** The format in which a picture of this format is written anew; what has no writer becomes a PNG, which loses nothing. */
function writtenAs(format: string): Variant['format'] {
  return format === 'jpeg' || format === 'webp' || format === 'avif' ? format : 'png';
}

/** The extension of a file in this format, without the dot. */
export function extensionOfSaved(format: Variant['format']): string {
  switch (format) {
    case 'jpeg':
      return 'jpg';
    case 'png-palette':
      return 'png';
    default:
      return format;
  }
}
