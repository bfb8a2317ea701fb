import type { DefaultContext, DefaultState, Middleware, ParameterizedContext } from 'koa';
import type { Usage } from '../core/chat.ts';
import type { Span } from '../core/tracer.ts';
import type { TrailEntry } from '../core/trail.ts';
import type { OpenRequest } from '../usage/open-request.ts';
import type { JsonBody } from './json/body.ts';

/** What a request's middlewares leave for each other. */
export type RequestState = DefaultState & {
  requestId: string;
  /** Its line in the ledger; written only where the client key was right. */
  open?: OpenRequest;
  hasKey?: boolean;
  /** Its span, where traces are wanted. */
  span?: Span;
  /** The JSON body and the bytes that it came in. */
  json?: JsonBody;
  bytes?: Buffer;
  /** The model that a form names, once that has passed. */
  formModel?: () => string | undefined;
  /** When the server began to wait for the body, and when it had come (`performance.now()`). */
  body?: { readonly expectedAt: number; readonly receivedAt: number };
  /** When the head of a chat's answer left (`performance.now()`). */
  headAt?: number;
  /** What the access log says of the answer. */
  answer?: {
    servedBy?: string | undefined;
    trail?: readonly TrailEntry[];
    usage?: Usage | undefined;
    /** Milliseconds from the request to the first byte of the answer. */
    firstByteMs?: number;
    /** Why it ended badly after its head had left. */
    broken?: string;
    /** The code of the error that it is. */
    error?: string;
  };
};

export type Context = ParameterizedContext<RequestState, DefaultContext>;
export type Handler = Middleware<RequestState, DefaultContext>;
