import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import { type KnownService, nothingKnown } from '../../core/knownService.ts';
import { modelCard } from '../../core/modelCard.ts';

/** No picture costs more; in thousandths of a dollar. */
const Price = z.int().check(z.minimum(1), z.maximum(10_000));
/** Milliseconds since 1970. */
const At = z.number();

/** What was found out about the service at one address. */
const Found = z.strictObject({
  /** Prices of the catalogue that differ from those of the model page. */
  prices: z.optional(
    z.strictObject({ at: At, 'wan2.7-image-pro': z.optional(Price), 'wan2.7-image': z.optional(Price) }),
  ),
  inline: z.optional(z.strictObject({ at: At, answer: z.enum(['accepted', 'refused']) })),
  boxForm: z.optional(z.strictObject({ at: At, answer: z.enum(['literal', 'perImage']) })),
});
export type Found = z.infer<typeof Found>;

const name = 'serviceFacts';
/** Of how many addresses something is remembered. */
const mostAddresses = 20;

interface Parts {
  /** For all workspaces: an address is the same service everywhere. */
  readonly memento: Pick<vscode.Memento, 'get' | 'update'>;
  /** The address that requests go to; undefined in practice mode and where the settings hold no usable one. */
  readonly address: () => string | undefined;
  /** Called after something was found out or forgotten. */
  readonly changed: () => void;
}

/** Remembers what the checks of services have found, and says what follows from it for requests. */
export class ServiceFacts {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What is known of the service that requests go to now. */
  get known(): KnownService {
    const address = this.#parts.address();
    if (address === undefined) return nothingKnown;
    const { prices, inline, boxForm } = this.found(address);
    return {
      prices: {
        'wan2.7-image-pro': prices?.['wan2.7-image-pro'] ?? modelCard.price['wan2.7-image-pro'],
        'wan2.7-image': prices?.['wan2.7-image'] ?? modelCard.price['wan2.7-image'],
      },
      refusesInline: inline?.answer === 'refused',
      boxForm: boxForm?.answer,
    };
  }

  /** What was found out about the service at an address. What cannot be read counts as nothing. */
  found(address: string): Found {
    const all = this.#all();
    const parsed = Found.safeParse(Object.hasOwn(all, address) ? all[address] : undefined);
    return parsed.success ? parsed.data : {};
  }

  /** Takes the place of what is remembered of the same things; a thing that is undefined is forgotten. */
  async remember(address: string, news: { readonly [Thing in keyof Found]: Found[Thing] | undefined }): Promise<void> {
    const merged = Object.entries({ ...this.found(address), ...news }).filter(([, value]) => value !== undefined);
    const others = Object.entries(this.#all()).filter(([known]) => known !== address);
    await this.#write([...others, [address, Object.fromEntries(merged)]]);
  }

  async forget(address: string): Promise<void> {
    await this.#write(Object.entries(this.#all()).filter(([known]) => known !== address));
  }

  #all(): Readonly<Record<string, unknown>> {
    const value: unknown = this.#parts.memento.get(name);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  }

  async #write(entries: readonly (readonly [string, unknown])[]): Promise<void> {
    await this.#parts.memento.update(name, Object.fromEntries(entries.slice(-mostAddresses)));
    this.#parts.changed();
  }
}
