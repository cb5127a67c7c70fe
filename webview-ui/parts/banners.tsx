import type { JSX } from 'preact';
import type { Action, Snapshot, StorageNote } from '../../src/core/messages.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { focusFieldSoon } from './fieldIds.ts';
import type { WithStudio } from '../state.ts';

/** How things stand, above everything else. */
export function Banners({ studio }: WithStudio): JSX.Element {
  const { service, key, workspace, storage } = studio.shown;
  return (
    <div class="banners">
      <Notice studio={studio} />
      {service.mode === 'practice' && <Practice studio={studio} />}
      {service.mode === 'live' && key === 'missing' && <KeyMissing studio={studio} service={service.name} />}
      {storage?.vault && <StorageBanner studio={studio} look="error" note={storage.vault} />}
      {storage?.saveFolder && <StorageBanner studio={studio} look="warning" note={storage.saveFolder} />}
      {!workspace.trusted && <Untrusted studio={studio} />}
    </div>
  );
}

function Practice({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  return (
    <Banner
      look="info"
      icon="beaker"
      title={`${t('practiceTitle')}:`}
      buttons={<Button onClick={() => studio.act('leave-practice')}>{t('leavePractice')}</Button>}
    >
      {t('practiceText')}
    </Banner>
  );
}

function KeyMissing({ studio, service }: WithStudio & { service: string }): JSX.Element {
  const { text: t } = studio;
  return (
    <Banner
      look="warning"
      icon="key"
      title={t('keyMissingTitle')}
      buttons={
        <>
          <Button onClick={() => studio.act('set-key')}>{t('setKey')}</Button>
          <Button look="plain" onClick={() => studio.act('use-practice')}>
            {t('usePractice')}
          </Button>
        </>
      }
    >
      {t('keyMissingText', service)}
    </Banner>
  );
}

function Untrusted({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  return (
    <Banner
      look="info"
      icon="info"
      title={t('untrustedTitle')}
      buttons={<Button onClick={() => studio.act('manage-trust')}>{t('manageTrust')}</Button>}
    >
      {t('untrustedText')}
    </Banner>
  );
}

/** A place that pictures go to cannot take them. */
function StorageBanner({
  studio,
  look,
  note,
}: WithStudio & { look: 'error' | 'warning'; note: StorageNote }): JSX.Element {
  return (
    <Banner
      look={look}
      icon={look}
      buttons={note.actions.map(({ id, label }) => (
        <Button key={id} onClick={() => studio.act(id)}>
          {label}
        </Button>
      ))}
    >
      {note.text}
    </Banner>
  );
}

type Notice = NonNullable<Snapshot['notice']>;

/** What the host has to say. The user can put it away; a new one comes back. The places that speak are always there. */
function Notice({ studio }: WithStudio): JSX.Element {
  const { notice } = studio;
  const drawn = notice && <NoticeBanner studio={studio} notice={notice} />;
  const isAlert = notice?.severity === 'error';
  return (
    <>
      <div role="alert">{isAlert && drawn}</div>
      <div role="status">{!isAlert && drawn}</div>
    </>
  );
}

function NoticeBanner({ studio, notice }: WithStudio & { notice: Notice }): JSX.Element {
  const { text: t } = studio;
  const act = ({ id }: Action): void => (id === 'edit-request' ? focusFieldSoon('prompt') : studio.act(id));
  return (
    <Banner
      look={notice.severity}
      icon={notice.severity}
      buttons={
        <>
          {notice.actions.map((action) => (
            <Button key={action.id} onClick={() => act(action)}>
              {action.label}
            </Button>
          ))}
          <Button look="plain" icon="close" aria-label={t('dismissNotice')} onClick={() => studio.hideNotice()} />
        </>
      }
    >
      {notice.text}
    </Banner>
  );
}
