import { l10n } from 'vscode';
import { type AgentCall, keepsOutside } from '../../core/agentTools.ts';
import { asText } from '../../core/joining.ts';
import type { Outside } from '../api/wanImageStudio.ts';
import type { InsidePictures } from '../editing/insidePictures.ts';
import { verdictOf, versionKeepingOutside } from '../editing/versions.ts';
import type { FoundResult } from '../services.ts';
import { noInsideSentence } from '../telling.ts';

/**
 * What the saved file of an answer has outside the boxes of its edit, and why; undefined where there are no boxes.
 * @param file its URI
 * @param format that of the file
 */
export async function outsideOf(
  call: AgentCall,
  found: FoundResult,
  { file, format }: { readonly file: string; readonly format: string },
  inside: Pick<InsidePictures, 'outsideOf'>,
): Promise<Outside | undefined> {
  const { record } = found.job;
  if (call.kind !== 'editRegion' || (call.input.boxes ?? []).length === 0) return undefined;
  if (!keepsOutside(call)) return answer(l10n.t('All of the answer was saved, as was asked for.'));
  const verdict = verdictOf(record, found.result);
  if (verdict?.possible === false)
    return answer(asText([noInsideSentence(verdict.reason, call.input.image), l10n.t('All of the answer was saved.')]));
  const version = versionKeepingOutside(record, found.result, format);
  if (!version || found.result.versionsSavedAs?.[version] !== file)
    return answer(
      l10n.t('The answer could not be put into the boxes, and the log says more. All of the answer was saved.'),
    );
  const isOneStep = version === 'inside' || format === 'png';
  return isOneStep && (await inside.outsideOf(found, version)) === 'identical'
    ? { is: 'same', sentence: l10n.t('Outside the boxes every pixel is that of the picture.') }
    : { is: 'nearly', sentence: l10n.t('Outside the boxes it is as before, but for what compression changes.') };
}

const answer = (sentence: string): Outside => ({ is: 'answer', sentence });
