import { AttemptError } from '../../core/attempt.ts';
import type { ChatChunk, ChatEvent } from '../../core/chat.ts';
import { type Flow, flow, type Sink, type Tap } from '../../core/flow.ts';
import { eventSplitter, type ServerEvent } from '../../core/sse.ts';
import { chunkOf } from './chat-chunk.ts';
import { ChoiceEnds } from './choice-ends.ts';
import type { Exchange } from './exchange.ts';
import { cut, garbage } from './faults.ts';
import { recurring } from './recurring.ts';
import { wellFormed } from './well-formed.ts';

type Options = {
  /** Told of an event that is no JSON and was left out. */
  readonly onMalformed: () => void;
  /** How many answers the stream is to bring. */
  readonly choicesAskedFor: number;
};

/** How long usage and `[DONE]` are waited for after the finish reason. */
const AFTER_FINISH_MS = 1_000;

/**
 * Reads a streamed chat completion, event by event, without `[DONE]`. One malformed event is left
 * out; two in a row are a broken stream. Ends only after each choice's finish reason; fails with an
 * AttemptError when the stream breaks off, reports an error, or is no event stream. A provider that says
 * itself that it is done may have brought fewer choices than were asked for.
 */
export function readStream(
  answer: Exchange,
  signal: AbortSignal,
  options: Options,
): Flow<ChatEvent> {
  return flow((sink) => new StreamReader(answer, signal, options, sink));
}

/** A class for the sake of its cost: it takes every event there is. */
class StreamReader implements Sink<Uint8Array>, Tap {
  private readonly signal: AbortSignal;
  private readonly sink: Sink<ChatEvent>;
  private readonly body: Tap;
  private readonly isStream: boolean;
  private readonly split = eventSplitter();
  private readonly ends: ChoiceEnds;
  private readonly recurring = recurring();
  private readonly isWellFormed: ReturnType<typeof wellFormed>;
  /** Events that came and were not wanted yet. */
  private waiting: readonly ServerEvent[] = [];
  private isPaused = true;
  private isEmpty = true;
  /** The sink has been told all. */
  private isOver = false;
  private lastCall: NodeJS.Timeout | undefined;

  constructor(
    { headers, body }: Exchange,
    signal: AbortSignal,
    { onMalformed, choicesAskedFor }: Options,
    sink: Sink<ChatEvent>,
  ) {
    this.signal = signal;
    this.sink = sink;
    this.isWellFormed = wellFormed(onMalformed);
    this.ends = new ChoiceEnds(choicesAskedFor);
    this.isStream = isEventStream(headers);
    this.body = body.open(this);
  }

  resume(): void {
    if (this.isOver) return;
    if (!this.isStream) return void this.broken(garbage(new Error('not an event stream')));
    this.isPaused = false;
    this.awaitEnd();
    const events = this.waiting;
    this.waiting = [];
    this.hand(events);
    if (!this.isPaused) this.body.resume();
  }

  pause(): void {
    // After `[DONE]` the body is to end, so that its connection can serve the next request.
    if (this.isOver) return;
    this.isPaused = true;
    clearTimeout(this.lastCall);
    this.body.pause();
  }

  close(): void {
    this.isOver = true;
    clearTimeout(this.lastCall);
    void this.body.close();
  }

  take(bytes: Uint8Array): void {
    if (!this.isOver) this.hand(this.pieces(bytes));
  }

  end(): void {
    clearTimeout(this.lastCall);
    if (this.isOver) return;
    if (this.ends.progress === 'whole') this.finish();
    else this.breakOff();
  }

  fail(error: unknown): void {
    clearTimeout(this.lastCall);
    if (!this.isOver) this.broken(error);
  }

  private pieces(bytes: Uint8Array): readonly ServerEvent[] {
    try {
      return this.split(bytes);
    } catch (error) {
      this.broken(error);
      return [];
    }
  }

  private hand(events: readonly ServerEvent[]): void {
    let handed = 0;
    for (const event of events) {
      if (this.isOver) return;
      if (this.isPaused) break;
      handed += 1;
      this.look(event);
    }
    if (handed < events.length) this.waiting = [...this.waiting, ...events.slice(handed)];
  }

  private look(event: ServerEvent): void {
    const chunk = this.read(event);
    if (!chunk) return;
    this.isEmpty = false;
    const { progress } = this.ends;
    const noted = this.ends.note({ raw: event.raw, chunk });
    if (this.ends.progress !== progress) this.awaitEnd();
    this.sink.take(noted);
  }

  /** Undefined for an event that is left out, or that ends or breaks the stream. */
  private read(event: ServerEvent): ChatChunk | undefined {
    const alike = this.recurring.read(event.raw);
    if (alike && this.isWellFormed(alike)) return alike;
    const { raw, data, name } = event;
    if (data === '[DONE]') return void this.done();
    try {
      const chunk = chunkOf({ data, name });
      if (!this.isWellFormed(chunk)) return undefined;
      this.recurring.learn(raw, chunk);
      return chunk;
    } catch (error) {
      this.broken(error);
      return undefined;
    }
  }

  /** Once all is said, the rest is waited for only so long. */
  private awaitEnd(): void {
    clearTimeout(this.lastCall);
    if (this.ends.progress !== 'whole') return;
    this.lastCall = setTimeout(() => {
      if (!this.isOver) this.finish();
      this.close();
    }, AFTER_FINISH_MS);
  }

  /** The provider says that nothing more comes. */
  private done(): void {
    this.ends.close();
    this.awaitEnd();
    if (this.ends.progress === 'whole') this.finish();
    else this.breakOff();
  }

  private finish(): void {
    this.isOver = true;
    this.sink.end();
  }

  private breakOff(): void {
    this.broken(this.isEmpty ? garbage(new Error('no event')) : cut());
  }

  private broken(error: unknown): void {
    this.close();
    // What goes wrong once everything was said is no loss.
    if (this.ends.progress === 'whole') this.sink.end();
    else if (this.signal.aborted) this.sink.fail(this.signal.reason);
    else this.sink.fail(error instanceof AttemptError ? error : cut(error));
  }
}

/** Some proxies label a stream as plain text; what is no stream at all soon shows by its events. */
function isEventStream(headers: Exchange['headers']): boolean {
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? 'identity';
  return !/^(text\/html|application\/json)\b/i.test(type) && encoding === 'identity';
}
