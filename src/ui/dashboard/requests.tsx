import { useComputed, useSignal } from '@preact/signals';
import { messageOf } from '../shared/call.ts';
import { count } from '../shared/format.ts';
import { Icon } from '../shared/icons.tsx';
import { callWithKey } from '../shared/key.ts';
import { say } from '../shared/messages.tsx';
import { saveCsv } from './csv.ts';
import { board } from './live.ts';
import { Nothing, Panel } from './panel.tsx';
import type { Report, Request } from './report.ts';
import { RequestDetail } from './request-detail.tsx';
import { RequestTable } from './request-table.tsx';
import { OUTCOMES, type OutcomeChoice, type Selection, selected } from './selection.ts';

const A_PAGE = 25;

/** The latest requests: chosen, sorted, one by one, and as a table to take away. */
export function Requests() {
  const selection = useSignal<Selection>({
    ...{ words: '', outcome: 'all', column: 'time', isRising: false },
  });
  const many = useSignal(A_PAGE);
  const open = useSignal<Request | undefined>(undefined);
  const rows = useComputed(() => selected(board.value?.recent ?? [], selection.value));
  const known = board.value?.recent.length ?? 0;
  const total = board.value?.usage.total.requests ?? 0;
  const choose = (part: Partial<Selection>) => {
    selection.value = { ...selection.value, ...part };
    many.value = A_PAGE;
  };

  return (
    <Panel
      title="Recent requests"
      class="wide"
      aside={
        <span class="muted numbers" role="status">
          {count(rows.value.length)} of {count(known)}
        </span>
      }
    >
      <search class="filters">
        <input
          class="input"
          type="search"
          aria-label="Filter by model, route, trail or id"
          placeholder="Filter: model, route, trail, id"
          value={selection.value.words}
          onInput={(event) => choose({ words: event.currentTarget.value })}
        />
        <select
          class="input"
          aria-label="Outcome"
          value={selection.value.outcome}
          // A choice of the very list.
          onChange={(event) => choose({ outcome: event.currentTarget.value as OutcomeChoice })}
        >
          {Object.entries(OUTCOMES).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="button"
          disabled={rows.value.length === 0}
          onClick={() => void saveCsv(rows.value).catch(tell)}
        >
          <Icon name="download" />
          CSV
        </button>
      </search>
      {rows.value.length === 0 ? (
        <Nothing>
          {known === 0 ? 'No request has come yet.' : 'No request fits the filter.'}
        </Nothing>
      ) : (
        <RequestTable
          rows={rows.value.slice(0, many.value)}
          selection={selection.value}
          onSort={choose}
          onOpen={(request) => {
            open.value = request;
          }}
        />
      )}
      <div class="more-row">
        {rows.value.length > many.value && (
          <button
            type="button"
            class="button"
            onClick={() => {
              many.value += 4 * A_PAGE;
            }}
          >
            Show more
          </button>
        )}
        {known < Math.min(total, 1_000) && (
          <button type="button" class="button" onClick={() => void loadAll().catch(tell)}>
            Load the last 1,000
          </button>
        )}
      </div>
      {open.value && (
        <RequestDetail
          request={open.value}
          onClose={() => {
            open.value = undefined;
          }}
        />
      )}
    </Panel>
  );
}

/** The feed brings the latest; the report has them all. */
async function loadAll(): Promise<void> {
  const answer = await callWithKey('/api/usage');
  const { recent } = (await answer.json()) as Pick<Report, 'recent'>;
  if (board.value) board.value = { ...board.value, recent };
}

function tell(error: unknown): void {
  say(messageOf(error));
}
