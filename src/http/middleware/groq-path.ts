import type { Handler } from '../state.ts';

const GROQ_PATH = /^(?:\/v1)?\/openai\/v1(?=\/)/;

/**
 * Groq's own SDK appends `/openai/v1/…` to whatever base address it was given, with or without our
 * `/v1`: both mean the same route.
 */
export function groqPath(): Handler {
  return (ctx, next) => {
    const { path } = ctx;
    if (GROQ_PATH.test(path)) ctx.path = path.replace(GROQ_PATH, '/v1');
    return next();
  };
}
