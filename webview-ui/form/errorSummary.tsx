import type { JSX } from 'preact';
import { fieldId, focusField } from '../parts/fieldIds.ts';
import { problemText } from '../text.ts';
import type { WithStudio } from '../state.ts';

/** Every problem that keeps the request from running, each a way to its field. */
export function ErrorSummary({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  const strings = studio.snapshot?.strings ?? {};
  const errors = studio.errors;
  // An empty form has only the hint that it needs a prompt; the button says that.
  const shown = errors.filter((problem) => problem.code !== 'prompt-missing' || studio.tried);
  return (
    <div class="summary" role="status">
      {shown.length > 0 && (
        <>
          <strong>{shown.length === 1 ? t('problemsOne') : t('problemsMany', shown.length)}</strong>
          <ul>
            {shown.map((problem) => (
              <li key={`${problem.code} ${problem.field}`}>
                <a
                  href={`#${fieldId(problem.field)}`}
                  onClick={(event) => {
                    event.preventDefault();
                    focusField(problem.field);
                  }}
                >
                  {problemText(strings, problem)}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
