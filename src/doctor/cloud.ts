import { z } from 'zod';
import type { Settings } from '../config/settings.ts';
import type { ModelsAnswer } from '../providers/groq/ask-models.ts';
import { type Finding, failure, fine, warning } from './finding.ts';

/** A clock that is further off than this turns keys at the wrong time. */
const MAX_SKEW_SECONDS = 60;

const TIMEOUT_MS = 10_000;

type Listing = {
  readonly finding: Finding;
  readonly models?: readonly string[];
  readonly clock?: Finding;
};

/** Groq's keys work, the models that are set exist there, and both clocks agree. */
export async function checkCloud({ groq, models }: Settings): Promise<Finding[]> {
  if (groq.apiKeys.length === 0) {
    return [
      warning(
        'groq key',
        'none: the local model answers everything',
        'Get one at https://console.groq.com/keys and set GROQ_API_KEY.',
      ),
    ];
  }
  const listings = await listingsOf(groq);
  const known = listings.find((each) => each.models)?.models;
  const clock = listings.find((each) => each.clock)?.clock;
  return [
    ...listings.map(({ finding }) => finding),
    ...(known ? [checkModels([models.main, ...models.fallbacks], known)] : []),
    ...(clock ? [clock] : []),
  ];
}

/** By the road that answers come from, through the proxy where one is set. */
async function listingsOf(groq: Settings['groq']): Promise<Listing[]> {
  // undici takes its time to load: only who has a cloud to look at pays for it.
  const { groqDispatcher } = await import('../providers/groq/dispatcher.ts');
  const { askModels } = await import('../providers/groq/ask-models.ts');
  const dispatcher = await groqDispatcher(groq);
  const ask = (apiKey: string) =>
    askModels({ ...groq, apiKey, dispatcher }, AbortSignal.timeout(TIMEOUT_MS));
  try {
    return await Promise.all(groq.apiKeys.map((key) => listingWith(key, groq.baseUrl, ask)));
  } finally {
    await dispatcher.close();
  }
}

async function listingWith(
  key: string,
  baseUrl: string,
  ask: (key: string) => Promise<ModelsAnswer>,
): Promise<Listing> {
  const about = `groq key …${key.slice(-4)}`;
  let answer: ModelsAnswer;
  try {
    answer = await ask(key);
  } catch (error) {
    const found = `${new URL(baseUrl).host} can't be reached (${reasonOf(error)})`;
    const mend =
      'Check the network, HTTPS_PROXY and GROQ_BASE_URL. Meanwhile the local model answers.';
    return { finding: failure(about, found, mend) };
  }
  const { status, headers, text } = answer;
  const clock = clockFinding(headers['date']);
  if (status === 401 || status === 403) {
    const mend = 'Make a new key at https://console.groq.com/keys and set GROQ_API_KEY.';
    return { finding: failure(about, `Groq refuses it (${status})`, mend), clock };
  }
  if (status !== 200) {
    return { finding: warning(about, `Groq answers ${status}`, 'Try again later.'), clock };
  }
  const models = idsIn(text);
  if (models) return { finding: fine(about, 'Groq accepts it'), models, clock };
  const found = `${new URL(baseUrl).host} answers with something that is no list of models`;
  return { finding: failure(about, found, 'Check GROQ_BASE_URL.') };
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message: string };
  return typeof code === 'string' ? code : message;
}

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) });

function idsIn(text: string): string[] | undefined {
  try {
    return modelList.parse(JSON.parse(text)).data.map(({ id }) => id);
  } catch {
    return undefined;
  }
}

function checkModels(wanted: readonly string[], known: readonly string[]): Finding {
  const missing = wanted.filter((model) => !known.includes(model));
  if (missing.length === 0) return fine('models', wanted.join(', '));
  return failure(
    'models',
    `Groq doesn't list ${missing.join(', ')}`,
    `Set GROQ_MODEL and GROQ_FALLBACK_MODELS to models of this list: ${known.slice(0, 12).join(', ')}`,
  );
}

function clockFinding(date: string | undefined): Finding {
  const skew = Math.round((Date.now() - Date.parse(date ?? '')) / 1000);
  if (Number.isNaN(skew)) return warning('clock', 'Groq sent no date', 'Check it by hand: date -u');
  if (Math.abs(skew) <= MAX_SKEW_SECONDS) return fine('clock', 'agrees with Groq');
  return failure(
    'clock',
    `${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} Groq`,
    'Keys turn by the clock. Switch time synchronisation on: timedatectl set-ntp true',
  );
}
