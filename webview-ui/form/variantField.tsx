import type { JSX } from 'preact';
import { modelCard, type Variant, variants } from '../../src/core/modelCard.ts';
import { formatPrice } from '../../src/core/request.ts';
import { Choice } from '../parts/choice.tsx';
import type { WithStudio } from '../state.ts';

const names = { 'wan2.7-image-pro': 'variantPro', 'wan2.7-image': 'variantStandard' } as const satisfies Record<
  Variant,
  string
>;
const texts = { 'wan2.7-image-pro': 'variantProText', 'wan2.7-image': 'variantStandardText' } as const satisfies Record<
  Variant,
  string
>;

/** Pro or Standard, with what each costs. */
export function VariantField({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  return (
    <Choice
      studio={studio}
      field="variant"
      label={t('variantLabel')}
      look="cards"
      value={studio.request.variant}
      onChoose={(variant) => studio.change({ variant })}
      options={variants.map((variant) => ({
        value: variant,
        content: (
          <span class="card">
            <span class="row apart">
              <strong>{t(names[variant])}</strong>
              <span class="numbers">
                {t('pricePerPicture', formatPrice((studio.shown.known?.prices ?? modelCard.price)[variant]))}
              </span>
            </span>
            <span class="hint">{t(texts[variant])}</span>
          </span>
        ),
      }))}
    />
  );
}
