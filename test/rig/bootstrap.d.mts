export function bootstrap(): Promise<boolean>;
export function onParentGone(act: () => void): void;
