import type { ChatEvent } from '../../core/chat.ts';
import { ApiError } from '../../core/errors.ts';
import type { StreamReply, WholeReply } from '../../core/provider.ts';
import { type AnswerWriter, usageOf, type WrittenCall, writtenCall } from './answer.ts';
import type { Underway } from './desk.ts';
import { crashed, cutStream, refusalError, unavailable } from './failures.ts';
import { matches } from './json/matches.ts';
import type { ChosenLogprob, JobReport } from './protocol.ts';
import type { Understood } from './request.ts';

type Answering = {
  readonly underway: Underway;
  readonly writer: AnswerWriter;
  readonly servedBy: string;
  /** Counts and logs a failure, and says what the caller gets. */
  readonly failed: (error: unknown) => unknown;
};

/** What is left of the reports once beginnings and refusals are dealt with. */
type Written = Extract<JobReport, { kind: 'text' | 'called' | 'finished' }>;
type Finished = Extract<JobReport, { kind: 'finished' }>;

/** Waits for the whole answer. */
export async function wholeReply(
  { underway, writer, servedBy }: Answering,
  understood: Understood,
): Promise<WholeReply> {
  const logprobs: ChosenLogprob[] = [];
  const calls: WrittenCall[] = [];
  let text = '';
  let report = await written(underway);
  while (report.kind !== 'finished') {
    if (report.kind === 'called') {
      calls.push(...report.calls.map(writtenCall));
    } else {
      text += report.text;
      logprobs.push(...(report.logprobs ?? []));
    }
    report = await written(underway);
  }
  checkForm(text, report, understood);
  const wantsLogprobs = understood.job.topLogprobs !== undefined;
  const answer = { text, calls, logprobs: wantsLogprobs ? logprobs : undefined };
  const body = writer.whole(answer, report);
  return { kind: 'whole', servedBy, trail: [], headers: {}, body, usage: usageOf(report) };
}

/** Waits for the answer's beginning; the rest comes as it is written. */
export async function streamReply(
  answering: Answering,
  understood: Understood,
): Promise<StreamReply> {
  const first = await written(answering.underway);
  return {
    kind: 'stream',
    servedBy: answering.servedBy,
    trail: [],
    headers: {},
    events: stoppable(eventsOf(answering, understood, first), answering.underway),
  };
}

/** Waits for a count of tokens. */
export async function countedTokens(underway: Underway): Promise<number> {
  const { value } = await underway.next();
  if (value?.kind === 'counted') return value.tokens;
  throw value?.kind === 'refused' ? refusalError(value.refusal) : crashed();
}

async function* eventsOf(
  { underway, writer, failed }: Answering,
  understood: Understood,
  first: Written,
): AsyncGenerator<ChatEvent> {
  yield writer.role();
  let text = '';
  let report = first;
  try {
    while (report.kind !== 'finished') {
      if (report.kind === 'called') {
        yield writer.calls(report.calls.map(writtenCall));
      } else {
        text += report.text;
        yield writer.text(report.text, report.logprobs);
      }
      report = await written(underway);
    }
    checkForm(text, report, understood);
  } catch (error) {
    if (underway.hasStopped()) return;
    const answer = failed(error);
    throw answer instanceof ApiError ? cutStream(answer) : answer;
  }
  yield writer.finish(report);
  if (understood.includeUsage) yield writer.usage(report);
}

/** The last look at what a grammar was to guarantee; a text cut by length or a stop can't be whole. */
function checkForm(text: string, { reason }: Finished, { schema, job }: Understood): void {
  if (!schema || reason !== 'stop' || job.stop.length > 0) return;
  if (matches(parsed(text), schema)) return;
  throw unavailable('The local model could not hold its answer to the JSON schema. Try again.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The next piece of the answer, or its end. */
async function written(underway: Underway): Promise<Written> {
  for (;;) {
    const { value, done } = await underway.next();
    if (done) throw crashed();
    switch (value.kind) {
      case 'text':
      case 'called':
      case 'finished':
        return value;
      case 'refused':
        throw refusalError(value.refusal);
      case 'failed':
        throw unavailable('The local model failed on this request. Try again.', {
          cause: new Error(value.reason),
        });
      default:
        break;
    }
  }
}

/** Leaving the loop stops the model, also when the loop never began. */
function stoppable(
  events: AsyncGenerator<ChatEvent>,
  underway: Underway,
): AsyncIterable<ChatEvent> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => events.next(),
      return: async () => {
        underway.stop();
        await events.return(undefined);
        return { done: true, value: undefined };
      },
    }),
  };
}
