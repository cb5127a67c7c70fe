import type { JSX } from 'preact';
import { isEdit } from '../../src/core/request.ts';
import { isActive, jobElementId } from '../results/phase.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { ErrorSummary } from './errorSummary.tsx';
import { amountWords, practicePriceWords, runWords, spendingWords } from './price.ts';
import { runForm } from './runForm.ts';
import { sizeWords } from './sizeWords.ts';
import type { WithStudio } from '../state.ts';

/** The end of the form: what will be made, what it costs, and the button that does it. */
export function RunBar({ studio }: WithStudio): JSX.Element {
  const { service } = studio.shown;
  const { text: t } = studio;
  const request = studio.request;
  const { isBlocked } = studio;
  const hasRun = studio.draftJob !== undefined;
  const amount = amountWords(request);
  const practicePrice = service.mode === 'practice' ? practicePriceWords(request) : undefined;
  return (
    <div class="run">
      <ErrorSummary studio={studio} />
      <OverLimit studio={studio} />
      {hasRun && !isBlocked && <DraftJob studio={studio} />}
      <Button
        look="primary"
        icon="sparkle"
        aria-disabled={isBlocked || hasRun}
        aria-describedby="run-text"
        aria-keyshortcuts="Control+Enter Meta+Enter"
        onClick={() => runForm(studio)}
      >
        {t(...runWords(request, studio.shown, 'run'))}
      </Button>
      <p class="run-text hint" id="run-text">
        {isBlocked ? (
          <BlockedText studio={studio} />
        ) : (
          <>
            {[amount, sizeWords(request, studio.lastSize)]
              .map((words) => words && t(...words))
              .filter(Boolean)
              .join(' · ')}
            {practicePrice && <span class="run-practice"> {t(...practicePrice)}</span>}
          </>
        )}
        <Spent studio={studio} />
      </p>
    </div>
  );
}

/** What is spent and left today. */
function Spent({ studio }: WithStudio): JSX.Element | null {
  const words = spendingWords(studio.shown);
  return words ? <span class="run-practice">{words.map((one) => studio.text(...one)).join(' · ')}</span> : null;
}

/** Why the request may not be run for what it can cost, with the next steps. The place that speaks is always there. */
function OverLimit({ studio }: WithStudio): JSX.Element {
  const { text: t, overLimit } = studio;
  const isUnreadable = studio.shown.spending?.state === 'unreadable';
  return (
    <div class="over-limit" role="status">
      {overLimit && (
        <>
          <div class="problem problem-error">
            <Icon name="error" />
            <span>{t(...overLimit)}</span>
          </div>
          <div class="row">
            <Button onClick={() => studio.act(isUnreadable ? 'show-log' : 'open-settings')}>
              {t(isUnreadable ? 'showLog' : 'openSettings')}
            </Button>
            <Button look="plain" onClick={() => studio.act('show-spending')}>
              {t('showSpending')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

/** Why the button does nothing yet. The error summary says it too, once there is more to say than that a prompt is wanted. */
function BlockedText({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  if (studio.isWithoutVault) return <>{t('runWithoutVault')}</>;
  if (studio.errors.length === 0) return <>{t(studio.isReading ? 'runReading' : 'runOverLimit')}</>;
  const isOnlyEmpty = studio.errors.every((problem) => problem.code === 'prompt-missing') && !studio.tried;
  return (
    <>
      {isOnlyEmpty
        ? t(
            isEdit(studio.request) ? 'runNeedsPromptEdit' : 'runNeedsPrompt',
            t(isMac() ? 'shortcutCommand' : 'shortcutControl'),
          )
        : t('runNeedsChanges')}
    </>
  );
}

const isMac = (): boolean => navigator.userAgent.includes('Mac');

const states = { running: 'draftRunning', done: 'draftDone', failed: 'draftFailed' } as const;

/** What became of the form as it stands, and a way to run it once more. */
function DraftJob({ studio }: WithStudio): JSX.Element | null {
  const { text: t } = studio;
  const job = studio.draftJob;
  if (!job) return null;
  const state = isActive(job.phase) ? 'running' : job.phase.state === 'failed' ? 'failed' : 'done';
  return (
    <div class="draft-job row apart">
      <p>
        {t(states[state])}{' '}
        <a
          href={`#${jobElementId(job.id)}`}
          onClick={(event) => {
            event.preventDefault();
            document.getElementById(jobElementId(job.id))?.focus();
          }}
        >
          {t('showJob')}
        </a>
        <br />
        <span class="hint">{t('runAgainText')}</span>
      </p>
      <Button icon="refresh" onClick={() => studio.runAgain()}>
        {t(...runWords(studio.request, studio.shown, 'again'))}
      </Button>
    </div>
  );
}
