import type { JSX } from 'preact';
import { modelCard } from '../../src/core/modelCard.ts';
import { isHexColour, normaliseShares, parseShare } from '../../src/core/palette.ts';
import type { PaletteColour } from '../../src/core/request.ts';
import { Button } from '../parts/button.tsx';
import { fieldId, focusFieldSoon, hintId } from '../parts/fieldIds.ts';
import { Problems } from '../parts/problems.tsx';
import { Section } from '../parts/section.tsx';
import { addColour, startingPalette, sumOfShares } from './colours.ts';
import { PaletteRow } from './paletteRow.tsx';
import type { WithStudio } from '../state.ts';

/** Three to ten colours and the share of each. */
export function PaletteField({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const { palette, imageSet } = studio.request;
  const summary = palette.length === 0 ? t('paletteNone') : <Strip palette={palette} />;
  return (
    <Section studio={studio} name="palette" label={t('paletteLabel')} summary={summary} fields={['palette']}>
      <div
        class="field"
        id={fieldId('palette')}
        role="group"
        aria-label={t('paletteLabel')}
        aria-describedby={hintId('palette')}
      >
        <div class="hint" id={hintId('palette')}>
          {t('paletteText')}
        </div>
        {palette.length === 0 ? <StartButton studio={studio} /> : !imageSet && <Rows studio={studio} />}
        {studio.later?.drawRemoved(studio, 'palette')}
        <Problems studio={studio} field="palette" />
      </div>
    </Section>
  );
}

function StartButton({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const start = (): void => {
    studio.change({ palette: [...startingPalette] });
    focusFieldSoon('palette.0.hex');
  };
  return (
    <Button icon="add" onClick={start}>
      {t('addPalette')}
    </Button>
  );
}

function Rows({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const { palette } = studio.request;
  const { max } = modelCard.palette;
  const add = (): void => {
    studio.change({ palette: addColour(palette) });
    focusFieldSoon(`palette.${palette.length}.hex`);
  };
  const removeAll = (): void => {
    studio.change({ palette: [] });
    focusFieldSoon('palette');
  };
  return (
    <>
      <Strip palette={palette} />
      <div class="palette">
        <div class="palette-row hint" aria-hidden="true">
          <span class="palette-head">{t('columnColour')}</span>
          <span>{t('columnShare')}</span>
        </div>
        {palette.map((_, index) => (
          <PaletteRow studio={studio} index={index} key={index} />
        ))}
      </div>
      <div class="palette-foot row">
        <Button look="plain" icon="add" disabled={palette.length >= max} onClick={add}>
          {t('addColour')}
        </Button>
        <Button look="plain" icon="close" onClick={removeAll}>
          {t('removePalette')}
        </Button>
        <span class="palette-sum hint numbers">{t('shareSum', sumOfShares(palette))}</span>
        <Button onClick={() => studio.change({ palette: normaliseShares(palette) })}>{t('balance')}</Button>
      </div>
    </>
  );
}

/** The palette as a band, each colour as wide as its share. */
function Strip({ palette }: { palette: readonly PaletteColour[] }): JSX.Element {
  return (
    <span class="strip" aria-hidden="true">
      {palette.map((colour, index) => (
        <span
          key={index}
          style={{
            flexGrow: parseShare(colour.ratio) ?? 0,
            backgroundColor: isHexColour(colour.hex) ? colour.hex : 'transparent',
          }}
        />
      ))}
    </span>
  );
}
