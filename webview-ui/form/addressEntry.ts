import { modelCard } from '../../src/core/modelCard.ts';
import { type AddressTrouble, addressTrouble } from '../../src/core/publicAddress.ts';
import { focusFieldSoon } from '../parts/fieldIds.ts';
import type { Desk } from '../stage/stage.ts';
import { addressButton, openId, ownIdStart } from './inputPlaces.ts';

/** The address of a picture while it is being written: of a new one, or of one that is in the form. */
export class AddressEntry {
  readonly #desk: Desk;
  #place: string | undefined;
  #text = '';
  #isTried = false;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The id of the picture whose address is written, or `newPicture`; undefined while none is. */
  get place(): string | undefined {
    return this.#place;
  }

  get text(): string {
    return this.#text;
  }

  /** What is wrong with the address, once it has been tried. */
  get trouble(): AddressTrouble | undefined {
    return this.#isTried ? addressTrouble(this.#text.trim()) : undefined;
  }

  /** True where the host has the bytes of the picture too, so that they can be sent again. */
  get hasFile(): boolean {
    const { inputs } = this.#desk.request;
    return inputs.some(({ id, url }) => id === this.#place && url !== undefined && !id.startsWith(ownIdStart));
  }

  /** The field by which the request knows the address. */
  get field(): string {
    const index = this.#desk.request.inputs.findIndex(({ id }) => id === this.#place);
    return index < 0 ? 'address' : `inputs.${index}.url`;
  }

  /** Begins to write; what has been written of this very address stays. */
  open(place: string): void {
    if (place !== this.#place) this.#begin(place);
    focusFieldSoon(this.field);
  }

  #begin(place: string): void {
    this.#place = place;
    this.#text = this.#desk.request.inputs.find(({ id }) => id === place)?.url ?? '';
    this.#isTried = false;
    this.#desk.redraw();
  }

  /** Ends without a change; the keyboard goes back to the button that began it. */
  close(): void {
    const place = this.#place;
    this.#place = undefined;
    this.#desk.redraw();
    if (place !== undefined) focusSoon(addressButton(place));
  }

  type(text: string): void {
    this.#text = text;
    this.#isTried = false;
    this.#desk.redraw();
  }

  /** Puts the address into the form: as a new picture at the end, or in the place of a file. */
  take(): void {
    const url = this.#text.trim();
    this.#isTried = true;
    if (this.trouble) {
      this.#desk.redraw();
      return focusFieldSoon(this.field);
    }
    const { inputs, resolution } = this.#desk.request;
    const known = inputs.find(({ id }) => id === this.#place);
    const taken = known
      ? { ...known, url }
      : { id: ownIdStart + crypto.randomUUID(), name: nameOf(url), url, boxes: [] };
    if (!known && inputs.length >= modelCard.inputs.max) return this.close();
    this.#place = undefined;
    this.#desk.change({
      inputs: known ? inputs.map((input) => (input === known ? taken : input)) : [...inputs, taken],
      // Edits have no 4K.
      resolution: resolution === '4K' ? '2K' : resolution,
    });
    this.#desk.say(['addressTaken', taken.name]);
    focusSoon(openId(taken.id));
  }

  /** Sends the file again instead of its address. */
  useFile(): void {
    const { inputs } = this.#desk.request;
    const place = this.#place;
    this.#place = undefined;
    this.#desk.change({
      inputs: inputs.map((input) => {
        if (input.id !== place) return input;
        const { url: _, ...rest } = input;
        return rest;
      }),
    });
    if (place !== undefined) focusSoon(openId(place));
  }
}

/** What a picture is called by its address: the end of its path, or its host. */
function nameOf(url: string): string {
  const [, host = url, path = ''] = /^https?:\/\/([^/?#]+)([^?#]*)/i.exec(url) ?? [];
  const end = path.split('/').findLast((part) => part !== '');
  return end ?? host;
}

function focusSoon(elementId: string): void {
  setTimeout(() => document.getElementById(elementId)?.focus(), 0);
}
