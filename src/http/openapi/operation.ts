import type { ErrorCode } from '../../core/errors.ts';
import type { AnswerName } from './answers.ts';
import type { HeaderName } from './headers.ts';
import type { RequestName } from './requests.ts';

/** One route of the API as its description shows it. */
export type Operation = {
  /** `POST /chat`. What follows the first says and does the same. */
  readonly on: readonly [string, ...string[]];
  /** Unique, for programs that make clients of the description. */
  readonly name: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly about?: string;
  /** Who may ask. */
  readonly access: Access;
  readonly parameters?: readonly ParameterName[];
  readonly body?: {
    readonly schema: RequestName;
    readonly isForm?: true;
    readonly example: object;
  };
  readonly answer: Answer;
  /** Answers with another status than 200 that are no errors in OpenAI's shape. */
  readonly otherwise?: Readonly<Record<number, Answer>>;
  /** Ways in which it fails, beside those that everybody meets who is refused access. */
  readonly errors?: readonly ErrorCode[];
};

export type Answer = {
  readonly says: string;
  readonly schema?: AnswerName;
  /** The schema of each event's data, where `"stream": true` asks for events. */
  readonly events?: AnswerName;
  /** Another media type than JSON. */
  readonly mediaType?: string;
  readonly headers?: readonly HeaderName[];
};

export const TAGS = {
  chat: 'Questions, whole or streamed.',
  openai: "The rest of OpenAI's API, as far as Groq or the local model has it.",
  anthropic: "Anthropic's messages, on the same road.",
  reports: 'Who used what, and what is left.',
  admin: 'The key of the week.',
  monitoring: 'For monitors, and for programs that read this description.',
  pages: 'For people with a browser.',
} as const;

export type Tag = keyof typeof TAGS;

export const SECURITY = {
  all: [],
  client: [{ clientKey: [] }, { bearer: [] }],
  admin: [{ adminSecret: [] }],
  metrics: [{}, { metricsToken: [] }],
} as const;

export type Access = keyof typeof SECURITY;

export const SECURITY_SCHEMES = {
  clientKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
    description: 'The key of the week. Its admin passes it on.',
  },
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'The same key, as OpenAI clients send it.',
  },
  adminSecret: {
    type: 'apiKey',
    in: 'header',
    name: 'admin-secret',
    description: "The server's `ADMIN_SECRET`.",
  },
  metricsToken: {
    type: 'http',
    scheme: 'bearer',
    description: "The server's `METRICS_TOKEN`, where one is set.",
  },
} as const;

export const PARAMETERS = {
  fallback: {
    name: 'x-fallback',
    in: 'header',
    description:
      '`on`: whoever can answers. `off`: the asked model only. `local-off`: the cloud only. `text-only`: no fallback for tools, JSON output or images.',
    schema: { type: 'string', enum: ['on', 'off', 'local-off', 'text-only'], default: 'on' },
  },
  noStore: {
    name: 'cache-control',
    in: 'header',
    description: '`no-store`: no kept answer, and this one is not kept.',
    schema: { type: 'string' },
  },
  requestId: {
    name: 'x-request-id',
    in: 'header',
    description:
      'A name for the request, up to 100 letters, digits and `._:-`; made up where it is missing.',
    schema: { type: 'string', pattern: '^[\\w.:-]{1,100}$' },
  },
  recent: {
    name: 'recent',
    in: 'query',
    description: 'How many of the recent requests to show; all 1,000 where it is missing.',
    schema: { type: 'integer', minimum: 0, maximum: 9999 },
  },
  modelId: {
    name: 'id',
    in: 'path',
    required: true,
    description: "A model's id; its slashes may be raw or `%2F`.",
    schema: { type: 'string' },
    example: 'local/lifeboat',
  },
  assetName: {
    name: 'name',
    in: 'path',
    required: true,
    description: "A file's name, as a page has it.",
    schema: { type: 'string' },
  },
} as const;

export type ParameterName = keyof typeof PARAMETERS;
