/** Deterministic numbers: only integer arithmetic, so that every machine draws the same picture. */

/** A 32-bit hash of a text (FNV-1a over UTF-16 units, then mixed). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return scramble(hash);
}

/** A 32-bit hash of several whole numbers, in order. */
export function hashNumbers(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const number of numbers) hash = scramble(hash ^ Math.imul(number | 0, 0x85ebca6b)) + 0x165667b1;
  return hash >>> 0;
}

/** Numbers from 0 up to, not including, 1, the same for the same start (mulberry32). */
export function generator(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Smooth noise along a line, from -1 to 1; `start` chooses the line. */
export function noise(position: number, start: number): number {
  const cell = Math.floor(position);
  const within = position - cell;
  const eased = within * within * (3 - 2 * within);
  const from = hashNumbers(start, cell) / 2_147_483_648 - 1;
  const to = hashNumbers(start, cell + 1) / 2_147_483_648 - 1;
  return from + (to - from) * eased;
}

function scramble(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
