import { callWithKey } from '../shared/key.ts';
import { saveFile } from '../shared/save-file.ts';
import type { Request } from './report.ts';

/**
 * Saves the server's own table of these requests. The server writes it, so that one rule makes texts
 * harmless for spreadsheets; the id stands last in each line.
 *
 * @throws CallError
 */
export async function saveCsv(requests: readonly Request[]): Promise<void> {
  const text = await (await callWithKey('/api/usage.csv')).text();
  const ids = new Set(requests.map(({ id }) => id));
  const [head, ...lines] = text.trimEnd().split('\r\n');
  const chosen = lines.filter((line) => ids.has(line.slice(line.lastIndexOf(',') + 1)));
  saveFile('requests.csv', `${[head, ...chosen].join('\r\n')}\r\n`, 'text/csv');
}
