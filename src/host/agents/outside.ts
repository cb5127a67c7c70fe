import { l10n } from 'vscode';
import { type AgentCall, keepsOutside } from '../../core/agentTools.ts';
import { insideVerdict, type InsideRefusal } from '../../core/insideBoxes.ts';
import { asText } from '../../core/joining.ts';
import type { SourceFacts } from '../../core/preparation.ts';
import { ratioOf } from '../../core/size.ts';
import type { Outside } from '../api/wanImageStudio.ts';
import type { InsidePictures } from '../editing/insidePictures.ts';
import { verdictOf, versionKeepingOutside } from '../editing/versions.ts';
import type { FoundResult } from '../services.ts';
import { noInsideSentence } from '../telling.ts';
import type { AgentProblem } from './agentTypes.ts';

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
    return answer(asText([reasonSentence(verdict.reason, call.input.image), l10n.t('All of the answer was saved.')]));
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

/** What is known before anything is paid: why the file of a call cannot keep what lies outside the boxes. */
export function outsideForeseen(call: AgentCall, facts: SourceFacts | undefined): AgentProblem | undefined {
  if (call.kind !== 'editRegion' || !keepsOutside(call) || !facts) return undefined;
  const { ratio, boxes = [], image } = call.input;
  const verdict = insideVerdict(
    { inputs: [{ id: image, boxes }], sources: [{ id: image, facts }] },
    ratio ? { width: ratioOf(ratio), height: 1 } : facts,
  );
  if (verdict?.possible !== false) return undefined;
  return {
    code: 'outside-changes',
    field: verdict.reason === 'ratio' ? 'ratio' : 'image',
    severity: 'warning',
    sentence: asText([reasonSentence(verdict.reason, image), l10n.t('All of the answer will be saved.')]),
    ...(verdict.reason === 'ratio' && { fix: l10n.t('Leave out ratio.') }),
  };
}

/** No word of running it again, which a model would do at once. */
const reasonSentence = (reason: InsideRefusal, name: string): string =>
  reason === 'ratio'
    ? l10n.t('Outside the boxes it cannot stay as it was, since the answer has another shape than {0}.', name)
    : noInsideSentence(reason, name);

const answer = (sentence: string): Outside => ({ is: 'answer', sentence });
