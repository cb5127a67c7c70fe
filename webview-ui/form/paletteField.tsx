import type { JSX } from 'preact';
import { isHexColour, parseShare } from '../../src/core/palette.ts';
import type { PaletteColour } from '../../src/core/request.ts';
import { fieldId, hintId } from '../parts/fieldIds.ts';
import { Problems } from '../parts/problems.tsx';
import { Section } from '../parts/section.tsx';
import type { WithStudio } from '../state.ts';

/** Three to ten colours and the share of each. What edits them comes with the second part, into the room it takes. */
export function PaletteField({ studio }: WithStudio): JSX.Element {
  const { text: t, later } = studio;
  const { palette, imageSet } = studio.request;
  const { length } = palette;
  const summary = length === 0 ? t('paletteNone') : <Strip palette={palette} />;
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
        {!imageSet && (
          <div style={{ minHeight: `${length === 0 ? 36 : 128 + 34 * length}px` }}>{later?.drawPalette(studio)}</div>
        )}
        {studio.later?.drawRemoved(studio, 'palette')}
        <Problems studio={studio} field="palette" />
      </div>
    </Section>
  );
}

/** The palette as a band, each colour as wide as its share. */
export function Strip({ palette }: { palette: readonly PaletteColour[] }): JSX.Element {
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
