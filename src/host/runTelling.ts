import { l10n } from 'vscode';
import { formatPrice } from '../core/request.ts';
import { badAddressSentence } from './keyCommands.ts';
import type { RunOutcome } from './runner.ts';
import { problemSentence, sourceSentence, type Telling, tellFailure } from './telling.ts';

/** What to say when a request was not run; undefined when it was, or when the user said no. */
export function runRefusal(outcome: RunOutcome): Telling | undefined {
  switch (outcome.kind) {
    case 'started':
    case 'declined':
      return undefined;
    case 'problems': {
      const errors = outcome.problems.filter(({ severity }) => severity === 'error').map(problemSentence);
      const isAboutInline = outcome.problems.some(({ code }) => code === 'input-inline-refused');
      return {
        severity: 'error',
        text: [l10n.t('Nothing was sent.'), ...errors].join(' '),
        actions: isAboutInline ? ['check-service'] : [],
      };
    }
    case 'bad-picture':
      return {
        severity: 'error',
        text: `${l10n.t('Nothing was sent.')} ${sourceSentence(outcome.reason, outcome.place)}`,
        actions: [],
      };
    case 'bad-address':
      return { severity: 'error', text: badAddressSentence(), actions: ['open-settings'] };
    case 'dearer': {
      const text = l10n.t(
        'This can cost up to {0}, which is more than was shown. Nothing was sent; look at the price and run it again.',
        formatPrice(outcome.highestPrice),
      );
      return { severity: 'warning', text, actions: [] };
    }
    case 'failed':
      return tellFailure(outcome.failure, outcome.service.mode);
  }
}
