import type { JSX } from 'preact';
import { Form } from './form/form.tsx';
import { Banners } from './parts/banners.tsx';
import { Results } from './results/results.tsx';
import { StagePlace } from './stage/stagePlace.tsx';
import type { WithStudio } from './state.ts';

/** The whole studio. */
export function App({ studio }: WithStudio): JSX.Element {
  return (
    <main class="studio">
      <Banners studio={studio} />
      <div class="columns" id="results-scroll">
        <StagePlace studio={studio} />
        <Form studio={studio} />
        <Results studio={studio} />
      </div>
      <div class="only-spoken" role="status">
        {studio.news}
      </div>
      {studio.later?.drawComparison(studio)}
    </main>
  );
}
