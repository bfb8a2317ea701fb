import type { DefaultContext, DefaultState, Middleware, ParameterizedContext } from 'koa';
import type { Usage } from '../core/chat.ts';
import type { TrailEntry } from '../core/trail.ts';

/** What a request's middlewares leave for each other. */
export type RequestState = DefaultState & {
  requestId: string;
  /** The parsed JSON body and the bytes that it came in. */
  json?: unknown;
  bytes?: Buffer;
  /** What the access log says of the answer. */
  answer?: {
    servedBy?: string | undefined;
    trail?: readonly TrailEntry[];
    usage?: Usage | undefined;
    /** Milliseconds from the request to the first byte of the answer. */
    firstByteMs?: number;
    /** Why it ended badly after its head had left. */
    broken?: string;
  };
};

export type Context = ParameterizedContext<RequestState, DefaultContext>;
export type Handler = Middleware<RequestState, DefaultContext>;
