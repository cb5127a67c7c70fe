/** The id of the element that edits a field; deeper fields have dots, such as `palette.2.hex`. */
export const fieldId = (field: string): string => `field-${field.replaceAll('.', '-')}`;

/** The id of the element that lists a field's problems. */
export const problemsId = (field: string): string => `problems-${field.replaceAll('.', '-')}`;

/** The id of the element that explains a field. */
export const hintId = (field: string): string => `hint-${field.replaceAll('.', '-')}`;

/** Brings the keyboard to the element that edits a field, or to the nearest one around it; opens what hides it. */
export function focusField(field: string): void {
  const parts = field.split('.');
  for (let length = parts.length; length > 0; length--) {
    const found = document.getElementById(fieldId(parts.slice(0, length).join('.')));
    if (!found) continue;
    const details = found.closest('details');
    if (details) details.open = true;
    const target = found.matches('input, textarea, select, button') ? found : firstControl(found);
    target?.focus();
    target?.scrollIntoView({ block: 'nearest' });
    return;
  }
}

/** Brings the keyboard to a field that is about to be drawn. */
export function focusFieldSoon(field: string): void {
  setTimeout(() => focusField(field), 0);
}

function firstControl(group: HTMLElement): HTMLElement | null {
  return (
    group.querySelector<HTMLElement>('input:checked, input:not([type=radio]), textarea, select, button') ??
    group.querySelector<HTMLElement>('input')
  );
}
