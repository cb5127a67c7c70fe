/** What a form can hold at most; far more than a person fills in, and little enough to be kept and shown again. */
const most = {
  /** Lists and objects inside each other; a request has four. */
  depth: 10,
  /** Texts, numbers, lists and so on, all together. */
  values: 20_000,
  /** UTF-16 units of all texts and names of fields together. */
  text: 1_000_000,
} as const;

interface Found {
  readonly value: unknown;
  readonly depth: number;
}

/**
 * True for plain data, as JSON has it, of a size that a form can have. It need not be a request: a half-written one must
 * be kept as well. Takes no more time than that size needs, whatever it is given.
 */
export function isFormContent(content: unknown): boolean {
  const open: Found[] = [{ value: content, depth: 0 }];
  let values = 0;
  let text = 0;
  for (let found = open.pop(); found; found = open.pop()) {
    const { value, depth } = found;
    values++;
    if (typeof value === 'string') text += value.length;
    else if (typeof value === 'object' && value !== null) {
      if (depth === most.depth || !isPlain(value)) return false;
      const fields = Object.entries(value);
      if (values + open.length + fields.length > most.values) return false;
      for (const [name, inner] of fields) {
        if (name === '__proto__') return false;
        if (!Array.isArray(value)) text += name.length;
        open.push({ value: inner, depth: depth + 1 });
      }
    } else if (!isSimple(value) && !(value === undefined && depth > 0)) return false;
    if (text > most.text) return false;
  }
  return true;
}

const isSimple = (value: unknown): boolean => value === null || ['boolean', 'number'].includes(typeof value);

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
