import type { JSX } from 'preact';

const circle = 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z';

/** Lines on a 16 by 16 grid, drawn in the manner of VS Code's own icons. */
const paths = {
  add: 'M8 3v10M3 8h10',
  box: 'M2.5 4.5v-2h2M7 2.5h2m2.5 0h2v2m0 2.5v2m0 2.5v2h-2M9 13.5H7m-2.5 0h-2v-2m0-2.5V7',
  beaker: 'M6 2.5h4M7 2.5v4L3.4 12.5a1 1 0 0 0 .9 1.5h7.4a1 1 0 0 0 .9-1.5L9 6.5v-4M5 10h6',
  'chevron-right': 'm6 3.5 4.5 4.5L6 12.5',
  close: 'm4 4 8 8m0-8-8 8',
  cloud: 'M4.7 12.5a3 3 0 0 1-.2-6 3.9 3.9 0 0 1 7.4 1.2 2.4 2.4 0 0 1-.2 4.8z',
  down: 'M8 3v10M4 9l4 4 4-4',
  edit: 'm2.8 13.2.8-3L10.8 3a1.2 1.2 0 0 1 1.7 0l.5.5a1.2 1.2 0 0 1 0 1.7l-7.2 7.2zM9.5 4.3l2.2 2.2',
  error: `${circle}M5.8 5.8l4.4 4.4m0-4.4-4.4 4.4`,
  fit: 'M2.5 6V2.5H6m4 0h3.5V6m0 4v3.5H10m-4 0H2.5V10',
  folder: 'M2.5 12V4.5a1 1 0 0 1 1-1h2.7L8 5.3h4.5a1 1 0 0 1 1 1V12a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1z',
  history: `${circle}M8 4.8V8l2.2 1.4`,
  info: `${circle}M8 7.5v3.7M8 4.7v.6`,
  insert: 'M2.5 3.5h11m-11 9h11m0-4.5H8m2.3-2.3L8 8l2.3 2.3M2.5 8h2',
  key: 'M8 8.2a3 3 0 1 1-.2-.2L13 2.8l.7.7m-2.2.8 1.8 1.8',
  layers: 'M5.5 2.5h7a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1zM2.5 6v6.5a1 1 0 0 0 1 1H11',
  lightbulb: 'M6.3 11.2v-.6c0-.8-.4-1.3-.9-1.8a3.7 3.7 0 1 1 5.2 0c-.5.5-.9 1-.9 1.8v.6zm.2 2.3h3',
  link: 'M6.5 9.5l3-3M7 5l1.7-1.7a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.7 1.7a2.8 2.8 0 0 1-4-4L5 7',
  lock: 'M4 7.5h8v6H4zM5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2',
  minus: 'M3 8h10',
  more: 'M3 7.5h1v1H3zm4.5 0h1v1h-1zm4.5 0h1v1h-1z',
  open: 'M9.5 2.5h4v4m0-4L8 8M6.5 3.5h-3a1 1 0 0 0-1 1v8a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1v-3',
  paste: 'M5.5 3.5h-2v10h9v-10h-2M6 2.5h4v2.5H6zM6 8.5h4M6 11h4',
  picture:
    'M3.5 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm-1 8.5L6 8l5 5M8.8 10.8 10.5 9l3 3M10.5 6v.01',
  redo: 'M13 6.5H6a3.5 3.5 0 0 0 0 7h3M10 3.5l3 3-3 3',
  refresh: 'M13 8a5 5 0 1 1-1.4-3.5L13 6m0-3.2V6H9.8',
  replace: 'M2.5 3h5v5h-5zM8.5 8.5h5v5h-5zM10 3.5h1.5a1 1 0 0 1 1 1V6M6 12.5H4.5a1 1 0 0 1-1-1V10',
  save: 'M3.5 2.5H11L13.5 5v7.5a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM5.5 2.5v3h4v-3m-5 11V9h7v4.5',
  sparkle:
    'm7 3 1.2 3.3L11.5 7.5 8.2 8.7 7 12 5.8 8.7 2.5 7.5l3.3-1.2zm5.3 7.2.6 1.6 1.6.6-1.6.6-.6 1.6-.6-1.6-1.6-.6 1.6-.6z',
  stop: `${circle}M6 6h4v4H6z`,
  swap: 'M2.5 5.5h11M10.5 2.5l3 3-3 3m3 2h-11m3-3-3 3 3 3',
  trash: 'M3 4.5h10M6 4.5v-2h4v2m-5.5 0 .6 9h5.8l.6-9M7 7v4m2-4v4',
  undo: 'M3 6.5h7a3.5 3.5 0 0 1 0 7H7M6 3.5l-3 3 3 3',
  unlock: 'M4 7.5h8v6H4zM5.5 7.5v-2a2.5 2.5 0 0 1 4.8-1',
  up: 'M8 13V3M4 7l4-4 4 4',
  warning: 'M7.6 2.5a.5.5 0 0 1 .8 0l5.5 10a.5.5 0 0 1-.4.8h-11a.5.5 0 0 1-.4-.8zM8 6.5V10m0 1.3v.5',
} as const;

export type IconName = keyof typeof paths;

/** A picture beside words, never instead of them: screen readers pass it over. */
export function Icon({ name, class: className }: { name: IconName; class?: string }): JSX.Element {
  return (
    <svg class={className ? `icon ${className}` : 'icon'} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
