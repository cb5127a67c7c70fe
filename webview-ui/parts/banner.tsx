import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface Props {
  readonly look: 'info' | 'warning' | 'error';
  readonly icon: IconName;
  readonly title?: string;
  readonly children?: ComponentChildren;
  readonly buttons?: ComponentChildren;
  readonly role?: 'alert' | 'status' | 'note';
}

/** A line across the panel that says how things stand, with what can be done about it. */
export function Banner({ look, icon, title, children, buttons, role = 'note' }: Props): JSX.Element {
  return (
    <div class={`banner row look-${look}`} role={role}>
      <Icon name={icon} />
      <p class="banner-text">
        {title !== undefined && <strong>{title}</strong>} {children}
      </p>
      {buttons && <div class="row">{buttons}</div>}
    </div>
  );
}
