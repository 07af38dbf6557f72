// Text as search sees it; the server folds the same way (shared vectors: tests/vectors/fold.json).

/** @type {Map<string, string>} letters seen so far: few, and folding one is slow on a cheap phone */
const seen = new Map([["ß", "ss"], ["ς", "σ"]]);

/** @param {string} letter */
function foldLetter(letter) {
  const folded = letter.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace("đ", "d");
  seen.set(letter, folded);
  return folded;
}

/** Without case, marks and double spaces; đ as d. @param {string} text */
export function fold(text) {
  let folded = "";
  for (const letter of text) folded += seen.get(letter) ?? foldLetter(letter);
  return folded.trim().split(/\s+/).join(" ");
}
