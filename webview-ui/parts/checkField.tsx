import type { JSX } from 'preact';
import { fieldId, hintId, problemsId } from './fieldIds.ts';
import { Problems } from './problems.tsx';
import type { WithStudio } from '../state.ts';

interface Props extends WithStudio {
  readonly field: string;
  readonly label: string;
  readonly hint: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

/** Something to switch on or off. */
export function CheckField({ studio, field, label, hint, isChecked, onChange }: Props): JSX.Element {
  return (
    <div class="field">
      <label class="check">
        <input
          type="checkbox"
          id={fieldId(field)}
          checked={isChecked}
          aria-describedby={`${hintId(field)} ${problemsId(field)}`}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span>{label}</span>
      </label>
      <div class="hint check-hint" id={hintId(field)}>
        {hint}
      </div>
      <Problems studio={studio} field={field} />
    </div>
  );
}
