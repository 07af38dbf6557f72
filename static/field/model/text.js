// What a person typed, as the protocol takes it.

/** NFC, without control characters other than the line break and without lone surrogates, trimmed. @param {string} text */
export const cleanText = (text) => text
  .normalize("NFC")
  .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, " ")
  .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(^|[^\ud800-\udbff])[\udc00-\udfff]/g, "$1")
  .trim();

/** Length in characters, as the server counts. @param {string} text */
export const lengthOf = (text) => [...text].length;
