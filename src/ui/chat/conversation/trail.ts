import { shortName } from '../models.ts';
import type { Answer } from './conversation.ts';

/** What a cause in `x-fallback-trail` means, behind the name of the model. */
const CAUSES: Readonly<Record<string, string>> = {
  timeout: 'did not answer in time',
  connect: 'could not be reached',
  '429': 'was out of quota',
  limit: 'was out of quota',
  breaker_open: 'was known to be down',
  auth: "refused the operator's key",
  model_gone: 'is no longer served',
  context: 'has too little room for this conversation',
  garbage: 'answered nonsense',
  cut: 'broke off',
  stall: 'fell silent',
  inband: 'reported an error in mid-answer',
  prefill: 'would not go on from there',
};

/** Where a model failed: a sentence for each that was tried, also for the last one if it answered. */
export function trailSentences({ trail, seams }: Pick<Answer, 'trail' | 'seams'>): string[] {
  const tried = trail.split(', ').map((entry) => {
    const [, name = entry, cause] = /^(.+):([a-z_]+|\d{3})$/.exec(entry) ?? [];
    return { name: shortName(name), cause };
  });
  if (tried.every(({ cause }) => cause === undefined)) return [];
  return tried.map(({ name, cause }) => {
    if (cause === undefined) return `${name} ${seams.length > 0 ? 'went on' : 'answered'}`;
    return `${name} ${CAUSES[cause] ?? `failed (${cause})`}`;
  });
}

/** What to say at each seam. */
export function seamSentences({ seams }: Pick<Answer, 'seams'>): string[] {
  return seams.map(({ to }) => `Here ${shortName(to)} took over and went on.`);
}
