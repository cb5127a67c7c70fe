import type { JSX } from 'preact';
import { modelCard } from '../../../src/core/modelCard.ts';
import { Button } from '../../parts/button.tsx';
import type { WithStudio } from '../../state.ts';
import { Strip } from '../paletteField.tsx';
import type { PaletteEditor } from './paletteEditor.ts';
import { PaletteRow } from './paletteRow.tsx';
import { ColourSources } from './colourSources.tsx';
import { ColourTray } from './colourTray.tsx';

export interface WithPalette extends WithStudio {
  readonly editor: PaletteEditor;
}

/** The colours with their shares, and ways to get colours from elsewhere. */
export function PaletteView({ studio, editor }: WithPalette): JSX.Element {
  const { text: t } = studio;
  const { length } = editor.palette;
  return (
    <>
      {length > 0 && <Rows studio={studio} editor={editor} />}
      <div class="palette-sources row">
        {length === 0 && (
          <Button icon="add" onClick={() => editor.start()}>
            {t('addPalette')}
          </Button>
        )}
        <ColourSources studio={studio} editor={editor} />
      </div>
      <ColourTray studio={studio} editor={editor} />
    </>
  );
}

function Rows({ studio, editor }: WithPalette): JSX.Element {
  const { text: t } = studio;
  const { palette } = editor;
  return (
    <>
      <Strip palette={palette} />
      <div class="palette">
        <div class="palette-row hint" aria-hidden="true">
          <span class="palette-head">{t('columnColour')}</span>
          <span>{t('columnShare')}</span>
        </div>
        {palette.map((_, index) => (
          <PaletteRow studio={studio} editor={editor} index={index} key={index} />
        ))}
      </div>
      <div class="palette-foot row">
        <Button
          look="plain"
          icon="add"
          aria-disabled={palette.length >= modelCard.palette.max}
          onClick={() => editor.add()}
        >
          {t('addColour')}
        </Button>
        <Button look="plain" icon="fit" onClick={() => editor.even()}>
          {t('evenShares')}
        </Button>
        <Button look="plain" icon="close" onClick={() => editor.removeAll()}>
          {t('removePalette')}
        </Button>
      </div>
    </>
  );
}
