import type { ComponentChildren, JSX } from 'preact';
import { modelCard } from '../../src/core/modelCard.ts';
import {
  type Preparation,
  type PreparationChoice,
  planPreparation,
  type SourceFacts,
  type Step,
  usualPreparation,
} from '../../src/core/preparation.ts';
import type { InputImage } from '../../src/core/request.ts';
import { Icon } from '../parts/icon.tsx';
import type { WithStudio } from '../state.ts';
import type { Words } from '../words.ts';

interface Props extends WithStudio {
  readonly input: InputImage;
  readonly facts: SourceFacts;
}

/** What is done to an image before it is sent, a sentence for each step, with the choice there is. */
export function PreparationNotes({ studio, input, facts }: Props): JSX.Element | null {
  const { text: t } = studio;
  const choice = input.preparation ?? usualPreparation;
  const plan = planPreparation(facts, choice, input.crop);
  // Why it cannot be sent is said with the other problems.
  if (plan.kind === 'refused') return null;
  const isLightened = plan.steps.some(({ kind }) => kind === 'lighten');
  const isShrunk = plan.steps.some(({ kind }) => kind === 'shrink');
  // Not asked of every picture: only where the usual size is not its own, or its bytes are too many.
  const hasSizes = isShrunk || isLightened || widthSent(facts, 'useful') !== widthSent(facts, 'full');
  const hasChoice = !input.crop && hasSizes && widthSent(facts, 'small') !== widthSent(facts, 'full');
  const size = hasChoice && <SizeChoice studio={studio} input={input} choice={choice} />;
  return (
    <>
      {plan.steps.map((step) => (
        <Note key={step.kind}>
          {t(...stepWords(step))} {(step.kind === 'shrink' || step.kind === 'lighten') && size}
          {step.kind === 'flatten' && <Background studio={studio} input={input} choice={choice} />}
        </Note>
      ))}
      {hasChoice && !isShrunk && !isLightened && (
        <Note>
          {t('prepareAtFull')} {size}
        </Note>
      )}
      {input.boxes.length > 0 &&
        !studio.request.imageSet &&
        facts.width * facts.height > modelCard.presetArea[studio.request.resolution] && (
          <div class="detail">{studio.later?.drawDetail(studio, input, facts)}</div>
        )}
    </>
  );
}

const widthSent = (facts: SourceFacts, size: PreparationChoice['size']): number | undefined => {
  const plan: Preparation = planPreparation(facts, { ...usualPreparation, size });
  return plan.kind === 'possible' ? plan.sent.width : undefined;
};

function Note({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <div class="note iconic small">
      <Icon name="info" />
      <div>{children}</div>
    </div>
  );
}

interface ChoiceProps extends WithStudio {
  readonly input: InputImage;
  readonly choice: PreparationChoice;
}

function Background({ studio, input, choice }: ChoiceProps): JSX.Element {
  return (
    <input
      type="color"
      class="note-colour"
      aria-label={studio.text('prepareBackground', input.name)}
      value={choice.background}
      onInput={(event) => choose(studio, input, { ...choice, background: event.currentTarget.value })}
    />
  );
}

function SizeChoice({ studio, input, choice }: ChoiceProps): JSX.Element {
  const { text: t } = studio;
  return (
    <select
      class="note-size"
      aria-label={t('prepareSize', input.name)}
      value={choice.size}
      onChange={(event) =>
        choose(studio, input, { ...choice, size: event.currentTarget.value as PreparationChoice['size'] })
      }
    >
      <option value="small">{t('prepareSmall')}</option>
      <option value="useful">{t('prepareUseful')}</option>
      <option value="full">{t('prepareFull')}</option>
    </select>
  );
}

function choose(studio: WithStudio['studio'], input: InputImage, preparation: PreparationChoice): void {
  const { inputs } = studio.request;
  studio.change({ inputs: inputs.map((other) => (other === input ? { ...other, preparation } : other)) });
}

function stepWords(step: Step): Words {
  switch (step.kind) {
    case 'first-frame':
      return ['prepareFirstFrame'];
    case 'upright':
      return ['prepareUpright'];
    case 'crop':
      return ['prepareCrop'];
    case 'flatten':
      return ['prepareFlatten'];
    case 'enlarge':
      return ['prepareEnlarge', step.to.width, step.to.height];
    case 'shrink':
      return ['prepareShrink', step.to.width, step.to.height];
    case 'convert':
      return step.from === 'cmyk'
        ? ['prepareInks', step.to.toUpperCase()]
        : step.from === '16-bit'
          ? ['prepareDeep']
          : ['prepareConvert', step.to.toUpperCase(), step.from.toUpperCase()];
    case 'lighten':
      return ['prepareLighten', step.to.toUpperCase()];
  }
}
