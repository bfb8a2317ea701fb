import { AttemptError } from '../../core/attempt.ts';
import type { ChatRequest } from '../../core/chat.ts';
import { ApiError } from '../../core/errors.ts';
import type { Admission, Limiter } from '../../core/limiter.ts';
import { AUDIO_MODELS } from './model-table.ts';
import { isUpload } from './upload.ts';

/** Models beside Groq's usual ones that forms named at their end, and that answered. */
const MAX_LEARNT = 16;

/**
 * Keeps files within the limits of their models. A form that names its model behind its file has its
 * place reserved at every model that it may turn out to be for; all but one are given back.
 */
export function uploadLimiter(limiter: Limiter): Limiter {
  const models = new Set<string>(AUDIO_MODELS);

  function admit(request: ChatRequest, model: string): Admission | Promise<Admission> {
    return limiter.admit({ ...request, params: { ...request.params, model } });
  }

  async function admitAny(
    request: ChatRequest,
    named: () => string | undefined,
  ): Promise<Admission> {
    const places = new Map<string, Admission>();
    try {
      for (const model of models) places.set(model, await admit(request, model));
    } catch (error) {
      for (const place of places.values()) place.unused();
      throw error instanceof AttemptError ? withAdvice(error) : error;
    }
    return oneOf(request, places, named, (model) => {
      if (models.size < AUDIO_MODELS.length + MAX_LEARNT) models.add(model);
    });
  }

  return {
    quotaLeft: limiter.quotaLeft,
    admit: (request) => {
      if (!isUpload(request)) return limiter.admit(request);
      const named = request.relayed.model;
      const model = named();
      if (model === undefined) return admitAny(request, named);
      return admit(request, model);
    },
  };
}

/** One place of several: which, is known when the answer comes. */
function oneOf(
  request: ChatRequest,
  places: ReadonlyMap<string, Admission>,
  named: () => string | undefined,
  onOther: (model: string) => void,
): Admission {
  let isChosen = false;
  let mine: Admission | undefined;

  /** A form without a model is refused, and counts as one for the usual model. */
  function chosen(): Admission | undefined {
    if (isChosen) return mine;
    isChosen = true;
    const model = named() ?? AUDIO_MODELS[0];
    mine = places.get(model);
    for (const place of places.values()) if (place !== mine) place.unused();
    return mine;
  }

  return {
    request,
    answered: (headers) => {
      const place = chosen();
      const model = named();
      if (!place && model !== undefined) onOther(model);
      place?.answered(headers);
    },
    limits: (headers) => chosen()?.limits(headers),
    unused: () => {
      isChosen = true;
      for (const place of places.values()) place.unused();
    },
    settled: (usage, pieces) => chosen()?.settled(usage, pieces),
    failed: (error) => chosen()?.failed(error),
  };
}

function withAdvice(error: AttemptError): AttemptError {
  const { retryAfterMs, message, headers } = error.answer;
  const advice = 'Put the field model before the file, and no other model is asked about.';
  return new AttemptError({
    ...error,
    cause: error.attemptCause,
    answer: new ApiError('rate_limit_exceeded', `${message} ${advice}`, {
      headers,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }),
  });
}
