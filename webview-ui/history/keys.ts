import type { Gallery } from './gallery.ts';

/** What the keyboard does on the entry at a place of the grid. */
export function onGridKey(gallery: Gallery, event: KeyboardEvent, place: number): void {
  if (event.target !== event.currentTarget || event.isComposing || !act(gallery, event, place)) return;
  event.preventDefault();
  // VS Code would take some of these for its own.
  event.stopPropagation();
}

function act(gallery: Gallery, event: KeyboardEvent, place: number): boolean {
  const { key, shiftKey } = event;
  const to = placeOf(gallery, event, place);
  if (to !== undefined) {
    gallery.move(to, shiftKey);
    return true;
  }
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !shiftKey && key.toLowerCase() === 'a') {
    gallery.chooseAll();
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  switch (key) {
    case 'Enter':
      gallery.open(place);
      return true;
    case ' ':
      gallery.toggle(place);
      return true;
    case 's':
    case 'S':
      gallery.star(place);
      return true;
    case 'Delete':
    case 'Backspace':
      gallery.deleteAtKeyboard();
      return true;
    case 'Escape':
      if (gallery.chosen.length === 0) return false;
      gallery.chooseNone();
      return true;
    default:
      return false;
  }
}

/** Where a key leads; undefined where it leads nowhere. */
function placeOf({ columns, page, view }: Gallery, event: KeyboardEvent, place: number): number | undefined {
  const row = Math.floor(place / columns);
  const isFar = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case 'ArrowLeft':
      return place - 1;
    case 'ArrowRight':
      return place + 1;
    case 'ArrowUp':
      return row === 0 ? place : place - columns;
    case 'ArrowDown':
      return place + columns;
    case 'PageUp':
      return place - Math.min(row, page) * columns;
    case 'PageDown':
      return place + page * columns;
    case 'Home':
      return isFar ? 0 : row * columns;
    case 'End':
      return isFar ? (view?.total ?? 1) - 1 : row * columns + columns - 1;
    default:
      return undefined;
  }
}
