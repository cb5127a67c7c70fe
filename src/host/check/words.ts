import { l10n } from 'vscode';
import { asText } from '../../core/joining.ts';
import type { Fill } from '../../pixels/protocol.ts';
import { runRefusal } from '../runTelling.ts';
import { tellFailure } from '../telling.ts';
import type { Subject } from './comparison.ts';
import type { FormOnTrial, Settled, Trial } from './settle.ts';

/** What a check says about images that are sent along. */
export function inlineSentence(inline: Settled['inline']): string {
  switch (inline) {
    case 'accepted':
      return l10n.t('Images of this computer can be sent along.');
    case 'refused':
      return l10n.t('The service refuses images that are sent along. Use public https addresses instead.');
    case undefined:
      return l10n.t('It is not settled whether images can be sent along.');
  }
}

/** What a check says about boxes. */
export function boxSentence(boxForm: Settled['boxForm']): string {
  switch (boxForm) {
    case 'literal':
      return l10n.t('Boxes work in the form of the model page.');
    case 'perImage':
      return l10n.t('Boxes work as one list for each image.');
    case 'neither':
      return l10n.t('Neither form of boxes moved the change into the box.');
    case undefined:
      return l10n.t('It is not settled which form of boxes works.');
  }
}

export function formName(form: FormOnTrial): string {
  return form === 'perImage' ? l10n.t('one list of boxes for each image') : l10n.t('the form of the model page');
}

/** What became of one test picture, in sentences. */
export function trialSentence(trial: Trial): string {
  switch (trial.kind) {
    case 'picture':
      return asText([
        fillSentence(trial.fill.verdict),
        l10n.t('Mean colour inside the box: {0}; outside: {1}.', colour(trial.fill.inside), colour(trial.fill.outside)),
      ]);
    case 'unreadable':
      return l10n.t('The picture came, but could not be looked at. The log says more.');
    case 'failed': {
      const { text } = tellFailure(trial.failure, 'live');
      const { detail } = trial.failure;
      return detail === undefined ? text : asText([text, l10n.t('The service says: {0}', detail)]);
    }
    case 'left':
      return l10n.t('It was no longer waited for. It is billed all the same, and comes to the studio.');
    case 'not-sent':
      return trial.why === 'other-service'
        ? l10n.t('It was not sent, since the settings name another service by now.')
        : (runRefusal(trial.why)?.text ?? l10n.t('It was not sent.'));
  }
}

function fillSentence(verdict: Fill['verdict']): string {
  switch (verdict) {
    case 'inside':
      return l10n.t('Red inside the box and nowhere else: this form works.');
    case 'everywhere':
      return l10n.t('Red inside the box and outside it: the box was passed over.');
    case 'elsewhere':
      return l10n.t('Red outside the box only: the box was understood otherwise or passed over.');
    case 'nothing':
      return l10n.t('No red to speak of: the change was not made.');
    case 'unclear':
      return l10n.t('The picture is ambiguous, so it counts as no.');
  }
}

const colour = (parts: Fill['inside']): string => parts.map((part) => Math.round(part)).join(' / ');

export function subjectName(subject: Subject): string {
  switch (subject) {
    case 'price-pro':
      return l10n.t('price of a Pro picture');
    case 'price-standard':
      return l10n.t('price of a Standard picture');
    case 'variants':
      return l10n.t('models');
    case 'usual-variant':
      return l10n.t('model where none is named');
    case 'ratios':
      return l10n.t('aspect ratios');
    case 'resolutions':
      return l10n.t('resolutions');
    case 'width':
      return l10n.t('custom width in pixels');
    case 'height':
      return l10n.t('custom height in pixels');
    case 'count':
      return l10n.t('pictures of a request');
    case 'set-count':
      return l10n.t('pictures of a set');
    case 'seed':
      return l10n.t('seed');
    case 'prompt-length':
      return l10n.t('characters of a prompt');
    case 'input-count':
      return l10n.t('images sent along');
    case 'input-sides':
      return l10n.t('sides of an image sent along in pixels');
    case 'input-bytes':
      return l10n.t('bytes of an image sent along');
    case 'response-formats':
      return l10n.t('forms of an answer');
  }
}
