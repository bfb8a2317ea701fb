/** From a hit in a fast provider's cache to a long answer of a slow CPU, in seconds. */
export const DURATIONS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 120, 300,
] as const;

/** A provider and its model, as OpenTelemetry names them. */
export const MODEL_LABELS = ['gen_ai_provider_name', 'gen_ai_response_model'] as const;

/** What a label says of a model that nobody here knows. */
export const OTHER = 'other';

/**
 * Names a provider for a label. A caller may ask for any model, so only models that this server
 * knows get a series of their own.
 *
 * @param servedBy as `x-served-by` names it: `groq/openai/gpt-oss-120b`, `local/lifeboat`.
 */
export function providerLabel(
  servedBy: string | undefined,
  isKnownModel: (model: string) => boolean,
): string {
  if (!servedBy) return 'none';
  if (servedBy.startsWith('local/')) return servedBy;
  return `groq/${isKnownModel(servedBy.slice('groq/'.length)) ? servedBy.slice('groq/'.length) : OTHER}`;
}

/** Keeps what `make` made for a key. The keys must come from a closed list. */
export function remembered<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const found = made.get(key);
    if (found !== undefined) return found;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}
