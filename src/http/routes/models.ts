import { ApiError } from '../../core/errors.ts';
import type { Model } from '../../core/model.ts';
import type { Handler } from '../state.ts';

/** Everything that a request may name as its model. */
export type ModelList = () => Promise<readonly Model[]>;

/** `GET /v1/models`, in OpenAI's shape. */
export function modelsRoute(models: ModelList): Handler {
  return async (ctx) => {
    ctx.body = { object: 'list', data: await models() };
  };
}

/** `GET /v1/models/<id>`; ids hold slashes, raw or as %2F. */
export function modelRoute(models: ModelList): Handler {
  return async (ctx) => {
    const given: unknown = ctx['params'].id;
    const id = Array.isArray(given) ? given.join('/') : String(given);
    const found = (await models()).find((model) => model.id === id);
    if (!found) {
      throw new ApiError(
        'model_not_found',
        'There is no such model. GET /v1/models lists those that work.',
        { param: 'model' },
      );
    }
    ctx.body = found;
  };
}
