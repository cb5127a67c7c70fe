import type { JSX } from 'preact';
import { Button } from '../parts/button.tsx';
import { fieldId } from '../parts/fieldIds.ts';
import { Icon } from '../parts/icon.tsx';
import type { WithStudio } from '../state.ts';
import type { AddressEntry } from './addressEntry.ts';
import { newPicture } from './inputPlaces.ts';

const troubles = {
  'not-http': 'addressNotHttp',
  private: 'addressPrivate',
  credentials: 'addressCredentials',
} as const;

/** Where the public address of a picture is written, which the service then fetches itself. */
export function AddressForm({ studio, entry }: WithStudio & { entry: AddressEntry }): JSX.Element {
  const { text: t } = studio;
  const { place, text, trouble, field, hasFile } = entry;
  return (
    <div
      class="address stack"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        entry.close();
      }}
    >
      <label class="label" for={fieldId(field)}>
        {t('addressLabel')}
      </label>
      <input
        id={fieldId(field)}
        type="url"
        value={text}
        placeholder="https://"
        autocomplete="off"
        spellcheck={false}
        aria-invalid={trouble !== undefined}
        aria-describedby="address-problem address-hint"
        onInput={(event) => entry.type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.isComposing) return;
          event.preventDefault();
          entry.take();
        }}
      />
      <div id="address-problem" role="status">
        {trouble && (
          <p class="problem problem-error">
            <Icon name="error" />
            <span>{t(troubles[trouble])}</span>
          </p>
        )}
      </div>
      <p class="hint" id="address-hint">
        {t('addressHint')}
      </p>
      <div class="row">
        <Button onClick={() => entry.take()}>{t(place === newPicture ? 'addressAdd' : 'addressUse')}</Button>
        {hasFile && <Button onClick={() => entry.useFile()}>{t('addressUseFile')}</Button>}
        <Button look="plain" onClick={() => entry.close()}>
          {t('addressCancel')}
        </Button>
      </div>
    </div>
  );
}
