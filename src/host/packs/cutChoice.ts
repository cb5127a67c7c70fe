import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { type Background, type CutOptions, type CutReport, mostEdge, mostTolerance } from '../../core/cutOut.ts';
import { cutSentence, percent } from './words.ts';

/** What the user does with a cut that is shown: another one, or a format to save it in. */
export type CutChange = CutOptions | 'png' | 'webp';

/** Tells what a cut has come to, and asks what next. Undefined where the user leaves it. */
export async function chooseChange(
  options: CutOptions,
  background: Background,
  report: CutReport,
): Promise<CutChange | undefined> {
  const { key, tolerance, edge, holes } = options;
  const rows = [
    { label: l10n.t('$(save) Save as PNG'), does: 'png' as const },
    { label: l10n.t('$(save) Save as WebP'), does: 'webp' as const },
    {
      label: l10n.t('$(paintcan) Colour of the Background…'),
      description: keyWords(key, background),
      does: 'key' as const,
    },
    { label: l10n.t('$(add) More Tolerance'), description: percent(tolerance), does: 'more' as const },
    { label: l10n.t('$(remove) Less Tolerance'), description: percent(tolerance), does: 'less' as const },
    { label: l10n.t('$(circle-large) Softer Edge'), description: edgeWords(edge), does: 'softer' as const },
    { label: l10n.t('$(primitive-square) Harder Edge'), description: edgeWords(edge), does: 'harder' as const },
    {
      label: holes
        ? l10n.t('$(circle-slash) Leave Enclosed Places')
        : l10n.t('$(circle-slash) Cut Out Enclosed Places Too'),
      does: 'holes' as const,
    },
  ];
  const chosen = await vscode.window.showQuickPick(rows, {
    title: l10n.t('Cut Out Background'),
    placeHolder: cutSentence(report),
    ignoreFocusOut: true,
  });
  switch (chosen?.does) {
    case undefined:
      return undefined;
    case 'png':
    case 'webp':
      return chosen.does;
    case 'key':
      return { ...options, key: (await askColour(key)) ?? key };
    case 'more':
      return { ...options, tolerance: Math.min(mostTolerance, rounded(tolerance + step(tolerance))) };
    case 'less':
      return { ...options, tolerance: Math.max(0.01, rounded(tolerance - step(tolerance))) };
    case 'softer':
      return { ...options, edge: Math.min(mostEdge, edge + 1) };
    case 'harder':
      return { ...options, edge: Math.max(0, edge - 1) };
    case 'holes':
      return { ...options, holes: !holes };
  }
}

const step = (tolerance: number): number => (tolerance < 0.1 ? 0.02 : 0.04);
const rounded = (part: number): number => Math.round(part * 100) / 100;
const edgeWords = (edge: number): string => l10n.t('{0} px', edge);

function keyWords(key: string, { key: found, evenness, transparent }: Background): string {
  if (key !== found) return key;
  if (transparent > 0.5) return l10n.t('{0}; the border is transparent already', key);
  return l10n.t('{0}; {1} of the border has it', key, percent(evenness));
}

async function askColour(key: string): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: l10n.t('Colour of the Background'),
    prompt: l10n.t('Six digits, such as #00FF00'),
    value: key,
    validateInput: (text) => (isColour(text) ? undefined : l10n.t('Write the colour as six digits, such as #00FF00.')),
  });
  return typed !== undefined && isColour(typed) ? typed.trim().toUpperCase() : undefined;
}

const isColour = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text.trim());
