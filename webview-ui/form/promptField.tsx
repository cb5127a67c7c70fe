import type { JSX } from 'preact';
import { modelCard } from '../../src/core/modelCard.ts';
import { composePrompt, countCharacters } from '../../src/core/prompt.ts';
import { formatNumber } from '../format.ts';
import type { Loaded, WithStudio } from '../state.ts';
import { Button } from '../parts/button.tsx';
import { fieldId, hintId, problemsId } from '../parts/fieldIds.ts';
import { hasError, Problems } from '../parts/problems.tsx';

/** The prompt, with a counter of the text that will be sent. */
export function PromptField({ studio }: WithStudio): JSX.Element {
  const { text: t, later } = studio;
  const { prompt, imageSet, inputs } = studio.request;
  const kind = imageSet ? 'Set' : inputs.length > 0 ? 'Edit' : '';
  return (
    <div class="field">
      <label class="label" for={fieldId('prompt')}>
        {t(`promptLabel${kind}`)}
      </label>
      <textarea
        id={fieldId('prompt')}
        class="prompt"
        rows={4}
        value={prompt}
        placeholder={t(`promptPlaceholder${kind}`)}
        aria-invalid={hasError(studio, 'prompt')}
        aria-describedby={`${hintId('prompt')} ${problemsId('prompt')}`}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onInput={(event) => studio.change({ prompt: event.currentTarget.value })}
        onKeyDown={later?.prompts.onKey}
      />
      <div class="below-prompt hint apart">
        <span id={hintId('prompt')}>{t(kind === 'Edit' ? 'promptHintEdit' : 'promptHint')}</span>
        <Counter studio={studio} />
      </div>
      <div class="prompt-tools">{later?.drawPromptTools(studio)}</div>
      <Undo studio={studio} />
      <Problems studio={studio} field="prompt" />
    </div>
  );
}

function Counter({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const used = countCharacters(composePrompt(studio.request));
  const { maxCharacters } = modelCard.prompt;
  const args = [formatNumber(used), formatNumber(maxCharacters)] as const;
  return (
    <span class={used > maxCharacters ? 'counter counter-over' : 'counter'} title={t('promptCounterSpoken', ...args)}>
      {t('promptCounter', ...args)}
    </span>
  );
}

const loadedText = {
  example: 'loadedExample',
  job: 'loadedJob',
  draft: 'loadedDraft',
  starter: 'loadedStarter',
  history: 'loadedHistory',
} as const satisfies Record<Loaded['from'], string>;

/** Offers what stood in the form before it was filled from elsewhere. */
function Undo({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const loaded = studio.loaded;
  return (
    <div class="row small" role="status">
      {loaded && (
        <>
          <span class="undo">{t(loadedText[loaded.from])}</span>
          <Button look="link" class="undo" onClick={() => studio.undoLoad()}>
            {t('undoLoad')}
          </Button>
        </>
      )}
    </div>
  );
}
