import { ANTHROPIC_ANSWERS } from './answers/anthropic.ts';
import { OPENAI_ANSWERS } from './answers/openai.ts';
import { SERVER_ANSWERS } from './answers/server.ts';

/** The schemas of all answers, by the names under which the description has them. */
export const ANSWERS = { ...OPENAI_ANSWERS, ...ANTHROPIC_ANSWERS, ...SERVER_ANSWERS } as const;

export type AnswerName = keyof typeof ANSWERS;
