import { generate } from 'lean-qr';

/** Light modules around the code, without which no camera finds it. */
const QUIET = 4;

/** A text as a picture for a phone's camera, black on white whatever the page's colours are. */
export function QrCode({ text }: { readonly text: string }) {
  const code = generate(text);
  const size = code.size + 2 * QUIET;
  const modules: string[] = [];
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      if (code.get(x, y)) modules.push(`M${x + QUIET} ${y + QUIET}h1v1h-1z`);
    }
  }
  return (
    <svg
      class="qr-code"
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label="QR code of the key"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={modules.join('')} fill="#000" />
    </svg>
  );
}
