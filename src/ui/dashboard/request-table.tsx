import { count, duration, timeOfDay } from '../shared/format.ts';
import { dollars } from '../shared/numbers.ts';
import { OutcomeChip } from './outcome-chip.tsx';
import type { Request } from './report.ts';
import { type Column, type Selection, tokensOf } from './selection.ts';

type Props = {
  readonly rows: readonly Request[];
  readonly selection: Pick<Selection, 'column' | 'isRising'>;
  readonly onSort: (order: Pick<Selection, 'column' | 'isRising'>) => void;
  readonly onOpen: (request: Request) => void;
};

/** With the class of those that a narrow screen leaves out. */
const COLUMNS: readonly (readonly [Column, string, string])[] = [
  ['time', 'Time', ''],
  ['model', 'Asked for', 'spare'],
  ['served_by', 'Answered by', ''],
  ['outcome', 'Outcome', ''],
  ['tokens', 'Tokens', 'number spare'],
  ['first_token_ms', 'First token', 'number spare'],
  ['latency_ms', 'Took', 'number'],
  ['cost', 'Cost', 'number spare'],
];

/** Requests, a line each. */
export function RequestTable({ rows, selection, onSort, onOpen }: Props) {
  const { column, isRising } = selection;
  return (
    <div class="table-place">
      <table class="requests numbers">
        <thead>
          <tr>
            {COLUMNS.map(([name, title, look]) => (
              <th
                key={name}
                scope="col"
                class={look}
                aria-sort={column === name ? (isRising ? 'ascending' : 'descending') : 'none'}
              >
                <button
                  type="button"
                  onClick={() => onSort({ column: name, isRising: column === name && !isRising })}
                >
                  {title}
                  <span aria-hidden="true">{column === name ? (isRising ? ' ↑' : ' ↓') : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((request, index) => (
            <Line
              key={`${request.time} ${request.id ?? index}`}
              request={request}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ request, onOpen }: { readonly request: Request } & Pick<Props, 'onOpen'>) {
  const { time, model, served_by, first_token_ms, latency_ms, cost } = request;
  return (
    <tr onClick={() => onOpen(request)}>
      <td>
        <button type="button" class="link" title={new Date(time).toLocaleString('en-GB')}>
          <time dateTime={time}>{timeOfDay(time)}</time>
          <span class="hidden-visually">, details</span>
        </button>
      </td>
      <td class="spare name">{model ?? <span class="muted">–</span>}</td>
      <td class="name">
        {served_by ? <Provider name={served_by} /> : <span class="muted">nobody</span>}
      </td>
      <td>
        <OutcomeChip request={request} />
      </td>
      <td class="number spare">{count(tokensOf(request))}</td>
      <td class="number spare">{first_token_ms === null ? '–' : duration(first_token_ms)}</td>
      <td class="number">{duration(latency_ms)}</td>
      <td class="number spare">{dollars(cost)}</td>
    </tr>
  );
}

/** `groq/openai/gpt-oss-120b`, of which a narrow screen shows the last part. */
function Provider({ name }: { readonly name: string }) {
  const end = name.lastIndexOf('/') + 1;
  return (
    <>
      <span class="owner">{name.slice(0, end)}</span>
      {name.slice(end)}
    </>
  );
}
