import { GgufV2Parser as WholeParser } from '../../../node_modules/node-llama-cpp/dist/gguf/parser/GgufV2Parser.js';
import { ARRAY, STRING, WIDTHS } from '../../../src/providers/local/gguf-types.ts';

/** Longer lists are the vocabulary's; shorter ones have a value for each layer. */
const SHORT = 1_024;

/**
 * The library's parser, but for the vocabulary: of that the library only asks how long it is. Making a
 * hundred thousand texts of it took a fifth of a cold start's CPU time, and megabytes.
 */
export class GgufV2Parser extends WholeParser {
  _readGgufValue(type, offset) {
    return type === ARRAY ? this.#list(offset) : super._readGgufValue(type, offset);
  }

  async #list(offset) {
    const reader = this._fileReader;
    const start = offset.offset;
    const items = await reader.readUint32(offset);
    const count = Number(await reader.readUint64(offset));
    const width = WIDTHS[items];
    if (count <= SHORT || (items !== STRING && width === undefined)) {
      offset.offset = start;
      return super._readGgufValue(ARRAY, offset);
    }
    if (items === STRING) await skipTexts(reader, offset, count);
    else offset.moveBy(count * width);
    const list = [];
    list.length = count;
    return list;
  }
}

async function skipTexts(reader, offset, count) {
  for (let left = count; left > 0; left -= 1) {
    const isMissing = reader.ensureHasByteRange(offset.offset, 8);
    if (isMissing) await isMissing;
    offset.moveBy(8 + Number(reader._buffer.readBigUInt64LE(offset.offset)));
  }
}
