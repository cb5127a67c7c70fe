import type { Studio } from '../state.ts';

/** How VS Code names what is dragged from its Explorer, and how everybody else does. */
const listTypes = ['application/vnd.code.uri-list', 'text/uri-list'];
/** As many as one message may name, and as long as one may be. */
const mostUris = 20;
const longestUri = 4000;

/** Takes files that are dropped anywhere on the panel. VS Code lets them through while Shift is held. */
export function listenForDrops(studio: Studio): void {
  document.addEventListener('dragover', (event) => {
    if (!isOfFiles(event)) return;
    event.preventDefault();
    studio.setDropping('over');
  });
  document.addEventListener('dragleave', (event) => event.relatedTarget === null && studio.setDropping('no'));
  document.addEventListener('drop', (event) => {
    studio.setDropping('no');
    if (!isOfFiles(event)) return;
    // Without this the panel would become what was dropped.
    event.preventDefault();
    const uris = readUris(event);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (uris.length === 0 && files.length > 0) void studio.laterPart.takeFiles(files);
    else studio.dropSources(uris);
  });
}

const isOfFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.some((type) => listTypes.includes(type) || type === 'Files') ?? false;

function readUris({ dataTransfer }: DragEvent): string[] {
  const list = listTypes.map((type) => dataTransfer?.getData(type)).find(Boolean) ?? '';
  return list
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && line.length <= longestUri)
    .slice(0, mostUris);
}
