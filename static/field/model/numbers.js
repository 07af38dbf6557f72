// Phone numbers within what somebody wrote, so that a tap can call them.

import { nationalPhone } from "./household.js";

/** A mobile number or a fixed one with its code, in any way people part the digits; a date is parted after two. */
const NUMBERS = /(?:\+84 ?\d{2}|\(?0\d{2})\d?(?:[ .\-)]{0,2}\d){6,8}(?!\d)/g;

/** @param {string} text */
const isCalled = (text) => /^0(?:[35789]\d{8}|2\d{9})$/.test(text);

/** A text in parts: plain ones, and numbers as they are written with what is dialled. @param {string} text @returns {{words: string, number?: string}[]} */
export function withNumbers(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(NUMBERS)) {
    const number = nationalPhone(found[0]);
    if (!number || !isCalled(number)) continue;
    if (found.index > from) parts.push({ words: text.slice(from, found.index) });
    parts.push({ words: found[0], number });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ words: text.slice(from) });
  return parts;
}
