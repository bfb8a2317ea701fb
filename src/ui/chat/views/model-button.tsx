import { compact, duration } from '../../shared/format.ts';
import { Icon } from '../../shared/icons.tsx';
import { conversation } from '../conversation/desk.ts';
import { models, type Quota, quotasOf, shortName } from '../models.ts';
import { panel } from '../panels.ts';
import { HEALTH } from './model-choice.tsx';

const UNITS = { rpm: 'requests', rpd: 'requests', tpm: 'tokens', tpd: 'tokens' } as const;
const SPANS = { rpm: 'min', rpd: 'day', tpm: 'min', tpd: 'day' } as const;

/** The model in view, its state, and what is left of its tightest limit. */
export function ModelButton() {
  const { settings, turns } = conversation.value;
  const last = turns.findLast((turn) => turn.role === 'assistant');
  const name = settings.model || (last?.role === 'assistant' ? last.servedBy : '');
  const health = models.value?.find(({ id }) => id === settings.model)?.health;
  const quotas = quotasOf(name);
  const tightest = quotas.toSorted((one, other) => share(one) - share(other))[0];
  return (
    <button
      type="button"
      class="model-button"
      aria-haspopup="dialog"
      title={quotas.map(sentence).join('\n')}
      onClick={() => {
        panel.value = { kind: 'models' };
      }}
    >
      {health && health !== 'ok' && <Icon name="warning" />}
      <span class="hidden-visually">Model: </span>
      <span class="name">{settings.model ? shortName(settings.model) : 'Automatic'}</span>
      {health && health !== 'ok' && <span class="chip warn">{HEALTH[health]}</span>}
      {tightest && (
        <span class={`left numbers ${share(tightest) < 0.1 ? 'low' : ''}`}>
          {compact(tightest.remaining)} {UNITS[tightest.window]}/{SPANS[tightest.window]} left
        </span>
      )}
      <Icon name="down" />
    </button>
  );
}

const share = ({ remaining, limit }: Quota): number => (limit > 0 ? remaining / limit : 0);

function sentence({ window, remaining, limit, resetMs }: Quota): string {
  const left = `${compact(remaining)} of ${compact(limit)} ${UNITS[window]}/${SPANS[window]} left`;
  return remaining < limit ? `${left}, full again in ${duration(resetMs)}` : left;
}
