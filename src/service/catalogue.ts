import { type Mills, type Variant, variants } from '../core/modelCard.ts';
import { isObject } from './refusals.ts';

type Json = Readonly<Record<string, unknown>>;

/** A price of one picture: read, or there and not understood, in the catalogue's own words. */
export type CataloguePrice = { readonly mills: Mills } | { readonly unread: string };

/** What the catalogue says of one parameter, as far as it can be read. */
export interface CatalogueParameter {
  readonly min?: number;
  readonly max?: number;
  /** Characters of a text. */
  readonly maxLength?: number;
  /** Entries of a list. */
  readonly maxItems?: number;
  /** Pixels of a side, and bytes, of each picture in a list of them. */
  readonly minSide?: number;
  readonly maxSide?: number;
  readonly maxBytes?: number;
  readonly options?: readonly string[];
  readonly default?: string;
}

/** The service's own page of the model, as far as it can be read. What it does not say is left out. */
export interface Catalogue {
  readonly prices: Readonly<Partial<Record<Variant, CataloguePrice>>>;
  /** By name; undefined where there is no list of them. */
  readonly parameters: ReadonlyMap<string, CatalogueParameter> | undefined;
}

/**
 * Reads the catalogue's entry of a model, undefined where the answer holds none. The documents name its fields in two ways
 * and show no sample, so that likely names are tried. Source: the service dossier, section 1.7.
 */
export function catalogueOf(json: unknown, model: string): Catalogue | undefined {
  const entry = entryOf(json, model);
  if (!entry) return undefined;
  const rows = rowsOf(entry['pricing_rows'] ?? entry['pricing'] ?? entry['prices']);
  const prices = variants.flatMap((variant) => {
    const price = priceOf(rows.filter((row) => isAbout(row, variant)));
    return price ? [[variant, price] as const] : [];
  });
  return { prices: Object.fromEntries(prices), parameters: parametersOf(entry) };
}

/** The entry itself, or inside an envelope, or in a list of all models. */
function entryOf(json: unknown, model: string): Json | undefined {
  if (!isObject(json)) return undefined;
  const inside = [json['data'], json['model'], json]
    .flatMap((one) => (Array.isArray(one) ? one : [one]))
    .filter(isObject);
  return inside.find((one) => one['id'] === model || one['model_id'] === model || one['name'] === model);
}

interface Row {
  /** What the row is about, in every word it has for that. */
  readonly label: string;
  readonly amount: unknown;
  readonly unit: string;
  readonly currency: string;
}

const labelNames = ['label', 'name', 'charge', 'variant', 'model_variant', 'tier', 'title', 'id'];
const amountNames = ['rate', 'price', 'amount', 'cost', 'value', 'usd', 'price_usd', 'unit_price', 'per_image'];
const unitNames = ['unit', 'spec', 'per', 'billing_unit'];

/** Rows of a price list: a list of objects, an object with such a list, or an object of prices by name. */
function rowsOf(value: unknown): Row[] {
  if (Array.isArray(value)) return value.filter(isObject).map((row) => rowOf(row));
  if (!isObject(value)) return [];
  const list = [value['rows'], value['items'], value['data']].find((one) => Array.isArray(one));
  if (list) return rowsOf(list);
  return Object.entries(value).map(([name, price]) =>
    isObject(price) ? rowOf({ ...price, label: `${name} ${textOf(price['label'])}` }) : rowOf({ label: name, price }),
  );
}

function rowOf(row: Json): Row {
  const given = firstGiven(row, amountNames);
  const nested = isObject(given) ? given : {};
  return {
    label: labelNames.map((name) => textOf(row[name])).join(' '),
    amount: isObject(given) ? firstGiven(given, ['amount', ...amountNames]) : given,
    unit: textOf(firstGiven(row, unitNames)),
    currency: textOf(nested['currency'] ?? row['currency']),
  };
}

function isAbout({ label }: Row, variant: Variant): boolean {
  const isPro = /\bpro\b/i.test(label);
  if (variant === 'wan2.7-image-pro') return isPro;
  return !isPro && (/\bstandard\b/i.test(label) || /\bwan2[.-]7-image\b/i.test(label));
}

/** The dearest of several rows about one variant: what decides is what a picture can cost. */
function priceOf(rows: readonly Row[]): CataloguePrice | undefined {
  const prices = rows.map(priceOfRow);
  const unread = prices.find((price) => 'unread' in price);
  if (unread || prices.length === 0) return unread;
  return { mills: Math.max(...prices.flatMap((price) => ('mills' in price ? [price.mills] : []))) };
}

