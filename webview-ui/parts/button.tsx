import type { ButtonHTMLAttributes, ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface Props extends Omit<ButtonHTMLAttributes, 'class' | 'icon' | 'type'> {
  /** `primary` is for the one thing the panel is for; `plain` is for what stands beside it. */
  readonly look?: 'primary' | 'secondary' | 'plain' | 'link';
  readonly icon?: IconName;
  readonly class?: string;
  readonly children?: ComponentChildren;
}

/** A button. One with an icon alone needs an `aria-label`, which is also its tip. */
export function Button({ look = 'secondary', icon, children, class: className, ...rest }: Props): JSX.Element {
  const label = rest['aria-label'];
  const classes = ['button', `button-${look}`, children === undefined && 'button-icon', className]
    .filter(Boolean)
    .join(' ');
  return (
    <button
      type="button"
      class={classes}
      {...(children === undefined && typeof label === 'string' && { title: label })}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
