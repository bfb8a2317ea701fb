/** One request that reached the lab, as its control route shows it. */
export type SeenAttempt = {
  readonly id: number;
  readonly model?: string;
  readonly body?: unknown;
  readonly step: string;
  readonly status?: number;
  readonly arrivedAtMs: number;
  readonly lastByteAtMs?: number;
  readonly finishedAtMs?: number;
  readonly bytesSent: number;
  readonly end: 'pending' | 'answered' | 'closed' | 'reset' | 'hung-up';
};

/** A lab in another process, driven by its control routes. */
export type LabControl = {
  /** Everything that came, oldest first. */
  attempts(): Promise<SeenAttempt[]>;
  expected(prompt: string): Promise<string>;
  script(model: string, steps: readonly string[]): Promise<void>;
  openSockets(): Promise<number>;
  reset(): Promise<void>;
};

/** @param base for example `http://127.0.0.1:4010/__lab`. */
export function labControl(base: string): LabControl {
  async function call(path: string, body?: unknown): Promise<Record<string, unknown>> {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${base}${path}`, init);
    if (!answer.ok) throw new Error(`the lab answered ${answer.status} to ${path}`);
    return (await answer.json()) as Record<string, unknown>;
  }
  return {
    // The lab is our own: these are its shapes.
    attempts: async () => (await call('/attempts'))['attempts'] as SeenAttempt[],
    expected: async (prompt) => String((await call('/expected', { prompt }))['text']),
    script: async (model, steps) => void (await call('/script', { model, steps })),
    openSockets: async () => Number((await call('/state'))['openSockets']),
    reset: async () => void (await call('/reset', {})),
  };
}
