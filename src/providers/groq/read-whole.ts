import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { AttemptError } from '../../core/attempt.ts';
import type { Usage } from '../../core/chat.ts';
import { JoinedBytes } from '../../core/joined-bytes.ts';
import { isObject } from '../../core/json.ts';
import { usageOf } from '../../core/usage.ts';
import { utf8 } from '../../core/utf8.ts';
import { shapeOf } from './answer-shape.ts';
import type { Exchange } from './exchange.ts';
import { cut, garbage, inband } from './faults.ts';
import { namedWhole } from './named.ts';

/** A whole answer, checked. */
export type WholeAnswer = {
  readonly body: Uint8Array;
  readonly usage: Usage | undefined;
};

const MAX_BYTES = 64 * 1024 * 1024;

/** What a message may hold instead of content. */
const SAYINGS = [
  'reasoning',
  'reasoning_content',
  'tool_calls',
  'function_call',
  'refusal',
  'audio',
];

type Decoder = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

const decoders: Record<string, Decoder> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** Receives a body to its end and undoes a content encoding that nobody asked for. */
export async function readBody(answer: Exchange, maxBytes = MAX_BYTES): Promise<Buffer> {
  const bytes = await collected(answer, maxBytes);
  const encoding = answer.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return bytes;
  const decode = decoders[encoding];
  if (!decode) throw garbage(new Error('an unknown content encoding'));
  return decode(bytes, { maxOutputLength: maxBytes }).catch((error) => {
    throw garbage(error);
  });
}

/** A body in one piece, joined as it comes. */
function collected({ headers, body }: Exchange, maxBytes: number): Promise<Buffer> {
  const joined = new JoinedBytes(Number(headers['content-length'] ?? 0));
  let received = 0;
  return new Promise((resolve, reject) => {
    const tap = body.open({
      take: (piece) => {
        received += piece.length;
        if (received <= maxBytes) return joined.add(bufferOf(piece));
        reject(garbage(new Error(`a body of more than ${maxBytes} bytes`)));
        void tap.close();
      },
      end: () => resolve(joined.all()),
      fail: reject,
    });
    tap.resume();
  });
}

/**
 * The same for an answer; at once where it is all there.
 *
 * @throws AttemptError when it broke off or is too large.
 */
export function receive(answer: Exchange, signal: AbortSignal): Buffer | Promise<Buffer> {
  const isPlain = answer.headers['content-encoding'] === undefined;
  const whole = isPlain ? answer.body.whole() : undefined;
  return whole ? bufferOf(whole) : received(answer, signal);
}

async function received(answer: Exchange, signal: AbortSignal): Promise<Buffer> {
  try {
    return await readBody(answer);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof AttemptError ? error : cut(error);
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * Reads a whole chat completion.
 *
 * @param asked the model that was asked, for an answer that doesn't name its own.
 * @throws AttemptError when it is none, or when it was broken off.
 */
export function readWhole(bytes: Buffer, asked: string): WholeAnswer {
  const parsed = shapeOf(bytes);
  if (isObject(parsed) && parsed['error']) throw inband(new Error('an error in a 200'));
  if (!isCompletion(parsed)) throw garbage(new Error('no chat completion'));
  if (isBrokenOff(parsed)) throw inband(new Error('an error beside the answer'));
  const usage = usageOf(parsed);
  const isNamed = typeof parsed['model'] === 'string';
  const body = isNamed ? bytes : namedWhole(utf8(bytes), asked);
  const isPlain = usage === undefined || usage === parsed['usage'];
  return { body: isPlain ? body : reporting(body, usage), usage };
}

/** Usage that only Groq's own field tells, where OpenAI's clients look for it. */
function reporting(body: Buffer, usage: Usage): Buffer {
  return Buffer.from(JSON.stringify({ ...JSON.parse(utf8(body)), usage }));
}

function isCompletion(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || !Array.isArray(value['choices'])) return false;
  const choices: unknown[] = value['choices'];
  return choices.length > 0 && choices.every(isAnswered);
}

/** A choice that says something, or at least why it says nothing. */
function isAnswered(choice: unknown): boolean {
  const message = isObject(choice) ? choice['message'] : undefined;
  if (!isObject(choice) || !isObject(message)) return false;
  const { content } = message;
  const isText = typeof content === 'string' || Array.isArray(content);
  if (!isText && content !== undefined && content !== null) return false;
  const isSaid = isText && content.length > 0;
  return (
    isSaid || Boolean(choice['finish_reason']) || SAYINGS.some((field) => isThere(message[field]))
  );
}

function isThere(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** Groq says in `x_groq.error` why an answer stopped early; others in the finish reason. */
function isBrokenOff({ choices, x_groq: groq }: Record<string, unknown>): boolean {
  if (isObject(groq) && groq['error']) return true;
  return Array.isArray(choices) && choices.some((each) => each['finish_reason'] === 'error');
}