/** No picture costs more; what is above was written in another unit. In dollars. */
const dearest = 10;

function priceOfRow({ amount, unit, currency }: Row): CataloguePrice {
  const dollars = typeof amount === 'number' ? amount : dollarsIn(textOf(amount));
  const isPerImage =
    unit === '' || /^(usd |\$)?(\/|per )?\s*(1 )?(output |generated )?(image|picture)s?$/i.test(unit.trim());
  const isDollars = currency === '' || /^(usd|us\$|\$)$/i.test(currency.trim());
  if (dollars === undefined || !(dollars > 0) || dollars > dearest || !isPerImage || !isDollars)
    return { unread: [textOf(amount), currency, unit].filter((word) => word !== '').join(' ') };
  // A part of a thousandth counts as a whole one; what binary fractions add to a price is no part of it.
  return { mills: Math.ceil(Math.round(dollars * 1e9) / 1e6) };
}

function dollarsIn(text: string): number | undefined {
  const amount = /^(?:us)?\$?\s*(\d+(?:\.\d+)?)\s*(?:usd)?\s*(?:(?:\/|per)\s*(?:image|picture))?$/i.exec(
    text.trim(),
  )?.[1];
  return amount === undefined ? undefined : Number(amount);
}

function parametersOf(entry: Json): ReadonlyMap<string, CatalogueParameter> | undefined {
  const list = entry['supported_parameters'] ?? entry['parameters'];
  if (Array.isArray(list)) {
    const named = list.flatMap((one): [string, CatalogueParameter][] => {
      if (typeof one === 'string') return [[one, {}]];
      const name = isObject(one) ? textOf(firstGiven(one, ['name', 'id', 'key', 'parameter'])) : '';
      return isObject(one) && name !== '' ? [[name, parameterOf(one)]] : [];
    });
    return named.length > 0 ? new Map(named) : undefined;
  }
  if (!isObject(list)) return undefined;
  // JSON Schema keeps them one step deeper.
  const properties = isObject(list['properties']) ? list['properties'] : list;
  return new Map(Object.entries(properties).map(([name, one]) => [name, isObject(one) ? parameterOf(one) : {}]));
}

function parameterOf(one: Json): CatalogueParameter {
  const [from, to] = rangeOf(one['range']);
  const known: { [Name in keyof CatalogueParameter]: CatalogueParameter[Name] | undefined } = {
    min: numberOf(firstGiven(one, ['min', 'minimum', 'min_value'])) ?? from,
    max: numberOf(firstGiven(one, ['max', 'maximum', 'max_value'])) ?? to,
    maxLength: numberOf(firstGiven(one, ['max_length', 'maxLength', 'max_chars', 'max_characters'])),
    maxItems: numberOf(firstGiven(one, ['max_items', 'maxItems', 'max_count'])),
    minSide: numberOf(firstGiven(one, ['min_side', 'min_dimension', 'min_pixels_per_side'])),
    maxSide: numberOf(firstGiven(one, ['max_side', 'max_dimension', 'max_pixels_per_side'])),
    maxBytes: numberOf(firstGiven(one, ['max_bytes', 'max_file_size'])),
    options: optionsOf(firstGiven(one, ['options', 'enum', 'allowed', 'allowed_values', 'values', 'choices'])),
    default: textOf(one['default']) || undefined,
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** Two numbers, as a list, an object, or a text such as "1 – 4". */
function rangeOf(value: unknown): [number | undefined, number | undefined] {
  if (Array.isArray(value)) return [numberOf(value[0]), numberOf(value[1])];
  if (isObject(value))
    return [numberOf(firstGiven(value, ['min', 'from'])), numberOf(firstGiven(value, ['max', 'to']))];
  const [, from, to] = /^\s*(\d+)\s*(?:-|–|to|\.\.)\s*(\d+)\s*$/.exec(textOf(value)) ?? [];
  return [numberOf(from), numberOf(to)];
}

function optionsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((one: unknown) => textOf(isObject(one) ? firstGiven(one, ['value', 'id', 'name']) : one));
  return texts.length > 0 && texts.every((text) => text !== '') ? texts : undefined;
}

function firstGiven(object: Json, names: readonly string[]): unknown {
  return names.map((name) => object[name]).find((value) => value !== undefined && value !== null);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
