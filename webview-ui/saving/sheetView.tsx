import type { ComponentChildren, JSX } from 'preact';
import type { SavingView } from '../../src/core/saving.ts';
import { fileSize } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/choice.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Studio } from '../state.ts';
import type { Fields, SavingSheet } from './savingSheet.tsx';

interface Props {
  readonly studio: Studio;
  readonly sheet: SavingSheet;
  readonly view: SavingView;
  readonly fields: Fields;
}

/** Names of formats are the same in every language. */
const formatNames = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP', avif: 'AVIF' } as const;

const formatHints = {
  'as-is': 'savingAsIsText',
  png: 'savingPngText',
  'png-palette': 'savingPaletteText',
  jpeg: 'savingJpegText',
  webp: 'savingWebpText',
  avif: 'savingAvifText',
} as const;

const kinds = { 'as-is': 'savingWhole', exact: 'savingExact', widths: 'savingWidths' } as const;
const ways = { fit: 'savingFit', fill: 'savingFill', crop: 'savingCrop' } as const;

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(table) as Key[];
}

/** The fields of the sheet, and what they come to. */
export function SheetView({ studio, sheet, view, fields }: Props): JSX.Element {
  const { text: t } = studio;
  const answer = sheet.answerIn(view);
  const isSaving = answer?.state === 'saving';
  return (
    <dialog
      class="saving"
      aria-labelledby="saving-title"
      ref={sheet.attachDialog}
      // Also what closes it without a button: the Escape key, or a gesture of the system.
      onClose={() => sheet.close()}
    >
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isSaving) sheet.save();
        }}
      >
        <header class="row apart">
          <h2 id="saving-title">{t('savingTitle')}</h2>
          <Button look="plain" icon="close" aria-label={t('savingClose')} onClick={() => sheet.close()} />
        </header>
        <FormatFields studio={studio} sheet={sheet} fields={fields} />
        <SizeFields studio={studio} sheet={sheet} fields={fields} />
        {fields.folder !== undefined && (
          <Text
            id="saving-folder"
            label={t('savingFolder')}
            value={fields.folder}
            hint={t('savingFolderHint')}
            onType={(folder) => sheet.change({ folder })}
          />
        )}
        <Text
          id="saving-name"
          label={t('savingName')}
          value={fields.name}
          hint={t('savingNameHint')}
          onType={(name) => sheet.change({ name })}
        />
        <div>
          <label class="check">
            <input
              type="checkbox"
              checked={fields.isUsual}
              onChange={(event) => sheet.change({ isUsual: event.currentTarget.checked })}
            />
            <span>{t('savingUsual')}</span>
          </label>
        </div>
        <div class="saving-foot stack">
          <Outcome studio={studio} sheet={sheet} view={view} />
          <div class="row">
            <button
              type="submit"
              class="button button-primary"
              aria-disabled={isSaving || !sheet.ask || Boolean(answer?.trouble && answer.state === 'ready')}
            >
              <Icon name="save" />
              <span>{t(fields.folder === undefined ? 'savingPick' : 'save')}</span>
            </button>
            <Button look="plain" onClick={() => sheet.close()}>
              {t('savingCancel')}
            </Button>
          </div>
        </div>
        <p class="hint">{t('savingText')}</p>
      </form>
    </dialog>
  );
}

function FormatFields({ studio, sheet, fields }: Omit<Props, 'view'>): JSX.Element {
  const { text: t } = studio;
  const hasQuality = fields.format !== 'as-is' && fields.format !== 'png';
  return (
    <>
      <div class="field">
        <label class="label" for="saving-format">
          {t('savingFormat')}
        </label>
        <select
          id="saving-format"
          aria-describedby="saving-format-hint"
          value={fields.format}
          onChange={(event) => {
            const format = keysOf(formatHints).find((each) => each === event.currentTarget.value);
            if (format) sheet.change({ format });
          }}
        >
          {keysOf(formatHints).map((format) => (
            <option value={format} key={format}>
              {format === 'as-is' || format === 'png-palette'
                ? t(format === 'as-is' ? 'savingAsIs' : 'savingPalette')
                : formatNames[format]}
            </option>
          ))}
        </select>
        <div class="hint" id="saving-format-hint">
          {t(formatHints[fields.format])}
        </div>
      </div>
      {hasQuality && (
        <div class="field">
          <label class="label" for="saving-quality">
            {t('savingQuality')}
          </label>
          <div class="row saving-quality">
            <input
              id="saving-quality"
              type="range"
              min={1}
              max={100}
              value={fields.quality}
              onInput={(event) => sheet.change({ quality: Number(event.currentTarget.value) })}
            />
            <span class="numbers" aria-hidden="true">
              {fields.quality}
            </span>
          </div>
        </div>
      )}
    </>
  );
}

