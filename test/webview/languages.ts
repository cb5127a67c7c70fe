// The panel in another language, with the translation that is shipped.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const chinese = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../l10n/bundle.l10n.zh-cn.json'), 'utf8'),
) as Record<string, string>;

/** What the host would say in Simplified Chinese: every text of it that is a sentence of ours is translated. */
export function inChinese<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'string' && Object.hasOwn(chinese, part) ? chinese[part] : part,
  ) as Value;
}
