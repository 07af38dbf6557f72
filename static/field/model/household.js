// A household: from the form to the args of the protocol, and how a phone number is written.

import { changedFields } from "./changes.js";
import { consent, namedWord } from "./consent.js";
import { t } from "./i18n.js";
import { NO_NAME } from "./private.js";
import { cleanText, lengthOf } from "./text.js";

/**
 * What a household form holds; empty text is "not given".
 * @typedef {object} HouseholdValues
 * @property {string} id
 * @property {string} village_id
 * @property {string} head_name
 * @property {string} hamlet
 * @property {string} phone
 * @property {boolean} mayCall they agreed to be called
 * @property {import("./consent.js").Word} [named] whether they agreed to be named
 * @property {number | null} people
 * @property {number | null} adults
 * @property {Record<string, boolean | number | null>} indicators
 * @property {string} note
 */

/** Digits of a Vietnamese number in national form (0912345678), or null when it is none. @param {string} text */
export function nationalPhone(text) {
  const digits = text.replace(/[\s.\-()]/g, "").replace(/^(\+84|0084|84(?=\d{9}$))/, "0");
  return /^0\d{8,10}$/.test(digits) ? digits : null;
}

/** 0912 345 678, whatever form it came in. @param {string} phone */
export function phoneWords(phone) {
  const digits = nationalPhone(phone) || phone;
  return /^0\d{9}$/.test(digits) ? digits.replace(/^(\d{4})(\d{3})(\d{3})$/, "$1 $2 $3") : digits.replace(/^(\d{4})(\d{3})(\d+)$/, "$1 $2 $3");
}

/**
 * What is wrong, by field, in words; empty when all is well.
 * @param {HouseholdValues} values
 * @returns {Record<string, string>}
 */
export function checkHousehold(values) {
  /** @type {Record<string, string>} */
  const errors = {};
  if (values.named === "no") return errors;
  const name = lengthOf(cleanText(values.head_name || ""));
  if (name < 1) errors.head_name = t("Please enter the name of the head of the household.");
  if (name > 120) errors.head_name = t("At most 120 characters.");
  if (values.phone && !nationalPhone(values.phone)) errors.phone = t("This phone number is not complete. Example: 0912 345 678.");
  else if (values.phone && !values.mayCall) errors.mayCall = t("A phone number is kept only when the household agrees to be contacted.");
  const counts = /** @type {const} */ (["people", "adults"]);
  for (const field of counts) {
    const value = values[field];
    if (value != null && (!Number.isInteger(value) || value < (field === "people" ? 1 : 0) || value > 50)) errors[field] = t("Please enter a number up to 50.");
  }
  if (!errors.adults && values.people != null && values.adults != null && values.adults > values.people) errors.adults = t("More adults than people in the household.");
  for (const [code, value] of Object.entries(values.indicators || {})) {
    if (typeof value === "number" && (value < 0 || value > 50)) errors[`indicators.${code}`] = t("Please enter a number up to 50.");
  }
  if (lengthOf(values.note || "") > 500) errors.note = t("At most 500 characters.");
  return errors;
}

/**
 * The fields of the household as the protocol takes them; what is empty is null. Of one that refuses to be named, its word.
 * @param {HouseholdValues} values
 * @param {number} [now]
 */
export function householdArgs(values, now = Date.now()) {
  const { id, village_id, named } = values;
  if (named === "no") return { id, village_id, head_name: NO_NAME, consents: { named: consent(false, now) } };
  const phone = values.phone ? nationalPhone(values.phone) : null;
  const consents = { ...(phone ? { contact: consent(true, now) } : {}), ...(named ? { named: consent(true, now) } : {}) };
  return {
    id,
    village_id,
    head_name: cleanText(values.head_name).replace(/\s+/g, " "),
    hamlet: cleanText(values.hamlet || "") || null,
    phone,
    people: values.people ?? null,
    adults: values.adults ?? null,
    indicators: values.indicators || {},
    note: cleanText(values.note || "") || null,
    ...(Object.keys(consents).length ? { consents } : {}),
  };
}

/**
 * The form for a household that is known.
 * @param {Record<string, any>} household
 * @returns {HouseholdValues}
 */
export function householdValues(household) {
  const { id, village_id, head_name, hamlet, phone, people = null, adults = null, note, indicators } = household;
  return {
    id, village_id, people, adults,
    head_name: head_name || "",
    hamlet: hamlet || "",
    phone: phone ? phoneWords(phone) : "",
    mayCall: Boolean(phone && household.consents?.contact?.given),
    named: namedWord(household.consents),
    note: note || "",
    indicators: { ...indicators },
  };
}

/** @param {Record<string, any>} before @param {Record<string, any>} after */
function changedIndicators(before, after) {
  return Object.fromEntries(Object.entries(after).filter(([code, value]) => (before[code] ?? null) !== value));
}

/**
 * The fields of `household.update`: only what differs from the household as it was.
 * @param {Record<string, any>} household
 * @param {HouseholdValues} values
 * @returns {Record<string, any>}
 */
export function changedHousehold(household, values) {
  if (values.named === "no") return { consents: householdArgs(values).consents };
  const before = { ...household, phone: household.phone ? nationalPhone(household.phone) || household.phone : null };
  const { indicators, consents = {}, ...after } = /** @type {Record<string, any>} */ (householdArgs(values));
  const fields = changedFields(before, after);
  const asked = changedIndicators(household.indicators || {}, indicators);
  if (Object.keys(asked).length) fields.indicators = asked;
  const isNew = (/** @type {string} */ purpose) => !household.consents?.[purpose]?.given || (purpose === "contact" && fields.phone);
  const said = Object.entries(consents).filter(([purpose]) => isNew(purpose));
  if (said.length) fields.consents = Object.fromEntries(said);
  return fields;
}
