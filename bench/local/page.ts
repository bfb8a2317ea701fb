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
*PSS* counts shared pages once. The host is shared: its speed drifts by a tenth and more from minute to
minute, and ratios of few rounds with it.

What keeps decode below llama-bench: not the native part, which is as fast from the prebuilt package
as in a build of one's own (measured by the same loop in C: 1.00). The same loop in bare JavaScript
measured 0.86 to 0.98 of llama-bench, by how busy the host was; node-llama-cpp's own loop 0.03 to 0.08
less. Most likely it is the way between threads (not traced): Node's addon evaluates and samples on a
pool thread, so that each token wakes two sleeping threads twice.
llama-bench's decode also samples nothing. Prefill of a large model is slower where steps are small
so that a cancel needn't wait (docs/decisions.md).
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
