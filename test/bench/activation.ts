import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { byTurns, type Measured } from './measure.ts';

const run = promisify(execFile);

/**
 * How long it takes to evaluate the bundle that activation loads, against an extension that does nothing. Each figure is
 * a fresh process with a stand-in for `vscode`.
 */
export async function activation(): Promise<Measured[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const empty = join(folder, 'empty.cjs');
    await writeFile(
      empty,
      "'use strict';const vscode=require('vscode');exports.activate=()=>{void vscode;};exports.deactivate=()=>{};\n",
    );
    const evaluate = join(folder, 'evaluate.cjs');
    await writeFile(evaluate, evaluator);
    const timeOf = async (bundle: string): Promise<number> =>
      Number((await run(process.execPath, [evaluate, bundle])).stdout);
    const bundle = resolve('dist/extension.cjs');
    const figures = await byTurns(
      15,
      () => timeOf(bundle),
      () => timeOf(empty),
    );
    return [
      { name: 'evaluating the activation bundle', ...figures, unit: 'ms', against: 'an empty extension', budget: 4 },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Any property of the stand-in is itself, callable and constructible, so that module code of any kind evaluates. What inherits
 * from it does so too: a bundle makes an object of its own from a module.
 */
const evaluator = `
const Module = require('node:module');
const stub = new Proxy(class {}, {
  get: (target, key) => (key === 'prototype' ? target.prototype : stub),
  getPrototypeOf: () => stub,
  apply: () => stub,
  construct: () => ({}),
});
const load = Module._load;
Module._load = function (name, ...rest) { return name === 'vscode' ? stub : load.call(this, name, ...rest); };
const start = process.hrtime.bigint();
require(process.argv[2]);
process.stdout.write(String(Number(process.hrtime.bigint() - start) / 1e6));
`;
