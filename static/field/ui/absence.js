// A phone that was put away locks itself.

/** In the background for this long. */
const AWAY_MS = 600000;

/** @param {() => void} lock */
export function watchAbsence(lock) {
  let leftAt = document.hidden ? Date.now() : 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) {
      leftAt = Date.now();
      timer = setTimeout(lock, AWAY_MS);
      // A page in the background may be frozen: on coming back it looks at the clock as well.
    } else if (leftAt && Date.now() - leftAt >= AWAY_MS) lock();
  });
}
