/** Of all the calls to `soon` within a frame, one draws. */
export type PerFrame = { soon(): void; cancel(): void };

/** A page that nobody sees gets no frames. */
const HIDDEN_MS = 500;
/** Drawing takes at most this part of the time, so that a slow device still scrolls and types. */
const SHARE = 1 / 3;

/** Draws at most once a frame, and less often where drawing takes long. */
export function perFrame(draw: () => void): PerFrame {
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let restUntil = 0;

  const run = () => {
    frame = undefined;
    timer = undefined;
    const since = performance.now();
    draw();
    // Components draw in the microtasks behind this one; the next task comes after them.
    setTimeout(() => {
      const tookMs = performance.now() - since;
      restUntil = since + tookMs / SHARE;
    });
  };

  return {
    soon: () => {
      if (frame !== undefined || timer !== undefined) return;
      const restMs = restUntil - performance.now();
      if (document.hidden) timer = setTimeout(run, HIDDEN_MS);
      else if (restMs > 16) {
        timer = setTimeout(() => {
          timer = undefined;
          frame = requestAnimationFrame(run);
        }, restMs);
      } else frame = requestAnimationFrame(run);
    },
    cancel: () => {
      if (frame !== undefined) cancelAnimationFrame(frame);
      clearTimeout(timer);
    },
  };
}
