import { useSignal } from '@preact/signals';
import { count, minuteOfDay } from '../shared/format.ts';
import type { SignIns, What } from './report.ts';

const NAMES: Readonly<Record<What, string>> = {
  client_key: 'Client key',
  admin_secret: 'Admin secret',
  metrics_token: 'Metrics token',
};

const FEW = 5;

/** Who tried wrong keys and secrets, and how often. */
export function SignInsCard({ signIns }: { readonly signIns: SignIns }) {
  const showsAll = useSignal(false);
  const { total, callers, since } = signIns;
  const shown = showsAll.value ? callers : callers.slice(0, FEW);
  return (
    <section class="card" aria-labelledby="sign-ins">
      <h2 id="sign-ins">Failed sign-ins</h2>
      <dl class="totals numbers">
        {Object.entries(NAMES).map(([what, name]) => (
          <div key={what}>
            <dt class="muted">{name}</dt>
            <dd>{count(total[what as What])}</dd>
          </div>
        ))}
      </dl>
      {callers.length > 0 && (
        <table class="callers numbers">
          <thead>
            <tr>
              <th scope="col">Caller</th>
              <th scope="col">Tried</th>
              <th scope="col" class="number">
                Times
              </th>
              <th scope="col" class="number">
                Last
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ caller, what, count: times, last }) => (
              <tr key={caller + what}>
                <td>
                  <code>{caller}</code>
                </td>
                <td>{NAMES[what]}</td>
                <td class="number">{count(times)}</td>
                <td class="number">
                  <time dateTime={last} title={new Date(last).toLocaleString('en-GB')}>
                    {minuteOfDay(last)}
                  </time>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {callers.length > shown.length && (
        <button
          type="button"
          class="button"
          onClick={() => {
            showsAll.value = true;
          }}
        >
          Show all {callers.length}
        </button>
      )}
      <p class="muted small-print">
        Since the start on {new Date(since).toLocaleString('en-GB')}. Callers are named as in the
        log, by a digest that changes with every start.
      </p>
    </section>
  );
}
