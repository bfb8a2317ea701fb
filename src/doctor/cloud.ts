import type { Settings } from '../config/settings.ts';
import { type Finding, failure, fine, warning } from './finding.ts';

/** A clock that is further off than this turns keys at the wrong time. */
const MAX_SKEW_SECONDS = 60;

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
  const listings = await Promise.all(groq.apiKeys.map((key) => listingWith(key, groq.baseUrl)));
  const known = listings.find((each) => each.models)?.models;
  const clock = listings.find((each) => each.clock)?.clock;
  return [
    ...listings.map(({ finding }) => finding),
    ...(known ? [checkModels([models.main, ...models.fallbacks], known)] : []),
    ...(clock ? [clock] : []),
  ];
}

async function listingWith(key: string, baseUrl: string): Promise<Listing> {
  const about = `groq key …${key.slice(-4)}`;
  let answer: Response;
  try {
    answer = await fetch(`${baseUrl}/models`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    const { cause, message } = error as { cause?: { code?: string }; message: string };
    const found = `${new URL(baseUrl).host} can't be reached (${cause?.code ?? message})`;
    const mend =
      'Check the network, HTTPS_PROXY and GROQ_BASE_URL. Meanwhile the local model answers.';
    return { finding: failure(about, found, mend) };
  }
  const clock = clockFinding(answer.headers.get('date'));
  if (answer.status === 401 || answer.status === 403) {
    await answer.body?.cancel();
    const mend = 'Make a new key at https://console.groq.com/keys and set GROQ_API_KEY.';
    return { finding: failure(about, `Groq refuses it (${answer.status})`, mend), clock };
  }
  if (!answer.ok) {
    await answer.body?.cancel();
    return { finding: warning(about, `Groq answers ${answer.status}`, 'Try again later.'), clock };
  }
  const { data = [] } = (await answer.json()) as { data?: { id: string }[] };
  return { finding: fine(about, 'Groq accepts it'), models: data.map(({ id }) => id), clock };
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

function clockFinding(date: string | null): Finding {
  const skew = Math.round((Date.now() - Date.parse(date ?? '')) / 1000);
  if (Number.isNaN(skew)) return warning('clock', 'Groq sent no date', 'Check it by hand: date -u');
  if (Math.abs(skew) <= MAX_SKEW_SECONDS) return fine('clock', 'agrees with Groq');
  return failure(
    'clock',
    `${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} Groq`,
    'Keys turn by the clock. Switch time synchronisation on: timedatectl set-ntp true',
  );
}
