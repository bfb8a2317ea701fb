import { z } from 'zod';
import { ApiError } from '../../core/errors.ts';

const call = z.looseObject({
  id: z.string().nullish(),
  function: z.looseObject({ name: z.string(), arguments: z.string().nullish() }),
});

const usage = z.looseObject({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  total_tokens: z.number(),
});

/** A provider's whole `chat.completion`, as far as another shape is made of it. */
const completion = z.looseObject({
  id: z.string().catch(''),
  created: z.number().catch(0),
  model: z.string().catch(''),
  choices: z.array(
    z.looseObject({
      index: z.number().default(0),
      message: z.looseObject({
        content: z.string().nullish(),
        reasoning: z.string().nullish(),
        tool_calls: z.array(call).nullish(),
      }),
      logprobs: z.unknown().optional(),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: usage.optional(),
});

/** A whole chat answer. */
export type Completion = z.infer<typeof completion>;

/**
 * Reads a whole chat answer's bytes.
 *
 * @throws ApiError `provider_error` when the answer has a field of another form.
 */
export function readCompletion(body: Uint8Array): Completion {
  const read = completion.safeParse(JSON.parse(Buffer.from(body).toString('utf8')));
  if (read.success) return read.data;
  throw new ApiError('provider_error', "The provider's answer can't be read. Try again.", {
    cause: read.error,
  });
}

/** A piece of a tool call, as a stream carries it. */
export type CallDelta = {
  readonly index: number;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly arguments: string;
};

const callDelta = z.looseObject({
  index: z.number().default(0),
  id: z.string().nullish(),
  function: z
    .looseObject({ name: z.string().nullish(), arguments: z.string().nullish() })
    .nullish(),
});

/** Reads `delta.tool_calls`; pieces of another form are left out. */
export function readCallDeltas(pieces: readonly unknown[] | undefined): CallDelta[] {
  return (pieces ?? []).flatMap((piece) => {
    const { success, data } = callDelta.safeParse(piece);
    if (!success) return [];
    const { index, id, function: called } = data;
    return [
      {
        index,
        id: id ?? undefined,
        name: called?.name ?? undefined,
        arguments: called?.arguments ?? '',
      },
    ];
  });
}
