import { choicesAskedFor, hasBegun } from '../../core/chat.ts';
import type { Provider } from '../../core/provider.ts';
import { begun } from './begun.ts';
import { groqRoute } from './groq-route.ts';
import type { Account } from './post.ts';
import { readStream } from './read-stream.ts';
import { readWhole } from './read-whole.ts';
import { type RequestDefaults, requestBody } from './request-body.ts';

export type GroqOptions = Account & {
  readonly defaults: RequestDefaults;
  /** Told of an event in a stream that was no JSON and was left out. */
  readonly onMalformed: (model: string) => void;
};

/** Groq's chat completions for one API key. */
export function groq(options: GroqOptions): Provider {
  return groqRoute(options, '/chat/completions', {
    bodyOf: (request) => requestBody(request, options.defaults),
    eventsOf: (answer, { params }, signal) => {
      const onMalformed = () => options.onMalformed(params.model ?? '');
      const choices = choicesAskedFor(params);
      const events = readStream(answer, signal, { onMalformed, choicesAskedFor: choices });
      return begun(events, ({ chunk }) => hasBegun(chunk));
    },
    wholeOf: readWhole,
  });
}
