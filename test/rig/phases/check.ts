import { delimiter, join } from 'node:path';
import { brokenBudgets } from '../budgets.ts';
import { packageExtension } from '../extension.ts';
import { root } from '../places.ts';
import { run } from '../processes.ts';
import type { Outcome, Phase } from './phase.ts';

/** Types, lint, format, dead code, generated files, budgets: what needs no test to be seen. */
export const checkPhase: Phase = { name: 'check', run: check };

interface Step {
  readonly name: string;
  /** The findings as text; empty when there are none. */
  readonly findings: () => Promise<string>;
}

const linted = ['src', 'webview-ui', 'test', 'esbuild.mjs'];

const steps: readonly Step[] = [
  { name: 'types', findings: () => tool('tsc', ['-b']) },
  { name: 'lint, import fences', findings: () => tool('oxlint', ['--type-aware', '--deny-warnings', ...linted]) },
  { name: 'format', findings: () => tool('oxfmt', ['--check', '.']) },
  { name: 'dead code', findings: () => tool('knip', ['--no-progress']) },
  { name: 'generated files', findings: () => script('generate.ts') },
  { name: 'third-party notices', findings: () => script('notices.ts') },
  { name: 'bundles and package', findings: budgets },
];

async function check(): Promise<Outcome> {
  let failed = 0;
  for (const step of steps) {
    const findings = await step.findings().catch((error: unknown) => String(error));
    console.log(findings ? `✘ ${step.name}\n${indented(findings)}` : `✔ ${step.name}`);
    if (findings) failed++;
  }
  return { passed: steps.length - failed, failed, skipped: 0 };
}

async function tool(name: string, args: readonly string[]): Promise<string> {
  const bin = join(root, 'node_modules', '.bin');
  const env = { PATH: `${bin}${delimiter}${process.env['PATH']}` };
  const { code, output } = await run(join(bin, name), args, { output: 'keep', env });
  return code === 0 ? '' : output.trim() || `${name} ended with ${code}`;
}

/** Runs one of our own scripts with `--check`. */
async function script(name: string): Promise<string> {
  const { code, output } = await run(process.execPath, [join('test', 'rig', name), '--check'], { output: 'keep' });
  return code === 0 ? '' : output.trim() || `${name} ended with ${code}`;
}

async function budgets(): Promise<string> {
  await packageExtension();
  return brokenBudgets().join('\n');
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
