import { useEffect } from 'preact/hooks';
import { Dialog, DialogFoot } from '../../shared/dialog.tsx';
import { compact } from '../../shared/format.ts';
import { price } from '../../shared/numbers.ts';
import { changeSettings, conversation } from '../conversation/desk.ts';
import { type ModelView, models, quotasOf, refreshModels, type WindowName } from '../models.ts';
import { closePanel } from '../panels.ts';

/** A model's state in words. */
export const HEALTH = {
  ok: 'ready',
  failing: 'failing',
  out_of_quota: 'out of quota',
  unavailable: 'not available',
} as const;

const WINDOWS: readonly [WindowName, string][] = [
  ['rpm', 'requests a minute'],
  ['rpd', 'requests a day'],
  ['tpm', 'tokens a minute'],
  ['tpd', 'tokens a day'],
];

/** The live list, with limits and state. */
export function ModelChoice() {
  useEffect(() => void refreshModels(), []);
  const { settings } = conversation.value;
  const all = (models.value ?? []).filter(({ alias_of }) => !alias_of);
  const choose = (model: string) => changeSettings({ ...settings, model });
  return (
    <Dialog title="Model" onClose={closePanel}>
      <fieldset class="models">
        <legend class="hidden-visually">Model</legend>
        <Choice
          id=""
          isChosen={settings.model === ''}
          onChoose={choose}
          name="Automatic"
          about="The server's own choice, and whoever can answer when that one can't."
        />
        {all.map((model) => (
          <Choice
            key={model.id}
            id={model.id}
            isChosen={settings.model === model.id || model.aliases.includes(settings.model)}
            onChoose={choose}
            name={model.id}
            about={aboutOf(model)}
            health={model.health}
          />
        ))}
      </fieldset>
      {models.value === undefined && <p class="muted">The list has not come yet.</p>}
      <DialogFoot onClose={closePanel} />
    </Dialog>
  );
}

type ChoiceProps = {
  readonly id: string;
  readonly isChosen: boolean;
  readonly onChoose: (id: string) => void;
  readonly name: string;
  readonly about: string;
  readonly health?: ModelView['health'];
};

function Choice({ id, isChosen, onChoose, name, about, health }: ChoiceProps) {
  return (
    <label class={`model ${isChosen ? 'chosen' : ''}`}>
      <input
        type="radio"
        name="model"
        value={id}
        checked={isChosen}
        onChange={() => onChoose(id)}
      />
      <span class="name">{name}</span>
      {health && <span class={`chip ${health === 'ok' ? 'good' : 'warn'}`}>{HEALTH[health]}</span>}
      <span class="about">{about}</span>
    </label>
  );
}

function aboutOf(model: ModelView): string {
  const { limits, price: cost, context_window, aliases } = model;
  const quotas = quotasOf(model.id);
  const windows = WINDOWS.flatMap(([window, words]) => {
    const limit = limits[window];
    if (limit === null) return [];
    const left = quotas.find((quota) => quota.window === window)?.remaining;
    return [`${left === undefined ? '' : `${compact(left)} of `}${compact(limit)} ${words}`];
  });
  return [
    context_window ? `${compact(context_window)} tokens of context` : '',
    ...windows,
    cost ? `${price(cost.input)} in, ${price(cost.output)} out a million tokens` : '',
    aliases.length > 0 ? `also called ${aliases.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
