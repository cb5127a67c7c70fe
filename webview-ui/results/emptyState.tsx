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
      <div class="empty-picture">{studio.later?.drawEmptyPicture()}</div>
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
