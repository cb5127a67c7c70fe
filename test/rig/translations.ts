// What translators bring, held against the English: nothing missing, nothing left over, the same gaps to fill in.

/** Languages there are translations of, as VS Code names them in the names of files. */
export const languages = ['zh-cn'] as const;

type Texts = Readonly<Record<string, string>>;

/** English that may stand in a translation as it is: names, units, keys of a keyboard, and what is only gaps. */
const staysEnglish = new Set([
  'Ctrl+Enter',
  'Pro',
  'Standard',
  'Wan Image',
  'Wan Image Studio',
  'px',
  '{0} · {1} %',
  '{0} / {1}',
  '{0} GB',
  '{0} KB',
  '{0} MB',
  '{0} × {1} px',
  '{0} × {1} px · {2} · {3}',
  '⌘Enter',
]);

/** The translation in the order of the English and without what the English no longer has. What is missing stays missing. */
export function tidied(english: Texts, translated: Texts): Texts {
  return Object.fromEntries(
    Object.keys(english)
      .filter((key) => Object.hasOwn(translated, key))
      .map((key) => [key, translated[key]!]),
  );
}

/** What is wrong with a translation, in lines; what is missing as lines of JSON, to be pasted and translated. */
export function faultsOf(file: string, english: Texts, translated: Texts): string[] {
  const present = Object.keys(english).filter((key) => Object.hasOwn(translated, key));
  const faults = [
    about(
      'has no longer any English for',
      Object.keys(translated).filter((key) => !Object.hasOwn(english, key)),
    ),
    about(
      'has other gaps, icons, links or settings than the English in',
      present.filter((key) => fixedParts(english[key]!) !== fixedParts(translated[key]!)),
    ),
    about(
      'is still English (what may be is listed in test/rig/translations.ts) in',
      present.filter((key) => english[key] === translated[key] && !staysEnglish.has(english[key]!)),
    ),
    about(
      'says nothing in',
      present.filter((key) => translated[key]!.trim() === ''),
    ),
  ].flat();
  const missing = Object.entries(english).filter(([key]) => !Object.hasOwn(translated, key));
  return [
    ...faults,
    ...(missing.length > 0 ? [`${file} lacks these; paste and translate what stands behind the colon:`] : []),
    ...missing.map(([key, text]) => `  ${JSON.stringify(key)}: ${JSON.stringify(text)},`),
  ];

  function about(fault: string, keys: readonly string[]): string[] {
    return keys.map((key) => `${file} ${fault} ${JSON.stringify(key)}.`);
  }
}

/** Pages of the walkthrough that have no translation: VS Code looks for `page.nls.<language>.md` beside `page.md`. */
export function missingPages(files: readonly string[]): string[] {
  return files
    .filter((file) => file.endsWith('.md') && !file.includes('.nls.'))
    .flatMap((file) => languages.map((language) => file.replace(/\.md$/, `.nls.${language}.md`)))
    .filter((file) => !files.includes(file))
    .map((file) => `media/walkthrough lacks ${file}.`);
}

/** What a translation must hold word for word, in whatever order: gaps, icons, commands and settings. */
function fixedParts(text: string): string {
  const parts = text.match(/\$?\{\d+\}|\$\([\w-]+\)|\(command:[\w.]+\)|\bwanImage\.\w+/g) ?? [];
  return parts.toSorted().join(' ');
}
