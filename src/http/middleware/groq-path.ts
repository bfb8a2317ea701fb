import type { Handler } from '../state.ts';

/**
 * Groq's own SDK appends `/openai/v1/…` to whatever base address it was given, with or without our
 * `/v1`: both mean the same route.
 */
export function groqPath(): Handler {
  return (ctx, next) => {
    ctx.path = ctx.path.replace(/^(?:\/v1)?\/openai\/v1(?=\/)/, '/v1');
    return next();
  };
}
