// The words of the interface: English ids in the code, the catalogue of the locale in force.

/** @typedef {{locale: string, messages: Record<string, string | string[]>}} Catalogue */
/** @typedef {Record<string, string | number>} Params */

/** @type {Catalogue} */
let catalogue = { locale: "en", messages: {} };

/** @param {Catalogue} loaded */
export function setCatalogue(loaded) {
  catalogue = loaded;
}

/** Further words of the language in force; those of another one come too late. @param {Catalogue} loaded */
export function addWords(loaded) {
  if (loaded.locale === catalogue.locale) Object.assign(catalogue.messages, loaded.messages);
}

/** The locale in force: vi or en. */
export const locale = () => catalogue.locale;

/** 1.176, or 1,176 in English. @param {number} value */
export const groupNumber = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, locale() === "en" ? "," : ".");

/** @param {string} text @param {Params} params */
const fill = (text, params) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));

/**
 * The text for an id, with `{name}` filled in. What the catalogue lacks is shown as the id.
 * @param {string} id
 * @param {Params} [params]
 */
export function t(id, params = {}) {
  const found = catalogue.messages[id];
  return fill((Array.isArray(found) ? found[0] : found) || id, params);
}

/**
 * The text for a number of things; `{n}` is the number as it is written here. Vietnamese has one form.
 * @param {string} one
 * @param {string} many
 * @param {number} n
 * @param {Params} [params]
 */
export function tn(one, many, n, params = {}) {
  const found = catalogue.messages[one];
  const forms = Array.isArray(found) ? found : [found || one, found || many];
  const form = forms[n === 1 ? 0 : forms.length - 1] || (n === 1 ? one : many);
  return fill(form, { n: groupNumber(n), ...params });
}
