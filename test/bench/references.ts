import { referencesIn } from '../../src/core/foundReferences.ts';
import { byTurns, type Measured } from './measure.ts';

const documents = 20;
const lines = 5000;
/** What one edit may cost the host with all of them open, in milliseconds. */
const aim = 50;

/**
 * What an edit costs with twenty open documents of 5,000 lines: only the one that was edited is looked through anew, here the
 * costliest of the languages; against reading through its text for one word.
 */
export async function references(): Promise<Measured[]> {
  const texts = ['markdown', 'html', 'typescriptreact', 'css', 'vue'].map((language) => ({
    language,
    text: Array.from({ length: lines }, (_, at) => lineOf(language, at)).join('\n'),
  }));
  const costs = await Promise.all(
    texts.map(async ({ language, text }) => ({
      language,
      ...(await byTurns(
        documents,
        async () => timed(() => referencesIn(language, text)),
        async () => timed(() => /never there \d/.exec(text)),
      )),
    })),
  );
  const [worst] = costs.toSorted((one, other) => other.ours - one.ours);
  if (!worst) return [];
  const name = `an edit of a document of ${lines} lines (${worst.language})`;
  return [
    { name, ours: worst.ours, floor: aim, unit: 'ms', against: 'the aim', budget: 1 },
    { name, ours: worst.ours, floor: worst.floor, unit: 'ms', against: 'looking for one word' },
  ];
}

function lineOf(language: string, at: number): string {
  const hasPicture = at % 20 === 0;
  if (!hasPicture)
    return language === 'css' ? `.a${at} { color: red; }` : `Some words in line ${at}, "quoted" and 'so', <b>bold</b>.`;
  if (language === 'markdown') return `![Picture ${at}](images/picture-${at}.png)`;
  if (language === 'css') return `.b${at} { background: url("images/picture-${at}.png"); }`;
  return `<img src="images/picture-${at}.png" alt="Picture ${at}" width="640" height="360" />`;
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
