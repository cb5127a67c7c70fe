import type { JSX } from 'preact';
import { Button } from '../../parts/button.tsx';
import { fieldId } from '../../parts/fieldIds.ts';
import type { Studio } from '../../state.ts';
import type { WithPalette } from './paletteView.tsx';

/** A picture whose colours can be taken. */
interface Pictured {
  readonly id: string;
  readonly name: string;
  readonly src: string;
}

/** As many results as are offered. */
const mostResults = 6;

/** Where colours can come from: a picture, the document that is open, what is pasted. */
export function ColourSources({ studio, editor }: WithPalette): JSX.Element {
  const { text: t } = studio;
  const pictures = picturesOf(studio);
  const [first] = pictures;
  const { colourDocument } = studio.shown;
  return (
    <>
      {first && (
        <Button
          icon="picture"
          {...(pictures.length > 1 && { 'aria-expanded': editor.place === 'pictures' })}
          onClick={() => (pictures.length > 1 ? editor.toggle('pictures') : editor.find(first.id))}
        >
          {t('coloursOfPicture')}
        </Button>
      )}
      {colourDocument !== undefined && (
        <Button icon="edit" title={colourDocument} onClick={() => editor.find()}>
          {t('coloursOfDocument', colourDocument.split('/').at(-1) ?? colourDocument)}
        </Button>
      )}
      <Button icon="paste" aria-expanded={editor.place === 'paste'} onClick={() => editor.toggle('paste')}>
        {t('coloursPasted')}
      </Button>
      {editor.place === 'pictures' && (
        <div class="colour-pictures row" role="group" aria-label={t('coloursOfPicture')}>
          {pictures.map(({ id, name, src }) => (
            <button
              type="button"
              class="button colour-picture"
              key={id}
              aria-label={t('coloursOfNamed', name)}
              title={name}
              onClick={() => editor.find(id)}
            >
              <img class="thumbnail" src={src} alt="" />
            </button>
          ))}
        </div>
      )}
      {editor.place === 'paste' && (
        <div class="colour-paste">
          <label class="label" for={fieldId('paletteText')}>
            {t('coloursPasteLabel')}
          </label>
          <textarea
            id={fieldId('paletteText')}
            class="hex"
            rows={3}
            spellcheck={false}
            value={editor.pasted}
            placeholder="#264653, rgb(42 157 143), --accent: hsl(43 74% 66%)"
            onInput={(event) => editor.paste(event.currentTarget.value)}
          />
        </div>
      )}
    </>
  );
}

/** The pictures of the form and the newest results. */
function picturesOf(studio: Studio): Pictured[] {
  const ready = studio.sources.flatMap(({ id, name, phase }) =>
    phase.state === 'ready' ? [{ id, name, src: phase.src }] : [],
  );
  const results = studio.shown.jobs.flatMap(({ request, results }) =>
    results.map(({ id, src }) => ({ id, name: request.prompt.slice(0, 60), src })),
  );
  return [...ready, ...results.slice(0, mostResults)].filter(({ id }) => !studio.isBroken(id));
}
