import { Dialog } from '../../shared/dialog.tsx';
import { closePanel, panel } from '../panels.ts';
import { SHORTCUTS } from '../shortcuts.ts';
import { ConversationPanel } from './conversation-panel.tsx';
import { ModelChoice } from './model-choice.tsx';
import { SettingsPanel } from './settings-panel.tsx';

/** The dialog that is open, if one is. */
export function Panels() {
  const open = panel.value;
  switch (open.kind) {
    case 'models':
      return <ModelChoice />;
    case 'settings':
      return <SettingsPanel />;
    case 'shortcuts':
      return <Shortcuts />;
    case 'conversation':
      return <ConversationPanel id={open.id} />;
    case 'none':
      return null;
  }
}

function Shortcuts() {
  return (
    <Dialog title="Keyboard shortcuts" onClose={closePanel}>
      <dl class="shortcuts">
        {SHORTCUTS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
