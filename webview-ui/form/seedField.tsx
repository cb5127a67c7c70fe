import type { JSX } from 'preact';
import { modelCard } from '../../src/core/modelCard.ts';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/choice.tsx';
import { NumberField } from '../parts/numberField.tsx';
import { Section } from '../parts/section.tsx';
import type { WithStudio } from '../state.ts';

/** A new seed for every run, or one that is kept. */
export function SeedField({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const { seed } = studio.request;
  const isFixed = seed !== undefined;
  const last = studio.shown.jobs[0]?.request.seed;
  const random = last === undefined ? t('seedSummaryRandom') : t('seedSummaryLast', last);
  const summary = isFixed && !Number.isNaN(seed) ? String(seed) : random;
  return (
    <Section studio={studio} name="seed" label={t('seedLabel')} summary={summary} fields={['seed']}>
      <Choice
        studio={studio}
        field="seedKind"
        label={t('seedLabel')}
        isLabelHidden
        look="list"
        value={isFixed ? 'fixed' : 'random'}
        onChoose={(kind) => studio.change({ seed: kind === 'fixed' ? drawSeed() : undefined })}
        options={[
          { value: 'random', content: <Kind name={t('seedRandom')} text={t('seedRandomText')} /> },
          { value: 'fixed', content: <Kind name={t('seedFixed')} text={t('seedFixedText')} /> },
        ]}
      />
      {!isFixed && last !== undefined && (
        <div class="seed-line row">
          <span>{t('seedLast', last)}</span>
          <Button icon="lock" onClick={() => studio.change({ seed: last })}>
            {t('seedKeep')}
          </Button>
        </div>
      )}
      {studio.later?.drawRemoved(studio, 'seed')}
      {isFixed && (
        <div class="seed-line row">
          <NumberField
            studio={studio}
            field="seed"
            label={t('seedNumber')}
            value={seed}
            min={modelCard.seed.min}
            max={modelCard.seed.max}
            onChange={(value) => studio.change({ seed: value ?? Number.NaN })}
          />
          <Button icon="refresh" onClick={() => studio.change({ seed: drawSeed() })}>
            {t('drawSeed')}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Kind({ name, text }: { name: string; text: string }): JSX.Element {
  return (
    <span class="card">
      <span>{name}</span>
      <span class="hint">{text}</span>
    </span>
  );
}

const drawSeed = (): number => Math.floor(Math.random() * (modelCard.seed.max + 1));
