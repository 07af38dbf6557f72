// UUID version 7 (RFC 9562), in order even within one millisecond.

let lastMs = 0;
let counter = 0;

/** @param {number} value @param {number} digits */
const hex = (value, digits) => value.toString(16).padStart(digits, "0");

/** Where the ids of a moment begin. @param {number} time milliseconds */
export function leastId(time) {
  const digits = hex(time, 12);
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

/**
 * A fresh id. The 12 bits after the version are a counter that starts low at random and grows within one
 * millisecond; a clock that stands still or jumps back goes on from the last moment.
 * @param {number} [now] milliseconds
 */
export function uuid7(now = Date.now()) {
  const random = crypto.getRandomValues(new Uint8Array(10));
  if (now > lastMs) {
    lastMs = now;
    counter = ((random[0] << 8) | random[1]) & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  const tail = [...random.subarray(2)].map((byte) => hex(byte, 2)).join("");
  const variant = hex((random[2] & 0x3f) | 0x80, 2) + tail.slice(2, 4);
  return `${leastId(lastMs)}-7${hex(counter, 3)}-${variant}-${tail.slice(4)}`;
}
