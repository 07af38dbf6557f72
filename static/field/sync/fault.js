// A request that the server cannot take for what is in it: the next is smaller, until the entry at fault stands alone.

/** @typedef {import("./exchange.js").Trouble} Trouble @typedef {import("../store/index.js").Batch} Batch */

/** Whether an entry is at fault, not the request that carries it. @param {Trouble} trouble @param {Batch} batch */
function isEntrysFault({ status, field }, { entries }) {
  const named = /^mutations\[(\d+)\]\.id$/.exec(field);
  return status === 413 || (status === 400 && named !== null && Number(named[1]) < entries.length);
}

/**
 * What no smaller request can carry is set aside; the queue goes on. Throws the trouble where no entry is at fault.
 * @param {import("../store/index.js").Store} store @param {import("./sizes.js").Sizes} sizes @param {Batch} batch @param {Trouble} trouble
 */
export async function shrink(store, sizes, batch, trouble) {
  const { entries } = batch;
  if (!entries.length || !isEntrysFault(trouble, batch)) throw trouble;
  if (entries.length > 1) sizes.halve(entries.length);
  else await store.sync.setAside(batch, entries[0], { code: trouble.status === 413 ? "too_large" : trouble.code });
}
