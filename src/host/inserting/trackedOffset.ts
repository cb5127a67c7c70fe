/** One edit of a document as VS Code tells it; offsets and lengths in UTF-16 units of the text before the edit. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * Where an offset is after edits, in the order in which they were told. Text typed at the offset pushes it on, as it
 * pushes a cursor; when the text around it is replaced, it goes to the end of the replacement.
 */
export function moveOffset(offset: number, changes: readonly TextChange[]): number {
  // All ranges are those before the first edit, so each is compared with the offset as it was.
  let moved = offset;
  for (const { rangeOffset, rangeLength, text } of changes) {
    if (rangeOffset > offset) continue;
    const end = rangeOffset + rangeLength;
    if (end <= offset) moved += text.length - rangeLength;
    else moved += rangeOffset + text.length - offset;
  }
  return moved;
}
