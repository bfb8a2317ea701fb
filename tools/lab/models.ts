/** A model that the lab serves. */
export type LabModel = {
  readonly id: string;
  readonly ownedBy: string;
  readonly contextWindow: number;
  readonly maxCompletionTokens: number;
  /** Whether answers start with reasoning. */
  readonly thinks: boolean;
};

const chat = (id: string, ownedBy: string, thinks: boolean): LabModel => ({
  ...{ id, ownedBy, thinks },
  contextWindow: 131_072,
  maxCompletionTokens: 65_536,
});

/** Groq's line-up of November 2026 as far as the gateway knows it. */
export const groqModels: readonly LabModel[] = [
  chat('openai/gpt-oss-120b', 'OpenAI', true),
  chat('openai/gpt-oss-20b', 'OpenAI', true),
  chat('openai/gpt-oss-safeguard-20b', 'OpenAI', true),
  chat('qwen/qwen3.8-27b', 'Alibaba Cloud', false),
  { ...chat('whisper-large-v3', 'OpenAI', false), contextWindow: 448, maxCompletionTokens: 448 },
  {
    ...chat('whisper-large-v3-turbo', 'OpenAI', false),
    ...{ contextWindow: 448, maxCompletionTokens: 448 },
  },
  { ...chat('playai-tts', 'PlayAI', false), contextWindow: 8192, maxCompletionTokens: 8192 },
];

/** Models that Groq has shut down; they answer 400 `model_decommissioned`. */
export const retiredModels: readonly string[] = [
  'llama-3.3-70b-versatile',
  'llama-3.1-8b-instant',
  'llama-3.2-1b-preview',
  'llama-3.2-3b-preview',
  'mixtral-8x7b-32768',
  'gemma2-9b-it',
  'deepseek-r1-distill-llama-70b',
];

/** The stand-in for a model that exists only because a script or a fault name says so. */
export const scriptedModel = (id: string): LabModel => chat(id, 'keyturn lab', false);

const createdSeconds = 1_754_407_957;

/** A model as `GET /models` shows it. */
export const modelEntry = ({ id, ownedBy, contextWindow, maxCompletionTokens }: LabModel) => ({
  ...{ id, object: 'model', created: createdSeconds, owned_by: ownedBy, active: true },
  ...{ context_window: contextWindow, public_apps: null },
  max_completion_tokens: maxCompletionTokens,
});
