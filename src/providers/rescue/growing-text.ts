/** Pieces that wait to be joined. */
const MANY = 32;

/**
 * A text that grows piece by piece. Every so many are joined: kept one by one, words take ten times the
 * memory of their text.
 */
export class GrowingText {
  length = 0;
  private joined = '';
  private pieces: string[] = [];

  get text(): string {
    this.join();
    return this.joined;
  }

  add(piece: string): void {
    this.length += piece.length;
    if (this.pieces.push(piece) >= MANY) this.join();
  }

  /** Keeps none of it any longer; its length stays. */
  drop(): void {
    this.pieces.length = 0;
    this.joined = '';
  }

  private join(): void {
    if (this.pieces.length > 0) this.joined += this.pieces.join('');
    this.pieces = [];
  }
}
