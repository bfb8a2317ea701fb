import { ApiError } from '../../core/errors.ts';
import type { Handler } from '../state.ts';

const NOT_SUPPORTED = new RegExp(
  `^/v1/(${[
    'files',
    'uploads',
    'batches',
    'moderations',
    'images',
    'videos',
    'fine_tuning',
    'assistants',
    'threads',
    'conversations',
    'vector_stores',
    'containers',
    'evals',
    'realtime',
    'responses/[^/]+',
    'messages/batches',
  ].join('|')})(/|$)`,
);

/** The end of the road for what no route took: 404, or 405 with `allow`. */
export function knownRoute(): Handler {
  return (ctx) => {
    const matched: readonly { methods: string[] }[] = ctx['matched'] ?? [];
    const methods = [...new Set(matched.flatMap(({ methods }) => methods))];
    if (methods.length > 0) {
      const allow = methods.join(', ');
      throw new ApiError(
        'method_not_allowed',
        `${ctx.method} is not possible here; this route takes ${allow}.`,
        { headers: { allow } },
      );
    }
    if (NOT_SUPPORTED.test(ctx.path)) {
      throw new ApiError(
        'route_not_supported',
        'keyturn does not offer this part of the API. GET /docs lists what it serves.',
      );
    }
    throw new ApiError(
      'not_found',
      'There is no such route. Chat goes to POST /chat or POST /v1/chat/completions; GET /docs lists all routes.',
    );
  };
}
