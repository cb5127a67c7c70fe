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

/** Words that the user selected, as an alternative text; undefined for what is no text to read. */
export function altFromSelection(selected: string): string | undefined {
  const line = selected.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
  return line.length <= 300 && /\p{L}/u.test(line) && !/[<>{}[\]\\;=]|^[./#]|\w\/\w/u.test(line) ? line : undefined;
}

/** What a file's name says: 'a-red_fox@2x.png' is "a red fox". */
export function altFromName(name: string): string {
  return name
    .replace(/\.[^.]*$/, '')
    .replace(/@\dx$/, '')
    .replace(/[-_\p{Z}]+/gu, ' ')
    .trim();
}
