import { l10n } from 'vscode';
import { leastContrast, type MaskableMeasure, mostOutside, type PackId, type Shaping } from '../../core/packs.ts';

/** What packs and their measures are called and say. */

export function packLabel(id: PackId): { readonly label: string; readonly detail: string } {
  switch (id) {
    case 'favicon':
      return { label: l10n.t('Favicon'), detail: l10n.t('favicon.ico with 16, 32 and 48 pixels, and a PNG of 32') };
    case 'apple-touch':
      return { label: l10n.t('Apple Touch Icon'), detail: l10n.t('180 pixels, without transparency') };
    case 'pwa':
      return {
        label: l10n.t('Icons of a Web App'),
        detail: l10n.t('192 and 512 pixels, a maskable one of 512, and their entries in the manifest'),
      };
    case 'social':
      return {
        label: l10n.t('Social Picture'),
        detail: l10n.t('1200 x 630 pixels, for links to the page (Open Graph)'),
      };
    case 'vscode':
      return { label: l10n.t('VS Code Extension Icon'), detail: l10n.t('128 pixels') };
    case 'light-dark':
      return {
        label: l10n.t('Light and Dark Pair'),
        detail: l10n.t('this picture and a second one for dark pages, with the element that swaps them'),
      };
  }
}

export function shapingLabel(shaping: Shaping): { readonly label: string; readonly detail: string } {
  switch (shaping) {
    case 'striking':
      return { label: l10n.t('Cut Around What Catches the Eye'), detail: l10n.t('the part is found by its contrast') };
    case 'middle':
      return { label: l10n.t('Cut to the Middle'), detail: l10n.t('as much on both sides') };
    case 'whole':
      return {
        label: l10n.t('Keep All of It'),
        detail: l10n.t('what is missing is filled up with the colour of its border'),
      };
  }
}

/** How a maskable icon keeps to the safe zone. */
export function maskableSentence(measure: MaskableMeasure): string {
  if (measure.kind === 'no-background')
    return l10n.t(
      'Safe zone: the picture has no plain background, so it cannot be measured; what lies outside the circle may be cut off.',
    );
  const outside = percent(measure.outside);
  if (measure.outside > mostOutside)
    return l10n.t(
      'Safe zone: {0} of what stands out lies outside the circle and may be cut off; use a picture with more background around it.',
      outside,
    );
  return measure.scale === 1
    ? l10n.t('Safe zone: {0} of what stands out lies outside the circle.', outside)
    : l10n.t(
        'Safe zone: made smaller to {0}, so that {1} of what stands out lies outside the circle.',
        percent(measure.scale),
        outside,
      );
}

/** The contrast of an icon at 16 pixels. */
export function contrastSentence(contrast: number): string {
  const ratio = contrast.toFixed(1);
  return contrast >= leastContrast
    ? l10n.t('Contrast at 16 pixels (WCAG): {0} to 1, at least {1} is wanted.', ratio, leastContrast)
    : l10n.t('Contrast at 16 pixels (WCAG): {0} to 1, less than {1}: hard to see in a tab.', ratio, leastContrast);
}

/** A part in percent, never nought where it is not. */
function percent(part: number): string {
  const hundredths = part * 100;
  return `${hundredths > 0 && hundredths < 1 ? '< 1' : Math.round(hundredths)} %`;
}
