import type { Snapshot } from '../../src/core/messages.ts';
import {
  formatBalance,
  formatPrice,
  highestCount,
  highestPrice,
  type ImageRequest,
  isEdit,
} from '../../src/core/request.ts';
import type { Words } from '../words.ts';

const wordings = {
  exact: { run: 'run', again: 'runAgain', practice: 'practiceWouldCost' },
  edit: { run: 'runEdit', again: 'runAgainUpTo', practice: 'practiceWouldCostUpTo' },
  upTo: { run: 'runUpTo', again: 'runAgainUpTo', practice: 'practiceWouldCostUpTo' },
} as const;

/** What the Run button says: what it will do and the most it can cost. */
export function runWords(
  request: ImageRequest,
  { service, known }: Pick<Snapshot, 'service' | 'known'>,
  kind: 'run' | 'again',
): Words {
  const isChange = isEdit(request) && !request.imageSet;
  if (service.mode === 'practice')
    return [kind === 'again' ? 'runAgainPractice' : isChange ? 'runEditPractice' : 'runPractice'];
  const price = highestPrice(request, known?.prices);
  return price === undefined
    ? [isChange ? 'runEditWithoutPrice' : 'runWithoutPrice']
    : [wording(request)[kind], formatPrice(price)];
}

/** What the request would cost outside practice mode. */
export function practicePriceWords(request: ImageRequest): Words | undefined {
  const price = highestPrice(request);
  return price === undefined ? undefined : [wording(request).practice, formatPrice(price)];
}

/** How many pictures the request asks for; undefined while that is not a number. */
export function amountWords(request: ImageRequest): Words | undefined {
  const count = highestCount(request);
  if (highestPrice(request) === undefined) return undefined;
  if (request.imageSet) return count === 1 ? ['summarySetOne'] : ['summarySet', count];
  return count === 1 ? ['summaryOne'] : ['summaryMany', count];
}

/** One picture has its price; several may turn out fewer. */
function wording(request: ImageRequest): (typeof wordings)[keyof typeof wordings] {
  if (isEdit(request) && !request.imageSet) return wordings.edit;
  return highestCount(request) === 1 ? wordings.exact : wordings.upTo;
}

/** What is spent and left today, and what the account has; undefined where nothing costs anything. */
export function spendingWords({ spending }: Snapshot): Words[] | undefined {
  if (spending?.state !== 'known') return undefined;
  const { today, left, workspaceLeft, balance } = spending;
  const words: Words[] = [['spentToday', formatPrice(today), formatPrice(left)]];
  if (workspaceLeft < left) words.push(['leftInWorkspace', formatPrice(workspaceLeft)]);
  if (balance !== undefined) words.push(['accountBalance', formatBalance(balance)]);
  return words;
}

/** Why the request does not fit under what may be spent today; undefined where it does. */
export function limitWords(request: ImageRequest, { spending, known }: Snapshot): Words | undefined {
  if (!spending) return undefined;
  if (spending.state === 'unreadable') return ['spendingUnreadable'];
  const price = highestPrice(request, known?.prices);
  const left = Math.min(spending.left, spending.workspaceLeft);
  if (price === undefined || price <= left) return undefined;
  const isWorkspace = spending.workspaceLeft < spending.left;
  return [isWorkspace ? 'overWorkspaceLimit' : 'overLimit', formatPrice(price), formatPrice(left)];
}

/** What running a request once more can cost; undefined where nobody can say. */
export function againPrice(
  request: ImageRequest,
  { service, known }: Pick<Snapshot, 'service' | 'known'>,
): Words | string | undefined {
  const price = highestPrice(request, known?.prices);
  if (service.mode === 'practice') return ['priceFree'];
  if (price === undefined) return undefined;
  return wording(request) === wordings.exact ? formatPrice(price) : ['priceUpTo', formatPrice(price)];
}
