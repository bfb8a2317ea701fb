import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';

type Props = {
  readonly title: string;
  /** Escape, the cross, or a click beside it. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
};

/** A question or a panel above the page. The browser keeps the focus inside, and returns it. */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const { current } = dialog;
    const before = document.activeElement;
    current?.showModal();
    return () => {
      current?.close();
      // The browser gives the focus back only from a dialog that is still there.
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself.
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={titleId}
      onCancel={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {children}
    </dialog>
  );
}

/** The way out of a panel whose changes count at once. */
export function DialogFoot({ onClose }: Pick<Props, 'onClose'>) {
  return (
    <div class="dialog-foot">
      <button type="button" class="button primary" onClick={onClose}>
        Done
      </button>
    </div>
  );
}
