import { type AnswerBend, countTokens } from './answer.ts';
import { performSpeech, performTranscription } from './audio.ts';
import { performChat } from './chat.ts';
import { checkChat } from './check-chat.ts';
import { arrayAt, isObject, type JsonObject, stringAt } from './json.ts';
import type { LabModel } from './models.ts';
import type { Performance } from './performed.ts';
import { badRequest, contextExceeded, type Refusal } from './refusal.ts';
import { performResponse } from './responses.ts';

/** A route that makes a model work. */
export interface Generation {
  /** What Groq refuses before the model is asked. */
  check(body: JsonObject, model: LabModel): Refusal | undefined;
  perform(body: JsonObject, model: LabModel, atMs: number, bend: AnswerBend): Performance;
}

const chat: Generation = {
  check(body, model) {
    const refusal = checkChat(body, model.maxCompletionTokens);
    if (refusal) return refusal;
    return countTokens(arrayAt(body, 'messages')) > model.contextWindow
      ? contextExceeded()
      : undefined;
  },
  perform: (body, { id, thinks }, atMs, bend) =>
    performChat({ body, model: id, thinks, atMs }, bend),
};

const responses: Generation = {
  check: (body) =>
    body.input === undefined ? badRequest("property 'input' is missing", 'input') : undefined,
  perform: (body, { id, thinks }, atMs, bend) =>
    performResponse({ body, model: id, thinks, atMs }, bend),
};

const transcription: Generation = {
  check: (body) =>
    isObject(body.file) || typeof body.url === 'string'
      ? undefined
      : badRequest('file or url must be provided'),
  perform: (body, _model, _atMs, bend) => performTranscription(body, bend),
};

const speech: Generation = {
  check: (body) =>
    stringAt(body, 'input') ? undefined : badRequest("property 'input' is missing", 'input'),
  perform: (body) => performSpeech(body),
};

/** The generating routes of Groq's API by path. */
export const generations: Readonly<Record<string, Generation>> = {
  '/chat/completions': chat,
  '/responses': responses,
  '/audio/transcriptions': transcription,
  '/audio/translations': transcription,
  '/audio/speech': speech,
};
