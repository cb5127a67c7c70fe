/** Languages of documents that a reference can be written into, by VS Code's language id. */
const insertLanguages = ['markdown', 'html'] as const;
export type InsertLanguage = (typeof insertLanguages)[number];

/** True for the language of a document that Insert can write to. */
export function isInsertLanguage(languageId: string): languageId is InsertLanguage {
  return (insertLanguages as readonly string[]).includes(languageId);
}

/** What a reference needs to know of a picture. */
export interface Referenced {
  /** Relative to the document's folder, with slashes, not escaped. */
  readonly path: string;
  readonly alt: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** The picture in the syntax of a document. */
export function referenceIn(language: InsertLanguage, picture: Referenced): string {
  switch (language) {
    case 'markdown':
      return `![${escapeMarkdown(picture.alt)}](${encodePath(picture.path)})`;
    case 'html':
      return `<img src="${encodePath(picture.path)}" alt="${escapeAttribute(picture.alt)}" width="${picture.width}" height="${picture.height}">`;
  }
}

/** The way from a folder to a file, both absolute paths with slashes: '/a/docs' to '/a/images/x.png' is '../images/x.png'. */
export function relativePath(fromFolder: string, toFile: string): string {
  const from = partsOf(fromFolder);
  const to = partsOf(toFile);
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}

function partsOf(path: string): string[] {
  // VS Code writes a Windows drive sometimes as C: and sometimes as c:.
  return path
    .replace(/^\/[A-Za-z]:/, (drive) => drive.toLowerCase())
    .split('/')
    .filter((part) => part !== '');
}

// What stands for itself both in a Markdown destination and in an HTML attribute. Letters of every script are left
// readable; spaces, parentheses, quotes, #, ?, %, &, brackets and backslashes are not.
const plain = /[^\p{L}\p{N}\p{M}\-._~!$*+,;=:@/]/gu;

function encodePath(path: string): string {
  const escaped = path.replace(plain, percent);
  // A colon in the first part would read as a scheme.
  return /^[^/]*:/.test(escaped) ? `./${escaped}` : escaped;
}

function percent(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>&!#~|$:^=]/g, (character) => `\\${character}`);
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A line that describes the picture for those who cannot see it: the prompt's first sentence on one line, at most 125 characters. */
export function altFromPrompt(prompt: string): string {
  const line = prompt.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
  const sentence = /^.+?(?:[.!?](?=\s|$)|[。！？])/u.exec(line)?.[0] ?? line;
  const text = sentence.replace(/[.。]$/u, '').trim();
  const characters = [...text];
  if (characters.length <= 125) return text;
  const cut = characters.slice(0, 124).join('');
  return `${cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut}…`;
}
