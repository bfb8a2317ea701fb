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
