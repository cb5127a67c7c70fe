import { join } from 'node:path';
import type * as vscode from 'vscode';
import { createPixels } from '../../pixels/client.ts';
import { KeptBytes } from '../editing/keptBytes.ts';
import { readSetting } from '../settingsReader.ts';
import { SaveChoices } from './choices.ts';
import { Destinations } from './destinations.ts';
import { Making } from './making.ts';
import { SaveError } from './saveError.ts';

interface Parts {
  /** The bundled worker of the pixel engine. */
  readonly workerFile: string;
  /** Where what is made lies until it is saved. */
  readonly folder: string;
  readonly memento: Pick<vscode.Memento, 'get' | 'update'>;
  readonly publicRootOf: (uri: vscode.Uri) => Promise<vscode.Uri | undefined>;
}

/** How pictures become files: in what form, where and under which name. */
export interface SavingParts {
  readonly destinations: Destinations;
  readonly making: Making;
  readonly choices: SaveChoices;
  /** What was made, and what gave way to it. */
  readonly kept: KeptBytes;
  /** What was made and not used for long goes. */
  readonly tidy: () => Promise<unknown>;
}

/** An AVIF of a 4K picture takes a minute and more on a slow machine, in milliseconds. */
const longestMs = 300_000;
/** How much of what was made may stay in any case, in bytes. */
const mostMade = 256 * 1024 ** 2;
/** What was made in this time stays, in milliseconds. */
const recentMs = 24 * 60 * 60 * 1000;

/** Builds what saving needs beside the one who writes. */
export function createSaving({ workerFile, folder, memento, publicRootOf }: Parts): SavingParts {
  const kept = new KeptBytes(join(folder, 'made'));
  return {
    destinations: new Destinations({ publicRootOf, now: Date.now }),
    making: new Making({ start: () => createPixels(workerFile, { timeLimitMs: longestMs }), kept }),
    choices: new SaveChoices(memento),
    kept,
    tidy: () => kept.shrink({ most: mostMade, before: Date.now() - recentMs }),
  };
}

/** The save folder for people; one that is wrong is told elsewhere, and shown as it is written. */
export async function shownFolder(
  partsOf: (workspaceFolder: vscode.Uri) => Promise<readonly string[]>,
  workspaceFolder: vscode.Uri,
): Promise<string> {
  try {
    return (await partsOf(workspaceFolder)).join('/');
  } catch (error) {
    if (!(error instanceof SaveError)) throw error;
    return readSetting('saveFolder', workspaceFolder);
  }
}
