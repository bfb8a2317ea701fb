import type { Row, Rows } from './measure.ts';
import type { Results } from './results.ts';

const INTRODUCTION = `# The local model, measured

Made by \`npm run bench:local\`; the same figures are in [local.json](local.json).

Random-weight files of real models' shapes and packings (neither speed nor memory depends on the
weights' values), one thread, context 1,024. All programs of a case run by turns in the same rounds,
on the same file; figures are medians of the rounds. *Engine alone* is the model's process without
the server; *llama-bench* and *llama-server* are llama.cpp's own, built from the source that
node-llama-cpp carries (\`bench/local/build-llama-cpp.sh\`). Decode over HTTP is counted by the
client. *Cold* is a first request with the model not loaded (for llama-server: with its start).
*PSS* counts shared pages once. \`/health\` and the event loop are watched in chats of their own, *idle* is the
same loop's worst delay while nothing is asked: what the machine does by itself. Measured every 120 ms on a
busy machine, delays beyond 6 ms come at any time of an answer, with no phase of it. The host is shared: its speed
drifts by a tenth and more from minute to minute, and ratios of few rounds with it.

Where the time goes, measured in paired rounds beside the same loop in C, which equals llama-bench (135M):

- A token's way from JavaScript's thread to the pool's and back takes 0.4 to 0.5 ms, with 0.2 ms of CPU on
  JavaScript's side, most likely because the weights drive its code out of the caches. Sampling takes 0.1 ms, which
  llama-bench doesn't do. Evaluating and sampling on two ways reached 0.83 of the loop in C, on one way 0.91.
- Weights on huge pages win back more: 1.05. llama-bench maps the file, as it does by itself; with \`-mmp 0\`
  and the same tunable of glibc it gains as much (115 to 133 tokens a second).
- A CPU of its own, V8's settings: no difference beyond the noise. Which thread is nice makes one: the least important
  is the one that evaluates, while the one that hears of a cancel and takes each token keeps its place.
- A cancel breaks a step off between two of its operations, so that steps may be large: 256 tokens where 64
  were before (0.94 of steps of 512 in llama-bench itself), or 16 with the 360M model (0.77). Where that
  can't be done (docs/decisions.md), small steps are the price of a cancel.
- The first token is told before the next is begun, which takes the CPU from the thread that would tell it: 2 to 5 ms.
- A chat that goes on finds its own answer in the cache: in turn two random weights are held to single letters, which
  a tokeniser splits into the same tokens again. When another chat comes, the one before is put aside first,
  which takes 5 to 10 ms with the 135M model, longer with a larger one, and saves it seconds. Cases below that
  don't name the prompt tokens of turn 2 are older: in theirs a short answer stood in place of the model's own,
  which was put aside, and a cold start took as long as before.
- A cold start has the weights read onto huge pages instead of mapping them, which takes 0.1 to 0.4 s. What it
  takes besides is half of what it was (docs/decisions.md): the library's files travel in one, and it no longer tries
  its binary, spells out the vocabulary, or loads the model without its weights to foresee its memory.
`;

/** The readable page of all results. */
export function page(results: Results): string {
  const parts = Object.entries(results).map(([name, found]) => {
    const { machine, rounds, promptTokens, answerTokens, rows } = found;
    const how = `${rounds} rounds, prompts of ${promptTokens} tokens, answers of ${answerTokens}; ${machine}.`;
    return `\n## ${name}\n\n${how}\n\n${table(rows)}`;
  });
  return INTRODUCTION + parts.join('');
}

/** A line for each figure, a column for each program. */
export function lines(rows: Rows): Record<string, Row> {
  const names = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];
  const line = (name: string) =>
    Object.entries(rows).flatMap(([program, row]) => {
      const value = row[name];
      return value === undefined ? [] : [[program, value] as const];
    });
  return Object.fromEntries(names.map((name) => [name, Object.fromEntries(line(name))]));
}

function table(rows: Rows): string {
  const programs = Object.keys(rows);
  const head = ['', ...programs];
  const body = Object.entries(lines(rows)).map(([name, line]) => {
    return [name, ...programs.map((program) => line[program] ?? '')];
  });
  const all = [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...body];
  return `${all.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
