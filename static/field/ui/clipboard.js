// Copying, in browsers inside other apps too, which often lack the clipboard or forbid it.

/** Copies what stands in a field. @param {HTMLInputElement | HTMLTextAreaElement} field @returns {Promise<boolean>} whether it was copied */
export async function copyFrom(field) {
  field.select();
  return await navigator.clipboard?.writeText(field.value).then(() => true, () => false) || document.execCommand("copy");
}
