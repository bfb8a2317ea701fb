import { Dialog, DialogFoot } from '../../shared/dialog.tsx';
import type { ChatSettings } from '../conversation/conversation.ts';
import { changeSettings, conversation } from '../conversation/desk.ts';
import { closePanel } from '../panels.ts';

/** System text, temperature and length of the conversation on the desk. */
export function SettingsPanel() {
  const { settings } = conversation.value;
  const set = (changed: Partial<ChatSettings>) => changeSettings({ ...settings, ...changed });
  const { system, temperature, maxTokens } = settings;
  return (
    <Dialog title="Settings of this conversation" onClose={closePanel}>
      <div class="settings">
        <label class="field">
          <span class="label">System prompt</span>
          <textarea
            class="input"
            rows={5}
            placeholder="You are a patient teacher. Answer in two sentences."
            value={system}
            onInput={(event) => set({ system: event.currentTarget.value })}
          />
          <span class="hint">Said to the model before everything else.</span>
        </label>
        <div class="field">
          <label class="label" for="temperature">
            Temperature: {temperature === undefined ? "the model's own" : temperature.toFixed(1)}
          </label>
          <div class="with-button">
            <input
              id="temperature"
              type="range"
              min={0}
              max={2}
              step={0.1}
              value={temperature ?? 1}
              onInput={(event) => set({ temperature: Number(event.currentTarget.value) })}
            />
            <button
              type="button"
              class="button"
              disabled={temperature === undefined}
              onClick={() => set({ temperature: undefined })}
            >
              Leave to the model
            </button>
          </div>
          <span class="hint">Low: sober and repeatable. High: varied.</span>
        </div>
        <label class="field">
          <span class="label">Longest answer, in tokens</span>
          <input
            class="input"
            type="number"
            min={1}
            step={1}
            placeholder="no limit of yours"
            value={maxTokens ?? ''}
            onInput={(event) => set({ maxTokens: positive(event.currentTarget.value) })}
          />
        </label>
      </div>
      <DialogFoot onClose={closePanel} />
    </Dialog>
  );
}

function positive(text: string): number | undefined {
  const value = Math.floor(Number(text));
  return value >= 1 ? value : undefined;
}
