// Builds the extension into dist/: the host bundle that activation loads, the parts that are loaded on first use, and the panel.
import { build } from 'esbuild';
import { cp, mkdir, rm } from 'node:fs/promises';

const watch = process.argv.includes('--watch');
void watch;
await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
