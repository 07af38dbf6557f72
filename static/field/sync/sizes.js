// How large the next request is: halved by trouble, doubled by success.

const BUSY_IN_A_ROW = 3;
const LEAST_PAGE = 100;

/** @typedef {ReturnType<typeof makeSizes>} Sizes */

/** @param {{batch: number, page: number}} most */
export function makeSizes(most) {
  const size = { ...most };
  let busy = 0;

  /** @param {number} sent how many entries the request had */
  function halve(sent) {
    if (sent) size.batch = Math.max(1, Math.floor(Math.min(sent, size.batch) / 2));
  }

  /** @param {number} sent */
  function lighten(sent) {
    halve(sent);
    size.page = Math.max(LEAST_PAGE, Math.floor(size.page / 2));
  }

  return {
    size,
    halve,
    /** Took too long. @param {number} sent */
    late: lighten,
    /** Too busy once is waited for; time after time, something smaller may pass. @param {number} sent */
    refused(sent) {
      busy += 1;
      if (busy >= BUSY_IN_A_ROW) lighten(sent);
    },
    grow() {
      busy = 0;
      size.batch = Math.min(most.batch, size.batch * 2);
      size.page = Math.min(most.page, size.page * 2);
    },
  };
}
