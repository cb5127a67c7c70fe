import { cutToFit, safeName } from './fileName.ts';
import { SaveError } from './saveError.ts';

/** What a file can be named by, in `wanImage.fileName` and in the sheet. */
export const nameVariables = ['slug', 'seed', 'n', 'width', 'height', 'date'] as const;

/** What the variables of a name stand for; one that is not known leaves nothing behind. */
export interface NameValues {
  /** Words of the prompt, joined by hyphens. */
  readonly slug: string;
  readonly seed: number | undefined;
  /** Place among the pictures of the request, from 1. */
  readonly n: number;
  /** Pixels of the file. */
  readonly width: number;
  readonly height: number;
  /** Such as 2026-03-09. */
  readonly date: string;
}

/** A variable as it is written in a template. */
export const variable = /\$\{([^}]*)\}/g;

/**
 * A file name without extension: valid on Linux, macOS and Windows, never empty, with the words of the prompt cut short where
 * it would be too long. Throws SaveError 'unknown-variable'.
 */
export function nameFromTemplate(template: string, values: NameValues): string {
  const filled = (slug: string): string =>
    safeName(
      template.replaceAll(variable, (written, name: string) => {
        if (!isNameVariable(name)) throw new SaveError('unknown-variable', written);
        return String((name === 'slug' ? slug : values[name]) ?? '');
      }),
    );
  return cutToFit(values.slug, filled);
}

const isNameVariable = (name: string): name is (typeof nameVariables)[number] =>
  (nameVariables as readonly string[]).includes(name);

/** The day of a moment, in milliseconds since 1970, where the user is: 2026-03-09. */
export function dayOf(moment: number): string {
  const day = new Date(moment);
  const digits = (value: number): string => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${digits(day.getMonth() + 1)}-${digits(day.getDate())}`;
}
