/** Groq's four windows: requests and tokens, a minute and a day. */
export type WindowName = 'rpm' | 'rpd' | 'tpm' | 'tpd';

/** Limits of one model and key, as far as they are known. */
export type Limits = { readonly [name in WindowName]?: number | undefined };

/** All windows, in the order in which they are shown. */
export const WINDOW_NAMES: readonly WindowName[] = ['rpm', 'rpd', 'tpm', 'tpd'];

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** Groq's free plan, for the whole organisation (https://console.groq.com/docs/rate-limits). */
const CHAT: Limits = { rpm: 30, rpd: 1_000, tpm: 8_000, tpd: 200_000 };
const AUDIO: Limits = { rpm: 20, rpd: 2_000 };

export const FREE_PLAN: Readonly<Record<string, Limits>> = {
  'openai/gpt-oss-120b': CHAT,
  'openai/gpt-oss-20b': CHAT,
  'openai/gpt-oss-safeguard-20b': CHAT,
  'qwen/qwen3.8-27b': CHAT,
  'whisper-large-v3': AUDIO,
  'whisper-large-v3-turbo': AUDIO,
};
