import { render } from 'preact';
import { App } from './app.tsx';
import { listenForDrops } from './form/dropping.ts';
import { runForm } from './form/runForm.ts';
import { connectHost } from './host.ts';
import { rememberScroll, restoreScroll } from './scroll.ts';
import { Studio } from './state.ts';
// oxlint-disable-next-line import/no-unassigned-import -- the bundler writes the styles to a file of their own
import './studio.css';

const root = document.getElementById('root') ?? document.body;
const host = connectHost();
const studio = new Studio(host, draw);

host.onSnapshot((snapshot) => {
  const isFirst = !studio.snapshot;
  if (isFirst) root.replaceChildren();
  studio.receive(snapshot);
  if (!isFirst) return;
  restoreScroll(studio);
  // A frame is painted after its callbacks have run, and before the next task.
  requestAnimationFrame(() => setTimeout(() => studio.goOn()));
});
rememberScroll(studio);
listenForDrops(studio);

// Jobs show the time they have taken.
setInterval(() => studio.hasActiveJob && draw(), 1000);

// A panel that is hidden is taken down without further notice.
window.addEventListener('pagehide', () => studio.flush());
document.addEventListener('visibilitychange', () => studio.flush());

document.addEventListener('keydown', (event) => {
  if (
    event.key !== 'Enter' ||
    !(event.ctrlKey || event.metaKey) ||
    event.isComposing ||
    event.repeat ||
    !studio.snapshot ||
    // Nothing is bought from behind a dialog.
    document.querySelector(':modal')
  )
    return;
  event.preventDefault();
  runForm(studio);
});

host.send({ type: 'ready' });

/** Draws everything anew; Preact changes in the page only what differs. Before the host has spoken there is nothing to draw. */
function draw(): void {
  if (studio.snapshot) render(<App studio={studio} />, root);
}
