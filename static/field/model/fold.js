// Text as search sees it; the server folds the same way (shared vectors: tests/vectors/fold.json).

/** Without case, marks and double spaces; đ as d. @param {string} text */
export function fold(text) {
  return text
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/ς/g, "σ")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/đ/g, "d")
    .trim()
    .split(/\s+/)
    .join(" ");
}
