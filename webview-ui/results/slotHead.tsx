import type { ComponentChildren, JSX } from 'preact';

/** The name of a slot of a set, above its picture or the place where one is missing. */
export function SlotHead({ name, children }: { name: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="slot apart">
      <strong class="slot-name" title={name}>
        {name}
      </strong>
      {children}
    </div>
  );
}
