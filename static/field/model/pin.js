// Which six digits are worth being a PIN.

export const PIN_LENGTH = 6;

const UP = "01234567890";
const DOWN = "09876543210";

/** What many people would try first: one digit, a run, the same two or three again. @param {string} pin */
export const isEasy = (pin) => UP.includes(pin) || DOWN.includes(pin) || /^(\d)\1{5}$|^(\d\d)\2\2$|^(\d{3})\3$|^(\d)\4(\d)\5(\d)\6$/.test(pin);
