import type { JSX } from 'preact';
import type { PanelProblem } from '../form/sources.ts';
import type { Studio, WithStudio } from '../state.ts';
import { fixText, problemText } from '../text.ts';
import { Button } from './button.tsx';
import { problemsId } from './fieldIds.ts';
import { Icon } from './icon.tsx';

/** The problems of one field; with `deep`, also of the places inside it. */
export function problemsOf(studio: Studio, field: string, deep = false): readonly PanelProblem[] {
  return studio.problems.filter(
    (problem) =>
      (problem.field === field || (deep && problem.field.startsWith(`${field}.`))) &&
      // A form that nobody has written in yet is not wrong.
      (problem.code !== 'prompt-missing' || studio.tried),
  );
}

/** True when a field has a problem that blocks. */
export const hasError = (studio: Studio, field: string): boolean =>
  problemsOf(studio, field).some((problem) => problem.severity === 'error');

const severityNames = { error: 'severityError', warning: 'severityWarning', note: 'severityNote' } as const;

/** What is wrong with a field, beside the field, with the fixes as buttons. The field names this by `aria-describedby`. */
export function Problems({ studio, field, deep = false }: WithStudio & { field: string; deep?: boolean }): JSX.Element {
  const { text: t } = studio;
  const strings = studio.snapshot?.strings ?? {};
  return (
    <div class="problems" id={problemsId(field)}>
      {problemsOf(studio, field, deep).map((problem) => {
        const { fix } = problem;
        return (
          <div class={`problem problem-${problem.severity}`} key={`${problem.code} ${problem.field}`}>
            <Icon name={problem.severity === 'note' ? 'info' : problem.severity} />
            <span>
              <span class="only-spoken">{t(severityNames[problem.severity])} </span>
              {problemText(strings, problem)}
            </span>
            {problem.code === 'input-inline-refused' && (
              <Button class="fix" onClick={() => studio.act('check-service')}>
                {t('checkService')}
              </Button>
            )}
            {fix && (
              <Button class="fix" icon="lightbulb" onClick={() => studio.change(fix.patch)}>
                {fixText(strings, fix)}
              </Button>
            )}
          </div>
        );
      })}
    </div>
  );
}
