import { OF_AN_ANSWER } from '../headers.ts';
import type { Operation } from '../operation.ts';
import { BODY_ERRORS, CLOUD_ERRORS, LOCAL_ERRORS } from './chat.ts';

const recording = {
  access: 'client',
  tag: 'openai',
  parameters: ['requestId'],
  body: { schema: 'RecordingForm', isForm: true, example: { model: 'whisper-large-v3' } },
  answer: {
    says: 'The words, as `response_format` wants them',
    schema: 'Transcription',
    headers: OF_AN_ANSWER,
  },
  errors: ['body_too_large', 'unsupported_media_type', ...CLOUD_ERRORS, 'shutting_down'],
} as const satisfies Partial<Operation>;

/** What is neither a chat nor about the server. */
export const OTHER: readonly Operation[] = [
  {
    on: ['POST /v1/embeddings', 'POST /embeddings'],
    name: 'embeddings',
    tag: 'openai',
    summary: 'Vectors from the local model',
    about: 'The embedded `lifeboat` has none that mean anything, and says so.',
    access: 'client',
    parameters: ['requestId'],
    body: { schema: 'EmbeddingsRequest', example: { input: 'The harbour at night' } },
    answer: { says: 'The vectors', schema: 'Embeddings', headers: ['x-served-by'] },
    errors: [...BODY_ERRORS, ...LOCAL_ERRORS, 'shutting_down'],
  },
  {
    ...recording,
    on: ['POST /v1/audio/transcriptions', 'POST /audio/transcriptions'],
    name: 'transcription',
    summary: 'The words of a recording',
    about: 'Goes to Groq while it comes in; at most 25 MiB. Put `model` before `file`.',
  },
  {
    ...recording,
    on: ['POST /v1/audio/translations', 'POST /audio/translations'],
    name: 'translation',
    summary: 'The words of a recording, in English',
  },
  {
    on: ['POST /v1/audio/speech', 'POST /audio/speech'],
    name: 'speech',
    tag: 'openai',
    summary: 'A text, spoken',
    access: 'client',
    parameters: ['requestId'],
    body: {
      schema: 'SpeechRequest',
      example: { model: 'playai-tts', input: 'Hello', voice: 'Fritz-PlayAI' },
    },
    answer: { says: 'The sound', mediaType: 'audio/*', headers: OF_AN_ANSWER },
    errors: [...BODY_ERRORS, ...CLOUD_ERRORS, 'shutting_down'],
  },
  {
    on: ['GET /v1/models', 'GET /models'],
    name: 'models',
    tag: 'openai',
    summary: "Groq's models, aliases, the local model",
    access: 'client',
    answer: { says: 'The list', schema: 'ModelList' },
  },
  {
    on: ['GET /v1/models/{id}', 'GET /models/{id}'],
    name: 'model',
    tag: 'openai',
    summary: 'One of them',
    access: 'client',
    parameters: ['modelId'],
    answer: { says: 'The model', schema: 'Model' },
    errors: ['model_not_found'],
  },
];
