/**
 * The one place that loads parts on first use, so that activation does not pay for them.
 */

/** The network client with undici; in the built extension a bundle of its own. */
export const loadService = () => import('../service/main.ts');

/** The check that a file is a whole picture; in the built extension evaluated on first use. */
export const loadInspection = () => import('./inspectPicture.ts');

/** The extension's own parts, a bundle of its own: a window in which nothing is asked of us does not read it. */
export const loadApp = () => import('./app.ts');

/** What documents are offered for the pictures they refer to; a bundle of its own, loaded with the first such document. */
export const loadReferences = () => import('./missing/main.ts');
