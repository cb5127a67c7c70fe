import { l10n } from 'vscode';
import { type AgentCall, fieldOfCall } from '../../core/agentTools.ts';
import { asText } from '../../core/joining.ts';
import type { Problem } from '../../core/problem.ts';
import { formatPrice } from '../../core/request.ts';
import { fill, fixSentences } from '../../core/sentences.ts';
import type { Failure } from '../../core/failure.ts';
import type { CheckOutcome, RunOutcome } from '../runner.ts';
import { runRefusal } from '../runTelling.ts';
import { type Mode, problemSentence, sourceSentence, tellFailure, tellTarget, tellTrouble } from '../telling.ts';
import { AgentError, type AgentProblem } from './agentTypes.ts';

/**
 * What callers that are no people are told. A model reads it, so each says the next step that is the caller's own, and what
 * only the person can do.
 */

/** What stands in the way of a request. `isForCaller` where another input would mend it. */
export function problemsOfOutcome(
  outcome: Exclude<RunOutcome | CheckOutcome, { kind: 'started' | 'ready' }>,
  call: AgentCall,
): { readonly isForCaller: boolean; readonly problems: AgentProblem[] } {
  switch (outcome.kind) {
    case 'problems':
      return { isForCaller: true, problems: outcome.problems.map((problem) => problemOf(problem, call)) };
    case 'bad-picture':
      return forCaller(`picture-${outcome.reason}`, 'image', sourceSentence(outcome.reason, outcome.place));
    case 'other-picture': {
      const sentence = l10n.t('{0} was changed while it was being read. Nothing was sent. Call again.', outcome.place);
      return forCaller('picture-changed', 'image', sentence);
    }
    case 'bad-target': {
      const { kind } = outcome.trouble;
      const field = call.kind === 'generateSet' ? 'name' : 'path';
      const ending = kind === 'other-format' ? l10n.t('End the path in .png, .jpg, .webp or .avif.') : undefined;
      return forCaller(`target-${kind}`, field, tellTarget(outcome.trouble).text, ending);
    }
    case 'declined':
      return forPerson(
        'declined',
        l10n.t('The person did not agree to the price. Nothing was sent. Do not try again unasked.'),
      );
    case 'over-limit': {
      const step = l10n.t(
        'Tell the person. Do not split the request to get around the limit; it counts all requests together.',
      );
      return forPerson('over-limit', asText([runRefusal(outcome)?.text, step]));
    }
    case 'dearer':
    case 'bad-address':
    case 'no-vault':
      return forPerson(outcome.kind, asText([runRefusal(outcome)?.text, l10n.t('Tell the person.')]));
    case 'failed':
      return forPerson(outcome.failure.kind, failedSentence(outcome.failure, outcome.service.mode));
  }
}

function forCaller(code: string, field: string, sentence: string, fix?: string) {
  const problem = { code, field, severity: 'error' as const, sentence, ...(fix !== undefined && { fix }) };
  return { isForCaller: true, problems: [problem] };
}

function forPerson(code: string, sentence: string) {
  return { isForCaller: false, problems: [{ code, field: '', severity: 'error' as const, sentence }] };
}

/** A finding of preflight in the words of the call. */
export function problemOf(problem: Problem, call: AgentCall): AgentProblem {
  const { code, field, severity, fix } = problem;
  return {
    code,
    field: fieldOfCall(call, field),
    severity,
    sentence: problemSentence(problem),
    ...(fix && { fix: fill(l10n.t(fixSentences[fix.code]), fix.args) }),
  };
}

/** What stands in the way in a folder that nobody has said to trust. */
export function untrustedProblem(): AgentProblem {
  const sentence = l10n.t(
    'This folder is not trusted, so agents and other extensions make no pictures in it. Ask the person to trust it first; what is free works.',
  );
  return { code: 'untrusted', field: '', severity: 'error', sentence };
}

/** A job that ended without what was asked for. */
export function failedError(failure: Failure, mode: Mode): AgentError {
  return new AgentError(failedSentence(failure, mode), failure.mayBeBilled && mode === 'live');
}

function failedSentence(failure: Failure, mode: Mode): string {
  return asText([tellFailure(failure, mode).text, stepAfter(failure, mode)]);
}

function stepAfter({ kind, mayBeBilled }: Failure, mode: Mode): string {
  if (mayBeBilled && mode === 'live')
    return l10n.t(
      'Do not ask for it again: the picture may exist. Ask the person to open the history of Wan Image Studio, where lost pictures can be looked for.',
    );
  switch (kind) {
    case 'key-missing':
    case 'key-refused':
      return l10n.t('Ask the person to run “Wan Image: Set API Key”. Never ask for the key itself.');
    case 'no-credit':
      return l10n.t('Ask the person to add credit to their account; nothing can be bought until then.');
    case 'content-refused':
      return l10n.t('Change the prompt before you call again.');
    case 'bad-request':
    case 'inline-image-refused':
      return l10n.t('Change the request before you call again.');
    case 'busy':
    case 'unavailable':
    case 'network':
    case 'late':
      return l10n.t('Nothing was bought. Call again later.');
    case 'cancelled':
      return l10n.t('Nothing was bought. Do not try again unasked.');
    case 'nothing-delivered':
    case 'storage':
    case 'unexpected':
      return l10n.t('Tell the person; the log of Wan Image says more.');
  }
}

/** A job that somebody has to do something for; it goes on by itself then. */
export function heldUpError(failure: Failure, mode: Mode): AgentError {
  return new AgentError(asText([tellTrouble(failure, mode).text, laterStep()]), true);
}

/** The caller no longer waits. */
export function cancelledError(wasSent: boolean, mode: Mode): AgentError {
  if (mode === 'practice') return new AgentError(l10n.t('Cancelled. It was practice, and cost nothing.'), false);
  return wasSent
    ? new AgentError(
        asText([l10n.t('Cancelled, but the request had been sent and is billed all the same.'), laterStep()]),
        true,
      )
    : new AgentError(l10n.t('Cancelled before anything was sent. Nothing was bought.'), false);
}

const laterStep = (): string =>
  l10n.t(
    'The picture comes into the history of Wan Image Studio. Do not ask for another one; the same call again waits for this one.',
  );

/** Pictures came and are kept, and could not become the files that were asked for. */
export function unsavedError(reason: string): AgentError {
  const kept = l10n.t(
    'The picture was made and is kept in the history of Wan Image Studio. Do not buy it again: once the way is free, the same call saves it.',
  );
  return new AgentError(asText([reason, kept]), true);
}

/** Nothing came of a job that has ended. */
export function nothingCameError(): AgentError {
  return new AgentError(
    l10n.t('No picture came. Tell the person, who can look for it in the history of Wan Image Studio.'),
    true,
  );
}

/** An amount for people and models. */
export function costText(mills: number | undefined, isPractice: boolean): string {
  if (isPractice) return l10n.t('free practice');
  return mills === undefined ? l10n.t('not known yet') : formatPrice(mills);
}
