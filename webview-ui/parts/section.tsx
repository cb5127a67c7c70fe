import type { ComponentChildren, JSX } from 'preact';
import { Icon } from './icon.tsx';
import { problemsOf } from './problems.tsx';
import type { WithStudio } from '../state.ts';

interface Props extends WithStudio {
  readonly name: string;
  readonly label: string;
  /** What is chosen inside, for when the section is closed. */
  readonly summary: ComponentChildren;
  /** The fields inside; a problem in one of them that asks for a change opens the section. */
  readonly fields: readonly string[];
  readonly children: ComponentChildren;
}

/** A part of the form that most people leave as it is. */
export function Section({ studio, name, label, summary, fields, children }: Props): JSX.Element {
  const needsCare = fields.some((field) =>
    problemsOf(studio, field, true).some((problem) => problem.severity !== 'note'),
  );
  const isOpen = needsCare || studio.openSections.includes(name);
  return (
    <details class="section" open={isOpen} onToggle={(event) => studio.setSectionOpen(name, event.currentTarget.open)}>
      <summary>
        <Icon name="chevron-right" class="section-arrow" />
        <strong>{label}</strong>
        <span class="section-summary hint">{summary}</span>
      </summary>
      <div class="section-body stack">{children}</div>
    </details>
  );
}
