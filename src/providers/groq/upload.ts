import { AttemptError } from '../../core/attempt.ts';
import type { ChatRequest } from '../../core/chat.ts';
import { ApiError } from '../../core/errors.ts';
import type { Provider, StreamReply } from '../../core/provider.ts';
import { isRelayed, type RelayRequest } from '../../core/relay.ts';
import type { ByteSource } from './byte-source.ts';
import type { Exchange } from './exchange.ts';
import { cut } from './faults.ts';
import { outgoingBytes } from './outgoing-bytes.ts';
import { type Account, limitsIn, poster } from './post.ts';

/** A request whose body is bytes of any kind, in the form in which key pool and breaker know one. */
export type Upload = ChatRequest & {
  readonly relayed: RelayRequest;
  /** How sending went: a stream that was begun can't be sent again. */
  readonly progress: { failure?: AttemptError };
};

type Options = Account & {
  /** From the end of the upload to the head of the answer. */
  readonly wholeMs: number;
  /** Between two pieces of the answer, and until a piece of the file is taken. */
  readonly idleMs: number;
};

/** The routes that take or give files. */
const ROUTES = ['/audio/transcriptions', '/audio/translations', '/audio/speech'];

/** Groq's audio routes for one API key: bytes in, bytes out, nothing held. */
export function groqUpload(options: Options): Provider {
  const posters = new Map(ROUTES.map((route) => [route, poster(options, route)]));

  /** One attempt. Its time counts from the upload's end: a slow caller is nobody's fault. */
  async function send(upload: Upload, signal: AbortSignal): Promise<StreamReply> {
    const { relayed, progress } = upload;
    const { contentType, contentLength } = relayed;
    const post = posters.get(relayed.path);
    if (!post) throw new Error('a route that takes no files');
    const attempt = new AbortController();
    const passOn = () => attempt.abort(signal.reason);
    let timer: NodeJS.Timeout | undefined;
    let isAnswered = false;
    const outgoing = outgoingBytes(relayed.body, {
      onSent: () => {
        if (!isAnswered) timer = setTimeout(() => attempt.abort(tooLate()), options.wholeMs);
      },
      onStuck: () => attempt.abort(tooLate()),
      stuckMs: options.idleMs,
    });
    signal.addEventListener('abort', passOn, { once: true });
    try {
      const { body } = outgoing;
      const trace = upload.span?.headers;
      const letter = { body, accept: '*/*', contentType, contentLength, trace };
      const answer = await post(letter, attempt.signal);
      return replyOf(answer, relayed.model(), options.idleMs, signal);
    } catch (error) {
      const { isBegun, failure } = outgoing.state();
      if (failure !== undefined) throw failure;
      if (!isBegun || !(error instanceof AttemptError)) throw error;
      progress.failure = error;
      throw final(error);
    } finally {
      isAnswered = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', passOn);
    }
  }

  return {
    chat: async (request, signal) => {
      if (!isUpload(request)) throw new Error('a chat on the road of files');
      if (signal.aborted) throw signal.reason;
      const { failure } = request.progress;
      if (failure) throw alreadySent(failure);
      return send(request, signal);
    },
  };
}

/** Whether a request is on the road of files. */
export function isUpload(request: ChatRequest): request is Upload {
  return isRelayed(request);
}

/** Who is asked, as `x-served-by` names it; a form that never says so is for Groq itself. */
export function uploadName({ relayed }: Upload): string {
  return nameOf(relayed.model());
}

function nameOf(model: string | undefined): string {
  return model ? `groq/${model}` : 'groq';
}

function replyOf(
  answer: Exchange,
  model: string | undefined,
  idleMs: number,
  signal: AbortSignal,
): StreamReply {
  const type = answer.headers['content-type'] ?? 'application/octet-stream';
  const events = received(answer.body, idleMs, signal);
  return {
    servedBy: nameOf(model),
    trail: [],
    headers: { ...limitsIn(answer.headers), 'content-type': type },
    kind: 'stream',
    events,
  };
}

async function* received(body: ByteSource, idleMs: number, signal: AbortSignal) {
  const hangUp = () => body.cancel(signal.reason);
  signal.addEventListener('abort', hangUp, { once: true });
  let isOver = false;
  try {
    for (;;) {
      const timer = setTimeout(() => body.cancel(new Error('silence')), idleMs);
      const bytes = await body.read().finally(() => clearTimeout(timer));
      isOver = bytes === undefined;
      if (!bytes) return;
      yield { raw: bytes, chunk: { choices: [] } };
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : cut(error);
  } finally {
    signal.removeEventListener('abort', hangUp);
    if (!isOver) body.cancel(new Error('the answer is not read any further'));
  }
}

/** The same failure, after which nobody is asked again. */
function final(error: AttemptError): AttemptError {
  return new AttemptError({ ...error, cause: error.attemptCause, verdict: 'pass' });
}

/** Another key was asked for, but the body is gone: says what the first one said, blames nobody. */
function alreadySent({ answer }: AttemptError): AttemptError {
  return new AttemptError({ cause: 'connect', verdict: 'pass', countsAsFault: false, answer });
}

function tooLate(): AttemptError {
  return new AttemptError({
    cause: 'timeout',
    verdict: 'pass',
    countsAsFault: true,
    answer: new ApiError(
      'provider_timeout',
      'The provider did not answer in time. Try again, or send a shorter file.',
      { retryAfterMs: 5_000 },
    ),
  });
}
