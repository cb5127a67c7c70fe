import type { PanelStringKey } from '../src/core/panelStrings.ts';

/** A sentence of the panel by its key, and what fills it. */
export type Words = readonly [key: PanelStringKey, ...args: (string | number)[]];
