import type { JSX } from 'preact';
import { emptyRequest, type ImageRequest } from '../../src/core/request.ts';
import { Button } from '../parts/button.tsx';
import { focusFieldSoon } from '../parts/fieldIds.ts';
import { Icon } from '../parts/icon.tsx';
import type { WithStudio } from '../state.ts';

/** A welcome for who has nothing here yet: what to do, and three ways to begin. */
export function EmptyState({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const examples: readonly { title: string; request: ImageRequest }[] = [
    { title: t('example1Title'), request: { ...emptyRequest(), prompt: t('example1Prompt'), aspectRatio: '16:9' } },
    {
      title: t('example2Title'),
      request: { ...emptyRequest(), prompt: t('example2Prompt'), aspectRatio: '1:1', resolution: '1K' },
    },
    {
      title: t('example3Title'),
      request: {
        ...emptyRequest(),
        prompt: t('example3Prompt'),
        imageSet: true,
        setLines: [t('example3Line1'), t('example3Line2'), t('example3Line3'), t('example3Line4')],
        aspectRatio: '4:3',
        variant: 'wan2.7-image',
      },
    },
  ];
  const use = (request: ImageRequest): void => {
    studio.load(request, 'example');
    focusFieldSoon('prompt');
  };
  return (
    <div class="empty">
      <EmptyPicture />
      <h3>{t('emptyTitle')}</h3>
      <p>{t('emptyText')}</p>
      <p id="examples-label">{t('emptyExamples')}</p>
      <ul class="examples stack" aria-labelledby="examples-label">
        {examples.map(({ title, request }) => (
          <li key={title}>
            <Button class="example" onClick={() => use(request)}>
              <span class="iconic">
                <Icon name={request.imageSet ? 'layers' : 'picture'} />
                <strong>{title}</strong>
              </span>
              <span class="hint">{request.prompt}</span>
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Overlapping empty frames, in the colours of the theme. */
function EmptyPicture(): JSX.Element {
  return (
    <svg class="empty-picture" width="128" height="88" viewBox="0 0 128 88" aria-hidden="true">
      <rect x="6.5" y="22.5" width="62" height="46" rx="5" stroke-opacity=".5" transform="rotate(-7 37 45)" />
      <rect x="59.5" y="20.5" width="62" height="46" rx="5" stroke-opacity=".5" transform="rotate(7 90 43)" />
      <rect x="27.5" y="14.5" width="73" height="56" rx="6" />
      <path d="m28 60 18-14 10 9 17-19 27 25v4a5 5 0 0 1-5 5H33a5 5 0 0 1-5-5zM47 25a6 6 0 1 1 0 12 6 6 0 0 1 0-12z" />
    </svg>
  );
}
