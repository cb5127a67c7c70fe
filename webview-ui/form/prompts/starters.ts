import type { PanelStringKey } from '../../../src/core/panelStrings.ts';
import type { IconName } from '../../parts/icon.tsx';

/** A template for something that the model does well. */
export interface Starter {
  readonly icon: IconName;
  readonly title: PanelStringKey;
  /** What it does with which image, in order. */
  readonly needs: PanelStringKey;
  /** How many images that are. */
  readonly images: number;
  readonly prompt: PanelStringKey;
  /** The part of the prompt that is anybody's own. */
  readonly part: PanelStringKey;
}

/**
 * What the service's page says the model can do. The picture that gives an answer its shape is the last one sent, so the one to be
 * changed comes last.
 */
export const starters: readonly Starter[] = [
  {
    icon: 'sparkle',
    title: 'starterStyle',
    needs: 'starterStyleNeeds',
    images: 2,
    prompt: 'starterStylePrompt',
    part: 'starterStylePart',
  },
  {
    icon: 'insert',
    title: 'starterPlace',
    needs: 'starterPlaceNeeds',
    images: 2,
    prompt: 'starterPlacePrompt',
    part: 'starterPlacePart',
  },
  {
    icon: 'swap',
    title: 'starterBlend',
    needs: 'starterBlendNeeds',
    images: 2,
    prompt: 'starterBlendPrompt',
    part: 'starterBlendPart',
  },
  {
    icon: 'picture',
    title: 'starterBackground',
    needs: 'starterBackgroundNeeds',
    images: 1,
    prompt: 'starterBackgroundPrompt',
    part: 'starterBackgroundPart',
  },
  {
    icon: 'layers',
    title: 'starterSeveral',
    needs: 'starterSeveralNeeds',
    images: 3,
    prompt: 'starterSeveralPrompt',
    part: 'starterSeveralPart',
  },
];
