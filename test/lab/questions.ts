/** A request that any model answers. */
export const question = (model: string, more: Readonly<Record<string, unknown>> = {}) => ({
  model,
  messages: [{ role: 'user', content: 'Tell me of the harbour.' }],
  ...more,
});

/** The same as a stream. */
export const streamed = (model: string, more: Readonly<Record<string, unknown>> = {}) =>
  question(model, { stream: true, ...more });
