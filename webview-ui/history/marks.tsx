import type { JSX } from 'preact';

/** A star, full for a favourite. */
export function Star({ isFull }: { isFull: boolean }): JSX.Element {
  return (
    <svg class={isFull ? 'icon star-full' : 'icon'} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d="m8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z" />
    </svg>
  );
}
