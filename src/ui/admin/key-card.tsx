import { useSignal } from '@preact/signals';
import { copyText } from '../shared/copy-text.ts';
import { Dialog } from '../shared/dialog.tsx';
import { duration } from '../shared/format.ts';
import { Icon } from '../shared/icons.tsx';
import { say } from '../shared/messages.tsx';
import { now } from '../shared/now.ts';
import { RevealButton } from '../shared/reveal-button.tsx';
import { QrCode } from './qr-code.tsx';
import { type AdminReport, turnWarning } from './report.ts';
import { TurnDialog } from './turn-dialog.tsx';

const HIDDEN = '•'.repeat(16);

/** The key: to be passed on, or turned. */
export function KeyCard({ issued }: { readonly issued: AdminReport['key'] }) {
  const isVisible = useSignal(false);
  const open = useSignal<'nothing' | 'code' | 'turn'>('nothing');
  const { api_key: key, key_id, created, expiry, mode, store_error } = issued;
  const close = () => {
    open.value = 'nothing';
  };
  const copy = async () => {
    if (await copyText(key)) return say('The key is copied');
    isVisible.value = true;
    say('This browser lets no page copy: mark the key by hand');
  };
  return (
    <section class="card key" aria-labelledby="key">
      <h2 id="key">The key of the week</h2>
      <p class="key-text">
        <code>{isVisible.value ? key : `${key.slice(0, 6)}${HIDDEN}`}</code>
      </p>
      <div class="key-buttons">
        <button type="button" class="button primary" onClick={() => void copy()}>
          <Icon name="copy" />
          Copy
        </button>
        <RevealButton isVisible={isVisible} />
        <button
          type="button"
          class="button"
          onClick={() => {
            open.value = 'code';
          }}
        >
          QR code
        </button>
      </div>
      <TimeLeft created={created} expiry={expiry} />
      <p class="muted small-print">
        Key {key_id}, {mode === 'derived' ? 'computed from KEY_SEED' : 'kept on disk'}.
      </p>
      {store_error && (
        <p class="note bad">
          <Icon name="warning" />
          <span>The key could not be kept on disk ({store_error}): a restart makes a new one.</span>
        </p>
      )}
      <div class="turn">
        <div>
          <h3>Did it leak?</h3>
          <p class="muted">Turn it now. The old key is refused at once.</p>
        </div>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            open.value = 'turn';
          }}
        >
          Turn now…
        </button>
      </div>
      {turnWarning.value && (
        <p class="note warn">
          <Icon name="warning" />
          <span>{turnWarning.value}</span>
        </p>
      )}
      {open.value === 'code' && (
        <Dialog title="The key for a phone" onClose={close}>
          <QrCode text={key} />
          <p class="muted">
            Scan it, copy what the phone shows, and sign in at <b>{location.host}</b>. Whoever sees
            this picture has the key.
          </p>
        </Dialog>
      )}
      {open.value === 'turn' && <TurnDialog onClose={close} />}
    </section>
  );
}

function TimeLeft({ created, expiry }: { readonly created: string; readonly expiry: string }) {
  const end = Date.parse(expiry);
  const leftMs = end - now.value;
  const share = Math.min(1, Math.max(0, leftMs / (end - Date.parse(created))));
  return (
    <div class="time-left numbers">
      <p>
        <b>{leftMs > 0 ? `${duration(leftMs)} left` : 'About to turn'}</b>
        <span class="muted"> until {new Date(end).toLocaleString('en-GB', { ...WHEN })}</span>
      </p>
      <div class="track" aria-hidden="true">
        <div class="fill" style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}

const WHEN = {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
} as const;
