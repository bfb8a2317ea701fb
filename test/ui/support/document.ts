/** An answer with everything that Markdown has. */
export const RICH_ANSWER = `## Three ways to fetch

Groq answers with **events**; here is *one* way to read them, with \`fetch\`:

\`\`\`ts
const answer = await fetch('/v1/chat/completions', { method: 'POST', body });
for await (const part of answer.body ?? []) {
  console.log(part.length); // bytes, not words
}
\`\`\`

| way | speed | note |
|:----|------:|------|
| fetch | 1.0 | in every browser |
| EventSource | 0.9 | can't send a header |
| WebSocket | 1.1 | needs a server<br>of its own |

1. Open the stream.
2. Read events until \`[DONE]\`:
   - words are in \`delta.content\`,
   - thoughts in \`delta.reasoning\`.
3. Close it.

- [x] streaming
- [ ] tools

> A truncated answer is never passed off as a whole one.

H<sub>2</sub>O &amp; friends, [the manual](https://example.org/manual), ~~not this~~.`;
