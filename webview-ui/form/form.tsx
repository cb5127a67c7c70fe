import type { JSX } from 'preact';
import { type ImageRequest, isEdit, usesThinking } from '../../src/core/request.ts';
import { Icon } from '../parts/icon.tsx';
import { AdvancedFields } from './advancedFields.tsx';
import { CountField } from './countField.tsx';
import { InputList } from './inputList.tsx';
import { ModeField } from './modeField.tsx';
import { PaletteField } from './paletteField.tsx';
import { PromptField } from './promptField.tsx';
import { RunBar } from './runBar.tsx';
import { SeedField } from './seedField.tsx';
import { SetLines } from './setLines.tsx';
import { SizeFields } from './sizeFields.tsx';
import { ThinkingField } from './thinkingField.tsx';
import { VariantField } from './variantField.tsx';
import type { WithStudio } from '../state.ts';

/** What the user asks for. Only what the chosen mode can use is drawn. */
export function Form({ studio }: WithStudio): JSX.Element {
  const { service } = studio.shown;
  const { text: t } = studio;
  const request = studio.request;
  return (
    <section class="form" aria-label={t('formHeading')}>
      <div class="form-scroll" id="form-scroll">
        <header class="row apart head">
          <h1>{t('title')}</h1>
          <span class="row hint">
            <Icon name={service.mode === 'practice' ? 'beaker' : 'cloud'} />
            {service.mode === 'practice' ? t('practiceTitle') : service.name}
          </span>
        </header>
        <ModeField studio={studio} />
        <PromptField studio={studio} />
        <InputList studio={studio} />
        {request.imageSet && <SetLines studio={studio} />}
        <VariantField studio={studio} />
        <SizeFields studio={studio} />
        {!request.imageSet && <CountField studio={studio} />}
        {usesThinking(request) ? (
          <ThinkingField studio={studio} />
        ) : (
          <p class="off hint">{t(whyNoThinking(request))}</p>
        )}
        <div class="sections">
          {!request.imageSet || request.palette.length > 0 ? (
            <PaletteField studio={studio} />
          ) : (
            <p class="off hint section">{t('paletteOffSet')}</p>
          )}
          <SeedField studio={studio} />
          <AdvancedFields studio={studio} />
        </div>
      </div>
      <RunBar studio={studio} />
    </section>
  );
}

/** Why thinking has no effect, in the order in which preflight gives its reasons. */
function whyNoThinking(request: ImageRequest): 'thinkingOffImages' | 'thinkingOffSet' | 'thinkingOffStandard' {
  if (isEdit(request)) return 'thinkingOffImages';
  return request.imageSet ? 'thinkingOffSet' : 'thinkingOffStandard';
}
