import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { brokenFences, brokenFencesBelow, importsOf, rooms } from './fences.ts';
import { root } from './places.ts';

test('every room imports only what the design allows', () => {
  expect(brokenFencesBelow(root)).toEqual([]);
});

test('every folder under src is a room of the table', () => {
  const folders = globSync('src/*/', { cwd: root }).map((path) => path.replaceAll('\\', '/').replace(/\/$/, ''));
  expect(folders.filter((folder) => !Object.hasOwn(rooms, folder))).toEqual([]);
});

const planted = [
  ['src/core/size.ts', `import { readFileSync } from 'node:fs';`],
  ['src/core/size.ts', `import { z } from 'zod';`],
  ['src/core/size.ts', `import * as z from 'zod/v4/core';`],
  ['src/core/deep/size.ts', `import type { Header } from '../../pixels/header.ts';`],
  ['src/pixels/decode.ts', `import type * as vscode from 'vscode';`],
  ['src/pixels/decode.ts', `import { request } from 'undici';`],
  ['src/service/client.ts', `import { headerOf } from '../pixels/header.ts';`],
  ['src/service/client.ts', `import { Jobs } from '../jobs/jobs.ts';`],
  ['src/jobs/vault.ts', `import * as vscode from 'vscode';`],
  ['src/jobs/vault.ts', `export { request } from 'undici';`],
  ['src/jobs/vault.ts', `const host = await import('../host/saver.ts');`],
  ['src/simulator/validator.ts', `import { preflight } from '../core/preflight.ts';`],
  ['src/simulator/validator.ts', `import { type Box, preflight } from '../core/preflight.ts';`],
  ['src/simulator/rules/size.ts', `import {\n  modelCard,\n} from '../../core/modelCard.ts';`],
  ['src/simulator/validator.ts', `export * from '../core/rules.ts';`],
  ['src/simulator/validator.ts', `import '../core/rules.ts';`],
  ['src/simulator/validator.ts', `import * as z from 'zod/mini';`],
  ['src/simulator/main.ts', `import { client } from '../service/client.ts';`],
  ['src/host/lazy.ts', `import { request } from 'undici';`],
  ['src/host/lazy.ts', `import Vips from 'wasm-vips';`],
  ['src/host/panel.ts', `import { App } from '../../webview-ui/app.tsx';`],
  ['src/host/panel.ts', `const fs = require('fs');`],
  ['webview-ui/app.tsx', `import { Uri } from 'vscode';`],
  ['webview-ui/app.tsx', `import type { Job } from '../src/jobs/engineTypes.ts';`],
  ['webview-ui/parts/app.tsx', `import { join } from 'node:path';`],
] as const;

test.each(planted)('in %s a forbidden import is found: %s', (file, source) => {
  expect(brokenFences(file, `/** A file. */\n${source}\nexport const one = 1;\n`)).toHaveLength(1);
});

const fine = [
  ['src/core/size.ts', `import * as z from 'zod/mini';\nimport { box } from './box.ts';`],
  [
    'src/core/size.ts',
    `// import * as vscode from 'vscode';\n/* import 'undici'; */\nconst text = "It comes from 'undici'";`,
  ],
  ['src/simulator/validator.ts', `import type { Box } from '../core/request.ts';`],
  ['src/simulator/validator.ts', `import { type Box, type Size } from '../core/request.ts';`],
  ['src/simulator/draw.ts', `import { writePng } from '../pixels/png.ts';\nimport { deflateSync } from 'node:zlib';`],
  ['src/host/lazy.ts', `import * as vscode from 'vscode';\nexport const load = () => import('../service/main.ts');`],
  [
    'webview-ui/app.tsx',
    `import { render } from 'preact';\nimport { preflight } from '../src/core/preflight.ts';\nimport './app.css';`,
  ],
] as const;

test.each(fine)('in %s an allowed import passes: %s', (file, source) => {
  expect(brokenFences(file, source)).toEqual([]);
});

test('imports of every form are seen', () => {
  const source = [
    `import one from 'one'; import * as two from "two";`,
    `import { a, b as c } from 'three'`,
    `export { d } from 'four';`,
    `export type { E } from 'five';`,
    `import 'six';`,
    `const seven = await import('seven');`,
    `const eight = require('eight');`,
    `import nine, { type F } from 'nine';`,
  ].join('\n');
  expect(
    importsOf(source)
      .map(({ specifier }) => specifier)
      .sort(),
  ).toEqual(['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'].sort());
});
