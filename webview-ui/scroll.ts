import type { Studio } from './state.ts';

const column = (name: 'form' | 'results'): HTMLElement | null => document.getElementById(`${name}-scroll`);

/** Brings the panel back to where it was scrolled to. */
export function restoreScroll({ scroll }: Studio): void {
  window.scrollTo(0, scroll.page);
  column('form')?.scrollTo(0, scroll.form);
  column('results')?.scrollTo(0, scroll.results);
}

/** Keeps note of where the panel is scrolled to. */
export function rememberScroll(studio: Studio): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const remember = (): void =>
    studio.rememberScroll({
      page: window.scrollY,
      form: column('form')?.scrollTop ?? 0,
      results: column('results')?.scrollTop ?? 0,
    });
  const onScroll = (): void => {
    clearTimeout(timer);
    timer = setTimeout(remember, 200);
  };
  // Scrolling does not bubble, but it can be caught on its way down.
  document.addEventListener('scroll', onScroll, { capture: true, passive: true });
}
