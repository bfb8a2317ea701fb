import { answerText, defaultAnswer } from './answer-text.ts';
import { createAttemptLog } from './attempts.ts';
import { answerControl, isControl } from './control.ts';
import { checkedParameters } from './faults/catalogue.ts';
import { stepsOfName } from './faults/fault-names.ts';
import { serveConnection } from './http-connection.ts';
import type { Lab, LabOptions } from './lab-contract.ts';
import { createLimiter, generous } from './limits.ts';
import { createListener } from './listener.ts';
import { groqModels } from './models.ts';
import { nowMs } from './now.ts';
import { createGroqRouter } from './router.ts';
import { createScripts } from './script.ts';

/** Nothing listens on port 2, and fetch does not forbid it; `.invalid` never resolves (RFC 2606). */
const unreachableUrls = (host: string, port: number) => ({
  dns: 'http://keyturn-lab.invalid/openai/v1',
  refused: 'http://127.0.0.1:2/openai/v1',
  tls: `https://${host}:${port}/openai/v1`,
});

/** Starts a lab on a port of its own. */
export async function startLab({
  port = 0,
  host = '127.0.0.1',
  seed = defaultAnswer.seed,
  answerTokens = defaultAnswer.tokens,
  gapMs = 0,
  keys,
  models = groqModels,
  limits = {},
  modelLimits = {},
  maxAttempts = 50_000,
}: LabOptions = {}): Promise<Lab> {
  const revoked = new Set<string>();
  const log = createAttemptLog({ maxAttempts });
  const scripts = createScripts(checkedParameters, stepsOfName);
  const limiter = createLimiter(
    (model) => ({ ...generous, ...limits, ...modelLimits[model] }),
    nowMs,
  );
  const answer = { seed, tokens: answerTokens };
  const isValid = (key: string) => keys?.includes(key) ?? key.startsWith('gsk_');
  const answerGroq = createGroqRouter({
    stage: { models, limiter, scripts, answer, gapMs },
    log,
    accepts: (key) => key !== undefined && isValid(key) && !revoked.has(key),
    socketNumber: (socket) => listener.numberOf(socket),
  });
  const listener = createListener({ host }, (socket) =>
    serveConnection(socket, (request, from, gone) => {
      if (!isControl(request)) return answerGroq(request, from, gone);
      listener.hide(socket);
      return answerControl(lab, request, from, gone);
    }),
  );
  const boundPort = await listener.open(port);

  const lab: Lab = {
    url: `http://${host}:${boundPort}/openai/v1`,
    unreachable: unreachableUrls(host, boundPort),
    attempts: log.all,
    script: (model, steps, { afterwards = 'repeat' } = {}) => scripts.set(model, steps, afterwards),
    expected: (messages, options) => answerText(messages, { ...answer, ...options }),
    until: (condition, { timeoutMs = 5000 } = {}) => log.until(condition, timeoutMs),
    revoke: (key) => void revoked.add(key),
    openSockets: listener.visibleSockets,
    unplug: listener.stop,
    plug: async () => void (await listener.open(boundPort)),
    reset() {
      scripts.clear();
      log.clear();
      limiter.clear();
      revoked.clear();
    },
    close: listener.stop,
  };
  return lab;
}
