/** An answer of the service as text, and what was done to it. */
export interface Damaged {
  readonly name: string;
  readonly text: string;
}

const longText = 'x'.repeat(1_200_000);

/** What a field may hold in place of what it should, as JSON text. */
const replacements: Readonly<Record<string, string>> = {
  null: 'null',
  true: 'true',
  false: 'false',
  'a zero below zero': '-0',
  'a large number': '1e308',
  'an infinite number': '1e999',
  'a number beyond whole ones': '123456789012345678901234567890',
  'a number below zero': '-7',
  'half a number': '0.5',
  'no text': '""',
  'not a number': '"NaN"',
  'a blank': '" "',
  'a name of every object': '"__proto__"',
  'an empty list': '[]',
  'an empty object': '{}',
  'a list of lists': '[[[]]]',
  'a list of nothing': '[null,null]',
  'control characters': String.raw`"a\u0000b\r\nX-Evil: 1\u001b[31m"`,
  'characters that turn the direction': String.raw`"\u202egnp.exe\u2066"`,
  'half a pair': String.raw`"\ud800"`,
  'another alphabet': '"画像"',
  'a step up': '"../../v1/account"',
  'an encoded step up': '"%2e%2e%2f"',
  'a query': '"x?key=1#part"',
  'another host': '"//elsewhere.invalid/x"',
};

/** Values too large to be put into every place. */
export const hugeReplacements: Readonly<Record<string, string>> = {
  'a text of a megabyte': `"${longText}"`,
  'ten thousand levels': '['.repeat(10_000) + ']'.repeat(10_000),
  'ten thousand levels of the same field': `${'{"balance":{"amount":'.repeat(5_000)}1${'}}'.repeat(5_000)}`,
  'a hundred thousand things': `[${Array(100_000).fill('{}').join(',')}]`,
  'many addresses': `[${Array.from({ length: 20_000 }, (_, index) => `{"url":"https://p.invalid/${index}"}`).join(',')}]`,
};

/** Every field of the answer taken away, replaced and doubled, one at a time. */
export function damagesOf(answer: unknown): Damaged[] {
  const whole = JSON.stringify(answer);
  const huge = Object.entries(hugeReplacements);
  return placesIn(answer).flatMap(({ name, mark }, index): Damaged[] => {
    const marked = JSON.stringify(mark('@mark@', 'value'));
    const value = (text: string) => marked.replace('"@mark@"', () => text);
    const old = valueAt(marked, whole);
    return [
      { name: `${name} taken away`, text: JSON.stringify(mark(undefined, 'value')) },
      // One huge value for each place: they take their time.
      ...[...Object.entries(replacements), ...huge.slice(index % huge.length).slice(0, 1)].map(([what, text]) => ({
        name: `${name} is ${what}`,
        text: value(text),
      })),
      ...(/\d$/.test(name) ? [] : doubled(name, JSON.stringify(mark('@mark@', 'doubled')), old)),
    ];
  });
}

/** The text as it comes when it is cut, or is not JSON at all. */
export function ruinsOf(answer: unknown): Damaged[] {
  const whole = JSON.stringify(answer);
  const cuts = [1, 2, Math.floor(whole.length / 3), Math.floor(whole.length / 2), whole.length - 1];
  return [
    ...cuts.map((length) => ({ name: `cut after ${length}`, text: whole.slice(0, length) })),
    { name: 'nothing', text: '' },
    { name: 'blanks', text: ' \r\n\t'.repeat(1000) },
    { name: 'a page', text: `<!DOCTYPE html><title>Sign in</title><script>${whole}</script>` },
    { name: 'a number', text: '1e999' },
    { name: 'a text', text: '"job_1"' },
    { name: 'null', text: 'null' },
    { name: 'twice', text: whole + whole },
    { name: 'a list of it', text: `[${whole}]` },
    { name: 'with a comma too many', text: whole.replace(/\}$/, ',}') },
    { name: 'levels without end', text: '{"data":['.repeat(100_000) },
    { name: 'in another encoding', text: Buffer.from(whole, 'utf16le').toString('latin1') },
    { name: 'a thousand times wrapped', text: `${'{"result":'.repeat(1000)}${whole}${'}'.repeat(1000)}` },
  ];
}

interface Place {
  readonly name: string;
  /** The answer with something else in this place, or with this place twice: first the mark, then what was there. */
  readonly mark: (value: unknown, how: 'value' | 'doubled') => unknown;
}

function placesIn(answer: unknown, name = ''): Place[] {
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.entries(answer).flatMap(([key, value]) => {
    const here = name === '' ? key : `${name}.${key}`;
    const withValue = (other: unknown, how: 'value' | 'doubled'): unknown => {
      if (Array.isArray(answer)) return answer.map((one: unknown, index) => (String(index) === key ? other : one));
      const entries = Object.entries(answer).flatMap(([each, one]): [string, unknown][] => {
        if (each !== key) return [[each, one]];
        return how === 'doubled'
          ? [
              [`@first@${each}`, other],
              [each, one],
            ]
          : [[each, other]];
      });
      return Object.fromEntries(entries);
    };
    const inner = placesIn(value, here).map(({ name: deeper, mark }) => ({
      name: deeper,
      mark: (other: unknown, how: 'value' | 'doubled') => withValue(mark(other, how), 'value'),
    }));
    return [{ name: here, mark: withValue }, ...inner];
  });
}

/** The same key twice, with the true value first and last. */
function doubled(name: string, marked: string, old: string): Damaged[] {
  const text = marked.replace('@first@', '');
  return ['null', '"other"', '[]', old].map((other) => ({
    name: `${name} twice, first ${other.slice(0, 20)}`,
    text: text.replace('"@mark@"', () => other),
  }));
}

/** What stood in the marked place of the whole. */
function valueAt(marked: string, whole: string): string {
  const start = marked.indexOf('"@mark@"');
  const behind = marked.length - start - '"@mark@"'.length;
  return whole.slice(start, whole.length - behind);
}
