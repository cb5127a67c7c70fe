/**
 * A text as a message of the window can show it, word for word. VS Code makes links out of `[words](address)` in messages,
 * also such as run a command, and names of files and folders are chosen by whoever wrote the repository. Line breaks and
 * direction marks would make a sentence read differently from what it is.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (').replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, ' ');
}

/** The same for a row of a pick, where VS Code draws an icon for `$(name)`. */
export function plainLabel(text: string): string {
  return plainText(text).replaceAll(/\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g, '\\$&');
}
