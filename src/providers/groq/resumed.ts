/** What was held back while an answer had not begun, then the rest. Leaving early stops the rest. */
export async function* resumed<T>(
  held: readonly T[],
  rest: AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  try {
    yield* held;
    yield* rest;
  } finally {
    await rest.return();
  }
}
