// Files that leave the app by the browser's downloads.

const KEPT_MS = 10000;

/** @param {Blob} content @param {string} name */
export function download(content, name) {
  const url = URL.createObjectURL(content);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
