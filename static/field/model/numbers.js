// How numbers are written.

/** 1.176 (Vietnamese) or 1,176. @param {number} value @param {string} locale */
export const numberWords = (value, locale) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, locale === "en" ? "," : ".");
