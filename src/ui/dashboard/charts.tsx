import { compact, duration } from '../shared/format.ts';
import { dollars } from '../shared/numbers.ts';
import { ChartPanel } from './chart-panel.tsx';
import type { Line, Points, Span } from './points.ts';

type Props = { readonly points: Points; readonly span: Span };

/** Requests, tokens, cost and times over the chosen span. */
export function Charts({ points, span }: Props) {
  const { answered, failed, prompt, completion, cost, latency, firstToken } = points;
  const common = { points, span, nothing: `No requests in the last ${spanName(span)}.` };
  return (
    <>
      <ChartPanel
        {...common}
        title="Requests"
        kind="bars"
        show={compact}
        rows={
          span === 'hour'
            ? [
                { label: 'Answered', colour: '--series-1', values: answered },
                { label: 'Failed', colour: '--series-bad', values: failed },
              ]
            : [{ label: 'Requests', colour: '--series-1', values: answered }]
        }
      />
      <ChartPanel
        {...common}
        title="Tokens"
        kind="bars"
        show={compact}
        rows={[
          { label: 'Prompt', colour: '--series-3', values: prompt },
          { label: 'Completion', colour: '--series-1', values: completion },
        ]}
      />
      <ChartPanel
        {...common}
        title="Cost"
        kind="bars"
        show={dollars}
        rows={[{ label: 'By the price list', colour: '--series-2', values: cost }]}
        nothing={`Nothing that costs in the last ${spanName(span)}.`}
      />
      <ChartPanel
        {...common}
        title="Latency"
        class="half"
        kind="lines"
        show={duration}
        rows={colours(latency)}
      />
      <ChartPanel
        {...common}
        title="Time to first token"
        class="half"
        kind="lines"
        show={duration}
        rows={colours(firstToken)}
        nothing={`No first token in the last ${spanName(span)}.`}
      />
    </>
  );
}

/** A span in words. */
function spanName(span: Span): string {
  return span === 'hour' ? 'hour' : '31 days';
}

function colours(lines: readonly Line[]) {
  return lines.map((line, index) => ({
    ...line,
    colour: index === 0 ? '--series-1' : '--series-2',
  }));
}
