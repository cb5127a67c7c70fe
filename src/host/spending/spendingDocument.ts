import { env, l10n } from 'vscode';
import { modelCard, type Variant } from '../../core/modelCard.ts';
import { formatBalance, formatPrice } from '../../core/request.ts';
import type { LedgerEntry } from '../../jobs/ledgerEntry.ts';
import { countedFor, type LedgerLine } from '../../jobs/ledgerLines.ts';
import type { Limits, Spent } from '../../jobs/limits.ts';
import type { Line } from './exported.ts';
import { markdownTable, markdownText } from './markdownText.ts';
import { isKnown, type Spans, type Sum, type Summary } from './summary.ts';

/** What the view of the spending shows. */
export interface Shown {
  readonly summary: Summary;
  /** The latest jobs, the newest first. */
  readonly latest: readonly Line[];
  /** How many jobs there are beside those. */
  readonly older: number;
  readonly limits: Limits;
  readonly spent: Spent;
  /** US dollars; undefined where the service has not said it. */
  readonly balance: number | undefined;
  /** Names for people, by storage key. */
  readonly workspaceNames: ReadonlyMap<string, string>;
  /** Storage key of the workspace that is open. */
  readonly workspace: string;
}

/** What was spent on what, as Markdown. */
export function spendingDocument(shown: Shown): string {
  return [
    `# ${markdownText(l10n.t('Spending'))}`,
    paragraph(
      l10n.t('What the real service was asked for from this machine. Practice mode costs nothing and is not counted.'),
    ),
    totals(shown.summary),
    heading(l10n.t('Left today')),
    left(shown),
    paragraph(balanceSentence(shown.balance)),
    heading(l10n.t('By workspace')),
    groups(shown.summary.byWorkspace, (key) => workspaceName(key, shown)),
    heading(l10n.t('By model')),
    groups(shown.summary.byVariant, modelName),
    heading(l10n.t('By who asked')),
    groups(shown.summary.byCaller, callerName),
    heading(l10n.t('Requests')),
    requests(shown),
    ...(shown.older > 0
      ? [paragraph(l10n.t('{0} older requests are not shown here. Export Spending has them all.', shown.older))]
      : []),
    '',
  ].join('\n\n');
}

const heading = (text: string) => `## ${markdownText(text)}`;
const paragraph = (text: string) => markdownText(text);

function balanceSentence(balance: number | undefined): string {
  return balance === undefined
    ? l10n.t('The balance of the account is not known now.')
    : l10n.t('The service says that the account has {0} left.', formatBalance(balance));
}

function totals({ today, month, all }: Spans): string {
  const row = (name: string, { requests, paid, open }: Sum) => [
    name,
    String(requests),
    formatPrice(paid),
    open === 0 ? '' : l10n.t('up to {0}', formatPrice(open)),
  ];
  return markdownTable(
    ['', l10n.t('Requests'), l10n.t('Cost'), l10n.t('Not known yet')],
    [row(l10n.t('Today'), today), row(l10n.t('This month'), month), row(l10n.t('In all'), all)],
  );
}

function left({ limits, spent }: Pick<Shown, 'limits' | 'spent'>): string {
  const row = (name: string, limit: keyof Limits) => [
    name,
    formatPrice(limits[limit]),
    formatPrice(spent[limit]),
    formatPrice(Math.max(0, limits[limit] - spent[limit])),
  ];
  return markdownTable(
    ['', l10n.t('Limit'), l10n.t('Counted'), l10n.t('Left')],
    [
      row(l10n.t('All workspaces'), 'day'),
      row(l10n.t('This workspace'), 'workspace'),
      row(l10n.t('Agents and other extensions'), 'agent'),
    ],
  );
}

function groups(rows: readonly (readonly [string, Spans])[], nameOf: (key: string) => string): string {
  if (rows.length === 0) return paragraph(l10n.t('Nothing yet.'));
  const cell = ({ paid, open }: Sum) =>
    open === 0 ? formatPrice(paid) : l10n.t('{0} and up to {1} more', formatPrice(paid), formatPrice(open));
  return markdownTable(
    ['', l10n.t('Today'), l10n.t('This month'), l10n.t('In all')],
    rows.map(([key, { today, month, all }]) => [nameOf(key), cell(today), cell(month), cell(all)]),
  );
}

function requests({ latest }: Shown): string {
  if (latest.length === 0) return paragraph(l10n.t('Nothing yet.'));
  return markdownTable(
    [
      l10n.t('When'),
      l10n.t('What'),
      l10n.t('Where'),
      l10n.t('Asked for'),
      l10n.t('Came'),
      l10n.t('Highest price'),
      l10n.t('Cost'),
      l10n.t('State'),
    ],
    latest.map(({ line, entry }) => [
      entry ? new Date(entry.createdAt).toLocaleString(env.language) : line.day,
      entry?.prompt ?? l10n.t('Not readable any more'),
      [entry?.workspaceName, modelName(line.variant), entry?.askedBy ?? callerName(line.caller)]
        .filter(Boolean)
        .join(', '),
      entry ? askedFor(entry) : '',
      entry ? came(entry) : '',
      formatPrice(line.highest),
      isKnown(line) ? formatPrice(countedFor(line)) : '',
      stateName(line),
    ]),
  );
}

function askedFor({ highestCount, askedSize, resolution }: LedgerEntry): string {
  const size = askedSize ? l10n.t('{0} × {1} px', askedSize.width, askedSize.height) : resolution;
  return l10n.t('{0} at {1}', highestCount, size);
}

function came({ end }: LedgerEntry): string {
  if (!end) return '';
  const sizes = Map.groupBy(end.pictures, ({ width, height }) => l10n.t('{0} × {1} px', width, height));
  return sizes.size === 0 ? '0' : [...sizes].map(([size, { length }]) => l10n.t('{0} at {1}', length, size)).join('; ');
}

function stateName({ settlement }: LedgerLine): string {
  switch (settlement?.outcome) {
    case 'paid':
      return l10n.t('Paid');
    case 'nothing':
      return l10n.t('Not billed');
    case 'unknown':
      return l10n.t('May have been billed');
    case undefined:
      return l10n.t('Not ended');
  }
}

function workspaceName(key: string, { workspaceNames, workspace }: Shown): string {
  const name = workspaceNames.get(key) ?? key;
  return key === workspace ? l10n.t('{0} (this one)', name) : name;
}

function modelName(variant: string): string {
  return Object.hasOwn(modelCard.variantNames, variant) ? modelCard.variantNames[variant as Variant] : variant;
}

function callerName(caller: string): string {
  return caller === 'person' ? l10n.t('You') : l10n.t('Agents and other extensions');
}
