/** The file can't be loaded, and why; said without naming the file. */
export class BadGguf extends Error {
  override readonly name = 'BadGguf';
}
