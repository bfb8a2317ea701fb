import { Dialog } from '../shared/dialog.tsx';
import { count, duration } from '../shared/format.ts';
import { dollars, tokensPerSecond } from '../shared/numbers.ts';
import { OutcomeChip } from './outcome-chip.tsx';
import type { Request } from './report.ts';
import { tokensOf } from './selection.ts';

type Props = { readonly request: Request; readonly onClose: () => void };

/** Everything that is known of one request. */
export function RequestDetail({ request, onClose }: Props) {
  const { trail, prompt_tokens, completion_tokens, cached_tokens, estimated } = request;
  const tokens = `${count(tokensOf(request))}: ${count(prompt_tokens)} in, ${count(completion_tokens)} out`;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Time', new Date(request.time).toLocaleString('en-GB')],
    ['Request id', request.id],
    ['Route', request.route],
    ['Status', String(request.status)],
    ['Asked for', request.model ?? 'no model by name'],
    ['Answered by', request.served_by ?? 'nobody'],
    ['Chosen to try', request.arm],
    ['Tokens', tokens + (estimated ? ', in part estimated' : '')],
    ['Of them cached', cached_tokens > 0 ? count(cached_tokens) : undefined],
    [
      'First token after',
      request.first_token_ms === null ? undefined : duration(request.first_token_ms),
    ],
    ['Took', duration(request.latency_ms)],
    ['Speed', speedOf(request)],
    ['Cost', dollars(request.cost)],
  ];
  return (
    <Dialog title="Request" onClose={onClose}>
      <p>
        <OutcomeChip request={request} />
      </p>
      {trail.includes(':') && (
        <ol class="trail-steps" aria-label="Who was tried">
          {trail.split(', ').map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
      <dl class="details numbers">
        {lines.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name} class="pair">
                <dt class="muted">{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </Dialog>
  );
}

function speedOf({ completion_tokens, latency_ms, first_token_ms }: Request): string | undefined {
  const speed = tokensPerSecond(completion_tokens, latency_ms - (first_token_ms ?? 0));
  return speed === undefined ? undefined : `${count(speed)} tokens/s`;
}