function SizeFields({ studio, sheet, fields }: Omit<Props, 'view'>): JSX.Element {
  const { text: t } = studio;
  return (
    <>
      <Choice
        studio={studio}
        field="savingSize"
        label={t('savingSize')}
        look="segments"
        value={fields.kind}
        options={keysOf(kinds).map((value) => ({ value, content: <span class="segment">{t(kinds[value])}</span> }))}
        onChoose={(kind) => sheet.change({ kind })}
        hint={
          fields.kind === 'exact' ? undefined : t(fields.kind === 'widths' ? 'savingWidthsText' : 'savingWholeText')
        }
      />
      {fields.kind === 'exact' && (
        <>
          <div class="row">
            <Text
              id="saving-width"
              label={t('savingWidth')}
              value={fields.width}
              mode="numeric"
              onType={(width) => sheet.change({ width })}
            />
            <Text
              id="saving-height"
              label={t('savingHeight')}
              value={fields.height}
              mode="numeric"
              onType={(height) => sheet.change({ height })}
            />
          </div>
          <Choice
            studio={studio}
            field="savingHow"
            label={t('savingHow')}
            look="segments"
            value={fields.how}
            options={keysOf(ways).map((value) => ({ value, content: <span class="segment">{t(ways[value])}</span> }))}
            onChoose={(how) => sheet.change({ how })}
            hint={t(
              fields.how === 'fit' ? 'savingFitText' : fields.how === 'fill' ? 'savingFillText' : 'savingCropText',
            )}
          />
        </>
      )}
      {fields.kind === 'widths' && (
        <Text
          id="saving-widths"
          label={t('savingWidthList')}
          value={fields.widths}
          mode="numeric"
          onType={(widths) => sheet.change({ widths })}
        />
      )}
    </>
  );
}

/** The files that would be written, and what stands in the way. */
function Outcome({ studio, sheet, view }: Omit<Props, 'fields'>): JSX.Element {
  const { text: t } = studio;
  const answer = sheet.answerIn(view);
  const files = answer?.files ?? [];
  const trouble = sheet.ask ? answer?.trouble : t('savingNumbers');
  const isKnown = files.length > 0 && files.every(({ byteLength }) => byteLength !== undefined);
  const total = files.reduce((sum, { byteLength = 0 }) => sum + byteLength, 0);
  return (
    <div class="saving-outcome stack small">
      {trouble === undefined && files.length > 0 && (
        <ul aria-label={t('savingFiles')}>
          {files.map(({ path, width, height, byteLength }) => (
            <li key={path}>
              <span class="saving-path">{path}</span>{' '}
              <span class="hint numbers">
                {`${width} × ${height}`}
                {byteLength !== undefined && `, ${fileSize(t, byteLength)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {/* Always there: what is put in together with its text is often not said. */}
      <p class={trouble === undefined ? 'hint' : 'iconic problem problem-error'} role="status">
        {trouble !== undefined ? (
          <>
            <Icon name="error" /> <span>{trouble}</span>
          </>
        ) : answer?.state === 'saving' ? (
          t('savingNow')
        ) : isKnown ? (
          t('savingTotal', fileSize(t, total))
        ) : (
          t('savingMaking')
        )}
      </p>
    </div>
  );
}

interface TextProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: ComponentChildren;
  readonly mode?: 'numeric';
  readonly onType: (text: string) => void;
}

function Text({ id, label, value, hint, mode, onType }: TextProps): JSX.Element {
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="text"
        value={value}
        spellcheck={false}
        autocomplete="off"
        {...(mode && { inputMode: mode })}
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
        onInput={(event) => onType(event.currentTarget.value)}
      />
      {hint !== undefined && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}
