import type { JSX } from 'preact';
import type { WithStudio } from '../state.ts';
import { fieldId, problemsId } from './fieldIds.ts';
import { hasError } from './problems.tsx';

interface Props extends WithStudio {
  readonly field: string;
  /** What the value reads like when nobody is typing. */
  readonly written: string;
  readonly onTyped: (typed: string) => void;
  readonly min?: number;
  readonly max?: number;
  readonly step?: string;
  readonly 'aria-label'?: string;
}

/** An input for a number, which can be written in several ways: what is typed stays as typed until the field is left. */
export function TypedInput({ studio, field, written, onTyped, ...rest }: Props): JSX.Element {
  const { typing } = studio;
  return (
    <input
      id={fieldId(field)}
      type="number"
      value={typing?.field === field ? typing.text : written}
      aria-invalid={hasError(studio, field)}
      aria-describedby={problemsId(field)}
      onInput={(event) => {
        const text = event.currentTarget.value;
        studio.type(field, text);
        onTyped(text.trim());
      }}
      onBlur={() => studio.endTyping()}
      {...rest}
    />
  );
}
