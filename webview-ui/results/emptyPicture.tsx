import type { JSX } from 'preact';

/** Overlapping empty frames, in the colours of the theme. */
export function EmptyPicture(): JSX.Element {
  return (
    <svg width="128" height="88" viewBox="0 0 128 88" aria-hidden="true">
      <rect x="6.5" y="22.5" width="62" height="46" rx="5" stroke-opacity=".5" transform="rotate(-7 37 45)" />
      <rect x="59.5" y="20.5" width="62" height="46" rx="5" stroke-opacity=".5" transform="rotate(7 90 43)" />
      <rect x="27.5" y="14.5" width="73" height="56" rx="6" />
      <path d="m28 60 18-14 10 9 17-19 27 25v4a5 5 0 0 1-5 5H33a5 5 0 0 1-5-5zM47 25a6 6 0 1 1 0 12 6 6 0 0 1 0-12z" />
    </svg>
  );
}
