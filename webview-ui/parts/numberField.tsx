import type { JSX } from 'preact';
import type { WithStudio } from '../state.ts';
import { fieldId } from './fieldIds.ts';
import { Problems } from './problems.tsx';
import { TypedInput } from './typedInput.tsx';

interface Props extends WithStudio {
  readonly field: string;
  readonly label: string;
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
  /** An emptied field gives `undefined`. */
  readonly onChange: (value: number | undefined) => void;
  readonly unit?: string;
  /** Leaves the problems to whoever draws this. */
  readonly areProblemsElsewhere?: boolean;
}

/** A number with its unit. */
export function NumberField(props: Props): JSX.Element {
  const { studio, field, label, value, min, max, onChange, unit, areProblemsElsewhere } = props;
  return (
    <div class="field number-field">
      <label class="label" for={fieldId(field)}>
        {label}
      </label>
      <div class="number-line">
        <TypedInput
          studio={studio}
          field={field}
          min={min}
          max={max}
          written={value === undefined || Number.isNaN(value) ? '' : String(value)}
          onTyped={(typed) => onChange(typed === '' ? undefined : Number(typed))}
        />
        {unit !== undefined && (
          <span class="hint" aria-hidden="true">
            {unit}
          </span>
        )}
      </div>
      {!areProblemsElsewhere && <Problems studio={studio} field={field} />}
    </div>
  );
}
