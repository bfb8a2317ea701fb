import { z } from 'zod';
import { parseJson } from '../core/json.ts';

/** RPM, RPD, TPM and TPD of one model. */
const limits = z.strictObject({
  rpm: z.number().positive().optional(),
  rpd: z.number().positive().optional(),
  tpm: z.number().positive().optional(),
  tpd: z.number().positive().optional(),
});

const price = z.strictObject({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cached_input: z.number().nonnegative().optional(),
});

/** `GROQ_LIMITS`: a mode, or limits by model (`*` is every other one). */
export type LimitsSetting = 'auto' | 'off' | Readonly<Record<string, z.infer<typeof limits>>>;

/** `GROQ_PRICES`: dollars a million tokens, by model. */
export type PricesSetting = Readonly<Record<string, z.infer<typeof price>>>;

/** Reads `auto`, `off`, `model=30/1000/8000/200000,…` (a `-` is no limit), or the same as JSON. */
export function limitsSetting() {
  const expected =
    'auto, off, or model=RPM/RPD/TPM/TPD by commas: openai/gpt-oss-20b=30/1000/8000/200000';
  return z.string().transform((text, context): LimitsSetting => {
    if (text === 'auto' || text === 'off') return text;
    const parsed = z
      .record(z.string(), limits)
      .safeParse(tableOf(text, ['rpm', 'rpd', 'tpm', 'tpd']));
    if (parsed.success) return parsed.data;
    context.addIssue(expected);
    return z.NEVER;
  });
}

/** Reads `model=0.15/0.60,…` (input, output and, if it differs, cached input), or JSON. */
export function pricesSetting() {
  const expected =
    'model=INPUT/OUTPUT in dollars a million tokens, by commas: openai/gpt-oss-20b=0.075/0.30';
  return z.string().transform((text, context): PricesSetting => {
    const parsed = z
      .record(z.string(), price)
      .safeParse(tableOf(text, ['input', 'output', 'cached_input']));
    if (parsed.success) return parsed.data;
    context.addIssue(expected);
    return z.NEVER;
  });
}

/** Reads `openai/gpt-oss-120b=80,openai/gpt-oss-20b=20`: weights by model. */
export function splitSetting() {
  return z.string().transform((text, context): Readonly<Record<string, number>> => {
    const parsed = z
      .record(z.string(), z.strictObject({ weight: z.number().nonnegative() }))
      .safeParse(tableOf(text, ['weight']));
    const weights = Object.entries(parsed.data ?? {}).map(
      ([model, { weight }]) => [model, weight] as const,
    );
    if (weights.some(([, weight]) => weight > 0)) return Object.fromEntries(weights);
    context.addIssue('model=weight by commas: openai/gpt-oss-120b=80,openai/gpt-oss-20b=20');
    return z.NEVER;
  });
}

/** Undefined where the text is no table at all. */
function tableOf(text: string, columns: readonly string[]): unknown {
  if (text.startsWith('{')) return parseJson(text);
  const rows = text
    .split(/[,;\n]/)
    .map((row) => row.trim())
    .filter((row) => row !== '');
  const entries = rows.map((row) => {
    const cut = row.lastIndexOf('=');
    return [row.slice(0, cut).trim(), cellsOf(row.slice(cut + 1), columns)] as const;
  });
  const isTable = entries.length > 0 && entries.every(([name, cells]) => name !== '' && cells);
  return isTable ? Object.fromEntries(entries) : undefined;
}

function cellsOf(text: string, columns: readonly string[]): object | undefined {
  const cells = text.split('/').map((cell) => cell.trim());
  if (cells.length > columns.length) return undefined;
  const known = cells.flatMap((cell, index) =>
    cell === '-' ? [] : [[columns[index] ?? '', cell === '' ? Number.NaN : Number(cell)] as const],
  );
  return Object.fromEntries(known);
}
