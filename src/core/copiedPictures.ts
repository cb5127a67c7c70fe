/** The kind of data under which pictures of the panel are in the clipboard; VS Code hands it to whoever takes it at a paste. */
export const copiedPicturesType = 'application/vnd.wan-image-studio.pictures';

/** More are not copied at once. */
const most = 20;
/** In characters. */
const longestId = 100;

/** Pictures by their ids, as they are put into the clipboard. */
export const copiedPictures = (ids: readonly string[]): string => ids.join('\n');

/** The ids in what a clipboard holds, which anybody may have written; none where it is nothing of ours. */
export function idsOfCopied(text: string): readonly string[] {
  if (text.length > most * (longestId + 1)) return [];
  const ids = text.split('\n');
  return ids.length <= most && ids.every((id) => id !== '' && id.length <= longestId) ? [...new Set(ids)] : [];
}
