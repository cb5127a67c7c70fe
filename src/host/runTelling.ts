import { l10n } from 'vscode';
import { asText } from '../core/joining.ts';
import { formatPrice } from '../core/request.ts';
import type { Refusal } from '../jobs/limits.ts';
import { badAddressSentence } from './keyCommands.ts';
import type { RunOutcome } from './runner.ts';
import { problemSentence, sourceSentence, type Telling, tellFailure, tellTarget, tellVault } from './telling.ts';

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
        text: asText([l10n.t('Nothing was sent.'), ...errors]),
        actions: isAboutInline ? ['check-service'] : [],
      };
    }
    case 'bad-picture':
      return {
        severity: 'error',
        text: asText([l10n.t('Nothing was sent.'), sourceSentence(outcome.reason, outcome.place)]),
        actions: [],
      };
    case 'other-picture': {
      const text = l10n.t(
        'Nothing was sent, because {0} was changed by something else at the same moment. Press the button again.',
        outcome.place,
      );
      return { severity: 'warning', text, actions: [] };
    }
    case 'bad-address':
      return { severity: 'error', text: badAddressSentence(), actions: ['open-settings'] };
    case 'no-vault':
      return tellVault(outcome.trouble);
    case 'bad-target':
      return tellTarget(outcome.trouble);
    case 'dearer': {
      const text = l10n.t(
        'This can cost up to {0}, which is more than was shown. Nothing was sent; look at the price and run it again.',
        formatPrice(outcome.highestPrice),
      );
      return { severity: 'warning', text, actions: [] };
    }
    case 'over-limit':
      return tellLimit(outcome.refusal);
    case 'failed':
      return tellFailure(outcome.failure, outcome.service.mode);
  }
}

/** What to say when a limit keeps a request from being sent. */
function tellLimit(refusal: Refusal): Telling {
  return {
    severity: 'error',
    text: asText([limitSentence(refusal), limitStep(refusal)]),
    actions: limitActions(refusal),
  };
}

function limitSentence(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'price-unknown':
      return l10n.t('Nothing was sent, because nobody can say what this request can cost.');
    case 'unreadable':
      return l10n.t('Nothing was sent, because what was spent today cannot be read or written ({0}).', refusal.detail);
    case 'over': {
      const amounts = [refusal.asked, refusal.allowed, refusal.spent].map(formatPrice);
      switch (refusal.limit) {
        case 'day':
          return l10n.t(
            'Nothing was sent. This can cost up to {0}, and of today’s limit of {1}, {2} is counted already.',
            ...amounts,
          );
        case 'workspace':
          return l10n.t(
            'Nothing was sent. This can cost up to {0}, and of this workspace’s limit of {1} a day, {2} is counted already.',
            ...amounts,
          );
        case 'agent':
          return l10n.t(
            'Nothing was sent. This can cost up to {0}, and of the limit of {1} a day for agents and other extensions, {2} is counted already.',
            ...amounts,
          );
      }
    }
  }
}

function limitStep(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'price-unknown':
      return l10n.t('Change the request.');
    case 'unreadable':
      return l10n.t('Make room on the disk or restore the access to it; the log says more.');
    case 'over':
      return l10n.t('Ask for less, raise the limit in the settings, or go on tomorrow.');
  }
}

function limitActions({ kind }: Refusal): Telling['actions'] {
  return kind === 'over' ? ['open-settings', 'show-spending'] : ['show-log'];
}
