import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { messageOf } from '../shared/call.ts';
import { timeOfDay } from '../shared/format.ts';
import { Icon } from '../shared/icons.tsx';
import { type DoctorReport, type Finding, loadFindings } from './report.ts';

/** What the server finds around itself, and how to mend it. */
export function Doctor() {
  const known = useSignal<DoctorReport | undefined>(undefined);
  const isBusy = useSignal(false);
  const failure = useSignal('');
  const look = async () => {
    isBusy.value = true;
    failure.value = '';
    try {
      known.value = await loadFindings();
    } catch (error) {
      failure.value = messageOf(error);
    }
    isBusy.value = false;
  };
  useEffect(() => void look(), []);
  return (
    <section class="card doctor" aria-labelledby="doctor">
      <div class="doctor-head">
        <h2 id="doctor">Doctor</h2>
        <span class="muted numbers" role="status">
          {isBusy.value ? 'Looking…' : known.value && `Looked at ${timeOfDay(known.value.time)}`}
        </span>
        <button type="button" class="button" disabled={isBusy.value} onClick={() => void look()}>
          <Icon name="retry" />
          Look again
        </button>
      </div>
      <p role="alert" class={failure.value ? 'note bad' : ''}>
        {failure.value}
      </p>
      {known.value && <Findings findings={known.value.findings} />}
    </section>
  );
}

const LOOKS = {
  fine: ['good', 'fine'],
  warning: ['warn', 'warning'],
  failure: ['bad', 'wrong'],
} as const;

const ORDER = { failure: 0, warning: 1, fine: 2 } as const;

/** What is wrong comes first. */
function Findings({ findings }: Pick<DoctorReport, 'findings'>) {
  const sorted = [...findings].sort((one, other) => ORDER[one.kind] - ORDER[other.kind]);
  return (
    <ul class="findings">
      {sorted.map((finding) => (
        <Line key={finding.about} {...finding} />
      ))}
    </ul>
  );
}

function Line({ about, kind, found, mend }: Finding) {
  const [look, word] = LOOKS[kind];
  return (
    <li>
      <span class={`chip ${look}`}>{word}</span>
      <div>
        <b>{about}</b> <span>{found}</span>
        {mend && <p class="muted">{mend}</p>}
      </div>
    </li>
  );
}
