import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { messageOf } from '../shared/call.ts';
import { Icon } from '../shared/icons.tsx';
import { StateList } from '../shared/state-list.tsx';
import { webhookLine } from '../shared/webhook-line.ts';
import { Doctor } from './doctor.tsx';
import { KeyCard } from './key-card.tsx';
import { loadReport, report } from './report.ts';
import { SignInsCard } from './sign-ins-card.tsx';

const LOOK_MS = 10_000;

/** Everything that an admin keeps an eye on. */
export function Keeping() {
  const failure = useSignal('');
  const look = () =>
    void loadReport().then(
      () => {
        failure.value = '';
      },
      (error: unknown) => {
        failure.value = messageOf(error);
      },
    );
  useEffect(() => {
    look();
    const timer = setInterval(() => document.visibilityState === 'visible' && look(), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const known = report.value;
  return (
    <>
      <h1>Admin</h1>
      <div role="alert">
        {failure.value && (
          <p class="note bad">
            <Icon name="warning" />
            <span>{failure.value}</span>
            <button type="button" class="button" onClick={look}>
              Try again
            </button>
          </p>
        )}
      </div>
      {known ? (
        <div class="admin">
          <KeyCard issued={known.key} />
          <div class="column">
            <section class="card" aria-labelledby="webhook">
              <h2 id="webhook">Webhook</h2>
              {known.webhook ? (
                <StateList lines={[webhookLine(known.webhook)]} />
              ) : (
                <p class="muted">
                  None. Set <code>ROTATION_WEBHOOK_URL</code>, and another server is told when the
                  key turns, and a day before.
                </p>
              )}
            </section>
            <SignInsCard signIns={known.failed_sign_ins} />
          </div>
          <Doctor />
        </div>
      ) : (
        !failure.value && <Waiting />
      )}
    </>
  );
}

function Waiting() {
  return (
    <div class="admin" aria-busy="true">
      <p class="hidden-visually" role="status">
        Loading
      </p>
      <div class="card ghost" />
      <div class="card ghost" />
      <div class="card ghost doctor" />
    </div>
  );
}
