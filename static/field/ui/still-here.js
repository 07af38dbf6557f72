// Whoever has gone on while something was being written is told that it is done, and not called back.

/** Answers, whenever it is asked, whether the person is where they are now. @returns {() => boolean} */
export function staying() {
  const { hash } = location;
  return () => location.hash === hash;
}
