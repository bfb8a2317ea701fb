/** What is less isn't worth the microseconds. */
const LEAST_BYTES = 16 * 1024;

const { port1: nowhere, port2: closed } = new MessageChannel();
closed.close();
nowhere.unref();

/**
 * Frees the memory of bytes that nobody will look at again, long before the garbage collector would:
 * it counts what lies outside its heap, and marks the whole heap each time that it is a few megabytes
 * more. Nothing happens to bytes that share their memory with others.
 *
 * What is posted to a port whose other end is closed is dropped, and what was transferred with it is
 * gone (https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps).
 * `ArrayBuffer.prototype.transfer` says the same in one word, but not on Node 20.
 */
export function freeBytes({ buffer, length }: Buffer): void {
  if (length < LEAST_BYTES || buffer.byteLength !== length) return;
  if (buffer instanceof ArrayBuffer) nowhere.postMessage(undefined, [buffer]);
}
