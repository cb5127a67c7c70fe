import type { JSX } from 'preact';
import { type CutFinding, findingsOf } from '../../src/core/cutOut.ts';
import type { CuttingView } from '../../src/core/cutting.ts';
import type { PanelStringKey } from '../../src/core/panelStrings.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Studio } from '../state.ts';
import { CutFields } from './cutFields.tsx';
import { CutPicture } from './cutPicture.tsx';
import type { CutSheet, Fields } from './cutSheet.tsx';
import { partWords } from './partWords.ts';

export interface CutProps {
  readonly studio: Studio;
  readonly sheet: CutSheet;
  readonly view: CuttingView;
  readonly picture: NonNullable<CuttingView['picture']>;
  readonly fields: Fields;
}

const findingWords: Readonly<Record<CutFinding, PanelStringKey>> = {
  'nothing-cut': 'cutNothing',
  'all-cut': 'cutAll',
  'border-left': 'cutBorderLeft',
  'subject-like-key': 'cutLikeKey',
  'enclosed-left': 'cutEnclosedLeft',
};

/** The sheet: what it shows of a picture depends on what is known of it. */
export function CutView({
  studio,
  sheet,
  view,
  fields,
}: Omit<CutProps, 'picture' | 'fields'> & { fields: Fields | undefined }): JSX.Element {
  const { text: t } = studio;
  const { picture } = view;
  return (
    <dialog
      class="cut"
      aria-labelledby="cut-title"
      ref={sheet.attachDialog}
      // Also what closes it without a button: the Escape key, or a gesture of the system.
      onClose={() => sheet.close(view)}
    >
      <div class="stack">
        <header class="row apart">
          <h2 id="cut-title">{t('cutTitle')}</h2>
          <Button look="plain" icon="close" aria-label={t('cutClose')} onClick={() => sheet.close(view)} />
        </header>
        <p class="hint cut-name">{view.name}</p>
        {!picture ? (
          <p role="status">{t('cutReading')}</p>
        ) : fields ? (
          <Cut studio={studio} sheet={sheet} view={view} picture={picture} fields={fields} />
        ) : (
          <Refusal studio={studio} sheet={sheet} view={view} picture={picture} />
        )}
      </div>
    </dialog>
  );
}

/** Squares of grey are no transparency, and cutting out one grey would leave the other. */
function Refusal({ studio, sheet, view, picture }: Omit<CutProps, 'fields'>): JSX.Element {
  const { text: t } = studio;
  return (
    <>
      <img class="cut-refused" src={picture.src} alt={t('cutPictureOf', view.name)} />
      <div role="alert" class="stack">
        <p class="iconic problem problem-error">
          <Icon name="error" /> <span>{t('cutDrawn')}</span>
        </p>
        <p>{t('cutDrawnText', picture.background.checkerboard ?? 0)}</p>
      </div>
      <div class="row">
        <Button look="primary" onClick={() => sheet.askOnPlain(view)}>
          {t(view.canAskAnew ? 'cutAskAnew' : 'cutCopyWords')}
        </Button>
        <Button onClick={() => sheet.accept()}>{t('cutNotDrawn')}</Button>
        <Button look="plain" onClick={() => sheet.close(view)}>
          {t('cutCancel')}
        </Button>
      </div>
    </>
  );
}

function Cut(props: CutProps): JSX.Element {
  const { studio, sheet, view } = props;
  const { text: t } = studio;
  const answer = sheet.answerIn(view);
  const findings = answer?.report ? findingsOf(answer.report) : [];
  const canSave =
    sheet.ask !== undefined &&
    (answer?.state === 'failed' || (answer?.state === 'ready' && answer.trouble === undefined));
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) sheet.save(answer);
      }}
    >
      <div class="cut-columns">
        <CutPicture {...props} />
        <div class="stack">
          <CutFields {...props} />
        </div>
      </div>
      <div class="cut-foot stack">
        <Outcome {...props} />
        <div class="row">
          <button type="submit" class="button button-primary" aria-disabled={!canSave}>
            <Icon name="save" />
            <span>{t(findings.length > 0 ? 'cutSaveEvenSo' : answer?.path === undefined ? 'cutPick' : 'save')}</span>
          </button>
          <Button look="plain" onClick={() => sheet.close(view)}>
            {t('cutCancel')}
          </Button>
        </div>
      </div>
    </form>
  );
}

/** What the cut has come to by its alpha, and where it would be saved. */
function Outcome({ studio, sheet, view }: CutProps): JSX.Element {
  const { text: t } = studio;
  const answer = sheet.answerIn(view);
  const trouble = sheet.ask ? answer?.trouble : t('cutColour');
  return (
    <div class="cut-outcome stack small">
      {/* Always there: what is put in together with its text is often not said. */}
      <div role="status" class="stack">
        {trouble !== undefined ? (
          <p class="iconic problem problem-error">
            <Icon name="error" /> <span>{trouble}</span>
          </p>
        ) : answer?.state === 'saving' ? (
          <p>{t('cutSaving')}</p>
        ) : answer?.report ? (
          <Verified studio={studio} report={answer.report} />
        ) : (
          <p>{t('cutMaking')}</p>
        )}
      </div>
      {answer?.path !== undefined && <p class="hint cut-name">{t('cutPath', answer.path)}</p>}
    </div>
  );
}

function Verified({
  studio,
  report,
}: Pick<CutProps, 'studio'> & { report: NonNullable<NonNullable<CuttingView['answer']>['report']> }): JSX.Element {
  const { text: t } = studio;
  const findings = findingsOf(report);
  return (
    <>
      {findings.length === 0 ? (
        <p>{t('cutClean')}</p>
      ) : (
        findings.map((finding) => (
          <p class="iconic" key={finding}>
            <Icon name="warning" /> <span>{t(findingWords[finding], partWords(t, report.enclosed))}</span>
          </p>
        ))
      )}
      <p class="hint">{t('cutMeasured', partWords(t, report.transparent), partWords(t, report.partial))}</p>
    </>
  );
}
