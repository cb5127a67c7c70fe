import { env, l10n } from 'vscode';
import type { Failure } from '../../core/failure.ts';
import { asList, asText } from '../../core/joining.ts';
import type { KnownService } from '../../core/knownService.ts';
import type { BoxForm } from '../../core/modelCard.ts';
import { formatPrice } from '../../core/request.ts';
import { plainText } from '../plainText.ts';
import { tellFailure } from '../telling.ts';
import type { Comparison } from './comparison.ts';
import type { FreePart, ReadCatalogue } from './freePart.ts';
import type { Found } from './serviceFacts.ts';
import type { Settled } from './settle.ts';
import { boxSentence, formName, inlineSentence, subjectName, trialSentence } from './words.ts';

/** Everything that one check has to say. */
export interface CheckReport extends Pick<FreePart, 'account' | 'catalogue'> {
  readonly address: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Undefined where the user wanted no test pictures. */
  readonly settled: Settled | undefined;
  /** What is remembered of this service after the check. */
  readonly found: Found;
  readonly known: KnownService;
  /** The user's setting. */
  readonly boxForm: BoxForm;
}

/** The check in a sentence or three, as plain text. */
export function summaryOf({ catalogue, settled }: CheckReport): string {
  const tests = settled
    ? [inlineSentence(settled.inline), boxSentence(settled.boxForm)]
    : [l10n.t('No test picture was sent.')];
  return asText([catalogueSentence(catalogue), ...tests]);
}

/** The check as a Markdown document. Words of the service are escaped. */
export function reportText(report: CheckReport): string {
  const { address, at, account, settled } = report;
  const sections = [
    [l10n.t('Key and balance'), accountLines(account)],
    [l10n.t('Prices and limits in the catalogue'), catalogueLines(report)],
    [l10n.t('Images sent along, and boxes'), settled ? settledLines(settled) : [l10n.t('No test picture was sent.')]],
    [l10n.t('What is applied to requests to this service'), appliedLines(report)],
  ] as const;
  return [
    `# ${l10n.t('Check Service')}`,
    `**${escaped(summaryOf(report))}**`,
    `${escaped(address)}, ${escaped(new Date(at).toLocaleString(env.language))}`,
    ...sections.flatMap(([title, lines]) => [`## ${title}`, lines.map((line) => `- ${line}`).join('\n')]),
    l10n.t(
      'To bring this up to date, run “Wan Image: Check Service” again. To forget it, run “Wan Image: Forget Service Check”.',
    ),
    '',
  ].join('\n\n');
}

function accountLines(account: CheckReport['account']): string[] {
  if ('failure' in account) return [failureText(account.failure)];
  const { balance } = account;
  return [
    l10n.t('The service accepts the API key.'),
    balance === undefined
      ? l10n.t('The service does not say what the balance is.')
      : escaped(l10n.t('Balance: ${0}.', balance.toFixed(2))),
  ];
}

function catalogueSentence(catalogue: CheckReport['catalogue']): string {
  if (catalogue === 'missing' || 'failure' in catalogue) return l10n.t('The catalogue could not be read.');
  const differing = catalogue.comparisons.filter(
    ({ theirs }) => theirs.state === 'differs' || theirs.state === 'unread',
  );
  if (differing.length > 0) return l10n.t('The catalogue differs from the model page in: {0}.', names(differing));
  return catalogue.comparisons.every(({ theirs }) => theirs.state === 'unsaid')
    ? l10n.t('The catalogue says nothing about prices and limits.')
    : l10n.t('The catalogue says nothing else than the model page.');
}

function catalogueLines({ catalogue }: CheckReport): string[] {
  if (catalogue === 'missing') return [l10n.t('The service has no page of this model in its catalogue.')];
  if ('failure' in catalogue) return [failureText(catalogue.failure)];
  const { comparisons } = catalogue;
  const same = comparisons.filter(({ theirs }) => theirs.state === 'same');
  const unsaid = comparisons.filter(({ theirs }) => theirs.state === 'unsaid');
  return [
    ...comparisons.flatMap(differenceLine),
    ...(same.length > 0 ? [l10n.t('It says the same about: {0}.', names(same))] : []),
    ...(unsaid.length > 0 ? [l10n.t('The catalogue does not say: {0}.', names(unsaid))] : []),
    ...strangerLines(catalogue.strangers),
  ];
}

function differenceLine({ subject, ours, theirs }: Comparison): string[] {
  const name = subjectName(subject);
  if (theirs.state === 'differs')
    return [
      l10n.t('Different: {0}. The catalogue says {1}, the model page {2}.', name, escaped(theirs.text), escaped(ours)),
    ];
  if (theirs.state !== 'unread') return [];
  return [
    l10n.t(
      'Not understood: {0}. The catalogue says “{1}”; {2} of the model page is counted with.',
      name,
      escaped(theirs.text),
      escaped(ours),
    ),
  ];
}

function strangerLines(found: ReadCatalogue['strangers']): string[] {
  if (!found) return [l10n.t('The catalogue lists no parameters.')];
  return [
    ...(found.ours.length > 0
      ? [l10n.t('The catalogue does not name these parameters of the model page: {0}.', escaped(found.ours.join(', ')))]
      : []),
    ...(found.theirs.length > 0
      ? [l10n.t('It names parameters that are not sent from here: {0}.', escaped(found.theirs.slice(0, 30).join(', ')))]
      : []),
  ];
}

function settledLines({ tried, inline, boxForm }: Settled): string[] {
  return [
    inlineSentence(inline),
    boxSentence(boxForm),
    ...tried.map(({ form, trial }, index) =>
      l10n.t('Test picture {0}, {1}: {2}', index + 1, formName(form), escaped(trialSentence(trial))),
    ),
  ];
}

function appliedLines({ found, known, boxForm }: CheckReport): string[] {
  return [
    escaped(
      l10n.t(
        'Highest prices are told and confirmed with {0} for a Pro picture and {1} for a Standard picture.',
        formatPrice(known.prices['wan2.7-image-pro']),
        formatPrice(known.prices['wan2.7-image']),
      ),
    ),
    inlineLine(found),
    boxLine(found, boxForm),
  ];
}

function inlineLine({ inline }: Found): string {
  if (inline?.answer !== 'refused') return l10n.t('Images of this computer are sent along as data.');
  return l10n.t('Images of this computer are not sent along, since the service refused one on {0}.', day(inline.at));
}

function boxLine({ boxForm: found }: Found, setting: BoxForm): string {
  if (setting !== 'auto') return l10n.t('Boxes are written in the form that the setting “wanImage.boxForm” names.');
  if (!found) return l10n.t('Boxes are written as the setting “wanImage.boxForm” says for “auto”.');
  return l10n.t('Boxes are written in the form that worked on {0}: {1}.', day(found.at), formName(found.answer));
}

const day = (at: number): string => escaped(new Date(at).toLocaleDateString(env.language));

function failureText(failure: Failure): string {
  const { text } = tellFailure(failure, 'live');
  return escaped(failure.detail === undefined ? text : asText([text, l10n.t('The service says: {0}', failure.detail)]));
}

const names = (comparisons: readonly Comparison[]): string =>
  asList(
    comparisons.map(({ subject }) => subjectName(subject)),
    env.language,
  );

/** A text as Markdown shows it word for word: each sign that could mean something there is escaped. */
function escaped(text: string): string {
  return plainText(text).replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}
