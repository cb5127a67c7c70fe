import { copiedPictures, copiedPicturesType } from '../../src/core/copiedPictures.ts';

/** What is put into the clipboard of a picture: itself, by its id, and the path of its file where it has one. */
interface Copied {
  readonly id: string;
  readonly savedAs?: string | undefined;
}

/** Copies a picture so that documents take it as a reference; answers whether it is in the clipboard. */
export function copyReference(picture: Copied): boolean {
  let isTaken = false;
  const take = (event: ClipboardEvent): void => {
    isTaken = give(event, picture);
    event.stopImmediatePropagation();
  };
  document.addEventListener('copy', take, { capture: true, once: true });
  // The other way into the clipboard takes no types of ours that VS Code would hand on.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  document.execCommand('copy');
  document.removeEventListener('copy', take, { capture: true });
  return isTaken;
}

/** Copies the picture that has the focus at Ctrl+C, unless text is meant. Answers its id where it did. */
export function copyFocused(event: ClipboardEvent, find: (resultId: string) => Copied | undefined): string | undefined {
  const focused = document.activeElement;
  if (!focused || focused.matches('input, textarea, select') || getSelection()?.isCollapsed === false) return undefined;
  const id = focused.closest<HTMLElement>('figure[data-result]')?.dataset['result'];
  const picture = id === undefined ? undefined : find(id);
  return picture && give(event, picture) ? picture.id : undefined;
}

function give(event: ClipboardEvent, { id, savedAs }: Copied): boolean {
  const { clipboardData } = event;
  if (!clipboardData) return false;
  clipboardData.setData(copiedPicturesType, copiedPictures([id]));
  // For whoever takes no pictures of ours.
  if (savedAs !== undefined) clipboardData.setData('text/plain', savedAs);
  event.preventDefault();
  return true;
}
