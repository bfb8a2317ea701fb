/** The browser reads a file after the click that saves it; a slow one takes its time. */
const READ_WITHIN_MS = 60_000;

/** Gives the reader a text as a file. */
export function saveFile(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), READ_WITHIN_MS);
}
