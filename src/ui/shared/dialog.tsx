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
  /** Words that are marked in it may end beyond its edge: only what also begins beside it closes it. */
  const hasBegunBeside = useRef(false);
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
      onPointerDown={(event) => {
        hasBegunBeside.current = isBeside(event);
      }}
      onClick={(event) => hasBegunBeside.current && isBeside(event) && onClose()}
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

/** Whether somebody points at what lies behind a dialog: the browser takes that for the dialog's own. */
function isBeside({ target, currentTarget, clientX, clientY }: MouseEvent): boolean {
  if (target !== currentTarget || !(target instanceof Element)) return false;
  const { left, right, top, bottom } = target.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
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
