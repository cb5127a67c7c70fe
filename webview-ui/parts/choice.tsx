import type { ComponentChildren, JSX } from 'preact';
import { fieldId, hintId, problemsId } from './fieldIds.ts';
import { Problems } from './problems.tsx';
import type { WithStudio } from '../state.ts';

export interface Option<Value extends string> {
  readonly value: Value;
  /** What a screen reader says, where the drawn words do not say it all. */
  readonly spoken?: string;
  readonly content: ComponentChildren;
  readonly isDisabled?: boolean;
}

interface Props<Value extends string> extends WithStudio {
  /** The field of the request; also the name of the radio group. */
  readonly field: string;
  readonly label: string;
  readonly look: 'segments' | 'cards' | 'tiles' | 'list';
  readonly value: Value | undefined;
  readonly options: readonly Option<Value>[];
  readonly onChoose: (value: Value) => void;
  readonly hint?: ComponentChildren;
  readonly isLabelHidden?: boolean;
}

/** One of a few, all of them in view: native radio buttons, drawn as segments, cards, tiles or a list. */
export function Choice<Value extends string>(props: Props<Value>): JSX.Element {
  const { studio, field, label, look, value, options, onChoose, hint, isLabelHidden } = props;
  return (
    <fieldset
      class={`field choice choice-${look}`}
      id={fieldId(field)}
      aria-describedby={`${hintId(field)} ${problemsId(field)}`}
    >
      <legend class={isLabelHidden ? 'only-spoken' : 'label'}>{label}</legend>
      <div class="choice-options">
        {options.map((option) => (
          <label class="choice-option" key={option.value}>
            <input
              type="radio"
              name={field}
              value={option.value}
              checked={option.value === value}
              disabled={option.isDisabled ?? false}
              onChange={() => onChoose(option.value)}
              {...(option.spoken !== undefined && { 'aria-label': option.spoken })}
            />
            {option.content}
          </label>
        ))}
      </div>
      <div class="hint" id={hintId(field)}>
        {hint}
      </div>
      <Problems studio={studio} field={field} />
    </fieldset>
  );
}
