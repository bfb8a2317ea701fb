import type { Socket } from 'node:net';
import type { Attempt } from './attempts.ts';
import { faults } from './faults/catalogue.ts';
import type { HttpRequest } from './http-request.ts';
import { arrayAt, isObject, type JsonObject, numberAt, parseJson, stringAt } from './json.ts';
import type { Lab } from './lab-contract.ts';
import { sendJson } from './staging.ts';
import { BadStep, type StepInput } from './step.ts';
import { CallerGone, createWire } from './wire.ts';

type Controls = Omit<Lab, 'url'>;
type Answer = { readonly status: number; readonly body: unknown };

const ok = (body: unknown): Answer => ({ status: 200, body });

/** An attempt as JSON: the raw body in base64. */
const shown = ({ rawBody, ...attempt }: Readonly<Attempt>) => ({
  ...attempt,
  rawBodyBase64: rawBody.toString('base64'),
});

function showAttempts({ attempts }: Controls, query: URLSearchParams): Answer {
  const model = query.get('model');
  const after = Number(query.get('after') ?? 0);
  const chosen = attempts.filter(
    (attempt) => attempt.id > after && (model === null || attempt.model === model),
  );
  return ok({ attempts: chosen.map(shown) });
}

function takeScript(lab: Controls, body: JsonObject): Answer {
  const model = stringAt(body, 'model');
  if (model === undefined) throw new BadStep('a script needs the name of a model, or *');
  const afterwards = body.afterwards === 'healthy' ? 'healthy' : 'repeat';
  // Every step is read and checked by the script itself, which throws BadStep.
  lab.script(model, arrayAt(body, 'steps') as readonly StepInput[], { afterwards });
  return ok({ model, steps: arrayAt(body, 'steps'), afterwards });
}

const list = faults.map(({ name, number, sentence, defaults }) => ({
  ...{ name, number, sentence, parameters: defaults },
}));

/** Time for the answer to this very request to leave. */
const unplugDelayMs = 20;

type Command = (
  lab: Controls,
  body: JsonObject,
  query: URLSearchParams,
) => Answer | Promise<Answer>;

const commands: Readonly<Record<string, Command>> = {
  'GET /__lab/faults': () => ok({ faults: list }),
  'GET /__lab/attempts': (lab, _body, query) => showAttempts(lab, query),
  'GET /__lab/state': (lab) =>
    ok({ openSockets: lab.openSockets(), attempts: lab.attempts.length }),
  'POST /__lab/expected': (lab, body) => {
    const prompt = stringAt(body, 'prompt');
    return ok({ text: lab.expected(prompt ?? arrayAt(body, 'messages')) });
  },
  'POST /__lab/script': takeScript,
  'POST /__lab/revoke': (lab, body) => {
    lab.revoke(stringAt(body, 'key') ?? '');
    return ok({});
  },
  'POST /__lab/unplug': (lab, body) => {
    const ms = numberAt(body, 'ms') ?? 1000;
    setTimeout(() => void lab.unplug(), unplugDelayMs);
    setTimeout(() => void lab.plug(), unplugDelayMs + ms);
    return ok({ ms });
  },
  'POST /__lab/reset': (lab) => {
    lab.reset();
    return ok({});
  },
};

async function run(lab: Controls, request: HttpRequest): Promise<Answer> {
  const command = commands[`${request.method} ${request.path}`];
  if (!command) return { status: 404, body: { error: { message: 'no such control' } } };
  const body = parseJson(request.body.toString('utf8'));
  try {
    return await command(lab, isObject(body) ? body : {}, request.query);
  } catch (error) {
    if (!(error instanceof BadStep)) throw error;
    return { status: 400, body: { error: { message: error.message } } };
  }
}

const silent = { sent() {}, status() {}, closing() {} };

/** True for the paths by which another process drives the lab. */
export const isControl = ({ path }: HttpRequest): boolean => path.startsWith('/__lab/');

/** Answers one control request and closes the connection; nothing of it is logged. */
export async function answerControl(
  lab: Controls,
  request: HttpRequest,
  socket: Socket,
  gone: AbortSignal,
): Promise<void> {
  const wire = createWire(socket, gone, silent);
  const { status, body } = await run(lab, request);
  try {
    await sendJson(wire, status, body, { connection: 'close' });
    wire.close();
  } catch (error) {
    if (!(error instanceof CallerGone)) throw error;
  }
}
