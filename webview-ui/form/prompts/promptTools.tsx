import type { JSX } from 'preact';
import { Button } from '../../parts/button.tsx';
import { fieldId } from '../../parts/fieldIds.ts';
import { Icon } from '../../parts/icon.tsx';
import type { WithStudio } from '../../state.ts';
import type { PromptBook, PromptEntry } from './promptBook.ts';
import { starters } from './starters.ts';

interface Props extends WithStudio {
  readonly book: PromptBook;
}

/** What can be put into the prompt: earlier prompts, and templates. */
export function PromptTools({ studio, book }: Props): JSX.Element {
  const { text: t } = studio;
  return (
    <div
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !book.place) return;
        event.stopPropagation();
        book.close();
      }}
    >
      <div class="row">
        <Button
          look="plain"
          icon="lightbulb"
          id="open-starters"
          aria-expanded={book.place === 'starters'}
          onClick={() => book.toggle('starters')}
        >
          {t('starters')}
        </Button>
        <Button
          look="plain"
          icon="history"
          id="open-history"
          aria-expanded={book.place === 'history'}
          onClick={() => book.toggle('history')}
        >
          {t('promptHistory')}
        </Button>
      </div>
      {book.place === 'starters' && <StarterList studio={studio} book={book} />}
      {book.place === 'history' && <History studio={studio} book={book} />}
      <StarterNote studio={studio} book={book} />
    </div>
  );
}

function StarterList({ studio, book }: Props): JSX.Element {
  const { text: t } = studio;
  return (
    <ul class="prompt-list stack" aria-label={t('starters')}>
      {starters.map((starter) => {
        const part = t(starter.part);
        return (
          <li key={starter.title}>
            <Button class="example" onClick={() => book.start(starter, t(starter.prompt, part), part)}>
              <span class="iconic">
                <Icon name={starter.icon} />
                <strong>{t(starter.title)}</strong>
              </span>
              <span class="hint">{t(starter.needs)}</span>
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

/** Which pictures a template needs, and how many are there. */
function StarterNote({ studio, book }: Props): JSX.Element {
  const { text: t } = studio;
  const { starter } = book;
  const there = studio.request.inputs.length;
  return (
    <div role="status">
      {starter && (
        <div class="starter-note row apart small">
          <span>
            {t(starter.needs)}{' '}
            <span class="hint">
              {t(there >= starter.images ? 'starterComplete' : 'starterMissing', there, starter.images)}
            </span>
          </span>
          <Button look="plain" icon="close" aria-label={t('starterClose')} onClick={() => book.putStarterAway()} />
        </div>
      )}
    </div>
  );
}

function History({ studio, book }: Props): JSX.Element {
  const { text: t } = studio;
  const { found, entries } = book;
  return (
    <div class="prompt-list" onKeyDown={moveInList}>
      <label class="only-spoken" for={fieldId('promptFilter')}>
        {t('promptFilter')}
      </label>
      <input
        id={fieldId('promptFilter')}
        type="text"
        value={book.filter}
        placeholder={t('promptFilter')}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => book.narrow(event.currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = found;
          if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.isComposing || !first) return;
          event.preventDefault();
          book.take(first);
        }}
      />
      <p class="hint" role="status">
        {entries.length === 0 ? t('promptNone') : found.length === 0 ? t('promptNoneFound') : t('promptKeys')}
      </p>
      <ul class="prompt-entries" aria-label={t('promptHistory')}>
        {found.map((entry, index) => (
          <li key={index}>
            <button type="button" class="prompt-entry" onClick={() => book.take(entry)}>
              {entry.kind === 'draft' && <DraftFacts studio={studio} entry={entry} />}
              <span class="prompt-words">{entry.prompt}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function DraftFacts({ studio, entry }: WithStudio & { entry: PromptEntry & { kind: 'draft' } }): JSX.Element {
  const { text: t } = studio;
  const { length } = entry.request.inputs;
  const images = length === 1 ? t('chipInputsOne') : t('chipInputsMany', length);
  return <span class="hint prompt-draft">{length === 0 ? t('promptDraft') : `${t('promptDraft')} · ${images}`}</span>;
}

/** Arrows go from the filter into the list and through it. */
function moveInList(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  if (!['ArrowDown', 'ArrowUp'].includes(event.key) || event.altKey) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, .prompt-entry')];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}
